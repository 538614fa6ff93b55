//! Workflows and actions of GitHub.

use super::endless;
use crate::MUTABLE_IMAGE;
use crate::judge::Judge;
use crate::reference::docker;
use crate::yaml::{Id, Yaml};

pub(crate) fn workflow(yaml: &Yaml<'_>, judge: &mut Judge<'_>) {
    for (_, pairs) in yaml.maps() {
        for (key, value) in pairs {
            if yaml.text(*key) == Some("uses") {
                match yaml.text(*value) {
                    Some(text) => judge.action(yaml.line(*key), text),
                    None => judge.unreadable(yaml.line(*key), "`uses` is no text"),
                }
            }
        }
    }
    for root in yaml.roots() {
        let jobs = yaml.get(*root, "jobs").and_then(|jobs| yaml.pairs(jobs));
        for (_, job) in jobs.unwrap_or_default() {
            if let Some(container) = yaml.get(*job, "container") {
                container_image(yaml, container, judge);
            }
            let services = yaml.get(*job, "services").and_then(|services| yaml.pairs(services));
            for (_, service) in services.unwrap_or_default() {
                container_image(yaml, *service, judge);
            }
        }
        // An action that is an image, or is built from a file beside it.
        let image = yaml.get(*root, "runs").and_then(|runs| yaml.get(runs, "image"));
        if let Some(id) = image
            && let Some(reference) = yaml.text(id).and_then(docker)
        {
            judge.image(MUTABLE_IMAGE, yaml.line(id), reference);
        }
    }
    endless(yaml, judge);
}

fn container_image(yaml: &Yaml<'_>, container: Id, judge: &mut Judge<'_>) {
    let id = yaml.get(container, "image").unwrap_or(container);
    match yaml.text(id) {
        Some("") => {}
        Some(text) => judge.image(MUTABLE_IMAGE, yaml.line(id), text),
        None => judge.unreadable(yaml.line(id), "a container names no image"),
    }
}
