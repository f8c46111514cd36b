//! The table `sign_in_tries`. Subjects are hashed on their way in, e-mail addresses as `users` folds them.

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::domain::throttle::Bucket;
use crate::domain::throttle::Tries;

/// Reads the tries of a subject, and locks them until the transaction ends, so that of two processes the
/// second one sees what the first one did.
pub async fn lock(
    conn: &mut PgConnection,
    bucket: Bucket,
    subject: &str,
    now: Timestamp,
) -> Result<Tries> {
    let row = sqlx::query!(
        r#"INSERT INTO sign_in_tries AS tries (bucket, subject, failures, recent, last_at)
           VALUES ($1, sha256(convert_to(lower($2), 'UTF8')), 0, '{}', $3)
           ON CONFLICT (bucket, subject) DO UPDATE SET last_at = tries.last_at
           RETURNING failures, recent AS "recent: Vec<jiff_sqlx::Timestamp>""#,
        bucket.as_str(),
        subject,
        at(now)
    )
    .fetch_one(conn)
    .await?;
    let recent = row.recent.into_iter().map(jiff_sqlx::Timestamp::to_jiff).collect();
    Ok(Tries { failures: row.failures, recent })
}

/// Writes the tries of a subject that is locked.
pub async fn save(
    conn: &mut PgConnection,
    bucket: Bucket,
    subject: &str,
    tries: &Tries,
    now: Timestamp,
) -> Result<()> {
    let recent: Vec<_> = tries.recent.iter().map(|it| it.to_sqlx()).collect();
    sqlx::query!(
        "UPDATE sign_in_tries SET failures = $3, recent = $4, last_at = $5
         WHERE bucket = $1 AND subject = sha256(convert_to(lower($2), 'UTF8'))",
        bucket.as_str(),
        subject,
        tries.failures,
        &recent as _,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the audit hears of a refused try of that subject; not, if it has heard of one since that instant.
pub async fn note_refusal(
    db: impl PgExecutor<'_>,
    bucket: Bucket,
    subject: &str,
    since: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE sign_in_tries SET noted_at = $4
         WHERE bucket = $1 AND subject = sha256(convert_to(lower($2), 'UTF8'))
           AND (noted_at IS NULL OR noted_at <= $3)",
        bucket.as_str(),
        subject,
        at(since),
        at(now)
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets all tries of a subject.
pub async fn clear(db: impl PgExecutor<'_>, bucket: Bucket, subject: &str) -> Result<()> {
    sqlx::query!(
        "DELETE FROM sign_in_tries
         WHERE bucket = $1 AND subject = sha256(convert_to(lower($2), 'UTF8'))",
        bucket.as_str(),
        subject
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets the last try of a subject.
pub async fn take_back(db: impl PgExecutor<'_>, bucket: Bucket, subject: &str) -> Result<()> {
    sqlx::query!(
        "UPDATE sign_in_tries
         SET recent = recent[:cardinality(recent) - 1], failures = greatest(failures - 1, 0)
         WHERE bucket = $1 AND subject = sha256(convert_to(lower($2), 'UTF8'))",
        bucket.as_str(),
        subject
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets the tries from before that instant.
pub async fn delete_old(db: impl PgExecutor<'_>, before: Timestamp) -> Result<()> {
    sqlx::query!("DELETE FROM sign_in_tries WHERE last_at < $1", at(before)).execute(db).await?;
    Ok(())
}
