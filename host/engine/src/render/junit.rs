//! JUnit XML: a suite for every policy, a case for every rule; Jenkins, GitLab and others show it.
//!
//! There is no standard. What is written keeps the schema of Jenkins' xunit plugin, which is the
//! strictest that is in wide use. A report of a shut gate is never all green: what is no finding fails
//! in the suite `gate`. And one of an open gate is never red: what an advisory policy says is skipped
//! with a message, and told in full on the case's standard output.

use std::collections::BTreeMap;

use lockgate_model::{
    Effect, Finding, Level, Opinion, Outcome, PolicyReport, Reason, Report, RuleReport, RuleState,
};
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::{remedy, words};

/// The report of a check.
///
/// # Panics
///
/// Never: memory takes everything that is written to it.
pub(super) fn check(report: &Report) -> String {
    let mut suites = vec![gate(report)];
    suites.extend(report.policies.iter().map(suite));
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    write(&mut writer, report, &suites).expect("a vector takes everything");
    let mut bytes = writer.into_inner();
    bytes.push(b'\n');
    String::from_utf8(bytes).expect("it was made of text")
}

struct Suite {
    name: String,
    cases: Vec<Case>,
}

struct Case {
    name: String,
    verdicts: Vec<Verdict>,
    /// What is told beside the verdict.
    out: Vec<String>,
}

struct Verdict {
    element: &'static str,
    kind: String,
    message: String,
    text: String,
}

impl Suite {
    fn count(&self, element: &str) -> usize {
        let has = |case: &&Case| case.verdicts.iter().any(|verdict| verdict.element == element);
        self.cases.iter().filter(has).count()
    }
}

/// What the gate itself says: the outcome, and every reason.
fn gate(report: &Report) -> Suite {
    let mut cases = vec![Case {
        name: "outcome".into(),
        verdicts: match report.outcome {
            Outcome::Allowed => Vec::new(),
            Outcome::Denied => vec![shut("failure", report)],
            Outcome::Undecided | Outcome::Pending => vec![shut("error", report)],
        },
        out: report
            .relaxations
            .iter()
            .map(|it| format!("relaxation {}: `{}` {}", it.code, it.about, it.message))
            .collect(),
    }];
    // A policy that fails or withholds has a suite of its own, where it does so.
    let told = ["policy-failed", "policy-withheld"];
    let others = report.reasons.iter().filter(|reason| !told.contains(&&*reason.code));
    let mut times = BTreeMap::new();
    cases.extend(others.map(|reason| {
        let number = times.entry(&reason.code).and_modify(|number| *number += 1).or_insert(1);
        Case {
            // Two cases of one name would be taken for one.
            name: match number {
                1 => reason.code.to_string(),
                number => format!("{} ({number})", reason.code),
            },
            verdicts: vec![because(reason)],
            out: Vec::new(),
        }
    }));
    Suite { name: "gate".into(), cases }
}

fn shut(element: &'static str, report: &Report) -> Verdict {
    let reasons = report.reasons.iter().map(|it| format!("- {}: {}", it.code, it.message));
    Verdict {
        element,
        kind: report.outcome.as_str().into(),
        message: words::decided(report),
        text: reasons.collect::<Vec<_>>().join("\n"),
    }
}

fn because(reason: &Reason) -> Verdict {
    let undecided = ["ambiguous-evidence", "no-policy", "policy-withheld"];
    Verdict {
        element: if undecided.contains(&&*reason.code) { "error" } else { "failure" },
        kind: reason.code.to_string(),
        message: reason.message.to_string(),
        text: format!("to do: {}", remedy::reason(&reason.code)),
    }
}

fn suite(policy: &PolicyReport) -> Suite {
    let mut cases: Vec<Case> = policy.rules.iter().map(|rule| case(policy, rule)).collect();
    // A plugin that could not even say which rules it has, and one that has to be seen anyway.
    let told = cases.iter().flat_map(|case| &case.verdicts).any(|verdict| verdict.kind != SKIPPED);
    let settled = matches!(policy.opinion, Opinion::Pass | Opinion::NotApplicable);
    if cases.is_empty() || !(settled || told) {
        cases.push(Case {
            name: "opinion".into(),
            verdicts: if settled { Vec::new() } else { vec![unsaid(policy)] },
            out: Vec::new(),
        });
    }
    Suite { name: policy.name.clone(), cases }
}

fn case(policy: &PolicyReport, rule: &RuleReport) -> Case {
    let findings = || policy.findings.iter().filter(|finding| finding.code == rule.code);
    let violations: Vec<&Finding> =
        findings().filter(|finding| finding.level == Level::Violation).collect();
    let mut out: Vec<String> = findings()
        .filter(|finding| finding.level != Level::Violation)
        .map(|finding| format!("{}\n{}", words::level(finding.level), told(finding)))
        .collect();
    let exceptions = policy.exceptions.iter().filter(|exception| exception.code == rule.code);
    out.extend(exceptions.map(|exception| format!("exception: {}", exception.message)));
    let mut verdicts = Vec::new();
    if let [first, rest @ ..] = &violations[..] {
        let more = match rest.len() {
            0 => String::new(),
            more => format!(" (and {more} more)"),
        };
        let text: Vec<String> = violations.iter().map(|finding| told(finding)).collect();
        let text = text.join("\n");
        let message = format!("{}{more}", first.message);
        if policy.effect == Effect::Required {
            verdicts.push(Verdict { element: "failure", kind: rule.code.clone(), message, text });
        } else {
            verdicts.push(advised("violation", &message));
            out.insert(0, format!("violation of an advisory policy\n{text}"));
        }
    } else if rule.state == RuleState::Unaccounted {
        verdicts.push(unsaid(policy));
    } else if rule.state == RuleState::NotApplicable {
        verdicts.push(Verdict {
            element: "skipped",
            kind: SKIPPED.into(),
            message: rule.reason.as_ref().map(ToString::to_string).unwrap_or_default(),
            text: String::new(),
        });
    }
    Case { name: rule.code.clone(), verdicts, out }
}

/// The type of what is skipped because it does not apply.
const SKIPPED: &str = "not-applicable";

/// A policy that did not say, or failed unasked.
fn unsaid(policy: &PolicyReport) -> Verdict {
    let why = policy.reason.as_ref().map(ToString::to_string).unwrap_or_default();
    if policy.effect == Effect::Advisory {
        return advised(words::opinion(policy.opinion), &why);
    }
    Verdict {
        element: if policy.opinion == Opinion::Fail { "failure" } else { "error" },
        kind: words::opinion(policy.opinion).replace(' ', "-"),
        message: why,
        text: String::new(),
    }
}

fn advised(kind: &str, message: &str) -> Verdict {
    Verdict {
        element: "skipped",
        kind: "advisory".into(),
        message: format!("advisory {kind}, which does not shut the gate: {message}"),
        text: String::new(),
    }
}

/// One finding, in lines of which none begins with what a stranger wrote: who prints the file into a
/// log of GitHub Actions would have its commands run.
fn told(finding: &Finding) -> String {
    let mut text = format!("- {}", finding.message);
    let said = [
        ("about", words::about(finding)),
        ("expected", finding.expected.as_ref()),
        ("found", finding.found.as_ref()),
        ("to do", Some(&finding.remediation)),
    ];
    for (key, said) in said {
        if let Some(said) = said.filter(|said| !said.as_str().is_empty()) {
            text += &format!("\n  {key}: {said}");
        }
    }
    let evidence: Vec<String> = finding.evidence.iter().map(ToString::to_string).collect();
    if !evidence.is_empty() {
        text += &format!("\n  rests on: {}", evidence.join(", "));
    }
    text
}

type Written = std::io::Result<()>;

fn write(writer: &mut Writer<Vec<u8>>, report: &Report, suites: &[Suite]) -> Written {
    writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    let total = |of: fn(&Suite) -> usize| suites.iter().map(of).sum::<usize>().to_string();
    writer
        .create_element("testsuites")
        .with_attributes([
            ("name", clean("lockgate").as_str()),
            ("tests", &total(|suite| suite.cases.len())),
            ("failures", &total(|suite| suite.count("failure"))),
            ("errors", &total(|suite| suite.count("error"))),
        ])
        .write_inner_content(|writer| {
            suites.iter().try_for_each(|suite| write_suite(writer, report, suite))
        })?;
    Ok(())
}

fn write_suite(writer: &mut Writer<Vec<u8>>, report: &Report, suite: &Suite) -> Written {
    let count = |element| suite.count(element).to_string();
    writer
        .create_element("testsuite")
        .with_attributes([
            ("name", clean(&suite.name).as_str()),
            ("tests", &suite.cases.len().to_string()),
            ("failures", &count("failure")),
            ("errors", &count("error")),
            ("skipped", &count("skipped")),
            // Nothing is measured, for the same inputs give the same report.
            ("time", "0"),
            ("timestamp", report.at.to_string().trim_end_matches('Z')),
        ])
        .write_inner_content(|writer| {
            writer.create_element("properties").write_inner_content(|writer| {
                for (name, value) in [
                    ("subject", report.subject.name.to_string()),
                    ("digest", report.subject.digest.to_string()),
                    ("stage", report.stage.to_string()),
                    ("outcome", report.outcome.as_str().to_owned()),
                ] {
                    let pair = [("name", name), ("value", &clean(&value))];
                    writer.create_element("property").with_attributes(pair).write_empty()?;
                }
                Ok(())
            })?;
            suite.cases.iter().try_for_each(|case| write_case(writer, &suite.name, case))
        })?;
    Ok(())
}

fn write_case(writer: &mut Writer<Vec<u8>>, suite: &str, case: &Case) -> Written {
    let (name, class) = (clean(&case.name), clean(suite));
    let attributes = [("name", name.as_str()), ("classname", &class), ("time", "0")];
    let element = writer.create_element("testcase").with_attributes(attributes);
    if case.verdicts.is_empty() && case.out.is_empty() {
        element.write_empty()?;
        return Ok(());
    }
    element.write_inner_content(|writer| {
        for verdict in &case.verdicts {
            let (kind, message) = (clean(&verdict.kind), clean(&verdict.message));
            let attributes = [("type", kind.as_str()), ("message", &message)];
            let element = writer.create_element(verdict.element).with_attributes(attributes);
            if verdict.text.is_empty() {
                element.write_empty()?;
            } else {
                element.write_text_content(BytesText::new(&clean(&verdict.text)))?;
            }
        }
        if !case.out.is_empty() {
            let out = clean(&case.out.join("\n"));
            writer.create_element("system-out").write_text_content(BytesText::new(&out))?;
        }
        Ok(())
    })?;
    Ok(())
}

/// Without what XML 1.0 forbids: not even a reference may stand for such a character.
fn clean(text: &str) -> String {
    let forbidden = |c: char| matches!(c, '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}');
    text.replace(forbidden, "\u{fffd}")
}
