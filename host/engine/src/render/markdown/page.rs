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
        let full = self.left_out.contains_key(sort);
        if full || self.text.len() + text.len() > MAX_BYTES {
            *self.left_out.entry(sort).or_default() += 1;
        } else {
            self.must(text);
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
