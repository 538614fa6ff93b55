//! Nothing that strangers wrote becomes anything but text in Markdown.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag};

/// What headings begin with: all of them are ours.
const HEADINGS: &[&str] = &[
    "✅ Lockgate: ",
    "❌ Lockgate: ",
    "❔ Lockgate: ",
    "Lockgate: ",
    "Why",
    "What to do",
    "Policies",
    "Findings",
    "Evidence",
    "Relaxations",
    "Policy ",
];

/// Looks at every event of a page.
pub(crate) fn check(page: &str) {
    assert!(page.len() < 1 << 20, "GitHub shows no summary of this size");
    let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
    let mut heading: Option<String> = None;
    // Cells of a row: a bar that is not escaped makes one more, and the rest of the row is dropped.
    for event in Parser::new_ext(page, options) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                assert!(matches!(level, HeadingLevel::H2 | HeadingLevel::H3), "{level:?}");
                heading = Some(String::new());
            }
            Event::End(pulldown_cmark::TagEnd::Heading(_)) => {
                let text = heading.take().unwrap();
                assert!(HEADINGS.iter().any(|ours| text.starts_with(ours)), "a heading `{text}`");
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some(heading) = &mut heading {
                    *heading += &text;
                }
            }
            Event::Start(
                Tag::Paragraph
                | Tag::List(_)
                | Tag::Item
                | Tag::Strong
                | Tag::Table(_)
                | Tag::TableHead
                | Tag::TableRow
                | Tag::TableCell,
            )
            | Event::End(_)
            | Event::SoftBreak => {}
            // Around a name that has a bar.
            Event::InlineHtml(html) if matches!(&*html, "<code>" | "</code>") => {}
            odd => panic!("{odd:?} came of what a stranger wrote"),
        }
    }
    // Bars make cells before any code span is looked at, so they are counted by themselves.
    let rows = page.lines().filter(|line| line.starts_with('|'));
    let mut bars: Option<usize> = None;
    let mut last = "";
    for row in rows {
        let count = row.matches('|').count();
        if row.starts_with("| | ") {
            bars = Some(count);
        }
        assert_eq!(Some(count), bars, "cells of {row} and of {last}");
        last = row;
    }
}

/// What GitHub acts on beyond CommonMark stands in code, where it does not.
pub(crate) fn no_mentions(page: &str) {
    let mut in_code = 0;
    for event in Parser::new_ext(page, Options::all() - Options::ENABLE_SMART_PUNCTUATION) {
        match event {
            Event::InlineHtml(html) => in_code += if &*html == "<code>" { 1 } else { -1 },
            Event::Text(text) if in_code == 0 => {
                for odd in ["@octocat", "#1", "GH-2", "evil.example", "deadbeef"] {
                    assert!(!text.contains(odd), "`{odd}` stands outside of code in {text}");
                }
            }
            _ => {}
        }
    }
}
