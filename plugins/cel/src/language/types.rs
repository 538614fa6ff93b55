//! What is known of a value before there is one.

use std::fmt;
use std::rc::Rc;

use super::shapes::{Holds, Shape};
use super::words::Words;

/// The type of an expression, as far as it can be told.
#[derive(Debug, Clone)]
pub(crate) enum Type {
    /// It shows when it is evaluated.
    Any,
    Null,
    Bool,
    Int,
    Uint,
    Double,
    Text,
    /// A text of the facts that is one of a few words.
    Word(&'static Words),
    /// One of the texts that the expression writes out.
    Said(Rc<[Rc<str>]>),
    Bytes,
    Moment,
    Span,
    List(Rc<Type>),
    /// A map that the expression makes, or a predicate's.
    Map,
    /// A map of the facts, whose keys are known.
    Shape(&'static Shape),
    /// This or null.
    Maybe(Rc<Type>),
}

impl From<&Holds> for Type {
    fn from(holds: &Holds) -> Self {
        match holds {
            Holds::Text => Self::Text,
            Holds::Word(words) => Self::Word(words),
            Holds::Int => Self::Int,
            Holds::Bool => Self::Bool,
            Holds::Texts => Self::List(Self::Text.into()),
            Holds::Ints => Self::List(Self::Int.into()),
            Holds::One(shape) => Self::Shape(shape),
            Holds::Many(shape) => Self::List(Self::Shape(shape).into()),
            Holds::Anything => Self::Any,
            Holds::Maybe(inner) => Self::Maybe(Rc::new(Self::from(*inner))),
        }
    }
}

impl Type {
    /// The type of a text that is written out.
    pub(crate) fn said(text: &str) -> Self {
        Self::Said(Rc::new([Rc::from(text)]))
    }

    /// Without null: whoever uses a value that is null is stopped when it is.
    fn bare(&self) -> &Self {
        match self {
            Self::Maybe(inner) => inner,
            other => other,
        }
    }

    /// Without null, and of texts no matter which.
    pub(crate) fn stated(&self) -> &Self {
        match self.bare() {
            Self::Word(_) | Self::Said(_) => &Self::Text,
            other => other,
        }
    }

    /// The words of which it is one, if it is one of a few.
    pub(crate) fn words(&self) -> Option<&'static Words> {
        match self.bare() {
            Self::Word(words) => Some(words),
            _ => None,
        }
    }

    /// Whether the texts that are written out on one side are words that the other can be. What is
    /// compared with another word is always different, and `!=` would be true of everything.
    pub(crate) fn words_meet(&self, other: &Self) -> Result<(), String> {
        match (self.bare(), other.bare()) {
            (Self::Word(words), Self::Said(texts)) | (Self::Said(texts), Self::Word(words)) => {
                texts.iter().try_for_each(|text| words.allow(text))
            }
            (Self::List(one), Self::List(other)) => one.words_meet(other),
            _ => Ok(()),
        }
    }

    /// The type of a list's elements.
    pub(crate) fn element(&self) -> Self {
        match self.stated() {
            Self::List(inner) => Self::clone(inner),
            _ => Self::Any,
        }
    }

    /// Whether values of both can be of one type.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        match (self.stated(), other.stated()) {
            (Self::Any, _) | (_, Self::Any) => true,
            (Self::Shape(a), Self::Shape(b)) => std::ptr::eq(*a, *b),
            (Self::List(a), Self::List(b)) => a.meets(b),
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }

    pub(crate) fn is_number(&self) -> bool {
        matches!(self.stated(), Self::Any | Self::Int | Self::Uint | Self::Double)
    }

    /// Whether a map of the facts is in it. Such a type is never forgotten: it says which keys there
    /// are.
    pub(crate) fn has_shape(&self) -> bool {
        match self.stated() {
            Self::Shape(_) => true,
            Self::List(inner) => inner.has_shape(),
            _ => false,
        }
    }

    /// Whether it is a list of documents.
    pub(crate) fn is_documents(&self) -> bool {
        match self.stated() {
            Self::List(inner) => matches!(inner.stated(), Self::Shape(shape) if shape.document),
            _ => false,
        }
    }

    /// The type of a value that has one of these; none where a type that must not be forgotten would be.
    pub(crate) fn joined(&self, other: &Self) -> Option<Self> {
        match (self, other) {
            (Self::Null, Self::Null) => Some(Self::Null),
            (Self::Null, some @ Self::Maybe(_)) | (some @ Self::Maybe(_), Self::Null) => {
                Some(some.clone())
            }
            (Self::Null, some) | (some, Self::Null) => Some(Self::Maybe(Rc::new(some.clone()))),
            (Self::Maybe(a), b) | (b, Self::Maybe(a)) => Some(match a.joined(b.bare())? {
                Self::Any => Self::Any,
                ty => Self::Maybe(ty.into()),
            }),
            (Self::Said(a), Self::Said(b)) => {
                let new = b.iter().filter(|text| !a.contains(text));
                Some(Self::Said(a.iter().chain(new).cloned().collect()))
            }
            (Self::Word(words), Self::Said(texts)) | (Self::Said(texts), Self::Word(words))
                if texts.iter().all(|text| words.allow(text).is_ok()) =>
            {
                Some(Self::Word(words))
            }
            (Self::List(a), Self::List(b)) => a.joined(b).map(|inner| Self::List(inner.into())),
            (a, b) if a.same(b) => Some(a.clone()),
            (a, b) if a.is_text() && b.is_text() => Some(Self::Text),
            (a, b) if a.has_shape() || b.has_shape() => None,
            _ => Some(Self::Any),
        }
    }

    /// Whether it is a text and not null.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self, Self::Text | Self::Word(_) | Self::Said(_))
    }

    fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Word(a), Self::Word(b)) => std::ptr::eq(*a, *b),
            (Self::Said(a), Self::Said(b)) => a == b,
            (Self::Shape(a), Self::Shape(b)) => std::ptr::eq(*a, *b),
            (Self::List(a), Self::List(b)) | (Self::Maybe(a), Self::Maybe(b)) => a.same(b),
            (a, b) => std::mem::discriminant(a) == std::mem::discriminant(b),
        }
    }
}

impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Any => "a value",
            Self::Null => "null",
            Self::Bool => "a bool",
            Self::Int => "an int",
            Self::Uint => "a uint",
            Self::Double => "a double",
            Self::Text | Self::Word(_) | Self::Said(_) => "a string",
            Self::Bytes => "bytes",
            Self::Moment => "a timestamp",
            Self::Span => "a duration",
            Self::List(_) => "a list",
            Self::Map => "a map",
            Self::Shape(shape) => shape.name,
            Self::Maybe(inner) => return inner.fmt(f),
        })
    }
}
