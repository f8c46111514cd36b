//! The table `notification_choices`, and whose digest was made: how each user wants to be told.

use jiff::civil::Date;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::users::parse_role;
use crate::domain::notification::Kind;
use crate::domain::operator::Role;
use crate::domain::order::AccountId;

/// How a user wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// The kinds that come by e-mail too.
    pub mailed: Vec<Kind>,
    /// The hour of the daily digest in their zone; none for none.
    pub digest_hour: Option<i8>,
}

impl Default for Choice {
    /// Nothing by e-mail, and the digest at the beginning of an office's day.
    fn default() -> Self {
        Self { mailed: Vec::new(), digest_hour: Some(8) }
    }
}

/// What a user chose.
pub async fn choice_of(db: impl PgExecutor<'_>, user: i64) -> Result<Choice> {
    let row = sqlx::query!(
        "SELECT mailed, digest_hour FROM notification_choices WHERE user_id = $1",
        user
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map_or_else(Choice::default, |row| Choice {
        mailed: row.mailed.iter().filter_map(|it| Kind::parse(it)).collect(),
        digest_hour: row.digest_hour.and_then(|it| i8::try_from(it).ok()),
    }))
}

/// Keeps what a user chooses.
pub async fn choose(db: impl PgExecutor<'_>, user: i64, choice: &Choice) -> Result<()> {
    let mailed: Vec<String> = choice.mailed.iter().map(|it| it.as_str().to_owned()).collect();
    sqlx::query!(
        "INSERT INTO notification_choices (user_id, mailed, digest_hour) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET mailed = $2, digest_hour = $3",
        user,
        &mailed,
        choice.digest_hour.map(i16::from)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Somebody who gets a digest.
#[derive(Debug, Clone)]
pub struct DigestReader {
    /// Who.
    pub user_id: i64,
    /// As what.
    pub role: Role,
    /// The hour, in their zone.
    pub hour: i8,
    /// Their zone (IANA), else that of their first account.
    pub time_zone: String,
    /// The day of their last one.
    pub last: Option<Date>,
    /// The accounts they work for, with their zones.
    pub accounts: Vec<(AccountId, String)>,
}

/// Everybody who wants a digest, and works for an account.
pub async fn digest_readers(db: impl PgExecutor<'_>) -> Result<Vec<DigestReader>> {
    let rows = sqlx::query!(
        r#"SELECT u.user_id, u.role, u.time_zone, coalesce(c.digest_hour, 8) AS "hour!",
                  d.day::text AS day,
                  array_agg(a.account_id ORDER BY a.position, a.account_id) AS "accounts!",
                  array_agg(a.time_zone ORDER BY a.position, a.account_id) AS "zones!"
           FROM users AS u
           JOIN workplaces AS w ON w.user_id = u.user_id
           JOIN accounts AS a ON a.account_id = w.account_id
           LEFT JOIN notification_choices AS c ON c.user_id = u.user_id
           LEFT JOIN digests AS d ON d.user_id = u.user_id
           WHERE u.active AND (c.user_id IS NULL OR c.digest_hour IS NOT NULL)
           GROUP BY u.user_id, c.digest_hour, d.day
           ORDER BY u.user_id"#
    )
    .fetch_all(db)
    .await?;
    let reader = rows.into_iter().map(|row| {
        let first_zone = row.zones.first().cloned();
        let accounts = row.accounts.into_iter().map(AccountId).zip(row.zones);
        Ok(DigestReader {
            user_id: row.user_id,
            role: parse_role(row.user_id, &row.role)?,
            hour: i8::try_from(row.hour).unwrap_or(8),
            time_zone: row.time_zone.or(first_zone).unwrap_or_else(|| "UTC".to_owned()),
            last: row.day.and_then(|it| it.parse().ok()),
            accounts: accounts.collect(),
        })
    });
    reader.collect()
}

/// Takes a user's digest of that day. Says whether it was there to take: each day's is made once, by one worker.
pub async fn claim_digest(conn: &mut PgConnection, user: i64, day: Date) -> Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO digests AS known (user_id, day) VALUES ($1, $2::text::date)
         ON CONFLICT (user_id) DO UPDATE SET day = excluded.day WHERE known.day < excluded.day",
        user,
        day.to_string()
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
