//! Walks the syntax tree of a module: every reference and every call in it.
//!
//! With a stack of its own: expressions nest up to 32 times, but a sum of a thousand terms is a tree of
//! a thousand.

use std::fmt;

use regorus::unstable::{
    AssignOp, BoolOp, Expr, Import, Literal, LiteralStmt, Module, Query, Ref, Rule, RuleHead, Span,
};

use crate::path::Path;

/// Something that names something.
#[derive(Debug)]
pub(crate) enum Met<'a> {
    /// A name, and what follows it: `input.a[b]`.
    Reference(Reference<'a>),
    /// What `with` replaces.
    Replaced(Reference<'a>),
    /// A name that is compared with constant texts.
    Compared(Reference<'a>, Vec<String>),
    /// A call by a name; none where the name is no constant.
    Call { span: &'a Span, name: Option<Vec<String>>, arguments: &'a [Ref<Expr>] },
}

/// A name, and what follows it.
#[derive(Debug)]
pub(crate) struct Reference<'a> {
    pub(crate) span: &'a Span,
    pub(crate) root: &'a str,
    pub(crate) steps: Vec<Step>,
    /// Whether there is a default where it is nothing: `object.get`.
    pub(crate) default: bool,
}

/// What follows a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// `.name` or `["name"]`.
    Name(String),
    /// `[…]` with anything else in it.
    Other,
}

impl<'a> Reference<'a> {
    /// What lies behind it.
    pub(crate) fn followed_by(&self, steps: &[Step]) -> Self {
        let steps = self.steps.iter().chain(steps).cloned().collect();
        Self { span: self.span, root: self.root, steps, default: self.default }
    }

    /// Without its last steps.
    pub(crate) fn without(&self, steps: usize) -> Self {
        let steps = self.steps.len().saturating_sub(steps);
        Self { steps: self.steps[..steps].to_vec(), ..*self }
    }

    /// What is at a path under `data`.
    pub(crate) fn to(path: &Path, span: &'a Span) -> Self {
        let steps = path.0.iter().cloned().map(Step::Name).collect();
        Self { span, root: "data", steps, default: false }
    }

    /// The path under `data` that it is, if it is one.
    pub(crate) fn path(&self) -> Option<Path> {
        let names: Vec<String> = self.names().into_iter().map(str::to_owned).collect();
        (self.root == "data" && names.len() == self.steps.len()).then_some(Path(names))
    }

    /// The constant names before anything else.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.steps
            .iter()
            .map_while(|step| match step {
                Step::Name(name) => Some(name.as_str()),
                Step::Other => None,
            })
            .collect()
    }
}

impl fmt::Display for Reference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.root)?;
        self.steps.iter().try_for_each(|step| match step {
            Step::Name(name) => write!(f, ".{name}"),
            Step::Other => f.write_str("[…]"),
        })
    }
}

enum Work<'a> {
    Expr(&'a Expr),
    Query(&'a Query),
}

/// Everything that the rules of a module name. Imports are not among it: [`import`] reads those.
pub(crate) fn each<'a>(module: &'a Module, mut meet: impl FnMut(Met<'a>)) {
    module.policy.iter().for_each(|one| rule(one, &mut meet));
}

/// Everything that a rule names.
pub(crate) fn rule<'a>(rule: &'a Rule, meet: &mut impl FnMut(Met<'a>)) {
    let mut work = Vec::new();
    match rule {
        Rule::Default { refr, args, value, .. } => {
            indices(refr, &mut work);
            work.extend(args.iter().map(|arg| Work::Expr(arg)));
            work.push(Work::Expr(value));
        }
        Rule::Spec { head, bodies, .. } => {
            let (refr, assign) = match head {
                RuleHead::Compr { refr, assign, .. } => (refr, assign),
                RuleHead::Func { refr, args, assign, .. } => {
                    work.extend(args.iter().map(|arg| Work::Expr(arg)));
                    (refr, assign)
                }
                RuleHead::Set { refr, key, .. } => {
                    work.extend(key.iter().map(|key| Work::Expr(key)));
                    (refr, &None)
                }
            };
            indices(refr, &mut work);
            let assigned = assign.iter().chain(bodies.iter().filter_map(|b| b.assign.as_ref()));
            work.extend(assigned.map(|assign| Work::Expr(&assign.value)));
            work.extend(bodies.iter().map(|body| Work::Query(&body.query)));
        }
    }
    while let Some(next) = work.pop() {
        match next {
            Work::Expr(expr) => expression(expr, &mut work, meet),
            Work::Query(query) => {
                query.stmts.iter().for_each(|stmt| statement(stmt, &mut work, meet));
            }
        }
    }
}

/// What an import names, with the name by which the module speaks of it.
pub(crate) fn import(import: &Import) -> Option<(Reference<'_>, String)> {
    let reference = reference(&import.refr, &mut Vec::new())?;
    let alias = match (&import.r#as, reference.steps.last()) {
        (Some(alias), _) => alias.text().to_owned(),
        (None, Some(Step::Name(name))) => name.clone(),
        (None, _) => reference.root.to_owned(),
    };
    Some((reference, alias))
}

/// The constant names that a rule's head or a package begins with, and whether something else follows.
pub(crate) fn head(refr: &Expr) -> Option<(Vec<String>, bool)> {
    let reference = reference(refr, &mut Vec::new())?;
    let mut names = vec![reference.root.to_owned()];
    names.extend(reference.names().into_iter().map(str::to_owned));
    let whole = names.len() == reference.steps.len() + 1;
    Some((names, !whole))
}

fn statement<'a>(stmt: &'a LiteralStmt, work: &mut Vec<Work<'a>>, meet: &mut impl FnMut(Met<'a>)) {
    match &stmt.literal {
        Literal::SomeVars { .. } => {}
        Literal::SomeIn { key, value, collection, .. } => {
            work.extend(key.iter().chain([value, collection]).map(|expr| Work::Expr(expr)));
        }
        Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => work.push(Work::Expr(expr)),
        Literal::Every { domain, query, .. } => {
            work.push(Work::Expr(domain));
            work.push(Work::Query(query));
        }
    }
    for modifier in &stmt.with_mods {
        work.push(Work::Expr(&modifier.r#as));
        if let Some(replaced) = reference(&modifier.refr, work) {
            meet(Met::Replaced(replaced));
        }
    }
}

fn expression<'a>(expr: &'a Expr, work: &mut Vec<Work<'a>>, meet: &mut impl FnMut(Met<'a>)) {
    let mut push = |expr: &'a Ref<Expr>| work.push(Work::Expr(expr));
    match expr {
        Expr::String { .. }
        | Expr::RawString { .. }
        | Expr::Number { .. }
        | Expr::Bool { .. }
        | Expr::Null { .. } => {}
        Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => {
            if let Some(reference) = reference(expr, work) {
                meet(Met::Reference(reference));
            }
        }
        Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().for_each(push),
        Expr::Object { fields, .. } => fields.iter().for_each(|(_, key, value)| {
            push(key);
            push(value);
        }),
        Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
            push(term);
            work.push(Work::Query(query));
        }
        Expr::ObjectCompr { key, value, query, .. } => {
            push(key);
            push(value);
            work.push(Work::Query(query));
        }
        Expr::Call { fcn, params, .. } => call(fcn, params, work, meet),
        Expr::UnaryExpr { expr, .. } => push(expr),
        Expr::BoolExpr { op: BoolOp::Eq | BoolOp::Ne, lhs, rhs, .. }
        | Expr::AssignExpr { op: AssignOp::Eq, lhs, rhs, .. } => {
            [lhs, rhs].into_iter().for_each(push);
            compared(lhs, [rhs], meet);
            compared(rhs, [lhs], meet);
        }
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => [lhs, rhs].into_iter().for_each(push),
        Expr::Membership { key, value, collection, .. } => {
            key.iter().chain([value, collection]).for_each(push);
            if let Expr::Array { items, .. } | Expr::Set { items, .. } = collection.as_ref() {
                compared(value, items, meet);
            }
        }
    }
}

fn call<'a>(
    fcn: &'a Ref<Expr>,
    params: &'a [Ref<Expr>],
    work: &mut Vec<Work<'a>>,
    meet: &mut impl FnMut(Met<'a>),
) {
    let name = head(fcn).and_then(|(names, more)| (!more).then_some(names));
    let mut walked = params;
    // `object.get(input, "a", x)` is `input.a`, or x.
    if let (Some(["object", "get"]), [object, key, ..]) = (strs(name.as_deref()).as_deref(), params)
        && let Some(mut reference) = reference(object, &mut Vec::new())
        && let Some(names) = constants(key)
    {
        reference.steps.extend(names.into_iter().map(Step::Name));
        reference.default = true;
        let _ = self::reference(object, work);
        meet(Met::Reference(reference));
        walked = &params[2..];
    }
    work.extend(walked.iter().map(|param| Work::Expr(param)));
    meet(Met::Call { span: fcn.span(), name, arguments: params });
}

/// Meets a name that is compared with constant texts, if it is.
fn compared<'a>(
    name: &'a Expr,
    with: impl IntoIterator<Item = &'a Ref<Expr>>,
    meet: &mut impl FnMut(Met<'a>),
) {
    let words: Vec<String> = with.into_iter().filter_map(|expr| constant(expr)).collect();
    if let (false, Some(reference)) = (words.is_empty(), reference(name, &mut Vec::new())) {
        meet(Met::Compared(reference, words));
    }
}

fn strs(names: Option<&[String]>) -> Option<Vec<&str>> {
    names.map(|names| names.iter().map(String::as_str).collect())
}

/// The names that the key of `object.get` stands for, as far as they are constants.
fn constants(key: &Expr) -> Option<Vec<String>> {
    match key {
        Expr::Array { items, .. } => {
            let names: Vec<String> = items.iter().map_while(|item| constant(item)).collect();
            (!names.is_empty()).then_some(names)
        }
        other => constant(other).map(|name| vec![name]),
    }
}

/// The text that an expression is, if it is one.
pub(crate) fn constant(expr: &Expr) -> Option<String> {
    match expr {
        Expr::String { value, .. } | Expr::RawString { value, .. } => {
            value.as_string().ok().map(|text| text.to_string())
        }
        _ => None,
    }
}

/// The reference that an expression is, if it begins with a name.
pub(crate) fn named(expr: &Expr) -> Option<Reference<'_>> {
    reference(expr, &mut Vec::new())
}

/// Takes a reference apart; what stands in brackets is left for later. None where it does not begin
/// with a name: then that is left for later, too.
fn reference<'a>(expr: &'a Expr, work: &mut Vec<Work<'a>>) -> Option<Reference<'a>> {
    let mut steps = Vec::new();
    let mut at = expr;
    loop {
        match at {
            Expr::RefDot { refr, field, .. } => {
                steps.push(Step::Name(field.0.text().to_owned()));
                at = refr;
            }
            Expr::RefBrack { refr, index, .. } => {
                match constant(index) {
                    Some(name) => steps.push(Step::Name(name)),
                    None => {
                        steps.push(Step::Other);
                        work.push(Work::Expr(index));
                    }
                }
                at = refr;
            }
            Expr::Var { span, .. } => {
                steps.reverse();
                return Some(Reference { span, root: span.text(), steps, default: false });
            }
            other => {
                work.push(Work::Expr(other));
                return None;
            }
        }
    }
}

/// Leaves for later what stands in the brackets of a rule's head: its name names nothing else.
fn indices<'a>(refr: &'a Expr, work: &mut Vec<Work<'a>>) {
    let _ = reference(refr, work);
}
