//! Evaluates, strictly.
//!
//! `&&`, `||` and `?:` look at what stands on their left first, and at the rest only if that decides
//! nothing: so a guard guards. Whatever is looked at and errs ends the evaluation; nothing absorbs an
//! error. A quantifier looks at every element even where one has decided, so that what it comes to does
//! not depend on their order, and says nothing of an empty list.

use serde_json::{Map as Object, Value as Json};

use super::ast::{Expr, Kind, Literal, Macro, Operator, Place, Quantifier};
use super::functions::Function;
use super::operators::{apply, at_key, same_key};
use super::pattern::Patterns;
use super::value::Value;

/// What expressions are asked of.
#[derive(Debug)]
pub(crate) struct Facts<'v> {
    view: &'v Object<String, Json>,
    patterns: Patterns,
}

impl<'v> Facts<'v> {
    pub(crate) fn new(view: &'v Object<String, Json>) -> Self {
        Self { view, patterns: Patterns::default() }
    }
}

/// What becomes of a quantifier over an empty list, and of one that `flatten` comes upon.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Empty {
    /// Nothing is known.
    #[default]
    Withhold,
    /// What the language says: `all` is true, `exists` is false. Not of a list of documents: that
    /// something is not there may be somebody's doing.
    Pass,
    /// The rule fails.
    Fail,
}

/// Why there is no value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Something erred.
    Error { at: u32, why: String },
    /// A quantifier is over an empty list, or `flatten` comes upon one.
    Empty { at: u32, why: String },
}

impl Stop {
    fn error(at: u32, why: impl Into<String>) -> Self {
        Self::Error { at, why: why.into() }
    }

    pub(crate) fn at(&self) -> u32 {
        let (Self::Error { at, .. } | Self::Empty { at, .. }) = self;
        *at
    }

    pub(crate) fn why(&self) -> &str {
        let (Self::Error { why, .. } | Self::Empty { why, .. }) = self;
        why
    }
}

type Outcome<'v> = Result<Value<'v>, Stop>;

/// The value of an expression that was checked.
pub(crate) fn evaluate<'v>(
    root: &'v Expr,
    facts: &Facts<'v>,
    it: Option<&Value<'v>>,
    empty: Empty,
) -> Outcome<'v> {
    let variables = it.cloned().into_iter().collect();
    Evaluation { facts, empty, variables }.expr(root)
}

struct Evaluation<'a, 'v> {
    facts: &'a Facts<'v>,
    empty: Empty,
    /// Of the macros that are open, from the outside.
    variables: Vec<Value<'v>>,
}

impl<'v> Evaluation<'_, 'v> {
    fn expr(&mut self, expr: &'v Expr) -> Outcome<'v> {
        let at = expr.at;
        match &expr.kind {
            Kind::Literal(literal) => Ok(value(literal)),
            Kind::Name(name, place) => self.name(name, *place, at),
            Kind::Select(of, key) => {
                let of = self.expr(of)?;
                member(&of, key).map_err(|why| Stop::error(at, why))
            }
            Kind::Has(of, key) => {
                let of = self.expr(of)?;
                let found = at_key(&of, &Value::from(key.as_str()));
                let found = found.map_err(|why| Stop::error(at, why))?;
                Ok(Value::Bool(found.is_some_and(|value| !matches!(value, Value::Null))))
            }
            Kind::Index(of, index) => {
                let (of, index) = (self.expr(of)?, self.expr(index)?);
                indexed(&of, &index).map_err(|why| Stop::error(at, why))
            }
            Kind::Call(function, arguments) => {
                let arguments = self.all(arguments)?;
                if *function == Function::Flatten && self.empty != Empty::Pass {
                    holds_something(&arguments).map_err(|why| Stop::Empty { at, why })?;
                }
                let called = function.call(&arguments, &self.facts.patterns);
                called.map_err(|why| Stop::error(at, why))
            }
            Kind::List(elements) => Ok(Value::List(self.all(elements)?.into())),
            Kind::Map(entries) => self.map(entries),
            Kind::Not(inner) => Ok(Value::Bool(!self.truth(inner)?)),
            Kind::Minus(inner) => {
                let inner = self.expr(inner)?;
                let zero = match inner {
                    Value::Double(_) => Value::Double(0.0),
                    _ => Value::Int(0),
                };
                apply(Operator::Subtract, &zero, &inner).map_err(|why| Stop::error(at, why))
            }
            Kind::Binary(operator, left, right) => {
                let (left, right) = (self.expr(left)?, self.expr(right)?);
                apply(*operator, &left, &right).map_err(|why| Stop::error(at, why))
            }
            Kind::And(parts) => self.until(parts, false),
            Kind::Or(parts) => self.until(parts, true),
            Kind::Choice(condition, yes, no) => {
                let chosen = if self.truth(condition)? { yes } else { no };
                self.expr(chosen)
            }
            Kind::Macro(mac) => self.quantify(mac),
        }
    }

    fn all(&mut self, exprs: &'v [Expr]) -> Result<Vec<Value<'v>>, Stop> {
        exprs.iter().map(|expr| self.expr(expr)).collect()
    }

    /// An expression that has to be true or false.
    fn truth(&mut self, expr: &'v Expr) -> Result<bool, Stop> {
        match self.expr(expr)? {
            Value::Bool(truth) => Ok(truth),
            other => {
                let why = format!("true or false is wanted, and it is {}", other.kind());
                Err(Stop::error(expr.at, why))
            }
        }
    }

    /// Looks at one after the other until one has the value that decides.
    fn until(&mut self, parts: &'v [Expr], decides: bool) -> Outcome<'v> {
        for part in parts {
            if self.truth(part)? == decides {
                return Ok(Value::Bool(decides));
            }
        }
        Ok(Value::Bool(!decides))
    }

    fn name(&self, name: &str, place: Place, at: u32) -> Outcome<'v> {
        let found = match place {
            Place::Variable(number) => self.variables.get(number).cloned(),
            Place::Facts => self.facts.view.get(name).map(Value::from),
            Place::Unknown => None,
        };
        found.ok_or_else(|| Stop::error(at, format!("`{name}` is not among the facts")))
    }

    fn map(&mut self, entries: &'v [(Expr, Expr)]) -> Outcome<'v> {
        let mut made: Vec<(Value<'v>, Value<'v>)> = Vec::new();
        for (key, value) in entries {
            let (name, value) = (self.expr(key)?, self.expr(value)?);
            let fits =
                matches!(name, Value::Text(_) | Value::Int(_) | Value::Uint(_) | Value::Bool(_));
            if !fits {
                return Err(Stop::error(key.at, format!("{} is no key", name.kind())));
            }
            if made.iter().any(|(other, _)| same_key(other, &name)) {
                return Err(Stop::error(key.at, "the key stands twice"));
            }
            made.push((name, value));
        }
        Ok(Value::Map(made.into()))
    }

    fn quantify(&mut self, mac: &'v Macro) -> Outcome<'v> {
        let over = match self.expr(&mac.over)? {
            // Of a map the keys are asked.
            Value::Members(members) => {
                Value::List(members.keys().map(|name| Value::from(name.as_str())).collect())
            }
            Value::Map(entries) => {
                Value::List(entries.iter().map(|(key, _)| key.clone()).collect())
            }
            other => other,
        };
        let Some(elements) = over.elements() else {
            let why =
                format!("`{}` is asked of a list, and this is {}", mac.what.name(), over.kind());
            return Err(Stop::error(mac.over.at, why));
        };
        let count = over.len().unwrap_or_default();
        if count == 0 && (self.empty != Empty::Pass || mac.documents) {
            return Err(nothing(mac));
        }
        let mut met = 0_usize;
        let mut made = Vec::new();
        for element in elements {
            self.variables.push(element.clone());
            let answer = self.element(mac);
            self.variables.pop();
            match answer? {
                None => {}
                Some(Value::Bool(true)) if mac.what != Quantifier::Map => {
                    met += 1;
                    if mac.what == Quantifier::Filter {
                        made.push(element);
                    }
                }
                Some(Value::Bool(false)) if mac.what != Quantifier::Map => {}
                Some(value) => made.push(value),
            }
        }
        Ok(match mac.what {
            Quantifier::All => Value::Bool(met == count),
            Quantifier::Exists => Value::Bool(met > 0),
            Quantifier::ExistsOne => Value::Bool(met == 1),
            Quantifier::Filter | Quantifier::Map => Value::List(made.into()),
        })
    }

    /// What a macro makes of the innermost variable; none where `map` leaves it out.
    fn element(&mut self, mac: &'v Macro) -> Result<Option<Value<'v>>, Stop> {
        if let Some(only) = &mac.only
            && !self.truth(only)?
        {
            return Ok(None);
        }
        match mac.what {
            Quantifier::Map => self.expr(&mac.body).map(Some),
            _ => self.truth(&mac.body).map(|truth| Some(Value::Bool(truth))),
        }
    }
}

/// What is said of a quantifier over an empty list.
fn nothing(mac: &Macro) -> Stop {
    let name = mac.what.name();
    let why = match mac.documents {
        true => format!("`{name}` is asked of no document at all"),
        false => format!("`{name}` is asked of an empty list"),
    };
    Stop::Empty { at: mac.over.at, why }
}

/// That no list in a list is empty. In a flat list it is not to be seen: of two documents, one may hold
/// nothing, and the other would be all that is asked.
fn holds_something(arguments: &[Value<'_>]) -> Result<(), String> {
    let lists = arguments.first().and_then(Value::elements);
    match lists.into_iter().flatten().position(|list| list.len() == Some(0)) {
        Some(number) => Err(format!("`flatten` comes upon an empty list, element {number}")),
        None => Ok(()),
    }
}

fn value(literal: &Literal) -> Value<'_> {
    match literal {
        Literal::Null => Value::Null,
        Literal::Bool(truth) => Value::Bool(*truth),
        Literal::Int(number) => Value::Int(*number),
        Literal::Uint(number) => Value::Uint(*number),
        Literal::Double(number) => Value::Double(*number),
        Literal::Text(text) => Value::from(text.as_str()),
        Literal::Bytes(bytes) => Value::Bytes(bytes.as_slice().into()),
    }
}

/// What stands under a key that has to be there.
fn member<'v>(of: &Value<'v>, key: &'v str) -> Result<Value<'v>, String> {
    match at_key(of, &Value::from(key)) {
        Ok(Some(value)) => Ok(value),
        Ok(None) => Err(format!("there is no key `{key}`; `has(….{key})` asks whether there is")),
        Err(_) => Err(format!("{} has no key `{key}`", of.kind())),
    }
}

fn indexed<'v>(of: &Value<'v>, index: &Value<'v>) -> Result<Value<'v>, String> {
    let Some(mut elements) = of.elements() else {
        let found = at_key(of, index)?;
        return found.ok_or_else(|| format!("there is no key `{}`", index.shown()));
    };
    let place = match index {
        Value::Int(number) => usize::try_from(*number).ok(),
        Value::Uint(number) => usize::try_from(*number).ok(),
        other => return Err(format!("a list has places and not {}", other.kind())),
    };
    let found = place.and_then(|place| elements.nth(place));
    found.ok_or_else(|| {
        let count = of.len().unwrap_or_default();
        format!("the list has {count} elements, and {} is none of their places", index.shown())
    })
}
