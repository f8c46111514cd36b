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
    let Rules {
        acceptance,
        partial_shipment,
        several_parcels,
        line_in_several_parcels,
        ships_cancel_requests,
        partial_cancellation,
        gestures,
        invoices,
    } = channel.rules;
    sqlx::query!(
        "INSERT INTO channels
           (account_id, channel_id, name, acceptance, partial_shipment, several_parcels,
            line_in_several_parcels, ships_cancel_requests, partial_cancellation, gestures, invoices)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (account_id, channel_id)
         DO UPDATE SET acceptance = $4, partial_shipment = $5, several_parcels = $6,
           line_in_several_parcels = $7, ships_cancel_requests = $8, partial_cancellation = $9,
           gestures = coalesce($10, channels.gestures), invoices = $11, set_by_hand = FALSE",
        account.0,
        channel.id,
        channel.name,
        acceptance,
        partial_shipment,
        several_parcels,
        line_in_several_parcels,
        ships_cancel_requests,
        partial_cancellation,
        gestures,
        invoices
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
        let renamed = sqlx::query!(
            "UPDATE channels SET name = $3
             WHERE account_id = $1 AND channel_id = $2 AND name <> $3",
            account.0,
            channel.id,
            channel.name
        )
        .execute(&mut *conn)
        .await?;
        if renamed.rows_affected() > 0 {
            continue;
        }
        let Rules { acceptance, partial_shipment, several_parcels, .. } = channel.rules;
        sqlx::query!(
            "INSERT INTO channels
               (account_id, channel_id, name, acceptance, partial_shipment, several_parcels,
                line_in_several_parcels, ships_cancel_requests, partial_cancellation, gestures,
                invoices)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
             ON CONFLICT (account_id, channel_id) DO NOTHING",
            account.0,
            channel.id,
            channel.name,
            acceptance,
            partial_shipment,
            several_parcels,
            channel.rules.line_in_several_parcels,
            channel.rules.ships_cancel_requests,
            channel.rules.partial_cancellation,
            channel.rules.gestures,
            channel.rules.invoices
        )
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

/// A channel, and who says what is known of it.
#[derive(Debug, Clone)]
pub struct KnownChannel {
    /// The channel.
    pub channel: Channel,
    /// Whether an admin said what it allows.
    pub set_by_hand: bool,
}

/// The account's channels, with what is known of each.
pub async fn known(db: impl PgExecutor<'_>, account: &AccountId) -> Result<Vec<KnownChannel>> {
    let rows = sqlx::query!(
        "SELECT channel_id, name, acceptance, partial_shipment, several_parcels,
                line_in_several_parcels, ships_cancel_requests, partial_cancellation, gestures,
                invoices, set_by_hand
         FROM channels WHERE account_id = $1 ORDER BY name, channel_id",
        account.0
    )
    .fetch_all(db)
    .await?;
    let known = rows.into_iter().map(|row| KnownChannel {
        channel: Channel {
            id: row.channel_id,
            name: row.name,
            rules: Rules {
                acceptance: row.acceptance,
                partial_shipment: row.partial_shipment,
                several_parcels: row.several_parcels,
                line_in_several_parcels: row.line_in_several_parcels,
                ships_cancel_requests: row.ships_cancel_requests,
                partial_cancellation: row.partial_cancellation,
                gestures: row.gestures,
                invoices: row.invoices,
            },
        },
        set_by_hand: row.set_by_hand,
    });
    Ok(known.collect())
}

/// Writes what an admin says of a channel. Gestures stay as the marketplace said.
pub async fn set_by_hand(
    conn: &mut PgConnection,
    account: &AccountId,
    channel_id: &str,
    rules: Rules,
) -> Result<()> {
    sqlx::query!(
        "UPDATE channels
         SET acceptance = $3, partial_shipment = $4, several_parcels = $5,
             line_in_several_parcels = $6, ships_cancel_requests = $7, partial_cancellation = $8,
             invoices = $9, set_by_hand = TRUE
         WHERE account_id = $1 AND channel_id = $2",
        account.0,
        channel_id,
        rules.acceptance,
        rules.partial_shipment,
        rules.several_parcels,
        rules.line_in_several_parcels,
        rules.ships_cancel_requests,
        rules.partial_cancellation,
        rules.invoices
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The account's channels, and whether each allows gestures, as far as is known.
pub async fn channels(
    db: impl PgExecutor<'_>,
    account: &AccountId,
) -> Result<Vec<(String, Option<bool>)>> {
    let rows = sqlx::query!(
        "SELECT channel_id, gestures FROM channels WHERE account_id = $1 ORDER BY channel_id",
        account.0
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.channel_id, row.gestures)).collect())
}

/// Notes whether a channel allows gestures, in the marketplace's own words.
pub async fn set_gestures(
    conn: &mut PgConnection,
    account: &AccountId,
    channel_id: &str,
    gestures: bool,
) -> Result<()> {
    sqlx::query!(
        "UPDATE channels SET gestures = $3 WHERE account_id = $1 AND channel_id = $2",
        account.0,
        channel_id,
        gestures
    )
    .execute(conn)
    .await?;
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
