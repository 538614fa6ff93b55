//! Renders reports. Every text is a rendering of the same report; none knows more than the JSON.
//!
//! One file, or one folder, for each format. Text from strangers is harmless to terminals already when
//! it comes here ([`Text`](lockgate_model::Text)); what else a format would act on, each escapes by its
//! own rules.

mod explanation;
mod github;
mod grounds;
mod html;
mod human;
mod inspection;
mod json;
mod junit;
mod lint;
mod markdown;
pub(crate) mod remedy;
mod sarif;
pub(crate) mod words;

use lockgate_model::{EvidenceReport, InspectionReport, LintReport, Report};

pub use self::explanation::explanation;
pub(crate) use self::grounds::{Ground, Grounds, Rests};
pub use self::json::json;
use crate::record::Format;

/// The report of a check in a format.
#[must_use]
pub fn check(report: &Report, format: Format) -> String {
    match format {
        Format::Human => human::check(report),
        Format::Json => json(report),
        Format::Sarif => sarif::check(report),
        Format::Junit => junit::check(report),
        Format::Markdown => markdown::check(report),
        Format::Github => github::check(report),
        Format::Html => html::check(report),
    }
}

/// The report of the evidence in a format; none where the format is for verdicts.
#[must_use]
pub fn evidence(report: &EvidenceReport, format: Format) -> Option<String> {
    match format {
        Format::Human => Some(human::evidence(report)),
        Format::Json => Some(json(report)),
        Format::Markdown => Some(markdown::evidence(report)),
        Format::Html => Some(html::evidence(report)),
        Format::Sarif | Format::Junit | Format::Github => None,
    }
}

/// The report of an inspection in a format; none where the format is for verdicts.
#[must_use]
pub fn inspection(report: &InspectionReport, format: Format) -> Option<String> {
    match format {
        Format::Human => Some(inspection::inspection(report)),
        Format::Json => Some(json(report)),
        Format::Sarif | Format::Junit | Format::Markdown | Format::Github | Format::Html => None,
    }
}

/// The report of a lint in a format; none where the format is for verdicts.
#[must_use]
pub fn lint(report: &LintReport, format: Format) -> Option<String> {
    match format {
        Format::Human => Some(lint::lint(report)),
        Format::Json => Some(json(report)),
        Format::Sarif | Format::Junit | Format::Markdown | Format::Github | Format::Html => None,
    }
}
