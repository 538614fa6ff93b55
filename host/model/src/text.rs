//! Text from strangers, made fit to be shown.

use std::fmt;

use serde::Serialize;

/// Text that holds nothing which a terminal, a CI system or a reader's eye would obey: no control
/// characters (C0, DEL, C1), no line or paragraph separators, no bidirectional controls, no logging
/// commands.
///
/// Everything in a report that a stranger wrote is a `Text`: names of files, what a document
/// claims, what a plugin says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// Leaves those characters out. For prose, where nothing is lost.
    #[must_use]
    pub fn stripped(text: &str) -> Self {
        let text: String = text.chars().filter(|&c| !commands(c)).collect();
        Self(unmarked(text, ""))
    }

    /// Writes those characters as `\u{1b}`. For names, where two that differ must look different.
    #[must_use]
    pub fn escaped(text: &str) -> Self {
        if !text.chars().any(commands) {
            return Self(unmarked(text.to_owned(), "\\u{23}\\u{23}"));
        }
        let mut escaped = String::with_capacity(text.len() + 8);
        for c in text.chars() {
            if commands(c) { escaped.extend(c.escape_unicode()) } else { escaped.push(c) }
        }
        Self(unmarked(escaped, "\\u{23}\\u{23}"))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

/// Text in which no CI system finds a command in the middle of a line: some take `##[…]` and
/// `##vso[…]` wherever they stand. (`::…::` counts only at the beginning of a line, and none of our
/// lines begins with a stranger's text.)
fn unmarked(mut text: String, instead: &str) -> String {
    const MARKS: [&[u8]; 2] = [b"##[", b"##vso["];
    let mut from = 0;
    loop {
        let rest = &text.as_bytes()[from..];
        let is_marked = |at: &usize| {
            let begins = |mark: &&[u8]| {
                rest[*at..].get(..mark.len()).is_some_and(|word| word.eq_ignore_ascii_case(mark))
            };
            MARKS.iter().any(begins)
        };
        let Some(at) = (0..rest.len()).find(is_marked) else { return text };
        text.replace_range(from + at..from + at + 2, instead);
        // What stood before may make a mark with what stands behind.
        from = (from + at).saturating_sub(MARKS[1].len());
        while !text.is_char_boundary(from) {
            from -= 1;
        }
    }
}

/// Whether a terminal or a bidirectional renderer acts on it rather than showing it.
fn commands(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{200e}' | '\u{200f}' | '\u{61c}')
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_gone() {
        assert_eq!(Text::stripped("\u{1b}[2Jred\u{202e}der\u{9b}\n"), "[2Jredder");
        assert_eq!(Text::escaped("a\u{1b}b\u{7f}"), "a\\u{1b}b\\u{7f}");
        assert_eq!(Text::escaped("Grüße.json"), "Grüße.json");
    }

    #[test]
    fn what_a_ci_system_would_obey_is_broken() {
        assert_eq!(Text::stripped("a ##vso[task.complete]b"), "a vso[task.complete]b");
        assert_eq!(Text::stripped("####[[x ## y #1"), "[[x ## y #1");
        assert_eq!(Text::stripped("###[x"), "#[x");
        assert_eq!(Text::stripped("ä####vso[vso[x"), "ävso[vso[x");
        assert_eq!(Text::escaped("###[x"), "#\\u{23}\\u{23}[x");
        assert_eq!(Text::escaped("##VSO[x"), "\\u{23}\\u{23}VSO[x");
    }
}
