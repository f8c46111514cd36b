//! Reading promises.

use sqlx::PgConnection;
use sqlx::PgExecutor;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::Error;
use crate::db::Result;
use crate::db::promises::Promise;
use crate::db::scope::SellerScope;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::delivery::Progress;
use crate::domain::delivery::Refusal;
use crate::domain::delivery::State;
use crate::domain::order::AccountId;
use crate::domain::trouble::Trouble;

/// The promises that the rest of a statement selects. Text and not a function, because each statement is
/// checked against the database when it is compiled, and planned for its own index.
macro_rules! promises {
    ($which:literal, $($parameter:expr),+ $(,)?) => {
        sqlx::query_as!(
            Row,
            "SELECT p.account_id, p.promise_id, p.order_id, p.action AS \"action: Json<Action>\", p.user_id,
                    u.name AS user_name, p.created_at, p.state, p.attempts, p.unknown_attempts,
                    p.negative_reads, p.horizon_at, p.next_at,
                    p.refusal AS \"refusal: Json<Refusal>\", p.trouble, p.fence,
                    p.baseline AS \"baseline: Json<Vec<String>>\", p.reference
             FROM promises AS p JOIN users AS u USING (user_id) " + $which,
            $($parameter),+
        )
    };
}

/// Finds a promise in one of these accounts.
pub async fn find(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    promise_id: Uuid,
) -> Result<Option<Promise>> {
    let row =
        promises!("WHERE p.account_id = ANY ($1) AND p.promise_id = $2", scope.keys(), promise_id)
            .fetch_optional(db)
            .await?;
    row.map(Promise::try_from).transpose()
}

/// Finds a promise of that account.
pub async fn find_in(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    promise_id: Uuid,
) -> Result<Option<Promise>> {
    let row = promises!("WHERE p.account_id = $1 AND p.promise_id = $2", account.0, promise_id)
        .fetch_optional(db)
        .await?;
    row.map(Promise::try_from).transpose()
}

/// Every promise made for an order, newest first.
pub async fn of_order(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    order_id: &str,
) -> Result<Vec<Promise>> {
    let rows = promises!(
        "WHERE p.account_id = $1 AND p.order_id = $2
         ORDER BY p.created_at DESC
         LIMIT 50",
        account.0,
        order_id
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Promise::try_from).collect()
}

/// The promise that is under way for an order, if any.
pub async fn under_way(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    order_id: &str,
) -> Result<Option<Promise>> {
    let row = promises!(
        "WHERE p.account_id = $1 AND p.order_id = $2 AND p.settled_at IS NULL",
        account.0,
        order_id
    )
    .fetch_optional(db)
    .await?;
    row.map(Promise::try_from).transpose()
}

/// The last promise made for an order: the one under way, if one is.
pub async fn latest(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    order_id: &str,
) -> Result<Option<Promise>> {
    let row = promises!(
        "WHERE p.account_id = $1 AND p.order_id = $2
         ORDER BY p.created_at DESC, p.promise_id DESC
         LIMIT 1",
        account.0,
        order_id
    )
    .fetch_optional(db)
    .await?;
    row.map(Promise::try_from).transpose()
}

/// What a user promised last of that kind, newest first, among the account's last promises.
///
/// Promises are numbered by their time, so that this is the end of the primary key, whoever asks: a user who
/// never did such a thing must not cost a walk through history.
pub async fn recent_actions(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    user_id: i64,
    kind: ActionKind,
) -> Result<Vec<Action>> {
    let actions = sqlx::query_scalar!(
        "SELECT action AS \"action: Json<Action>\"
         FROM (SELECT promise_id, user_id, kind, action FROM promises
               WHERE account_id = $1
               ORDER BY promise_id DESC
               LIMIT 500) AS last
         WHERE user_id = $2 AND kind = $3
         ORDER BY promise_id DESC
         LIMIT 20",
        account.0,
        user_id,
        kind.as_str()
    )
    .fetch_all(db)
    .await?;
    Ok(actions.into_iter().map(|Json(action)| action).collect())
}

/// The promises that only a person can settle, oldest first.
pub async fn for_people(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<Promise>> {
    let rows = promises!(
        "WHERE p.account_id = ANY ($1) AND p.state = 'needs_person'
         ORDER BY p.created_at
         LIMIT 200",
        scope.keys()
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Promise::try_from).collect()
}

/// The promises of an order that the marketplace has taken, without our knowing its record of them.
pub async fn without_reference(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
) -> Result<Vec<Promise>> {
    let rows = promises!(
        "WHERE p.account_id = $1 AND p.order_id = $2 AND p.state = 'confirmed'
         AND p.reference IS NULL AND p.kind IN ('cancel', 'cancel_lines', 'gesture', 'invoice')",
        account.0,
        order_id
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Promise::try_from).collect()
}

/// The marketplace's records that prove other promises of the order than that one.
pub async fn references(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    other_than: Uuid,
) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        r#"SELECT reference AS "reference!" FROM promises
           WHERE account_id = $1 AND order_id = $2 AND promise_id <> $3 AND reference IS NOT NULL"#,
        account.0,
        order_id,
        other_than
    )
    .fetch_all(conn)
    .await?)
}

/// The promises of these orders whose effect may show in a reading.
pub async fn in_doubt_of(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<Vec<Promise>> {
    let rows = promises!(
        "WHERE p.account_id = $1 AND p.order_id = ANY ($2) AND p.settled_at IS NULL
         AND p.state IN ('in_doubt', 'needs_person')",
        account.0,
        order_ids
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Promise::try_from).collect()
}

struct Row {
    account_id: String,
    promise_id: Uuid,
    order_id: String,
    action: Json<Action>,
    user_id: i64,
    user_name: String,
    created_at: jiff_sqlx::Timestamp,
    state: String,
    attempts: i32,
    unknown_attempts: i32,
    negative_reads: i32,
    horizon_at: Option<jiff_sqlx::Timestamp>,
    next_at: jiff_sqlx::Timestamp,
    refusal: Option<Json<Refusal>>,
    trouble: Option<String>,
    fence: i64,
    baseline: Option<Json<Vec<String>>>,
    reference: Option<String>,
}

impl TryFrom<Row> for Promise {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let state = State::parse(&row.state).ok_or_else(|| Error::Corrupt {
            table: "promises",
            column: "state",
            id: row.promise_id.to_string(),
            value: row.state,
        })?;
        Ok(Self {
            account: AccountId(row.account_id),
            id: row.promise_id,
            order_id: row.order_id,
            action: row.action.0,
            user_id: row.user_id,
            user_name: row.user_name,
            created_at: row.created_at.to_jiff(),
            progress: Progress {
                state,
                attempts: row.attempts,
                unknown_attempts: row.unknown_attempts,
                negative_reads: row.negative_reads,
                horizon_at: row.horizon_at.map(jiff_sqlx::Timestamp::to_jiff),
                next_at: row.next_at.to_jiff(),
                refusal: row.refusal.map(|Json(it)| it),
                baseline: row.baseline.map(|Json(it)| it),
                reference: row.reference,
            },
            trouble: row.trouble.as_deref().and_then(Trouble::parse),
            fence: row.fence,
        })
    }
}
