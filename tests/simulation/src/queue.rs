//! What is going to happen, soonest first; of what happens at the same moment, what was planned first.

use std::cmp::Ordering;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::clock::Ms;
use crate::world::Event;

#[derive(Default)]
pub struct Queue {
    entries: BinaryHeap<Entry>,
    planned: u64,
}

struct Entry(Reverse<(Ms, u64)>, Event);

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl Eq for Entry {}
impl PartialOrd for Entry {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Entry {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl Queue {
    pub fn push(&mut self, at: Ms, event: Event) {
        self.planned += 1;
        self.entries.push(Entry(Reverse((at, self.planned)), event));
    }

    pub fn pop(&mut self) -> Option<(Ms, Event)> {
        self.entries.pop().map(|Entry(Reverse((at, _)), event)| (at, event))
    }
}
