//! The page of the columns, ready to print.

use crate::db;
use crate::db::accounts::Account;
use crate::db::imports::Import;
use crate::domain::import::cell;
use crate::domain::import::column::Columns;
use crate::domain::import::column::Field;
use crate::domain::import::table::Record;
use crate::domain::import::table::Table;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::error::Result;
use crate::web::format;
use crate::web::html;
use crate::web::imports;
use crate::web::imports::matching;
use crate::web::imports::matching::Matching;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::text::Lang;
use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;

/// The rows that are shown.
const SAMPLE: usize = 5;
/// So much of a cell is shown.
const CELL: usize = 60;

#[derive(Template)]
#[template(path = "imports/match.html")]
struct MatchPage {
    layout: Layout,
    heading: String,
    summary: String,
    href: String,
    /// When exactly this file was sent before, and the address of what came of it.
    twin: Option<(Time, String)>,
    choices: Vec<Choice>,
    carrier: String,
    carriers: Vec<String>,
    accounts: Vec<AccountChoice>,
    /// The names of the columns, with what each is taken for.
    heads: Vec<(String, Option<&'static str>)>,
    sample: Vec<(usize, Vec<String>)>,
    more: Option<String>,
    errors: FormErrors,
}

/// A field, and the columns that it can come from.
struct Choice {
    name: &'static str,
    label: &'static str,
    hint: &'static str,
    none: &'static str,
    columns: Vec<(usize, String, bool)>,
}

struct AccountChoice {
    id: String,
    name: String,
    chosen: bool,
}

/// The page: which column is what, over the first rows.
pub async fn of(
    state: &AppState,
    signed_in: &SignedIn,
    import: &Import,
    table: &Table,
    matching: &Matching,
    errors: FormErrors,
) -> Result<Response> {
    let (lang, now) = (signed_in.lang, state.clock.now());
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let user_id = signed_in.user.operator.id;
    let twin = db::imports::twin(&mut *conn, user_id, &import.sha256, import.id).await?;
    let mut carriers = Vec::new();
    for account in &signed_in.accounts {
        carriers.extend(db::reference::carriers(&mut *conn, &account.id).await?.0);
    }
    drop(conn);
    carriers.sort_by_key(|it| it.to_lowercase());
    carriers.dedup();
    let columns = matching.columns(table.width());
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let field_of = |column| Field::ALL.into_iter().find(|it| columns.of(*it) == Some(column));
    let account = |it: &Account| AccountChoice {
        id: it.id.0.clone(),
        name: it.name.clone(),
        chosen: it.id.0 == matching.account,
    };
    let several = signed_in.accounts.len() > 1;
    let rows = table.rows.len();
    let page = MatchPage {
        layout: Layout::new(state, signed_in, Place::Imports),
        heading: imports::name(lang, import.file_name.as_deref()),
        summary: lang.import_summary(
            i64::try_from(rows).unwrap_or(i64::MAX),
            table.delimiter,
            &import.encoding,
            table.header.as_ref().map(|it| it.number),
        ),
        href: imports::href(import.id),
        twin: twin.map(|(batch, at)| {
            (format::clock(lang, at, &signed_in.zone(), now), format!("/batches/{batch}"))
        }),
        choices: Field::ALL.map(|it| choice(lang, table, &columns, it)).into(),
        carrier: matching.same_carrier.clone(),
        carriers,
        accounts: if several {
            signed_in.accounts.iter().map(account).collect()
        } else {
            Vec::new()
        },
        heads: (0..table.width())
            .map(|it| (column_name(lang, table, it), field_of(it).map(|it| lang.import_field(it))))
            .collect(),
        sample: table
            .rows
            .iter()
            .take(SAMPLE)
            .map(|it| (it.number, shown(it, table.width())))
            .collect(),
        more: (rows > SAMPLE).then(|| {
            lang.import_more_rows(format::whole(i64::try_from(rows - SAMPLE).unwrap_or(0)))
        }),
        errors,
    };
    Ok((status, html(&page)?).into_response())
}

fn choice(lang: Lang, table: &Table, columns: &Columns, field: Field) -> Choice {
    let sample = |column: usize| {
        let mut cells = table.rows.iter().map(|it| cell::clean(it.cell(column)));
        cells.find(|it| !it.is_empty()).map(short)
    };
    let label = |column: usize| {
        let name = column_name(lang, table, column);
        sample(column).map_or(name.clone(), |it| lang.import_column_with(&name, &it))
    };
    let column = |it: usize| (it, label(it), columns.of(field) == Some(it));
    Choice {
        name: matching::control(field),
        label: lang.import_field(field),
        hint: lang.import_field_hint(field),
        none: lang.import_no_column(field),
        columns: (0..table.width()).map(column).collect(),
    }
}

fn column_name(lang: Lang, table: &Table, column: usize) -> String {
    table.name(column).map_or_else(|| lang.import_column(column + 1), short)
}

fn shown(record: &Record, width: usize) -> Vec<String> {
    (0..width).map(|it| short(record.cell(it).trim())).collect()
}

/// What has room in a table.
fn short(text: &str) -> String {
    if text.chars().count() <= CELL {
        return text.to_owned();
    }
    text.chars().take(CELL).chain(['…']).collect()
}
