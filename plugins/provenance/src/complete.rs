//! Whether a provenance states all that went into the build.

use lockgate_plugin::json::Value;
use lockgate_plugin::{Failure, Report};

use crate::Provenance;
use crate::format::Version;
use crate::rules::{INCOMPLETE_PARAMETERS, NOT_HERMETIC};
use crate::statement::{Predicate, Said, Statement, shown};

/// The level from which on SLSA demands that a provenance in v1 states all external parameters.
const COMPLETE_LEVEL: u8 = 3;

/// How a build says that it was hermetic.
#[derive(Debug)]
pub(crate) struct Hermetic {
    /// In v1: where below `buildDefinition` which value says so. Nothing says so by itself.
    pub(crate) parameter: Option<(String, Value)>,
}

impl Provenance {
    /// A provenance in v0.2 says itself whether its parameters are complete. One in v1 has no word
    /// for it, but the specification demands it of build level 3, so it follows from the builder.
    pub(crate) fn judge_complete(
        &self,
        version: Version,
        level: u8,
        statement: &Statement,
        predicate: Predicate<'_>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let said = match version {
            Version::V02 => {
                let place = "/metadata/completeness/parameters";
                let found = predicate.json(place)?;
                let found = found.as_deref().unwrap_or("nothing");
                if found == "true" {
                    return Ok(());
                }
                let says = "does not state that its parameters are complete";
                let said = Said { says, about: place, expected: "true", found };
                statement.violation(report, INCOMPLETE_PARAMETERS, said);
                return Ok(());
            }
            Version::V1 if level < COMPLETE_LEVEL => Said {
                says: "is by a builder that need not state all parameters",
                expected: "a builder that is trusted up to build level 3",
                ..Said::default()
            },
            Version::V1 => {
                let parameters = predicate.members(version.places().parameters);
                if parameters.is_ok_and(|names| names.is_some()) {
                    return Ok(());
                }
                Said { says: "states no external parameters", ..Said::default() }
            }
        };
        statement.violation(report, INCOMPLETE_PARAMETERS, said);
        Ok(())
    }
}

impl Hermetic {
    pub(crate) fn judge(
        &self,
        version: Version,
        statement: &Statement,
        predicate: Predicate<'_>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let yes = Value::Bool(true);
        let (place, wanted) = match (version, &self.parameter) {
            (Version::V02, _) => ("/metadata/completeness/materials".to_owned(), &yes),
            (Version::V1, Some((pointer, value))) => (format!("/buildDefinition{pointer}"), value),
            (Version::V1, None) => {
                let said = Said {
                    says: "is in v1, which does not say by itself whether a build was hermetic",
                    expected: "`hermetic` in the settings names the parameter that says so",
                    ..Said::default()
                };
                statement.violation(report, NOT_HERMETIC, said);
                return Ok(());
            }
        };
        if predicate.value(&place)?.is_some_and(|found| found.is_same(wanted)) {
            return Ok(());
        }
        let found = predicate.json(&place)?;
        let said = Said {
            says: "does not state that the build was hermetic",
            about: &place,
            expected: &shown(wanted),
            found: found.as_deref().unwrap_or("nothing"),
        };
        statement.violation(report, NOT_HERMETIC, said);
        Ok(())
    }
}
