//! A world: everything that happens, one event after the other, from one seed.

use crate::check::Fault;
use crate::check::Violation;
use crate::clock::Clocks;
use crate::clock::MINUTE;
use crate::clock::Ms;
use crate::clock::SECOND;
use crate::clock::moment;
use crate::database::Database;
use crate::database::Stored;
use crate::domain::channel::Channel;
use crate::domain::delivery::State;
use crate::domain::sending::Store;
use crate::domain::sending::Watch;
use crate::environments::Environment;
use crate::marketplace::Call;
use crate::marketplace::Marketplace;
use crate::queue::Queue;
use crate::random::Random;
use crate::random::Share;
use crate::tally::Tally;
use crate::variants::Variant;
use crate::wire::Reply;
use crate::worker::Heard;
use crate::worker::Who;
use crate::worker::Worker;

/// The longest that anything may stay open once nothing goes wrong any more (`reliability`, R-3).
const SETTLES_WITHIN: Ms = 6 * MINUTE;
/// The longest pause that the marketplace can impose.
const LONGEST_PAUSE: Ms = 15 * MINUTE;

/// What happens next.
#[derive(Debug)]
pub enum Event {
    /// A worker looks for something to do.
    Poll(Who),
    /// A worker takes something, by its clocks and the database's time as it read them.
    Take(Who, Watch, Ms),
    /// A worker carries out its command; whether it has stood still for it already.
    Act(Who, bool),
    /// A worker's words reach the database; whether the acknowledgement is lost.
    Commit(Who, Box<(usize, u64, Store)>, bool),
    /// A worker hears what came of its command; whether it has stood still for it already.
    Hear(Who, Heard, bool),
    /// A call reaches the marketplace.
    Arrive(Box<Call>, Option<Reply>),
    /// The marketplace goes on with an order by itself.
    Proceed(usize),
    /// The marketplace decides about a request of an order.
    Settle(usize, usize),
    Portal,
    Operator,
    Sync(usize),
    /// Everything must be settled by now.
    Judge,
}

pub struct World<'a> {
    pub environment: &'a Environment,
    pub variant: Variant,
    pub random: Random,
    pub now: Ms,
    queue: Queue,
    pub marketplace: Marketplace,
    pub channels: Vec<Channel>,
    pub database: Database,
    pub workers: Vec<Worker>,
    /// How often each promise was sent.
    pub posts: Vec<usize>,
    /// When each promise was last sent by a call that may have arrived.
    pub sent_at: Vec<Option<Ms>>,
    /// Form and promise, of each form that was sent.
    pub submissions: Vec<(u64, usize)>,
    /// From here on nothing goes wrong.
    pub quiet_at: Ms,
    /// What stood still until here cannot be blamed for it.
    excused_until: Ms,
    pub violations: Vec<Violation>,
    pub tally: Tally,
    /// A fingerprint of all that happened.
    pub fingerprint: u64,
    log: bool,
}

impl<'a> World<'a> {
    pub fn new(seed: u64, environment: &'a Environment, variant: Variant, log: bool) -> Self {
        let mut random = Random::new(seed);
        let quiet_at = random.between(4 * MINUTE, 8 * MINUTE);
        let mut world = Self {
            environment,
            variant,
            random,
            now: 0,
            queue: Queue::default(),
            marketplace: Marketplace::default(),
            channels: Vec::new(),
            database: Database {
                promises: Vec::new(),
                mirror: Vec::new(),
                fenced: variant != Variant::NoFence,
            },
            workers: Vec::new(),
            posts: Vec::new(),
            sent_at: Vec::new(),
            submissions: Vec::new(),
            quiet_at,
            excused_until: quiet_at,
            violations: Vec::new(),
            tally: Tally::default(),
            fingerprint: 0xCBF2_9CE4_8422_2325,
            log,
        };
        world.populate();
        world
    }

    fn populate(&mut self) {
        let orders = 1 + self.random.index(3);
        for order in 0..orders {
            self.sell(order);
            self.soon(SECOND, MINUTE, Event::Sync(order));
        }
        let workers = 2 + usize::from(self.random.chance(25_000));
        for worker in 0..workers {
            let ahead = self.random.between(-120 * MINUTE, 120 * MINUTE);
            let clocks = Clocks { wall_ahead: ahead, ticks_behind: 0 };
            self.workers.push(Worker { life: 0, clocks, job: None });
            self.soon(0, 2 * SECOND, Event::Poll((worker, 0)));
        }
        for _ in 0..2 + self.random.index(5) {
            self.soon(0, self.quiet_at * 3 / 4, Event::Operator);
        }
        for _ in 0..self.random.below(self.environment.portal_acts + 1) {
            self.soon(0, self.quiet_at, Event::Portal);
        }
        self.queue.push(self.quiet_at, Event::Judge);
    }

    /// Lets the world run until everything is over, and says what went wrong.
    pub fn run(&mut self) {
        while let Some((at, event)) = self.queue.pop() {
            self.now = at;
            if let Event::Judge = event {
                if self.judge() {
                    break;
                }
            } else {
                self.happen(event);
            }
        }
        self.check_the_end();
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Poll(who) => self.poll(who),
            Event::Take(who, began, read_at) => self.take(who, began, read_at),
            Event::Act(who, rested) => self.act(who, rested),
            Event::Commit(who, commit, lost) => self.commit(who, &commit, lost),
            Event::Hear(who, heard, rested) => self.hear(who, heard, rested),
            Event::Arrive(call, reply) => self.arrive(&call, reply),
            Event::Proceed(order) => self.proceed(order),
            Event::Settle(order, request) => self.settle(order, request),
            Event::Portal => self.act_in_portal(),
            Event::Operator => self.operate(),
            Event::Sync(order) => self.sync(order),
            Event::Judge => {}
        }
    }

    /// Once everything must be settled, looks whether it is; and once also the last call has arrived, says
    /// that this is the end.
    fn judge(&mut self) -> bool {
        let by = self.excused_until + SETTLES_WITHIN;
        if self.now < by {
            self.queue.push(by, Event::Judge);
            return false;
        }
        if self.tally.judged {
            return true;
        }
        self.tally.judged = true;
        self.check_that_all_is_settled();
        let last = self.quiet_at + self.environment.late + MINUTE;
        self.queue.push(last.max(self.now + 1), Event::Judge);
        false
    }

    /// The mirror is kept up to date by reading now and then.
    fn sync(&mut self, order: usize) {
        if !self.goes_wrong(self.environment.unread) {
            let snapshot = self.snapshot(order);
            // A rolled back reading is read again the next time.
            drop(self.record(order, &snapshot));
        }
        if !self.tally.judged {
            self.soon(20 * SECOND, 90 * SECOND, Event::Sync(order));
        }
    }

    /// Stores what is to be stored of a promise, and looks whether that may be said of it.
    pub fn store(&mut self, index: usize, fence: u64, store: &Store) -> Stored {
        let was = self.database.promises[index].progress.state;
        let stored = self.database.advance(self.now, index, fence, store);
        if store.trouble.is_some() {
            self.excuse(moment(store.progress.next_at).min(self.now + LONGEST_PAUSE));
        }
        let is = store.progress.state;
        self.note("stores", index, || format!("{} to {}: {stored:?}", was.as_str(), is.as_str()));
        if stored == Stored::Held && is == State::Confirmed {
            self.check_confirmed(index);
            self.expect(index);
        }
        stored
    }

    /// `workflow::requests::expect`: a record just made is in the mirror at once.
    fn expect(&mut self, index: usize) {
        let promise = &self.database.promises[index];
        let Some(reference) = &promise.progress.reference else { return };
        let sold = &self.marketplace.orders[promise.order];
        let made: Vec<_> = sold.history[..]
            .iter()
            .find_map(|it| it.requests.iter().find(|it| it.id() == reference))
            .cloned()
            .into_iter()
            .collect();
        self.database.mirror[promise.order].see_requests(&made);
    }

    pub fn is_quiet(&self) -> bool {
        self.now >= self.quiet_at
    }

    /// Whether something goes wrong that does so in that share of cases.
    pub fn goes_wrong(&mut self, share: Share) -> bool {
        !self.is_quiet() && self.random.chance(share)
    }

    /// Something that began before the faults stopped lasts until then.
    pub fn excuse(&mut self, until: Ms) {
        self.excused_until = self.excused_until.max(until);
    }

    /// Lets something happen between so and so many milliseconds from now.
    pub fn soon(&mut self, from: Ms, to: Ms, event: Event) {
        let wait = self.random.between(from, to);
        self.queue.push(self.now + wait, event);
    }

    /// Takes something down in the history.
    pub fn note(&mut self, what: &str, whom: usize, how: impl FnOnce() -> String) {
        let mut hash = self.fingerprint;
        let number = u64::try_from(whom).expect("a small number");
        for word in [self.now.cast_unsigned(), number] {
            hash = (hash ^ word).wrapping_mul(0x0000_0100_0000_01B3);
        }
        for byte in what.bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
        self.fingerprint = hash.rotate_left(7);
        if self.log {
            let (seconds, thousandths) = (self.now / SECOND, self.now % SECOND);
            say(&format!("{seconds:>6}.{thousandths:03} {what} {whom} {}", how()));
        }
    }

    pub fn blame(&mut self, fault: Fault, promise: usize, why: String) {
        self.note("FAULT", promise, || format!("{fault:?}: {why}"));
        self.violations.push(Violation { fault, promise, why });
    }
}

#[expect(clippy::print_stdout, reason = "the log of a replayed world")]
pub fn say(line: &str) {
    println!("{line}");
}
