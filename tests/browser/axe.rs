//! What axe-core finds wrong with a page.

use std::fmt::Write as _;

use serde_json::Value;
use serde_json::json;

use crate::browser::Browser;

/// axe-core 4.14.1, see `vendor/axe.LICENSE.txt`.
const AXE: &str = include_str!("vendor/axe.min.js");

const RUN: &str = "const done = arguments[arguments.length - 1];
    axe.run(document, { runOnly: arguments[0], resultTypes: ['violations'] })
      .then((found) => done(found.violations), (error) => done(String(error)));";

const RULES: [&str; 6] = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/// Everything that is wrong with the page as it is now, one line each.
pub async fn violations(browser: &Browser) -> Vec<String> {
    if browser.run("return typeof axe", json!([])).await != "object" {
        browser.run(&format!("{AXE};window.axe = axe;"), json!([])).await;
    }
    let found = browser.run_async(RUN, json!([RULES])).await;
    let Value::Array(found) = found else { panic!("axe: {found}") };
    found.iter().map(told).collect()
}

fn told(violation: &Value) -> String {
    let mut text = format!("{}: {}", violation["id"], violation["help"]);
    for node in violation["nodes"].as_array().unwrap() {
        let summary = node["failureSummary"].as_str().unwrap_or_default().replace('\n', " ");
        write!(text, "\n    {} {summary}", node["html"]).unwrap();
    }
    text
}
