//! Which column holds what: guessed, shown with the first rows, and confirmed by whoever uploaded the file.

mod page;

use crate::db;
use crate::db::accounts::Account;
use crate::db::imports::Import;
use crate::db::scope::SellerScope;
use crate::domain::batch::Origin;
use crate::domain::batch::Purpose;
use crate::domain::batch::Task;
use crate::domain::import::cell;
use crate::domain::import::column;
use crate::domain::import::column::Columns;
use crate::domain::import::column::Field;
use crate::domain::import::row;
use crate::domain::import::table::Table;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::imports;
use crate::web::imports::lookup;
use crate::web::session::SignedIn;
use crate::web::text::Lang;
use crate::workflow::batches;
use crate::workflow::batches::CreateError;
use crate::workflow::batches::Draft;
use anyhow::Context as _;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

/// What was chosen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Matching {
    /// The number of the column with the order.
    pub order: String,
    /// The number of the column with the carrier.
    pub carrier: String,
    /// The number of the column with the tracking number.
    pub number: String,
    /// The number of the column with the tracking link.
    pub link: String,
    /// The carrier of the rows that name none.
    pub same_carrier: String,
    /// The account in which orders are looked for; all, if none is chosen.
    pub account: String,
}

impl Matching {
    fn of(columns: &Columns, carrier: &str) -> Self {
        let word = |column: Option<usize>| column.map(|it| it.to_string()).unwrap_or_default();
        Self {
            order: word(columns.order),
            carrier: word(columns.carrier),
            number: word(columns.number),
            link: word(columns.link),
            same_carrier: carrier.to_owned(),
            account: String::new(),
        }
    }

    fn word(&self, field: Field) -> &str {
        match field {
            Field::Order => &self.order,
            Field::Carrier => &self.carrier,
            Field::Number => &self.number,
            Field::Link => &self.link,
        }
    }

    /// The columns; what names none of the file's is none.
    fn columns(&self, width: usize) -> Columns {
        let mut columns = Columns::default();
        for field in Field::ALL {
            let column = self.word(field).parse().ok().filter(|it: &usize| *it < width);
            columns.set(field, column);
        }
        columns
    }
}

/// `GET /imports/{id}`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let (import, table) = open(&state, &signed_in, id).await?;
    let user_id = signed_in.user.operator.id;
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let remembered = match (&import.columns, &import.fingerprint) {
        (Some(columns), _) => Some((*columns, import.carrier.clone())),
        (None, Some(print)) => db::imports::remembered(&mut *conn, user_id, print).await?,
        (None, None) => None,
    };
    drop(conn);
    let (columns, carrier) = remembered.unwrap_or_else(|| (column::guess(&table), String::new()));
    let matching = Matching::of(&columns, &carrier);
    page::of(&state, &signed_in, &import, &table, &matching, FormErrors::default()).await
}

/// `POST /imports/{id}`
pub async fn choose(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    Form(matching): Form<Matching>,
) -> Result<Response> {
    let (import, table) = open(&state, &signed_in, id).await?;
    let columns = matching.columns(table.width());
    let mut errors = mistakes(signed_in.lang, &columns);
    if !matching.account.is_empty()
        && !signed_in.accounts.iter().any(|it| it.id.0 == matching.account)
    {
        errors.add("account", signed_in.lang.import_choose_account());
    }
    if !errors.is_empty() {
        return page::of(&state, &signed_in, &import, &table, &matching, errors).await;
    }
    let rows = row::rows(&table, &columns, &matching.same_carrier);
    let scope = looked_through(&signed_in, &matching);
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let found = lookup::find(&mut conn, &scope, rows.iter().map(|it| it.order.as_str())).await?;
    drop(conn);
    let looked = |it: &&Account| matching.account.is_empty() || it.id.0 == matching.account;
    let first = signed_in.accounts.iter().find(looked);
    let first = first.ok_or(Error::NotFound)?.id.clone();
    let rows = match lookup::drafted(&rows, &found, &first) {
        Ok(rows) => rows,
        Err(ambiguous) => {
            let words = signed_in.lang.import_several_accounts(ambiguous.row, ambiguous.order);
            let field = if signed_in.accounts.len() > 1 { "account" } else { "order" };
            let errors = FormErrors::one(field, words);
            return page::of(&state, &signed_in, &import, &table, &matching, errors).await;
        }
    };
    let user_id = signed_in.user.operator.id;
    let words = serde_json::to_string(&columns).context("columns")?;
    // Chosen the same way again it is the same batch, chosen in another way it is another one.
    let batch = batches::id_of([
        "import",
        &import.id.to_string(),
        &words,
        &matching.same_carrier,
        &matching.account,
    ]);
    let draft = Draft {
        id: batch,
        user_id,
        purpose: Purpose::Promise(Task::Ship),
        origin: Origin::File(imports::name(signed_in.lang, import.file_name.as_deref())),
        retry_of: None,
        rows: &rows,
    };
    let tx = state.scoped.begin(&signed_in.scope).await?;
    match batches::create(tx, &draft, state.clock.now()).await {
        Ok(_) => {}
        Err(CreateError::Db(error)) => return Err(error.into()),
        // A file that was taken in has rows, and not too many.
        Err(error @ (CreateError::Empty | CreateError::TooMany(_))) => {
            return Err(Error::Internal(error.into()));
        }
    }
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let carrier: String = cell::name(&matching.same_carrier).chars().take(200).collect();
    db::imports::set_matched(&mut *conn, user_id, import.id, &columns, &carrier, batch).await?;
    Ok(Redirect::to(&format!("/batches/{batch}")).into_response())
}

/// The accounts in which orders are looked for.
fn looked_through(signed_in: &SignedIn, matching: &Matching) -> SellerScope {
    if matching.account.is_empty() {
        return signed_in.scope.clone();
    }
    signed_in.scope.narrowed_to(std::slice::from_ref(&matching.account))
}

/// A file of the user's, and its table.
pub(super) async fn open(
    state: &AppState,
    signed_in: &SignedIn,
    id: Uuid,
) -> Result<(Import, Table)> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let user_id = signed_in.user.operator.id;
    let import = db::imports::find(&mut *conn, user_id, id).await?.ok_or(Error::NotFound)?;
    drop(conn);
    imports::permitted(signed_in)?;
    let Some(content) = import.content.clone() else {
        return Err(Error::Conflict(signed_in.lang.import_forgotten().to_owned()));
    };
    let table = tokio::task::spawn_blocking(move || Table::read(&content)).await;
    let table = table.context("reading a file")?.context("a file that was taken in")?;
    Ok((import, table))
}

fn mistakes(lang: Lang, columns: &Columns) -> FormErrors {
    let mut errors = FormErrors::default();
    if columns.order.is_none() {
        errors.add("order", lang.import_choose_order());
    }
    if columns.number.is_none() {
        errors.add("number", lang.import_choose_number());
    }
    let mut taken = Vec::new();
    for field in Field::ALL {
        let Some(column) = columns.of(field) else { continue };
        if taken.contains(&column) {
            errors.add(control(field), lang.import_column_twice());
        }
        taken.push(column);
    }
    errors
}

pub(in crate::web::imports) const fn control(field: Field) -> &'static str {
    match field {
        Field::Order => "order",
        Field::Carrier => "carrier",
        Field::Number => "number",
        Field::Link => "link",
    }
}
