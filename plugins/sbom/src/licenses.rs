//! Whether a license statement satisfies the lists of the settings.
//!
//! A statement is judged once, however many components make it.

mod shape;
mod terms;

use lockgate_plugin::{Level, Problem};

use self::terms::{License, Terms};
use crate::knowledge::Knowledge;
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
    licenses: Vec<License>,
    /// Free words, compared verbatim.
    words: Vec<String>,
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
    pub(crate) fn new(
        settings: &settings::Licenses,
        known: &dyn Knowledge,
        problems: &mut Vec<Problem>,
    ) -> Self {
        if settings.deny.is_none() && settings.allow.is_none() && settings.unknown.is_none() {
            problems.push(Problem::new("/licenses", "set `deny`, `allow` or `unknown`"));
        }
        let mut list = |key: &str, entries: &Option<Vec<Entry>>| {
            entries.as_ref().map(|entries| List::new(key, entries, known, problems))
        };
        let (deny, allow) = (list("deny", &settings.deny), list("allow", &settings.allow));
        if let (Some(denied), Some(allowed)) = (&settings.deny, &settings.allow) {
            for (index, entry) in allowed.iter().enumerate().filter(|(_, e)| denied.contains(e)) {
                let message = format!("`{entry}` is both denied and allowed");
                problems.push(Problem::new(format!("/licenses/allow/{index}"), message));
            }
        }
        let unknown = match settings.unknown.as_deref() {
            Some("warn") => Level::Warning,
            None | Some("deny") => Level::Violation,
            Some(other) => {
                let message = ["`deny` or `warn`, not `", other, "`"].concat();
                problems.push(Problem::new("/licenses/unknown", message));
                Level::Violation
            }
        };
        Self { deny, allow, unknown }
    }

    /// Judges one statement.
    pub(crate) fn judge(&self, statement: &str, known: &dyn Knowledge) -> Verdict {
        let words = |list: &Option<List>| {
            list.as_ref().is_some_and(|list| list.words.iter().any(|words| words == statement))
        };
        if words(&self.deny) {
            return Verdict::Denied;
        }
        if words(&self.allow) {
            return Verdict::Fine;
        }
        let parsed = known.terms(statement);
        let is_known = parsed.is_some();
        let Some(terms) = parsed.or_else(|| shape::terms(statement, known)) else {
            return Verdict::Unknown;
        };
        let terms = Terms::new(terms);
        // What is joined to something unknown is needed all the same: so first as if all that is unknown
        // were fine.
        if !terms.satisfiable(&|license| !self.denies(license)) {
            return Verdict::Denied;
        }
        let may_do = |license: &License| {
            !self.denies(license) && (self.allows(license) || !self.knows(license))
        };
        if self.allow.is_some() && !terms.satisfiable(&may_do) {
            return Verdict::Unlisted;
        }
        // Where nothing is unknown, that was all there is to ask.
        if is_known && terms.are_all(&|license| self.knows(license)) {
            return Verdict::Fine;
        }
        if !is_known || !terms.satisfiable(&|license| self.knows(license)) {
            return Verdict::Unknown;
        }
        if !terms.satisfiable(&|license| self.knows(license) && !self.denies(license)) {
            return Verdict::Denied;
        }
        let allowed = |license: &License| self.allows(license) && !self.denies(license);
        if self.allow.is_some() && !terms.satisfiable(&allowed) {
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

    /// An exception only adds permissions, and nobody knows what an addition of the document's own does, so
    /// either is denied with its license; but the pair may be allowed by name.
    fn denies(&self, license: &License) -> bool {
        let named =
            |list: &Option<List>| list.as_ref().is_some_and(|l| l.licenses.contains(license));
        let pair_is_allowed = license.exception.is_some() && named(&self.allow);
        let denied = |list: &List| {
            list.licenses.iter().any(|denied| denied == license || denied.is_bare(license))
        };
        !pair_is_allowed && self.deny.as_ref().is_some_and(denied)
    }

    fn allows(&self, license: &License) -> bool {
        self.allow.as_ref().is_some_and(|list| list.covers(license))
    }
}

impl List {
    /// Whether it names the license, or the license without its exception.
    fn covers(&self, license: &License) -> bool {
        let covers =
            |named: &License| named == license || (license.listed && named.is_bare(license));
        self.licenses.iter().any(covers)
    }

    fn new(
        key: &str,
        entries: &[Entry],
        known: &dyn Knowledge,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let pointer = format!("/licenses/{key}");
        if entries.is_empty() {
            let message = "name at least one license, or leave the key out";
            problems.push(Problem::new(&pointer, message));
        }
        let mut list = Self::default();
        for (index, entry) in entries.iter().enumerate() {
            let is_new = entries.iter().position(|first| first == entry) == Some(index);
            let result = match is_new {
                true => list.add(entry, known),
                false => Err(format!("`{entry}` is named twice")),
            };
            if let Err(message) = result {
                problems.push(Problem::new(format!("{pointer}/{index}"), message));
            }
        }
        list
    }

    /// A text that is no SPDX license is refused: as free words it would deny nothing.
    fn add(&mut self, entry: &Entry, known: &dyn Knowledge) -> Result<(), String> {
        let text = match entry {
            Entry::License(text) => text,
            Entry::Words(words) if words.trim().is_empty() => {
                return Err("the words that documents use for the license".into());
            }
            Entry::Words(words) => {
                self.words.push(words.clone());
                return Ok(());
            }
        };
        if let Some(terms) = known.terms(text).map(Terms::new) {
            let choice = terms.single().ok_or_else(|| {
                format!("`{text}` joins several licenses: name each in an entry of its own")
            })?;
            self.licenses.extend(choice.iter().cloned());
            return Ok(());
        }
        if let Some(id) = known.nearest(text) {
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
    use crate::knowledge::Little;

    // Statements are terms as the host hands them out: operators behind what they join, and the
    // exception behind a slash.
    fn lists(deny: &[&str], allow: &[&str]) -> Lists {
        // An entry that begins with `=` is free words.
        let entry = |text: &&str| match text.strip_prefix('=') {
            Some(words) => Entry::Words(words.into()),
            None => Entry::License((*text).into()),
        };
        let list =
            |entries: &[&str]| (!entries.is_empty()).then(|| entries.iter().map(entry).collect());
        let settings = settings::Licenses { deny: list(deny), allow: list(allow), unknown: None };
        let mut problems = Vec::new();
        let lists = Lists::new(&settings, &Little, &mut problems);
        assert_eq!(problems, []);
        lists
    }

    fn judge(lists: &Lists, statement: &str) -> Verdict {
        lists.judge(statement, &Little)
    }

    #[test]
    fn a_choice_without_the_denied_license_is_fine() {
        let lists = lists(&["GPL-3.0-only"], &[]);
        for (statement, verdict) in [
            ("MIT GPL-3.0-only or", Fine),
            ("MIT GPL-3.0-only and", Denied),
            ("MIT GPL-3.0-only and ISC or", Fine),
            ("MIT GPL-3.0-only ISC or and", Fine),
            ("GPL-3.0-only MIT GPL-3.0-only and or", Denied),
            ("GPL-3.0-only", Denied),
        ] {
            assert_eq!(judge(&lists, statement), verdict, "{statement}");
        }
    }

    #[test]
    fn or_later_is_denied_if_every_version_from_there_on_is() {
        let three = lists(&["GPL-3.0-only"], &[]);
        assert_eq!(judge(&three, "GPL-3.0-or-later"), Denied);
        assert_eq!(judge(&three, "GPL-2.0-or-later"), Fine);
        assert_eq!(judge(&three, "LGPL-3.0-only"), Fine);

        let two = lists(&["GPL-2.0-only"], &[]);
        assert_eq!(judge(&two, "GPL-2.0-only"), Denied);
        assert_eq!(judge(&two, "GPL-2.0-or-later"), Fine);

        let later = lists(&["GPL-2.0-or-later"], &[]);
        for statement in ["GPL-2.0-only", "GPL-2.0-or-later", "GPL-3.0-only"] {
            assert_eq!(judge(&later, statement), Denied, "{statement}");
        }
        assert_eq!(judge(&later, "GPL-1.0-or-later"), Fine);
    }

    #[test]
    fn an_exception_is_denied_with_its_license_unless_the_pair_is_allowed() {
        let pair = "GPL-2.0-only/Classpath-exception-2.0";
        let of =
            |deny: &[&str], allow: &[&str], statement: &str| judge(&lists(deny, allow), statement);
        assert_eq!(of(&["GPL-2.0-only"], &[], pair), Denied);
        assert_eq!(of(&["GPL-2.0-only"], &[pair], pair), Fine);
        assert_eq!(of(&["GPL-2.0-only"], &[pair], "GPL-2.0-only"), Denied);
        assert_eq!(of(&[pair], &[], "GPL-2.0-only"), Fine);
        assert_eq!(of(&[pair], &[], pair), Denied);
    }

    #[test]
    fn an_allow_list_must_satisfy_the_expression() {
        let lists = lists(&[], &["MIT", "Apache-2.0", "GPL-3.0-only"]);
        for (statement, verdict) in [
            ("MIT Apache-2.0 and", Fine),
            ("MIT ISC and", Unlisted),
            ("MIT ISC or", Fine),
            ("Apache-2.0/LLVM-exception", Fine),
            ("GPL-2.0-or-later", Fine),
            ("GPL-2.0-only", Unlisted),
        ] {
            assert_eq!(judge(&lists, statement), verdict, "{statement}");
        }
    }

    #[test]
    fn allowing_one_version_of_a_denied_range_does_not_lift_the_denial() {
        let lists = lists(&["GPL-3.0-only"], &["GPL-2.0-or-later"]);
        assert_eq!(judge(&lists, "GPL-3.0-only"), Denied);
        assert_eq!(judge(&lists, "GPL-2.0-or-later"), Fine);
    }

    #[test]
    fn free_words_are_known_only_verbatim() {
        let lists = lists(&["=Proprietary"], &["=The Apache License, Version 2.0", "MIT"]);
        assert_eq!(judge(&lists, "Proprietary"), Denied);
        assert_eq!(judge(&lists, "The Apache License, Version 2.0"), Fine);
        assert_eq!(judge(&lists, "The Apache License"), Unknown);
        assert_eq!(judge(&lists, "MIT"), Fine);
        for silent in ["NOASSERTION", "NONE", "MIT NOASSERTION and", ""] {
            assert_eq!(judge(&lists, silent), Unknown, "{silent}");
        }
    }

    #[test]
    fn the_text_behind_an_own_reference_is_unknown_unless_the_settings_name_it() {
        let of =
            |deny: &[&str], allow: &[&str], statement: &str| judge(&lists(deny, allow), statement);
        assert_eq!(of(&[], &["MIT"], "MIT/AdditionRef-acme"), Unknown);
        assert_eq!(of(&["MIT"], &[], "MIT/AdditionRef-acme"), Denied);
        assert_eq!(of(&["MIT"], &["MIT/AdditionRef-acme"], "MIT/AdditionRef-acme"), Fine);
        let own = "LicenseRef-acme";
        assert_eq!(of(&["GPL-3.0-only"], &[], own), Unknown);
        assert_eq!(of(&["GPL-3.0-only"], &[], "MIT LicenseRef-acme or"), Fine);
        assert_eq!(of(&[own], &[], own), Denied);
        assert_eq!(of(&[], &[own], own), Fine);
    }

    #[test]
    fn what_is_denied_is_denied_beside_what_nobody_knows() {
        let deny = lists(&["GPL-3.0-only"], &[]);
        for statement in [
            "GPL-3.0-only LicenseRef-acme and",
            "GPL-3.0-only NOASSERTION and",
            "GPL-3.0-only/AdditionRef-acme",
            "GPL-3.0-only AND Foo",
            "(Foo) and gpl-3.0-only",
            "GPL-3.0-only WITH Foo",
        ] {
            assert_eq!(judge(&deny, statement), Denied, "{statement}");
        }
        // Of a choice the known half counts, as if the other were not there.
        assert_eq!(judge(&deny, "GPL-3.0-only LicenseRef-acme or"), Denied);
        for statement in
            ["Foo AND Bar", "GPL-3.0-only OR Foo", "see GPL-3.0-only AND Foo", "GPL-3.0-only, Foo"]
        {
            assert_eq!(judge(&deny, statement), Unknown, "{statement}");
        }
        let allow = lists(&[], &["MIT"]);
        for (statement, verdict) in [
            ("Apache-2.0 LicenseRef-acme and", Unlisted),
            ("Apache-2.0 AND Foo", Unlisted),
            ("MIT LicenseRef-acme and", Unknown),
            ("MIT AND Foo", Unknown),
            ("Foo", Unknown),
        ] {
            assert_eq!(judge(&allow, statement), verdict, "{statement}");
        }
    }
}
