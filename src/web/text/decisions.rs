//! Texts of a promise that only a person can settle, of what was sent, and of what the marketplace decided.

use crate::domain::delivery::Reading;
use crate::live::Silence;
use crate::web::text::Lang;

texts! {
    fresh_title { "At the marketplace now" "Sur la place de marché, à l’instant" }
    fresh_read(at) { "Read {at}" "Lu à {at}" }
    fresh_again { "Look again" "Regarder à nouveau" }
    fresh_decide_blind {
        "You can still decide, but look at the order in the Octopia portal first: nobody has checked it here."
        "Vous pouvez décider tout de même, mais regardez d’abord la commande dans le portail Octopia\u{a0}: rien n’a été vérifié ici."
    }
    fresh_unknown_order {
        "The marketplace says that it knows no such order."
        "La place de marché répond qu’elle ne connaît pas cette commande."
    }
    fresh_no_parcel { "The order has no parcel." "La commande n’a aucun colis." }
    fresh_no_request {
        "There is no request of this kind on the order."
        "Aucune demande de ce type sur la commande."
    }
    fresh_requests { "Requests on the order" "Demandes sur la commande" }
    fresh_ours { "Yours" "Le vôtre" }
    fresh_mark(mark) { "Our mark {mark}" "Notre marque {mark}" }
    fresh_before { "Older, or of another action" "Antérieure, ou d’une autre action" }
    fresh_no_mark { "cannot carry one" "n’en porte jamais" }
    fresh_not_repeated { "not told" "non communiquée" }
    fresh_not_known { "not known" "inconnu" }
    yes { "yes" "oui" }
    no { "no" "non" }
    fresh_found_meanwhile {
        "The marketplace shows it now: it was done. Nothing was changed. If it should be done once more, decide “It was done” first."
        "La place de marché l’indique maintenant\u{a0}: c’est fait. Rien n’a été modifié. Si vous voulez le refaire, indiquez d’abord «\u{a0}C’est fait\u{a0}»."
    }

    looked {
        "I have looked in the Octopia portal: it is not there"
        "J’ai regardé dans le portail Octopia\u{a0}: ce n’est pas fait"
    }
    looked_missing {
        "Look in the Octopia portal first, then tick the box"
        "Regardez d’abord dans le portail Octopia, puis cochez la case"
    }

    sent_line { "Line" "Ligne" }
    sent_reason { "Reason" "Motif" }
    sent_shipping { "Shipping costs" "Frais de port" }
    sent_refunded { "refunded" "remboursés" }
    sent_not_refunded { "not refunded" "non remboursés" }
    sent_lines { "Lines" "Lignes" }
    sent_all_lines { "all" "toutes" }
    sent_amount { "Amount" "Montant" }
    sent_details { "Details, as sent" "Précisions, telles qu’envoyées" }
    sent_file { "File" "Fichier" }
    sent_file_as { "Sent as" "Envoyé sous le nom" }
    sent_size { "Size" "Taille" }
    sent_mark { "Our mark" "Notre marque" }

    outcome_title { "The marketplace’s decision" "Décision de la place de marché" }
}

impl Lang {
    /// Why there is no fresh look.
    pub const fn silence(self, silence: Silence) -> &'static str {
        let (en, fr) = match silence {
            Silence::TooSlow => (
                "Octopia did not answer within three seconds, so that nothing fresh can be shown.",
                "Octopia n’a pas répondu en trois secondes\u{a0}: rien de récent à montrer.",
            ),
            Silence::CredentialsRefused => (
                "Octopia refuses the account’s credentials, so that nothing fresh can be shown.",
                "Octopia refuse les identifiants du compte\u{a0}: rien de récent à montrer.",
            ),
            Silence::Broken => (
                "Octopia does not answer just now, so that nothing fresh can be shown.",
                "Octopia ne répond pas pour l’instant\u{a0}: rien de récent à montrer.",
            ),
        };
        self.pick(en, fr)
    }

    /// What the rules make of a fresh look.
    pub const fn reading(self, reading: &Reading) -> &'static str {
        let (en, fr) = match reading {
            Reading::Found { .. } => (
                "It is there: it was done. Comptoir will confirm it by itself in a moment.",
                "C’est là\u{a0}: c’est fait. Comptoir le confirmera de lui-même dans un instant.",
            ),
            Reading::Absent => (
                "It does not show. It may not have arrived; or the marketplace may show it late.",
                "Rien n’apparaît. Ce n’est peut-être pas arrivé, ou la place de marché l’affichera plus tard.",
            ),
            Reading::Superseded => (
                "It does not show, and the order has gone where it is not possible any more.",
                "Rien n’apparaît, et la commande est passée à un stade où ce n’est plus possible.",
            ),
            Reading::Unclear => (
                "Something is there that may be it, or somebody else’s doing. Compare it with what was sent.",
                "Quelque chose s’y trouve, qui peut être cela ou l’œuvre d’un autre. Comparez avec ce qui a été envoyé.",
            ),
        };
        self.pick(en, fr)
    }
}
