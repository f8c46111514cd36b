//! What acts consist of.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

/// An amount with its currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// How much.
    pub amount: Decimal,
    /// ISO 4217.
    pub currency: String,
}

/// A setting before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The setting's word.
    pub field: String,
    /// Before; none for what must not be told, and for what was not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// After.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exported {
    /// The order list.
    Orders,
    /// The activity.
    Activity,
}

/// What paper orders are laid out on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Printed {
    /// A list to fetch their products by.
    PickingList,
    /// A sheet for each parcel.
    PackingSlips,
}

/// Why personal data was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Erasure {
    /// Its time had come.
    Retention,
    /// The customer wanted it.
    Request,
}

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password.
    Password,
    /// A password and a code of the moment.
    Code,
    /// A password and one of the codes for emergencies.
    RecoveryCode,
    /// The company's own sign-in.
    SingleSignOn,
}

/// Why a sign-in was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInFailure {
    /// Nobody has that address.
    UnknownUser,
    /// The password is wrong.
    Password,
    /// The code is wrong, or was used before.
    Code,
    /// Too many tries.
    Throttled,
    /// The user is deactivated.
    Deactivated,
    /// The company's own sign-in said no, or knows nobody of ours.
    SingleSignOn,
}

/// What became of a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// It is asked for from now on.
    TurnedOn,
    /// It is not asked for any more.
    TurnedOff,
    /// An admin took it away, so that a new one can be set up.
    Reset,
    /// The codes for emergencies were replaced.
    NewRecoveryCodes,
}
