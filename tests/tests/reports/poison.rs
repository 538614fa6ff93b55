//! Reports into which a stranger wrote at every place that takes a text.

use std::fs;

use lockgate::model::Report;
use lockgate_tests::root;
use serde_json::Value;

/// All that any format acts on, in one text. Control characters are left to the reader to take out.
const POISON: &str = "::error title=owned::x \u{1b}[31m\u{9b}2J\u{202e}\r\n::error::owned\n# heading\n- item\n```\nfence\n```\n\
    [link](https://evil.example) ![image](https://evil.example/x) <https://evil.example/auto> \
    <img src=x onerror=alert(1)><script>alert(1)</script></title></style></code></svg><!-- -->\
    \" onload=\"alert(1)\" ' x='y ]]><failure message=\"x\"/>&xxe;&lt;\u{fffe}\u{ffff} \
    @octocat #1 GH-2 `a` | b \\| c ``` {0} {{1}} ##[error]x ##vso[x] %0A www.evil.example";

/// Keys whose values are words of ours, digests or moments: with anything else there it is no report.
const CLOSED: &[&str] = &[
    "schema", "digest", "pin", "stage", "at", "outcome", "kind", "status", "state", "source",
    "effect", "opinion", "level",
];

/// Lists of digests.
const DIGESTS: &[&str] = &["evidence", "data", "documents"];

/// A golden report in which every free text is poison, read back. Texts that have to differ do.
pub(crate) fn poisoned(name: &str) -> Report {
    let text = fs::read_to_string(root().join(format!("tests/golden/reports/{name}.json")));
    let mut report: Value = serde_json::from_str(&text.unwrap()).unwrap();
    let mut number = 0;
    poison(&mut report, "", &mut number);
    assert!(number > 100, "only {number} texts are poisoned");
    lockgate::read_report("poisoned", report.to_string().as_bytes()).unwrap()
}

fn poison(value: &mut Value, key: &str, number: &mut usize) {
    match value {
        // What was left out of a golden file is any digest.
        Value::String(text) if is_digest(key) && text.contains('(') => {
            *text = format!("sha256:{}", "0".repeat(64));
        }
        Value::String(_) if is_digest(key) => {}
        Value::String(_) if CLOSED.contains(&key) => {}
        // The code of a finding is that of a rule, or it is no report.
        Value::String(text) if key == "code" => *text = format!("{POISON} {text}"),
        Value::String(text) => {
            *text = format!("{POISON} {number}");
            *number += 1;
        }
        Value::Array(values) => values.iter_mut().for_each(|value| poison(value, key, number)),
        Value::Object(members) => {
            members.iter_mut().for_each(|(key, value)| poison(value, key, number));
        }
        _ => {}
    }
}

/// Whether a digest stands under a key.
fn is_digest(key: &str) -> bool {
    matches!(key, "digest" | "pin") || DIGESTS.contains(&key)
}
