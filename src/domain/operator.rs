//! The people who use the product, and what each may do.

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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permission {
    /// Names, addresses, phone numbers.
    SeePersonalData,
    /// Accept or refuse orders.
    Accept,
    /// Declare shipments.
    Ship,
    /// Cancel orders and lines: the customer is refunded.
    Cancel,
    /// Give customers money.
    Gesture,
    /// Upload invoices.
    Invoice,
    /// Stop and resume everything that is sent.
    PauseSending,
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
            Permission::SeePersonalData => !matches!(self, Self::Viewer),
            Permission::Accept | Permission::Ship => matches!(self, Self::Warehouse | Self::Admin),
            Permission::Cancel => matches!(self, Self::CustomerService | Self::Admin),
            Permission::Gesture | Permission::Invoice => {
                matches!(self, Self::CustomerService | Self::Manager | Self::Admin)
            }
            Permission::PauseSending => matches!(self, Self::Admin),
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
