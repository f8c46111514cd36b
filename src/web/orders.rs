//! The orders: their list, one order's page, and the actions on it.

pub mod action;
mod amounts;
pub mod export;
mod facts;
pub(super) mod forms;
pub mod history;
pub mod lines;
pub mod list;
pub mod notice;
mod offers;
mod parcels;
pub mod people;
pub mod queue;
mod requests;
pub mod reread;
pub mod show;
pub mod team;
pub mod views;

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sqlx::PgConnection;

use crate::db;
use crate::db::events::Entry;
use crate::db::orders::Mirrored;
use crate::db::privacy::Removal;
use crate::db::promises::Promise;
use crate::domain::account::send_delay;
use crate::domain::action::Facts;
use crate::domain::action::Given;
use crate::domain::action::InFlight;
use crate::domain::action::Live;
use crate::domain::deadline;
use crate::domain::deadline::Boundaries;
use crate::domain::deadline::Urgency;
use crate::domain::operator::Operator;
use crate::domain::order::AccountId;
use crate::domain::order::Order;
use crate::domain::request::Request;
use crate::web::AppState;
use crate::web::components::Badge;
use crate::web::components::Due;
use crate::web::components::Time;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::format;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::orders::queue::Queue;
use crate::web::orders::team::claim;
use crate::web::session::SignedIn;
use crate::web::sight::Sight;
use crate::web::text::Lang;
use crate::workflow;

/// Who reads: the language, the zone of the order's account, and the present.
#[derive(Debug, Clone)]
pub struct Reader {
    /// The language.
    pub lang: Lang,
    /// The account's zone.
    pub zone: TimeZone,
    /// The present.
    pub now: Timestamp,
}

impl Reader {
    /// An instant with its day.
    pub fn day_time(&self, at: Timestamp) -> Time {
        format::day_time(self.lang, at, &self.zone, self.now)
    }

    /// A time of today; of another day, with that day.
    pub fn clock(&self, at: Timestamp) -> Time {
        format::clock(self.lang, at, &self.zone, self.now)
    }

    /// The deadline that this team has to meet, if any.
    pub fn due(&self, order: &Order) -> Option<Due> {
        let due_at = deadline::due_at(order)?;
        let rank = deadline::rank(&order.status, Some(due_at), order.created_at);
        let urgency = Urgency::of(rank, &Boundaries::at(self.now, &self.zone));
        Some(Due::new(self.lang, urgency, due_at, &self.zone, self.now))
    }

    /// The badge of an order.
    pub fn badge(&self, order: &Order) -> Badge {
        Badge::new(self.lang, &order.status, &order.supply_mode())
    }
}

/// An order on the desk: all that its page and the forms of its actions begin with.
#[derive(Debug)]
pub struct Desk {
    /// The frame of the page.
    pub layout: Layout,
    /// The account.
    pub account: AccountId,
    /// The order.
    pub mirrored: Mirrored,
    /// The last promise made for it.
    pub last: Option<Promise>,
    /// Who reads.
    pub reader: Reader,
    /// Who acts.
    pub operator: Operator,
    /// How much of the customer they see. The order and the promise have passed through it.
    pub sight: Sight,
    /// How long a promise waits before it is sent.
    pub delay: SignedDuration,
    /// Whether nothing is sent for the account now.
    pub paused: bool,
    /// When the customer was taken out of the order, if that is so.
    pub removal: Option<Removal>,
    /// What who acts has given away today. Only the form of a gesture reads it.
    given_today: Vec<Given>,
    /// The list that the order was opened from; the one of everything, unless the page says otherwise.
    pub queue: Queue,
    in_flight: Option<InFlight>,
}

impl Desk {
    /// Reads an order of the user's. Another's is not found.
    pub async fn open(
        conn: &mut PgConnection,
        state: &AppState,
        signed_in: &SignedIn,
        account: &str,
        order_id: &str,
    ) -> Result<Self> {
        let account = signed_in.accounts.iter().find(|it| it.id.0 == account);
        let account = account.ok_or(Error::NotFound)?.id.clone();
        let now = state.clock.now();
        let mirrored = db::orders::find(conn, &account, order_id).await?.ok_or(Error::NotFound)?;
        let nobody = mirrored.order.billing.is_none() && mirrored.order.shipping.is_none();
        let removal =
            if nobody { db::privacy::removal(conn, &account, order_id).await? } else { None };
        let last = if mirrored.promised {
            db::promises::latest(&mut *conn, &account, order_id).await?
        } else {
            None
        };
        let zone = format::zone(&mirrored.time_zone);
        let sight = Sight::of(signed_in.user.operator.role);
        let (mirrored, last) = (sight.order(mirrored), last.map(|it| sight.promise(it)));
        let reader = Reader { lang: signed_in.lang, zone, now };
        let operator = signed_in.user.operator.clone();
        let claim = claim::read(conn, &reader, &operator, &account, order_id).await?;
        let layout = Layout::new(state, signed_in, Place::Orders);
        Ok(Self {
            sight,
            removal,
            layout: Layout { claim: Some(claim), ..layout },
            paused: signed_in.pauses.iter().any(|it| it.account == account),
            delay: send_delay(mirrored.send_delay_seconds, state.settings.send_delay),
            account,
            given_today: Vec::new(),
            queue: Queue::default(),
            in_flight: last
                .as_ref()
                .filter(|it| !it.progress.state.is_final())
                .map(Promise::in_flight),
            mirrored,
            last,
            reader,
            operator,
        })
    }

    /// Reads what happened to the order, newest first, as far as its reader may see it.
    pub async fn events(&self, conn: &mut PgConnection) -> Result<Vec<Entry>> {
        let events = db::events::list(conn, &self.account, &self.mirrored.order.id).await?;
        Ok(self.sight.events(events))
    }

    /// Reads what who acts has given away today.
    pub async fn count_given(&mut self, conn: &mut PgConnection) -> Result<()> {
        let (user, zone) = (self.operator.id, &self.mirrored.time_zone);
        let given = workflow::gestures::given_so_far(conn, user, zone, self.reader.now).await?;
        self.given_today = given;
        Ok(())
    }

    /// The order.
    pub const fn order(&self) -> &Order {
        &self.mirrored.order
    }

    /// The language.
    pub const fn lang(&self) -> Lang {
        self.reader.lang
    }

    /// What the marketplace made of the last promise, if it decides about it later.
    pub fn outcome(&self) -> Option<&Request> {
        let promise = self.last.as_ref()?;
        let kind = promise.action.kind().request()?;
        self.mirrored.requests.find(kind, promise.progress.reference.as_deref()?)
    }

    /// What the rules look at.
    pub const fn facts(&self) -> Facts<'_> {
        Facts {
            order: &self.mirrored.order,
            channel: &self.mirrored.channel,
            requests: &self.mirrored.requests,
            live: Live::NotAsked,
            role: self.operator.role,
            given_today: self.given_today.as_slice(),
            in_flight: self.in_flight.as_ref(),
            now: self.reader.now,
        }
    }

    /// The address of the order's page.
    pub fn href(&self) -> String {
        format::order_href(&self.account, &self.mirrored.order.id)
    }
}
