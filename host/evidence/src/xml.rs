//! Strict XML: elements of one namespace, one after the other.
//!
//! What two readers could read differently is refused: a document type (and with it every entity that
//! XML does not have by itself), another encoding than UTF-8, an attribute twice, characters that XML
//! does not allow, elements where only text may stand. Elements of foreign namespaces are passed over
//! with all that lies in them. Nothing is kept but the place, and depth and attributes are bounded.

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::reason::{quoted, shortened};

/// How deep elements may nest, as in JSON. Real documents stay under 20.
const MAX_DEPTH: usize = 100;

/// The most attributes of one element. Real ones have three.
const MAX_ATTRIBUTES: usize = 64;

/// What is wrong with a document, in words that read well after "not valid CycloneDX: ".
pub(crate) type Flaw = String;

/// A document, read from one element to the next.
pub(crate) struct Xml<'a> {
    reader: NsReader<&'a [u8]>,
    /// The namespace of the elements that are read.
    namespace: String,
    /// How many elements are open.
    depth: usize,
}

/// The beginning of an element. Whoever is handed one reads on to its end: its elements by
/// [`Xml::child`] until there is none, or its text by [`Xml::text`], or nothing by [`Xml::skip`].
pub(crate) struct Element<'a>(BytesStart<'a>);

impl<'a> Xml<'a> {
    /// Opens a document, and gives its root with the namespace that it is in.
    pub(crate) fn open(text: &'a str) -> Result<(Self, Element<'a>, String), Flaw> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        if let Some(odd) = text.chars().find(|&c| !is_allowed(c)) {
            return Err(format!(
                "it has the character U+{:04X}, which XML does not allow",
                u32::from(odd)
            ));
        }
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        reader.config_mut().check_comments = true;
        let mut xml = Self { reader, namespace: String::new(), depth: 0 };
        loop {
            match xml.event()? {
                Event::Decl(declaration) => check(&declaration)?,
                Event::Start(start) => {
                    let namespace = xml.namespace_of(&start)?.unwrap_or_default().to_owned();
                    xml.namespace.clone_from(&namespace);
                    return Ok((xml, Element(start), namespace));
                }
                Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Eof => return Err("it has no element".to_owned()),
                _ => return Err(xml.flaw("it has text before its first element")),
            }
        }
    }

    /// The next element inside the one that is read, if there is another.
    pub(crate) fn child(&mut self) -> Result<Option<Element<'a>>, Flaw> {
        loop {
            match self.event()? {
                Event::Start(start) => match self.namespace_of(&start)? {
                    Some(namespace) if namespace == self.namespace => {
                        return Ok(Some(Element(start)));
                    }
                    // What lies next to ours was perhaps meant for us, and is not passed over.
                    Some(namespace) if family(namespace) != family(&self.namespace) => {
                        self.skip()?;
                    }
                    other => {
                        let place = other.map_or("in no namespace".to_owned(), |other| {
                            format!("in the namespace {}", quoted(other))
                        });
                        let name = quoted(start.name().as_ref());
                        return Err(self.flaw(&format!(
                            "the element {name} is {place}, unlike those around it"
                        )));
                    }
                },
                Event::GeneralRef(reference) => {
                    self.resolve(&reference)?;
                }
                Event::End(_) => return Ok(None),
                Event::Eof => return Err("it ends too early".to_owned()),
                _ => {}
            }
        }
    }

    /// The text of the element that is read, without the space around it.
    pub(crate) fn text(&mut self) -> Result<Cow<'a, str>, Flaw> {
        let mut all: Cow<'a, str> = Cow::Borrowed("");
        let mut add = |part: Cow<'a, str>| {
            if all.is_empty() {
                all = part;
            } else {
                all.to_mut().push_str(&part);
            }
        };
        loop {
            match self.event()? {
                Event::Text(text) => add(text.into_inner()),
                Event::CData(text) => add(text.into_inner()),
                Event::GeneralRef(reference) => add(self.resolve(&reference)?),
                Event::Start(start) => {
                    let name = quoted(start.name().as_ref());
                    return Err(
                        self.flaw(&format!("the element {name} stands where only text may"))
                    );
                }
                Event::End(_) => return Ok(trimmed(all)),
                Event::Eof => return Err("it ends too early".to_owned()),
                _ => {}
            }
        }
    }

    /// Reads to the end of the element that is read.
    pub(crate) fn skip(&mut self) -> Result<(), Flaw> {
        self.states().map(|_| ())
    }

    /// Reads to the end of the element that is read, and says whether it states something: whether any
    /// text stands in it.
    pub(crate) fn states(&mut self) -> Result<bool, Flaw> {
        let end = self.depth.saturating_sub(1);
        let mut stated = false;
        while self.depth > end {
            match self.event()? {
                Event::Text(text) => stated |= !text.trim().is_empty(),
                Event::CData(text) => stated |= !text.trim().is_empty(),
                Event::GeneralRef(reference) => {
                    stated |= !self.resolve(&reference)?.trim().is_empty();
                }
                Event::Eof => return Err("it ends too early".to_owned()),
                _ => {}
            }
        }
        Ok(stated)
    }

    /// Reads what may stand behind the root.
    pub(crate) fn close(mut self) -> Result<(), Flaw> {
        loop {
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if text.trim().is_empty() => {}
                _ => return Err(self.flaw("there is more behind its last element")),
            }
        }
    }

    fn event(&mut self) -> Result<Event<'a>, Flaw> {
        let event = self.reader.read_event().map_err(|error| self.wrong(&error))?;
        match &event {
            Event::Start(start) => {
                if self.depth == MAX_DEPTH {
                    return Err(
                        self.flaw(&format!("its elements nest deeper than {MAX_DEPTH} levels"))
                    );
                }
                self.depth += 1;
                self.check_attributes(start)?;
            }
            Event::End(_) => {
                self.depth = self.depth.saturating_sub(1);
            }
            Event::DocType(_) => return Err(self.flaw("it has a document type, which is not read")),
            _ => {}
        }
        Ok(event)
    }

    /// Whether the attributes of an element are well-formed, with none twice.
    fn check_attributes(&self, start: &BytesStart) -> Result<(), Flaw> {
        for (count, attribute) in start.attributes().enumerate() {
            // Before it is compared with all that came before it.
            if count == MAX_ATTRIBUTES {
                return Err(
                    self.flaw(&format!("an element has more than {MAX_ATTRIBUTES} attributes"))
                );
            }
            attribute.map_err(|error| self.wrong(&error))?;
        }
        Ok(())
    }

    /// The namespace of an element; none where it is in none.
    fn namespace_of(&self, start: &BytesStart) -> Result<Option<&str>, Flaw> {
        match self.reader.resolver().resolve_element(start.name()).0 {
            ResolveResult::Bound(namespace) => Ok(Some(namespace.0)),
            ResolveResult::Unbound => Ok(None),
            ResolveResult::Unknown(prefix) => {
                Err(self.flaw(&format!("the prefix {} is bound to no namespace", quoted(&prefix))))
            }
        }
    }

    /// What a reference stands for: a character, or one of the five entities that XML has by itself.
    fn resolve(&self, reference: &BytesRef) -> Result<Cow<'static, str>, Flaw> {
        match reference.resolve_char_ref().map_err(|error| self.wrong(&error))? {
            Some(character) if is_allowed(character) => Ok(Cow::Owned(character.to_string())),
            Some(_) => Err(self.flaw("it refers to a character that XML does not allow")),
            None => match resolve_predefined_entity(reference) {
                Some(text) => Ok(Cow::Borrowed(text)),
                None => {
                    let name = quoted(reference);
                    Err(self
                        .flaw(&format!("it refers to {name}, which is no entity of XML itself")))
                }
            },
        }
    }

    /// An error of the reader, which may quote the document.
    fn wrong(&self, error: &dyn std::fmt::Display) -> Flaw {
        self.flaw(&shortened(&error.to_string()))
    }

    #[cold]
    fn flaw(&self, what: &str) -> Flaw {
        format!("{what} at byte {}", self.reader.buffer_position())
    }
}

impl<'a> Element<'a> {
    /// The name without its prefix.
    pub(crate) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// An attribute without a prefix, without the space around its value.
    pub(crate) fn attribute(&self, name: &str) -> Result<Option<Cow<'a, str>>, Flaw> {
        for attribute in self.0.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| shortened(&error.to_string()))?;
            if attribute.key.as_ref() == name {
                let value = attribute.normalized_value(XmlVersion::Explicit1_0);
                let value = value.map_err(|error| {
                    format!("the attribute {}: {}", quoted(name), shortened(&error.to_string()))
                })?;
                if !value.chars().all(is_allowed) {
                    return Err(format!(
                        "the attribute {} has a character that XML does not allow",
                        quoted(name)
                    ));
                }
                return Ok(Some(Cow::Owned(value.trim().to_owned())));
            }
        }
        Ok(None)
    }
}

/// A namespace without what stands behind its last slash, which tells versions apart.
fn family(namespace: &str) -> &str {
    namespace.rsplit_once('/').map_or(namespace, |(family, _)| family)
}

/// Whether XML 1.0 allows a character.
fn is_allowed(character: char) -> bool {
    match character {
        '\t' | '\n' | '\r' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        other => other >= ' ',
    }
}

/// Whether a declaration says what everybody reads anyway.
fn check(declaration: &BytesDecl) -> Result<(), Flaw> {
    let version = declaration.version().map_err(|error| shortened(&error.to_string()))?;
    if version != "1.0" {
        return Err(format!("it is XML {}, and only 1.0 is read", quoted(&version)));
    }
    match declaration.encoding().transpose() {
        Ok(None) => Ok(()),
        Ok(Some(encoding)) if encoding.eq_ignore_ascii_case("utf-8") => Ok(()),
        // Which agrees with UTF-8 as far as it goes; that there is no more was not checked.
        Ok(Some(encoding)) => Err(format!(
            "it says that its encoding is {}, and only UTF-8 is read",
            quoted(&encoding)
        )),
        Err(error) => Err(shortened(&error.to_string())),
    }
}

/// A text without the space around it, and with a space for each line break or tab inside.
fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    let text = match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
        Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
    };
    if text.contains(['\n', '\t', '\r']) {
        Cow::Owned(text.replace("\r\n", " ").replace(['\n', '\t', '\r'], " "))
    } else {
        text
    }
}
