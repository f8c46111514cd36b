//! The handle on a running simulator.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::Mutex;

use jiff::SignedDuration;
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::calls::Call;
use crate::config::Config;
use crate::connection::Control;
use crate::connection::Door;
use crate::draft::OrderDraft;
use crate::faults::Fault;
use crate::hold::Hold;
use crate::hold::When;
use crate::matcher::Matcher;
use crate::model::Effect;
use crate::model::Order;
use crate::portal::Deed;
use crate::portal::Refused;
use crate::server;
use crate::state::Market;
use crate::state::Shared;
use crate::state::lock;

mod after_sales;

/// A marketplace that listens on a port; it stops when dropped.
#[derive(Debug)]
pub struct Simulator {
    market: Shared,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    server: Option<JoinHandle<io::Result<()>>>,
}

impl Simulator {
    /// Starts on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound.
    pub async fn start(config: Config) -> io::Result<Self> {
        Self::serve(config, TcpListener::bind("127.0.0.1:0").await?)
    }

    /// Starts on a listener. Must be called within a tokio runtime.
    ///
    /// # Errors
    /// When the listener has no address.
    pub fn serve(config: Config, listener: TcpListener) -> io::Result<Self> {
        let address = listener.local_addr()?;
        let market = Arc::new(Mutex::new(Market::new(config)));
        let service = server::router(Arc::clone(&market));
        let service = service.into_make_service_with_connect_info::<Control>();
        let (stop, stopped) = watch::channel(false);
        let until = async move {
            let mut stopped = stopped;
            // An error means that the handle is gone, which stops the server too.
            let _ = stopped.wait_for(|stopped| *stopped).await;
        };
        let server = axum::serve(Door(listener), service).with_graceful_shutdown(until);
        let server = tokio::spawn(server.into_future());
        Ok(Self { market, address, stop, server: Some(server) })
    }

    /// Closes the port, so that connections are refused from now on.
    pub async fn stop(mut self) {
        self.stop.send_replace(true);
        if let Some(server) = self.server.take() {
            // A call that hangs would keep the server open for ever.
            let patience = std::time::Duration::from_millis(200);
            let abort = server.abort_handle();
            let _ = tokio::time::timeout(patience, server).await;
            abort.abort();
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT/seller/v2`
    pub fn base_url(&self) -> String {
        format!("http://{}{}", self.address, server::API)
    }

    /// Where tokens are.
    pub fn token_url(&self) -> String {
        format!("http://{}{}", self.address, server::TOKEN)
    }

    /// The simulated time.
    pub fn now(&self) -> Timestamp {
        lock(&self.market).now()
    }

    /// Every call to the platform so far, oldest first; status 0 runs still or was cut.
    pub fn calls(&self) -> Vec<Call> {
        lock(&self.market).calls.iter().cloned().collect()
    }

    /// Forgets the calls so far.
    pub fn clear_calls(&self) {
        lock(&self.market).calls.clear();
    }

    /// What the marketplace really did, oldest first.
    pub fn ledger(&self) -> Vec<Effect> {
        let mut market = lock(&self.market);
        market.now();
        market.ledger.clone()
    }

    /// An order as the marketplace knows it.
    pub fn order(&self, order_id: &str) -> Option<Order> {
        let mut market = lock(&self.market);
        market.now();
        let slot = *market.by_id.get(order_id)?;
        Some(market.orders[slot].clone())
    }

    /// Every order of the seller with this short name, in no particular order.
    pub fn orders(&self, seller: &str) -> Vec<Order> {
        let mut market = lock(&self.market);
        market.now();
        market.orders.iter().filter(|order| order.seller == seller).cloned().collect()
    }

    /// Adds an order and returns its id.
    ///
    /// # Panics
    /// When there is no such seller.
    #[expect(clippy::needless_pass_by_value, reason = "the end of a builder's chain")]
    pub fn add(&self, draft: OrderDraft) -> String {
        lock(&self.market).add(&draft).expect("a seller of this simulator")
    }

    /// The seller's staff accept it in the portal.
    pub fn approve_in_portal(&self, order_id: &str) -> Result<(), Refused> {
        self.act(order_id, &Deed::Approve)
    }

    /// The seller's staff refuse it in the portal.
    pub fn refuse_in_portal(&self, order_id: &str) -> Result<(), Refused> {
        self.act(order_id, &Deed::Refuse)
    }

    /// The seller's staff ship everything that is left in one parcel.
    pub fn ship_in_portal(
        &self,
        order_id: &str,
        carrier: &str,
        number: &str,
    ) -> Result<(), Refused> {
        let (carrier, number) = (carrier.to_owned(), number.to_owned());
        self.act(order_id, &Deed::Ship { carrier, number })
    }

    /// The seller's staff cancel it as a whole.
    pub fn cancel_in_portal(&self, order_id: &str) -> Result<(), Refused> {
        self.act(order_id, &Deed::Cancel)
    }

    /// The seller's staff cancel these lines, by the rules of a partial request and at once.
    pub fn cancel_lines_in_portal(&self, order_id: &str, lines: &[&str]) -> Result<(), Refused> {
        let lines = lines.iter().map(|line| (*line).to_owned()).collect();
        self.act(order_id, &Deed::CancelLines { lines })
    }

    /// The customer wants it cancelled: lines that are not shipped become `CancelRequest`.
    pub fn customer_asks_cancellation(&self, order_id: &str) -> Result<(), Refused> {
        self.act(order_id, &Deed::AskCancellation)
    }

    /// The marketplace grants the customer's wish, or denies it.
    pub fn decide_cancellation(&self, order_id: &str, granted: bool) -> Result<(), Refused> {
        let deed = if granted { Deed::GrantCancellation } else { Deed::DenyCancellation };
        self.act(order_id, &deed)
    }

    /// The carrier reports the delivery of a shipped order.
    pub fn deliver(&self, order_id: &str) -> Result<(), Refused> {
        self.act(order_id, &Deed::Deliver)
    }

    /// Customer service (`GrcOperator`) asks for the whole order's cancellation, by the rules of a
    /// seller's request; it is reviewed like one.
    pub fn operator_asks_cancellation(&self, order_id: &str) -> Result<(), Refused> {
        self.act(order_id, &Deed::OperatorAsks)
    }

    fn act(&self, order_id: &str, deed: &Deed) -> Result<(), Refused> {
        lock(&self.market).act(order_id, deed)
    }

    /// Sets a fault until it is used up or cleared.
    pub fn fault(&self, fault: Fault) {
        lock(&self.market).faults.add(fault);
    }

    /// Clears all faults; calls that hang already go on hanging.
    pub fn clear_faults(&self) {
        lock(&self.market).faults.clear();
    }

    /// Parks the next matching call, before or after its effect.
    pub fn hold(&self, matcher: Matcher, when: When) -> Hold {
        lock(&self.market).holds.set(matcher, when)
    }

    /// Moves the simulated time and lets everything happen that is due by then.
    pub fn advance(&self, by: SignedDuration) {
        lock(&self.market).advance(by);
    }

    /// Every token stops being valid.
    pub fn revoke_tokens(&self) {
        lock(&self.market).tokens.revoke_all();
    }

    /// Changes the client secret of the seller with this short name; tokens live on.
    pub fn set_secret(&self, seller: &str, secret: &str) {
        let mut market = lock(&self.market);
        if let Some(index) = market.seller_index(seller) {
            secret.clone_into(&mut market.accounts[index].seller.client_secret);
        }
    }
}
