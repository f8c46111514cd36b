//! What came of many worlds.

use crate::check::Fault;
use crate::domain::delivery::State;

/// Sums, so that it does not matter who counted what.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    pub worlds: u64,
    pub promises: u64,
    pub posts: u64,
    states: [u64; State::ALL.len()],
    faults: [u64; Fault::ALL.len()],
    /// Effects of promises that had been given to a person.
    pub after_person: u64,
    /// Cancellations made again after the first was turned down.
    pub repeated: u64,
    /// All histories together.
    pub fingerprint: u64,
    /// Whether this world has been judged.
    pub judged: bool,
}

impl Tally {
    pub fn count(&mut self, state: State, posts: usize) {
        self.promises += 1;
        self.posts += u64::try_from(posts).expect("a small number");
        self.states[place(&State::ALL, &state)] += 1;
    }

    pub fn blame(&mut self, fault: Fault) {
        self.faults[place(&Fault::ALL, &fault)] += 1;
    }

    pub fn of(&self, state: State) -> u64 {
        self.states[place(&State::ALL, &state)]
    }

    pub fn faults(&self, fault: Fault) -> u64 {
        self.faults[place(&Fault::ALL, &fault)]
    }

    pub fn add(&mut self, other: &Self) {
        self.worlds += other.worlds;
        self.promises += other.promises;
        self.posts += other.posts;
        self.after_person += other.after_person;
        self.repeated += other.repeated;
        self.fingerprint = self.fingerprint.wrapping_add(other.fingerprint);
        self.states.iter_mut().zip(other.states).for_each(|(sum, it)| *sum += it);
        self.faults.iter_mut().zip(other.faults).for_each(|(sum, it)| *sum += it);
    }

    pub fn print(&self, environment: &str) -> String {
        let mut lines = vec![format!(
            "{environment}: {} worlds, {} promises, sent {} times, history {:016x}",
            self.worlds, self.promises, self.posts, self.fingerprint
        )];
        let share = |state: State| {
            let hundredths = (self.of(state) * 10_000).checked_div(self.promises).unwrap_or(0);
            format!("{} {}.{:02} %", state.as_str(), hundredths / 100, hundredths % 100)
        };
        let ends = State::ALL.into_iter().filter(|it| self.of(*it) > 0).map(share);
        lines.push(format!("  {}", ends.collect::<Vec<_>>().join(", ")));
        let faults = Fault::ALL.into_iter().filter(|it| self.faults(*it) > 0);
        let faults: Vec<_> = faults.map(|it| format!("{it:?} {}", self.faults(it))).collect();
        let none = "double effects 0, false confirmed 0, false refused 0, stuck 0, other faults 0";
        let faults = if faults.is_empty() { none.to_owned() } else { faults.join(", ") };
        lines.push(format!("  {faults}"));
        lines.push(format!(
            "  done after a person was asked {}, cancellations repeated after a no {}",
            self.after_person, self.repeated
        ));
        lines.join("\n")
    }
}

fn place<T: PartialEq>(all: &[T], one: &T) -> usize {
    all.iter().position(|it| it == one).expect("every variant is listed")
}
