//! Which column holds what. Programs name columns as they like, in two languages: a guess, that a person confirms.

mod names;

use std::fmt::Write;

use serde::Deserialize;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;

use crate::domain::import::cell;
use crate::domain::import::table::Record;
use crate::domain::import::table::Table;

/// What a column can be of use for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The marketplace's number of the order, or the channel's reference.
    Order,
    /// The carrier's name.
    Carrier,
    /// The tracking number.
    Number,
    /// The tracking link.
    Link,
}

impl Field {
    /// Each of them once.
    pub const ALL: [Self; 4] = [Self::Order, Self::Carrier, Self::Number, Self::Link];
}

/// Which column holds what, counted from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Columns {
    /// See [`Field::Order`].
    pub order: Option<usize>,
    /// See [`Field::Carrier`].
    pub carrier: Option<usize>,
    /// See [`Field::Number`].
    pub number: Option<usize>,
    /// See [`Field::Link`].
    pub link: Option<usize>,
}

impl Columns {
    /// The column of a field.
    pub const fn of(&self, field: Field) -> Option<usize> {
        match field {
            Field::Order => self.order,
            Field::Carrier => self.carrier,
            Field::Number => self.number,
            Field::Link => self.link,
        }
    }

    /// Says which column holds that, if any.
    pub const fn set(&mut self, field: Field, column: Option<usize>) {
        match field {
            Field::Order => self.order = column,
            Field::Carrier => self.carrier = column,
            Field::Number => self.number = column,
            Field::Link => self.link = column,
        }
    }

    fn holds(&self, column: usize) -> bool {
        Field::ALL.into_iter().any(|it| self.of(it) == Some(column))
    }
}

/// Guesses from the names of the columns; without names from what stands in them, in the order of our own
/// template.
pub fn guess(table: &Table) -> Columns {
    let Some(header) = &table.header else { return guess_unnamed(table) };
    let names: Vec<String> = header.cells.iter().map(|it| squeeze(it)).collect();
    let mut columns = Columns::default();
    for field in [Field::Link, Field::Number, Field::Carrier, Field::Order] {
        let rank = |name: &String| names::of(field).split_whitespace().position(|it| it == name);
        let ranked = names.iter().enumerate().filter_map(|(index, it)| Some((rank(it)?, index)));
        columns.set(field, ranked.min().map(|(_, index)| index));
    }
    for field in [Field::Link, Field::Number, Field::Carrier, Field::Order] {
        if columns.of(field).is_some() {
            continue;
        }
        let says = |column: usize, hints: &str| {
            let hinted = |word: &str| hints.split_whitespace().any(|it| word.starts_with(it));
            words(&header.cells[column]).any(|it| hinted(&it))
        };
        let other = |column| field != Field::Link && says(column, names::NOT_A_NUMBER);
        let hinted = |column: &usize| says(*column, names::hints(field)) && !other(*column);
        let found = (0..names.len()).find(|it| !columns.holds(*it) && hinted(it));
        columns.set(field, found);
    }
    columns
}

fn guess_unnamed(table: &Table) -> Columns {
    let all = |column: usize, is: fn(&str) -> bool| {
        let cells = table.rows.iter().map(|it| cell::clean(it.cell(column)));
        let mut filled = cells.filter(|it| !it.is_empty()).peekable();
        filled.peek().is_some() && filled.all(is)
    };
    let is_link = |text: &str| text.to_lowercase().starts_with("http");
    let is_word = |text: &str| !text.contains(|it: char| it.is_ascii_digit());
    let mut columns = Columns { order: Some(0), ..Columns::default() };
    columns.link = (1..table.width()).find(|it| all(*it, is_link));
    columns.carrier = (1..table.width()).find(|it| all(*it, is_word));
    let left = (1..table.width()).find(|it| !columns.holds(*it));
    Columns { number: left, ..columns }
}

/// The row among the first ones that names the columns. One that says nothing known and has no digit in it is
/// taken for it if it comes first: data without a digit does not exist here.
pub(super) fn header_among(rows: &[Record]) -> Option<usize> {
    let known = |row: &Record| {
        let names: Vec<_> = row.cells.iter().map(|it| squeeze(it)).collect();
        let means = |field, name: &str| names::of(field).split_whitespace().any(|it| it == name);
        let knows = |field: &Field| names.iter().any(|it| means(*field, it));
        Field::ALL.iter().filter(|it| knows(it)).count()
    };
    if let Some(index) = rows.iter().position(|it| known(it) >= 2) {
        return Some(index);
    }
    let first = rows.first()?;
    let digits = first.cells.iter().any(|it| it.contains(|it: char| it.is_ascii_digit()));
    (known(first) == 1 || !digits && rows.len() > 1).then_some(0)
}

/// What tells the names of a file's columns from those of another: a choice is remembered for it.
pub fn fingerprint(header: &Record) -> String {
    let mut hash = Sha256::new();
    for name in &header.cells {
        hash.update(squeeze(name));
        hash.update([0]);
    }
    let mut hex = String::new();
    for byte in hash.finalize().iter().take(16) {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The words of a name, each [`squeeze`]d.
fn words(name: &str) -> impl Iterator<Item = String> {
    name.split(|it: char| !it.is_alphanumeric()).map(squeeze).filter(|it| !it.is_empty())
}

/// A name without what people write in different ways: capitals, accents, spaces, signs.
fn squeeze(name: &str) -> String {
    let mut squeezed = String::new();
    for char in cell::clean(name).chars().flat_map(char::to_lowercase) {
        match char {
            'à' | 'â' | 'ä' | 'á' => squeezed.push('a'),
            'é' | 'è' | 'ê' | 'ë' => squeezed.push('e'),
            'î' | 'ï' | 'í' => squeezed.push('i'),
            'ô' | 'ö' | 'ó' => squeezed.push('o'),
            'û' | 'ù' | 'ü' | 'ú' => squeezed.push('u'),
            'ç' => squeezed.push('c'),
            'ñ' => squeezed.push('n'),
            'œ' => squeezed.push_str("oe"),
            it if it.is_alphanumeric() => squeezed.push(it),
            _ => {}
        }
    }
    squeezed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        Table::read(text).unwrap()
    }

    /// Files as they come out of real programs, by the names of their columns.
    const HEADERS: &[&str] = &[
        "N° de commande;Transporteur;Numéro de suivi;Lien de suivi",
        "N° commande;Transporteur;N° de suivi",
        "NUMERO DE COMMANDE;TRANSPORTEUR;NUMERO DE SUIVI;URL DE SUIVI",
        "Nº de Commande;Nom du transporteur;N° Colis",
        "Order number,Carrier,Tracking number,Tracking link",
        "order_id,carrier_code,tracking_number,tracking_url",
        "OrderId;CarrierName;TrackingNumber;TrackingUrl",
        "Date;Order #;Ship date;Carrier;Tracking #;Weight",
        "Référence expéditeur;Nom du destinataire;Numéro de colis;Poids;Code postal",
        "Référence client;Référence commande;Date expédition;Suivi;Statut suivi",
        "Commande;Date de commande;Montant commande;Colis;Nombre de colis;Transporteur",
        "Suivi;Lien;Commande",
        "Ref. commande marketplace;Transporteur choisi;Suivi du colis;Lien vers le suivi",
        "Order;Tracking;Tracking status;Tracking e-mail",
        "Name;Email;Address",
        "Expression;Truc;Machin",
    ];

    #[test]
    fn columns_are_guessed_by_their_names() {
        let mut told = String::new();
        for header in HEADERS {
            let table = table(&format!("{header}\n1;2\n"));
            let columns = guess(&table);
            let _ = writeln!(told, "{header}");
            for field in Field::ALL {
                let name = columns.of(field).map_or("–", |it| table.name(it).unwrap_or("?"));
                let _ = writeln!(told, "    {field:?}: {name}");
            }
        }
        insta::assert_snapshot!("guesses", told);
    }

    #[test]
    fn columns_without_names_are_guessed_by_what_stands_in_them() {
        let columns = guess(&table("A1;6A1;DPD;https://dpd.test/6A1\nA2;6A2;GLS;\n"));
        let expected = Columns { order: Some(0), carrier: Some(2), number: Some(1), link: Some(3) };
        assert_eq!(columns, expected);
        let columns = guess(&table("A1\t6A1\n"));
        assert_eq!(columns, Columns { order: Some(0), number: Some(1), ..Columns::default() });
    }

    #[test]
    fn titles_above_the_names_are_passed_over() {
        let table =
            table("Expéditions;;\nDu 19/11/2026;;\n\nCommande;Suivi;Transporteur\nA1;6A1;DPD\n");
        assert_eq!(table.header.as_ref().unwrap().number, 4);
        assert_eq!(table.rows.len(), 1);
        assert_eq!(
            guess(&table),
            Columns { order: Some(0), carrier: Some(2), number: Some(1), link: None }
        );
    }

    #[test]
    fn the_same_names_are_known_again_and_others_are_not() {
        let print = |text: &str| fingerprint(table(text).header.as_ref().unwrap());
        let one = print("N° de commande;Suivi\n1;2");
        assert_eq!(one, print("N° DE COMMANDE,\"suivi \"\n1,2"));
        assert_ne!(one, print("Suivi;N° de commande\n1;2"));
        assert_eq!(one.len(), 32);
    }

    proptest::proptest! {
        #[test]
        fn no_column_is_two_things(names in proptest::collection::vec("commande|suivi|lien|url|transporteur|colis|order|date suivi|[a-z]{0,6}", 2..9)) {
            let text = format!("{}\n1;2\n", names.join(";"));
            if let Ok(table) = Table::read(&text) {
                let columns = guess(&table);
                let mut taken: Vec<_> = Field::ALL.into_iter().filter_map(|it| columns.of(it)).collect();
                let count = taken.len();
                taken.sort_unstable();
                taken.dedup();
                proptest::prop_assert_eq!(taken.len(), count);
                proptest::prop_assert!(taken.iter().all(|it| *it < table.width()));
            }
        }
    }
}
