//! Vulnerability scans behind a native index.
//!
//! A report is read once and answers every policy's questions from then on: [`Scan`] holds a row for
//! each pair of a vulnerability and a component in a fixed order, [`Query`] narrows and counts. What
//! the words mean is written down in `wit/vulnerabilities.wit`, and this is the room that keeps it.
//!
//! No row is ever left out, and a report that cannot be read as a whole has no rows at all: what was
//! overlooked would read like what was not found. What VEX says stands beside a row, in an
//! [`Assessment`], and changes nothing of it.
//!
//! A `Scan` proves nothing by itself. What vouches for it is the fact that it was taken from, see
//! [`crate::Attestation::scan`].

mod assessment;
mod cvss;
mod cyclonedx;
mod draft;
mod grype;
mod osv;
mod predicate;
mod query;
mod raw;
mod sarif;
mod severity;
mod shape;
mod trivy;
mod words;

use std::collections::BTreeMap;

use lockgate_model::{Instant, Kind};

pub use assessment::{Assessment, UnreadVex};
pub use cvss::Cvss;
pub use query::{Narrowing, Query};
pub(crate) use raw::{moments, named};
pub use severity::{Severity, UnknownSeverity};
pub(crate) use shape::Shape;

use crate::package::Wanted;
use crate::package::purl::Canonical;

/// The contents of one report.
#[derive(Debug, PartialEq, Eq)]
pub struct Scan {
    format: &'static str,
    notes: Vec<String>,
    covered_nothing: bool,
    left_out: usize,
    scanner: Option<String>,
    scanner_version: Option<String>,
    scanned_at: Option<Instant>,
    database_at: Option<Instant>,
    // INVARIANT: sorted by (vulnerability, purl, component, version), then by all else that a row
    // says; a row's number is its place here, and pages are cut from this order. Rows that agree in
    // all of it cannot be told apart, so their order in the document does not matter.
    rows: Vec<Row>,
    // INVARIANT: the numbers of the rows of each severity, ascending.
    by_severity: [Vec<u32>; Severity::COUNT],
    // INVARIANT: the numbers of the rows of each severity or a higher one, and of those of which it
    // is unknown, ascending.
    at_least: [Vec<u32>; Severity::COUNT],
    // INVARIANT: the numbers of the rows of each id or alias, in lower case, ascending.
    by_vulnerability: BTreeMap<String, Vec<u32>>,
}

/// What a report says of one vulnerability in one component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The id that the scanner gives, for example `CVE-2021-44228`.
    pub vulnerability: String,
    /// Other ids of the same vulnerability, sorted and distinct.
    pub aliases: Vec<String>,
    /// The component's name, as the scanner writes it; empty where the report names none.
    pub component: String,
    /// The installed version, as it was written.
    pub version: Option<String>,
    /// In canonical form where it is a valid package URL, else as it was written.
    pub purl: Option<String>,
    /// Versions in which it is fixed, distinct, as they were written, in the document's order.
    pub fixed_versions: Vec<String>,
    /// How bad it is said to be; the worst that is said where several say something.
    pub severity: Severity,
    /// Whose word `severity` is; `cvss` where there is no word and it follows from the highest
    /// score.
    pub severity_source: Option<String>,
    /// Its ratings, distinct, sorted by source, version and vector.
    pub cvss: Vec<Cvss>,
    /// When the vulnerability was published.
    pub published_at: Option<Instant>,
    /// How `purl` divides, if it is a valid package URL.
    canonical: Option<Canonical>,
}

/// Why a document has no rows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the fields are quoted from the document")]
pub enum Unreadable {
    /// It is evidence of something else.
    #[error("the document is of the kind `{kind}`, not `vulnerabilities`")]
    NotAScan { kind: Kind },
    /// It is a report of another format, or none at all.
    #[error(
        "the report is of no format that this version reads, which are Trivy, Grype and OSV-Scanner \
         in JSON, SARIF and CycloneDX: it is {looks}"
    )]
    Format { looks: String },
    /// It is of a version that has other rules.
    #[error(
        "version {version} of {format} is not supported by this version, which reads {supported}"
    )]
    Version { format: &'static str, version: String, supported: &'static str },
    /// It is not what its format says.
    #[error("the document is not valid {format}: {what}")]
    Malformed { format: &'static str, what: String },
    /// What it says once would stand in so many rows that they would take too much memory.
    #[error("the rows of the document would take more than {bytes} bytes")]
    Size { bytes: usize },
}

impl Scan {
    /// Reads the predicate of a statement of a kind, or a report that no statement is around.
    pub(crate) fn read(
        kind: Kind,
        predicate_type: &str,
        predicate: &[u8],
    ) -> Result<Self, Unreadable> {
        if kind != Kind::Vulnerabilities {
            return Err(Unreadable::NotAScan { kind });
        }
        let text = std::str::from_utf8(predicate).map_err(|_| Unreadable::Malformed {
            format: "JSON",
            what: "it is not UTF-8".to_owned(),
        })?;
        let draft = match predicate_type {
            "https://in-toto.io/attestation/vulns/v0.1"
            | "https://in-toto.io/attestation/vulns/v0.2" => predicate::in_toto(text)?,
            "https://cosign.sigstore.dev/attestation/vuln/v1" => predicate::cosign(text)?,
            _ => report(text, text.len())?,
        };
        Ok(draft.finish())
    }

    /// The format: `trivy`, `grype`, `sarif`, `cyclonedx`, `osv-scanner` or `in-toto-vulns`. Where
    /// a predicate holds another tool's report, that report's.
    #[must_use]
    pub fn format(&self) -> &'static str {
        self.format
    }

    /// What is worth knowing about how it was read: sentences for people, sorted and distinct.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// Whether the report shows that nothing was looked at; false also where its format cannot tell.
    #[must_use]
    pub fn covered_nothing(&self) -> bool {
        self.covered_nothing
    }

    /// How many findings the scanner was told to leave out, and are no rows; 0 also where its format
    /// does not say.
    #[must_use]
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// The scanner's name, as it was written.
    #[must_use]
    pub fn scanner(&self) -> Option<&str> {
        self.scanner.as_deref()
    }

    /// The scanner's version, as it was written.
    #[must_use]
    pub fn scanner_version(&self) -> Option<&str> {
        self.scanner_version.as_deref()
    }

    /// When the scan was made: the earlier moment where a predicate and the report in it differ.
    #[must_use]
    pub fn scanned_at(&self) -> Option<Instant> {
        self.scanned_at
    }

    /// When the scanner's database was last updated.
    #[must_use]
    pub fn database_at(&self) -> Option<Instant> {
        self.database_at
    }

    /// All rows, by number.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }
}

impl Row {
    /// What rows are ordered by: first what names them, then all else.
    fn order(&self) -> impl Ord + '_ {
        let Self { vulnerability, aliases, component, version, purl, fixed_versions, .. } = self;
        let Self { severity, severity_source, cvss, published_at, .. } = self;
        let named = (vulnerability, purl, component, version);
        (named, severity, severity_source, aliases, fixed_versions, cvss, published_at)
    }

    /// Whether its vulnerability has this id or alias, in any case.
    #[must_use]
    pub fn is_called(&self, id: &str) -> bool {
        self.vulnerability.eq_ignore_ascii_case(id)
            || self.aliases.iter().any(|alias| alias.eq_ignore_ascii_case(id))
    }

    /// Whether its component is this package. One whose purl is not valid is none.
    #[must_use]
    pub fn is_of(&self, wanted: &Wanted) -> bool {
        let purl = self.purl.as_deref().zip(self.canonical.as_ref());
        purl.is_some_and(|(text, parts)| wanted.covers(text, parts))
    }
}

/// Reads a report of whichever format it has. `length` is that of the whole document, by which is
/// measured what its rows may take.
fn report(text: &str, length: usize) -> Result<draft::Draft, Unreadable> {
    let shape = shape::tell(text).map_err(|untold| match untold {
        shape::Untold::Looks(looks) => Unreadable::Format { looks },
        shape::Untold::Json(error) => malformed("JSON", &error),
    })?;
    let draft = draft::Draft::new(shape.as_str(), length);
    match shape {
        Shape::Trivy => trivy::read(text, draft),
        Shape::Grype => grype::read(text, draft),
        Shape::Sarif => sarif::read(text, draft),
        Shape::CycloneDx => cyclonedx::read(text, draft),
        Shape::OsvScanner => osv::read(text, draft),
    }
}

fn malformed(format: &'static str, error: &serde_json::Error) -> Unreadable {
    Unreadable::Malformed { format, what: crate::reason::shown(error) }
}

/// A document that lacks what its format requires.
fn lacks(format: &'static str, member: &str) -> Unreadable {
    Unreadable::Malformed { format, what: format!("it lacks `{member}`") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const REPORTS: &[&str] = &[
        include_str!("../../../../tests/fixtures/scans/grype/TestJsonImgsPresenter.json"),
        include_str!("../../../../tests/fixtures/scans/trivy/alpine-310.sarif.json"),
        include_str!("../../../../tests/fixtures/scans/trivy/pip.json"),
        r#"{"results":[{"packages":[{"package":{"name":"a"},"vulnerabilities":[{"id":"b"}]}]}]}"#,
        r#"{"bomFormat":"CycloneDX","specVersion":"1.6","vulnerabilities":[{"id":"a","affects":[]}]}"#,
        r#"{"scanner":{"result":[{"id":"a","severity":{"method":"m","score":"high"}}]}}"#,
    ];

    const TYPES: &[&str] = &[
        "",
        "https://in-toto.io/attestation/vulns/v0.2",
        "https://cosign.sigstore.dev/attestation/vuln/v1",
    ];

    fn read(predicate_type: &str, bytes: &[u8]) -> Result<Scan, Unreadable> {
        Scan::read(Kind::Vulnerabilities, predicate_type, bytes)
    }

    proptest! {
        #[test]
        fn a_report_that_was_cut_off_has_no_rows(report in 0..5_usize, share in 0.0..1.0_f64) {
            let bytes = REPORTS[report].trim_end().as_bytes();
            prop_assert!(read("", bytes).is_ok());
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share")]
            let end = (bytes.len() as f64 * share) as usize;
            prop_assert!(read("", &bytes[..end]).is_err());
        }

        #[test]
        fn no_bytes_make_it_panic(
            report in prop::sample::select(REPORTS.to_vec()),
            predicate_type in prop::sample::select(TYPES.to_vec()),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..8),
        ) {
            let mut bytes = report.as_bytes().to_vec();
            for (place, byte) in changes {
                let place = place.index(bytes.len());
                bytes[place] = byte;
            }
            if let Err(error) = read(predicate_type, &bytes) {
                let is_harmless = !error.to_string().contains(char::is_control);
                prop_assert!(is_harmless, "{error}");
            }
        }
    }
}
