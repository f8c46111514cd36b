//! Which seller accounts may be seen, and the connections on which nothing else can be (`docs/adr/0012`).
//!
//! Invariant: a [`SellerScope`] is made from a live session, in [`crate::db::users::present`], and nowhere else.

use sqlx::PgConnection;
use sqlx::PgPool;
use sqlx::Postgres;
use sqlx::pool::PoolConnection;
use sqlx::postgres::PgConnectOptions;
use sqlx::postgres::PgTransaction;

use crate::db;
use crate::db::Result;
use crate::domain::order::AccountId;

/// The role of `migrations/*_isolate_accounts.sql`.
const ROLE: &str = "comptoir_desk";

/// The seller accounts that somebody who is signed in works for, or some of them. The one by default sees none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SellerScope {
    accounts: Vec<String>,
}

impl SellerScope {
    /// The accounts of a live session.
    pub(super) fn of_session<'a>(accounts: impl Iterator<Item = &'a AccountId>) -> Self {
        Self { accounts: accounts.map(|it| it.0.clone()).collect() }
    }

    /// Those of them that are named; all of them, if none is. Naming others adds nothing.
    #[must_use]
    pub fn narrowed_to(&self, names: &[String]) -> Self {
        let wanted = |it: &&String| names.is_empty() || names.contains(it);
        Self { accounts: self.accounts.iter().filter(wanted).cloned().collect() }
    }

    /// Their keys, for queries.
    pub(super) fn keys(&self) -> &[String] {
        &self.accounts
    }
}

/// Connections that see the rows of one [`SellerScope`] at a time, whatever a query asks for: PostgreSQL adds the
/// condition (row-level security). There is no way to one without a scope.
#[derive(Debug, Clone)]
pub struct ScopedPool(PgPool);

impl ScopedPool {
    /// Connections to the same database, as many as the owner's pool has, made when they are needed.
    pub fn beside(owner: &PgPool) -> Self {
        let options = owner.connect_options().as_ref().clone().options([("role", ROLE)]);
        let connections = owner.options().get_max_connections();
        Self(db::pool_options(connections).connect_lazy_with(options))
    }

    /// How to reach the database as they do, for a connection that is none of theirs.
    pub(super) fn connect_options(&self) -> PgConnectOptions {
        self.0.connect_options().as_ref().clone()
    }

    /// A connection for reading, and for what is written by single statements.
    pub async fn acquire(&self, scope: &SellerScope) -> Result<PoolConnection<Postgres>> {
        let mut conn = self.0.acquire().await?;
        limit(&mut conn, scope, false).await?;
        Ok(conn)
    }

    /// A transaction.
    pub async fn begin(&self, scope: &SellerScope) -> Result<PgTransaction<'static>> {
        let mut tx = self.0.begin().await?;
        limit(&mut tx, scope, true).await?;
        Ok(tx)
    }
}

/// Until the next scope is set, or only until the transaction ends.
async fn limit(conn: &mut PgConnection, scope: &SellerScope, transaction: bool) -> Result<()> {
    let accounts = scope.accounts.join(",");
    sqlx::query_scalar!("SELECT set_config('comptoir.accounts', $1, $2)", accounts, transaction)
        .fetch_one(conn)
        .await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_only_ever_narrows() {
        let names = |words: &[&str]| words.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>();
        let all = SellerScope { accounts: names(&["maison", "atelier"]) };
        assert_eq!(all.narrowed_to(&[]), all);
        assert_eq!(all.narrowed_to(&names(&["atelier", "tiers"])).keys(), ["atelier"]);
        assert_eq!(all.narrowed_to(&names(&["tiers"])), SellerScope::default());
        assert_eq!(SellerScope::default().narrowed_to(&names(&["maison"])).keys(), [""; 0]);
    }
}
