//! The cells of a file for spreadsheets (RFC 4180), in one of two forms: spreadsheets read numbers and dates the
//! way their country writes them, and expect another delimiter where numbers have a comma.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

/// How a file is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// As French spreadsheets expect it: semicolons, `389,60`, `20/11/2026 18:00`.
    #[default]
    Semicolon,
    /// As the others do, and programs: commas, `389.60`, `2026-11-20 18:00`.
    Comma,
}

impl Form {
    /// The form that somebody asked for with `form=comma`.
    pub fn of(query: &[(String, String)]) -> Self {
        let comma = query.iter().any(|(name, value)| name == "form" && value == "comma");
        if comma { Self::Comma } else { Self::Semicolon }
    }

    /// What stands between two cells.
    pub const fn delimiter(self) -> char {
        match self {
            Self::Semicolon => ';',
            Self::Comma => ',',
        }
    }

    /// Writes an amount as a number: a spreadsheet must add it up.
    pub fn amount(self, line: &mut String, amount: Decimal) {
        let mut amount = amount.normalize();
        if amount.scale() < 2 {
            amount.rescale(2);
        }
        let text = amount.to_string();
        match self {
            Self::Semicolon => line.push_str(&text.replace('.', ",")),
            Self::Comma => line.push_str(&text),
        }
    }

    /// Writes an instant as the clocks of that zone show it: a spreadsheet must put it in order.
    pub fn instant(self, line: &mut String, at: Timestamp, zone: &TimeZone) {
        let format = match self {
            Self::Semicolon => "%d/%m/%Y %H:%M",
            Self::Comma => "%Y-%m-%d %H:%M",
        };
        line.push_str(&at.to_zoned(zone.clone()).strftime(format).to_string());
    }
}

/// Writes a text. Always in quotes, and never a formula: a program that opens the file would run it
/// (`reliability` S-17).
pub fn text(line: &mut String, text: &str) {
    line.push('"');
    if is_dangerous(text) {
        // Spreadsheets take what follows an apostrophe as text.
        line.push('\'');
    }
    for char in text.chars() {
        if char == '"' {
            line.push('"');
        }
        line.push(char);
    }
    line.push('"');
}

/// Whether a spreadsheet could take the text for a formula, whatever it leaves out at the beginning.
fn is_dangerous(text: &str) -> bool {
    let begins = |text: &str, chars: &[char]| text.starts_with(chars);
    begins(text, &['\t', '\r', '\n'])
        || begins(trim(text), &['=', '+', '-', '@', '＝', '＋', '－', '＠'])
}

/// Without what cannot be seen: white space, control characters, and marks that have no width.
fn trim(text: &str) -> &str {
    text.trim_start_matches(|it: char| {
        it.is_whitespace()
            || it.is_control()
            || matches!(it, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(value: &str) -> String {
        let mut line = String::new();
        text(&mut line, value);
        line
    }

    /// What a spreadsheet reads in a cell.
    fn read(cell: &str) -> String {
        let inner = cell.strip_prefix('"').unwrap().strip_suffix('"').unwrap();
        assert!(!inner.replace("\"\"", "").contains('"'), "a quote ends the cell early: {cell}");
        inner.replace("\"\"", "\"")
    }

    #[test]
    fn formulas_are_written_as_texts() {
        for formula in [
            "=1+1",
            "+1",
            "-1",
            "@A1",
            "\t1",
            "\r1",
            "\n=1",
            "  =1",
            "\u{a0}-1",
            "＝1",
            "\u{feff}=1",
        ] {
            assert_eq!(read(&written(formula)), format!("'{formula}"));
        }
        for harmless in ["", "A-1", "1=1", "'=1", "Pneu \"hiver\"; R16", "a\nb"] {
            assert_eq!(read(&written(harmless)), harmless);
        }
    }

    #[test]
    fn amounts_and_instants_are_written_as_a_spreadsheet_of_that_country_reads_them() {
        for (amount, cell) in [
            ("389.6", "389,60"),
            ("0", "0,00"),
            ("-12", "-12,00"),
            ("1234567.891", "1234567,891"),
            ("12.5000", "12,50"),
        ] {
            let written = |form: Form| {
                let mut line = String::new();
                form.amount(&mut line, amount.parse().unwrap());
                line
            };
            assert_eq!(written(Form::Semicolon), cell);
            assert_eq!(written(Form::Comma), cell.replace(',', "."));
        }
        let paris = TimeZone::get("Europe/Paris").unwrap();
        for (form, cell) in
            [(Form::Semicolon, "20/11/2026 18:00"), (Form::Comma, "2026-11-20 18:00")]
        {
            let mut line = String::new();
            form.instant(&mut line, "2026-11-20T17:00:00Z".parse().unwrap(), &paris);
            assert_eq!(line, cell);
        }
    }

    proptest! {
        #[test]
        fn no_text_becomes_a_formula_or_leaves_its_cell(
            value in prop_oneof![any::<String>(), "[ \t\r\n\u{a0}\u{200b}]{0,3}[=+@＝＋－＠\"';a-]{0,4}"]
        ) {
            let seen = read(&written(&value));
            prop_assert!(seen == value || seen.strip_prefix('\'') == Some(value.as_str()));
            prop_assert!(!seen.starts_with(['\t', '\r', '\n']));
            let first = seen.trim_start().chars().next();
            prop_assert!(!first.is_some_and(|it| "=+-@＝＋－＠".contains(it)), "{:?}", seen);
        }
    }
}
