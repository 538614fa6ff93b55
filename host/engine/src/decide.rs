//! Decides.
//!
//! A pure function from opinions to a [`Decision`]. Nothing here reads a file, a clock or an
//! environment variable, and the order of opinions does not matter. To see who calls it, read
//! [`crate::check`].

use std::collections::BTreeSet;

use lockgate_model::{
    Decision, Effect, Level, Opinion, Outcome, PolicyReport, Reason, Relaxation, Text,
};

/// What follows from the opinions.
///
/// `not_applicable` names the policies that turned out not to apply and of which the policy file
/// allows it; `missing` says what expected evidence is missing; `undecided` where
/// it cannot be told which evidence counts; `forbidden` holds the relaxations of
/// a stage that allows none. Nothing but a complete, positive set of opinions opens the gate; no
/// opinion at all does not.
#[must_use]
pub fn decide(
    policies: &[PolicyReport],
    not_applicable: &BTreeSet<String>,
    missing: Vec<Text>,
    undecided: Vec<Text>,
    forbidden: &[Relaxation],
) -> Decision {
    let mut denying: Vec<Reason> = missing
        .into_iter()
        .map(|message| Reason { code: "missing-evidence".into(), message })
        .collect();
    let expected_is_there = denying.is_empty();
    denying.extend(forbidden.iter().map(relaxed));
    let ambiguous = |message| Reason { code: "ambiguous-evidence".into(), message };
    let mut open: Vec<Reason> = undecided.into_iter().map(ambiguous).collect();
    let was_asked = expected_is_there && open.is_empty();
    for policy in policies.iter().filter(|policy| policy.effect == Effect::Required) {
        match policy.opinion {
            Opinion::Pass => {}
            Opinion::Fail => denying.push(failed(policy)),
            Opinion::NotApplicable if not_applicable.contains(&policy.name) => {}
            Opinion::NotApplicable => denying.push(Reason {
                code: "policy-not-applicable".into(),
                message: told(policy, "does not apply, and the policy file does not allow that"),
            }),
            // Those that were not asked say nothing that the evidence does not.
            Opinion::Withheld if !was_asked => {}
            Opinion::Withheld => open.push(Reason {
                code: "policy-withheld".into(),
                message: told(policy, "withholds its opinion"),
            }),
        }
    }
    if policies.is_empty() {
        open.push(Reason {
            code: "no-policy".into(),
            message: Text::stripped("no policy was asked"),
        });
    }
    let outcome = match (denying.is_empty(), open.is_empty()) {
        (false, _) => Outcome::Denied,
        (true, false) => Outcome::Undecided,
        (true, true) => Outcome::Allowed,
    };
    let mut reasons = denying;
    reasons.append(&mut open);
    reasons.sort();
    Decision { outcome, reasons }
}

fn relaxed(relaxation: &Relaxation) -> Reason {
    let Relaxation { code, about, message } = relaxation;
    let told =
        format!("the stage allows no relaxation, and there is `{code}`: `{about}` {message}");
    Reason { code: "relaxation-forbidden".into(), message: Text::stripped(&told) }
}

fn failed(policy: &PolicyReport) -> Reason {
    let violations = policy.findings.iter().filter(|finding| finding.level == Level::Violation);
    let codes: BTreeSet<&str> = violations.clone().map(|finding| finding.code.as_str()).collect();
    if codes.is_empty() {
        // It was not asked, for it needs evidence that is not there.
        return Reason { code: "missing-evidence".into(), message: told(policy, "fails") };
    }
    let count = violations.count();
    let noun = if count == 1 { "violation" } else { "violations" };
    let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
    let message = format!("the policy `{}` fails with {count} {noun}: {codes}", policy.name);
    Reason { code: "policy-failed".into(), message: Text::stripped(&message) }
}

fn told(policy: &PolicyReport, what: &str) -> Text {
    let why = policy.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    Text::stripped(&format!("the policy `{}` {what}{why}", policy.name))
}

#[cfg(test)]
mod tests {
    use lockgate_model::{Digest, Finding, ReadSet};
    use proptest::prelude::*;

    use super::*;

    fn policy(name: usize, effect: Effect, opinion: Opinion) -> PolicyReport {
        let violation = Finding {
            code: "odd".into(),
            level: Level::Violation,
            message: Text::stripped("is odd"),
            about: None,
            expected: None,
            found: None,
            evidence: Vec::new(),
            remediation: Text::stripped("make it even"),
        };
        PolicyReport {
            name: format!("p{name}"),
            plugin: "builtin:sbom".into(),
            digest: Digest::from_sha256([0; 32]),
            effect,
            opinion,
            reason: None,
            capabilities: Vec::new(),
            rules: Vec::new(),
            exceptions: Vec::new(),
            findings: if opinion == Opinion::Fail { vec![violation] } else { Vec::new() },
            read: ReadSet::default(),
        }
    }

    fn any_policies() -> impl Strategy<Value = Vec<PolicyReport>> {
        let effect = prop_oneof![Just(Effect::Required), Just(Effect::Advisory)];
        let opinion = prop_oneof![
            3 => Just(Opinion::Pass),
            1 => Just(Opinion::Fail),
            1 => Just(Opinion::NotApplicable),
            1 => Just(Opinion::Withheld),
        ];
        prop::collection::vec((effect, opinion), 0..6).prop_map(|entries| {
            let numbered = entries.into_iter().enumerate();
            numbered.map(|(name, (effect, opinion))| policy(name, effect, opinion)).collect()
        })
    }

    fn any_relaxations() -> impl Strategy<Value = Vec<Relaxation>> {
        let code = prop_oneof![Just("unscoped-signer"), Just("time-overridden")];
        let relaxation = (code, "[a-c]").prop_map(|(code, about): (&str, String)| Relaxation {
            code: code.into(),
            about: Text::escaped(&about),
            message: Text::stripped("makes it wider"),
        });
        prop::collection::vec(relaxation, 0..4)
    }

    /// From shut to open.
    fn openness(outcome: Outcome) -> u8 {
        match outcome {
            Outcome::Denied => 0,
            Outcome::Undecided => 1,
            Outcome::Pending => 2,
            Outcome::Allowed => 3,
        }
    }

    proptest! {
        #[test]
        fn a_stage_that_forbids_relaxations_is_never_more_open(
            policies in any_policies(),
            allowed in prop::collection::btree_set("p[0-5]", 0..6),
            missing in prop::collection::vec(Just(Text::stripped("no sbom")), 0..2),
            relaxations in any_relaxations(),
        ) {
            let lax = decide(&policies, &allowed, missing.clone(), vec![], &[]);
            let strict = decide(&policies, &allowed, missing, vec![], &relaxations);
            prop_assert!(openness(strict.outcome) <= openness(lax.outcome));
            if relaxations.is_empty() {
                prop_assert_eq!(&strict, &lax);
            } else {
                prop_assert_eq!(strict.outcome, Outcome::Denied);
            }
            // One reason for each, and every other reason stays.
            let (because, rest): (Vec<_>, Vec<_>) =
                strict.reasons.into_iter().partition(|reason| reason.code == "relaxation-forbidden");
            prop_assert_eq!(because.len(), relaxations.len());
            prop_assert_eq!(rest, lax.reasons);
        }

        #[test]
        fn order_does_not_matter(policies in any_policies().prop_shuffle()) {
            let mut sorted = policies.clone();
            sorted.sort_by(|a, b| a.name.cmp(&b.name));
            let none = BTreeSet::new();
            prop_assert_eq!(decide(&policies, &none, vec![], vec![], &[]), decide(&sorted, &none, vec![], vec![], &[]));
        }

        #[test]
        fn only_a_complete_positive_set_opens_the_gate(policies in any_policies()) {
            let decision = decide(&policies, &BTreeSet::new(), vec![], vec![], &[]);
            let complete = !policies.is_empty() && policies
                .iter()
                .filter(|policy| policy.effect == Effect::Required)
                .all(|policy| policy.opinion == Opinion::Pass);
            prop_assert_eq!(decision.outcome == Outcome::Allowed, complete);
            prop_assert_eq!(decision.reasons.is_empty(), complete);
        }

        #[test]
        fn evidence_that_cannot_be_told_apart_never_opens_the_gate(policies in any_policies()) {
            let ambiguous = vec![Text::stripped("the latest `sbom` cannot be told")];
            let decision = decide(&policies, &BTreeSet::new(), vec![], ambiguous, &[]);
            let fails = policies.iter().any(|policy| {
                let shut = matches!(policy.opinion, Opinion::Fail | Opinion::NotApplicable);
                policy.effect == Effect::Required && shut
            });
            let expected = if fails { Outcome::Denied } else { Outcome::Undecided };
            prop_assert_eq!(decision.outcome, expected);
        }

        #[test]
        fn missing_evidence_denies_whatever_the_policies_say(policies in any_policies()) {
            let decision = decide(&policies, &BTreeSet::new(), vec![Text::stripped("no sbom")], vec![], &[]);
            prop_assert_eq!(decision.outcome, Outcome::Denied);
        }
    }

    #[test]
    fn a_required_policy_that_withholds_leaves_the_gate_undecided() {
        let policies = [policy(1, Effect::Required, Opinion::Withheld)];
        let decision = decide(&policies, &BTreeSet::new(), vec![], vec![], &[]);
        assert_eq!(decision.outcome, Outcome::Undecided);
        assert_eq!(decision.reasons[0].message, "the policy `p1` withholds its opinion");
    }

    #[test]
    fn not_applicable_opens_only_where_the_policy_file_allows_it() {
        let policies = [policy(1, Effect::Required, Opinion::NotApplicable)];
        let allowed = BTreeSet::from(["p1".to_owned()]);
        assert_eq!(
            decide(&policies, &BTreeSet::new(), vec![], vec![], &[]).outcome,
            Outcome::Denied
        );
        assert_eq!(decide(&policies, &allowed, vec![], vec![], &[]).outcome, Outcome::Allowed);
    }
}
