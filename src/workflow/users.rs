//! Inviting people, taking them in, and changing what they may do.
//!
//! Every transaction locks the operator, the user and all admins first, and then asks
//! [`crate::domain::operator::change`], so that two admins who change each other at once do not leave nobody.

mod rights;

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgPool;

use crate::db;
use crate::db::invitations::Draft;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::operator::Operator;
use crate::domain::operator::Role;
use crate::domain::operator::change as rules;
use crate::domain::operator::change::Refused;
use crate::domain::operator::change::Subject;
use crate::workflow::audit;

pub use rights::change;
pub use rights::end_sessions;
pub use rights::reset_second_factor;

/// How long an invitation can be accepted.
pub const INVITATION_LASTS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Why nobody was invited or changed.
#[derive(Debug, thiserror::Error)]
pub enum UserError {
    /// There is no such user or invitation.
    #[error("no such user or invitation")]
    NotFound,
    /// The rules say no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// Somebody has that address, and can sign in with it or not.
    #[error("the address is known, active: {active}")]
    Known {
        /// Whether they can sign in.
        active: bool,
    },
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for UserError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Who is invited, as what, for which accounts; for all, if none is named.
#[derive(Debug, Clone, Copy)]
pub struct Guest<'a> {
    /// The address to sign in with.
    pub email: &'a str,
    /// What they will be.
    pub role: Role,
    /// The accounts they will be limited to.
    pub accounts: &'a [String],
}

/// Invites somebody by a link, and says when it ends. An older link for the same address is worth nothing
/// from then on, so that whoever lost theirs is simply invited again.
pub async fn invite(
    pool: &PgPool,
    operator: &Operator,
    guest: &Guest<'_>,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Timestamp, UserError> {
    let Guest { email, role, accounts } = *guest;
    let mut tx = pool.begin().await?;
    let (operator, _) = lock(&mut tx, operator, operator.id).await?;
    rules::check_invitation(&operator, role, !accounts.is_empty())?;
    if let Some(active) = db::invitations::known(&mut *tx, email).await? {
        return Err(UserError::Known { active });
    }
    db::invitations::withdraw_for(&mut tx, email, now).await?;
    let expires_at = now + INVITATION_LASTS;
    let (email, invited_by) = (Some(email), Some(operator.id));
    let draft = Draft { token_hash, email, role, invited_by, accounts, expires_at };
    let invitation = db::invitations::insert(&mut tx, &draft, now).await?;
    let act =
        Act::Invited { invitation, role: role.as_str().to_owned(), accounts: accounts.to_vec() };
    audit::note(&mut tx, &Entry::by(operator.id, act, now)).await?;
    tx.commit().await?;
    tracing::info!(invitation, role = role.as_str(), by = operator.id, "somebody is invited");
    Ok(expires_at)
}

/// Makes the link of a start without users, which creates the first admin; none once there is anybody.
pub async fn invite_first(
    pool: &PgPool,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<bool, db::Error> {
    let mut tx = pool.begin().await?;
    if db::users::any(&mut *tx).await? {
        return Ok(false);
    }
    let (role, expires_at) = (Role::Admin, now + INVITATION_LASTS);
    let draft =
        Draft { token_hash, email: None, role, invited_by: None, accounts: &[], expires_at };
    let invitation = db::invitations::insert(&mut tx, &draft, now).await?;
    let role = role.as_str().to_owned();
    let act = Act::Invited { invitation, role, accounts: Vec::new() };
    audit::note(&mut tx, &Entry::by_comptoir(act, now)).await?;
    tx.commit().await?;
    Ok(true)
}

/// Makes an open invitation worth nothing.
pub async fn withdraw(
    pool: &PgPool,
    operator: &Operator,
    invitation: i64,
    now: Timestamp,
) -> Result<(), UserError> {
    let mut tx = pool.begin().await?;
    let (operator, _) = lock(&mut tx, operator, operator.id).await?;
    rules::may_change(&operator)?;
    if !db::invitations::withdraw(&mut tx, invitation, now).await? {
        return Err(UserError::NotFound);
    }
    let act = Act::InvitationWithdrawn { invitation };
    audit::note(&mut tx, &Entry::by(operator.id, act, now)).await?;
    tx.commit().await?;
    tracing::info!(invitation, by = operator.id, "an invitation is withdrawn");
    Ok(())
}

/// What somebody says of themselves who accepts an invitation.
#[derive(Debug, Clone, Copy)]
pub struct Newcomer<'a> {
    /// The address to sign in with. Only the first admin chooses it.
    pub email: &'a str,
    /// As shown in the history.
    pub name: &'a str,
    /// PHC string.
    pub password_hash: &'a str,
    /// `en` or `fr`.
    pub language: &'a str,
}

/// Makes a user, or gives the one with that address another name, role and password, on the command line.
pub async fn put(
    pool: &PgPool,
    email: &str,
    name: &str,
    role: Role,
    password_hash: &str,
    now: Timestamp,
) -> Result<(), db::Error> {
    let mut tx = pool.begin().await?;
    let user = db::users::upsert(&mut *tx, email, name, role, password_hash, now).await?;
    // Whoever came in with the old password, or the old role, is out.
    db::users::end_sessions(&mut tx, user).await?;
    db::password_links::withdraw(&mut tx, user).await?;
    let act = Act::UserInvited { user, role: role.as_str().to_owned() };
    audit::note(&mut tx, &Entry::on_command_line(act, now)).await?;
    tx.commit().await?;
    Ok(())
}

/// What a user chose for themselves; nothing follows the browser, and the accounts.
#[derive(Debug, Clone, Copy)]
pub struct Preferences<'a> {
    /// `en` or `fr`.
    pub language: Option<&'a str>,
    /// `light` or `dark`.
    pub theme: Option<&'a str>,
    /// IANA name.
    pub time_zone: Option<&'a str>,
    /// Whether single keys act.
    pub shortcuts: Option<bool>,
}

/// Keeps what a user chose. It is no right of theirs, so that the audit does not hear of it.
pub async fn prefer(
    pool: &PgPool,
    user_id: i64,
    chosen: &Preferences<'_>,
) -> Result<(), db::Error> {
    let mut tx = pool.begin().await?;
    db::users::set_language(&mut *tx, user_id, chosen.language).await?;
    db::users::set_theme(&mut *tx, user_id, chosen.theme).await?;
    db::users::set_time_zone(&mut *tx, user_id, chosen.time_zone).await?;
    db::users::set_shortcuts(&mut *tx, user_id, chosen.shortcuts).await?;
    tx.commit().await?;
    Ok(())
}

/// Why an invitation was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum AcceptError {
    /// The link was used, withdrawn, or is too old; or somebody was there before the first admin.
    #[error("the invitation is over")]
    Over,
    /// Somebody has that address.
    #[error("the address is known")]
    Known,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for AcceptError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Takes somebody in who was invited. The link is worth nothing from then on.
pub async fn accept(
    pool: &PgPool,
    token_hash: &[u8],
    newcomer: &Newcomer<'_>,
    now: Timestamp,
) -> Result<i64, AcceptError> {
    let mut tx = pool.begin().await?;
    db::invitations::lock(&mut tx, token_hash).await?;
    let invitation = db::invitations::find(&mut *tx, token_hash, now).await?;
    let invitation = invitation.ok_or(AcceptError::Over)?;
    if invitation.email.is_none() {
        db::invitations::lock_users(&mut tx).await?;
        if db::users::any(&mut *tx).await? {
            return Err(AcceptError::Over);
        }
    }
    let Newcomer { email, name, password_hash, language } = *newcomer;
    let email = invitation.email.as_deref().unwrap_or(email);
    let role = invitation.role;
    let user = db::users::insert(&mut tx, email, name, role, password_hash, language, now).await?;
    let user = user.ok_or(AcceptError::Known)?;
    db::users::limit_to(&mut tx, user, &invitation.accounts).await?;
    db::invitations::accepted(&mut tx, invitation.id, user).await?;
    audit::note(&mut tx, &Entry::by(user, Act::InvitationAccepted, now)).await?;
    tx.commit().await?;
    tracing::info!(user, invitation = invitation.id, role = role.as_str(), "somebody has joined");
    Ok(user)
}

/// Locks the operator, the user and every admin. The operator comes back as they are now: their own right may
/// have ended since the page was asked for.
pub(super) async fn lock(
    conn: &mut PgConnection,
    operator: &Operator,
    user_id: i64,
) -> Result<(Operator, Vec<Subject>), UserError> {
    let users = db::users::lock_admins_and(conn, &[operator.id, user_id]).await?;
    let now = users.iter().find(|it| it.id == operator.id && it.active);
    let role = now.ok_or(Refused::Needs)?.role;
    Ok((Operator { role, ..operator.clone() }, users))
}
