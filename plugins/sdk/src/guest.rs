//! Between a [`Policy`] and the exports of a component.

use std::marker::PhantomData;

use crate::bindings::exports::lockgate::policy::plugin::{self, Guest, Outcome, SettingsProblem};
use crate::bindings::lockgate::policy::types::{Finding, RuleOutcome, RuleState};
use crate::{Policy, Problem, Report, State, from_json};

/// What [`export!`](crate::export) exports for a policy.
#[derive(Debug)]
pub struct Exported<P>(PhantomData<P>);

impl<P: Policy + 'static> Guest for Exported<P> {
    fn describe() -> plugin::Description {
        let description = P::DESCRIPTION;
        plugin::Description {
            name: description.name.into(),
            version: description.version.into(),
            rules: description
                .rules
                .iter()
                .map(|rule| plugin::Rule {
                    code: rule.code.into(),
                    title: rule.title.into(),
                    remediation: rule.remediation.into(),
                })
                .collect(),
            settings_schema: description.settings_schema.into(),
            needs: owned(description.needs),
            uses: owned(description.uses),
        }
    }

    fn validate_settings(settings: String) -> Result<Vec<String>, Vec<SettingsProblem>> {
        let problem = |p: Problem| SettingsProblem { pointer: p.pointer, message: p.message };
        match from_json::<P>(&settings) {
            Ok(policy) => Ok(policy.reads()),
            Err(problems) => Err(problems.into_iter().map(problem).collect()),
        }
    }

    fn evaluate(settings: String) -> Result<Outcome, String> {
        let policy = from_json::<P>(&settings).map_err(|problems| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            format!("the settings are refused: {}", problems.join("; "))
        })?;
        policy.evaluate().map(outcome).map_err(|failure| failure.to_string())
    }
}

/// The report in the words of the interface.
fn outcome(report: Report) -> Outcome {
    let (rules, findings) = report.into_parts();
    Outcome {
        rules: rules
            .into_iter()
            .map(|(rule, state)| RuleOutcome {
                code: rule.code.into(),
                state: match state {
                    State::Checked => RuleState::Checked,
                    State::NotApplicable(why) => RuleState::NotApplicable(why),
                },
            })
            .collect(),
        findings: findings
            .into_iter()
            .map(|finding| Finding {
                code: finding.rule.code.into(),
                level: finding.level,
                message: finding.message,
                about: finding.about,
                expected: finding.expected,
                found: finding.found,
                evidence: finding.evidence,
                remediation: finding.remediation,
            })
            .collect(),
    }
}

fn owned(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.into()).collect()
}
