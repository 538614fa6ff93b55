//! Packages that must not be there.

use std::fmt;

use lockgate_plugin::Problem;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::knowledge::Knowledge;

/// What may stand behind the beginning of a package URL, so that it becomes one: types differ in what
/// they ask for.
const ENDINGS: [&str; 3] = ["a", "a/a", "a?uuid=a"];

/// A package that must not be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ban {
    /// A package URL; without a version all versions.
    Purl(String),
    /// A package URL without a version, and a range in the notation of `vers`.
    Versions {
        /// Of which package.
        purl: String,
        /// Which versions of it.
        versions: String,
    },
    /// What a canonical package URL begins with.
    Prefix(String),
    /// A name, and a version or all.
    Name {
        /// With its group before it where it has one.
        name: String,
        /// Compared exactly.
        version: Option<String>,
    },
}

impl fmt::Display for Ban {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Purl(text) | Self::Name { name: text, version: None } => f.write_str(text),
            Self::Versions { purl, versions } => write!(f, "{purl} {versions}"),
            Self::Prefix(prefix) => write!(f, "{prefix}…"),
            Self::Name { name, version: Some(version) } => write!(f, "{name}@{version}"),
        }
    }
}

impl Ban {
    /// Whether it is met by package URLs, so that one which cannot be read may be meant.
    pub(crate) fn is_by_purl(&self) -> bool {
        !matches!(self, Self::Name { .. })
    }

    /// What could never match is a mistake.
    pub(crate) fn problems(
        &self,
        pointer: &str,
        known: &dyn Knowledge,
        problems: &mut Vec<Problem>,
    ) {
        let mut add = |key: &str, message: Option<String>| {
            problems.extend(message.map(|m| Problem::new(format!("{pointer}{key}"), m)));
        };
        let blank = |text: &str, what: &str| {
            let is_bare = !text.is_empty() && text.trim() == text;
            (!is_bare).then(|| [what, ", without space around it"].concat())
        };
        match self {
            Self::Purl(text) => add("", purl_problem(text, known)),
            Self::Versions { purl, versions } => {
                let problem = purl_problem(purl, known);
                let of_purl = problem.is_none();
                add("/purl", problem.or_else(|| version_problem(purl, known)));
                add("/versions", range_problem(of_purl.then_some(purl), versions, known));
            }
            Self::Prefix(prefix) => add("/purl-prefix", prefix_problem(prefix, known)),
            Self::Name { name, version } => {
                add("/name", blank(name, "a component's name, for example `lodash`"));
                let what = "a version, or leave the key out to ban all of them";
                add("/version", version.as_ref().and_then(|version| blank(version, what)));
            }
        }
    }
}

fn purl_problem(text: &str, known: &dyn Knowledge) -> Option<String> {
    let example = |why| format!("{why}; right is, for example, `pkg:npm/left-pad@1.3.0`");
    known.purl(text).err().map(example)
}

fn version_problem(text: &str, known: &dyn Knowledge) -> Option<String> {
    let version = known.purl(text).ok()?.version?;
    Some(format!("without the version `{version}`, for `versions` says which are banned"))
}

fn range_problem(purl: Option<&String>, versions: &str, known: &dyn Knowledge) -> Option<String> {
    let scheme = match known.range(versions) {
        Ok(scheme) => scheme,
        Err(why) => return Some(format!("{why}; right is, for example, `vers:npm/<4.17.21`")),
    };
    let package_type = known.purl(purl?).ok()?.package_type;
    let own = known.scheme(&package_type).filter(|own| *own != scheme)?;
    Some(format!("versions of `{package_type}` are compared by `vers:{own}/…`, not by `{scheme}`"))
}

/// What is wrong with the beginning of a package URL in canonical form. With less than a type it
/// would cover everything, and what is not canonical would cover nothing.
fn prefix_problem(prefix: &str, known: &dyn Knowledge) -> Option<String> {
    let what = "the beginning of a canonical package URL with its whole type";
    let has_type = prefix.strip_prefix("pkg:").is_some_and(|rest| rest.contains('/'));
    for ending in ENDINGS.into_iter().filter(|_| has_type) {
        let Ok(purl) = known.purl(&[prefix, ending].concat()) else { continue };
        // The first that makes a package URL decides: of a longer one the prefix may be the namespace,
        // which has other rules than a name.
        let canonical = purl.text.strip_suffix(ending).unwrap_or(&purl.text);
        return (canonical != prefix)
            .then(|| [what, ": in canonical form it is `", canonical, "`"].concat());
    }
    Some([what, ", for example `pkg:npm/%40acme/`"].concat())
}

impl<'de> Deserialize<'de> for Ban {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(BanVisitor)
    }
}

/// Not an untagged enum, whose messages name neither the key nor the form.
struct BanVisitor;

const KEYS: &[&str] = &["purl", "versions", "purl-prefix", "name", "version"];

impl<'de> Visitor<'de> for BanVisitor {
    type Value = Ban;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a purl, or a table with `purl` and `versions`, with `purl-prefix`, or with `name` and \
             maybe `version`",
        )
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Ban, E> {
        Ok(Ban::Purl(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Ban, A::Error> {
        let mut given: [Option<String>; 5] = Default::default();
        while let Some(key) = map.next_key::<String>()? {
            let place = KEYS.iter().position(|known| *known == key);
            let Some(place) = place.and_then(|place| given.get_mut(place)) else {
                return Err(A::Error::unknown_field(&key, KEYS));
            };
            if place.replace(map.next_value::<String>()?).is_some() {
                return Err(A::Error::custom(format_args!("`{key}` is given twice")));
            }
        }
        match given {
            [Some(purl), Some(versions), None, None, None] => Ok(Ban::Versions { purl, versions }),
            [None, None, Some(prefix), None, None] => Ok(Ban::Prefix(prefix)),
            [None, None, None, Some(name), version] => Ok(Ban::Name { name, version }),
            [None, None, None, None, _] => Err(A::Error::custom("give `purl-prefix` or `name`")),
            [None, None, Some(_), ..] => {
                Err(A::Error::custom("`purl-prefix` stands alone: use an entry for each ban"))
            }
            _ => Err(A::Error::custom(
                "`purl` and `versions` stand together and alone: use an entry for each ban",
            )),
        }
    }
}
