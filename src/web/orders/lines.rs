//! The table of an order's lines.

use rust_decimal::Decimal;

use crate::domain::order::Line;
use crate::web::components::Badge;
use crate::web::format;
use crate::web::orders::Desk;
use crate::web::orders::amounts;
use crate::web::text::Lang;

/// A line, ready to print.
#[derive(Debug)]
pub struct LineView {
    /// The marketplace's identifier.
    pub id: String,
    /// The offer's.
    pub offer: Option<String>,
    /// What the customer read.
    pub title: String,
    /// SKU, bar code, condition.
    pub note: String,
    /// Pieces.
    pub quantity: String,
    /// More than one piece: not to be overlooked.
    pub several: bool,
    /// The seller's price of one piece.
    pub offer_price: String,
    /// What the customer paid for one piece.
    pub selling_price: String,
    /// The difference of the two, if there is one.
    pub discount: Option<String>,
    /// What the customer paid for all pieces.
    pub total: String,
    /// The rate of its VAT, as declared with the offer.
    pub vat: Option<String>,
    /// Where the line stands.
    pub badge: Badge,
    /// Who ships it.
    pub supply: String,
}

/// The lines of an order.
pub fn view(desk: &Desk) -> Vec<LineView> {
    let currency = &desk.order().amounts.currency;
    desk.order().lines.iter().map(|line| of(desk.lang(), line, currency)).collect()
}

fn of(lang: Lang, line: &Line, currency: &str) -> LineView {
    let money =
        |it: Option<Decimal>| it.map_or_else(|| "–".to_owned(), |it| format::money(it, currency));
    let (offer, selling) = (line.offer_unit_price, line.selling_unit_price);
    let discount = offer.zip(selling).and_then(|(offer, paid)| paid.checked_sub(offer));
    let note = [&line.sku, &line.gtin, &line.condition].into_iter().flatten();
    LineView {
        id: line.id.clone(),
        offer: line.offer_id.clone(),
        title: title(lang, line),
        note: note.map(String::as_str).collect::<Vec<_>>().join(", "),
        quantity: format::whole(line.quantity.into()),
        several: line.quantity > 1,
        offer_price: money(offer),
        selling_price: money(selling),
        discount: discount.filter(|it| !it.is_zero()).map(|it| format::money(it, currency)),
        total: money(amounts::of_pieces(line, selling)),
        vat: line.vat_rate.map(|it| lang.vat(format::percent(it))),
        badge: Badge::new(lang, &line.status, &line.supply_mode),
        supply: lang.supply_mode(&line.supply_mode).into_owned(),
    }
}

/// What the customer read, or that it is not known.
pub fn title(lang: Lang, line: &Line) -> String {
    product(lang, &line.title)
}

/// The same of a title alone.
pub fn product(lang: Lang, title: &str) -> String {
    if title.trim().is_empty() { lang.line_untitled().to_owned() } else { title.to_owned() }
}

/// The language that the products of a channel are described in, as far as its identifier tells: `CDISFR`.
pub fn content_lang(channel_id: &str) -> Option<&'static str> {
    [("FR", "fr"), ("ES", "es"), ("PL", "pl"), ("IT", "it"), ("DE", "de"), ("PT", "pt")]
        .into_iter()
        .find(|(country, _)| channel_id.ends_with(country))
        .map(|(_, lang)| lang)
}

/// The days promised to the customer: the widest range of all lines.
pub fn promised(desk: &Desk) -> Option<String> {
    let (reader, order) = (&desk.reader, desk.order());
    let day = |at| format::day(reader.lang, at, &reader.zone, reader.now).text;
    let from = order.lines.iter().filter_map(|it| it.promised_from).min().map(day);
    let to = order.lines.iter().filter_map(|it| it.promised_to).max().map(day);
    match (from, to) {
        (Some(from), Some(to)) if from != to => Some(reader.lang.day_range(from, to)),
        (from, to) => to.or(from),
    }
}
