//! What a person wants to know of policies before there is an artifact.

use lockgate_model::{Effect, LintReport, LintedPolicy, LintedSet};

use super::human::{DOUBT, FAINT, GOOD, configuration, heading, line, styled};

/// The report of a lint.
#[must_use]
pub(super) fn lint(report: &LintReport) -> String {
    let mut out = String::new();
    if report.config.digest().is_some() {
        configuration(&mut out, &report.config);
    }
    for set in &report.sets {
        one(&mut out, set);
    }
    let count: usize = report.sets.iter().map(|set| set.policies.len()).sum();
    let noun = if count == 1 { "policy" } else { "policies" };
    line(&mut out, &format!("\n{}: {count} {noun} can be asked", styled(GOOD, "fine")));
    out
}

fn one(out: &mut String, set: &LintedSet) {
    heading(out, set.name.as_str());
    for policy in &set.policies {
        one_policy(out, policy);
    }
    for relaxation in &set.relaxations {
        let mark = styled(DOUBT, "!");
        let (code, about) = (&relaxation.code, &relaxation.about);
        line(out, &format!("  {mark} {code}: `{about}` {}", relaxation.message));
    }
}

fn one_policy(out: &mut String, policy: &LintedPolicy) {
    let LintedPolicy { name, plugin, version, effect, capabilities, needs, rules, .. } = policy;
    let effect = if *effect == Effect::Advisory { ", advisory" } else { "" };
    line(out, &format!("  {} {name}  ({plugin} {version}{effect})", styled(GOOD, "✓")));
    let looks = match capabilities.is_empty() {
        true => "looks at the question alone".to_owned(),
        false => format!("looks at: {}", capabilities.join(", ")),
    };
    line(out, &format!("      {}", styled(FAINT, &looks)));
    if !needs.is_empty() {
        line(out, &format!("      {}", styled(FAINT, &format!("needs: {}", needs.join(", ")))));
    }
    let codes: Vec<_> = rules.iter().map(|rule| rule.code.as_str()).collect();
    line(out, &format!("      {}", styled(FAINT, &format!("rules: {}", codes.join(", ")))));
}
