//! `/settings/carriers`: where customers follow the parcels of each carrier. The ship form fills links in from it.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use crate::db;
use crate::db::tracking_templates::Template as Stored;
use crate::domain::operator::Permission;
use crate::domain::order::AccountId;
use crate::domain::tracking_link;
use crate::domain::tracking_template;
use crate::domain::tracking_template::EXAMPLE;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Query;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::sign_in::confirm::Asked;
use crate::workflow::tracking_templates as workflow;
use crate::workflow::tracking_templates::Said;
use crate::workflow::tracking_templates::TemplateError;

/// The routes of the carriers.
pub fn routes() -> Router<AppState> {
    Router::new().route("/settings/carriers", get(show).post(save))
}

/// What was typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CarrierForm {
    /// None: every account.
    account: String,
    carrier: String,
    template: String,
    /// A number to try it with.
    example: String,
    /// `save`, `preview` or `remove`.
    step: String,
}

/// Which template to change.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct CarrierQuery {
    account: String,
    carrier: String,
}

#[derive(Template)]
#[template(path = "settings/carriers.html")]
struct CarriersPage {
    layout: Layout,
    errors: FormErrors,
    form: CarrierForm,
    /// The link that the template makes of the example.
    preview: Option<String>,
    accounts: Vec<(String, String)>,
    carriers: Vec<String>,
    rows: Vec<Row>,
}

/// A carrier's template, ready to print.
struct Row {
    account: String,
    account_name: String,
    carrier: String,
    template: String,
    /// The link of an example, if it is one.
    example: Option<String>,
    edit: String,
}

/// `GET /settings/carriers`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query<CarrierQuery>,
) -> Result<Response> {
    check(&signed_in)?;
    let CarrierQuery { account, carrier } = query;
    let form = CarrierForm { account, carrier, ..CarrierForm::default() };
    page(&state, &signed_in, form, FormErrors::default(), false).await
}

/// `POST /settings/carriers`
pub async fn save(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Form(form): Form<CarrierForm>,
) -> Result<Response> {
    check(&signed_in)?;
    let id = AccountId(form.account.clone());
    let known = signed_in.accounts.iter().any(|it| it.id == id);
    if !known && !form.account.is_empty() {
        return Err(Error::NotFound);
    }
    let said = Said {
        account: known.then_some(&id),
        carrier: form.carrier.trim(),
        template: (form.step != "remove").then_some(form.template.trim()),
    };
    if let Err(error) = workflow::check(&said) {
        let errors = errors(&signed_in, error)?;
        return page(&state, &signed_in, form, errors, false).await;
    }
    if form.step == "preview" {
        return page(&state, &signed_in, form, FormErrors::default(), true).await;
    }
    // Customers follow these links: whoever found a browser open does not change them.
    asked.recent(&signed_in, &state)?;
    let (operator, now) = (&signed_in.user.operator, state.clock.now());
    match workflow::set(&state.pool, said, operator, now).await {
        Ok(()) => Ok(Redirect::to("/settings/carriers").into_response()),
        Err(error) => {
            let errors = errors(&signed_in, error)?;
            page(&state, &signed_in, form, errors, false).await
        }
    }
}

fn check(signed_in: &SignedIn) -> Result<()> {
    let needed = Permission::Settings;
    if signed_in.user.operator.role.may(needed) {
        Ok(())
    } else {
        Err(Error::Forbidden(signed_in.lang.needs(needed).to_owned()))
    }
}

/// What is wrong, at its field.
fn errors(signed_in: &SignedIn, error: TemplateError) -> Result<FormErrors> {
    let lang = signed_in.lang;
    Ok(match error {
        TemplateError::NoCarrier => FormErrors::one("carrier", lang.template_no_carrier()),
        TemplateError::CarrierTooLong => FormErrors::one("carrier", lang.template_carrier_long()),
        TemplateError::Template(problem) => {
            FormErrors::one("template", lang.template_problem(&problem))
        }
        TemplateError::Blocked(_) => {
            return Err(Error::Forbidden(lang.needs(Permission::Settings).to_owned()));
        }
        TemplateError::Db(error) => return Err(error.into()),
    })
}

/// The link of a parcel. Nothing leads where the marketplace would not.
fn link_of(template: &str, number: &str) -> Option<String> {
    let link = tracking_template::fill(template, number);
    tracking_link::check(&link).is_ok().then_some(link)
}

async fn page(
    state: &AppState,
    signed_in: &SignedIn,
    mut form: CarrierForm,
    errors: FormErrors,
    preview: bool,
) -> Result<Response> {
    let lang = signed_in.lang;
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let stored = db::tracking_templates::list(&mut conn, &signed_in.scope).await?;
    let carriers = db::tracking_templates::carriers(&mut conn, &signed_in.scope).await?;
    drop(conn);
    let of_form = |it: &&Stored| {
        it.carrier.eq_ignore_ascii_case(form.carrier.trim())
            && it.account_id.as_deref().unwrap_or_default() == form.account
    };
    if form.step.is_empty()
        && let Some(found) = stored.iter().find(of_form)
    {
        form.template.clone_from(&found.template);
    }
    if form.example.trim().is_empty() {
        EXAMPLE.clone_into(&mut form.example);
    }
    let number: String = form.example.split_whitespace().collect();
    let mut accounts = vec![(String::new(), lang.all_accounts().to_owned())];
    accounts.extend(signed_in.accounts.iter().map(|it| (it.id.0.clone(), it.name.clone())));
    let row = |it: Stored| {
        let account = it.account_id.unwrap_or_default();
        let name = accounts.iter().find(|(id, _)| *id == account);
        let query = [("account", account.as_str()), ("carrier", it.carrier.as_str())];
        let query = serde_html_form::to_string(query).unwrap_or_default();
        Row {
            account_name: name.map_or_else(|| account.clone(), |(_, name)| name.clone()),
            edit: format!("/settings/carriers?{query}#carrier"),
            example: link_of(&it.template, EXAMPLE),
            account,
            carrier: it.carrier,
            template: it.template,
        }
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = CarriersPage {
        preview: link_of(form.template.trim(), &number).filter(|_| preview),
        rows: stored.into_iter().map(row).collect(),
        carriers,
        accounts,
        errors,
        form,
        layout: Layout::new(state, signed_in, Place::Settings),
    };
    Ok((status, html(&page)?).into_response())
}
