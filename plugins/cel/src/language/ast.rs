//! What an expression is made of.

use super::functions::Function;

/// How deep an expression may be nested. The parser, the checker and the evaluator recurse as deep, in
/// a stack of half a megabyte.
pub(crate) const MAX_DEPTH: u16 = 64;

/// An expression, and where it begins.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Expr {
    pub(crate) at: u32,
    pub(crate) depth: u16,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Literal(Literal),
    /// A section of the facts, or a variable of a macro: the checker says which.
    Name(String, Place),
    /// `a.b`
    Select(Box<Expr>, String),
    /// `has(a.b)`
    Has(Box<Expr>, String),
    /// `a[b]`
    Index(Box<Expr>, Box<Expr>),
    /// `f(a, b)` and `a.f(b)`: the receiver comes first.
    Call(Function, Vec<Expr>),
    List(Vec<Expr>),
    Map(Vec<(Expr, Expr)>),
    Not(Box<Expr>),
    Minus(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// Two or more.
    And(Vec<Expr>),
    /// Two or more.
    Or(Vec<Expr>),
    /// `a ? b : c`
    Choice(Box<Expr>, Box<Expr>, Box<Expr>),
    Macro(Box<Macro>),
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Null,
    Bool(bool),
    Int(i64),
    Uint(u64),
    Double(f64),
    Text(String),
    Bytes(Vec<u8>),
}

/// Where the value of a name is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The checker has not said yet.
    Unknown,
    /// In the view.
    Facts,
    /// The variable of this number, counted from the outside.
    Variable(usize),
}

/// `list.all(x, condition)` and its like.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Macro {
    pub(crate) what: Quantifier,
    pub(crate) over: Expr,
    /// Whether `over` is a list of documents: the checker says so.
    pub(crate) documents: bool,
    pub(crate) variable: String,
    /// Of `map` with three arguments: what is left out before.
    pub(crate) only: Option<Expr>,
    pub(crate) body: Expr,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quantifier {
    All,
    Exists,
    ExistsOne,
    Filter,
    Map,
}

impl Quantifier {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "all" => Self::All,
            "exists" => Self::Exists,
            "exists_one" | "existsOne" => Self::ExistsOne,
            "filter" => Self::Filter,
            "map" => Self::Map,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Exists => "exists",
            Self::ExistsOne => "exists_one",
            Self::Filter => "filter",
            Self::Map => "map",
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    More,
    AtLeast,
    In,
    Add,
    Subtract,
    Multiply,
    Divide,
    Rest,
}

impl Operator {
    pub(crate) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "==",
            Self::Unequal => "!=",
            Self::Less => "<",
            Self::AtMost => "<=",
            Self::More => ">",
            Self::AtLeast => ">=",
            Self::In => "in",
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Rest => "%",
        }
    }

    /// Whether it compares, and so gives a truth value.
    pub(crate) fn compares(self) -> bool {
        matches!(
            self,
            Self::Equal
                | Self::Unequal
                | Self::Less
                | Self::AtMost
                | Self::More
                | Self::AtLeast
                | Self::In
        )
    }
}

impl Kind {
    /// Everything directly inside.
    pub(crate) fn parts(&self) -> Vec<&Expr> {
        match self {
            Self::Literal(_) | Self::Name(..) => Vec::new(),
            Self::Select(a, _) | Self::Has(a, _) | Self::Not(a) | Self::Minus(a) => vec![a],
            Self::Index(a, b) | Self::Binary(_, a, b) => vec![a, b],
            Self::Choice(a, b, c) => vec![a, b, c],
            Self::Call(_, all) | Self::List(all) | Self::And(all) | Self::Or(all) => {
                all.iter().collect()
            }
            Self::Map(entries) => entries.iter().flat_map(|(key, value)| [key, value]).collect(),
            Self::Macro(mac) => {
                let mut parts = vec![&mac.over, &mac.body];
                parts.extend(&mac.only);
                parts
            }
        }
    }
}
