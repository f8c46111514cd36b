//! From the rows of a file to orders of the mirror.

use std::collections::BTreeMap;

use sqlx::PgConnection;

use crate::db;
use crate::db::imports::Named;
use crate::db::scope::SellerScope;
use crate::domain::batch::Input;
use crate::domain::import::near;
use crate::domain::import::row::Row;
use crate::domain::order::AccountId;
use crate::web::error::Result;
use crate::workflow::batches::NewRow;
use crate::workflow::batches::Renamed;
use crate::workflow::batches::Wanted;

/// What stands for a number where a row has none.
const NO_NUMBER: &str = "–";
/// So many unknown numbers are thought about at a time.
const MOST_SOUGHT: usize = 200;
/// What is kept of a number that no order is called by.
const MOST_TEXT: usize = 100;
/// More than any number, name or link that can be sent: what is over is told by what is left.
const LONGEST: usize = 3_000;

/// The orders that each number of the file is the name of.
pub type Found = BTreeMap<String, Vec<(AccountId, String)>>;

/// A number that several orders are called by.
#[derive(Debug)]
pub struct Ambiguous<'a> {
    /// The row's number in the file.
    pub row: usize,
    /// What it calls the order.
    pub order: &'a str,
}

/// Looks for the orders, all at once: as they are written, else in capitals.
pub async fn find<'a>(
    conn: &mut PgConnection,
    scope: &SellerScope,
    orders: impl Iterator<Item = &'a str>,
) -> Result<Found> {
    let mut numbers: Vec<String> = Vec::new();
    for order in orders {
        let capitals = order.to_uppercase();
        if capitals != order {
            numbers.push(capitals);
        }
        numbers.push(order.to_owned());
    }
    numbers.retain(|it| !it.is_empty() && it.len() <= LONGEST);
    numbers.sort_unstable();
    numbers.dedup();
    let mut found = Found::new();
    for Named { number, account, order_id } in
        db::imports::orders_named(conn, scope, &numbers).await?
    {
        found.entry(number).or_default().push((account, order_id));
    }
    Ok(found)
}

/// The rows of a batch. Every row of the file is there; one without an order says what it is called, in the
/// `first` of the accounts that were looked through.
pub fn drafted<'a>(
    rows: &'a [Row],
    found: &Found,
    first: &AccountId,
) -> Result<Vec<NewRow>, Ambiguous<'a>> {
    let mut drafted = Vec::new();
    for row in rows {
        let (account, order) = match named(found, &row.order) {
            [(account, order_id)] => (account.clone(), Wanted::Order(order_id.clone())),
            [_, _, ..] => return Err(Ambiguous { row: row.number, order: &row.order }),
            [] => (first.clone(), Wanted::Unknown(unknown(row))),
        };
        drafted.push(NewRow {
            position: i32::try_from(row.number).unwrap_or(i32::MAX),
            account,
            order,
            input: Input::typed(&cut(&row.carrier), &cut(&row.tracking), &cut(&row.link)),
        });
    }
    Ok(drafted)
}

fn unknown(row: &Row) -> String {
    if row.order.is_empty() {
        NO_NUMBER.to_owned()
    } else {
        row.order.chars().take(MOST_TEXT).collect()
    }
}

/// What was typed for rows without an order: what it means, and beside that the rows where it means several.
pub async fn renamed(
    conn: &mut PgConnection,
    scope: &SellerScope,
    typed: Vec<(i32, String)>,
) -> Result<(Vec<Renamed>, Vec<(i32, String)>)> {
    let found = find(conn, scope, typed.iter().map(|(_, order)| order.as_str())).await?;
    let (mut renamed, mut ambiguous) = (Vec::new(), Vec::new());
    for (position, text) in typed {
        let order = match named(&found, &text) {
            [_, _, ..] => {
                ambiguous.push((position, text));
                continue;
            }
            only => only.first().cloned(),
        };
        let order_text = text.chars().take(MOST_TEXT).collect();
        renamed.push(Renamed { position, order_text, order });
    }
    Ok((renamed, ambiguous))
}

/// The orders that are called so: as it is written, else in capitals.
fn named<'a>(found: &'a Found, text: &str) -> &'a [(AccountId, String)] {
    let orders = found.get(text).or_else(|| found.get(&text.to_uppercase()));
    orders.map_or(&[], Vec::as_slice)
}

fn cut(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// The numbers that were probably meant by these, which no order is called by: where there is exactly one.
pub async fn meant(
    conn: &mut PgConnection,
    scope: &SellerScope,
    unknown: &[String],
) -> Result<BTreeMap<String, String>> {
    let mut candidates: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for number in unknown.iter().take(MOST_SOUGHT) {
        for candidate in near::candidates(number) {
            candidates.entry(candidate).or_default().push(number);
        }
    }
    let numbers: Vec<String> = candidates.keys().cloned().collect();
    let mut meant: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for Named { number, .. } in db::imports::orders_named(conn, scope, &numbers).await? {
        for unknown in candidates.get(&number).into_iter().flatten() {
            let found = meant.entry((*unknown).to_owned()).or_default();
            if !found.contains(&number) {
                found.push(number.clone());
            }
        }
    }
    let only = |(unknown, mut found): (String, Vec<String>)| {
        (found.len() == 1).then(|| found.pop().map(|it| (unknown, it))).flatten()
    };
    Ok(meant.into_iter().filter_map(only).collect())
}
