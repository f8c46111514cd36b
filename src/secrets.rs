//! Secrets at rest: sealed with an authenticated cipher, under a key that is not in the database
//! (`reliability` S-14).
//!
//! XChaCha20-Poly1305, whose nonce is long enough to be drawn anew each time. What a secret belongs to is
//! authenticated with it: one that was moved to another row does not open, and neither does one under a key
//! of another name.

use std::path::Path;

use anyhow::Context as _;
use anyhow::bail;
use anyhow::ensure;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::KeyInit as _;
use chacha20poly1305::XChaCha20Poly1305;
use chacha20poly1305::XNonce;
use chacha20poly1305::aead::Aead as _;
use chacha20poly1305::aead::Generate as _;
use chacha20poly1305::aead::Payload;
use secrecy::ExposeSecret as _;
use secrecy::SecretBox;
use secrecy::SecretString;
use sha2::Digest as _;
use sha2::Sha256;

use crate::private_file;

const KEY_LENGTH: usize = 32;
const NONCE_LENGTH: usize = 24;

/// A key of the deployer's.
#[derive(Debug)]
pub struct Key {
    id: String,
    bytes: SecretBox<[u8; KEY_LENGTH]>,
}

/// The key that seals, and the one before it, while not all is sealed anew.
#[derive(Debug)]
pub struct Keys {
    current: Key,
    former: Option<Key>,
}

/// Where a secret belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place<'a> {
    /// The table.
    pub table: &'static str,
    /// The key of the row, such as a seller account.
    pub row: &'a str,
    /// The column.
    pub column: &'static str,
}

/// A secret that only the holder of its key can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Which key opens it.
    pub key_id: String,
    /// Nonce and ciphertext.
    pub bytes: Vec<u8>,
}

/// Why a secret stays closed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// None of the keys at hand.
    #[error("sealed under the key {0}, which is not at hand")]
    OtherKey(String),
    /// Changed, cut, or moved here from somewhere else.
    #[error("not what was sealed here")]
    Broken,
}

impl Key {
    /// Reads a key: 32 bytes in base64, as `openssl rand -base64 32` prints them.
    pub fn parse(text: &str) -> anyhow::Result<Self> {
        // The decoder's own error quotes the character, which is part of the key.
        let Ok(bytes) = STANDARD.decode(text.trim()) else { bail!("a key is written in base64") };
        let bytes: [u8; KEY_LENGTH] =
            bytes.try_into().map_err(|_| anyhow::anyhow!("a key has {KEY_LENGTH} bytes"))?;
        ensure!(bytes.iter().any(|it| *it != bytes[0]), "this key is one byte repeated");
        let named = Sha256::new().chain_update(b"comptoir key id").chain_update(bytes).finalize();
        let id = u32::from_be_bytes([named[0], named[1], named[2], named[3]]);
        let id = format!("{id:08x}");
        Ok(Self { id, bytes: SecretBox::new(Box::new(bytes)) })
    }

    /// The key given in a variable, or in a file, or none. The words name the variable, never the key.
    pub fn given(
        variable: &str,
        text: Option<&SecretString>,
        file: Option<&Path>,
    ) -> anyhow::Result<Option<Self>> {
        // A variable that is set to nothing is how some deployments leave it out.
        let text = text.filter(|it| !it.expose_secret().trim().is_empty());
        let text = match (text, file) {
            (Some(_), Some(_)) => bail!("give {variable} or {variable}_FILE, not both"),
            (Some(text), None) => text.expose_secret().to_owned(),
            (None, Some(path)) => private_file::read(path)
                .with_context(|| format!("cannot read {variable}_FILE {}", path.display()))?,
            (None, None) => return Ok(None),
        };
        Self::parse(&text).map(Some).with_context(|| format!("in {variable}"))
    }

    /// A name that says nothing of the key; kept beside what it sealed.
    pub fn id(&self) -> &str {
        &self.id
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(self.bytes.expose_secret().into())
    }
}

impl Keys {
    /// These two.
    pub const fn new(current: Key, former: Option<Key>) -> Self {
        Self { current, former }
    }

    /// The name of the key that seals.
    pub fn current_id(&self) -> &str {
        self.current.id()
    }

    /// Seals a secret for its place.
    ///
    /// # Panics
    /// When the system gives no random numbers.
    pub fn seal(&self, secret: &SecretString, place: Place<'_>) -> Sealed {
        let (key_id, nonce) = (self.current.id.clone(), XNonce::generate());
        let (msg, aad) = (secret.expose_secret().as_bytes(), belonging(place, &key_id));
        let ciphertext = self.current.cipher().encrypt(&nonce, Payload { msg, aad: &aad });
        let mut bytes = nonce.to_vec();
        bytes.extend(ciphertext.expect("a secret is shorter than 256 GiB"));
        Sealed { key_id, bytes }
    }

    /// Opens what was sealed for that place.
    pub fn open(&self, sealed: &Sealed, place: Place<'_>) -> Result<SecretString, OpenError> {
        let mut keys = [Some(&self.current), self.former.as_ref()].into_iter().flatten();
        let key = keys
            .find(|it| it.id == sealed.key_id)
            .ok_or_else(|| OpenError::OtherKey(sealed.key_id.clone()))?;
        let (nonce, msg) =
            sealed.bytes.split_first_chunk::<NONCE_LENGTH>().ok_or(OpenError::Broken)?;
        let aad = belonging(place, &key.id);
        let payload = Payload { msg, aad: &aad };
        let text = key.cipher().decrypt(nonce.into(), payload).map_err(|_| OpenError::Broken)?;
        String::from_utf8(text).map(SecretString::from).map_err(|_| OpenError::Broken)
    }
}

/// What is authenticated with a secret. Only the row's key could hold a bar, so that no two places agree.
fn belonging(place: Place<'_>, key_id: &str) -> Vec<u8> {
    let Place { table, row, column } = place;
    format!("{table}|{row}|{column}|{key_id}").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Place<'_> =
        Place { table: "account_credentials", row: "maison", column: "client_secret" };

    fn key(fill: u8) -> Key {
        let bytes: Vec<u8> = (0..32).map(|n| n ^ fill).collect();
        Key::parse(&STANDARD.encode(bytes)).unwrap()
    }

    fn keys(current: u8) -> Keys {
        Keys::new(key(current), None)
    }

    #[test]
    fn what_was_sealed_opens_again_and_no_two_sealings_are_alike() {
        let (keys, secret) = (keys(1), SecretString::from("s3cret é"));
        let (first, second) = (keys.seal(&secret, PLACE), keys.seal(&secret, PLACE));
        assert_ne!(first.bytes, second.bytes);
        assert!(!first.bytes.windows(6).any(|it| it == b"s3cret"));
        assert_eq!(keys.open(&first, PLACE).unwrap().expose_secret(), "s3cret é");
    }

    #[test]
    fn a_secret_moved_to_another_place_does_not_open() {
        let keys = keys(1);
        let sealed = keys.seal(&"of maison".into(), PLACE);
        let (mine, theirs) = (PLACE, Place { row: "atelier", ..PLACE });
        let swapped = keys.seal(&"of atelier".into(), theirs);
        for (sealed, place) in [
            (&sealed, theirs),
            (&swapped, mine),
            (&sealed, Place { column: "note", ..PLACE }),
            (&sealed, Place { table: "users", ..PLACE }),
        ] {
            assert_eq!(keys.open(sealed, place).unwrap_err(), OpenError::Broken, "{place:?}");
        }
    }

    #[test]
    fn no_bit_can_be_changed_and_no_byte_cut() {
        let keys = keys(1);
        let sealed = keys.seal(&"secret".into(), PLACE);
        for index in 0..sealed.bytes.len() {
            let mut changed = sealed.clone();
            changed.bytes[index] ^= 1;
            assert_eq!(keys.open(&changed, PLACE).unwrap_err(), OpenError::Broken);
            changed.bytes.truncate(index);
            assert_eq!(keys.open(&changed, PLACE).unwrap_err(), OpenError::Broken);
        }
    }

    #[test]
    fn another_key_is_named_and_a_forged_name_does_not_help() {
        let (old, new) = (keys(1), keys(2));
        let mut sealed = old.seal(&"secret".into(), PLACE);
        let refused = new.open(&sealed, PLACE).unwrap_err();
        assert_eq!(refused, OpenError::OtherKey(key(1).id().to_owned()));
        let both = Keys::new(key(2), Some(key(1)));
        assert_eq!(both.open(&sealed, PLACE).unwrap().expose_secret(), "secret");
        sealed.key_id = new.current_id().to_owned();
        assert_eq!(both.open(&sealed, PLACE).unwrap_err(), OpenError::Broken);
    }

    #[test]
    fn a_key_has_32_bytes_in_base64_and_no_error_repeats_it() {
        let zeros = STANDARD.encode([0; 32]);
        for bad in ["", "top secret!", "dG9wIHNlY3JldA==", &zeros] {
            let error = format!("{:#}", Key::parse(bad).unwrap_err());
            assert!(error.contains("key") && !error.contains("secret"), "{error}");
        }
        let padded = format!(" {}\n", STANDARD.encode([7, 9].repeat(16)));
        let key = Key::parse(&padded).unwrap();
        assert_eq!(key.id().len(), 8);
        assert!(!format!("{key:?}").contains("9, 7"), "{key:?}");
    }
}
