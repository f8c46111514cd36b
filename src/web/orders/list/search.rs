//! Finding orders by what somebody reads out or remembers, and what the audit says of it.
//!
//! A number stands in the address and a name does not (docs/PRIVACY.md).

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db;
use crate::db::scope::SellerScope;
use crate::db::search::Hit;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::operator::Permission;
use crate::domain::operator::Role;
use crate::domain::privacy::Sought;
use crate::web::error::Result;
use crate::web::orders::list::PAGE_SIZE;
use crate::web::session::SignedIn;
use crate::workflow::audit;

/// The words of a search that are looked at.
const MOST_WORDS: usize = 6;
/// The last digits of a telephone number by which it is compared.
const PHONE_DIGITS: usize = 9;
/// How much worse than the best hit another may be.
const NEAR_THE_BEST: f32 = 0.7;

/// What was found: pairs of account and order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// The orders, the best first.
    pub orders: Vec<(String, String)>,
    /// Whether the text is a number of theirs.
    pub exact: bool,
    /// Whether there are more that fit.
    pub more: bool,
}

impl Found {
    /// The order that has the number, if there is one and no other.
    pub fn only(&self) -> Option<(&str, &str)> {
        let [(account, order)] = self.orders.as_slice() else { return None };
        self.exact.then_some((account, order))
    }

    fn cut(mut orders: Vec<(String, String)>) -> Self {
        let more = orders.len() > PAGE_SIZE;
        orders.truncate(PAGE_SIZE);
        Self { orders, exact: false, more }
    }
}

/// The orders that have that number: as it was typed, else in capitals, else of a product or a customer. Nothing, if
/// nothing was typed.
pub async fn find(
    conn: &mut PgConnection,
    signed_in: &SignedIn,
    number: &str,
) -> Result<Option<Found>> {
    if number.is_empty() {
        return Ok(None);
    }
    let scope = &signed_in.scope;
    if let Some(found) = by_number(&mut *conn, scope, number).await? {
        return Ok(Some(found));
    }
    let sees = sees_people(signed_in.user.operator.role);
    let found = match Sought::of(number) {
        Sought::Number => db::search::by_code(conn, scope, number, sees, one_more()).await?,
        // What is no number is not looked for from an address.
        Sought::Phone | Sought::Email | Sought::Words => Vec::new(),
    };
    Ok(Some(Found::cut(found)))
}

/// The orders that have exactly that number, if any.
pub async fn by_number(
    conn: &mut PgConnection,
    scope: &SellerScope,
    number: &str,
) -> Result<Option<Found>> {
    let limit = i64::try_from(PAGE_SIZE).unwrap_or(i64::MAX);
    let mut orders = db::search::exact(&mut *conn, scope, number, limit).await?;
    let capitals = number.to_uppercase();
    if orders.is_empty() && capitals != number {
        orders = db::search::exact(conn, scope, &capitals, limit).await?;
    }
    Ok((!orders.is_empty()).then_some(Found { orders, exact: true, more: false }))
}

/// The orders that words, an e-mail address or a telephone number lead to. Who may not see customers finds nothing by
/// them.
pub async fn by_words(conn: &mut PgConnection, signed_in: &SignedIn, text: &str) -> Result<Found> {
    let (scope, sees) = (&signed_in.scope, sees_people(signed_in.user.operator.role));
    if Sought::of(text) == Sought::Phone {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let digits = digits.get(digits.len().saturating_sub(PHONE_DIGITS)..).unwrap_or_default();
        return Ok(Found::cut(db::search::by_code(conn, scope, digits, sees, one_more()).await?));
    }
    let text = db::search::prepare(&mut *conn, text).await?;
    let words = words(&text);
    let Some(rarest) = rarest(&words) else { return Ok(Found::default()) };
    let found = db::search::by_words(&mut *conn, scope, &words, rarest, sees, one_more()).await?;
    if !found.is_empty() {
        return Ok(Found::cut(found));
    }
    // Nobody has these words as they were typed.
    let mut hits =
        db::search::by_similar_words(conn, scope, &words, rarest, sees, one_more()).await?;
    let enough = hits.first().map_or(0.0, |it| it.fit) * NEAR_THE_BEST;
    hits.retain(|it| it.fit >= enough);
    let pair = |Hit { account_id, order_id, .. }| (account_id, order_id);
    Ok(Found::cut(hits.into_iter().map(pair).collect()))
}

const fn sees_people(role: Role) -> bool {
    role.may(Permission::SeePersonalData)
}

fn one_more() -> i64 {
    i64::try_from(PAGE_SIZE + 1).unwrap_or(i64::MAX)
}

/// How the pages address people. It stands before the name that somebody copies, and in no address.
const CIVILITIES: [&str; 8] = ["mme", "mlle", "mr", "mrs", "ms", "miss", "monsieur", "madame"];

/// The words of a text.
fn words(text: &str) -> Vec<String> {
    let parts = text.split(|it: char| it.is_whitespace() || ",;|".contains(it));
    let parts = parts.map(|it| it.trim_matches(|it: char| !it.is_alphanumeric()));
    let parts = parts.filter(|it| it.chars().count() > 1).take(MOST_WORDS);
    let words: Vec<String> = parts.map(str::to_owned).collect();
    let telling = |it: &&String| !CIVILITIES.contains(&it.as_str());
    let names: Vec<String> = words.iter().filter(telling).cloned().collect();
    if names.is_empty() { words } else { names }
}

/// The word that the fewest orders have, as far as one can tell: the longest one, but for digits, in which nobody is
/// forgiven a mistake.
fn rarest(words: &[String]) -> Option<&str> {
    let telling = |it: &&String| !it.bytes().any(|it| it.is_ascii_digit());
    let longest = words.iter().filter(telling).max_by_key(|it| it.len());
    longest.or_else(|| words.iter().max_by_key(|it| it.len())).map(String::as_str)
}

/// Notes that somebody searched who may see whom the orders are for: what kind of text, in which accounts, and
/// how much was found. The text stays out, and so does its hash: an order's number is short enough to be
/// guessed from one.
pub async fn note(
    conn: &mut PgConnection,
    signed_in: &SignedIn,
    text: &str,
    found: usize,
    now: Timestamp,
) -> db::Result<()> {
    let operator = &signed_in.user.operator;
    if !operator.role.may(Permission::SeePersonalData) {
        return Ok(());
    }
    let act = Act::Searched {
        chars: text.chars().count(),
        found,
        what: Some(Sought::of(text)),
        accounts: signed_in.accounts.iter().map(|it| it.id.0.clone()).collect(),
    };
    audit::note(conn, &Entry::by(operator.id, act, now)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_to_look_up_is_the_one_that_tells_most() {
        for (text, all, telling) in [
            ("dupont lyon", &["dupont", "lyon"][..], Some("dupont")),
            ("<z7@relay.example>", &["z7@relay.example"], Some("z7@relay.example")),
            ("69003 (lyon)", &["69003", "lyon"], Some("lyon")),
            ("12345 678", &["12345", "678"], Some("12345")),
            ("? a", &[], None),
        ] {
            let words = words(text);
            assert_eq!(words, all, "{text}");
            assert_eq!(rarest(&words), telling, "{text}");
        }
    }
}
