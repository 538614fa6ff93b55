//! Text from strangers, made inert for Markdown.
//!
//! Words that can do nothing stand as they are; all others stand in code spans, in which neither
//! CommonMark nor GitHub looks for links, images, HTML, mentions or references to issues. Nothing here
//! begins a line: whoever uses it has written something of its own before.

/// A text that people read, in which most words are words.
pub(crate) fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    // What stands in backticks already is code; but only if each has its fellow.
    let paired = text.bytes().filter(|byte| *byte == b'`').count() % 2 == 0;
    if paired {
        for (number, part) in text.split('`').enumerate() {
            if number % 2 == 1 { put(&mut out, &code(part)) } else { words(&mut out, part) }
        }
    } else {
        words(&mut out, text);
    }
    out
}

/// A text that is a name, an identifier, or a line of something else.
pub(crate) fn code(text: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    // In a table a bar ends the cell, and how one in a code span is escaped differs.
    if text.contains('|') {
        return format!("<code>{}</code>", entities(text));
    }
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    // One space at both ends is taken off again; where there is one already, it would be that.
    let pads = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    let pad = if pads { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

fn words(out: &mut String, text: &str) {
    for (number, word) in text.split(' ').enumerate() {
        if number > 0 {
            out.push(' ');
        }
        let (before, core, after) = taken_apart(word);
        if core.is_empty() || is_word(core) {
            out.push_str(word);
        } else {
            out.push_str(before);
            put(out, &code(core));
            out.push_str(after);
        }
    }
}

/// Two code spans do not touch, or their fences would be one.
fn put(out: &mut String, code: &str) {
    if out.ends_with('`') && code.starts_with('`') {
        out.push(' ');
    }
    out.push_str(code);
}

/// What may stand before and behind a word: nothing that Markdown acts on at these places.
fn taken_apart(word: &str) -> (&str, &str, &str) {
    let core = word.trim_start_matches(['(', '"', '\'']);
    let before = word.len() - core.len();
    let end = core.trim_end_matches(['.', ',', ';', ':', '?', ')', '"', '\'']).len();
    (&word[..before], &core[..end], &core[end..])
}

/// Letters, joined by single dashes, slashes and apostrophes; or a few digits. Not what GitHub takes
/// for a commit.
fn is_word(core: &str) -> bool {
    const MAX_DIGITS: usize = 6;
    const MIN_COMMIT: usize = 7;
    if core.bytes().all(|byte| byte.is_ascii_digit()) {
        return core.len() <= MAX_DIGITS;
    }
    let commit = core.len() >= MIN_COMMIT && core.bytes().all(|byte| byte.is_ascii_hexdigit());
    let letters = |part: &str| !part.is_empty() && part.chars().all(char::is_alphabetic);
    !commit && core.split(['-', '/', '\'']).all(letters)
}

/// Every character that is no letter, digit or space as a reference, which never has a meaning of its
/// own.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    for c in text.chars() {
        if c.is_ascii_punctuation() {
            out += &format!("&#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// The beginning of a long text, with a word that it goes on.
pub(crate) fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((end, _)) => {
            let rest = text.get(end..).map_or(0, |rest| rest.chars().count());
            format!("{} … and {rest} more characters", text.get(..end).unwrap_or_default())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use pulldown_cmark::{Event, Options, Parser, Tag};

    use super::*;

    /// What a reader sees, if all of it is text and code.
    fn seen(markdown: &str) -> Result<String, String> {
        let mut seen = String::new();
        let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
        for event in Parser::new_ext(markdown, options) {
            match event {
                Event::Start(Tag::Paragraph | Tag::Table(_) | Tag::TableHead | Tag::TableRow)
                | Event::Start(Tag::TableCell)
                | Event::End(_) => {}
                Event::Text(text) | Event::Code(text) => seen += &text,
                Event::InlineHtml(html) if matches!(&*html, "<code>" | "</code>") => {}
                other => return Err(format!("{other:?} in {markdown}")),
            }
        }
        Ok(seen)
    }

    /// Without what a reader does not see, or sees in another way.
    fn bare(text: &str) -> String {
        text.replace(['`', ' '], "")
    }

    /// Bits of Markdown, HTML and what GitHub acts on, with words between.
    fn any_text() -> impl Strategy<Value = String> {
        let bit = prop_oneof![
            prop::sample::select(vec![
                "`",
                "``",
                "```",
                " ",
                "](",
                "[x](https://evil.example)",
                "![x](y)",
                "<img src=x>",
                "<!--",
                "-->",
                "|",
                "\\|",
                "\\",
                "*",
                "**",
                "_",
                "~~",
                "# ",
                "> ",
                "- ",
                "1. ",
                "@org",
                "#123",
                "GH-1",
                "https://evil.example",
                "www.evil.example",
                "a@b.example",
                "&lt;",
                "&#96;",
                "$x$",
                "$`x`$",
                "[^1]",
                ":+1:",
                "deadbeef",
                "word",
                "it's",
                "===",
                "---",
                "<script>",
                "</code>",
                "<details>",
                "[!NOTE]",
                "{#id}",
                "::",
                "\u{a0}",
                "\u{200b}",
                "==x==",
                "^x^",
                "[[wiki]]",
                "+++",
                "%%",
            ])
            .prop_map(str::to_owned),
            "[ -~]{0,4}",
        ];
        prop::collection::vec(bit, 0..12).prop_map(|bits| bits.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4096))]

        #[test]
        fn whatever_is_written_is_only_read(text in any_text()) {
            for inert in [prose(&text), code(&text)] {
                let in_paragraph = seen(&format!("x: {inert} y\n"));
                let table = format!("| a | b |\n| --- | --- |\n| x {inert} | y |\n");
                let in_table = seen(&table);
                prop_assert_eq!(in_paragraph.as_deref().map(bare), Ok(format!("x:{}y", bare(&text))));
                prop_assert_eq!(in_table.as_deref().map(bare), Ok(format!("abx{}y", bare(&text))));
            }
        }
    }

    #[test]
    fn words_are_words_and_the_rest_is_code() {
        assert_eq!(
            prose("`pkg:npm/x@1` has the license `GPL-3.0-only` (see README.md), and it's 1 of 2."),
            "`pkg:npm/x@1` has the license `GPL-3.0-only` (see `README.md`), and it's 1 of 2."
        );
        assert_eq!(prose("ask @everyone in #123, or GH-7"), "ask `@everyone` in `#123`, or `GH-7`");
        assert_eq!(prose("`a``b`"), "`a` `b`");
        assert_eq!(prose("one ` alone"), "one `` ` `` alone");
        assert_eq!(prose("a|b"), "<code>a&#124;b</code>");
        assert_eq!(cut("äöü", 2), "äö … and 1 more characters");
    }
}
