//! Policies, their findings, and their rules.

use lockgate_model::{Effect, Finding, PolicyReport, Report, RuleState};

use super::escape::{code, prose, text};
use super::mark::Mark;
use crate::render::grounds::{Ground, Grounds, Rests};
use crate::render::words::{self, count};

/// How many findings of a policy are told. A page of more is not read; all of them are in the JSON.
const MAX_FINDINGS: usize = 200;

/// All of them.
pub(super) fn all(report: &Report, grounds: &Grounds<'_>) -> String {
    let policies = report.policies.iter().enumerate();
    policies.map(|(number, policy)| one(number, policy, grounds)).collect()
}

fn one(number: usize, policy: &PolicyReport, grounds: &Grounds<'_>) -> String {
    let mark = Mark::of_opinion(policy.opinion);
    let opinion = words::opinion(policy.opinion);
    let advisory = match policy.effect {
        Effect::Required => "",
        Effect::Advisory => "<span class=\"tag\">advisory</span>",
    };
    let mut out = format!(
        "<article class=\"card policy {}\" id=\"policy-{number}\"><header>{}<h3>{}</h3>\
         <span class=\"tag {}\">{opinion}</span>{advisory}<span class=\"plugin\">{}</span></header>\n",
        mark.class(),
        mark.shown(),
        text(&policy.name),
        mark.class(),
        code(&policy.plugin),
    );
    if let Some(reason) = &policy.reason {
        out += &format!("<p class=\"reason\">{}</p>\n", prose(reason.as_str()));
    }
    let read = grounds.of_policy(policy);
    out += &findings(policy, grounds);
    for exception in &policy.exceptions {
        out += &format!(
            "<p class=\"exception\">{} exception from {}: {}</p>\n",
            Mark::Doubt.shown(),
            code(&exception.code),
            prose(exception.message.as_str())
        );
    }
    if !read.grounds.is_empty() {
        // A finding that names nothing rests on all of it.
        let unnamed = policy.findings.iter().any(|finding| finding.evidence.is_empty());
        let word = if unnamed { "Read, and rests on" } else { "Read" };
        out += &format!("<p class=\"faint\">{word}: {}</p>\n", told(&read));
    }
    out += &inside(policy);
    out + "</article>\n"
}

fn findings(policy: &PolicyReport, grounds: &Grounds<'_>) -> String {
    if policy.findings.is_empty() {
        return String::new();
    }
    let mut out = String::from("<ul class=\"findings\">\n");
    let shown = policy.findings.get(..MAX_FINDINGS).unwrap_or(&policy.findings);
    let same = |a: &Finding, b: &Finding| a.code == b.code && a.remediation == b.remediation;
    for alike in shown.chunk_by(same) {
        for (number, one) in alike.iter().enumerate() {
            let named = grounds.of_finding(policy, one);
            let last = number + 1 == alike.len();
            out += &finding(policy, one, &named.unwrap_or_default(), last);
        }
    }
    let more = policy.findings.len() - shown.len();
    if more > 0 {
        let more = count(more, "more finding is", "more findings are");
        out += &format!("<li class=\"faint\">{more} in the report as JSON</li>\n");
    }
    out + "</ul>\n"
}

/// What to do once, behind all that need the same.
fn finding(policy: &PolicyReport, finding: &Finding, rests: &Rests<'_>, last: bool) -> String {
    let mark = Mark::of_level(finding.level);
    let mut out = format!(
        "<li class=\"{}\">{}<div><p class=\"message\"><span class=\"tag {}\">{}</span> {}</p>\
         <p>{}</p>",
        mark.class(),
        mark.shown(),
        mark.class(),
        words::level(finding.level),
        code(&format!("{}/{}", policy.name, finding.code)),
        prose(finding.message.as_str()),
    );
    let said = [
        ("about", words::about(finding)),
        ("expected", finding.expected.as_ref()),
        ("found", finding.found.as_ref()),
    ];
    let mut rows = String::new();
    for (word, said) in said {
        if let Some(said) = said {
            rows += &format!("<dt>{word}</dt><dd class=\"{word}\">{}</dd>", code(said.as_str()));
        }
    }
    if !rests.grounds.is_empty() {
        rows += &format!("<dt>rests on</dt><dd>{}</dd>", told(rests));
    }
    if !rows.is_empty() {
        out += &format!("<dl>{rows}</dl>");
    }
    if last && !finding.remediation.as_str().is_empty() {
        out +=
            &format!("<p class=\"todo\"><b>To do</b> {}</p>", prose(finding.remediation.as_str()));
    }
    out + "</div></li>\n"
}

/// The rules, and the plugin that has them.
fn inside(policy: &PolicyReport) -> String {
    let rules = &policy.rules;
    let of = |state| rules.iter().filter(|rule| rule.state == state).count();
    let states = [RuleState::Checked, RuleState::NotApplicable, RuleState::Unaccounted];
    let counted: Vec<String> = states
        .into_iter()
        .filter(|state| of(*state) > 0)
        .map(|state| format!("{} {}", of(state), words::rule(state)))
        .collect();
    let rows: String = rules
        .iter()
        .map(|rule| {
            let reason = rule.reason.as_ref().map(|it| format!(": {}", prose(it.as_str())));
            format!(
                "<li class=\"{}\">{}<span>{} {} <span class=\"faint\">{}{}</span></span></li>\n",
                Mark::of_rule(rule.state).class(),
                Mark::of_rule(rule.state).shown(),
                code(&rule.code),
                text(rule.title.as_str()),
                words::rule(rule.state),
                reason.unwrap_or_default(),
            )
        })
        .collect();
    let capabilities: Vec<String> = policy.capabilities.iter().map(|word| text(word)).collect();
    let can = match capabilities.is_empty() {
        true => String::new(),
        false => format!("<dt>can read</dt><dd>{}</dd>", capabilities.join(", ")),
    };
    let colon = if counted.is_empty() { "" } else { ": " };
    format!(
        "<details class=\"rules\"><summary>{}{colon}{}</summary><ul>\n{rows}</ul>\
         <dl>{can}<dt>plugin</dt><dd>{}</dd></dl></details>\n",
        count(rules.len(), "rule", "rules"),
        counted.join(", "),
        code(&policy.digest.to_string()),
    )
}

/// What something rests on, with a way to each document.
pub(super) fn told(rests: &Rests<'_>) -> String {
    let told = rests.grounds.iter().map(|ground| match ground {
        Ground::Document(place, document) => {
            format!("<a href=\"#document-{place}\">{}</a>", code(&words::shown_path(document)))
        }
        other => text(&other.short()),
    });
    let mut told: Vec<String> = told.collect();
    if rests.more > 0 {
        told.push(format!("{} more", rests.more));
    }
    told.join(", ")
}
