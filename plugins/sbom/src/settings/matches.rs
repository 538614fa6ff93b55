//! What of the artifact each document has to agree with.

use std::fmt;

use lockgate_plugin::Problem;
use serde::Deserialize;
use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, Unexpected, Visitor};

/// What a document is held against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matches {
    /// Which packages are looked for in the artifact.
    pub packages: Vec<Ecosystem>,
    /// Paths of which nothing is asked.
    pub ignore: Vec<String>,
}

/// Whose metadata shows that a package is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ecosystem {
    /// `node_modules/NAME/package.json`.
    Npm,
    /// `NAME.dist-info/METADATA`, `NAME.egg-info/PKG-INFO`.
    Pypi,
    /// `var/lib/dpkg/status` and `var/lib/dpkg/status.d/`.
    Deb,
    /// `lib/apk/db/installed`.
    Apk,
    /// `META-INF/maven/GROUP/NAME/pom.properties`.
    Maven,
}

impl Ecosystem {
    /// Every one.
    pub const ALL: &[Self] = &[Self::Npm, Self::Pypi, Self::Deb, Self::Apk, Self::Maven];

    /// The words for them, in the same order.
    const WORDS: &[&str] = &["npm", "pypi", "deb", "apk", "maven"];

    fn called(word: &str) -> Option<Self> {
        let place = Self::WORDS.iter().position(|one| *one == word)?;
        Self::ALL.get(place).copied()
    }
}

impl Matches {
    /// Everything, everywhere.
    fn all() -> Self {
        Self { packages: Ecosystem::ALL.to_vec(), ignore: Vec::new() }
    }

    pub(crate) fn problems(&self, problems: &mut Vec<Problem>) {
        if self.packages.is_empty() {
            let message = "name at least one, or leave the key out for all of them";
            problems.push(Problem::new("/matches-contents/packages", message));
        }
        let twice = |(at, one): &(usize, &Ecosystem)| {
            self.packages.iter().position(|first| first == *one) != Some(*at)
        };
        for (at, _) in self.packages.iter().enumerate().filter(twice) {
            let pointer = format!("/matches-contents/packages/{at}");
            problems.push(Problem::new(pointer, "it is named twice"));
        }
        let vacuous = |glob: &str| glob.is_empty() || glob.bytes().all(|b| b == b'*' || b == b'/');
        for (at, _) in self.ignore.iter().enumerate().filter(|(_, glob)| vacuous(glob)) {
            let pointer = format!("/matches-contents/ignore/{at}");
            let message = "a path with stars that leaves something to look at, for example \
                           `usr/lib/node_modules/npm/**`";
            problems.push(Problem::new(pointer, message));
        }
    }
}

impl<'de> Deserialize<'de> for Matches {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MatchesVisitor)
    }
}

struct MatchesVisitor;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    packages: Option<Vec<String>>,
    ignore: Option<Vec<String>>,
}

impl<'de> Visitor<'de> for MatchesVisitor {
    type Value = Matches;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("`true`, or a table with `packages` or `ignore`")
    }

    fn visit_bool<E: Error>(self, is: bool) -> Result<Matches, E> {
        if is { Ok(Matches::all()) } else { Err(E::invalid_value(Unexpected::Bool(is), &self)) }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Matches, A::Error> {
        let Table { packages, ignore } = Table::deserialize(MapAccessDeserializer::new(map))?;
        let is_empty = ignore.as_ref().is_some_and(Vec::is_empty);
        if is_empty || (packages.is_none() && ignore.is_none()) {
            return Err(A::Error::custom("`true`, or a table with `packages` or `ignore`"));
        }
        let mut matches = Matches::all();
        if let Some(words) = packages {
            matches.packages.clear();
            for word in words {
                let named = Ecosystem::called(&word);
                let unknown = || A::Error::unknown_variant(&word, Ecosystem::WORDS);
                matches.packages.push(named.ok_or_else(unknown)?);
            }
        }
        matches.ignore = ignore.unwrap_or_default();
        Ok(matches)
    }
}
