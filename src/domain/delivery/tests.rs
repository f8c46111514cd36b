use super::*;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
const FOUND: Reading = Reading::Found { reference: None };

fn sending() -> Progress {
    Progress::promised(NOW).marked(Vec::new(), NOW)
}

fn in_doubt() -> Progress {
    sending().answered(Answer::Unknown, NOW)
}

fn after_horizon(seconds: i64) -> Timestamp {
    NOW + HORIZON + SignedDuration::from_secs(seconds)
}

#[test]
fn what_was_marked_by_a_worker_that_died_is_in_doubt_and_never_queued() {
    let taken = sending().taken_up();
    assert_eq!((taken.state, taken.unknown_attempts), (State::InDoubt, 1));
    assert_eq!(Progress::promised(NOW).taken_up().state, State::Queued);
}

#[test]
fn each_answer_leads_where_it_must() {
    let words = || "no".to_owned();
    for (answer, state) in [
        (Answer::Applied { reference: None }, State::Confirmed),
        (Answer::NotSent { after: None }, State::Queued),
        (Answer::Refused(words()), State::Refused),
        (Answer::Conflict(words()), State::InDoubt),
        (Answer::Unknown, State::InDoubt),
    ] {
        assert_eq!(sending().answered(answer.clone(), NOW).state, state, "{answer:?}");
    }
}

#[test]
fn a_refusal_after_an_attempt_of_unknown_outcome_is_not_final() {
    let second = Progress { state: State::Queued, ..in_doubt() }.marked(Vec::new(), NOW);
    let refused = second.answered(Answer::Refused("Already shipped".to_owned()), NOW);
    assert_eq!(refused.state, State::InDoubt);
    assert_eq!(refused.clone().read_back(FOUND, true, NOW).state, State::Confirmed);
    let once = refused.read_back(Reading::Absent, true, after_horizon(1));
    let twice = once.read_back(Reading::Absent, true, after_horizon(40));
    assert_eq!(twice.state, State::NeedsPerson);
}

#[test]
fn before_the_horizon_no_read_without_the_effect_counts() {
    let mut progress = in_doubt();
    let mut now = NOW;
    while now < NOW + HORIZON {
        progress = progress.read_back(Reading::Absent, true, now);
        assert_eq!((progress.state, progress.negative_reads), (State::InDoubt, 0));
        assert!(progress.next_at > now, "it would spin");
        now = progress.next_at;
    }
}

#[test]
fn two_reads_without_the_effect_lead_to_another_attempt_only_if_it_is_guarded() {
    for (guarded, state) in [(true, State::Queued), (false, State::NeedsPerson)] {
        let once = in_doubt().read_back(Reading::Absent, guarded, after_horizon(0));
        assert_eq!(once.state, State::InDoubt);
        assert_eq!(once.read_back(Reading::Absent, guarded, after_horizon(30)).state, state);
    }
}

#[test]
fn after_three_unknown_attempts_a_person_is_asked() {
    let mut progress = in_doubt();
    progress.unknown_attempts = 3;
    let once = progress.read_back(Reading::Absent, true, after_horizon(0));
    assert_eq!(once.read_back(Reading::Absent, true, after_horizon(30)).state, State::NeedsPerson);
}

#[test]
fn what_was_never_sent_is_refused_when_the_order_no_longer_allows_it() {
    let refused = Progress::promised(NOW).no_longer_possible(FOUND, Refusal::AlreadyDone, NOW);
    assert_eq!(refused.state, State::Refused);
    let resent = Progress { state: State::Queued, ..in_doubt() };
    let confirmed = resent.no_longer_possible(FOUND, Refusal::AlreadyDone, NOW);
    assert_eq!(confirmed.state, State::Confirmed);
}

#[test]
fn pauses_grow_and_obey_the_marketplace_within_reason() {
    let seconds = |attempts, asked: Option<i64>| {
        pause(attempts, asked.map(SignedDuration::from_secs)).as_secs()
    };
    assert_eq!([1, 2, 3, 4, 9].map(|it| seconds(it, None)), [5, 10, 20, 40, 300]);
    assert_eq!([0, 90, 86_400].map(|it| seconds(1, Some(it))), [1, 90, 900]);
}

#[test]
fn only_what_surely_has_not_left_can_be_withdrawn() {
    assert!(Progress::promised(NOW).may_be_withdrawn());
    assert!(sending().answered(Answer::NotSent { after: None }, NOW).may_be_withdrawn());
    assert!(!sending().may_be_withdrawn());
    let once = in_doubt().read_back(Reading::Absent, true, after_horizon(1));
    let queued = once.read_back(Reading::Absent, true, after_horizon(40));
    assert_eq!(queued.state, State::Queued);
    assert!(!queued.may_be_withdrawn(), "the first attempt may have arrived");
}

#[test]
fn a_record_that_proves_another_promise_is_not_new() {
    let marked = Progress::promised(NOW).marked(vec!["old".to_owned()], NOW);
    let besides = marked.besides(["proof".to_owned()]);
    assert_eq!(besides.baseline, Some(vec!["old".to_owned(), "proof".to_owned()]));
    assert_eq!(Progress::promised(NOW).besides(["proof".to_owned()]).baseline, None);
}
