//! What every word means, and what it is called elsewhere. Made from the enums, so that it is complete.

use askama::Template;
use axum::extract::State as Shared;
use axum::response::Html;

use crate::domain::action::ActionKind;
use crate::domain::delivery::State;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::domain::vocabulary;
use crate::domain::vocabulary::Legacy;
use crate::domain::vocabulary::LengowAction;
use crate::domain::vocabulary::Today;
use crate::web::AppState;
use crate::web::components::Delivery;
use crate::web::error::Result;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

/// The section about words that nobody knows.
const UNKNOWN: &str = "unknown";

#[derive(Template)]
#[template(path = "glossary.html")]
struct GlossaryPage {
    layout: Layout,
    statuses: Vec<StatusView>,
    supply_modes: Vec<SupplyModeView>,
    states: Vec<StateView>,
    lengow_actions: Vec<LengowActionView>,
    legacy: Vec<LegacyView>,
}

struct StatusView {
    word: String,
    name: String,
    english: String,
    french: String,
    meaning: &'static str,
    actions: String,
    lengow: Option<&'static str>,
    legacy: Vec<&'static str>,
}

struct SupplyModeView {
    word: String,
    english: String,
    french: String,
    meaning: &'static str,
}

struct StateView {
    mark: Delivery,
    english: &'static str,
    french: &'static str,
    meaning: &'static str,
}

struct LengowActionView {
    word: &'static str,
    ours: Option<&'static str>,
    remark: &'static str,
}

struct LegacyView {
    word: &'static str,
    today: Option<Reference>,
    remark: &'static str,
}

/// A status that another row points to.
struct Reference {
    href: String,
    status: &'static str,
    name: String,
}

/// `GET /glossary`
pub async fn show(Shared(state): Shared<AppState>, signed_in: SignedIn) -> Result<Html<String>> {
    let lang = signed_in.lang;
    html(&GlossaryPage {
        layout: Layout::new(&state, &signed_in, Place::Elsewhere),
        statuses: Status::KNOWN.iter().map(|it| status(lang, it)).collect(),
        supply_modes: SupplyMode::KNOWN.iter().map(|it| supply_mode(lang, it)).collect(),
        states: State::ALL.into_iter().map(|it| delivery_state(lang, it)).collect(),
        lengow_actions: LengowAction::ALL.into_iter().map(|it| lengow_action(lang, it)).collect(),
        legacy: vocabulary::LEGACY.iter().map(|it| legacy(lang, it)).collect(),
    })
}

/// The address of the section about a status.
pub fn href(status: &Status) -> String {
    let known = Status::KNOWN.contains(status);
    let section = if known { status.as_str() } else { UNKNOWN };
    format!("/glossary#{section}")
}

fn status(lang: Lang, status: &Status) -> StatusView {
    StatusView {
        word: status.as_str().to_owned(),
        name: lang.status_name(status).into_owned(),
        english: labels(Lang::En, status),
        french: labels(Lang::Fr, status),
        meaning: lang.status_meaning(status),
        actions: actions(lang, status),
        lengow: vocabulary::lengow(status),
        legacy: vocabulary::legacy(status).collect(),
    }
}

/// All that a status is called on our pages: in tabs, and on badges, where it depends on who ships.
fn labels(lang: Lang, status: &Status) -> String {
    let mut labels = vec![lang.status_name(status)];
    for supply_mode in &SupplyMode::KNOWN {
        let label = lang.status(status, supply_mode);
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    labels.join("\u{a0}· ")
}

/// The actions that start from a status. Whether one is possible depends on the order, too.
fn actions(lang: Lang, status: &Status) -> String {
    let actions = ActionKind::ALL.into_iter().filter(|it| it.spec().allowed_from.contains(status));
    let names: Vec<_> = actions.map(|it| lang.action_name(it)).collect();
    if names.is_empty() { lang.glossary_no_action().to_owned() } else { names.join(", ") }
}

fn supply_mode(lang: Lang, supply_mode: &SupplyMode) -> SupplyModeView {
    SupplyModeView {
        word: supply_mode.as_str().to_owned(),
        english: Lang::En.supply_mode(supply_mode).into_owned(),
        french: Lang::Fr.supply_mode(supply_mode).into_owned(),
        meaning: lang.supply_mode_meaning(supply_mode),
    }
}

fn delivery_state(lang: Lang, state: State) -> StateView {
    StateView {
        mark: Delivery::new(state, lang.delivery_state(state).to_owned()),
        english: Lang::En.delivery_state(state),
        french: Lang::Fr.delivery_state(state),
        meaning: lang.state_meaning(state),
    }
}

fn lengow_action(lang: Lang, action: LengowAction) -> LengowActionView {
    let ours = match action {
        LengowAction::Accept => Some(lang.action_name(ActionKind::Accept)),
        LengowAction::Refuse => Some(lang.action_name(ActionKind::Refuse)),
        LengowAction::Ship => Some(lang.action_name(ActionKind::Ship)),
        LengowAction::Refund => Some(lang.glossary_cancellation()),
        LengowAction::Cancel => None,
    };
    LengowActionView { word: action.as_str(), ours, remark: lang.lengow_action(action) }
}

fn legacy(lang: Lang, row: &'static Legacy) -> LegacyView {
    let remark = match &row.today {
        Today::Same(_) => "",
        Today::Nearest(_, detail) => lang.legacy_detail(*detail),
        Today::Gone(absence) => lang.legacy_absence(*absence),
    };
    let today = row.status().map(|status| Reference {
        href: href(status),
        status: status.as_str(),
        name: lang.status_name(status).into_owned(),
    });
    LegacyView { word: row.word, today, remark }
}
