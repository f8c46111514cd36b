//! Reads that lag behind: an order as it was some time ago.

use jiff::Timestamp;

use crate::model::Order;
use crate::state::Market;

impl Market {
    /// Whether reads lag at all.
    pub(crate) fn lags(&self) -> bool {
        self.readings.read_lag.is_positive()
    }

    /// Keeps an order that is about to change, for as long as a read may still see it.
    pub(crate) fn keep_version(&mut self, slot: usize, at: Timestamp) {
        if !self.lags() {
            return;
        }
        let oldest = self.visible(at);
        let kept = self.versions.entry(slot).or_default();
        kept.retain(|(until, _)| *until > oldest);
        kept.push_back((at, self.orders[slot].clone()));
    }

    /// The order as it was at a moment. An order that is new shows at once, as it is.
    pub(crate) fn seen(&self, slot: usize, moment: Timestamp) -> &Order {
        let now = &self.orders[slot];
        if !self.lags() {
            return now;
        }
        let mut kept = self.versions.get(&slot).into_iter().flatten();
        kept.find(|(until, _)| *until > moment).map_or(now, |(_, order)| order)
    }
}
