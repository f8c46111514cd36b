//! The actions by name.

use jiff::SignedDuration;
use jiff::Timestamp;
use serde::Deserialize;
use serde::Serialize;

use crate::domain::action::Spec;
use crate::domain::action::approval;
use crate::domain::action::cancel;
use crate::domain::action::cancel_lines;
use crate::domain::action::gesture;
use crate::domain::action::invoice;
use crate::domain::action::ship;
use crate::domain::order::Order;
use crate::domain::request::RequestKind;

/// So near the deadline, an action is sent at once.
const NO_TIME_TO_WAIT: SignedDuration = SignedDuration::from_mins(5);

/// The actions, without their inputs. Buttons appear in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Say yes to an order that waits for it.
    Accept,
    /// Say no to it.
    Refuse,
    /// Declare the parcels.
    Ship,
    /// Cancel everything.
    Cancel,
    /// Cancel some lines.
    CancelLines,
    /// Give the customer some money.
    Gesture,
    /// Give the customer an invoice.
    Invoice,
}

impl ActionKind {
    /// Every action, in button order.
    pub const ALL: [Self; 7] = [
        Self::Accept,
        Self::Refuse,
        Self::Ship,
        Self::Cancel,
        Self::CancelLines,
        Self::Gesture,
        Self::Invoice,
    ];

    /// The rules of this action.
    pub const fn spec(self) -> &'static Spec {
        match self {
            Self::Accept | Self::Refuse => &approval::SPEC,
            Self::Ship => &ship::SPEC,
            Self::Cancel => &cancel::SPEC,
            Self::CancelLines => &cancel_lines::SPEC,
            Self::Gesture => &gesture::SPEC,
            Self::Invoice => &invoice::SPEC,
        }
    }

    /// The word in addresses: `/orders/{account}/{order id}/{action}`.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Accept => "approve",
            Self::Refuse => "refuse",
            Self::Ship => "ship",
            Self::Cancel => "cancel",
            Self::CancelLines => "cancel-lines",
            Self::Gesture => "gesture",
            Self::Invoice => "invoice",
        }
    }

    /// The inverse of [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.slug() == slug)
    }

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Ship => "ship",
            Self::Cancel => "cancel",
            Self::CancelLines => "cancel_lines",
            Self::Gesture => "gesture",
            Self::Invoice => "invoice",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// The kind of request that the marketplace makes of it, if it decides later.
    pub const fn request(self) -> Option<RequestKind> {
        match self {
            Self::Accept | Self::Refuse | Self::Ship => None,
            Self::Cancel | Self::CancelLines => Some(RequestKind::Cancellation),
            Self::Gesture => Some(RequestKind::Gesture),
            Self::Invoice => Some(RequestKind::Invoice),
        }
    }

    /// Whether waiting until then could cost the deadline, which only a shipment meets.
    pub fn is_urgent(self, order: &Order, then: Timestamp) -> bool {
        match self {
            Self::Ship | Self::Accept => {
                order.ship_by.is_some_and(|it| it < then + NO_TIME_TO_WAIT)
            }
            Self::Refuse | Self::Cancel | Self::CancelLines | Self::Gesture | Self::Invoice => {
                false
            }
        }
    }
}
