//! The filters that are used less: their controls, and their chips.

use rust_decimal::Decimal;

use crate::db::order_list::Choices;
use crate::web::orders::list::filters::Choice;
use crate::web::orders::list::filters::choice::drop_down;
use crate::web::orders::list::selection::Selection;
use crate::web::orders::list::selection::more::ActionState;
use crate::web::orders::list::selection::more::Assigned;
use crate::web::orders::list::selection::more::Buyer;
use crate::web::orders::list::selection::more::More;
use crate::web::text::Lang;

/// The controls behind "More filters".
#[derive(Debug)]
pub struct MoreFilters {
    /// Whether one of them is on: they are then shown.
    pub open: bool,
    /// Business orders, or consumers'.
    pub buyers: Vec<Choice>,
    /// Where orders go.
    pub countries: Vec<Choice>,
    /// Whose parcels they are.
    pub carriers: Vec<Choice>,
    /// The least amount, as it is typed.
    pub min: String,
    /// The most.
    pub max: String,
    /// Where the last action stands.
    pub actions: Vec<Choice>,
    /// Who looks after it.
    pub assigned: Vec<Choice>,
    /// Whether it has notes.
    pub notes: Vec<Choice>,
}

impl MoreFilters {
    /// The controls for a list. `me` is who looks at it.
    pub fn new(lang: Lang, more: &More, choices: &Choices, me: i64) -> Self {
        let one = |it: Option<&str>| it.map(str::to_owned).into_iter().collect::<Vec<_>>();
        let several = |words: &[String], chosen: &[String]| {
            let strange = chosen.iter().filter(|it| !words.contains(it));
            words.iter().chain(strange).map(|it| (it.clone(), it.clone())).collect::<Vec<_>>()
        };
        let buyers = Buyer::ALL.map(|it| (it.as_str().to_owned(), lang.buyer(it).to_owned()));
        let actions =
            ActionState::ALL.map(|it| (it.as_str().to_owned(), lang.action_state(it).to_owned()));
        let action: Vec<_> = more.actions.iter().map(|it| it.as_str().to_owned()).collect();
        let carrier = one(more.carrier.as_deref());
        let mut assigned = vec![Assigned::Me, Assigned::Nobody];
        let colleagues = choices.colleagues.iter().map(|it| it.id).filter(|it| *it != me);
        assigned.extend(colleagues.map(Assigned::User));
        assigned.extend(more.assigned.filter(|it| !assigned.contains(it)));
        let assigned = assigned.iter().map(|it| (it.word(), assignee(lang, *it, choices)));
        let carriers = several(&choices.carriers, &carrier);
        Self {
            open: !more.is_empty(),
            buyers: drop_down(lang.all_orders(), buyers, &one(more.buyer.map(Buyer::as_str))),
            countries: drop_down(
                lang.all_countries(),
                several(&choices.countries, &more.countries),
                &more.countries,
            ),
            carriers: drop_down(lang.all_carriers(), carriers, &carrier),
            min: more.amount_from.map_or_else(String::new, |it| amount(lang, it)),
            max: more.amount_to.map_or_else(String::new, |it| amount(lang, it)),
            actions: drop_down(lang.any_action(), actions, &action),
            assigned: drop_down(
                lang.anybody(),
                assigned,
                &one(more.assigned.map(Assigned::word).as_deref()),
            ),
            notes: drop_down(
                lang.with_or_without_notes(),
                [("yes".to_owned(), lang.with_notes().to_owned())],
                &one(more.noted.then_some("yes")),
            ),
        }
    }
}

/// Name, value, and the address of the list without that filter.
pub fn chips(lang: Lang, selection: &Selection, choices: &Choices) -> Vec<[String; 3]> {
    let more = &selection.more;
    let mut chips = Vec::new();
    let mut chip = |name: &str, value: &str, change: &dyn Fn(&mut More)| {
        let href = selection.with(|it| change(&mut it.more));
        chips.push([name.to_owned(), value.to_owned(), href]);
    };
    if let Some(buyer) = more.buyer {
        chip(lang.buyer_filter(), lang.buyer(buyer), &|it| it.buyer = None);
    }
    for word in &more.countries {
        chip(lang.country_filter(), word, &|it| it.countries.retain(|it| it != word));
    }
    if let Some(carrier) = &more.carrier {
        chip(lang.parcel_carrier(), carrier, &|it| it.carrier = None);
    }
    if let Some(least) = more.amount_from {
        chip(lang.amount_from(), &amount(lang, least), &|it| it.amount_from = None);
    }
    if let Some(most) = more.amount_to {
        chip(lang.amount_to(), &amount(lang, most), &|it| it.amount_to = None);
    }
    for state in &more.actions {
        chip(lang.last_action(), lang.action_state(*state), &|it| {
            it.actions.retain(|it| it != state);
        });
    }
    if let Some(assigned) = more.assigned {
        let name = assignee(lang, assigned, choices);
        chip(lang.assigned_filter(), &name, &|it| it.assigned = None);
    }
    if more.noted {
        chip(lang.notes_filter(), lang.with_notes(), &|it| it.noted = false);
    }
    chips
}

/// Who that is. Somebody who looks after nothing any more has only a number here.
pub fn assignee(lang: Lang, assigned: Assigned, choices: &Choices) -> String {
    match assigned {
        Assigned::Me => lang.me().to_owned(),
        Assigned::Nobody => lang.nobody().to_owned(),
        Assigned::User(id) => {
            let known = choices.colleagues.iter().find(|it| it.id == id);
            known.map_or_else(|| format!("#{id}"), |it| it.name.clone())
        }
    }
}

/// As it is typed in that language.
fn amount(lang: Lang, amount: Decimal) -> String {
    match lang {
        Lang::En => amount.to_string(),
        Lang::Fr => amount.to_string().replace('.', ","),
    }
}
