//! The views above the list: those that everybody needs, one's own, and the team's.

use crate::db::list_views::Looks;
use crate::db::list_views::SavedView;
use crate::db::order_counts::Bucket;
use crate::domain::operator::Role;
use crate::web::components::FormErrors;
use crate::web::format;
use crate::web::orders::list::selection::Selection;
use crate::web::text::Lang;

/// A view that is there from the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuiltIn {
    /// What waits for a yes or a no.
    ToAccept,
    /// What has to leave today.
    ToShipToday,
    /// What should have left.
    Late,
    /// What the marketplace refused, and is still open.
    Failed,
    /// What nobody knows the end of.
    InDoubt,
    /// What the reader looks after, and is still open.
    Mine,
}

impl BuiltIn {
    /// All of them, in the order of the day.
    pub const ALL: [Self; 6] =
        [Self::ToAccept, Self::ToShipToday, Self::Late, Self::Failed, Self::InDoubt, Self::Mine];

    /// The list's address after the question mark.
    const fn query(self) -> &'static str {
        match self {
            Self::ToAccept => "status=WaitingAcceptance",
            Self::ToShipToday => {
                "status=InPreparation&supply=Seller&due=overdue&due=soon&due=today"
            }
            Self::Late => "due=overdue",
            Self::Failed => "due=overdue,soon,today,tomorrow,later,none&action=refused",
            Self::InDoubt => "action=in_doubt,needs_person",
            Self::Mine => "due=overdue,soon,today,tomorrow,later,none&assigned=me",
        }
    }

    /// For `id`.
    const fn word(self) -> &'static str {
        match self {
            Self::ToAccept => "to-accept",
            Self::ToShipToday => "to-ship-today",
            Self::Late => "late",
            Self::Failed => "failed",
            Self::InDoubt => "in-doubt",
            Self::Mine => "mine",
        }
    }
}

/// The columns of the list, with those that are always there.
const COLUMNS: usize = 8;

/// A column that can be left out. The order's number, its deadline and its status cannot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    /// What was bought.
    Items,
    /// Whom it goes to.
    Customer,
    /// Where it was bought.
    Channel,
    /// What was paid.
    Total,
}

impl Column {
    /// All of them, from left to right.
    pub const ALL: [Self; 4] = [Self::Items, Self::Customer, Self::Channel, Self::Total];

    /// The word in forms, in the database, and in the stylesheet.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Items => "items",
            Self::Customer => "customer",
            Self::Channel => "channel",
            Self::Total => "total",
        }
    }
}

/// What is typed to save a view.
#[derive(Debug, Default)]
pub struct Typed {
    /// Its name.
    pub name: String,
    /// Whether it is for everybody.
    pub team: bool,
    /// Which view gets another name; none for a new one.
    pub renamed: Option<i64>,
    /// What is wrong with it.
    pub errors: FormErrors,
}

/// The views, and the forms that change them.
#[derive(Debug)]
pub struct ViewsView<'a> {
    /// The links.
    pub chips: Vec<ViewChip>,
    /// The list that is shown, for the forms.
    pub query: String,
    /// Whether the reader may make views for everybody.
    pub may_share: bool,
    /// The view that is shown, if the reader may change it: its number and its name.
    pub current: Option<(i64, String)>,
    /// What stands in the form.
    pub typed: &'a Typed,
    /// Less room between the rows.
    pub dense: bool,
    /// The columns that are left out, for the stylesheet.
    pub hidden: String,
    /// How many columns are left.
    pub span: usize,
    /// The columns.
    pub columns: Vec<ColumnChoice>,
}

/// A column that may be shown.
#[derive(Debug)]
pub struct ColumnChoice {
    /// What is sent.
    pub word: &'static str,
    /// Its head.
    pub label: &'static str,
    /// Whether it is shown.
    pub shown: bool,
}

/// A link to a view.
#[derive(Debug)]
pub struct ViewChip {
    /// For htmx, which gives the focus back by it.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// How many orders are behind it, if that is known without counting.
    pub count: Option<String>,
    /// Its list.
    pub href: String,
    /// Whether the page is behind it.
    pub current: bool,
}

/// What the views are made of.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The reader's language.
    pub lang: Lang,
    /// What they are.
    pub role: Role,
    /// What they look at.
    pub selection: &'a Selection,
    /// How many orders there are of each sort.
    pub buckets: &'a [Bucket],
    /// How many are overdue.
    pub overdue: i64,
    /// What they, and the team, have saved.
    pub saved: &'a [SavedView],
    /// How lists look to them.
    pub looks: &'a Looks,
}

impl<'a> Facts<'a> {
    /// The views, and the forms with what was typed.
    pub fn view(&self, typed: &'a Typed) -> ViewsView<'a> {
        let built_in = BuiltIn::ALL.into_iter().map(|it| {
            let label = self.lang.built_in_view(it).to_owned();
            let count = (it == BuiltIn::Late).then_some(self.overdue);
            self.chip(it.word().to_owned(), label, it.query(), count)
        });
        let saved = self.saved.iter();
        let saved = saved.map(|it| self.chip(it.id.to_string(), it.name.clone(), &it.query, None));
        let here = self.here();
        let mine = |it: &&SavedView| {
            self.list(&it.query).href() == here.href() && (!it.team || self.role.shares_views())
        };
        let hidden = |it: Column| self.looks.hidden.iter().any(|word| word == it.as_str());
        let words = Column::ALL.into_iter().filter(|it| hidden(*it)).map(Column::as_str);
        let words: Vec<_> = words.collect();
        ViewsView {
            chips: built_in.chain(saved).collect(),
            query: query_of(self.selection),
            may_share: self.role.shares_views(),
            current: self.saved.iter().find(mine).map(|it| (it.id, it.name.clone())),
            typed,
            dense: self.looks.dense,
            span: COLUMNS - words.len(),
            hidden: words.join(" "),
            columns: Column::ALL.map(|it| self.column(it, !hidden(it))).into(),
        }
    }

    const fn column(&self, column: Column, shown: bool) -> ColumnChoice {
        ColumnChoice { word: column.as_str(), label: self.lang.column(column), shown }
    }

    fn chip(&self, id: String, label: String, query: &str, count: Option<i64>) -> ViewChip {
        let list = self.list(query);
        let count = count.or_else(|| list.is_countable().then(|| list.at_most(self.buckets)));
        let href = list.href();
        let current = href == self.here().href();
        ViewChip { id, label, count: count.map(format::whole), current, href }
    }

    /// The list of a view, in the words that are read now.
    fn list(&self, query: &str) -> Selection {
        Selection { lengow: self.selection.lengow, ..list_of(query) }
    }

    fn here(&self) -> Selection {
        Selection { place: None, ..self.selection.clone() }
    }
}

/// The list of that address.
pub fn list_of(query: &str) -> Selection {
    let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let (selection, _) = Selection::parse(&pairs);
    // A search is for one moment, and may be for a name.
    Selection { place: None, search: String::new(), ..selection }
}

/// What is kept of a list under a name: its filters and its order.
pub fn query_of(selection: &Selection) -> String {
    let kept = Selection { place: None, search: String::new(), lengow: false, ..selection.clone() };
    kept.query()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_built_in_view_is_a_list_that_is_read_without_a_word_left_out() {
        for view in BuiltIn::ALL {
            let pairs: Vec<_> =
                url::form_urlencoded::parse(view.query().as_bytes()).into_owned().collect();
            let (selection, misread) = Selection::parse(&pairs);
            assert!(misread.is_empty() && selection != Selection::default(), "{view:?}");
        }
    }

    #[test]
    fn neither_a_search_nor_a_place_is_kept_under_a_name() {
        let query = "status=Shipped&q=123&after=1.A&words=lengow";
        assert_eq!(query_of(&list_of(query)), "status=Shipped");
        assert_eq!(list_of(query).href(), "/orders?status=Shipped&words=lengow");
    }
}
