//! Who comes in by the company's own sign-in: those whom we know already, and nobody else (ADR 0013).

use std::net::IpAddr;

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgPool;

use crate::db;
use crate::db::identities::Known;
use crate::db::provider_visits::Visit;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::act::Method;
use crate::domain::audit::act::SignInFailure;
use crate::domain::throttle::Bucket;
use crate::workflow::audit;
use crate::workflow::sign_in::RefusedTry;
use crate::workflow::sign_in::place;

/// How long somebody may stay at the provider.
pub const VISIT: SignedDuration = SignedDuration::from_mins(10);

/// Why somebody whom the provider knows does not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwelcome {
    /// Nobody yet, and without a verified e-mail address nobody can be found.
    WithoutEmail,
    /// Nobody of ours.
    Stranger,
    /// Somebody whose user was deactivated.
    Deactivated,
    /// Somebody with the address of a user who is another person there.
    Another,
    /// Another user than the one who was to prove again who they are.
    NotTheOne,
}

/// Counts a visit before it begins, or refuses it. Like a password it counts as a failure of its address until
/// [`entered`]; that bounds how often the provider is asked and what strangers can have us remember, too.
pub async fn admit(pool: &PgPool, from: Option<IpAddr>, now: Timestamp) -> Result<(), RefusedTry> {
    let mut tx = pool.begin().await?;
    let place = place(from);
    let tries = db::throttle::lock(&mut tx, Bucket::Address, &place, now).await?;
    if let Some(wait) = tries.wait(Bucket::Address, now) {
        tx.rollback().await?;
        return Err(RefusedTry::TooOften(wait));
    }
    let tries = tries.counting(Bucket::Address, now);
    db::throttle::save(&mut tx, Bucket::Address, &place, &tries, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Remembers who went to the provider, and forgets who never came back.
pub async fn depart(pool: &PgPool, browser: &[u8], visit: &Visit) -> Result<(), db::Error> {
    let mut tx = pool.begin().await?;
    db::provider_visits::delete_old(&mut *tx, visit.begun_at - VISIT).await?;
    db::provider_visits::insert(&mut *tx, browser, visit).await?;
    tx.commit().await?;
    Ok(())
}

/// Takes the visit of a browser that came back, if it is not over. There is one return from each.
pub async fn come_back(
    pool: &PgPool,
    browser: &[u8],
    now: Timestamp,
) -> Result<Option<Visit>, db::Error> {
    let visit = db::provider_visits::take(pool, browser).await?;
    Ok(visit.filter(|it| now.duration_since(it.begun_at) < VISIT))
}

/// Finds the user whom the provider spoke of, and binds them to it if they are new there. `email` is one that the
/// provider has verified, and counts the first time only; `only` is who
/// it has to be.
pub async fn recognise(
    pool: &PgPool,
    (issuer, subject): (&str, &str),
    email: Option<&str>,
    only: Option<i64>,
    now: Timestamp,
) -> Result<Result<i64, Unwelcome>, db::Error> {
    let mut tx = pool.begin().await?;
    let bound = db::identities::find(&mut *tx, issuer, subject).await?;
    let known = match (bound, email) {
        (Some(known), _) => Some(known),
        // Only ASCII is folded: other letters have small forms in common with letters of another name.
        (None, Some(email)) => {
            db::identities::find_by_email(&mut *tx, &email.to_ascii_lowercase()).await?
        }
        (None, None) => None,
    };
    let found = match known {
        None if email.is_none() => Err(Unwelcome::WithoutEmail),
        None => Err(Unwelcome::Stranger),
        Some(Known { active: false, .. }) => Err(Unwelcome::Deactivated),
        Some(Known { user_id, .. }) if only.is_some_and(|it| it != user_id) => {
            Err(Unwelcome::NotTheOne)
        }
        Some(Known { user_id, .. }) if bound.is_some() => Ok(user_id),
        Some(Known { user_id, .. }) => {
            if db::identities::bind(&mut *tx, issuer, subject, user_id, now).await? {
                tracing::info!(user_id, "bound to the single sign-on");
                let act = Act::SingleSignOnBound { user: user_id, bound: true };
                audit::note(&mut tx, &Entry::by(user_id, act, now)).await?;
                Ok(user_id)
            } else {
                Err(Unwelcome::Another)
            }
        }
    };
    if let Err(why) = found {
        let act = Act::SignInFailed { reason: reason(why), user: None };
        let entry = match known {
            // Whoever only has the address now is not the user.
            Some(Known { user_id, .. }) if why != Unwelcome::Another => {
                Entry::by(user_id, act, now)
            }
            Some(_) | None => Entry::by_somebody(act, now),
        };
        audit::note(&mut tx, &entry).await?;
    }
    tx.commit().await?;
    Ok(found)
}

const fn reason(why: Unwelcome) -> SignInFailure {
    match why {
        Unwelcome::Stranger => SignInFailure::UnknownUser,
        Unwelcome::Deactivated => SignInFailure::Deactivated,
        Unwelcome::WithoutEmail | Unwelcome::Another | Unwelcome::NotTheOne => {
            SignInFailure::SingleSignOn
        }
    }
}

/// The provider's answer could not be believed.
pub async fn distrusted(pool: &PgPool, now: Timestamp) -> Result<(), db::Error> {
    let act = Act::SignInFailed { reason: SignInFailure::SingleSignOn, user: None };
    audit::note_alone(pool, &Entry::by_somebody(act, now)).await
}

/// The provider has said who it is: the visit was no guess.
pub async fn forgive(pool: &PgPool, from: Option<IpAddr>) -> Result<(), db::Error> {
    db::throttle::take_back(pool, Bucket::Address, &place(from)).await
}

/// A user is in.
pub async fn entered(pool: &PgPool, user_id: i64, now: Timestamp) -> Result<(), db::Error> {
    let mut tx = pool.begin().await?;
    db::users::seen(&mut *tx, user_id, now).await?;
    let act = Act::SignedIn { method: Method::SingleSignOn };
    audit::note(&mut tx, &Entry::by(user_id, act, now)).await?;
    tx.commit().await?;
    Ok(())
}

/// Forgets who a user is at the provider, so that their next sign-in there binds them anew: for when the company
/// gave them another account. Says whether there was anything to forget.
pub async fn unbind(pool: &PgPool, email: &str, now: Timestamp) -> Result<bool, db::Error> {
    let mut tx = pool.begin().await?;
    let user = db::identities::unbind(&mut *tx, email).await?;
    if let Some(user) = user {
        let act = Act::SingleSignOnBound { user, bound: false };
        audit::note(&mut tx, &Entry::on_command_line(act, now)).await?;
    }
    tx.commit().await?;
    tracing::info!(user, "unbound from the single sign-on");
    Ok(user.is_some())
}
