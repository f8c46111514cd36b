//! Many at once: each row of a confirmed batch has one promise, or the reason why it has none.

use comptoir::db;
use comptoir::db::batches::rows::Row;
use comptoir::domain::action::Blocked;
use comptoir::domain::action::Misfit;
use comptoir::domain::batch::Input;
use comptoir::domain::batch::Origin;
use comptoir::domain::batch::Purpose;
use comptoir::domain::batch::RowState;
use comptoir::domain::batch::Stopped;
use comptoir::domain::batch::Task;
use comptoir::domain::operator::Operator;
use comptoir::domain::operator::Permission;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::workflow::batches;
use comptoir::workflow::batches::ChangeError;
use comptoir::workflow::batches::CreateError;
use comptoir::workflow::batches::Draft;
use comptoir::workflow::batches::NewRow;
use comptoir::workflow::batches::Wanted;
use jiff::SignedDuration;
use octopia_simulator::OrderDraft;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::World;

const SHIP: Purpose = Purpose::Promise(Task::Ship);

impl World {
    /// That many orders, in the mirror.
    async fn orders(&self, count: usize) -> Vec<String> {
        let add = |_| self.simulator.add(OrderDraft::new("maison"));
        let orders = (0..count).map(add).collect();
        self.pull().await;
        orders
    }

    async fn batch(
        &self,
        operator: &Operator,
        orders: &[String],
        id: Uuid,
    ) -> Result<bool, CreateError> {
        let rows = rows_of(&self.account, orders);
        let draft = Draft {
            id,
            user_id: operator.id,
            purpose: SHIP,
            origin: Origin::List,
            retry_of: None,
            rows: &rows,
        };
        let tx = self.pool.begin().await.unwrap();
        batches::create(tx, &draft, self.clock.now()).await
    }

    async fn confirm(
        &self,
        user_id: i64,
        id: Uuid,
        stopped: &[(i32, Stopped)],
    ) -> Result<(), ChangeError> {
        let (tx, now) = (self.pool.begin().await.unwrap(), self.clock.now());
        let revision = self.revision(id).await;
        batches::confirm(tx, user_id, id, revision, stopped, SignedDuration::ZERO, now).await
    }

    async fn revision(&self, id: Uuid) -> i32 {
        sqlx::query_scalar("SELECT revision FROM batches WHERE batch_id = $1")
            .bind(id)
            .fetch_one(&self.pool)
            .await
            .unwrap()
    }

    async fn batch_rows(&self, id: Uuid) -> Vec<Row> {
        let scope = self.scope().await;
        let mut conn = self.pool.acquire().await.unwrap();
        db::batches::rows::list(&mut conn, &scope, id).await.unwrap()
    }

    async fn promise_all(&self) {
        while batches::promise_some(&self.pool, &self.account, self.clock.now()).await.unwrap() > 0
        {
        }
    }
}

fn rows_of(account: &AccountId, orders: &[String]) -> Vec<NewRow> {
    let row = |(position, order): (i32, &String)| NewRow {
        position,
        account: account.clone(),
        order: Wanted::Order(order.clone()),
        input: Input::typed("Colissimo", &format!("BATCH{position:08}"), ""),
    };
    (1..).zip(orders).map(row).collect()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_row_of_a_confirmed_batch_is_shipped_once(pool: PgPool) {
    let world = World::start(pool).await;
    let (orders, operator) = (world.orders(45).await, world.operator(Role::Warehouse).await);
    let id = Uuid::now_v7();
    assert!(world.batch(&operator, &orders, id).await.unwrap());
    assert!(!world.batch(&operator, &orders[..2], id).await.unwrap(), "the same one");
    world.promise_all().await;
    assert!(world.batch_rows(id).await.iter().all(|it| it.state == RowState::Draft));
    world.confirm(operator.id, id, &[(45, Stopped::Doubted)]).await.unwrap();
    // Two workers whose leases end while they are at it.
    let step = |after| {
        let now = world.clock.now() + SignedDuration::from_secs(after);
        batches::promise_some(&world.pool, &world.account, now)
    };
    let (a, b, c) = tokio::join!(step(0), step(70), step(140));
    assert!(a.unwrap() + b.unwrap() + c.unwrap() >= 44);
    world.clock.advance(SignedDuration::from_secs(300));
    world.promise_all().await;
    let rows = world.batch_rows(id).await;
    let (promised, stopped) = rows.split_at(44);
    assert!(promised.iter().all(|it| it.state == RowState::Promised && it.promise.is_some()));
    assert_eq!(stopped[0].stopped, Some(Stopped::Doubted));
    world.send().await;
    for (order, row) in orders.iter().zip(promised) {
        assert_eq!(world.shipments(order), 1, "{row:?}");
    }
    assert_eq!(world.shipments(&orders[44]), 0);
    let promises: i64 =
        sqlx::query_scalar("SELECT count(*) FROM promises").fetch_one(&world.pool).await.unwrap();
    assert_eq!(promises, 44);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_changed_since_the_confirmation_is_explained(pool: PgPool) {
    let world = World::start(pool).await;
    let (orders, operator) = (world.orders(4).await, world.operator(Role::Warehouse).await);
    let id = Uuid::now_v7();
    world.batch(&operator, &orders, id).await.unwrap();
    let mangled = [(3, Input::typed("Colissimo", "6,12E+12", "")), (4, Input::default())];
    let tx = world.pool.begin().await.unwrap();
    batches::save(tx, operator.id, id, &mangled, &[]).await.unwrap();
    world.confirm(operator.id, id, &[]).await.unwrap();
    // A colleague was faster with the first.
    let by_hand = world.promise_to_ship(&orders[0], "BYHAND0001").await;
    world.promise_all().await;
    let rows = world.batch_rows(id).await;
    assert!(
        matches!(&rows[0].stopped, Some(Stopped::Blocked { blocked: Blocked::InFlight(it) })
            if it.by == "Warehouse"),
        "{rows:?}"
    );
    assert_eq!(rows[1].state, RowState::Promised);
    let number = "6,12E+12".to_owned();
    assert_eq!(rows[2].stopped, Some(Stopped::Mangled { number }));
    let misfits = vec![Misfit::CarrierMissing(0), Misfit::NumberMissing(0)];
    assert_eq!(rows[3].stopped, Some(Stopped::Misfit { misfits }));
    world.send_until_decided(by_hand).await;
    assert_eq!(world.shipments(&orders[0]), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_lost_the_right_or_the_account_sends_nothing(pool: PgPool) {
    let world = World::start(pool).await;
    let (orders, operator) = (world.orders(2).await, world.operator(Role::Warehouse).await);
    let ids = [Uuid::now_v7(), Uuid::now_v7()];
    for (id, order) in ids.iter().zip(&orders) {
        world.batch(&operator, std::slice::from_ref(order), *id).await.unwrap();
        world.confirm(operator.id, *id, &[]).await.unwrap();
    }
    let set = async |sql: &'static str| sqlx::query(sql).execute(&world.pool).await.unwrap();
    set("UPDATE batch_rows SET lease_until = now() + interval '1 year'
         WHERE batch_id = (SELECT max(batch_id::text)::uuid FROM batches)")
    .await;
    set("UPDATE users SET role = 'manager'").await;
    world.promise_all().await;
    set("UPDATE users SET role = 'warehouse', active = FALSE").await;
    set("UPDATE batch_rows SET lease_until = NULL").await;
    world.promise_all().await;
    let blocked = Blocked::Needs(Permission::Ship);
    let stopped = world.batch_rows(ids[0]).await.remove(0).stopped;
    assert_eq!(stopped, Some(Stopped::Blocked { blocked }));
    let stopped = world.batch_rows(ids[1]).await.remove(0).stopped;
    assert_eq!(stopped, Some(Stopped::NotAllowed));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_batch_is_its_owners_and_confirmed_once(pool: PgPool) {
    let world = World::start(pool).await;
    let (orders, operator) = (world.orders(1).await, world.operator(Role::Warehouse).await);
    let other = world.operator(Role::Admin).await;
    let id = batches::id_of(["a", "bc"]);
    assert_ne!(id, batches::id_of(["ab", "c"]));
    world.batch(&operator, &orders, id).await.unwrap();
    assert!(matches!(world.batch(&operator, &[], id).await, Err(CreateError::Empty)));
    let many = vec![orders[0].clone(); 5001];
    assert!(matches!(world.batch(&operator, &many, id).await, Err(CreateError::TooMany(5001))));
    assert!(matches!(world.confirm(other.id, id, &[]).await, Err(ChangeError::NotFound)));
    let seen = world.revision(id).await;
    let begin = || async { world.pool.begin().await.unwrap() };
    let typed = [(1, Input::typed("Colissimo", "6A0000000002", ""))];
    batches::save(begin().await, operator.id, id, &typed, &[]).await.unwrap();
    let now = world.clock.now();
    let stale = batches::confirm(
        begin().await,
        operator.id,
        id,
        seen,
        &[],
        SignedDuration::from_secs(20),
        now,
    );
    assert!(matches!(stale.await, Err(ChangeError::Changed)));
    world.confirm(operator.id, id, &[]).await.unwrap();
    assert!(matches!(world.confirm(operator.id, id, &[]).await, Err(ChangeError::Confirmed)));
    let late = batches::save(begin().await, operator.id, id, &typed, &[]).await;
    assert!(matches!(late, Err(ChangeError::Confirmed)));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_batch_keeps_no_link_of_a_customer_who_is_gone_and_goes_itself(pool: PgPool) {
    let world = World::start(pool).await;
    let (orders, operator) = (world.orders(1).await, world.operator(Role::Warehouse).await);
    let id = Uuid::now_v7();
    world.batch(&operator, &orders, id).await.unwrap();
    let typed = [(1, Input::typed("Colissimo", "6A1", "https://carrier.fr/6A1/75011"))];
    let tx = world.pool.begin().await.unwrap();
    batches::save(tx, operator.id, id, &typed, &[]).await.unwrap();
    let mut conn = world.pool.acquire().await.unwrap();
    let now = world.clock.now();
    db::privacy::remove(&mut conn, &world.account, &orders, None, now).await.unwrap();
    assert_eq!(world.batch_rows(id).await[0].input.link, "");
    db::batches::forget(&mut conn, &world.account, now).await.unwrap();
    assert_eq!(world.batch_rows(id).await.len(), 1, "too young");
    let later = now + SignedDuration::from_secs(1);
    db::batches::forget(&mut conn, &world.account, later).await.unwrap();
    assert_eq!(world.batch_rows(id).await.len(), 0);
}
