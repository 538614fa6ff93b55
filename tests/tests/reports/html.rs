//! Every tag and every attribute of the page is one of ours.
//!
//! This is stricter than a browser: it takes no `<` that begins no tag of ours, and no attribute that
//! is not in double quotes. What a browser makes of it is looked at in `.ci/browser`.

use std::collections::BTreeSet;

/// Elements that the page has, and attributes that any of them may have.
const TAGS: &[&str] = &[
    "a",
    "article",
    "b",
    "body",
    "circle",
    "code",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "g",
    "h1",
    "h2",
    "h3",
    "head",
    "header",
    "html",
    "li",
    "main",
    "meta",
    "nav",
    "ol",
    "p",
    "path",
    "rect",
    "section",
    "small",
    "span",
    "strong",
    "style",
    "summary",
    "svg",
    "symbol",
    "table",
    "td",
    "text",
    "th",
    "title",
    "tr",
    "ul",
    "use",
];
const ATTRIBUTES: &[&str] = &[
    "aria-hidden",
    "aria-label",
    "aria-labelledby",
    "charset",
    "class",
    "content",
    "cx",
    "cy",
    "d",
    "height",
    "href",
    "http-equiv",
    "id",
    "lang",
    "name",
    "r",
    "role",
    "rx",
    "scope",
    "tabindex",
    "viewBox",
    "width",
    "x",
    "y",
];

/// Takes the page apart.
pub(crate) fn check(page: &str) {
    let head = page.strip_prefix("<!doctype html>\n").expect("a page begins with its type");
    assert_eq!(page.matches("<!").count(), 1, "no comment and no second type");
    let mut ids = BTreeSet::new();
    let mut targets = BTreeSet::new();
    let mut open: Vec<&str> = Vec::new();
    let mut rest = head;
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>') || open.last() == Some(&"style"), "{}", &rest[..at]);
        let end = at + rest[at..].find('>').expect("a tag ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "tags nest");
            continue;
        }
        let (tag, empty) = tag.strip_suffix('/').map_or((tag, false), |tag| (tag, true));
        let name = tag.split(' ').next().unwrap();
        assert!(TAGS.contains(&name), "<{name}> is no element of ours");
        for (key, value) in attributes(tag.strip_prefix(name).unwrap()) {
            assert!(ATTRIBUTES.contains(&key), "`{key}` is no attribute of ours");
            match key {
                "id" => assert!(ids.insert(value), "`{value}` is there twice"),
                "href" => {
                    targets.insert(value.strip_prefix('#').expect("links stay on the page"));
                }
                _ => {}
            }
        }
        if !empty && name != "meta" {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} are not closed");
    let lost: Vec<_> = targets.difference(&ids).collect();
    assert!(lost.is_empty(), "links lead nowhere: {lost:?}");
    let style = &page[page.find("<style>").unwrap()..page.find("</style>").unwrap()];
    assert!(!style.contains("url(") && !style.contains("@import"), "the style asks for nothing");
    assert!(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline'"));
}

fn attributes(mut text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    loop {
        text = text.trim_start();
        if text.is_empty() {
            return found;
        }
        let (key, rest) = text.split_once("=\"").expect("an attribute has a value in quotes");
        let (value, rest) = rest.split_once('"').expect("the quotes are closed");
        assert!(!value.contains('<'), "{value}");
        found.push((key, value));
        text = rest;
    }
}
