//! From tokens to an expression: the grammar of CEL, without messages and optional values.

use super::Flaw;
use super::ast::{Expr, Kind, Literal, MAX_DEPTH, Macro, Operator, Place, Quantifier};
use super::functions::Function;
use super::token::{Token, tokens};

/// Words that are no names, for the language keeps them.
const RESERVED: [&str; 17] = [
    "as",
    "break",
    "const",
    "continue",
    "else",
    "for",
    "function",
    "if",
    "import",
    "let",
    "loop",
    "package",
    "namespace",
    "return",
    "var",
    "void",
    "while",
];

/// The expression that a text is.
pub(crate) fn expression(text: &str) -> Result<Expr, Flaw> {
    let mut parser = Parser { tokens: tokens(text)?, place: 0, depth: 0 };
    if *parser.peek() == Token::End {
        return Err(Flaw::at(0, "there is no expression"));
    }
    let expression = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(expression),
        other => Err(parser.flaw(format!("{other} does not belong here"))),
    }
}

struct Parser {
    tokens: Vec<(Token, u32)>,
    place: usize,
    /// How many brackets, signs and branches are open.
    depth: u16,
}

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.place).map_or(&Token::End, |(token, _)| token)
    }

    fn at(&self) -> u32 {
        self.tokens.get(self.place).or(self.tokens.last()).map_or(0, |(_, at)| *at)
    }

    fn next(&mut self) -> Token {
        let token = self.peek().clone();
        self.place += 1;
        token
    }

    fn flaw(&self, why: impl Into<String>) -> Flaw {
        Flaw::at(self.at(), why)
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.peek(), Token::Sign(found) if *found == sign)
    }

    fn takes(&mut self, sign: &str) -> bool {
        let there = self.is(sign);
        if there {
            self.place += 1;
        }
        there
    }

    fn wants(&mut self, sign: &str) -> Result<(), Flaw> {
        if self.takes(sign) {
            return Ok(());
        }
        Err(self.flaw(format!("`{sign}` is missing before {}", self.peek())))
    }

    /// Parses what is nested, if it is not nested too deep.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Result<T, Flaw>) -> Result<T, Flaw> {
        if self.depth >= MAX_DEPTH {
            return Err(self.flaw(too_deep()));
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn expression(&mut self) -> Result<Expr, Flaw> {
        self.nested(|parser| {
            let condition = parser.or()?;
            if !parser.takes("?") {
                return Ok(condition);
            }
            let at = condition.at;
            let yes = parser.or()?;
            parser.wants(":")?;
            let no = parser.expression()?;
            node(at, Kind::Choice(condition.into(), yes.into(), no.into()))
        })
    }

    fn or(&mut self) -> Result<Expr, Flaw> {
        self.joined("||", Self::and, Kind::Or)
    }

    fn and(&mut self) -> Result<Expr, Flaw> {
        self.joined("&&", |parser| parser.binary(0), Kind::And)
    }

    /// One or more with a sign between them, side by side and not one in the other, for a rule often has
    /// many conditions.
    fn joined(
        &mut self,
        sign: &str,
        part: impl Fn(&mut Self) -> Result<Expr, Flaw>,
        kind: impl FnOnce(Vec<Expr>) -> Kind,
    ) -> Result<Expr, Flaw> {
        let first = part(self)?;
        if !self.is(sign) {
            return Ok(first);
        }
        let at = first.at;
        let mut parts = vec![first];
        while self.takes(sign) {
            parts.push(part(self)?);
        }
        node(at, kind(parts))
    }

    /// Operators that bind at least as tightly as `least`, from the left.
    fn binary(&mut self, least: u8) -> Result<Expr, Flaw> {
        let mut left = self.unary()?;
        while let Some((operator, tightness)) = operator(self.peek()) {
            if tightness < least {
                break;
            }
            let at = self.at();
            self.place += 1;
            let right = self.binary(tightness + 1)?;
            left = node(at, Kind::Binary(operator, left.into(), right.into()))?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, Flaw> {
        let at = self.at();
        if self.takes("!") {
            let inner = self.nested(Self::unary)?;
            return node(at, Kind::Not(inner.into()));
        }
        if !self.takes("-") {
            return self.member();
        }
        if *self.peek() == Token::MinusOnly {
            self.place += 1;
            return node(at, Kind::Literal(Literal::Int(i64::MIN)));
        }
        let inner = self.nested(Self::unary)?;
        let kind = match inner.kind {
            Kind::Literal(Literal::Int(number)) if number > 0 => {
                Kind::Literal(Literal::Int(-number))
            }
            Kind::Literal(Literal::Double(number)) => Kind::Literal(Literal::Double(-number)),
            _ => Kind::Minus(inner.into()),
        };
        node(at, kind)
    }

    fn member(&mut self) -> Result<Expr, Flaw> {
        let mut left = self.primary()?;
        loop {
            let at = self.at();
            if self.takes("[") {
                if self.is("?") {
                    return Err(self.flaw("there are no optional values; ask with `in` or `has`"));
                }
                let index = self.expression()?;
                self.wants("]")?;
                left = node(at, Kind::Index(left.into(), index.into()))?;
            } else if self.takes(".") {
                if self.is("?") {
                    return Err(self.flaw("there are no optional values; ask with `has`"));
                }
                let at = self.at();
                let Token::Ident(name) = self.next() else {
                    return Err(Flaw::at(at, "a name follows `.`; other keys are `a[\"b-c\"]`"));
                };
                left = match self.takes("(") {
                    true => self.method(left, at, &name)?,
                    false => node(at, Kind::Select(left.into(), name))?,
                };
            } else if self.is("{") {
                return Err(self.flaw("there are no messages to construct; a map is `{\"a\": 1}`"));
            } else {
                return Ok(left);
            }
        }
    }

    fn method(&mut self, receiver: Expr, at: u32, name: &str) -> Result<Expr, Flaw> {
        let mut arguments = self.arguments(")")?;
        if let Some(what) = Quantifier::named(name) {
            let (least, most) = if what == Quantifier::Map { (2, 3) } else { (2, 2) };
            if !(least..=most).contains(&arguments.len()) {
                return Err(Flaw::at(
                    at,
                    format!("write `.{name}(x, …)`: a variable, and what is asked of each"),
                ));
            }
            let body = arguments.pop();
            let only = if arguments.len() == 2 { arguments.pop() } else { None };
            let (Some(variable), Some(body)) = (arguments.pop(), body) else {
                return Err(Flaw::at(at, "a macro has arguments"));
            };
            let Kind::Name(variable, _) = variable.kind else {
                let why = format!("the first argument of `{name}` is a variable, for example `x`");
                return Err(Flaw::at(variable.at, why));
            };
            let over = receiver;
            let mac = Macro { what, over, documents: false, variable, only, body };
            return node(at, Kind::Macro(mac.into()));
        }
        let function = Function::method(name).map_err(|why| Flaw::at(at, why))?;
        let mut all = vec![receiver];
        all.append(&mut arguments);
        call(at, function, all)
    }

    /// Expressions with commas between them, and one behind them where there are any, up to a sign.
    fn arguments(&mut self, end: &str) -> Result<Vec<Expr>, Flaw> {
        let mut all = Vec::new();
        while !self.takes(end) {
            all.push(self.expression()?);
            if !self.is(end) {
                self.wants(",")?;
            }
        }
        Ok(all)
    }

    fn primary(&mut self) -> Result<Expr, Flaw> {
        let at = self.at();
        let literal = match self.next() {
            Token::Int(number) => Literal::Int(number),
            Token::MinusOnly => return Err(Flaw::at(at, "the number does not fit into an int")),
            Token::Uint(number) => Literal::Uint(number),
            Token::Double(number) => Literal::Double(number),
            Token::Text(text) => Literal::Text(text),
            Token::Bytes(bytes) => Literal::Bytes(bytes),
            Token::Ident(name) => return self.named(at, name),
            Token::Sign("(") => {
                let inner = self.expression()?;
                self.wants(")")?;
                return Ok(inner);
            }
            Token::Sign("[") => {
                let elements = self.arguments("]")?;
                return node(at, Kind::List(elements));
            }
            Token::Sign("{") => return self.map(at),
            Token::Sign(".") => {
                return Err(Flaw::at(at, "there are no packages: leave the `.` out"));
            }
            other => return Err(Flaw::at(at, format!("a value is missing before {other}"))),
        };
        node(at, Kind::Literal(literal))
    }

    fn named(&mut self, at: u32, name: String) -> Result<Expr, Flaw> {
        match name.as_str() {
            "true" => return node(at, Kind::Literal(Literal::Bool(true))),
            "false" => return node(at, Kind::Literal(Literal::Bool(false))),
            "null" => return node(at, Kind::Literal(Literal::Null)),
            "in" => return Err(Flaw::at(at, "a value is missing before `in`")),
            word if RESERVED.contains(&word) => {
                return Err(Flaw::at(at, format!("`{word}` is a word that the language keeps")));
            }
            _ => {}
        }
        if !self.takes("(") {
            return node(at, Kind::Name(name, Place::Unknown));
        }
        let mut arguments = self.arguments(")")?;
        if name == "has" {
            let one = if arguments.len() == 1 { arguments.pop() } else { None };
            return match one.map(|argument| argument.kind) {
                Some(Kind::Select(of, key)) => node(at, Kind::Has(of, key)),
                _ => Err(Flaw::at(at, "write `has(a.b)`: whether `a` has something at `b`")),
            };
        }
        if Quantifier::named(&name).is_some() {
            return Err(Flaw::at(at, format!("write `list.{name}(x, …)`")));
        }
        let function = Function::global(&name).map_err(|why| Flaw::at(at, why))?;
        call(at, function, arguments)
    }

    fn map(&mut self, at: u32) -> Result<Expr, Flaw> {
        let mut entries = Vec::new();
        while !self.takes("}") {
            let key = self.expression()?;
            self.wants(":")?;
            entries.push((key, self.expression()?));
            if !self.is("}") {
                self.wants(",")?;
            }
        }
        node(at, Kind::Map(entries))
    }
}

fn call(at: u32, function: Function, arguments: Vec<Expr>) -> Result<Expr, Flaw> {
    function.takes(arguments.len()).map_err(|why| Flaw::at(at, why))?;
    node(at, Kind::Call(function, arguments))
}

/// An expression of its parts, if it is not nested too deep.
fn node(at: u32, kind: Kind) -> Result<Expr, Flaw> {
    let deepest = kind.parts().into_iter().map(|part| part.depth).max();
    let depth = deepest.map_or(0, |depth| depth.saturating_add(1));
    if depth > MAX_DEPTH {
        return Err(Flaw::at(at, too_deep()));
    }
    Ok(Expr { at, depth, kind })
}

fn too_deep() -> String {
    format!("it is nested deeper than {MAX_DEPTH} times; make two rules of it")
}

/// An operator between two values, and how tightly it binds.
fn operator(token: &Token) -> Option<(Operator, u8)> {
    let sign = match token {
        Token::Sign(sign) => *sign,
        Token::Ident(word) if word == "in" => "in",
        _ => return None,
    };
    Some(match sign {
        "==" => (Operator::Equal, 0),
        "!=" => (Operator::Unequal, 0),
        "<" => (Operator::Less, 0),
        "<=" => (Operator::AtMost, 0),
        ">" => (Operator::More, 0),
        ">=" => (Operator::AtLeast, 0),
        "in" => (Operator::In, 0),
        "+" => (Operator::Add, 1),
        "-" => (Operator::Subtract, 1),
        "*" => (Operator::Multiply, 2),
        "/" => (Operator::Divide, 2),
        "%" => (Operator::Rest, 2),
        _ => return None,
    })
}
