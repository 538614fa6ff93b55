//! The findings of one rule about one scan, bounded in number.

use lockgate_plugin::scans::Row;
use lockgate_plugin::{Level, Report, Rule};

/// The most vulnerabilities of one scan that one rule names at one level. Nobody reads further, and
/// what is left is summed up in one more finding, never passed over.
pub(crate) const MAX_NAMED: usize = 100;

/// One scan, as findings refer to it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'a> {
    /// Names it, where there are several.
    pub(crate) name: &'a str,
    /// Its digest.
    pub(crate) digest: &'a str,
}

/// What a finding says.
#[derive(Debug, Default)]
pub(crate) struct Saying {
    /// Of the vulnerability in the component, with a verb.
    pub(crate) what: String,
    pub(crate) expected: Option<String>,
    pub(crate) found: Option<String>,
    /// The digests of what it rests on, beside the scan.
    pub(crate) on: Vec<String>,
}

/// Names the first vulnerabilities, and counts the rest.
pub(crate) struct Tally<'a> {
    rule: Rule,
    level: Level,
    place: Place<'a>,
    named: usize,
    /// Whom the last finding is about: the same vulnerability in the same component, found at several
    /// places, is one finding.
    last: String,
    more: u64,
}

impl<'a> Tally<'a> {
    pub(crate) fn new(rule: Rule, level: Level, place: Place<'a>) -> Self {
        Self { rule, level, place, named: 0, last: String::new(), more: 0 }
    }

    /// Whether a row would be named and not only counted.
    pub(crate) fn names(&self, row: &Row) -> bool {
        self.named < MAX_NAMED && self.last != about(row)
    }

    /// Whether no further row is named.
    pub(crate) fn is_full(&self) -> bool {
        self.named == MAX_NAMED
    }

    /// Names a row, or counts it.
    pub(crate) fn add(&mut self, row: &Row, saying: impl FnOnce() -> Saying, report: &mut Report) {
        let about = about(row);
        if about == self.last {
            return;
        }
        if self.is_full() {
            self.more += 1;
            return;
        }
        self.named += 1;
        let Saying { what, expected, found, on } = saying();
        let message =
            format!("`{}` in `{}`{} {what}", row.vulnerability, called(row), self.place.name);
        let finding = report.finding(self.level, self.rule, message);
        finding.about(about.as_str()).on(self.place.digest);
        finding.expected = expected;
        finding.found = found;
        finding.evidence.extend(on);
        self.last = about;
    }

    /// Counts rows that nobody looked at.
    pub(crate) fn count(&mut self, rows: u64) {
        self.more += rows;
    }

    /// Sums up what was not named.
    pub(crate) fn finish(self, report: &mut Report) {
        if self.more > 0 {
            let message = format!("{} further findings like these{}", self.more, self.place.name);
            report.finding(self.level, self.rule, message).on(self.place.digest);
        }
    }
}

/// What a finding about a row is about.
fn about(row: &Row) -> String {
    match &row.purl {
        Some(purl) => format!("{} in {purl}", row.vulnerability),
        None => format!("{} in {}", row.vulnerability, called(row)),
    }
}

/// The component, for messages; a report need not name one.
fn called(row: &Row) -> String {
    match (row.component.as_str(), &row.version) {
        ("", _) => "a component without a name".to_owned(),
        (name, None) => name.to_owned(),
        (name, Some(version)) => format!("{name}@{version}"),
    }
}
