//! What a page says of a promise that is under way, or that has just ended.

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::db::promises::Promise;
use crate::domain::delivery::State;
use crate::domain::request::Request;
use crate::domain::request::Standing;
use crate::web::components::Delivery;
use crate::web::format;
use crate::web::orders::Reader;

/// How long the happy end of a promise is worth a sentence at the top of the page.
const NEWS: SignedDuration = SignedDuration::from_mins(10);

/// A sentence at the top of a page. It always has one control, with the same `id`, so that the focus stays
/// where it is while the page refreshes itself.
#[derive(Debug)]
pub struct Notice {
    /// For `data-icon`; none while nothing is decided.
    pub icon: Option<&'static str>,
    /// The mark of the promise, before the sentence.
    pub delivery: Option<Delivery>,
    /// What happened, in bold.
    pub title: String,
    /// More about it.
    pub text: String,
    /// How long until it is sent.
    pub countdown: Option<String>,
    /// Where to post to take it back.
    pub withdraw: Option<String>,
    /// Where to go next, if not, and its words.
    pub next: (String, &'static str),
}

/// What there is to say of the last promise of an order. `paused` is whether nothing is sent now, `outcome`
/// what the marketplace decided later, `settled_at` when the promise ended, `correct` the address of the
/// form that makes another one.
pub fn of_promise(
    reader: &Reader,
    promise: &Promise,
    paused: bool,
    outcome: Option<&Request>,
    settled_at: Option<Timestamp>,
    may_withdraw: bool,
    correct: Option<String>,
) -> Option<Notice> {
    let lang = reader.lang;
    let (state, noun) = (promise.progress.state, lang.action_noun(promise.action.kind()));
    let news = settled_at.is_some_and(|at| reader.now.duration_since(at) < NEWS);
    let href = format!("/promises/{}", promise.id);
    let refusal = promise.progress.refusal.as_ref().map(|it| lang.refusal(it));
    let mut notice = Notice {
        icon: None,
        delivery: None,
        title: String::new(),
        text: String::new(),
        countdown: None,
        withdraw: None,
        next: (href.clone(), lang.see_details()),
    };
    let mark = |words: &str| {
        let label = format!("{noun}{}{words}", lang.colon());
        Some(Delivery::new(state, label.trim_end().to_owned()))
    };
    match state {
        State::Queued => {
            notice.delivery = mark("");
            notice.countdown = Some(countdown(reader, promise, paused));
            let trouble = promise.trouble.map_or("", |it| lang.trouble(Some(it))[0]);
            trouble.clone_into(&mut notice.text);
            notice.withdraw = may_withdraw.then(|| format!("{href}/withdraw"));
        }
        State::Sending => notice.delivery = mark(lang.sent_waiting()),
        State::InDoubt => {
            notice.delivery = mark(lang.no_answer_checking());
            lang.do_not_redo().clone_into(&mut notice.text);
        }
        State::NeedsPerson => {
            notice.icon = Some("warn");
            notice.title = lang.nobody_knows(noun);
            notice.next.1 = lang.decide_now();
        }
        State::Refused => {
            notice.icon = Some("fail");
            notice.title = lang.was_refused(noun);
            notice.text = refusal.unwrap_or_default();
            notice.next = correct.map_or(notice.next, |it| (it, lang.correct_shipment()));
        }
        State::Confirmed => match outcome.map(Request::standing) {
            Some(Standing::Rejected) => {
                notice.icon = Some("fail");
                notice.title = lang.was_turned_down(noun);
                let words = outcome.map(|it| it.words().join(" ")).unwrap_or_default();
                notice.text = lang.turned_down_because(&words);
            }
            Some(Standing::InProgress | Standing::Other(_)) => {
                notice.icon = Some("info");
                notice.title = lang.under_review(noun);
            }
            Some(Standing::Done) if news => {
                notice.icon = Some("ok");
                notice.title = lang.was_done(noun);
            }
            None if news => {
                notice.icon = Some("ok");
                notice.title = lang.was_confirmed(noun);
            }
            Some(Standing::Done) | None => return None,
        },
        State::Withdrawn if news => {
            notice.icon = Some("info");
            notice.title = lang.was_withdrawn(noun);
        }
        State::Withdrawn => return None,
    }
    Some(notice)
}

/// How long until a promise is sent; nobody knows, while its account is paused.
pub fn countdown(reader: &Reader, promise: &Promise, paused: bool) -> String {
    let lang = reader.lang;
    if paused {
        return lang.waiting_paused().to_owned();
    }
    let left = promise.progress.next_at.duration_since(reader.now);
    let tried = promise.progress.attempts > 0 || promise.trouble.is_some();
    if left <= SignedDuration::ZERO {
        return if tried { lang.next_try_now() } else { lang.sending_now() }.to_owned();
    }
    let span = if left < SignedDuration::from_mins(2) {
        format!("{} s", left.as_secs().max(1))
    } else {
        format::span(lang, left)
    };
    if tried { lang.next_try_in(span) } else { lang.sending_in(span) }
}
