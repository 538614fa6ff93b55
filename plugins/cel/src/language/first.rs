//! Which element of a list is the first.
//!
//! Documents come in the order of their paths, and whoever delivers them chooses those: `provenance[0]`
//! would be asked of the good one, and the bad one of nothing. So no element is taken out of a list of
//! documents, nor of what is made of one, unless the expression says before that there is but one.

use super::ast::{Expr, Kind, Literal, Operator};
use super::functions::Function;

/// Why lists of documents are not put together.
pub(super) const MIXED: &str = "lists of documents are not put together, for one of them may be empty: ask each of \
                     its own, `.all(x, …) && …`";

/// Why an index is refused.
pub(super) fn picked(of: &Expr) -> String {
    let path = path(of).unwrap_or_else(|| "list".into());
    format!(
        "which one comes first means nothing: ask each, `{path}.all(x, …)`, or the only one, \
         `size({path}) == 1 && {path}[0] …`"
    )
}

/// The keys that lead to a list, as they are written.
pub(super) fn path(expr: &Expr) -> Option<String> {
    match &expr.kind {
        Kind::Name(name, _) => Some(name.clone()),
        Kind::Select(of, key) => Some(format!("{}.{key}", path(of)?)),
        _ => None,
    }
}

/// The lists of which a condition says that they have one element: by `==` all that it joins with `&&`,
/// by `!=` where it is false.
pub(super) fn single(condition: &Expr, sign: Operator) -> Vec<String> {
    match &condition.kind {
        Kind::Binary(operator, left, right) if *operator == sign => {
            match (&left.kind, &right.kind) {
                (Kind::Call(Function::Size, list), Kind::Literal(Literal::Int(1))) => {
                    list.iter().filter_map(path).collect()
                }
                _ => Vec::new(),
            }
        }
        Kind::And(parts) if sign == Operator::Equal => {
            parts.iter().flat_map(|part| single(part, sign)).collect()
        }
        Kind::Or(parts) if sign == Operator::Unequal => {
            parts.iter().flat_map(|part| single(part, sign)).collect()
        }
        _ => Vec::new(),
    }
}

/// Whether a list was made of documents, one element of each.
pub(super) fn comes_of_documents(list: &Expr) -> bool {
    match &list.kind {
        Kind::Macro(mac) => mac.documents || comes_of_documents(&mac.over),
        Kind::Call(Function::Flatten | Function::Distinct, list) => {
            list.iter().any(comes_of_documents)
        }
        Kind::Binary(Operator::Add, one, other) | Kind::Choice(_, one, other) => {
            comes_of_documents(one) || comes_of_documents(other)
        }
        _ => false,
    }
}
