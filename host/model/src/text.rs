//! Text from strangers, made fit to be shown.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

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

/// Whoever writes a report may write anything, so a text that is read is made fit again. One that was
/// fit stays as it is.
impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::escaped(&text))
    }
}

/// A name that stands in a report as a bare string, made fit like any other text.
pub(crate) fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    Text::deserialize(deserializer).map(|Text(name)| name)
}

/// Several of them.
pub(crate) fn names<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    let names = Vec::<Text>::deserialize(deserializer)?;
    Ok(names.into_iter().map(|Text(name)| name).collect())
}

/// A word of ours, which a report by another version may have and this one not.
pub(crate) fn code<'de, D>(deserializer: D) -> Result<Cow<'static, str>, D::Error>
where
    D: Deserializer<'de>,
{
    name(deserializer).map(Cow::Owned)
}

/// Several of them.
pub(crate) fn codes<'de, D>(deserializer: D) -> Result<Vec<Cow<'static, str>>, D::Error>
where
    D: Deserializer<'de>,
{
    names(deserializer).map(|names| names.into_iter().map(Cow::Owned).collect())
}

/// Text in which no CI system finds a command in the middle of a line: some take `##[…]` and
/// `##vso[…]` wherever they stand. (`::…::` counts only at the beginning of a line, and none of our
/// lines begins with a stranger's text.)
fn unmarked(text: String, instead: &str) -> String {
    if !text.contains("##") {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        // A mark ends with a bracket, so what is before one is looked at. What stood before a mark
        // that is taken out may make another with what stands behind, so it is looked at again.
        let mut looking = c == '[';
        while looking {
            if clean.ends_with("##") {
                clean.truncate(clean.len() - 2);
                clean.push_str(instead);
            } else if let Some(word) = word_behind_mark(&clean) {
                clean.truncate(clean.len() - word.len() - 2);
                clean.push_str(instead);
                clean.push_str(&word);
            } else {
                looking = false;
            }
        }
        clean.push(c);
    }
    clean
}

/// The word at the end of a text, as it is spelt, if it makes a command of a mark before it.
fn word_behind_mark(text: &str) -> Option<String> {
    const WORD: &str = "vso";
    let end = text.len().checked_sub(WORD.len() + 2).and_then(|start| text.get(start..))?;
    let word = end.strip_prefix("##")?;
    word.eq_ignore_ascii_case(WORD).then(|| word.to_owned())
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
    fn what_is_fit_stays_as_it_is() {
        for text in ["a\u{1b}b", "####VsO[x", "Grüße\u{202e}", "\\u{1b}", "##\u{7}["] {
            let once = Text::escaped(text);
            assert_eq!(Text::escaped(once.as_str()), once);
        }
    }

    #[test]
    fn marks_are_taken_out_in_one_go() {
        // A text of so many marks took minutes when each moved what stands behind it.
        assert_eq!(Text::stripped(&"##[".repeat(400_000)).as_str(), "[".repeat(400_000));
        assert_eq!(Text::stripped(&("#".repeat(400_000) + "[")).as_str(), "[");
        assert_eq!(Text::stripped("####VsO[x"), "VsO[x");
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
