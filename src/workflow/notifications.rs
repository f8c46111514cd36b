//! Telling people what they should know, from what is in the database: any number of workers may look, and each
//! thing is told to each person once.

use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use sqlx::PgConnection;
use sqlx::PgPool;
use sqlx::postgres::PgTransaction;

use crate::db;
use crate::db::notifications::Colleague;
use crate::db::notifications::DigestReader;
use crate::db::notifications::Told;
use crate::db::scope::SellerScope;
use crate::domain::delivery::State;
use crate::domain::notification;
use crate::domain::notification::Fact;
use crate::domain::notification::Kind;
use crate::domain::notification::One;
use crate::domain::order::AccountId;
use crate::domain::trouble::Trouble;

/// The ways out of the house. What has none is not kept for one that may come later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outlets {
    /// E-mail.
    pub mail: bool,
    /// The company's own program.
    pub webhook: bool,
}

/// Where it is told of, how, and when.
#[derive(Clone, Copy)]
struct Place<'a> {
    account: &'a AccountId,
    outlets: Outlets,
    now: Timestamp,
}

/// Looks what there is to tell of an account, and tells it.
pub async fn look(
    pool: &PgPool,
    account: &AccountId,
    outlets: Outlets,
    now: Timestamp,
) -> db::Result<()> {
    let place = Place { account, outlets, now };
    let mut tx = pool.begin().await?;
    let people = db::notifications::colleagues(&mut tx, account).await?;
    tell_ended(&mut tx, place, &people).await?;
    tell_due(&mut tx, place, &people).await?;
    tell_credentials(&mut tx, place, &people).await?;
    tx.commit().await?;
    Ok(())
}

/// What was refused, or needs a person: to whoever asked for it, and to those whom all of it concerns. Many at once
/// are one sentence.
async fn tell_ended(
    conn: &mut PgConnection,
    place: Place<'_>,
    people: &[Colleague],
) -> db::Result<()> {
    let Place { account, now, .. } = place;
    let since = now - notification::TOLD_WITHIN;
    let all = db::notifications::newly_ended(conn, account, since, now).await?;
    if all.is_empty() {
        return Ok(());
    }
    for (kind, state) in [(Kind::Refused, State::Refused), (Kind::NeedsPerson, State::NeedsPerson)]
    {
        let of_state = || all.iter().filter(|it| it.state == state);
        if let Some((fact, subject)) = ended(kind, of_state().filter_map(one).collect()) {
            tell_outside(conn, place, &fact, &subject).await?;
        }
        for person in people {
            let theirs = |it: &&Told| it.user_id == person.user_id || kind.concerns(person.role);
            let own = of_state().filter(theirs).filter_map(one).collect();
            let Some((fact, subject)) = ended(kind, own) else { continue };
            tell(conn, place, &[person.user_id], &fact, &subject).await?;
        }
    }
    Ok(())
}

/// The actions as one fact, and what it is about.
fn ended(kind: Kind, actions: Vec<One>) -> Option<(Fact, String)> {
    let subject = format!("{}:{}", kind.as_str(), actions.first()?.promise);
    let ended = notification::ended(actions)?;
    let fact = match kind {
        Kind::NeedsPerson => Fact::NeedsPerson(ended),
        Kind::Refused | Kind::DueSoon | Kind::CredentialsRefused | Kind::Digest => {
            Fact::Refused(ended)
        }
    };
    Some((fact, subject))
}

fn one(told: &Told) -> Option<One> {
    let (promise, order_id) = (told.promise, told.order_id.clone());
    Some(One { promise, order_id, action: told.action? })
}

async fn tell_due(
    conn: &mut PgConnection,
    place: Place<'_>,
    people: &[Colleague],
) -> db::Result<()> {
    let Place { account, now, .. } = place;
    let (until, unless_since) = (now + notification::NEAR, now - notification::DUE_NOT_SOONER);
    let due = db::notifications::due_soon(conn, account, (now, until), unless_since).await?;
    let Some((orders, first_by)) = due else { return Ok(()) };
    let fact = Fact::DueSoon { orders, first_by };
    let users = concerned(people, Kind::DueSoon);
    let subject = format!("due_soon:{now}");
    tell_outside(conn, place, &fact, &subject).await?;
    tell(conn, place, &users, &fact, &subject).await
}

async fn tell_credentials(
    conn: &mut PgConnection,
    place: Place<'_>,
    people: &[Colleague],
) -> db::Result<()> {
    let state = db::sync_states::find(&mut *conn, place.account).await?;
    let refused = state.filter(|it| it.failure == Some(Trouble::CredentialsRefused));
    let Some(since) = refused.and_then(|it| it.failing_since) else { return Ok(()) };
    let users = concerned(people, Kind::CredentialsRefused);
    let subject = format!("credentials_refused:{since}");
    tell_outside(conn, place, &Fact::CredentialsRefused, &subject).await?;
    tell(conn, place, &users, &Fact::CredentialsRefused, &subject).await
}

fn concerned(people: &[Colleague], kind: Kind) -> Vec<i64> {
    people.iter().filter(|it| kind.concerns(it.role)).map(|it| it.user_id).collect()
}

async fn tell(
    conn: &mut PgConnection,
    place: Place<'_>,
    users: &[i64],
    fact: &Fact,
    subject: &str,
) -> db::Result<()> {
    let Place { account, outlets, now } = place;
    let told = db::notifications::tell(conn, account, users, fact, subject, now).await?;
    if outlets.mail && !told.is_empty() {
        let next_at = now + notification::LETTER_WAITS;
        db::mails::queue(conn, account, (&told, subject), fact.kind(), next_at).await?;
    }
    Ok(())
}

async fn tell_outside(
    conn: &mut PgConnection,
    place: Place<'_>,
    fact: &Fact,
    subject: &str,
) -> db::Result<()> {
    let Place { account, outlets, now } = place;
    if outlets.webhook {
        db::webhook_calls::queue(conn, account, fact, subject, now).await?;
    }
    Ok(())
}

/// Makes a user's digest, if its day has come. Says whether it was made.
pub async fn digest(
    pool: &PgPool,
    reader: &DigestReader,
    outlets: Outlets,
    now: Timestamp,
) -> db::Result<bool> {
    if !Kind::Digest.concerns(reader.role) {
        return Ok(false);
    }
    let zone = TimeZone::get(&reader.time_zone).unwrap_or(TimeZone::UTC);
    let due = notification::digest_day(reader.hour, now, &zone);
    let Some(day) = due.filter(|day| reader.last.is_none_or(|last| last < *day)) else {
        return Ok(false);
    };
    let mut tx = pool.begin().await?;
    if !db::notifications::claim_digest(&mut tx, reader.user_id, day).await? {
        return Ok(false);
    }
    for (account, account_zone) in &reader.accounts {
        // Nobody reads what is a month old; whoever gets a digest cleans up.
        db::notifications::forget(&mut tx, account, now - notification::KEPT).await?;
        db::notifications::forget_told(&mut tx, account, now - notification::KEPT).await?;
        let ends = end_of_day(now, account_zone);
        let since = now - notification::TOLD_WITHIN;
        let numbers = db::notifications::day_of(&mut tx, account, (now, ends), since).await?;
        if !numbers.is_empty() {
            let (fact, subject) = (Fact::Digest(numbers), format!("digest:{day}"));
            let place = Place { account, outlets, now };
            tell(&mut tx, place, &[reader.user_id], &fact, &subject).await?;
        }
    }
    tx.commit().await?;
    Ok(true)
}

/// The first instant of the next day, where the account is.
fn end_of_day(now: Timestamp, zone: &str) -> Timestamp {
    let zone = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let tomorrow = now.to_zoned(zone.clone()).date().saturating_add(1.day());
    let begins = |date: Date| date.to_zoned(zone).ok().map(|it| it.timestamp());
    begins(tomorrow).unwrap_or(now)
}

/// Notes that a user has read all they were told up to that one.
pub async fn read_all(
    mut tx: PgTransaction<'_>,
    scope: &SellerScope,
    user: i64,
    last: i64,
    now: Timestamp,
) -> db::Result<()> {
    db::notifications::read_up_to(&mut tx, scope, user, last, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes that a user has read one.
pub async fn read(
    mut tx: PgTransaction<'_>,
    scope: &SellerScope,
    user: i64,
    id: i64,
    now: Timestamp,
) -> db::Result<()> {
    db::notifications::read_one(&mut tx, scope, user, id, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Keeps how a user wants to be told.
pub async fn choose(
    pool: &PgPool,
    user: i64,
    choice: &db::notifications::Choice,
) -> db::Result<()> {
    db::notifications::choose(pool, user, choice).await
}
