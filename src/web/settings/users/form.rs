//! Rights, as the forms for them are filled in.

use crate::domain::operator::Role;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::orders::action::Pairs;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

/// The longest address that mail knows (RFC 5321).
pub const EMAIL_LENGTH: usize = 254;
/// The longest name that the history has room for.
pub const NAME_LENGTH: usize = 80;

/// What was typed and chosen.
#[derive(Debug, Default)]
pub struct Rights {
    /// The address; empty where it is not asked.
    pub email: String,
    /// The role, if one was chosen that exists.
    pub role: Option<Role>,
    /// The accounts; all, if none was chosen.
    pub accounts: Vec<String>,
}

impl Rights {
    /// Reads a form. A field that the form does not have, or that comes twice, is none of a person's making.
    pub fn parse(pairs: Pairs, signed_in: &SignedIn) -> Result<Self> {
        let mut rights = Self::default();
        let (mut emails, mut roles) = (0, 0);
        for (name, value) in pairs {
            match name.as_str() {
                "email" => {
                    emails += 1;
                    value.trim().clone_into(&mut rights.email);
                }
                "role" => {
                    roles += 1;
                    rights.role = Role::parse(&value);
                }
                "account" if signed_in.accounts.iter().any(|it| it.id.0 == value) => {
                    if !rights.accounts.contains(&value) {
                        rights.accounts.push(value);
                    }
                }
                _ => return Err(Error::Invalid("the form has a field that it does not have")),
            }
        }
        if emails > 1 || roles > 1 {
            return Err(Error::Invalid("the form has a field twice"));
        }
        // Everything is not a limit, and stays everything when an account is added.
        if rights.accounts.len() == signed_in.accounts.len() {
            rights.accounts.clear();
        }
        Ok(rights)
    }

    /// What is wrong with the role.
    pub fn judge_role(&self, lang: Lang, errors: &mut FormErrors) {
        if self.role.is_none() {
            errors.add("role", lang.user_role_missing());
        }
    }
}

/// What is wrong with an address to sign in with. Whether mail arrives there is not asked: no mail is sent.
pub fn judge_email(lang: Lang, email: &str, errors: &mut FormErrors) {
    let looks_right = email.split_once('@').is_some_and(|(name, host)| {
        !name.is_empty() && host.contains('.') && !host.starts_with('.') && !host.ends_with('.')
    });
    let odd = |it: char| it.is_whitespace() || it.is_control() || "<>\"(),;:\\".contains(it);
    if email.is_empty() {
        errors.add("email", lang.user_email_missing());
    } else if !looks_right
        || email.matches('@').count() > 1
        || email.contains(odd)
        || email.len() > EMAIL_LENGTH
    {
        errors.add("email", lang.user_email_odd());
    }
}

/// What is wrong with a name.
pub fn judge_name(lang: Lang, name: &str, errors: &mut FormErrors) {
    if name.is_empty() {
        errors.add("name", lang.user_name_missing());
    } else if name.chars().count() > NAME_LENGTH {
        errors.add("name", lang.user_name_long(NAME_LENGTH));
    } else if name.contains(char::is_control) {
        errors.add("name", lang.user_name_odd());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_fine(email: &str) -> bool {
        let mut errors = FormErrors::default();
        judge_email(Lang::En, email, &mut errors);
        errors.is_empty()
    }

    #[test]
    fn what_could_be_an_address_is_taken_for_one() {
        for email in ["ana@lemoine.test", "a.b+c@x.y.z", "é@ö.fr", "o'neil@x.ie"] {
            assert!(is_fine(email), "{email}");
        }
        let long = format!("{}@lemoine.test", "a".repeat(250));
        for email in
            ["", "ana", "@x.fr", "ana@", "ana@x", "a@b@c.fr", "a b@c.fr", "<a@b.c>", "a@.fr", &long]
        {
            assert!(!is_fine(email), "{email}");
        }
    }
}
