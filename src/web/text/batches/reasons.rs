//! Why a row of a batch gets no promise, and what to think about before it gets one.

use jiff::Timestamp;

use crate::domain::action::Misfit;
use crate::domain::batch::Stopped;
use crate::domain::batch::Task;
use crate::web::orders::forms::ship::judge::Warning;
use crate::web::text::Lang;

texts! {
    batch_not_found {
        "No such order in your accounts. Check the number."
        "Commande introuvable dans vos comptes. Vérifiez le numéro."
    }
    batch_repeated(row) {
        "Row {row} is about the same order already."
        "La ligne {row} porte déjà sur la même commande."
    }
    batch_mangled(number) {
        "A spreadsheet has turned the tracking number into {number}: what it was is lost. Copy it again, as text."
        "Un tableur a transformé le numéro de suivi en {number}\u{a0}: ce qu’il était est perdu. Recopiez-le, en texte."
    }
    batch_already_shipped {
        "Already shipped with this number. Nothing is left to do."
        "Déjà expédiée avec ce numéro. Il n’y a plus rien à faire."
    }
    batch_doubted {
        "Left out: it has a warning that was not confirmed."
        "Laissée de côté\u{a0}: son avertissement n’a pas été confirmé."
    }
    batch_not_allowed {
        "Not sent: whoever confirmed it no longer works for this account."
        "Non envoyée\u{a0}: la personne qui l’a confirmée ne travaille plus pour ce compte."
    }
    batch_number_used(number, orders) {
        "The tracking number {number} is also on {orders}."
        "Le numéro de suivi {number} est aussi sur {orders}."
    }
    batch_all_cancelled {
        "The customer asked to cancel all of it. Ship it from its own page if it has left already."
        "Le client a demandé l’annulation de tout. Si elle est déjà partie, expédiez-la depuis sa page."
    }
}

impl Lang {
    /// Why a row gets no promise. `at` tells an instant as people read it.
    pub fn stopped(
        self,
        task: Task,
        stopped: &Stopped,
        at: impl Fn(Timestamp) -> String,
    ) -> Vec<String> {
        let one = match stopped {
            Stopped::NotFound => self.batch_not_found().to_owned(),
            Stopped::Repeated { position } => self.batch_repeated(position),
            Stopped::Mangled { number } => self.batch_mangled(number),
            Stopped::AlreadyShipped => self.batch_already_shipped().to_owned(),
            Stopped::Blocked { blocked } => self.blocked(task.kind(), blocked, at),
            Stopped::Misfit { misfits } => {
                return misfits.iter().map(|it| self.batch_misfit(it)).collect();
            }
            Stopped::Doubted => self.batch_doubted().to_owned(),
            Stopped::NotAllowed => self.batch_not_allowed().to_owned(),
        };
        vec![one]
    }

    fn batch_misfit(self, misfit: &Misfit) -> String {
        if let Misfit::EmptyParcel(_) = misfit {
            return self.batch_all_cancelled().to_owned();
        }
        self.misfit(misfit)
    }

    /// What to think about before a row is sent.
    pub fn batch_warning(self, warning: &Warning) -> String {
        match warning {
            Warning::LinkWithoutNumber(..) => self.warning_link_without_number().to_owned(),
            Warning::PrivateHost(..) => self.warning_private_host().to_owned(),
            Warning::NumberUsed(_, number, orders) => {
                self.batch_number_used(number, orders.join(", "))
            }
            Warning::OwnNumber(_, number) => self.warning_own_number(number),
            Warning::OddLength(_, number) => self.warning_odd_length(number),
            Warning::CancelAsked(_, line) => self.warning_cancel_asked(line),
        }
    }
}
