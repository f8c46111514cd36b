//! Trying an account's credentials: four questions, each with an answer in words and its time.

use std::time::Duration;
use std::time::Instant;

use secrecy::SecretString;
use url::Url;

use crate::config;
use crate::domain::account::Options;
use crate::domain::order::AccountId;
use crate::domain::trouble::Trouble;
use crate::live::DEADLINE;
use crate::live::Live;
use crate::octopia;
use crate::octopia::Client;
use crate::octopia::TokenError;
use crate::octopia::orders::Query;
use crate::translate;

/// The channel that is asked about where no order names another.
const USUAL_CHANNEL: &str = "CDISFR";

/// What is tried: values as they were typed.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The marketplace's number for the seller.
    pub seller_id: String,
    /// OAuth client.
    pub client_id: String,
    /// OAuth secret.
    pub client_secret: SecretString,
    /// Where the API lives.
    pub base_url: Url,
    /// Where tokens are made.
    pub token_url: Url,
}

/// One question of the test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    /// Are the client id and the secret taken?
    Token,
    /// Can orders be read?
    Order,
    /// Can the carriers be read?
    Carriers,
    /// Can a channel's rules for gestures be read?
    Gestures,
}

/// A question with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tested {
    /// The question.
    pub check: Check,
    /// How long the answer took.
    pub took: Duration,
    /// The answer.
    pub outcome: Outcome,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Fine(Found),
    /// Not as it should be, with the marketplace's own words.
    Failed(Trouble, String),
    /// None within three seconds.
    TooSlow,
    /// Not asked, because without a token nothing is answered.
    NotAsked,
}

/// What a good answer said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Found {
    /// A token.
    Token,
    /// Whether there are orders.
    Orders(bool),
    /// How many carriers.
    Carriers(usize),
    /// Whether gestures are allowed, if it was said.
    Gestures(Option<bool>),
}

impl Tested {
    /// Whether the answer was as it should be.
    pub const fn is_fine(&self) -> bool {
        matches!(self.outcome, Outcome::Fine(_))
    }
}

impl Live {
    /// Tries what was typed, within what the deployer allows.
    pub async fn test(&self, candidate: Candidate) -> [Tested; 4] {
        let account = config::Account {
            id: AccountId(String::new()),
            name: String::new(),
            seller_id: candidate.seller_id,
            client_id: candidate.client_id,
            client_secret: candidate.client_secret,
            base_url: candidate.base_url,
            token_url: candidate.token_url,
            time_zone: String::new(),
            requests_per_second: None,
            options: Options::default(),
            channels: Vec::new(),
        };
        test(translate::client_within(&account, self.reach())).await
    }

    /// Tries an account as it is at work now; nothing, if it is not.
    pub async fn test_current(&self, account: &AccountId) -> Option<[Tested; 4]> {
        let active = self.known().get(&account.0).map(|it| it.active.clone())?;
        // A new client, because the one at work may still have a token that was given for the old secret.
        Some(test(translate::client_within(&active.account, active.reach)).await)
    }
}

async fn test(client: Result<Client, translate::ClientError>) -> [Tested; 4] {
    let not_asked = |check| Tested { check, took: Duration::ZERO, outcome: Outcome::NotAsked };
    let unasked = [Check::Order, Check::Carriers, Check::Gestures].map(not_asked);
    let client = match client {
        Ok(client) => client,
        Err(error) => {
            tracing::warn!(%error, "a connection cannot be tested");
            let outcome = Outcome::Failed(Trouble::Internal, String::new());
            let [order, carriers, gestures] = unasked;
            return [
                Tested { check: Check::Token, took: Duration::ZERO, outcome },
                order,
                carriers,
                gestures,
            ];
        }
    };
    let token = ask(Check::Token, async {
        client.check_token().await?;
        Ok(Found::Token)
    })
    .await;
    if !token.is_fine() {
        let [order, carriers, gestures] = unasked;
        return [token, order, carriers, gestures];
    }
    let mut channel = None;
    let order = ask(Check::Order, async {
        let query = Query { page_size: 1, ..Query::default() };
        let page = client.list_orders(&query).await?;
        let first = page.items.first().and_then(|it| it.order.as_ref().ok());
        channel = first.and_then(|it| it.sales_channel.clone()).and_then(|it| it.id);
        Ok(Found::Orders(!page.items.is_empty()))
    })
    .await;
    let channel = channel.as_deref().unwrap_or(USUAL_CHANNEL);
    let carriers =
        ask(Check::Carriers, async { Ok(Found::Carriers(client.carriers().await?.len())) });
    let gestures = ask(Check::Gestures, async {
        let answer = client.gesture_configuration(channel).await?;
        Ok(Found::Gestures(answer.allows_gesture))
    });
    let (carriers, gestures) = tokio::join!(carriers, gestures);
    [token, order, carriers, gestures]
}

async fn ask(
    check: Check,
    question: impl Future<Output = Result<Found, octopia::Error>>,
) -> Tested {
    let asked_at = Instant::now();
    let outcome = match tokio::time::timeout(DEADLINE, question).await {
        Ok(Ok(found)) => Outcome::Fine(found),
        Ok(Err(error)) => Outcome::Failed(translate::trouble(&error).0, its_words(&error)),
        Err(_) => Outcome::TooSlow,
    };
    Tested { check, took: asked_at.elapsed(), outcome }
}

/// What the marketplace itself said; nothing, if it said nothing.
fn its_words(error: &octopia::Error) -> String {
    match error {
        octopia::Error::Status { .. } | octopia::Error::Token(TokenError::Refused { .. }) => {
            error.words()
        }
        octopia::Error::Connect(_)
        | octopia::Error::Timeout(_)
        | octopia::Error::Interrupted(_)
        | octopia::Error::Decode { .. }
        | octopia::Error::TooLarge
        | octopia::Error::Token(TokenError::Unavailable { .. })
        | octopia::Error::TooLate
        | octopia::Error::Unsendable(_) => String::new(),
    }
}
