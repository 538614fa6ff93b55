//! License statements: each is kept once, whoever makes it, with who says so beside each component.

use super::super::Acknowledgement;
use super::super::component::{License, LicenseForm, Span};
use super::{Builder, LicenseDraft, count, said};

/// The most names of one license id that count. There is one; more are a mistake.
const MAX_LICENSE_NAMES: usize = 8;

impl<'a> Builder<'a> {
    /// The license statements of a component by number, sorted and distinct, and where the marks of
    /// who says so begin.
    pub(super) fn licenses(&mut self, drafts: Vec<LicenseDraft<'a>>) -> (Vec<u32>, u32) {
        let mut found: Vec<(u32, u8)> = Vec::with_capacity(drafts.len());
        for LicenseDraft { text, form, how } in drafts {
            let Some(text) = said(Some(text)) else { continue };
            let known = match form {
                LicenseForm::Expression => &mut self.expressions,
                LicenseForm::Name => &mut self.free,
            };
            let next = self.licenses;
            let number = *known.entry(text).or_insert(next);
            self.licenses += u32::from(number == next);
            found.push((number, how.map_or(0, Acknowledgement::mark)));
        }
        merge_marks(&mut found);
        let start = count(self.marks.len());
        self.marks.extend(found.iter().map(|found| found.1));
        (found.into_iter().map(|found| found.0).collect(), start)
    }

    /// Adds the names of licenses that expressions call by an id of the document's own: such an id is
    /// often a hash, and the name is what a policy can know. In a choice nothing is added, for there
    /// not all of it holds.
    pub(super) fn name_licenses(&mut self) {
        let mut names = std::mem::take(&mut self.license_names);
        names.sort_unstable();
        names.dedup();
        let mut named: Vec<(u32, u32)> = Vec::new();
        for (text, &number) in &self.expressions {
            let tokens = || text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')'));
            if names.is_empty() || tokens().any(|token| token.eq_ignore_ascii_case("OR")) {
                continue;
            }
            for token in tokens().filter(|token| !token.is_empty()) {
                let first = names.partition_point(|(id, _)| id.as_ref() < token);
                let of_token = names.iter().skip(first).take_while(|(id, _)| *id == token);
                for (_, name) in of_token.take(MAX_LICENSE_NAMES) {
                    let next = self.licenses;
                    let name = *self.free.entry(name.clone()).or_insert(next);
                    self.licenses += u32::from(name == next);
                    named.push((number, name));
                }
            }
        }
        if named.is_empty() {
            return;
        }
        named.sort_unstable();
        named.dedup();
        let old = std::mem::take(&mut self.marks);
        for component in &mut self.components {
            let marks = old.get(component.marks as usize..).unwrap_or_default();
            let mut found: Vec<(u32, u8)> =
                component.licenses.iter().copied().zip(marks.iter().copied()).collect();
            for place in 0..component.licenses.len() {
                let Some(&(license, mark)) = found.get(place) else { break };
                let first = named.partition_point(|&(of, _)| of < license);
                let of_license = named.iter().skip(first).take_while(|&&(of, _)| of == license);
                found.extend(of_license.map(|&(_, name)| (name, mark)));
            }
            merge_marks(&mut found);
            component.marks = count(self.marks.len());
            self.marks.extend(found.iter().map(|found| found.1));
            component.licenses = found.into_iter().map(|found| found.0).collect();
        }
    }

    /// Gives the license statements their numbers: in the order of text and form, whatever was found
    /// first.
    pub(super) fn number_licenses(&mut self) -> Vec<License> {
        let mut found: Vec<(License, u32)> = Vec::with_capacity(self.licenses as usize);
        for (form, known) in [
            (LicenseForm::Expression, std::mem::take(&mut self.expressions)),
            (LicenseForm::Name, std::mem::take(&mut self.free)),
        ] {
            let texts = known.into_iter();
            found.extend(texts.map(|(text, n)| (License { text: text.into_owned(), form }, n)));
        }
        found.sort_unstable();
        let mut numbers = vec![0; found.len()];
        for (number, (_, was)) in (0..).zip(&found) {
            if let Some(place) = numbers.get_mut(*was as usize) {
                *place = number;
            }
        }
        let mut pairs: Vec<(u32, u8)> = Vec::new();
        for component in &mut self.components {
            let span = Span {
                start: component.marks,
                end: component.marks.saturating_add(count(component.licenses.len())),
            };
            let marks = self.marks.get_mut(span.start as usize..span.end as usize);
            let marks = marks.unwrap_or_default();
            let now = component.licenses.iter().filter_map(|&was| numbers.get(was as usize));
            pairs.clear();
            pairs.extend(now.copied().zip(marks.iter().copied()));
            pairs.sort_unstable();
            for ((license, mark), &(number, was)) in
                component.licenses.iter_mut().zip(marks).zip(&pairs)
            {
                (*license, *mark) = (number, was);
            }
        }
        found.into_iter().map(|(license, _)| license).collect()
    }
}

/// Sorts license statements by number and leaves one of each, with all the marks that it has.
fn merge_marks(found: &mut Vec<(u32, u8)>) {
    found.sort_unstable();
    found.dedup_by(|again, first| {
        let same = again.0 == first.0;
        if same {
            first.1 |= again.1;
        }
        same
    });
}
