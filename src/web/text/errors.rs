//! Texts of the error pages.

use crate::web::problem::Kind;
use crate::web::text::Lang;

texts! {
    reference { "Reference for support:" "Référence pour l’assistance\u{a0}:" }
    back_to_orders { "Go to the orders" "Aller aux commandes" }
}

impl Lang {
    /// The title of a problem, what happened, and what to do next.
    pub const fn problem(self, kind: Kind) -> [&'static str; 3] {
        match self {
            Self::En => english(kind),
            Self::Fr => french(kind),
        }
    }

    /// What became of what was posted.
    pub const fn problem_input(self, kind: Kind) -> &'static str {
        match kind {
            Kind::Unavailable | Kind::Internal | Kind::TimedOut => self.pick(
                "It is not certain whether what you sent was recorded.",
                "Il n’est pas certain que votre envoi ait été enregistré.",
            ),
            Kind::NotFound
            | Kind::MethodNotAllowed
            | Kind::Forbidden
            | Kind::CrossSite
            | Kind::NoSender
            | Kind::Conflict
            | Kind::Invalid
            | Kind::NotAForm
            | Kind::TooLarge => self.pick(
                "Nothing was recorded, and nothing was sent to the marketplace.",
                "Rien n’a été enregistré, et rien n’a été envoyé à la place de marché.",
            ),
        }
    }
}

const fn english(kind: Kind) -> [&'static str; 3] {
    match kind {
        Kind::NotFound => [
            "Page not found",
            "There is nothing at this address.",
            "Check the address, or find the order by its number.",
        ],
        Kind::MethodNotAllowed => [
            "This address cannot be opened like that",
            "It belongs to a form and was opened directly, or the other way round.",
            "Go to the orders and start again from there.",
        ],
        Kind::Forbidden => [
            "Your role does not include this",
            "Your role does not include this action.",
            "Ask a colleague whose role includes it, or your administrator.",
        ],
        Kind::CrossSite => [
            "This form came from another site",
            "For your safety, forms are only taken from Comptoir’s own pages.",
            "Open the page in Comptoir and send the form from there.",
        ],
        Kind::NoSender => [
            "It is not known where this form came from",
            "Forms are only taken from Comptoir’s own pages, and your browser did not say which page sent this one.",
            "Use an up-to-date browser, without an extension or a proxy that removes headers.",
        ],
        Kind::Conflict => [
            "Something changed in the meantime",
            "What you see is no longer up to date.",
            "Open the order again to see where it stands.",
        ],
        Kind::Invalid => [
            "This request cannot be understood",
            "The address or the form holds something that cannot be read.",
            "Check the address, or go back and send the form again.",
        ],
        Kind::NotAForm => [
            "This is not a form",
            "The request did not have the format of a form.",
            "Open the page in a browser and send the form from there.",
        ],
        Kind::TooLarge => [
            "This is too large",
            "A form can hold 256 KB at most.",
            "Shorten the text and send the form again.",
        ],
        Kind::TimedOut => [
            "This took too long",
            "The request was ended because it took too long.",
            "Open the order to see where it stands before you try again.",
        ],
        Kind::Unavailable => [
            "Comptoir is not available just now",
            "The database does not answer.",
            "Try again in a minute. If you sent something, look at the order first.",
        ],
        Kind::Internal => [
            "Something broke on our side",
            "Comptoir could not finish this request. The cause is in the log.",
            "Try again. If it happens again, give the reference below to support.",
        ],
    }
}

const fn french(kind: Kind) -> [&'static str; 3] {
    match kind {
        Kind::NotFound => [
            "Page introuvable",
            "Il n’y a rien à cette adresse.",
            "Vérifiez l’adresse, ou cherchez la commande par son numéro.",
        ],
        Kind::MethodNotAllowed => [
            "Cette adresse ne s’ouvre pas ainsi",
            "Elle appartient à un formulaire et a été ouverte directement, ou l’inverse.",
            "Allez aux commandes et recommencez à partir de là.",
        ],
        Kind::Forbidden => [
            "Votre rôle ne le permet pas",
            "Votre rôle ne permet pas cette action.",
            "Adressez-vous à un collègue dont le rôle le permet, ou à votre administrateur.",
        ],
        Kind::CrossSite => [
            "Ce formulaire vient d’un autre site",
            "Pour votre sécurité, seuls les formulaires des pages de Comptoir sont acceptés.",
            "Ouvrez la page dans Comptoir et envoyez le formulaire depuis celle-ci.",
        ],
        Kind::NoSender => [
            "La provenance de ce formulaire est inconnue",
            "Seuls les formulaires des pages de Comptoir sont acceptés, et votre navigateur n’a pas dit quelle page a envoyé celui-ci.",
            "Utilisez un navigateur à jour, sans extension ni proxy qui supprime des en-têtes.",
        ],
        Kind::Conflict => [
            "Quelque chose a changé entre-temps",
            "L’affichage n’est plus à jour.",
            "Rouvrez la commande pour voir où elle en est.",
        ],
        Kind::Invalid => [
            "Cette demande est incompréhensible",
            "L’adresse ou le formulaire contient quelque chose d’illisible.",
            "Vérifiez l’adresse, ou revenez en arrière et renvoyez le formulaire.",
        ],
        Kind::NotAForm => [
            "Ce n’est pas un formulaire",
            "La demande n’avait pas le format d’un formulaire.",
            "Ouvrez la page dans un navigateur et envoyez le formulaire depuis celle-ci.",
        ],
        Kind::TooLarge => [
            "C’est trop volumineux",
            "Un formulaire contient au plus 256 Ko.",
            "Raccourcissez le texte et renvoyez le formulaire.",
        ],
        Kind::TimedOut => [
            "Le délai est dépassé",
            "La demande a été interrompue parce qu’elle durait trop longtemps.",
            "Ouvrez la commande pour voir où elle en est avant de recommencer.",
        ],
        Kind::Unavailable => [
            "Comptoir n’est pas disponible pour l’instant",
            "La base de données ne répond pas.",
            "Réessayez dans une minute. Si vous aviez envoyé quelque chose, regardez d’abord la commande.",
        ],
        Kind::Internal => [
            "Un problème est survenu de notre côté",
            "Comptoir n’a pas pu terminer cette demande. La cause est dans le journal.",
            "Réessayez. Si cela se reproduit, donnez la référence ci-dessous à l’assistance.",
        ],
    }
}
