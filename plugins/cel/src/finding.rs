//! What a finding says beside its message.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use crate::judge::{Asked, Ruling};
use crate::language::{MAX_SHOWN, Value, cut};

/// A text in one line, cut where it is long.
pub(crate) fn shortened(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.extend(word.chars().take(MAX_SHOWN + 1));
        if line.len() > MAX_SHOWN {
            break;
        }
    }
    cut(line)
}

/// What an element is called: itself if it is short, what names it if it is a map, else its number.
pub(crate) fn called(element: &Value<'_>, number: usize) -> String {
    let Value::Members(members) = element else {
        return match element {
            Value::Text(_) | Value::Int(_) | Value::Uint(_) => shortened(&element.shown()),
            _ => format!("element {number}"),
        };
    };
    let text = |key: &str| members.get(key).and_then(Json::as_str);
    let package = text("purl").or(text("component"));
    let name = match (text("vulnerability"), package) {
        (Some(vulnerability), Some(package)) => Some(format!("{vulnerability} {package}")),
        (Some(only), None) | (None, Some(only)) => Some(only.to_owned()),
        (None, None) => {
            let name = text("path").or(text("name")).or(text("text")).or(text("id"));
            name.map(str::to_owned)
        }
    };
    name.map_or_else(|| format!("element {number}"), |name| shortened(&name))
}

/// The documents that a finding rests on, by digest. None, which stands for all that was looked at, where
/// the expression also asks of what is no document.
pub(crate) fn evidence(ruling: &Ruling, it: Option<&Value<'_>>, asked: &Asked<'_>) -> Vec<String> {
    let mut names: BTreeSet<&str> = ruling.that.names().iter().map(String::as_str).collect();
    names.extend(ruling.about.iter().flat_map(|about| about.names()).map(String::as_str));
    let mut digests = BTreeSet::new();
    if let Some(each) = &ruling.each {
        let document = each.gives().is_documents().then(|| it.and_then(digest)).flatten();
        match document {
            Some(digest) => {
                digests.insert(digest);
            }
            None => names.extend(each.names().iter().map(String::as_str)),
        }
    }
    for name in names {
        match name {
            "it" | "subject" | "stage" | "at" | "at_unix" => continue,
            // What stands of a row rests on VEX documents that are not in the view.
            "scans" if asked.honours_vex => return Vec::new(),
            _ => {}
        }
        let Some(Json::Array(documents)) = asked.view.get(name) else { return Vec::new() };
        for document in documents {
            match document.get("digest").and_then(Json::as_str) {
                Some(digest) => digests.insert(digest.to_owned()),
                None => return Vec::new(),
            };
        }
    }
    digests.into_iter().collect()
}

fn digest(document: &Value<'_>) -> Option<String> {
    let Value::Members(members) = document else { return None };
    members.get("digest").and_then(Json::as_str).map(str::to_owned)
}
