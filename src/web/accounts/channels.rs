//! The sales channels of an account: what is known of their rules, how, and the form that sets them.

use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::db::reference::KnownChannel;
use crate::domain::channel::Origin;
use crate::domain::channel::Rule;
use crate::domain::channel::Rules;
use crate::domain::order::AccountId;
use crate::web::AppState;
use crate::web::accounts::check;
use crate::web::accounts::refused;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::format;
use crate::web::session::SignedIn;
use crate::web::sign_in::confirm::Asked;
use crate::web::text::Lang;
use crate::workflow::accounts::channels;

/// The boxes that are ticked.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RulesForm {
    acceptance: String,
    partial_shipment: String,
    several_parcels: String,
    line_in_several_parcels: String,
    ships_cancel_requests: String,
    partial_cancellation: String,
    invoices: String,
}

impl RulesForm {
    fn rules(&self) -> Rules {
        let ticked = |it: &str| it == "1";
        Rules {
            acceptance: ticked(&self.acceptance),
            partial_shipment: ticked(&self.partial_shipment),
            several_parcels: ticked(&self.several_parcels),
            line_in_several_parcels: ticked(&self.line_in_several_parcels),
            ships_cancel_requests: ticked(&self.ships_cancel_requests),
            partial_cancellation: ticked(&self.partial_cancellation),
            gestures: None,
            invoices: ticked(&self.invoices),
        }
    }
}

/// `POST /settings/accounts/{account}/channels/{channel}`
pub async fn set(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Path((account, channel)): Path<(String, String)>,
    Form(form): Form<RulesForm>,
) -> Result<Redirect> {
    check(&signed_in)?;
    asked.recent(&signed_in, &state)?;
    let (account, now) = (AccountId(account), state.clock.now());
    let (operator, rules) = (&signed_in.user.operator, form.rules());
    let set = channels::set_rules(&state.pool, &account, &channel, rules, operator, now).await;
    set.map_err(|error| refused(&signed_in, error))?;
    Ok(Redirect::to(&format!("/settings/accounts/{account}")))
}

/// A channel, ready to print.
pub struct ChannelView {
    pub id: String,
    pub name: String,
    /// Where its form goes.
    pub href: String,
    pub cells: Vec<Cell>,
    /// Whether gestures are allowed, and how that is known.
    pub gestures: (&'static str, &'static str),
}

/// A rule of a channel.
pub struct Cell {
    pub word: &'static str,
    pub label: &'static str,
    pub allowed: bool,
    pub answer: &'static str,
    pub origin: &'static str,
}

impl ChannelView {
    /// What is known of a channel.
    pub fn new(lang: Lang, account: &AccountId, known: KnownChannel) -> Self {
        let KnownChannel { channel, set_by_hand } = known;
        let cell = |rule: Rule| Cell {
            word: rule.as_str(),
            label: lang.channel_rule(rule),
            allowed: rule.of(channel.rules),
            answer: lang.cancel_yes_no(rule.of(channel.rules)),
            origin: lang.rule_origin(rule.origin(&channel, set_by_hand)),
        };
        let gestures = match channel.rules.gestures {
            Some(allowed) => (lang.cancel_yes_no(allowed), Origin::Observed),
            None => ("–", Origin::Unknown),
        };
        Self {
            cells: Rule::ALL.into_iter().map(cell).collect(),
            gestures: (gestures.0, lang.rule_origin(gestures.1)),
            href: format!("/settings/accounts/{account}/channels/{}", format::in_path(&channel.id)),
            id: channel.id,
            name: channel.name,
        }
    }
}
