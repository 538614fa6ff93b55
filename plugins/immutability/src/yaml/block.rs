//! Documents, and collections that are told by how far their lines are indented.

use super::class::{STOP, until};
use super::{Id, Reader, Refused, is_blank};

impl<'a> Reader<'a> {
    /// All documents.
    pub(super) fn documents(&mut self) -> Result<(), Refused> {
        loop {
            self.blank_lines()?;
            let mut directives = false;
            while self.peek() == Some(b'%') && self.at == self.line_start {
                let rest = self.bytes.get(self.at..).unwrap_or_default();
                if !rest.starts_with(b"%YAML 1.") {
                    return self.refuse("a directive is none that is known here");
                }
                self.skip_line();
                self.blank_lines()?;
                directives = true;
            }
            let marked = self.at_mark(b'-');
            if marked {
                self.at += 3;
            } else if self.at_mark(b'.') {
                self.at += 3;
                self.rest_of_line()?;
                continue;
            } else if directives {
                return self.refuse("no document follows a directive");
            } else if self.peek().is_none() {
                return Ok(());
            }
            self.anchors.clear();
            // Behind `---` a mapping begins in a line of its own.
            let root = self.value(-1, !marked, false)?;
            self.yaml.roots.push(root);
            self.blank_lines()?;
            if !self.at_document_end() {
                return self.refuse("something stands behind the end of a document");
            }
        }
    }

    /// Over lines with nothing but comments, to the first visible byte of the next.
    pub(super) fn blank_lines(&mut self) -> Result<(), Refused> {
        loop {
            let begins = self.at == self.line_start;
            self.spaces();
            let indents = self.peek() == Some(b'\t');
            self.white();
            self.comment();
            if !self.at_line_end() {
                if begins && indents {
                    return self.refuse("a tab indents a line");
                }
                return Ok(());
            }
            if self.peek().is_none() {
                return Ok(());
            }
            self.line_end();
        }
    }

    /// Nothing visible follows in this line but a comment.
    pub(super) fn rest_of_line(&mut self) -> Result<(), Refused> {
        self.white();
        self.comment();
        if !self.at_line_end() {
            return self.refuse("something stands behind the end of a value");
        }
        Ok(())
    }

    /// A value: in this line, or in lines that are indented further than `above`. `map` says whether a
    /// mapping may begin in this line, and `level` whether a list may begin as far left as `above`.
    pub(super) fn value(&mut self, above: isize, map: bool, level: bool) -> Result<Id, Refused> {
        self.deeper()?;
        let id = self.value_within(above, map, level);
        self.depth -= 1;
        id
    }

    fn value_within(&mut self, above: isize, map: bool, level: bool) -> Result<Id, Refused> {
        self.white();
        self.comment();
        let mut anchor = None;
        let mut list = map;
        let mut is_key = map && self.at_key();
        if !is_key && matches!(self.peek(), Some(b'&' | b'!')) {
            anchor = self.properties()?;
            self.comment();
        }
        if self.at_line_end() {
            let line = self.line;
            self.blank_lines()?;
            let column = self.column();
            let is_list = self.at_entry();
            let belongs = column > above || (level && is_list && column == above);
            if !belongs || self.at_document_end() {
                let id = self.scalar(line, "".into());
                if anchor.is_some() {
                    self.anchored(anchor, id)?;
                }
                return Ok(id);
            }
            list = true;
            is_key = self.at_key();
            if !is_key && matches!(self.peek(), Some(b'&' | b'!')) {
                let second = self.properties()?;
                if anchor.is_some() && second.is_some() {
                    return self.refuse("a value has two anchors");
                }
                anchor = anchor.or(second);
                if self.at_line_end() {
                    return self.refuse("an anchor stands in a line of its own below another");
                }
                list = false;
            }
        }
        let id = self.content(above, is_key, list)?;
        if anchor.is_some() {
            self.anchored(anchor, id)?;
        }
        Ok(id)
    }

    /// What stands here: where it is a key, a mapping.
    fn content(&mut self, above: isize, is_key: bool, list: bool) -> Result<Id, Refused> {
        let line = self.line;
        if self.at_entry() {
            if !list {
                return self.refuse("a list begins behind something in the same line");
            }
            return self.list(self.column());
        }
        if self.peek() == Some(b'?') && self.ahead(1).is_none_or(is_blank) {
            return self.refuse("a key is explicit (`? `), which is not read here");
        }
        if is_key {
            return self.map(self.column());
        }
        let id = match self.peek() {
            Some(b'|' | b'>') => {
                let (line, text) = self.block_scalar(above)?;
                return Ok(self.scalar(line, text));
            }
            Some(b'[' | b'{') => self.flow()?,
            Some(b'*') => self.alias()?,
            Some(quote @ (b'"' | b'\'')) => {
                let text = self.quoted(quote)?;
                self.scalar(line, text)
            }
            _ => {
                let text = self.plain(above)?;
                return Ok(self.scalar(line, text));
            }
        };
        self.rest_of_line()?;
        Ok(id)
    }

    /// Whether an entry of a list begins here.
    fn at_entry(&self) -> bool {
        self.peek() == Some(b'-') && self.ahead(1).is_none_or(is_blank) && !self.at_mark(b'-')
    }

    /// A list whose entries stand in this column.
    fn list(&mut self, column: isize) -> Result<Id, Refused> {
        let (line, first) = (self.line, self.entries.len());
        loop {
            self.at += 1;
            if self.peek() == Some(b'\t') {
                return self.refuse("a tab stands behind `-`");
            }
            let entry = self.value(column, true, false)?;
            self.entries.push(entry);
            self.blank_lines()?;
            if self.at_document_end() || self.column() < column {
                break;
            }
            if self.column() > column {
                return self.refuse("a line is indented further than what it belongs to");
            }
            if !self.at_entry() {
                break;
            }
        }
        Ok(self.list_of(line, first))
    }

    /// A mapping whose keys stand in this column.
    fn map(&mut self, column: isize) -> Result<Id, Refused> {
        let (line, first) = (self.line, self.pairs.len());
        loop {
            let key = self.key()?;
            self.white();
            // `at_key` has seen it.
            self.at += 1;
            let value = self.value(column, false, true)?;
            self.pairs.push((key, value));
            self.blank_lines()?;
            if self.at_document_end() || self.column() < column {
                break;
            }
            if self.column() > column {
                return self.refuse("a line is indented further than what it belongs to");
            }
            if !self.at_key() {
                return self.refuse("a line in a mapping has no `key:` (`? key` is not read here)");
            }
        }
        self.map_of(line, first)
    }

    fn key(&mut self) -> Result<Id, Refused> {
        let line = self.line;
        let anchor = match self.peek() {
            Some(b'&' | b'!') => self.properties()?,
            _ => None,
        };
        let id = match self.peek() {
            Some(b'*') => self.alias()?,
            Some(quote @ (b'"' | b'\'')) => {
                let text = self.quoted(quote)?;
                self.scalar(line, text)
            }
            _ => {
                let text = self.plain_piece(false)?;
                self.scalar(line, text.into())
            }
        };
        if anchor.is_some() {
            self.anchored(anchor, id)?;
        }
        Ok(id)
    }

    /// Whether a key and `:` stand here, in this line. Moves nothing.
    fn at_key(&self) -> bool {
        let mut at = self.at;
        let byte = |at: usize| self.bytes.get(at).copied();
        let blank = |at: usize| byte(at).is_none_or(is_blank);
        let skip_white = |mut at: usize| {
            while matches!(byte(at), Some(b' ' | b'\t')) {
                at += 1;
            }
            at
        };
        while matches!(byte(at), Some(b'&' | b'!')) {
            while !blank(at) {
                at += 1;
            }
            at = skip_white(at);
        }
        match byte(at) {
            Some(quote @ (b'"' | b'\'')) => {
                at += 1;
                loop {
                    match byte(at) {
                        None | Some(b'\n') => return false,
                        Some(b'\\') if quote == b'"' => at += 2,
                        Some(b'\'') if quote == b'\'' && byte(at + 1) == Some(b'\'') => at += 2,
                        Some(found) if found == quote => break,
                        Some(_) => at += 1,
                    }
                }
                at = skip_white(at + 1);
                byte(at) == Some(b':') && blank(at + 1)
            }
            Some(b'*') => {
                while !blank(at) {
                    at += 1;
                }
                at = skip_white(at);
                byte(at) == Some(b':') && blank(at + 1)
            }
            Some(b'[' | b']' | b'{' | b'}' | b',' | b'#' | b'|' | b'>' | b'@' | b'`' | b'%')
            | None => false,
            Some(_) => {
                at = until(self.bytes, at, STOP);
                while let Some(found) = byte(at) {
                    match found {
                        b'\n' => return false,
                        b':' if blank(at + 1) => return true,
                        b' ' | b'\t' if byte(at + 1) == Some(b'#') => return false,
                        _ => {}
                    }
                    at = until(self.bytes, at + 1, STOP);
                }
                false
            }
        }
    }
}
