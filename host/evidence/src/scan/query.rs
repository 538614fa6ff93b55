//! Questions about the rows of a scan, with what VEX says of them.

use super::{Assessment, Severity};
use crate::package::Wanted;
use crate::query::{self, Candidates};
use crate::vex::Status;

/// A question about the rows of a scan.
pub type Query = query::Query<Narrowing>;

/// One narrowing of it. What is not known is never covered less than what is bad.
#[derive(Debug, Clone)]
pub enum Narrowing {
    /// Those of this vulnerability, by its id or an alias, in any case.
    Vulnerability(String),
    /// Those of this package. Without a version it covers all versions; each qualifier and the
    /// subpath that it has are compared. A component whose purl is not valid is never covered.
    Purl(Wanted),
    /// Those whose component has this name, compared exactly.
    Component(String),
    /// Those of this severity.
    Severity(Severity),
    /// Those of this severity or a higher one, and those of which it is unknown.
    SeverityAtLeast(Severity),
    /// Those of which any score is this or higher, in tenths, and those without a score.
    ScoreAtLeast(u32),
    /// Those for which a version is known in which it is fixed, or those for which none is.
    Fixable(bool),
    /// Those of which this status stands by VEX, or none.
    Status(Option<Status>),
    /// Those of which this status does not stand.
    StatusNot(Status),
}

impl query::Narrowing for Narrowing {
    type Index = Assessment;

    fn rows(index: &Assessment) -> usize {
        index.scan().rows().len()
    }

    fn covers(&self, index: &Assessment, number: usize) -> bool {
        let row = &index.scan().rows()[number];
        let status = || index.stated(number).map(|stated| stated.status);
        match self {
            Self::Vulnerability(id) => row.is_called(id),
            Self::Purl(wanted) => row.is_of(wanted),
            Self::Component(name) => row.component == *name,
            Self::Severity(severity) => row.severity == *severity,
            Self::SeverityAtLeast(least) => {
                row.severity >= *least || row.severity == Severity::Unknown
            }
            Self::ScoreAtLeast(least) => {
                row.cvss.is_empty() || row.cvss.iter().any(|cvss| cvss.score >= *least)
            }
            Self::Fixable(fixable) => row.fixed_versions.is_empty() != *fixable,
            Self::Status(wanted) => status() == *wanted,
            Self::StatusNot(unwanted) => status() != Some(*unwanted),
        }
    }

    fn candidates<'i>(&self, index: &'i Assessment) -> Option<Candidates<'i>> {
        let scan = index.scan();
        let rows: &[u32] = match self {
            Self::Vulnerability(id) => {
                scan.by_vulnerability.get(&id.to_ascii_lowercase()).map_or(&[], Vec::as_slice)
            }
            Self::Severity(severity) => &scan.by_severity[*severity as usize],
            Self::SeverityAtLeast(least) => &scan.at_least[*least as usize],
            _ => return None,
        };
        Some(Candidates::Listed(rows))
    }
}
