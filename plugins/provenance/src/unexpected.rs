//! External parameters that no setting is about.

use lockgate_plugin::{Failure, Report, escaped};

use crate::Provenance;
use crate::format::Version;
use crate::rules::UNEXPECTED_PARAMETER;
use crate::statement::{Predicate, Said, Statement, Tally, stated};

/// What of an object that states a source names it, below the parameters.
const NAMES_OF_SOURCE: [&str; 2] = ["/source/uri", "/source/digest"];

impl Provenance {
    /// Whoever starts a build chooses its external parameters, so one that nobody thought of may
    /// change what is built. Objects are gone through as far as the settings point into them; a list
    /// is one value.
    pub(crate) fn judge_unexpected(
        &self,
        version: Version,
        statement: &Statement,
        predicate: Predicate<'_>,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let root = version.places().parameters;
        let covered = self.covered(version, predicate)?;
        let mut tally = Tally::new(UNEXPECTED_PARAMETER, statement);
        let mut left = vec![String::new()];
        while let Some(pointer) = left.pop() {
            let is_below = |covering: &&str| pointer.strip_prefix(*covering).is_some_and(is_end);
            if covered.iter().any(is_below) {
                continue;
            }
            let leads = |covered: &&str| covered.strip_prefix(&*pointer).is_some_and(is_end);
            if pointer.is_empty() || covered.iter().any(leads) {
                let place = format!("{root}{pointer}");
                if let Ok(names) = predicate.members(&place) {
                    let names = names.unwrap_or_default().into_iter().rev();
                    left.extend(names.map(|name| format!("{pointer}/{}", escaped(&name))));
                    continue;
                }
                // As good as absent, where it is the root.
                if pointer.is_empty() && stated(predicate, &place)?.is_none() {
                    continue;
                }
            }
            let about = if pointer.is_empty() { root } else { &pointer };
            let says = "states a parameter that no setting is about";
            let found = predicate.json(&format!("{root}{pointer}"))?;
            let found = found.as_deref().unwrap_or_default();
            tally.add(report, Said { says, about, expected: "nothing", found });
        }
        tally.finish(report);
        Ok(())
    }

    /// The pointers below the parameters that another rule is about. Of an object that states a source
    /// only what names it: what else stands there may choose another part of it, and nothing judges that.
    fn covered(&self, version: Version, predicate: Predicate<'_>) -> Result<Vec<&str>, Failure> {
        let places = version.places();
        let mut covered: Vec<&str> = Vec::new();
        covered.extend(self.parameters.iter().flatten().map(|(pointer, _)| pointer.as_str()));
        let rules = [
            (self.sources.is_some(), places.repositories),
            (self.refs.is_some(), places.refs),
            (self.workflows.is_some(), places.workflows),
        ];
        for place in places.locations.iter().filter(|_| self.sources.is_some()) {
            let Some(source) = place.strip_prefix(places.parameters) else { continue };
            let json = predicate.json(place)?.unwrap_or_default();
            let is_named_by_itself = json.starts_with('"') || json == "null";
            covered.extend(is_named_by_itself.then_some(source));
            covered.extend(NAMES_OF_SOURCE);
        }
        for (_, pointers) in rules.iter().filter(|(is_set, _)| *is_set) {
            covered.extend(pointers.iter().filter_map(|it| it.strip_prefix(places.parameters)));
        }
        Ok(covered)
    }
}

/// Whether what is left of a pointer is nothing, or begins with another token.
fn is_end(rest: &str) -> bool {
    rest.is_empty() || rest.starts_with('/')
}
