//! What documents say, held against the files inside the artifact.

use std::collections::BTreeSet;

use lockgate_plugin::bindings::lockgate::policy::contents::open;
use lockgate_plugin::contents::{Archive, Entry, Query, entries};
use lockgate_plugin::tally::{Place, Tally, Wrong};
use lockgate_plugin::{Bom, Failure, Level, Refusal, Report};

use crate::metadata::{Package, encoded};
use crate::rules::{NOT_IN_ARTIFACT, NOT_IN_SBOM};
use crate::settings::{Ecosystem, Matches};

/// The largest file of metadata that is read. The database of a large distribution has some megabytes.
const MAX_METADATA: u64 = 16 << 20;

/// How many bytes of a file are read at once.
const SLICE: u32 = 64 << 10;

/// How many files of a document are read at once.
const PAGE: u32 = 256;

/// In which ways an archive may hold other files than those that are compared.
const AMBIGUITIES: [&str; 4] =
    ["conflicting-header", "conflicting-name", "duplicate-path", "unreadable-name"];

/// How images call their format. Layers replace files of layers below, which is no ambiguity.
const IMAGE: &str = "oci-layout";

/// The artifact, and what it shows.
pub(crate) struct Compared {
    /// None where nobody can look inside; that is a finding already.
    archive: Option<Archive>,
    /// All but its folders by path, listed when first needed.
    files: Option<Vec<Entry>>,
    /// The digests of all files, told when the first file is not where it should be.
    digests: Option<BTreeSet<String>>,
    packages: Vec<Package>,
    /// Whether there is metadata of packages, be it such as nobody can read.
    any_packages: bool,
    /// Whether any document states files, or something was found that may hide them.
    any_files: bool,
}

impl Compared {
    /// Looks inside. Adds a finding where that cannot be done.
    pub(crate) fn new(matches: &Matches, report: &mut Report) -> Result<Self, Failure> {
        let mut compared = Self {
            archive: None,
            files: None,
            digests: None,
            packages: vec![],
            any_packages: false,
            any_files: false,
        };
        let archive = match open() {
            Ok(archive) => archive,
            Err(Refusal::Malformed(why)) => {
                let message = format!("nobody can look inside the artifact: {why}");
                report.violation(NOT_IN_ARTIFACT, message.as_str());
                report.violation(NOT_IN_SBOM, message);
                return Ok(compared);
            }
            Err(refusal) => return Err(refusal.into()),
        };
        let is_image = archive.format() == IMAGE;
        for one in archive.ambiguities()? {
            let counts = AMBIGUITIES.contains(&one.code.as_str());
            if counts && !(is_image && one.code == "duplicate-path") {
                let message = format!("the artifact can be read in two ways: {}", one.detail);
                let finding = report.violation(NOT_IN_ARTIFACT, message);
                finding.found(one.code);
                if let Some(path) = one.path {
                    finding.about(path);
                }
                compared.any_files = true;
            }
        }
        let before = report.findings().len();
        compared.packages = packages(&archive, matches, &mut compared.files, report)?;
        compared.any_packages = !compared.packages.is_empty() || report.findings().len() > before;
        compared.archive = Some(archive);
        Ok(compared)
    }

    /// What became of the rules.
    pub(crate) fn account(&self, report: &mut Report) {
        let is_open = self.archive.is_some();
        if is_open && !self.any_files {
            report.not_applicable(NOT_IN_ARTIFACT, "no SBOM states files of the artifact");
        } else {
            report.checked(NOT_IN_ARTIFACT);
        }
        if is_open && !self.any_packages {
            report.not_applicable(NOT_IN_SBOM, "the artifact shows no packages");
        } else {
            report.checked(NOT_IN_SBOM);
        }
    }

    /// Adds what a document and the artifact do not agree on.
    pub(crate) fn judge(
        &mut self,
        bom: &Bom,
        place: &Place,
        report: &mut Report,
    ) -> Result<(), Failure> {
        if self.archive.is_none() {
            return Ok(());
        }
        self.judge_files(bom, place, report)?;
        let mut tally = Tally::new(NOT_IN_SBOM, Level::Violation, place);
        let described = bom.described();
        for package in &self.packages {
            if !is_stated(bom, described.as_deref(), package)? {
                let Package { name, version, purl } = package;
                let version = version.as_deref().unwrap_or_default();
                let at = if version.is_empty() { "" } else { "@" };
                let about = format!("{}{at}{version}", purl.as_ref().unwrap_or(name));
                let what =
                    format!("is in the artifact, and the SBOM{} does not list it", place.name);
                let wrong = Wrong::new(what, "a component of this name and version", "none");
                tally.say(&format!("package `{name}{at}{version}`"), about, wrong, report);
            }
        }
        tally.finish(report);
        Ok(())
    }

    fn judge_files(
        &mut self,
        bom: &Bom,
        place: &Place,
        report: &mut Report,
    ) -> Result<(), Failure> {
        let count = match bom.file_count() {
            Ok(count) => count,
            Err(Refusal::Malformed(why)) => {
                self.any_files = true;
                let message =
                    format!("nobody knows which files the SBOM{} states: {why}", place.name);
                report.violation(NOT_IN_ARTIFACT, message).on(place.digest.as_str());
                return Ok(());
            }
            Err(refusal) => return Err(refusal.into()),
        };
        self.any_files |= count > 0;
        let mut tally = Tally::new(NOT_IN_ARTIFACT, Level::Violation, place);
        let mut start = 0;
        while start < count {
            let page = bom.files(start, PAGE)?;
            // The host's pages are full until the end.
            start = start.saturating_add(PAGE);
            for file in page {
                if let Some(found) = self.differs(&file.path, file.sha256.as_deref())? {
                    let expected = match &file.sha256 {
                        Some(sum) => format!("sha256:{sum}"),
                        None => "a file of this path".to_owned(),
                    };
                    let what =
                        format!("is not in the artifact as the SBOM{} states it", place.name);
                    let wrong = Wrong::new(what, expected, found);
                    tally.say(&format!("file `{}`", file.path), file.path, wrong, report);
                }
            }
        }
        tally.finish(report);
        Ok(())
    }

    /// What is there instead of a file; none where it is there.
    fn differs(&mut self, path: &str, sha256: Option<&str>) -> Result<Option<String>, Failure> {
        let Some(archive) = &self.archive else { return Ok(Some("nothing".into())) };
        let files = listed(&mut self.files, archive)?;
        let here = last(files, path);
        let Some(sha256) = sha256 else {
            return Ok(here.is_none().then(|| "no file of this path".into()));
        };
        // A link has none; what it leads to has.
        let digest_of = |file: &Entry| Ok::<_, Failure>(archive.digest(file.id)?);
        let wanted = ["sha256:", sha256].concat();
        let found = here.map(digest_of).transpose()?.flatten();
        if found.as_ref() == Some(&wanted) {
            return Ok(None);
        }
        // A document may call a file otherwise than the archive does; what is in it is what counts.
        let digests = match &mut self.digests {
            Some(digests) => digests,
            none => {
                let mut all = BTreeSet::new();
                for file in files {
                    all.extend(digest_of(file)?);
                }
                none.insert(all)
            }
        };
        if digests.contains(&wanted) {
            return Ok(None);
        }
        Ok(Some(found.unwrap_or_else(|| "no file of this path, and none with this in it".into())))
    }
}

/// All of the archive but its folders, in the order of their paths.
fn listed<'f>(
    files: &'f mut Option<Vec<Entry>>,
    archive: &Archive,
) -> Result<&'f [Entry], Failure> {
    Ok(match files {
        Some(files) => files,
        none => {
            let mut found = all(&archive.query())?;
            found.retain(is_no_folder);
            none.insert(found)
        }
    })
}

fn is_no_folder(entry: &Entry) -> bool {
    entry.kind != "directory"
}

/// What lies at a path. Of several the last counts, as when they are extracted.
fn last<'f>(files: &'f [Entry], path: &str) -> Option<&'f Entry> {
    let behind = files.partition_point(|file| file.path.as_str() <= path);
    files.get(behind.wrapping_sub(1)).filter(|file| file.path == path)
}

/// All that a question covers, in the order of their numbers.
fn all(query: &Query) -> Result<Vec<Entry>, Failure> {
    let mut found = Vec::new();
    for entry in entries(query) {
        found.push(entry?);
    }
    Ok(found)
}

/// The packages that the archive shows, each once.
fn packages(
    archive: &Archive,
    matches: &Matches,
    files: &mut Option<Vec<Entry>>,
    report: &mut Report,
) -> Result<Vec<Package>, Failure> {
    let mut ignored = BTreeSet::new();
    for glob in &matches.ignore {
        let query = archive.query();
        query.path(glob)?;
        for entry in all(&query)? {
            ignored.insert(entry.path);
        }
    }
    let mut packages = Vec::new();
    let mut seen = BTreeSet::new();
    for &ecosystem in &matches.packages {
        for glob in ecosystem.globs() {
            for entry in metadata(archive, ecosystem, glob)? {
                if ignored.contains(&entry.path) {
                    continue;
                }
                let text = read(archive, &entry, files)?;
                match text.and_then(|text| ecosystem.read(&entry.path, &text)) {
                    Ok(more) => {
                        packages.extend(more.into_iter().filter(|one| seen.insert(one.key())));
                    }
                    Err(why) => {
                        let path = entry.path;
                        let message =
                            format!("the package metadata `{path}` cannot be read: {why}");
                        report.violation(NOT_IN_SBOM, message).about(path);
                    }
                }
            }
        }
    }
    Ok(packages)
}

/// The files in which an ecosystem has its metadata, and links; of several of one path the last.
fn metadata(archive: &Archive, of: Ecosystem, glob: &str) -> Result<Vec<Entry>, Failure> {
    let query = archive.query();
    query.path(glob)?;
    let mut found: Vec<Entry> = Vec::new();
    for entry in all(&query)? {
        if !is_no_folder(&entry) || !of.lies_at(&entry.path) {
            continue;
        }
        match found.last_mut() {
            Some(last) if last.path == entry.path => *last = entry,
            _ => found.push(entry),
        }
    }
    Ok(found)
}

/// The text of a file of metadata, or of the file that a link leads to. The inner error says why it is
/// not read.
fn read<'e>(
    archive: &Archive,
    mut entry: &'e Entry,
    files: &'e mut Option<Vec<Entry>>,
) -> Result<Result<String, String>, Failure> {
    if entry.kind != "file" {
        let target = archive.link_target(entry.id)?;
        let target = target.and_then(|target| landing(entry, &target));
        let files = listed(files, archive)?;
        match target.and_then(|path| last(files, &path)) {
            Some(file) if file.kind == "file" => entry = file,
            _ => return Ok(Err("it is no file, and no link to one of the artifact".to_owned())),
        }
    }
    if entry.size > MAX_METADATA {
        return Ok(Err(format!("it has {} bytes, and {MAX_METADATA} are read", entry.size)));
    }
    let mut bytes = Vec::new();
    loop {
        let slice = archive.read(entry.id, bytes.len() as u64, SLICE)?;
        if slice.is_empty() {
            return Ok(String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned()));
        }
        bytes.extend(slice);
    }
}

/// Where a link leads, as a path inside the archive: by its folder, or for a hard link by the root. None
/// where that is outside, or depends on where the archive is extracted.
fn landing(link: &Entry, target: &str) -> Option<String> {
    let mut steps: Vec<&str> = Vec::new();
    if link.kind == "symlink" {
        if target.starts_with('/') {
            return None;
        }
        steps.extend(link.path.split('/'));
        steps.pop();
    }
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => drop(steps.pop()?),
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

/// Whether a document lists a package: by package URL, by name and version, or as what it describes.
fn is_stated(bom: &Bom, described: Option<&str>, package: &Package) -> Result<bool, Failure> {
    let Package { name, version, purl } = package;
    // A library has metadata of itself inside. What lies in `node_modules` or in the database of a
    // distribution was installed: its name does not make it what is described.
    let may_be_described = purl.as_ref().is_some_and(|purl| !purl.starts_with("pkg:npm/"));
    if may_be_described && described == Some(name) {
        return Ok(true);
    }
    if let Some(purl) = purl {
        let query = bom.query();
        let whole = match version {
            Some(version) => query.purl(&format!("{purl}@{}", encoded(version))),
            None => query.purl(purl),
        };
        match whole {
            Ok(()) if query.count() > 0 => return Ok(true),
            // A name that no package URL can have is looked for as a name.
            Ok(()) | Err(Refusal::Invalid(_)) => {}
            Err(refusal) => return Err(refusal.into()),
        }
    }
    let query = bom.query();
    query.name(name)?;
    if let Some(version) = version {
        query.version(version)?;
    }
    Ok(query.count() > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(path: &str, kind: &str) -> Entry {
        Entry { id: 0, path: path.into(), kind: kind.into(), size: 0 }
    }

    #[test]
    fn a_link_leads_to_a_path_inside_or_nowhere() {
        let link = |kind, target| landing(&entry("node_modules/evil/package.json", kind), target);
        for (kind, target, path) in [
            ("hardlink", "x.json", Some("x.json")),
            ("hardlink", "./lib/x.json", Some("lib/x.json")),
            ("symlink", "x.json", Some("node_modules/evil/x.json")),
            ("symlink", "../../lib/evil.json", Some("lib/evil.json")),
            ("symlink", "../../../etc/x", None),
            ("symlink", "/lib/evil.json", None),
            ("hardlink", "../x", None),
        ] {
            assert_eq!(link(kind, target).as_deref(), path, "{kind} {target}");
        }
    }

    #[test]
    fn of_several_of_one_path_the_last_counts() {
        let files = [entry("a", "file"), entry("b", "file"), entry("b", "symlink")];
        assert_eq!(last(&files, "b").map(|file| &*file.kind), Some("symlink"));
        assert!(last(&files, "aa").is_none());
        assert!(last(&[], "a").is_none());
    }
}
