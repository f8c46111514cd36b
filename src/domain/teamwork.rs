//! Several people at one desk: who looks after an order, who has it open, and what they tell each other about it.
//! None of it is the marketplace's business.

use jiff::SignedDuration;

use crate::domain::operator::Operator;
use crate::domain::operator::Permission;
use crate::domain::operator::Role;

/// The longest a note may be, in characters. The table says so too.
pub const NOTE_MAX: usize = 2_000;

/// How long somebody has an order open whose page is not heard of any more.
pub const CLAIM: SignedDuration = SignedDuration::from_mins(2);

/// Why a note is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoteMistake {
    /// Nothing is written.
    Empty,
    /// It is too long, by that many characters.
    TooLong(usize),
}

/// A note as it is kept: without what stands around it, and with the line ends of this house.
pub fn note(typed: &str) -> Result<String, NoteMistake> {
    let text = typed.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.trim();
    if text.is_empty() {
        return Err(NoteMistake::Empty);
    }
    let chars = text.chars().count();
    if chars > NOTE_MAX {
        return Err(NoteMistake::TooLong(chars - NOTE_MAX));
    }
    Ok(text.to_owned())
}

/// Whether somebody of that role does anything about orders, so that one can be theirs.
pub fn acts(role: Role) -> bool {
    let rights = [
        Permission::Accept,
        Permission::Ship,
        Permission::Cancel,
        Permission::Gesture,
        Permission::Invoice,
        Permission::Note,
        Permission::Assign,
    ];
    rights.into_iter().any(|it| role.may(it))
}

/// Whether somebody may pass an order on. Whoever acts on orders may take one, and put it back (`product` D);
/// giving it to others, or taking it from them for nobody, is the manager's.
pub fn may_assign(operator: &Operator, from: Option<i64>, to: Option<i64>) -> bool {
    let own = Some(operator.id);
    let takes = to == own || (to.is_none() && from == own);
    operator.role.may(Permission::Assign) || (takes && acts(operator.role))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_is_what_was_written_and_no_more() {
        assert_eq!(note(" Call first.\r\n\r\nQuai 3 \n").as_deref(), Ok("Call first.\n\nQuai 3"));
        assert_eq!(note(" \r\n "), Err(NoteMistake::Empty));
        assert_eq!(note(&"é".repeat(NOTE_MAX)).map(|it| it.chars().count()), Ok(NOTE_MAX));
        assert_eq!(note(&"é".repeat(NOTE_MAX + 3)), Err(NoteMistake::TooLong(3)));
    }

    #[test]
    fn who_acts_takes_and_puts_back_and_the_manager_gives() {
        let me = |role| Operator { id: 1, name: "Inès".to_owned(), role };
        for (role, takes, gives) in [
            (Role::Viewer, false, false),
            (Role::Warehouse, true, false),
            (Role::CustomerService, true, false),
            (Role::Manager, true, true),
            (Role::Admin, true, true),
        ] {
            for from in [None, Some(2)] {
                assert_eq!(may_assign(&me(role), from, Some(1)), takes, "{role:?}");
                assert_eq!(may_assign(&me(role), from, Some(3)), gives, "{role:?}");
            }
            assert_eq!(may_assign(&me(role), Some(1), None), takes, "{role:?}");
            assert_eq!(may_assign(&me(role), Some(2), None), gives, "{role:?}");
        }
    }
}
