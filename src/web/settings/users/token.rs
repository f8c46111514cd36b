//! The secret in the link of an invitation.

use sha2::Digest;
use sha2::Sha256;
use tower_sessions::session::Id;

/// A new secret: 128 bits from the system, made like the identifiers of sessions.
pub fn new() -> String {
    Id::default().to_string()
}

/// What the database knows of it. So many random bits need no slow hash.
pub fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token.as_bytes()).to_vec()
}

/// The path of the link.
pub fn path(token: &str) -> String {
    format!("/invitations/{token}")
}
