//! The language: CEL, read and evaluated strictly.
//!
//! The grammar, the values and the functions are those of the Common Expression Language. What a gate
//! needs otherwise is different, and is always stricter: an error is never absorbed, values of different
//! types are never compared, a quantifier says nothing of an empty list, a key that is not there is never
//! passed over, and a pattern says where it begins and ends. `docs/cel.md` lists it all.
//!
//! [`Program::new`] refuses whatever can be seen to be wrong before there are any facts, with its place;
//! [`Program::ask`] evaluates. Neither recurses without a bound.

mod ast;
mod check;
mod eval;
mod first;
mod functions;
mod moment;
mod operands;
mod operators;
mod parse;
mod pattern;
mod shapes;
mod token;
mod types;
mod value;
mod words;

use std::collections::BTreeSet;

pub(crate) use check::Scope;
pub(crate) use eval::{Empty, Facts, Stop};
pub(crate) use types::Type;
pub(crate) use value::{MAX_SHOWN, Value, cut};

use ast::{Expr, Kind};

/// What is wrong with an expression, and where, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Flaw {
    at: u32,
    why: String,
}

impl Flaw {
    pub(crate) fn at(at: u32, why: impl Into<String>) -> Self {
        Self { at, why: why.into() }
    }

    /// In words, with line and column of the expression that it is a flaw of.
    pub(crate) fn shown(&self, text: &str) -> String {
        format!("{}: {}", place(self.at, text), self.why)
    }
}

/// Where a byte of an expression is, for people: the line only where there are several.
fn place(at: u32, text: &str) -> String {
    let before = text.get(..at as usize).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    match text.trim_end().contains('\n') {
        true => format!("line {line}, column {column}"),
        false => format!("column {column}"),
    }
}

/// An expression that was checked.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    text: String,
    root: Expr,
    ty: Type,
    reads: BTreeSet<&'static str>,
    names: BTreeSet<String>,
}

impl Program {
    /// Reads and checks an expression with what it can speak of.
    pub(crate) fn new(text: &str, scope: &Scope<'_>) -> Result<Self, String> {
        Self::checked(text, scope).map_err(|flaw| flaw.shown(text))
    }

    fn checked(text: &str, scope: &Scope<'_>) -> Result<Self, Flaw> {
        let mut root = parse::expression(text)?;
        let checked = check::check(&mut root, scope)?;
        let (ty, reads, names) = (checked.ty, checked.sections, checked.names);
        Ok(Self { text: text.to_owned(), root, ty, reads, names })
    }

    /// The expression as it was written.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// What it gives, as far as that can be told beforehand.
    pub(crate) fn gives(&self) -> &Type {
        &self.ty
    }

    /// The words of all sections of which it reads something; `data` stands for all data files.
    pub(crate) fn reads(&self) -> &BTreeSet<&'static str> {
        &self.reads
    }

    /// The names in the view that it speaks of, and of data files `data.KEY`.
    pub(crate) fn names(&self) -> &BTreeSet<String> {
        &self.names
    }

    /// What it comes to. `it` is the element that it is asked of, if there is one.
    pub(crate) fn ask<'v>(
        &'v self,
        facts: &Facts<'v>,
        it: Option<&Value<'v>>,
        empty: Empty,
    ) -> Result<Value<'v>, Stop> {
        eval::evaluate(&self.root, facts, it, empty)
    }

    /// For a comparison, what stands on its left; to show what was found.
    pub(crate) fn left<'v>(
        &'v self,
        facts: &Facts<'v>,
        it: Option<&Value<'v>>,
        empty: Empty,
    ) -> Option<Value<'v>> {
        let Kind::Binary(operator, left, _) = &self.root.kind else { return None };
        let value = operator.compares().then(|| eval::evaluate(left, facts, it, empty))?;
        // It was evaluated before, so it can be again; and what is shown decides nothing.
        value.ok()
    }

    /// Why it came to nothing, with the place.
    pub(crate) fn stopped(&self, stop: &Stop) -> String {
        format!("{}: {}", place(stop.at(), &self.text), stop.why())
    }
}

#[cfg(test)]
mod tests;
