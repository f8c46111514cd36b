//! To the sign-in and back, and nowhere that a stranger chose.

use axum::http::HeaderMap;
use axum::http::Method;
use axum::http::Uri;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use url::Url;
use url::form_urlencoded::byte_serialize;

use crate::domain::operator::Role;
use crate::web::extract::Htmx;
use crate::web::session::NobodyThere;

/// Where one begins who wants nothing in particular.
const START: &str = "/";

/// Sends the visitor to the sign-in page, and from there back to where they were.
pub(super) fn to_sign_in(parts: &Parts) -> Response {
    let htmx = Htmx::of(&parts.headers);
    let page = match htmx {
        Htmx::Yes => current_page(&parts.headers),
        Htmx::No if parts.method == Method::GET => Some(path_and_query(&parts.uri)),
        Htmx::No => None,
    };
    let location = back_from("/sign-in", page.as_deref().unwrap_or(START));
    let mut response = go_to(htmx, &location);
    response.extensions_mut().insert(NobodyThere);
    response
}

/// The address of a page of the sign-in from which one comes back to `next`.
pub fn back_from(page: &str, next: &str) -> String {
    let next = safe_next(next);
    if next == START {
        return page.to_owned();
    }
    format!("{page}?next={}", byte_serialize(next.as_bytes()).collect::<String>())
}

/// Sends the visitor to another page.
pub fn go_to(htmx: Htmx, location: &str) -> Response {
    match htmx {
        // A redirect would be followed inside the page, and the other page would land in its middle.
        Htmx::Yes => [("hx-redirect", location)].into_response(),
        Htmx::No => Redirect::to(location).into_response(),
    }
}

/// What was asked for.
pub fn path_and_query(uri: &Uri) -> String {
    uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str).to_owned()
}

/// The page a fragment was asked from.
fn current_page(headers: &HeaderMap) -> Option<String> {
    let url = Url::parse(headers.get("hx-current-url")?.to_str().ok()?).ok()?;
    let host = headers.get(header::HOST)?.to_str().ok()?;
    (url.authority() == host)
        .then(|| url[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
}

/// Where to go after sign-in: a path of ours, else the start (`reliability` S-20).
pub fn safe_next(next: &str) -> &str {
    let ours = next.starts_with('/')
        && !next.contains("//")
        && !next.contains('\\')
        && next.bytes().all(|byte| byte.is_ascii_graphic());
    if ours { next } else { START }
}

/// Where somebody of that role goes after sign-in: where they wanted to, else where their work is (`product` 4.2).
pub fn landing(role: Role, next: &str) -> &str {
    let next = safe_next(next);
    match role {
        _ if next != START => next,
        Role::Warehouse | Role::CustomerService => "/orders",
        Role::Viewer | Role::Manager | Role::Admin => START,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_ours_are_gone_to() {
        for next in ["/", "/orders", "/orders?status=Shipped&q=a%20b", "/orders/maison/A-1#top"] {
            assert_eq!(safe_next(next), next);
        }
        for next in [
            "",
            "orders",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "/orders//evil",
            "https://evil.example",
            "javascript:alert(1)",
            "/\tevil",
            "/\r\nset-cookie: a=b",
            " /orders",
            "/é",
        ] {
            assert_eq!(safe_next(next), "/", "{next:?}");
        }
    }

    #[test]
    fn who_wants_nothing_in_particular_lands_where_their_work_is() {
        for (role, start) in [
            (Role::Viewer, "/"),
            (Role::Warehouse, "/orders"),
            (Role::CustomerService, "/orders"),
            (Role::Manager, "/"),
            (Role::Admin, "/"),
        ] {
            assert_eq!(landing(role, "/"), start);
            assert_eq!(landing(role, "//evil.example"), start);
            assert_eq!(landing(role, "/sync"), "/sync");
        }
    }
}
