//! What each row of a file says, once its columns are known.

use crate::domain::import::cell;
use crate::domain::import::column::Columns;
use crate::domain::import::table::Record;
use crate::domain::import::table::Table;

/// A row of the file. Numbers that a spreadsheet spoilt are left as they stand, so that a person sees what to
/// correct; [`cell::mangling`] tells them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// Its number in the file, as a spreadsheet shows it.
    pub number: usize,
    /// The order, as it is called there.
    pub order: String,
    /// The carrier.
    pub carrier: String,
    /// The tracking number.
    pub tracking: String,
    /// The tracking link.
    pub link: String,
}

/// Reads the rows. `carrier` is that of the rows that name none.
pub fn rows(table: &Table, columns: &Columns, carrier: &str) -> Vec<Row> {
    let row = |record: &Record| {
        let cell = |column: Option<usize>| column.map_or("", |it| record.cell(it));
        let named = cell::name(cell(columns.carrier));
        Row {
            number: record.number,
            order: cell::number(cell(columns.order)),
            carrier: if named.is_empty() { cell::name(carrier) } else { named },
            tracking: cell::number(cell(columns.number)),
            link: cell::clean(cell(columns.link)).to_owned(),
        }
    };
    table.rows.iter().map(row).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::import::column;
    use crate::domain::import::content;

    fn read(text: &str) -> Vec<Row> {
        let (text, _) = content::decode(text.as_bytes()).unwrap();
        let table = Table::read(&text).unwrap();
        rows(&table, &column::guess(&table), "DPD")
    }

    #[test]
    fn a_row_is_read_without_what_spreadsheets_add() {
        let rows = read(
            "N° de commande;Transporteur;Numéro de suivi;Lien de suivi\r\n\
             '2611181512;Colis  Privé ;6A 2193 8475 603; https://suivi.test/6A21938475603\r\n\
             2611181513.0;;=\"0094467\";\r\n;Colissimo;3,00E+12;\r\n",
        );
        let said: Vec<_> = rows
            .iter()
            .map(|it| {
                format!("{} {}|{}|{}|{}", it.number, it.order, it.carrier, it.tracking, it.link)
            })
            .collect();
        assert_eq!(
            said,
            [
                "2 2611181512|Colis Privé|6A21938475603|https://suivi.test/6A21938475603",
                "3 2611181513|DPD|0094467|",
                "4 |Colissimo|3,00E+12|",
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..300)) {
            if let Ok((text, _)) = content::decode(&bytes)
                && let Ok(table) = Table::read(&text)
            {
                let rows = rows(&table, &column::guess(&table), "");
                proptest::prop_assert_eq!(rows.len(), table.rows.len());
            }
        }

        #[test]
        fn what_our_own_template_was_filled_in_with_reads_back(
            filled in proptest::collection::vec(("[A-Z0-9]{4,12}", "[A-Z][a-zé]{2,9}( [A-Z][a-z]{2,5})?", "[0-9]{2}[A-Z][0-9]{6,12}"), 1..30),
            comma in proptest::bool::ANY,
        ) {
            let (header, delimiter) = if comma {
                ("Order number,Carrier,Tracking number,Tracking link", ",")
            } else {
                ("N° de commande;Transporteur;Numéro de suivi;Lien de suivi", ";")
            };
            let mut text = format!("\u{feff}{header}\r\n");
            for (order, carrier, number) in &filled {
                text.push_str(&[order.as_str(), carrier, number, "\r\n"].join(delimiter));
            }
            let rows = read(&text);
            proptest::prop_assert_eq!(rows.len(), filled.len());
            for (row, (order, carrier, number)) in rows.iter().zip(&filled) {
                proptest::prop_assert_eq!(&row.order, &cell::number(order));
                proptest::prop_assert_eq!(&row.carrier, carrier);
                proptest::prop_assert_eq!(&row.tracking, number);
            }
        }
    }
}
