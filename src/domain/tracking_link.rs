//! Whether a tracking link may be sent, and what to warn about.
//!
//! The documents give a regular expression and say what a valid link is (orders-management, FAQ "What is a
//! valid tracking URL?"). The expression alone lets two of their own three invalid examples pass, so the
//! rest of their definition is checked here as well, as warnings (`product` 5.2).

use std::sync::LazyLock;

use regex::Regex;
use serde::Deserialize;
use serde::Serialize;
use url::Host;
use url::Url;

/// More than any carrier uses, and less than what a browser's address bar cuts.
const MAX_LENGTH: usize = 2_048;

/// The characters that the documents' expression accepts after the host.
const PATH_CHARACTERS: &str = "-.?,~'/\\+&%$#_=!";

/// The documents' expression, letter for letter but for `\w`: theirs means ASCII, this crate's Unicode.
static OFFICIAL: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(http(s?)|HTTP(S?))://[0-9a-zA-Z]([-.0-9A-Za-z_]*[0-9a-zA-Z])*(:(0-9)*)*(/?)([a-zA-Z0-9\-\.\?,~'/\\\+&%\$#_=!]*)?$",
    )
    .expect("a valid expression")
});

/// Why the marketplace would refuse a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Problem {
    /// Neither `http://` nor `https://`.
    #[error("must start with http:// or https://")]
    Scheme,
    /// The marketplace's expression has no room for this character.
    #[error("holds a character that is not accepted: {0:?}")]
    Character(char),
    /// Over 2 048 bytes.
    #[error("is too long")]
    TooLong,
    /// Not a link, or one with a user name, or something else that cannot be followed.
    #[error("is not a complete public link")]
    Incomplete,
}

/// What makes a link useless to the customer, although the marketplace would take it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Doubt {
    /// The parcel's number does not occur in it.
    NumberMissing,
    /// Its host is private: an address in numbers, `localhost`, `.local` and the like.
    PrivateHost,
}

/// Judges a trimmed link.
pub fn check(link: &str) -> Result<Url, Problem> {
    if link.len() > MAX_LENGTH {
        return Err(Problem::TooLong);
    }
    let after_scheme = ["https://", "http://", "HTTPS://", "HTTP://"]
        .into_iter()
        .find_map(|scheme| link.strip_prefix(scheme))
        .ok_or(Problem::Scheme)?;
    let strange = |c: &char| !c.is_ascii_alphanumeric() && !PATH_CHARACTERS.contains(*c);
    // A colon has its place before a port; the expression itself judges where.
    if let Some(character) = after_scheme.chars().find(|c| strange(c) && *c != ':') {
        return Err(Problem::Character(character));
    }
    if !OFFICIAL.is_match(link) {
        let after_host = after_scheme.split_once('/').map_or("", |(_, path)| path);
        let colon = after_host.contains(':');
        return Err(if colon { Problem::Character(':') } else { Problem::Incomplete });
    }
    // A backslash passes the expression, but browsers read it as a slash: `host\evil` is another host.
    if link.contains('\\') {
        return Err(Problem::Character('\\'));
    }
    Url::parse(link).map_err(|_| Problem::Incomplete)
}

/// What to ask about before sending a link that [`check`] let pass.
pub fn doubts(link: &Url, parcel_number: &str) -> Vec<Doubt> {
    let mut doubts = Vec::new();
    let holds = |text: &str| !text.is_empty() && link.as_str().contains(text);
    if !holds(parcel_number) {
        doubts.push(Doubt::NumberMissing);
    }
    if is_private(link) {
        doubts.push(Doubt::PrivateHost);
    }
    doubts
}

fn is_private(link: &Url) -> bool {
    match link.host() {
        Some(Host::Domain(name)) => {
            let private = [".local", ".internal", ".test", ".localhost", ".lan", ".home"];
            !name.contains('.') || private.iter().any(|end| name.ends_with(end))
        }
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documents_valid_examples_pass_without_a_doubt() {
        for (link, number) in [
            ("https://www.laposte.fr/suivre-vos-envois?code=3Y00523771050", "3Y00523771050"),
            ("https://www.ups.com/track?tracknum=1Z12345E0205271688", "1Z12345E0205271688"),
        ] {
            assert_eq!(doubts(&check(link).unwrap(), number), []);
        }
    }

    #[test]
    fn the_documents_invalid_examples_are_refused_or_doubted() {
        assert_eq!(check("ftp://track.com/123"), Err(Problem::Scheme));
        let link = check("https://carrier.com/track").unwrap();
        assert_eq!(doubts(&link, "3Y005"), [Doubt::NumberMissing]);
        let link = check("https://tracking.local/internal/abc123").unwrap();
        assert_eq!(doubts(&link, "abc123"), [Doubt::PrivateHost]);
    }

    #[test]
    fn the_refused_character_is_named() {
        for (link, character) in [
            ("https://t.example.com/a:b", ':'),
            ("https://t.example.com/a@b", '@'),
            ("https://t.example.com/?y=[1]", '['),
            ("https://t.example.com/é", 'é'),
            ("https://t.example.com/a b", ' '),
            ("https://t.example.com\\evil", '\\'),
            ("https://aélan.example.com/x", 'é'),
        ] {
            assert_eq!(check(link), Err(Problem::Character(character)), "{link}");
        }
    }

    #[test]
    fn no_other_scheme_than_the_webs_is_followed() {
        for link in ["javascript:alert(1)", "data:text/html,x", "Https://a.fr/x", "//a.fr/x", ""] {
            assert_eq!(check(link), Err(Problem::Scheme), "{link}");
        }
    }

    #[test]
    fn addresses_in_numbers_are_doubted() {
        for link in ["http://127.0.0.1/7", "http://169.254.169.254/7", "https://localhost/7"] {
            assert_eq!(doubts(&check(link).unwrap(), "7"), [Doubt::PrivateHost], "{link}");
        }
    }

    #[test]
    fn a_long_hostile_link_is_judged_at_once() {
        let link = format!("https://{}|", "a".repeat(2_000));
        assert_eq!(check(&link), Err(Problem::Character('|')));
        assert_eq!(check(&format!("https://{}", "a".repeat(3_000))), Err(Problem::TooLong));
    }

    proptest::proptest! {
        #[test]
        fn what_passes_is_an_absolute_web_link_that_the_marketplace_takes(link in ".{0,60}|https?://[a-z.]{1,9}/[ -~]{0,30}") {
            if let Ok(url) = check(&link) {
                proptest::prop_assert!(["http", "https"].contains(&url.scheme()));
                proptest::prop_assert!(OFFICIAL.is_match(&link));
                proptest::prop_assert!(url.username().is_empty());
            }
        }
    }
}
