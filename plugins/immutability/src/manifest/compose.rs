//! Compose.

use super::{endless, images, without_scheme};
use crate::judge::Judge;
use crate::reference::{is_by_commit, is_remote};
use crate::yaml::{Id, Yaml};
use crate::{BUILT_ON_DEPLOY, MUTABLE_IMAGE};

pub(crate) fn compose(yaml: &Yaml<'_>, judge: &mut Judge<'_>) {
    images(yaml, &mut [], judge);
    for root in yaml.roots() {
        let pairs = |key| yaml.get(*root, key).and_then(|value| yaml.pairs(value));
        for (name, service) in pairs("services").unwrap_or_default() {
            if let Some(build) = yaml.get(*service, "build") {
                let name = yaml.text(*name).unwrap_or_default();
                let why = "is built where it is deployed, so nobody knows its digest";
                let expected = "an image by digest";
                judge.violation(BUILT_ON_DEPLOY, yaml.line(build), "service", name, why, expected);
            }
            if let Some(extends) = yaml.get(*service, "extends") {
                taken(yaml, yaml.get(extends, "file"), judge);
            }
            let volumes = yaml.get(*service, "volumes").and_then(|volumes| yaml.list(volumes));
            for volume in volumes.unwrap_or_default() {
                let part = |name| yaml.part(*volume, name);
                if let (Some((_, "image")), Some((id, source))) = (part("type"), part("source")) {
                    judge.image(MUTABLE_IMAGE, yaml.line(id), source);
                }
            }
        }
        for (_, model) in pairs("models").unwrap_or_default() {
            if let Some((id, model)) = yaml.part(*model, "model") {
                judge.image(MUTABLE_IMAGE, yaml.line(id), model);
            }
        }
        let include = yaml.get(*root, "include").and_then(|include| yaml.list(include));
        for entry in include.unwrap_or_default() {
            let paths = yaml.get(*entry, "path").unwrap_or(*entry);
            match yaml.list(paths) {
                Some(list) => list.iter().for_each(|path| taken(yaml, Some(*path), judge)),
                None => taken(yaml, Some(paths), judge),
            }
        }
    }
    endless(yaml, judge);
}

/// A file of Compose that is named in another: in a registry or in a repository of sources it may
/// change.
fn taken(yaml: &Yaml<'_>, path: Option<Id>, judge: &mut Judge<'_>) {
    let Some((id, text)) = path.and_then(|id| Some((id, yaml.text(id)?))) else { return };
    let line = yaml.line(id);
    if text.starts_with("oci://") {
        judge.image(MUTABLE_IMAGE, line, without_scheme(text));
    } else if is_remote(text) && !is_by_commit(text, '#') {
        let why = "is taken from elsewhere and by no commit, so its images may change";
        judge.elsewhere(line, "file", text, why, "`#` and the 40 digits of a commit");
    }
}
