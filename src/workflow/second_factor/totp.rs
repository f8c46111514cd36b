//! Codes that change with time (RFC 6238, with its defaults: SHA-1, 30 seconds, 6 digits), because every app
//! knows these, and few know others. Pure, but for the secrets' randomness.

use hmac::Hmac;
use hmac::KeyInit;
use hmac::Mac;
use jiff::Timestamp;
use sha1::Sha1;

/// The bytes of a secret: as many as the hash has (RFC 4226, section 4).
pub const SECRET: usize = 20;
/// How long a code is shown, in seconds.
const STEP: i64 = 30;

/// The time step of an instant.
fn step(now: Timestamp) -> i64 {
    now.as_second().div_euclid(STEP)
}

/// The code of a step.
fn code(secret: &[u8], step: i64) -> u32 {
    let mut mac = Hmac::<Sha1>::new_from_slice(secret).expect("a key may have any length");
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let offset = usize::from(digest[19] & 0xf);
    let four = [digest[offset], digest[offset + 1], digest[offset + 2], digest[offset + 3]];
    (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000
}

/// The step of the code that was typed, if it is right now, or was or will be a step away, as telephones and
/// people are not exact. A step up to `last` is spent, so that a code opens the door once.
pub fn matching_step(secret: &[u8], typed: &str, last: i64, now: Timestamp) -> Option<i64> {
    let digits: String = typed.chars().filter(|it| !it.is_whitespace()).collect();
    if digits.len() != 6 || !digits.bytes().all(|it| it.is_ascii_digit()) {
        return None;
    }
    let typed: u32 = digits.parse().ok()?;
    let now = step(now);
    (now - 1..=now + 1).find(|it| *it > last && code(secret, *it) == typed)
}

/// Bytes as people type them (RFC 4648, base 32, without padding): a letter for each five bits.
pub fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let mut text = String::new();
    for bit in (0..bytes.len() * 8).step_by(5) {
        let next = bytes.get(bit / 8 + 1).copied().unwrap_or_default();
        let two = u16::from_be_bytes([bytes[bit / 8], next]);
        let five = (two >> (11 - bit % 8)) & 31;
        text.push(char::from(LETTERS[usize::from(five)]));
    }
    text
}

/// Bytes that nobody can guess.
///
/// # Panics
///
/// When the system has none: nothing that is built on worse ones would be safe.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

/// The code that an app shows, for tests of whole pages.
pub fn shown(secret: &[u8], now: Timestamp) -> String {
    format!("{:06}", code(secret, step(now)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"12345678901234567890";

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn the_codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B, the last six of its eight digits.
        for (second, expected) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(shown(KEY, at(second)), expected);
        }
    }

    #[test]
    fn a_code_is_right_for_a_step_before_and_after_and_once() {
        let shown = shown(KEY, at(1_111_111_110));
        let step = step(at(1_111_111_110));
        for (second, right) in [(-31, false), (-30, true), (0, true), (59, true), (60, false)] {
            let found = matching_step(KEY, &shown, 0, at(1_111_111_110 + second));
            assert_eq!(found, right.then_some(step), "{second}");
        }
        let spaced = format!(" {} {} ", &shown[..3], &shown[3..]);
        assert_eq!(matching_step(KEY, &spaced, step - 1, at(1_111_111_110)), Some(step));
        assert_eq!(matching_step(KEY, &shown, step, at(1_111_111_110)), None);
        for nonsense in ["", "12345", "1234567", "+12345", "12345x", "１２３４５６"] {
            assert_eq!(matching_step(KEY, nonsense, 0, at(1_111_111_110)), None, "{nonsense}");
        }
    }

    #[test]
    fn letters_are_those_of_the_rfc() {
        // RFC 4648, section 10.
        for (bytes, expected) in [
            ("", ""),
            ("f", "MY"),
            ("fo", "MZXQ"),
            ("foo", "MZXW6"),
            ("foob", "MZXW6YQ"),
            ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ] {
            assert_eq!(base32(bytes.as_bytes()), expected);
        }
    }
}
