//! What is wrong with one provenance.

use lockgate_plugin::duration::Duration;
use lockgate_plugin::instant::Instant;
use lockgate_plugin::pattern::Pattern;
use lockgate_plugin::{Failure, Report, Rule};

use crate::claims::Claims;
use crate::format::Version;
use crate::rules::{
    PARAMETER_MISMATCH, REF_NOT_ALLOWED, SOURCE_NOT_ALLOWED, STALE_PROVENANCE, UNTRUSTED_BUILDER,
    WORKFLOW_NOT_ALLOWED,
};
use crate::statement::{Predicate, Said, Statement, expected, shown, stated};
use crate::{Provenance, Seen};

impl Provenance {
    /// Adds what is wrong with one provenance.
    pub(crate) fn judge(
        &self,
        statement: &Statement,
        predicate: Predicate<'_>,
        seen: &Seen,
        report: &mut Report,
    ) {
        let Some(version) = statement.version() else {
            let said = Said {
                says: "is of a version that this policy does not know",
                about: &statement.predicate_type,
                expected: "SLSA provenance v1 or v0.2",
                found: &statement.predicate_type,
            };
            return statement.violation(report, UNTRUSTED_BUILDER, said);
        };
        // It is the document that does not say what is asked of it, so it is the document that fails.
        if let Err(why) = self.judge_version(version, statement, predicate, seen, report) {
            let says = &*format!("cannot be read: {why}");
            statement.violation(report, UNTRUSTED_BUILDER, Said { says, ..Said::default() });
        }
    }

    fn judge_version(
        &self,
        version: Version,
        statement: &Statement,
        predicate: Predicate<'_>,
        seen: &Seen,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let claims = Claims::read(version, predicate)?;
        self.judge_builder(statement, &claims, report);
        for (allowed, stated, rule, word) in [
            (&self.sources, &claims.sources, SOURCE_NOT_ALLOWED, "source"),
            (&self.refs, &claims.refs, REF_NOT_ALLOWED, "ref"),
            (&self.workflows, &claims.workflows, WORKFLOW_NOT_ALLOWED, "workflow"),
        ] {
            if let Some(allowed) = allowed {
                Named { statement, rule, word, allowed }.judge(stated, report);
            }
        }
        self.judge_parameters(version, statement, predicate, report)?;
        if self.exact_parameters {
            self.judge_unexpected(version, statement, predicate, report)?;
        }
        let level = self.level(statement, &claims).max(seen.summarised);
        self.judge_level(level, statement, &claims, report);
        if self.complete_parameters {
            self.judge_complete(version, level, statement, predicate, report)?;
        }
        if let Some(hermetic) = &self.hermetic {
            hermetic.judge(version, statement, predicate, report)?;
        }
        if let Some(materials) = &self.materials {
            materials.judge(version.places().materials, statement, predicate, report);
        }
        if let (Some(max_age), Some(at)) = (self.max_age, seen.at) {
            let finished = stated(predicate, version.places().finished)?;
            judge_age(finished, max_age, at, statement, report);
        }
        Ok(())
    }

    /// The pair decides: this id, stated by one of those who may state it.
    fn judge_builder(&self, statement: &Statement, claims: &Claims, report: &mut Report) {
        let id = claims.builder.as_deref().unwrap_or_default();
        let mut signers = Vec::new();
        for builder in self.builders.iter().filter(|builder| builder.id.matches(id)) {
            if builder.may_state(id, statement) {
                return;
            }
            signers.extend(builder.signers.iter().map(String::as_str));
        }
        let ids: Vec<Pattern> = self.builders.iter().map(|builder| builder.id.clone()).collect();
        let (says, expected, found) = if claims.builder.is_none() {
            ("states no builder", expected(&ids), String::new())
        } else if signers.is_empty() {
            let says = "states a builder that `builders` does not name";
            (says, expected(&ids), id.to_owned())
        } else {
            let says = "is signed by nobody who may state its builder";
            let expected = format!("a signature by one of `{}`", signers.join("`, `"));
            (says, expected, format!("signatures by `{}`", statement.signers.join("`, `")))
        };
        let said = Said { says, about: id, expected: &expected, found: &found };
        statement.violation(report, UNTRUSTED_BUILDER, said);
    }

    fn judge_parameters(
        &self,
        version: Version,
        statement: &Statement,
        predicate: Predicate<'_>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        for (pointer, wanted) in self.parameters.iter().flatten() {
            let place = format!("{}{pointer}", version.places().parameters);
            let found = predicate.value(&place)?;
            if found.as_ref().is_some_and(|found| found.is_same(wanted)) {
                continue;
            }
            let says = match found {
                Some(_) => "states another value for a parameter",
                None => "does not state a parameter",
            };
            let (wanted, found) = (shown(wanted), predicate.json(&place)?);
            let found = found.as_deref().unwrap_or("nothing");
            let said = Said { says, about: pointer, expected: &wanted, found };
            statement.violation(report, PARAMETER_MISMATCH, said);
        }
        Ok(())
    }
}

/// No end stated is a violation too: else whoever leaves it out would pass.
fn judge_age(
    finished: Option<String>,
    max_age: Duration,
    at: i64,
    statement: &Statement,
    report: &mut Report,
) {
    let (says, found) = match finished {
        None => ("does not state when the build finished", "nothing".into()),
        Some(text) => match text.parse::<Instant>() {
            Err(_) => ("states an end of the build that is no RFC 3339 instant", text),
            Ok(finished) if max_age.is_outlived(finished.unix(), at) => {
                ("is of a build that finished too long ago", finished.to_string())
            }
            Ok(_) => return,
        },
    };
    let oldest = i64::try_from(max_age.seconds()).unwrap_or(i64::MAX);
    let oldest = Instant::from_unix(at.saturating_sub(oldest));
    let expected = &*format!("{oldest} or later, which is {max_age} before this moment");
    let said = Said { says, expected, found: &found, ..Said::default() };
    statement.violation(report, STALE_PROVENANCE, said);
}

/// Values that a provenance states, and that must all be allowed.
struct Named<'a> {
    statement: &'a Statement,
    rule: Rule,
    word: &'a str,
    allowed: &'a [Pattern],
}

impl Named<'_> {
    /// Nothing stated is a violation too: else whoever leaves it out would pass.
    fn judge(&self, stated: &[String], report: &mut Report) {
        let Self { statement, rule, word, allowed } = *self;
        let expected = &*expected(allowed);
        if stated.is_empty() {
            let says = &*format!("states no {word}");
            statement.violation(report, rule, Said { says, expected, ..Said::default() });
        }
        for value in stated {
            if !allowed.iter().any(|pattern| pattern.matches(value)) {
                let says = &*format!("states a {word} that `{word}s` does not allow");
                let said = Said { says, about: value, expected, found: value };
                statement.violation(report, rule, said);
            }
        }
    }
}
