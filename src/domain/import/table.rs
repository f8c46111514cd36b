//! From text to rows: which character separates the columns, and where their names stand.

use crate::domain::import::MAX_COLUMNS;
use crate::domain::import::MAX_ROWS;
use crate::domain::import::Unreadable;
use crate::domain::import::cell;
use crate::domain::import::column;

/// The rows that are looked at to find the delimiter,
const SAMPLE: usize = 50;
/// and those among which the names of the columns stand: some programs write a title above.
const HEAD: usize = 10;

/// What stands between two columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delimiter {
    /// What French spreadsheets write.
    Semicolon,
    /// What stands between cells that were copied.
    Tab,
    /// What the others write.
    Comma,
}

impl Delimiter {
    /// Each of them; the first wins where several would do.
    pub const ALL: [Self; 3] = [Self::Semicolon, Self::Tab, Self::Comma];

    /// The character.
    pub const fn char(self) -> char {
        match self {
            Self::Semicolon => ';',
            Self::Tab => '\t',
            Self::Comma => ',',
        }
    }
}

/// A row as it stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number, as a spreadsheet shows it: from 1, empty rows counted, a cell of two lines once.
    pub number: usize,
    /// Its cells, as they stand there.
    pub cells: Vec<String>,
}

impl Record {
    /// A cell; nothing where the row is shorter than others.
    pub fn cell(&self, column: usize) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    fn is_empty(&self) -> bool {
        self.cells.iter().all(|it| cell::clean(it).is_empty())
    }
}

/// A file as rows and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// What stands between its columns.
    pub delimiter: Delimiter,
    /// The row with the names of the columns, if there is one.
    pub header: Option<Record>,
    /// The rows that hold anything, at least one.
    pub rows: Vec<Record>,
}

impl Table {
    /// Reads the table.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let text = text.trim_start_matches('\u{feff}');
        let (told, text) = told_delimiter(text);
        let quoted = text.matches('"').count().is_multiple_of(2);
        let found = told.or_else(|| find_delimiter(text, quoted));
        let delimiter = found.ok_or(Unreadable::NoColumns)?;
        let mut head = Vec::new();
        let mut records = Records::new(text, delimiter, quoted).filter(|it| !it.is_empty());
        head.extend(records.by_ref().take(HEAD));
        let (header, first) = match column::header_among(&head) {
            Some(index) => (Some(head[index].clone()), index + 1),
            None => (None, 0),
        };
        let mut rows = head.split_off(first);
        rows.extend(records.take(MAX_ROWS + 1));
        if rows.len() > MAX_ROWS {
            return Err(Unreadable::TooManyRows);
        }
        let table = Self { delimiter, header, rows };
        let filled = |it: &Record| it.cells.iter().filter(|it| !cell::clean(it).is_empty()).count();
        let in_columns = table.header.iter().chain(&table.rows).any(|it| filled(it) > 1);
        if !in_columns || table.width() > MAX_COLUMNS {
            return Err(Unreadable::NoColumns);
        }
        if table.rows.is_empty() { Err(Unreadable::NoRows) } else { Ok(table) }
    }

    /// How many columns there are.
    pub fn width(&self) -> usize {
        let records = self.header.iter().chain(&self.rows);
        records.map(|it| it.cells.len()).max().unwrap_or_default()
    }

    /// The name of a column, if it has one.
    pub fn name(&self, column: usize) -> Option<&str> {
        let name = cell::clean(self.header.as_ref()?.cell(column));
        (!name.is_empty()).then_some(name)
    }
}

/// Excel's own way of naming the delimiter: a first line `sep=;`, which it does not show.
fn told_delimiter(text: &str) -> (Option<Delimiter>, &str) {
    let (line, rest) = text.split_once('\n').unwrap_or((text, ""));
    // Without what trims tabs: the delimiter may be one.
    let line = line.trim_matches([' ', '"']);
    let told = Delimiter::ALL.into_iter().find(|it| {
        let prefix = line.get(..4).is_some_and(|it| it.eq_ignore_ascii_case("sep="));
        prefix && line.chars().nth(4) == Some(it.char())
    });
    if told.is_some() { (told, rest) } else { (None, text) }
}

/// The delimiter that cuts the first rows into the most columns, most of them alike.
fn find_delimiter(text: &str, quoted: bool) -> Option<Delimiter> {
    let mut best = (None, 0);
    for delimiter in Delimiter::ALL {
        let records = Records::new(text, delimiter, quoted).filter(|it| !it.is_empty());
        let widths: Vec<usize> = records.take(SAMPLE).map(|it| it.cells.len()).collect();
        let alike = |width: usize| widths.iter().filter(|it| **it == width).count();
        let scores = widths.iter().filter(|it| **it <= MAX_COLUMNS);
        let score = scores.map(|it| alike(*it) * (it - 1)).max().unwrap_or_default();
        if score > best.1 {
            best = (Some(delimiter), score);
        }
    }
    best.0
}

/// Row after row.
struct Records<'a> {
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    number: usize,
}

impl<'a> Records<'a> {
    fn new(text: &'a str, delimiter: Delimiter, quoted: bool) -> Self {
        let delimiter = u8::try_from(delimiter.char()).unwrap_or(b';');
        let mut builder = csv::ReaderBuilder::new();
        // A quote that nothing closes would swallow the rest of the file as one cell.
        builder.delimiter(delimiter).has_headers(false).flexible(true).quoting(quoted);
        Self { text, reader: builder.from_reader(text.as_bytes()), number: 0 }
    }
}

impl Iterator for Records<'_> {
    type Item = Record;

    fn next(&mut self) -> Option<Record> {
        let start = usize::try_from(self.reader.position().byte()).ok()?;
        let mut record = csv::StringRecord::new();
        // Reading text of one's own memory cannot fail.
        if !self.reader.read_record(&mut record).ok()? {
            return None;
        }
        let skipped = self.text.get(start..)?.bytes().take_while(|it| *it == b'\n').count();
        self.number += skipped + 1;
        // One cell more than there may be tells that there are too many.
        let cells = record.iter().take(MAX_COLUMNS + 1).map(str::to_owned).collect();
        Some(Record { number: self.number, cells })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Table {
        Table::read(text).unwrap_or_else(|it| panic!("{it}: {text}"))
    }

    fn rows(table: &Table) -> Vec<(usize, String)> {
        table.rows.iter().map(|it| (it.number, it.cells.join("|"))).collect()
    }

    #[test]
    fn the_delimiter_is_the_one_that_cuts_rows_alike() {
        for (text, delimiter) in [
            ("Commande;Suivi\nA1;6A1\n", Delimiter::Semicolon),
            ("Commande;Poids;Suivi\nA1;1,5;6A1\nA2;2,5;6A2\n", Delimiter::Semicolon),
            ("order,carrier,tracking\nA1,\"DPD; Predict\",6A1\n", Delimiter::Comma),
            ("Commande\tSuivi\nA1\t6A1\n", Delimiter::Tab),
            ("A1;1,5\nA2;2,5", Delimiter::Semicolon),
            ("sep=,\nCommande;x,Suivi;y\nA1,6A1\n", Delimiter::Comma),
            ("\"sep=;\"\nCommande;Suivi\nA1;6A1\n", Delimiter::Semicolon),
            ("SEP=\t\nCommande\tSuivi\nA1\t6A1\n", Delimiter::Tab),
            (
                "Expéditions du 19/11, 2 colis\nCommande;Transporteur;Suivi\nA1;DPD;1\nA2;DPD;2",
                Delimiter::Semicolon,
            ),
        ] {
            assert_eq!(read(text).delimiter, delimiter, "{text}");
        }
    }

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_numbers_them() {
        let table = read("\n\nCommande;Suivi\n\nA1;\"6A\n1\"\n;;\nA2;6A2\n\nA3\n");
        assert_eq!(table.header.as_ref().unwrap().number, 3);
        let numbered = [(5, "A1|6A\n1"), (7, "A2|6A2"), (9, "A3")];
        assert_eq!(rows(&table), numbered.map(|(number, text)| (number, text.to_owned())));
        assert_eq!(table.rows[2].cell(1), "");
    }

    #[test]
    fn a_quote_that_nothing_closes_costs_one_cell_and_not_the_file() {
        let table = read("Commande;Suivi\nA1;\"6A1\nA2;6A2\nA3;6A3\n");
        assert_eq!(table.rows.len(), 3);
        assert_eq!(cell::clean(table.rows[0].cell(1)), "6A1");
        let table = read("Commande;Article;Suivi\nA1;\"Tube 5\"\" ; 2 m\";6A1\n");
        assert_eq!(table.rows[0].cell(1), "Tube 5\" ; 2 m");
    }

    #[test]
    fn what_is_no_table_is_refused_in_one_of_few_ways() {
        let long = format!("a;b\n{}", "A1;6A1\n".repeat(MAX_ROWS + 1));
        let wide = format!("{}\n", "a;".repeat(MAX_COLUMNS + 1));
        for (text, reason) in [
            ("Bonjour,\nvoici les colis du jour.\nMerci", Unreadable::NoColumns),
            ("A1\nA2\n", Unreadable::NoColumns),
            ("Commande;Suivi\n;;\n", Unreadable::NoRows),
            (&long, Unreadable::TooManyRows),
            (&wide, Unreadable::NoColumns),
        ] {
            assert_eq!(Table::read(text).map(|it| rows(&it)), Err(reason));
        }
        let longest = format!("Commande;Suivi\n{}", "A1;6A1\n".repeat(MAX_ROWS));
        assert_eq!(read(&longest).rows.len(), MAX_ROWS);
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_table_or_not(text in "([a-zA-Z0-9é;,\t\n\" ]{0,8}|sep=[;,\t]\n){0,40}") {
            if let Ok(table) = Table::read(&text) {
                proptest::prop_assert!(!table.rows.is_empty());
                proptest::prop_assert!(table.rows.windows(2).all(|it| it[0].number < it[1].number));
                proptest::prop_assert!(table.rows.iter().all(|it| !it.is_empty()));
            }
        }

        #[test]
        fn what_a_spreadsheet_writes_reads_back(
            cells in proptest::collection::vec(proptest::collection::vec("[a-zA-Z0-9;,\"é -]{1,12}", 3), 1..20),
            which in 0_usize..3,
        ) {
            let delimiter = Delimiter::ALL[which];
            let mut writer = csv::WriterBuilder::new()
                .delimiter(u8::try_from(delimiter.char()).unwrap())
                .quote_style(csv::QuoteStyle::Always)
                .from_writer(Vec::new());
            writer.write_record(["Commande", "Transporteur", "Suivi"]).unwrap();
            let cells: Vec<_> = cells.into_iter().filter(|it| it.iter().any(|it| !cell::clean(it).is_empty())).collect();
            for row in &cells {
                writer.write_record(row).unwrap();
            }
            let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            let text = format!("sep={}\n{text}", delimiter.char());
            if let Ok(table) = Table::read(&text) {
                let read: Vec<_> = table.rows.into_iter().map(|it| it.cells).collect();
                proptest::prop_assert_eq!(read, cells);
            } else {
                proptest::prop_assert!(cells.is_empty());
            }
        }
    }
}
