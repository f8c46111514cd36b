//! What is wrong with what was typed about an account, and what it means if nothing is.

use jiff::tz::TimeZone;
use url::Url;

use crate::db::accounts::Account;
use crate::db::accounts::Setting;
use crate::domain::account::LONGEST_SEND_DELAY;
use crate::domain::account::Options;
use crate::domain::address_rule;
use crate::domain::address_rule::Reach;
use crate::domain::order::AccountId;
use crate::web::accounts;
use crate::web::accounts::entry::Entry;
use crate::web::accounts::entry::SKIP;
use crate::web::components::FormErrors;
use crate::web::text::Lang;
use crate::workflow::accounts::Before;
use crate::workflow::accounts::Draft;

const NAME_LENGTH: usize = 100;
const IDENTIFIER_LENGTH: usize = 200;
const SECRET_LENGTH: usize = 1000;
const MOST_PER_SECOND: i32 = 100;
/// Seconds between two readings: below, the marketplace would be asked for nothing else.
const SHORTEST_INTERVAL: i32 = 10;
const LONGEST_INTERVAL: i32 = 3600;
/// The address of the form for a new account.
const RESERVED: &str = "new";

/// A form without mistakes.
pub struct Judged {
    pub draft: Draft,
    pub before: Before,
    /// Whether the marketplace would see a difference: then it is asked first.
    pub touches_marketplace: bool,
}

/// Judges every field.
pub fn judge(
    lang: Lang,
    entry: &Entry,
    setting: Option<&Setting>,
    reach: Reach,
) -> Result<Judged, FormErrors> {
    let mut errors = FormErrors::default();
    let id = setting.map_or_else(|| entry.account.trim(), |it| it.account.id.0.as_str());
    if setting.is_none() && !is_key(id) {
        errors.add("account", lang.accounts_id_wrong());
    }
    let (name, seller_id, client_id) =
        (entry.name.trim(), entry.seller_id.trim(), entry.client_id.trim());
    judge_names(lang, &mut errors, name, seller_id, client_id);
    let base_url = address(lang, &mut errors, "base-url", &entry.base_url, reach);
    let token_url = address(lang, &mut errors, "token-url", &entry.token_url, reach);
    let secret = entry.secret();
    let stored = setting.and_then(|it| it.set_up.as_ref()).map(|it| &it.credentials);
    let moved = stored.is_some_and(|it| {
        let same = |url: &Option<Url>, old: &str| url.as_ref().is_some_and(|it| it.as_str() == old);
        !same(&base_url, &it.base_url) || !same(&token_url, &it.token_url)
    });
    if secret.is_none() && stored.is_none() {
        errors.add("secret", lang.accounts_secret_missing());
    } else if secret.is_none() && moved && base_url.is_some() && token_url.is_some() {
        // Else whoever may edit, but does not know the secret, could have it sent to a host of theirs.
        errors.add("secret", lang.accounts_secret_moved());
    } else if secret.as_ref().is_some_and(too_long) {
        errors.add("secret", lang.accounts_secret_long(SECRET_LENGTH));
    }
    let numbers = judge_numbers(lang, &mut errors, entry);
    if !["", SKIP].contains(&entry.fulfilled.as_str()) {
        errors.add("fulfilled", lang.accounts_fulfilled_wrong());
    }
    let time_zone = entry.time_zone.trim();
    if TimeZone::get(time_zone).is_err() {
        errors.add("time-zone", lang.accounts_zone_wrong());
    }
    let (Some(base_url), Some(token_url), true) = (base_url, token_url, errors.is_empty()) else {
        return Err(errors);
    };
    let touches_marketplace = secret.is_some()
        || moved
        || stored.is_none_or(|it| it.client_id != client_id)
        || setting.is_none_or(|it| it.account.seller_id != seller_id);
    let account = Account {
        id: AccountId(id.to_owned()),
        name: name.to_owned(),
        seller_id: seller_id.to_owned(),
        time_zone: time_zone.to_owned(),
    };
    let draft = Draft {
        account,
        client_id: client_id.to_owned(),
        secret,
        base_url,
        token_url,
        requests_per_second: numbers.per_second,
        sync_interval_seconds: numbers.interval,
        tested_at: stored.and_then(|it| it.tested_at),
        options: Options {
            send_delay_seconds: numbers.send_delay,
            skips_fulfilled: entry.fulfilled == SKIP,
        },
    };
    let before = accounts::before(setting, &entry.version);
    Ok(Judged { draft, before, touches_marketplace })
}

struct Numbers {
    per_second: Option<i32>,
    interval: Option<i32>,
    send_delay: Option<i32>,
}

fn judge_numbers(lang: Lang, errors: &mut FormErrors, entry: &Entry) -> Numbers {
    let per_second = number(&entry.requests_per_second, 1, MOST_PER_SECOND).flatten();
    if per_second.is_none() {
        errors.add("requests-per-second", lang.accounts_rate_wrong(MOST_PER_SECOND));
    }
    let interval = number(&entry.sync_interval, SHORTEST_INTERVAL, LONGEST_INTERVAL);
    if interval.is_none() {
        let words = lang.accounts_seconds_wrong(SHORTEST_INTERVAL, LONGEST_INTERVAL);
        errors.add("sync-interval", words);
    }
    let send_delay = number(&entry.send_delay, 0, LONGEST_SEND_DELAY);
    if send_delay.is_none() {
        errors.add("send-delay", lang.accounts_seconds_wrong(0, LONGEST_SEND_DELAY));
    }
    Numbers { per_second, interval: interval.flatten(), send_delay: send_delay.flatten() }
}

fn judge_names(lang: Lang, errors: &mut FormErrors, name: &str, seller_id: &str, client_id: &str) {
    if name.is_empty() || name.chars().count() > NAME_LENGTH {
        errors.add("name", lang.accounts_name_wrong(NAME_LENGTH));
    }
    if !is_identifier(seller_id) {
        errors.add("seller-id", lang.accounts_seller_wrong());
    }
    if !is_identifier(client_id) {
        errors.add("client-id", lang.accounts_client_wrong());
    }
}

fn is_key(id: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=30).contains(&id.len()) && id.chars().all(fits) && !id.starts_with('-') && id != RESERVED
}

/// What fits into a header and a form of the marketplace.
fn is_identifier(text: &str) -> bool {
    (1..=IDENTIFIER_LENGTH).contains(&text.len()) && text.bytes().all(|it| it.is_ascii_graphic())
}

fn too_long(secret: &secrecy::SecretString) -> bool {
    use secrecy::ExposeSecret as _;
    secret.expose_secret().len() > SECRET_LENGTH
}

/// A whole number between the two, or nothing typed at all; none for anything else.
#[expect(clippy::option_option, reason = "a mistake, nothing, or a number")]
fn number(typed: &str, least: i32, most: i32) -> Option<Option<i32>> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Some(None);
    }
    let number = typed.parse().ok()?;
    (least..=most).contains(&number).then_some(Some(number))
}

fn address(
    lang: Lang,
    errors: &mut FormErrors,
    field: &str,
    typed: &str,
    reach: Reach,
) -> Option<Url> {
    match address_rule::parse(typed.trim(), reach) {
        Ok(url) => Some(url),
        Err(refusal) => {
            errors.add(field, lang.accounts_address(refusal));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_short_and_fits_into_an_address() {
        for good in ["maison", "a", "2nd-shop", &"a".repeat(30)] {
            assert!(is_key(good), "{good}");
        }
        for bad in ["", "new", "-a", "Maison", "a b", "a/b", "é", "..", &"a".repeat(31)] {
            assert!(!is_key(bad), "{bad}");
        }
    }

    #[test]
    fn a_number_is_whole_and_within_its_limits_or_not_typed() {
        assert_eq!(number(" ", 1, 100), Some(None));
        assert_eq!(number(" 7 ", 1, 100), Some(Some(7)));
        for bad in ["0", "101", "1.5", "-1", "two", "99999999999"] {
            assert_eq!(number(bad, 1, 100), None, "{bad}");
        }
    }
}
