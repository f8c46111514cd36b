//! The rows of a batch as a file for spreadsheets: what is sent, what is not, and why.

use axum::extract::State;
use axum::response::Response;
use uuid::Uuid;

use crate::db;
use crate::web::AppState;
use crate::web::batches;
use crate::web::batches::result::Part;
use crate::web::batches::result::ResultRow;
use crate::web::batches::review;
use crate::web::batches::verdict::Group;
use crate::web::batches::verdict::Verdict;
use crate::web::components::Delivery;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Path;
use crate::web::extract::Query;
use crate::web::orders::Reader;
use crate::web::orders::export::cell;
use crate::web::orders::export::file::BYTE_ORDER_MARK;
use crate::web::orders::export::file::File;
use crate::web::session::SignedIn;
use crate::web::sight::Sight;

/// `GET /batches/{id}/file`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let lang = signed_in.lang;
    let show = query.iter().find(|(name, _)| name == "show").map_or("", |(_, it)| it.as_str());
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let batch = batches::find(&mut conn, &signed_in, id).await?;
    let task = batch.purpose.task().ok_or(Error::NotFound)?;
    let reader = Reader { lang, zone: signed_in.zone(), now: state.clock.now() };
    let sight = Sight::of(signed_in.user.operator.role);
    let rows: Vec<ResultRow> = if batch.confirmed_at.is_some() {
        let rows = db::batches::rows::list(&mut conn, &signed_in.scope, id).await?;
        let part = Part::ALL.into_iter().find(|it| it.as_str() == show);
        let rows = sight.batch_rows(rows).into_iter();
        rows.filter(|it| part.is_none_or(|part| Part::of(it) == part))
            .map(|it| ResultRow::new(it, task, &reader))
            .collect()
    } else {
        let judged = review::judged(&mut conn, &state, &signed_in, &batch, task).await?;
        let group = Group::ALL.into_iter().find(|it| it.as_str() == show);
        let wanted =
            judged.into_iter().filter(|it| group.is_none_or(|group| it.verdict.group() == group));
        let row = |mut it: batches::verdict::Judged| {
            let why = match &it.verdict {
                Verdict::Ready => Vec::new(),
                Verdict::Doubted(all) => all.iter().map(|it| lang.batch_warning(it)).collect(),
                Verdict::Stopped(it) => lang.stopped(task, it, |at| reader.clock(at).text),
            };
            let label = lang.batch_draft().to_owned();
            it.row = sight.batch_rows(vec![it.row.clone()]).pop().unwrap_or(it.row);
            let delivery = Delivery { state: "queued", label };
            ResultRow { delivery, why: why.join(" "), ..ResultRow::new(it.row, task, &reader) }
        };
        wanted.map(row).collect()
    };
    drop(conn);
    let mut text = BYTE_ORDER_MARK.to_owned();
    let head = [
        lang.batch_row(),
        lang.account(),
        lang.order_column(),
        lang.parcel_carrier(),
        lang.parcel_number(),
        lang.batch_link(),
        lang.batch_result(),
        lang.batch_why(),
    ];
    line(&mut text, &head);
    for row in rows {
        let order = row.order.map_or(row.typed_order, |(_, id)| id);
        line(
            &mut text,
            &[
                &row.position.to_string(),
                &row.account,
                &order,
                &row.carrier,
                &row.number,
                &row.link,
                &row.delivery.label,
                &row.why,
            ],
        );
    }
    Ok(File::new(text, None).answer("batch.csv"))
}

fn line(text: &mut String, cells: &[&str]) {
    for (index, it) in cells.iter().enumerate() {
        if index > 0 {
            text.push(';');
        }
        cell::text(text, it);
    }
    text.push_str("\r\n");
}
