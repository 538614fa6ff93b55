//! What would mend it: for each code of a reason what to do, for each code of a relaxation the key
//! that sets it.
//!
//! It follows from the codes, which are stable, so it is no knowledge beyond the report.

use lockgate_model::{Report, Status};

/// What would open the gate where this is why it is shut.
pub(crate) fn reason(code: &str) -> &'static str {
    match code {
        "missing-evidence" => {
            "have the missing document made and signed by somebody whom `[trust]` lets vouch for it, \
             and name it with `--evidence`; `lockgate evidence` lists what is there and why it does \
             not count"
        }
        "ambiguous-evidence" => {
            "leave one document of the kind, or have each signed with a trusted time, so that the \
             latest can be told"
        }
        "policy-failed" => "mend what the violations of the policy say",
        "policy-not-applicable" => {
            "give what the policy can be applied to, or set `allow-not-applicable` under its \
             `[[policy]]`"
        }
        "policy-withheld" => {
            "see why the policy could not say: mend its settings or limits, or its plugin"
        }
        "relaxation-forbidden" => "take the relaxation back, as below",
        "no-policy" => "name policies for the stage under `[stage.NAME]`",
        _ => "see what the code means in the documentation of the version that wrote the report",
    }
}

/// Which key, option or settings make this relaxation.
pub(crate) fn relaxation(code: &str) -> &'static str {
    match code {
        "accepted-unbound" | "accepted-unsigned" => "`accept` under `[stage.NAME]`",
        "config-unpinned" => {
            "no `--config-digest` and no `LOCKGATE_CONFIG_DIGEST`; the digest to pin is the report's \
             `config`"
        }
        "log-not-required" => "`requires` under `[[trust.root]]`",
        "no-required-policy" => "`effect = \"advisory\"` under every `[[policy]]` of the stage",
        "not-applicable-allowed" => "`allow-not-applicable` under `[[policy]]`",
        "policy-exception" => "`settings` under `[[policy]]`, or the policy's data files",
        "select-any" => "`select = \"any\"` in `expects` under `[stage.NAME]`",
        "time-overridden" => "`--at`",
        "unscoped-signer" => "no `for` under `[[trust.key]]` or `[[trust.identity]]`",
        "vex-covers-all" => "`vex = { without-subcomponent = \"all\" }` under `[stage.NAME]`",
        "vex-match-purl" => "`vex = { match = \"purl\" }` under `[stage.NAME]`",
        _ => "see what the code means in the documentation of the version that wrote the report",
    }
}

/// What to do next, each thing once, the most pressing first; empty where the gate is open.
pub(crate) fn steps(report: &Report) -> Vec<String> {
    const MAX_HELP: usize = 4;
    let mut steps: Vec<String> = Vec::new();
    let mut codes: Vec<&str> = Vec::new();
    for found in &report.reasons {
        if codes.contains(&&*found.code) {
            continue;
        }
        codes.push(&found.code);
        steps.push(reason(&found.code).to_owned());
        if found.code == "missing-evidence" {
            let rejected = report.documents.iter().filter(|d| d.status == Status::Rejected);
            let helped = rejected.filter_map(|document| {
                let help = document.help.as_ref()?;
                Some(format!("for `{}`: {help}", super::words::shown_path(document)))
            });
            steps.extend(helped.take(MAX_HELP));
        }
    }
    steps
}
