//! Workflow commands of GitHub Actions: annotations of the run.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step, so the most important come first.

use lockgate_model::{Effect, Finding, Level, Opinion, Outcome, PolicyReport, Report};

use super::words::{self, count};

/// How many annotations of one level GitHub shows of one step.
const SHOWN: usize = 10;

/// The report of a check.
pub(super) fn check(report: &Report) -> String {
    let mut errors = Vec::new();
    let mut warnings = Vec::new();
    let mut notices = Vec::new();
    let outcome = outcome(report);
    if report.outcome == Outcome::Allowed {
        notices.push(outcome);
    } else {
        errors.push(outcome);
    }
    // What is a finding is said there, with what to do.
    let others = report.reasons.iter().filter(|reason| reason.code != "policy-failed");
    errors.extend(others.map(|reason| command("error", &reason.code, reason.message.as_str())));
    for policy in &report.policies {
        for finding in &policy.findings {
            let (list, word) = match finding.level {
                Level::Violation if words::shuts(policy, finding) => (&mut errors, "error"),
                // What an advisory policy says shuts nothing, and so turns nothing red.
                Level::Violation | Level::Warning => (&mut warnings, "warning"),
                Level::Note => (&mut notices, "notice"),
            };
            list.push(found(word, policy, finding));
        }
        if policy.opinion == Opinion::Withheld && policy.effect == Effect::Advisory {
            let why = policy.reason.as_ref().map(lockgate_model::Text::as_str);
            let title = format!("{} withheld (advisory)", policy.name);
            warnings.push(command("warning", &title, why.unwrap_or("the policy could not say")));
        }
    }
    for relaxation in &report.relaxations {
        let text = format!("`{}` {}", relaxation.about, relaxation.message);
        warnings.push(command("warning", &format!("relaxation: {}", relaxation.code), &text));
    }
    let told = [
        count(errors.len(), "error", "errors"),
        count(warnings.len(), "warning", "warnings"),
        count(notices.len(), "notice", "notices"),
    ];
    let mut lines = errors;
    lines.append(&mut warnings);
    lines.append(&mut notices);
    let mut text = lines.join("\n");
    text += &format!(
        "\nlockgate: {}; GitHub shows {SHOWN} of each, and the log has them all\n",
        told.join(", ")
    );
    text
}

fn outcome(report: &Report) -> String {
    let word = if report.outcome == Outcome::Allowed { "notice" } else { "error" };
    let mut text = words::decided(report);
    let codes: Vec<&str> = report.reasons.iter().map(|reason| &*reason.code).collect();
    let mut once: Vec<String> = Vec::new();
    for same in codes.chunk_by(|a, b| a == b) {
        let times = if same.len() > 1 { format!(" ({})", same.len()) } else { String::new() };
        once.extend(same.first().map(|code| format!("{code}{times}")));
    }
    if !once.is_empty() {
        text += &format!(": {}", once.join(", "));
    }
    command(word, &format!("lockgate: {}", report.outcome.as_str()), &text)
}

fn found(word: &str, policy: &PolicyReport, finding: &Finding) -> String {
    let advisory = if policy.effect == Effect::Advisory { " (advisory)" } else { "" };
    let title = format!("{}/{}{advisory}", policy.name, finding.code);
    let mut lines = vec![finding.message.to_string()];
    let said = [
        ("about", words::about(finding)),
        ("expected", finding.expected.as_ref()),
        ("found", finding.found.as_ref()),
        ("to do", Some(&finding.remediation)),
    ];
    for (key, text) in said {
        let told = text.filter(|text| !text.as_str().is_empty());
        lines.extend(told.map(|text| format!("{key}: {text}")));
    }
    command(word, &title, &lines.join("\n"))
}

/// One command, escaped by GitHub's rules, so that it is one line and a stranger's text ends neither
/// the title nor the line.
fn command(word: &str, title: &str, text: &str) -> String {
    format!(
        "::{word} title={}::{}",
        data(title).replace(':', "%3A").replace(',', "%2C"),
        data(text)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}
