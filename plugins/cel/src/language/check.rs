//! What can be seen to be wrong before there are any facts.
//!
//! Names and keys are looked up in [`shapes`](super::shapes), so that a key that does not exist, or whose
//! section `input` does not name, is a problem of the settings and not of a release. What a predicate
//! holds is not known; there only the evaluation can tell. A map of the facts never loses its type, or
//! `has` could be asked of a key whose section is not there and would say no.

use std::collections::BTreeSet;
use std::rc::Rc;

use lockgate_facts::Section;

use super::ast::{Expr, Kind, Literal, Macro, Operator, Place, Quantifier};
use super::first::{MIXED, comes_of_documents, path, picked, single};
use super::functions::Function;
use super::operands::{arithmetic, contains, equates, literal_type, mismatch, orders, words_fit};
use super::shapes::{Key, Shape, VIEW};
use super::types::Type;
use super::{Flaw, moment, pattern};

/// What an expression can speak of.
#[derive(Debug, Clone)]
pub(crate) struct Scope<'a> {
    /// The sections of `input`.
    pub(crate) sections: &'a [Section],
    /// The type of `it`, where the expression is asked of each of several.
    pub(crate) it: Option<Type>,
}

/// What is known of an expression that nothing is wrong with.
#[derive(Debug)]
pub(crate) struct Checked {
    pub(crate) ty: Type,
    pub(crate) sections: BTreeSet<&'static str>,
    pub(crate) names: BTreeSet<String>,
}

/// Checks an expression, and notes in it where its names are found.
pub(crate) fn check(root: &mut Expr, scope: &Scope<'_>) -> Result<Checked, Flaw> {
    let mut checker = Checker {
        sections: scope.sections,
        variables: Vec::new(),
        read: BTreeSet::new(),
        names: BTreeSet::new(),
        single: Vec::new(),
    };
    if let Some(it) = &scope.it {
        checker.variables.push(Variable { name: "it".into(), ty: it.clone(), used: false });
    }
    let ty = checker.expr(root)?;
    if let Some(it) = checker.variables.first()
        && it.used
    {
        checker.names.insert("it".into());
    }
    Ok(Checked { ty, sections: checker.read, names: checker.names })
}

struct Checker<'a> {
    sections: &'a [Section],
    variables: Vec<Variable>,
    read: BTreeSet<&'static str>,
    names: BTreeSet<String>,
    /// The lists of which is known, where it is looked, that they have one element.
    single: Vec<String>,
}

struct Variable {
    name: String,
    ty: Type,
    used: bool,
}

impl Checker<'_> {
    fn expr(&mut self, expr: &mut Expr) -> Result<Type, Flaw> {
        let at = expr.at;
        match &mut expr.kind {
            Kind::Literal(literal) => Ok(literal_type(literal)),
            Kind::Name(name, place) => self.name(name, place).map_err(|why| Flaw::at(at, why)),
            Kind::Select(of, key) => self.select(of, key, at),
            Kind::Has(of, key) => self.has(of, key, at),
            Kind::Index(of, index) => self.index(of, index, at),
            Kind::Call(function, arguments) => self.call(*function, arguments, at),
            Kind::List(elements) => self.list(elements),
            Kind::Map(entries) => self.map(entries),
            Kind::Not(inner) => self.truth(inner).map(|()| Type::Bool),
            Kind::Minus(inner) => {
                let ty = self.expr(inner)?;
                match ty.stated() {
                    Type::Any | Type::Int | Type::Double => Ok(ty.stated().clone()),
                    other => Err(Flaw::at(inner.at, format!("`-` is not for {other}"))),
                }
            }
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, at),
            Kind::And(parts) => self.guarded(parts, Operator::Equal),
            Kind::Or(parts) => self.guarded(parts, Operator::Unequal),
            Kind::Choice(condition, yes, no) => {
                self.truth(condition)?;
                let before = self.single.len();
                self.single.extend(single(condition, Operator::Equal));
                let one = self.expr(yes)?;
                self.single.truncate(before);
                let other = self.expr(no)?;
                one.joined(&other).ok_or_else(|| {
                    Flaw::at(no.at, format!("one branch gives {one} and the other {other}"))
                })
            }
            Kind::Macro(mac) => self.quantify(mac, at),
        }
    }

    /// Parts of which one is asked after the other, until one decides: `size(a) == 1 &&` says of all that
    /// follows that there is one, and so does `size(a) != 1 ||`.
    fn guarded(&mut self, parts: &mut [Expr], sign: Operator) -> Result<Type, Flaw> {
        let before = self.single.len();
        for part in parts {
            self.truth(part)?;
            self.single.extend(single(part, sign));
        }
        self.single.truncate(before);
        Ok(Type::Bool)
    }

    /// An expression that has to be true or false.
    fn truth(&mut self, expr: &mut Expr) -> Result<(), Flaw> {
        let ty = self.expr(expr)?;
        match ty {
            Type::Any | Type::Bool => Ok(()),
            other => Err(Flaw::at(expr.at, format!("true or false is wanted, and it is {other}"))),
        }
    }

    fn asked(&self, word: &str) -> bool {
        let wanted = Section::parse(word);
        wanted.is_ok_and(|wanted| self.sections.iter().any(|section| section.implies(&wanted)))
    }

    fn name(&mut self, name: &str, place: &mut Place) -> Result<Type, String> {
        let found = self.variables.iter_mut().enumerate().rfind(|(_, known)| known.name == *name);
        if let Some((number, variable)) = found {
            variable.used = true;
            *place = Place::Variable(number);
            return Ok(variable.ty.clone());
        }
        if name == "data" {
            return Err("say which data file: `data.NAME`".into());
        }
        let Some(key) = VIEW.key(name) else {
            let known: Vec<&str> = VIEW.keys.iter().map(|key| key.name).collect();
            return Err(format!(
                "there is no `{name}`; the facts are `{}` and `data`",
                known.join("`, `")
            ));
        };
        self.reads(key)?;
        *place = Place::Facts;
        self.names.insert(name.to_owned());
        Ok(Type::from(&key.holds))
    }

    /// Notes that a key is read, if its section is asked for.
    fn reads(&mut self, key: &Key) -> Result<(), String> {
        let Some(word) = key.section else { return Ok(()) };
        if !self.asked(word) {
            let name = key.name;
            return Err(format!(
                "`{name}` belongs to the section `{word}`, which `input` does not name: add it"
            ));
        }
        self.read.insert(word);
        Ok(())
    }

    /// The key of a data file, if that is what is selected.
    fn data_file(&mut self, of: &mut Expr, key: &str, at: u32) -> Option<Result<Type, Flaw>> {
        let Kind::Name(name, place) = &mut of.kind else { return None };
        if name != "data" || self.variables.iter().any(|variable| variable.name == "data") {
            return None;
        }
        let asked = |section: &Section| matches!(section, Section::Data(_)) && section.key() == key;
        if !self.sections.iter().any(asked) {
            let why = format!("`input` does not name the data file `data.{key}`: add it");
            return Some(Err(Flaw::at(at, why)));
        }
        *place = Place::Facts;
        self.names.insert(format!("data.{key}"));
        self.read.insert("data");
        Some(Ok(Type::Any))
    }

    fn select(&mut self, of: &mut Expr, key: &str, at: u32) -> Result<Type, Flaw> {
        if let Some(file) = self.data_file(of, key, at) {
            return file;
        }
        let ty = self.expr(of)?;
        match ty.stated() {
            Type::Any | Type::Map => Ok(Type::Any),
            Type::Shape(shape) => self.key(shape, key, at).map(|key| Type::from(&key.holds)),
            Type::List(_) => {
                let why = format!("a list has no key `{key}`: ask each, `.all(x, x.{key} …)`");
                Err(Flaw::at(at, why))
            }
            other => Err(Flaw::at(at, format!("{other} has no key `{key}`"))),
        }
    }

    fn key(&mut self, shape: &Shape, name: &str, at: u32) -> Result<&'static Key, Flaw> {
        let Some(key) = shape.key(name) else {
            let known: Vec<&str> = shape.keys.iter().map(|key| key.name).collect();
            let why =
                format!("{} has no key `{name}`; it has `{}`", shape.name, known.join("`, `"));
            return Err(Flaw::at(at, why));
        };
        self.reads(key).map_err(|why| Flaw::at(at, why))?;
        Ok(key)
    }

    fn has(&mut self, of: &mut Expr, key: &str, at: u32) -> Result<Type, Flaw> {
        if let Some(file) = self.data_file(of, key, at) {
            file?;
            return Err(Flaw::at(at, format!("`data.{key}` is always there: `input` names it")));
        }
        let ty = self.expr(of)?;
        match ty.stated() {
            Type::Any | Type::Map => Ok(Type::Bool),
            Type::Shape(shape) => {
                let known = self.key(shape, key, at)?;
                match Type::from(&known.holds) {
                    Type::Maybe(_) | Type::Any => Ok(Type::Bool),
                    _ => Err(Flaw::at(at, format!("{} always has `{key}`", shape.name))),
                }
            }
            other => Err(Flaw::at(at, format!("{other} has no key `{key}`"))),
        }
    }

    fn index(&mut self, of: &mut Expr, index: &mut Expr, at: u32) -> Result<Type, Flaw> {
        let ty = self.expr(of)?;
        let by = self.expr(index)?;
        match ty.stated() {
            Type::Any | Type::Map => Ok(Type::Any),
            Type::List(inner) => match by.stated() {
                _ if self.picks(of, index, &ty) => Err(Flaw::at(at, picked(of))),
                Type::Any | Type::Int | Type::Uint => Ok(Type::clone(inner)),
                other => Err(Flaw::at(index.at, format!("a list has places and not {other}"))),
            },
            Type::Shape(shape) => match &index.kind {
                Kind::Literal(Literal::Text(name)) => {
                    self.key(shape, name, index.at).map(|key| Type::from(&key.holds))
                }
                _ => Err(Flaw::at(index.at, format!("a key of {} is written out", shape.name))),
            },
            other => Err(Flaw::at(at, format!("nothing is inside {other}"))),
        }
    }

    /// Whether an index takes one of several of which any may be the first: documents come in the order
    /// of their paths, which whoever delivers them chooses. To count components by their numbers is fine.
    fn picks(&self, of: &Expr, index: &Expr, ty: &Type) -> bool {
        let written = matches!(index.kind, Kind::Literal(_));
        let ordered = matches!(ty.element(), Type::Shape(shape) if shape.in_order());
        let picks = ty.is_documents() || comes_of_documents(of) || ty.has_shape() && written;
        picks && !ordered && !path(of).is_some_and(|path| self.single.contains(&path))
    }

    fn call(&mut self, function: Function, arguments: &mut [Expr], at: u32) -> Result<Type, Flaw> {
        let mut types = Vec::new();
        for argument in arguments.iter_mut() {
            types.push(self.expr(argument)?);
        }
        let ty = function.gives(&types).map_err(|why| Flaw::at(at, why))?;
        if function == Function::Flatten && types[0].element().is_documents() {
            return Err(Flaw::at(at, MIXED));
        }
        // What is written out can be tried.
        let text = |number: usize| match arguments.get(number).map(|argument| &argument.kind) {
            Some(Kind::Literal(Literal::Text(text))) => Some(text.as_str()),
            _ => None,
        };
        let tried = match function {
            Function::Matches => text(1).map(|text| pattern::compiled(text).map(drop)),
            Function::Timestamp => text(0).map(|text| moment::parse(text).map(drop)),
            Function::Duration => text(0).map(|text| moment::parse_span(text).map(drop)),
            _ => None,
        };
        tried.unwrap_or(Ok(())).map_err(|why| Flaw::at(at, why))?;
        if let (Some(words), Type::Bool) = (types.first().and_then(Type::words), &ty)
            && let Some(part) = text(1)
        {
            let asked = |word| function.is_true_of(word, part);
            words.any(asked).map_err(|why| Flaw::at(at, why))?;
        }
        Ok(ty)
    }

    fn list(&mut self, elements: &mut [Expr]) -> Result<Type, Flaw> {
        let mut all: Option<Type> = None;
        // Put together at once: they may be many.
        let mut texts: Vec<Rc<str>> = Vec::new();
        for element in elements {
            let mut ty = self.expr(element)?;
            if let Type::Said(said) = &mut ty {
                texts.extend_from_slice(said);
                *said = Rc::new([]);
            }
            all = Some(match all {
                None => ty,
                Some(before) => before.joined(&ty).ok_or_else(|| {
                    Flaw::at(element.at, format!("the list has {before} and {ty} in it"))
                })?,
            });
        }
        if !texts.is_empty() {
            all = all.and_then(|ty| ty.joined(&Type::Said(texts.into())));
        }
        Ok(Type::List(Rc::new(all.unwrap_or(Type::Any))))
    }

    fn map(&mut self, entries: &mut [(Expr, Expr)]) -> Result<Type, Flaw> {
        for (key, value) in entries {
            let ty = self.expr(key)?;
            let fits = matches!(ty, Type::Any | Type::Int | Type::Uint | Type::Bool);
            if !fits && !ty.is_text() {
                return Err(Flaw::at(key.at, format!("{ty} is no key")));
            }
            let ty = self.expr(value)?;
            if ty.has_shape() {
                return Err(Flaw::at(value.at, format!("{ty} cannot stand in a map")));
            }
        }
        Ok(Type::Map)
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &mut Expr,
        right: &mut Expr,
        at: u32,
    ) -> Result<Type, Flaw> {
        let (one, other) = (self.expr(left)?, self.expr(right)?);
        let by_zero = matches!(right.kind, Kind::Literal(Literal::Int(0) | Literal::Uint(0)));
        if by_zero && matches!(operator, Operator::Divide | Operator::Rest) {
            return Err(Flaw::at(right.at, "nothing is divided by 0"));
        }
        let gives = match operator {
            Operator::Equal | Operator::Unequal => equates(&one, &other),
            Operator::Less | Operator::AtMost | Operator::More | Operator::AtLeast => {
                orders(&one, &other)
            }
            Operator::In => contains(&one, &other),
            _ => None,
        };
        if let Some(gives) = gives {
            words_fit(operator, &one, &other, right).map_err(|why| Flaw::at(at, why))?;
            return gives.then_some(Type::Bool).ok_or_else(|| mismatch(operator, &one, &other, at));
        }
        if one.is_documents() || other.is_documents() {
            return Err(Flaw::at(at, MIXED));
        }
        arithmetic(operator, &one, &other).ok_or_else(|| mismatch(operator, &one, &other, at))
    }

    fn quantify(&mut self, mac: &mut Macro, at: u32) -> Result<Type, Flaw> {
        let over = self.expr(&mut mac.over)?;
        let element = match over.stated() {
            Type::List(inner) => Type::clone(inner),
            Type::Any | Type::Map => Type::Any,
            other => {
                let why = format!("`{}` is asked of a list, and this is {other}", mac.what.name());
                return Err(Flaw::at(mac.over.at, why));
            }
        };
        mac.documents = over.is_documents();
        let name = &mac.variable;
        let taken = VIEW.key(name).is_some()
            || name == "data"
            || self.variables.iter().any(|variable| variable.name == *name);
        if taken {
            let why = format!("`{name}` is something else already: call the variable otherwise");
            return Err(Flaw::at(at, why));
        }
        self.variables.push(Variable { name: name.clone(), ty: element, used: false });
        if let Some(only) = &mut mac.only {
            self.truth(only)?;
        }
        let gives = match mac.what {
            Quantifier::Map => Type::List(Rc::new(self.expr(&mut mac.body)?)),
            Quantifier::Filter => {
                self.truth(&mut mac.body)?;
                over.stated().clone()
            }
            Quantifier::All | Quantifier::Exists | Quantifier::ExistsOne => {
                self.truth(&mut mac.body)?;
                Type::Bool
            }
        };
        match self.variables.pop() {
            Some(Variable { used: false, name, .. }) => Err(Flaw::at(
                mac.body.at,
                format!("it does not depend on `{name}`; `size(…)` says how many there are"),
            )),
            _ => Ok(gives),
        }
    }
}
