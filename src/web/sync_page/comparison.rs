//! The marketplace's numbers beside ours.

use jiff::Timestamp;

use crate::db::comparisons::Comparison;
use crate::db::sync_states::SyncState;
use crate::domain::comparison::Finding;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::web::components::Time;
use crate::web::format;
use crate::web::text::Lang;

/// The comparison of one account.
pub struct ComparisonView {
    /// Its key.
    pub account_id: String,
    /// Its name.
    pub account: String,
    /// When; none before the first.
    pub at: Option<Time>,
    /// Whether another one is on its way.
    pub asked: bool,
    /// Whether any number differs.
    pub differs: bool,
    /// The statuses that hold orders, and all of them together at the end.
    pub rows: Vec<Row>,
}

/// One status.
pub struct Row {
    /// The marketplace's word; empty for all.
    pub status: String,
    /// In words.
    pub label: String,
    /// What it counts.
    pub theirs: String,
    /// What is here.
    pub ours: String,
    /// The difference in words.
    pub difference: String,
    /// Whether there is one.
    pub differs: bool,
}

impl ComparisonView {
    /// Of all rows, those of this account.
    pub fn new(lang: Lang, state: &SyncState, all: &[Comparison], now: Timestamp) -> Self {
        let zone = format::zone(&state.time_zone);
        let own = all.iter().filter(|it| it.account == state.account);
        let holds = |it: &&Comparison| it.status.is_empty() || it.ours > 0 || it.theirs > Some(0);
        let mut rows: Vec<Row> = own.filter(holds).map(|it| row(lang, it)).collect();
        // The sum stands at the end, where sums stand.
        rows.sort_by_key(|it| it.status.is_empty());
        let compared_at = state.comparison.compared_at;
        Self {
            account_id: state.account.0.clone(),
            account: state.account_name.clone(),
            at: compared_at.map(|at| format::clock(lang, at, &zone, now)),
            asked: state.comparison.asked_at.is_some_and(|at| compared_at.is_none_or(|it| at > it)),
            differs: rows.iter().any(|it| it.differs),
            rows,
        }
    }
}

fn row(lang: Lang, comparison: &Comparison) -> Row {
    let finding = Finding::of(comparison.theirs, comparison.ours);
    let label = if comparison.status.is_empty() {
        lang.compare_all().to_owned()
    } else {
        lang.status(&Status::parse(&comparison.status), &SupplyMode::Seller).into_owned()
    };
    Row {
        status: comparison.status.clone(),
        label,
        theirs: comparison.theirs.map_or_else(|| "–".to_owned(), format::whole),
        ours: format::whole(comparison.ours),
        difference: lang.compare_finding(finding),
        differs: finding.differs(),
    }
}
