//! The tables `saved_views` and `list_preferences`: which lists people come back to, and how they look.

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db::Result;
use crate::db::at;

/// A list under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// The row.
    pub id: i64,
    /// Whether everybody has it.
    pub team: bool,
    /// What it is called.
    pub name: String,
    /// The list's address after the question mark.
    pub query: String,
}

/// How lists look to somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looks {
    /// Less room between the rows.
    pub dense: bool,
    /// The columns that are left out.
    pub hidden: Vec<String>,
}

/// The views of a user: their own first, then the team's, each by name.
pub async fn of_user(conn: &mut PgConnection, user_id: i64) -> Result<Vec<SavedView>> {
    Ok(sqlx::query_as!(
        SavedView,
        "SELECT view_id AS id, team, name, query FROM saved_views
         WHERE team OR user_id = $1
         ORDER BY team, lower(name)",
        user_id
    )
    .fetch_all(conn)
    .await?)
}

/// How lists look to a user.
pub async fn looks(conn: &mut PgConnection, user_id: i64) -> Result<Looks> {
    let looks = sqlx::query_as!(
        Looks,
        "SELECT dense, hidden FROM list_preferences WHERE user_id = $1",
        user_id
    );
    Ok(looks.fetch_optional(conn).await?.unwrap_or_default())
}

/// Whose view: one's own, or the team's, for who may change these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    /// Who asks.
    pub user_id: i64,
    /// Whether the team's views are theirs to change.
    pub team: bool,
}

/// Adds a view, unless there are that many already, or one of that name. Says whether it did.
pub async fn insert(
    conn: &mut PgConnection,
    view: &SavedView,
    user_id: i64,
    most: i64,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO saved_views (user_id, team, name, query, created_at)
         SELECT $1, $2, $3, $4, $5
         WHERE (SELECT count(*) FROM saved_views
                WHERE team = $2 AND (team OR user_id = $1)) < $6
         ON CONFLICT DO NOTHING",
        user_id,
        view.team,
        view.name,
        view.query,
        at(now),
        most
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Gives a view another name, unless another view has it; says whether it did. Fails if there is no such view.
pub async fn rename(
    conn: &mut PgConnection,
    view_id: i64,
    whose: Whose,
    name: &str,
) -> Result<Option<bool>> {
    let row = sqlx::query_scalar!(
        r#"SELECT EXISTS (
             SELECT FROM saved_views AS other
             WHERE other.view_id <> v.view_id AND other.team = v.team
               AND (other.team OR other.user_id = v.user_id) AND lower(other.name) = lower($4))
             AS "taken!"
           FROM saved_views AS v
           WHERE v.view_id = $1 AND CASE WHEN v.team THEN $3 ELSE v.user_id = $2 END"#,
        view_id,
        whose.user_id,
        whose.team,
        name
    )
    .fetch_optional(&mut *conn)
    .await?;
    if row == Some(false) {
        sqlx::query!("UPDATE saved_views SET name = $2 WHERE view_id = $1", view_id, name)
            .execute(conn)
            .await?;
    }
    Ok(row.map(|taken| !taken))
}

/// Takes a view away. Says whether there was one.
pub async fn delete(conn: &mut PgConnection, view_id: i64, whose: Whose) -> Result<bool> {
    let done = sqlx::query!(
        "DELETE FROM saved_views
         WHERE view_id = $1 AND CASE WHEN team THEN $3 ELSE user_id = $2 END",
        view_id,
        whose.user_id,
        whose.team
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes how lists are to look to a user.
pub async fn set_looks(conn: &mut PgConnection, user_id: i64, looks: &Looks) -> Result<()> {
    sqlx::query!(
        "INSERT INTO list_preferences (user_id, dense, hidden) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET dense = excluded.dense, hidden = excluded.hidden",
        user_id,
        looks.dense,
        &looks.hidden
    )
    .execute(conn)
    .await?;
    Ok(())
}
