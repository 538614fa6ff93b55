//! `licenses`: what license expressions mean. Knowledge and no evidence, so that nothing is noted as read.

use lockgate_evidence::license::{self, Expression};
use wasmtime::Result;

use super::{Answer, malformed, out_of_range};
use crate::bindings::lockgate::policy::licenses::{Host, Operand, Term};
use crate::state::State;

/// The longest expression that is read. Distributions join the licenses of thousands of files in one.
const MAX_EXPRESSION: usize = 64 << 10;

/// How often a byte of an expression is looked at, about: each word is looked up among some eight
/// hundred in order.
const PASSES: usize = 8;

/// How many ids are about as long as another, and are held against it letter by letter.
const ALIKE: usize = 512;

impl Host for State {
    fn parse(&mut self, expression: String) -> Answer<Vec<Term>> {
        self.enter()?;
        self.charge_bytes(expression.len().saturating_mul(PASSES))?;
        if expression.len() > MAX_EXPRESSION {
            let (is, most) = (expression.len(), MAX_EXPRESSION);
            return out_of_range(format!("{is} bytes, and expressions have {most} at the most"));
        }
        match expression.parse::<Expression>() {
            Ok(expression) => {
                let terms = expression.terms().iter().map(|term| self.term(term));
                Ok(terms.collect::<Result<_>>()?)
            }
            Err(why) => malformed(why.to_string()),
        }
    }

    fn nearest(&mut self, text: String) -> Result<Option<String>> {
        self.enter()?;
        self.charge_bytes(text.len())?;
        self.charge_rows(ALIKE)?;
        license::nearest(&text).map(|id| self.text(id)).transpose()
    }

    fn list_version(&mut self) -> Result<String> {
        self.enter()?;
        self.text(license::list_version())
    }
}

impl State {
    fn term(&mut self, term: &license::Term) -> Result<Term> {
        let operand = match term {
            license::Term::And => return Ok(Term::And),
            license::Term::Or => return Ok(Term::Or),
            license::Term::Operand(operand) => operand,
        };
        let covers = operand.covers.iter().map(|id| self.text(id)).collect::<Result<_>>()?;
        Ok(Term::Operand(Operand {
            id: self.text(&operand.id)?,
            exception: operand.exception.as_deref().map(|text| self.text(text)).transpose()?,
            listed: operand.listed,
            covers,
        }))
    }
}
