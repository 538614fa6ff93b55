//! `data` of a policy: the files that its plugin is handed.

use std::sync::Arc;

use camino::Utf8Path;
use lockgate_evidence::data::{Files, MAX_CONTENTS};
use lockgate_model::{Digest, Stage};

use super::Data;
use super::problem::Problems;
use super::reader::{At, Table};
use super::tree::{Node, Value};
use super::trust::beside;

/// The most files of one policy: more than any has lists.
const MAX_FILES: usize = 64;

/// Reads the files that a policy names, beside the file in which it stands.
pub(super) fn read(problems: &mut Problems, entry: &mut Table, path: &Utf8Path) -> Data {
    let Some(node) = entry.take("data") else { return Data::default() };
    let place = node.place.clone();
    let Some(mut table) = Table::from(problems, "`data` in [[policy]]", node) else {
        return Data::default();
    };
    let entries = table.take_all();
    if entries.is_empty() || entries.len() > MAX_FILES {
        let message = format!("`data` in [[policy]] names {} files", entries.len());
        let help = format!("name 1 to {MAX_FILES} files, for example `{{ kev = \"kev.json\" }}`");
        problems.push(Some(place.clone()), message, Some(help));
    }
    let mut data = Data { place: Some(place), ..Data::default() };
    let mut files = Files::new();
    for (name, place, node) in entries {
        // Names are words of the same form as those of stages.
        if name.parse::<Stage>().is_err() {
            let message = format!("`{name}` is no name of a data file");
            let help = "a name is lower-case letters, digits and single dashes, 64 at the most";
            problems.push(Some(place), message, Some(help.into()));
            continue;
        }
        let Some((written, digest)) = named(problems, &name, node) else { continue };
        match problems.sources.data(&beside(path, &written.value), MAX_CONTENTS) {
            Ok(file) => {
                match digest {
                    Some(wanted) => held(problems, &written.value, file.digest(), wanted),
                    None => {
                        data.unpinned.insert(name.clone());
                    }
                }
                files.insert(name, file);
            }
            Err(error) => {
                let message = format!("the data file `{}` {error}", written.value);
                problems.push(Some(written.place), message, None);
            }
        }
    }
    data.files = Arc::new(files);
    data
}

/// A file's path, and the digest that it is to have, if it says one.
fn named(
    problems: &mut Problems,
    name: &str,
    node: Node,
) -> Option<(At<String>, Option<At<Digest>>)> {
    let place = node.place.clone();
    match node.value {
        Value::String(value) => Some((At { value, place }, None)),
        Value::Table(members) => {
            let heading = format!("`data.{name}` in [[policy]]");
            let mut table = Table::new(&heading, place, members);
            let file = table.required(problems, "file");
            let written = table.string(problems, "digest");
            let is_written = written.is_some();
            let digest = written.and_then(|written| digest(problems, written));
            table.finish(problems);
            // A digest that says nothing is no pin.
            (is_written == digest.is_some()).then_some((file?, digest))
        }
        other => {
            let message = format!("`data.{name}` in [[policy]] is a path, not {}", other.named());
            let help = "write `\"list.csv\"`, or `{ file = \"list.csv\", digest = \"sha256:…\" }`";
            problems.push(Some(place), message, Some(help.into()));
            None
        }
    }
}

fn digest(problems: &mut Problems, written: At<String>) -> Option<At<Digest>> {
    let At { value, place } = written;
    match value.parse() {
        Ok(value) => Some(At { value, place }),
        Err(_) => {
            let message = format!("`{value}` is no digest");
            let help = "write `sha256:` and 64 hexadecimal digits in lower case, as `sha256sum` \
                        prints them";
            problems.push(Some(place), message, Some(help.into()));
            None
        }
    }
}

/// Holds a file against the digest that it is to have.
fn held(problems: &mut Problems, written: &str, digest: Digest, wanted: At<Digest>) {
    if digest != wanted.value {
        let message = format!("the data file `{written}` is not the one that is pinned");
        let help = format!("it has {digest}, and {} is asked for", wanted.value);
        problems.push(Some(wanted.place), message, Some(help));
    }
}
