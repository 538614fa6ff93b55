//! The variables of a rule, and which of them nothing gives a value.
//!
//! A name that is no rule is a variable, and one that stands beside `=` or in brackets is given whatever
//! fits: a misspelled rule there is true of everything. Elsewhere it has no value, which the interpreter
//! finds out while it evaluates, or never.
//!
//! With a stack of its own, like [`crate::walk`].

use std::collections::{BTreeMap, BTreeSet};

use regorus::unstable::{
    AssignOp, Expr, Literal, LiteralStmt, Query, Ref, Rule, RuleBody, RuleHead, Span,
};

use crate::walk;

/// What is asked of the modules.
pub(crate) struct Names<'a> {
    /// Whether a name is a rule of the package or an import.
    pub(crate) known: &'a dyn Fn(&str) -> bool,
    /// How many parameters a function has.
    pub(crate) parameters: &'a dyn Fn(&[String]) -> Vec<usize>,
}

/// What is found in a rule.
#[derive(Debug, Default)]
pub(crate) struct Found<'a> {
    /// Where local variables stand, from the start of the module, and what each is where that is known.
    pub(crate) locals: Vec<(u32, Option<Source<'a>>)>,
    /// Which of them are wrong, and why.
    pub(crate) wrong: Vec<(&'a Span, String)>,
}

/// What a variable is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Source<'a> {
    /// `x := …`
    Value(&'a Expr),
    /// `some x in …`, `every x in …`
    Element(&'a Expr),
}

/// How a variable stands where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stands {
    /// Its value is used.
    Used,
    /// It is given a value, if it has none yet.
    Given,
    /// As the last argument of a call, for what the call returns. It need not be used any further.
    Returned,
}

struct Occurrence<'a> {
    scope: usize,
    span: &'a Span,
    stands: Stands,
}

/// A query, or the arguments of a function.
#[derive(Default)]
struct Scope<'a> {
    around: Option<usize>,
    declared: BTreeMap<&'a str, Declared<'a>>,
}

/// A variable that is declared.
#[derive(Clone, Copy)]
struct Declared<'a> {
    /// Whether that gives it a value.
    given: bool,
    source: Option<Source<'a>>,
}

enum Work<'a> {
    Expr(&'a Expr, usize, Stands),
    Query(&'a Query, usize),
}

/// Looks at a rule.
pub(crate) fn of<'a>(rule: &'a Rule, names: &Names<'_>) -> Found<'a> {
    let mut reader = Reader { names, scopes: vec![Scope::default()], met: vec![], work: vec![] };
    reader.rule(rule);
    while let Some(next) = reader.work.pop() {
        match next {
            Work::Expr(expr, scope, stands) => reader.expression(expr, scope, stands),
            Work::Query(query, scope) => {
                query.stmts.iter().for_each(|stmt| reader.statement(stmt, scope));
            }
        }
    }
    reader.found()
}

struct Reader<'a, 'n> {
    names: &'n Names<'n>,
    scopes: Vec<Scope<'a>>,
    met: Vec<Occurrence<'a>>,
    work: Vec<Work<'a>>,
}

impl<'a> Reader<'a, '_> {
    fn rule(&mut self, rule: &'a Rule) {
        match rule {
            Rule::Default { args, value, .. } => {
                args.iter().for_each(|arg| self.declare(arg, 0, None));
                self.push(value, 0);
            }
            Rule::Spec { head, bodies, .. } => {
                if let RuleHead::Func { args, .. } = head {
                    args.iter().for_each(|arg| self.declare(arg, 0, None));
                }
                if bodies.is_empty() {
                    let scope = self.inside(0);
                    self.head(head, scope);
                }
                for body in bodies {
                    self.body(head, body);
                }
            }
        }
    }

    /// A body with what it makes of the head: `else` has its own value.
    fn body(&mut self, head: &'a RuleHead, body: &'a RuleBody) {
        let scope = self.inside(0);
        if !body.is_else {
            self.head(head, scope);
        }
        if let Some(assign) = &body.assign {
            self.push(&assign.value, scope);
        }
        self.work.push(Work::Query(&body.query, scope));
    }

    fn head(&mut self, head: &'a RuleHead, scope: usize) {
        let (refr, value) = match head {
            RuleHead::Compr { refr, assign, .. } | RuleHead::Func { refr, assign, .. } => {
                (refr, assign.as_ref().map(|assign| &assign.value))
            }
            RuleHead::Set { refr, key, .. } => (refr, key.as_ref()),
        };
        value.into_iter().for_each(|value| self.push(value, scope));
        let mut at: &Expr = refr;
        loop {
            match at {
                Expr::RefDot { refr, .. } => at = refr,
                Expr::RefBrack { refr, index, .. } => {
                    self.push(index, scope);
                    at = refr;
                }
                _ => return,
            }
        }
    }

    fn statement(&mut self, stmt: &'a LiteralStmt, scope: usize) {
        match &stmt.literal {
            Literal::SomeVars { vars, .. } => {
                for var in vars {
                    let declared = Declared { given: false, source: None };
                    self.scopes[scope].declared.entry(var.text()).or_insert(declared);
                }
            }
            Literal::SomeIn { key, value, collection, .. } => {
                key.iter().for_each(|key| self.declare(key, scope, None));
                self.declare(value, scope, Some(Source::Element(collection)));
                self.push(collection, scope);
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => self.push(expr, scope),
            Literal::Every { key, value, domain, query, .. } => {
                self.push(domain, scope);
                let scope = self.inside(scope);
                let element = Some(Source::Element(domain));
                for (var, source) in key.iter().map(|key| (key, None)).chain([(value, element)]) {
                    let declared = Declared { given: true, source };
                    self.scopes[scope].declared.insert(var.text(), declared);
                }
                self.work.push(Work::Query(query, scope));
            }
        }
        stmt.with_mods.iter().for_each(|modifier| self.push(&modifier.r#as, scope));
    }

    fn expression(&mut self, expr: &'a Expr, scope: usize, stands: Stands) {
        match expr {
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. } => {}
            Expr::Var { span, .. } => self.met.push(Occurrence { scope, span, stands }),
            Expr::RefDot { refr, .. } => self.push(refr, scope),
            Expr::RefBrack { refr, index, .. } => {
                self.push(refr, scope);
                self.work.push(Work::Expr(index, scope, Stands::Given));
            }
            Expr::Array { items, .. } => {
                self.work.extend(items.iter().map(|item| Work::Expr(item, scope, stands)));
            }
            Expr::Set { items, .. } => items.iter().for_each(|item| self.push(item, scope)),
            Expr::Object { fields, .. } => {
                for (_, key, value) in fields {
                    self.push(key, scope);
                    self.work.push(Work::Expr(value, scope, stands));
                }
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                let scope = self.inside(scope);
                self.push(term, scope);
                self.work.push(Work::Query(query, scope));
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                let scope = self.inside(scope);
                [key, value].into_iter().for_each(|expr| self.push(expr, scope));
                self.work.push(Work::Query(query, scope));
            }
            Expr::Call { fcn, params, .. } => self.call(fcn, params, scope),
            Expr::UnaryExpr { expr, .. } => self.push(expr, scope),
            Expr::BinExpr { lhs, rhs, .. }
            | Expr::BoolExpr { lhs, rhs, .. }
            | Expr::ArithExpr { lhs, rhs, .. } => {
                [lhs, rhs].into_iter().for_each(|expr| self.push(expr, scope));
            }
            Expr::AssignExpr { op: AssignOp::ColEq, lhs, rhs, .. } => {
                self.declare(lhs, scope, Some(Source::Value(rhs)));
                self.push(rhs, scope);
            }
            Expr::AssignExpr { lhs, rhs, .. } => {
                self.work.push(Work::Expr(lhs, scope, Stands::Given));
                self.work.push(Work::Expr(rhs, scope, Stands::Given));
            }
            Expr::Membership { key, value, collection, .. } => {
                key.iter().chain([value, collection]).for_each(|expr| self.push(expr, scope));
            }
        }
    }

    fn call(&mut self, fcn: &Expr, params: &'a [Ref<Expr>], scope: usize) {
        let counts = match walk::head(fcn) {
            Some((names, false)) => (self.names.parameters)(&names),
            _ => Vec::new(),
        };
        let returned = counts.iter().any(|count| count + 1 == params.len());
        for (number, param) in params.iter().enumerate() {
            let last = number + 1 == params.len();
            let stands = if returned && last { Stands::Returned } else { Stands::Used };
            self.work.push(Work::Expr(param, scope, stands));
        }
    }

    fn push(&mut self, expr: &'a Expr, scope: usize) {
        self.work.push(Work::Expr(expr, scope, Stands::Used));
    }

    fn inside(&mut self, around: usize) -> usize {
        self.scopes.push(Scope { around: Some(around), ..Scope::default() });
        self.scopes.len() - 1
    }

    /// Declares all variables of a pattern; what else stands in it is looked at. A pattern that is one
    /// variable is what its source says.
    fn declare(&mut self, pattern: &'a Expr, at: usize, source: Option<Source<'a>>) {
        let source = source.filter(|_| matches!(pattern, Expr::Var { .. }));
        let mut patterns = vec![pattern];
        while let Some(pattern) = patterns.pop() {
            match pattern {
                Expr::Var { span, .. } => {
                    let scope = &mut self.scopes[at].declared;
                    // Declared twice, it is one or the other.
                    let source = source.filter(|_| !scope.contains_key(span.text()));
                    scope.insert(span.text(), Declared { given: true, source });
                    self.met.push(Occurrence { scope: at, span, stands: Stands::Given });
                }
                Expr::Array { items, .. } => patterns.extend(items.iter().map(AsRef::as_ref)),
                Expr::Object { fields, .. } => {
                    for (_, key, value) in fields {
                        self.push(key, at);
                        patterns.push(value);
                    }
                }
                other => self.push(other, at),
            }
        }
    }

    /// Which scope a variable belongs to, and how that declares it, if it does.
    fn owner(
        &self,
        met: &Occurrence<'_>,
        free: &BTreeSet<(usize, &str)>,
    ) -> (usize, Option<Declared<'a>>) {
        let name = met.span.text();
        let (mut owner, mut next) = (met.scope, Some(met.scope));
        while let Some(at) = next {
            if let Some(&declared) = self.scopes[at].declared.get(name) {
                return (at, Some(declared));
            }
            if free.contains(&(at, name)) {
                owner = at;
            }
            next = self.scopes[at].around;
        }
        (owner, None)
    }

    fn found(&self) -> Found<'a> {
        let named = |met: &&Occurrence<'a>| !matches!(met.span.text(), "_" | "input" | "data");
        let met: Vec<&Occurrence<'a>> = self.met.iter().filter(named).collect();
        let free = met.iter().map(|met| (met.scope, met.span.text())).collect();
        let mut found = Found::default();
        let mut variables: BTreeMap<(usize, &str), Variable<'a>> = BTreeMap::new();
        for met in met {
            let (owner, declared) = self.owner(met, &free);
            if declared.is_none() && (self.names.known)(met.span.text()) {
                continue;
            }
            found.locals.push((met.span.start, declared.and_then(|declared| declared.source)));
            let first = Variable { span: met.span, declared: declared.is_some(), stands: vec![] };
            let variable = variables.entry((owner, met.span.text())).or_insert(first);
            let given = declared.is_some_and(|declared| declared.given);
            variable.stands.push(if given { Stands::Given } else { met.stands });
        }
        found.wrong = variables.values().filter_map(Variable::wrong).collect();
        found.wrong.sort_by_key(|(span, _)| span.start);
        found
    }
}

struct Variable<'a> {
    span: &'a Span,
    declared: bool,
    /// How it stands wherever it stands.
    stands: Vec<Stands>,
}

impl<'a> Variable<'a> {
    fn wrong(&self) -> Option<(&'a Span, String)> {
        let name = self.span.text();
        let why = match (self.declared, self.stands.as_slice()) {
            (false, [Stands::Given]) => format!(
                "`{name}` is no rule and is used once, so it is whatever fits: write `_`, or `some \
                 {name}`"
            ),
            (_, stands) if stands.iter().any(|stands| *stands != Stands::Used) => return None,
            (true, _) => format!("nothing gives `{name}` a value"),
            (false, _) => {
                format!("`{name}` is no rule and no import, and nothing gives it a value")
            }
        };
        Some((self.span, why))
    }
}

#[cfg(test)]
mod tests {
    use regorus::Engine;

    use super::*;

    fn wrong(rule: &str) -> Vec<String> {
        let mut engine = Engine::new();
        engine.add_policy("a".into(), format!("package a\nimport rego.v1\n{rule}")).unwrap();
        let module = &engine.get_modules()[0];
        let parameters = |names: &[String]| match names.join(".").as_str() {
            "walk" | "f" => vec![1],
            _ => vec![],
        };
        let names = Names { known: &|name| name == "known", parameters: &parameters };
        let found = module.policy.iter().flat_map(|rule| of(rule, &names).wrong);
        found.map(|(span, _)| span.text().to_owned()).collect()
    }

    #[test]
    fn what_has_a_value_is_fine() {
        for rule in [
            "p if { some i; known[i] }",
            "p if { known[i]; known.x[i] == 1 }",
            "p if { [i, v] := known; i == 1 }",
            "p if { [_, v] = known; v == 1 }",
            "p if { {\"a\": x} = known; x == 1 }",
            "p[k] := v if some k, v in known",
            "p[k] := v if { v = known[k] }",
            "p contains x if { x := known }",
            "p contains x if { x = known }",
            "p contains x if known[x]",
            "p contains sprintf(\"%s\", [x]) if some x in known",
            "p contains x if some [x, _] in known",
            "p contains x if some {\"a\": x} in known",
            "p(x) := y if { y := x }",
            "p(x) := y if { y := x } else := z if { z := x }",
            "p([x, _], {\"a\": y}) if x == y",
            "p(x) := 1",
            "default p(x) := 1",
            "p if every k, v in known { k == v }",
            "p if every x in known { y := x; y == 1 }",
            "p if every x in known { x == z[_]; z = known }",
            "p := [x | some x in known]",
            "p := {x: y | y := known[x]}",
            "p := {x | x = known[_]}",
            "p if { x = known; count([1 | x == 1]) == 1 }",
            "p if { y := [x | x := known]; y == [x | x := 1] }",
            "p if { walk(known, [path, value]); value == 1 }",
            "p if { f(known, x) }",
            "p if { f(known, x); x == 1 }",
            "p if { x := known with input.y as z; z := 1 }",
            "p if { not known[_]; some x, y in known; x == y }",
            "p if { some x; x = 1; x in known }",
        ] {
            assert_eq!(wrong(rule), [""; 0], "{rule}");
        }
    }

    #[test]
    fn what_has_none_or_any_is_told() {
        for (rule, names) in [
            ("p(b) if b.id = bad", ["bad"].as_slice()),
            ("p if { some b in known; b[bad] }", &["bad"]),
            ("p if { some b in known; b[bad].x == 1 }", &["bad"]),
            ("p contains x if { x := bad }", &["bad"]),
            ("p contains bad if known", &["bad"]),
            ("p contains bad", &["bad"]),
            ("p contains {\"msg\": bad} if known", &["bad"]),
            ("p[bad] := 1 if known", &["bad"]),
            ("p := bad if known", &["bad"]),
            ("p := 1 if { known } else := bad if { x := known; x == 1 }", &["bad"]),
            ("p := 1 if { x := known; x == 1 } else := x if { known }", &["x"]),
            ("p if { x := bad; y := bad; x == y }", &["bad"]),
            ("p if f(bad)", &["bad"]),
            ("p if not f(bad)", &["bad"]),
            ("p if bad in known", &["bad"]),
            ("p if known in bad", &["bad"]),
            ("p if { some x in bad; x == 1 }", &["bad"]),
            ("p if bad.x", &["bad"]),
            ("p if { some x; x == 1 }", &["x"]),
            ("p contains x if { some x; known }", &["x"]),
            ("p := [bad | known]", &["bad"]),
            ("p if { count([x | x := known]) == x }", &["x"]),
            ("p if { count([1 | known[bad]]) == 1 }", &["bad"]),
            ("p if { [1 | known[i]]; [1 | known[i]] }", &["i", "i"]),
            ("p if every x in known { x = bad }", &["bad"]),
            ("p if { known with input.x as bad }", &["bad"]),
            ("default p := bad", &["bad"]),
            ("p if { [a, b] = known; a == 1 }", &["b"]),
        ] {
            assert_eq!(wrong(rule), names, "{rule}");
        }
    }
}
