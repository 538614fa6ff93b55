//! Operators.

use std::cmp::Ordering;
use std::rc::Rc;

use super::ast::Operator;
use super::moment;
use super::value::Value;

/// What an operator makes of two values.
pub(crate) fn apply<'v>(
    operator: Operator,
    left: &Value<'v>,
    right: &Value<'v>,
) -> Result<Value<'v>, String> {
    let ordered = |wanted: &dyn Fn(Ordering) -> bool| {
        order(operator, left, right).map(|order| Value::Bool(wanted(order)))
    };
    match operator {
        Operator::Equal => equal(left, right).map(Value::Bool),
        Operator::Unequal => equal(left, right).map(|equal| Value::Bool(!equal)),
        Operator::Less => ordered(&Ordering::is_lt),
        Operator::AtMost => ordered(&Ordering::is_le),
        Operator::More => ordered(&Ordering::is_gt),
        Operator::AtLeast => ordered(&Ordering::is_ge),
        Operator::In => within(left, right).map(Value::Bool),
        _ => arithmetic(operator, left, right),
    }
}

/// Whether two values are equal. Numbers are by what they are worth, whatever their type; null is equal
/// to null alone; all else is compared with its own kind, for whoever compares a string with a number
/// has erred, and "unequal" would be an answer.
pub(crate) fn equal(left: &Value<'_>, right: &Value<'_>) -> Result<bool, String> {
    Ok(match (left, right) {
        (Value::Null, Value::Null) => true,
        (Value::Null, _) | (_, Value::Null) => false,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => **a == **b,
        (Value::Bytes(a), Value::Bytes(b)) => a == b,
        (Value::Moment(a), Value::Moment(b)) | (Value::Span(a), Value::Span(b)) => a == b,
        _ => {
            if let Some(order) = order_numbers(left, right) {
                return Ok(order.is_eq());
            }
            if let (Some(a), Some(b)) = (left.elements(), right.elements()) {
                // All of them, so that what cannot be compared is told wherever it stands.
                let mut same = left.len() == right.len();
                for (a, b) in a.zip(b) {
                    same &= equal(&a, &b)?;
                }
                return Ok(same);
            }
            let (Some(a), Some(b)) = (entries(left), entries(right)) else {
                return Err(unlike(Operator::Equal, left, right));
            };
            let mut same = a.len() == b.len();
            for (key, value) in &a {
                match at_key(right, key)? {
                    Some(other) => same &= equal(value, &other)?,
                    None => same = false,
                }
            }
            same
        }
    })
}

fn unlike(operator: Operator, left: &Value<'_>, right: &Value<'_>) -> String {
    format!("`{}` is not for {} and {}", operator.sign(), left.kind(), right.kind())
}

/// All entries of a map; none for what is no map.
fn entries<'v>(map: &Value<'v>) -> Option<Vec<(Value<'v>, Value<'v>)>> {
    match map {
        Value::Members(members) => Some(
            members
                .iter()
                .map(|(name, value)| (Value::from(name.as_str()), value.into()))
                .collect(),
        ),
        Value::Map(entries) => Some(entries.to_vec()),
        _ => None,
    }
}

/// What stands in a map under a key; none where nothing does.
pub(crate) fn at_key<'v>(map: &Value<'v>, key: &Value<'v>) -> Result<Option<Value<'v>>, String> {
    match (map, key) {
        (Value::Members(members), Value::Text(name)) => Ok(members.get(&**name).map(Value::from)),
        (Value::Members(_), other) => {
            Err(format!("the keys of this map are strings, and not {}", other.kind()))
        }
        (Value::Map(entries), key) => {
            if !matches!(
                key,
                Value::Text(_) | Value::Int(_) | Value::Uint(_) | Value::Double(_) | Value::Bool(_)
            ) {
                return Err(format!("{} is no key", key.kind()));
            }
            for (name, value) in &**entries {
                if same_key(name, key) {
                    return Ok(Some(value.clone()));
                }
            }
            Ok(None)
        }
        (other, _) => Err(format!("{} has no keys", other.kind())),
    }
}

/// Whether two keys are one. Keys of different types are two.
pub(crate) fn same_key(one: &Value<'_>, other: &Value<'_>) -> bool {
    match (one, other) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => **a == **b,
        _ => order_numbers(one, other).is_some_and(Ordering::is_eq),
    }
}

fn within<'v>(left: &Value<'v>, right: &Value<'v>) -> Result<bool, String> {
    let Some(elements) = right.elements() else {
        return match right {
            Value::Members(_) | Value::Map(_) => at_key(right, left).map(|found| found.is_some()),
            _ => Err(unlike(Operator::In, left, right)),
        };
    };
    let mut found = false;
    for element in elements {
        found |= equal(left, &element)?;
    }
    Ok(found)
}

fn order(operator: Operator, left: &Value<'_>, right: &Value<'_>) -> Result<Ordering, String> {
    Ok(match (left, right) {
        (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => (**a).cmp(&**b),
        (Value::Bytes(a), Value::Bytes(b)) => a.cmp(b),
        (Value::Moment(a), Value::Moment(b)) | (Value::Span(a), Value::Span(b)) => a.cmp(b),
        _ => {
            let order = order_numbers(left, right);
            order.ok_or_else(|| unlike(operator, left, right))?
        }
    })
}

/// The order of two numbers by what they are worth, exactly; none where one is no number.
fn order_numbers(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    let whole = |value: &Value<'_>| match value {
        Value::Int(number) => Some(i128::from(*number)),
        Value::Uint(number) => Some(i128::from(*number)),
        _ => None,
    };
    match (left, right) {
        // No double here is infinite or not a number.
        (Value::Double(a), Value::Double(b)) => a.partial_cmp(b),
        (Value::Double(a), b) => Some(order_double(whole(b)?, *a).reverse()),
        (a, Value::Double(b)) => Some(order_double(whole(a)?, *b)),
        (a, b) => Some(whole(a)?.cmp(&whole(b)?)),
    }
}

/// The order of a whole number of 64 bits and a double.
#[expect(clippy::cast_possible_truncation, reason = "it was held against the range before")]
fn order_double(whole: i128, double: f64) -> Ordering {
    // Beyond all numbers of 64 bits, and well inside those of 128.
    const FAR: f64 = 1e30;
    if double >= FAR {
        return Ordering::Less;
    }
    if double <= -FAR {
        return Ordering::Greater;
    }
    let below = double.floor();
    match whole.cmp(&(below as i128)) {
        Ordering::Equal if double > below => Ordering::Less,
        order => order,
    }
}

fn arithmetic<'v>(
    operator: Operator,
    left: &Value<'v>,
    right: &Value<'v>,
) -> Result<Value<'v>, String> {
    use Operator::{Add, Divide, Multiply, Rest, Subtract};

    let overflow =
        || format!("{} {} {} does not fit", left.shown(), operator.sign(), right.shown());
    Ok(match (left, right) {
        (Value::Int(a), Value::Int(b)) => {
            let value = match operator {
                Add => a.checked_add(*b),
                Subtract => a.checked_sub(*b),
                Multiply => a.checked_mul(*b),
                Divide | Rest if *b == 0 => return Err("it is divided by 0".into()),
                Divide => a.checked_div(*b),
                Rest => a.checked_rem(*b),
                _ => return Err(unlike(operator, left, right)),
            };
            Value::Int(value.ok_or_else(overflow)?)
        }
        (Value::Uint(a), Value::Uint(b)) => {
            let value = match operator {
                Add => a.checked_add(*b),
                Subtract => a.checked_sub(*b),
                Multiply => a.checked_mul(*b),
                Divide | Rest if *b == 0 => return Err("it is divided by 0".into()),
                Divide => a.checked_div(*b),
                Rest => a.checked_rem(*b),
                _ => return Err(unlike(operator, left, right)),
            };
            Value::Uint(value.ok_or_else(overflow)?)
        }
        (Value::Double(a), Value::Double(b)) => {
            let value = match operator {
                Add => a + b,
                Subtract => a - b,
                Multiply => a * b,
                Divide if *b == 0.0 => return Err("it is divided by 0".into()),
                Divide => a / b,
                _ => return Err(unlike(operator, left, right)),
            };
            // Neither infinite nor "not a number" is a value: both compare with everything.
            Value::Double(Some(value).filter(|value| value.is_finite()).ok_or_else(overflow)?)
        }
        (Value::Text(a), Value::Text(b)) if operator == Add => Value::from([&**a, &**b].concat()),
        (Value::Bytes(a), Value::Bytes(b)) if operator == Add => {
            Value::Bytes([&**a, &**b].concat().into())
        }
        (Value::Moment(a), Value::Span(b)) if operator == Add => {
            Value::Moment(moment::moment(a + b)?)
        }
        (Value::Span(a), Value::Moment(b)) if operator == Add => {
            Value::Moment(moment::moment(a + b)?)
        }
        (Value::Moment(a), Value::Span(b)) if operator == Subtract => {
            Value::Moment(moment::moment(a - b)?)
        }
        (Value::Moment(a), Value::Moment(b)) if operator == Subtract => {
            Value::Span(moment::span(a - b)?)
        }
        (Value::Span(a), Value::Span(b)) if operator == Add => Value::Span(moment::span(a + b)?),
        (Value::Span(a), Value::Span(b)) if operator == Subtract => {
            Value::Span(moment::span(a - b)?)
        }
        _ => match (left.elements(), right.elements()) {
            (Some(a), Some(b)) if operator == Add => {
                let all: Rc<[Value<'v>]> = a.chain(b).collect();
                Value::List(all)
            }
            _ => return Err(unlike(operator, left, right)),
        },
    })
}
