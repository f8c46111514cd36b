//! Sending what people are told: e-mails and calls of the webhook, from their tables, under leases.

use jiff::Timestamp;
use serde_json::json;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::clock::Clock;
use crate::db;
use crate::db::mails::Addressee;
use crate::db::mails::End;
use crate::db::mails::Item;
use crate::outbound;
use crate::outbound::Mailer;
use crate::outbound::Webhook;
use crate::outbound::mail::Outcome;
use crate::sync;
use crate::sync::loops;
use crate::workflow;
use crate::workflow::notifications::Outlets;

/// The subject and the text of an e-mail: the words are the pages'.
pub type Write = fn(&Addressee, &[Item], &Url, Timestamp) -> [String; 2];

/// The ways out.
#[derive(Debug, Clone)]
pub struct Post {
    /// For e-mails, if a server is named.
    pub mailer: Option<Mailer>,
    /// For the company's own program, if one is named.
    pub webhook: Option<Webhook>,
    /// The address that people open, for links.
    pub public_url: Url,
    /// Who finds the words.
    pub write: Write,
}

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing was due.
    Idle,
    /// Something was sent, or could not be.
    Done,
}

impl Post {
    /// Which ways there are.
    pub const fn outlets(&self) -> Outlets {
        Outlets { mail: self.mailer.is_some(), webhook: self.webhook.is_some() }
    }
}

/// Sends the next letter.
pub async fn mail(pool: &PgPool, clock: &Clock, post: &Post) -> db::Result<Step> {
    let Some(mailer) = &post.mailer else { return Ok(Step::Idle) };
    let now = clock.now();
    let Some(letter) = workflow::post::take_letter(pool, now).await? else {
        return Ok(Step::Idle);
    };
    let [subject, body] = (post.write)(&letter.to, &letter.items, &post.public_url, now);
    let to = letter.to.email.clone();
    let id = letter.id.to_string();
    let sent = mailer.send(&outbound::Letter { to, subject, body, id, at: now }).await;
    let end = match sent {
        Outcome::Taken => Some(End::Sent),
        Outcome::Unknown => Some(End::InDoubt),
        Outcome::Refused => Some(End::Refused),
        Outcome::NotTaken => None,
    };
    workflow::post::end_letter(pool, &letter, end, clock.now()).await?;
    Ok(Step::Done)
}

/// Makes the next call of the webhook.
pub async fn call(pool: &PgPool, clock: &Clock, post: &Post) -> db::Result<Step> {
    let Some(webhook) = &post.webhook else { return Ok(Step::Idle) };
    let now = clock.now();
    let Some(call) = workflow::post::take_call(pool, now).await? else { return Ok(Step::Idle) };
    let body = json!({
        "id": call.id,
        "account": call.account.0,
        "created_at": call.created_at.to_string(),
        "fact": call.fact,
        "comptoir": post.public_url.as_str(),
    });
    let taken = webhook.call(&call.id.to_string(), body.to_string(), now).await;
    workflow::post::end_call(pool, &call, taken, clock.now()).await?;
    Ok(Step::Done)
}

/// Sends until `stop`.
pub(super) async fn mail_forever(pool: PgPool, clock: Clock, post: Post, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match mail(&pool, &clock, &post).await {
            Ok(Step::Idle) => sync::pause(loops::TELL_EVERY, &stop).await,
            Ok(Step::Done) => {}
            Err(error) => {
                tracing::error!(%error, "e-mails are sent later");
                sync::pause(loops::DIGESTS_EVERY, &stop).await;
            }
        }
    }
}

/// Calls until `stop`.
pub(super) async fn call_forever(pool: PgPool, clock: Clock, post: Post, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match call(&pool, &clock, &post).await {
            Ok(Step::Idle) => sync::pause(loops::TELL_EVERY, &stop).await,
            Ok(Step::Done) => {}
            Err(error) => {
                tracing::error!(%error, "the webhook is called later");
                sync::pause(loops::DIGESTS_EVERY, &stop).await;
            }
        }
    }
}
