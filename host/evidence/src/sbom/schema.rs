//! Whether a document is valid by its format's official schema.
//!
//! Nothing of this is done until a policy asks. The schemas are those that the formats publish (see
//! `schema/README.md`), and what they refer to is at hand: there is no way to a network from here.
//! Patterns are matched in linear time.

use std::io::Read as _;

use flate2::read::DeflateDecoder;
use jsonschema::{PatternOptions, Registry, ValidationError};
use serde_json::Value;

use crate::reason::{quoted, shortened};

/// The most problems that are told of one document. Whoever has to mend more has enough to begin with.
const MAX_PROBLEMS: usize = 64;

/// There is no schema for the format, form or version of a document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no official schema here for {0}")]
pub struct NoSchema(pub(super) String);

macro_rules! schemas {
    ($($name:literal,)*) => {
        /// A schema by its file name, compressed.
        fn compressed(name: &str) -> Option<&'static [u8]> {
            match name {
                $($name => {
                    Some(include_bytes!(concat!(env!("OUT_DIR"), "/", $name, ".schema.json")))
                })*
                _ => None,
            }
        }

        #[cfg(test)]
        const NAMES: &[&str] = &[$($name),*];
    };
}

schemas! {
    "bom-1.2",
    "bom-1.3",
    "bom-1.4",
    "bom-1.5",
    "bom-1.6",
    "bom-1.7",
    "cryptography-defs",
    "jsf-0.82",
    "spdx",
    "spdx-2.2",
    "spdx-2.3",
}

/// What the schemas of CycloneDX refer to, with where they say that it is.
const REFERRED: &[(&str, &str)] = &[
    ("http://cyclonedx.org/schema/spdx.schema.json", "spdx"),
    ("http://cyclonedx.org/schema/jsf-0.82.schema.json", "jsf-0.82"),
    ("http://cyclonedx.org/schema/cryptography-defs.schema.json", "cryptography-defs"),
];

/// What the schema of this format and version has against a document in JSON, in the order in which it
/// is found.
///
/// # Errors
///
/// There is no such schema.
pub(super) fn problems(format: &str, version: &str, text: &str) -> Result<Vec<String>, NoSchema> {
    let name = match format {
        "cyclonedx" => format!("bom-{version}"),
        _ => format!("{format}-{version}"),
    };
    let missing = || NoSchema(format!("version {} of {format}", quoted(version)));
    let schema = compressed(&name).ok_or_else(missing)?;
    let document: Value = match serde_json::from_str(text) {
        Ok(document) => document,
        // It was read before, so this is a number that fits nowhere.
        Err(error) => return Ok(vec![crate::reason::shown(&error)]),
    };
    let mut registry = Registry::new();
    for (uri, name) in REFERRED {
        let referred = compressed(name).ok_or_else(missing)?;
        registry = registry.add(uri, inflated(referred)).expect(SOUND);
    }
    let registry = registry.prepare().expect(SOUND);
    let validator = jsonschema::options()
        .offline()
        .with_registry(&registry)
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::regex())
        .build(&inflated(schema))
        .expect(SOUND);
    Ok(validator.iter_errors(&document).take(MAX_PROBLEMS).map(|error| sentence(&error)).collect())
}

/// Why what is embedded can be used.
const SOUND: &str = "each embedded schema is inflated and compiled by a test";

fn inflated(schema: &[u8]) -> Value {
    let mut text = String::new();
    DeflateDecoder::new(schema).read_to_string(&mut text).expect(SOUND);
    serde_json::from_str(&text).expect(SOUND)
}

/// What is wrong and where, without what stands there: that may be all of the document.
fn sentence(error: &ValidationError) -> String {
    let place = error.instance_path().as_str();
    let what = shortened(&error.masked().to_string());
    if place.is_empty() { what } else { format!("{}: {what}", quoted(place)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_embedded_schema_can_be_used() {
        for name in NAMES {
            inflated(compressed(name).unwrap());
            let (format, version) = match name.split_once('-') {
                Some(("bom", version)) => ("cyclonedx", version),
                Some(("spdx", version)) => ("spdx", version),
                _ => continue,
            };
            assert_ne!(problems(format, version, "{}").unwrap(), [""; 0], "{name}");
        }
        let size: usize = NAMES.iter().filter_map(|name| compressed(name)).map(<[u8]>::len).sum();
        assert!(size < 200_000, "{size} bytes are added to the binary");
    }

    #[test]
    fn a_version_without_a_schema_says_so() {
        let missing = problems("cyclonedx", "1.12", "{}").unwrap_err();
        assert_eq!(
            missing.to_string(),
            "there is no official schema here for version `1.12` of cyclonedx"
        );
        assert!(problems("cyclonedx", "../x", "{}").is_err());
    }

    #[test]
    fn problems_are_few_and_short_and_say_where() {
        let many = format!(
            r#"{{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{}]}}"#,
            vec![format!(r#"{{"name":"{}"}}"#, "x".repeat(1000)); 100].join(",")
        );
        let problems = problems("cyclonedx", "1.6", &many).unwrap();
        assert_eq!(problems.len(), MAX_PROBLEMS);
        assert!(problems.iter().all(|problem| problem.len() < 400), "{problems:?}");
        assert_eq!(problems[1], "`/components/0`: \"type\" is a required property");
    }
}
