//! Licenses of the SPDX list as what they mean: a family, a version, an exception.
//!
//! `GPL-3.0`, `GPL-3.0-only` and a choice out of `GPL-2.0-or-later` are the same license in three
//! spellings. Everything is compared in this form.

use spdx::expression::ExprNode;
use spdx::identifiers::{EXCEPTIONS, LICENSES};
use spdx::{AdditionItem, Expression, LicenseItem, LicenseReq, ParseMode};

/// Deprecated ids are still read, for documents still hold them; slashes and nicknames are not,
/// for they are somebody's guess.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

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

/// A license that can be chosen: of one version, with or without an exception.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct License {
    /// The id without version and suffix; for a license of the document's own, the reference.
    family: String,
    version: Version,
    pub(crate) exception: Option<String>,
    /// Whether SPDX lists it; else its text is somewhere in the document.
    pub(crate) listed: bool,
}

/// The numbers of a version, compared one by one; none where the id has no version.
type Version = Vec<u32>;

impl License {
    /// The same without its exception.
    pub(crate) fn bare(&self) -> Self {
        Self { exception: None, ..self.clone() }
    }
}

/// One operand of an expression: the licenses among which a user may choose.
pub(crate) type Choice = Vec<License>;

/// An expression in the order in which a stack evaluates it.
#[derive(Debug)]
pub(crate) struct Terms(Vec<Term>);

#[derive(Debug)]
enum Term {
    Choice(Choice),
    And,
    Or,
}

impl Terms {
    /// Reads an SPDX license expression; none where it is not one.
    ///
    /// Ids are read in any case, as SPDX asks; operators in capitals or in small letters.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let expression = Expression::parse_mode(&in_their_case(text), MODE).ok()?;
        let terms = expression.iter().map(|node| match node {
            ExprNode::Op(spdx::expression::Operator::And) => Term::And,
            ExprNode::Op(spdx::expression::Operator::Or) => Term::Or,
            ExprNode::Req(operand) => Term::Choice(choice(&operand.req)),
        });
        Some(Self(terms.collect()))
    }

    /// The one operand, where it has one.
    pub(crate) fn single(&self) -> Option<&Choice> {
        match self.0.as_slice() {
            [Term::Choice(choice)] => Some(choice),
            _ => None,
        }
    }

    /// Whether the expression can be satisfied by licenses of which this is true.
    pub(crate) fn satisfiable(&self, mut usable: impl FnMut(&License) -> bool) -> bool {
        let mut stack: Vec<bool> = Vec::new();
        for term in &self.0 {
            let value = match term {
                Term::Choice(choice) => choice.iter().any(&mut usable),
                // The parser yields operators only after both operands. Were it to yield one
                // without, the expression would count as unsatisfiable.
                Term::And => pop(&mut stack) & pop(&mut stack),
                Term::Or => pop(&mut stack) | pop(&mut stack),
            };
            stack.push(value);
        }
        pop(&mut stack)
    }
}

fn pop(stack: &mut Vec<bool>) -> bool {
    stack.pop().unwrap_or(false)
}

/// The licenses that an operand lets choose.
fn choice(operand: &LicenseReq) -> Choice {
    // The text behind a reference of the document's own can take away as well as give.
    let own_addition = matches!(operand.addition, Some(AdditionItem::Other(_)));
    let exception = operand.addition.as_ref().map(|addition| match addition {
        AdditionItem::Spdx(id) => id.name.to_owned(),
        AdditionItem::Other(own) => own.to_string(),
    });
    let (id, or_later) = match &operand.license {
        LicenseItem::Spdx { id, or_later } => (id.name, *or_later),
        LicenseItem::Other(own) => {
            let family = own.to_string();
            return vec![License { family, version: vec![], exception, listed: false }];
        }
    };
    if let Some(meaning) = MEANINGS.iter().find(|(old, _)| *old == id).map(|(_, new)| *new) {
        let terms = Terms::parse(meaning);
        let mut choice = terms.as_ref().and_then(Terms::single).cloned().unwrap_or_default();
        for license in choice.iter_mut().filter(|_| exception.is_some()) {
            license.exception.clone_from(&exception);
            license.listed = !own_addition;
        }
        return choice;
    }
    let parts = Parts::of(id);
    versions(&parts, or_later || parts.or_later)
        .into_iter()
        .map(|version| License {
            family: parts.family.clone(),
            version,
            exception: exception.clone(),
            listed: !SILENT.contains(&id) && !own_addition,
        })
        .collect()
}

/// The version itself, and with `or_later` all that SPDX lists of the family from there on.
fn versions(parts: &Parts, or_later: bool) -> Vec<Version> {
    let mut versions = vec![parts.version.clone()];
    if or_later && !parts.version.is_empty() {
        // Only names that begin alike are taken apart: there are over 700.
        let stem = parts.family.split('-').next().unwrap_or_default();
        let alike = LICENSES.iter().filter(|license| license.name.starts_with(stem));
        let listed = alike.map(|license| Parts::of(license.name));
        let later = listed.filter(|other| other.family == parts.family);
        versions.extend(later.map(|other| other.version).filter(|v| *v > parts.version));
        versions.sort();
        versions.dedup();
    }
    versions
}

/// An id taken apart.
struct Parts {
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

/// The text with every id that SPDX lists in the case in which it lists it.
fn in_their_case(text: &str) -> String {
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
    if word.is_empty() || spdx::license_id(word).is_some() || spdx::exception_id(word).is_some() {
        return None;
    }
    let licenses = LICENSES.iter().map(|license| license.name);
    let mut names = licenses.chain(EXCEPTIONS.iter().map(|exception| exception.name));
    names.find(|name| name.eq_ignore_ascii_case(word))
}

/// The id that is nearly this text, where this looks like a misspelt one: it has a dash and a
/// digit, as words for an unlisted license seldom do, and is at most two letters off.
pub(crate) fn nearly(text: &str) -> Option<&'static str> {
    let looks = !text.contains(char::is_whitespace)
        && text.contains('-')
        && text.contains(|c: char| c.is_ascii_digit());
    if !looks {
        return None;
    }
    let near = LICENSES.iter().map(|license| (distance(text, license.name), license.name));
    near.filter(|(distance, _)| *distance <= 2).min().map(|(_, name)| name)
}

/// How many letters have to be added, left out or changed.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
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
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        Terms::parse(a).unwrap().single() == Terms::parse(b).unwrap().single()
    }

    #[test]
    fn several_spellings_are_one_license() {
        assert!(same("GPL-3.0", "GPL-3.0-only"));
        assert!(same("GPL-3.0+", "GPL-3.0-or-later"));
        assert!(same("gpl-3.0-ONLY", "GPL-3.0-only"));
        assert!(same("GPL-2.0-with-classpath-exception", "GPL-2.0 WITH Classpath-exception-2.0"));
        // There is no version after 3.0 to choose.
        assert!(same("GPL-3.0-only", "GPL-3.0-or-later"));
        assert!(!same("GPL-2.0-only", "GPL-2.0-or-later"));
        assert!(!same("GFDL-1.1-only", "GFDL-1.1-invariants-only"));
        assert!(!same("CC-BY-3.0", "CC-BY-3.0-AU"));
    }

    #[test]
    fn every_meaning_of_a_deprecated_id_is_an_expression() {
        for (old, new) in MEANINGS {
            assert!(spdx::license_id(old).is_some_and(spdx::LicenseId::is_deprecated), "{old}");
            assert!(Terms::parse(new).is_some_and(|terms| terms.single().is_some()), "{new}");
        }
    }

    #[test]
    fn every_listed_license_can_be_chosen() {
        for license in LICENSES {
            let terms = Terms::parse(license.name);
            let terms = terms.unwrap_or_else(|| panic!("{} is not read", license.name));
            assert!(terms.satisfiable(|_| true), "{}", license.name);
        }
    }

    #[test]
    fn what_is_no_expression_is_not_read() {
        for text in ["", "MIT/Apache-2.0", "MIT OR", "(MIT", "GPLv3", "MIT WITH MIT", "MIT OR (ISC"]
        {
            assert!(Terms::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_misspelt_id_is_known_for_one() {
        assert_eq!(nearly("GPL-3.0-onyl"), Some("GPL-3.0-only"));
        assert_eq!(nearly("Apache-2"), Some("Apache-2.0"));
        assert_eq!(nearly("BSD"), None);
        assert_eq!(nearly("The Apache License, Version 2.0"), None);
    }
}
