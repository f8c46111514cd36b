//! Texts of the company's own sign-in.

use crate::single_sign_on::Failure;
use crate::web::text::Lang;
use crate::workflow::single_sign_on::Unwelcome;

texts! {
    sso_sign_in(provider) { "Sign in with {provider}" "Se connecter avec {provider}" }
    sso_or { "or" "ou" }
    sso_without_kept {
        "To keep what you typed, sign in with your password."
        "Pour conserver votre saisie, connectez-vous avec votre mot de passe."
    }
    sso_not_begun {
        "This sign-in did not begin in this browser, took longer than ten minutes, or was used already. Start again."
        "Cette connexion n’a pas commencé dans ce navigateur, a duré plus de dix minutes ou a déjà servi. Recommencez."
    }
    sso_denied(provider) {
        "{provider} did not sign you in. Start again, or use your password."
        "{provider} ne vous a pas connecté. Recommencez, ou utilisez votre mot de passe."
    }
    sso_silent(provider) {
        "{provider} does not answer at the moment. Use your password, or try again later."
        "{provider} ne répond pas pour le moment. Utilisez votre mot de passe, ou réessayez plus tard."
    }
    sso_untrusted(provider) {
        "The answer of {provider} could not be trusted. Start again; if it happens twice, tell your administrator."
        "La réponse de {provider} n’est pas fiable. Recommencez\u{a0}; si cela se reproduit, prévenez votre administrateur."
    }
    sso_not_asked(provider) {
        "{provider} did not ask you who you are. Use your password."
        "{provider} ne vous a pas demandé de vous identifier. Utilisez votre mot de passe."
    }
    sso_without_email(provider) {
        "{provider} does not say that your e-mail address is verified, so Comptoir cannot tell who you are. Ask your administrator."
        "{provider} n’indique pas que votre adresse e-mail est vérifiée\u{a0}: Comptoir ne peut pas vous reconnaître. Adressez-vous à votre administrateur."
    }
    sso_stranger(provider) {
        "{provider} knows you, but you have no account here yet. Ask your administrator for an invitation."
        "{provider} vous connaît, mais vous n’avez pas encore de compte ici. Demandez une invitation à votre administrateur."
    }
    sso_deactivated {
        "Your account here is deactivated. Ask your administrator."
        "Votre compte ici est désactivé. Adressez-vous à votre administrateur."
    }
    sso_another(provider) {
        "Your e-mail address belongs to an account that somebody else at {provider} uses. Ask your administrator."
        "Votre adresse e-mail appartient à un compte utilisé par une autre personne chez {provider}. Adressez-vous à votre administrateur."
    }
    sso_not_the_one(provider) {
        "You chose another account at {provider} than the one you work with here. Start again."
        "Vous avez choisi chez {provider} un autre compte que celui que vous utilisez ici. Recommencez."
    }
}

impl Lang {
    /// Why the provider could not say who it is.
    pub fn sso_failure(self, failure: Failure, provider: &str) -> String {
        match failure {
            Failure::Silent => self.sso_silent(provider),
            Failure::Refused(_) => self.sso_denied(provider),
            Failure::Untrusted(_) => self.sso_untrusted(provider),
            Failure::NotAsked => self.sso_not_asked(provider),
        }
    }

    /// Why somebody whom the provider knows does not come in.
    pub fn sso_unwelcome(self, why: Unwelcome, provider: &str) -> String {
        match why {
            Unwelcome::WithoutEmail => self.sso_without_email(provider),
            Unwelcome::Stranger => self.sso_stranger(provider),
            Unwelcome::Deactivated => self.sso_deactivated().to_owned(),
            Unwelcome::Another => self.sso_another(provider),
            Unwelcome::NotTheOne => self.sso_not_the_one(provider),
        }
    }
}
