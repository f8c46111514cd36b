//! Payloads that no marketplace should send. For each: what a page of orders makes of it. An
//! unreadable order never spoils its page, and no error repeats a value.

use comptoir::octopia::Error;
use comptoir::octopia::orders::Order;
use comptoir::octopia::orders::Page;
use comptoir::octopia::orders::Query;

use crate::server::Server;
use crate::server::json;

/// A name that must never be found in an error.
const PERSON: &str = "Dupont";

/// Payloads as text; `GOOD` stands for a small readable order.
const CASES: [(&str, &str); 34] = [
    ("empty", ""),
    ("only spaces", " \n "),
    ("HTML", "<html><body>Maintenance, Mr Dupont</body></html>"),
    ("a bare text", r#""Dupont""#),
    ("a bare number", "42"),
    ("null", "null"),
    ("object without items", r#"{"message":"Dupont"}"#),
    ("items of the wrong type", r#"{"items":"Dupont"}"#),
    ("cut within an order", r#"{"items":[GOOD,{"orderId":"B","status":"Ship"#),
    ("two documents", "[GOOD][GOOD]"),
    ("NaN literal", r#"[{"orderId":"A","status":"Shipped","totalPrice":NaN}]"#),
    ("orders of the wrong type", r#"[1,null,"Dupont",[],true,GOOD]"#),
    ("empty order", "[{},GOOD]"),
    ("no id", r#"[{"status":"Shipped","updatedAt":"2026-09-02T09:15:00Z"},GOOD]"#),
    ("null status", r#"[{"orderId":"A","status":null},GOOD]"#),
    ("status is an object", r#"[{"orderId":"A","status":{"name":"Dupont"}},GOOD]"#),
    ("id is a number", r#"[{"orderId":9007199254740993,"status":7}]"#),
    ("id given twice", r#"[{"orderId":"A","orderId":"B","status":"Shipped"},GOOD]"#),
    ("unknown words", r#"[{"orderId":"A","status":"Téléporté ✨","businessOrder":"TRUE"}]"#),
    ("line without id", r#"[{"orderId":"A","status":"Shipped","lines":[{"status":"Shipped"}]}]"#),
    ("line is a text", r#"[{"orderId":"A","status":"Shipped","lines":["Dupont"]},GOOD]"#),
    ("lines are null", r#"[{"orderId":"A","status":"Shipped","lines":null,"serviceFees":null}]"#),
    (
        "amount is a word",
        r#"[{"orderId":"A","status":"S","totalPrice":{"sellingPrice":"Dupont"}}]"#,
    ),
    ("amount is text NaN", r#"[{"orderId":"A","status":"S","totalPrice":{"sellingPrice":"NaN"}}]"#),
    ("amount as text", r#"[{"orderId":"A","status":"S","totalPrice":{"sellingPrice":"19.90"}}]"#),
    ("plain total", r#"[{"orderId":"A","status":"S","totalPrice":19.90}]"#),
    ("amount beyond floats", r#"[{"orderId":"A","status":"S","totalPrice":1e400},GOOD]"#),
    (
        "amount of 40 digits",
        r#"[{"orderId":"A","status":"S","totalPrice":1111111111222222222233333333334444444444}]"#,
    ),
    (
        "quantities",
        r#"[{"orderId":"A","status":"S","lines":[{"orderLineId":"L","quantity":"2"}]},{"orderId":"B","status":"S","lines":[{"orderLineId":"L","quantity":2.0}]},{"orderId":"C","status":"S","lines":[{"orderLineId":"L","quantity":-1}]},{"orderId":"D","status":"S","lines":[{"orderLineId":"L","quantity":1.5}]},{"orderId":"E","status":"S","lines":[{"orderLineId":"L","quantity":99999999999}]}]"#,
    ),
    ("date is a word", r#"[{"orderId":"A","status":"S","updatedAt":"Dupont"},GOOD]"#),
    (
        "impossible date",
        r#"[{"orderId":"A","status":"S","updatedAt":"2026-02-30T25:00:00Z"},GOOD]"#,
    ),
    (
        "NUL and spaces",
        r#"[{"orderId":" A\u0000B ","status":"Ship\u0000ped","currencyCode":"\u0000"}]"#,
    ),
    ("half a surrogate pair", r#"[{"orderId":"A","status":"\ud800 Dupont"},GOOD]"#),
    (
        "address is a list",
        r#"[{"orderId":"A","status":"S","billingAddress":["Mr","Dupont",7,{}]},GOOD]"#,
    ),
];

const GOOD: &str = r#"{"orderId":"G","status":"Shipped","lines":[{"orderLineId":"L"}]}"#;

async fn page_of(body: Vec<u8>) -> Result<Page, Error> {
    let server = Server::answering(move || json(200, body.clone())).await;
    server.client().list_orders(&Query::default()).await
}

fn told(page: Result<Page, Error>) -> String {
    let page = match page {
        Ok(page) => page,
        Err(error) => return format!("no page: {}", error.words()),
    };
    let orders = page.items.into_iter().map(|item| match item.order {
        Ok(order) => summary(&order),
        Err(error) => format!("unreadable (id {:?}): {error}", item.order_id),
    });
    orders.collect::<Vec<_>>().join("\n    ")
}

fn summary(order: &Order) -> String {
    let total = order.total_price.as_ref().and_then(|total| total.selling_price);
    let quantities: Vec<_> = order.lines.iter().map(|line| line.quantity).collect();
    let total = total.map_or("-".to_owned(), |total| total.to_string());
    format!("order {} {:?}, total {total}, pieces {quantities:?}", order.order_id, order.status)
}

#[tokio::test]
async fn hostile_payloads_are_told_apart() {
    let mut outcomes = Vec::new();
    for (name, payload) in CASES {
        let outcome = told(page_of(payload.replace("GOOD", GOOD).into_bytes()).await);
        assert!(!outcome.contains(PERSON), "{name} repeats a value: {outcome}");
        outcomes.push(format!("{name}\n    {outcome}"));
    }
    insta::assert_snapshot!(outcomes.join("\n"));
}

#[tokio::test]
async fn bytes_that_are_not_utf8_cost_one_order_at_most() {
    let mut body = format!(r#"[{GOOD},{{"orderId":"A","status":"X"#).into_bytes();
    body.extend_from_slice(b"\xff\"}]");
    let page = page_of(body).await.unwrap();
    assert_eq!(page.items.len(), 2);
    assert_eq!(page.items[1].order.as_ref().unwrap().status, "X\u{fffd}");
}

#[tokio::test]
async fn depth_alone_harms_nothing() {
    let deep = format!("{}{}", "[".repeat(500_000), "]".repeat(500_000));
    let ignored = format!(r#"[{{"orderId":"A","status":"S","unknown":{deep}}},{GOOD}]"#);
    let page = page_of(ignored.into_bytes()).await.unwrap();
    assert!(page.items.iter().all(|item| item.order.is_ok()));

    let in_a_known_place = format!(r#"[{{"orderId":"A","status":"S","lines":{deep}}},{GOOD}]"#);
    let page = page_of(in_a_known_place.into_bytes()).await.unwrap();
    assert_eq!(page.items[0].order_id.as_deref(), Some("A"));
    assert!(page.items[0].order.is_err() && page.items[1].order.is_ok());

    let instead_of_a_page = page_of(deep.into_bytes()).await.unwrap();
    assert!(instead_of_a_page.items[0].order.is_err());
}

#[tokio::test]
async fn the_word_none_is_no_postal_code_and_no_phone() {
    let body = r#"[{"orderId":"A","status":"S","lines":[{"orderLineId":"L","shippingAddress":
        {"lastName":"None","postalCode":"None","phone":"None","city":null,"addressLine1":75011}}]}]"#;
    let page = page_of(body.into()).await.unwrap();
    let order = page.items[0].order.as_ref().unwrap();
    let address = order.lines[0].shipping_address.as_ref().unwrap();
    assert_eq!((&address.postal_code, &address.phone, &address.city), (&None, &None, &None));
    assert_eq!(address.last_name.as_deref(), Some("None"));
    assert_eq!(address.address_line1.as_deref(), Some("75011"));
}

#[tokio::test]
async fn an_unreadable_order_keeps_its_text_and_what_can_be_found_in_it() {
    let order = r#"{"orderId":"A","updatedAt":"2026-09-02T09:15:00Z","status":"S",
        "lines":[{"orderLineId":"L","sellingPrice":{"unitSalesPrice":"free","x":"Dupont"}}]}"#;
    let page = page_of(format!("[{order}]").into_bytes()).await.unwrap();
    let item = &page.items[0];
    assert_eq!(item.raw, order);
    assert_eq!(item.order_id.as_deref(), Some("A"));
    assert_eq!(item.updated_at, Some("2026-09-02T09:15:00Z".parse().unwrap()));
    let error = item.order.as_ref().unwrap_err();
    assert!(error.starts_with("lines[0].sellingPrice.unitSalesPrice: expected a decimal number"));
    assert!(!format!("{page:?}").contains(PERSON));
}
