//! What became of the rows of a confirmed batch.

use crate::db::batches::rows::Row;
use crate::db::batches::rows::Tally;
use crate::domain::batch::RowState;
use crate::domain::batch::Task;
use crate::domain::delivery::State;
use crate::domain::order::AccountId;
use crate::web::components::Delivery;
use crate::web::components::delivery_mark;
use crate::web::format;
use crate::web::orders::Reader;
use crate::web::text::Lang;

/// How far a batch is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Rows that nothing happens to any more.
    pub settled: i64,
    /// Rows that were sent, or are about to be.
    pub sent: i64,
    /// Rows that were not sent.
    pub left_out: i64,
    /// Rows that move by themselves.
    pub moving: i64,
    /// Rows that could be tried again.
    pub failed: i64,
    /// Rows that the marketplace has confirmed.
    pub done: i64,
}

impl Standing {
    /// That of these rows.
    pub fn of(tally: &[Tally]) -> Self {
        let mut standing = Self::default();
        for Tally { row, promise, rows } in tally {
            match (row, promise) {
                (RowState::Stopped, _) => {
                    standing.left_out += rows;
                    standing.failed += rows;
                }
                (RowState::Draft | RowState::Chosen | RowState::Promised, None) => {
                    standing.sent += rows;
                    standing.moving += rows;
                }
                (RowState::Draft | RowState::Chosen | RowState::Promised, Some(state)) => {
                    standing.sent += rows;
                    match state {
                        State::Queued | State::Sending | State::InDoubt => standing.moving += rows,
                        // It waits for somebody, who may take their time.
                        State::NeedsPerson => {}
                        State::Confirmed => {
                            standing.settled += rows;
                            standing.done += rows;
                        }
                        State::Refused | State::Withdrawn => {
                            standing.settled += rows;
                            standing.failed += rows;
                        }
                    }
                }
            }
        }
        standing
    }

    /// Whether nothing moves by itself any more.
    pub const fn is_over(&self) -> bool {
        self.moving == 0
    }
}

/// Which rows of a result are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Not sent, refused, withdrawn, or with a person.
    Failed,
    /// On their way.
    Waiting,
    /// Confirmed.
    Done,
}

impl Part {
    /// What needs attention first.
    pub const ALL: [Self; 3] = [Self::Failed, Self::Waiting, Self::Done];

    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Waiting => "waiting",
            Self::Done => "done",
        }
    }

    /// That of a row.
    pub fn of(row: &Row) -> Self {
        match (row.state, row.promise.as_ref().map(|it| it.state)) {
            (RowState::Stopped, _)
            | (_, Some(State::NeedsPerson | State::Refused | State::Withdrawn)) => Self::Failed,
            (_, Some(State::Confirmed)) => Self::Done,
            (_, Some(State::Queued | State::Sending | State::InDoubt) | None) => Self::Waiting,
        }
    }
}

/// Whether a row could be tried again: it was not sent, or it surely did not happen.
pub fn has_failed(row: &Row) -> bool {
    let ended = row.promise.as_ref().map(|it| it.state);
    row.state == RowState::Stopped || matches!(ended, Some(State::Refused | State::Withdrawn))
}

/// The counts, as marks: `8 confirmed`.
pub fn marks(lang: Lang, tally: &[Tally]) -> Vec<Delivery> {
    let rows = |state: Option<State>| -> i64 {
        let here = |it: &&Tally| it.row != RowState::Stopped && it.promise == state;
        tally.iter().filter(here).map(|it| it.rows).sum()
    };
    let states = [
        Some(State::Confirmed),
        Some(State::Sending),
        Some(State::InDoubt),
        Some(State::Queued),
        None,
        Some(State::NeedsPerson),
        Some(State::Refused),
        Some(State::Withdrawn),
    ];
    let mut marks: Vec<Delivery> = states
        .into_iter()
        .filter(|it| rows(*it) > 0)
        .map(|it| Delivery {
            state: it.map_or("queued", delivery_mark),
            label: lang.batch_count(it, rows(it)),
        })
        .collect();
    let left_out: i64 =
        tally.iter().filter(|it| it.row == RowState::Stopped).map(|it| it.rows).sum();
    if left_out > 0 {
        marks.push(Delivery { state: "refused", label: lang.batch_left_out(left_out) });
    }
    marks
}

/// A row of the result.
#[derive(Debug)]
pub struct ResultRow {
    /// Its number for people.
    pub position: i32,
    /// The account's key.
    pub account: String,
    /// The order's page and number, if there is one.
    pub order: Option<(String, String)>,
    /// What was typed, if the order was not found.
    pub typed_order: String,
    /// The carrier.
    pub carrier: String,
    /// The parcel's number.
    pub number: String,
    /// The tracking link.
    pub link: String,
    /// Where it stands.
    pub delivery: Delivery,
    /// Why, if something is in the way.
    pub why: String,
    /// Its promise's page, if it has one.
    pub promise: Option<String>,
}

impl ResultRow {
    /// The view of a row.
    pub fn new(row: Row, task: Task, reader: &Reader) -> Self {
        let lang = reader.lang;
        let (delivery, why) = match (&row.promise, &row.stopped) {
            (Some(sent), _) => {
                let refusal = sent.refusal.as_ref().map(|it| lang.refusal(it));
                let trouble = sent.trouble.filter(|_| !sent.state.is_final());
                let trouble = trouble.map(|it| lang.trouble(Some(it)).join(" "));
                let label = lang.promise(task.kind(), sent.state);
                (Delivery::new(sent.state, label), refusal.or(trouble).unwrap_or_default())
            }
            (None, Some(stopped)) => {
                let label = lang.batch_not_sent().to_owned();
                let words = lang.stopped(task, stopped, |at| reader.clock(at).text);
                (Delivery { state: "refused", label }, words.join(" "))
            }
            (None, None) => {
                let label = lang.batch_preparing().to_owned();
                (Delivery { state: "queued", label }, String::new())
            }
        };
        let account = AccountId(row.account.clone());
        Self {
            position: row.position,
            order: row.order_id.map(|id| (format::order_href(&account, &id), id)),
            account: row.account,
            typed_order: row.order_text,
            carrier: row.input.carrier,
            number: row.input.number,
            link: row.input.link,
            delivery,
            why,
            promise: row.promise.map(|it| format!("/promises/{}", it.id)),
        }
    }
}
