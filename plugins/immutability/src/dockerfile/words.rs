//! What stands in one line of a Dockerfile: flags, words, and where here-documents begin.
//!
//! Whoever reads a line in another way than the builder does takes another line for an instruction. So
//! this follows the builder of Docker, and what its versions read in several ways is refused.

use lockgate_plugin::json::{self, Value};

/// Why a line is refused.
type Why = &'static str;

/// What a line says if it goes on in the next: one escape stands at its end, and blanks at the most.
pub(super) fn continued(line: &str, escape: char) -> Option<&str> {
    let rest = line.trim_end_matches([' ', '\t']).strip_suffix(escape)?;
    (!rest.ends_with(escape)).then_some(rest)
}

/// The flags at the beginning, without quotes, and what stands behind them.
pub(super) fn flags(text: &str, escape: char) -> Result<(Vec<String>, &str), Why> {
    let mut flags = Vec::new();
    let mut rest = text.trim_start();
    while rest.starts_with("--") {
        let (mut flag, mut quote, mut end) = (String::new(), None, rest.len());
        for (at, character) in rest.char_indices() {
            match character {
                ' ' | '\t' if quote.is_none() => {
                    end = at;
                    break;
                }
                // The builder removes an escape, and divides words within what is not ASCII.
                character
                    if character == '\\'
                        || character == escape
                        || !(' '..='~').contains(&character) =>
                {
                    return Err("a flag has an escape in it, or a character that is not plain");
                }
                '"' | '\'' if quote.is_none() => quote = Some(character),
                _ if quote == Some(character) => quote = None,
                _ => flag.push(character),
            }
        }
        if quote.is_some() {
            return Err("a flag has a quote that is not closed");
        }
        if matches!(flag.as_str(), "--from" | "--mount") {
            return Err("a flag has no value behind `=`");
        }
        rest = rest.get(end..).unwrap_or_default().trim_start();
        if flag == "--" {
            break;
        }
        flags.push(flag);
    }
    Ok((flags, rest))
}

/// A word of a line.
#[derive(Debug, Default)]
pub(super) struct Word<'a> {
    /// As it is written, with its quotes.
    pub(super) text: &'a str,
    /// An escape stands outside of quotes.
    escaped: bool,
    /// A quote of it is not closed.
    open: bool,
}

/// Words as the builder divides them: within quotes there is no end of a word, and within single ones no
/// escape.
pub(super) fn words(text: &str, escape: char) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let (mut start, mut quote, mut after, mut escaped) = (None, None, false, false);
    for (at, character) in text.char_indices() {
        if character.is_whitespace() && quote.is_none() && !after {
            if let Some(text) = start.take().and_then(|start| text.get(start..at)) {
                words.push(Word { text, escaped, open: false });
            }
            escaped = false;
            continue;
        }
        start = start.or(Some(at));
        if after {
            after = false;
        } else if character == escape && quote != Some('\'') {
            after = true;
            escaped |= quote.is_none();
        } else if quote == Some(character) {
            quote = None;
        } else if quote.is_none() && matches!(character, '"' | '\'') {
            quote = Some(character);
        }
    }
    if let Some(text) = start.and_then(|start| text.get(start..)) {
        words.push(Word { text, escaped, open: quote.is_some() });
    }
    words
}

/// The end of a here-document.
pub(super) struct End<'a> {
    pub(super) name: &'a str,
    /// Tabs before it do not count.
    pub(super) tabs: bool,
}

/// The here-documents that begin in an instruction that may have some, by what stands behind its flags.
pub(super) fn heredocs(text: &str) -> Result<Vec<End<'_>>, Why> {
    let mut ends = Vec::new();
    if !text.contains("<<") || is_texts(text) {
        return Ok(ends);
    }
    if !are_plain(text) {
        return Err("a `${` beside a here-document is not read by all builders alike");
    }
    // The builder takes a backslash for the escape here, whatever the directive says.
    let words = words(text, '\\');
    let open = words.last().is_some_and(|word| word.open);
    for (place, word) in words.iter().enumerate() {
        let bare: String;
        let mut text = word.text;
        if word.escaped {
            bare = text.chars().filter(|c| *c != '\\').collect();
            text = &bare;
        }
        let begun = text.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<");
        let Some(name) = begun else { continue };
        if name.is_empty() && place + 1 < words.len() {
            return Err("a blank stands behind `<<`, which not all builders read alike");
        }
        if name.contains('<') || name.is_empty() || name == "-" {
            continue;
        }
        let written = word.text.split_once("<<").map_or("", |(_, name)| name);
        let (written, tabs) = match written.strip_prefix('-') {
            Some(name) => (name, true),
            None => (written, false),
        };
        let quoted = |quote| written.strip_prefix(quote).and_then(|name| name.strip_suffix(quote));
        let name = quoted('"').or_else(|| quoted('\'')).unwrap_or(written);
        if open {
            return Err("a quote is not closed beside a here-document");
        }
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
        if word.escaped || name.is_empty() || !name.chars().all(is_plain) {
            return Err("the name of a here-document is no plain word");
        }
        ends.push(End { name, tabs });
    }
    Ok(ends)
}

/// Whether a text is a list of texts in JSON, which no shell divides.
fn is_texts(text: &str) -> bool {
    let list = || match json::parse(text) {
        Ok(Value::Array(list)) => list.iter().all(|value| value.as_str().is_some()),
        _ => false,
    };
    text.starts_with('[') && list()
}

/// Whether nothing is filled in within braces but a name, or a name with a plain text in its place.
fn are_plain(text: &str) -> bool {
    text.split("${").skip(1).all(|behind| {
        let Some((inner, _)) = behind.split_once('}') else { return false };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let name = inner.trim_start_matches(is_name);
        let default = name.strip_prefix(':').unwrap_or(name);
        let default = default.strip_prefix(['-', '+', '?']);
        let is_plain = |c: char| is_name(c) || "./:@,=+-".contains(c);
        name.len() < inner.len()
            && (name.is_empty() || default.is_some_and(|text| text.chars().all(is_plain)))
    })
}
