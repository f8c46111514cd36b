//! Reading users, for those who say what they may do.

use jiff::Timestamp;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::users::parse_role;
use crate::domain::operator::Role;
use crate::domain::order::AccountId;

/// A user, as the settings show them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The row.
    pub id: i64,
    /// The address to sign in with.
    pub email: String,
    /// As shown in the history.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they can sign in.
    pub active: bool,
    /// When they last signed in.
    pub last_seen_at: Option<Timestamp>,
    /// Whether codes of an app are asked for when they sign in.
    pub second_factor: bool,
    /// The accounts they are limited to; all, if there are none.
    pub accounts: Vec<String>,
}

/// Text and not a function, because each statement is checked against the database when it is compiled.
macro_rules! listed {
    ($which:literal $(, $parameter:expr)?) => {
        sqlx::query_as!(
            Row,
            "SELECT u.user_id, u.email, u.name, u.role, u.active, u.last_seen_at,
                    EXISTS (SELECT FROM second_factors AS f
                            WHERE f.user_id = u.user_id AND f.confirmed_at IS NOT NULL)
                      AS \"second_factor!\",
                    ARRAY(SELECT account_id FROM user_accounts WHERE user_id = u.user_id
                          ORDER BY account_id) AS \"accounts!\"
             FROM users AS u " + $which
            $(, $parameter)?
        )
    };
}

/// Everybody, those who can sign in first. A house has dozens of users, not thousands.
pub async fn list(db: impl PgExecutor<'_>) -> Result<Vec<Listed>> {
    let rows = listed!("ORDER BY u.active DESC, u.name, u.user_id").fetch_all(db).await?;
    rows.into_iter().map(Listed::try_from).collect()
}

/// One of them.
pub async fn find(db: impl PgExecutor<'_>, user_id: i64) -> Result<Option<Listed>> {
    let row = listed!("WHERE u.user_id = $1", user_id).fetch_optional(db).await?;
    row.map(Listed::try_from).transpose()
}

/// Whether there is anybody at all.
pub async fn any(db: impl PgExecutor<'_>) -> Result<bool> {
    Ok(sqlx::query_scalar!(r#"SELECT EXISTS (SELECT FROM users) AS "any!""#).fetch_one(db).await?)
}

/// The role of a user, whether or not they can sign in.
pub async fn role(db: impl PgExecutor<'_>, user_id: i64) -> Result<Option<Role>> {
    let word = sqlx::query_scalar!("SELECT role FROM users WHERE user_id = $1", user_id)
        .fetch_optional(db)
        .await?;
    word.map(|word| parse_role(user_id, &word)).transpose()
}

/// What a user may do for an account at this moment; nothing to be read once they are deactivated, or limited to
/// others.
pub async fn role_now(
    db: impl PgExecutor<'_>,
    user_id: i64,
    account: &AccountId,
) -> Result<Option<Role>> {
    let word = sqlx::query_scalar!(
        "SELECT u.role FROM users AS u
         WHERE u.user_id = $1 AND u.active
           AND EXISTS (SELECT FROM workplaces AS w
                       WHERE w.user_id = u.user_id AND w.account_id = $2)",
        user_id,
        account.0
    )
    .fetch_optional(db)
    .await?;
    word.map(|word| parse_role(user_id, &word)).transpose()
}

struct Row {
    user_id: i64,
    email: String,
    name: String,
    role: String,
    active: bool,
    last_seen_at: Option<jiff_sqlx::Timestamp>,
    second_factor: bool,
    accounts: Vec<String>,
}

impl TryFrom<Row> for Listed {
    type Error = crate::db::Error;

    fn try_from(row: Row) -> Result<Self> {
        Ok(Self {
            role: parse_role(row.user_id, &row.role)?,
            id: row.user_id,
            email: row.email,
            name: row.name,
            active: row.active,
            last_seen_at: row.last_seen_at.map(jiff_sqlx::Timestamp::to_jiff),
            second_factor: row.second_factor,
            accounts: row.accounts,
        })
    }
}
