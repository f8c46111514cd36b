//! Which addresses an account may be given for the marketplace (`reliability` S-16).
//!
//! Whoever may type such an address could make the server call its own network otherwise: the cloud's metadata,
//! a database, a printer. So there is a rule for the address, and one for what its name stands for when it is
//! called, which may be something else than when it was typed.

use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::Ipv6Addr;

use url::Host;
use url::Url;

/// Longer than any address of a service.
const MAX_LENGTH: usize = 500;

/// How far an account may reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// Public hosts, over https.
    #[default]
    Public,
    /// Whatever the deployer's network can reach: for simulators and tests.
    Anywhere,
}

/// Why an address is not called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// Not an address, or an endless one.
    #[error("is not an address")]
    Unreadable,
    /// Neither https, nor http where that is allowed.
    #[error("does not begin with https://")]
    Scheme,
    /// A user name or a password stands before the host.
    #[error("holds a user name")]
    UserInfo,
    /// Another port than that of https.
    #[error("names a port")]
    Port,
    /// A number instead of a name, or a name of the own network.
    #[error("is not a public host")]
    Host,
    /// A question mark or a hash: what is asked for is added by us.
    #[error("holds a query or a fragment")]
    Query,
}

/// Judges what was typed.
pub fn parse(typed: &str, reach: Reach) -> Result<Url, Refusal> {
    // The parser drops tabs and line ends, and reads a backslash as a slash: what is judged must be what is seen.
    let strange = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
    if typed.len() > MAX_LENGTH || typed.contains(strange) {
        return Err(Refusal::Unreadable);
    }
    let url = Url::parse(typed).map_err(|_| Refusal::Unreadable)?;
    check(&url, reach)?;
    Ok(url)
}

/// Judges an address.
pub fn check(url: &Url, reach: Reach) -> Result<(), Refusal> {
    if url.scheme() != "https" && !(url.scheme() == "http" && reach == Reach::Anywhere) {
        return Err(Refusal::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refusal::UserInfo);
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(Refusal::Query);
    }
    match reach {
        Reach::Anywhere => Ok(()),
        Reach::Public if url.port().is_some() => Err(Refusal::Port),
        Reach::Public if is_public_name(url) => Ok(()),
        Reach::Public => Err(Refusal::Host),
    }
}

/// A marketplace has a name: an address in numbers is refused, whatever it stands for.
fn is_public_name(url: &Url) -> bool {
    const OWN: [&str; 8] =
        ["local", "localhost", "internal", "lan", "home", "arpa", "test", "intranet"];
    let Some(Host::Domain(name)) = url.host() else { return false };
    let name = name.trim_end_matches('.');
    name.rsplit_once('.').is_some_and(|(_, last)| !OWN.contains(&last))
}

/// Whether an address in numbers is on the public internet, by the registries of special addresses
/// (RFC 6890, <https://www.iana.org/assignments/iana-ipv6-special-registry>).
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

const fn is_public_v4(address: Ipv4Addr) -> bool {
    let special = match address.octets() {
        // This network, private, loopback, and the two ends: multicast and what is reserved.
        [0 | 10 | 127 | 224.., ..]
        // Shared with a provider.
        | [100, 64..=127, ..]
        // Link-local, the cloud's metadata among them.
        | [169, 254, ..]
        | [172, 16..=31, ..]
        | [192, 168, ..]
        // Protocols, documentation, 6to4, benchmarks.
        | [192, 0, 0 | 2, _]
        | [192, 88, 99, _]
        | [198, 18 | 19, ..]
        | [198, 51, 100, _]
        | [203, 0, 113, _] => true,
        _ => false,
    };
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inner) = inner_v4(address) {
        return is_public_v4(inner);
    }
    match address.segments() {
        // Protocols (Teredo among them), documentation, 6to4.
        [0x2001, 0..=0x01ff | 0x0db8, ..] | [0x2002 | 0x3fff, ..] => false,
        // All that is given out to anybody.
        [0x2000..=0x3fff, ..] => true,
        // Loopback, link-local, unique local, multicast, and what is not given out.
        _ => false,
    }
}

/// The address in the other family that this one stands for: mapped, or translated by the network (RFC 6052).
fn inner_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
            let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
            Some(Ipv4Addr::new(a, b, c, d))
        }
        _ => None,
    }
}
