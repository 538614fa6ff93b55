//! Where the members of a document's objects stand, noted as the scan comes by them.
//!
//! A payload is megabytes, and what tells what it is are a few strings near its root. Whoever has the
//! outline need not skip over all the rest once more for each of them.

use std::borrow::Cow;
use std::ops::Range;

/// How deep members are noted, counted from the root. The deepest that anyone asks for stands four
/// levels down in a statement: `predicate.runDetails.builder.id`.
pub(crate) const DEPTH: usize = 4;

/// What stands in the place of a member where the root is meant.
const ROOT: usize = usize::MAX;

/// A document that is strict JSON, and the members of its root, of the objects in that, and so on.
/// What lies in arrays is not noted.
pub(crate) struct Outline<'a> {
    text: &'a str,
    // INVARIANT: in the order of the text, so a member stands before what is in it.
    members: Vec<Member<'a>>,
}

struct Member<'a> {
    /// The member whose value it stands in.
    within: usize,
    name: Cow<'a, str>,
    /// Where its value begins and ends.
    value: (usize, usize),
    /// Whether the value is a string with escapes.
    escaped: bool,
}

/// An object that is noted while it is open: the member whose value it is, and the last of its own.
#[derive(Clone, Copy)]
pub(super) struct Frame {
    within: usize,
    latest: usize,
}

impl Frame {
    pub(super) const ROOT: Self = Self { within: ROOT, latest: ROOT };

    /// Of an object that is the value of the last member of this one.
    pub(super) fn inner(self) -> Self {
        Self { within: self.latest, latest: ROOT }
    }
}

impl<'a> Outline<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, members: Vec::new() }
    }

    /// Notes a member whose value begins there.
    pub(super) fn begin(&mut self, frame: &mut Frame, name: Cow<'a, str>, start: usize) {
        frame.latest = self.members.len();
        let value = (start, start);
        self.members.push(Member { within: frame.within, name, value, escaped: false });
    }

    /// Notes that the value of an object's last member is a string with escapes.
    pub(super) fn escaped(&mut self, frame: Frame) {
        if let Some(member) = self.members.get_mut(frame.latest) {
            member.escaped = true;
        }
    }

    /// Notes where the value of an object's last member ends.
    pub(super) fn end(&mut self, frame: Frame, end: usize) {
        if let Some(member) = self.members.get_mut(frame.latest) {
            member.value.1 = end;
        }
    }

    /// All of the document.
    pub(crate) fn text(&self) -> &'a str {
        self.text
    }

    /// The value at the root.
    pub(crate) fn root(&self) -> Node<'_, 'a> {
        Node { outline: self, place: ROOT }
    }
}

/// A value in an outline.
#[derive(Clone, Copy)]
pub(crate) struct Node<'o, 'a> {
    outline: &'o Outline<'a>,
    place: usize,
}

impl<'o, 'a> Node<'o, 'a> {
    fn member(&self) -> Option<&'o Member<'a>> {
        self.outline.members.get(self.place)
    }

    /// The value's text.
    pub(crate) fn get(&self) -> &'a str {
        match self.member() {
            Some(Member { value: (start, end), .. }) => &self.outline.text[*start..*end],
            None => self.outline.text.trim_ascii(),
        }
    }

    /// Where it stands in the text.
    pub(crate) fn place(&self) -> Range<usize> {
        self.member().map_or(0..self.outline.text.len(), |member| member.value.0..member.value.1)
    }

    pub(crate) fn is_object(&self) -> bool {
        self.get().starts_with('{')
    }

    /// Whether it has no members, as far as the outline reaches.
    pub(crate) fn is_empty(&self) -> bool {
        self.inside().next().is_none()
    }

    /// The members that are in it, at any depth.
    fn inside(&self) -> impl Iterator<Item = (usize, &'o Member<'a>)> {
        let (first, end) = match self.member() {
            Some(member) => (self.place + 1, member.value.1),
            None => (0, usize::MAX),
        };
        let members = self.outline.members.iter().enumerate().skip(first);
        members.take_while(move |(_, member)| member.value.0 < end)
    }

    /// A member of an object, unless it is null; none where it is no object. Only as deep as the
    /// outline reaches.
    pub(crate) fn at(&self, name: &str) -> Option<Self> {
        let is_meant = |member: &Member| member.within == self.place && member.name == name;
        let (place, _) = self.inside().find(|(_, member)| is_meant(member))?;
        let node = Self { outline: self.outline, place };
        Some(node).filter(|node| node.get() != "null")
    }

    /// The text of a string; none for any other value.
    pub(crate) fn words(&self) -> Option<Cow<'a, str>> {
        let text = self.get();
        let inner = text.strip_prefix('"')?.strip_suffix('"')?;
        match self.member() {
            Some(Member { escaped: false, .. }) => Some(Cow::Borrowed(inner)),
            _ => serde_json::from_str(text).ok().map(Cow::Owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::json::outline;

    #[test]
    fn an_outline_leads_to_what_is_near_the_root() {
        let text = br#" {"a": {"b" :{"c":{"d":{"e":1}}}} ,"f":["g",{"h":1}],"\u0069":"j\n","k":null,"l":{}} "#;
        let outline = outline(text).unwrap();
        let root = outline.root();
        let d = root.at("a").unwrap().at("b").unwrap().at("c").unwrap().at("d").unwrap();
        assert_eq!(d.get(), r#"{"e":1}"#);
        assert!(d.at("e").is_none(), "that is too deep");
        let f = root.at("f").unwrap();
        assert_eq!(f.get(), r#"["g",{"h":1}]"#);
        assert!(f.at("h").is_none() && root.at("h").is_none(), "what is in a list is not noted");
        assert!(root.at("b").is_none(), "a member is sought in its own object");
        assert_eq!(root.at("i").unwrap().words().as_deref(), Some("j\n"));
        assert_eq!(&text[root.at("i").unwrap().place()], br#""j\n""#);
        assert!(root.at("k").is_none(), "null is nothing");
        assert!(root.at("l").unwrap().is_empty() && root.at("l").unwrap().words().is_none());
    }

    #[test]
    fn what_is_no_object_has_no_members() {
        for (text, words) in [("\"a\"", Some("a")), ("[1]", None), (" {} ", None), ("1", None)] {
            let outline = outline(text.as_bytes()).unwrap();
            assert!(outline.root().is_empty());
            assert_eq!(outline.root().get(), text.trim());
            assert_eq!(outline.root().words().as_deref(), words);
        }
    }
}
