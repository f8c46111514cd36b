//! Where a carrier's parcels are followed, with a gap for the number: the ship form fills links in from it.

use std::fmt::Write;

use crate::domain::tracking_link;
use crate::domain::tracking_link::Doubt;

/// What stands where the number goes.
pub const GAP: &str = "{number}";
/// A number as carriers print them, to try a template with.
pub const EXAMPLE: &str = "6A21938475603";

/// Why a template makes no links.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// There is no gap in it: every parcel would get the same link.
    #[error("has no {GAP} in it")]
    NoGap,
    /// The gap is before the path: the number would decide whose page it is.
    #[error("has {GAP} before the path")]
    GapInHost,
    /// Filled in, it is no link that the marketplace takes.
    #[error(transparent)]
    Link(#[from] tracking_link::Problem),
    /// Customers could not open it.
    #[error("leads to a private address")]
    PrivateHost,
}

/// Judges a trimmed template by the link that it makes.
pub fn check(template: &str) -> Result<(), Problem> {
    if !template.contains(GAP) {
        return Err(Problem::NoGap);
    }
    let link = tracking_link::check(&fill(template, EXAMPLE))?;
    let after_scheme = template.split_once("://").map_or("", |(_, rest)| rest);
    let host = after_scheme.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains(GAP) {
        return Err(Problem::GapInHost);
    }
    if tracking_link::doubts(&link, EXAMPLE).contains(&Doubt::PrivateHost) {
        return Err(Problem::PrivateHost);
    }
    Ok(())
}

/// The link of a parcel. What a number should not hold does not change what the rest of the link means.
pub fn fill(template: &str, number: &str) -> String {
    let mut encoded = String::with_capacity(number.len());
    for byte in number.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    template.replace(GAP, &encoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLISSIMO: &str = "https://www.laposte.fr/suivre-vos-envois?code={number}";

    #[test]
    fn the_documents_example_is_made_from_a_template() {
        assert_eq!(check(COLISSIMO), Ok(()));
        let link = fill(COLISSIMO, "3Y00523771050");
        assert_eq!(link, "https://www.laposte.fr/suivre-vos-envois?code=3Y00523771050");
    }

    #[test]
    fn what_makes_no_good_links_is_refused() {
        use crate::domain::tracking_link::Problem as Link;
        for (template, problem) in [
            ("https://carrier.example.com/track", Problem::NoGap),
            ("https://carrier.example.com/track?n={NUMBER}", Problem::NoGap),
            ("ftp://carrier.example.com/{number}", Problem::Link(Link::Scheme)),
            ("javascript:alert({number})", Problem::Link(Link::Scheme)),
            ("https://carrier.example.com/{number}?a=[1]", Problem::Link(Link::Character('['))),
            ("https://{number}.example.com/", Problem::GapInHost),
            ("https://tracking.local/{number}", Problem::PrivateHost),
            ("https://127.0.0.1/{number}", Problem::PrivateHost),
        ] {
            assert_eq!(check(template), Err(problem), "{template}");
        }
    }

    proptest::proptest! {
        #[test]
        fn a_number_never_leads_elsewhere(number in "\\PC{1,60}") {
            let link = tracking_link::check(&fill(COLISSIMO, &number));
            let link = link.expect("a link that the marketplace takes");
            proptest::prop_assert_eq!(link.host_str(), Some("www.laposte.fr"));
            let code = link.query_pairs().find(|(name, _)| name == "code").unwrap().1;
            proptest::prop_assert_eq!(code, number);
        }
    }
}
