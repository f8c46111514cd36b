//! What tests and the demo may ask and set about cancellations, gestures and invoices.

use jiff::SignedDuration;

use crate::Simulator;
use crate::cancellations::Cancellation;
use crate::channels::GestureLimit;
use crate::channels::channel;
use crate::gestures::Gesture;
use crate::invoices::Invoice;
use crate::portal::Deed;
use crate::portal::Refused;
use crate::review::Rejection;
use crate::review::Review;
use crate::state::lock;

impl Simulator {
    /// The cancellation requests about an order, oldest first.
    pub fn cancellations(&self, order_id: &str) -> Vec<Cancellation> {
        let mut market = lock(&self.market);
        market.now();
        let Some(slot) = market.by_id.get(order_id) else { return Vec::new() };
        market.cancellations.iter().filter(|request| request.slot == *slot).cloned().collect()
    }

    /// The gestures about an order, oldest first.
    pub fn gestures(&self, order_id: &str) -> Vec<Gesture> {
        let mut market = lock(&self.market);
        market.now();
        let Some(slot) = market.by_id.get(order_id) else { return Vec::new() };
        market.gestures.iter().filter(|gesture| gesture.slot == *slot).cloned().collect()
    }

    /// The invoices uploaded for an order, oldest first, those in check and failed included.
    pub fn invoices(&self, order_id: &str) -> Vec<Invoice> {
        let mut market = lock(&self.market);
        market.now();
        let all = market.imports.iter().flat_map(|import| &import.files);
        all.filter(|file| file.order_id == order_id).cloned().collect()
    }

    /// The seller's staff give money in the portal, by the rules of the API and at once.
    pub fn give_in_portal(
        &self,
        order_id: &str,
        reason: &str,
        cents: i64,
        details: Option<&str>,
    ) -> Result<(), Refused> {
        let (reason, details) = (reason.to_owned(), details.map(str::to_owned));
        self.act(order_id, &Deed::Give { reason, amount: cents, details })
    }

    /// Gestures of a channel come to at most so many percent and so many cents from now on; what is
    /// in review is measured against it.
    ///
    /// # Panics
    /// When there is no such channel.
    pub fn set_gesture_limit(&self, channel_id: &str, rate: u32, max: i64) {
        let channel = channel(channel_id).expect("a channel of the simulated network");
        lock(&self.market).gesture_limits.insert(channel.id, GestureLimit { rate, max });
    }

    /// Nobody may give this cancellation reason any more, and it is not listed.
    pub fn withdraw_reason(&self, code: &str) {
        lock(&self.market).withdrawn.insert(code.to_owned());
    }

    /// The next request of this kind that is reviewed is rejected with these words.
    pub fn reject_next(&self, kind: Review, words: &str) {
        let rejection = Rejection { kind, order: None, words: words.to_owned() };
        lock(&self.market).rejections.push(rejection);
    }

    /// The next request of this kind about this order is rejected on review with these words.
    pub fn reject_next_of(&self, kind: Review, order_id: &str, words: &str) {
        let order = Some(order_id.to_owned());
        lock(&self.market).rejections.push(Rejection { kind, order, words: words.to_owned() });
    }

    /// How long changes stay invisible to reads from now on; see
    /// [`Readings::read_lag`](crate::Readings::read_lag).
    pub fn set_read_lag(&self, lag: SignedDuration) {
        lock(&self.market).readings.read_lag = lag;
    }
}
