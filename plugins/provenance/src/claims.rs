//! What a provenance states, whichever version of the format it is in.

use lockgate_plugin::Failure;

use crate::format::Version;
use crate::location::{Location, normalised};
use crate::statement::{Predicate, stated};

/// What one provenance states. A claim: it counts only together with who signed it.
#[derive(Debug, Default)]
pub(crate) struct Claims {
    /// None where it states none, or one that is not a string.
    pub(crate) builder: Option<String>,
    /// Every repository that it states, normalised; all of them must satisfy the policy.
    pub(crate) sources: Vec<String>,
    /// Every ref that it states; all of them must satisfy the policy.
    pub(crate) refs: Vec<String>,
    /// Every place in the source at which it says that the build begins; likewise.
    pub(crate) workflows: Vec<String>,
}

impl Claims {
    pub(crate) fn read(version: Version, predicate: Predicate<'_>) -> Result<Self, Failure> {
        let places = version.places();
        let mut claims =
            Self { builder: predicate.text(places.builder).ok().flatten(), ..Self::default() };
        for place in places.repositories {
            if let Some(text) = stated(predicate, place)? {
                claims.sources.push(normalised(&text).to_owned());
            }
        }
        for place in places.refs {
            claims.refs.extend(stated(predicate, place)?);
        }
        for place in places.locations {
            if let Some(text) = located(predicate, place)? {
                let location = Location::parse(&text);
                claims.sources.push(location.repository);
                claims.refs.extend(location.reference);
            }
        }
        for place in places.workflows {
            claims.workflows.extend(stated(predicate, place)?);
        }
        Ok(claims)
    }
}

/// What is stated of a source, which is a text or an object with a `uri`.
fn located(predicate: Predicate<'_>, place: &str) -> Result<Option<String>, Failure> {
    let uri = format!("{place}/uri");
    match predicate.json(&uri)? {
        Some(json) if json == "null" => Ok(Some(json)),
        Some(_) => stated(predicate, &uri),
        None => stated(predicate, place),
    }
}
