//! `docs/SECURITY.md` says for every requirement of the ASVS how it is met, `docs/FEATURES.md` for every feature what
//! shows it. What they name has to be there.

#![expect(clippy::unwrap_used, reason = "a failing helper fails the test")]

use std::fs;
use std::path::Path;
use std::path::PathBuf;

const PLACES: [&str; 8] =
    ["src", "tests", "simulator", "templates", "static", "migrations", "docs", "bin"];
/// The requirements of level 1 and 2 in ASVS 5.0.0.
const REQUIREMENTS: usize = 253;
/// The features that were to come now or next.
const FEATURES: usize = 83;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Number and status of each requirement.
fn table() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("docs/SECURITY.md")).unwrap();
    let rows = text.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let is_requirement = |cells: &Vec<&str>| {
        cells.len() >= 5 && cells[1].split('.').filter(|it| it.parse::<u8>().is_ok()).count() == 3
    };
    rows.filter(is_requirement).map(|cells| (cells[1].to_owned(), cells[4..].join("|"))).collect()
}

/// Number and state of each feature.
fn features() -> Vec<(String, String)> {
    let text = fs::read_to_string(root().join("docs/FEATURES.md")).unwrap();
    let rows = text.lines().map(|line| line.split('|').map(str::trim).collect::<Vec<_>>());
    let is_feature = |cells: &Vec<&str>| {
        let number = cells.get(1).and_then(|it| it.strip_prefix(['A', 'B', 'C', 'D', 'E']));
        number.is_some_and(|it| it.parse::<u8>().is_ok())
    };
    rows.filter(is_feature).map(|cells| (cells[1].to_owned(), cells[4].to_owned())).collect()
}

#[test]
fn every_feature_of_the_first_two_tiers_says_where_it_stands() {
    let features = features();
    assert!(features.len() >= FEATURES, "{}", features.len());
    let vague = features.iter().filter(|(_, state)| {
        let said = ["done", "partly", "in the pages", "not done: "];
        !said.iter().any(|it| state.starts_with(it))
            || (state.starts_with("done") && !state.contains('`'))
    });
    let vague: Vec<_> = vague.collect();
    assert!(vague.is_empty(), "{vague:#?}");
}

#[test]
fn every_requirement_is_met_or_does_not_apply_and_says_why() {
    let table = table();
    assert_eq!(table.len(), REQUIREMENTS);
    let silent = table.iter().filter(|(_, status)| {
        let said = status.strip_prefix("met: ").or_else(|| status.strip_prefix("not applicable: "));
        said.is_none_or(|why| why.trim_matches('|').trim().is_empty())
    });
    let silent: Vec<_> = silent.collect();
    assert!(silent.is_empty(), "{silent:#?}");
}

#[test]
fn what_the_tables_name_is_there() {
    let mut sources = String::new();
    for place in ["src", "tests", "simulator", "migrations"] {
        read_all(&root().join(place), &mut sources);
    }
    let mut missing = Vec::new();
    for (number, status) in table().into_iter().chain(features()) {
        for name in status.split('`').skip(1).step_by(2) {
            let path = name.split(' ').next().unwrap_or_default();
            let there = match path.split_once('/') {
                Some((place, _)) if PLACES.contains(&place) => root().join(path).exists(),
                _ if is_test_name(name) => {
                    sources.contains(&format!("fn {name}("))
                        || sources.contains(&format!("INDEX {name} "))
                }
                _ => true,
            };
            if !there {
                missing.push(format!("{number}: {name}"));
            }
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

/// Test names are sentences; four words or more.
fn is_test_name(name: &str) -> bool {
    name.matches('_').count() >= 3
        && name.chars().all(|it| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_')
}

fn read_all(directory: &Path, text: &mut String) {
    for entry in fs::read_dir(directory).unwrap() {
        let path: PathBuf = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, text);
        } else if path.extension().is_some_and(|it| it == "rs" || it == "sql") {
            text.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}
