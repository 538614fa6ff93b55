//! The words in which a report says why a document is no fact.
//!
//! Reasons quote strangers, so everything that a document says goes through [`quoted`]: escaped,
//! cut short, and in backticks.

use lockgate_model::Text;

/// The most characters of a stranger's text that a reason quotes. A digest in hexadecimal with its
/// algorithm fits, and a line of a CI log stays readable.
const MAX_QUOTE: usize = 96;

/// A stranger's text in backticks, with nothing in it that a terminal would obey.
pub(crate) fn quoted(text: &str) -> String {
    // A backtick would close the quote from inside.
    format!("`{}`", short(text).as_str().replace('`', "\\u{60}"))
}

/// A stranger's text, cut short, with nothing in it that a terminal would obey.
pub(crate) fn short(text: &str) -> Text {
    let mut shown: String = text.chars().take(MAX_QUOTE).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    Text::escaped(&shown)
}

/// Names, quoted and joined for reading: `a`, `b` and `c`.
pub(crate) fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(quoted).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((only, [])) => only.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// An error of the JSON reader, which may quote the document.
pub(crate) fn shown(error: &serde_json::Error) -> String {
    shortened(&error.to_string())
}

/// A text of another program, which may quote the document.
pub(crate) fn shortened(text: &str) -> String {
    let short: String = text.chars().take(2 * MAX_QUOTE).collect();
    Text::escaped(&short).as_str().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strangers_text_is_short_and_harmless() {
        assert_eq!(quoted("a\u{1b}[2J"), "`a\\u{1b}[2J`");
        let long = quoted(&"ä".repeat(1000));
        assert_eq!(long.chars().count(), MAX_QUOTE + "`…`".chars().count());
        assert_eq!(listed(["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(listed(["a"]), "`a`");
    }
}
