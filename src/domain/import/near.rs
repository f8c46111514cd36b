//! Which known number was meant by one that is not known: a spreadsheet took the zeros at its beginning away, or
//! somebody typed an O for a zero.

/// The most zeros that are put back.
const ZEROS: usize = 6;
/// The longest number that is looked at.
const LONGEST: usize = 40;

/// Numbers to look for in the place of that one; only few are, so that thousands can be looked up at once.
pub fn candidates(number: &str) -> Vec<String> {
    let mut candidates = Vec::new();
    if number.is_empty() || number.len() > LONGEST || !number.is_ascii() {
        return candidates;
    }
    if number.bytes().all(|it| it.is_ascii_digit()) {
        candidates.extend((1..=ZEROS).map(|it| format!("{}{number}", "0".repeat(it))));
    }
    let upper = number.to_uppercase();
    candidates.push(upper.clone());
    // One of the letters is a zero, or one of the zeros is a letter; or all are.
    candidates.push(upper.replace('O', "0"));
    for (index, char) in upper.char_indices() {
        let other = match char {
            'O' => "0",
            '0' => "O",
            'I' => "1",
            '1' => "I",
            _ => continue,
        };
        let mut variant = upper.clone();
        variant.replace_range(index..=index, other);
        candidates.push(variant);
    }
    candidates.retain(|it| it != number);
    candidates.sort_unstable();
    candidates.dedup();
    candidates
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_zeros_and_letters_for_zeros_are_found() {
        for (typed, meant) in [
            ("12345", "0012345"),
            ("26111818133ORT4", "261118181330RT4"),
            ("2611181813309T4", "26111818133O9T4"),
            ("ooo1", "0001"),
            ("abc-7", "ABC-7"),
            ("A123I", "A1231"),
        ] {
            assert!(candidates(typed).iter().any(|it| it == meant), "{typed}");
        }
        assert_eq!(candidates(""), [""; 0]);
        assert_eq!(candidates("ABC-7"), [""; 0]);
    }

    proptest::proptest! {
        #[test]
        fn they_are_few_and_others(number in ".{0,60}") {
            let candidates = candidates(&number);
            proptest::prop_assert!(candidates.len() <= LONGEST + ZEROS + 2);
            proptest::prop_assert!(!candidates.contains(&number));
        }
    }
}
