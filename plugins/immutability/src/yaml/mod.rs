//! YAML, as far as deployment files are written in it, and JSON with it.
//!
//! A reader of our own, for the ones that are to be had would make the policy twice as large. It is
//! strict: what it does not know, or what two readers understand in two ways, is refused with the
//! line where it stands, and a file that is refused fails the policy. Refused are explicit keys
//! (`? key`), collections as keys, a key that stands twice in a mapping, binary values, tabs that
//! indent, characters that break a line for some readers only, and nesting deeper than a person
//! writes. An alias leads to the node that it names and is never copied, so a document takes no more
//! memory than its text.

use std::borrow::Cow;
use std::cell::Cell;

mod block;
mod class;
mod flow;
mod scalar;

use self::class::{LINE, NO_BLANK, NO_SPACE, ODD, until};

/// How deep collections may lie in each other.
const MAX_DEPTH: usize = 64;

/// How many keys one mapping may have. Who looks for one looks at those before it.
const MAX_KEYS: usize = 2048;

/// In a mapping with so few keys each is compared with those before it; in a larger one they are
/// sorted.
const FEW_KEYS: usize = 12;

/// How many anchors one document may have: a person writes a handful.
const MAX_ANCHORS: usize = 1000;

/// How deep a mapping may be merged into another that is merged itself.
const MERGES: usize = 8;

/// The most keys that are looked at in what is merged. A mapping that is merged twice into each of
/// several takes twice as long with every step.
const MAX_MERGED: usize = 1 << 20;

/// The number of a node.
pub(crate) type Id = usize;

/// Documents of one file.
#[derive(Debug, Default)]
pub(crate) struct Yaml<'a> {
    nodes: Vec<Node<'a>>,
    /// What lists hold, one behind the other.
    entries: Vec<Id>,
    /// What mappings hold.
    pairs: Vec<(Id, Id)>,
    /// The node of each document.
    roots: Vec<Id>,
    /// How many keys were looked at in what is merged into mappings.
    merged: Cell<usize>,
}

#[derive(Debug)]
struct Node<'a> {
    line: usize,
    value: Value<'a>,
}

#[derive(Debug)]
enum Value<'a> {
    /// Without white space around it.
    Scalar(Cow<'a, str>),
    /// Where its entries begin, and end.
    List(usize, usize),
    /// Where its pairs begin, and end.
    Map(usize, usize),
}

/// What YAML 1.1 takes for the end of a line, and YAML 1.2 does not.
const BREAKS: &str = "a character breaks the line for some readers only";

/// Why a text is refused.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Refused {
    /// In which line, the first being 1.
    pub(crate) line: usize,
    /// A clause.
    pub(crate) why: &'static str,
}

impl<'a> Yaml<'a> {
    /// Reads all documents of a text, whose lines are counted from `first` on.
    pub(crate) fn read(text: &'a str, first: usize) -> Result<Self, Refused> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader {
            text,
            bytes: text.as_bytes(),
            at: 0,
            line: first,
            line_start: 0,
            depth: 0,
            anchors: Vec::new(),
            entries: Vec::new(),
            pairs: Vec::new(),
            yaml: Self::default(),
        };
        reader.characters()?;
        reader.line = first;
        reader.documents()?;
        Ok(reader.yaml)
    }

    /// How many nodes there are; each has a smaller number.
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// The node of each document.
    pub(crate) fn roots(&self) -> &[Id] {
        &self.roots
    }

    /// Every mapping, wherever it lies, each once, and what it holds.
    pub(crate) fn maps(&self) -> impl Iterator<Item = (Id, &[(Id, Id)])> {
        (0..self.nodes.len()).filter_map(|id| Some((id, self.pairs(id)?)))
    }

    /// In which line a node stands.
    pub(crate) fn line(&self, id: Id) -> usize {
        self.nodes.get(id).map_or(0, |node| node.line)
    }

    /// The text of a scalar, without white space around it.
    pub(crate) fn text(&self, id: Id) -> Option<&str> {
        match &self.nodes.get(id)?.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    /// What a mapping holds.
    pub(crate) fn pairs(&self, id: Id) -> Option<&[(Id, Id)]> {
        match &self.nodes.get(id)?.value {
            Value::Map(start, end) => self.pairs.get(*start..*end),
            _ => None,
        }
    }

    /// What a list holds.
    pub(crate) fn list(&self, id: Id) -> Option<&[Id]> {
        match &self.nodes.get(id)?.value {
            Value::List(start, end) => self.entries.get(*start..*end),
            _ => None,
        }
    }

    /// The value of a key in a mapping, or in what is merged into it (`<<`).
    pub(crate) fn get(&self, map: Id, key: &str) -> Option<Id> {
        self.find(map, key, MERGES)
    }

    /// The value of a key, as [`Yaml::get`] finds it, if it is a text, and the text.
    pub(crate) fn part(&self, map: Id, key: &str) -> Option<(Id, &str)> {
        let id = self.get(map, key)?;
        Some((id, self.text(id)?))
    }

    /// Whether so much is merged that not all of it was followed.
    pub(crate) fn is_endless(&self) -> bool {
        self.merged.get() > MAX_MERGED
    }

    fn find(&self, map: Id, key: &str, depth: usize) -> Option<Id> {
        let pairs = self.pairs(map)?;
        if depth < MERGES {
            self.merged.set(self.merged.get() + 1 + pairs.len());
        }
        if self.is_endless() {
            return None;
        }
        let named = |name: &str| {
            pairs.iter().find(|(id, _)| self.text(*id) == Some(name)).map(|(_, value)| *value)
        };
        if let Some(value) = named(key) {
            return Some(value);
        }
        let merged = named("<<").filter(|_| depth > 0)?;
        match self.list(merged) {
            Some(list) => list.iter().find_map(|map| self.find(*map, key, depth - 1)),
            None => self.find(merged, key, depth - 1),
        }
    }
}

/// A place in the text, and what was read so far.
struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    line: usize,
    /// Where that line begins.
    line_start: usize,
    depth: usize,
    /// Of this document; a later one of the same name counts.
    // INVARIANT: sorted by name, and each name once.
    anchors: Vec<(&'a [u8], Id)>,
    /// What was read of the lists that are not at their end, the inner behind the outer.
    entries: Vec<Id>,
    /// And of the mappings.
    pairs: Vec<(Id, Id)>,
    yaml: Yaml<'a>,
}

impl<'a> Reader<'a> {
    fn refuse<T>(&self, why: &'static str) -> Result<T, Refused> {
        Err(Refused { line: self.line, why })
    }

    /// What no deployment file has, and what readers disagree on.
    fn characters(&mut self) -> Result<(), Refused> {
        let mut at = until(self.bytes, 0, ODD);
        while let Some(&byte) = self.bytes.get(at) {
            let begins = |character: &str| {
                self.bytes.get(at..).is_some_and(|rest| rest.starts_with(character.as_bytes()))
            };
            match byte {
                b'\n' => self.line += 1,
                b'\t' => {}
                b'\r' if begins("\r\n") => {}
                b'\r' => return self.refuse("a carriage return stands without a line feed"),
                0xc2 if begins("\u{85}") => return self.refuse(BREAKS),
                0xe2 if begins("\u{2028}") || begins("\u{2029}") => return self.refuse(BREAKS),
                0xef if ["\u{feff}", "\u{fffe}", "\u{ffff}"].into_iter().any(begins) => {
                    return self.refuse("a byte-order mark stands within the text");
                }
                0..=0x7f => return self.refuse("a control character stands in the text"),
                0xc2 if matches!(self.bytes.get(at + 1), Some(0x80..0xa0)) => {
                    return self.refuse("a control character stands in the text");
                }
                _ => {}
            }
            at = until(self.bytes, at + 1, ODD);
        }
        Ok(())
    }

    /// What is written from one place to another, where ASCII stands.
    fn slice(&self, start: usize, end: usize) -> &'a str {
        let slice = self.text.get(start..end);
        debug_assert!(slice.is_some(), "a text is cut where ASCII stands");
        slice.unwrap_or_default()
    }

    /// To the end of the line.
    fn skip_line(&mut self) {
        self.skip(LINE);
        // The carriage return before it belongs to it.
        if self.peek().is_some()
            && self.at > self.line_start
            && self.bytes.get(self.at - 1) == Some(&b'\r')
        {
            self.at -= 1;
        }
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn ahead(&self, by: usize) -> Option<u8> {
        self.bytes.get(self.at + by).copied()
    }

    /// How far the place is from the beginning of its line.
    fn column(&self) -> isize {
        isize::try_from(self.at - self.line_start).unwrap_or(isize::MAX)
    }

    /// Whether the line ends here.
    fn at_line_end(&self) -> bool {
        match self.peek() {
            None | Some(b'\n') => true,
            Some(b'\r') => self.ahead(1) == Some(b'\n'),
            _ => false,
        }
    }

    /// Over the end of the line.
    fn line_end(&mut self) {
        if self.peek() == Some(b'\r') {
            self.at += 1;
        }
        if self.peek() == Some(b'\n') {
            self.at += 1;
            self.line += 1;
        }
        self.line_start = self.at;
    }

    /// To the next byte of a class.
    fn skip(&mut self, class: u8) {
        self.at = until(self.bytes, self.at, class);
    }

    fn spaces(&mut self) {
        self.skip(NO_SPACE);
    }

    fn white(&mut self) {
        self.skip(NO_BLANK);
    }

    /// Whether a comment begins here: behind white space or at the beginning of a line.
    fn at_comment(&self) -> bool {
        let before = || self.at.checked_sub(1).and_then(|at| self.bytes.get(at));
        self.peek() == Some(b'#')
            && (self.at == self.line_start || matches!(before(), None | Some(b' ' | b'\t' | b'\n')))
    }

    fn comment(&mut self) {
        if self.at_comment() {
            self.skip_line();
        }
    }

    /// Whether a mark of three stands at the beginning of this line, with nothing joined to it.
    fn at_mark(&self, mark: u8) -> bool {
        self.at == self.line_start
            && self.peek() == Some(mark)
            && self.ahead(1) == Some(mark)
            && self.ahead(2) == Some(mark)
            && self.ahead(3).is_none_or(is_blank)
    }

    fn at_document_end(&self) -> bool {
        self.peek().is_none() || self.at_mark(b'-') || self.at_mark(b'.')
    }

    /// Adds a node.
    fn node(&mut self, line: usize, value: Value<'a>) -> Id {
        self.yaml.nodes.push(Node { line, value });
        self.yaml.nodes.len() - 1
    }

    fn scalar(&mut self, line: usize, text: Cow<'a, str>) -> Id {
        let plain = |byte: Option<&u8>| byte.is_none_or(|byte| (b'!'..=b'~').contains(byte));
        let bytes = text.as_bytes();
        let text = match text {
            text if plain(bytes.first()) && plain(bytes.last()) => text,
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        };
        self.node(line, Value::Scalar(text))
    }

    fn empty(&mut self) -> Id {
        self.node(self.line, Value::Scalar(Cow::Borrowed("")))
    }

    /// Into a collection that lies in another.
    fn deeper(&mut self) -> Result<(), Refused> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return self.refuse("collections lie in each other deeper than 64 times");
        }
        Ok(())
    }

    /// A list: all entries from a place on.
    fn list_of(&mut self, line: usize, first: usize) -> Id {
        let start = self.yaml.entries.len();
        self.yaml.entries.extend_from_slice(self.entries.get(first..).unwrap_or_default());
        self.entries.truncate(first);
        self.node(line, Value::List(start, self.yaml.entries.len()))
    }

    /// A mapping: all pairs from a place on. Each key is a text, and stands once.
    fn map_of(&mut self, line: usize, first: usize) -> Result<Id, Refused> {
        let pairs = self.pairs.get(first..).unwrap_or_default();
        let text = |id: Id| self.yaml.text(id).unwrap_or_default();
        // INVARIANT: sorted by their texts.
        let mut sorted: Vec<Id> = Vec::new();
        for (place, (key, _)) in pairs.iter().enumerate() {
            let refuse = |why| Err(Refused { line: self.yaml.line(*key), why });
            let Some(key_text) = self.yaml.text(*key) else { return refuse("a key is no text") };
            if place >= MAX_KEYS {
                return refuse("a mapping has more than 2048 keys");
            }
            let is_twice = if pairs.len() <= FEW_KEYS {
                pairs.iter().take(place).any(|(other, _)| text(*other) == key_text)
            } else {
                let found = sorted.binary_search_by(|other| text(*other).cmp(key_text));
                if let Err(place) = found {
                    sorted.insert(place, *key);
                }
                found.is_ok()
            };
            if is_twice {
                return refuse(
                    "a key stands twice in one mapping, and readers take the one or the other",
                );
            }
        }
        let start = self.yaml.pairs.len();
        self.yaml.pairs.extend_from_slice(pairs);
        self.pairs.truncate(first);
        Ok(self.node(line, Value::Map(start, self.yaml.pairs.len())))
    }

    /// The name of an anchor or an alias, behind its mark. What else may stand in one is read in two
    /// ways: `&a:` is an anchor `a:`, or an anchor `a` of an empty key.
    fn name(&mut self) -> Result<&'a [u8], Refused> {
        self.at += 1;
        let start = self.at;
        let ends = |byte: u8| is_blank(byte) || matches!(byte, b',' | b'[' | b']' | b'{' | b'}');
        while self.peek().is_some_and(|byte| !ends(byte)) {
            self.at += 1;
        }
        let name = self.bytes.get(start..self.at).unwrap_or_default();
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if name.is_empty() || !name.iter().all(plain) {
            return self
                .refuse("the name of an anchor is not made of letters, digits, `-`, `_`, `.`");
        }
        Ok(name)
    }

    /// The node that an alias leads to.
    fn alias(&mut self) -> Result<Id, Refused> {
        let name = self.name()?;
        let found = self.anchors.binary_search_by(|(anchor, _)| (*anchor).cmp(name));
        match found.ok().and_then(|place| self.anchors.get(place)) {
            Some((_, id)) => Ok(*id),
            None => self.refuse("an alias has no anchor before it"),
        }
    }

    /// What stands before a node: an anchor, a tag, or both. Tags are passed over but for those that
    /// change what the text means.
    fn properties(&mut self) -> Result<Option<&'a [u8]>, Refused> {
        let mut anchor = None;
        loop {
            match self.peek() {
                Some(b'&') if anchor.is_none() => anchor = Some(self.name()?),
                Some(b'!') => {
                    let start = self.at;
                    while self.peek().is_some_and(|byte| !is_blank(byte) && byte != b',') {
                        self.at += 1;
                    }
                    if self.bytes.get(start..self.at).is_some_and(|tag| tag.ends_with(b"binary")) {
                        return self.refuse("a value is binary");
                    }
                }
                _ => return Ok(anchor),
            }
            if self.peek().is_some_and(|byte| !is_blank(byte)) {
                return self.refuse("no space stands behind an anchor or a tag");
            }
            self.white();
        }
    }

    fn anchored(&mut self, anchor: Option<&'a [u8]>, id: Id) -> Result<(), Refused> {
        let Some(name) = anchor else { return Ok(()) };
        match self.anchors.binary_search_by(|(anchor, _)| (*anchor).cmp(name)) {
            Ok(place) => self.anchors[place].1 = id,
            Err(_) if self.anchors.len() >= MAX_ANCHORS => {
                return self.refuse("a document has more than 1000 anchors");
            }
            Err(place) => self.anchors.insert(place, (name, id)),
        }
        Ok(())
    }
}

/// Whether nothing visible stands at a byte.
fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

#[cfg(test)]
mod tests;
