//! Deployment files inside the artifact name what they run by digest.
//!
//! A tag or a branch is what somebody says it is at the moment; what was judged here would be another
//! thing when it runs. So every image, base image and action in the files of the kinds that the
//! settings name has to be pinned. A file that looks like one of a kind and cannot be read fails, and
//! is never passed over.
#![forbid(unsafe_code)]

mod dockerfile;
mod judge;
mod kind;
mod manifest;
mod reference;
mod settings;
mod tree;
mod yaml;

use lockgate_plugin::contents::Entry;
use lockgate_plugin::json::Value;
use lockgate_plugin::notes::Notes;
use lockgate_plugin::{Description, Failure, Policy, Problem, Report, Rule, contents, glob};

use crate::judge::Judge;
use crate::kind::Kind;
use crate::settings::Settings;
use crate::tree::{MAX_FILE, Tree};
use crate::yaml::Yaml;

/// Images in manifests.
pub const MUTABLE_IMAGE: Rule = Rule {
    code: "mutable-image",
    title: "Every image in a deployment file is named by digest",
    remediation: "Name the image as NAME@sha256:…, with the digest that the registry shows for it; or \
                  list it under `allow`.",
};

/// Images in Dockerfiles.
pub const MUTABLE_BASE_IMAGE: Rule = Rule {
    code: "mutable-base-image",
    title: "Every image in a Dockerfile is named by digest",
    remediation: "Name the image as NAME@sha256:… in `FROM`, `COPY --from`, `RUN --mount` and the \
                  syntax line; or list it under `allow`.",
};

/// Actions in workflows.
pub const MUTABLE_ACTION: Rule = Rule {
    code: "mutable-action",
    title: "Every action and reusable workflow is named by a commit",
    remediation: "Name the action as OWNER/REPOSITORY@ and the 40 digits of the commit that the tag \
                  stands for; or list it under `allow`.",
};

/// Services that Compose builds.
pub const BUILT_ON_DEPLOY: Rule = Rule {
    code: "built-on-deploy",
    title: "No service is built where it is deployed",
    remediation: "Build and judge the image before, and name it by digest in place of `build`.",
};

/// Registries.
pub const REGISTRY_NOT_ALLOWED: Rule = Rule {
    code: "registry-not-allowed",
    title: "Every image comes from an allowed registry",
    remediation: "Take the image from a registry of `registries`, or have its registry listed there.",
};

/// What cannot be judged.
pub const UNREADABLE_FILE: Rule = Rule {
    code: "unreadable-file",
    title: "Every deployment file can be read",
    remediation: "Mend the file; or, if it is none, as a template that is filled in later, leave it \
                  out by `exclude` and judge what is made of it.",
};

/// What is not there.
pub const MISSING_FILE: Rule = Rule {
    code: "missing-file",
    title: "There is a file of every required kind",
    remediation: "Add the deployment files to the artifact, or name where they lie.",
};

/// The most bytes of all files together that are read.
const MAX_ALL: u64 = 16 << 20;

/// Paths that a glob for the place where they lead does not match.
const ROUNDABOUT: [&str; 3] = ["**//**", "**/./**", "**/../**"];

/// How names end that only look like a Dockerfile's.
const IGNORE_FILE: &str = ".dockerignore";

/// The policy.
#[derive(Debug)]
pub struct Immutability {
    settings: Settings,
}

impl Policy for Immutability {
    type Settings = Value;

    const DESCRIPTION: Description = Description {
        name: "immutability",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[
            MUTABLE_IMAGE,
            MUTABLE_BASE_IMAGE,
            MUTABLE_ACTION,
            BUILT_ON_DEPLOY,
            REGISTRY_NOT_ALLOWED,
            UNREADABLE_FILE,
            MISSING_FILE,
        ],
        settings_schema: include_str!("../settings.schema.json"),
        needs: &[],
        uses: &[],
    };

    fn new(value: Value) -> Result<Self, Vec<Problem>> {
        Settings::read(&value).map(|settings| Self { settings })
    }

    fn reads(&self) -> Vec<String> {
        vec!["contents".into()]
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut notes = Notes::new();
        let counts = match contents::archive()? {
            Ok(archive) => Some(self.judge(&archive, &mut notes)?),
            Err(why) => {
                notes.violation(UNREADABLE_FILE, None, why);
                None
            }
        };
        self.account(counts, &mut notes);
        Ok(notes.finish())
    }
}

/// The files of each kind, in the order of [`Kind::ALL`].
#[derive(Debug, Default, Clone, Copy)]
struct Counts {
    judged: [usize; Kind::ALL.len()],
    /// Left out by `exclude`.
    excluded: [usize; Kind::ALL.len()],
}

impl Counts {
    /// Whether there is a file of any of these kinds.
    fn any(&self, kinds: &[Kind]) -> bool {
        kinds.iter().any(|kind| self.judged[*kind as usize] > 0)
    }
}

/// What each rule for files covers.
const COVERED: [(Rule, &[Kind]); 6] = [
    (MUTABLE_IMAGE, &[Kind::Kubernetes, Kind::Compose, Kind::Workflows]),
    (MUTABLE_BASE_IMAGE, &[Kind::Dockerfiles]),
    (MUTABLE_ACTION, &[Kind::Workflows]),
    (BUILT_ON_DEPLOY, &[Kind::Compose]),
    (REGISTRY_NOT_ALLOWED, &Kind::ALL),
    (UNREADABLE_FILE, &Kind::ALL),
];

impl Immutability {
    fn judge<T: Tree>(&self, tree: &T, notes: &mut Notes) -> Result<Counts, Failure> {
        let mut counts = Counts::default();
        let mut used = vec![false; self.settings.allow.len()];
        let mut excluded = vec![0_usize; self.settings.exclude.len()];
        let mut left = MAX_ALL;
        // By the number of an entry: an earlier glob matched it.
        let mut seen = Vec::new();
        for (kind, globs) in &self.settings.kinds {
            for spelling in globs.iter().flat_map(|glob| glob::spellings(glob)) {
                tree.ask(&spelling, &mut |entry| {
                    let path = entry.path.as_str();
                    if entry.kind == "directory"
                        || path.ends_with(IGNORE_FILE)
                        || !is_new(&mut seen, entry.id)
                    {
                        return Ok(());
                    }
                    let exclude = &self.settings.exclude;
                    if let Some(place) = exclude.iter().position(|glob| glob::means(glob, path)) {
                        excluded[place] += 1;
                        counts.excluded[*kind as usize] += 1;
                        return Ok(());
                    }
                    counts.judged[*kind as usize] += 1;
                    let (settings, used) = (&self.settings, &mut used);
                    let mut judge = Judge { settings, notes, path, used };
                    self.file(tree, *kind, &entry, &mut left, &mut judge)
                })?;
            }
        }
        for glob in ROUNDABOUT {
            tree.ask(glob, &mut |entry| {
                let why =
                    "its path is written in a roundabout way, so no glob can be trusted with it";
                let (settings, used) = (&self.settings, &mut used);
                Judge { settings, notes, path: &entry.path, used }.unreadable(0, why);
                counts.judged[0] += 1;
                Ok(())
            })?;
        }
        self.unused(&used, &excluded, &counts, notes);
        self.required(&counts, notes);
        Ok(counts)
    }

    fn is_set(&self, kind: Kind) -> bool {
        self.settings.kinds.iter().any(|(set, _)| *set == kind)
    }

    /// Notes what of the settings was not needed, what was left out because of them, and of which kinds
    /// there is nothing. A rule that does not apply says the same in its reason.
    fn unused(&self, used: &[bool], excluded: &[usize], counts: &Counts, notes: &mut Notes) {
        if !counts.any(&Kind::ALL) {
            return;
        }
        for (pattern, _) in self.settings.allow.iter().zip(used).filter(|(_, used)| !**used) {
            let message = ["`", pattern, "` in `allow` was not needed"].concat();
            let applies = |(_, kinds): &&(Rule, &[Kind])| {
                kinds.iter().any(|kind| self.is_set(*kind)) && counts.any(kinds)
            };
            let rule = COVERED.iter().find(applies).map_or(UNREADABLE_FILE, |(rule, _)| *rule);
            notes.note(rule, message);
        }
        for (glob, count) in self.settings.exclude.iter().zip(excluded) {
            let count = count.to_string();
            let message = ["files left out by `", glob, "` in `exclude`: ", &count].concat();
            notes.note(UNREADABLE_FILE, message);
        }
        // `missing-file` tells of a kind that is required. Two notes at the most: the sets name three
        // kinds for everybody, and few have files of each.
        let untold = |kind: &Kind| {
            let required = self.settings.required.iter().flatten().any(|key| key == kind.key());
            self.is_set(*kind) && !required && !counts.any(&[*kind])
        };
        for (why, left_out) in
            [("no file is there for `", false), ("every file is left out by `exclude` for `", true)]
        {
            let is =
                |kind: &&Kind| untold(kind) && (counts.excluded[**kind as usize] > 0) == left_out;
            let keys: Vec<&str> = Kind::ALL.iter().filter(is).map(|kind| kind.key()).collect();
            if !keys.is_empty() {
                let message = [why, &keys.join("`, `"), "`, so none was judged"].concat();
                notes.note(UNREADABLE_FILE, message);
            }
        }
    }

    fn required(&self, counts: &Counts, notes: &mut Notes) {
        for key in self.settings.required.iter().flatten() {
            let there = |kind: &Kind| kind.key() == key && counts.any(&[*kind]);
            if !Kind::ALL.iter().any(there) {
                let message = ["no file is there for `", key, "`"].concat();
                if let Some(finding) = notes.violation(MISSING_FILE, None, message) {
                    finding.about(key.as_str()).expected("at least one file");
                }
            }
        }
    }

    fn file<T: Tree>(
        &self,
        tree: &T,
        kind: Kind,
        entry: &Entry,
        left: &mut u64,
        judge: &mut Judge<'_>,
    ) -> Result<(), Failure> {
        if entry.kind != "file" {
            let why =
                ["it is a ", &entry.kind, ", and what is behind it is not judged here"].concat();
            judge.unreadable(0, &why);
            return Ok(());
        }
        if entry.size > MAX_FILE {
            judge.unreadable(0, "it has more than 4 MiB, which no such file needs");
            return Ok(());
        }
        let Some(rest) = left.checked_sub(entry.size) else {
            judge.unreadable(0, "the files before it have nearly 16 MiB, and more is not read");
            return Ok(());
        };
        *left = rest;
        let bytes = tree.whole(entry.id)?;
        let Ok(text) = std::str::from_utf8(&bytes) else {
            judge.unreadable(0, "it is not in UTF-8");
            return Ok(());
        };
        if kind == Kind::Dockerfiles {
            if text.contains('\0') {
                judge.unreadable(0, "it is not in UTF-8");
            } else if let Err((line, why)) = dockerfile::dockerfile(text, judge) {
                judge.unreadable(line, why);
            }
            return Ok(());
        }
        match Yaml::read(text, 1) {
            Ok(yaml) => match kind {
                Kind::Workflows => manifest::workflow(&yaml, judge),
                Kind::Compose => manifest::compose(&yaml, judge),
                _ => manifest::kubernetes(&yaml, judge),
            },
            Err(refused) => judge.unreadable(refused.line, refused.why),
        }
        Ok(())
    }

    /// A rule applies where there is a file that it covers.
    fn account(&self, counts: Option<Counts>, notes: &mut Notes) {
        let no_registries = self.settings.registries.is_none();
        for (rule, kinds) in COVERED {
            let keys: Vec<&str> = kinds.iter().map(|kind| kind.key()).collect();
            let keys = keys.join("`, `");
            if rule == REGISTRY_NOT_ALLOWED && no_registries {
                notes.account(rule, "registries", false);
            } else if !kinds.iter().any(|kind| self.is_set(*kind)) {
                notes.account(rule, &keys, false);
            } else if counts.is_none_or(|counts| counts.any(kinds)) {
                notes.account(rule, "", true);
            } else {
                let excluded = |kind: &Kind| counts.map_or(0, |c| c.excluded[*kind as usize]);
                let excluded = match kinds.iter().map(excluded).sum::<usize>() {
                    0 => String::new(),
                    count => ["; left out by `exclude`: ", &count.to_string()].concat(),
                };
                let why = ["no file is there for `", &keys, "`", &excluded].concat();
                notes.not_applicable(rule, &why);
            }
        }
        notes.account(MISSING_FILE, "required", self.settings.required.is_some());
    }
}

/// Whether an entry was not met before; from now on it was.
fn is_new(seen: &mut Vec<bool>, id: u32) -> bool {
    let place = id as usize;
    if seen.len() <= place {
        seen.resize(place + 1, false);
    }
    !std::mem::replace(&mut seen[place], true)
}

lockgate_plugin::export!(Immutability);

#[cfg(test)]
mod tests;
