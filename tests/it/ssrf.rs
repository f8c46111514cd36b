//! The marketplace's address as an admin may type it, and what it may stand for (`reliability` S-16).

use std::net::IpAddr;
use std::time::Duration;

use comptoir::domain::address_rule;
use comptoir::domain::address_rule::Reach;
use comptoir::domain::address_rule::Refusal;
use comptoir::octopia;
use tokio::net::TcpListener;

/// What is typed, and why it is refused where only public hosts are allowed.
const TYPED: &[(&str, Option<Refusal>)] = &[
    ("https://api.octopia-io.net/seller/v2", None),
    ("https://auth.octopia-io.net/auth/realms/maas/protocol/openid-connect/token", None),
    ("HTTPS://API.octopia-io.net/seller/v2", None),
    ("https://api.octopia-io.net:443/seller/v2", None),
    ("https://api.octopia-io.net./seller/v2", None),
    ("https://api.octopia-io.net/seller/../v2", None),
    ("https://xn--caf-dma.example/", None),
    ("https://café.example/", None),
    ("", Some(Refusal::Unreadable)),
    ("api.octopia-io.net", Some(Refusal::Unreadable)),
    ("//api.octopia-io.net/", Some(Refusal::Unreadable)),
    ("https://", Some(Refusal::Unreadable)),
    ("https:\\\\api.octopia-io.net", Some(Refusal::Unreadable)),
    ("https://api.octopia-io.net\\@evil.example/", Some(Refusal::Unreadable)),
    ("https://api.octopia-io.net/\r\nHost: evil", Some(Refusal::Unreadable)),
    ("https://127.0.0.1\t/", Some(Refusal::Unreadable)),
    (" https://api.octopia-io.net/", Some(Refusal::Unreadable)),
    ("https://999.1.1.1/", Some(Refusal::Unreadable)),
    ("https://[::1/", Some(Refusal::Unreadable)),
    ("http://api.octopia-io.net/", Some(Refusal::Scheme)),
    ("ftp://api.octopia-io.net/", Some(Refusal::Scheme)),
    ("file:///etc/passwd", Some(Refusal::Scheme)),
    ("gopher://api.octopia-io.net:70/_x", Some(Refusal::Scheme)),
    ("data:text/plain,x", Some(Refusal::Scheme)),
    ("https://user@api.octopia-io.net/", Some(Refusal::UserInfo)),
    ("https://user:secret@api.octopia-io.net/", Some(Refusal::UserInfo)),
    ("https://api.octopia-io.net@evil.example/", Some(Refusal::UserInfo)),
    ("https://api.octopia-io.net:8443/", Some(Refusal::Port)),
    ("https://api.octopia-io.net:22/", Some(Refusal::Port)),
    ("https://api.octopia-io.net/?next=1", Some(Refusal::Query)),
    ("https://api.octopia-io.net/#x", Some(Refusal::Query)),
    ("https://localhost/", Some(Refusal::Host)),
    ("https://LOCALHOST./", Some(Refusal::Host)),
    ("https://a.localhost/", Some(Refusal::Host)),
    ("https://postgres/", Some(Refusal::Host)),
    ("https://metadata.google.internal/", Some(Refusal::Host)),
    ("https://printer.local/", Some(Refusal::Host)),
    ("https://127.0.0.1/", Some(Refusal::Host)),
    ("https://127.1/", Some(Refusal::Host)),
    ("https://0x7f.1/", Some(Refusal::Host)),
    ("https://0177.0.0.1/", Some(Refusal::Host)),
    ("https://2130706433/", Some(Refusal::Host)),
    ("https://\u{ff11}\u{ff12}\u{ff17}.0.0.1/", Some(Refusal::Host)),
    ("https://%31%32%37.0.0.1/", Some(Refusal::Host)),
    ("https://0/", Some(Refusal::Host)),
    ("https://10.0.0.1/", Some(Refusal::Host)),
    ("https://169.254.169.254/latest/meta-data/", Some(Refusal::Host)),
    ("https://[::1]/", Some(Refusal::Host)),
    ("https://[::]/", Some(Refusal::Host)),
    ("https://[::ffff:127.0.0.1]/", Some(Refusal::Host)),
    ("https://[::ffff:7f00:1]/", Some(Refusal::Host)),
    ("https://[fd00:ec2::254]/", Some(Refusal::Host)),
    ("https://[fe80::1]/", Some(Refusal::Host)),
    ("https://93.184.216.34/", Some(Refusal::Host)),
];

#[test]
fn only_https_and_public_names_may_be_typed() {
    for (typed, expected) in TYPED {
        assert_eq!(address_rule::parse(typed, Reach::Public).err(), *expected, "{typed:?}");
    }
}

#[test]
fn the_deployer_may_allow_private_hosts_but_no_hidden_user() {
    for typed in ["http://127.0.0.1:8081/seller/v2", "http://simulator:8081", "https://[::1]:9/"] {
        assert!(address_rule::parse(typed, Reach::Anywhere).is_ok(), "{typed}");
    }
    for typed in ["http://user@127.0.0.1/", "file:///etc/passwd", "http://simulator/?x", "x"] {
        assert!(address_rule::parse(typed, Reach::Anywhere).is_err(), "{typed}");
    }
}

#[test]
fn addresses_in_numbers_are_public_or_not_by_the_registries() {
    for public in ["93.184.216.34", "1.1.1.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"] {
        assert!(address_rule::is_public(public.parse().unwrap()), "{public}");
    }
    // Translated by the network of a server that has only the newer family.
    assert!(address_rule::is_public("64:ff9b::1.1.1.1".parse().unwrap()));
    for private in [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "127.0.0.1",
        "127.255.255.255",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.0.1",
        "198.18.0.1",
        "203.0.113.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "2001:db8::1",
        "2001::1",
        "2002:7f00:1::",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "ff02::1",
    ] {
        assert!(!address_rule::is_public(private.parse().unwrap()), "{private}");
    }
}

fn config(address: &str) -> octopia::Config {
    octopia::Config {
        base_url: address.parse().unwrap(),
        token_url: address.parse().unwrap(),
        client_id: "client".to_owned(),
        client_secret: "secret".into(),
        seller_id: "1".to_owned(),
        requests_per_second: None,
        timeout: Some(Duration::from_secs(5)),
    }
}

/// The name is judged anew when it is called: it may stand for the own machine by then.
#[tokio::test]
async fn a_name_that_stands_for_a_private_address_is_never_connected_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://localhost:{}/", listener.local_addr().unwrap().port());
    let guarded =
        octopia::Client::connecting_only(config(&address), address_rule::is_public).unwrap();
    let error = guarded.check_token().await.unwrap_err();
    assert!(matches!(error, octopia::Error::Token(_)), "{error}");
    let nobody = tokio::time::timeout(Duration::ZERO, listener.accept());
    assert!(nobody.await.is_err());
    let open = octopia::Client::new(config(&address)).unwrap();
    let asked = tokio::spawn(async move { open.check_token().await });
    let (stream, _) = listener.accept().await.unwrap();
    drop(stream);
    assert!(asked.await.unwrap().is_err());
}

#[test]
fn a_number_is_judged_before_there_is_a_client() {
    for address in ["http://127.0.0.1:1/", "http://[::ffff:127.0.0.1]/", "http://0x7f.1/"] {
        let client = octopia::Client::connecting_only(config(address), address_rule::is_public);
        assert!(client.is_err(), "{address}");
    }
    let loopback = |it: IpAddr| it.is_loopback();
    assert!(octopia::Client::connecting_only(config("http://127.0.0.1:1/"), loopback).is_ok());
}
