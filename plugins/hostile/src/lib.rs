//! A policy that misbehaves as its settings say: `{ "mode": "loop" }`.
//!
//! The tests run it to see the sandbox hold. It speaks the raw bindings, for the SDK would stop
//! it from most of what it does. It is never embedded.
#![forbid(unsafe_code)]

mod markup;
mod misbehave;

use lockgate_plugin::bindings::exports::lockgate::policy::plugin::{
    Description, Guest, Outcome, Rule, SettingsProblem,
};
use lockgate_plugin::bindings::lockgate::policy::types::{Finding, Level, RuleOutcome, RuleState};
use serde::Deserialize;

/// The one rule that it declares.
const CODE: &str = "a-rule";

/// The kinds that it declares.
const USES: &[&str] = &["signature", "sbom", "vulnerabilities", "test-result"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    mode: Mode,
}

/// Every way to misbehave, and a few to behave.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "kebab-case")]
enum Mode {
    /// Panics.
    Trap,
    /// Never returns.
    Loop,
    /// Calls itself until the stack is spent.
    Recurse,
    /// Grows its memory for ever.
    Memory,
    /// Makes ten million findings.
    Findings,
    /// Makes one finding of several MiB.
    BigFinding,
    /// Makes a finding full of what a terminal or a CI system would obey.
    Escapes,
    /// Makes findings full of what a page, a summary or a test report would take for its own.
    Markup,
    /// Cannot say, in the same words.
    MarkupError,
    /// Accounts for no rule.
    NoRules,
    /// Speaks for a rule that it did not declare.
    UndeclaredCode,
    /// Accounts for a rule twice.
    Twice,
    /// Says that all is well without having looked.
    NothingRead,
    /// Says that no rule applies.
    AllNotApplicable,
    /// Looks, and is content.
    Pass,
    /// Looks, and finds a violation.
    Fail,
    /// Looks, and finds a violation of which it says all that can be said.
    Compare,
    /// Looks, and warns.
    Warn,
    /// Notes of every document how far the host vouches for it.
    Assurance,
    /// Cannot say.
    Error,
    /// Asks for a kind that it did not declare.
    UndeclaredKind,
    /// Writes to the log for ever.
    LogFlood,
    /// Calls the host for ever.
    HostCalls,
    /// Takes handles for ever and keeps them.
    Handles,
    /// Asks for pages of no and of too many elements.
    BadPage,
}

struct Hostile;

impl Guest for Hostile {
    fn describe() -> Description {
        Description {
            name: "hostile".into(),
            version: env!("CARGO_PKG_VERSION").into(),
            rules: vec![Rule {
                code: CODE.into(),
                title: "Nothing in particular".into(),
                remediation: "Choose another mode.".into(),
            }],
            settings_schema: r#"{"type":"object","properties":{"mode":{"type":"string"}},"required":["mode"],"additionalProperties":false}"#.into(),
            needs: vec![],
            uses: USES.iter().map(|kind| (*kind).into()).collect(),
        }
    }

    fn validate_settings(settings: String) -> Result<Vec<String>, Vec<SettingsProblem>> {
        match serde_json::from_str::<Settings>(&settings) {
            Ok(_) => {
                let words = USES.iter().chain(&["contents", "data", "history"]);
                Ok(words.map(|&word| word.into()).collect())
            }
            Err(error) => {
                Err(vec![SettingsProblem { pointer: "/mode".into(), message: error.to_string() }])
            }
        }
    }

    fn evaluate(settings: String) -> Result<Outcome, String> {
        let Settings { mode } = serde_json::from_str(&settings).map_err(|e| e.to_string())?;
        match mode {
            Mode::Trap => panic!("a policy panics"),
            Mode::Loop => misbehave::spin(),
            Mode::Recurse => Err(misbehave::recurse(0).to_string()),
            Mode::Memory => misbehave::grow(),
            Mode::Findings => Ok(outcome(misbehave::many_findings())),
            Mode::BigFinding => Ok(outcome(vec![finding(Level::Violation, misbehave::big_text())])),
            Mode::Escapes => Ok(outcome(vec![misbehave::escapes()])),
            Mode::Markup => Ok(outcome(markup::findings())),
            Mode::MarkupError => Err(markup::TEXTS.concat()),
            Mode::NoRules => {
                misbehave::look()?;
                Ok(Outcome { rules: vec![], findings: vec![] })
            }
            Mode::UndeclaredCode => {
                misbehave::look()?;
                let mut stray = finding(Level::Warning, "from a rule that nobody declared");
                stray.code = "another-rule".into();
                Ok(outcome(vec![stray]))
            }
            Mode::Twice => {
                misbehave::look()?;
                Ok(Outcome { rules: vec![account(RuleState::Checked); 2], findings: vec![] })
            }
            Mode::NothingRead => Ok(outcome(vec![])),
            Mode::AllNotApplicable => {
                let state = RuleState::NotApplicable("there is nothing to check".into());
                Ok(Outcome { rules: vec![account(state)], findings: vec![] })
            }
            Mode::Pass => {
                misbehave::look()?;
                Ok(outcome(vec![]))
            }
            Mode::Fail => {
                misbehave::look()?;
                Ok(outcome(vec![finding(Level::Violation, "this never passes")]))
            }
            Mode::Compare => Ok(outcome(vec![misbehave::compared()?])),
            Mode::Warn => {
                misbehave::look()?;
                Ok(outcome(vec![finding(Level::Warning, "this is a warning")]))
            }
            Mode::Assurance => Ok(outcome(misbehave::assurances()?)),
            Mode::Error => Err("this policy could not judge".into()),
            Mode::UndeclaredKind => Err(misbehave::undeclared_kind()),
            Mode::LogFlood => misbehave::log_flood(),
            Mode::HostCalls => misbehave::host_calls(),
            Mode::Handles => misbehave::handles(),
            Mode::BadPage => Err(misbehave::bad_page()),
        }
    }
}

/// The one rule was checked, and these are the findings.
fn outcome(findings: Vec<Finding>) -> Outcome {
    Outcome { rules: vec![account(RuleState::Checked)], findings }
}

fn account(state: RuleState) -> RuleOutcome {
    RuleOutcome { code: CODE.into(), state }
}

fn finding(level: Level, message: impl Into<String>) -> Finding {
    Finding {
        code: CODE.into(),
        level,
        message: message.into(),
        about: None,
        expected: None,
        found: None,
        evidence: vec![],
        remediation: None,
    }
}

#[cfg(target_family = "wasm")]
lockgate_plugin::bindings::export_raw!(Hostile with_types_in lockgate_plugin::bindings);

// Natively nothing is exported; this keeps the compiler's eye on the type.
const _: fn() = || {
    fn is_a_guest<G: Guest>() {}
    is_a_guest::<Hostile>();
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_mode_is_a_problem() {
        assert!(Hostile::validate_settings(r#"{"mode":"big-finding"}"#.into()).is_ok());
        let problems = Hostile::validate_settings(r#"{"mode":"be-nice"}"#.into()).unwrap_err();
        assert_eq!(problems[0].pointer, "/mode");
        assert!(problems[0].message.contains("be-nice"), "{problems:?}");
    }

    #[test]
    fn the_modes_that_need_no_host_do_what_they_say() {
        let run = |mode: &str| Hostile::evaluate(format!(r#"{{"mode":"{mode}"}}"#));
        assert!(run("error").is_err());
        assert_eq!(run("nothing-read").unwrap().findings.len(), 0);
        assert!(run("big-finding").unwrap().findings[0].message.len() > 4 << 20);
        assert!(run("escapes").unwrap().findings[0].message.contains("\u{1b}[2J"));
    }
}
