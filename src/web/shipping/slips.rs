//! Packing slips: a sheet for each parcel, with the order's number as a barcode that the scan box reads.

use askama::Template;
use axum::extract::State;
use axum::response::Html;

use crate::db::sheets::Sheet;
use crate::domain::audit::act::Printed;
use crate::domain::operator::Permission;
use crate::domain::order::SupplyMode;
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
use crate::web::orders::people;
use crate::web::session::SignedIn;
use crate::web::shipping::barcode::Barcode;
use crate::web::shipping::selection::Selection;
use crate::web::shipping::sheets;
use crate::web::shipping::sheets::Sheets;

#[derive(Template)]
#[template(path = "shipping/slips.html")]
struct SlipsPage {
    layout: Layout,
    summary: String,
    picking: String,
    slips: Vec<Slip>,
    left_out: Vec<(String, String, String)>,
    cut: bool,
}

/// The sheet of one parcel.
struct Slip {
    order_id: String,
    href: String,
    account: String,
    channel: String,
    reference: Option<String>,
    created: Time,
    due: Option<Due>,
    barcode: Option<Barcode>,
    content_lang: Option<&'static str>,
    /// Where it goes, or why that is not said.
    ship_to: Result<Vec<String>, &'static str>,
    lines: Vec<Line>,
    pieces: i64,
}

/// What is in it.
struct Line {
    quantity: i32,
    sku: String,
    gtin: String,
    title: String,
}

/// `GET /shipping/slips`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query<Pairs>,
) -> Result<Html<String>> {
    let selection = Selection::parse(&query);
    let (now, lang) = (state.clock.now(), signed_in.lang);
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let read = Sheets::read(&mut conn, &state, &signed_in, &selection).await?;
    read.note(&mut conn, &signed_in, Printed::PackingSlips, now).await?;
    drop(conn);
    let page = SlipsPage {
        summary: lang.slips_summary(read.to_pick.len(), read.pieces()),
        picking: selection.href("/shipping/picking"),
        slips: read.to_pick.iter().map(|it| slip(&state, &signed_in, it)).collect(),
        left_out: read.left_out,
        cut: read.cut,
        layout: Layout::new(&state, &signed_in, Place::Shipping),
    };
    html(&page)
}

fn slip(state: &AppState, signed_in: &SignedIn, sheet: &Sheet) -> Slip {
    let (now, lang) = (state.clock.now(), signed_in.lang);
    let account = signed_in.accounts.iter().find(|it| it.id.0 == sheet.account_id);
    let zone = account.map_or_else(|| signed_in.account_zone(), |it| format::zone(&it.time_zone));
    let may = signed_in.user.operator.role.may(Permission::SeePersonalData);
    let ours = sheet.supply_mode == SupplyMode::Seller;
    let unknown = if may { lang.no_address(&sheet.status, ours) } else { lang.customer_hidden() };
    let line = |it: &crate::db::sheets::SheetLine| Line {
        quantity: it.quantity,
        sku: it.sku.clone().or_else(|| it.offer_id.clone()).unwrap_or_default(),
        gtin: it.gtin.clone().unwrap_or_default(),
        title: lines::product(lang, &it.title),
    };
    Slip {
        order_id: sheet.order_id.clone(),
        href: sheets::href(sheet),
        account: account.map_or_else(|| sheet.account_id.clone(), |it| it.name.clone()),
        channel: sheet.channel_name.clone(),
        reference: sheet.reference.clone(),
        created: format::day(lang, sheet.created_at, &zone, now),
        due: sheets::due(lang, sheet, &zone, now),
        barcode: Barcode::of(&sheet.order_id),
        content_lang: lines::content_lang(&sheet.channel_id),
        ship_to: sheet.shipping.as_ref().map(people::lines).ok_or(unknown),
        lines: sheets::to_pick(sheet).map(line).collect(),
        pieces: sheets::to_pick(sheet).map(|it| i64::from(it.quantity)).sum(),
    }
}
