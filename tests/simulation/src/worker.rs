//! A worker: carries out what the shipped machine says, dies, stands still, and hears of things late.

use jiff::SignedDuration;

use crate::clock::Clocks;
use crate::clock::MINUTE;
use crate::clock::Ms;
use crate::clock::SECOND;
use crate::clock::at;
use crate::clock::moment;
use crate::database::Stored;
use crate::domain::delivery::Answer;
use crate::domain::sending::Command;
use crate::domain::sending::Report;
use crate::domain::sending::Sight;
use crate::domain::sending::Step;
use crate::domain::sending::Store;
use crate::domain::sending::Watch;
use crate::domain::trouble::Trouble;
use crate::mirror::Snapshot;
use crate::world::Event;
use crate::world::World;

#[derive(Debug)]
pub struct Worker {
    /// Grows when it dies: what was meant for the dead is not heard.
    pub life: u64,
    pub clocks: Clocks,
    pub job: Option<Job>,
}

/// A promise in a worker's hands.
#[derive(Debug, Clone)]
pub struct Job {
    pub promise: usize,
    pub fence: u64,
    step: Step,
    began: Watch,
    /// Which clock has gone wrong during this step: the machine needs one of the two.
    wrong: Option<Wrong>,
    /// What the marketplace answered.
    answered: Option<Answer>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wrong {
    Wall,
    Monotonic,
}

/// Which worker, in which of its lives.
pub type Who = (usize, u64);

/// What a worker hears.
#[derive(Debug, Clone)]
pub enum Heard {
    Read(Snapshot),
    Unread(Trouble, Option<SignedDuration>),
    Stored(Stored),
    /// The connection to the database broke: stored or not, nobody says.
    Broken,
    Sent(Answer, Option<Trouble>),
}

impl World<'_> {
    fn is_alive(&self, (worker, life): Who) -> bool {
        self.workers[worker].life == life
    }

    /// Reads its own clocks, then the database's.
    pub fn poll(&mut self, who: Who) {
        if !self.is_alive(who) || self.workers[who.0].job.is_some() {
            return;
        }
        let began = self.workers[who.0].clocks.watch(self.now);
        let mut pause = self.random.between(0, 5);
        // It may stand still before it takes something, and be late from the beginning.
        if self.goes_wrong(self.environment.stall) {
            pause += self.random.between(100, self.environment.stall_for);
            self.excuse(self.now + pause);
        }
        self.soon(pause, pause, Event::Take(who, began, self.now));
    }

    /// Takes what is due, if something is.
    pub fn take(&mut self, who: Who, began: Watch, read_at: Ms) {
        if !self.is_alive(who) {
            return;
        }
        let Some(promise) = self.database.take(read_at) else {
            self.rest(who);
            return;
        };
        let row = &self.database.promises[promise];
        let progress = self.variant.taken(row.progress.clone());
        let fence = row.fence;
        // What the variant makes of the state is what its database says, too.
        self.database.promises[promise].progress.state = progress.state;
        self.note("takes", promise, || format!("worker {} as number {fence}", who.0));
        let worker = &mut self.workers[who.0];
        let began = self.variant.began(began, worker.clocks.watch(self.now));
        let step = Step::begin(progress, at(read_at), began);
        worker.job = Some(Job { promise, fence, step, began, wrong: None, answered: None });
        self.soon(1, 5, Event::Act(who, false));
    }

    fn rest(&mut self, who: Who) {
        self.workers[who.0].job = None;
        let due = self.database.next_due().map_or(self.now + 20 * SECOND, moment);
        let pause = (due - self.now).clamp(200, 20 * SECOND);
        self.soon(pause, pause + 300, Event::Poll(who));
    }

    /// Whether the worker dies here, or stands still and does the same later.
    fn stumbles(&mut self, who: Who, rested: bool) -> Stumble {
        if self.goes_wrong(self.environment.crash) {
            return Stumble::Dies;
        }
        if rested || !self.goes_wrong(self.environment.stall) {
            return Stumble::No;
        }
        let pause = self.random.between(100, self.environment.stall_for);
        self.excuse(self.now + pause);
        let suspended = self.random.chance(50_000);
        let worker = &mut self.workers[who.0];
        if let Some(job) = &mut worker.job
            && suspended
            && job.wrong != Some(Wrong::Wall)
        {
            job.wrong = Some(Wrong::Monotonic);
            worker.clocks.ticks_behind += pause;
        }
        Stumble::Waits(pause)
    }

    fn die(&mut self, who: Who) {
        let worker = &mut self.workers[who.0];
        worker.life += 1;
        worker.job = None;
        let life = worker.life;
        self.note("dies", who.0, String::new);
        self.soon(SECOND, 30 * SECOND, Event::Poll((who.0, life)));
    }

    /// Somebody sets the clock of the machine.
    fn set_clock(&mut self, who: Who) {
        if !self.goes_wrong(self.environment.clock_set) {
            return;
        }
        let ahead = self.random.between(-120 * MINUTE, 120 * MINUTE);
        let worker = &mut self.workers[who.0];
        if let Some(job) = &mut worker.job
            && job.wrong != Some(Wrong::Monotonic)
        {
            job.wrong = Some(Wrong::Wall);
            worker.clocks.wall_ahead = ahead;
            self.note("clock is set", who.0, || format!("{} min", ahead / MINUTE));
        }
    }

    /// Carries out the machine's command.
    pub fn act(&mut self, who: Who, rested: bool) {
        if !self.is_alive(who) {
            return;
        }
        self.set_clock(who);
        match self.stumbles(who, rested) {
            Stumble::Dies => return self.die(who),
            Stumble::Waits(pause) => return self.soon(pause, pause, Event::Act(who, true)),
            Stumble::No => {}
        }
        let Some(job) = self.workers[who.0].job.clone() else { return };
        match job.step.command().clone() {
            Command::Look => self.look(who, &job),
            Command::Store(store) => self.commit_soon(who, &job, store),
            Command::Send { not_after } => {
                let watch = self.watch(who, &job);
                if watch.since(&job.began) > not_after {
                    let answer = Answer::NotSent { after: None };
                    self.hear(who, Heard::Sent(answer, Some(Trouble::Internal)), true);
                } else {
                    self.send(who, job.promise, job.fence);
                }
            }
            Command::Rest => self.rest(who),
        }
    }

    fn watch(&self, who: Who, job: &Job) -> Watch {
        self.variant.watch(job.began, self.workers[who.0].clocks.watch(self.now))
    }

    fn look(&mut self, who: Who, job: &Job) {
        let order = self.database.promises[job.promise].order;
        let heard = if self.goes_wrong(self.environment.unread) {
            let trouble = *self.random.pick(&Trouble::ALL);
            let asked = self.random.chance(20_000);
            let after = asked.then(|| SignedDuration::from_secs(self.random.between(0, 1_200)));
            Heard::Unread(trouble, after)
        } else {
            let kind = self.database.promises[job.promise].action.kind();
            Heard::Read(self.look_for(order, kind))
        };
        self.soon(50, 1_500, Event::Hear(who, heard, false));
    }

    fn commit_soon(&mut self, who: Who, job: &Job, store: Store) {
        let store = self.variant.stored(store, job.answered.as_ref());
        let slow = self.goes_wrong(self.environment.store_lost);
        let lost = self.goes_wrong(self.environment.store_lost);
        if lost && self.random.chance(50_000) {
            return self.soon(1, 9 * SECOND, Event::Hear(who, Heard::Broken, false));
        }
        let until = if slow { 8 * SECOND } else { 20 };
        let commit = Box::new((job.promise, job.fence, store));
        self.soon(1, until, Event::Commit(who, commit, lost));
    }

    /// The database has the worker's words, whether or not the worker still lives.
    pub fn commit(&mut self, who: Who, (promise, fence, store): &(usize, u64, Store), lost: bool) {
        let stored = self.store(*promise, *fence, store);
        let heard = if lost { Heard::Broken } else { Heard::Stored(stored) };
        self.soon(1, 10, Event::Hear(who, heard, false));
    }

    /// The worker hears what came of its command.
    pub fn hear(&mut self, who: Who, heard: Heard, rested: bool) {
        if !self.is_alive(who) {
            return;
        }
        match self.stumbles(who, rested) {
            Stumble::Dies => return self.die(who),
            Stumble::Waits(pause) => {
                return self.soon(pause, pause, Event::Hear(who, heard, true));
            }
            Stumble::No => {}
        }
        let Some(mut job) = self.workers[who.0].job.take() else { return };
        if let Heard::Sent(answer, _) = &heard {
            job.answered = Some(answer.clone());
        }
        let Some(report) = self.understand(&job, heard) else {
            // A database error ends the step; the lease gives the promise back.
            return self.rest(who);
        };
        let watch = self.watch(who, &job);
        job.step.report(report.clone(), watch);
        if self.goes_wrong(self.environment.twice) {
            job.step.report(report, watch);
        }
        self.workers[who.0].job = Some(job);
        self.soon(0, 5, Event::Act(who, false));
    }

    fn understand(&mut self, job: &Job, heard: Heard) -> Option<Report> {
        let report = match heard {
            Heard::Broken | Heard::Stored(Stored::Failed) => return None,
            Heard::Stored(stored) => Report::Stored { held: stored == Stored::Held },
            Heard::Unread(trouble, after) => Report::Unread { trouble, after },
            Heard::Sent(answer, trouble) => Report::Sent { answer, trouble },
            Heard::Read(snapshot) => {
                let order = self.database.promises[job.promise].order;
                self.record(order, &snapshot).ok()?;
                Report::Seen(self.sight(job))
            }
        };
        let action = &self.database.promises[job.promise].action;
        Some(self.with_evidence(job.promise, job.step.progress(), |evidence| {
            self.variant.told(report, action, evidence)
        }))
    }

    fn sight(&self, job: &Job) -> Sight {
        let promise = &self.database.promises[job.promise];
        let progress = job.step.progress().clone().besides(self.database.proofs(job.promise));
        self.with_facts(promise.order, None, |facts| {
            Sight::of(&promise.action, &progress, &promise.marker, facts)
        })
    }
}

enum Stumble {
    No,
    Dies,
    Waits(Ms),
}
