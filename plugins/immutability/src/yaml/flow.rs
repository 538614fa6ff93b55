//! Collections in brackets, and so all of JSON.

use std::borrow::Cow;

use super::{Id, Reader, Refused};

impl<'a> Reader<'a> {
    /// A list or a mapping in brackets.
    pub(super) fn flow(&mut self) -> Result<Id, Refused> {
        self.deeper()?;
        let id = if self.peek() == Some(b'[') { self.flow_list() } else { self.flow_map() };
        self.depth -= 1;
        id
    }

    /// Over white space, comments and ends of lines.
    fn between(&mut self) -> Result<(), Refused> {
        loop {
            self.white();
            self.comment();
            if !self.at_line_end() {
                break;
            }
            if self.peek().is_none() {
                return self.refuse("a bracket is not closed");
            }
            self.line_end();
            if self.at_mark(b'-') || self.at_mark(b'.') {
                return self.refuse("a document ends within brackets");
            }
        }
        Ok(())
    }

    /// Behind an element: whether another may follow.
    fn goes_on(&mut self, close: u8) -> Result<bool, Refused> {
        self.between()?;
        match self.peek() {
            Some(b',') => {
                self.at += 1;
                self.between()?;
                if self.peek() == Some(b',') {
                    return self.refuse("nothing stands between two commas");
                }
                Ok(true)
            }
            Some(byte) if byte == close => Ok(true),
            _ => self.refuse("neither `,` nor a closing bracket stands behind a value"),
        }
    }

    fn flow_list(&mut self) -> Result<Id, Refused> {
        let (line, first) = (self.line, self.entries.len());
        self.at += 1;
        self.between()?;
        while self.peek() != Some(b']') {
            let (mut entry, quoted) = self.flow_value()?;
            self.between()?;
            if self.at_colon(quoted) {
                // One pair without braces.
                let place = self.pairs.len();
                let value = self.flow_pair_value()?;
                self.pairs.push((entry, value));
                entry = self.map_of(line, place)?;
            }
            self.entries.push(entry);
            self.goes_on(b']')?;
        }
        self.at += 1;
        Ok(self.list_of(line, first))
    }

    fn flow_map(&mut self) -> Result<Id, Refused> {
        let (line, first) = (self.line, self.pairs.len());
        self.at += 1;
        self.between()?;
        while self.peek() != Some(b'}') {
            if matches!(self.peek(), Some(b'[' | b'{')) {
                return self
                    .refuse("a collection is a key, as in a template that is not filled in");
            }
            let (key, quoted) = self.flow_value()?;
            self.between()?;
            let value = if self.at_colon(quoted) { self.flow_pair_value()? } else { self.empty() };
            self.pairs.push((key, value));
            self.goes_on(b'}')?;
        }
        self.at += 1;
        self.map_of(line, first)
    }

    /// Whether `:` stands here and divides: behind what is quoted always, else where a space follows.
    fn at_colon(&self, quoted: bool) -> bool {
        let divides =
            |byte: u8| super::is_blank(byte) || matches!(byte, b',' | b'[' | b']' | b'{' | b'}');
        self.peek() == Some(b':') && (quoted || self.ahead(1).is_none_or(divides))
    }

    fn flow_pair_value(&mut self) -> Result<Id, Refused> {
        self.at += 1;
        self.between()?;
        if matches!(self.peek(), Some(b',' | b'}' | b']')) {
            return Ok(self.empty());
        }
        Ok(self.flow_value()?.0)
    }

    /// A value within brackets, and whether it is quoted.
    fn flow_value(&mut self) -> Result<(Id, bool), Refused> {
        let anchor = self.properties()?;
        self.between()?;
        let line = self.line;
        let mut is_quoted = false;
        let id = match self.peek() {
            Some(b'[' | b'{') => self.flow()?,
            Some(b'*') => self.alias()?,
            Some(quote @ (b'"' | b'\'')) => {
                is_quoted = true;
                let text = self.quoted(quote)?;
                self.scalar(line, text)
            }
            Some(b',' | b']' | b'}') if anchor.is_some() => self.empty(),
            _ => {
                let text = self.flow_plain()?;
                self.scalar(line, text)
            }
        };
        if anchor.is_some() {
            self.anchored(anchor, id)?;
        }
        Ok((id, is_quoted))
    }

    /// Plain text within brackets, which may go on in the next line.
    fn flow_plain(&mut self) -> Result<Cow<'a, str>, Refused> {
        let mut text = Cow::Borrowed(self.plain_piece(true)?);
        loop {
            self.white();
            if !self.at_line_end() || self.peek().is_none() {
                return Ok(text);
            }
            self.between()?;
            let ends = matches!(self.peek(), Some(b',' | b']' | b'}' | b'[' | b'{' | b'#'));
            if ends || self.at_colon(false) {
                return Ok(text);
            }
            let more = self.plain_piece(true)?;
            text.to_mut().push(' ');
            text.to_mut().push_str(more);
        }
    }
}
