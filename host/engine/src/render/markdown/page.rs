//! A page of Markdown that is never longer than it may be.

use std::collections::BTreeMap;

/// The most bytes of a page: GitHub shows no job summary over 1 MiB, and several steps share one file's
/// name but not its room. What is left goes to the line that says what is left out.
const MAX_BYTES: usize = 1_000_000;

/// A page.
#[derive(Default)]
pub(in crate::render) struct Page {
    text: String,
    left_out: BTreeMap<&'static str, usize>,
}

impl Page {
    /// Something of ours, which is always there: a heading, the head of a table.
    pub(in crate::render) fn must(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// One of several of a sort, if there is room for it and was for all before it.
    pub(in crate::render) fn may(&mut self, sort: &'static str, text: &str) {
        self.may_make(sort, || text.to_owned());
    }

    /// The same, of which the text is not made where there is no room.
    pub(in crate::render) fn may_make(
        &mut self,
        sort: &'static str,
        text: impl FnOnce() -> String,
    ) {
        if let Some(left_out) = self.left_out.get_mut(sort) {
            *left_out += 1;
            return;
        }
        let text = text();
        if self.text.len() + text.len() > MAX_BYTES {
            self.left_out.insert(sort, 1);
        } else {
            self.must(&text);
        }
    }

    /// The page, and at its end what it left out.
    pub(in crate::render) fn end(mut self) -> String {
        if !self.left_out.is_empty() {
            let told: Vec<String> =
                self.left_out.iter().map(|(sort, count)| format!("{count} {sort}")).collect();
            self.text += &format!(
                "\n**Left out here, for a page has its limits: {}.** The whole is in the report as \
                 JSON (`-o json=FILE`).\n",
                told.join(", ")
            );
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_it_leaves_out() {
        let mut page = Page::default();
        let long = "x".repeat(MAX_BYTES / 2);
        for _ in 0..4 {
            page.may("findings", &long);
        }
        page.may("findings", "short, and behind one that is left out");
        page.may("documents", "one document");
        let page = page.end();
        assert!(page.len() < 1 << 20, "{}", page.len());
        assert!(page.contains("one document") && !page.contains("short, and behind"));
        assert!(
            page.contains("Left out here, for a page has its limits: 4 findings."),
            "{page:.0}"
        );
    }
}
