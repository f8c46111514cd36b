//! The people who use the product, and what each may do.

pub mod change;

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

/// What a person is at work. Roles are sets of permissions, not ranks: the warehouse ships and customer
/// service refunds, and neither contains the other (`product` D2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Looks on, without personal data.
    Viewer,
    /// Accepts, picks and ships.
    Warehouse,
    /// Answers customers.
    CustomerService,
    /// Watches counts and deadlines.
    Manager,
    /// Runs the place.
    Admin,
}

/// A right that rules and pages ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// The orders and their history.
    See,
    /// Names, addresses, phone numbers.
    SeePersonalData,
    /// Accept or refuse orders.
    Accept,
    /// Declare shipments.
    Ship,
    /// Cancel orders and lines: the customer is refunded.
    Cancel,
    /// Give customers money, up to the role's [`Ceiling`].
    Gesture,
    /// Upload invoices.
    Invoice,
    /// Take the list away as a file.
    Export,
    /// Write notes on orders.
    Note,
    /// Give orders to colleagues to look after.
    Assign,
    /// Accounts, credentials, and how the place works.
    Settings,
    /// Invite people, and say what they may do.
    Users,
    /// Stop and resume everything that is sent.
    PauseSending,
}

impl Permission {
    /// Every right, in the order people read them.
    pub const ALL: [Self; 13] = [
        Self::See,
        Self::SeePersonalData,
        Self::Accept,
        Self::Ship,
        Self::Cancel,
        Self::Gesture,
        Self::Invoice,
        Self::Export,
        Self::Note,
        Self::Assign,
        Self::PauseSending,
        Self::Settings,
        Self::Users,
    ];
}

/// How much money somebody may give away as gestures, in the currency of each gesture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ceiling {
    /// In one gesture.
    pub per_act: Decimal,
    /// On one day of the account's zone.
    pub per_day: Decimal,
}

impl Ceiling {
    const fn of(per_act: u32, per_day: u32) -> Self {
        Self {
            per_act: Decimal::from_parts(per_act, 0, 0, false, 0),
            per_day: Decimal::from_parts(per_day, 0, 0, false, 0),
        }
    }
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] =
        [Self::Viewer, Self::Warehouse, Self::CustomerService, Self::Manager, Self::Admin];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Warehouse => "warehouse",
            Self::CustomerService => "service",
            Self::Manager => "manager",
            Self::Admin => "admin",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Whether the role includes the right (`product` 4.11).
    pub const fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::See => true,
            Permission::SeePersonalData => !matches!(self, Self::Viewer),
            Permission::Accept | Permission::Ship => matches!(self, Self::Warehouse | Self::Admin),
            Permission::Cancel => matches!(self, Self::CustomerService | Self::Admin),
            Permission::Gesture | Permission::Invoice => {
                matches!(self, Self::CustomerService | Self::Manager | Self::Admin)
            }
            Permission::Export | Permission::Assign => matches!(self, Self::Manager | Self::Admin),
            Permission::Note => {
                matches!(self, Self::Warehouse | Self::CustomerService | Self::Admin)
            }
            Permission::Settings | Permission::Users | Permission::PauseSending => {
                matches!(self, Self::Admin)
            }
        }
    }

    /// Whether views that they save may be for everybody (`product` A10).
    pub const fn shares_views(self) -> bool {
        matches!(self, Self::Manager | Self::Admin)
    }

    /// How much the role may give away; none, if nothing but the marketplace limits it (`product` D4).
    pub const fn gesture_ceiling(self) -> Option<Ceiling> {
        match self {
            Self::Viewer | Self::Warehouse => Some(Ceiling::of(0, 0)),
            Self::CustomerService => Some(Ceiling::of(30, 150)),
            Self::Manager => Some(Ceiling::of(100, 500)),
            Self::Admin => None,
        }
    }
}

/// A person at work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operator {
    /// The row in `users`.
    pub id: i64,
    /// As shown in the history.
    pub name: String,
    /// What they may do.
    pub role: Role,
}
