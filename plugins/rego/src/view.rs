//! What modules may look at under `input`.
//!
//! In Rego whatever is not there is undefined, and a rule that meets it says nothing. So what the
//! settings do not let modules see is refused where a module names it, before anything is evaluated.

use std::collections::{BTreeMap, BTreeSet};

use lockgate_facts::{KINDS, Section};

use crate::walk::{Reference, Step};

/// What is always there.
const ALWAYS: &[&str] = &["subject", "stage"];

/// Members of documents that are there if a part of a section is asked for, by the word of the part.
const PARTS: &[(&str, &[&str])] = &[
    ("sbom.components", &["components"]),
    ("sbom.licenses", &["license_statements", "licenses"]),
    ("sbom.hashes", &["hashes"]),
    ("sbom.dependencies", &["dependencies", "dependency_count", "direct"]),
    ("scans.rows", &["rows"]),
];

/// Words of sections beside kinds of attestations.
const WORDS: &[&str] = &["signatures", "sbom", "scans", "tests", "contents", "history", "time"];

/// The keys under `input`, and the members that are not there.
#[derive(Debug)]
pub(crate) struct View {
    /// By key, whether it is a list of documents.
    keys: BTreeMap<String, bool>,
    /// By member, the key of its section and the word of the part that is not asked for.
    absent: BTreeMap<&'static str, (String, &'static str)>,
}

impl View {
    pub(crate) fn of(sections: &[Section]) -> Self {
        let mut keys: BTreeMap<String, bool> =
            ALWAYS.iter().map(|&key| (key.to_owned(), false)).collect();
        for section in sections {
            let object = matches!(section, Section::Time | Section::Contents | Section::History);
            keys.insert(section.key(), !object);
            if *section == Section::Time {
                keys.insert("at_unix".to_owned(), false);
            }
        }
        let mut absent = BTreeMap::new();
        for &(word, members) in PARTS {
            let Ok(part) = Section::parse(word) else { continue };
            let key = part.key();
            if keys.contains_key(&key) && !sections.iter().any(|given| given.implies(&part)) {
                absent.extend(members.iter().map(|&member| (member, (key.clone(), word))));
            }
        }
        Self { keys, absent }
    }

    /// The key that a reference into `input` looks at.
    ///
    /// # Errors
    ///
    /// It cannot be told, or it is not there.
    pub(crate) fn look<'a>(&self, reference: &'a Reference<'_>) -> Result<&'a str, String> {
        let key = match reference.steps.first() {
            Some(Step::Name(key)) => key,
            Some(Step::Other) => {
                return Err(
                    "`input[…]` by something that is no constant could look at any section: \
                            name it, for example `input.provenance`"
                        .to_owned(),
                );
            }
            None => {
                return Err("all of `input` at once could be any section: name one, for example \
                            `input.provenance`"
                    .to_owned());
            }
        };
        match (self.keys.get(key), reference.steps.get(1)) {
            (Some(true), Some(Step::Name(name))) => Err(format!(
                "`input.{key}` is a list, so `input.{key}.{name}` is nothing: write \
                 `input.{key}[_].{name}`, or `some x in input.{key}`"
            )),
            (Some(_), _) => Ok(key),
            (None, _) => Err(match word_of(key) {
                Some(word) => format!(
                    "`input.{key}` is not there, for `input` in the settings does not name it: add \
                     \"{word}\" there"
                ),
                None => format!(
                    "there is no `input.{key}`: with these settings there is {}",
                    self.listed()
                ),
            }),
        }
    }

    /// Refuses a member that is not there. By its name alone, for the document that it is a member of
    /// may have any name in the module.
    pub(crate) fn member(&self, reference: &Reference<'_>) -> Result<(), String> {
        let first = match reference.steps.first() {
            Some(Step::Name(name)) if reference.root == "input" => Some(name.as_str()),
            _ => None,
        };
        for step in &reference.steps {
            let Step::Name(name) = step else { continue };
            let Some((key, word)) = self.absent.get(name.as_str()) else { continue };
            if first.is_none_or(|first| first == key) {
                return Err(format!(
                    "`{name}` of documents under `input.{key}` is not there, for `input` in the \
                     settings does not name it: add \"{word}\" there"
                ));
            }
        }
        Ok(())
    }

    /// Sections that no module looks at, by their words.
    pub(crate) fn unused(sections: &[Section], used: &BTreeSet<String>) -> Vec<(usize, String)> {
        let looked_at = |section: &Section| {
            used.contains(&section.key()) || (*section == Section::Time && used.contains("at_unix"))
        };
        let unused = sections.iter().enumerate().filter(|(_, section)| !looked_at(section));
        unused.map(|(number, section)| (number, section.key())).collect()
    }

    fn listed(&self) -> String {
        let keys: Vec<String> = self.keys.keys().map(|key| format!("`input.{key}`")).collect();
        keys.join(", ")
    }
}

/// The word of the section that has this key.
fn word_of(key: &str) -> Option<&'static str> {
    let key = if key == "at_unix" { "at" } else { key };
    let has = |word: &&&str| Section::parse(word).is_ok_and(|section| section.key() == key);
    KINDS.iter().chain(WORDS).find(has).copied()
}

/// Sections of which nothing is there, by their words: in Rego a rule about each of none says nothing.
pub(crate) fn empty(sections: &[Section], view: &serde_json::Value) -> Vec<String> {
    let empty = |section: &&Section| {
        let found = view.get(section.key());
        let documents = found.and_then(serde_json::Value::as_array);
        match section {
            Section::Contents => is_empty(found.and_then(|found| found.get("entries"))),
            Section::History => is_empty(found.and_then(|found| found.get("decisions"))),
            part if part.implies(&Section::SbomComponents) => {
                let hollow = |document: &serde_json::Value| is_empty(document.get("components"));
                documents.is_none_or(Vec::is_empty) || documents.into_iter().flatten().any(hollow)
            }
            _ => is_empty(found),
        }
    };
    sections.iter().filter(empty).map(Section::word).collect()
}

/// Whether it is a list of nothing. Sections that are no lists, like the time, are never empty.
fn is_empty(value: Option<&serde_json::Value>) -> bool {
    value.and_then(serde_json::Value::as_array).is_some_and(Vec::is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_members_of_parts_are_those_that_the_facts_have() {
        let page = include_str!("../../../docs/facts.md");
        let mut documented: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for chapter in page.split("\n### ").filter(|chapter| {
            ["`sbom[]`\n", "`sbom[].components[]`\n", "`scans[]`\n"]
                .iter()
                .any(|heading| chapter.starts_with(heading))
        }) {
            for row in chapter.lines().filter(|line| line.starts_with("| `")) {
                let cells: Vec<&str> =
                    row.split('|').map(|cell| cell.trim().trim_matches('`')).collect();
                if PARTS.iter().any(|(word, _)| *word == cells[2]) && !is_basic(cells[1]) {
                    documented.entry(cells[2]).or_default().insert(cells[1]);
                }
            }
        }
        let known: BTreeMap<&str, BTreeSet<&str>> = PARTS
            .iter()
            .map(|(word, members)| (*word, members.iter().copied().collect()))
            .collect();
        assert_eq!(documented, known);
    }

    /// What every component has is there with the components.
    fn is_basic(member: &str) -> bool {
        ["name", "version", "purl", "type", "supplier"].contains(&member)
    }
}
