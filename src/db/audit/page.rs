//! A page of the audit, newest first: one range of an index per account, or per account, topic and outcome,
//! merged. So a page costs a page, whatever is filtered and however long the audit is.

use jiff::Timestamp;
use serde_json::Value;
use sqlx::PgConnection;

use crate::db::Error;
use crate::db::Result;
use crate::db::at;
use crate::db::audit::NO_ACCOUNT;
use crate::db::audit::read_act;
use crate::db::scope::SellerScope;
use crate::domain::audit::Act;
use crate::domain::audit::Actor;
use crate::domain::audit::Outcome;
use crate::domain::audit::Topic;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// The accounts. What concerns none is always among it.
    pub scope: SellerScope,
    /// One user's own.
    pub user: Option<i64>,
    /// Words of `domain::audit::Topic`; none for all.
    pub topics: Vec<String>,
    /// Words of [`Outcome`]; none for all.
    pub outcomes: Vec<String>,
    /// One order's.
    pub order_id: Option<String>,
    /// From then on.
    pub from: Timestamp,
    /// Before that place.
    pub before: Position,
}

/// A place between two entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The entry's time.
    pub at: Timestamp,
    /// Its number, for those of the same instant.
    pub seq: i64,
}

/// An entry as it was found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Its number in the chain.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// Which user.
    pub user: Option<i64>,
    /// The account, or [`super::NO_ACCOUNT`].
    pub account: String,
    /// The order.
    pub order_id: Option<String>,
    /// How it ended.
    pub outcome: Outcome,
    /// The word of what was done.
    pub kind: String,
    /// What was done, unless a later version wrote it.
    pub act: Option<Act>,
    /// Where it came from.
    pub peer: Option<String>,
}

struct Stored {
    seq: i64,
    at: jiff_sqlx::Timestamp,
    actor: String,
    user_id: Option<i64>,
    account_id: String,
    order_id: Option<String>,
    outcome: String,
    kind: String,
    details: Value,
    peer: Option<String>,
}

/// The statements of the page. They differ in the index that they need, which SQL takes no parameter for.
///
/// `$1` accounts, `$2` the beginning, `$3` and `$4` the place, `$5` how many; then whatever narrows it.
macro_rules! entries {
    ($ranges:tt, $narrowed:tt, $conn:expr, $accounts:expr, $filter:expr, $limit:expr $(, $argument:expr)*) => {
        sqlx::query_as!(
            Stored,
            "SELECT f.* FROM unnest($1::text[]) AS r(account_id) " + $ranges + "
             CROSS JOIN LATERAL (
               SELECT a.seq, a.at, a.actor, a.user_id, a.account_id, a.order_id, a.outcome, a.kind,
                      a.details, a.peer
               FROM audit AS a
               WHERE a.account_id = r.account_id " + $narrowed + "
                 AND a.at >= $2 AND (a.at, a.seq) < ($3, $4)
               ORDER BY a.at DESC, a.seq DESC
               LIMIT $5) AS f
             ORDER BY f.at DESC, f.seq DESC
             LIMIT $5",
            $accounts,
            at($filter.from),
            at($filter.before.at),
            $filter.before.seq,
            $limit
            $(, $argument)*
        )
        .fetch_all($conn)
        .await?
    };
}

/// The newest entries of that filter, at most `limit`.
pub async fn page(conn: &mut PgConnection, filter: &Filter, limit: i64) -> Result<Vec<Found>> {
    let Filter { user, topics, outcomes, order_id, .. } = filter;
    let accounts = [filter.scope.keys(), &[NO_ACCOUNT.to_owned()]].concat();
    let accounts = accounts.as_slice();
    let narrowed = !topics.is_empty() || !outcomes.is_empty();
    let stored = match (order_id, user, narrowed) {
        // An order has few entries, so that what else is asked for is picked out of them.
        (Some(order_id), ..) => entries!(
            "",
            "AND a.order_id = $6 AND ($7::bigint IS NULL OR a.user_id = $7)
             AND (cardinality($8::text[]) = 0 OR a.topic = ANY ($8))
             AND (cardinality($9::text[]) = 0 OR a.outcome = ANY ($9))",
            conn,
            accounts,
            filter,
            limit,
            order_id,
            *user,
            topics,
            outcomes
        ),
        (None, None, false) => entries!("", "", conn, accounts, filter, limit),
        (None, Some(user), false) => {
            entries!("", "AND a.user_id = $6", conn, accounts, filter, limit, user)
        }
        (None, None, true) => {
            let (topics, outcomes) = (all_topics(topics), all_outcomes(outcomes));
            entries!(
                "CROSS JOIN unnest($6::text[]) AS t(topic) CROSS JOIN unnest($7::text[]) AS o(outcome)",
                "AND a.topic = t.topic AND a.outcome = o.outcome",
                conn,
                accounts,
                filter,
                limit,
                &topics,
                &outcomes
            )
        }
        (None, Some(user), true) => {
            let (topics, outcomes) = (all_topics(topics), all_outcomes(outcomes));
            entries!(
                "CROSS JOIN unnest($6::text[]) AS t(topic) CROSS JOIN unnest($7::text[]) AS o(outcome)",
                "AND a.topic = t.topic AND a.outcome = o.outcome AND a.user_id = $8",
                conn,
                accounts,
                filter,
                limit,
                &topics,
                &outcomes,
                user
            )
        }
    };
    stored.into_iter().map(found).collect()
}

fn all_topics(topics: &[String]) -> Vec<String> {
    let all = || Topic::ALL.iter().map(|it| it.as_str().to_owned());
    if topics.is_empty() { all().collect() } else { topics.to_vec() }
}

fn all_outcomes(outcomes: &[String]) -> Vec<String> {
    let all = || Outcome::ALL.iter().map(|it| it.as_str().to_owned());
    if outcomes.is_empty() { all().collect() } else { outcomes.to_vec() }
}

fn found(row: Stored) -> Result<Found> {
    let corrupt = |column, value: &str| Error::Corrupt {
        table: "audit",
        column,
        id: row.seq.to_string(),
        value: value.to_owned(),
    };
    let actor = Actor::parse(&row.actor).ok_or_else(|| corrupt("actor", &row.actor))?;
    let outcome = Outcome::parse(&row.outcome).ok_or_else(|| corrupt("outcome", &row.outcome))?;
    Ok(Found {
        seq: row.seq,
        at: row.at.to_jiff(),
        actor,
        user: row.user_id,
        account: row.account_id,
        order_id: row.order_id,
        outcome,
        act: read_act(&row.kind, row.details),
        kind: row.kind,
        peer: row.peer,
    })
}
