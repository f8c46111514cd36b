//! Texts of what changes while a page is open.

use crate::db::updates::MOST;
use crate::db::updates::News;
use crate::web::format;
use crate::web::text::Lang;

texts! {
    news_refresh { "Refresh" "Actualiser" }
}

impl Lang {
    /// `4 new orders, 2 changed.`
    pub fn news(self, news: News) -> String {
        let News { new, changed } = news;
        if new.max(changed) >= MOST {
            let most = format::whole(MOST);
            return match self {
                Self::En => format!("More than {most} orders are new or changed."),
                Self::Fr => format!("Plus de {most} commandes sont nouvelles ou modifiées."),
            };
        }
        let new_orders = self.count(
            new,
            ["new order", "new orders"],
            ["nouvelle commande", "nouvelles commandes"],
        );
        match (new, changed) {
            (0, _) => {
                let orders = self.count(
                    changed,
                    ["order changed", "orders changed"],
                    ["commande modifiée", "commandes modifiées"],
                );
                format!("{orders}.")
            }
            (_, 0) => format!("{new_orders}."),
            (_, _) => match self {
                Self::En => format!("{new_orders}, {} changed.", format::whole(changed)),
                Self::Fr => {
                    let changed = self.count(changed, ["", ""], ["modifiée", "modifiées"]);
                    format!("{new_orders}, {changed}.")
                }
            },
        }
    }
}
