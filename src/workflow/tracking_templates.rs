//! What admins say of where parcels are followed. Customers get these links, so that only they do, and the audit
//! knows each.

use jiff::Timestamp;
use sqlx::PgPool;

use crate::db;
use crate::domain::action::Blocked;
use crate::domain::action::ship::CARRIER_LENGTH;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::act::Change;
use crate::domain::operator::Operator;
use crate::domain::operator::Permission;
use crate::domain::order::AccountId;
use crate::domain::tracking_template;
use crate::domain::tracking_template::Problem;
use crate::workflow::audit;

/// Why a template was not taken.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The operator's role does not include it.
    #[error(transparent)]
    Blocked(#[from] Blocked),
    /// No carrier is named.
    #[error("no carrier")]
    NoCarrier,
    /// The name is longer than any that can be sent.
    #[error("the carrier's name is too long")]
    CarrierTooLong,
    /// It makes no good links.
    #[error(transparent)]
    Template(#[from] Problem),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for TemplateError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// What an admin says of a carrier, for one account, or for all that have nothing of their own.
#[derive(Debug, Clone, Copy)]
pub struct Said<'a> {
    /// The account.
    pub account: Option<&'a AccountId>,
    /// The carrier's name, trimmed.
    pub carrier: &'a str,
    /// The template, trimmed; none, if there shall be none.
    pub template: Option<&'a str>,
}

/// Judges what an admin says.
pub fn check(said: &Said<'_>) -> Result<(), TemplateError> {
    if said.carrier.is_empty() {
        return Err(TemplateError::NoCarrier);
    }
    if said.carrier.chars().count() > CARRIER_LENGTH {
        return Err(TemplateError::CarrierTooLong);
    }
    Ok(said.template.map_or(Ok(()), tracking_template::check)?)
}

/// Writes a carrier's template, or removes it. The next link that is filled in follows it.
pub async fn set(
    pool: &PgPool,
    said: Said<'_>,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), TemplateError> {
    let needed = Permission::Settings;
    if !operator.role.may(needed) {
        return Err(Blocked::Needs(needed).into());
    }
    check(&said)?;
    let Said { account, carrier, template } = said;
    let mut tx = pool.begin().await?;
    let before = db::tracking_templates::lock(&mut tx, account, carrier).await?;
    if before.as_deref() == template {
        return Ok(());
    }
    match template {
        Some(template) => {
            db::tracking_templates::set(&mut tx, account, carrier, template).await?;
        }
        None => db::tracking_templates::remove(&mut tx, account, carrier).await?,
    }
    let field = format!("tracking_template {carrier}");
    let change = Change { field, from: before, to: template.map(str::to_owned) };
    let entry = match account {
        Some(account) => {
            let act = Act::AccountChanged { changes: vec![change] };
            Entry::by(operator.id, act, now).in_account(account)
        }
        None => Entry::by(operator.id, Act::SettingsChanged { changes: vec![change] }, now),
    };
    audit::note(&mut tx, &entry).await?;
    tx.commit().await?;
    tracing::warn!(user = operator.id, carrier, "a carrier's tracking link was set");
    Ok(())
}
