//! Explanations: for a person, and as Markdown.

use std::fmt::Write as _;

use lockgate_model::{Effect, Outcome, Status};

use super::markdown::{self, Page};
use super::words;
use crate::explain::{Explanation, Fact, Facts, Policy, Told};
use crate::record::Format;

/// An explanation in a format; none where the format is for reports.
#[must_use]
pub fn explanation(explanation: &Explanation<'_>, format: Format) -> Option<String> {
    match format {
        Format::Human => Some(human(explanation)),
        Format::Json => Some(super::json(explanation)),
        Format::Markdown => Some(markdown(explanation)),
        Format::Sarif | Format::Junit | Format::Github | Format::Html => None,
    }
}

fn human(explanation: &Explanation<'_>) -> String {
    let Explanation { subject, stage, at, config, outcome, exit, .. } = explanation;
    let mut out = String::new();
    let exit = exit.code();
    line(
        &mut out,
        0,
        &format!("{}: {} into {stage} (exit {exit})", outcome.as_str(), subject.name),
    );
    line(&mut out, 2, &subject.digest.to_string());
    line(&mut out, 2, &format!("asked for {at}"));
    line(&mut out, 2, &format!("config {}", words::configured(config)));
    if *outcome != Outcome::Allowed && !explanation.reasons.is_empty() {
        line(&mut out, 0, "\nwhy");
        for reason in &explanation.reasons {
            line(&mut out, 2, &format!("- {}: {}", reason.code, reason.message));
            line(&mut out, 6, &format!("to do: {}", reason.remediation));
        }
    }
    for policy in &explanation.policies {
        policy_for_human(&mut out, policy);
    }
    if !explanation.relaxations.is_empty() {
        line(&mut out, 0, "\nrelaxations");
    }
    for relaxation in &explanation.relaxations {
        let (code, about, message) = (relaxation.code, relaxation.about, relaxation.message);
        line(&mut out, 2, &format!("- {code}: `{about}` {message}"));
        line(&mut out, 6, &format!("what sets it: {}", relaxation.set_by));
    }
    out
}

fn policy_for_human(out: &mut String, policy: &Policy<'_>) {
    let advisory = if policy.effect == Effect::Advisory { ", advisory" } else { "" };
    let opinion = words::opinion(policy.opinion);
    line(out, 0, &format!("\npolicy {}: {opinion} ({}{advisory})", policy.name, policy.plugin));
    if let Some(reason) = policy.reason {
        line(out, 2, &format!("because {reason}"));
    }
    if !policy.unaccounted.is_empty() {
        line(out, 2, &format!("not checked: {}", policy.unaccounted.join(", ")));
    }
    for finding in &policy.findings {
        finding_for_human(out, &policy.name, finding);
    }
    if !policy.read.facts.is_empty() {
        line(out, 2, "read");
        facts_for_human(out, 4, &policy.read);
    }
}

fn finding_for_human(out: &mut String, policy: &str, finding: &Told<'_>) {
    let level = words::level(finding.level);
    let title = finding.title.as_ref().map(|title| format!(" ({title})")).unwrap_or_default();
    line(out, 2, &format!("{level} {policy}/{}{title}", finding.code));
    // No line begins with what a stranger wrote: GitHub Actions takes commands from there.
    let said = [
        ("it says", Some(finding.message)),
        ("about", finding.about),
        ("expected", finding.expected),
        ("found", finding.found),
    ];
    for (word, said) in said {
        if let Some(said) = said {
            line(out, 6, &format!("{word}: {said}"));
        }
    }
    match &finding.rests_on {
        None => line(out, 6, "rests on: all that the policy read"),
        Some(facts) => {
            line(out, 6, "rests on:");
            facts_for_human(out, 8, facts);
        }
    }
    if !finding.remediation.as_str().is_empty() {
        line(out, 6, &format!("to do: {}", finding.remediation));
    }
}

fn facts_for_human(out: &mut String, indent: usize, facts: &Facts) {
    for fact in &facts.facts {
        line(out, indent, &format!("- {}", told(fact)));
        if let Fact::Document { checked, digest, .. } = fact {
            let more = checked.iter().cloned().chain(digest.map(|digest| digest.to_string()));
            more.for_each(|text| line(out, indent + 2, &text));
        }
    }
    if facts.more > 0 {
        line(out, indent, &format!("and {} more", facts.more));
    }
}

/// One fact, in a line.
fn told(fact: &Fact) -> String {
    match fact {
        Fact::Document { path, kind, status, signers, .. } => {
            let kind = kind.map_or("unknown kind", lockgate_model::Kind::as_str);
            let vouched = match status {
                Status::Fact => format!("signed by {}", signers.join(", ")),
                status => words::status(*status).to_owned(),
            };
            format!("{path}: {kind}, {vouched}")
        }
        Fact::Data { digest } => {
            format!("the data file {digest}, which the policy file hands over")
        }
        Fact::Unknown { digest } => format!("{digest}, of which the report says no more"),
        Fact::Contents => "files inside the artifact".to_owned(),
        Fact::Time => "the time".to_owned(),
        Fact::History => "earlier decisions".to_owned(),
    }
}

fn line(out: &mut String, indent: usize, text: &str) {
    writeln!(out, "{:indent$}{text}", "").expect("a string takes everything");
}

fn markdown(explanation: &Explanation<'_>) -> String {
    let Explanation { subject, stage, at, config, outcome, .. } = explanation;
    let mut page = Page::default();
    page.must(&format!("## Lockgate: {}, explained\n", outcome.as_str()));
    page.must(&format!(
        "- artifact: {}, `{}`",
        markdown::named(subject.name.as_str()),
        subject.digest
    ));
    page.must(&format!("- stage: {}, asked for {at}", markdown::named(stage.as_str())));
    page.must(&format!("- configuration: {}", markdown::told(&words::configured(config))));
    if !explanation.reasons.is_empty() {
        page.must("\n### Why\n");
    }
    for reason in &explanation.reasons {
        page.may(
            "reasons",
            &format!(
                "- **{}**: {}\n  - to do: {}",
                markdown::named(reason.code),
                markdown::told(reason.message.as_str()),
                markdown::told(reason.remediation)
            ),
        );
    }
    for policy in &explanation.policies {
        policy_as_markdown(&mut page, policy);
    }
    if !explanation.relaxations.is_empty() {
        page.must("\n### Relaxations\n");
    }
    for relaxation in &explanation.relaxations {
        page.may(
            "relaxations",
            &format!(
                "- {}: {} {}\n  - what sets it: {}",
                markdown::named(relaxation.code),
                markdown::named(relaxation.about.as_str()),
                markdown::told(relaxation.message.as_str()),
                markdown::told(relaxation.set_by)
            ),
        );
    }
    page.end()
}

fn policy_as_markdown(page: &mut Page, policy: &Policy<'_>) {
    let advisory = if policy.effect == Effect::Advisory { ", advisory" } else { "" };
    let mut head = format!(
        "\n### Policy {}: {}{advisory}\n",
        markdown::named(&policy.name),
        words::opinion(policy.opinion)
    );
    if let Some(reason) = policy.reason {
        head += &format!("\nBecause {}\n", markdown::told(reason.as_str()));
    }
    if !policy.unaccounted.is_empty() {
        let codes: Vec<String> =
            policy.unaccounted.iter().map(|code| markdown::named(code)).collect();
        head += &format!("\nNot checked: {}\n", codes.join(", "));
    }
    page.may("policies", &head);
    for finding in &policy.findings {
        page.may_make("findings", || finding_as_markdown(&policy.name, finding));
    }
    if !policy.read.facts.is_empty() {
        page.may("facts", &format!("- read{}", facts_as_markdown(&policy.read)));
    }
}

fn finding_as_markdown(policy: &str, finding: &Told<'_>) -> String {
    let title = finding.title.as_ref().map(|title| format!(" ({})", markdown::told(title)));
    let mut text = format!(
        "- **{}** {}{}: {}",
        words::level(finding.level),
        markdown::named(&format!("{policy}/{}", finding.code)),
        title.unwrap_or_default(),
        markdown::told(finding.message.as_str())
    );
    let said = [("about", finding.about), ("expected", finding.expected), ("found", finding.found)];
    for (word, said) in said {
        if let Some(said) = said {
            text += &format!("\n  - {word}: {}", markdown::named(said.as_str()));
        }
    }
    match &finding.rests_on {
        None => text += "\n  - rests on: all that the policy read",
        Some(facts) => {
            text += "\n  - rests on:";
            text += &facts_as_markdown(facts).replace("\n  - ", "\n    - ");
        }
    }
    if !finding.remediation.as_str().is_empty() {
        text += &format!("\n  - **to do**: {}", markdown::told(finding.remediation.as_str()));
    }
    text
}

fn facts_as_markdown(facts: &Facts) -> String {
    let mut text = String::new();
    for fact in &facts.facts {
        text += &format!("\n  - {}", markdown::told(&told(fact)));
        if let Fact::Document { checked, digest, .. } = fact {
            let checked = checked.as_ref().map(|it| format!("; {}", markdown::told(it)));
            let digest = digest.map(|digest| format!("; `{digest}`"));
            text += &(checked.unwrap_or_default() + &digest.unwrap_or_default());
        }
    }
    if facts.more > 0 {
        text += &format!("\n  - and {} more", facts.more);
    }
    text
}
