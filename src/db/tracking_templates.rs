//! The table `tracking_templates`: where customers follow the parcels of each carrier.

use sqlx::PgConnection;

use crate::db::Result;
use crate::db::scope::SellerScope;
use crate::domain::order::AccountId;

/// A carrier's template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// The account that it is for; none, for all that have none of their own.
    pub account_id: Option<String>,
    /// The carrier's name.
    pub carrier: String,
    /// The link with its gap.
    pub template: String,
}

/// The templates of these accounts, and those of all, by carrier.
pub async fn list(conn: &mut PgConnection, scope: &SellerScope) -> Result<Vec<Template>> {
    Ok(sqlx::query_as!(
        Template,
        "SELECT account_id, carrier, template FROM tracking_templates
         WHERE account_id IS NULL OR account_id = ANY ($1)
         ORDER BY lower(carrier), account_id NULLS FIRST",
        scope.keys()
    )
    .fetch_all(conn)
    .await?)
}

/// The template of each carrier for one account: its own, else that of all. Carriers in small letters.
pub async fn of_account(
    conn: &mut PgConnection,
    account: &AccountId,
) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT ON (lower(carrier)) lower(carrier) AS "carrier!", template
           FROM tracking_templates
           WHERE account_id IS NULL OR account_id = $1
           ORDER BY lower(carrier), account_id NULLS LAST"#,
        account.0
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.carrier, row.template)).collect())
}

/// The carriers that the marketplace lists for these accounts, A to Z.
pub async fn carriers(conn: &mut PgConnection, scope: &SellerScope) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "SELECT label FROM carriers WHERE account_id = ANY ($1) GROUP BY label ORDER BY lower(label)",
        scope.keys()
    )
    .fetch_all(conn)
    .await?)
}

/// The template of a carrier, as that account, or all, have it. Locks it until the end of the transaction.
pub async fn lock(
    conn: &mut PgConnection,
    account: Option<&AccountId>,
    carrier: &str,
) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!(
        "SELECT template FROM tracking_templates
         WHERE account_id IS NOT DISTINCT FROM $1 AND lower(carrier) = lower($2)
         FOR UPDATE",
        account.map(|it| &it.0),
        carrier
    )
    .fetch_optional(conn)
    .await?)
}

/// Writes the template of a carrier.
pub async fn set(
    conn: &mut PgConnection,
    account: Option<&AccountId>,
    carrier: &str,
    template: &str,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO tracking_templates (account_id, carrier, template) VALUES ($1, $2, $3)
         ON CONFLICT (account_id, lower(carrier)) DO UPDATE SET carrier = $2, template = $3",
        account.map(|it| &it.0),
        carrier,
        template
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes the template of a carrier.
pub async fn remove(
    conn: &mut PgConnection,
    account: Option<&AccountId>,
    carrier: &str,
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM tracking_templates
         WHERE account_id IS NOT DISTINCT FROM $1 AND lower(carrier) = lower($2)",
        account.map(|it| &it.0),
        carrier
    )
    .execute(conn)
    .await?;
    Ok(())
}
