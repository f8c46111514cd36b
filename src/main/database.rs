//! The way to PostgreSQL.

use std::net::IpAddr;
use std::str::FromStr as _;

use anyhow::Context as _;
use anyhow::ensure;
use comptoir::db;
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;
use sqlx::postgres::PgSslMode;

/// Opens the database. Everything that there is to protect travels on this connection, so that off this
/// machine it has to be encrypted, to a server that proved who it is (ASVS 12.3.2), unless the deployer says otherwise.
pub async fn open(url: &str, connections: u32, unverified_allowed: bool) -> anyhow::Result<PgPool> {
    ensure!(!url.is_empty(), "set --database-url or DATABASE_URL");
    // An address that cannot be read may hold a password, which the error would repeat.
    let options = PgConnectOptions::from_str(url)
        .ok()
        .context("DATABASE_URL is not the address of a database")?;
    ensure!(
        unverified_allowed || is_protected(&options),
        "the database is on another machine: add ?sslmode=verify-full (and &sslrootcert=… for a CA of your \
         own) to DATABASE_URL, or set COMPTOIR_ALLOW_UNVERIFIED_DATABASE=true if the network between is \
         yours alone"
    );
    db::connect(url, connections).await.context("cannot open the database of DATABASE_URL")
}

fn is_protected(options: &PgConnectOptions) -> bool {
    let host = options.get_host();
    options.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok_and(|it| it.is_loopback())
        || matches!(options.get_ssl_mode(), PgSslMode::VerifyFull)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn off_this_machine_the_server_has_to_prove_who_it_is() {
        for (url, protected) in [
            ("postgres://localhost/comptoir", true),
            ("postgres://127.0.0.1/comptoir", true),
            ("postgres://[::1]/comptoir", true),
            ("postgres:///comptoir?host=/run/postgresql", true),
            ("postgres://db.example/comptoir?sslmode=verify-full", true),
            ("postgres://db.example/comptoir", false),
            ("postgres://db.example/comptoir?sslmode=require", false),
            ("postgres://db.example/comptoir?sslmode=verify-ca", false),
            ("postgres://localhost.example/comptoir", false),
            ("postgres://10.0.0.5/comptoir", false),
        ] {
            let options = PgConnectOptions::from_str(url).unwrap();
            assert_eq!(is_protected(&options), protected, "{url}");
        }
    }
}
