//! A license statement, taken apart by the host, and whether it can be satisfied.

use lockgate_plugin::expressions::{self, Operand};

/// A license that can be chosen: of one version, with or without an exception.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct License {
    /// One id for all spellings of it; for a license of the document's own, the reference.
    id: String,
    pub(crate) exception: Option<String>,
    /// Whether SPDX lists it; else its text is somewhere in the document.
    pub(crate) listed: bool,
}

impl License {
    /// Whether this is the other without its exception.
    pub(crate) fn is_bare(&self, other: &Self) -> bool {
        self.exception.is_none() && self.id == other.id
    }
}

/// One operand of an expression: the licenses among which a user may choose.
pub(crate) type Choice = Vec<License>;

/// An expression in the order in which a stack evaluates it.
#[derive(Debug)]
pub(crate) struct Terms(Vec<Term>);

#[derive(Debug)]
enum Term {
    Choice(Choice),
    And,
    Or,
}

impl Terms {
    /// From what the host made of a statement.
    pub(crate) fn new(terms: Vec<expressions::Term>) -> Self {
        let terms = terms.into_iter().map(|term| match term {
            expressions::Term::And => Term::And,
            expressions::Term::Or => Term::Or,
            expressions::Term::Operand(operand) => Term::Choice(choice(operand)),
        });
        Self(terms.collect())
    }

    /// The one operand, where it has one.
    pub(crate) fn single(&self) -> Option<&Choice> {
        match self.0.as_slice() {
            [Term::Choice(choice)] => Some(choice),
            _ => None,
        }
    }

    /// Whether this is true of every license in it.
    pub(crate) fn are_all(&self, of: &dyn Fn(&License) -> bool) -> bool {
        self.0.iter().all(|term| match term {
            Term::Choice(choice) => choice.iter().all(of),
            Term::And | Term::Or => true,
        })
    }

    /// Whether the expression can be satisfied by licenses of which this is true.
    pub(crate) fn satisfiable(&self, usable: &dyn Fn(&License) -> bool) -> bool {
        let mut stack: Vec<bool> = Vec::new();
        for term in &self.0 {
            let value = match term {
                Term::Choice(choice) => choice.iter().any(usable),
                // The host yields operators only after both operands. Were it to yield one without,
                // the expression would count as unsatisfiable.
                Term::And => pop(&mut stack) & pop(&mut stack),
                Term::Or => pop(&mut stack) | pop(&mut stack),
            };
            stack.push(value);
        }
        pop(&mut stack)
    }
}

fn pop(stack: &mut Vec<bool>) -> bool {
    stack.pop().unwrap_or(false)
}

/// The licenses that an operand lets choose.
fn choice(operand: Operand) -> Choice {
    let Operand { exception, listed, covers, .. } = operand;
    covers.into_iter().map(|id| License { id, exception: exception.clone(), listed }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lacks_an_operand_cannot_be_satisfied() {
        let terms = |terms| Terms::new(terms).satisfiable(&|_| true);
        assert!(!terms(vec![]));
        assert!(!terms(vec![expressions::Term::And]));
        assert!(!terms(vec![expressions::Term::Or]));
    }
}
