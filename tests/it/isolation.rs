//! What the database itself keeps apart (`docs/adr/0012`): whoever forgets a condition in a query, or a policy on
//! a new table, is told so here.

use sqlx::PgPool;

/// The tables of no seller account that pages read, and of which columns.
const SHARED: &[(&str, &str)] = &[
    ("list_preferences", "dense, hidden, user_id"),
    ("saved_views", "created_at, name, query, team, user_id, view_id"),
    ("users", "name, user_id"),
];

/// The rights that pages have to change anything, and nothing else may be changed by them.
const WRITES: &[&str] = &[
    "DELETE order_claims",
    "DELETE promise_files",
    "DELETE saved_views",
    "INSERT audit_inbox",
    "INSERT batch_rows",
    "INSERT batches",
    "INSERT imports",
    "INSERT list_preferences",
    "INSERT order_claims",
    "INSERT order_events",
    "INSERT order_notes",
    "INSERT promise_files",
    "INSERT promises",
    "INSERT rereads",
    "INSERT saved_views",
    "UPDATE accounts",
    "UPDATE batch_rows",
    "UPDATE batches",
    "UPDATE imports",
    "UPDATE list_preferences",
    "UPDATE notifications",
    "UPDATE order_claims",
    "UPDATE orders",
    "UPDATE promises",
    "UPDATE saved_views",
    "UPDATE sync_states",
];

/// The tables whose rows pages may move to another account that is visible as well. A row of a draft goes to the account
/// of the order that its number turned out to be: `orders::imports::sent` tries it with an account that is not.
const MOVED: &[&str] = &["batch_rows"];

/// What nobody reads through a page of orders.
const SECRET: &[&str] = &[
    "account_credentials",
    "audit_head",
    "audit_inbox",
    "digests",
    "invitation_accounts",
    "invitations",
    "mails",
    "notification_choices",
    "order_raw",
    "order_search",
    "recovery_codes",
    "second_factors",
    "sessions",
    "sign_in_tries",
    "told_promises",
    "user_accounts",
    "webhook_calls",
];

async fn words(pool: &PgPool, sql: &'static str) -> Vec<String> {
    sqlx::query_scalar(sql).fetch_all(pool).await.unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_table_of_a_seller_account_is_kept_apart(pool: PgPool) {
    let open = words(
        &pool,
        "SELECT c.relname::text FROM pg_class AS c
         JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'account_id' AND NOT a.attisdropped
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
           AND NOT (c.relrowsecurity AND EXISTS (
             SELECT FROM pg_policy AS p
             WHERE p.polrelid = c.oid AND p.polroles = ARRAY['comptoir_desk'::regrole::oid]
               AND p.polcmd = '*' AND p.polpermissive
               AND pg_get_expr(p.polqual, p.polrelid) LIKE '%visible_accounts()%'))
         ORDER BY 1",
    )
    .await;
    assert!(open.is_empty(), "no policy (see migrations/*_isolate_accounts.sql): {open:?}");
    // Permissive policies add up: a second one would open what the first keeps closed.
    let more = words(
        &pool,
        "SELECT polrelid::regclass::text FROM pg_policy GROUP BY polrelid HAVING count(*) > 1",
    )
    .await;
    assert!(more.is_empty(), "several policies: {more:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn pages_read_little_else(pool: PgPool) {
    let readable: Vec<(String, String)> = sqlx::query_as(
        "SELECT c.relname::text, string_agg(a.attname, ', ' ORDER BY a.attname) FROM pg_class AS c
         JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind NOT IN ('i', 'I', 'S', 't')
           AND has_column_privilege('comptoir_desk', c.oid, a.attnum, 'SELECT')
           AND NOT EXISTS (SELECT FROM pg_policy AS p WHERE p.polrelid = c.oid)
         GROUP BY c.relname ORDER BY 1",
    )
    .fetch_all(&pool)
    .await
    .unwrap();
    let readable: Vec<_> = readable.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
    assert_eq!(readable, SHARED, "a view would show what its owner sees");
    let secret: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM unnest($1::text[]) AS name
         WHERE has_any_column_privilege('comptoir_desk', name, 'SELECT') ORDER BY 1",
    )
    .bind(SECRET)
    .fetch_all(&pool)
    .await
    .unwrap();
    assert!(secret.is_empty(), "{secret:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn pages_change_little(pool: PgPool) {
    let writes = words(
        &pool,
        "SELECT DISTINCT w.kind || ' ' || c.relname FROM pg_class AS c
         CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) AS w(kind)
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind NOT IN ('i', 'I', 'S', 't')
           AND CASE WHEN w.kind IN ('INSERT', 'UPDATE')
                    THEN has_any_column_privilege('comptoir_desk', c.oid, w.kind)
                    ELSE has_table_privilege('comptoir_desk', c.oid, w.kind) END
         ORDER BY 1",
    )
    .await;
    assert_eq!(writes, WRITES);
    let moved = words(
        &pool,
        "SELECT c.relname::text FROM pg_class AS c
         JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'account_id'
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
           AND has_column_privilege('comptoir_desk', c.oid, a.attnum, 'UPDATE')",
    )
    .await;
    assert_eq!(moved, MOVED, "rows could be moved to another account");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_role_opens_nothing_by_itself(pool: PgPool) {
    let doors = words(
        &pool,
        "SELECT rolname::text FROM pg_roles
         WHERE rolname = 'comptoir_desk'
           AND (rolcanlogin OR rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb)",
    )
    .await;
    assert!(doors.is_empty(), "{doors:?}");
}
