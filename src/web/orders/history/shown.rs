//! The history of one kind of doings at a time.

use crate::domain::event::Actor;
use crate::web::orders::Desk;
use crate::web::orders::history::Day;

/// Whose doings are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Show {
    /// Everybody's.
    Everything,
    /// One kind's: a person's with what became of them.
    Of(Actor),
}

impl Show {
    /// Every choice, in the order of the links.
    const ALL: [Self; 4] = [
        Self::Everything,
        Self::Of(Actor::Person),
        Self::Of(Actor::Marketplace),
        Self::Of(Actor::Comptoir),
    ];

    /// The word in the address; nothing for everything.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Everything => "",
            Self::Of(actor) => actor.as_str(),
        }
    }

    /// The address of the order's page that shows it.
    pub fn href(self, desk: &Desk) -> String {
        let here = desk.queue.here();
        match self {
            Self::Everything => format!("{}{here}", desk.href()),
            Self::Of(actor) => {
                let sign = if here.is_empty() { '?' } else { '&' };
                format!("{}{here}{sign}history={}", desk.href(), actor.as_str())
            }
        }
    }

    /// The inverse of [`Self::as_str`]. What is no word of ours shows everything.
    pub fn parse(word: &str) -> Self {
        Actor::parse(word).map_or(Self::Everything, Self::Of)
    }
}

/// The history, as far as it is shown.
#[derive(Debug)]
pub struct HistoryView {
    /// The words, the address and the `id` of each choice, and whether it is the present one.
    pub choices: Vec<(&'static str, String, &'static str, bool)>,
    /// What happened, by day.
    pub days: Vec<Day>,
    /// That nobody of that kind did anything.
    pub none: &'static str,
}

/// The links between them. Each leads back to the list that the order was opened from.
pub fn choices(desk: &Desk, shown: Show) -> Vec<(&'static str, String, &'static str, bool)> {
    let choice = |it: Show| {
        let (words, id) = desk.lang().history_choice(it);
        (words, it.href(desk), id, it == shown)
    };
    Show::ALL.into_iter().map(choice).collect()
}
