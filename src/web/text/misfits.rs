//! Texts of what does not fit in the forms of cancellations, gestures and invoices.

use crate::domain::action::Misfit;
use crate::domain::action::gesture::DETAILS_LENGTH;
use crate::domain::request::Standing;
use crate::web::format;
use crate::web::text::Lang;

impl Lang {
    /// What does not fit, as the field says it. `currency` is the one that amounts are in, `at` tells an
    /// instant as people read it.
    pub fn misfit_later(
        self,
        misfit: &Misfit,
        currency: &str,
        at: impl Fn(jiff::Timestamp) -> String,
    ) -> String {
        match misfit {
            Misfit::ReasonMissing(_)
            | Misfit::ReasonGone { .. }
            | Misfit::NoLine
            | Misfit::LineNotToCancel(_) => self.misfit_of_cancellation(misfit),
            Misfit::DetailsMissing
            | Misfit::DetailsTooLong
            | Misfit::AmountMissing
            | Misfit::AmountTooFine
            | Misfit::AmountOver(_)
            | Misfit::OverCeiling(_)
            | Misfit::OverDay { .. }
            | Misfit::GesturesClosed
            | Misfit::CurrencyChanged(_) => self.misfit_of_gesture(misfit, currency),
            Misfit::GestureAlready { amount, at: made_at, standing } => {
                let amount = format::money(*amount, currency);
                self.gesture_already(&amount, made_at.map(at).as_deref(), standing)
            }
            Misfit::FileEmpty => {
                self.pick("The selected file is empty", "Le fichier choisi est vide").to_owned()
            }
            Misfit::FileTooLarge(_) => self
                .pick(
                    "The selected file must be 5 MB or smaller",
                    "Le fichier choisi doit faire 5 Mo au plus",
                )
                .to_owned(),
            Misfit::NoParcel
            | Misfit::OneParcelOnly
            | Misfit::CarrierMissing(_)
            | Misfit::CarrierTooLong(_)
            | Misfit::NumberMissing(_)
            | Misfit::NumberTooLong(_)
            | Misfit::NumberTwice(_)
            | Misfit::Link(..)
            | Misfit::EmptyParcel(_)
            | Misfit::LineNotToShip { .. }
            | Misfit::LineInSeveralParcels { .. }
            | Misfit::LineLeftOut(_) => self.misfit(misfit),
        }
    }

    fn misfit_of_cancellation(self, misfit: &Misfit) -> String {
        match (self, misfit) {
            (Self::En, Misfit::ReasonMissing(Some(line))) => format!("Choose a reason for {line}"),
            (Self::Fr, Misfit::ReasonMissing(Some(line))) => {
                format!("Choisissez un motif pour {line}")
            }
            (Self::En, Misfit::ReasonGone { reason, .. }) => format!(
                "The reason “{}” is no longer offered for this order. Choose another",
                self.cancellation_reason(reason)
            ),
            (Self::Fr, Misfit::ReasonGone { reason, .. }) => format!(
                "Le motif «\u{a0}{}\u{a0}» n’est plus proposé pour cette commande. Choisissez-en un autre",
                self.cancellation_reason(reason)
            ),
            (Self::En, Misfit::LineNotToCancel(line)) => {
                format!("Line {line} can no longer be canceled. Remove it")
            }
            (Self::Fr, Misfit::LineNotToCancel(line)) => {
                format!("La ligne {line} n’est plus annulable. Retirez-la")
            }
            (Self::En, Misfit::NoLine) => "Choose at least one line".to_owned(),
            (Self::Fr, Misfit::NoLine) => "Choisissez au moins une ligne".to_owned(),
            (Self::En | Self::Fr, _) => {
                self.pick("Choose a reason", "Choisissez un motif").to_owned()
            }
        }
    }

    fn misfit_of_gesture(self, misfit: &Misfit, currency: &str) -> String {
        match (self, misfit) {
            (Self::En, Misfit::DetailsTooLong) => {
                format!("Details must be {DETAILS_LENGTH} characters or fewer")
            }
            (Self::Fr, Misfit::DetailsTooLong) => {
                format!("Les précisions doivent compter {DETAILS_LENGTH} caractères au plus")
            }
            (Self::En, Misfit::AmountOver(most)) => {
                format!("Amount must be {} or less", format::money(*most, currency))
            }
            (Self::Fr, Misfit::AmountOver(most)) => {
                let most = format::money(*most, currency);
                format!("Le montant doit être inférieur ou égal à {most}")
            }
            (Self::En | Self::Fr, Misfit::OverCeiling(most)) => {
                self.over_ceiling(format::money(*most, currency))
            }
            (Self::En | Self::Fr, Misfit::OverDay { per_day, left }) => {
                self.over_day(format::money(*per_day, currency), format::money(*left, currency))
            }
            (Self::En, Misfit::CurrencyChanged(currency)) => {
                format!("Gestures on this channel are now in {currency}")
            }
            (Self::Fr, Misfit::CurrencyChanged(currency)) => {
                format!("Les gestes de ce canal sont désormais en {currency}")
            }
            (Self::En | Self::Fr, Misfit::DetailsMissing) => {
                self.pick("Describe the reason", "Précisez le motif").to_owned()
            }
            (Self::En | Self::Fr, Misfit::AmountTooFine) => self
                .pick(
                    "The amount must have two decimals or fewer, such as 9.99",
                    "Le montant doit avoir deux décimales au plus, par exemple 9,99",
                )
                .to_owned(),
            (Self::En | Self::Fr, Misfit::GesturesClosed) => self
                .pick(
                    "This sales channel does not allow gestures any more",
                    "Ce canal de vente n’autorise plus les gestes commerciaux",
                )
                .to_owned(),
            (Self::En | Self::Fr, _) => self
                .pick(
                    "Enter an amount above zero, such as 9.99",
                    "Saisissez un montant supérieur à zéro, par exemple 9,99",
                )
                .to_owned(),
        }
    }

    fn gesture_already(self, amount: &str, at: Option<&str>, standing: &Standing) -> String {
        let standing = self.standing(standing);
        match (self, at) {
            (Self::En, Some(at)) => {
                format!("The same gesture was already made on {at} ({amount}, {standing})")
            }
            (Self::En, None) => format!("The same gesture was already made ({amount}, {standing})"),
            (Self::Fr, Some(at)) => {
                format!("Le même geste a déjà été accordé le {at} ({amount}, {standing})")
            }
            (Self::Fr, None) => {
                format!("Le même geste a déjà été accordé ({amount}, {standing})")
            }
        }
    }
}
