//! What a scanner's report is, by the members at its root.
//!
//! Reports name their format seldom, so each is known by members that it always has and others have
//! not. A report that is none of these has no rows; it is never read as one without any.

use std::borrow::Cow;
use std::fmt;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::words::Words;
use crate::reason::listed;

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Trivy,
    Grype,
    Sarif,
    CycloneDx,
    OsvScanner,
}

impl Shape {
    /// The members that tell which it is.
    const MEMBERS: &[&str] = &[
        "SchemaVersion",
        "ArtifactName",
        "ArtifactType",
        "bomFormat",
        "descriptor",
        "matches",
        "results",
        "runs",
        "version",
    ];

    /// What has these members, of which `at` gives the text unless they are missing or null.
    pub(crate) fn of<'a>(at: impl Fn(&str) -> Option<&'a str>) -> Option<Self> {
        let has = |name: &str| at(name).is_some();
        let begins = |name: &str, mark: char| at(name).is_some_and(|text| text.starts_with(mark));
        if at("bomFormat") == Some("\"CycloneDX\"") {
            return Some(Self::CycloneDx);
        }
        if has("SchemaVersion") && (has("ArtifactName") || has("ArtifactType")) {
            return Some(Self::Trivy);
        }
        if begins("matches", '[') && begins("descriptor", '{') {
            return Some(Self::Grype);
        }
        if begins("runs", '[') && begins("version", '"') {
            return Some(Self::Sarif);
        }
        begins("results", '[').then_some(Self::OsvScanner)
    }

    /// The format's name in WIT.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Trivy => "trivy",
            Self::Grype => "grype",
            Self::Sarif => "sarif",
            Self::CycloneDx => "cyclonedx",
            Self::OsvScanner => "osv-scanner",
        }
    }
}

/// Tells what a report is. The error says what it looks like, or why it cannot be read.
pub(super) fn tell(text: &str) -> Result<Shape, Untold> {
    let looks = match text.trim_start().as_bytes().first() {
        Some(b'{') => {
            let Root { known, names, more } = serde_json::from_str(text).map_err(Untold::Json)?;
            let at = |name: &str| {
                let known = known.iter().find(|(known, _)| *known == name);
                known.map(|(_, value)| value.get()).filter(|text| *text != "null")
            };
            if let Some(shape) = Shape::of(at) {
                return Ok(shape);
            }
            let names = listed(names.iter().map(Cow::as_ref));
            match (names.is_empty(), more) {
                (true, _) => "an empty object".to_owned(),
                (false, 0) => format!("an object with {names}"),
                (false, more) => format!("an object with {names}, and {more} more"),
            }
        }
        Some(b'[') => "a list".to_owned(),
        Some(b'"') => "a string".to_owned(),
        Some(b'n') => "null".to_owned(),
        Some(_) => "no object".to_owned(),
        None => "nothing".to_owned(),
    };
    Err(Untold::Looks(looks))
}

/// Why it cannot be told what a report is.
pub(super) enum Untold {
    /// It is none of those that are known, but this.
    Looks(String),
    /// It is not JSON.
    Json(serde_json::Error),
}

/// The members at a report's root: those that tell what it is, and the names of the first.
struct Root<'a> {
    known: Vec<(&'static str, &'a RawValue)>,
    names: Vec<Cow<'a, str>>,
    /// How many names there are beside those.
    more: usize,
}

/// The most names that a reason lists. They tell a person what was put there by mistake.
const MAX_NAMES: usize = 5;

impl<'de> Deserialize<'de> for Root<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;

        impl<'de> Visitor<'de> for Members {
            type Value = Root<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Root<'de>, A::Error> {
                let mut root = Root { known: Vec::new(), names: Vec::new(), more: 0 };
                while let Some(Words(name)) = map.next_key()? {
                    match Shape::MEMBERS.iter().find(|member| **member == name) {
                        Some(member) => root.known.push((member, map.next_value()?)),
                        None => drop(map.next_value::<IgnoredAny>()?),
                    }
                    if root.names.len() < MAX_NAMES {
                        root.names.push(name);
                    } else {
                        root.more += 1;
                    }
                }
                Ok(root)
            }
        }

        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        match tell(text) {
            Ok(shape) => shape.as_str().to_owned(),
            Err(Untold::Looks(looks)) => looks,
            Err(Untold::Json(error)) => error.to_string(),
        }
    }

    #[test]
    fn a_report_is_known_by_its_members() {
        for (text, expected) in [
            (r#"{"SchemaVersion":2,"ArtifactName":"a"}"#, "trivy"),
            (r#"{"matches":[],"descriptor":{}}"#, "grype"),
            (r#"{"version":"2.1.0","runs":[]}"#, "sarif"),
            (r#"{"bomFormat":"CycloneDX"}"#, "cyclonedx"),
            (r#"{"results":[]}"#, "osv-scanner"),
            (r#"{"matches":[]}"#, "an object with `matches`"),
            (r#"{"matches":{},"descriptor":{}}"#, "an object with `matches` and `descriptor`"),
            (r#"{"results":null}"#, "an object with `results`"),
            (
                r#"{"a":1,"b":1,"c":1,"d":1,"e":1,"f":1}"#,
                "an object with `a`, `b`, `c`, `d` and `e`, and 1 more",
            ),
            ("{}", "an empty object"),
            ("[{}]", "a list"),
            ("\"{}\"", "a string"),
            ("null", "null"),
            ("7", "no object"),
            (" ", "nothing"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
        assert!(told("{\"runs\":[").contains("EOF"));
    }
}
