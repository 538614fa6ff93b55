//! The list of SPDX, and what its ids have in common.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use spdx::identifiers::{EXCEPTIONS, LICENSES, VERSION};

/// Deprecated ids that name more than one thing, or a thing that has another id now. Those of
/// the GNU licenses without `-only` and `-or-later` need no entry: they are read as they are.
const MEANINGS: &[(&str, &str)] = &[
    ("BSD-2-Clause-FreeBSD", "BSD-2-Clause-Views"),
    ("BSD-2-Clause-NetBSD", "BSD-2-Clause"),
    ("GPL-2.0-with-GCC-exception", "GPL-2.0-only WITH GCC-exception-2.0"),
    ("GPL-2.0-with-autoconf-exception", "GPL-2.0-only WITH Autoconf-exception-2.0"),
    ("GPL-2.0-with-bison-exception", "GPL-2.0-only WITH Bison-exception-2.2"),
    ("GPL-2.0-with-classpath-exception", "GPL-2.0-only WITH Classpath-exception-2.0"),
    ("GPL-2.0-with-font-exception", "GPL-2.0-only WITH Font-exception-2.0"),
    ("GPL-3.0-with-GCC-exception", "GPL-3.0-only WITH GCC-exception-3.1"),
    ("GPL-3.0-with-autoconf-exception", "GPL-3.0-only WITH Autoconf-exception-3.0"),
    ("StandardML-NJ", "SMLNJ"),
    ("eCos-2.0", "GPL-2.0-or-later WITH eCos-exception-2.0"),
    ("wxWindows", "LGPL-2.0-or-later WITH WxWindows-exception-3.1"),
];

/// Words that stand among the ids and say that nothing is said.
const SILENT: &[&str] = &["NOASSERTION", "NONE"];

/// The longest text that may be a misspelt id: the longest id has some 40 letters.
const MAX_MISSPELT: usize = 64;

/// How far a text may be from an id that it is taken for.
const MAX_DISTANCE: usize = 2;

static LIST: LazyLock<List> = LazyLock::new(List::new);

/// The ids, by what they are asked for.
struct List {
    // INVARIANT: sorted by the first, which is in lower case.
    by_lower: Vec<(String, &'static str)>,
    /// The ids of each family by version.
    families: HashMap<String, BTreeMap<Version, Ids>>,
}

/// The ids of one version of a license, those that are not deprecated first.
#[derive(Default)]
struct Ids {
    only: Option<&'static str>,
    or_later: Option<&'static str>,
}

/// The numbers of a version, compared one by one; none where the id has no version.
type Version = Vec<u32>;

impl List {
    fn new() -> Self {
        let names = LICENSES.iter().map(|license| license.name);
        let names = names.chain(EXCEPTIONS.iter().map(|exception| exception.name));
        let mut by_lower: Vec<_> = names.map(|name| (name.to_ascii_lowercase(), name)).collect();
        by_lower.sort_unstable();
        let mut families: HashMap<String, BTreeMap<Version, Ids>> = HashMap::new();
        // Ids that are not deprecated come first, so that they take the places.
        let is_deprecated =
            |name: &str| spdx::license_id(name).is_some_and(spdx::LicenseId::is_deprecated);
        let (old, new): (Vec<_>, Vec<_>) =
            LICENSES.iter().map(|license| license.name).partition(|name| is_deprecated(name));
        for id in new.into_iter().chain(old) {
            let Parts { family, version, or_later } = Parts::of(id);
            let ids = families.entry(family).or_default().entry(version).or_default();
            let place = if or_later { &mut ids.or_later } else { &mut ids.only };
            place.get_or_insert(id);
        }
        Self { by_lower, families }
    }
}

/// The version of the list.
#[must_use]
pub fn list_version() -> &'static str {
    VERSION
}

/// What a deprecated id stands for, as an expression with one operand.
pub(super) fn meaning(id: &str) -> Option<&'static str> {
    MEANINGS.iter().find(|(old, _)| *old == id).map(|(_, new)| *new)
}

/// Whether an id of the list says nothing.
pub(super) fn is_silent(id: &str) -> bool {
    SILENT.contains(&id)
}

/// A license in today's spelling, and the ids of its versions among which a user may choose: its own
/// and, with `or_later`, each later one.
pub(super) fn choice(id: &'static str, or_later: bool) -> (String, Vec<&'static str>) {
    let parts = Parts::of(id);
    let or_later = or_later || parts.or_later;
    let Some(versions) = LIST.families.get(&parts.family) else {
        return (id.to_owned(), vec![id]);
    };
    let mut ids = versions.range(parts.version.clone()..).map(|(_, ids)| ids);
    let own = ids.next();
    let only = |ids: &Ids| ids.only.or(ids.or_later);
    let mut covered = vec![own.and_then(only).unwrap_or(id)];
    if !or_later {
        return (covered.first().copied().unwrap_or(id).to_owned(), covered);
    }
    let spelled = own.and_then(|ids| ids.or_later).map(str::to_owned);
    let spelled = spelled.unwrap_or_else(|| format!("{}+", covered.first().unwrap_or(&id)));
    // Without a version there is no later one.
    if !parts.version.is_empty() {
        covered.extend(ids.filter_map(only));
    }
    (spelled, covered)
}

/// An id taken apart.
struct Parts {
    /// The id without version and suffix.
    family: String,
    version: Version,
    or_later: bool,
}

impl Parts {
    fn of(id: &str) -> Self {
        let (stem, or_later) = match id.strip_suffix("-or-later").or_else(|| id.strip_suffix('+')) {
            Some(stem) => (stem, true),
            None => (id.strip_suffix("-only").unwrap_or(id), false),
        };
        let mut version = Version::new();
        let mut family = Vec::new();
        for part in stem.split('-') {
            match version_of(part) {
                // What stands in the place of the version keeps `CC-BY-3.0-AU` out of `CC-BY`.
                Some(numbers) if version.is_empty() => {
                    version = numbers;
                    family.push("*");
                }
                _ => family.push(part),
            }
        }
        Self { family: family.join("-"), version, or_later }
    }
}

/// The numbers of a part that is a version. It has a dot: the `3` of `BSD-3-Clause` counts
/// clauses.
fn version_of(part: &str) -> Option<Version> {
    if !part.contains('.') {
        return None;
    }
    part.split('.').map(|number| number.parse().ok()).collect()
}

/// A text with every id that SPDX lists in the case in which it lists it.
pub(super) fn in_their_case(text: &str) -> String {
    let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':');
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c| !is_id(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        out.push_str(listed(word).unwrap_or(word));
        let end = after.find(is_id).unwrap_or(after.len());
        let (between, after) = after.split_at(end);
        out.push_str(between);
        rest = after;
    }
    out
}

/// The id that SPDX lists for this word.
fn listed(word: &str) -> Option<&'static str> {
    let lower = word.to_ascii_lowercase();
    let place = LIST.by_lower.binary_search_by(|(name, _)| name.as_str().cmp(&lower)).ok()?;
    LIST.by_lower.get(place).map(|(_, name)| *name)
}

/// The license id that is nearly this text, where this looks like a misspelt one: it has a dash and a
/// digit, as words for an unlisted license seldom do, and is at most two letters off.
#[must_use]
pub fn nearest(text: &str) -> Option<&'static str> {
    let looks = text.len() <= MAX_MISSPELT
        && !text.contains(char::is_whitespace)
        && text.contains('-')
        && text.contains(|c: char| c.is_ascii_digit());
    if !looks {
        return None;
    }
    let alike = LICENSES.iter().filter(|one| one.name.len().abs_diff(text.len()) <= MAX_DISTANCE);
    let near = alike.map(|license| (distance(text, license.name), license.name));
    near.filter(|(distance, _)| *distance <= MAX_DISTANCE).min().map(|(_, name)| name)
}

/// How many letters have to be added, left out or changed.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.bytes().enumerate() {
            let changed = diagonal + usize::from(!x.eq_ignore_ascii_case(&y));
            diagonal = row[j + 1];
            row[j + 1] = changed.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::super::Expression;
    use super::*;

    #[test]
    fn every_meaning_of_a_deprecated_id_is_one_operand() {
        for (old, new) in MEANINGS {
            assert!(spdx::license_id(old).is_some_and(spdx::LicenseId::is_deprecated), "{old}");
            let expression: Expression = new.parse().unwrap();
            assert_eq!(expression.terms().len(), 1, "{new}");
        }
    }

    #[test]
    fn every_version_of_a_license_has_one_id() {
        for license in LICENSES {
            let (_, covered) = choice(license.name, false);
            let own = covered[0];
            assert_eq!(choice(own, false), (own.to_owned(), vec![own]), "{}", license.name);
        }
    }

    #[test]
    fn a_misspelt_id_is_known_for_one() {
        assert_eq!(nearest("GPL-3.0-onyl"), Some("GPL-3.0-only"));
        assert_eq!(nearest("Apache-2"), Some("Apache-2.0"));
        assert_eq!(nearest("BSD"), None);
        assert_eq!(nearest("The Apache License, Version 2.0"), None);
        assert_eq!(nearest(&"a-1".repeat(1000)), None);
    }
}
