//! Who may change what about whom: the one place that says no, for the page and for the transaction.

use crate::domain::operator::Operator;
use crate::domain::operator::Permission;
use crate::domain::operator::Role;

/// What is to become of a user. People are never deleted: the history needs them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Another role, and whether the user is limited to some accounts; the same role for just the accounts.
    Rights {
        /// The role from now on.
        role: Role,
        /// Whether only some accounts are theirs.
        limited: bool,
    },
    /// No way in any more.
    Deactivate,
    /// In again.
    Reactivate,
}

/// The user that a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// The row in `users`.
    pub id: i64,
    /// What they may do.
    pub role: Role,
    /// Whether they can sign in.
    pub active: bool,
}

/// Why a user is not changed, or nobody is invited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The operator's role does not include it.
    #[error("the role lacks the permission to change users")]
    Needs,
    /// Nobody takes their own right away, by a slip of the mouse or under pressure (`product` 4.11).
    #[error("it is the operator's own right")]
    OwnRight,
    /// Without an admin, nobody could ever change anything again.
    #[error("it is the last active admin")]
    LastAdmin,
    /// One's own second factor is taken away with a last code, on the profile: an open browser must not be a way
    /// around it.
    #[error("it is the operator's own second factor")]
    OwnSecondFactor,
    /// An admin could lift the limit, so that it would only seem to be one.
    #[error("an admin works for all accounts")]
    LimitedAdmin,
}

/// Whether the operator may change users at all.
pub const fn may_change(operator: &Operator) -> Result<(), Refused> {
    if operator.role.may(Permission::Users) { Ok(()) } else { Err(Refused::Needs) }
}

/// Whether somebody may be invited with these rights.
pub const fn check_invitation(
    operator: &Operator,
    role: Role,
    limited: bool,
) -> Result<(), Refused> {
    if let Err(refused) = may_change(operator) {
        return Err(refused);
    }
    if limited && role.may(Permission::Users) { Err(Refused::LimitedAdmin) } else { Ok(()) }
}

/// Whether the operator may take that user's second factor away.
pub const fn check_reset(operator: &Operator, user_id: i64) -> Result<(), Refused> {
    if let Err(refused) = may_change(operator) {
        return Err(refused);
    }
    if operator.id == user_id { Err(Refused::OwnSecondFactor) } else { Ok(()) }
}

/// Whether the operator may change the user so, while that many other active users could undo it.
pub fn check(
    change: Change,
    operator: &Operator,
    subject: &Subject,
    other_admins: usize,
) -> Result<(), Refused> {
    may_change(operator)?;
    let keeps = match change {
        Change::Rights { role, limited } => {
            check_invitation(operator, role, limited)?;
            role.may(Permission::Users)
        }
        Change::Deactivate => false,
        Change::Reactivate => true,
    };
    let is_admin = subject.active && subject.role.may(Permission::Users);
    if keeps || !is_admin {
        Ok(())
    } else if subject.id == operator.id {
        Err(Refused::OwnRight)
    } else if other_admins == 0 {
        Err(Refused::LastAdmin)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn operator(id: i64, role: Role) -> Operator {
        Operator { id, name: "Ana".to_owned(), role }
    }

    fn rights(role: Role, limited: bool) -> Change {
        Change::Rights { role, limited }
    }

    #[test]
    fn only_an_admin_changes_users() {
        let subject = Subject { id: 7, role: Role::Viewer, active: true };
        for role in Role::ALL {
            let ana = operator(1, role);
            for change in [rights(Role::Manager, true), Change::Deactivate, Change::Reactivate] {
                let allowed = check(change, &ana, &subject, 1).is_ok();
                assert_eq!(allowed, role == Role::Admin, "{role:?} {change:?}");
            }
            assert_eq!(check_invitation(&ana, Role::Viewer, true).is_ok(), role == Role::Admin);
        }
    }

    #[test]
    fn a_lost_second_factor_is_taken_away_by_another_admin() {
        for role in Role::ALL {
            let allowed = role == Role::Admin;
            assert_eq!(check_reset(&operator(1, role), 2).is_ok(), allowed, "{role:?}");
        }
        assert_eq!(check_reset(&operator(1, Role::Admin), 1), Err(Refused::OwnSecondFactor));
    }

    #[test]
    fn nobody_takes_their_own_right_away() {
        let ana = operator(1, Role::Admin);
        let herself = Subject { id: 1, role: Role::Admin, active: true };
        for others in [0, 3] {
            let check = |change| check(change, &ana, &herself, others);
            assert_eq!(check(rights(Role::Manager, false)), Err(Refused::OwnRight));
            assert_eq!(check(Change::Deactivate), Err(Refused::OwnRight));
            assert_eq!(check(rights(Role::Admin, false)), Ok(()));
        }
    }

    #[test]
    fn one_active_admin_is_always_left() {
        let ana = operator(1, Role::Admin);
        let other = Subject { id: 2, role: Role::Admin, active: true };
        for change in [rights(Role::Viewer, false), Change::Deactivate] {
            assert_eq!(check(change, &ana, &other, 0), Err(Refused::LastAdmin));
            assert_eq!(check(change, &ana, &other, 1), Ok(()));
            let asleep = Subject { active: false, ..other };
            assert_eq!(check(change, &ana, &asleep, 0), Ok(()));
        }
    }

    #[test]
    fn an_admin_works_for_all_accounts() {
        let ana = operator(1, Role::Admin);
        let walid = Subject { id: 2, role: Role::Warehouse, active: true };
        assert_eq!(check_invitation(&ana, Role::Admin, true), Err(Refused::LimitedAdmin));
        let change = rights(Role::Admin, true);
        assert_eq!(check(change, &ana, &walid, 1), Err(Refused::LimitedAdmin));
        assert_eq!(check(rights(Role::Warehouse, true), &ana, &walid, 1), Ok(()));
    }
}
