//! The `Link` header (RFC 8288), by which the API names the next page.
//!
//! Measured on `/products`: relative addresses without the base path, no space after commas, and
//! cursors in base64 whose `=` is not percent-encoded, such as
//! `</products?limit=12>; rel="first",</products?cursor=NjU=&limit=12>; rel="next"`.

use reqwest::header::HeaderMap;
use reqwest::header::LINK;
use url::Url;

/// Whether there is a next page; `None` without a readable header.
pub(super) fn has_next(headers: &HeaderMap) -> Option<bool> {
    let mut headers = texts(headers).peekable();
    headers.peek()?;
    Some(headers.any(|link| next_target(link).is_some()))
}

/// The address of the next page of `current`.
///
/// Only the query is taken from the link, and only from a link to the same resource: the token
/// must go nowhere else, and the path that we were told to use is the one that works.
pub(super) fn next_page(headers: &HeaderMap, current: &Url) -> Option<Url> {
    let target = texts(headers).find_map(next_target)?;
    let linked = current.join(target).ok()?;
    let below_base = |url: &Url| Some(url.path_segments()?.rfind(|it| !it.is_empty())?.to_owned());
    let same_resource = below_base(&linked)? == below_base(current)?
        && current.path().ends_with(linked.path().trim_end_matches('/'));
    if !same_resource {
        return None;
    }
    let mut next = current.clone();
    next.set_query(Some(linked.query()?));
    Some(next)
}

fn texts(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    headers.get_all(LINK).iter().filter_map(|link| link.to_str().ok())
}

/// The target of the link whose relations include `next`.
fn next_target(header: &str) -> Option<&str> {
    let mut rest = header;
    loop {
        // A target may hold commas and semicolons, so it is taken out before they are looked for.
        let (target, after) = rest.split_once('<')?.1.split_once('>')?;
        let end = end_of_parameters(after);
        if after[..end].split(';').any(is_next) {
            return Some(target);
        }
        rest = &after[end..];
    }
}

/// Where the comma is that no quotes enclose.
fn end_of_parameters(text: &str) -> usize {
    let mut quoted = false;
    let end = text.find(|character| {
        quoted ^= character == '"';
        character == ',' && !quoted
    });
    end.unwrap_or(text.len())
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    name.trim().eq_ignore_ascii_case("rel")
        && (value.trim().trim_matches('"').split_whitespace())
            .any(|relation| relation.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CURRENT: &str = "https://api.example.com/seller/v2/gestures?limit=100";

    fn next(link: &str) -> Option<String> {
        let headers = HeaderMap::from_iter([(LINK, link.parse().unwrap())]);
        next_page(&headers, &CURRENT.parse().unwrap()).map(String::from)
    }

    #[test]
    fn the_next_page_is_found_in_every_form_of_the_header() {
        for link in [
            r#"</gestures?cursor=NjU8fG5leHQ==&limit=2>; rel="next""#,
            r#"</gestures?limit=2>; rel="first",</gestures?cursor=NjU8fG5leHQ==&limit=2>; rel="next""#,
            r"<https://api.example.com/seller/v2/gestures?cursor=NjU8fG5leHQ==&limit=2>;rel=next",
            r#"<?cursor=NjU8fG5leHQ==&limit=2>; title="a, b; c"; REL="prev NEXT""#,
            r#"<gestures?cursor=NjU8fG5leHQ==&limit=2>; rel="next""#,
            r#"</seller/v2/gestures/?cursor=NjU8fG5leHQ==&limit=2> ; rel = "next""#,
            r#"<http://inside:8080/gestures?cursor=NjU8fG5leHQ==&limit=2>; rel="next""#,
        ] {
            let expected =
                "https://api.example.com/seller/v2/gestures?cursor=NjU8fG5leHQ==&limit=2";
            assert_eq!(next(link).as_deref(), Some(expected), "{link}");
        }
    }

    #[test]
    fn a_link_to_elsewhere_is_not_followed() {
        for link in [
            "",
            "<",
            "</gestures?cursor=a",
            r#"</gestures?cursor=a>; rel="prev""#,
            r#"</gestures?cursor=a>; title="x, rel=next""#,
            r#"</orders?cursor=a>; rel="next""#,
            r#"</v3/gestures?cursor=a>; rel="next""#,
            r#"</gestures/7?cursor=a>; rel="next""#,
            r#"</other-gestures?cursor=a>; rel="next""#,
            r#"</?cursor=a>; rel="next""#,
            r#"</gestures>; rel="next""#,
            r#"<//[>; rel="next""#,
            r#"<mailto:gestures?cursor=a>; rel="next""#,
        ] {
            assert_eq!(next(link), None, "{link}");
        }
    }
}
