//! An empty file to fill in.

use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::domain::import::column::Field;
use crate::web::error::Result;
use crate::web::imports;
use crate::web::orders::export::file::BYTE_ORDER_MARK;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

/// `GET /imports/template`
pub async fn show(signed_in: SignedIn) -> Result<Response> {
    imports::permitted(&signed_in)?;
    let lang = signed_in.lang;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{}\"", lang.import_template_name()),
        ),
    ];
    Ok((headers, of(lang)).into_response())
}

/// The names of the columns, as a spreadsheet in that language expects them.
fn of(lang: Lang) -> String {
    let names = Field::ALL.map(|it| lang.import_field(it));
    format!("{BYTE_ORDER_MARK}{}\r\n", names.join(lang.import_delimiter()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::import::column;
    use crate::domain::import::column::Columns;
    use crate::domain::import::content;
    use crate::domain::import::row;
    use crate::domain::import::table::Table;

    #[test]
    fn what_is_filled_in_is_read_without_a_question() {
        for lang in [Lang::En, Lang::Fr] {
            let filled = ["A1", "Colissimo", "6A21938475603", "https://suivi.test/6A21938475603"];
            let file = of(lang) + &filled.join(lang.import_delimiter()) + "\r\n";
            let (text, _) = content::decode(file.as_bytes()).unwrap();
            let table = Table::read(&text).unwrap();
            let columns = column::guess(&table);
            let whole =
                Columns { order: Some(0), carrier: Some(1), number: Some(2), link: Some(3) };
            assert_eq!(columns, whole, "{lang:?}");
            let row = row::rows(&table, &columns, "").remove(0);
            assert_eq!([&row.order, &row.carrier, &row.tracking, &row.link], filled);
        }
    }
}
