//! What a provenance states, whichever version of the format it is in.

use std::collections::BTreeMap;

use lockgate_plugin::{Failure, Predicate};
use serde_json::Value;

use crate::location::{Location, normalised};

/// SLSA provenance v1.
const V1: &str = "https://slsa.dev/provenance/v1";

/// SLSA provenance v0.2.
const V02: &str = "https://slsa.dev/provenance/v0.2";

/// What one provenance states. A claim: it counts only together with who signed it.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// None where it states none, or one that is not a string.
    pub(crate) builder: Option<String>,
    /// Every repository that it states, normalised; all of them must satisfy the policy.
    pub(crate) sources: Vec<String>,
    /// Every ref that it states; all of them must satisfy the policy.
    pub(crate) refs: Vec<String>,
    /// The values at the pointers that were asked for, where anything stands.
    pub(crate) parameters: BTreeMap<String, Value>,
}

/// Where things stand in a version of the format.
struct Places {
    builder: &'static str,
    parameters: &'static str,
    /// Texts that are a repository and nothing else.
    repositories: &'static [&'static str],
    /// Texts that are a ref and nothing else.
    refs: &'static [&'static str],
    /// Download locations: strings, or objects with a `uri`.
    locations: &'static [&'static str],
}

const PLACES_V1: Places = Places {
    builder: "/runDetails/builder/id",
    parameters: "/buildDefinition/externalParameters",
    repositories: &["/buildDefinition/externalParameters/workflow/repository"],
    refs: &["/buildDefinition/externalParameters/workflow/ref"],
    locations: &["/buildDefinition/externalParameters/source"],
};

const PLACES_V02: Places = Places {
    builder: "/builder/id",
    parameters: "/invocation/parameters",
    repositories: &[],
    refs: &[],
    locations: &["/invocation/configSource/uri"],
};

impl Claims {
    /// Reads them; none where the predicate type is of a version that is not known here.
    ///
    /// `pointers` are those of the parameters that matter.
    pub(crate) fn read<'a>(
        predicate_type: &str,
        predicate: &impl Predicate,
        pointers: impl Iterator<Item = &'a String>,
    ) -> Result<Option<Self>, Failure> {
        let places = match predicate_type {
            V1 => PLACES_V1,
            V02 => PLACES_V02,
            _ => return Ok(None),
        };
        let mut claims = Self::default();
        if let Some(Value::String(id)) = predicate.value(places.builder)? {
            claims.builder = Some(id);
        }
        for place in places.repositories {
            if let Some(value) = stated(predicate, place)? {
                claims.sources.push(normalised(&text(value)).to_owned());
            }
        }
        for place in places.refs {
            if let Some(value) = stated(predicate, place)? {
                claims.refs.push(text(value));
            }
        }
        for place in places.locations {
            if let Some(value) = stated(predicate, place)? {
                let location = Location::parse(&text(uri(value)));
                claims.sources.push(location.repository);
                claims.refs.extend(location.reference);
            }
        }
        for pointer in pointers {
            if let Some(value) = predicate.value(&format!("{}{pointer}", places.parameters))? {
                claims.parameters.insert(pointer.clone(), value);
            }
        }
        Ok(Some(claims))
    }
}

/// What stands there; `null` states nothing.
fn stated(predicate: &impl Predicate, place: &str) -> Result<Option<Value>, Failure> {
    Ok(predicate.value(place)?.filter(|value| !value.is_null()))
}

/// A source is a string or an object with a `uri`.
fn uri(value: Value) -> Value {
    match value {
        Value::Object(mut members) if members.contains_key("uri") => {
            members.remove("uri").unwrap_or_default()
        }
        other => other,
    }
}

/// The text, and for what is no text its JSON, which matches nothing: it was stated, so it must
/// not be passed over.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
