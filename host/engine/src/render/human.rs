//! What a person wants to see in a CI log.
//!
//! Styled with ANSI codes; whoever prints it strips them where nobody sees colours. All text from
//! strangers is [`Text`](lockgate_model::Text), which holds nothing that a terminal obeys.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use lockgate_model::{
    Check, CheckState, Checks, Configuration, Document, Effect, EvidenceReport, Finding, Level,
    Opinion, Outcome, PolicyReport, ReadSet, Report, RuleState, Status, Subject, TimeSource,
};

pub(super) const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
pub(super) const DOUBT: Style = AnsiColor::Yellow.on_default().bold();
pub(super) const FAINT: Style = Style::new().dimmed();
const HEAD: Style = Style::new().bold();

/// The report of a check.
#[must_use]
pub fn check(report: &Report) -> String {
    let mut out = String::new();
    subject(&mut out, &report.subject);
    line(&mut out, &format!("{}     {} at {}", styled(HEAD, "stage"), report.stage, report.at));
    configuration(&mut out, &report.config);
    documents(&mut out, &report.documents);
    policies(&mut out, &report.policies, &report.documents);
    if !report.relaxations.is_empty() {
        heading(&mut out, "relaxations");
        for relaxation in &report.relaxations {
            let mark = styled(DOUBT, "!");
            let (code, about) = (relaxation.code, &relaxation.about);
            line(&mut out, &format!("  {mark} {code}: `{about}` {}", relaxation.message));
        }
    }
    decision(&mut out, report);
    out
}

/// The report of the evidence.
#[must_use]
pub fn evidence(report: &EvidenceReport) -> String {
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
    let said = match config {
        Configuration::None => "none, so nobody is trusted".to_owned(),
        Configuration::Unpinned(digest) => format!("{digest}, not pinned"),
        Configuration::Pinned(digest) => format!("{digest}, pinned"),
    };
    line(out, &format!("{}    {said}", styled(HEAD, "config")));
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

/// The checks in short: what was done, then what could not be. What is not required is in the JSON.
fn checked(checks: &Checks) -> String {
    let Checks { signature, context, subject, identity, log, sct, time, validity, shape } = checks;
    let named = [
        ("signature", signature),
        ("context", context),
        ("subject", subject),
        ("identity", identity),
        ("log", log),
        ("sct", sct),
        ("validity", validity),
    ];
    let told = |name: &str, check: &Check| match (name, &check.detail) {
        ("signature", Some(detail)) => Some(format!("signature {detail}")),
        ("context", Some(detail)) => Some(detail.to_string()),
        // What the signature is over was said, and the certificate has a line of its own.
        ("subject", _) if subject_is_signed(signature, subject) => None,
        ("identity", _) => None,
        ("subject" | "validity", Some(detail)) => Some(format!("{name} {detail}")),
        _ => Some(name.to_owned()),
    };
    let done = named.iter().filter(|(_, check)| check.state == CheckState::Done);
    let mut done: Vec<String> = done.filter_map(|(name, check)| told(name, check)).collect();
    if let (Some(at), Some(source)) = (time.at, time.source) {
        let source = match source {
            TimeSource::Log => "by a log",
            TimeSource::Timestamp => "by a timestamp authority",
            TimeSource::Document => "claimed",
        };
        done.push(format!("time {at} ({source})"));
    }
    if shape.state == CheckState::Done {
        done.push("shape".to_owned());
    }
    let mut text = format!("checked: {}", done.join(", "));
    let detail = |check: &Check| check.detail.as_ref().map(ToString::to_string).unwrap_or_default();
    for (name, check) in named.iter().filter(|(_, check)| check.state == CheckState::NotPossible) {
        text += &format!("; {name} not possible: {}", detail(check));
    }
    if !shape.absent.is_empty() {
        text += &format!("; absent: {}", shape.absent.join(", "));
    }
    text
}

/// Whether a signature is over the artifact itself, and not over something that names it.
fn subject_is_signed(signature: &Check, subject: &Check) -> bool {
    let over = |check: &Check, what| {
        check.detail.as_ref().is_some_and(|detail| detail.as_str().contains(what))
    };
    over(signature, "over the artifact") && over(subject, "over the artifact")
}

/// The path, with the number of the envelope where a file has several.
fn shown_path(document: &Document) -> String {
    match document.index {
        0 => document.path.to_string(),
        index => format!("{}#{index}", document.path),
    }
}

fn policies(out: &mut String, reports: &[PolicyReport], documents: &[Document]) {
    heading(out, "policies");
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
        read(out, &report.read, documents);
        findings(out, report);
    }
}

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
        let codes: Vec<_> = codes.map(|rule| rule.code.as_str()).collect();
        if !codes.is_empty() {
            line(
                out,
                &format!("      {}", styled(FAINT, &format!("{word}: {}", codes.join(", ")))),
            );
        }
    }
}

/// What the opinion rests on: documents by their paths, a few of them.
fn read(out: &mut String, read: &ReadSet, documents: &[Document]) {
    const MAX_TOLD: usize = 8;
    let is_read = |document: &&Document| {
        document.digest.is_some_and(|digest| read.documents.binary_search(&digest).is_ok())
            && matches!(document.status, Status::Fact | Status::Accepted)
    };
    let mut paths: Vec<String> = documents.iter().filter(is_read).map(shown_path).collect();
    if let Some(more) = paths.len().checked_sub(MAX_TOLD).filter(|more| *more > 0) {
        paths.truncate(MAX_TOLD);
        paths.push(format!("{more} more"));
    }
    let others =
        [(read.contents, "files inside it"), (read.time, "the time"), (read.history, "history")];
    paths.extend(others.iter().filter(|(is_read, _)| *is_read).map(|(_, word)| (*word).to_owned()));
    if !paths.is_empty() {
        line(out, &format!("      {}", styled(FAINT, &format!("read: {}", paths.join(", ")))));
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
    let named = |about: &&lockgate_model::Text| finding.message.as_str().contains(about.as_str());
    if let Some(about) = finding.about.as_ref().filter(|about| !named(about)) {
        line(out, &format!("        about: {about}"));
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
