//! What a person needs to know of the marketplace at this very moment: reasons, limits, an order as it is.
//!
//! The one exception to "pages never wait for the marketplace". Each question has three seconds, and an honest
//! answer when they are over. Nothing here changes anything, there or here.

mod connection;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::PoisonError;
use std::sync::RwLock;
use std::sync::RwLockReadGuard;
use std::sync::RwLockWriteGuard;
use std::time::Duration;

use crate::config;
use crate::domain::action::cancel::Reasons;
use crate::domain::action::gesture::Answers;
use crate::domain::address_rule::Reach;
use crate::domain::order::AccountId;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::request::Request;
use crate::domain::request::RequestKind;
use crate::octopia;
use crate::octopia::Client;
use crate::octopia::cancellations::UserType;
use crate::secrets::Keys;
use crate::translate;

pub use crate::config::BASE_URL;
pub use crate::config::REQUESTS_PER_SECOND;
pub use crate::config::TOKEN_URL;
pub use connection::Candidate;
pub use connection::Check;
pub use connection::Found;
pub use connection::Outcome;
pub use connection::Tested;

/// How long a person waits for one answer.
pub const DEADLINE: Duration = Duration::from_secs(3);

/// The marketplace, for each account, and what it takes to try another one.
#[derive(Clone, Default)]
pub struct Live {
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    known: RwLock<HashMap<String, Known>>,
    keys: Option<Arc<Keys>>,
    reach: Reach,
}

struct Known {
    active: config::Active,
    client: Client,
}

impl std::fmt::Debug for Live {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Live").field("accounts", &self.known().len()).finish_non_exhaustive()
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
    /// The marketplace of each of these accounts, which are the file's.
    ///
    /// # Errors
    /// When an account's addresses or seller number cannot be used.
    pub fn new(accounts: &[config::Account]) -> Result<Self, octopia::BuildError> {
        Self::with(accounts, None, Reach::Public)
    }

    /// The same where accounts can be set up on the pages: their secrets are sealed with these keys, and they
    /// reach that far.
    ///
    /// # Errors
    /// When an account's addresses or seller number cannot be used.
    pub fn with(
        accounts: &[config::Account],
        keys: Option<Arc<Keys>>,
        reach: Reach,
    ) -> Result<Self, octopia::BuildError> {
        let known = accounts.iter().map(|account| {
            let (active, client) = (config::Active::of_file(account), translate::client(account)?);
            Ok((account.id.0.clone(), Known { active, client }))
        });
        let known = known.collect::<Result<_, octopia::BuildError>>()?;
        Ok(Self { shared: Arc::new(Shared { known: RwLock::new(known), keys, reach }) })
    }

    /// Asks for these accounts from now on. Who did not change keeps its client, and its token.
    pub fn assign(&self, accounts: &[config::Active]) {
        let mut known = self.known_mut();
        let mut before = std::mem::take(&mut *known);
        let now = accounts.iter().filter_map(|active| {
            let id = active.account.id.0.clone();
            if let Some(same) = before.remove(&id).filter(|it| it.active.version == active.version)
            {
                return Some((id, same));
            }
            match translate::client_within(&active.account, active.reach) {
                Ok(client) => Some((id, Known { active: active.clone(), client })),
                Err(error) => {
                    tracing::error!(account = id, %error, "an account cannot be asked");
                    None
                }
            }
        });
        *known = now.collect();
    }

    /// What secrets are sealed with; none, if accounts cannot be set up on the pages.
    pub fn keys(&self) -> Option<&Keys> {
        self.shared.keys.as_deref()
    }

    /// How far an account that is set up on the pages may reach.
    pub fn reach(&self) -> Reach {
        self.shared.reach
    }

    /// How many calls each account's questions took since this was last asked.
    pub fn take_calls(&self) -> Vec<(AccountId, octopia::Calls)> {
        let known = self.known();
        let calls = known.iter().map(|(id, it)| (AccountId(id.clone()), it.client.tally().take()));
        calls.collect()
    }

    fn known(&self) -> RwLockReadGuard<'_, HashMap<String, Known>> {
        self.shared.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn known_mut(&self) -> RwLockWriteGuard<'_, HashMap<String, Known>> {
        self.shared.known.write().unwrap_or_else(PoisonError::into_inner)
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
        let client = self.known().get(&account.0).map(|it| it.client.clone());
        let Some(client) = client else { return Err(Silence::Broken) };
        match tokio::time::timeout(DEADLINE, question(&client)).await {
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
