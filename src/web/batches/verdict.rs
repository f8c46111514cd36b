//! What may be sent of a batch: a verdict for each row, asked of the rules whenever somebody looks.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db;
use crate::db::batches::rows::Row;
use crate::db::orders::Mirrored;
use crate::domain::action::Action;
use crate::domain::action::Facts;
use crate::domain::action::InFlight;
use crate::domain::action::Live;
use crate::domain::batch;
use crate::domain::batch::Stopped;
use crate::domain::batch::Task;
use crate::domain::operator::Role;
use crate::domain::order::AccountId;
use crate::web::error::Result;
use crate::web::orders::forms::ship::judge;
use crate::web::orders::forms::ship::judge::Warning;

/// How many orders a warning names.
const NAMED: usize = 3;

/// What may become of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It can be sent.
    Ready,
    /// It can, but there is something to think about first.
    Doubted(Vec<Warning>),
    /// It cannot, for this reason.
    Stopped(Stopped),
}

/// The three groups of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Can be sent.
    Ready,
    /// Can be sent by who has read the warning.
    Doubted,
    /// Cannot.
    Stopped,
}

impl Group {
    /// In the order in which people read them.
    pub const ALL: [Self; 3] = [Self::Ready, Self::Doubted, Self::Stopped];

    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Doubted => "warning",
            Self::Stopped => "impossible",
        }
    }
}

impl Verdict {
    /// Its group.
    pub const fn group(&self) -> Group {
        match self {
            Self::Ready => Group::Ready,
            Self::Doubted(_) => Group::Doubted,
            Self::Stopped(_) => Group::Stopped,
        }
    }
}

/// A row with its order and its verdict.
#[derive(Debug)]
pub struct Judged {
    /// The row.
    pub row: Row,
    /// The order, if it was found.
    pub order: Option<Mirrored>,
    /// What may become of it.
    pub verdict: Verdict,
}

/// How many rows are in each group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Can be sent.
    pub ready: usize,
    /// Can be sent by who has read the warning.
    pub doubted: usize,
    /// Cannot.
    pub stopped: usize,
}

impl Counts {
    /// Those of these rows.
    pub fn of(rows: &[Judged]) -> Self {
        let mut counts = Self::default();
        for row in rows {
            match row.verdict.group() {
                Group::Ready => counts.ready += 1,
                Group::Doubted => counts.doubted += 1,
                Group::Stopped => counts.stopped += 1,
            }
        }
        counts
    }

    /// That of one group.
    pub const fn in_group(&self, group: Group) -> usize {
        match group {
            Group::Ready => self.ready,
            Group::Doubted => self.doubted,
            Group::Stopped => self.stopped,
        }
    }
}

/// What is known of the orders of one account.
struct Known {
    orders: HashMap<String, Mirrored>,
    in_flight: HashMap<String, InFlight>,
    /// Parcel numbers, and the orders that have them: in the mirror, or in this batch.
    numbers: HashMap<String, Vec<String>>,
}

/// Judges the rows, in their order, with four queries per account.
pub async fn judge(
    conn: &mut PgConnection,
    task: Task,
    role: Role,
    rows: Vec<Row>,
    now: Timestamp,
) -> Result<Vec<Judged>> {
    let mut accounts: Vec<&str> = rows.iter().map(|it| it.account.as_str()).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let mut known = HashMap::new();
    for account in accounts {
        let account = AccountId(account.to_owned());
        let read = Known::read(conn, &account, &rows).await?;
        known.insert(account.0, read);
    }
    let mut first: HashMap<(String, String), i32> = HashMap::new();
    let mut judged = Vec::with_capacity(rows.len());
    for row in rows {
        let of_account = known.get_mut(&row.account);
        let order_id = row.order_id.as_deref();
        let order = of_account.zip(order_id).and_then(|(it, id)| it.orders.get(id).cloned());
        let verdict = match (&order, known.get(&row.account)) {
            (Some(order), Some(of_account)) => {
                let key = (row.account.clone(), order.order.id.clone());
                if let Some(position) = first.get(&key) {
                    Verdict::Stopped(Stopped::Repeated { position: *position })
                } else {
                    first.insert(key, row.position);
                    verdict(task, role, &row, order, of_account, now)
                }
            }
            (None, _) | (_, None) => Verdict::Stopped(Stopped::NotFound),
        };
        judged.push(Judged { row, order, verdict });
    }
    Ok(judged)
}

impl Known {
    async fn read(conn: &mut PgConnection, account: &AccountId, rows: &[Row]) -> Result<Self> {
        let of_account = || rows.iter().filter(|it| it.account == account.0);
        let ids: Vec<String> = of_account().filter_map(|it| it.order_id.clone()).collect();
        let typed: Vec<String> = of_account()
            .filter(|it| !it.input.number.is_empty())
            .map(|it| it.input.number.clone())
            .collect();
        let mut numbers: HashMap<String, Vec<String>> = HashMap::new();
        let mut used = db::orders::many::with_parcels(conn, account, &typed).await?;
        let here = of_account().filter(|it| !it.input.number.is_empty());
        used.extend(here.filter_map(|it| Some((it.input.number.clone(), it.order_id.clone()?))));
        for (number, order) in used {
            let orders = numbers.entry(number).or_default();
            if !orders.contains(&order) {
                orders.push(order);
            }
        }
        Ok(Self {
            orders: db::orders::many::without_customers(conn, account, &ids).await?,
            in_flight: db::orders::many::in_flight(conn, account, &ids).await?,
            numbers,
        })
    }
}

fn verdict(
    task: Task,
    role: Role,
    row: &Row,
    mirrored: &Mirrored,
    known: &Known,
    now: Timestamp,
) -> Verdict {
    let order = &mirrored.order;
    let facts = Facts {
        order,
        channel: &mirrored.channel,
        requests: &mirrored.requests,
        live: Live::NotAsked,
        role,
        given_today: &[],
        in_flight: known.in_flight.get(&order.id),
        now,
    };
    match batch::decide(task, &row.input, &facts) {
        Err(stopped) => Verdict::Stopped(stopped),
        Ok(Action::Ship(ship)) => {
            let orders = known.numbers.get(&row.input.number).into_iter().flatten();
            let others = orders.filter(|it| **it != order.id).take(NAMED).cloned().collect();
            let warnings = judge::doubts(order, &ship, &[others]);
            if warnings.is_empty() { Verdict::Ready } else { Verdict::Doubted(warnings) }
        }
        Ok(
            Action::Accept
            | Action::Refuse
            | Action::Cancel(_)
            | Action::CancelLines(_)
            | Action::Gesture(_)
            | Action::Invoice(_),
        ) => Verdict::Ready,
    }
}
