//! The form above a picking list: by when, of which channel and account, and grouped by what.

use crate::db::order_counts::Bucket;
use crate::web::session::SignedIn;
use crate::web::shipping::selection::By;
use crate::web::shipping::selection::Selection;

/// The form, ready to print.
#[derive(Debug)]
pub struct Choices {
    /// The fields that name orders; the other choices are about all.
    pub named: Vec<(&'static str, String)>,
    /// By when.
    pub due: Vec<Choice>,
    /// Of which channel.
    pub channels: Vec<Choice>,
    /// Of which account; nothing, if there is only one.
    pub accounts: Vec<Choice>,
    /// Grouped by what.
    pub groups: Vec<Choice>,
}

/// One of several.
#[derive(Debug)]
pub struct Choice {
    /// In the address.
    pub value: String,
    /// For people.
    pub label: String,
    /// Whether it is the one.
    pub selected: bool,
}

impl Choices {
    /// What that reader can choose from.
    pub fn new(signed_in: &SignedIn, selection: &Selection, buckets: &[Bucket]) -> Self {
        let lang = signed_in.lang;
        let choice = |value: &str, label: &str, current: &str| Choice {
            value: value.to_owned(),
            label: label.to_owned(),
            selected: value == current,
        };
        let due = |by: By| choice(by.as_str(), lang.picking_due(by), selection.by.as_str());
        let mut channels = vec![choice("", lang.all_channels(), &selection.channel)];
        for bucket in buckets.iter().filter(|it| it.supply_mode == "Seller") {
            if !channels.iter().any(|it| it.value == bucket.channel_id) {
                let (id, name) = (&bucket.channel_id, &bucket.channel_name);
                channels.push(choice(id, name, &selection.channel));
            }
        }
        let mut accounts = Vec::new();
        if signed_in.accounts.len() > 1 {
            accounts.push(choice("", lang.all_accounts(), &selection.account));
            let each = signed_in.accounts.iter();
            accounts.extend(each.map(|it| choice(&it.id.0, &it.name, &selection.account)));
        }
        let group = if selection.order_by_order { "order" } else { "sku" };
        Self {
            named: selection.named(),
            due: By::ALL.into_iter().map(due).collect(),
            channels,
            accounts,
            groups: vec![
                choice("sku", lang.picking_by_product(), group),
                choice("order", lang.picking_by_order(), group),
            ],
        }
    }
}
