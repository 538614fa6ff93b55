//! Markdown: for a job's summary (`$GITHUB_STEP_SUMMARY`), a comment, a note.

mod inert;
mod page;

use lockgate_model::{
    Configuration, Document, Effect, EvidenceReport, Finding, Level, Opinion, Outcome,
    PolicyReport, Report, RuleState, Status, Subject,
};

pub(crate) use self::inert::{code, cut, prose};
pub(super) use self::page::Page;
use super::grounds::{Grounds, Rests};
use super::{remedy, words};

/// The most characters of one text. What is longer stands in the JSON, and no summary needs it.
const MAX_TEXT: usize = 2_000;

/// The report of a check.
pub(super) fn check(report: &Report) -> String {
    let mut page = Page::default();
    let mark = match report.outcome {
        Outcome::Allowed => "✅",
        Outcome::Denied => "❌",
        Outcome::Undecided => "❔",
        Outcome::Pending => "⏳",
    };
    page.must(&format!("## {mark} Lockgate: {}\n", report.outcome.as_str()));
    page.must(&format!("**{}** (exit {})\n", told(&words::decided(report)), report.exit.code()));
    subject(&mut page, &report.subject);
    page.must(&format!("- stage: {}, asked for {}", code(report.stage.as_str()), report.at));
    configuration(&mut page, &report.config);
    reasons(&mut page, report);
    policies(&mut page, &report.policies);
    findings(&mut page, report);
    documents(&mut page, &report.documents);
    relaxations(&mut page, report);
    page.end()
}

/// The report of the evidence.
pub(super) fn evidence(report: &EvidenceReport) -> String {
    let mut page = Page::default();
    let facts = report.documents.iter().filter(|document| document.status == Status::Fact).count();
    page.must("## Lockgate: evidence\n");
    let all = words::count(report.documents.len(), "document is a fact", "documents are facts");
    page.must(&format!("**{facts} of {all}**\n"));
    subject(&mut page, &report.subject);
    configuration(&mut page, &report.config);
    documents(&mut page, &report.documents);
    page.end()
}

/// A text of somebody else, to be read.
pub(super) fn told(text: &str) -> String {
    prose(&cut(text, MAX_TEXT))
}

/// A name that somebody else gave.
pub(super) fn named(text: &str) -> String {
    code(&cut(text, MAX_TEXT))
}

fn subject(page: &mut Page, subject: &Subject) {
    page.must(&format!("- artifact: {}, `{}`", named(subject.name.as_str()), subject.digest));
}

fn configuration(page: &mut Page, config: &Configuration) {
    page.must(&format!("- configuration: {}", told(&words::configured(config))));
}

fn reasons(page: &mut Page, report: &Report) {
    if report.reasons.is_empty() {
        return;
    }
    page.must("\n### Why\n");
    for reason in &report.reasons {
        let line = format!("- **{}**: {}", named(&reason.code), told(reason.message.as_str()));
        page.may("reasons", &line);
    }
    page.must("\n### What to do\n");
    for step in remedy::steps(report) {
        page.may("things to do", &format!("1. {}", told(&step)));
    }
}

fn policies(page: &mut Page, policies: &[PolicyReport]) {
    page.must("\n### Policies\n");
    page.must("| | policy | opinion | violations | warnings | notes | plugin |");
    page.must("| --- | --- | --- | ---: | ---: | ---: | --- |");
    for policy in policies {
        let mark = match policy.opinion {
            Opinion::Pass => "✅",
            Opinion::Fail => "❌",
            Opinion::NotApplicable => "➖",
            Opinion::Withheld => "❔",
        };
        let count = |level| match policy.findings.iter().filter(|it| it.level == level).count() {
            0 => String::new(),
            count => count.to_string(),
        };
        let advisory = if policy.effect == Effect::Advisory { ", advisory" } else { "" };
        let row = format!(
            "| {mark} | {} | {}{advisory} | {} | {} | {} | {} |",
            named(&policy.name),
            words::opinion(policy.opinion),
            count(Level::Violation),
            count(Level::Warning),
            count(Level::Note),
            named(&policy.plugin),
        );
        page.may("policies", &row);
    }
}

/// What each policy has to say: why it did not say, and what it found.
fn findings(page: &mut Page, report: &Report) {
    let grounds = Grounds::of(&report.documents);
    let says = |policy: &&PolicyReport| !policy.findings.is_empty() || policy.reason.is_some();
    let mut saying = report.policies.iter().filter(says).peekable();
    if saying.peek().is_none() {
        return;
    }
    page.must("\n### Findings\n");
    for policy in saying {
        if let Some(reason) = &policy.reason {
            let opinion = words::opinion(policy.opinion);
            let line =
                format!("- {}: **{opinion}**: {}", named(&policy.name), told(reason.as_str()));
            page.may("reasons", &line);
        }
        let rests = grounds.of_policy(policy);
        let same = |a: &Finding, b: &Finding| a.code == b.code && a.remediation == b.remediation;
        for alike in policy.findings.chunk_by(same) {
            for one in alike {
                let named = grounds.of_finding(policy, one);
                let rests = named.as_ref().unwrap_or(&rests);
                page.may_make("findings", || finding(policy, one, rests));
            }
            if let Some(one) = alike.first().filter(|one| !one.remediation.as_str().is_empty()) {
                page.may(
                    "things to do",
                    &format!("  - **to do**: {}", told(one.remediation.as_str())),
                );
            }
        }
    }
    let unaccounted = report.policies.iter().flat_map(|policy| {
        let rules = policy.rules.iter().filter(|rule| rule.state == RuleState::Unaccounted);
        rules.map(|rule| format!("{}/{}", policy.name, rule.code))
    });
    let unaccounted: Vec<String> = unaccounted.map(|rule| named(&rule)).collect();
    if !unaccounted.is_empty() {
        page.may("rules", &format!("- not checked: {}", unaccounted.join(", ")));
    }
}

fn finding(policy: &PolicyReport, finding: &Finding, rests: &Rests<'_>) -> String {
    const MAX_GROUNDS: usize = 8;
    let advisory = if policy.effect == Effect::Advisory { ", advisory" } else { "" };
    let mut text = format!(
        "- **{}{advisory}** {}: {}",
        words::level(finding.level),
        named(&format!("{}/{}", policy.name, finding.code)),
        told(finding.message.as_str()),
    );
    let said = [
        ("about", words::about(finding)),
        ("expected", finding.expected.as_ref()),
        ("found", finding.found.as_ref()),
    ];
    for (word, said) in said {
        if let Some(said) = said {
            text += &format!("\n  - {word}: {}", named(said.as_str()));
        }
    }
    let rests: Vec<String> = rests.short(MAX_GROUNDS).iter().map(|it| told(it)).collect();
    if !rests.is_empty() {
        text += &format!("\n  - rests on: {}", rests.join(", "));
    }
    text
}

fn documents(page: &mut Page, documents: &[Document]) {
    page.must("\n### Evidence\n");
    if documents.is_empty() {
        page.must("None was found; name a file or a folder with `--evidence`.");
        return;
    }
    page.must("| | kind | document | |");
    page.must("| --- | --- | --- | --- |");
    for document in documents {
        let mark = match document.status {
            Status::Fact => "✅",
            Status::Accepted => "⚠",
            Status::Rejected => "❌",
            Status::Unrecognised => "➖",
        };
        let kind = document.kind.map_or("", lockgate_model::Kind::as_str);
        let path = named(&words::shown_path(document));
        let signers: Vec<String> = document.signers.iter().map(|name| named(name)).collect();
        let mut said = match document.status {
            Status::Fact => format!("signed by {}", signers.join(", ")),
            _ => told(&words::vouched(document)),
        };
        if let Some(reason) = &document.reason {
            said += &format!(": {}", told(reason.as_str()));
        }
        if let Some(help) = &document.help {
            said += &format!("; to do: {}", told(help.as_str()));
        }
        page.may("documents", &format!("| {mark} | {kind} | {path} | {said} |"));
    }
}

fn relaxations(page: &mut Page, report: &Report) {
    if report.relaxations.is_empty() {
        return;
    }
    page.must("\n### Relaxations\n");
    page.must("What makes the gate wider than its strictest form.\n");
    for relaxation in &report.relaxations {
        let line = format!(
            "- {}: {} {}; what sets it: {}",
            named(&relaxation.code),
            named(relaxation.about.as_str()),
            told(relaxation.message.as_str()),
            told(remedy::relaxation(&relaxation.code)),
        );
        page.may("relaxations", &line);
    }
}
