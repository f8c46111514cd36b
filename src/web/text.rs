//! Every word that people read, in every language, side by side. What lacks a language does not compile.
//!
//! French has a no-break space before `: ; ? !`, and zero takes the singular.

use axum::http::HeaderMap;
use axum::http::header;

use crate::web::format;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lang {
    /// English.
    En,
    /// French.
    Fr,
}

/// Defines one method of [`Lang`] per text: `name { "English" "French" }`, or, with arguments,
/// `name(count) { "{count} orders" "{count} commandes" }`.
macro_rules! texts {
    () => {};
    ($name:ident { $en:literal $fr:literal } $($rest:tt)*) => {
        impl $crate::web::text::Lang {
            #[doc = $en]
            pub const fn $name(self) -> &'static str {
                self.pick($en, $fr)
            }
        }
        texts! { $($rest)* }
    };
    ($name:ident ( $($arg:ident),+ ) { $en:literal $fr:literal } $($rest:tt)*) => {
        impl $crate::web::text::Lang {
            #[doc = $en]
            pub fn $name(self, $($arg: impl std::fmt::Display),+) -> String {
                match self {
                    Self::En => format!($en),
                    Self::Fr => format!($fr),
                }
            }
        }
        texts! { $($rest)* }
    };
}

mod accounts;
mod actions;
mod activity;
mod batches;
mod blocked;
mod cancel;
mod carriers;
mod channels;
mod dashboard;
mod decisions;
mod errors;
mod frame;
mod gesture;
mod glossary;
mod help;
mod history;
mod imports;
mod invoice;
mod list;
mod list_filters;
mod list_views;
mod misfits;
mod notifications;
mod orders;
pub mod profile;
mod promises;
mod reading;
mod requests;
pub mod ship;
mod shipping;
mod single_sign_on;
mod statuses;
mod sync;
mod team;
mod updates;
mod users;

impl Lang {
    /// The language of that code (`en`, `fr-CA`).
    pub fn parse(code: &str) -> Option<Self> {
        match code.split('-').next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "fr" => Some(Self::Fr),
            _ => None,
        }
    }

    /// The code, for `<html lang>`.
    pub const fn code(self) -> &'static str {
        self.pick("en", "fr")
    }

    /// The best of what the browser asks for, else English.
    pub fn negotiate(headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
        let mut best = (Self::En, 0.0);
        for range in accepted.unwrap_or_default().split(',') {
            let mut parts = range.split(';');
            let lang = parts.next().and_then(|it| Self::parse(it.trim()));
            let weight = parts.find_map(|it| it.trim().strip_prefix("q=")?.parse::<f32>().ok());
            let weight = weight.unwrap_or(1.0);
            if let Some(lang) = lang
                && weight > best.1
            {
                best = (lang, weight);
            }
        }
        best.0
    }

    /// The one of two texts that is in this language.
    pub const fn pick(self, en: &'static str, fr: &'static str) -> &'static str {
        match self {
            Self::En => en,
            Self::Fr => fr,
        }
    }

    /// A counted noun: `12 orders`. Takes the singular and the plural in English, then in French.
    pub fn count(self, count: i64, en: [&str; 2], fr: [&str; 2]) -> String {
        let [one, many] = match self {
            Self::En => en,
            Self::Fr => fr,
        };
        let noun = if format::is_singular(self, count) { one } else { many };
        format!("{} {noun}", format::whole(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn negotiated(accepted: &str) -> Lang {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, accepted.parse().unwrap());
        Lang::negotiate(&headers)
    }

    #[test]
    fn the_browser_decides_before_sign_in() {
        assert_eq!(Lang::negotiate(&HeaderMap::new()), Lang::En);
        assert_eq!(negotiated("fr-FR,fr;q=0.9,en;q=0.8"), Lang::Fr);
        assert_eq!(negotiated("de,en;q=0.5,fr;q=0.7"), Lang::Fr);
        assert_eq!(negotiated("en-US,en;q=0.9,fr;q=0.8"), Lang::En);
        assert_eq!(negotiated("de, *;q=0.1"), Lang::En);
        assert_eq!(negotiated("fr;q=0"), Lang::En);
        assert_eq!(negotiated(";;q=x,,"), Lang::En);
    }

    #[test]
    fn zero_takes_the_singular_in_french_only() {
        let orders =
            |lang: Lang, count| lang.count(count, ["order", "orders"], ["commande", "commandes"]);
        assert_eq!(orders(Lang::En, 0), "0 orders");
        assert_eq!(orders(Lang::Fr, 0), "0 commande");
        assert_eq!(orders(Lang::Fr, 2), "2 commandes");
        assert_eq!(orders(Lang::En, 1200), "1\u{202f}200 orders");
    }
}
