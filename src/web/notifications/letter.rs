//! What people are told, as an e-mail in plain text: order numbers, counts and links, and nothing of a customer.

use jiff::Timestamp;
use url::Url;

use crate::db::mails::Addressee;
use crate::db::mails::Item;
use crate::web::format;
use crate::web::notifications::href;
use crate::web::notifications::words;
use crate::web::text::Lang;

/// The subject and the text.
pub fn letter(to: &Addressee, items: &[Item], base: &Url, now: Timestamp) -> [String; 2] {
    let lang = to.language.as_deref().and_then(Lang::parse).unwrap_or(Lang::En);
    let zone = format::zone(&to.time_zone);
    let told = |it: &Item| words(lang, Some(&it.fact), &zone, now);
    let base = base.as_str().trim_end_matches('/');
    let subject = match items {
        [one] => lang.letter_subject(&one.account_name, told(one)),
        several => {
            let count = i64::try_from(several.len()).unwrap_or(i64::MAX);
            lang.letter_subject_many(format::whole(count))
        }
    };
    let mut body = String::new();
    let mut account = None;
    for item in items {
        if account != Some(&item.account) {
            body.extend([item.account_name.as_str(), "\n\n"]);
            account = Some(&item.account);
        }
        let way = href(&item.account, Some(&item.fact));
        body.extend(["- ", told(item).as_str(), "\n  ", base, way.as_str(), "\n\n"]);
    }
    let choices = format!("{base}/settings/profile#h-notifications");
    body.extend(["-- \n", lang.letter_why(), "\n", choices.as_str(), "\n"]);
    // A name is typed by people: it must not become a header of its own.
    [subject.replace(['\r', '\n'], " "), body]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::action::ActionKind;
    use crate::domain::notification::Ended;
    use crate::domain::notification::Fact;
    use crate::domain::notification::One;
    use crate::domain::order::AccountId;

    fn item(account: &str, fact: Fact) -> Item {
        let account_name = format!("Compte {account}");
        Item { account: AccountId(account.to_owned()), account_name, fact }
    }

    fn written(language: Option<&str>, items: &[Item]) -> [String; 2] {
        let to = Addressee {
            email: "walid@comptoir.test".to_owned(),
            language: language.map(str::to_owned),
            time_zone: "Europe/Paris".to_owned(),
        };
        let base = Url::parse("https://desk.example.com").unwrap();
        letter(&to, items, &base, "2026-11-19T13:12:00Z".parse().unwrap())
    }

    fn due() -> Fact {
        Fact::DueSoon { orders: 5, first_by: "2026-11-19T15:00:00Z".parse().unwrap() }
    }

    #[test]
    fn one_thing_is_in_the_subject_and_has_a_link() {
        let one = One {
            promise: uuid::Uuid::nil(),
            order_id: "2611A".to_owned(),
            action: ActionKind::Ship,
        };
        let fact = Fact::Refused(Ended { actions: 1, one: Some(one) });
        let [subject, body] = written(None, &[item("maison", fact)]);
        assert_eq!(subject, "Compte maison: Shipment of order 2611A: refused.");
        assert_eq!(
            body,
            "Compte maison\n\n- Shipment of order 2611A: refused.\n  \
             https://desk.example.com/orders/maison/2611A\n\n-- \n\
             You chose to get this by e-mail. You can change that here:\n\
             https://desk.example.com/settings/profile#h-notifications\n"
        );
    }

    #[test]
    fn several_things_are_counted_and_stand_under_their_accounts_in_the_readers_language() {
        let items =
            [item("maison", due()), item("maison", Fact::CredentialsRefused), item("quai", due())];
        let [subject, body] = written(Some("fr"), &items);
        assert_eq!(subject, "Comptoir\u{a0}: 3 notifications");
        assert_eq!(body.matches("Compte maison\n").count(), 1);
        assert!(body.contains("5 commandes à expédier dans les 2 heures, la première à 16:00."));
        assert!(body.contains("https://desk.example.com/orders?account=quai&due=soon"), "{body}");
    }

    #[test]
    fn a_name_makes_no_header() {
        let mut one = item("maison", due());
        one.account_name = "A\r\nBcc: all@example.com".to_owned();
        let [subject, _] = written(None, &[one]);
        assert!(!subject.contains(['\r', '\n']), "{subject}");
    }
}
