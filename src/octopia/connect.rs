//! How connections are made, and to which addresses.
//!
//! Some addresses may be forbidden. A name can stand for another address a moment after it was judged. So the addresses themselves are judged,
//! each time, and what passes is what is connected to.

use std::net::IpAddr;
use std::net::SocketAddr;
use std::time::Duration;

use reqwest::dns::Addrs;
use reqwest::dns::Name;
use reqwest::dns::Resolve;
use reqwest::dns::Resolving;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderName;
use reqwest::header::HeaderValue;
use url::Host;
use url::Url;

use crate::octopia::client::Config;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// Whether an address may be connected to.
pub type MayConnect = fn(IpAddr) -> bool;

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
#[error("the name stands for an address that may not be connected to")]
struct Forbidden;

/// Asks the system, and passes an answer on if all of it may be connected to: one forbidden address among
/// others is an attack or a mistake, and the next question could get it alone.
struct Resolver {
    may_connect: MayConnect,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let may_connect = self.may_connect;
        Box::pin(async move {
            // The port is the caller's matter.
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            if found.iter().all(|it| may_connect(it.ip())) {
                Ok(Box::new(found.into_iter()) as Addrs)
            } else {
                Err(Forbidden.into())
            }
        })
    }
}

/// Whether an address of ours may name its host: a number is connected to without asking the resolver.
pub(super) fn may_name(url: &Url, may_connect: MayConnect) -> bool {
    match url.host() {
        Some(Host::Ipv4(number)) => may_connect(IpAddr::V4(number)),
        Some(Host::Ipv6(number)) => may_connect(IpAddr::V6(number)),
        Some(Host::Domain(_)) | None => true,
    }
}

/// What both HTTP clients share: HTTP/1.1, no redirect (a 307 would repeat a write elsewhere), no
/// repetition, no proxy from the environment.
pub(super) fn http(
    config: &Config,
    seller_id: &HeaderValue,
    limit: Duration,
    may_connect: Option<MayConnect>,
) -> reqwest::ClientBuilder {
    // Fails when a provider is installed already, and then that one serves.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let limit = config.timeout.unwrap_or(limit);
    let headers = HeaderMap::from_iter([
        (HeaderName::from_static("sellerid"), seller_id.clone()),
        (reqwest::header::ACCEPT, HeaderValue::from_static("application/json")),
    ]);
    let builder = reqwest::Client::builder()
        .http1_only()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy()
        .connect_timeout(limit.min(CONNECT_TIMEOUT))
        .timeout(limit)
        .default_headers(headers)
        .user_agent(concat!("Comptoir/", env!("CARGO_PKG_VERSION")));
    let builder = match may_connect {
        Some(may_connect) => builder.dns_resolver(Resolver { may_connect }),
        None => builder,
    };
    let encrypted = [&config.base_url, &config.token_url].iter().all(|url| url.scheme() == "https");
    if encrypted {
        builder.https_only(true)
    } else if config.base_url.scheme() == "http" && config.token_url.scheme() == "http" {
        // Without TLS no root certificates are needed, and a bare container may have none.
        builder.tls_certs_only([])
    } else {
        builder
    }
}
