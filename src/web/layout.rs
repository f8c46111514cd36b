//! What is around the contents of a page.

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::db::order_counts::Header;
use crate::db::pauses::Pause;
use crate::db::updates::News;
use crate::domain::operator::Permission;
use crate::web::AppState;
use crate::web::Environment;
use crate::web::components::Time;
use crate::web::format;
use crate::web::help;
use crate::web::orders::team::claim::ClaimView;
use crate::web::session::SignedIn;
use crate::web::text::Lang;
use crate::web::updates;

/// The mirror is stale from then on, and every page says so (`reliability` R-8).
pub const STALE_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// Where in the navigation a page lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// What is due, and what went wrong.
    Dashboard,
    /// The orders.
    Orders,
    /// What the warehouse ships.
    Shipping,
    /// Files with tracking numbers.
    Imports,
    /// The promises that need a person.
    Attention,
    /// What everybody did.
    Activity,
    /// The state of the mirror.
    Sync,
    /// What admins decide.
    Settings,
    /// What one was told.
    Notifications,
    /// Nowhere.
    Elsewhere,
}

/// The frame of one page.
#[derive(Debug, Clone)]
pub struct Layout {
    /// What the visitor reads.
    pub lang: Lang,
    /// `light` or `dark`, if the user chose.
    pub theme: Option<String>,
    /// Whether the orders are those of a simulator.
    pub demo: bool,
    /// Whether they see the settings of the place, and not just their own.
    pub sets_up: bool,
    /// Whether single keys act.
    pub shortcuts: bool,
    /// The bar at the top; none for somebody we do not know.
    pub bar: Option<Bar>,
    /// Who has the order open that the page is about.
    pub claim: Option<ClaimView>,
}

/// The bar at the top.
#[derive(Debug, Clone)]
pub struct Bar {
    /// The user's number.
    pub user_id: i64,
    /// The user's name.
    pub user: String,
    /// Two letters of it.
    pub initials: String,
    /// The links.
    pub links: Vec<Link>,
    /// When the mirror was last complete.
    pub synced: Option<Time>,
    /// What stands in the search box.
    pub search: String,
    /// How much the user was told and has not read, and whether the page shows it.
    pub unread: (i64, bool),
    /// What everybody must know before they trust a page.
    pub warning: Option<Warning>,
    /// That nothing is sent now, since when, and by whom.
    pub paused: Option<String>,
    /// What the page asks for when something changed.
    pub updates: Updates,
}

/// What a page says of what changes, and since when.
#[derive(Debug, Clone)]
pub struct Updates {
    /// When the page was made, in seconds.
    pub at: i64,
    /// The last event by then.
    pub event: i64,
    /// Stands for what it says.
    pub told: String,
    /// Whether it wants news of orders, and not only counters.
    pub news: bool,
}

/// A link of the navigation.
#[derive(Debug, Clone)]
pub struct Link {
    /// Its address.
    pub href: &'static str,
    /// Its words.
    pub label: &'static str,
    /// Whether the page is behind it.
    pub current: bool,
    /// What waits there.
    pub count: i64,
    /// What is counted.
    pub counted: &'static str,
}

/// A warning on every page.
#[derive(Debug, Clone)]
pub struct Warning {
    /// `warn` or `fail`, for `data-icon`.
    pub icon: &'static str,
    /// The sentence.
    pub text: String,
}

impl Layout {
    /// The frame for a user.
    pub fn new(state: &AppState, signed_in: &SignedIn, place: Place) -> Self {
        let (now, header) = (state.clock.now(), &signed_in.header);
        let lang = signed_in.lang;
        let zone = signed_in.zone();
        let link = |at, href, label, count, counted| Link {
            href,
            label,
            current: at == place,
            count,
            counted,
        };
        let name = &signed_in.user.operator.name;
        let role = signed_in.user.operator.role;
        let mut links = vec![
            link(Place::Dashboard, "/", lang.dashboard(), 0, ""),
            link(Place::Orders, "/orders", lang.orders(), header.overdue, lang.overdue()),
        ];
        if role.may(Permission::Ship) {
            links.push(link(Place::Shipping, "/shipping", lang.shipping(), 0, ""));
            links.push(link(Place::Imports, "/imports", lang.imports(), 0, ""));
        }
        links.extend([
            link(
                Place::Attention,
                "/attention",
                lang.attention(),
                header.needs_person,
                lang.to_decide(),
            ),
            link(Place::Activity, "/activity", lang.activity(), 0, ""),
            link(Place::Sync, "/sync", lang.sync(), 0, ""),
        ]);
        let sets_up = role.may(Permission::Users);
        if sets_up {
            links.push(link(Place::Settings, "/settings/users", lang.settings(), 0, ""));
        }
        let updates = Updates {
            at: now.as_second(),
            event: header.newest_event,
            told: updates::says(&links, News { new: 0, changed: 0 }),
            news: false,
        };
        let bar = Bar {
            updates,
            user_id: signed_in.user.operator.id,
            user: name.clone(),
            initials: initials(name),
            links,
            synced: header.synced_at.map(|at| format::clock(lang, at, &zone, now)),
            search: String::new(),
            unread: (header.unread, place == Place::Notifications),
            // The sync page says more than the warning does, and refreshes itself.
            warning: warning(lang, header, now).filter(|_| place != Place::Sync),
            paused: paused(signed_in, now).filter(|_| place != Place::Sync),
        };
        let user = &signed_in.user;
        let by_role = || help::shortcuts_by_role(user.operator.role);
        let (theme, shortcuts) = (user.theme.clone(), user.shortcuts.unwrap_or_else(by_role));
        Self { bar: Some(bar), theme, sets_up, shortcuts, ..Self::bare(state, lang) }
    }

    /// The frame for somebody we do not know.
    pub fn bare(state: &AppState, lang: Lang) -> Self {
        let demo = state.settings.environment == Environment::Demo;
        Self { lang, theme: None, demo, sets_up: false, shortcuts: false, bar: None, claim: None }
    }

    /// The same for a page that says when there are orders to be read anew.
    pub fn with_news(mut self) -> Self {
        if let Some(bar) = &mut self.bar {
            bar.updates.news = true;
        }
        self
    }

    /// The same with that text in the search box.
    pub fn with_search(mut self, search: &str) -> Self {
        if let Some(bar) = &mut self.bar {
            search.clone_into(&mut bar.search);
        }
        self
    }
}

fn warning(lang: Lang, header: &Header, now: Timestamp) -> Option<Warning> {
    if header.failing > 0 {
        return Some(Warning { icon: "fail", text: lang.failing_accounts(header.failing) });
    }
    let age = now.duration_since(header.synced_at?);
    (age >= STALE_AFTER)
        .then(|| Warning { icon: "warn", text: lang.stale(format::span(lang, age)) })
}

/// That nothing is sent for some accounts, or for all.
pub fn paused(signed_in: &SignedIn, now: Timestamp) -> Option<String> {
    let SignedIn { accounts, pauses, lang, .. } = signed_in;
    let first = pauses.iter().min_by_key(|it| it.since)?;
    let since = format::clock(*lang, first.since, &signed_in.zone(), now).text;
    let name = |it: &Pause| {
        accounts.iter().find(|account| account.id == it.account).map(|it| it.name.as_str())
    };
    let names: Vec<&str> = pauses.iter().filter_map(name).collect();
    let only = (names.len() < accounts.len()).then(|| names.join(", "));
    Some(lang.sending_paused(only.as_deref(), &since, first.by.as_deref()))
}

/// The first letters of the first and the last word.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let letters = [words.next(), words.next_back()];
    letters.into_iter().flatten().filter_map(|it| it.chars().next()).collect()
}
