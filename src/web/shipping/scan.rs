//! What a scanner typed into the box.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use serde::Deserialize;
use sqlx::PgConnection;

use crate::db;
use crate::db::scope::SellerScope;
use crate::domain::action;
use crate::domain::action::ActionKind;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::order::AccountId;
use crate::domain::privacy::Sought;
use crate::web::AppState;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::orders::Desk;
use crate::web::session::SignedIn;
use crate::web::shipping;
use crate::workflow::audit;

/// The orders of one number that are worth telling apart.
const MAX_FOUND: i64 = 5;
/// No number that is scanned is longer.
const LONGEST: usize = 200;

/// What was scanned.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScanForm {
    number: String,
}

/// Why nothing was opened. It stays on the page until somebody acknowledges it.
#[derive(Debug)]
pub struct Failure {
    /// What happened.
    pub title: String,
    /// Why, and what to do.
    pub text: String,
    /// Where to go on from there: words and address.
    pub links: Vec<(String, String)>,
}

/// `POST /shipping/scan`
pub async fn scan(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(form): Form<ScanForm>,
) -> Result<Response> {
    shipping::check(&signed_in)?;
    // Labels print numbers in groups, and some scanners add a tabulator.
    let number: String = form.number.split_whitespace().collect();
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let found = if number.is_empty() || number.chars().count() > LONGEST {
        Vec::new()
    } else {
        find(&mut conn, &signed_in.scope, &number).await?
    };
    note(&mut conn, &signed_in, &state, &number, found.len()).await?;
    let failure = match found.as_slice() {
        [(account, order_id)] => {
            let desk = Desk::open(&mut conn, &state, &signed_in, account, order_id).await?;
            match action::check(ActionKind::Ship, &desk.facts()) {
                Ok(()) => {
                    let form = shipping::form_href(&desk.account, order_id);
                    return Ok(Redirect::to(&form).into_response());
                }
                Err(blocked) => not_possible(&desk, &blocked),
            }
        }
        _ => unclear(&signed_in, &number, &found),
    };
    let page = shipping::page(&mut conn, &state, &signed_in, Some(failure), None).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

/// The orders with that number, as it was scanned, else in capitals.
async fn find(
    conn: &mut PgConnection,
    scope: &SellerScope,
    number: &str,
) -> Result<Vec<(String, String)>> {
    let found = db::search::exact(&mut *conn, scope, number, MAX_FOUND).await?;
    let capitals = number.to_uppercase();
    if found.is_empty() && capitals != number {
        return Ok(db::search::exact(conn, scope, &capitals, MAX_FOUND).await?);
    }
    Ok(found)
}

/// A scan is a search, and the audit says so; what was scanned stays out.
async fn note(
    conn: &mut PgConnection,
    signed_in: &SignedIn,
    state: &AppState,
    number: &str,
    found: usize,
) -> Result<()> {
    let act = Act::Searched {
        chars: number.chars().count(),
        found,
        what: Some(Sought::of(number)),
        accounts: signed_in.accounts.iter().map(|it| it.id.0.clone()).collect(),
    };
    let entry = Entry::by(signed_in.user.operator.id, act, state.clock.now());
    Ok(audit::note(conn, &entry).await?)
}

/// The order is known, and must not leave.
fn not_possible(desk: &Desk, blocked: &action::Blocked) -> Failure {
    let (lang, reader) = (desk.lang(), &desk.reader);
    Failure {
        title: lang.scan_not_possible(&desk.order().id),
        text: lang.blocked(ActionKind::Ship, blocked, |at| reader.clock(at).text),
        links: vec![(lang.scan_order_open().to_owned(), desk.href())],
    }
}

/// There is no such order, or more than one.
fn unclear(signed_in: &SignedIn, number: &str, found: &[(String, String)]) -> Failure {
    let lang = signed_in.lang;
    // Only the beginning: nobody reads out all of what a broken scanner types.
    let shown: String = number.chars().take(60).collect();
    if found.is_empty() {
        let (title, text) = if number.is_empty() {
            (lang.scan_nothing().to_owned(), lang.scan_nothing_why())
        } else {
            (lang.scan_unknown(shown), lang.scan_unknown_why())
        };
        return Failure { title, text: text.to_owned(), links: Vec::new() };
    }
    let name = |id: &str| {
        let account = signed_in.accounts.iter().find(|it| it.id.0 == id);
        account.map_or_else(|| id.to_owned(), |it| it.name.clone())
    };
    let link = |(account, order_id): &(String, String)| {
        let words = format!("{order_id}, {}", name(account));
        (words, shipping::form_href(&AccountId(account.clone()), order_id))
    };
    Failure {
        title: lang.scan_several(shown),
        text: lang.scan_several_why().to_owned(),
        links: found.iter().map(link).collect(),
    }
}
