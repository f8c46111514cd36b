//! What the audit says of a file: who asked for it before the first byte leaves, and how many rows it had when
//! the last one does. A file without the second entry broke off.

use sqlx::PgConnection;

use crate::clock::Clock;
use crate::db;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::act::Exported;
use crate::web::AppState;
use crate::web::session::SignedIn;
use crate::workflow::audit;
use crate::workflow::audit::Origin;

/// Whose file it is.
#[derive(Debug)]
pub struct Trail {
    user: i64,
    what: Exported,
    origin: Origin,
    clock: Clock,
}

impl Trail {
    /// Notes that the user takes away what that address leaves in.
    pub async fn begin(
        conn: &mut PgConnection,
        state: &AppState,
        signed_in: &SignedIn,
        what: Exported,
        filter: String,
    ) -> db::Result<Self> {
        let (user, clock) = (signed_in.user.operator.id, state.clock.clone());
        let entry = Entry::by(user, Act::Exported { what, filter }, clock.now());
        audit::note(conn, &entry).await?;
        Ok(Self { user, what, origin: audit::origin(), clock })
    }

    /// Notes that this was all.
    pub async fn end(&self, conn: &mut PgConnection, rows: usize) -> db::Result<()> {
        let rows = u64::try_from(rows).unwrap_or(u64::MAX);
        let act = Act::ExportEnded { what: self.what, rows };
        let entry = Entry::by(self.user, act, self.clock.now());
        // By now the request has been answered.
        audit::within(self.origin.clone(), audit::note(conn, &entry)).await
    }
}
