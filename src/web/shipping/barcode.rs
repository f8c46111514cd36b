//! Numbers as Code 128 (ISO/IEC 15417), drawn as paths: the pages allow no inline style, and a printer draws
//! a path as sharp as it can.

use std::fmt::Write;

use barcoders::sym::code128::Code128;

/// The blank that a scanner needs on either side, in modules.
const QUIET: usize = 10;
/// Starts character set B: letters, digits, punctuation.
const SET_B: char = '\u{0181}';
/// Starts character set C: two digits a symbol.
const SET_C: char = '\u{0106}';

/// A barcode, ready to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Barcode {
    /// What it says.
    pub text: String,
    /// How wide it is with its blanks, in modules.
    pub width: usize,
    /// Its bars, one module to a unit and 32 units high.
    pub path: String,
}

impl Barcode {
    /// The barcode of a number; nothing, if it has characters that Code 128 does not.
    pub fn of(text: &str) -> Option<Self> {
        let modules = Code128::new(prepared(text)?).ok()?.encode();
        let mut path = String::new();
        let mut x = QUIET;
        for run in modules.chunk_by(|a, b| a == b) {
            let width = run.len();
            if run.first() == Some(&1) {
                let _ = write!(path, "M{x} 0h{width}v32h-{width}z");
            }
            x += width;
        }
        Some(Self { text: text.to_owned(), width: x + QUIET, path })
    }

    /// How wide it is in print, in millimetres: a third of one to a module, which any scanner reads.
    pub fn millimetres(&self) -> usize {
        self.width.div_ceil(3)
    }
}

/// The text with the character sets that encode it, digits two at a time where that is shorter.
fn prepared(text: &str) -> Option<String> {
    let printable = !text.is_empty() && text.bytes().all(|it| (b' '..=b'~').contains(&it));
    if !printable {
        return None;
    }
    if text.len() < 4 || !text.bytes().all(|it| it.is_ascii_digit()) {
        return Some(format!("{SET_B}{text}"));
    }
    if text.len().is_multiple_of(2) {
        return Some(format!("{SET_C}{text}"));
    }
    let (first, rest) = text.split_at(1);
    Some(format!("{SET_B}{first}{SET_C}{rest}"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The widths of bars and blanks of each symbol, from the standard's table, by its value; 103 to 105 start.
    const SYMBOLS: [&str; 106] = [
        "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
        "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
        "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
        "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
        "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
        "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
        "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
        "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
        "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
        "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
        "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
        "113141", "114131", "311141", "411131", "211412", "211214", "211232",
    ];

    /// Reads the bars as a scanner does: from their widths alone.
    fn scanned(barcode: &Barcode) -> String {
        let mut edges = Vec::new();
        for bar in barcode.path.split('M').skip(1) {
            let (x, rest) = bar.split_once(" 0h").unwrap();
            let (width, rest) = rest.split_once('v').unwrap();
            assert_eq!(rest, format!("32h-{width}z"));
            let (x, width): (usize, usize) = (x.parse().unwrap(), width.parse().unwrap());
            edges.extend([x, x + width]);
        }
        assert!(edges.is_sorted());
        let (first, last) = (*edges.first().unwrap(), *edges.last().unwrap());
        assert!(first >= 10 && barcode.width - last >= 10, "no quiet zone");
        let widths: String = edges
            .windows(2)
            .map(|it| char::from_digit(u32::try_from(it[1] - it[0]).unwrap(), 10).unwrap())
            .collect();
        let (symbols, stop) = widths.split_at(widths.len() - 7);
        assert_eq!(stop, "2331112");
        let values: Vec<usize> = symbols
            .as_bytes()
            .chunks(6)
            .map(|it| SYMBOLS.iter().position(|symbol| symbol.as_bytes() == it).unwrap())
            .collect();
        let (check, data) = values.split_last().unwrap();
        let sum: usize = data.iter().enumerate().map(|(at, value)| at.max(1) * value).sum();
        assert_eq!(sum % 103, *check, "the check symbol");
        let mut set = data[0];
        let mut text = String::new();
        for &value in &data[1..] {
            match (set, value) {
                (104, 99) => set = 105,
                (105, 100) => set = 104,
                (104, 0..=94) => text.push(char::from(u8::try_from(value).unwrap() + b' ')),
                (105, 0..=99) => {
                    text.extend(format!("{value:02}").chars());
                }
                other => panic!("{other:?}"),
            }
        }
        text
    }

    #[test]
    fn an_order_number_is_read_back_from_its_bars() {
        for number in ["2611190911QK4D", "WRT-40021-88713", "30166611", "3016661", "7"] {
            assert_eq!(scanned(&Barcode::of(number).unwrap()), number);
        }
        // Digits alone take half the room.
        assert!(
            Barcode::of("3016661167850").unwrap().width
                < Barcode::of("MLX-EZ905D20").unwrap().width
        );
    }

    #[test]
    fn what_code_128_does_not_have_gets_no_bars() {
        for text in ["", "Chaise en chêne", "a\nb", "\u{0181}A", "📦"] {
            assert_eq!(Barcode::of(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_number_is_read_back_from_its_bars(text in "[0-9]{1,24}|[ -~]{1,40}") {
            prop_assert_eq!(scanned(&Barcode::of(&text).unwrap()), text);
        }
    }
}
