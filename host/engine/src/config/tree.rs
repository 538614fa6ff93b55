//! A TOML document as a tree that owns its text, each node with its place.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::problem::{Place, Problems};

/// A value and where it stands.
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
}

/// What TOML can say.
pub(super) enum Value {
    String(String),
    Integer(i64),
    Boolean(bool),
    List(Vec<Node>),
    Table(Members),
    /// A float, a date, or an integer that 64 bits do not hold, as it was written: nothing that a
    /// policy file asks for; settings may hold floats.
    Other(String),
}

/// The members of a table: key, the key's place, value.
pub(super) type Members = Vec<(String, Place, Node)>;

impl Value {
    /// As messages name it.
    pub(super) fn named(&self) -> String {
        match self {
            Self::String(text) => format!("`\"{text}\"`"),
            Self::Integer(number) => format!("`{number}`"),
            Self::Boolean(value) => format!("`{value}`"),
            Self::List(_) => "a list".into(),
            Self::Table(_) => "a table".into(),
            Self::Other(text) => format!("`{text}`"),
        }
    }
}

/// Parses a file; none, and all syntax errors, where it is not TOML.
pub(super) fn parse(problems: &mut Problems, file: usize) -> Option<Node> {
    let text = problems.text(file).to_owned();
    let (table, errors) = DeTable::parse_recoverable(&text);
    for error in &errors {
        let place = error.span().map(|span| Place::new(file, span));
        problems.push(place, error.message().trim().replace('\n', ", "), None);
    }
    let start = table.span().start;
    let place = Place::new(file, start..start);
    errors
        .is_empty()
        .then(|| Node { place, value: Value::Table(members(file, table.into_inner())) })
}

fn members(file: usize, table: DeTable<'_>) -> Members {
    let member = |(key, value): (Spanned<_>, Spanned<DeValue<'_>>)| {
        let place = Place::new(file, key.span());
        let key: std::borrow::Cow<'_, str> = key.into_inner();
        (key.into_owned(), place, node(file, value))
    };
    table.into_iter().map(member).collect()
}

fn node(file: usize, value: Spanned<DeValue<'_>>) -> Node {
    let place = Place::new(file, value.span());
    let value = match value.into_inner() {
        DeValue::String(text) => Value::String(text.into_owned()),
        DeValue::Integer(number) => {
            let read = i64::from_str_radix(number.as_str(), number.radix());
            read.map_or_else(|_| Value::Other(number.to_string()), Value::Integer)
        }
        DeValue::Float(number) => Value::Other(number.to_string()),
        DeValue::Boolean(value) => Value::Boolean(value),
        DeValue::Datetime(date) => Value::Other(date.to_string()),
        DeValue::Array(elements) => {
            Value::List(elements.into_iter().map(|element| node(file, element)).collect())
        }
        DeValue::Table(table) => Value::Table(members(file, table)),
    };
    Node { place, value }
}
