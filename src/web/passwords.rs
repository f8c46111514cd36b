//! Passwords: argon2id, as `reliability` S-1 measured it.

use anyhow::anyhow;
use argon2::Algorithm;
use argon2::Argon2;
use argon2::Params;
use argon2::Version;
use argon2::password_hash::PasswordHasher;
use argon2::password_hash::PasswordVerifier;
use argon2::password_hash::phc::PasswordHash;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use tokio::sync::Semaphore;
use zxcvbn::Score;
use zxcvbn::feedback::Warning;
use zxcvbn::zxcvbn;

/// Each hash takes 64 MiB while it lasts: four at once bound what a flood of sign-ins can take.
static SLOTS: Semaphore = Semaphore::const_new(4);

/// What is verified when nobody has that address, so that the answer takes as long as for somebody.
const NOBODY: &str = "$argon2id$v=19$m=65536,t=3,p=1$Y29tcHRvaXItbm9ib2R5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// How much a hash costs whoever wants to try passwords on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Work {
    /// The memory it takes, in KiB.
    pub memory: u32,
    /// How often that memory is gone through.
    pub passes: u32,
}

impl Work {
    /// What every new hash costs. Raise it here, and stored hashes follow as their owners sign in.
    pub const STANDARD: Self = Self { memory: 65_536, passes: 3 };
}

fn argon2() -> Argon2<'static> {
    let Work { memory, passes } = Work::STANDARD;
    let params =
        Params::new(memory, passes, 1, None).expect("the parameters are within their ranges");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The fewest characters of a password (`reliability` S-1).
pub const SHORTEST: usize = 15;
/// The most.
pub const LONGEST: usize = 128;

/// Why a password is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer characters than [`SHORTEST`].
    TooShort,
    /// More than [`LONGEST`].
    TooLong,
    /// Long, but early in any list of guesses.
    Guessable(Hint),
}

/// What makes a password easy to guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// Many people have it.
    Common,
    /// Neighbors on the keyboard.
    Keys,
    /// The same again and again.
    Repeats,
    /// 1234, abcd.
    Sequences,
    /// Years and days.
    Dates,
    /// Words and names, those of its owner too.
    Words,
}

/// Why a new password cannot be taken; nothing, if it can. No kinds of characters are demanded: they make
/// passwords hard for people and easy for programs. `about` is what a guesser knows of the person.
pub fn weakness(password: &str, about: &[&str]) -> Option<Weakness> {
    let length = password.chars().count();
    if length < SHORTEST {
        return Some(Weakness::TooShort);
    }
    if length > LONGEST {
        return Some(Weakness::TooLong);
    }
    let of_people = about.iter().flat_map(|it| it.split(|char: char| !char.is_alphanumeric()));
    let known: Vec<&str> = OURS.into_iter().chain(of_people).filter(|it| it.len() > 2).collect();
    let judged = zxcvbn(password, &known);
    if judged.score() < Score::Three {
        let warning = judged.feedback().and_then(zxcvbn::feedback::Feedback::warning);
        return Some(Weakness::Guessable(warning.map_or(Hint::Words, hint)));
    }
    // Three names in a row are many combinations, unless one knows whose password it is.
    let others = known
        .iter()
        .fold(password.to_lowercase(), |rest, word| rest.replace(&word.to_lowercase(), ""));
    (others.chars().count() < OF_ITS_OWN).then_some(Weakness::Guessable(Hint::Words))
}

/// So many characters have to be left without what is known of its owner.
const OF_ITS_OWN: usize = 8;
/// Words that come to mind in front of this page.
const OURS: [&str; 5] = ["comptoir", "octopia", "cdiscount", "lengow", "marketplace"];

const fn hint(warning: Warning) -> Hint {
    match warning {
        Warning::StraightRowsOfKeysAreEasyToGuess
        | Warning::ShortKeyboardPatternsAreEasyToGuess => Hint::Keys,
        Warning::RepeatsLikeAaaAreEasyToGuess
        | Warning::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess => Hint::Repeats,
        Warning::ThisIsATop10Password
        | Warning::ThisIsATop100Password
        | Warning::ThisIsACommonPassword
        | Warning::ThisIsSimilarToACommonlyUsedPassword => Hint::Common,
        Warning::SequencesLikeAbcAreEasyToGuess => Hint::Sequences,
        Warning::RecentYearsAreEasyToGuess | Warning::DatesAreOftenEasyToGuess => Hint::Dates,
        Warning::AWordByItselfIsEasyToGuess
        | Warning::NamesAndSurnamesByThemselvesAreEasyToGuess
        | Warning::CommonNamesAndSurnamesAreEasyToGuess => Hint::Words,
    }
}

/// Hashes a password to a PHC string.
pub async fn hash(password: SecretString) -> anyhow::Result<String> {
    on_a_slot(move || {
        let hash = argon2().hash_password(password.expose_secret().as_bytes());
        Ok(hash.map_err(|error| anyhow!("hashing failed: {error}"))?.to_string())
    })
    .await
}

/// Whether it is the password of that PHC string. Without one it never is, after the same work.
pub async fn verify(password: SecretString, hash: Option<String>) -> anyhow::Result<bool> {
    // One per run of argon2: what a flood of guesses costs can be counted.
    tracing::debug!("a password is verified");
    on_a_slot(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let hash = PasswordHash::new(&hash).map_err(|error| anyhow!("stored hash: {error}"))?;
        let right = argon2().verify_password(password.expose_secret().as_bytes(), &hash).is_ok();
        Ok(right && known)
    })
    .await
}

/// Whether a stored hash costs less than that.
pub fn is_cheaper(hash: &str, than: Work) -> bool {
    let params = PasswordHash::new(hash).ok().and_then(|it| Params::try_from(&it).ok());
    params.is_none_or(|it| it.m_cost() < than.memory || it.t_cost() < than.passes)
}

async fn on_a_slot<T: Send + 'static>(
    work: impl FnOnce() -> anyhow::Result<T> + Send + 'static,
) -> anyhow::Result<T> {
    let slot = SLOTS.acquire().await.expect("the semaphore is never closed");
    let result = tokio::task::spawn_blocking(work).await;
    drop(slot);
    result?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_recognized_and_another_is_not() {
        let hash = hash("comptoir-demo-2026".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=65536,t=3,p=1$"));
        assert!(verify("comptoir-demo-2026".into(), Some(hash.clone())).await.unwrap());
        assert!(!verify("comptoir-demo-2027".into(), Some(hash.clone())).await.unwrap());
        assert!(!is_cheaper(&hash, Work::STANDARD));
        assert!(is_cheaper(&hash, Work { memory: 65_536, passes: 4 }));
        assert!(is_cheaper("no hash", Work::STANDARD));
    }

    #[tokio::test]
    async fn nobody_has_a_password_that_takes_the_same_work() {
        let nobody = PasswordHash::new(NOBODY).unwrap();
        let params = Params::try_from(&nobody).unwrap();
        assert_eq!((params.m_cost(), params.t_cost(), params.p_cost()), (65_536, 3, 1));
        assert!(!verify("nobody".into(), None).await.unwrap());
    }

    #[test]
    fn a_password_is_judged_by_how_hard_it_is_to_guess() {
        let about = ["Claire Morel", "claire.morel@maison-lemoine.example"];
        for good in [
            "copper giraffe umbrella nine",
            "Vélo jaune, pluie de mardi, 3 clous",
            "gV7#qLw9!zRt2@Xp",
            "correcte-agrafe-batterie-cheval",
        ] {
            assert_eq!(weakness(good, &about), None, "{good}");
        }
        for (weak, reason) in [
            ("short but 0dd!", Weakness::TooShort),
            (&"long".repeat(33), Weakness::TooLong),
            ("aaaaaaaaaaaaaaaaaaaa", Weakness::Guessable(Hint::Repeats)),
            ("passwordpassword", Weakness::Guessable(Hint::Repeats)),
            ("abcdefghijklmnopq", Weakness::Guessable(Hint::Sequences)),
        ] {
            assert_eq!(weakness(weak, &about), Some(reason), "{weak}");
        }
        for weak in ["qwertyuiopasdfghjkl", "clairemorelclaire", "Comptoir-Morel1"] {
            let found = weakness(weak, &about);
            assert!(matches!(found, Some(Weakness::Guessable(_))), "{weak}: {found:?}");
        }
    }
}
