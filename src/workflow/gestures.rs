//! What somebody has given away today, for the ceilings of the roles.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db;
use crate::db::promises::Promise;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::action::Given;
use crate::domain::action::gesture;

/// What the user gave away today before this action. Another gesture of theirs, for another order, waits
/// until this one is promised, and counts it. Nothing is read for what is no gesture.
pub(super) async fn given_today(
    conn: &mut PgConnection,
    action: &Action,
    user_id: i64,
    time_zone: &str,
    now: Timestamp,
) -> db::Result<Vec<Given>> {
    if action.kind() != ActionKind::Gesture {
        return Ok(Vec::new());
    }
    db::users::lock_for_gesture(conn, user_id).await?;
    given_so_far(conn, user_id, time_zone, now).await
}

/// The same for a promise that is about to be sent: what was promised before it.
pub async fn given_before(
    conn: &mut PgConnection,
    promise: &Promise,
    time_zone: &str,
    now: Timestamp,
) -> db::Result<Vec<Given>> {
    if promise.action.kind() != ActionKind::Gesture {
        return Ok(Vec::new());
    }
    db::promises::given(conn, promise.user_id, since(time_zone, now), promise.id).await
}

/// What the user has given away today, for a form: the ceiling is asked again when it is sent.
pub async fn given_so_far(
    conn: &mut PgConnection,
    user_id: i64,
    time_zone: &str,
    now: Timestamp,
) -> db::Result<Vec<Given>> {
    db::promises::given(conn, user_id, since(time_zone, now), Uuid::max()).await
}

fn since(time_zone: &str, now: Timestamp) -> Timestamp {
    gesture::day_began(now, &TimeZone::get(time_zone).unwrap_or(TimeZone::UTC))
}
