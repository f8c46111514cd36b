//! What a person needs to know of the marketplace at this very moment: reasons, limits, an order as it is.
//!
//! The one exception to "pages never wait for the marketplace". Each question has three seconds, and an honest
//! answer when they are over. Nothing here changes anything, there or here.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use crate::config;
use crate::domain::action::cancel::Reasons;
use crate::domain::action::gesture::Answers;
use crate::domain::order::AccountId;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::request::Request;
use crate::domain::request::RequestKind;
use crate::octopia;
use crate::octopia::Client;
use crate::octopia::cancellations::UserType;
use crate::translate;

/// How long a person waits for one answer.
pub const DEADLINE: Duration = Duration::from_secs(3);

/// The marketplace, for each account.
#[derive(Clone, Default)]
pub struct Live {
    clients: Arc<HashMap<String, Client>>,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").field("accounts", &self.clients.len()).finish()
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Silence {
    /// It did not come in time.
    #[error("no answer within three seconds")]
    TooSlow,
    /// The account's credentials are refused.
    #[error("the credentials are refused")]
    CredentialsRefused,
    /// The marketplace refuses the question, cannot be reached, or answers what cannot be read.
    #[error("no answer of use")]
    Broken,
}

/// An order as the marketplace describes it at this moment.
#[derive(Debug)]
pub struct Fresh {
    /// The order; none, if the marketplace knows no such order.
    pub order: Option<Order>,
    /// Its requests of the kind that was asked for.
    pub requests: Vec<Request>,
}

impl Live {
    /// The marketplace of each of these accounts.
    ///
    /// # Errors
    /// When an account's addresses or seller number cannot be used.
    pub fn new(accounts: &[config::Account]) -> Result<Self, octopia::BuildError> {
        let client = |it: &config::Account| Ok((it.id.0.clone(), translate::client(it)?));
        let clients = accounts.iter().map(client).collect::<Result<_, octopia::BuildError>>()?;
        Ok(Self { clients: Arc::new(clients) })
    }

    /// The reasons that the marketplace offers a seller, for lines in each of these statuses.
    pub async fn reasons(
        &self,
        account: &AccountId,
        channel_id: &str,
        statuses: &[Status],
    ) -> Result<Reasons, Silence> {
        self.ask(account, async |client| {
            let mut reasons = Reasons::default();
            for status in statuses {
                let word = status.as_str();
                let read = client.cancellation_reasons(channel_id, UserType::Seller, word).await?;
                reasons.0.push((status.clone(), read.into_iter().map(translate::reason).collect()));
            }
            Ok(reasons)
        })
        .await
    }

    /// What may be given on the order.
    pub async fn gesture(
        &self,
        account: &AccountId,
        channel_id: &str,
        order_id: &str,
    ) -> Result<Answers, Silence> {
        self.ask(account, async |client| {
            let channel = client.gesture_configuration(channel_id).await?;
            if channel.allows_gesture == Some(false) {
                return Ok(Answers { allowed: Some(false), ..Answers::default() });
            }
            let order = client.gesture_available_amounts(order_id).await?;
            Ok(translate::gesture_answers(channel, order))
        })
        .await
    }

    /// The order as it is at this moment, with its requests of that kind.
    pub async fn order(
        &self,
        account: &AccountId,
        order_id: &str,
        kind: Option<RequestKind>,
    ) -> Result<Fresh, Silence> {
        self.ask(account, async |client| {
            let received = client.order(order_id).await?;
            let order = match received.map(|it| it.order.and_then(|it| translate::order(&it))) {
                Some(Ok(order)) => Some(order),
                Some(Err(_)) => {
                    return Err(octopia::Error::Decode {
                        path: "$".to_owned(),
                        cause: "not an order".to_owned(),
                    });
                }
                None => None,
            };
            let requests = match kind {
                Some(kind) => translate::requests(client, order_id, kind).await?,
                None => Vec::new(),
            };
            Ok(Fresh { order, requests })
        })
        .await
    }

    async fn ask<T>(
        &self,
        account: &AccountId,
        question: impl AsyncFnOnce(&Client) -> Result<T, octopia::Error>,
    ) -> Result<T, Silence> {
        let Some(client) = self.clients.get(&account.0) else { return Err(Silence::Broken) };
        match tokio::time::timeout(DEADLINE, question(client)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::warn!(%account, %error, "a question of a form was not answered");
                Err(if error.credentials_refused() {
                    Silence::CredentialsRefused
                } else {
                    Silence::Broken
                })
            }
            Err(_) => {
                tracing::warn!(%account, "a question of a form was not answered in time");
                Err(Silence::TooSlow)
            }
        }
    }
}
