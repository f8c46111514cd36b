//! The rows that were not sent, in the file's own columns, each with its reason: to correct them where they came
//! from, and to upload them again.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use uuid::Uuid;

use crate::db;
use crate::domain::import::table::Record;
use crate::domain::import::table::Table;
use crate::web::AppState;
use crate::web::batches;
use crate::web::error::Result;
use crate::web::extract::Path;
use crate::web::imports;
use crate::web::imports::matching;
use crate::web::orders::export::cell;
use crate::web::orders::export::file::BYTE_ORDER_MARK;
use crate::web::orders::export::file::File;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

/// `GET /imports/{id}/rest`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let (import, table) = matching::open(&state, &signed_in, id).await?;
    let Some(batch) = import.batch else {
        // Nothing was checked yet, so that nothing is left over.
        return Ok(Redirect::to(&imports::href(id)).into_response());
    };
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let why = batches::not_sent(&mut conn, &state, &signed_in, batch).await?;
    drop(conn);
    let text = file(signed_in.lang, &table, &why);
    Ok(File::new(text, None).answer(signed_in.lang.import_rest_name()))
}

/// The link to that file from what came of the rows, as long as the file is kept.
pub async fn href_of_batch(
    conn: &mut sqlx::PgConnection,
    signed_in: &SignedIn,
    batch: Uuid,
) -> Result<Option<String>> {
    let user_id = signed_in.user.operator.id;
    let import = db::imports::of_batch(conn, user_id, batch).await?;
    Ok(import.map(|it| format!("{}/rest", imports::href(it))))
}

/// Writes the rows with a reason, with what stands between columns in the file that they come from.
fn file(lang: Lang, table: &Table, why: &BTreeMap<usize, String>) -> String {
    let mut text = BYTE_ORDER_MARK.to_owned();
    let width = table.width();
    if let Some(header) = &table.header {
        line(&mut text, table, header, width, lang.import_reason_column());
    }
    for row in &table.rows {
        if let Some(why) = why.get(&row.number) {
            line(&mut text, table, row, width, why);
        }
    }
    text
}

fn line(text: &mut String, table: &Table, record: &Record, width: usize, last: &str) {
    for column in 0..width {
        cell::text(text, record.cell(column));
        text.push(table.delimiter.char());
    }
    cell::text(text, last);
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::import::column;
    use crate::domain::import::row;

    #[test]
    fn the_rest_has_the_files_own_columns_and_is_read_again() {
        let before = "Client,N° de commande,Suivi,Note\nMme Benali,A-1,6A1,=1+1\nM. Roy,A-2,\nM. Ody,A-3,6A3,x\n";
        let table = Table::read(before).unwrap();
        let why = BTreeMap::from([(2, "Not \"found\"".to_owned()), (3, "No number".to_owned())]);
        let rest = file(Lang::Fr, &table, &why);
        assert_eq!(
            rest,
            "\u{feff}\"Client\",\"N° de commande\",\"Suivi\",\"Note\",\"Motif\"\r\n\
             \"Mme Benali\",\"A-1\",\"6A1\",\"'=1+1\",\"Not \"\"found\"\"\"\r\n\
             \"M. Roy\",\"A-2\",\"\",\"\",\"No number\"\r\n"
        );
        let again = Table::read(&rest).unwrap();
        let columns = column::guess(&again);
        assert_eq!(columns, column::guess(&table));
        let rows = row::rows(&again, &columns, "");
        assert_eq!(
            (rows.len(), rows[0].order.as_str(), rows[0].tracking.as_str()),
            (2, "A-1", "6A1")
        );
    }
}
