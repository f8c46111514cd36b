//! Texts of signing in and of a user's own page.

use jiff::SignedDuration;

use crate::web::text::Lang;

texts! {
    kept_lead {
        "You were signed out because nothing happened for a while. Sign in, and what you typed can be sent again."
        "Vous avez été déconnecté après un moment d’inactivité. Connectez-vous, et vous pourrez renvoyer votre saisie."
    }
    kept_title { "You are signed in again" "Vous êtes reconnecté" }
    kept_text {
        "What you typed is still here and has not been sent yet. Send it now: it is checked like any other, with what has changed meanwhile."
        "Votre saisie est toujours là et n’a pas encore été envoyée. Envoyez-la maintenant\u{a0}: elle est vérifiée comme toute autre, avec ce qui a changé entre-temps."
    }
    kept_send { "Send it again" "Renvoyer" }
    kept_leave { "Go on without it" "Continuer sans l’envoyer" }
}

impl Lang {
    /// That somebody tried too often, and when the next try is possible.
    pub fn too_many_tries(self, wait: SignedDuration) -> String {
        let seconds = seconds_up(wait);
        let wait = if seconds < 60 {
            self.count(seconds, ["second", "seconds"], ["seconde", "secondes"])
        } else {
            let minutes = (seconds + 59) / 60;
            self.count(minutes, ["minute", "minutes"], ["minute", "minutes"])
        };
        match self {
            Self::En => format!("Too many attempts. Try again in {wait}"),
            Self::Fr => format!("Trop de tentatives. Réessayez dans {wait}"),
        }
    }
}

/// Whole seconds, never too few.
pub fn seconds_up(wait: SignedDuration) -> i64 {
    wait.as_secs() + i64::from(wait.subsec_nanos() > 0)
}
