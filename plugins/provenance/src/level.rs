//! How far a build can be trusted: its SLSA build level.
//!
//! No provenance states its level. It follows from who built: `builders` says up to which level each
//! is trusted. A verification summary states one, and counts where its verifier and signer are named.

use lockgate_plugin::json::Value;
use lockgate_plugin::{Failure, Report, brief};

use crate::Provenance;
use crate::claims::Claims;
use crate::rules::LEVEL_TOO_LOW;
use crate::statement::{Predicate, Said, Statement};

/// The levels of SLSA's build track, but for 0, which is none.
pub(crate) const LEVELS: std::ops::RangeInclusive<u8> = 1..=3;

/// What a verified level of the build track begins with; its number follows.
const BUILD_LEVEL: &str = "SLSA_BUILD_LEVEL_";

impl Provenance {
    /// Up to which level the builder of a provenance is trusted; 0 where it is not at all.
    pub(crate) fn level(&self, statement: &Statement, claims: &Claims) -> u8 {
        let Some(id) = &claims.builder else { return 0 };
        let stating = self.builders.iter().filter(|builder| builder.may_state(id, statement));
        stating.filter_map(|builder| builder.level).max().unwrap_or(0)
    }

    pub(crate) fn judge_level(
        &self,
        level: u8,
        statement: &Statement,
        claims: &Claims,
        report: &mut Report,
    ) {
        let Some(wanted) = self.min_level.filter(|wanted| level < *wanted) else { return };
        let said = Said {
            says: "is by a builder that is not trusted up to the required level",
            about: claims.builder.as_deref().unwrap_or_default(),
            expected: &format!("SLSA build level {wanted} or higher"),
            found: &format!("SLSA build level {level}"),
        };
        statement.violation(report, LEVEL_TOO_LOW, said);
    }

    /// The level that a verification summary is evidence for; 0 where it counts for nothing.
    ///
    /// One by a verifier who counts and that did not pass is a violation: another that did must not
    /// hide it.
    pub(crate) fn summarised(
        &self,
        summary: &Statement,
        predicate: Predicate<'_>,
        report: &mut Report,
    ) -> Result<u8, Failure> {
        let id = predicate.text("/verifier/id").ok().flatten().unwrap_or_default();
        let verifiers = self.verifiers.as_deref().unwrap_or_default();
        let counts = verifiers.iter().any(|verifier| verifier.may_state(&id, summary));
        let result = predicate.text("/verificationResult").ok().flatten();
        let levels = predicate.value("/verifiedLevels")?;
        let level = build_level(levels.as_ref()).filter(|_| result.as_deref() == Some("PASSED"));
        let path = &summary.path;
        let finding = match level {
            Some(level) if counts => return Ok(level),
            None if counts => {
                let message = format!("verification summary `{path}` did not pass");
                let finding = report.violation(LEVEL_TOO_LOW, message);
                finding.expected("`PASSED`, with at most one level of the build track");
                finding.found(format!(
                    "`{}` with the levels {}",
                    result.unwrap_or_default(),
                    predicate.json("/verifiedLevels")?.unwrap_or_default()
                ))
            }
            _ => {
                let message = format!(
                    "verification summary `{path}` is by no verifier and signer that `verifiers` \
                     names, and counts for nothing"
                );
                let finding = report.note(LEVEL_TOO_LOW, message);
                finding.found(format!("`{id}`, signed by `{}`", summary.signers.join("`, `")))
            }
        };
        finding.found = finding.found.as_deref().map(brief);
        finding.about(brief(&id)).on(&*summary.digest);
        Ok(0)
    }
}

/// The level of the build track among those that a summary lists; 0 where there is none of it. None
/// where something failed, where one is no text or of no number, and where there are two: the
/// specification allows one of a track.
fn build_level(levels: Option<&Value>) -> Option<u8> {
    let Some(Value::Array(levels)) = levels else { return Some(0) };
    let mut level = None;
    for listed in levels {
        let text = listed.as_str().filter(|text| *text != "FAILED")?;
        let Some(number) = text.strip_prefix(BUILD_LEVEL) else { continue };
        let number = match number.as_bytes() {
            [digit @ b'0'..=b'9'] => digit - b'0',
            b"UNEVALUATED" => 0,
            _ => return None,
        };
        if level.replace(number).is_some() {
            return None;
        }
    }
    Some(level.unwrap_or(0))
}
