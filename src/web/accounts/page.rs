//! The pages of the seller accounts, ready to print.

use askama::Template;
use jiff::Timestamp;

use crate::db::accounts::Setting;
use crate::db::reference::KnownChannel;
use crate::db::sync_states::SyncState;
use crate::domain::channel::Rule;
use crate::domain::order::AccountId;
use crate::live::Outcome;
use crate::live::Tested;
use crate::web::AppState;
use crate::web::accounts::channels::ChannelView;
use crate::web::accounts::entry::Entry;
use crate::web::accounts::entry::SKIP;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::format;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::sync_page::condition::Condition;
use crate::web::sync_page::condition::headline;
use crate::web::text::Lang;

#[derive(Template)]
#[template(path = "settings/accounts.html")]
pub struct ListPage {
    layout: Layout,
    may_add: bool,
    rows: Vec<Row>,
}

struct Row {
    id: String,
    name: String,
    seller: String,
    client_id: Option<String>,
    secret_end: String,
    in_file: bool,
    condition: Condition,
    icon: &'static str,
    state: String,
    read_at: Option<Time>,
    changed: Option<String>,
    untested: bool,
    paused: bool,
}

impl ListPage {
    /// All of them.
    pub fn new(
        state: &AppState,
        signed_in: &SignedIn,
        settings: Vec<Setting>,
        states: &[SyncState],
    ) -> Self {
        let (lang, now) = (signed_in.lang, state.clock.now());
        let rows = settings.into_iter().filter_map(|setting| {
            let sync = states.iter().find(|it| it.account == setting.account.id)?;
            Some(Row::new(lang, setting, sync, now))
        });
        Self {
            layout: Layout::new(state, signed_in, Place::Settings),
            may_add: state.live.keys().is_some(),
            rows: rows.collect(),
        }
    }
}

impl Row {
    fn new(lang: Lang, setting: Setting, sync: &SyncState, now: Timestamp) -> Self {
        let zone = format::zone(&setting.account.time_zone);
        let clock = |at| format::clock(lang, at, &zone, now);
        let condition = Condition::of(sync, now);
        let set_up = setting.set_up.filter(|_| !setting.in_file);
        let changed = set_up
            .as_ref()
            .map(|it| lang.accounts_changed(&clock(it.changed_at).text, it.changed_by.as_deref()));
        Self {
            icon: condition.icon(),
            state: headline(lang, condition, sync, &zone, now),
            condition,
            read_at: sync.last_success_at.map(clock),
            changed,
            untested: set_up.as_ref().is_some_and(|it| it.credentials.tested_at.is_none()),
            client_id: set_up.as_ref().map(|it| it.credentials.client_id.clone()),
            secret_end: set_up.map(|it| it.credentials.secret_end).unwrap_or_default(),
            in_file: setting.in_file,
            paused: setting.paused.is_some(),
            seller: lang.accounts_seller(&setting.account.seller_id),
            id: setting.account.id.0,
            name: setting.account.name,
        }
    }
}

/// A question of a connection test, as it is shown.
struct CheckView {
    icon: &'static str,
    label: &'static str,
    answer: String,
    words: Option<String>,
    took: Option<String>,
}

impl CheckView {
    fn new(lang: Lang, tested: &Tested) -> Self {
        let (icon, words, asked) = match &tested.outcome {
            Outcome::Fine(_) => ("ok", None, true),
            Outcome::Failed(_, words) => ("fail", Some(words.clone()), true),
            Outcome::TooSlow => ("fail", None, true),
            Outcome::NotAsked => ("info", None, false),
        };
        Self {
            icon,
            label: lang.check(tested.check),
            answer: lang.check_answer(&tested.outcome),
            words: words.filter(|it| !it.is_empty()),
            took: asked.then(|| format!("{} ms", tested.took.as_millis())),
        }
    }
}

#[derive(Template)]
#[template(path = "settings/accounts_test.html")]
pub struct TestPage {
    layout: Layout,
    name: String,
    checks: Vec<CheckView>,
}

impl TestPage {
    /// What came of a test of an account as it is; nothing, if it is not at work.
    pub fn new(
        state: &AppState,
        signed_in: &SignedIn,
        name: &str,
        tested: Option<&[Tested; 4]>,
    ) -> Self {
        let lang = signed_in.lang;
        let checks = tested.into_iter().flatten().map(|it| CheckView::new(lang, it)).collect();
        let layout = Layout::new(state, signed_in, Place::Settings);
        Self { layout, name: name.to_owned(), checks }
    }
}

#[derive(Template)]
#[template(path = "settings/accounts_form.html")]
pub struct FormPage {
    layout: Layout,
    title: String,
    href: String,
    /// Whether there is such an account: then its key is not asked for.
    known: bool,
    /// Why there is nothing to fill in.
    read_only: Option<&'static str>,
    account: String,
    name: String,
    seller_id: String,
    client_id: String,
    secret_hint: String,
    base_url: String,
    token_url: String,
    requests_per_second: String,
    time_zone: String,
    sync_interval: String,
    send_delay: String,
    fulfilled: String,
    /// What an empty field stands for, in seconds.
    usual_delay: i64,
    untested: bool,
    version: String,
    changed: Option<String>,
    errors: FormErrors,
    checks: Vec<CheckView>,
    in_file: bool,
    rules: [Rule; 7],
    /// None where they are not shown: what is typed above would be lost with their forms.
    channels: Option<Vec<ChannelView>>,
}

impl FormPage {
    /// The form with what was typed.
    pub fn new(
        state: &AppState,
        signed_in: &SignedIn,
        setting: Option<&Setting>,
        entry: &Entry,
        errors: FormErrors,
    ) -> Self {
        let (lang, now) = (signed_in.lang, state.clock.now());
        let set_up = setting.and_then(|it| it.set_up.as_ref());
        let read_only = if setting.is_some_and(|it| it.in_file) {
            Some(lang.accounts_set_by_file())
        } else if state.live.keys().is_none() {
            Some(lang.accounts_no_key())
        } else {
            None
        };
        let changed = setting.zip(set_up).map(|(setting, it)| {
            let zone = format::zone(&setting.account.time_zone);
            let at = format::clock(lang, it.changed_at, &zone, now).text;
            lang.accounts_changed(&at, it.changed_by.as_deref())
        });
        let own = setting.map(|it| &it.account);
        Self {
            layout: Layout::new(state, signed_in, Place::Settings),
            title: own.map_or_else(|| lang.accounts_new().to_owned(), |it| it.name.clone()),
            href: format!("/settings/accounts/{}", own.map_or("new", |it| it.id.0.as_str())),
            known: own.is_some(),
            read_only,
            account: entry.account.clone(),
            name: entry.name.clone(),
            seller_id: entry.seller_id.clone(),
            client_id: entry.client_id.clone(),
            secret_hint: lang
                .accounts_secret_hint(set_up.map(|it| it.credentials.secret_end.as_str())),
            base_url: entry.base_url.clone(),
            token_url: entry.token_url.clone(),
            requests_per_second: entry.requests_per_second.clone(),
            time_zone: entry.time_zone.clone(),
            sync_interval: entry.sync_interval.clone(),
            send_delay: entry.send_delay.clone(),
            fulfilled: entry.fulfilled.clone(),
            usual_delay: state.settings.send_delay.as_secs(),
            untested: entry.untested(),
            version: entry.version.clone(),
            changed,
            errors,
            checks: Vec::new(),
            in_file: setting.is_some_and(|it| it.in_file),
            rules: Rule::ALL,
            channels: None,
        }
    }

    /// The same with what is known of the account's channels.
    pub fn with_channels(mut self, account: &AccountId, channels: Vec<KnownChannel>) -> Self {
        let lang = self.layout.lang;
        let views = channels.into_iter().map(|it| ChannelView::new(lang, account, it));
        self.channels = Some(views.collect());
        self
    }

    /// Why there is nothing to fill in.
    pub const fn read_only(&self) -> Option<&'static str> {
        self.read_only
    }

    /// The same with what the marketplace said to it.
    pub fn with_test(mut self, tested: &[Tested; 4]) -> Self {
        let lang = self.layout.lang;
        self.checks = tested.iter().map(|it| CheckView::new(lang, it)).collect();
        self
    }
}
