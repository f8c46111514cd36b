//! The tables `invitations` and `invitation_accounts`. The token in the link is a secret; only its hash
//! comes here.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Error;
use crate::db::Result;
use crate::db::at;
use crate::domain::operator::Role;

/// A link that makes a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The row.
    pub id: i64,
    /// Who it is for; none for the set-up link of a start without users.
    pub email: Option<String>,
    /// What they will be.
    pub role: Role,
    /// When the link was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
    /// The accounts they will be limited to; all, if there are none.
    pub accounts: Vec<String>,
}

/// Text and not a function, because each statement is checked against the database when it is compiled.
macro_rules! invitations {
    ($which:literal, $($parameter:expr),+ $(,)?) => {
        sqlx::query_as!(
            Row,
            "SELECT i.invitation_id, i.email, i.role, i.created_at, i.expires_at,
                    ARRAY(SELECT account_id FROM invitation_accounts
                          WHERE invitation_id = i.invitation_id ORDER BY account_id) AS \"accounts!\"
             FROM invitations AS i
             WHERE i.accepted_by IS NULL AND i.withdrawn_at IS NULL AND " + $which,
            $($parameter),+
        )
    };
}

/// An invitation that is about to be made.
#[derive(Debug, Clone, Copy)]
pub struct Draft<'a> {
    /// What is kept of the token.
    pub token_hash: &'a [u8],
    /// Who it is for; none for the set-up link.
    pub email: Option<&'a str>,
    /// What they will be.
    pub role: Role,
    /// Who invites; nobody, for the set-up link.
    pub invited_by: Option<i64>,
    /// The accounts they will be limited to; all, if there are none.
    pub accounts: &'a [String],
    /// When the link ends.
    pub expires_at: Timestamp,
}

/// Writes an invitation.
pub async fn insert(conn: &mut PgConnection, draft: &Draft<'_>, now: Timestamp) -> Result<i64> {
    let Draft { token_hash, email, role, invited_by, accounts, expires_at } = *draft;
    let id = sqlx::query_scalar!(
        "INSERT INTO invitations (token_hash, email, role, invited_by, created_at, expires_at)
         VALUES ($1, lower($2), $3, $4, $5, $6)
         RETURNING invitation_id",
        token_hash,
        email,
        role.as_str(),
        invited_by,
        at(now),
        at(expires_at)
    )
    .fetch_one(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO invitation_accounts (account_id, invitation_id) SELECT unnest($2::text[]), $1",
        id,
        accounts
    )
    .execute(conn)
    .await?;
    Ok(id)
}

/// The invitations for somebody that can still be accepted, newest first.
pub async fn open(db: impl PgExecutor<'_>, now: Timestamp) -> Result<Vec<Invitation>> {
    let rows = invitations!(
        "i.email IS NOT NULL AND i.expires_at > $1 ORDER BY i.invitation_id DESC LIMIT 200",
        at(now)
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Invitation::try_from).collect()
}

/// The invitation of that link, if it can still be accepted.
pub async fn find(
    db: impl PgExecutor<'_>,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Invitation>> {
    let row = invitations!("i.token_hash = $1 AND i.expires_at > $2", token_hash, at(now))
        .fetch_optional(db)
        .await?;
    row.map(Invitation::try_from).transpose()
}

/// Keeps everybody else from accepting it, and from making a user besides.
pub async fn lock(conn: &mut PgConnection, token_hash: &[u8]) -> Result<()> {
    sqlx::query_scalar!(
        "SELECT invitation_id FROM invitations WHERE token_hash = $1 FOR UPDATE",
        token_hash
    )
    .fetch_optional(conn)
    .await?;
    Ok(())
}

/// Keeps users from being made until the transaction ends: the first one is made once.
pub async fn lock_users(conn: &mut PgConnection) -> Result<()> {
    sqlx::query!("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE").execute(conn).await?;
    Ok(())
}

/// Notes who came of it; the link is worth nothing from then on.
pub async fn accepted(conn: &mut PgConnection, id: i64, user_id: i64) -> Result<()> {
    sqlx::query!("UPDATE invitations SET accepted_by = $2 WHERE invitation_id = $1", id, user_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Makes an open link worth nothing. Says whether it was open.
pub async fn withdraw(conn: &mut PgConnection, id: i64, now: Timestamp) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE invitations SET withdrawn_at = $2
         WHERE invitation_id = $1 AND accepted_by IS NULL AND withdrawn_at IS NULL",
        id,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes the open link for that address worth nothing, if there is one.
pub async fn withdraw_for(conn: &mut PgConnection, email: &str, now: Timestamp) -> Result<()> {
    sqlx::query!(
        "UPDATE invitations SET withdrawn_at = $2
         WHERE email = lower($1) AND accepted_by IS NULL AND withdrawn_at IS NULL",
        email,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whether somebody has that address, and whether they can sign in.
pub async fn known(db: impl PgExecutor<'_>, email: &str) -> Result<Option<bool>> {
    Ok(sqlx::query_scalar!("SELECT active FROM users WHERE email = lower($1)", email)
        .fetch_optional(db)
        .await?)
}

struct Row {
    invitation_id: i64,
    email: Option<String>,
    role: String,
    created_at: jiff_sqlx::Timestamp,
    expires_at: jiff_sqlx::Timestamp,
    accounts: Vec<String>,
}

impl TryFrom<Row> for Invitation {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let role = Role::parse(&row.role).ok_or_else(|| Error::Corrupt {
            table: "invitations",
            column: "role",
            id: row.invitation_id.to_string(),
            value: row.role,
        })?;
        Ok(Self {
            id: row.invitation_id,
            email: row.email,
            role,
            created_at: row.created_at.to_jiff(),
            expires_at: row.expires_at.to_jiff(),
            accounts: row.accounts,
        })
    }
}
