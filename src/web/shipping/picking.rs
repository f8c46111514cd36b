//! The picking list: what to fetch, product by product or order by order. Made to be printed.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::db::sheets::Sheet;
use crate::db::sheets::SheetLine;
use crate::domain::audit::act::Printed;
use crate::domain::operator::Permission;
use crate::web::AppState;
use crate::web::components::Due;
use crate::web::components::Time;
use crate::web::error::Result;
use crate::web::extract::Query;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::orders::action::Pairs;
use crate::web::orders::lines;
use crate::web::session::SignedIn;
use crate::web::shipping::barcode::Barcode;
use crate::web::shipping::choice::Choices;
use crate::web::shipping::selection::Selection;
use crate::web::shipping::sheets;
use crate::web::shipping::sheets::Sheets;
use crate::web::text::Lang;

#[derive(Template)]
#[template(path = "shipping/picking.html")]
struct PickingPage {
    layout: Layout,
    summary: String,
    made: Time,
    by: String,
    choices: Choices,
    slips: String,
    products: Vec<Product>,
    orders: Vec<Parcel>,
    left_out: Vec<(String, String, String)>,
    cut: bool,
    /// Whether somebody looks on who may close parcels.
    may_pack: bool,
    /// Where a mark leads back to.
    here: String,
}

/// A product, and the orders that it is for.
struct Product {
    id: String,
    title: String,
    content_lang: Option<&'static str>,
    numbers: String,
    barcode: Option<Barcode>,
    pieces: i64,
    orders: Vec<Row>,
}

/// An order, and the products that are for it.
struct Parcel {
    row: Row,
    barcode: Option<Barcode>,
    content_lang: Option<&'static str>,
    lines: Vec<Line>,
}

/// A line of an order.
struct Line {
    quantity: i32,
    sku: String,
    gtin: String,
    title: String,
}

/// An order, as both lists show it.
struct Row {
    quantity: i64,
    order_id: String,
    href: String,
    due: Option<Due>,
    customer: String,
    place: String,
    channel: String,
    packed: bool,
}

/// `GET /shipping/picking`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query<Pairs>,
) -> Result<Html<String>> {
    let (now, lang) = (state.clock.now(), signed_in.lang);
    let selection = Selection::parse(&query);
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let read = Sheets::read(&mut conn, &state, &signed_in, &selection).await?;
    read.note(&mut conn, &signed_in, Printed::PickingList, now).await?;
    drop(conn);
    let zone = signed_in.account_zone();
    let row = |sheet: &Sheet| Row {
        quantity: sheets::to_pick(sheet).map(|it| i64::from(it.quantity)).sum(),
        order_id: sheet.order_id.clone(),
        href: sheets::href(sheet),
        due: sheets::due(lang, sheet, &zone, now),
        customer: sheet.customer_name.clone().unwrap_or_default(),
        place: place(sheet),
        channel: sheet.channel_name.clone(),
        packed: sheet.packed,
    };
    let products = products(lang, &read.to_pick, &row);
    let page = PickingPage {
        summary: lang.picking_summary(read.to_pick.len(), read.pieces(), products.len()),
        made: format::day_time(lang, now, &zone, now),
        by: signed_in.user.operator.name.clone(),
        choices: Choices::new(&signed_in, &selection, &read.buckets),
        slips: selection.href("/shipping/slips"),
        orders: if selection.order_by_order {
            read.to_pick.iter().map(|it| parcel(lang, it, &row)).collect()
        } else {
            Vec::new()
        },
        products: if selection.order_by_order { Vec::new() } else { products },
        left_out: read.left_out,
        cut: read.cut,
        may_pack: signed_in.user.operator.role.may(Permission::Ship),
        here: selection.href("/shipping/picking"),
        layout: Layout::new(&state, &signed_in, Place::Shipping),
    };
    html(&page)
}

/// Town and postcode, after the name.
fn place(sheet: &Sheet) -> String {
    let parts = [sheet.postal_code.as_deref(), sheet.city.as_deref()];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The same by product, in the order of their numbers: an account's own, because two may use the same.
fn products(lang: Lang, sheets: &[Sheet], row: &impl Fn(&Sheet) -> Row) -> Vec<Product> {
    let mut products: BTreeMap<(&str, &str), Product> = BTreeMap::new();
    for sheet in sheets {
        for line in sheets::to_pick(sheet) {
            let name = sheets::name(line);
            let key = (name, sheet.account_id.as_str());
            let id = products.len();
            let product = products.entry(key).or_insert_with(|| Product {
                id: format!("sku-{id}"),
                title: lines::product(lang, &line.title),
                content_lang: lines::content_lang(&sheet.channel_id),
                numbers: numbers(line),
                barcode: line.sku.as_deref().and_then(Barcode::of),
                pieces: 0,
                orders: Vec::new(),
            });
            let quantity = i64::from(line.quantity);
            product.pieces += quantity;
            match product.orders.last_mut() {
                // Two lines of one order.
                Some(last) if last.href == sheets::href(sheet) => last.quantity += quantity,
                Some(_) | None => product.orders.push(Row { quantity, ..row(sheet) }),
            }
        }
    }
    products.into_values().collect()
}

/// `MLX-EZ905D20, EAN 3016661167850`
fn numbers(line: &SheetLine) -> String {
    let gtin = line.gtin.as_ref().map(|it| format!("EAN {it}"));
    let parts = [line.sku.clone().or_else(|| line.offer_id.clone()), gtin];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn parcel(lang: Lang, sheet: &Sheet, row: &impl Fn(&Sheet) -> Row) -> Parcel {
    let line = |it: &SheetLine| Line {
        quantity: it.quantity,
        sku: it.sku.clone().or_else(|| it.offer_id.clone()).unwrap_or_default(),
        gtin: it.gtin.clone().unwrap_or_default(),
        title: lines::product(lang, &it.title),
    };
    Parcel {
        row: row(sheet),
        barcode: Barcode::of(&sheet.order_id),
        content_lang: lines::content_lang(&sheet.channel_id),
        lines: sheets::to_pick(sheet).map(line).collect(),
    }
}
