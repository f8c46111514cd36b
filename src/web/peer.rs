//! Where a request comes from: for how often somebody may try, and for the audit.

use std::convert::Infallible;
use std::net::IpAddr;
use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::extract::FromRequestParts;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::request::Parts;
use ipnet::IpNet;

/// The header in which proxies note whom they speak for, each at its end. Not `Forwarded` (RFC 7239): two headers
/// that say the same are two places to lie in, and proxies that write it write this one too.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// The client's address, as far as it can be known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer(pub Option<IpAddr>);

impl Peer {
    /// The client of a request. Anybody can send the header, so that it is believed from trusted proxies only.
    pub fn of(request: &Request, trusted: &[IpNet]) -> Self {
        let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let other_end = info.map(|it| it.0.ip().to_canonical());
        Self(other_end.map(|it| client(it, request.headers(), trusted)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        // Put there by `trace`, around every route.
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self(None)))
    }
}

/// Goes back from proxy to proxy, for as long as each is trusted. Whatever stands further to the left was written
/// by somebody whom nobody vouches for.
fn client(other_end: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |it: IpAddr| trusted.iter().any(|net| net.contains(&it));
    let lines = headers.get_all(FORWARDED_FOR).into_iter().rev();
    let words = lines.flat_map(|it| it.to_str().unwrap_or("?").rsplit(','));
    let mut client = other_end;
    for word in words {
        if !is_trusted(client) {
            break;
        }
        // What cannot be read came through this proxy: it is the last one who is known.
        let Some(before) = address(word.trim()) else { break };
        client = before;
    }
    client
}

/// An address, also with a port, as some proxies write it.
fn address(word: &str) -> Option<IpAddr> {
    let with_port = || word.parse::<SocketAddr>().map(|it| it.ip()).ok();
    let bracketed = || word.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let address: IpAddr = word.parse().ok().or_else(with_port).or_else(bracketed)?;
    Some(address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(other_end: &str, lines: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        let trusted: Vec<IpNet> = trusted.iter().map(|it| it.parse().unwrap()).collect();
        client(other_end.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn a_header_is_believed_from_trusted_proxies_and_up_to_the_first_stranger() {
        let inner = ["10.0.0.0/8", "fd00::/8"];
        let none: [&str; 0] = [];
        for (other_end, lines, trusted, expected) in [
            // Nobody is trusted unless the deployer says so.
            ("192.0.2.7", &["203.0.113.9"][..], &none[..], "192.0.2.7"),
            ("10.0.0.1", &["203.0.113.9"], &none, "10.0.0.1"),
            ("127.0.0.1", &["203.0.113.9"], &inner, "127.0.0.1"),
            // Spoofed: the other end is no proxy of ours.
            ("192.0.2.7", &["203.0.113.9"], &inner, "192.0.2.7"),
            ("192.0.2.7", &["10.0.0.9, 10.0.0.1"], &inner, "192.0.2.7"),
            // Through our proxy, with nothing, one, and what the client made up before it.
            ("10.0.0.1", &[], &inner, "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.7"], &inner, "192.0.2.7"),
            ("10.0.0.1", &["203.0.113.9, 192.0.2.7"], &inner, "192.0.2.7"),
            ("10.0.0.1", &["10.9.9.9, 192.0.2.7"], &inner, "192.0.2.7"),
            ("10.0.0.1", &["203.0.113.9", "192.0.2.7"], &inner, "192.0.2.7"),
            ("10.0.0.1", &["192.0.2.7", "203.0.113.9"], &inner, "203.0.113.9"),
            // Two proxies of ours.
            ("10.0.0.1", &["203.0.113.9, 192.0.2.7, 10.0.0.2"], &inner, "192.0.2.7"),
            ("10.0.0.1", &["203.0.113.9, 192.0.2.7", "10.0.0.2"], &inner, "192.0.2.7"),
            // Only proxies: somebody inside.
            ("10.0.0.1", &["10.0.0.3,10.0.0.2"], &inner, "10.0.0.3"),
            // What cannot be read ends the way back.
            ("10.0.0.1", &["192.0.2.7, unknown"], &inner, "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.7, "], &inner, "10.0.0.1"),
            ("10.0.0.1", &["192.0.2.7, 10.0.0.2, _hidden"], &inner, "10.0.0.1"),
            ("10.0.0.1", &["garbage, 10.0.0.2"], &inner, "10.0.0.2"),
            ("10.0.0.1", &["192.0.2.7/24"], &inner, "10.0.0.1"),
            // As others write it.
            ("10.0.0.1", &["192.0.2.7:51234"], &inner, "192.0.2.7"),
            ("10.0.0.1", &["[2001:db8::7]:443"], &inner, "2001:db8::7"),
            ("10.0.0.1", &["[2001:db8::7]"], &inner, "2001:db8::7"),
            ("10.0.0.1", &["::ffff:192.0.2.7"], &inner, "192.0.2.7"),
            ("fd00::1", &["2001:db8::7, ::ffff:10.0.0.2"], &inner, "2001:db8::7"),
        ] {
            assert_eq!(found(other_end, lines, trusted), expected, "{other_end} {lines:?}");
        }
    }
}
