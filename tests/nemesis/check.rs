//! What must be true after the trouble.

use std::collections::BTreeMap;
use std::time::Duration;
use std::time::Instant;

use comptoir::domain::action::Action;
use comptoir::domain::delivery::State;
use uuid::Uuid;

use crate::actions::Case;
use crate::support::World;

/// Waits until every promise is settled or with a person.
pub async fn settles(world: &World, within: Duration) {
    let begun = Instant::now();
    let sql = "SELECT count(*) FROM promises WHERE state IN ('queued', 'sending', 'in_doubt')";
    loop {
        let open: i64 = sqlx::query_scalar(sql).fetch_one(&world.pool).await.unwrap();
        if open == 0 {
            return;
        }
        assert!(begun.elapsed() < within, "{open} promises are stuck");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Nothing acknowledged is lost, nothing was done twice, and what we say of each promise is true.
pub async fn agrees(
    world: &World,
    cases: &[Case],
    orders: &[(String, Action, usize)],
    made: &[(Uuid, usize)],
) {
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (promise, index) in made {
        let (order, action, case) = &orders[*index];
        let state = world.state(*promise).await;
        *states.entry(state.as_str()).or_default() += 1;
        let effects = world.effects(order, cases[*case].effect);
        let true_words = match state {
            State::Confirmed => effects == 1,
            State::Refused | State::Withdrawn => effects == 0,
            State::NeedsPerson => effects <= 1,
            State::Queued | State::Sending | State::InDoubt => false,
        };
        if !true_words {
            wrong.push(format!("{order} {:?}: {state:?} with {effects} effects", action.kind()));
        }
    }
    println!("{} promises: {states:?}", made.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let calls = world.simulator.calls();
    let writes = calls.iter().filter(|it| it.method == "POST" && it.path.contains("/seller/"));
    let posts = i64::try_from(writes.count()).unwrap();
    let marks = "SELECT coalesce(sum(attempts), 0)::bigint FROM promises";
    let marks: i64 = sqlx::query_scalar(marks).fetch_one(&world.pool).await.unwrap();
    println!("{marks} attempts marked, {posts} calls arrived");
    assert!(posts <= marks, "a call without a mark");
    let unexplained = "SELECT count(*) FROM promises AS p WHERE NOT EXISTS (
        SELECT FROM order_events AS e
        WHERE e.account_id = p.account_id AND e.order_id = p.order_id
          AND e.promise_id = p.promise_id AND e.actor = 'person')";
    let unexplained: i64 = sqlx::query_scalar(unexplained).fetch_one(&world.pool).await.unwrap();
    assert_eq!(unexplained, 0, "promises without the click that made them");
}
