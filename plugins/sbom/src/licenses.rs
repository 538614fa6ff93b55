//! Whether a license statement satisfies the lists of the settings.
//!
//! A statement is judged once, however many components make it.

mod spdx_list;

use std::collections::BTreeSet;

use lockgate_plugin::{Level, Problem};

use self::spdx_list::{License, Terms, nearly};
use crate::settings::{self, Entry};

/// The lists, and what becomes of a license that is not known.
#[derive(Debug)]
pub(crate) struct Lists {
    pub(crate) deny: Option<List>,
    pub(crate) allow: Option<List>,
    pub(crate) unknown: Level,
}

/// One list: what its entries cover.
#[derive(Debug, Default)]
pub(crate) struct List {
    licenses: BTreeSet<License>,
    /// Free words, compared verbatim.
    words: BTreeSet<String>,
}

/// What a license statement comes to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It can be satisfied.
    Fine,
    /// It cannot be satisfied without a denied license.
    Denied,
    /// It cannot be satisfied by what is allowed.
    Unlisted,
    /// Nobody here knows what it says.
    Unknown,
}

impl Lists {
    /// From the settings.
    pub(crate) fn new(settings: &settings::Licenses) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        if settings.deny.is_none() && settings.allow.is_none() && settings.unknown.is_none() {
            problems.push(Problem::new("/licenses", "set `deny`, `allow` or `unknown`"));
        }
        let mut list = |key: &str, entries: &Option<Vec<Entry>>| {
            entries.as_ref().map(|entries| List::new(key, entries, &mut problems))
        };
        let (deny, allow) = (list("deny", &settings.deny), list("allow", &settings.allow));
        if let (Some(denied), Some(allowed)) = (&settings.deny, &settings.allow) {
            for (index, entry) in allowed.iter().enumerate().filter(|(_, e)| denied.contains(e)) {
                let message = format!("`{entry}` is both denied and allowed");
                problems.push(Problem::new(format!("/licenses/allow/{index}"), message));
            }
        }
        let unknown = match settings.unknown.unwrap_or_default() {
            settings::Unknown::Deny => Level::Violation,
            settings::Unknown::Warn => Level::Warning,
        };
        if problems.is_empty() { Ok(Self { deny, allow, unknown }) } else { Err(problems) }
    }

    /// Judges one statement.
    pub(crate) fn judge(&self, statement: &str) -> Verdict {
        let words =
            |list: &Option<List>| list.as_ref().is_some_and(|l| l.words.contains(statement));
        if words(&self.deny) {
            return Verdict::Denied;
        }
        if words(&self.allow) {
            return Verdict::Fine;
        }
        let Some(terms) = Terms::parse(statement) else { return Verdict::Unknown };
        if !terms.satisfiable(|license| self.knows(license)) {
            return Verdict::Unknown;
        }
        if !terms.satisfiable(|license| self.knows(license) && !self.denies(license)) {
            return Verdict::Denied;
        }
        let allowed = |license: &License| self.allows(license) && !self.denies(license);
        if self.allow.is_some() && !terms.satisfiable(allowed) {
            return Verdict::Unlisted;
        }
        Verdict::Fine
    }

    /// Whether anything is known of the license: SPDX lists it, or the settings name it. The
    /// text behind a `LicenseRef-` can be any.
    fn knows(&self, license: &License) -> bool {
        let named = |list: &Option<List>| list.as_ref().is_some_and(|l| l.covers(license));
        license.listed || named(&self.deny) || named(&self.allow)
    }

    /// An exception only adds permissions, so it is denied with its license; but the pair may be
    /// allowed by name.
    fn denies(&self, license: &License) -> bool {
        let named =
            |list: &Option<List>| list.as_ref().is_some_and(|l| l.licenses.contains(license));
        let pair_is_allowed = license.exception.is_some() && named(&self.allow);
        !pair_is_allowed && self.deny.as_ref().is_some_and(|list| list.covers(license))
    }

    fn allows(&self, license: &License) -> bool {
        self.allow.as_ref().is_some_and(|list| list.covers(license))
    }
}

impl List {
    /// Whether it names the license, or the license without its exception.
    fn covers(&self, license: &License) -> bool {
        self.licenses.contains(license)
            || (license.listed && self.licenses.contains(&license.bare()))
    }

    fn new(key: &str, entries: &[Entry], problems: &mut Vec<Problem>) -> Self {
        let pointer = format!("/licenses/{key}");
        if entries.is_empty() {
            let message = "name at least one license, or leave the key out";
            problems.push(Problem::new(&pointer, message));
        }
        let mut list = Self::default();
        let mut seen = BTreeSet::new();
        for (index, entry) in entries.iter().enumerate() {
            let result = match seen.insert(entry) {
                true => list.add(entry),
                false => Err(format!("`{entry}` is named twice")),
            };
            if let Err(message) = result {
                problems.push(Problem::new(format!("{pointer}/{index}"), message));
            }
        }
        list
    }

    /// A text that is no SPDX license is refused: as free words it would deny nothing.
    fn add(&mut self, entry: &Entry) -> Result<(), String> {
        let text = match entry {
            Entry::License(text) => text,
            Entry::Words(words) if words.trim().is_empty() => {
                return Err("the words that documents use for the license".into());
            }
            Entry::Words(words) => {
                self.words.insert(words.clone());
                return Ok(());
            }
        };
        if let Some(terms) = Terms::parse(text) {
            let choice = terms.single().ok_or_else(|| {
                format!("`{text}` joins several licenses: name each in an entry of its own")
            })?;
            self.licenses.extend(choice.iter().cloned());
            return Ok(());
        }
        if let Some(id) = nearly(text) {
            return Err(format!("`{text}` is no SPDX license: is `{id}` meant?"));
        }
        let operators = ["AND", "OR", "WITH"];
        if text.split_whitespace().any(|word| operators.contains(&word)) {
            return Err(format!("`{text}` is no SPDX expression that is known here"));
        }
        Err(format!(
            "`{text}` is no SPDX license, for example `GPL-3.0-only`; for a license that SPDX \
             does not list: {{ words = \"{text}\" }}"
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::Verdict::{Denied, Fine, Unknown, Unlisted};
    use super::*;

    fn lists(deny: &[&str], allow: &[&str]) -> Lists {
        // An entry that begins with `=` is free words.
        let entry = |text: &&str| match text.strip_prefix('=') {
            Some(words) => Entry::Words(words.into()),
            None => Entry::License((*text).into()),
        };
        let list =
            |entries: &[&str]| (!entries.is_empty()).then(|| entries.iter().map(entry).collect());
        let settings = settings::Licenses { deny: list(deny), allow: list(allow), unknown: None };
        Lists::new(&settings).unwrap()
    }

    #[test]
    fn a_choice_without_the_denied_license_is_fine() {
        let lists = lists(&["GPL-3.0-only"], &[]);
        assert_eq!(lists.judge("MIT OR GPL-3.0-only"), Fine);
        assert_eq!(lists.judge("MIT AND GPL-3.0-only"), Denied);
        assert_eq!(lists.judge("(MIT AND GPL-3.0-only) OR ISC"), Fine);
        assert_eq!(lists.judge("MIT AND (GPL-3.0-only OR ISC)"), Fine);
        assert_eq!(lists.judge("GPL-3.0-only OR MIT AND GPL-3.0-only"), Denied);
        assert_eq!(lists.judge("mit or gpl-3.0-only"), Fine);
        assert_eq!(lists.judge("gpl-3.0-only"), Denied);
    }

    #[test]
    fn or_later_is_denied_if_every_version_from_there_on_is() {
        let three = lists(&["GPL-3.0-only"], &[]);
        for text in ["GPL-3.0-only", "GPL-3.0", "GPL-3.0-or-later", "GPL-3.0+"] {
            assert_eq!(three.judge(text), Denied, "{text}");
        }
        assert_eq!(three.judge("GPL-2.0-or-later"), Fine);
        assert_eq!(three.judge("LGPL-3.0-only"), Fine);

        let two = lists(&["GPL-2.0-only"], &[]);
        assert_eq!(two.judge("GPL-2.0-only"), Denied);
        assert_eq!(two.judge("GPL-2.0-or-later"), Fine);

        let later = lists(&["GPL-2.0-or-later"], &[]);
        for text in ["GPL-2.0-only", "GPL-2.0+", "GPL-3.0-only", "GPL-2.0"] {
            assert_eq!(later.judge(text), Denied, "{text}");
        }
        assert_eq!(later.judge("GPL-1.0-or-later"), Fine);
    }

    #[test]
    fn an_exception_is_denied_with_its_license_unless_the_pair_is_allowed() {
        let pair = "GPL-2.0-only WITH Classpath-exception-2.0";
        assert_eq!(lists(&["GPL-2.0-only"], &[]).judge(pair), Denied);
        assert_eq!(lists(&["GPL-2.0-only"], &[pair]).judge(pair), Fine);
        assert_eq!(lists(&["GPL-2.0-only"], &[pair]).judge("GPL-2.0-only"), Denied);
        assert_eq!(lists(&[pair], &[]).judge("GPL-2.0-only"), Fine);
        assert_eq!(lists(&[pair], &[]).judge(pair), Denied);
        assert_eq!(lists(&["GPL-2.0-only"], &[]).judge("GPL-2.0-with-classpath-exception"), Denied);
    }

    #[test]
    fn an_allow_list_must_satisfy_the_expression() {
        let lists = lists(&[], &["MIT", "Apache-2.0", "GPL-3.0-only"]);
        assert_eq!(lists.judge("MIT AND Apache-2.0"), Fine);
        assert_eq!(lists.judge("MIT AND ISC"), Unlisted);
        assert_eq!(lists.judge("MIT OR ISC"), Fine);
        assert_eq!(lists.judge("Apache-2.0 WITH LLVM-exception"), Fine);
        assert_eq!(lists.judge("GPL-2.0-or-later"), Fine);
        assert_eq!(lists.judge("GPL-2.0-only"), Unlisted);
    }

    #[test]
    fn allowing_one_version_of_a_denied_range_does_not_lift_the_denial() {
        let lists = lists(&["GPL-3.0-only"], &["GPL-2.0-or-later"]);
        assert_eq!(lists.judge("GPL-3.0-only"), Denied);
        assert_eq!(lists.judge("GPL-2.0-or-later"), Fine);
    }

    #[test]
    fn free_words_are_known_only_verbatim() {
        let lists = lists(&["=Proprietary"], &["=The Apache License, Version 2.0", "MIT"]);
        assert_eq!(lists.judge("Proprietary"), Denied);
        assert_eq!(lists.judge("The Apache License, Version 2.0"), Fine);
        assert_eq!(lists.judge("The Apache License"), Unknown);
        assert_eq!(lists.judge("MIT"), Fine);
        for silent in ["NOASSERTION", "NONE", "noassertion", "MIT AND NOASSERTION", ""] {
            assert_eq!(lists.judge(silent), Unknown, "{silent}");
        }
    }

    #[test]
    fn the_text_behind_an_own_reference_is_unknown_unless_the_settings_name_it() {
        assert_eq!(lists(&[], &["MIT"]).judge("MIT WITH AdditionRef-acme"), Unknown);
        assert_eq!(lists(&["MIT"], &[]).judge("MIT WITH AdditionRef-acme"), Unknown);
        let own = "LicenseRef-acme";
        assert_eq!(lists(&["GPL-3.0-only"], &[]).judge(own), Unknown);
        assert_eq!(lists(&["GPL-3.0-only"], &[]).judge("MIT OR LicenseRef-acme"), Fine);
        assert_eq!(lists(&[own], &[]).judge(own), Denied);
        assert_eq!(lists(&[], &[own]).judge(own), Fine);
    }
}
