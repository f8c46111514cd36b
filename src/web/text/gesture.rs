//! Texts of the gesture form (`product` 4.8).

use crate::live::Silence;
use crate::web::text::Lang;

texts! {
    gesture_title { "Commercial gesture" "Geste commercial" }
    gesture_limits_title { "What may be given" "Ce qui peut être accordé" }
    gesture_read_at { "read at" "lu à" }
    gesture_order_amount { "Order without canceled lines" "Commande sans les lignes annulées" }
    gesture_limit_rate(rate) { "Limit: {rate}\u{a0}% of the order" "Plafond\u{a0}: {rate}\u{a0}% de la commande" }
    gesture_limit_fixed { "Fixed limit" "Plafond fixe" }
    gesture_limit_lower { "the lower one counts" "le plus bas s’applique" }
    gesture_given { "Already given" "Déjà accordé" }
    gesture_remaining { "Remaining" "Reste possible" }

    over_ceiling(most) {
        "Your role gives {most} at a time at most. For more, ask a colleague whose role gives more"
        "Votre rôle accorde {most} au plus à la fois. Au-delà, demandez à un collègue dont le rôle accorde davantage"
    }
    over_day(most, left) {
        "Your role gives {most} a day, of which {left} is left today. Ask a colleague, or wait until tomorrow"
        "Votre rôle accorde {most} par jour, dont il reste {left} aujourd’hui. Demandez à un collègue, ou attendez demain"
    }

    gesture_closed {
        "This sales channel does not allow gestures."
        "Ce canal de vente n’autorise pas les gestes commerciaux."
    }
    gesture_nothing_left {
        "Nothing more can be given on this order."
        "Plus rien ne peut être accordé sur cette commande."
    }
    gesture_nothing_sent {
        "Nothing was sent, and your entry is kept below."
        "Rien n’a été envoyé, et votre saisie est conservée ci-dessous."
    }
    gesture_try_again { "Try again" "Réessayer" }

    gesture_reason_label { "Reason" "Motif" }
    gesture_details_label { "Details" "Précisions" }
    gesture_details_when { "needed for “Other”" "nécessaires pour «\u{a0}Autre\u{a0}»" }
    gesture_details_hint(most) { "Up to {most} characters." "{most} caractères au plus." }
    gesture_details_used(used, most) { "{used} of {most} characters." "{used} caractères sur {most}." }
    gesture_amount_label { "Amount" "Montant" }
    gesture_up_to(most) { "Up to {most}" "Jusqu’à {most}" }
    gesture_amount_ambiguous {
        "Write the amount with one decimal mark and no mark between thousands, such as 1234.50"
        "Écrivez le montant avec une seule virgule, sans séparateur de milliers, par exemple 1234,50"
    }
    gesture_amount_unreadable(symbol) {
        "Write the amount in {symbol} with digits only, such as 9.99"
        "Écrivez le montant en {symbol}, en chiffres, par exemple 9,99"
    }
    gesture_again_note {
        "The marketplace refuses the same gesture once it is done, and pays it twice while it is under review. If a second one is meant, give another amount or another reason."
        "La place de marché refuse le même geste une fois effectué, et le paie deux fois tant qu’il est en cours de validation. Si vous voulez vraiment un second geste, changez le montant ou le motif."
    }
    gesture_check { "Check before sending" "Vérifier avant l’envoi" }

    gesture_review_title { "Check the gesture" "Vérifiez le geste" }
    gesture_share(share) { "= {share} of the order" "= {share} de la commande" }
    gesture_share_tiny { "under 1\u{a0}%" "moins de 1\u{a0}%" }
    gesture_large {
        "This is more than half of the order. Check the amount."
        "C’est plus de la moitié de la commande. Vérifiez le montant."
    }
    gesture_left_then { "Remaining afterwards" "Reste ensuite" }
    gesture_next { "What happens next" "Ce qui se passe ensuite" }
    gesture_next_review {
        "Octopia takes the request and decides about it later. Until then it is “Under review by the marketplace”."
        "Octopia prend la demande et décide plus tard. D’ici là, elle est «\u{a0}En cours de validation\u{a0}»."
    }
    gesture_next_undo {
        "Once it is sent, it cannot be undone here."
        "Une fois envoyé, le geste ne peut pas être annulé ici."
    }
    gesture_next_once {
        "It is sent once, and never again by itself: if the answer is lost, Comptoir looks for it, and asks you when it is in doubt."
        "L’envoi a lieu une fois, jamais deux\u{a0}: si la réponse se perd, Comptoir cherche le geste, et vous demande en cas de doute."
    }
    gesture_next_marker {
        "A reference such as #ABC123 is added to the details, so that Comptoir recognizes its own gesture."
        "Une référence comme #ABC123 est ajoutée aux précisions, pour que Comptoir reconnaisse son geste."
    }
    gesture_offer(amount) { "Offer {amount}" "Accorder {amount}" }
    gesture_change { "Change" "Modifier" }
}

impl Lang {
    /// Why the marketplace could not be asked what may be given.
    pub const fn gesture_silence(self, silence: Silence) -> &'static str {
        let (en, fr) = match silence {
            Silence::TooSlow => (
                "Octopia did not say within three seconds what may be given.",
                "Octopia n’a pas dit en trois secondes ce qui peut être accordé.",
            ),
            Silence::CredentialsRefused => (
                "Octopia refuses the credentials of this account, so that nobody can say what may be given. Tell whoever runs Comptoir.",
                "Octopia refuse les identifiants de ce compte, et ne dit pas ce qui peut être accordé. Prévenez la personne qui gère Comptoir.",
            ),
            Silence::Broken => (
                "Octopia does not say just now what may be given.",
                "Octopia ne dit pas pour l’instant ce qui peut être accordé.",
            ),
        };
        self.pick(en, fr)
    }
}
