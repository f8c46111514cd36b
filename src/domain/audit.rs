//! What is written down for good of everything that matters: who did what, when, and how it ended.
//!
//! Nothing in it can ever be erased, so that it holds neither personal data nor secrets: it names orders,
//! promises and users, and who may look those up sees the rest there.

pub mod act;
pub mod chain;

use jiff::Timestamp;

use crate::domain::action::ActionKind;
use crate::domain::operator::Role;
use crate::domain::order::AccountId;

pub use act::Act;

/// Who did it. Never merged: a file that a colleague imported is not the colleague's click (`product` 4.9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person, known or not.
    Person,
    /// This program.
    Comptoir,
    /// The marketplace.
    Marketplace,
    /// A file that a person handed over.
    Import,
    /// Somebody who may run the program on its machine: no user of ours.
    CommandLine,
}

impl Actor {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Comptoir => "comptoir",
            Self::Marketplace => "marketplace",
            Self::Import => "import",
            Self::CommandLine => "command_line",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        let all =
            [Self::Person, Self::Comptoir, Self::Marketplace, Self::Import, Self::CommandLine];
        all.into_iter().find(|it| it.as_str() == word)
    }
}

/// What it is about, as people filter by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// What was asked of the marketplace for an order, and what came of it.
    Order(ActionKind),
    /// What the staff do among themselves about an order: notes, and whose it is.
    Teamwork,
    /// Sending as a whole: stopped, resumed, tried again.
    Sending,
    /// Personal data that left, was looked for, or was erased.
    Data,
    /// Sign-ins and what they take.
    SignIn,
    /// The users and their rights.
    People,
    /// The seller accounts, their credentials, and the settings.
    Settings,
}

impl Topic {
    /// Every topic, in the order of the filter.
    pub const ALL: [Self; 13] = [
        Self::Order(ActionKind::Accept),
        Self::Order(ActionKind::Refuse),
        Self::Order(ActionKind::Ship),
        Self::Order(ActionKind::Cancel),
        Self::Order(ActionKind::CancelLines),
        Self::Order(ActionKind::Gesture),
        Self::Order(ActionKind::Invoice),
        Self::Teamwork,
        Self::Sending,
        Self::Data,
        Self::SignIn,
        Self::People,
        Self::Settings,
    ];

    /// The word in the database and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Order(action) => action.as_str(),
            Self::Teamwork => "teamwork",
            Self::Sending => "sending",
            Self::Data => "data",
            Self::SignIn => "sign_in",
            Self::People => "people",
            Self::Settings => "settings",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was done.
    Done,
    /// It is asked for, and its end is an entry of its own.
    Pending,
    /// It was refused, or failed.
    Refused,
    /// Nobody knows, and a person has to decide.
    Unknown,
}

impl Outcome {
    /// Every outcome, in the order of the filter.
    pub const ALL: [Self; 4] = [Self::Done, Self::Pending, Self::Refused, Self::Unknown];

    /// The word in the database and in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Pending => "pending",
            Self::Refused => "refused",
            Self::Unknown => "unknown",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

/// An entry to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// The person, if it was one whom we know.
    pub user: Option<i64>,
    /// The seller account that it concerns.
    pub account: Option<AccountId>,
    /// The order of that account.
    pub order_id: Option<String>,
    /// What.
    pub act: Act,
}

impl Entry {
    /// What a user did.
    pub fn by(user: i64, act: Act, at: Timestamp) -> Self {
        Self { user: Some(user), ..Self::of(Actor::Person, act, at) }
    }

    /// What somebody did whom nobody knows, or what did not get as far as a user: a sign-in that failed.
    pub fn by_somebody(act: Act, at: Timestamp) -> Self {
        Self::of(Actor::Person, act, at)
    }

    /// What this program did by itself.
    pub fn by_comptoir(act: Act, at: Timestamp) -> Self {
        Self::of(Actor::Comptoir, act, at)
    }

    /// What the marketplace did.
    pub fn by_marketplace(act: Act, at: Timestamp) -> Self {
        Self::of(Actor::Marketplace, act, at)
    }

    /// What somebody did on the command line.
    pub fn on_command_line(act: Act, at: Timestamp) -> Self {
        Self::of(Actor::CommandLine, act, at)
    }

    const fn of(actor: Actor, act: Act, at: Timestamp) -> Self {
        Self { at, actor, user: None, account: None, order_id: None, act }
    }

    /// The same, concerning that seller account.
    #[must_use]
    pub fn in_account(mut self, account: &AccountId) -> Self {
        self.account = Some(account.clone());
        self
    }

    /// The same, concerning that order.
    #[must_use]
    pub fn of_order(mut self, account: &AccountId, order_id: &str) -> Self {
        self.order_id = Some(order_id.to_owned());
        self.in_account(account)
    }
}

/// Whether that role sees what everybody did; the others see what they did themselves.
pub const fn sees_all(role: Role) -> bool {
    match role {
        Role::Manager | Role::Admin => true,
        Role::Viewer | Role::Warehouse | Role::CustomerService => false,
    }
}

/// The characters that are kept of what the marketplace answered.
const ANSWER_MAX: usize = 160;
/// What stands for something that is left out.
const LEFT_OUT: &str = "…";

/// The marketplace's words, shortened, and without what they repeat of the customer: `private` are the
/// customer's own words, and long numbers and mail addresses go in any case.
pub fn shortened(words: &str, private: &[&str]) -> String {
    let private: Vec<String> = private
        .iter()
        .flat_map(|it| it.split_whitespace())
        .map(bare)
        .filter(|it| it.chars().count() > 1)
        .collect();
    let is_private = |word: &str| {
        let digits = word.chars().filter(char::is_ascii_digit).count();
        word.contains('@') || digits > 5 || private.contains(&bare(word))
    };
    let mut kept = Vec::new();
    for word in words.split_whitespace() {
        match (is_private(word), kept.last()) {
            (true, Some(&LEFT_OUT)) => {}
            (true, _) => kept.push(LEFT_OUT),
            (false, _) => kept.push(word),
        }
    }
    let text = kept.join(" ");
    if text.chars().count() <= ANSWER_MAX {
        return text;
    }
    text.chars().take(ANSWER_MAX - 1).chain(LEFT_OUT.chars()).collect()
}

/// A word without its case and what stands around it.
fn bare(word: &str) -> String {
    word.trim_matches(|it: char| !it.is_alphanumeric()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_kept_short_and_without_the_customer() {
        let private = ["Mme Zélie Quincampoix", "3 rue des Lilas", "zelie@example.test"];
        for (words, kept) in [
            ("Validation Failed. parcelNumber: already used", None),
            ("Order of QUINCAMPOIX, Zélie: not found", Some("Order of … not found")),
            ("Call 0612345678 or a.b@c.test", Some("Call … or …")),
            ("(Quincampoix)", Some("…")),
        ] {
            assert_eq!(shortened(words, &private), kept.unwrap_or(words));
        }
        let long = "word ".repeat(100);
        let kept = shortened(&long, &private);
        assert_eq!(kept.chars().count(), ANSWER_MAX);
        assert!(kept.ends_with('…'));
    }

    #[test]
    fn words_of_the_database_lead_back() {
        assert!(Topic::ALL.into_iter().all(|it| Topic::parse(it.as_str()) == Some(it)));
        assert!(Outcome::ALL.into_iter().all(|it| Outcome::parse(it.as_str()) == Some(it)));
        assert!(ActionKind::ALL.into_iter().all(|it| Topic::ALL.contains(&Topic::Order(it))));
        assert_eq!(Actor::parse("import"), Some(Actor::Import));
    }
}
