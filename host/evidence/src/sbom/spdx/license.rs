//! Licenses of SPDX 3, which are elements, as the texts that they stand for.
//!
//! An expression may be written as one text, or taken apart into sets, operators and single licenses
//! that refer to each other (the profiles *simple* and *expanded licensing*). References can make a
//! small document mean an endless one, so depth and length are bounded.

use std::borrow::Cow;
use std::collections::HashMap;

use super::words::asserted;
use crate::sbom::LicenseForm;

/// How deep licenses may be in each other. An expression of ten levels is hard to read already.
const MAX_DEPTH: usize = 32;

/// How many times longer than the document all its licenses together may be, once they are written
/// out. Where each license is a set of listed ones, they are shorter.
const MAX_GROWTH: usize = 4;

/// What each license counts beside its text, so that empty ones are bounded, too.
const STEP: usize = 16;

/// Where the licenses of SPDX's own list are, whoever refers to them.
const LISTED: [&str; 2] = ["https://spdx.org/licenses/", "http://spdx.org/licenses/"];

/// How the individuals end that stand for nothing, in the spellings of 3.0.0 and of 3.0.1.
const NOTHING: [&str; 4] =
    ["/NoAssertionLicense", "/NoneLicense", "/Licensing/NoAssertion", "/Licensing/None"];

/// A license element, with the elements that it refers to by number.
#[derive(Debug)]
pub(super) enum License<'a> {
    /// A text: an expression, one license of it, or free words.
    Text(Cow<'a, str>, LicenseForm),
    /// All or one of its members, with the word that stands between them.
    Set(&'static str, Vec<u32>),
    /// A license or any later version of it.
    OrLater(Vec<u32>),
    /// A license with something added to it.
    With(Vec<u32>, Vec<u32>),
}

/// All licenses of a document by number, and how much may still be written of them.
#[derive(Debug)]
pub(super) struct Licenses<'l, 'a> {
    known: &'l HashMap<u32, License<'a>>,
    /// What the elements are called, by number.
    ids: &'l [Cow<'a, str>],
    left: usize,
}

impl<'l, 'a> Licenses<'l, 'a> {
    /// Of a document of that length.
    pub(super) fn new(
        known: &'l HashMap<u32, License<'a>>,
        ids: &'l [Cow<'a, str>],
        length: usize,
    ) -> Self {
        // A little more, for a document that is hardly longer than its licenses.
        Self { known, ids, left: length.saturating_mul(MAX_GROWTH).saturating_add(1 << 16) }
    }

    /// What a license says; none where that is nothing. The error is a reason.
    pub(super) fn text(&mut self, number: u32) -> Result<Option<(String, LicenseForm)>, String> {
        let mut text = String::new();
        let form = self.write(number, 0, &mut text)?;
        Ok(asserted(Some(Cow::Owned(text))).map(|text| (text.into_owned(), form)))
    }

    /// Writes one. What has free words anywhere in it is no expression any more.
    fn write(
        &mut self,
        number: u32,
        depth: usize,
        text: &mut String,
    ) -> Result<LicenseForm, String> {
        if depth == MAX_DEPTH {
            return Err(format!("a license has others in it, deeper than {MAX_DEPTH} levels"));
        }
        let known = self.known;
        match known.get(&number) {
            Some(License::Text(own, form)) => self.put(own, *form, text),
            Some(License::Set(word, members)) => {
                let nested = depth > 0 && members.len() > 1;
                self.put(if nested { "(" } else { "" }, LicenseForm::Expression, text)?;
                let form = self.write_all(members, word, depth, text)?;
                text.push_str(if nested { ")" } else { "" });
                Ok(form)
            }
            Some(License::OrLater(of)) => {
                let form = self.write_all(of, " AND ", depth, text)?;
                self.put("+", form, text)
            }
            Some(License::With(of, addition)) => {
                let form = self.write_all(of, " AND ", depth, text)?;
                self.put(" WITH ", form, text)?;
                Ok(form.max(self.write_all(addition, " AND ", depth, text)?))
            }
            None => {
                let id = self.ids.get(number as usize).map(Cow::as_ref).unwrap_or_default();
                let (own, form) = elsewhere(id);
                self.put(own, form, text)
            }
        }
    }

    fn write_all(
        &mut self,
        numbers: &[u32],
        between: &str,
        depth: usize,
        text: &mut String,
    ) -> Result<LicenseForm, String> {
        let mut form = LicenseForm::Expression;
        for (place, &number) in numbers.iter().enumerate() {
            if place > 0 {
                self.put(between, form, text)?;
            }
            form = form.max(self.write(number, depth + 1, text)?);
        }
        Ok(form)
    }

    fn put(
        &mut self,
        part: &str,
        form: LicenseForm,
        text: &mut String,
    ) -> Result<LicenseForm, String> {
        let left = self.left.checked_sub(part.len() + STEP);
        self.left = left.ok_or_else(|| {
            format!("its licenses are more than {MAX_GROWTH} times longer than the document")
        })?;
        text.push_str(part);
        Ok(form)
    }
}

/// What a license is called that the document refers to and does not have. One of which nothing is
/// known has its id for a name, so that no policy takes it for none.
fn elsewhere(id: &str) -> (&str, LicenseForm) {
    if NOTHING.iter().any(|end| id.ends_with(end)) || id.ends_with("_NoAssertionLicense") {
        return ("NOASSERTION", LicenseForm::Expression);
    }
    match LISTED.iter().find_map(|list| id.strip_prefix(list)) {
        Some(listed) => (listed, LicenseForm::Expression),
        None => (id, LicenseForm::Name),
    }
}

/// The name of a license in an expression, which is the last part of its id.
pub(super) fn last_part(id: &str) -> &str {
    id.rsplit(['/', '#']).next().unwrap_or(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(known: Vec<License>, number: u32) -> Result<Option<(String, LicenseForm)>, String> {
        let known = (0..).zip(known).collect();
        let ids = ["", "", "", "", "https://spdx.org/licenses/ISC", "urn:x"].map(Cow::Borrowed);
        Licenses::new(&known, &ids, 1000).text(number)
    }

    #[test]
    fn elements_become_the_expression_that_they_stand_for() {
        let text = |text: &'static str| License::Text(text.into(), LicenseForm::Expression);
        let known = || {
            vec![
                text("MIT"),
                License::OrLater(vec![0]),
                License::With(vec![1], vec![0]),
                License::Set(" OR ", vec![2, 4]),
            ]
        };
        let said = |text: &str| Ok(Some((text.to_owned(), LicenseForm::Expression)));
        assert_eq!(text_of(known(), 3), said("MIT+ WITH MIT OR ISC"));
        let nested = vec![text("MIT"), text("0BSD"), License::Set(" OR ", vec![0, 1])];
        let set = License::Set(" AND ", vec![2, 4]);
        assert_eq!(text_of([nested, vec![set]].concat_all(), 3), said("(MIT OR 0BSD) AND ISC"));
        assert_eq!(text_of(vec![text("NOASSERTION")], 0), Ok(None));
        let unknown = Ok(Some(("urn:x".to_owned(), LicenseForm::Name)));
        assert_eq!(text_of(vec![], 5), unknown, "and no policy takes it for none");
    }

    /// One list of several.
    trait ConcatAll<T> {
        fn concat_all(self) -> Vec<T>;
    }

    impl<T, const N: usize> ConcatAll<T> for [Vec<T>; N] {
        fn concat_all(self) -> Vec<T> {
            self.into_iter().flatten().collect()
        }
    }

    #[test]
    fn what_means_more_than_it_is_long_is_refused() {
        let itself = vec![License::Set(" AND ", vec![0])];
        let why = text_of(itself, 0).unwrap_err();
        assert_eq!(why, "a license has others in it, deeper than 32 levels");
        let mut doubling = vec![License::Text("MIT".into(), LicenseForm::Expression)];
        doubling.extend((0..30).map(|inner| License::Set(" AND ", vec![inner, inner])));
        let why = text_of(doubling, 30).unwrap_err();
        assert_eq!(why, "its licenses are more than 4 times longer than the document");
    }
}
