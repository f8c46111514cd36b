//! The tables `channels` and `carriers`: what the marketplace and the settings say once and for all.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::domain::channel::Channel;
use crate::domain::channel::Rules;
use crate::domain::order::AccountId;

/// Writes what the settings say of a channel.
pub async fn set_channel(
    conn: &mut PgConnection,
    account: &AccountId,
    channel: &Channel,
) -> Result<()> {
    let Rules { acceptance, partial_shipment, several_parcels, line_in_several_parcels } =
        channel.rules;
    sqlx::query!(
        "INSERT INTO channels
           (account_id, channel_id, name, acceptance, partial_shipment, several_parcels,
            line_in_several_parcels)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (account_id, channel_id)
         DO UPDATE SET acceptance = $4, partial_shipment = $5, several_parcels = $6,
           line_in_several_parcels = $7",
        account.0,
        channel.id,
        channel.name,
        acceptance,
        partial_shipment,
        several_parcels,
        line_in_several_parcels
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes channels that orders were seen on, with what is documented of them; known ones keep their rules,
/// and get the marketplace's current name.
pub async fn see_channels(
    conn: &mut PgConnection,
    account: &AccountId,
    channels: &[Channel],
) -> Result<()> {
    for channel in channels {
        sqlx::query!(
            "INSERT INTO channels
               (account_id, channel_id, name, acceptance, partial_shipment, several_parcels,
                line_in_several_parcels)
             VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (account_id, channel_id) DO UPDATE SET name = $3
             WHERE channels.name <> $3",
            account.0,
            channel.id,
            channel.name,
            channel.rules.acceptance,
            channel.rules.partial_shipment,
            channel.rules.several_parcels,
            channel.rules.line_in_several_parcels
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// Replaces the list of carriers. Labels, because the codes are not unique (`octopia-contract` 3.3).
pub async fn replace_carriers(
    conn: &mut PgConnection,
    account: &AccountId,
    labels: &[String],
    now: Timestamp,
) -> Result<()> {
    sqlx::query!("DELETE FROM carriers WHERE account_id = $1", account.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "INSERT INTO carriers (account_id, label)
         SELECT DISTINCT $1, label FROM unnest($2::text[]) AS label",
        account.0,
        labels
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE sync_states SET carriers_read_at = $2 WHERE account_id = $1",
        account.0,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The carriers' labels, A to Z, and when the marketplace gave them.
pub async fn carriers(
    db: impl PgExecutor<'_>,
    account: &AccountId,
) -> Result<(Vec<String>, Option<Timestamp>)> {
    let row = sqlx::query!(
        r#"SELECT carriers_read_at,
                  ARRAY (SELECT label FROM carriers WHERE account_id = $1 ORDER BY lower(label))
                    AS "labels!"
           FROM sync_states WHERE account_id = $1"#,
        account.0
    )
    .fetch_optional(db)
    .await?;
    let Some(row) = row else { return Ok((Vec::new(), None)) };
    Ok((row.labels, row.carriers_read_at.map(jiff_sqlx::Timestamp::to_jiff)))
}
