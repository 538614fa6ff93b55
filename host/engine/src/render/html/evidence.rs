//! Documents, what was checked of each, and the picture in words.

use lockgate_model::{Check, CheckState, Checks, Document, Kind, Report, Status};

use super::escape::{code, prose, text};
use super::mark::Mark;
use super::policy;
use crate::render::grounds::Grounds;
use crate::render::words::{self, count};

/// How many documents are told in full. All of them are in the JSON.
const MAX_DOCUMENTS: usize = 500;

/// All of them, facts first.
pub(super) fn all(documents: &[Document]) -> String {
    if documents.is_empty() {
        return "<p>No document was found; name a file or a folder with <code>--evidence</code>.</p>\n"
            .to_owned();
    }
    let mut sorted: Vec<(usize, &Document)> = documents.iter().enumerate().collect();
    sorted.sort_by_key(|(number, document)| (document.status, *number));
    let shown = sorted.iter().take(MAX_DOCUMENTS);
    let mut rows: String = shown.map(|(number, document)| one(*number, document)).collect();
    let more = documents.len().saturating_sub(MAX_DOCUMENTS);
    if more > 0 {
        let more = count(more, "more document is", "more documents are");
        rows += &format!("<li class=\"faint\">{more} in the report as JSON</li>\n");
    }
    format!("<ul class=\"cards documents\">\n{rows}</ul>\n")
}

fn one(number: usize, document: &Document) -> String {
    let mark = Mark::of_status(document.status);
    let kind = document.kind.map_or("unknown kind", Kind::as_str);
    let mut out = format!(
        "<li class=\"card {}\" id=\"document-{number}\">{}<div><h3>{}</h3><p><span class=\"tag\">{kind}</span> {}</p>",
        mark.class(),
        mark.shown(),
        text(&words::shown_path(document)),
        signed(document),
    );
    if let Some(reason) = &document.reason {
        out += &format!("<p class=\"reason\">{}</p>", prose(reason.as_str()));
    }
    if let Some(help) = &document.help {
        out += &format!("<p class=\"todo\"><b>To do</b> {}</p>", prose(help.as_str()));
    }
    if let Some(digest) = document.digest {
        out += &format!("<p class=\"faint\">{}</p>", code(&digest.to_string()));
    }
    if let Some(checks) = &document.checks {
        out += &format!(
            "<details><summary>{}</summary>{}</details>",
            prose(&words::checked(checks)),
            table(checks)
        );
    }
    out + "</div></li>\n"
}

fn signed(document: &Document) -> String {
    match document.status {
        Status::Fact => {
            let names: Vec<String> =
                document.signers.iter().map(|name| format!("<b>{}</b>", text(name))).collect();
            format!("signed by {}", names.join(", "))
        }
        _ => text(&words::vouched(document)),
    }
}

fn table(checks: &Checks) -> String {
    let Checks { signature, context, subject, identity, log, sct, time, validity, shape } = checks;
    let mut rows = String::new();
    let mut row = |name: &str, state: CheckState, detail: &str| {
        let word = match state {
            CheckState::Done => "done",
            CheckState::NotRequired => "not required",
            CheckState::NotPossible => "not possible",
        };
        rows += &format!(
            "<tr><th scope=\"row\">{name}</th><td>{} {word}</td><td>{}</td></tr>\n",
            Mark::of_check(state).shown(),
            prose(detail)
        );
    };
    let detail = |check: &Check| check.detail.as_ref().map(ToString::to_string).unwrap_or_default();
    for (name, check) in [
        ("signature", signature),
        ("context", context),
        ("subject", subject),
        ("identity", identity),
        ("log", log),
        ("sct", sct),
        ("validity", validity),
    ] {
        row(name, check.state, &detail(check));
    }
    let at = time.at.map(|at| at.to_string()).unwrap_or_default();
    let source = time.source.map(|source| format!(", {}", words::source(source)));
    let host = if time.verified_at_host_time { ", held against the host's clock, too" } else { "" };
    row("time", time.state, &format!("{at}{}{host}", source.unwrap_or_default()));
    let absent = match shape.absent.is_empty() {
        true => String::new(),
        false => format!("absent: {}", shape.absent.join(", ")),
    };
    row("shape", shape.state, &absent);
    format!("<table class=\"checks\">{rows}</table>")
}

/// The picture in words: what each policy read, and what no policy could.
pub(super) fn words(report: &Report, grounds: &Grounds<'_>) -> String {
    let policies = report.policies.iter().map(|policy| {
        let read = grounds.of_policy(policy);
        let read = match read.grounds.is_empty() {
            true => "read nothing".to_owned(),
            false => format!("read {}", policy::told(&read)),
        };
        format!("<li>{} ({}) {read}</li>\n", code(&policy.name), words::opinion(policy.opinion))
    });
    let documents = report.documents.iter().take(MAX_DOCUMENTS).map(|document| {
        format!("<li>{}: {}</li>\n", code(&words::shown_path(document)), signed(document))
    });
    let end = format!(
        "<li>the gate of {}: {}</li>\n",
        code(report.stage.as_str()),
        report.outcome.as_str()
    );
    documents.chain(policies).chain(std::iter::once(end)).collect()
}
