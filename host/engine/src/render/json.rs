//! JSON: for programs.

use serde_json::ser::{PrettyFormatter, Serializer};

/// The report as JSON, indented by two spaces, with a newline at its end.
///
/// # Panics
///
/// Never: reports are made of strings, numbers, lists and records.
#[must_use]
pub fn json<T: serde::Serialize>(report: &T) -> String {
    let mut bytes = Vec::new();
    let mut serializer = Serializer::with_formatter(&mut bytes, PrettyFormatter::new());
    report.serialize(&mut serializer).expect("a report has no map with odd keys");
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("JSON is UTF-8")
}
