//! The table `users`: who is there, and how they sign in.

mod change;
mod list;

use jiff::Timestamp;
use sqlx::PgExecutor;

use crate::db::Error;
use crate::db::Result;
use crate::db::accounts::Account;
use crate::db::at;
use crate::db::order_counts::Header;
use crate::db::pauses::Pause;
use crate::db::scope::SellerScope;
use crate::db::sessions::Session;
use crate::domain::operator::Operator;
use crate::domain::operator::Role;
use crate::domain::order::AccountId;

pub use change::end_sessions;
pub use change::insert;
pub use change::limit_to;
pub use change::lock_admins_and;
pub use change::lock_for_gesture;
pub use change::seen;
pub use change::set_active;
pub use change::set_language;
pub use change::set_role;
pub use change::set_shortcuts;
pub use change::set_theme;
pub use change::set_time_zone;
pub use list::Listed;
pub use list::any;
pub use list::find;
pub use list::list;
pub use list::role;
pub use list::role_now;

/// A user, as every page needs them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// The person.
    pub operator: Operator,
    /// `en` or `fr`; none follows the browser.
    pub language: Option<String>,
    /// `light` or `dark`; none follows the browser.
    pub theme: Option<String>,
    /// The zone they read times in (IANA); none follows the accounts.
    pub time_zone: Option<String>,
    /// Whether single keys act; none follows the role.
    pub shortcuts: Option<bool>,
}

/// Who is signed in, and what every page shows at its top.
#[derive(Debug, Clone)]
pub struct Present {
    /// Who.
    pub user: User,
    /// Since when, and until when so far.
    pub session: Session,
    /// Whether codes of an app are asked for when they sign in.
    pub second_factor: bool,
    /// Whether a second factor was asked for elsewhere when the session began.
    pub vouched: bool,
    /// The accounts they work for, in the order of the settings.
    pub accounts: Vec<Account>,
    /// The same for queries.
    pub scope: SellerScope,
    /// Which of them send nothing.
    pub pauses: Vec<Pause>,
    /// The counters.
    pub header: Header,
}

/// The active user of a live session, who did something after `idle_since`. One round trip, because every page makes it.
pub async fn present(
    db: impl PgExecutor<'_>,
    session: &[u8],
    idle_since: Timestamp,
    now: Timestamp,
) -> Result<Option<Present>> {
    let (seconds, idle_since) = (now.as_second(), at(idle_since));
    let query = sqlx::query_file!("src/db/present.sql", session, at(now), seconds, idle_since);
    let rows = query.fetch_all(db).await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let user = User {
        operator: Operator {
            id: first.user_id,
            name: first.name.clone(),
            role: parse_role(first.user_id, &first.role)?,
        },
        language: first.language.clone(),
        theme: first.theme.clone(),
        time_zone: first.user_time_zone.clone(),
        shortcuts: first.shortcuts,
    };
    let session = Session {
        id: first.session_id,
        began_at: first.created_at.to_jiff(),
        seen_at: first.last_seen_at.to_jiff(),
        authenticated_at: first.authenticated_at.to_jiff(),
    };
    let (second_factor, vouched) = (first.second_factor, first.vouched);
    let header = Header {
        overdue: first.overdue,
        needs_person: first.needs_person,
        synced_at: first.synced_at.map(jiff_sqlx::Timestamp::to_jiff),
        failing: first.failing,
        newest_event: first.newest_event,
        unread: first.unread,
    };
    let pause = rows.iter().filter_map(|row| {
        Some(Pause {
            account: AccountId(row.account_id.clone()?),
            since: row.sending_paused_at?.to_jiff(),
            by: row.sending_paused_by.clone(),
        })
    });
    let pauses = pause.collect();
    let account = rows.into_iter().filter_map(|row| {
        Some(Account {
            id: AccountId(row.account_id?),
            name: row.account_name?,
            seller_id: row.seller_id?,
            time_zone: row.time_zone?,
        })
    });
    let accounts: Vec<_> = account.collect();
    let scope = SellerScope::of_session(accounts.iter().map(|it| &it.id));
    Ok(Some(Present { user, session, second_factor, vouched, accounts, scope, pauses, header }))
}

/// What sign-in needs to know of a user.
#[derive(Debug, Clone)]
pub struct Entrant {
    /// The row.
    pub id: i64,
    /// Whether they can sign in.
    pub active: bool,
    /// The PHC string.
    pub password_hash: String,
}

/// Finds who has that address, those who cannot sign in too.
pub async fn find_entrant(db: impl PgExecutor<'_>, email: &str) -> Result<Option<Entrant>> {
    let query = sqlx::query_as!(
        Entrant,
        "SELECT user_id AS id, active, password_hash FROM users WHERE email = lower($1)",
        email
    );
    Ok(query.fetch_optional(db).await?)
}

/// Adds a user, or gives the one with that address another name, role and password.
pub async fn upsert(
    db: impl PgExecutor<'_>,
    email: &str,
    name: &str,
    role: Role,
    password_hash: &str,
    now: Timestamp,
) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        "INSERT INTO users (email, name, role, password_hash, created_at)
         VALUES (lower($1), $2, $3, $4, $5)
         ON CONFLICT (email)
         DO UPDATE SET name = $2, role = $3, password_hash = $4, active = TRUE
         RETURNING user_id",
        email,
        name,
        role.as_str(),
        password_hash,
        at(now)
    )
    .fetch_one(db)
    .await?)
}

pub(in crate::db) fn parse_role(user_id: i64, word: &str) -> Result<Role> {
    Role::parse(word).ok_or_else(|| Error::Corrupt {
        table: "users",
        column: "role",
        id: user_id.to_string(),
        value: word.to_owned(),
    })
}
