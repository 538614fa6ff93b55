//! What is known of the facts beforehand: `docs/facts.md` as types.
//!
//! A test holds this against the documented schema.

use super::words::{self, Words};

/// What stands under a key.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Holds {
    Text,
    /// A text that is one of a few words, or of one form.
    Word(&'static Words),
    Int,
    Bool,
    /// A list of texts.
    Texts,
    /// A list of ints.
    Ints,
    One(&'static Shape),
    Many(&'static Shape),
    /// Whatever somebody wrote: a predicate.
    Anything,
    /// One of these, or null.
    Maybe(&'static Holds),
}

/// A kind of map with keys that are known.
#[derive(Debug)]
pub(crate) struct Shape {
    /// What messages call it.
    pub(crate) name: &'static str,
    /// Whether it is a document: a list of them is a list of evidence.
    pub(crate) document: bool,
    pub(crate) keys: &'static [Key],
}

/// A key of such a map.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) name: &'static str,
    pub(crate) holds: Holds,
    /// The word of the section that it belongs to; none where it is there whenever the map is.
    pub(crate) section: Option<&'static str>,
}

const fn key(name: &'static str, holds: Holds) -> Key {
    Key { name, holds, section: None }
}

const fn part(section: &'static str, name: &'static str, holds: Holds) -> Key {
    Key { name, holds, section: Some(section) }
}

const MAYBE_TEXT: Holds = Holds::Maybe(&Holds::Text);
const MAYBE_INT: Holds = Holds::Maybe(&Holds::Int);

/// The keys of every document, and those of its own.
macro_rules! document {
    ($name:literal, $($key:expr),* $(,)?) => {
        Shape {
            name: $name,
            document: true,
            keys: &[
                key("path", Holds::Text),
                key("digest", Holds::Text),
                key("assurance", Holds::Word(&words::ASSURANCE)),
                key("signers", Holds::Texts),
                key("keys", Holds::Texts),
                $($key),*
            ],
        }
    };
}

macro_rules! shape {
    ($name:literal, $($key:expr),* $(,)?) => {
        Shape { name: $name, document: false, keys: &[$($key),*] }
    };
}

static SUBJECT: Shape =
    shape!("the subject", key("digest", Holds::Text), key("sha512", MAYBE_TEXT));

static ATTESTATION: Shape = document!(
    "an attestation",
    key("predicate_type", Holds::Text),
    key("predicate", Holds::Anything),
);

static SIGNATURE: Shape =
    document!("a signature", key("format", Holds::Word(&words::SIGNATURE_FORMAT)));

static BOM: Shape = document!(
    "an SBOM",
    key("format", Holds::Word(&words::BOM_FORMAT)),
    key("spec_version", Holds::Text),
    key("made_at", MAYBE_TEXT),
    key("made_at_unix", MAYBE_INT),
    key("tools", Holds::Texts),
    key("lifecycles", Holds::Texts),
    key("described", MAYBE_TEXT),
    key("component_count", Holds::Int),
    part("sbom.components", "components", Holds::Many(&COMPONENT)),
    part("sbom.licenses", "license_statements", Holds::Many(&STATEMENT)),
    part("sbom.dependencies", "dependency_count", Holds::Int),
);

static COMPONENT: Shape = shape!(
    "a component",
    key("name", Holds::Text),
    key("version", MAYBE_TEXT),
    key("purl", MAYBE_TEXT),
    key("type", MAYBE_TEXT),
    key("supplier", MAYBE_TEXT),
    part("sbom.licenses", "licenses", Holds::Texts),
    part("sbom.hashes", "hashes", Holds::Many(&HASH)),
    part("sbom.dependencies", "dependencies", Holds::Ints),
    part("sbom.dependencies", "direct", Holds::Bool),
);

static HASH: Shape =
    shape!("a hash", key("algorithm", Holds::Word(&words::ALGORITHM)), key("value", Holds::Text));

static STATEMENT: Shape =
    shape!("a license statement", key("text", Holds::Text), key("form", Holds::Word(&words::FORM)));

static SCAN: Shape = document!(
    "a scan",
    key("format", Holds::Word(&words::SCAN_FORMAT)),
    key("scanner", MAYBE_TEXT),
    key("scanner_version", MAYBE_TEXT),
    key("scanned_at", MAYBE_TEXT),
    key("scanned_at_unix", MAYBE_INT),
    key("database_at", MAYBE_TEXT),
    key("database_at_unix", MAYBE_INT),
    key("row_count", Holds::Int),
    part("scans.rows", "rows", Holds::Many(&ROW)),
);

static ROW: Shape = shape!(
    "a row",
    key("vulnerability", Holds::Text),
    key("aliases", Holds::Texts),
    key("component", Holds::Text),
    key("version", MAYBE_TEXT),
    key("purl", MAYBE_TEXT),
    key("severity", Holds::Word(&words::SEVERITY)),
    key("severity_source", MAYBE_TEXT),
    key("cvss", Holds::Many(&CVSS)),
    key("fixed_versions", Holds::Texts),
    key("published_at", MAYBE_TEXT),
    key("published_at_unix", MAYBE_INT),
    key("vex", Holds::Maybe(&Holds::One(&VEX))),
);

static CVSS: Shape = shape!(
    "a rating",
    key("version", Holds::Word(&words::CVSS_VERSION)),
    key("vector", Holds::Text),
    key("score", Holds::Int),
    key("source", Holds::Text),
);

static VEX: Shape = shape!(
    "what VEX says",
    key("status", Holds::Word(&words::STATUS)),
    key("justification", MAYBE_TEXT),
    key("signers", Holds::Texts),
);

static TESTS: Shape = document!(
    "a test result",
    key("outcome", Holds::Word(&words::TEST_OUTCOME)),
    key("url", MAYBE_TEXT),
    key("configurations", Holds::Many(&CONFIGURATION)),
    key("passed", Holds::Texts),
    key("warned", Holds::Texts),
    key("failed", Holds::Texts),
);

static CONFIGURATION: Shape = shape!(
    "a configuration",
    key("name", MAYBE_TEXT),
    key("uri", MAYBE_TEXT),
    key("sha256", MAYBE_TEXT),
);

static ARCHIVE: Shape = shape!(
    "the contents",
    key("format", Holds::Word(&words::ARCHIVE_FORMAT)),
    key("ambiguities", Holds::Many(&AMBIGUITY)),
    key("entries", Holds::Many(&ENTRY)),
);

static AMBIGUITY: Shape = shape!(
    "an ambiguity",
    key("code", Holds::Word(&words::AMBIGUITY_CODE)),
    key("path", MAYBE_TEXT),
    key("detail", Holds::Text),
);

static ENTRY: Shape = shape!(
    "an entry",
    key("path", Holds::Text),
    key("kind", Holds::Word(&words::ENTRY_KIND)),
    key("size", Holds::Int),
    key("mode", MAYBE_INT),
    key("digest", MAYBE_TEXT),
    key("link_target", MAYBE_TEXT),
);

static HISTORY: Shape =
    shape!("the history", key("decisions", Holds::Many(&DECISION)), key("runs", MAYBE_TEXT));

static DECISION: Shape = shape!(
    "a decision",
    key("stage", Holds::Word(&words::STAGE)),
    key("outcome", Holds::Word(&words::DECISION_OUTCOME)),
    key("at", Holds::Text),
    key("at_unix", Holds::Int),
);

/// The view, but for `data`: what its files hold is not known, and there is a map of them.
pub(crate) static VIEW: Shape = shape!(
    "the facts",
    key("subject", Holds::One(&SUBJECT)),
    key("stage", Holds::Word(&words::STAGE)),
    part("time", "at", Holds::Text),
    part("time", "at_unix", Holds::Int),
    part("provenance", "provenance", Holds::Many(&ATTESTATION)),
    part("test-result", "test_result", Holds::Many(&ATTESTATION)),
    part("verification-summary", "verification_summary", Holds::Many(&ATTESTATION)),
    part("svr", "svr", Holds::Many(&ATTESTATION)),
    part("release", "release", Holds::Many(&ATTESTATION)),
    part("scai", "scai", Holds::Many(&ATTESTATION)),
    part("attestation", "attestation", Holds::Many(&ATTESTATION)),
    part("vex", "vex", Holds::Many(&ATTESTATION)),
    part("signatures", "signatures", Holds::Many(&SIGNATURE)),
    part("sbom", "sbom", Holds::Many(&BOM)),
    part("scans", "scans", Holds::Many(&SCAN)),
    part("tests", "tests", Holds::Many(&TESTS)),
    part("contents", "contents", Holds::One(&ARCHIVE)),
    part("history", "history", Holds::One(&HISTORY)),
);

impl Shape {
    pub(crate) fn key(&self, name: &str) -> Option<&'static Key> {
        self.keys.iter().find(|key| key.name == name)
    }

    /// Whether a list of them has an order that means something: decisions come as they were made.
    pub(crate) fn in_order(&self) -> bool {
        std::ptr::eq(self, &raw const DECISION)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const SCHEMA: &str = include_str!("../../../../docs/facts.schema.json");

    /// Follows references, and takes what is not null of two.
    fn resolved<'a>(schema: &'a Value, mut at: &'a Value) -> (&'a Value, bool) {
        let mut null = at["type"].as_array().is_some_and(|types| types.contains(&"null".into()));
        if let Some(either) = at["anyOf"].as_array() {
            assert_eq!(either[1]["type"], "null");
            (at, null) = (&either[0], true);
        }
        if let Some(name) = at["$ref"].as_str() {
            at = schema.pointer(name.trim_start_matches('#')).unwrap();
        }
        (at, null)
    }

    fn same(schema: &Value, at: &Value, holds: &Holds, path: &str) {
        let (at, null) = resolved(schema, at);
        let holds = match holds {
            Holds::Maybe(inner) => {
                assert!(null, "{path} is never null");
                inner
            }
            other => {
                assert!(!null, "{path} may be null");
                other
            }
        };
        let ty = at["type"].as_array().map_or(&at["type"], |types| &types[0]);
        let items = resolved(schema, &at["items"]).0;
        match holds {
            Holds::Text | Holds::Word(_) => assert_eq!(ty, "string", "{path}"),
            Holds::Int => assert_eq!(ty, "integer", "{path}"),
            Holds::Bool => assert_eq!(ty, "boolean", "{path}"),
            Holds::Texts => assert_eq!((ty, &items["type"]), (&"array".into(), &"string".into())),
            Holds::Ints => assert_eq!((ty, &items["type"]), (&"array".into(), &"integer".into())),
            Holds::Anything => assert_eq!(at, &serde_json::json!({}), "{path}"),
            Holds::One(shape) => same_keys(schema, at, shape, path),
            Holds::Many(shape) => {
                assert_eq!(ty, "array", "{path}");
                same_keys(schema, items, shape, path);
            }
            Holds::Maybe(_) => panic!("{path}: null twice"),
        }
    }

    fn same_keys(schema: &Value, at: &Value, shape: &Shape, path: &str) {
        let properties = at["properties"].as_object().unwrap();
        let mut names: Vec<&str> = properties.keys().map(String::as_str).collect();
        names.retain(|name| *name != "data");
        let mut known: Vec<&str> = shape.keys.iter().map(|key| key.name).collect();
        known.sort_unstable();
        assert_eq!(known, names, "{path}");
        let required: Vec<&str> =
            at["required"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        for key in shape.keys {
            let path = format!("{path}.{}", key.name);
            assert_eq!(required.contains(&key.name), key.section.is_none(), "{path}");
            if let Some(word) = key.section {
                lockgate_facts::Section::parse(word).unwrap();
            }
            same(schema, &properties[key.name], &key.holds, &path);
        }
    }

    /// The words in the row of a key of the page.
    fn listed(row: &str) -> Vec<&str> {
        row.split('`').skip(1).step_by(2).collect()
    }

    fn same_words(shape: &Shape) {
        const PAGE: &str = include_str!("../../../../docs/facts.md");
        for key in shape.keys {
            match key.holds {
                Holds::Word(words) => {
                    let known = words.all().unwrap_or_default().iter().copied();
                    let known: Vec<&str> = known.filter(|word| !word.is_empty()).collect();
                    let start = format!("| `{}` | ", key.name);
                    let rows = PAGE.lines().filter_map(|line| line.strip_prefix(&start));
                    let mut rows = rows.filter_map(|row| row.split_once(" | "));
                    let is_told = rows.any(|(_, told)| listed(told) == known);
                    assert!(known.is_empty() || is_told, "{}: {known:?}", key.name);
                }
                Holds::One(shape) | Holds::Many(shape) => same_words(shape),
                Holds::Maybe(Holds::One(shape)) => same_words(shape),
                _ => {}
            }
        }
    }

    #[test]
    fn the_words_are_those_of_the_page() {
        same_words(&VIEW);
    }

    #[test]
    fn the_types_are_those_of_the_documented_schema() {
        let schema: Value = serde_json::from_str(SCHEMA).unwrap();
        same_keys(&schema, &schema, &VIEW, "");
    }
}
