//! `[trust]`: who may say what.

use std::collections::{BTreeMap, BTreeSet};

use camino::Utf8Path;
use lockgate_evidence::{
    EntryPlace, Extension, IdentityEntry, KeyEntry, PatternText, Requirement, Revocation,
    RootEntry, RootSource, SubjectType, Trust, TrustEntries, Validity,
};
use lockgate_model::{Kind, Text};

use super::problem::{Place, Problems};
use super::reader::{At, Table, quoted};
use super::sources::Role;
use super::tree::{Node, Value};

/// The most bytes that a key file has: the largest RSA keys in PEM have some 3 KiB.
const MAX_KEY: u64 = 64 << 10;

/// The most bytes that a trusted root has: the public-good one has some 10 KiB.
const MAX_ROOT: u64 = 1 << 20;

/// How a file is named that is compiled in.
const BUILTIN: &str = "builtin:";

/// What the root is called that `sigstore-root` names.
const SIGSTORE_ROOT: &str = "sigstore-root";

/// The signers that the file names, with the kinds that each may vouch for; none: any.
pub(super) type Signers = BTreeMap<String, Option<Vec<Kind>>>;

/// Entries as they are read, each with its place.
#[derive(Default)]
struct Reading {
    entries: TrustEntries,
    places: BTreeMap<EntryPlace, Place>,
    signers: Signers,
}

/// Reads `[trust]` with its roots, keys and identities, and loads them.
pub(super) fn read(
    problems: &mut Problems,
    file: &mut Table,
    path: &Utf8Path,
    trust: &mut Trust,
) -> Signers {
    let mut reading = Reading::default();
    let mut all_roots = true;
    if let Some(mut table) = file.table(problems, "trust") {
        let before = problems.len();
        reading.roots(problems, &mut table, path);
        all_roots = problems.len() == before;
        for key in table.tables(problems, "key", "[[trust.key]]") {
            reading.key(problems, key, path);
        }
        for identity in table.tables(problems, "identity", "[[trust.identity]]") {
            reading.identity(problems, identity);
        }
        table.refuse(problems, &["revocations"]);
        table.finish(problems);
    }
    let Reading { entries, places, signers } = reading;
    match Trust::new(entries) {
        Ok(read) => *trust = read,
        Err(found) => {
            // Where a root could not be read, that is the problem, and not that it is not there.
            all_roots &= !found.iter().any(|one| matches!(one.entry, EntryPlace::Root(_)));
            for problem in found.into_iter().filter(|one| all_roots || !one.error.is_about_roots())
            {
                let place = places.get(&problem.entry).cloned();
                problems.push(place, problem.error.to_string(), None);
            }
        }
    }
    signers
}

impl Reading {
    /// `sigstore-root` and `[[trust.root]]`. The root that is compiled in is there unless another
    /// takes its place, or it is turned off.
    fn roots(&mut self, problems: &mut Problems, table: &mut Table, path: &Utf8Path) {
        self.entries.roots.clear();
        let default = match table.take(SIGSTORE_ROOT) {
            None => Some((RootEntry::public_good(), None)),
            Some(Node { value: Value::Boolean(false), .. }) => None,
            Some(Node { value: Value::String(value), place }) => {
                let source = source(problems, path, At { value, place: place.clone() });
                source.map(|source| {
                    let name = SIGSTORE_ROOT.to_owned();
                    (RootEntry { name, source, requires: None }, Some(place))
                })
            }
            Some(node) => {
                let message =
                    format!("`{SIGSTORE_ROOT}` is a file or false, not {}", node.value.named());
                problems.push(Some(node.place), message, None);
                None
            }
        };
        for mut root in table.tables(problems, "root", "[[trust.root]]") {
            let name = root.required(problems, "name");
            let written = root.required(problems, "file");
            let requires = requires(problems, &mut root);
            root.finish(problems);
            let name = name.filter(|name| well_named(problems, name, "root"));
            let read = written.and_then(|written| {
                let place = written.place.clone();
                Some((source(problems, path, written)?, place))
            });
            if let (Some(name), Some((source, place))) = (name, read) {
                self.places.insert(EntryPlace::Root(self.entries.roots.len()), place);
                self.entries.roots.push(RootEntry { name: name.value, source, requires });
            }
        }
        if let Some((root, place)) = default {
            let taken = self.entries.roots.iter().any(|other| other.name == root.name);
            if place.is_some() || !taken {
                let entry = EntryPlace::Root(self.entries.roots.len());
                self.places.extend(place.map(|place| (entry, place)));
                self.entries.roots.push(root);
            }
        }
    }

    fn key(&mut self, problems: &mut Problems, mut key: Table, path: &Utf8Path) {
        let name = key.required(problems, "name");
        let written = key.required(problems, "file");
        let kinds = kinds(problems, &mut key, "for");
        let principal = key.string(problems, "principal").map(|at| at.value);
        let namespace = key.string(problems, "namespace").map(|at| at.value);
        let root = key.string(problems, "root").map(|at| at.value);
        let validity = validity(problems, &mut key);
        key.finish(problems);
        let name = name.filter(|name| well_named(problems, name, "signer"));
        if let Some(name) = &name {
            self.signers.insert(name.value.clone(), kinds.clone());
        }
        let contents = written.and_then(|written| {
            let place = written.place.clone();
            Some((contents(problems, path, written, "key file", MAX_KEY)?, place))
        });
        if let (Some(name), Some((file, place))) = (name, contents) {
            self.places.insert(EntryPlace::Key(self.entries.keys.len()), place);
            let name = name.value;
            let entry = KeyEntry { name, file, kinds, principal, namespace, validity, root };
            self.entries.keys.push(entry);
        }
    }

    fn identity(&mut self, problems: &mut Problems, mut identity: Table) {
        let place = identity.place();
        let name = identity.required(problems, "name");
        let root = identity.string(problems, "root").map(|at| at.value);
        let issuer = issuer(problems, &mut identity);
        let subject = identity.take("subject");
        if subject.is_none() {
            let message = "[[trust.identity]] lacks the key `subject`".to_owned();
            problems.push(Some(place.clone()), message, None);
        }
        let subject = subject.and_then(|node| pattern(problems, "subject", node));
        let subject_type = word(problems, &mut identity, "subject-type", SubjectType::ALL);
        let extensions = extensions(problems, &mut identity);
        let kinds = kinds(problems, &mut identity, "for");
        let validity = validity(problems, &mut identity);
        identity.finish(problems);
        let name = name.filter(|name| well_named(problems, name, "signer"));
        if let Some(name) = &name {
            self.signers.insert(name.value.clone(), kinds.clone());
        }
        if let (Some(name), Some(issuer), Some(subject)) = (name, issuer, subject) {
            self.places.insert(EntryPlace::Identity(self.entries.identities.len()), place);
            self.entries.identities.push(IdentityEntry {
                name: name.value,
                root,
                issuer,
                subject: Some(subject),
                subject_type,
                extensions,
                kinds,
                validity,
            });
        }
    }
}

/// The issuer, or that there has to be none.
fn issuer(problems: &mut Problems, identity: &mut Table) -> Option<Option<String>> {
    match identity.take("issuer") {
        Some(Node { value: Value::String(issuer), .. }) => Some(Some(issuer)),
        Some(Node { value: Value::Boolean(false), .. }) => Some(None),
        Some(node) => {
            let message = format!(
                "`issuer` in [[trust.identity]] is a string, or false where the certificate names \
                 none; not {}",
                node.value.named()
            );
            problems.push(Some(node.place), message, None);
            None
        }
        None => {
            let message = "[[trust.identity]] lacks the key `issuer`".to_owned();
            problems.push(Some(identity.place()), message, None);
            None
        }
    }
}

/// A trusted root that is compiled in, or a file.
fn source(problems: &mut Problems, path: &Utf8Path, written: At<String>) -> Option<RootSource> {
    if let Some(name) = written.value.strip_prefix(BUILTIN) {
        return Some(RootSource::Builtin(name.to_owned()));
    }
    contents(problems, path, written, "trusted root", MAX_ROOT).map(RootSource::File)
}

fn requires(problems: &mut Problems, root: &mut Table) -> Option<BTreeSet<Requirement>> {
    let words = root.strings(problems, "requires")?;
    Some(words.into_iter().filter_map(|word| known(problems, word, Requirement::ALL)).collect())
}

/// One of a few words.
fn word<T: Copy>(
    problems: &mut Problems,
    table: &mut Table,
    key: &'static str,
    all: &[(T, &'static str)],
) -> Option<T> {
    let word = table.string(problems, key)?;
    known(problems, word, all)
}

/// What a word stands for, or a problem that lists those that are known.
pub(super) fn known<T: Copy>(
    problems: &mut Problems,
    word: At<String>,
    all: &[(T, &'static str)],
) -> Option<T> {
    let found = all.iter().find(|(_, known)| *known == word.value).map(|(value, _)| *value);
    if found.is_none() {
        let words: Vec<_> = all.iter().map(|(_, word)| *word).collect();
        let help = format!("there are {}", quoted(&words));
        problems.push(Some(word.place), format!("`{}` is not known here", word.value), Some(help));
    }
    found
}

/// A text, or a table with one of `exact`, `glob` and `regex`.
fn pattern(problems: &mut Problems, field: &str, node: Node) -> Option<PatternText> {
    const HELP: &str =
        "write a text, which is compared as it is, or `{ glob = \"…\" }` or `{ regex = \"…\" }`";
    let place = node.place.clone();
    let mut wrong = |found: &str| {
        let message = format!("`{field}` is no pattern: {found}");
        problems.push(Some(place.clone()), message, Some(HELP.to_owned()));
        None
    };
    match node.value {
        Value::String(text) => Some(PatternText::Exact(text)),
        Value::Table(mut members) => {
            let (Some((key, _, member)), None) = (members.pop(), members.pop()) else {
                return wrong("it has not exactly one key");
            };
            let Value::String(text) = member.value else {
                return wrong(&format!("{} is not a string", member.value.named()));
            };
            match key.as_str() {
                "exact" => Some(PatternText::Exact(text)),
                "glob" => Some(PatternText::Glob(text)),
                "regex" => Some(PatternText::Regex(text)),
                other => wrong(&format!("`{other}` is not known")),
            }
        }
        other => wrong(&format!("{} is neither a string nor a table", other.named())),
    }
}

fn extensions(problems: &mut Problems, identity: &mut Table) -> BTreeMap<Extension, PatternText> {
    let mut read = BTreeMap::new();
    let Some(mut table) = identity.table(problems, "extensions") else { return read };
    for (name, place, node) in table.take_all() {
        match name.parse::<Extension>() {
            Ok(extension) => {
                let pattern = pattern(problems, &name, node);
                read.extend(pattern.map(|pattern| (extension, pattern)));
            }
            Err(error) => {
                let words: Vec<_> = Extension::ALL.iter().map(|known| known.as_str()).collect();
                let help = format!("there are {}", quoted(&words));
                problems.push(Some(place), error.to_string(), Some(help));
            }
        }
    }
    read
}

fn well_named(problems: &mut Problems, name: &At<String>, what: &str) -> bool {
    let shown = Text::escaped(&name.value);
    let well =
        !name.value.is_empty() && name.value == name.value.trim() && shown == name.value.as_str();
    if !well {
        let message =
            format!("a {what}'s name is neither empty nor padded, and has no control characters");
        problems.push(Some(name.place.clone()), message, None);
    }
    well
}

/// What is in a file that an entry names.
fn contents(
    problems: &mut Problems,
    path: &Utf8Path,
    written: At<String>,
    what: &str,
    cap: u64,
) -> Option<Vec<u8>> {
    match problems.sources.read(Role::Trust, &beside(path, &written.value), cap) {
        Ok(contents) => Some(contents.to_vec()),
        Err(error) => {
            let message = format!("the {what} `{}` {error}", written.value);
            problems.push(Some(written.place), message, None);
            None
        }
    }
}

/// When a signer may vouch.
fn validity(problems: &mut Problems, key: &mut Table) -> Validity {
    let not_before = key.instant(problems, "not-before");
    let not_after = key.instant(problems, "not-after");
    let since = key.instant(problems, "revoked-at").map(Revocation::At);
    let why = key.string(problems, "revoked").map(|word| {
        if word.value != "compromised" {
            let message = format!("`{}` is not a reason to revoke a signer", word.value);
            let help = "the reason is `compromised`; for any other, say when in `revoked-at`";
            problems.push(Some(word.place), message, Some(help.into()));
        }
        Revocation::Compromised
    });
    // Whoever has the key can sign with any date, so that it is compromised weighs more.
    Validity { not_before, not_after, revoked: why.or(since) }
}

/// A path as a file spells it, relative to that file.
pub(super) fn beside(file: &Utf8Path, written: &str) -> camino::Utf8PathBuf {
    file.parent().unwrap_or(Utf8Path::new("")).join(written)
}

fn kinds(problems: &mut Problems, table: &mut Table, key: &'static str) -> Option<Vec<Kind>> {
    let place = table.place();
    let words = table.strings(problems, key)?;
    if words.is_empty() {
        let help = "name a kind, or remove the key to let the signer vouch for every kind";
        problems.push(Some(place), format!("`{key}` is an empty list"), Some(help.into()));
    }
    Some(words.into_iter().filter_map(|word| kind(problems, word)).collect())
}

/// A kind of evidence, or a problem that lists them.
pub(super) fn kind(problems: &mut Problems, word: At<String>) -> Option<Kind> {
    match word.value.parse() {
        Ok(kind) => Some(kind),
        Err(error) => {
            let known: Vec<_> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
            let help = format!("the kinds are {}", quoted(&known));
            problems.push(Some(word.place), format!("{error}"), Some(help));
            None
        }
    }
}
