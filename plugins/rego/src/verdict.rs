//! From what a rule returned to findings.

use lockgate_plugin::instant::Instant;
use lockgate_plugin::{Level, Report};
use regorus::Value;

use crate::entry::Entry;
use crate::format::short;
use crate::time::At;

/// The most findings of one rule that are shown each by itself. Nobody reads further, and thousands
/// stay under the host's limit; what is left is summed up, never passed over.
pub(crate) const MAX_SHOWN: usize = 100;

/// One thing that a rule says.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Said {
    level: Level,
    message: String,
    about: Option<String>,
    expected: Option<String>,
    remediation: Option<String>,
}

/// What a rule says, in the order of its values.
///
/// # Errors
///
/// It is undefined, or what it returned is no list of messages.
pub(crate) fn said(entry: &Entry, value: &Value, at: At) -> Result<Vec<Said>, String> {
    let path = &entry.path;
    let each = |value: &Value| one(entry.level, value, at).map_err(|why| format!("`{path}` {why}"));
    match value {
        Value::Set(values) => values.iter().map(each).collect(),
        Value::Array(values) => values.iter().map(each).collect(),
        Value::Undefined => Err(format!("`{path}` is undefined, which is no verdict")),
        other => Err(format!("`{path}` is {}, and has to be a set of messages", kind(other))),
    }
}

/// Adds findings: as they are, or where an exception covers the rule, as notes.
pub(crate) fn report(entry: &Entry, mut said: Vec<Said>, excepted: bool, report: &mut Report) {
    let more = said.len().saturating_sub(MAX_SHOWN);
    if more > 0 {
        // What weighs most is shown, in the order of its values.
        said.sort_by_key(|said| weight(said.level));
    }
    // The host does not weigh what is summed up: so it weighs what the heaviest of it does.
    let heaviest = said.get(MAX_SHOWN).map(|said| said.level);
    for said in said.into_iter().take(MAX_SHOWN) {
        let level = if excepted { Level::Note } else { said.level };
        let message = match excepted {
            true => format!("{} (excepted by `{}.exception`)", said.message, entry.package),
            false => said.message,
        };
        let finding = report.finding(level, entry.rule, message);
        finding.about = said.about;
        finding.expected = said.expected;
        finding.remediation = said.remediation;
    }
    if let (1.., Some(heaviest)) = (more, heaviest) {
        let level = if excepted { Level::Note } else { heaviest };
        report.finding(level, entry.rule, format!("{more} further findings like these"));
    }
}

fn weight(level: Level) -> u8 {
    match level {
        Level::Violation => 0,
        Level::Warning => 1,
        Level::Note => 2,
    }
}

/// A message, or an object with one: `code`, `term`, `solution`, `severity` and `effective_on` are
/// those of Conforma; other members are for other tools.
fn one(level: Level, value: &Value, at: At) -> Result<Said, String> {
    let object = match value {
        Value::String(text) => {
            let message = message(text)?;
            return Ok(Said { level, message, about: None, expected: None, remediation: None });
        }
        Value::Object(object) => object,
        other => {
            return Err(format!(
                "returned {} in its set, and messages are strings, or objects with `msg`",
                kind(other)
            ));
        }
    };
    let member = |name: &str| object.get(&Value::from(name));
    let text = |name: &str| match member(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.to_string())),
        Some(other) => {
            Err(format!("returned an object whose `{name}` is {}, and no string", kind(other)))
        }
    };
    let message = match text("msg")? {
        Some(text) => message(&text)?,
        None => return Err("returned an object without `msg`".to_owned()),
    };
    let level = match text("severity")?.as_deref() {
        None => level,
        Some("failure") => Level::Violation,
        Some("warning") => Level::Warning,
        Some(other) => {
            return Err(format!(
                "returned an object whose `severity` is `{}`, and neither `failure` nor `warning`",
                short(other)
            ));
        }
    };
    let (level, expected) = match text("effective_on")? {
        Some(from) => effective(level, &from, at)?,
        None => (level, None),
    };
    let about = match (text("code")?, terms(member("term"))?) {
        (code, None) => code,
        (Some(code), Some(term)) => Some(format!("{code}:{term}")),
        (None, term) => term,
    };
    Ok(Said { level, message, about, expected, remediation: text("solution")? })
}

/// Until then a violation is a warning.
fn effective(level: Level, from: &str, at: At) -> Result<(Level, Option<String>), String> {
    let moment: Instant = from.parse().map_err(|why| {
        short(&format!("returned an object whose `effective_on` is wrong: {why}"))
    })?;
    if level == Level::Violation && moment.unix() > at() {
        return Ok((Level::Warning, Some(format!("a violation from {moment} on"))));
    }
    Ok((level, None))
}

fn message(text: &str) -> Result<String, String> {
    match text.trim() {
        text if text.chars().all(is_unseen) => Err("returned an empty message".to_owned()),
        text => Ok(text.to_owned()),
    }
}

/// Whether a character shows nothing: a blank one, one that a terminal obeys, or one that is ignored by
/// default where it is not known.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        )
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}')
        || matches!(c, '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}')
        || matches!(c, '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// What a finding is about beside its code: one word, or several.
fn terms(value: Option<&Value>) -> Result<Option<String>, String> {
    let word = |value: &Value| match value {
        Value::String(text) => Ok(text.to_string()),
        other => Err(format!("returned an object whose `term` is {}, and no string", kind(other))),
    };
    let words: Vec<String> = match value {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::Array(values)) => values.iter().map(word).collect::<Result<_, _>>()?,
        Some(Value::Set(values)) => values.iter().map(word).collect::<Result<_, _>>()?,
        Some(other) => vec![word(other)?],
    };
    Ok((!words.is_empty()).then(|| words.join(",")))
}

/// What a value is, for a message.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Set(_) => "a set",
        Value::Object(_) => "an object",
        Value::Undefined => "undefined",
    }
}
