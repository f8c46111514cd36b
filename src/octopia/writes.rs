//! Writes: what is sent, and what is still worth knowing once the answer is 2xx.

use std::time::Duration;

use reqwest::Response;
use serde_json::value::RawValue;
use url::Url;

use crate::octopia::client;
use crate::octopia::client::Client;
use crate::octopia::error::Error;
use crate::octopia::members::Members;

/// How long an answer's body may keep us after its status line has said that all is well.
const BODY_WAIT: Duration = Duration::from_secs(5);

impl Client {
    /// `POST` of a JSON body. The status line of a 2xx answer is success; its body is not read,
    /// because what is wrong with it could not undo the effect.
    pub(super) async fn write(&self, url: Url, body: &impl serde::Serialize) -> Result<(), Error> {
        self.send(self.post(url).json(body)).await?;
        Ok(())
    }

    /// Like [`Client::write`], and the id in the answer, under the first of `names` that is there.
    /// `None` when there is none to be read: that takes nothing from the success.
    pub(super) async fn write_for_id(
        &self,
        url: Url,
        body: &impl serde::Serialize,
        names: &[&str],
    ) -> Result<Option<String>, Error> {
        let response = self.send(self.post(url).json(body)).await?;
        Ok(id_in(response, names).await)
    }

    /// Like [`Client::write_for_id`], of a body that is made already.
    ///
    /// It is whole in memory, because a 401 has it sent once more: reqwest's own forms are
    /// streams, which cannot be.
    pub(super) async fn upload_for_id(
        &self,
        url: Url,
        content_type: &str,
        body: Vec<u8>,
        names: &[&str],
    ) -> Result<Option<String>, Error> {
        let request = self.post(url).header(reqwest::header::CONTENT_TYPE, content_type).body(body);
        let response = self.send(request).await?;
        Ok(id_in(response, names).await)
    }
}

/// The id in a 2xx answer. Every failure is `None`, a body that stalls or never ends included:
/// an error would say that the effect is in doubt, and it is not.
async fn id_in(response: Response, names: &[&str]) -> Option<String> {
    let body = tokio::time::timeout(BODY_WAIT, client::body_of(response)).await.ok()?.ok()?;
    let body = String::from_utf8(body).ok()?;
    let whole: &RawValue = serde_json::from_str(body.trim_start_matches('\u{feff}')).ok()?;
    Members::of(whole)?.text(names)
}
