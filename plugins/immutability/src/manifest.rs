//! Deployment files in YAML: of Kubernetes, Kustomize and Helm, of Compose, and of GitHub.

mod compose;
mod kustomize;
mod workflow;

pub(crate) use self::compose::compose;
pub(crate) use self::workflow::workflow;

use crate::MUTABLE_IMAGE;
use crate::judge::Judge;
use crate::reference::is_digest;
use crate::yaml::{Id, Yaml};

/// What a plain text is that stands for nothing.
const NOTHING: [&str; 4] = ["", "~", "null", "Null"];

/// What the type of a field is in the schema of a resource.
const TYPES: [&str; 6] = ["object", "string", "array", "integer", "number", "boolean"];

/// How deep manifests may lie in each other as texts: a patch of a patch.
const MAX_NESTED: usize = 3;

/// Kubernetes, with what Kustomize and Helm's values say of images. Every `image` counts, in whatever
/// kind of resource.
pub(crate) fn kubernetes(yaml: &Yaml<'_>, judge: &mut Judge<'_>) {
    nested(yaml, judge, MAX_NESTED);
}

fn nested(yaml: &Yaml<'_>, judge: &mut Judge<'_>, depth: usize) {
    // Which nodes were judged as the value of an `image`.
    let mut judged = vec![false; yaml.len()];
    images(yaml, &mut judged, judge);
    for (map, pairs) in yaml.maps() {
        let (mut parts, mut replaced) = (false, false);
        for (key, value) in pairs {
            match yaml.text(*key).unwrap_or_default() {
                "repository" | "tag" | "digest" => parts = true,
                "newName" | "newTag" => replaced = true,
                "kustomize" => kustomize::argo(yaml, *value, judge),
                "fieldPaths" => kustomize::fields(yaml, *value, judge),
                "patch" | "patchesJson6902" | "patchesStrategicMerge" => {
                    patches(yaml, *value, judge, depth);
                }
                _ => {}
            }
        }
        if replaced {
            kustomize::replaced(yaml, map, judge);
        }
        // Helm's values name an image in parts; those below `image` were judged there.
        if parts && judged.get(map) == Some(&false) {
            let repository = yaml.part(map, "repository");
            let rest = yaml.part(map, "tag").or(yaml.part(map, "digest"));
            if let (Some((id, text)), Some(_)) = (repository, rest)
                && !is_address(text)
            {
                in_parts(yaml, map, yaml.line(id), judge);
            }
        }
    }
    for root in yaml.roots() {
        kustomize::elsewhere(yaml, *root, judge);
    }
    endless(yaml, judge);
}

/// What is not followed to its end was not judged.
fn endless(yaml: &Yaml<'_>, judge: &mut Judge<'_>) {
    if yaml.is_endless() {
        judge.unreadable(0, "so much is merged by `<<` that not all of it is followed");
    }
}

/// Manifests that stand in a text: what is patched by them.
fn patches(yaml: &Yaml<'_>, value: Id, judge: &mut Judge<'_>, depth: usize) {
    let one = [value];
    for id in yaml.list(value).unwrap_or(&one) {
        let Some(text) = yaml.text(*id).filter(|text| text.contains(['\n', ':'])) else { continue };
        let line = yaml.line(*id);
        if depth == 0 {
            judge.unreadable(line, "patches lie in each other deeper than three times");
            continue;
        }
        match Yaml::read(text, line) {
            Ok(patch) => nested(&patch, judge, depth - 1),
            Err(refused) => judge.unreadable(refused.line, refused.why),
        }
    }
}

/// Every `image`, wherever it stands.
fn images(yaml: &Yaml<'_>, judged: &mut [bool], judge: &mut Judge<'_>) {
    for (map, pairs) in yaml.maps() {
        for (key, value) in pairs {
            let name = yaml.text(*key).unwrap_or_default();
            let value = if name.eq_ignore_ascii_case("image") {
                Some((yaml.line(*key), *value))
            } else if name == "path" {
                kustomize::operation(yaml, map, *value, judge)
            } else {
                None
            };
            if let Some((line, value)) = value {
                image(yaml, line, value, judge);
                if let Some(judged) = judged.get_mut(value) {
                    *judged = true;
                }
            }
        }
    }
}

/// The value of `image`: a reference, as a volume has it, too, or its parts. A mapping without any is
/// something else: the schema of a field that is called so.
fn image(yaml: &Yaml<'_>, line: usize, value: Id, judge: &mut Judge<'_>) {
    if let Some(text) = yaml.text(value) {
        judge.image(MUTABLE_IMAGE, line, something(text));
        return;
    }
    if let Some(list) = yaml.list(value) {
        for text in list.iter().filter_map(|entry| yaml.text(*entry)) {
            judge.image(MUTABLE_IMAGE, line, text);
        }
        return;
    }
    if let Some((id, reference)) = yaml.part(value, "reference") {
        judge.image(MUTABLE_IMAGE, yaml.line(id), something(reference));
    }
    let is_schema = || yaml.part(value, "type").is_some_and(|(_, kind)| TYPES.contains(&kind));
    let has = |key| yaml.part(value, key).is_some();
    if has("repository") || has("tag") || has("digest") || (has("name") && !is_schema()) {
        in_parts(yaml, value, line, judge);
    }
}

/// An image as Helm's values name it.
fn in_parts(yaml: &Yaml<'_>, map: Id, line: usize, judge: &mut Judge<'_>) {
    let part = |name| yaml.part(map, name).map_or("", |(_, text)| something(text));
    let (registry, tag, digest) = (part("registry"), part("tag"), part("digest"));
    let repository = match part("repository") {
        "" => part("name"),
        repository => without_scheme(repository),
    };
    // Only the digest is set here, and the rest elsewhere.
    if [registry, repository].concat().is_empty() && is_digest(digest) {
        return;
    }
    let between = |mark, text: &str| if text.is_empty() { "" } else { mark };
    let text = [
        registry,
        between("/", registry),
        repository,
        between(":", tag),
        tag,
        between("@", digest),
        digest,
    ];
    judge.image(MUTABLE_IMAGE, line, &text.concat());
}

fn something(text: &str) -> &str {
    if NOTHING.contains(&text) { "" } else { text }
}

/// The reference of an image that is written as an address.
fn without_scheme(text: &str) -> &str {
    text.strip_prefix("oci://").or(text.strip_prefix("docker://")).unwrap_or(text)
}

/// Whether a text is the address of something that is no image: of a chart, or of sources.
fn is_address(text: &str) -> bool {
    without_scheme(text).contains("://") || text.starts_with("git@")
}
