//! SARIF 2.1.0: for GitHub's code scanning and whatever else collects findings.
//!
//! Nothing that shuts the gate is invisible: a finding is a result, and so is every reason that is no
//! finding; a policy that could not say is a notification, too, and then the execution counts as
//! incomplete. Relaxations are results of level `note`.

use std::collections::BTreeMap;

use lockgate_model::{
    Digest, Document, Effect, Finding, Level, Opinion, Outcome, PolicyReport, Report, RuleReport,
};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::grounds::{Ground, Grounds, Rests};
use super::{json, markdown, remedy, words};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The report of a check.
pub(super) fn check(report: &Report) -> String {
    let grounds = Grounds::of(&report.documents);
    let mut log = Log { report, grounds: &grounds, rules: Rules::default(), seen: BTreeMap::new() };
    for policy in &report.policies {
        for rule in &policy.rules {
            log.rules.index(&id(policy, &rule.code), || declared(policy, rule));
        }
    }
    // The most pressing first: a reader may stop at some number of results.
    let mut results: Vec<Value> = log.reasons();
    for level in [Level::Violation, Level::Warning, Level::Note] {
        for policy in &report.policies {
            let rests = grounds.of_policy(policy);
            let of_level = policy.findings.iter().filter(|finding| finding.level == level);
            results.extend(of_level.map(|finding| log.finding(policy, finding, &rests)));
        }
    }
    results.extend(log.relaxations());
    json(&json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "lockgate",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": log.rules.rules,
            } },
            "automationDetails": { "id": format!("lockgate/{}/", report.stage) },
            "invocations": [invocation(report)],
            "artifacts": artifacts(report),
            "results": results,
            "properties": {
                "stage": report.stage,
                "at": report.at,
                "outcome": report.outcome,
                "subject": report.subject,
                "config": report.config,
                "reasons": report.reasons,
                "relaxations": report.relaxations,
            },
        }],
    }))
}

/// The rules in their order, and the place of each.
#[derive(Default)]
struct Rules {
    rules: Vec<Value>,
    index: BTreeMap<String, usize>,
}

impl Rules {
    fn index(&mut self, id: &str, rule: impl FnOnce() -> Value) -> usize {
        if let Some(index) = self.index.get(id) {
            return *index;
        }
        let mut rule = rule();
        rule["id"] = id.into();
        self.rules.push(rule);
        self.index.insert(id.to_owned(), self.rules.len() - 1);
        self.rules.len() - 1
    }
}

/// `POLICY/CODE`. What the gate itself says has a colon instead, which no policy's name has.
fn id(policy: &PolicyReport, code: &str) -> String {
    format!("{}/{code}", policy.name)
}

fn declared(policy: &PolicyReport, rule: &RuleReport) -> Value {
    let level = if policy.effect == Effect::Required { "error" } else { "warning" };
    described(level, rule.title.as_str(), rule.remediation.as_str())
}

fn described(level: &str, title: &str, help: &str) -> Value {
    let mut rule = json!({
        "id": "",
        "shortDescription": { "text": plain(title) },
        "defaultConfiguration": { "level": level },
    });
    if !help.is_empty() {
        rule["help"] = json!({ "text": plain(help), "markdown": markdown::prose(help) });
    }
    rule
}

struct Log<'a> {
    report: &'a Report,
    grounds: &'a Grounds<'a>,
    rules: Rules,
    /// How often a fingerprint was given, so that two findings about one thing stay two.
    seen: BTreeMap<String, usize>,
}

impl Log<'_> {
    /// Why the gate is shut, beside findings.
    fn reasons(&mut self) -> Vec<Value> {
        let reasons = self.report.reasons.iter();
        let others = reasons.filter(|reason| reason.code != "policy-failed");
        let results = others.map(|reason| {
            let id = format!("gate:{}", reason.code);
            let help = remedy::reason(&reason.code);
            let rule = || described("error", &reason.code.replace('-', " "), help);
            let about = reason.message.as_str();
            self.result(&id, rule, "error", about, &[&reason.code, about])
        });
        results.collect()
    }

    fn relaxations(&mut self) -> Vec<Value> {
        let relaxations = self.report.relaxations.iter();
        let results = relaxations.map(|relaxation| {
            let id = format!("relaxation:{}", relaxation.code);
            let help = format!("what sets it: {}", remedy::relaxation(&relaxation.code));
            let rule = || described("note", &relaxation.code.replace('-', " "), &help);
            let text = format!("`{}` {}", relaxation.about, relaxation.message);
            self.result(&id, rule, "note", &text, &[&relaxation.code, relaxation.about.as_str()])
        });
        results.collect()
    }

    fn finding(&mut self, policy: &PolicyReport, finding: &Finding, read: &Rests<'_>) -> Value {
        let level = match finding.level {
            Level::Violation if words::shuts(policy, finding) => "error",
            // What an advisory policy says shuts nothing, and so turns nothing red.
            Level::Violation | Level::Warning => "warning",
            Level::Note => "note",
        };
        let about = finding.about.as_ref().map(lockgate_model::Text::as_str);
        let rule =
            || described(level, &finding.code.replace('-', " "), finding.remediation.as_str());
        let parts = [&*policy.name, &*finding.code, about.unwrap_or_default()];
        let text = told(policy, finding);
        let mut result = self.result(&id(policy, &finding.code), rule, level, &text, &parts);
        let named = self.grounds.of_finding(policy, finding);
        let related = related(named.as_ref().unwrap_or(read));
        if !related.is_empty() {
            result["relatedLocations"] = related.into();
        }
        let mut properties = Map::new();
        properties.insert("level".into(), words::level(finding.level).into());
        properties.insert("effect".into(), words::effect(policy.effect).into());
        properties.insert("evidence".into(), json!(finding.evidence));
        let said =
            [("about", &finding.about), ("expected", &finding.expected), ("found", &finding.found)];
        for (key, text) in said {
            properties.insert(key.into(), json!(text));
        }
        result["properties"] = properties.into();
        result
    }

    fn result(
        &mut self,
        id: &str,
        rule: impl FnOnce() -> Value,
        level: &str,
        text: &str,
        parts: &[&str],
    ) -> Value {
        let index = self.rules.index(id, rule);
        let print = fingerprint(parts);
        let times = self.seen.entry(print.clone()).or_default();
        *times += 1;
        json!({
            "ruleId": id,
            "ruleIndex": index,
            "level": level,
            "message": { "text": plain(text) },
            // GitHub takes no result without a line, and an artifact has none but its first.
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": uri(self.report.subject.name.as_str()), "index": 0 },
                "region": { "startLine": 1 },
            } }],
            "partialFingerprints": {
                "lockgate/v1": format!("{print}:{times}"),
                // By this one GitHub tells an alert from another; elsewhere it is made of source lines.
                "primaryLocationLineHash": format!("{}:{times}", print.get(..16).unwrap_or(&print)),
            },
        })
    }
}

/// What is found, and what would have been right.
fn told(policy: &PolicyReport, finding: &Finding) -> String {
    let mut text = finding.message.to_string();
    let said = [
        ("about", words::about(finding)),
        ("expected", finding.expected.as_ref()),
        ("found", finding.found.as_ref()),
    ];
    for (word, said) in said {
        text += &said.map(|said| format!("; {word}: {said}")).unwrap_or_default();
    }
    if policy.effect == Effect::Advisory && finding.level == Level::Violation {
        text += "; the policy is advisory";
    }
    text
}

/// A text in which SARIF sees no link and no placeholder: braces are doubled, brackets escaped where
/// they could make a link.
fn plain(text: &str) -> String {
    let mut text = text.replace('{', "{{").replace('}', "}}");
    if text.contains("](") {
        text = text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    }
    // The schema wants a character.
    if text.is_empty() { "(nothing)".to_owned() } else { text }
}

/// Whether the report is a whole one: a policy that could not say leaves it incomplete.
fn invocation(report: &Report) -> Value {
    let withheld = report.policies.iter().filter(|policy| policy.opinion == Opinion::Withheld);
    let notifications: Vec<Value> = withheld
        .map(|policy| {
            let level = if policy.effect == Effect::Required { "error" } else { "warning" };
            let why = policy.reason.as_ref().map(|why| format!(": {why}")).unwrap_or_default();
            let text = format!("the policy `{}` withholds its opinion{why}", policy.name);
            json!({
                "descriptor": { "id": format!("withheld:{}", policy.name) },
                "level": level,
                "message": { "text": plain(&text) },
            })
        })
        .collect();
    let complete = notifications.is_empty() && report.outcome != Outcome::Undecided;
    json!({
        "executionSuccessful": complete,
        "exitCode": report.exit,
        "exitCodeDescription": report.outcome,
        "toolExecutionNotifications": notifications,
    })
}

/// The artifact, and behind it the documents in their order.
fn artifacts(report: &Report) -> Vec<Value> {
    let artifact = |name: &str, digest: Option<Digest>, role: &str, words: &str| {
        let mut artifact = json!({
            "location": { "uri": uri(name) },
            "description": { "text": plain(words) },
            "roles": [role],
        });
        if let Some(digest) = digest {
            artifact["hashes"] = json!({ "sha-256": digest.hex() });
        }
        artifact
    };
    let subject = &report.subject;
    let words = "the artifact that is judged";
    let mut artifacts =
        vec![artifact(subject.name.as_str(), Some(subject.digest), "analysisTarget", words)];
    artifacts.extend(report.documents.iter().map(|document| {
        artifact(document.path.as_str(), document.digest, "attachment", &kept(document))
    }));
    artifacts
}

fn related(rests: &Rests<'_>) -> Vec<Value> {
    let documents = rests.grounds.iter().filter_map(|ground| match ground {
        Ground::Document(place, document) => Some((*place, *document)),
        _ => None,
    });
    let location = |(number, (place, document)): (usize, (usize, &Document))| {
        json!({
            "id": number + 1,
            "message": { "text": plain(&kept(document)) },
            "physicalLocation": {
                // Behind the artifact itself.
                "artifactLocation": { "uri": uri(document.path.as_str()), "index": place + 1 },
            },
        })
    };
    documents.enumerate().map(location).collect()
}

/// What a document is and who vouches for it.
fn kept(document: &Document) -> String {
    let kind = document.kind.map_or("document", lockgate_model::Kind::as_str);
    format!("{kind}, {}", words::vouched(document))
}

/// A relative reference by RFC 3986: every byte that is not unreserved or a slash is escaped, so that
/// no name becomes a scheme, a query or a fragment.
fn uri(name: &str) -> String {
    let mut uri = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            _ => uri += &format!("%{byte:02X}"),
        }
    }
    // `//host` would be one; an absolute path is not relative to the checkout.
    uri.trim_start_matches('/').to_owned()
}

/// The same for the same thing in every run. Lengths stand before the parts, so that no two ways to
/// part a text give the same.
fn fingerprint(parts: &[&str]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}
