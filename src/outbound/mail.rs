//! E-mails, by SMTP.

use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::bail;
use anyhow::ensure;
use jiff::Timestamp;
use lettre::AsyncSmtpTransport;
use lettre::AsyncTransport as _;
use lettre::Message;
use lettre::Tokio1Executor;
use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::message::header::Header;
use lettre::message::header::HeaderName;
use lettre::message::header::HeaderValue;
use secrecy::ExposeSecret as _;
use secrecy::SecretString;
use url::Host;
use url::Url;

use crate::private_file;

/// For each exchange with the server.
const PATIENCE: Duration = Duration::from_secs(20);

/// What the deployer said of e-mail.
#[derive(Debug, Default)]
pub struct Given {
    /// `COMPTOIR_SMTP_URL`, which may hold a password.
    pub url: Option<SecretString>,
    /// `COMPTOIR_SMTP_URL_FILE`
    pub url_file: Option<PathBuf>,
    /// `COMPTOIR_SMTP_FROM`
    pub from: Option<String>,
    /// Whether the way may lack encryption.
    pub may_be_plain: bool,
}

/// Sends e-mails.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl std::fmt::Debug for Mailer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mailer").field("from", &self.from).finish_non_exhaustive()
    }
}

/// An e-mail to one person, in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Whose address.
    pub to: String,
    /// One line.
    pub subject: String,
    /// The text.
    pub body: String,
    /// Makes its `Message-ID`: the same letter has the same.
    pub id: String,
    /// When it was written.
    pub at: Timestamp,
}

/// What is known of a letter that was handed over, or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The server has taken it.
    Taken,
    /// Surely not taken: it may be sent again later.
    NotTaken,
    /// The server said that it will never take it, or it cannot be written.
    Refused,
    /// It broke off while the letter was handed over: it may have been taken, and must not be sent again.
    Unknown,
}

impl Given {
    /// The mailer; none, if no server is named. The words never repeat the address, which may hold a password.
    pub fn mailer(self) -> anyhow::Result<Option<Mailer>> {
        let given = self.url.filter(|it| !it.expose_secret().trim().is_empty());
        let url = match (given, &self.url_file) {
            (Some(_), Some(_)) => {
                bail!("give COMPTOIR_SMTP_URL or COMPTOIR_SMTP_URL_FILE, not both")
            }
            (Some(url), None) => url.expose_secret().trim().to_owned(),
            (None, Some(path)) => private_file::read(path)
                .with_context(|| format!("cannot read COMPTOIR_SMTP_URL_FILE {}", path.display()))?
                .trim()
                .to_owned(),
            (None, None) => return Ok(None),
        };
        let url = SecretString::from(url);
        check(url.expose_secret(), self.may_be_plain)?;
        let from = self.from.context("COMPTOIR_SMTP_FROM is missing: from whom e-mails come")?;
        let from = from.parse().ok().context("COMPTOIR_SMTP_FROM is not an e-mail address")?;
        // Fails when a provider is installed already, and then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret());
        // Its own words may repeat the address.
        let builder = builder.ok().context("COMPTOIR_SMTP_URL cannot be used")?;
        Ok(Some(Mailer { transport: builder.timeout(Some(PATIENCE)).build(), from }))
    }
}

/// A password, and who is told what, do not travel openly, unless the server is on this machine.
fn check(url: &str, may_be_plain: bool) -> anyhow::Result<()> {
    let url = Url::parse(url).ok().context("COMPTOIR_SMTP_URL is not an address")?;
    let is_encrypted = match url.scheme() {
        "smtps" => true,
        "smtp" => url.query_pairs().any(|(name, value)| name == "tls" && value == "required"),
        _ => bail!("COMPTOIR_SMTP_URL begins with smtps:// or smtp://"),
    };
    let is_here = match url.host() {
        // A scheme that no browser knows: numbers of the older kind come as a name.
        Some(Host::Domain(name)) => {
            name == "localhost" || name.parse().is_ok_and(|it: IpAddr| it.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => bail!("COMPTOIR_SMTP_URL names no host"),
    };
    ensure!(
        is_encrypted || is_here || may_be_plain,
        "COMPTOIR_SMTP_URL is not encrypted: use smtps://, or smtp:// with ?tls=required"
    );
    Ok(())
}

impl Mailer {
    /// Hands a letter over.
    pub async fn send(&self, letter: &Letter) -> Outcome {
        let Some(message) = self.write(letter) else { return Outcome::Refused };
        // What fails here, the most frequent failures, has surely sent nothing. What fails later may have.
        if let Err(error) = self.transport.test_connection().await {
            tracing::warn!(
                permanent = error.is_permanent(),
                timeout = error.is_timeout(),
                "the mail server cannot be reached, or does not let us in"
            );
            return Outcome::NotTaken;
        }
        match self.transport.send(message).await {
            Ok(_) => Outcome::Taken,
            Err(error) => {
                let status = error.status().map(|it| it.to_string());
                tracing::warn!(status, timeout = error.is_timeout(), "an e-mail was not taken");
                if error.is_permanent() {
                    Outcome::Refused
                } else if error.is_transient() {
                    Outcome::NotTaken
                } else {
                    Outcome::Unknown
                }
            }
        }
    }

    fn write(&self, letter: &Letter) -> Option<Message> {
        let to: Mailbox = letter.to.parse().ok()?;
        let message_id = format!("<{}@{}>", letter.id, self.from.email.domain());
        Message::builder()
            .from(self.from.clone())
            .to(to)
            .subject(letter.subject.clone())
            .date(letter.at.into())
            .message_id(Some(message_id))
            .header(AutoSubmitted)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.body.clone())
            .ok()
    }
}

/// Keeps absence notes from answering (RFC 3834).
#[derive(Debug, Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(url: &str) -> Given {
        Given {
            url: Some(url.into()),
            from: Some("Comptoir <desk@example.com>".to_owned()),
            ..Given::default()
        }
    }

    #[test]
    fn without_a_server_there_is_no_mailer() {
        assert!(Given::default().mailer().unwrap().is_none());
        assert!(given(" ").mailer().unwrap().is_none());
    }

    #[tokio::test]
    async fn the_way_is_encrypted_or_within_the_machine() {
        for url in [
            "smtps://desk:secret@mail.example.com",
            "smtp://mail.example.com?tls=required",
            "smtp://localhost:25",
            "smtp://127.0.0.1:2525",
            "smtp://[::1]:25",
        ] {
            assert!(given(url).mailer().is_ok(), "{url}");
        }
        for url in [
            "smtp://desk:secret@mail.example.com",
            "smtp://desk:secret@mail.example.com?tls=opportunistic",
            "https://desk:secret@mail.example.com",
            "desk:secret",
        ] {
            let error = format!("{:#}", given(url).mailer().unwrap_err());
            assert!(error.contains("COMPTOIR_SMTP_URL") && !error.contains("secret"), "{error}");
        }
        let plain = Given { may_be_plain: true, ..given("smtp://mail.example.com") };
        assert!(plain.mailer().is_ok());
    }

    #[test]
    fn a_sender_is_needed_and_is_an_address() {
        for from in [None, Some("desk".to_owned())] {
            let given = Given { from, ..given("smtp://localhost") };
            let error = given.mailer().unwrap_err().to_string();
            assert!(error.contains("COMPTOIR_SMTP_FROM"), "{error}");
        }
    }
}
