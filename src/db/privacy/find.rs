//! Everything about one person. Asked on the command line, a few times a year: it looks through whole accounts.

use serde_json::Value;
use sqlx::PgConnection;

use crate::db::Result;
use crate::domain::order::AccountId;
use crate::domain::order::Status;

/// The digits at the end of a telephone number that tell it from others, whatever stands before them.
const PHONE_DIGITS: usize = 9;
/// More orders than one customer has.
const MOST: i64 = 1000;

/// Whose data is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// The customer of the order with that identifier or reference.
    Order(String),
    /// Whoever has that name, company, e-mail address, telephone number or customer number.
    Person(String),
}

/// An order of theirs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The account.
    pub account: AccountId,
    /// The order.
    pub order_id: String,
    /// Where it stands.
    pub status: Status,
    /// Whether something is promised for it that is not settled.
    pub under_way: bool,
    /// Whether it is without its customer already, and nothing was promised since.
    pub removed: bool,
}

/// The orders of whoever is wanted, in these accounts.
pub async fn matching(
    conn: &mut PgConnection,
    accounts: &[String],
    wanted: &Wanted,
) -> Result<Vec<Found>> {
    let (order, person) = match wanted {
        Wanted::Order(number) => (Some(number.as_str()), None),
        Wanted::Person(text) => (None, Some(text.as_str())),
    };
    let person =
        person.map(|it| it.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase());
    let rows = sqlx::query!(
        r#"SELECT o.account_id, o.order_id, o.status, o.people_removed_at IS NOT NULL
                    AND o.people_again_at IS NULL AS "removed!",
                  EXISTS (SELECT FROM promises AS p
                          WHERE p.account_id = o.account_id AND p.order_id = o.order_id
                            AND p.settled_at IS NULL) AS "under_way!"
           FROM orders AS o
           WHERE o.account_id = ANY ($1) AND (
             o.order_id = $2 OR o.reference = $2
             OR lower(o.customer_name) = $3 OR lower(o.customer_reference) = $3
             OR EXISTS (
               SELECT FROM (VALUES (o.billing), (o.shipping)) AS one(address)
               WHERE lower(address ->> 'email') = $3 OR lower(address ->> 'company') = $3
                 OR lower(concat_ws(' ', address ->> 'first_name', address ->> 'last_name')) = $3
                 OR lower(concat_ws(' ', address ->> 'last_name', address ->> 'first_name')) = $3
                 OR right(regexp_replace(address ->> 'phone', '\D', '', 'g'), $5) = $4))
           ORDER BY o.account_id, o.created_at, o.order_id
           LIMIT $6"#,
        accounts,
        order,
        person.as_deref(),
        person.as_deref().and_then(phone),
        i32::try_from(PHONE_DIGITS).unwrap_or(i32::MAX),
        MOST
    )
    .fetch_all(conn)
    .await?;
    let found = rows.into_iter().map(|row| Found {
        account: AccountId(row.account_id),
        order_id: row.order_id,
        status: Status::parse(&row.status),
        under_way: row.under_way,
        removed: row.removed,
    });
    Ok(found.collect())
}

/// The digits to compare, if that can be a telephone number.
fn phone(text: &str) -> Option<String> {
    let punctuation = |it: char| it.is_whitespace() || "+.-/()".contains(it);
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    let plausible = text.chars().all(|it| it.is_ascii_digit() || punctuation(it));
    let begin = digits.len().checked_sub(PHONE_DIGITS).filter(|_| plausible)?;
    Some(digits[begin..].iter().collect())
}

/// Everything that is held on one order and its customer; who of the staff did what is not theirs.
pub async fn everything(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
) -> Result<Option<Value>> {
    Ok(sqlx::query_scalar!(
        r#"SELECT jsonb_build_object(
             'account', a.name,
             'order', to_jsonb(o) - ARRAY ['account_id', 'rank', 'age', 'raw_hash', 'assigned_to', 'packed_by'],
             'lines', (
               SELECT jsonb_agg(to_jsonb(l) - ARRAY ['account_id', 'order_id'] ORDER BY l.position)
               FROM order_lines AS l WHERE l.account_id = $1 AND l.order_id = $2),
             'parcels', (
               SELECT jsonb_agg(to_jsonb(p) - ARRAY ['account_id', 'order_id'])
               FROM parcels AS p WHERE p.account_id = $1 AND p.order_id = $2),
             'requests', (
               SELECT jsonb_agg(r.request ORDER BY r.first_seen_at)
               FROM requests AS r WHERE r.account_id = $1 AND r.order_id = $2),
             'actions', (
               SELECT jsonb_agg(jsonb_build_object('at', p.created_at, 'action', p.action,
                 'state', p.state, 'refusal', p.refusal, 'bytes_of_file', octet_length(f.bytes))
                 ORDER BY p.created_at)
               FROM promises AS p
               LEFT JOIN promise_files AS f
                 ON f.account_id = p.account_id AND f.promise_id = p.promise_id
               WHERE p.account_id = $1 AND p.order_id = $2),
             'notes', (
               SELECT jsonb_agg(jsonb_build_object('at', n.at, 'text', n.text) ORDER BY n.at)
               FROM order_notes AS n WHERE n.account_id = $1 AND n.order_id = $2),
             'history', (
               SELECT jsonb_agg(jsonb_build_object('at', e.at, 'by', e.actor, 'event', e.event)
                 ORDER BY e.event_id)
               FROM order_events AS e WHERE e.account_id = $1 AND e.order_id = $2),
             'audit', (
               SELECT jsonb_agg(jsonb_build_object('at', t.at, 'by', t.actor, 'kind', t.kind,
                 'details', t.details) ORDER BY t.seq)
               FROM audit AS t WHERE t.account_id = $1 AND t.order_id = $2),
             'as_received', (
               SELECT w.raw FROM order_raw AS w WHERE w.account_id = $1 AND w.order_id = $2),
             'not_understood', (
               SELECT f.raw FROM order_faults AS f WHERE f.account_id = $1 AND f.order_id = $2)
           ) AS "everything!"
           FROM orders AS o JOIN accounts AS a USING (account_id)
           WHERE o.account_id = $1 AND o.order_id = $2"#,
        account.0,
        order_id
    )
    .fetch_optional(conn)
    .await?)
}

/// Takes the time that looking through whole accounts takes, for this transaction.
pub async fn be_patient(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!("SET LOCAL statement_timeout = '10min'").execute(conn).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_telephone_number_is_one_however_it_is_written() {
        let digits = Some("612345678".to_owned());
        for text in ["+33612345678", "06 12 34 56 78", "0033 (0)6.12.34.56.78"] {
            assert_eq!(phone(text), digits, "{text}");
        }
        for text in ["12345", "a612345678", "zelie@example.test", ""] {
            assert_eq!(phone(text), None, "{text}");
        }
    }
}
