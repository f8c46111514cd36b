//! The carriers that the marketplace knows.

use serde::Deserialize;

use crate::octopia::client::Client;
use crate::octopia::error::Error;
use crate::octopia::lenient;
use crate::octopia::lists;

/// A carrier of the bounded list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Carrier {
    /// Not unique: several carriers share one. Never use it as a key.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub code: String,
    /// The name to send with a parcel, trimmed (one was measured with a space at its end).
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub label: String,
}

impl Client {
    /// `GET /carriers`: "know the carrier available" of
    /// <https://developer.octopia-io.net/api-reference/orders-management>.
    ///
    /// In the marketplace's order, repeated codes included; entries without a label are left out.
    ///
    /// # Errors
    /// [`Error::Decode`] when the answer is not a list.
    pub async fn carriers(&self) -> Result<Vec<Carrier>, Error> {
        let answer = self.read(self.url(&["carriers"])?).await?;
        let entries = lists::items(&answer.body)?;
        let carriers = entries.iter().filter_map(|entry| lenient::decode(entry.get()).ok());
        Ok(carriers.filter(|carrier: &Carrier| !carrier.label.is_empty()).collect())
    }
}
