//! What members the facts have, as far as that is known: `docs/facts.md` in short.
//!
//! A test holds this against the page and its schema.

use lockgate_facts::KINDS;

use crate::walk::Step;

/// By path, the members of an object: a name alone is no list and no object, `[]` is a list, `{}` an
/// object, and `*` whatever somebody wrote. `document` is what every document has.
const SHAPES: &[(&str, &str)] = &[
    ("document", "path digest assurance signers[] keys[]"),
    ("subject", "digest sha512"),
    ("attestation[]", "document predicate_type predicate*"),
    ("signatures[]", "document format"),
    (
        "sbom[]",
        "document format spec_version made_at made_at_unix tools[] lifecycles[] described \
         component_count components[] license_statements[] dependency_count",
    ),
    (
        "sbom[].components[]",
        "name version purl type supplier licenses[] hashes[] dependencies[] direct",
    ),
    ("sbom[].components[].hashes[]", "algorithm value"),
    ("sbom[].license_statements[]", "text form"),
    (
        "scans[]",
        "document format scanner scanner_version scanned_at scanned_at_unix database_at \
         database_at_unix row_count rows[]",
    ),
    (
        "scans[].rows[]",
        "vulnerability aliases[] component version purl severity severity_source cvss[] \
         fixed_versions[] published_at published_at_unix vex{}",
    ),
    ("scans[].rows[].cvss[]", "version vector score source"),
    ("scans[].rows[].vex", "status justification signers[]"),
    ("tests[]", "document outcome url configurations[] passed[] warned[] failed[]"),
    ("tests[].configurations[]", "name uri sha256"),
    ("contents", "format ambiguities[] entries[]"),
    ("contents.ambiguities[]", "code path detail"),
    ("contents.entries[]", "path kind size mode digest link_target"),
    ("history", "decisions[] runs"),
    ("history.decisions[]", "stage outcome at at_unix"),
];

/// Members that are always one of these words, by how their paths end.
const WORDS: &[(&str, &str)] = &[
    (".assurance", "verified unbound accepted"),
    ("sbom[].format", "cyclonedx spdx"),
    ("sbom[].license_statements[].form", "expression name"),
    ("scans[].rows[].severity", "none low medium high critical unknown"),
    ("scans[].rows[].vex.status", "affected under-investigation fixed not-affected"),
    ("contents.format", "tar tar-gzip zip oci-layout"),
    ("contents.entries[].kind", "file directory symlink hardlink other"),
    ("history.decisions[].outcome", "allowed denied undecided pending"),
];

/// The members at a path, if it is an object of which they are known.
fn members(path: &str) -> Option<Vec<&'static str>> {
    let of = |path: &str| SHAPES.iter().find(|(known, _)| *known == path).map(|(_, names)| *names);
    let names = of(path)?;
    let document = names.strip_prefix("document ").and_then(|_| of("document")).unwrap_or_default();
    let own = names.strip_prefix("document ").unwrap_or(names);
    Some(document.split_whitespace().chain(own.split_whitespace()).collect())
}

fn plain(member: &str) -> &str {
    member.trim_end_matches(['[', ']', '{', '}', '*'])
}

/// The path that steps from `input` on lead to, `[]` for an element; none where it is not known.
///
/// # Errors
///
/// There is nothing, whatever the facts are.
pub(crate) fn follow(steps: &[Step]) -> Result<Option<String>, String> {
    let Some((Step::Name(key), steps)) = steps.split_first() else { return Ok(None) };
    let kind = KINDS.iter().any(|kind| kind.replace('-', "_") == *key);
    let (mut at, mut shown) = (key.clone(), format!("input.{key}"));
    if kind {
        "attestation".clone_into(&mut at);
    }
    let mut list = members(&format!("{at}[]")).is_some();
    for step in steps {
        let known = members(&at);
        match (step, known) {
            (Step::Other, _) if list => {
                at.push_str("[]");
                shown.push_str("[…]");
                list = false;
                continue;
            }
            (Step::Name(name), _) if list => {
                return Err(format!(
                    "`{shown}` is a list, so `{shown}.{name}` is nothing: write `{shown}[_].{name}`"
                ));
            }
            (_, None) => {
                return Err(format!("`{shown}` is no list and no object, so nothing is inside it"));
            }
            (Step::Other, Some(_)) => return Ok(None),
            (Step::Name(name), Some(known)) => {
                let Some(member) = known.iter().find(|member| plain(member) == name) else {
                    let known: Vec<&str> = known.iter().map(|member| plain(member)).collect();
                    let known = known.join("`, `");
                    return Err(format!("`{shown}` has no `{name}`; there is `{known}`"));
                };
                if member.ends_with('*') {
                    return Ok(None);
                }
                list = member.ends_with("[]");
                at = format!("{at}.{name}");
                shown = format!("{shown}.{name}");
            }
        }
    }
    Ok(Some(at))
}

/// Refuses a word that a member at this path never is.
pub(crate) fn word(path: &str, word: &str) -> Result<(), String> {
    match WORDS.iter().find(|(end, _)| path.ends_with(end)) {
        Some((_, words)) if !words.split(' ').any(|known| known == word) => {
            Err(format!("is never `{word}`: it is one of `{}`", words.replace(' ', "`, `")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::Value;

    use super::*;

    const SCHEMA: &str = include_str!("../../../docs/facts.schema.json");
    const PAGE: &str = include_str!("../../../docs/facts.md");

    /// Follows references, and takes what is not null of two.
    fn resolved<'a>(schema: &'a Value, at: &'a Value) -> &'a Value {
        let at = at["anyOf"].get(0).unwrap_or(at);
        match at["$ref"].as_str() {
            Some(name) => schema.pointer(name.trim_start_matches('#')).unwrap(),
            None => at,
        }
    }

    fn is(at: &Value, what: &str) -> bool {
        at["type"] == what || at["type"].get(0).is_some_and(|first| first == what)
    }

    /// Each object of the schema by its path, with its members in the words of the table.
    fn documented(
        schema: &Value,
        at: &Value,
        path: &str,
        found: &mut BTreeMap<String, BTreeSet<String>>,
    ) {
        let Some(members) = at["properties"].as_object() else { return };
        let mut names = BTreeSet::new();
        for (name, member) in members {
            let member = resolved(schema, member);
            let below = format!("{path}.{name}").trim_start_matches('.').to_owned();
            if is(member, "array") {
                names.insert(format!("{name}[]"));
                let element = resolved(schema, &member["items"]);
                documented(schema, element, &format!("{below}[]"), found);
            } else if is(member, "object") {
                names.insert(format!("{name}{{}}"));
                documented(schema, member, &below, found);
            } else if member.get("type").is_none() {
                names.insert(format!("{name}*"));
            } else {
                names.insert(name.clone());
            }
        }
        found.insert(path.to_owned(), names);
    }

    #[test]
    fn the_members_are_those_of_the_documented_schema() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        let mut found = BTreeMap::new();
        documented(&schema, &schema, "", &mut found);
        found.remove("");
        for kind in KINDS.map(|kind| format!("{}[]", kind.replace('-', "_"))) {
            let attestation = found.remove(&kind).unwrap();
            assert_eq!(
                attestation,
                *found.entry("attestation[]".into()).or_insert(attestation.clone())
            );
        }
        let known: BTreeMap<String, BTreeSet<String>> = SHAPES[1..]
            .iter()
            .map(|(path, _)| {
                (
                    (*path).to_owned(),
                    members(path).unwrap().into_iter().map(str::to_owned).collect(),
                )
            })
            .collect();
        assert_eq!(known, found);
    }

    #[test]
    fn the_words_are_those_of_the_page() {
        for (path, words) in WORDS {
            let (of, member) = path.rsplit_once('.').unwrap();
            let of = if of.is_empty() { "provenance[]" } else { of };
            let (_, chapter) = PAGE.split_once(&format!("\n### `{of}`\n")).unwrap();
            let row = chapter.lines().find(|line| line.starts_with(&format!("| `{member}` |")));
            let (_, is) = row.unwrap().rsplit_once(" | ").unwrap();
            let said: Vec<&str> = is.split('`').skip(1).step_by(2).collect();
            assert_eq!(words.split(' ').collect::<Vec<_>>(), said, "{path}");
        }
    }
}
