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

    /// Whether the role includes the right.
    pub const fn may(self, permission: Permission) -> bool {
        match self {
            Self::Viewer => false,
            Self::Warehouse | Self::Admin => true,
            Self::CustomerService | Self::Manager => match permission {
                Permission::SeePersonalData => true,
                Permission::Accept | Permission::Ship => false,
            },
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
