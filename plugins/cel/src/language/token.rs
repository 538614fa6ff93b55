//! From text to tokens.

use std::fmt;

use super::Flaw;

/// The longest expression, in bytes: some fifty lines. What is longer is a plugin.
pub(crate) const MAX_BYTES: usize = 4096;

/// One word of an expression.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token {
    Int(i64),
    /// 2^63, which is an integer only behind a minus.
    MinusOnly,
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
    Ident(String),
    /// An operator, a bracket or a comma.
    Sign(&'static str),
    End,
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(_) | Self::MinusOnly | Self::Uint(_) | Self::Double(_) => {
                f.write_str("a number")
            }
            Self::Text(_) => f.write_str("a string"),
            Self::Bytes(_) => f.write_str("bytes"),
            Self::Ident(name) => write!(f, "`{name}`"),
            Self::Sign(sign) => write!(f, "`{sign}`"),
            Self::End => f.write_str("the end"),
        }
    }
}

/// Longer ones first, so that `<=` is not `<` and `=`.
const SIGNS: [&str; 26] = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "!", "?", ":", ".", ",",
    "(", ")", "[", "]", "{", "}", "=", "&",
];

/// All tokens with where they begin, in bytes; the last one is [`Token::End`].
pub(crate) fn tokens(text: &str) -> Result<Vec<(Token, u32)>, Flaw> {
    if text.len() > MAX_BYTES {
        let why = format!("it has {} bytes, and {MAX_BYTES} are the most", text.len());
        return Err(Flaw::at(0, why));
    }
    let mut reader = Reader { text, place: 0 };
    let mut tokens = Vec::new();
    loop {
        reader.blank();
        let at = reader.at();
        let token = reader.token().map_err(|why| Flaw::at(at, why))?;
        let ended = token == Token::End;
        tokens.push((token, at));
        if ended {
            return Ok(tokens);
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    place: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.place..).unwrap_or_default()
    }

    fn at(&self) -> u32 {
        u32::try_from(self.place).unwrap_or(u32::MAX)
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let next = self.peek()?;
        self.place += next.len_utf8();
        Some(next)
    }

    fn takes(&mut self, prefix: &str) -> bool {
        let there = self.rest().starts_with(prefix);
        if there {
            self.place += prefix.len();
        }
        there
    }

    /// Takes characters while they are wanted.
    fn run(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let rest = self.rest();
        let end = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.place += end;
        &rest[..end]
    }

    /// Passes over white space and comments.
    fn blank(&mut self) {
        loop {
            let before = self.place;
            self.run(|c| matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c'));
            if self.rest().starts_with("//") {
                self.run(|c| c != '\n');
            }
            if self.place == before {
                return;
            }
        }
    }

    fn token(&mut self) -> Result<Token, String> {
        let Some(first) = self.peek() else { return Ok(Token::End) };
        let digit_follows = self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit());
        if first.is_ascii_digit() || first == '.' && digit_follows {
            return self.number();
        }
        if let Some((raw, bytes, skip)) = quoted(self.rest()) {
            self.place += skip;
            return self.string(raw, bytes);
        }
        if first.is_ascii_alphabetic() || first == '_' {
            let name = self.run(|c| c.is_ascii_alphanumeric() || c == '_');
            return Ok(Token::Ident(name.to_owned()));
        }
        match SIGNS.into_iter().find(|sign| self.takes(sign)) {
            Some("=") => Err("`=` means nothing; `==` compares".into()),
            Some("&") => Err("`&` means nothing; `&&` is and".into()),
            Some(sign) => Ok(Token::Sign(sign)),
            None if first == '|' => Err("`|` means nothing; `||` is or".into()),
            None => Err(format!("`{}` means nothing here", first.escape_debug())),
        }
    }

    fn number(&mut self) -> Result<Token, String> {
        let rest = self.rest();
        let too_large = || "the number does not fit into 64 bits".to_owned();
        if rest.starts_with("0x") || rest.starts_with("0X") {
            self.place += 2;
            let digits = self.run(|c| c.is_ascii_hexdigit());
            let value = u64::from_str_radix(digits, 16).map_err(|_| too_large())?;
            return self.whole(value);
        }
        let start = self.place;
        self.run(|c| c.is_ascii_digit());
        let mut double = false;
        let fraction = self.rest().strip_prefix('.').and_then(|rest| rest.chars().next());
        if fraction.is_some_and(|c| c.is_ascii_digit()) {
            double = true;
            self.place += 1;
            self.run(|c| c.is_ascii_digit());
        }
        if matches!(self.peek(), Some('e' | 'E')) {
            double = true;
            self.place += 1;
            if matches!(self.peek(), Some('+' | '-')) {
                self.place += 1;
            }
            if self.run(|c| c.is_ascii_digit()).is_empty() {
                return Err("an exponent has digits".into());
            }
        }
        let digits = &self.text[start..self.place];
        if double {
            self.ends_here()?;
            let value: f64 = digits.parse().map_err(|_| format!("`{digits}` is no number"))?;
            return if value.is_finite() { Ok(Token::Double(value)) } else { Err(too_large()) };
        }
        let value = digits.parse().map_err(|_| too_large())?;
        self.whole(value)
    }

    fn whole(&mut self, value: u64) -> Result<Token, String> {
        let token = if self.takes("u") || self.takes("U") {
            Token::Uint(value)
        } else if value == 1 << 63 {
            Token::MinusOnly
        } else {
            let fits = i64::try_from(value);
            Token::Int(fits.map_err(|_| "the number does not fit into an int".to_owned())?)
        };
        self.ends_here()?;
        Ok(token)
    }

    fn ends_here(&self) -> Result<(), String> {
        match self.peek() {
            Some(c) if c.is_alphanumeric() || c == '_' => {
                Err(format!("`{c}` stands behind a number"))
            }
            _ => Ok(()),
        }
    }

    /// What stands between quotes, of one character or of three.
    fn string(&mut self, raw: bool, bytes: bool) -> Result<Token, String> {
        let quote = if self.takes("\"\"\"") {
            "\"\"\""
        } else if self.takes("'''") {
            "'''"
        } else if self.takes("\"") {
            "\""
        } else {
            self.place += 1;
            "'"
        };
        let mut value = Vec::new();
        loop {
            if self.takes(quote) {
                break;
            }
            match self.next() {
                None => return Err(format!("the string is not closed: {quote} is missing")),
                Some('\n' | '\r') if quote.len() == 1 => {
                    return Err("the string is not closed in its line".into());
                }
                Some('\\') if !raw => self.escape(bytes, &mut value)?,
                Some(c) => value.extend(c.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        if bytes {
            return Ok(Token::Bytes(value));
        }
        String::from_utf8(value).map(Token::Text).map_err(|_| "the string is no text".into())
    }

    fn escape(&mut self, bytes: bool, value: &mut Vec<u8>) -> Result<(), String> {
        let kind = self.next().ok_or("the string is not closed")?;
        let plain = match kind {
            'a' => 7,
            'b' => 8,
            'f' => 12,
            'n' => b'\n',
            'r' => b'\r',
            't' => b'\t',
            'v' => 11,
            '\\' | '?' | '"' | '\'' | '`' => u8::try_from(kind).unwrap_or(b'?'),
            'x' | 'X' => return self.code(2, 16, bytes, value),
            'u' if !bytes => return self.code(4, 16, bytes, value),
            'U' if !bytes => return self.code(8, 16, bytes, value),
            '0'..='3' => {
                self.place -= 1;
                return self.code(3, 8, bytes, value);
            }
            other => {
                return Err(format!(
                    "`\\{}` is no escape; a backslash is `\\\\`, or the string is raw: r\"…\"",
                    other.escape_debug()
                ));
            }
        };
        value.push(plain);
        Ok(())
    }

    /// A character, or in bytes a byte, by its number.
    fn code(
        &mut self,
        digits: usize,
        radix: u32,
        bytes: bool,
        value: &mut Vec<u8>,
    ) -> Result<(), String> {
        let text = self.rest().get(..digits).filter(|text| text.chars().all(|c| c.is_digit(radix)));
        let text = text.ok_or_else(|| format!("the escape has {digits} digits"))?;
        self.place += digits;
        let code = u32::from_str_radix(text, radix).map_err(|_| "the escape is no number")?;
        if bytes {
            value.push(u8::try_from(code).map_err(|_| "the escape is no byte")?);
            return Ok(());
        }
        let c = char::from_u32(code).ok_or("the escape is no character")?;
        value.extend(c.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }
}

/// Whether a string begins here: whether it is raw, whether it is bytes, and how long its prefix is.
fn quoted(rest: &str) -> Option<(bool, bool, usize)> {
    let skip = rest.find(['"', '\'']).filter(|&skip| skip <= 2)?;
    match rest[..skip].to_ascii_lowercase().as_str() {
        "" => Some((false, false, 0)),
        "r" => Some((true, false, 1)),
        "b" => Some((false, true, 1)),
        "br" | "rb" => Some((true, true, 2)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(text: &str) -> Token {
        let mut all = tokens(text).unwrap();
        assert_eq!(all.len(), 2, "{text}: {all:?}");
        all.remove(0).0
    }

    #[test]
    fn numbers_are_of_three_kinds() {
        assert_eq!(only("0x1F"), Token::Int(31));
        assert_eq!(only("7u"), Token::Uint(7));
        assert_eq!(only("0xffffffffffffffffu"), Token::Uint(u64::MAX));
        assert_eq!(only("9223372036854775807"), Token::Int(i64::MAX));
        assert_eq!(only("9223372036854775808"), Token::MinusOnly);
        assert_eq!(only("1.5e3"), Token::Double(1500.0));
        assert_eq!(only(".5"), Token::Double(0.5));
    }

    #[test]
    fn strings_are_of_many_kinds() {
        for (text, value) in [
            (r#""a'b""#, "a'b"),
            ("'a\"b'", "a\"b"),
            (r"'\n\t\\\'\x41\u00e9\U0001F600\101'", "\n\t\\'A\u{e9}\u{1F600}A"),
            (r"r'\d+'", r"\d+"),
            ("'''a\n'b''c'''", "a\n'b''c"),
            (r#"R"""\""""#, r"\"),
        ] {
            assert_eq!(only(text), Token::Text(value.into()), "{text}");
        }
        assert_eq!(only(r"b'\xff\377a'"), Token::Bytes(vec![255, 255, b'a']));
        assert_eq!(only(r"br'\xff'"), Token::Bytes(b"\\xff".into()));
    }

    #[test]
    fn what_is_no_token_is_told_with_its_place() {
        for (text, flaw) in [
            ("a = b", "column 3: `=` means nothing; `==` compares"),
            ("a & b", "column 3: `&` means nothing; `&&` is and"),
            ("a | b", "column 3: `|` means nothing; `||` is or"),
            ("a # b", "column 3: `#` means nothing here"),
            ("'abc", "column 1: the string is not closed: ' is missing"),
            ("'a\nb'", "line 1, column 1: the string is not closed in its line"),
            (
                r"'\d'",
                "column 1: `\\d` is no escape; a backslash is `\\\\`, or the string is raw: r\"…\"",
            ),
            (r"'\ud800'", "column 1: the escape is no character"),
            (r"'\x4'", "column 1: the escape has 2 digits"),
            ("1e", "column 1: an exponent has digits"),
            ("1abc", "column 1: `a` stands behind a number"),
            ("1e999", "column 1: the number does not fit into 64 bits"),
            ("18446744073709551616", "column 1: the number does not fit into 64 bits"),
            ("9223372036854775809", "column 1: the number does not fit into an int"),
            ("\n  é", "line 2, column 3: `é` means nothing here"),
        ] {
            assert_eq!(tokens(text).unwrap_err().shown(text), flaw);
        }
        let long = " ".repeat(MAX_BYTES + 1);
        assert_eq!(
            tokens(&long).unwrap_err().shown(&long),
            "column 1: it has 4097 bytes, and 4096 are the most"
        );
    }
}
