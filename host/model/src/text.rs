//! Text from strangers, made fit to be shown.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};

/// Text that holds nothing which a terminal, a CI system or a reader's eye would obey: no control
/// characters (C0, DEL, C1), no line or paragraph separators, nothing that directs bidirectional text or
/// that nobody sees, no logging commands.
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

/// Text in which no CI system finds a command in the middle of a line: some take `##[…]`, `##vso[…]`
/// and `##teamcity[…]` wherever they stand. (`::…::` counts only at the beginning of a line, and none
/// of our lines begins with a stranger's text.)
fn unmarked(text: String, instead: &str) -> String {
    if !text.contains("##") {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    for c in text.chars() {
        // A mark ends with a bracket, so what is before one is looked at.
        if c == '[' {
            unmark(&mut clean, instead);
        }
        clean.push(c);
    }
    clean
}

/// Takes the marks out with which a text ends, each with a word behind it or with none. All of them:
/// what stood before one that is taken out may make another with what stands behind.
fn unmark(text: &mut String, instead: &str) {
    let (mut start, mut marks) = (text.len(), 0_usize);
    loop {
        let before = text.get(..start).unwrap_or_default();
        let word =
            before.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || "_-.".contains(c));
        // A word alone is one only behind a mark.
        let Some(marked) = word.strip_suffix("##") else { break };
        (start, marks) = (marked.len(), marks + 1);
    }
    if marks > 0 {
        let tail = text.split_off(start);
        text.push_str(&tail.replace("##", instead));
    }
}

/// Whether a terminal or a bidirectional renderer acts on it rather than showing it, or nobody sees it:
/// two names that differ by such a character alone look the same.
fn commands(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{61c}')
        // What Unicode calls default-ignorable: the directions of bidirectional text are among it.
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}')
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}')
        || matches!(c, '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}')
        || matches!(c, '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
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
        assert_eq!(
            Text::stripped(&("##a".repeat(400_000) + "[")).as_str(),
            "a".repeat(400_000) + "["
        );
        assert_eq!(Text::stripped("####VsO[x"), "VsO[x");
    }

    #[test]
    fn what_nobody_sees_is_shown_or_gone() {
        for c in ['\u{200b}', '\u{2060}', '\u{feff}', '\u{ad}', '\u{e0041}', '\u{fe0f}', '\u{200d}']
        {
            assert_eq!(Text::stripped(&format!("a{c}b")), "ab");
            let code = u32::from(c);
            assert_eq!(Text::escaped(&format!("a{c}b")).as_str(), format!("a\\u{{{code:x}}}b"));
        }
    }

    #[test]
    fn what_a_ci_system_would_obey_is_broken() {
        assert_eq!(Text::stripped("a ##vso[task.complete]b"), "a vso[task.complete]b");
        assert_eq!(Text::stripped("##teamcity[buildStatus x]"), "teamcity[buildStatus x]");
        assert_eq!(Text::stripped("## a heading [x]"), "## a heading [x]");
        assert_eq!(Text::stripped("##a####b##[x ##c"), "ab[x ##c");
        assert_eq!(Text::escaped("##a##b[x"), "\\u{23}\\u{23}a\\u{23}\\u{23}b[x");
        assert_eq!(Text::stripped("####[[x ## y #1"), "[[x ## y #1");
        assert_eq!(Text::stripped("###[x"), "#[x");
        assert_eq!(Text::stripped("ä####vso[vso[x"), "ävso[vso[x");
        assert_eq!(Text::escaped("###[x"), "#\\u{23}\\u{23}[x");
        assert_eq!(Text::escaped("##VSO[x"), "\\u{23}\\u{23}VSO[x");
    }
}
