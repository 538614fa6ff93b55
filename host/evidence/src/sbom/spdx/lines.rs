//! The lines of a document in tag-value form.
//!
//! A line says `Tag: value`; a value between `<text>` and `</text>` goes over many lines, and a line
//! that begins with `#` is a remark (SPDX 2.3, clause 6 and annex D). Values are borrowed, and every
//! byte is passed once.

use crate::reason::quoted;

const BEGIN: &str = "<text>";
const END: &str = "</text>";

/// One tag with its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::sbom) struct Line<'a> {
    /// Where it begins, counted from one.
    pub(in crate::sbom) number: usize,
    pub(in crate::sbom) tag: &'a str,
    /// Without space around it; as it was written where it stands in `<text>`.
    pub(in crate::sbom) value: &'a str,
}

/// The tags of a text, in order. Nothing comes behind an error, which is a reason.
pub(in crate::sbom) struct Lines<'a> {
    text: &'a str,
    /// Where the next line begins.
    at: usize,
    /// How many lines are before that.
    number: usize,
}

impl<'a> Lines<'a> {
    pub(in crate::sbom) fn new(text: &'a str) -> Self {
        Self { text, at: 0, number: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes off all up to the end of the line.
    fn line(&mut self) -> &'a str {
        let rest = self.rest();
        let (line, next) = match memchr::memchr(b'\n', rest.as_bytes()) {
            Some(end) => (rest.get(..end), end + 1),
            None => (Some(rest), rest.len()),
        };
        self.at += next;
        self.number += 1;
        line.unwrap_or_default()
    }

    /// Takes off a value that began with `<text>`, and the line in which it ends.
    fn block(&mut self) -> Result<&'a str, String> {
        let (begun, rest) = (self.number, self.rest());
        let Some((value, _)) = rest.split_once(END) else {
            return Err(format!("line {begun} begins a `{BEGIN}` that no `{END}` ends"));
        };
        self.at += value.len() + END.len();
        self.number += memchr::memchr_iter(b'\n', value.as_bytes()).count();
        let ends = self.number;
        self.number -= 1;
        if !self.line().trim().is_empty() {
            return Err(format!("line {ends} goes on behind `{END}`"));
        }
        Ok(value)
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Result<Line<'a>, String>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if self.rest().is_empty() {
                return None;
            }
            let start = self.at;
            let line = self.line();
            let number = self.number;
            let trimmed = line.trim();
            if trimmed.is_empty() || trimmed.starts_with('#') {
                continue;
            }
            let tagged = trimmed.split_once(':');
            let tagged = tagged.filter(|(tag, _)| tag.bytes().all(|b| b.is_ascii_alphanumeric()));
            let Some((tag, value)) = tagged else {
                self.at = self.text.len();
                return Some(Err(format!(
                    "line {number} is {}, and not a tag, a colon and a value",
                    quoted(trimmed)
                )));
            };
            let value = value.trim();
            if !value.starts_with(BEGIN) {
                return Some(Ok(Line { number, tag, value }));
            }
            // Back to behind the mark; it is the first in the line, for no tag has one in it.
            self.at = start + line.find(BEGIN).map_or(line.len(), |place| place + BEGIN.len());
            let value = self.block();
            if value.is_err() {
                self.at = self.text.len();
            }
            return Some(value.map(|value| Line { number, tag, value }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(usize, &str, &str)>, String> {
        Lines::new(text).map(|line| line.map(|l| (l.number, l.tag, l.value))).collect()
    }

    #[test]
    fn a_text_becomes_tags_and_values() {
        let text = "# a remark\r\nA: 1 \r\n\n  B:2:3\nC: <text>\n# no remark\nD: no tag\n</text> \nE:\nF: a <text>";
        assert_eq!(
            read(text).unwrap(),
            [
                (2, "A", "1"),
                (4, "B", "2:3"),
                (5, "C", "\n# no remark\nD: no tag\n"),
                (9, "E", ""),
                (10, "F", "a <text>"),
            ]
        );
        assert_eq!(read("A: <text></text>").unwrap(), [(1, "A", "")]);
        assert_eq!(read(""), Ok(vec![]));
    }

    #[test]
    fn what_is_no_tag_says_where_it_stands() {
        for (text, why) in [
            ("A: 1\nno tag", "line 2 is `no tag`, and not a tag, a colon and a value"),
            ("a b: 1", "line 1 is `a b: 1`, and not a tag, a colon and a value"),
            ("A: 1\n\nB: <text>c", "line 3 begins a `<text>` that no `</text>` ends"),
            ("A: <text>\n</text> b", "line 2 goes on behind `</text>`"),
        ] {
            assert_eq!(read(text).unwrap_err(), why);
        }
    }
}
