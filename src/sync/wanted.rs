//! Which orders an account mirrors.

use sqlx::PgConnection;

use crate::db;
use crate::domain::order::AccountId;
use crate::domain::order::SupplyMode;
use crate::workflow::Reading;

/// The readings that are to be mirrored, and the orders that are left out.
pub(super) struct Wanted {
    pub readings: Vec<Reading>,
    pub left_out: Vec<String>,
}

/// Leaves out what the marketplace's warehouse ships, where that is wished. What is mirrored already goes on, so
/// that nothing on a screen goes stale.
pub(super) async fn of(
    conn: &mut PgConnection,
    account: &AccountId,
    readings: Vec<Reading>,
) -> db::Result<Wanted> {
    if !db::accounts::options_of(&mut *conn, account).await?.skips_fulfilled {
        return Ok(Wanted { readings, left_out: Vec::new() });
    }
    let is_fulfilled = |it: &&Reading| it.order.supply_mode() == SupplyMode::Fulfillment;
    let mut left_out: Vec<String> =
        readings.iter().filter(is_fulfilled).map(|it| it.order.id.clone()).collect();
    let mirrored = db::requests::mirrored(conn, account, &left_out).await?;
    left_out.retain(|it| !mirrored.contains(it));
    let wanted = readings.into_iter().filter(|it| !left_out.contains(&it.order.id));
    Ok(Wanted { readings: wanted.collect(), left_out })
}
