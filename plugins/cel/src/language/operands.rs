//! Of which types operators are, before there are any values.

use super::Flaw;
use super::ast::{Expr, Kind, Literal, Operator};
use super::types::Type;

pub(super) fn mismatch(operator: Operator, one: &Type, other: &Type, at: u32) -> Flaw {
    let sign = operator.sign();
    let why = match (one, other) {
        (Type::Null, some) | (some, Type::Null) if operator.compares() => {
            format!("{some} is never null here")
        }
        _ => format!("`{sign}` is not for {one} and {other}"),
    };
    Flaw::at(at, why)
}

pub(super) fn literal_type(literal: &Literal) -> Type {
    match literal {
        Literal::Null => Type::Null,
        Literal::Bool(_) => Type::Bool,
        Literal::Int(_) => Type::Int,
        Literal::Uint(_) => Type::Uint,
        Literal::Double(_) => Type::Double,
        Literal::Text(text) => Type::said(text),
        Literal::Bytes(_) => Type::Bytes,
    }
}

/// Whether texts that are written out can be words of the other side.
pub(super) fn words_fit(
    operator: Operator,
    one: &Type,
    other: &Type,
    right: &Expr,
) -> Result<(), String> {
    match (operator, &right.kind) {
        (Operator::Equal | Operator::Unequal, _) => one.words_meet(other),
        (Operator::In, Kind::Map(entries)) => {
            entries.iter().try_for_each(|(key, _)| match &key.kind {
                Kind::Literal(literal) => one.words_meet(&literal_type(literal)),
                _ => Ok(()),
            })
        }
        (Operator::In, _) => one.words_meet(&other.element()),
        _ => match one.words().or(other.words()) {
            Some(words) if !words.have_order() => Err(words.no_order(operator.sign())),
            _ => Ok(()),
        },
    }
}

/// Whether two can be compared. Null only with what may be null.
pub(super) fn equates(one: &Type, other: &Type) -> Option<bool> {
    Some(match (one, other) {
        (Type::Null, some) | (some, Type::Null) => {
            matches!(some, Type::Null | Type::Any | Type::Maybe(_))
        }
        _ => one.meets(other) || one.is_number() && other.is_number(),
    })
}

pub(super) fn orders(one: &Type, other: &Type) -> Option<bool> {
    let ordered = |ty: &Type| {
        matches!(
            ty.stated(),
            Type::Any | Type::Bool | Type::Text | Type::Bytes | Type::Moment | Type::Span
        )
    };
    Some(one.is_number() && other.is_number() || ordered(one) && ordered(other) && one.meets(other))
}

pub(super) fn contains(one: &Type, other: &Type) -> Option<bool> {
    Some(match other.stated() {
        Type::Any | Type::Map => true,
        Type::List(inner) => equates(one, inner) == Some(true),
        _ => false,
    })
}

/// What two come to; none where nothing.
pub(super) fn arithmetic(operator: Operator, one: &Type, other: &Type) -> Option<Type> {
    use Operator::{Add, Rest, Subtract};
    use Type::{Any, Bytes, Double, Int, List, Moment, Span, Text, Uint};

    match (one.stated(), other.stated()) {
        (Any, some) | (some, Any) => {
            let fits = match operator {
                Add => matches!(some, Any | Text | Bytes | List(_) | Moment | Span),
                Subtract => matches!(some, Any | Moment | Span),
                _ => matches!(some, Any),
            };
            (fits && !some.has_shape() || some.is_number()).then_some(Any)
        }
        (Int, Int) => Some(Int),
        (Uint, Uint) => Some(Uint),
        (Double, Double) if operator != Rest => Some(Double),
        (Text, Text) if operator == Add => Some(Text),
        (Bytes, Bytes) if operator == Add => Some(Bytes),
        (List(a), List(b)) if operator == Add => a.joined(b).map(|inner| List(inner.into())),
        (Moment, Span) if matches!(operator, Add | Subtract) => Some(Moment),
        (Span, Moment) if operator == Add => Some(Moment),
        (Span, Span) if matches!(operator, Add | Subtract) => Some(Span),
        (Moment, Moment) if operator == Subtract => Some(Span),
        _ => None,
    }
}
