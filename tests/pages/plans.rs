//! How the database answers the list's questions: by ranges of indexes, never by sorting or by walking
//! through history.

use comptoir::db::due_counts;
use comptoir::db::order_list;
use comptoir::db::order_list::Also;
use comptoir::db::order_list::Filter;
use comptoir::db::order_list::From;
use comptoir::db::order_list::Position;
use comptoir::db::order_list::Sort;
use comptoir::db::scope::ScopedPool;
use comptoir::db::scope::SellerScope;
use comptoir::db::search;
use comptoir::db::throughput;
use comptoir::domain::deadline::Boundaries;
use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::PgConnection;
use sqlx::PgPool;

use crate::support::World;

const SIZE: i64 = 50;

/// 20 000 orders of 2 accounts, 3 channels and 2 supply modes; 6 in 100 are open.
const LOAD: &str = "
  INSERT INTO orders
    (account_id, order_id, channel_id, channel_name, business, status, supply_mode, created_at,
     updated_at, ship_by, rank, age, first_quantity, first_title, line_count, piece_count, currency,
     selling_total, service_fees, first_seen_at, last_seen_at, raw_hash)
  SELECT CASE WHEN n % 3 = 0 THEN 'atelier' ELSE 'maison' END, 'A' || n, 'C' || n % 3, 'Channel',
         FALSE, status, CASE WHEN n % 5 = 0 THEN 'Fulfillment' ELSE 'Seller' END, created, created,
         created, CASE WHEN open THEN 1800000000 + n % 500 ELSE 30000000000 - n END, -1000000::bigint * n,
         1, 'Title', 1, 1, 'EUR', 1, '[]', created, created, 0
  FROM generate_series(1, 20000) AS n,
       LATERAL (SELECT n % 50 < 3 AS open, to_timestamp(n) AS created) AS a,
       LATERAL (SELECT CASE WHEN NOT open THEN CASE WHEN n % 2 = 0 THEN 'Shipped' ELSE 'Delivered' END
                            WHEN n % 2 = 0 THEN 'InPreparation' ELSE 'WaitingAcceptance' END AS status)
         AS b";

async fn filled(pool: PgPool) -> World {
    let world = World::start(pool).await;
    // The database of the tests writes its log a little later, and until then VACUUM takes no row for one that all see.
    let mut conn = world.pool.acquire().await.unwrap();
    for statement in ["SET synchronous_commit = on", LOAD, "VACUUM ANALYZE"] {
        sqlx::query(statement).execute(&mut *conn).await.unwrap();
    }
    drop(conn);
    world
}

struct Case {
    filter: Filter,
    index: &'static str,
    /// How many ranges are read.
    ranges: i64,
}

/// Each of the eight statements, in the middle of the list.
fn cases(scope: &SellerScope) -> Vec<Case> {
    let mut cases = Vec::new();
    for (sort, key, [by_account, by_bucket]) in [
        (Sort::Deadline, 29_999_990_000, ["orders_by_rank", "orders_by_bucket_and_rank"]),
        (Sort::Newest, -10_000_000_000, ["orders_by_age", "orders_by_bucket_and_age"]),
    ] {
        let position = Position { key, order_id: "A".to_owned() };
        for from in [From::After(position.clone()), From::Before(position.clone())] {
            for (statuses, index, ranges) in [
                (Vec::new(), by_account, 2),
                // 2 accounts, the channels of each, 2 supply modes.
                (vec!["Shipped".to_owned()], by_bucket, 12),
            ] {
                let filter = Filter {
                    scope: scope.clone(),
                    statuses,
                    channels: Vec::new(),
                    supply_modes: Vec::new(),
                    ranges: std::iter::once(i64::MIN..i64::MAX).collect(),
                    created_from: None,
                    created_to: None,
                    also: Also::default(),
                    sort,
                    from: Some(from.clone()),
                };
                cases.push(Case { filter, index, ranges });
            }
        }
    }
    cases
}

/// Runs the list on a connection, and explains the statement that it has prepared there for the keys.
async fn explain(conn: &mut PgConnection, case: &Case, mode: &str) -> Value {
    let Filter { statuses, from, .. } = &case.filter;
    let page = order_list::page(conn, &case.filter, 50).await.unwrap();
    assert_eq!((page.rows.len(), page.more), (50, true));
    // Asked without preparing anything, so that the list's own statements are the only ones there.
    let name =
        "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%CROSS JOIN LATERAL%'";
    let name = sqlx::raw_sql(name).fetch_one(&mut *conn).await.unwrap();
    let name: String = sqlx::Row::get(&name, 0);
    let array = |words: &[String]| format!("'{{{}}}'", words.join(","));
    let Some(From::After(position) | From::Before(position)) = from else { panic!("no place") };
    let execute = format!(
        "EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {name}
           ({}, {}, '{{}}', '{{}}', '{{{}}}', '{{{}}}', {}, '{}', NULL, NULL, {},
            NULL, '{{}}', NULL, NULL, NULL, '{{}}', NULL, FALSE)",
        array(&["maison".to_owned(), "atelier".to_owned()]),
        array(statuses),
        i64::MIN,
        i64::MAX,
        position.key,
        position.order_id,
        SIZE + 1
    );
    let mode = format!("SET plan_cache_mode = {mode}");
    sqlx::raw_sql(AssertSqlSafe(mode)).execute(&mut *conn).await.unwrap();
    let plan = sqlx::raw_sql(AssertSqlSafe(execute)).fetch_one(&mut *conn).await.unwrap();
    sqlx::Row::get::<Value, _>(&plan, 0)
}

/// Every node of a plan.
fn nodes<'a>(plan: &'a Value, found: &mut Vec<&'a Value>) {
    found.push(plan);
    for part in plan["Plans"].as_array().into_iter().flatten() {
        nodes(part, found);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn each_list_is_a_range_of_the_index_made_for_it(pool: PgPool) {
    let world = filled(pool).await;
    let scope = world.scope().await;
    // As the pages ask, so that the condition of the database itself is in the plan.
    let scoped = ScopedPool::beside(&world.pool);
    for case in cases(&scope) {
        for mode in ["force_generic_plan", "force_custom_plan"] {
            // A fresh connection has prepared nothing else.
            let mut conn = scoped.acquire(&scope).await.unwrap().detach();
            let explained = explain(&mut conn, &case, mode).await;
            let what = format!("{mode}, {:?}\n{explained:#}", case.filter);
            let mut all = Vec::new();
            nodes(&explained[0]["Plan"], &mut all);
            assert!(all.len() > 1, "{what}");
            for node in &all {
                let kind = node["Node Type"].as_str().unwrap();
                assert!(!kind.contains("Sort"), "{what}");
                if node["Relation Name"] != "orders" {
                    continue;
                }
                assert!(["Index Scan", "Index Only Scan"].contains(&kind), "{what}");
                assert_eq!(node["Index Name"], case.index, "{what}");
                let number = |name: &str| node[name].as_f64().unwrap_or(0.0);
                let read = number("Actual Rows")
                    + number("Rows Removed by Filter")
                    + number("Rows Removed by Index Recheck");
                let (read, loops) = (read, number("Actual Loops"));
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                let (ranges, page) = (case.ranges as f64, (SIZE + 1) as f64);
                assert!(loops <= ranges && read <= page, "{read} × {loops}: {what}");
            }
            assert!(all.iter().any(|it| it["Index Name"] == case.index), "{what}");
            assert!(explained.to_string().contains("InitPlan"), "no condition: {what}");
        }
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_asked_of_each_order_is_answered_by_the_index_alone(pool: PgPool) {
    let world = filled(pool).await;
    let scope = world.scope().await;
    let scoped = ScopedPool::beside(&world.pool);
    // What no order has: all of history is walked.
    let also = Also { countries: vec!["BE".to_owned()], with_notes: true, ..Also::default() };
    let rare = "NULL, '{BE}', 'DPD', 5, 9, '{refused}', 7, TRUE";
    for case in cases(&scope) {
        // As the program asks. Planned for these values, a rarer index may do.
        let mode = "force_generic_plan";
        let filter = Filter { also: also.clone(), from: None, ..case.filter.clone() };
        let mut conn = scoped.acquire(&scope).await.unwrap().detach();
        assert!(order_list::page(&mut conn, &filter, 50).await.unwrap().rows.is_empty());
        let name = prepared(&mut conn, "CROSS JOIN LATERAL").await;
        let statuses = filter.statuses.join(",");
        let (first, last) = (i64::MIN, i64::MAX);
        let explain = format!(
                "SET plan_cache_mode = {mode};
                 EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {name}
                   ('{{maison,atelier}}', '{{{statuses}}}', '{{}}', '{{}}', '{{{first}}}', '{{{last}}}',
                    {first}, '', NULL, NULL, 51, {rare})"
            );
        let plan = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_one(&mut conn).await.unwrap();
        let explained: Value = sqlx::Row::get(&plan, 0);
        let mut all = Vec::new();
        nodes(&explained[0]["Plan"], &mut all);
        let scans: Vec<_> = all.iter().filter(|it| it["Relation Name"] == "orders").collect();
        assert_eq!(scans.len(), 1, "{explained:#}");
        assert_eq!(scans[0]["Node Type"], "Index Only Scan", "{mode}: {explained:#}");
    }
}

/// The name of the statement with that text that this connection has prepared.
async fn prepared(conn: &mut PgConnection, text: &'static str) -> String {
    let sql = format!("SELECT name FROM pg_prepared_statements WHERE statement LIKE '%{text}%'");
    let name = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(conn).await.unwrap();
    sqlx::Row::get(&name, 0)
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn words_are_looked_up_in_indexes_whoever_asks(pool: PgPool) {
    let world = filled(pool).await;
    let words = "INSERT INTO order_search
        SELECT account_id, order_id, created_at, '|karim benali' || substr(order_id, 2) || '|marseille|',
               '|relay' || order_id || '@relay.example|13002|', '|sku-' || lower(order_id) || '|pneu hiver|'
        FROM orders";
    sqlx::query(words).execute(&world.pool).await.unwrap();
    sqlx::query("VACUUM ANALYZE order_search").execute(&world.pool).await.unwrap();
    let scope = world.scope().await;
    let mut conn = ScopedPool::beside(&world.pool).acquire(&scope).await.unwrap().detach();
    // Whatever the table's size: an index that cannot answer is not used even then.
    sqlx::raw_sql("SET enable_seqscan = off").execute(&mut conn).await.unwrap();
    let read = async |conn: &mut PgConnection| -> i64 {
        let sql = "SELECT pg_stat_force_next_flush()";
        sqlx::raw_sql(sql).execute(&mut *conn).await.unwrap();
        let sql = "SELECT seq_scan FROM pg_stat_user_tables WHERE relname = 'order_search'";
        sqlx::query_scalar(sql).fetch_one(&world.pool).await.unwrap()
    };
    search::prepare(&mut conn, "").await.unwrap();
    let before = read(&mut conn).await;
    let (word, wrong) = (["benali777".to_owned()], ["bemali777x".to_owned()]);
    let found = search::by_code(&mut conn, &scope, "SKU-A777", true, 51).await.unwrap();
    assert_eq!(found.len(), 1);
    let found = search::by_words(&mut conn, &scope, &word, &word[0], true, 51).await.unwrap();
    assert_eq!(found.len(), 11, "777, and those that begin with it");
    let found = search::by_words(&mut conn, &scope, &word, &word[0], false, 51).await.unwrap();
    assert_eq!(found.len(), 0, "who sees no customers");
    search::by_similar_words(&mut conn, &scope, &wrong, "bemali", true, 51).await.unwrap();
    assert_eq!(read(&mut conn).await, before, "the whole table was read");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_number_is_looked_up_in_indexes(pool: PgPool) {
    let world = filled(pool).await;
    let parcels = "INSERT INTO parcels
        SELECT account_id, order_id, 'P' || order_id, 'Colissimo', NULL, '{}' FROM orders";
    sqlx::query(parcels).execute(&world.pool).await.unwrap();
    sqlx::query("VACUUM ANALYZE parcels").execute(&world.pool).await.unwrap();
    let scope = world.scope().await;
    let scoped = ScopedPool::beside(&world.pool);
    for mode in ["force_generic_plan", "force_custom_plan"] {
        let mut conn = scoped.acquire(&scope).await.unwrap().detach();
        assert_eq!(search::exact(&mut conn, &scope, "PA7", 50).await.unwrap().len(), 1);
        let name = "SELECT name FROM pg_prepared_statements WHERE statement LIKE '%parcel_number%'";
        let name = sqlx::raw_sql(name).fetch_one(&mut conn).await.unwrap();
        let name: String = sqlx::Row::get(&name, 0);
        let explain = format!(
            "SET plan_cache_mode = {mode};
             EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {name} ('{{maison,atelier}}', 'PA7', 50)"
        );
        let plan = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_one(&mut conn).await.unwrap();
        let explained: Value = sqlx::Row::get(&plan, 0);
        let mut all = Vec::new();
        nodes(&explained[0]["Plan"], &mut all);
        let mut indexes: Vec<_> = all.iter().filter_map(|it| it["Index Name"].as_str()).collect();
        indexes.sort_unstable();
        assert_eq!(indexes, ["orders_by_reference", "orders_pkey", "parcels_by_number"], "{mode}");
        let walked = |it: &&Value| it["Rows Removed by Filter"].as_f64().unwrap_or(0.0) > 0.0;
        assert!(!all.iter().any(walked), "{mode}: {explained:#}");
        assert!(explained.to_string().contains("InitPlan"), "no condition: {explained:#}");
    }
}

/// Explains the statement that a connection has prepared last, run with these arguments.
async fn explain_last(conn: &mut PgConnection, arguments: &str) -> Value {
    let name = "SELECT name FROM pg_prepared_statements WHERE statement NOT LIKE '%set_config%'
                ORDER BY prepare_time DESC LIMIT 1";
    let name = sqlx::raw_sql(name).fetch_one(&mut *conn).await.unwrap();
    let name: String = sqlx::Row::get(&name, 0);
    let explain = format!(
        "SET plan_cache_mode = force_generic_plan;
         EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE {name} ({arguments})"
    );
    let plan = sqlx::raw_sql(AssertSqlSafe(explain)).fetch_one(conn).await.unwrap();
    sqlx::Row::get(&plan, 0)
}

#[track_caller]
fn assert_counts_in(explained: &Value, index: &str) {
    let mut all = Vec::new();
    nodes(&explained[0]["Plan"], &mut all);
    let orders: Vec<_> = all.iter().filter(|it| it["Relation Name"] == "orders").collect();
    assert!(!orders.is_empty(), "{explained:#}");
    for node in orders {
        assert_eq!(node["Node Type"], "Index Only Scan", "{explained:#}");
        assert_eq!(node["Index Name"], index, "{explained:#}");
    }
    assert!(explained.to_string().contains("InitPlan"), "no condition: {explained:#}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_dashboard_counts_in_indexes_and_never_in_history(pool: PgPool) {
    let world = filled(pool).await;
    let scope = world.scope().await;
    let scoped = ScopedPool::beside(&world.pool);
    let (now, zone) = (world.clock.now(), jiff::tz::TimeZone::UTC);
    let accounts = "'{maison,atelier}'";

    let mut conn = scoped.acquire(&scope).await.unwrap().detach();
    let today = Boundaries::at(now, &zone);
    let days = ["maison", "atelier"].map(|it| (it.to_owned(), today));
    let counted = due_counts::count(&mut conn, &scope, &days).await.unwrap();
    assert_eq!(counted.iter().map(|it| it.overdue + it.later).sum::<i64>(), 1200);
    let ends = "'{1800000100,1800000100}', '{1800000200,1800000200}', '{1800000300,1800000300}',
                '{1800000400,1800000400}'";
    let closed = "'{Shipped,Delivered,Cancelled,Refused,Rejected}'";
    let arguments = format!("{accounts}, {accounts}, {ends}, 10000000000, {closed}");
    assert_counts_in(&explain_last(&mut conn, &arguments).await, "orders_by_bucket_and_rank");

    let mut conn = scoped.acquire(&scope).await.unwrap().detach();
    let days: Vec<_> = [0, 100, 200].map(|it| jiff::Timestamp::from_second(it).unwrap()).into();
    let made = throughput::made(&mut conn, &scope, &days).await.unwrap();
    assert!(!made.is_empty() && made.iter().all(|it| it.day < 2), "{made:?}");
    let arguments = format!("{accounts}, '{{epoch}}', -200000000, 1, 'Seller'");
    assert_counts_in(&explain_last(&mut conn, &arguments).await, "orders_by_bucket_and_age");
}
