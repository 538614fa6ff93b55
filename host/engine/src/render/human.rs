//! What a person wants to see in a CI log.
//!
//! Styled with ANSI codes; whoever prints it strips them where nobody sees colours. All text from
//! strangers is [`Text`](lockgate_model::Text), which holds nothing that a terminal obeys.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use lockgate_model::{
    Configuration, Document, Effect, EvidenceReport, Finding, Level, Opinion, Outcome,
    PolicyReport, Report, RuleState, Status, Subject,
};

use super::grounds::{Grounds, Rests};
use super::words::{checked, configured, shown_path};

pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
pub(super) const DOUBT: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const FAINT: Style = Style::new().dimmed();
const HEAD: Style = Style::new().bold();

/// The report of a check.
pub(super) fn check(report: &Report) -> String {
    let mut out = String::new();
    subject(&mut out, &report.subject);
    line(&mut out, &format!("{}     {} at {}", styled(HEAD, "stage"), report.stage, report.at));
    configuration(&mut out, &report.config);
    documents(&mut out, &report.documents);
    policies(&mut out, report);
    if !report.relaxations.is_empty() {
        heading(&mut out, "relaxations");
        for relaxation in &report.relaxations {
            let mark = styled(DOUBT, "!");
            let (code, about) = (&relaxation.code, &relaxation.about);
            line(&mut out, &format!("  {mark} {code}: `{about}` {}", relaxation.message));
        }
    }
    decision(&mut out, report);
    out
}

/// The report of the evidence.
pub(super) fn evidence(report: &EvidenceReport) -> String {
    let mut out = String::new();
    subject(&mut out, &report.subject);
    configuration(&mut out, &report.config);
    documents(&mut out, &report.documents);
    let facts = report.documents.iter().filter(|d| d.status == Status::Fact).count();
    line(&mut out, &format!("\n{facts} of {} documents are facts", report.documents.len()));
    out
}

fn subject(out: &mut String, subject: &Subject) {
    line(out, &format!("{}   {}", styled(HEAD, "subject"), subject.name));
    line(out, &format!("          {}", subject.digest));
}

pub(super) fn configuration(out: &mut String, config: &Configuration) {
    line(out, &format!("{}    {}", styled(HEAD, "config"), configured(config)));
}

fn documents(out: &mut String, documents: &[Document]) {
    heading(out, "evidence");
    if documents.is_empty() {
        line(out, "  none; name a file or a folder with `--evidence`");
    }
    let kinds = documents.iter().filter_map(|document| document.kind);
    let kind_width = kinds.map(|kind| kind.as_str().len()).max().unwrap_or(1);
    let path_width = documents.iter().map(|d| shown_path(d).chars().count()).max().unwrap_or(0);
    for document in documents {
        let kind = document.kind.map_or("-", lockgate_model::Kind::as_str);
        let path = shown_path(document);
        let mark = match document.status {
            Status::Fact => styled(GOOD, "✓"),
            Status::Accepted => styled(DOUBT, "!"),
            Status::Rejected => styled(BAD, "✗"),
            Status::Unrecognised => styled(FAINT, "·"),
        };
        let said = match document.status {
            Status::Fact => format!("signed by {}", document.signers.join(", ")),
            Status::Accepted => styled(DOUBT, "accepted, not verified"),
            Status::Rejected => styled(BAD, "rejected"),
            Status::Unrecognised => styled(FAINT, "unrecognised"),
        };
        line(out, &format!("  {mark} {kind:<kind_width$}  {path:<path_width$}  {said}"));
        if let Some(reason) = &document.reason {
            line(out, &format!("      {reason}"));
        }
        if let Some(help) = &document.help {
            line(out, &format!("      {}", styled(FAINT, &format!("to do: {help}"))));
        }
        if let Some(checks) = &document.checks {
            if let Some(identity) = &checks.identity.detail {
                line(
                    out,
                    &format!("      {}", styled(FAINT, &format!("certificate of {identity}"))),
                );
            }
            line(out, &format!("      {}", styled(FAINT, &checked(checks))));
        }
    }
}

fn policies(out: &mut String, Report { policies: reports, documents, .. }: &Report) {
    heading(out, "policies");
    let grounds = Grounds::of(documents);
    let width = reports.iter().map(|report| report.name.len()).max().unwrap_or(0);
    for report in reports {
        let (mark, opinion) = match report.opinion {
            Opinion::Pass => (styled(GOOD, "✓"), styled(GOOD, "pass")),
            Opinion::Fail => (styled(BAD, "✗"), styled(BAD, "fail")),
            Opinion::NotApplicable => (styled(FAINT, "·"), styled(FAINT, "not applicable")),
            Opinion::Withheld => (styled(DOUBT, "?"), styled(DOUBT, "withheld")),
        };
        let effect = if report.effect == Effect::Advisory { ", advisory" } else { "" };
        let name = &report.name;
        line(out, &format!("  {mark} {name:<width$}  {opinion}  ({}{effect})", report.plugin));
        rules(out, report);
        read(out, &grounds.of_policy(report));
        findings(out, report);
    }
}

/// The most rules that do not apply and are told one by one: what was judged is what a person reads
/// for, and everything is in the other formats.
const MAX_NOT_APPLICABLE: usize = 5;

/// Why the opinion is what it is, and what was checked for it. Why single rules of a policy that
/// passes or fails do not apply is in the JSON.
fn rules(out: &mut String, report: &PolicyReport) {
    let asked = report.rules.iter().any(|rule| rule.state == RuleState::Checked);
    let settled = matches!(report.opinion, Opinion::Pass | Opinion::Fail);
    if let Some(reason) = report.reason.as_ref().filter(|_| !(asked && settled)) {
        line(out, &format!("      {reason}"));
    }
    let states = [(RuleState::Checked, "checked"), (RuleState::NotApplicable, "not applicable")];
    for (state, word) in states.into_iter().filter(|_| asked) {
        let codes = report.rules.iter().filter(|rule| rule.state == state);
        let mut codes: Vec<_> = codes.map(|rule| rule.code.as_str()).collect();
        let more = match state {
            RuleState::NotApplicable if codes.len() > MAX_NOT_APPLICABLE => {
                let more = codes.split_off(MAX_NOT_APPLICABLE - 1);
                Some(format!("{} more", more.len()))
            }
            _ => None,
        };
        codes.extend(more.as_deref());
        if !codes.is_empty() {
            line(
                out,
                &format!("      {}", styled(FAINT, &format!("{word}: {}", codes.join(", ")))),
            );
        }
    }
}

/// What the opinion rests on: documents by their paths, a few of them.
fn read(out: &mut String, rests: &Rests) {
    const MAX_TOLD: usize = 8;
    let told = rests.short(MAX_TOLD);
    if !told.is_empty() {
        line(out, &format!("      {}", styled(FAINT, &format!("read: {}", told.join(", ")))));
    }
}

/// Each finding, and what to do once behind all findings that need the same.
fn findings(out: &mut String, report: &PolicyReport) {
    let same = |a: &Finding, b: &Finding| a.code == b.code && a.remediation == b.remediation;
    for findings in report.findings.chunk_by(same) {
        for one in findings {
            finding(out, &report.name, one);
        }
        if let Some(one) = findings.first().filter(|one| !one.remediation.as_str().is_empty()) {
            line(out, &format!("        to do: {}", one.remediation));
        }
    }
}

fn finding(out: &mut String, policy: &str, finding: &Finding) {
    let (style, level) = match finding.level {
        Level::Violation => (BAD, "violation"),
        Level::Warning => (DOUBT, "warning"),
        Level::Note => (FAINT, "note"),
    };
    let level = styled(style, level);
    line(out, &format!("      {level} {policy}/{}: {}", finding.code, finding.message));
    let about = super::words::about(finding);
    let said = [
        ("about", about),
        ("expected", finding.expected.as_ref()),
        ("found", finding.found.as_ref()),
    ];
    for (word, said) in said {
        if let Some(said) = said {
            line(out, &format!("        {word}: {said}"));
        }
    }
}

fn decision(out: &mut String, report: &Report) {
    let (style, word) = match report.outcome {
        Outcome::Allowed => (GOOD, "allowed"),
        Outcome::Denied => (BAD, "denied"),
        Outcome::Undecided => (DOUBT, "undecided"),
        Outcome::Pending => (DOUBT, "pending"),
    };
    let (subject, stage) = (&report.subject.name, &report.stage);
    let word = styled(style, word);
    line(out, &format!("\n{word}: {subject} into {stage} (exit {})", report.exit.code()));
    for reason in &report.reasons {
        line(out, &format!("  {}: {}", reason.code, reason.message));
    }
}

pub(super) fn heading(out: &mut String, text: &str) {
    line(out, &format!("\n{}", styled(HEAD, text)));
}

pub(super) fn line(out: &mut String, text: &str) {
    writeln!(out, "{}", text.trim_end()).expect("a string takes everything");
}

pub(super) fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}
