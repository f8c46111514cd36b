//! Who may import whom. `docs/ARCHITECTURE.md` explains the table; this keeps it true.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

/// A module, the modules of ours that it may name, and the crates that it must not. A module that is absent
/// from this list fails the test.
const RULES: &[(&str, &[&str], &[&str])] = &[
    ("domain", &[], &["sqlx", "axum", "askama", "reqwest", "tokio", "validator", "jiff_sqlx"]),
    ("octopia", &[], &["sqlx", "axum", "askama", "jiff_sqlx"]),
    ("secrets", &["private_file"], &["sqlx", "axum", "askama", "reqwest"]),
    ("outbound", &["domain", "private_file"], &["sqlx", "axum", "askama"]),
    ("private_file", &[], &["sqlx", "axum", "askama", "reqwest"]),
    ("single_sign_on", &["domain", "private_file"], &["sqlx", "axum", "askama"]),
    ("clock", &[], &["sqlx", "axum", "askama", "reqwest"]),
    ("config", &["domain", "private_file"], &["sqlx", "axum", "askama", "reqwest"]),
    ("db", &["domain"], &["axum", "askama", "reqwest"]),
    ("workflow", &["domain", "db", "secrets"], &["axum", "askama", "reqwest"]),
    ("translate", &["domain", "octopia", "config"], &["sqlx", "axum", "askama", "reqwest"]),
    (
        "live",
        &["domain", "octopia", "translate", "config", "secrets"],
        &["sqlx", "axum", "askama", "reqwest"],
    ),
    (
        "sync",
        &[
            "domain",
            "octopia",
            "outbound",
            "translate",
            "db",
            "workflow",
            "clock",
            "config",
            "secrets",
        ],
        &["axum", "askama"],
    ),
    (
        "web",
        &["domain", "db", "workflow", "clock", "live", "single_sign_on"],
        &["reqwest", "openidconnect"],
    ),
];

/// The files of `web` that may ask the database as its owner, whom nothing limits: who may come in, who is there,
/// and how the accounts are set up are no account's own. All others go through `db::scope` (ADR 0012).
const OWNERS: &[&str] = &[
    "web.rs",
    "web/accounts.rs",
    "web/accounts/channels.rs",
    "web/health.rs",
    "web/orders/list/floor.rs",
    "web/problem.rs",
    "web/profile.rs",
    "web/profile/notifications.rs",
    "web/profile/password.rs",
    "web/profile/preferences.rs",
    "web/profile/second_factor.rs",
    "web/session.rs",
    "web/session_store.rs",
    "web/settings/carriers.rs",
    "web/settings/users/accept.rs",
    "web/settings/users/edit.rs",
    "web/settings/users/invite.rs",
    "web/settings/users/list.rs",
    "web/settings/users/password.rs",
    "web/sign_in.rs",
    "web/sign_in/code.rs",
    "web/sign_in/confirm.rs",
    "web/sign_in/sso.rs",
];

/// Who may read what speaks of customers: pages see it through `web::sight`.
const READS: &[(&str, &[&str])] = &[
    ("db::orders::find(", &["web/orders.rs"]),
    ("db::events::list(", &["web/orders.rs"]),
    ("db::notes::list(", &["web/orders/team.rs"]),
    ("db::promises::latest(", &["web/orders.rs"]),
    ("db::promises::of_order(", &[]),
    ("db::promises::find(", &["web/promises.rs"]),
    // Prints who and when, and nothing of what.
    ("db::promises::for_people(", &["web/attention.rs"]),
    ("db::promises::file(", &[]),
    ("db::requests::", &[]),
    (
        "db::batches::rows::list(",
        // Prints what the user typed, who may ship and so may see it.
        &[
            "web/batches/file.rs",
            "web/batches/progress.rs",
            "web/batches/reasons.rs",
            "web/batches/retry.rs",
            "web/batches/review/page.rs",
            // Takes the numbers of the orders, and nothing else.
            "web/batches.rs",
        ],
    ),
    ("db::privacy::removal(", &["web/orders.rs"]),
    (
        "db::order_list::page(",
        &[
            "web/dashboard.rs",
            "web/orders/list/shown.rs",
            "web/orders/list/floor.rs",
            "web/orders/export.rs",
        ],
    ),
    ("db::sheets::of_orders(", &["web/shipping/sheets.rs"]),
    ("db::order_list::by_ids(", &["web/orders/list/shown.rs", "web/orders/export.rs"]),
];

/// The library's own items, which are no modules.
const ITEMS: &[&str] = &["MIGRATOR"];

#[test]
fn modules_import_only_what_the_table_allows() {
    let sources = sources();
    let offences: Vec<_> = sources.iter().flat_map(|(name, text)| offences(name, text)).collect();
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn pages_read_what_speaks_of_customers_in_few_places() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut offences = Vec::new();
    let mut found = 0;
    visit(&root.join("web"), &mut |path| {
        let name = path.strip_prefix(&root).expect("inside src").display().to_string();
        let text = fs::read_to_string(path).expect("readable source");
        for (read, places) in READS {
            let here = text.contains(read);
            found += usize::from(here);
            if here && !places.contains(&name.as_str()) {
                offences.push(format!("{name} reads with {read}"));
            }
        }
    });
    assert!(offences.is_empty(), "{}", offences.join("\n"));
    assert!(found >= 8, "the places have moved: {found}");
}

#[test]
fn a_deliberate_violation_is_found() {
    for (name, line, offence) in [
        ("domain/order.rs", "use crate::web::text;", "domain/order.rs:1 names web"),
        ("web/orders.rs", "crate::octopia::Client::new()", "web/orders.rs:1 names octopia"),
        ("domain/order.rs", "let pool: sqlx::PgPool;", "domain/order.rs:1 names the crate sqlx"),
        ("domain.rs", "use crate::{web, db};", "domain.rs:1 groups imports"),
        ("helpers.rs", "", "helpers.rs: the module helpers is not in the table"),
    ] {
        assert_eq!(offences(Path::new(name), line), [offence]);
    }
    assert!(offences(Path::new("web.rs"), "use crate::domain::order;").is_empty());
}

#[test]
fn pages_reach_orders_only_through_what_their_reader_may_see() {
    let sources = sources();
    let users = |word: &str| -> Vec<String> {
        let uses = sources.iter().filter(|(_, text)| names(text, word));
        uses.map(|(name, _)| name.to_string_lossy().into_owned()).collect()
    };
    let mut owners = users("pool");
    owners.retain(|it| it.starts_with("web"));
    owners.sort();
    assert_eq!(owners, OWNERS, "a page of orders goes through `state.scoped`");
    assert_eq!(
        users("of_session"),
        ["db/scope.rs", "db/users.rs"],
        "only a live session makes one"
    );
}

#[test]
fn the_simulator_is_a_second_opinion() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("simulator/Cargo.toml");
    let manifest = fs::read_to_string(manifest).expect("readable manifest");
    assert!(!manifest.contains("comptoir"), "the simulator must not know the product");
}

fn offences(name: &Path, text: &str) -> Vec<String> {
    let module = name.iter().next().expect("a first component").to_string_lossy();
    let module = module.trim_end_matches(".rs");
    if ["lib", "main"].contains(&module) {
        return Vec::new();
    }
    let Some((_, allowed, banned)) = RULES.iter().find(|(name, ..)| *name == module) else {
        return vec![format!("{}: the module {module} is not in the table", name.display())];
    };
    let mut offences = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        let place = format!("{}:{number}", name.display());
        for rest in line.split("crate::").skip(1) {
            let target = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next();
            match target.unwrap_or_default() {
                "" => offences.push(format!("{place} groups imports")),
                target if target == module || ITEMS.contains(&target) => {}
                target if allowed.contains(&target) => {}
                target => offences.push(format!("{place} names {target}")),
            }
        }
        let code = line.split("//").next().unwrap_or_default();
        for krate in *banned {
            let named = code.match_indices(&format!("{krate}::")).any(|(at, _)| {
                !code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
            });
            if named {
                offences.push(format!("{place} names the crate {krate}"));
            }
        }
    }
    offences
}

/// Every file of `src`, by its name in there.
fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    visit(&root, &mut |path| {
        let name = path.strip_prefix(&root).expect("inside src").to_path_buf();
        sources.push((name, fs::read_to_string(path).expect("readable source")));
    });
    assert!(sources.len() > 30, "found only {} sources", sources.len());
    sources.sort();
    sources
}

/// Whether the word stands in the code.
fn names(text: &str, word: &str) -> bool {
    let code = text.lines().map(|line| line.split("//").next().unwrap_or_default());
    let mut words = code.flat_map(|it| it.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.any(|it| it == word)
}

fn visit(directory: &Path, f: &mut impl FnMut(&PathBuf)) {
    for entry in fs::read_dir(directory).expect("readable directory") {
        let path = entry.expect("readable entry").path();
        if path.is_dir() {
            visit(&path, f);
        } else if path.extension().is_some_and(|it| it == "rs") {
            f(&path);
        }
    }
}

/// Forms whose fields depend on the order, or repeat: their parsers name what they do not know, each with a test.
const FORMS_BY_HAND: &[&str] = &[
    "web/batches/review.rs",
    "web/orders/action.rs",
    "web/settings/users/edit.rs",
    "web/settings/users/invite.rs",
];

/// What no form of ours has is no slip of a person (`reliability` ASVS 15.3.3).
#[test]
fn every_form_refuses_fields_that_it_does_not_have() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut forms = 0;
    let mut offences = Vec::new();
    visit(&root.join("web"), &mut |path| {
        let name = path.strip_prefix(&root).expect("inside src").display().to_string();
        let text = fs::read_to_string(path).expect("readable source");
        for form in text.split("): Form<").skip(1).filter_map(|it| it.split('>').next()) {
            forms += 1;
            let strict = if form == "Pairs" {
                FORMS_BY_HAND.contains(&name.as_str())
            } else {
                is_strict(&definition(&root, &text, form), form)
            };
            if !strict && name != "web/extract.rs" {
                offences.push(format!("{name}: {form} takes fields that it does not have"));
            }
        }
    });
    assert!(forms >= 10, "found only {forms} forms");
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

/// The source that defines the type: this one, or the one it is imported from.
fn definition(root: &Path, text: &str, form: &str) -> String {
    let import = text.lines().find_map(|line| {
        line.strip_prefix("use crate::")?.strip_suffix(&format!("::{form};")).map(str::to_owned)
    });
    let Some(module) = import else { return text.to_owned() };
    let path = root.join(format!("{}.rs", module.replace("::", "/")));
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether the attributes before that struct say so.
fn is_strict(text: &str, form: &str) -> bool {
    let lines: Vec<_> = text.lines().collect();
    let definition = format!("pub struct {form} {{");
    let Some(at) = lines.iter().position(|line| *line == definition) else { return false };
    let attributes = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
    attributes.into_iter().any(|line| line.contains("deny_unknown_fields"))
}

#[test]
fn a_form_that_takes_anything_is_found() {
    let strict = "#[derive(Debug)]\n#[serde(default, deny_unknown_fields)]\npub struct A {\n}";
    assert!(is_strict(strict, "A"));
    for lax in [
        "#[derive(Debug)]\npub struct A {\n}",
        "#[serde(deny_unknown_fields)]\n\npub struct A {\n}",
        "",
    ] {
        assert!(!is_strict(lax, "A"), "{lax}");
    }
}
/// `docs/STYLE.md`: what is longer is two things. Tests at the end of a file are not counted.
const LONGEST: usize = 300;

#[test]
fn no_source_is_longer_than_what_one_reads_at_a_sitting() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut long = Vec::new();
    for folder in ["src", "simulator/src"] {
        visit(&root.join(folder), &mut |path| {
            let text = fs::read_to_string(path).expect("readable source");
            let lines = production_lines(&text);
            let tests = path.with_extension("").iter().any(|it| it == "tests");
            if lines > LONGEST && !tests {
                long.push(format!("{}: {lines} lines", path.display()));
            }
        });
    }
    assert!(long.is_empty(), "longer than {LONGEST} lines:\n{}", long.join("\n"));
}

fn production_lines(text: &str) -> usize {
    let lines: Vec<_> = text.lines().collect();
    let tests = lines.windows(2).position(|two| {
        two[0] == "#[cfg(test)]" && two[1].starts_with("mod ") && two[1].ends_with('{')
    });
    tests.unwrap_or(lines.len())
}

#[test]
fn tests_at_the_end_of_a_source_are_not_counted() {
    assert_eq!(production_lines("a\n\n#[cfg(test)]\nmod tests {\n}\n"), 2);
    assert_eq!(production_lines("a\n#[cfg(test)]\nmod tests;\nb\n"), 4);
}
