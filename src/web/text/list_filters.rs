//! Texts of the filters that are used less.

use crate::domain::delivery::State;
use crate::web::orders::list::selection::more::ActionState;
use crate::web::orders::list::selection::more::Buyer;
use crate::web::text::Lang;

texts! {
    more_filters { "More filters" "Plus de filtres" }
    all_orders { "All orders" "Toutes les commandes" }
    buyer_filter { "Buyer" "Acheteur" }
    country_filter { "Country" "Pays" }
    all_countries { "All countries" "Tous les pays" }
    all_carriers { "All carriers" "Tous les transporteurs" }
    amount_from { "Total from" "Total à partir de" }
    amount_to { "Total up to" "Total jusqu’à" }
    last_action { "Last action" "Dernière action" }
    any_action { "Any state" "Tous les états" }
    assigned_filter { "Assigned to" "Attribuée à" }
    anybody { "Anybody" "Tout le monde" }
    me { "Me" "Moi" }
    nobody { "Nobody" "Personne" }
    notes_filter { "Notes" "Notes" }
    with_or_without_notes { "With or without" "Avec ou sans" }
    with_notes { "With notes" "Avec des notes" }
    most_is_less_than_least {
        "The highest total is below the lowest one, so it is left out."
        "Le total maximal est inférieur au total minimal\u{a0}: il n’est pas appliqué."
    }
}

impl Lang {
    /// `2 notes`
    pub fn note_count(self, notes: i64) -> String {
        self.count(notes, ["note", "notes"], ["note", "notes"])
    }

    /// Who buys.
    pub const fn buyer(self, buyer: Buyer) -> &'static str {
        match buyer {
            Buyer::Business => self.pick("Business (B2B)", "Professionnel (B2B)"),
            Buyer::Consumer => self.pick("Consumer", "Particulier"),
        }
    }

    /// Where the last action stands.
    pub const fn action_state(self, state: ActionState) -> &'static str {
        match state {
            ActionState::Asked(State::Queued) => self.pick("Queued", "En attente d’envoi"),
            ActionState::Asked(State::Sending) => self.pick("Sent, waiting", "Envoyée, en attente"),
            ActionState::Asked(State::InDoubt) => {
                self.pick("No answer, checking", "Sans réponse, vérification")
            }
            ActionState::Asked(State::NeedsPerson) => self.pick("To decide", "À décider"),
            ActionState::Asked(State::Confirmed) => self.pick("Confirmed", "Confirmée"),
            ActionState::Asked(State::Refused) => self.pick("Refused", "Refusée"),
            ActionState::Asked(State::Withdrawn) | ActionState::None => {
                self.pick("No action", "Aucune action")
            }
        }
    }
}
