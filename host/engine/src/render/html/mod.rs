//! HTML: one page that holds all it needs, for whoever has to decide what comes next.
//!
//! It has no script and asks for nothing: its own content security policy forbids everything but its
//! inline style. What strangers wrote goes through [`escape`].

mod escape;
mod evidence;
mod graph;
mod mark;
mod policy;

use lockgate_model::{
    Configuration, EvidenceReport, Level, Opinion, Outcome, PolicyReport, Report, Status, Subject,
};

use self::escape::{code, prose, text};
use self::graph::Picture;
use self::mark::Mark;
use super::grounds::Grounds;
use super::remedy;
use super::words::count;

/// The look of it.
const STYLE: &str = include_str!("style.css");

/// Nothing but the page itself, and of that no script.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// The report of a check.
pub(super) fn check(report: &Report) -> String {
    let outcome = report.outcome;
    let (subject, stage) = (&report.subject.name, &report.stage);
    let title = format!("{}: {subject} into {stage}", outcome.as_str());
    let mut body = banner(report);
    body += "<main class=\"wrap\">\n";
    body += &tiles(report);
    body += &next(report);
    let picture = Picture {
        subject: &report.subject,
        documents: &report.documents,
        policies: &report.policies,
        gate: Some((outcome, stage)),
    };
    let grounds = Grounds::of(&report.documents);
    body += &figure(&picture, &evidence::words(report, &grounds));
    body += &section("policies", "Policies", &policy::all(report, &grounds));
    body += &section("evidence", "Evidence", &evidence::all(&report.documents));
    body += &relaxations(report);
    body += &footer(&report.config, report.schema);
    page(&title, &body)
}

/// The report of the evidence.
pub(super) fn evidence(report: &EvidenceReport) -> String {
    let facts = report.documents.iter().filter(|document| document.status == Status::Fact).count();
    let all = report.documents.len();
    let mut body = format!(
        "<header class=\"banner pending\"><div class=\"wrap\">{}<h1>Evidence</h1>\
         <p class=\"lead\">{facts} of {} about {}</p>{}</div></header>\n<main class=\"wrap\">\n",
        BRAND,
        count(all, "document is a fact", "documents are facts"),
        code(report.subject.name.as_str()),
        facts_of(&report.subject, &[]),
    );
    let picture = Picture {
        subject: &report.subject,
        documents: &report.documents,
        policies: &[],
        gate: None,
    };
    body += &figure(&picture, "");
    body += &section("evidence", "Evidence", &evidence::all(&report.documents));
    body += &footer(&report.config, report.schema);
    page(&format!("evidence about {}", report.subject.name), &body)
}

fn page(title: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{}{body}</main>\n</body>\n</html>\n",
        text(title),
        Mark::drawings(),
    )
}

/// Two leaves of a gate, seen from above, and the water between them.
const BRAND: &str = "<p class=\"brand\"><svg width=\"26\" height=\"26\" viewBox=\"0 0 26 26\" aria-hidden=\"true\">\
     <path d=\"M3 2v22M23 2v22\"/><path d=\"M3 18L13 8l10 10\"/></svg>Lockgate</p>";

fn banner(report: &Report) -> String {
    let outcome = report.outcome;
    let (subject, stage) = (code(report.subject.name.as_str()), text(report.stage.as_str()));
    let lead = match outcome {
        Outcome::Allowed => format!("{subject} may enter <strong>{stage}</strong>"),
        Outcome::Denied => format!("{subject} may not enter <strong>{stage}</strong>"),
        Outcome::Undecided => {
            format!("Whether {subject} may enter <strong>{stage}</strong> cannot be said")
        }
        Outcome::Pending => {
            format!("{subject} waits for approvals to enter <strong>{stage}</strong>")
        }
    };
    let word = match outcome {
        Outcome::Allowed => "Allowed",
        Outcome::Denied => "Denied",
        Outcome::Undecided => "Undecided",
        Outcome::Pending => "Pending",
    };
    let more = [
        ("asked for", text(&report.at.to_string())),
        ("exit code", report.exit.code().to_string()),
    ];
    format!(
        "<header class=\"banner {}\"><div class=\"wrap\">{BRAND}\
         <div class=\"verdict\">{}<div><h1>{word}</h1><p class=\"lead\">{lead}</p></div></div>{}\
         </div></header>\n",
        outcome.as_str(),
        leaves(outcome),
        facts_of(&report.subject, &more),
    )
}

/// The gate from above: its leaves lie against the walls and a vessel goes through, or they meet.
fn leaves(outcome: Outcome) -> String {
    let inside = match outcome {
        Outcome::Allowed => {
            "<path class=\"leaf\" d=\"M18 60V34M78 60V34\"/>\
             <path class=\"hull\" d=\"M48 16c9 9 11 20 11 34v22H37V50c0-14 2-25 11-34z\"/>"
        }
        Outcome::Denied => {
            "<path class=\"leaf\" d=\"M18 56L48 34l30 22\"/><path class=\"hull\" d=\"M48 52c7 7 9 13 9 20v10H39V72c0-7 2-13 9-20z\"/>"
        }
        Outcome::Undecided | Outcome::Pending => {
            "<path class=\"leaf\" d=\"M18 56l23-17M78 56L55 39\"/>\
             <path class=\"hull\" d=\"M48 52c7 7 9 13 9 20v10H39V72c0-7 2-13 9-20z\"/>"
        }
    };
    format!(
        "<svg class=\"leaves\" width=\"96\" height=\"96\" viewBox=\"0 0 96 96\" aria-hidden=\"true\">\
         <path class=\"wall\" d=\"M10 8v80M86 8v80\"/>{inside}</svg>"
    )
}

fn facts_of(subject: &Subject, more: &[(&str, String)]) -> String {
    let digest = ("digest", code(&subject.digest.to_string()));
    let rows = std::iter::once(&digest).chain(more);
    let rows: String =
        rows.map(|(name, value)| format!("<div><dt>{name}</dt><dd>{value}</dd></div>")).collect();
    format!("<dl class=\"about\">{rows}</dl>")
}

/// What there is, in numbers.
fn tiles(report: &Report) -> String {
    let opinions = |opinion| report.policies.iter().filter(|it| it.opinion == opinion).count();
    let statuses = |status| report.documents.iter().filter(|it| it.status == status).count();
    let levels = |level| {
        let findings = report.policies.iter().flat_map(|policy: &PolicyReport| &policy.findings);
        findings.filter(|finding| finding.level == level).count()
    };
    let tile = |target: &str, number: usize, name: &str, parts: &[(usize, &str)]| {
        let parts: Vec<String> = parts
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, word)| format!("<span>{number} {word}</span>"))
            .collect();
        format!(
            "<a class=\"tile\" href=\"#{target}\"><b>{number}</b> {name}<small>{}</small></a>\n",
            parts.join(" ")
        )
    };
    let policies = [
        (opinions(Opinion::Fail), "fail"),
        (opinions(Opinion::Withheld), "withheld"),
        (opinions(Opinion::Pass), "pass"),
        (opinions(Opinion::NotApplicable), "not applicable"),
    ];
    let plural = |number: usize, one, several| if number == 1 { one } else { several };
    let found = [
        (Level::Violation, "violation", "violations"),
        (Level::Warning, "warning", "warnings"),
        (Level::Note, "note", "notes"),
    ];
    let found = found.map(|(level, one, several)| {
        let number = levels(level);
        (number, plural(number, one, several))
    });
    let documents = [
        (statuses(Status::Fact), plural(statuses(Status::Fact), "fact", "facts")),
        (statuses(Status::Accepted), "accepted"),
        (statuses(Status::Rejected), "rejected"),
        (statuses(Status::Unrecognised), "unrecognised"),
    ];
    let findings = found.iter().map(|(number, _)| number).sum();
    let target = if report.relaxations.is_empty() { "configuration" } else { "relaxations" };
    format!(
        "<nav class=\"tiles\" aria-label=\"In numbers\">{}{}{}{}</nav>\n",
        tile(
            "policies",
            report.policies.len(),
            plural(report.policies.len(), "policy", "policies"),
            &policies
        ),
        tile("policies", findings, plural(findings, "finding", "findings"), &found),
        tile(
            "evidence",
            report.documents.len(),
            plural(report.documents.len(), "document", "documents"),
            &documents
        ),
        tile(
            target,
            report.relaxations.len(),
            plural(report.relaxations.len(), "relaxation", "relaxations"),
            &[]
        ),
    )
}

/// Why it is shut, and what to do.
fn next(report: &Report) -> String {
    if report.reasons.is_empty() {
        return String::new();
    }
    let why: String = report
        .reasons
        .iter()
        .map(|reason| {
            format!("<li>{} {}</li>\n", code(&reason.code), prose(reason.message.as_str()))
        })
        .collect();
    let steps: String =
        remedy::steps(report).iter().map(|step| format!("<li>{}</li>\n", prose(step))).collect();
    format!(
        "<section class=\"next\"><div><h2 id=\"why\">Why</h2><ul>\n{why}</ul></div>\
         <div><h2 id=\"what-to-do\">What to do</h2><ol>\n{steps}</ol></div></section>\n"
    )
}

fn figure(picture: &Picture<'_>, in_words: &str) -> String {
    let words = if in_words.is_empty() {
        "<p id=\"graph-words\">The same stands in words below.</p>".to_owned()
    } else {
        format!(
            "<details><summary>The same in words</summary><ul id=\"graph-words\">\n{in_words}</ul></details>"
        )
    };
    let legend = "<ul class=\"legend\"><li class=\"good\">signed, read, passed</li><li class=\"bad\">a violation rests on it</li>\
         <li class=\"doubt\">not verified, or not said</li><li class=\"faint\">changes nothing</li>\
         <li class=\"water\">the artifact, and who looked inside</li></ul>";
    format!(
        "<section id=\"graph\"><h2>What rests on what</h2><figure>\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"The evidence as a picture\">\n{}</div>\
         <figcaption>{legend}{words}</figcaption></figure></section>\n",
        graph::svg(picture)
    )
}

fn section(id: &str, title: &str, inner: &str) -> String {
    format!("<section id=\"{id}\"><h2>{title}</h2>\n{inner}</section>\n")
}

fn relaxations(report: &Report) -> String {
    if report.relaxations.is_empty() {
        return String::new();
    }
    let rows: String = report
        .relaxations
        .iter()
        .map(|relaxation| {
            format!(
                "<li class=\"card\">{}<div><h3>{}</h3><p>{} {}</p><p class=\"faint\">what sets it: {}</p></div></li>\n",
                Mark::Doubt.shown(),
                text(&relaxation.code),
                code(relaxation.about.as_str()),
                prose(relaxation.message.as_str()),
                prose(remedy::relaxation(&relaxation.code)),
            )
        })
        .collect();
    let inner = format!(
        "<p>What makes the gate wider than its strictest form.</p>\n<ul class=\"cards\">\n{rows}</ul>\n"
    );
    section("relaxations", "Relaxations", &inner)
}

fn footer(config: &Configuration, schema: &str) -> String {
    let said = match config {
        Configuration::None => "No configuration, so nobody is trusted.".to_owned(),
        Configuration::Unpinned(digest) => {
            format!("Configuration {}, which nobody pinned.", code(&digest.to_string()))
        }
        Configuration::Pinned(digest) => {
            format!("Configuration {}, as it was pinned.", code(&digest.to_string()))
        }
    };
    format!(
        "<footer id=\"configuration\"><p>{said}</p><p>A rendering of {}.</p></footer>\n",
        code(schema)
    )
}
