//! Paths of rules and packages.

use std::collections::BTreeSet;
use std::fmt;

use crate::settings::is_identifier;

/// A path under `data`, without that word.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path(pub(crate) Vec<String>);

/// The most names that a path has; the interpreter takes 32 with those of a rule.
const MAX_NAMES: usize = 32;

impl Path {
    /// From the text in the settings.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let names: Vec<&str> = text.split('.').collect();
        match names.split_first() {
            Some((&"data", rest))
                if (1..MAX_NAMES).contains(&rest.len())
                    && rest.iter().all(|name| is_identifier(name)) =>
            {
                Ok(Self(rest.iter().map(|&name| name.to_owned()).collect()))
            }
            _ => Err(format!(
                "`{text}` is no path of a rule or a package: `data.`, the package and the rule, for \
                 example \"data.main.deny\""
            )),
        }
    }

    /// The path of something below it.
    pub(crate) fn join(&self, names: &[String]) -> Self {
        Self(self.0.iter().chain(names).cloned().collect())
    }

    /// Whether it is `other` or lies below it.
    pub(crate) fn is_under(&self, other: &Self) -> bool {
        self.0.starts_with(&other.0)
    }

    /// Whether it, something around it or something below it is among these.
    pub(crate) fn meets(&self, others: &BTreeSet<Self>) -> bool {
        let below = others.range(self.clone()..).next().is_some_and(|other| other.is_under(self));
        let around = |length| others.contains(&Self(self.0[..length].to_vec()));
        below || (1..self.0.len()).any(around)
    }

    /// Its last name.
    pub(crate) fn last(&self) -> &str {
        self.0.last().map_or("", String::as_str)
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("data")?;
        self.0.iter().try_for_each(|name| write!(f, ".{name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_begins_with_data_and_has_a_name() {
        assert_eq!(Path::parse("data.a.b").unwrap().to_string(), "data.a.b");
        for text in ["", "data", "main.deny", "data.", "data.a..b", "data.a-b", "data.a[0]"] {
            let told = Path::parse(text).unwrap_err();
            assert!(told.starts_with(&format!("`{text}` is no path")), "{told}");
        }
    }
}
