//! What went into the build.

use lockgate_plugin::pattern::Pattern;
use lockgate_plugin::{Report, escaped};

use crate::rules::{MATERIAL_NOT_ALLOWED, UNPINNED_MATERIAL};
use crate::statement::{Predicate, Said, Statement, Tally, expected};

/// What is asked of materials.
#[derive(Debug)]
pub(crate) struct Materials {
    pub(crate) pinned: bool,
    pub(crate) allow: Option<Vec<Pattern>>,
}

/// The algorithms whose digest names one thing, and how many hexadecimal digits they have.
const STRONG: [(&str, usize); 3] = [("sha256", 64), ("sha384", 96), ("sha512", 128)];

/// How many digests a finding repeats.
const MAX_DIGESTS: usize = 3;

/// The same for commits, which git names by SHA-1: that is as strong as the repository that it lies in.
const COMMITS: [(&str, usize); 3] = [("gitCommit", 40), ("gitCommit", 64), ("sha1", 40)];

impl Materials {
    /// Values are read one at a time, for there may be thousands. What cannot be read is not pinned
    /// and not allowed.
    pub(crate) fn judge(
        &self,
        place: &str,
        statement: &Statement,
        predicate: Predicate<'_>,
        report: &mut Report,
    ) {
        let right = expected(self.allow.as_deref().unwrap_or_default());
        let mut unpinned = Tally::new(UNPINNED_MATERIAL, statement);
        let mut foreign = Tally::new(MATERIAL_NOT_ALLOWED, statement);
        // Nothing stated is a violation too: else whoever leaves them out would pass.
        let count = predicate.length(place).ok().flatten().unwrap_or(0);
        if count == 0 {
            let says = "states no materials";
            let said = Said { says, about: place, expected: PINNED, ..Said::default() };
            if self.pinned {
                unpinned.add(report, said);
            }
            if self.allow.is_some() {
                foreign.add(report, Said { expected: &right, ..said });
            }
        }
        for index in 0..count {
            let material = format!("{place}/{index}");
            let uri = predicate.text(&format!("{material}/uri")).ok().flatten();
            let uri = uri.as_deref().unwrap_or_default();
            let about = if uri.is_empty() { &*material } else { uri };
            if self.pinned && !is_pinned(&material, uri, predicate) {
                let found = digests(&material, predicate);
                let says = "states a material that no strong digest names";
                unpinned.add(report, Said { says, about, expected: PINNED, found: &found });
            }
            if let Some(allow) = &self.allow
                && !is_allowed(allow, uri)
            {
                let says = "states a material that `materials.allow` does not allow";
                foreign.add(report, Said { says, about, expected: &right, found: about });
            }
        }
        unpinned.finish(report);
        foreign.finish(report);
    }
}

fn is_allowed(allow: &[Pattern], uri: &str) -> bool {
    let plain = without_harmless(uri);
    allow.iter().any(|pattern| pattern.matches(uri) || pattern.matches(&plain))
}

/// What is expected of a material that is to be pinned.
const PINNED: &str = "a digest by `sha256`, `sha384` or `sha512`, or for git the commit";

/// Whether a digest names it for good.
fn is_pinned(material: &str, uri: &str, predicate: Predicate<'_>) -> bool {
    let commits = if is_git(uri) { &COMMITS[..] } else { &[] };
    STRONG.iter().chain(commits).any(|(algorithm, digits)| {
        let digest = predicate.text(&format!("{material}/digest/{algorithm}")).ok().flatten();
        digest.is_some_and(|hex| {
            hex.len() == *digits && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
        })
    })
}

/// The digests of a material, for a finding.
fn digests(material: &str, predicate: Predicate<'_>) -> String {
    let place = format!("{material}/digest");
    let algorithms = predicate.members(&place).ok().flatten().unwrap_or_default();
    let mut found = String::new();
    for algorithm in algorithms.iter().take(MAX_DIGESTS) {
        let digest = predicate.text(&format!("{place}/{}", escaped(algorithm))).ok().flatten();
        let between = if found.is_empty() { "" } else { ", " };
        found.push_str(&format!("{between}{algorithm}:{}", digest.unwrap_or_default()));
    }
    if found.is_empty() { "no digest".into() } else { found }
}

/// Whether what lies there is a git repository, by the spellings that builders use.
fn is_git(uri: &str) -> bool {
    let package = ["pkg:github/", "pkg:gitlab/", "pkg:bitbucket/"];
    let location = uri.split(['@', '?', '#']).next().unwrap_or_default();
    ["git+", "git://"].iter().chain(&package).any(|start| uri.starts_with(start))
        || location.ends_with(".git")
}

/// What a package URL may say of which build of a package is meant, and never of where it comes from.
const HARMLESS: [&str; 12] = [
    "arch",
    "checksum",
    "checksums",
    "classifier",
    "digest",
    "distro",
    "epoch",
    "goarch",
    "goos",
    "os",
    "platform",
    "type",
];

/// A package URL without what tells for what machine it is, and without its subpath; any other as it is.
/// Whatever else it says stays, for it may name another place: no glob matches that.
fn without_harmless(uri: &str) -> String {
    let (name, rest) = uri.split_once('?').unwrap_or((uri, ""));
    // What begins a subpath before the qualifiers may hide them from some reader.
    if !uri.starts_with("pkg:") || (name.contains('#') && name.len() < uri.len()) {
        return uri.to_owned();
    }
    let until_subpath = |text| str::split(text, '#').next().unwrap_or_default();
    let mut kept = until_subpath(name).to_owned();
    let mut between = '?';
    for qualifier in until_subpath(rest).split('&').filter(|one| !one.is_empty()) {
        let key = qualifier.split('=').next().unwrap_or_default();
        if !HARMLESS.contains(&key) {
            kept.push(between);
            kept.push_str(qualifier);
            between = '&';
        }
    }
    kept
}
