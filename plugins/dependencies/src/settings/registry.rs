//! Where dependencies may come from.

use std::fmt;

use lockgate_plugin::Problem;
use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, Visitor};

use crate::knowledge::Knowledge;
use crate::{patterns, types};

/// Where dependencies may come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Registry {
    /// Packages of a type, from where they come if nobody says anything else.
    Default(String),
    /// Packages of any type from a place.
    Any(String),
    /// Packages of a type from a place.
    Of {
        /// The type.
        package_type: String,
        /// The place.
        url: String,
    },
    /// Packages of a type of which the document does not say where they come from.
    Unstated(String),
}

impl Registry {
    pub(crate) fn problems(
        &self,
        pointer: &str,
        is_new: bool,
        known: &dyn Knowledge,
        problems: &mut Vec<Problem>,
    ) {
        let mut add = |key: &str, message: String| {
            problems.push(Problem::new(format!("{pointer}{key}"), message));
        };
        if !is_new {
            return add("", "it is named twice".into());
        }
        match self {
            Self::Default(package_type) => {
                if let Some(message) = types::problem(package_type) {
                    add("", message);
                } else if known.registries(package_type).is_empty() {
                    add(
                        "",
                        format!(
                            "`{package_type}` has no default registry that is known: give a URL, or \
                             {{ type = \"{package_type}\", url = \"https://…\" }}"
                        ),
                    );
                }
            }
            Self::Any(url) => {
                if let Err(why) = known.location(url) {
                    add("", why);
                }
            }
            Self::Of { package_type, url } => {
                type_problem(package_type, &mut add);
                if let Err(why) = known.location(url) {
                    add("/url", why);
                }
            }
            Self::Unstated(package_type) => type_problem(package_type, &mut add),
        }
    }
}

fn type_problem(package_type: &str, add: &mut dyn FnMut(&str, String)) {
    if let Some(message) = types::problem(package_type) {
        add("/type", message);
    }
}

impl<'de> Deserialize<'de> for Registry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(RegistryVisitor)
    }
}

/// Not an untagged enum, whose messages name neither the key nor the form.
struct RegistryVisitor;

const KEYS: &[&str] = &["type", "url", "unstated"];

impl<'de> Visitor<'de> for RegistryVisitor {
    type Value = Registry;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a URL, a type such as `npm`, or a table with `type` and `url` or `unstated`")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Registry, E> {
        // A type is a word; whatever else has a dot, a slash or a colon.
        if patterns::is_type(text) && !text.contains('.') {
            Ok(Registry::Default(text.to_owned()))
        } else {
            Ok(Registry::Any(text.to_owned()))
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Registry, A::Error> {
        let (mut package_type, mut url, mut unstated) = (None, None, None);
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "type" => package_type = Some(map.next_value::<String>()?),
                "url" => url = Some(map.next_value::<String>()?),
                "unstated" => unstated = Some(map.next_value::<bool>()?),
                _ => return Err(A::Error::unknown_field(&key, KEYS)),
            }
        }
        match (package_type, url, unstated) {
            (Some(package_type), Some(url), None) => Ok(Registry::Of { package_type, url }),
            (Some(package_type), None, Some(true)) => Ok(Registry::Unstated(package_type)),
            _ => Err(A::Error::custom("give `type`, and either `url` or `unstated = true`")),
        }
    }
}
