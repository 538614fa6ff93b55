//! Deployment files in YAML: of Kubernetes, Kustomize and Helm, of Compose, and of GitHub.

use crate::judge::Judge;
use crate::reference::is_digest;
use crate::yaml::{Id, Yaml};
use crate::{BUILT_ON_DEPLOY, MUTABLE_IMAGE};

/// What a plain text is that stands for nothing.
const NOTHING: [&str; 4] = ["", "~", "null", "Null"];

/// Kubernetes, with what Kustomize and Helm's values say of images. Every `image` counts, in whatever
/// kind of resource.
pub(crate) fn kubernetes(yaml: &Yaml, judge: &mut Judge<'_>) {
    // Which nodes were judged as the value of an `image`.
    let mut judged = vec![false; yaml.len()];
    images(yaml, &mut judged, judge);
    for (map, pairs) in yaml.maps() {
        let own = |name: &str| {
            pairs.iter().find(|(key, _)| yaml.text(*key) == Some(name)).map(|(_, value)| *value)
        };
        // Helm's values name an image in parts; those below `image` were judged there.
        let parts = own("repository").filter(|_| own("tag").or(own("digest")).is_some());
        if let Some(repository) = parts
            && judged.get(map) == Some(&false)
        {
            in_parts(yaml, map, yaml.line(repository), judge);
        }
        // Kustomize replaces what a manifest names.
        if let Some(tag) = own("newTag") {
            let digest = own("digest").and_then(|digest| yaml.text(digest));
            if !digest.is_some_and(is_digest) {
                let name = own("newName").or(own("name")).and_then(|name| yaml.text(name));
                let tag_text = yaml.text(tag).unwrap_or_default();
                let text = [name.unwrap_or_default(), ":", tag_text].concat();
                judge.image(MUTABLE_IMAGE, yaml.line(tag), &text);
            }
        } else if let (Some(digest), Some(_)) = (own("digest"), own("newName")) {
            let name = own("newName").and_then(|name| yaml.text(name)).unwrap_or_default();
            let text = [name, "@", yaml.text(digest).unwrap_or_default()].concat();
            judge.image(MUTABLE_IMAGE, yaml.line(digest), &text);
        }
    }
}

/// Every `image`, wherever it stands.
fn images(yaml: &Yaml, judged: &mut [bool], judge: &mut Judge<'_>) {
    for (_, pairs) in yaml.maps() {
        for (key, value) in pairs {
            if yaml.text(*key).is_some_and(|key| key.eq_ignore_ascii_case("image")) {
                image(yaml, *key, *value, judge);
                if let Some(judged) = judged.get_mut(*value) {
                    *judged = true;
                }
            }
        }
    }
}

/// The value of `image`: a reference, or its parts. A mapping without a repository is something
/// else: the schema of a field that is called so.
fn image(yaml: &Yaml, key: Id, value: Id, judge: &mut Judge<'_>) {
    let line = yaml.line(key);
    if let Some(text) = yaml.text(value) {
        let text = if NOTHING.contains(&text) { "" } else { text };
        judge.image(MUTABLE_IMAGE, line, text);
    } else if let Some(list) = yaml.list(value) {
        for text in list.iter().filter_map(|entry| yaml.text(*entry)) {
            judge.image(MUTABLE_IMAGE, line, text);
        }
    } else if yaml.get(value, "repository").or(yaml.get(value, "name")).is_some() {
        in_parts(yaml, value, line, judge);
    }
}

/// An image as Helm's values name it.
fn in_parts(yaml: &Yaml, map: Id, line: usize, judge: &mut Judge<'_>) {
    let part = |name: &str| {
        let text = yaml.get(map, name).and_then(|id| yaml.text(id)).unwrap_or_default();
        if NOTHING.contains(&text) { "" } else { text }
    };
    let mut text = String::new();
    let mut add = |before: &str, part: &str| {
        if !part.is_empty() {
            text.push_str(before);
            text.push_str(part);
        }
    };
    add("", part("registry"));
    let slash = if part("registry").is_empty() { "" } else { "/" };
    let repository = part("repository");
    add(slash, if repository.is_empty() { part("name") } else { repository });
    add(":", part("tag"));
    add("@", part("digest"));
    judge.image(MUTABLE_IMAGE, line, &text);
}

/// Compose.
pub(crate) fn compose(yaml: &Yaml, judge: &mut Judge<'_>) {
    images(yaml, &mut [], judge);
    for root in yaml.roots() {
        let services = yaml.get(*root, "services").and_then(|services| yaml.pairs(services));
        for (name, service) in services.unwrap_or_default() {
            if let Some(build) = yaml.get(*service, "build") {
                let name = yaml.text(*name).unwrap_or_default();
                let why = "is built where it is deployed, so nobody knows its digest";
                let expected = "an image by digest";
                judge.violation(BUILT_ON_DEPLOY, yaml.line(build), "service", name, why, expected);
            }
        }
    }
}

/// Workflows and actions of GitHub.
pub(crate) fn workflow(yaml: &Yaml, judge: &mut Judge<'_>) {
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
            && let Some(reference) = yaml.text(id).and_then(|text| text.strip_prefix("docker://"))
        {
            judge.image(MUTABLE_IMAGE, yaml.line(id), reference);
        }
    }
}

fn container_image(yaml: &Yaml, container: Id, judge: &mut Judge<'_>) {
    let id = yaml.get(container, "image").unwrap_or(container);
    match yaml.text(id) {
        Some("") => {}
        Some(text) => judge.image(MUTABLE_IMAGE, yaml.line(id), text),
        None => judge.unreadable(yaml.line(id), "a container names no image"),
    }
}
