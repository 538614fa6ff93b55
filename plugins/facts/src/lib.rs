//! A JSON view of the verified facts, for policies in dynamic languages.
//!
//! The view is built by [`Section`]s, those that the settings of a policy name and no others, and it is
//! whole: what does not fit under the [`Caps`] withholds the opinion and is never cut short. Its keys
//! are in `snake_case`, so that they are identifiers in every such language. `docs/facts.md` and
//! `docs/facts.schema.json` describe it, and a test holds them against the shapes.
//!
//! Nothing here judges. A kind of which there is no document is an empty list.
#![forbid(unsafe_code)]

mod caps;
mod contents;
mod data;
mod documents;
mod history;
mod moment;
mod sbom;
mod scans;
mod section;
mod shape;
mod strict;
mod test_results;

use lockgate_plugin::{Failure, context};
use serde_json::{Map, Value, json};

pub use crate::caps::Caps;
use crate::caps::Meter;
pub use crate::data::unreadable as unreadable_data;
pub use crate::section::{KINDS, Section};
pub use crate::strict::json;

/// What a policy reads with these sections, for [`lockgate_plugin::Policy::reads`]: kinds of evidence,
/// and `contents`, `data` and `history`; sorted, each once.
#[must_use]
pub fn words(sections: &[Section], honour_vex: &[String]) -> Vec<String> {
    let mut words: Vec<&str> = sections.iter().filter_map(Section::scope).collect();
    if !honour_vex.is_empty() {
        words.push("vex");
    }
    words.sort_unstable();
    words.dedup();
    words.into_iter().map(str::to_owned).collect()
}

/// The view of these sections. A section that another one implies is there, too. Of VEX only what
/// `honour_vex` says counts, by the names that `[trust]` gives.
///
/// # Errors
///
/// A section does not fit under the caps, or the host refuses: a document that cannot be read, for
/// example. Then there is no view, not a smaller one.
pub fn view(sections: &[Section], caps: &Caps, honour_vex: &[String]) -> Result<Value, Failure> {
    let asked = |section: &Section| sections.iter().any(|given| given.implies(section));
    let mut view = Map::new();
    view.insert("subject".into(), subject());
    view.insert("stage".into(), context::stage().into());
    if asked(&Section::Time) {
        let at = context::at();
        view.insert("at".into(), moment::text(at)?.into());
        view.insert("at_unix".into(), at.into());
    }
    for kind in KINDS {
        let section = Section::Attestations(kind);
        if asked(&section) {
            let mut meter = Meter::new(kind, caps);
            view.insert(section.key(), documents::attestations(kind, &mut meter)?);
        }
    }
    if asked(&Section::Signatures) {
        let mut meter = Meter::new("signatures", caps);
        view.insert("signatures".into(), documents::signatures(&mut meter)?);
    }
    if asked(&Section::Sbom) {
        let parts = sbom::Parts::asked(asked);
        view.insert("sbom".into(), sbom::documents(&parts, caps)?);
    }
    if asked(&Section::Scans) {
        let vex = words(sections, honour_vex).iter().any(|word| word == "vex");
        let honoured = vex.then_some(honour_vex);
        let rows = asked(&Section::ScansRows);
        view.insert("scans".into(), scans::documents(rows, honoured, caps)?);
    }
    if asked(&Section::Tests) {
        view.insert("tests".into(), test_results::documents(caps)?);
    }
    if asked(&Section::Contents) {
        view.insert("contents".into(), contents::archive(caps)?);
    }
    if asked(&Section::History) {
        view.insert("history".into(), history::history(caps)?);
    }
    if let Some(files) = data::files(sections, caps)? {
        view.insert("data".into(), files);
    }
    Ok(Value::Object(view))
}

/// The artifact by its digests. Not by its name: that is a label which the caller typed.
fn subject() -> Value {
    let digest = |algorithm: &str| {
        context::subject_digest(algorithm).map(|hex| format!("{algorithm}:{hex}"))
    };
    json!({ "digest": digest("sha256"), "sha512": digest("sha512") })
}

#[cfg(test)]
mod tests;
