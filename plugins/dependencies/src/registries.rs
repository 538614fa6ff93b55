//! Whether each dependency comes from an allowed registry.

use lockgate_plugin::tally::{Place, Tally, Wrong};
use lockgate_plugin::{Failure, Level, Report, brief};

use crate::inventory::{Inventory, Question};
use crate::knowledge::Knowledge;
use crate::rules::REGISTRY_NOT_ALLOWED;
use crate::settings::Registry;
use crate::{add, say_origins};

/// Where packages of one type may come from.
struct Allowed {
    places: Vec<String>,
    /// Whether it is fine that a document does not say where one comes from.
    unstated: bool,
}

/// What the settings allow for a type of packages, or for what has no package URL.
fn allowed(package_type: Option<&str>, all: &[Registry], known: &dyn Knowledge) -> Allowed {
    let is_own = |of: &str| package_type == Some(of);
    let mut places = Vec::new();
    let mut unstated = false;
    for registry in all {
        match registry {
            Registry::Any(url) => places.push(url.clone()),
            Registry::Of { package_type, url } if is_own(package_type) => places.push(url.clone()),
            Registry::Default(package_type) if is_own(package_type) => {
                places.extend(known.registries(package_type));
                unstated = true;
            }
            Registry::Unstated(package_type) if is_own(package_type) => unstated = true,
            _ => {}
        }
    }
    // A package URL without `repository_url` means the first of them.
    let default = package_type.and_then(|of| known.registries(of).into_iter().next());
    let is_allowed = |at: String| places.iter().any(|place| known.lies_in(&at, place));
    let unstated = unstated || default.is_some_and(is_allowed);
    Allowed { places, unstated }
}

/// Adds a finding for each dependency that comes from elsewhere, or of which nobody knows where from.
pub(crate) fn judge_registries(
    registries: &[Registry],
    inventory: &dyn Inventory,
    known: &dyn Knowledge,
    place: &Place,
    report: &mut Report,
) -> Result<(), Failure> {
    let mut tally = Tally::new(REGISTRY_NOT_ALLOWED, Level::Violation, place);
    let types = inventory.package_types();
    for package_type in types.iter().map(|one| Some(one.as_str())).chain([None]) {
        let Allowed { places, unstated } = allowed(package_type, registries, known);
        let expected = brief(&places.join(", "));
        let outside = Question::Outside(package_type, &places);
        let what = "comes from a registry that is not allowed";
        say_origins(&mut tally, inventory, &outside, what, &expected, report)?;
        if unstated {
            continue;
        }
        let default = package_type.and_then(|of| known.registries(of).into_iter().next());
        let wrong = |_: &_| match &default {
            Some(default) => {
                let what = format!("comes from `{default}`, as nothing else is said of it");
                Wrong::new(what, expected.as_str(), default.as_str())
            }
            None => {
                let what = "comes nobody knows from where: the SBOM does not say";
                Wrong::new(what, expected.as_str(), "no origin")
            }
        };
        add(&mut tally, inventory, &Question::Unstated(package_type), &wrong, report)?;
    }
    tally.finish(report);
    Ok(())
}
