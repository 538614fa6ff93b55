//! What would mend it: for each code of a reason what to do, for each code of a relaxation the key
//! that sets it.
//!
//! It follows from the codes, which are stable, so it is no knowledge beyond the report.

use std::collections::BTreeSet;

use lockgate_model::{Report, Status};

use super::words;

/// What would open the gate where this is why it is shut.
pub(crate) fn reason(code: &str) -> &'static str {
    match code {
        "missing-evidence" => {
            "Have the missing document made and signed by somebody whom `[trust]` lets vouch for it, \
             and name it with `--evidence`; `lockgate evidence` lists what is there and why it does \
             not count."
        }
        "ambiguous-evidence" => {
            "Leave one document of the kind, or have each signed with a trusted time, so that the \
             latest can be told."
        }
        "policy-failed" => "Mend what the violations of the policy say.",
        "policy-not-applicable" => {
            "Give the policy something to apply to, or set `allow-not-applicable` under its \
             `[[policy]]`."
        }
        "policy-withheld" => {
            "See why the policy could not say, and mend what it was given, its settings, its limits or \
             its plugin."
        }
        "relaxation-forbidden" => {
            "Take back what makes the gate wider; each relaxation says what sets it."
        }
        "no-policy" => "Name policies for the stage under `[stage.NAME]`.",
        _ => OTHER,
    }
}

/// For a report of another version.
const OTHER: &str =
    "See what the code means in the documentation of the version that wrote the report.";

/// Which key, option or settings make this relaxation.
pub(crate) fn relaxation(code: &str) -> &'static str {
    match code {
        "accepted-unbound" | "accepted-unsigned" => "`accept` under `[stage.NAME]`",
        "config-unpinned" => {
            "`--config-digest` and `LOCKGATE_CONFIG_DIGEST`, neither of which is given; the digest to \
             pin is that of the configuration in this report"
        }
        "data-unpinned" => {
            "`digest` of a file in `data` under `[[policy]]`, which is absent, as is a pin of the \
             configuration"
        }
        "log-not-required" => "`requires` under `[[trust.root]]`",
        "no-required-policy" => "`effect = \"advisory\"` under every `[[policy]]` of the stage",
        "not-applicable-allowed" => "`allow-not-applicable` under `[[policy]]`",
        "policy-exception" => "`settings` under `[[policy]]`, or the policy's data files",
        "select-any" => "`select = \"any\"` in `expects` under `[stage.NAME]`",
        "time-overridden" => "`--at`",
        "unscoped-signer" => "`for` under `[[trust.key]]` or `[[trust.identity]]`, which is absent",
        "vex-covers-all" => "`vex = { without-subcomponent = \"all\" }` under `[stage.NAME]`",
        "vex-match-purl" => "`vex = { match = \"purl\" }` under `[stage.NAME]`",
        _ => OTHER,
    }
}

/// What to do next, each thing once; empty where the gate is open.
pub(crate) fn steps(report: &Report) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    let mut codes: Vec<&str> = Vec::new();
    for found in &report.reasons {
        if codes.contains(&&*found.code) {
            continue;
        }
        codes.push(&found.code);
        let before = steps.len();
        match &*found.code {
            "policy-failed" => steps.extend(remediations(report)),
            "missing-evidence" => {
                steps.push(reason(&found.code).to_owned());
                steps.extend(helps(report));
            }
            _ => {}
        }
        if steps.len() == before {
            steps.push(reason(&found.code).to_owned());
        }
    }
    steps
}

/// How many steps of one sort are told ahead of the findings and documents to which they belong.
const MAX_AHEAD: usize = 6;

/// What mends the violations that shut the gate, by rule.
fn remediations(report: &Report) -> Vec<String> {
    let mut rules = BTreeSet::new();
    let mut steps = Vec::new();
    for policy in &report.policies {
        for finding in policy.findings.iter().filter(|finding| words::shuts(policy, finding)) {
            let text = finding.remediation.as_str();
            if rules.insert((&policy.name, &finding.code)) && !text.is_empty() {
                steps.push(format!("`{}/{}`: {text}", policy.name, finding.code));
            }
        }
    }
    let more = steps.len().saturating_sub(MAX_AHEAD);
    steps.truncate(MAX_AHEAD);
    if more > 0 {
        let more = words::count(more, "more rule has", "more rules have");
        steps.push(format!("{more} violations; each finding says what to do."));
    }
    steps
}

/// What to try with documents that are not believed.
fn helps(report: &Report) -> impl Iterator<Item = String> {
    let rejected = report.documents.iter().filter(|document| document.status == Status::Rejected);
    let helped = rejected.filter_map(|document| {
        let help = document.help.as_ref()?;
        Some(format!("`{}`: {help}", words::shown_path(document)))
    });
    helped.take(MAX_AHEAD)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first words of the rows of a table behind a heading of the documentation.
    fn codes<'a>(page: &'a str, heading: &str) -> Vec<&'a str> {
        let (_, section) = page.split_once(heading).expect("the heading is there");
        let section = section.split("\n#").next().expect("a section has an end");
        let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
        rows.filter_map(|row| row.split('`').next()).collect()
    }

    #[test]
    fn every_code_that_is_documented_has_its_remedy() {
        let reports = include_str!("../../../../docs/reports.md");
        let reasons = codes(reports, "### Codes of reasons");
        assert!(reasons.len() >= 6, "{reasons:?}");
        for code in reasons {
            assert_ne!(reason(code), OTHER, "{code}");
        }
        let relaxations = codes(include_str!("../../../../docs/trust.md"), "## Relaxations");
        assert!(relaxations.len() >= 10, "{relaxations:?}");
        for code in relaxations {
            assert_ne!(relaxation(code), OTHER, "{code}");
        }
    }
}
