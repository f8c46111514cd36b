//! The carriers that the form offers: the operator's own first.

use sqlx::PgConnection;

use crate::db;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::web::components::Time;
use crate::web::error::Result;
use crate::web::orders::Desk;

/// How many of the operator's own come before the others.
const RECENT: usize = 3;

/// The marketplace's list of carriers.
#[derive(Debug)]
pub struct Carriers {
    /// All, A to Z.
    pub labels: Vec<String>,
    /// Those of them that the operator named last, newest first.
    pub recent: Vec<String>,
    /// The templates of tracking links, by the carrier's name in small letters.
    pub links: Vec<(String, String)>,
    /// When the marketplace gave the list.
    pub read_at: Option<Time>,
}

impl Carriers {
    /// Reads the list.
    pub async fn read(conn: &mut PgConnection, desk: &Desk) -> Result<Self> {
        let (account, user_id) = (&desk.account, desk.operator.id);
        let (labels, read_at) = db::reference::carriers(&mut *conn, account).await?;
        let kind = ActionKind::Ship;
        let links = db::tracking_templates::of_account(conn, account).await?;
        let actions = db::promises::recent_actions(conn, account, user_id, kind).await?;
        let recent = recent(&actions, &labels);
        Ok(Self { labels, recent, links, read_at: read_at.map(|at| desk.reader.day_time(at)) })
    }

    /// The template of that carrier's links, if an admin gave one.
    pub fn link_of(&self, carrier: &str) -> Option<&str> {
        let carrier = carrier.to_lowercase();
        self.links.iter().find(|(name, _)| *name == carrier).map(|(_, link)| link.as_str())
    }

    /// The others, A to Z.
    pub fn others(&self) -> Vec<String> {
        self.labels.iter().filter(|it| !self.recent.contains(it)).cloned().collect()
    }
}

/// The carriers of these shipments, as far as they are listed, each once.
fn recent(actions: &[Action], labels: &[String]) -> Vec<String> {
    let mut recent: Vec<String> = Vec::new();
    for action in actions {
        let Action::Ship(ship) = action else { continue };
        for parcel in &ship.parcels {
            let fresh = labels.contains(&parcel.carrier) && !recent.contains(&parcel.carrier);
            if fresh && recent.len() < RECENT {
                recent.push(parcel.carrier.clone());
            }
        }
    }
    recent
}
