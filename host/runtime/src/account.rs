//! The total verdict: from what a plugin returned to what it comes to.
//!
//! Pure. A plugin states which rules it checked and what it found; pass and fail are derived here,
//! and whatever is not accounted for withholds.

use std::collections::{BTreeMap, BTreeSet};

use lockgate_model::{Exception, Finding, Level, Opinion, ReadSet, RuleReport, RuleState, Text};

use crate::bindings::exports::lockgate::policy::plugin as exported;
use crate::bindings::lockgate::policy::types as wit;
use crate::budget::{Budget, Limits};
use crate::plugin::{Description, Rule, Withheld};

/// The most rules that a plugin may declare: more than a person can keep apart.
const MAX_RULES: usize = 256;

/// What an evaluation came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evaluation {
    /// Pass, fail, not applicable or withheld.
    pub opinion: Opinion,
    /// Why it is withheld or not applicable.
    pub reason: Option<Text>,
    /// Every declared rule, in the order of declaration.
    pub rules: Vec<RuleReport>,
    /// What was found, sorted; empty where the opinion is withheld.
    pub findings: Vec<Finding>,
    /// What happened beside what it returned.
    pub observed: Observed,
}

/// What the host saw of an evaluation, whatever it came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observed {
    /// What the plugin looked at.
    pub read: ReadSet,
    /// What the plugin wrote to its log.
    pub log: Vec<Text>,
    /// What it let pass by way of exception.
    pub exceptions: Vec<Exception>,
}

impl Evaluation {
    /// An opinion that the plugin did not give.
    #[must_use]
    pub fn withheld(description: &Description, reason: Text, mut observed: Observed) -> Self {
        // Whatever else the plugin said, it is not believed; but an exception widens, so it is shown.
        let declared = |exception: &Exception| {
            description.rules.iter().any(|rule| rule.code == exception.code)
        };
        observed.exceptions.retain(declared);
        observed.exceptions.sort();
        observed.exceptions.dedup();
        Self {
            opinion: Opinion::Withheld,
            reason: Some(reason),
            rules: description.rules.iter().map(Rule::unaccounted).collect(),
            findings: Vec::new(),
            observed,
        }
    }
}

/// Derives the opinion.
pub(crate) fn opinion(
    description: &Description,
    outcome: wit::Outcome,
    limits: &Limits,
    mut observed: Observed,
) -> Evaluation {
    match settle(description, outcome, &observed, limits) {
        Ok((opinion, reason, rules, findings)) => {
            observed.exceptions.sort();
            observed.exceptions.dedup();
            Evaluation { opinion, reason, rules, findings, observed }
        }
        Err((reason, states)) => {
            let reason = Text::stripped(&reason);
            let mut evaluation = Evaluation::withheld(description, reason, observed);
            for rule in &mut evaluation.rules {
                if let Some((state, reason)) = states.get(&rule.code) {
                    rule.state = *state;
                    rule.reason.clone_from(reason);
                }
            }
            evaluation
        }
    }
}

type Settled = (Opinion, Option<Text>, Vec<RuleReport>, Vec<Finding>);
type States = BTreeMap<String, (RuleState, Option<Text>)>;

fn settle(
    description: &Description,
    outcome: wit::Outcome,
    observed: &Observed,
    limits: &Limits,
) -> Result<Settled, (String, States)> {
    let remediations: BTreeMap<&str, &Text> =
        description.rules.iter().map(|rule| (rule.code.as_str(), &rule.remediation)).collect();
    let mut states = States::new();
    let mut inapplicable = Vec::new();
    for rule in outcome.rules {
        if !remediations.contains_key(rule.code.as_str()) {
            return Err((
                format!("it speaks of a rule `{}` that it does not declare", rule.code),
                states,
            ));
        }
        let state = match rule.state {
            wit::RuleState::Checked => (RuleState::Checked, None),
            wit::RuleState::NotApplicable(why) => {
                inapplicable.push(format!("`{}` does not apply: {why}", rule.code));
                (RuleState::NotApplicable, Some(Text::stripped(&why)))
            }
        };
        if states.insert(rule.code.clone(), state).is_some() {
            return Err((format!("it accounts for the rule `{}` twice", rule.code), states));
        }
    }
    let missing: Vec<_> = description
        .rules
        .iter()
        .filter(|rule| !states.contains_key(&rule.code))
        .map(|rule| format!("`{}`", rule.code))
        .collect();
    if !missing.is_empty() {
        return Err((format!("it does not account for {}", missing.join(", ")), states));
    }
    if outcome.findings.len() as u64 > limits.findings {
        let (count, limit, key) = (outcome.findings.len(), limits.findings, Budget::Findings);
        return Err((
            format!("spent its {key}: {count} of {limit}; `limits.{key}` raises it"),
            states,
        ));
    }
    let mut findings = Vec::with_capacity(outcome.findings.len());
    for finding in outcome.findings {
        let Some(remediation) = remediations.get(finding.code.as_str()) else {
            return Err((
                format!("it finds `{}`, a rule that it does not declare", finding.code),
                states,
            ));
        };
        if states.get(&finding.code).map(|state| state.0) != Some(RuleState::Checked) {
            return Err((
                format!("it finds `{}`, which it says does not apply", finding.code),
                states,
            ));
        }
        match finding_of(finding, remediation, &observed.read) {
            Ok(finding) => findings.push(finding),
            Err(why) => return Err((why, states)),
        }
    }
    findings.sort_by(|a, b| {
        (a.level, &a.code, &a.about, &a.message).cmp(&(b.level, &b.code, &b.about, &b.message))
    });
    let strange = observed.exceptions.iter().find(|made| !remediations.contains_key(&*made.code));
    if let Some(Exception { code, .. }) = strange {
        let why = format!("it makes an exception from `{code}`, a rule that it does not declare");
        return Err((why, states));
    }
    let opinion = if states.values().all(|state| state.0 == RuleState::NotApplicable) {
        Opinion::NotApplicable
    } else if findings.iter().any(|finding| finding.level == Level::Violation) {
        Opinion::Fail
    } else if observed.read.is_empty() {
        return Err(("it passes without having looked at a single fact".into(), states));
    } else {
        Opinion::Pass
    };
    let reason =
        (opinion == Opinion::NotApplicable).then(|| Text::stripped(&inapplicable.join("; ")));
    let rules = description.rules.iter().filter_map(|rule| {
        let (state, reason) = states.remove(&rule.code)?;
        Some(RuleReport { state, reason, ..rule.unaccounted() })
    });
    let rules = rules.collect();
    Ok((opinion, reason, rules, findings))
}

/// Derived from what was not looked at, it would rest on nothing.
fn finding_of(
    finding: wit::Finding,
    remediation: &Text,
    read: &ReadSet,
) -> Result<Finding, String> {
    let mut evidence = BTreeSet::new();
    for text in &finding.evidence {
        let digest = text.parse().ok().filter(|digest| {
            read.documents.binary_search(digest).is_ok() || read.data.binary_search(digest).is_ok()
        });
        match digest {
            Some(digest) => evidence.insert(digest),
            None => {
                return Err(format!("it derives a finding from `{text}`, which it did not read"));
            }
        };
    }
    Ok(Finding {
        code: finding.code,
        level: match finding.level {
            wit::Level::Violation => Level::Violation,
            wit::Level::Warning => Level::Warning,
            wit::Level::Note => Level::Note,
        },
        message: Text::stripped(&finding.message),
        about: finding.about.as_deref().map(Text::stripped),
        expected: finding.expected.as_deref().map(Text::stripped),
        found: finding.found.as_deref().map(Text::stripped),
        evidence: evidence.into_iter().collect(),
        remediation: finding
            .remediation
            .as_deref()
            .map_or_else(|| remediation.clone(), Text::stripped),
    })
}

/// Takes a description only if it can be relied on.
pub(crate) fn description(said: exported::Description) -> Result<Description, Withheld> {
    let refuse = |why: String| {
        let reason = Text::stripped(&format!("its description is unusable: {why}"));
        Withheld { budget: None, reason }
    };
    if said.rules.is_empty() || said.rules.len() > MAX_RULES {
        return Err(refuse(format!("it declares {} rules, of 1 to {MAX_RULES}", said.rules.len())));
    }
    let mut codes = BTreeSet::new();
    for rule in &said.rules {
        if !is_kebab_case(&rule.code) {
            return Err(refuse(format!("the rule code `{}` is not kebab-case", rule.code)));
        }
        if !codes.insert(rule.code.as_str()) {
            return Err(refuse(format!("it declares the rule `{}` twice", rule.code)));
        }
    }
    if let Some(kind) = said.needs.iter().chain(&said.uses).find(|kind| !is_kebab_case(kind)) {
        return Err(refuse(format!("the kind `{kind}` is not kebab-case")));
    }
    let rule = |rule: exported::Rule| Rule {
        code: rule.code,
        title: Text::stripped(&rule.title),
        remediation: Text::stripped(&rule.remediation),
    };
    Ok(Description {
        name: Text::stripped(&said.name),
        version: Text::stripped(&said.version),
        rules: said.rules.into_iter().map(rule).collect(),
        settings_schema: said.settings_schema,
        needs: said.needs,
        uses: said.uses,
    })
}

/// The form of codes and kinds is that of stages.
fn is_kebab_case(text: &str) -> bool {
    text.parse::<lockgate_model::Stage>().is_ok()
}

#[cfg(test)]
mod tests {
    use lockgate_model::Digest;
    use proptest::prelude::*;

    use super::*;

    const CODES: [&str; 3] = ["first", "second", "third"];

    fn declared() -> Description {
        let rule = |code: &str| Rule {
            code: code.into(),
            title: Text::stripped("a rule"),
            remediation: Text::stripped("mend it"),
        };
        Description {
            name: Text::stripped("odd"),
            version: Text::stripped("1.0.0"),
            rules: CODES.map(rule).into(),
            settings_schema: "{}".into(),
            needs: Vec::new(),
            uses: Vec::new(),
        }
    }

    fn looked() -> ReadSet {
        ReadSet { documents: vec![Digest::from_sha256([0; 32])], ..ReadSet::default() }
    }

    fn accounted(code: &str, checked: bool) -> wit::RuleOutcome {
        let state = if checked {
            wit::RuleState::Checked
        } else {
            wit::RuleState::NotApplicable("nothing to cover".into())
        };
        wit::RuleOutcome { code: code.into(), state }
    }

    fn found(code: &str, level: wit::Level) -> wit::Finding {
        let message = format!("{code} is odd");
        wit::Finding {
            code: code.into(),
            level,
            message,
            about: None,
            expected: None,
            found: None,
            evidence: Vec::new(),
            remediation: None,
        }
    }

    fn judged(outcome: wit::Outcome, read: ReadSet) -> Evaluation {
        let observed = Observed { read, ..Observed::default() };
        opinion(&declared(), outcome, &Limits::default(), observed)
    }

    fn any_level() -> impl Strategy<Value = wit::Level> {
        prop_oneof![Just(wit::Level::Violation), Just(wit::Level::Warning), Just(wit::Level::Note)]
    }

    fn any_code() -> impl Strategy<Value = &'static str> {
        prop::sample::select(vec!["first", "second", "third", "fourth"])
    }

    fn any_outcome() -> impl Strategy<Value = wit::Outcome> {
        let rules = prop::collection::vec((any_code(), any::<bool>()), 0..5);
        let findings = prop::collection::vec((any_code(), any_level()), 0..4);
        (rules, findings).prop_map(|(rules, findings)| wit::Outcome {
            rules: rules.into_iter().map(|(code, checked)| accounted(code, checked)).collect(),
            findings: findings.into_iter().map(|(code, level)| found(code, level)).collect(),
        })
    }

    proptest! {
        #[test]
        fn only_a_total_account_without_violations_passes(outcome in any_outcome()) {
            let mut codes: Vec<_> = outcome.rules.iter().map(|rule| rule.code.clone()).collect();
            codes.sort();
            let total = codes == CODES;
            let checked = |code: &str| outcome.rules.iter().any(|rule| {
                rule.code == code && matches!(rule.state, wit::RuleState::Checked)
            });
            let some_checked = CODES.iter().any(|code| checked(code));
            let founded = outcome.findings.iter().all(|finding| checked(&finding.code));
            let clean = outcome.findings.iter().all(|f| f.level != wit::Level::Violation);
            let expected = total && some_checked && founded && clean;
            let evaluation = judged(outcome, looked());
            prop_assert_eq!(evaluation.opinion == Opinion::Pass, expected);
            prop_assert_eq!(evaluation.rules.len(), CODES.len());
        }

        #[test]
        fn the_order_of_the_account_does_not_matter(
            (one, other) in any_outcome().prop_flat_map(|outcome| {
                let rules = Just(outcome.rules.clone()).prop_shuffle();
                let findings = Just(outcome.findings.clone()).prop_shuffle();
                let other = (rules, findings)
                    .prop_map(|(rules, findings)| wit::Outcome { rules, findings });
                (Just(outcome), other)
            })
        ) {
            let (one, other) = (judged(one, looked()), judged(other, looked()));
            prop_assert_eq!(one.opinion, other.opinion);
            prop_assert_eq!(one.findings, other.findings);
        }
    }

    fn all_checked() -> wit::Outcome {
        let rules = CODES.map(|code| accounted(code, true)).into();
        wit::Outcome { rules, findings: Vec::new() }
    }

    #[test]
    fn a_pass_that_looked_at_nothing_is_withheld() {
        assert_eq!(judged(all_checked(), looked()).opinion, Opinion::Pass);
        let blind = judged(all_checked(), ReadSet::default());
        assert_eq!(blind.opinion, Opinion::Withheld);
        // What the policy file hands over is no fact about the artifact.
        let data = ReadSet { data: looked().documents, ..ReadSet::default() };
        assert_eq!(judged(all_checked(), data).opinion, Opinion::Withheld);
        for read in [
            ReadSet { time: true, ..ReadSet::default() },
            ReadSet { history: true, ..ReadSet::default() },
            ReadSet { contents: true, ..ReadSet::default() },
        ] {
            assert_eq!(judged(all_checked(), read).opinion, Opinion::Pass);
        }
    }

    #[test]
    fn a_violation_needs_no_reading() {
        let mut outcome = all_checked();
        outcome.findings.push(found("second", wit::Level::Violation));
        let evaluation = judged(outcome, ReadSet::default());
        assert_eq!(evaluation.opinion, Opinion::Fail);
        assert_eq!(evaluation.findings[0].remediation, "mend it");
    }

    #[test]
    fn a_finding_derived_from_what_was_not_read_withholds() {
        let mut outcome = all_checked();
        outcome.findings.push(wit::Finding {
            evidence: vec![Digest::from_sha256([0; 32]).to_string()],
            ..found("second", wit::Level::Violation)
        });
        let evaluation = judged(outcome.clone(), looked());
        assert_eq!(evaluation.opinion, Opinion::Fail);
        assert_eq!(evaluation.findings[0].evidence, looked().documents);
        let data = ReadSet { data: looked().documents, ..ReadSet::default() };
        assert_eq!(judged(outcome.clone(), data).opinion, Opinion::Fail);
        assert_eq!(judged(outcome.clone(), ReadSet::default()).opinion, Opinion::Withheld);
        outcome.findings[0].evidence.push("the second page".into());
        let evaluation = judged(outcome, looked());
        let expected = "it derives a finding from `the second page`, which it did not read";
        assert_eq!(evaluation.reason.unwrap(), expected);
    }

    #[test]
    fn an_exception_is_kept_whatever_the_opinion_and_only_from_a_declared_rule() {
        let made = |code: &str| Exception {
            code: code.into(),
            message: Text::stripped("for the old service, by the security team"),
        };
        let observed = |exceptions| Observed { read: looked(), exceptions, ..Observed::default() };
        let judge = |outcome, exceptions| {
            opinion(&declared(), outcome, &Limits::default(), observed(exceptions))
        };
        let passed = judge(all_checked(), vec![made("second"), made("first"), made("second")]);
        assert_eq!(passed.opinion, Opinion::Pass);
        assert_eq!(passed.observed.exceptions, [made("first"), made("second")]);
        let strange = judge(all_checked(), vec![made("fourth"), made("first")]);
        assert_eq!(strange.opinion, Opinion::Withheld);
        assert_eq!(strange.observed.exceptions, [made("first")]);
        let untold = wit::Outcome { rules: Vec::new(), findings: Vec::new() };
        assert_eq!(judge(untold, vec![made("first")]).observed.exceptions, [made("first")]);
    }

    #[test]
    fn findings_over_the_limit_are_not_cut_short() {
        let mut outcome = all_checked();
        outcome.findings = vec![found("first", wit::Level::Note); 3];
        let limits = Limits { findings: 2, ..Limits::default() };
        let observed = Observed { read: looked(), ..Observed::default() };
        let evaluation = opinion(&declared(), outcome, &limits, observed);
        assert_eq!(evaluation.opinion, Opinion::Withheld);
        let expected = "spent its findings: 3 of 2; `limits.findings` raises it";
        assert_eq!(evaluation.reason.unwrap(), expected);
    }

    #[test]
    fn a_description_is_usable_or_refused() {
        let rule = |code: &str| exported::Rule {
            code: code.into(),
            title: String::new(),
            remediation: String::new(),
        };
        let said = |codes: &[&str], needs: &str| exported::Description {
            name: "odd".into(),
            version: "1".into(),
            rules: codes.iter().map(|code| rule(code)).collect(),
            settings_schema: String::new(),
            needs: vec![needs.into()],
            uses: Vec::new(),
        };
        assert!(description(said(&["one", "two"], "sbom")).is_ok());
        assert!(description(said(&[], "sbom")).is_err());
        assert!(description(said(&["one", "one"], "sbom")).is_err());
        assert!(description(said(&["One"], "sbom")).is_err());
        assert!(description(said(&["one"], "S BOM")).is_err());
    }
}
