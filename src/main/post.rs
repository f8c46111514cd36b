//! How people are told outside of the pages, as the deployer wants it.

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;
use comptoir::domain::address_rule::Reach;
use comptoir::outbound::mail;
use comptoir::outbound::webhook;
use comptoir::sync::post::Post;
use comptoir::web::notifications::letter::letter;
use secrecy::SecretString;
use url::Url;

/// E-mail and webhook. Without them, people are told on the pages alone.
#[derive(Args)]
pub struct PostArgs {
    /// The mail server, such as `smtps://desk:PASSWORD@mail.example.com`, or `smtp://…?tls=required` for STARTTLS.
    /// Better in the environment than here.
    #[arg(long, env = "COMPTOIR_SMTP_URL", hide_env_values = true)]
    smtp_url: Option<SecretString>,
    /// The file that holds it instead.
    #[arg(long, env = "COMPTOIR_SMTP_URL_FILE")]
    smtp_url_file: Option<PathBuf>,
    /// From whom e-mails come, such as `Comptoir <desk@example.com>`.
    #[arg(long, env = "COMPTOIR_SMTP_FROM")]
    smtp_from: Option<String>,
    /// The way to the mail server may lack encryption.
    #[arg(long, env = "COMPTOIR_SMTP_ALLOW_PLAIN")]
    smtp_allow_plain: bool,
    /// A program of the company's that is told the same, by signed calls (docs/DEPLOYMENT.md).
    #[arg(long, env = "COMPTOIR_WEBHOOK_URL")]
    webhook_url: Option<String>,
    /// What signs the calls: 32 characters or more. Better in the environment than here.
    #[arg(long, env = "COMPTOIR_WEBHOOK_SECRET", hide_env_values = true)]
    webhook_secret: Option<SecretString>,
    /// The file that holds it instead.
    #[arg(long, env = "COMPTOIR_WEBHOOK_SECRET_FILE")]
    webhook_secret_file: Option<PathBuf>,
    /// The program may be in a private network, on any port, and over plain http. Always so in the demo.
    #[arg(long, env = "COMPTOIR_WEBHOOK_ALLOW_PRIVATE")]
    webhook_allow_private: bool,
    /// The address that people open, such as `https://desk.example.com`: for links in e-mails, and where a single
    /// sign-on sends people back to.
    #[arg(long, env = "COMPTOIR_PUBLIC_URL")]
    public_url: Option<String>,
}

impl PostArgs {
    /// The address that people open.
    pub fn public_url(&self) -> Option<&str> {
        self.public_url.as_deref()
    }

    /// The ways out; none, if none is named.
    pub fn post(&self, is_demo: bool) -> anyhow::Result<Option<Post>> {
        let anywhere = self.webhook_allow_private || is_demo;
        let mailer = mail::Given {
            url: self.smtp_url.clone(),
            url_file: self.smtp_url_file.clone(),
            from: self.smtp_from.clone(),
            may_be_plain: self.smtp_allow_plain,
        };
        let webhook = webhook::Given {
            url: self.webhook_url.clone(),
            secret: self.webhook_secret.clone(),
            secret_file: self.webhook_secret_file.clone(),
            reach: if anywhere { Reach::Anywhere } else { Reach::Public },
        };
        let (mailer, webhook) = (mailer.mailer()?, webhook.webhook()?);
        if mailer.is_none() && webhook.is_none() {
            return Ok(None);
        }
        let public_url = self.public_url.as_deref().filter(|it| !it.trim().is_empty());
        let public_url = public_url.context(
            "COMPTOIR_PUBLIC_URL is missing, the address that people open: what people are told leads there",
        )?;
        let public_url = Url::parse(public_url).context("COMPTOIR_PUBLIC_URL is not an address")?;
        Ok(Some(Post { mailer, webhook, public_url, write: letter }))
    }
}
