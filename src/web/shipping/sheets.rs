//! What picking lists and packing slips have in common: which orders they are made of, and which of those that were
//! named are not to be picked, with the reason.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use sqlx::PgConnection;

use crate::db;
use crate::db::order_counts::Bucket;
use crate::db::sheets::Sheet;
use crate::db::sheets::SheetLine;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::act::Printed;
use crate::domain::deadline::Boundaries;
use crate::domain::deadline::Rank;
use crate::domain::deadline::Urgency;
use crate::domain::operator::Permission;
use crate::domain::order::AccountId;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::web::AppState;
use crate::web::batches;
use crate::web::components::Due;
use crate::web::error::Result;
use crate::web::format;
use crate::web::session::SignedIn;
use crate::web::shipping::SETTLING;
use crate::web::shipping::selection::MOST;
use crate::web::shipping::selection::Selection;
use crate::web::sight::Sight;
use crate::web::text::Lang;
use crate::workflow::audit;

/// The orders of a selection.
#[derive(Debug)]
pub struct Sheets {
    /// Those to pick and pack, the most urgent first.
    pub to_pick: Vec<Sheet>,
    /// Those that are not to be picked: address, number, and why.
    pub left_out: Vec<(String, String, String)>,
    /// Whether there are more than one list takes.
    pub cut: bool,
    /// What there is to choose a channel from.
    pub buckets: Vec<Bucket>,
}

impl Sheets {
    /// Reads the orders of a selection, as far as their reader may see them.
    pub async fn read(
        conn: &mut PgConnection,
        state: &AppState,
        signed_in: &SignedIn,
        selection: &Selection,
    ) -> Result<Self> {
        let (now, lang) = (state.clock.now(), signed_in.lang);
        let scope = signed_in.scope.narrowed_to(&named(&selection.account));
        let buckets = db::order_counts::buckets(&mut *conn, &signed_in.scope).await?;
        let (keys, cut) = if let Some(batch) = selection.batch {
            let mut keys = batches::orders(conn, signed_in, batch).await?;
            let cut = keys.len() > MOST;
            keys.truncate(MOST);
            (keys, cut)
        } else if selection.is_by_deadline() {
            let boundaries = Boundaries::at(now, &signed_in.account_zone());
            let wanted = db::shipping::Wanted {
                scope: &scope,
                channels: &named(&selection.channel),
                end: selection.by.end(&boundaries),
                settling: now - SETTLING,
            };
            let limit = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
            let mut keys = db::shipping::next(conn, &wanted, limit).await?;
            let cut = keys.len() > MOST;
            keys.truncate(MOST);
            (keys.into_iter().map(|it| (it.account_id, it.order_id)).collect(), cut)
        } else {
            (selection.orders.clone(), selection.cut)
        };
        let (accounts, orders): (Vec<_>, Vec<_>) = keys.into_iter().unzip();
        let sheets = db::sheets::of_orders(conn, &accounts, &orders).await?;
        let sheets = Sight::of(signed_in.user.operator.role).sheets(sheets);
        let (mut sheets, others): (Vec<_>, Vec<_>) = sheets.into_iter().partition(is_to_pick);
        sheets.sort_by(|a, b| (a.rank, &a.order_id).cmp(&(b.rank, &b.order_id)));
        let left_out = others.iter().map(|it| (href(it), it.order_id.clone(), why(lang, it)));
        Ok(Self { to_pick: sheets, left_out: left_out.collect(), cut, buckets })
    }

    /// Writes down that these orders were laid out with their customers on them.
    pub async fn note(
        &self,
        conn: &mut PgConnection,
        signed_in: &SignedIn,
        what: Printed,
        now: Timestamp,
    ) -> Result<()> {
        let operator = &signed_in.user.operator;
        if self.to_pick.is_empty() || !operator.role.may(Permission::SeePersonalData) {
            return Ok(());
        }
        let act = Act::Printed { what, orders: self.to_pick.len() };
        Ok(audit::note(conn, &Entry::by(operator.id, act, now)).await?)
    }

    /// The pieces of all orders.
    pub fn pieces(&self) -> i64 {
        self.to_pick.iter().flat_map(to_pick).map(|it| i64::from(it.quantity)).sum()
    }
}

fn named(word: &str) -> Vec<String> {
    if word.is_empty() { Vec::new() } else { vec![word.to_owned()] }
}

/// The lines that are to be fetched. A customer's wish to cancel one is decided before.
pub fn to_pick(sheet: &Sheet) -> impl Iterator<Item = &SheetLine> {
    let ours = |it: &&SheetLine| {
        it.status == Status::InPreparation && it.supply_mode == SupplyMode::Seller
    };
    sheet.lines.iter().filter(ours)
}

fn is_to_pick(sheet: &Sheet) -> bool {
    sheet.status == Status::InPreparation && !sheet.promised && to_pick(sheet).next().is_some()
}

fn why(lang: Lang, sheet: &Sheet) -> String {
    if sheet.promised {
        lang.sheets_promised().to_owned()
    } else if sheet.status == Status::InPreparation {
        lang.sheets_no_line().to_owned()
    } else {
        lang.status(&sheet.status, &sheet.supply_mode).into_owned()
    }
}

/// The address of the order's page.
pub fn href(sheet: &Sheet) -> String {
    format::order_href(&AccountId(sheet.account_id.clone()), &sheet.order_id)
}

/// The deadline of an order, if it has one.
pub fn due(lang: Lang, sheet: &Sheet, zone: &TimeZone, now: Timestamp) -> Option<Due> {
    let urgency = Urgency::of(Rank(sheet.rank), &Boundaries::at(now, zone));
    let at = Timestamp::from_second(sheet.rank).ok().filter(|_| urgency < Urgency::None)?;
    Some(Due::new(lang, urgency, at, zone, now))
}

/// What a line is called by: its SKU, else the offer's number, else what it is.
pub fn name(line: &SheetLine) -> &str {
    let number = line.sku.as_deref().or(line.offer_id.as_deref());
    number.filter(|it| !it.trim().is_empty()).unwrap_or(&line.title)
}
