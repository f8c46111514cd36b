//! Texts of what people are told without asking: on the page, and in e-mails.

use crate::domain::notification::Digest;
use crate::domain::notification::Ended;
use crate::domain::notification::Fact;
use crate::domain::notification::Kind;
use crate::web::format;
use crate::web::text::Lang;

texts! {
    notifications { "Notifications" "Notifications" }
    notifications_unread { "unread" "non lues" }
    notifications_none {
        "Nothing to tell you yet. Near deadlines, refused actions and your daily digest will appear here."
        "Rien à signaler pour l’instant. Les échéances proches, les actions refusées et votre résumé quotidien apparaîtront ici."
    }
    notifications_all_read { "Mark all as read" "Tout marquer comme lu" }
    notifications_open { "Open" "Ouvrir" }
    notifications_older { "Older" "Plus anciennes" }
    notifications_newest { "Newest" "Les plus récentes" }
    notifications_what { "What" "Quoi" }
    notifications_new { "New" "Nouveau" }
    notifications_choose { "What you are told, and how" "Ce qui vous est signalé, et comment" }

    told_later_version { "Something that this version cannot show." "Un élément que cette version ne sait pas afficher." }
    told_credentials {
        "Octopia refuses the credentials of the account."
        "Octopia refuse les identifiants du compte."
    }

    letter_subject(account, told) { "{account}: {told}" "{account}\u{a0}: {told}" }
    letter_subject_many(count) { "Comptoir: {count} notifications" "Comptoir\u{a0}: {count} notifications" }
    letter_why {
        "You chose to get this by e-mail. You can change that here:"
        "Vous avez choisi de recevoir cet e-mail. Vous pouvez changer cela ici\u{a0}:"
    }

    choice_intro {
        "Everything that concerns you appears under Notifications. What you tick comes by e-mail too, where the server is set up for it. An e-mail holds order numbers and counts, and never anything of a customer."
        "Tout ce qui vous concerne apparaît sous Notifications. Ce que vous cochez arrive aussi par e-mail, si le serveur est configuré pour cela. Un e-mail contient des numéros de commande et des nombres, jamais rien d’un client."
    }
    choice_mailed { "By e-mail too" "Aussi par e-mail" }
    choice_digest { "Daily digest at" "Résumé quotidien à" }
    choice_digest_hint { "In your time zone." "Dans votre fuseau horaire." }
    choice_no_digest { "No digest" "Pas de résumé" }
    choice_save { "Save" "Enregistrer" }
    choice_saved { "Your choice is kept." "Votre choix est enregistré." }
}

impl Lang {
    /// What people are told. `first_by` is the first deadline, in words.
    pub fn told(self, fact: &Fact, first_by: &str) -> String {
        match fact {
            Fact::DueSoon { orders, .. } => {
                let due = self.count(
                    *orders,
                    ["order is due within 2 hours", "orders are due within 2 hours"],
                    [
                        "commande à expédier dans les 2 heures",
                        "commandes à expédier dans les 2 heures",
                    ],
                );
                match self {
                    Self::En => format!("{due}, the first at {first_by}."),
                    Self::Fr => format!("{due}, la première à {first_by}."),
                }
            }
            Fact::Refused(ended) => self.told_refused(ended),
            Fact::NeedsPerson(ended) => self.told_undecided(ended),
            Fact::CredentialsRefused => self.told_credentials().to_owned(),
            Fact::Digest(numbers) => self.told_digest(numbers),
        }
    }

    fn told_refused(self, ended: &Ended) -> String {
        match (self, &ended.one) {
            (Self::En, Some(one)) => {
                format!("{} of order {}: refused.", self.action_noun(one.action), one.order_id)
            }
            (Self::Fr, Some(one)) => {
                format!("{}, commande {}\u{a0}: refus.", self.action_noun(one.action), one.order_id)
            }
            (Self::En, None) => self.count(
                ended.actions,
                ["action was refused.", "actions were refused."],
                ["", ""],
            ),
            (Self::Fr, None) => self.count(
                ended.actions,
                ["", ""],
                ["action a été refusée.", "actions ont été refusées."],
            ),
        }
    }

    fn told_undecided(self, ended: &Ended) -> String {
        match (self, &ended.one) {
            (Self::En, Some(one)) => format!(
                "{} of order {}: nobody knows whether it arrived. Look, and decide.",
                self.action_noun(one.action),
                one.order_id
            ),
            (Self::Fr, Some(one)) => format!(
                "{}, commande {}\u{a0}: nul ne sait si c’est arrivé. Vérifiez, puis décidez.",
                self.action_noun(one.action),
                one.order_id
            ),
            (Self::En | Self::Fr, None) => self.count(
                ended.actions,
                ["action waits for a decision.", "actions wait for a decision."],
                ["action attend une décision.", "actions attendent une décision."],
            ),
        }
    }

    fn told_digest(self, numbers: &Digest) -> String {
        let Digest { overdue, due_today, to_accept, to_decide, refused } = *numbers;
        let parts = [
            (overdue, ["overdue", "en retard"]),
            (due_today, ["due today", "à expédier aujourd’hui"]),
            (to_accept, ["to accept", "à accepter"]),
            (to_decide, ["to decide", "à décider"]),
            (refused, ["refused since yesterday", "en refus depuis hier"]),
        ];
        let told = parts.into_iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told
            .map(|(count, [en, fr])| format!("{} {}", format::whole(count), self.pick(en, fr)))
            .collect();
        match self {
            Self::En => format!("Your day: {}.", told.join(", ")),
            Self::Fr => format!("Votre journée\u{a0}: {}.", told.join(", ")),
        }
    }

    /// What a kind is, for people to choose.
    pub const fn told_kind(self, kind: Kind) -> &'static str {
        let (en, fr) = match kind {
            Kind::DueSoon => {
                ("Orders due within 2 hours", "Commandes à expédier dans les 2 heures")
            }
            Kind::Refused => ("Refused actions", "Actions refusées"),
            Kind::NeedsPerson => {
                ("Actions that need a decision", "Actions qui attendent une décision")
            }
            Kind::CredentialsRefused => ("Refused credentials", "Identifiants refusés"),
            Kind::Digest => ("The daily digest", "Le résumé quotidien"),
        };
        self.pick(en, fr)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::action::ActionKind;
    use crate::domain::notification::One;

    #[test]
    fn facts_are_sentences_in_both_languages() {
        let one = One {
            promise: uuid::Uuid::nil(),
            order_id: "2611A".to_owned(),
            action: ActionKind::Ship,
        };
        let ended = |actions, one| Ended { actions, one };
        let cases = [
            (
                Fact::DueSoon { orders: 5, first_by: jiff::Timestamp::UNIX_EPOCH },
                "5 orders are due within 2 hours, the first at 16:00.",
                "5 commandes à expédier dans les 2 heures, la première à 16:00.",
            ),
            (
                Fact::Refused(ended(1, Some(one.clone()))),
                "Shipment of order 2611A: refused.",
                "Expédition, commande 2611A\u{a0}: refus.",
            ),
            (
                Fact::Refused(ended(12, None)),
                "12 actions were refused.",
                "12 actions ont été refusées.",
            ),
            (
                Fact::NeedsPerson(ended(2, None)),
                "2 actions wait for a decision.",
                "2 actions attendent une décision.",
            ),
            (
                Fact::Digest(Digest { overdue: 3, to_accept: 1, ..Digest::default() }),
                "Your day: 3 overdue, 1 to accept.",
                "Votre journée\u{a0}: 3 en retard, 1 à accepter.",
            ),
        ];
        for (fact, en, fr) in cases {
            assert_eq!(Lang::En.told(&fact, "16:00"), en);
            assert_eq!(Lang::Fr.told(&fact, "16:00"), fr);
        }
    }
}
