//! The links that nobody has to type: those that an admin gave the carrier a template for.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::db;
use crate::db::batches::corrections;
use crate::domain::import::cell;
use crate::domain::order::AccountId;
use crate::domain::tracking_template;

/// Fills in the links that were left empty, as the form of one order does.
pub async fn fill(conn: &mut PgConnection, accounts: &[String], batch_id: Uuid) -> db::Result<()> {
    for account in accounts {
        let account = AccountId(account.clone());
        let templates = db::tracking_templates::of_account(conn, &account).await?;
        if templates.is_empty() {
            continue;
        }
        let mut links = Vec::new();
        for row in corrections::unlinked(conn, &account, batch_id).await? {
            let carrier = row.carrier.to_lowercase();
            let template = templates.iter().find(|(it, _)| *it == carrier);
            let number = &row.parcel_number;
            if let Some((_, template)) = template.filter(|_| cell::mangling(number).is_none()) {
                links.push((row.position, tracking_template::fill(template, number)));
            }
        }
        corrections::link(conn, &account, batch_id, &links).await?;
    }
    Ok(())
}
