//! What to call a browser in the list of somebody's sessions. A hint for its owner and nothing more: anybody
//! can send any name.

use axum::http::HeaderMap;
use axum::http::header;

/// What its name contains, and what people call it. Those that carry others' names come first.
const BROWSERS: [(&str, &str); 6] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 6] = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// Such as `Firefox, Windows`.
pub fn name(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(header::USER_AGENT)?.to_str().ok()?;
    let of = |names: [(&str, &'static str); 6]| {
        names.into_iter().find(|(part, _)| agent.contains(part)).map(|(_, name)| name)
    };
    let parts: Vec<_> = [of(BROWSERS), of(SYSTEMS)].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(agent: &'static str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, agent.parse().unwrap());
        name(&headers)
    }

    #[test]
    fn a_browser_is_called_what_its_user_calls_it() {
        let cases = [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "Firefox, Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                 Chrome/156.0.0.0 Safari/537.36 Edg/156.0.0.0",
                "Edge, Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 \
                 (KHTML, like Gecko) Version/19.1 Mobile/15E148 Safari/604.1",
                "Safari, iPhone",
            ),
        ];
        for (agent, expected) in cases {
            assert_eq!(named(agent).as_deref(), Some(expected));
        }
        assert_eq!(named("curl/8"), None);
        assert_eq!(name(&HeaderMap::new()), None);
    }
}
