//! `[trust]`: who may say what.

use std::collections::BTreeMap;

use camino::Utf8Path;
use lockgate_evidence::{KeyEntry, Revocation, Trust, Validity};
use lockgate_model::{Kind, Text};

use super::problem::{Place, Problems};
use super::reader::{At, Table, quoted};
use super::sources::Role;

/// The most bytes that a key file has: the largest RSA keys in PEM have some 3 KiB.
const MAX_KEY: u64 = 64 << 10;

/// The signers that the file names, with the kinds that each may vouch for; none: any.
pub(super) type Signers = BTreeMap<String, Option<Vec<Kind>>>;

/// Reads `[trust]` with its keys, and loads them.
pub(super) fn read(
    problems: &mut Problems,
    file: &mut Table,
    path: &Utf8Path,
    trust: &mut Trust,
) -> Signers {
    let mut signers = Signers::new();
    let Some(mut table) = file.table(problems, "trust") else { return signers };
    let mut entries = Vec::new();
    let mut places: Vec<Place> = Vec::new();
    for mut key in table.tables(problems, "key", "[[trust.key]]") {
        let name = key.required(problems, "name");
        let written = key.required(problems, "file");
        let kinds = kinds(problems, &mut key, "for");
        let principal = key.string(problems, "principal").map(|at| at.value);
        let namespace = key.string(problems, "namespace").map(|at| at.value);
        let validity = validity(problems, &mut key);
        key.finish(problems);
        let name = name.filter(|name| well_named(problems, name));
        if let Some(name) = &name {
            signers.insert(name.value.clone(), kinds.clone());
        }
        let contents = written.and_then(|written| read_key(problems, path, written));
        if let (Some(name), Some((place, file))) = (name, contents) {
            places.push(place);
            let name = name.value;
            entries.push(KeyEntry { name, file, kinds, principal, namespace, validity });
        }
    }
    table.refuse(problems, &["identity", "root", "sigstore-root", "revocations"]);
    table.finish(problems);
    match Trust::new(entries) {
        Ok(read) => *trust = read,
        Err(found) => {
            for problem in found {
                let place = places.get(problem.entry).cloned();
                problems.push(place, problem.error.to_string(), None);
            }
        }
    }
    signers
}

fn well_named(problems: &mut Problems, name: &At<String>) -> bool {
    let shown = Text::escaped(&name.value);
    let well =
        !name.value.is_empty() && name.value == name.value.trim() && shown == name.value.as_str();
    if !well {
        let message = "a signer's name is neither empty nor padded, and has no control characters";
        problems.push(Some(name.place.clone()), message, None);
    }
    well
}

fn read_key(
    problems: &mut Problems,
    path: &Utf8Path,
    written: At<String>,
) -> Option<(Place, Vec<u8>)> {
    match problems.sources.read(Role::Trust, &beside(path, &written.value), MAX_KEY) {
        Ok(contents) => Some((written.place, contents.to_vec())),
        Err(error) => {
            let message = format!("the key file `{}` {error}", written.value);
            problems.push(Some(written.place), message, None);
            None
        }
    }
}

/// When a key may vouch.
fn validity(problems: &mut Problems, key: &mut Table) -> Validity {
    let not_before = key.instant(problems, "not-before");
    let not_after = key.instant(problems, "not-after");
    let since = key.instant(problems, "revoked-at").map(Revocation::At);
    let why = key.string(problems, "revoked").map(|word| {
        if word.value != "compromised" {
            let message = format!("`{}` is not a reason to revoke a key", word.value);
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
