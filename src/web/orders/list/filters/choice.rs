//! Drop-down lists.

/// An entry of a drop-down list.
#[derive(Debug)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// Its words.
    pub label: String,
    /// Whether it is chosen.
    pub selected: bool,
}

/// A drop-down list. It takes one entry, so several that are chosen by the address are an entry together:
/// sending the form must not lose them.
pub(super) fn drop_down(
    none: &str,
    choices: impl IntoIterator<Item = (String, String)>,
    chosen: &[String],
) -> Vec<Choice> {
    let choices: Vec<_> = choices.into_iter().collect();
    let mut entries =
        vec![Choice { value: String::new(), label: none.to_owned(), selected: chosen.is_empty() }];
    if chosen.len() > 1 {
        let labels = choices.iter().filter(|(value, _)| chosen.contains(value));
        let labels: Vec<_> = labels.map(|(_, label)| label.as_str()).collect();
        let (value, label) = (chosen.join(","), labels.join(", "));
        entries.push(Choice { value, label, selected: true });
    }
    entries.extend(choices.into_iter().map(|(value, label)| {
        let selected = chosen.len() == 1 && chosen.contains(&value);
        Choice { value, label, selected }
    }));
    entries
}
