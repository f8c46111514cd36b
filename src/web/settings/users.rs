//! Users: who is there, what each may do, and who is invited.

pub mod accept;
pub mod edit;
mod form;
pub mod invite;
pub mod list;
pub mod password;
pub mod token;

use crate::domain::operator::Permission;
use crate::domain::operator::Role;
use crate::domain::operator::change::Refused;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::session::SignedIn;
use crate::web::text::Lang;
use crate::workflow::UserError;

/// Lets admins through; everybody else is told whom to ask.
fn admit(signed_in: &SignedIn) -> Result<()> {
    let needed = Permission::Users;
    if signed_in.user.operator.role.may(needed) {
        Ok(())
    } else {
        Err(Error::Forbidden(signed_in.lang.needs(needed).to_owned()))
    }
}

/// What a page says when a change of a user was turned down.
fn refused(lang: Lang, error: UserError) -> Error {
    match error {
        UserError::Refused(Refused::Needs) => {
            Error::Forbidden(lang.needs(Permission::Users).to_owned())
        }
        UserError::Refused(refused) => Error::Conflict(lang.user_refused(refused).to_owned()),
        UserError::Known { active } => Error::Conflict(lang.user_known(active).to_owned()),
        UserError::NotFound => Error::NotFound,
        UserError::Db(error) => error.into(),
    }
}

/// A role to choose.
struct RoleChoice {
    word: &'static str,
    label: &'static str,
    hint: &'static str,
    chosen: bool,
}

fn role_choices(lang: Lang, chosen: Option<Role>) -> Vec<RoleChoice> {
    let choice = |role: Role| RoleChoice {
        word: role.as_str(),
        label: lang.role(role),
        hint: lang.role_hint(role),
        chosen: Some(role) == chosen,
    };
    Role::ALL.into_iter().map(choice).collect()
}

/// An account to choose.
struct AccountChoice {
    id: String,
    name: String,
    chosen: bool,
}

fn account_choices(signed_in: &SignedIn, chosen: &[String]) -> Vec<AccountChoice> {
    let choice = |it: &crate::db::accounts::Account| AccountChoice {
        id: it.id.0.clone(),
        name: it.name.clone(),
        chosen: chosen.contains(&it.id.0),
    };
    signed_in.accounts.iter().map(choice).collect()
}

/// The accounts that somebody is limited to, as people read them.
fn account_names(signed_in: &SignedIn, limited_to: &[String]) -> String {
    if limited_to.is_empty() {
        return signed_in.lang.user_all_accounts().to_owned();
    }
    let name = |id: &String| {
        let account = signed_in.accounts.iter().find(|it| it.id.0 == *id);
        account.map_or_else(|| id.clone(), |it| it.name.clone())
    };
    limited_to.iter().map(name).collect::<Vec<_>>().join(", ")
}
