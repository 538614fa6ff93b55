//! Kustomize: what it puts in place of what manifests say, and what it takes from elsewhere.

use crate::MUTABLE_IMAGE;
use crate::judge::Judge;
use crate::reference::{is_by_commit, is_digest, is_remote};
use crate::yaml::{Id, Yaml};

/// An entry of `images`.
pub(super) fn replaced(yaml: &Yaml<'_>, map: Id, judge: &mut Judge<'_>) {
    let part = |name| yaml.part(map, name).map(|(_, text)| text);
    let (new, tag, digest) = (part("newName"), part("newTag"), part("digest"));
    let at = |name| yaml.get(map, name);
    let line = yaml.line(at("newTag").or(at("digest")).or(at("newName")).unwrap_or(map));
    let name = new.or(part("name")).unwrap_or_default();
    match (tag, digest) {
        (Some(_), Some(digest)) if is_digest(digest) => {
            if let Some(new) = new {
                renamed(line, new, judge);
            }
        }
        (Some(tag), _) => judge.image(MUTABLE_IMAGE, line, &[name, ":", tag].concat()),
        (None, Some(digest)) => judge.image(MUTABLE_IMAGE, line, &[name, "@", digest].concat()),
        // Tag and digest stay as the manifest has them.
        (None, None) => renamed(line, name, judge),
    }
}

/// The name of an image in place of another.
fn renamed(line: usize, name: &str, judge: &mut Judge<'_>) {
    let last = name.rsplit('/').next().unwrap_or(name);
    if last.contains([':', '@']) {
        judge.image(MUTABLE_IMAGE, line, name);
    } else {
        judge.registry(line, name);
    }
}

/// What Argo CD has Kustomize replace: `name=image`, or an image.
pub(super) fn argo(yaml: &Yaml<'_>, value: Id, judge: &mut Judge<'_>) {
    let images = yaml.get(value, "images").and_then(|images| yaml.list(images));
    for id in images.unwrap_or_default() {
        if let Some(text) = yaml.text(*id) {
            renamed(yaml.line(*id), text.rsplit('=').next().unwrap_or(text), judge);
        }
    }
}

/// Fields that are filled with a value from elsewhere.
pub(super) fn fields(yaml: &Yaml<'_>, value: Id, judge: &mut Judge<'_>) {
    for id in yaml.list(value).unwrap_or_default() {
        let Some(path) = yaml.text(*id) else { continue };
        if path.rsplit('.').next().is_some_and(|last| last.eq_ignore_ascii_case("image")) {
            let why = "is filled with a value from elsewhere, which is not followed here";
            judge.elsewhere(yaml.line(*id), "field", path, why, "an image by digest");
        }
    }
}

/// An operation of a JSON patch, by its path. Gives what it puts in place of an `image`, and the line.
pub(super) fn operation(
    yaml: &Yaml<'_>,
    map: Id,
    path: Id,
    judge: &mut Judge<'_>,
) -> Option<(usize, Id)> {
    let path = yaml.text(path)?;
    let (_, op) = yaml.part(map, "op")?;
    let value = yaml.get(map, "value").filter(|_| op != "test")?;
    let line = yaml.line(value);
    let mut names = path.rsplit('/');
    let last = names.next().unwrap_or_default();
    let within = names.next().is_some_and(|name| name.eq_ignore_ascii_case("image"));
    let text = yaml.text(value).unwrap_or_default();
    if last.eq_ignore_ascii_case("image") {
        return Some((line, value));
    } else if last == "newTag" || (within && last == "tag") {
        judge.image(MUTABLE_IMAGE, line, &[":", text].concat());
    } else if within && last == "reference" {
        judge.image(MUTABLE_IMAGE, line, text);
    } else if last == "newName" || (within && last == "repository") {
        renamed(line, text, judge);
    }
    None
}

/// What a kustomization takes from elsewhere: bases, and charts.
pub(super) fn elsewhere(yaml: &Yaml<'_>, root: Id, judge: &mut Judge<'_>) {
    let kind = yaml.part(root, "kind").map_or("Kustomization", |(_, kind)| kind);
    if !matches!(kind, "Kustomization" | "Component") {
        return;
    }
    for key in ["resources", "bases", "components", "patchesStrategicMerge", "crds"] {
        let list = yaml.get(root, key).and_then(|list| yaml.list(list)).unwrap_or_default();
        for id in list {
            let Some(text) = yaml.text(*id).filter(|text| !text.contains([' ', '\n'])) else {
                continue;
            };
            if is_remote(text) && !is_by_commit(text, '?') {
                let why = "is taken from elsewhere and by no commit, so its images may change";
                let expected = "`?ref=` and the 40 digits of a commit";
                judge.elsewhere(yaml.line(*id), "resource", text, why, expected);
            }
        }
    }
    let charts = yaml.get(root, "helmCharts").and_then(|charts| yaml.list(charts));
    for chart in charts.unwrap_or_default() {
        let part = |name| yaml.part(*chart, name).map_or("", |(_, text)| text);
        if !part("repo").is_empty() {
            let text = [part("name"), ":", part("version")].concat();
            let why = "is fetched where it is deployed, so its images are not known";
            let expected = "a chart that lies beside the kustomization";
            judge.elsewhere(yaml.line(*chart), "chart", &text, why, expected);
        }
    }
}
