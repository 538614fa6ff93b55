//! Texts: plain, in quotes, and in blocks.

use std::borrow::Cow;

use super::class::{QUOTE, STOP, until};
use super::{Reader, Refused, is_blank};

impl<'a> Reader<'a> {
    /// Plain text, which may go on in lines that are indented further than `above`.
    pub(super) fn plain(&mut self, above: isize) -> Result<Cow<'a, str>, Refused> {
        let mut text = Cow::Borrowed(self.plain_piece(false)?);
        loop {
            self.white();
            if self.at_comment() {
                self.comment();
                return Ok(text);
            }
            if !self.at_line_end() {
                // `plain_piece` ends before `: `, too.
                return self.refuse("a mapping begins behind something in the same line");
            }
            let (at, line, line_start) = (self.at, self.line, self.line_start);
            let mut breaks = 0;
            while self.at_line_end() && self.peek().is_some() {
                self.line_end();
                breaks += 1;
                self.spaces();
                if self.column() > above {
                    self.white();
                }
            }
            let goes_on = self.column() > above
                && !self.at_document_end()
                && self.peek() != Some(b'#')
                && !self.at_line_end();
            if !goes_on {
                (self.at, self.line, self.line_start) = (at, line, line_start);
                return Ok(text);
            }
            fold(text.to_mut(), breaks);
            // A further line may begin with anything.
            let more = self.piece(false);
            text.to_mut().push_str(more);
        }
    }

    /// The text of one line, as far as it is plain.
    pub(super) fn plain_piece(&mut self, flow: bool) -> Result<&'a str, Refused> {
        let next = self.ahead(1);
        let fine = match self.peek() {
            Some(b'-' | b'?' | b':') => {
                let ends = |byte: u8| is_blank(byte) || (flow && is_bracket(byte));
                next.is_some_and(|byte| !ends(byte))
            }
            Some(
                b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\''
                | b'"' | b'%' | b'@' | b'`',
            )
            | None => false,
            Some(_) => true,
        };
        if !fine {
            return self.refuse("a value begins with a character that no plain text begins with");
        }
        Ok(self.piece(flow))
    }

    fn piece(&mut self, flow: bool) -> &'a str {
        let start = self.at;
        let mut at = until(self.bytes, start, STOP);
        while let Some(&byte) = self.bytes.get(at) {
            let next = || self.bytes.get(at + 1).copied();
            let ends = match byte {
                b'\n' => true,
                b'\r' => next() == Some(b'\n'),
                b':' => next().is_none_or(|next| is_blank(next) || (flow && is_bracket(next))),
                b'#' => {
                    self.at = at;
                    self.at_comment()
                }
                byte => flow && is_bracket(byte),
            };
            if ends {
                break;
            }
            at = until(self.bytes, at + 1, STOP);
        }
        self.at = at;
        self.within(start)
    }

    /// What is written from a place up to here, without blanks around it.
    fn within(&self, mut start: usize) -> &'a str {
        let mut end = self.at;
        let blank = |at: usize| matches!(self.bytes.get(at), Some(b' ' | b'\t'));
        while start < end && blank(start) {
            start += 1;
        }
        while start < end && blank(end - 1) {
            end -= 1;
        }
        self.slice(start, end)
    }

    /// A text in quotes, over several lines or in one.
    pub(super) fn quoted(&mut self, quote: u8) -> Result<Cow<'a, str>, Refused> {
        self.at += 1;
        let mut text = String::new();
        let first = self.at;
        let mut start = first;
        loop {
            let other = |byte: u8| match byte {
                b'\\' => quote == b'\'',
                byte => byte != quote && byte != b'\n',
            };
            self.skip(QUOTE);
            while self.peek().is_some_and(other) {
                self.at += 1;
                self.skip(QUOTE);
            }
            let Some(byte) = self.peek() else {
                return self.refuse("a quote is not closed");
            };
            let piece = self.slice(start, self.at);
            let closes = byte == quote && (quote == b'"' || self.ahead(1) != Some(quote));
            if start == first && closes {
                self.at += 1;
                return Ok(piece.into());
            }
            // What is escaped before the end of a line stays.
            let ends = byte == b'\n';
            text.push_str(if ends { piece.trim_end_matches([' ', '\t', '\r']) } else { piece });
            if ends {
                self.folded(&mut text)?;
            } else if byte == b'\\' {
                self.escape(&mut text)?;
            } else if quote == b'\'' && self.ahead(1) == Some(b'\'') {
                text.push('\'');
                self.at += 2;
            } else {
                self.at += 1;
                return Ok(text.into());
            }
            start = self.at;
        }
    }

    /// Over the end of a line within quotes.
    fn folded(&mut self, text: &mut String) -> Result<(), Refused> {
        let mut breaks = 0;
        while self.at_line_end() && self.peek().is_some() {
            self.line_end();
            breaks += 1;
            if self.at_mark(b'-') || self.at_mark(b'.') {
                return self.refuse("a document ends within quotes");
            }
            self.white();
        }
        fold(text, breaks);
        Ok(())
    }

    fn escape(&mut self, text: &mut String) -> Result<(), Refused> {
        let Some(byte) = self.ahead(1) else { return self.refuse("a quote is not closed") };
        self.at += 2;
        text.push(match byte {
            b'0' => '\0',
            b'a' => '\x07',
            b'b' => '\x08',
            b't' | b'\t' => '\t',
            b'n' => '\n',
            b'v' => '\x0b',
            b'f' => '\x0c',
            b'r' => '\r',
            b'e' => '\x1b',
            b'N' => '\u{85}',
            b'_' => '\u{a0}',
            b'L' => '\u{2028}',
            b'P' => '\u{2029}',
            b' ' | b'"' | b'/' | b'\\' => char::from(byte),
            b'x' => self.coded(2)?,
            b'u' => self.coded(4)?,
            b'U' => self.coded(8)?,
            b'\r' | b'\n' => {
                // The line goes on in the next, with nothing between.
                self.at -= 1;
                self.line_end();
                self.white();
                return Ok(());
            }
            _ => return self.refuse("an escape is none that is known"),
        });
        Ok(())
    }

    /// A character by its number; JSON has two halves of those beyond 16 bits.
    fn coded(&mut self, digits: usize) -> Result<char, Refused> {
        let mut code = self.number(digits)?;
        if (0xd800..0xdc00).contains(&code)
            && self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u"))
        {
            self.at += 2;
            let low = self.number(4)?;
            if (0xdc00..0xe000).contains(&low) {
                code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
            }
        }
        char::from_u32(code).map_or_else(|| self.refuse("an escape is no character"), Ok)
    }

    fn number(&mut self, digits: usize) -> Result<u32, Refused> {
        let mut code = 0_u32;
        for _ in 0..digits {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else { return self.refuse("an escape lacks digits") };
            code = code.wrapping_shl(4) | digit;
            self.at += 1;
        }
        Ok(code)
    }

    /// A text in a block of lines that are indented further than `above`, and where the first is.
    pub(super) fn block_scalar(&mut self, above: isize) -> Result<(usize, Cow<'a, str>), Refused> {
        let folds = self.peek() == Some(b'>');
        self.at += 1;
        let mut given = None;
        while let Some(byte) = self.peek() {
            match byte {
                b'+' | b'-' => {}
                b'1'..=b'9' if given.is_none() => given = Some(isize::from(byte as i8) - 48),
                _ => break,
            }
            self.at += 1;
        }
        if self.peek().is_some_and(|byte| !is_blank(byte)) {
            return self.refuse("something stands behind the beginning of a block of text");
        }
        self.rest_of_line()?;
        self.line_end();
        let mut indent = given.map(|given| above.max(0) + given);
        let mut text = String::new();
        let (mut first, mut breaks, mut begun) = (self.line, 0, false);
        while self.peek().is_some() {
            let (at, line_start) = (self.at, self.line_start);
            while self.peek() == Some(b' ') && indent.is_none_or(|indent| self.column() < indent) {
                self.at += 1;
            }
            if self.at_line_end() {
                self.line_end();
                breaks += 1;
                continue;
            }
            let column = self.column();
            let needed = *indent.get_or_insert(column);
            if column < needed || column <= above || (at == line_start && self.at_document_end()) {
                self.at = at;
                break;
            }
            if begun && folds {
                fold(&mut text, breaks + 1);
            } else if begun {
                (0..=breaks).for_each(|_| text.push('\n'));
            }
            if !begun {
                first = self.line;
            }
            (breaks, begun) = (0, true);
            let start = self.at;
            self.skip_line();
            text.push_str(self.slice(start, self.at));
            if self.peek().is_none() {
                break;
            }
            self.line_end();
        }
        Ok((first, text.into()))
    }
}

/// So many ends of lines within a text: one is a space, and of more each but the first counts.
fn fold(text: &mut String, breaks: usize) {
    match breaks {
        0 => {}
        1 => text.push(' '),
        more => (1..more).for_each(|_| text.push('\n')),
    }
}

fn is_bracket(byte: u8) -> bool {
    matches!(byte, b',' | b'[' | b']' | b'{' | b'}')
}
