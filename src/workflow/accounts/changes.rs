//! What was changed of an account, for the audit. Of what proves who we are, only that it is another.

use crate::db::account_credentials::Credentials;
use crate::db::accounts::Setting;
use crate::domain::audit::Act;
use crate::domain::audit::act::Change;
use crate::workflow::accounts::Draft;

/// The acts of a draft that took the place of what was known.
pub(super) fn acts(is_new: bool, known: &Setting, draft: &Draft, new: &Credentials) -> Vec<Act> {
    let mut acts = Vec::new();
    if is_new {
        acts.push(Act::AccountAdded);
    }
    let changes = changes(known, draft, new);
    if !is_new && !changes.is_empty() {
        acts.push(Act::AccountChanged { changes });
    }
    if draft.secret.is_some() {
        acts.push(Act::SecretReplaced { tested: new.tested_at.is_some() });
    }
    acts
}

fn changes(known: &Setting, draft: &Draft, new: &Credentials) -> Vec<Change> {
    let (before, after) = (&known.account, &draft.account);
    let old = known.set_up.as_ref().map(|it| &it.credentials);
    let number = |it: Option<i32>| it.map(|it| it.to_string());
    let yes_no = |it: bool| Some(if it { "yes" } else { "no" }.to_owned());
    let text = |it: &str| Some(it.to_owned());
    let pairs = [
        ("name", text(&before.name), text(&after.name)),
        ("seller_id", text(&before.seller_id), text(&after.seller_id)),
        ("time_zone", text(&before.time_zone), text(&after.time_zone)),
        ("base_url", old.and_then(|it| text(&it.base_url)), text(&new.base_url)),
        ("token_url", old.and_then(|it| text(&it.token_url)), text(&new.token_url)),
        (
            "requests_per_second",
            old.and_then(|it| number(it.requests_per_second)),
            number(new.requests_per_second),
        ),
        (
            "sync_interval_seconds",
            old.and_then(|it| number(it.sync_interval_seconds)),
            number(new.sync_interval_seconds),
        ),
        (
            "send_delay_seconds",
            number(known.options.send_delay_seconds),
            number(draft.options.send_delay_seconds),
        ),
        (
            "skips_fulfilled",
            yes_no(known.options.skips_fulfilled),
            yes_no(draft.options.skips_fulfilled),
        ),
    ];
    let others = pairs.into_iter().filter(|(_, from, to)| from != to);
    let mut changes: Vec<Change> =
        others.map(|(field, from, to)| Change { field: field.to_owned(), from, to }).collect();
    if old.is_none_or(|it| it.client_id != new.client_id) {
        changes.push(Change { field: "client_id".to_owned(), from: None, to: None });
    }
    changes
}
