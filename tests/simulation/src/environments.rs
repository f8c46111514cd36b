//! How bad the world is.

use crate::clock::MINUTE;
use crate::clock::Ms;
use crate::clock::SECOND;
use crate::random::Share;

/// What goes wrong, how often, and how badly, until the faults stop.
#[derive(Debug, Clone, Copy)]
pub struct Environment {
    pub name: &'static str,
    /// Calls that send and do not end in a plain answer.
    pub faulty: Share,
    /// Those of them after which nobody knows, of all calls.
    pub ambiguous: Share,
    /// Calls that read and fail.
    pub unread: Share,
    /// Workers that die, at each of two points of each command.
    pub crash: Share,
    /// Workers that stand still, at each of two points of each command.
    pub stall: Share,
    /// How long, at most.
    pub stall_for: Ms,
    /// Stores whose acknowledgement is lost, half of them after the commit.
    pub store_lost: Share,
    /// Reports that come twice.
    pub twice: Share,
    /// Wall clocks that are set, at each command.
    pub clock_set: Share,
    /// How old an answer of the marketplace may be.
    pub lag: Ms,
    /// How late a call may arrive whose caller gave up.
    pub late: Ms,
    /// Marketplaces that do not repeat what a gesture's details or an invoice's name were.
    pub forgetful: Share,
    /// What somebody does in the seller's portal meanwhile, at most.
    pub portal_acts: u64,
}

pub const ALL: [Environment; 3] = [
    Environment {
        name: "mild",
        faulty: 1_800,
        ambiguous: 1_200,
        unread: 1_000,
        crash: 67,
        stall: 100,
        stall_for: 30 * SECOND,
        store_lost: 50,
        twice: 20,
        clock_set: 20,
        lag: 5 * SECOND,
        late: 60 * SECOND,
        forgetful: 0,
        portal_acts: 3,
    },
    Environment {
        name: "standard",
        faulty: 60_000,
        ambiguous: 39_000,
        unread: 20_000,
        crash: 1_333,
        stall: 2_000,
        stall_for: 150 * SECOND,
        store_lost: 1_000,
        twice: 500,
        clock_set: 1_000,
        lag: 60 * SECOND,
        late: 60 * SECOND,
        forgetful: 5_000,
        portal_acts: 5,
    },
    Environment {
        name: "hostile",
        faulty: 60_000,
        ambiguous: 39_000,
        unread: 20_000,
        crash: 1_333,
        stall: 2_000,
        stall_for: 10 * MINUTE,
        store_lost: 1_000,
        twice: 500,
        clock_set: 1_000,
        lag: 5 * MINUTE,
        late: 10 * MINUTE,
        forgetful: 5_000,
        portal_acts: 6,
    },
];

pub fn named(name: &str) -> Option<&'static Environment> {
    ALL.iter().find(|it| it.name == name)
}
