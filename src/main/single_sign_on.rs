//! The company's own sign-in, as the deployer names it.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use comptoir::domain::address_rule::Reach;
use comptoir::single_sign_on::Given;
use comptoir::single_sign_on::Provider;
use secrecy::SecretString;

/// An OpenID Connect provider. Without one, people sign in with a password alone.
#[derive(Args)]
pub struct SingleSignOnArgs {
    /// The provider's issuer, such as `https://login.example.com/realms/maison`.
    #[arg(long = "oidc-issuer", env = "COMPTOIR_OIDC_ISSUER")]
    issuer: Option<String>,
    /// What the provider calls Comptoir.
    #[arg(long = "oidc-client-id", env = "COMPTOIR_OIDC_CLIENT_ID")]
    client_id: Option<String>,
    /// The secret that it shares with Comptoir. Better in the environment than here.
    #[arg(
        long = "oidc-client-secret",
        env = "COMPTOIR_OIDC_CLIENT_SECRET",
        hide_env_values = true
    )]
    client_secret: Option<SecretString>,
    /// The file that holds it instead.
    #[arg(long = "oidc-client-secret-file", env = "COMPTOIR_OIDC_CLIENT_SECRET_FILE")]
    client_secret_file: Option<PathBuf>,
    /// What people call it: "Sign in with NAME". Without, the issuer's host.
    #[arg(long = "oidc-name", env = "COMPTOIR_OIDC_NAME")]
    name: Option<String>,
    /// The provider, and the address of the pages, may be in a private network, on any port, and over plain
    /// http. Always so in the demo.
    #[arg(long = "oidc-allow-private", env = "COMPTOIR_OIDC_ALLOW_PRIVATE")]
    allow_private: bool,
}

/// The provider; none, if none is named.
pub fn provider(
    arguments: &SingleSignOnArgs,
    public_url: Option<&str>,
    is_demo: bool,
) -> anyhow::Result<Option<Provider>> {
    let anywhere = arguments.allow_private || is_demo;
    let given = Given {
        issuer: arguments.issuer.clone(),
        client_id: arguments.client_id.clone(),
        client_secret: arguments.client_secret.clone(),
        client_secret_file: arguments.client_secret_file.clone(),
        name: arguments.name.clone(),
        public_url: public_url.map(str::to_owned),
        reach: if anywhere { Reach::Anywhere } else { Reach::Public },
    };
    let config = given.config()?;
    config.map(Provider::new).transpose().context("single sign-on cannot be set up")
}
