//! What an admin knows of a channel's rules and no document says.

use jiff::Timestamp;
use sqlx::PgPool;

use crate::db;
use crate::db::reference::KnownChannel;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::act::Change;
use crate::domain::channel::Rule;
use crate::domain::channel::Rules;
use crate::domain::operator::Operator;
use crate::domain::order::AccountId;
use crate::workflow::accounts::AccountError;
use crate::workflow::accounts::check;
use crate::workflow::audit;

/// Sets what a channel allows, except gestures: those the marketplace is asked about. Forms and senders see it
/// at once.
pub async fn set_rules(
    pool: &PgPool,
    account: &AccountId,
    channel_id: &str,
    rules: Rules,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), AccountError> {
    check(operator)?;
    let mut tx = pool.begin().await?;
    db::accounts::lock(&mut tx, account).await?;
    let settings = db::accounts::settings(&mut *tx, Some(account)).await?;
    let setting = settings.into_iter().next().ok_or(AccountError::Unknown)?;
    if setting.in_file {
        return Err(AccountError::SetByFile);
    }
    let channels = db::reference::known(&mut *tx, account).await?;
    let known = channels.into_iter().find(|it| it.channel.id == channel_id);
    let known = known.ok_or(AccountError::Unknown)?;
    let changes = changes(&known, rules);
    if changes.is_empty() {
        return Ok(());
    }
    db::reference::set_by_hand(&mut tx, account, channel_id, rules).await?;
    let entry = Entry::by(operator.id, Act::AccountChanged { changes }, now);
    audit::note(&mut tx, &entry.in_account(account)).await?;
    tx.commit().await?;
    tracing::warn!(%account, user = operator.id, channel_id, "a channel's rules were set by hand");
    Ok(())
}

fn changes(known: &KnownChannel, rules: Rules) -> Vec<Change> {
    let KnownChannel { channel, set_by_hand } = known;
    let word = |yes: bool| Some(if yes { "yes" } else { "no" }.to_owned());
    let change = |field: &str, from: bool, to: bool| Change {
        field: format!("{} {field}", channel.id),
        from: word(from),
        to: word(to),
    };
    let origin = (!set_by_hand).then(|| change("set_by_hand", false, true));
    let others = Rule::ALL.into_iter().filter(|it| it.of(channel.rules) != it.of(rules));
    let others = others.map(|it| change(it.as_str(), it.of(channel.rules), it.of(rules)));
    origin.into_iter().chain(others).collect()
}
