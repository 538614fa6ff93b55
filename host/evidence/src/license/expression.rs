//! License expressions as terms.

use std::str::FromStr;

use spdx::expression::{ExprNode, Operator};
use spdx::{AdditionItem, LicenseItem, LicenseReq, ParseMode};

use super::list;
use crate::reason::quoted;

/// Deprecated ids are still read, for documents still hold them; slashes and nicknames are not,
/// for they are somebody's guess.
const MODE: ParseMode = ParseMode {
    allow_slash_as_or_operator: false,
    allow_imprecise_license_names: false,
    allow_postfix_plus_on_gpl: true,
    allow_deprecated: true,
    allow_unknown: false,
};

/// A license expression, taken apart.
///
/// Ids are read in any case, as SPDX asks; operators in capitals or in small letters.
///
/// ```
/// use lockgate_evidence::license::{Expression, Term};
///
/// let expression: Expression = "mit or GPL-2.0+".parse()?;
/// let [Term::Operand(mit), Term::Operand(gpl), Term::Or] = expression.terms() else { panic!() };
/// assert_eq!((&*mit.id, &*gpl.id), ("MIT", "GPL-2.0-or-later"));
/// assert_eq!(gpl.covers, ["GPL-2.0-only", "GPL-3.0-only"]);
/// # Ok::<(), lockgate_evidence::license::NotAnExpression>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expression(Vec<Term>);

/// One step of an expression, in the order in which a stack evaluates it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// Push this.
    Operand(Operand),
    /// Both of the two at the top hold.
    And,
    /// One of the two at the top holds.
    Or,
}

/// One operand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operand {
    /// The license in today's spelling, or a reference of the document's own.
    pub id: String,
    /// What is added to it.
    pub exception: Option<String>,
    /// Whether SPDX lists license and exception; the text behind any other can be any.
    pub listed: bool,
    /// The licenses among which a user may choose, each of one version and by one id; never empty.
    pub covers: Vec<String>,
}

/// A text that is no license expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{text} is not a license expression: {why}")]
pub struct NotAnExpression {
    /// In backticks, and cut short.
    text: String,
    why: String,
}

impl Expression {
    /// The terms, operators behind what they join.
    #[must_use]
    pub fn terms(&self) -> &[Term] {
        &self.0
    }
}

impl FromStr for Expression {
    type Err = NotAnExpression;

    fn from_str(text: &str) -> Result<Self, NotAnExpression> {
        let parsed = spdx::Expression::parse_mode(&list::in_their_case(text), MODE);
        let expression = parsed.map_err(|error| NotAnExpression {
            text: quoted(text),
            why: error.reason.to_string(),
        })?;
        let terms = expression.iter().map(|node| match node {
            ExprNode::Op(Operator::And) => Term::And,
            ExprNode::Op(Operator::Or) => Term::Or,
            ExprNode::Req(operand) => Term::Operand(Operand::of(&operand.req)),
        });
        Ok(Self(terms.collect()))
    }
}

impl Operand {
    fn of(written: &LicenseReq) -> Self {
        // The text behind a reference of the document's own can take away as well as give.
        let own_addition = matches!(written.addition, Some(AdditionItem::Other(_)));
        let exception = written.addition.as_ref().map(|addition| match addition {
            AdditionItem::Spdx(id) => id.name.to_owned(),
            AdditionItem::Other(own) => own.to_string(),
        });
        let (id, or_later) = match &written.license {
            LicenseItem::Spdx { id, or_later } => (id.name, *or_later),
            LicenseItem::Other(own) => {
                let id = own.to_string();
                return Self { covers: vec![id.clone()], id, exception, listed: false };
            }
        };
        if let Some(mut operand) = list::meaning(id).and_then(Self::single) {
            if exception.is_some() {
                operand.exception = exception;
                operand.listed = !own_addition;
            }
            return operand;
        }
        let (spelled, covered) = list::choice(id, or_later);
        let listed = !list::is_silent(id) && !own_addition;
        let covers = covered.into_iter().map(str::to_owned).collect();
        Self { id: spelled, exception, listed, covers }
    }

    /// The one operand of an expression. It recurses once, for what a deprecated id stands for is
    /// spelled as it is today.
    fn single(expression: &str) -> Option<Self> {
        match expression.parse::<Expression>().ok()?.0.into_iter().next() {
            Some(Term::Operand(operand)) => Some(operand),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use spdx::identifiers::LICENSES;

    use super::*;

    fn operand(text: &str) -> Operand {
        Operand::single(text).unwrap_or_else(|| panic!("{text} is not read"))
    }

    #[test]
    fn several_spellings_are_one_license() {
        let same = |a, b| {
            let (a, b) = (operand(a), operand(b));
            (a.covers, a.exception) == (b.covers, b.exception)
        };
        assert!(same("GPL-3.0", "GPL-3.0-only"));
        assert!(same("GPL-3.0+", "GPL-3.0-or-later"));
        assert!(same("gpl-3.0-ONLY", "GPL-3.0-only"));
        assert!(same("GPL-2.0-with-classpath-exception", "GPL-2.0 WITH Classpath-exception-2.0"));
        // There is no version after 3.0 to choose.
        assert!(same("GPL-3.0-only", "GPL-3.0-or-later"));
        assert!(!same("GPL-2.0-only", "GPL-2.0-or-later"));
        assert!(!same("GFDL-1.1-only", "GFDL-1.1-invariants-only"));
        assert!(!same("CC-BY-3.0", "CC-BY-3.0-AU"));
    }

    #[test]
    fn an_id_is_spelled_as_it_is_today() {
        for (written, today) in [
            ("GPL-3.0+", "GPL-3.0-or-later"),
            ("gpl-2.0", "GPL-2.0-only"),
            ("apache-2.0", "Apache-2.0"),
            ("Apache-1.0+", "Apache-1.0+"),
            ("BSD-2-Clause-FreeBSD", "BSD-2-Clause-Views"),
            ("LicenseRef-acme", "LicenseRef-acme"),
        ] {
            assert_eq!(operand(written).id, today);
        }
    }

    #[test]
    fn or_later_covers_every_version_from_there_on() {
        assert_eq!(
            operand("LGPL-2.0+").covers,
            ["LGPL-2.0-only", "LGPL-2.1-only", "LGPL-3.0-only"]
        );
        assert_eq!(operand("Apache-1.1+").covers, ["Apache-1.1", "Apache-2.0"]);
        assert_eq!(operand("MIT+").covers, ["MIT"]);
        assert_eq!(operand("eCos-2.0").covers, ["GPL-2.0-only", "GPL-3.0-only"]);
        assert_eq!(operand("eCos-2.0").exception.as_deref(), Some("eCos-exception-2.0"));
    }

    #[test]
    fn what_spdx_does_not_list_can_be_anything() {
        for text in ["NOASSERTION", "noassertion", "LicenseRef-a", "DocumentRef-b:LicenseRef-a"] {
            assert!(!operand(text).listed, "{text}");
        }
        assert!(!operand("MIT WITH AdditionRef-acme").listed);
        assert!(operand("Apache-2.0 WITH LLVM-exception").listed);
    }

    #[test]
    fn every_listed_license_can_be_chosen() {
        for license in LICENSES {
            assert!(!operand(license.name).covers.is_empty(), "{}", license.name);
        }
    }

    #[test]
    fn what_is_no_expression_is_not_read() {
        for text in ["", "MIT/Apache-2.0", "MIT OR", "(MIT", "GPLv3", "MIT WITH MIT", "MIT OR (ISC"]
        {
            assert!(text.parse::<Expression>().is_err(), "{text}");
        }
        let error = "MIT WITH MIT".parse::<Expression>().unwrap_err();
        assert!(error.to_string().starts_with("`MIT WITH MIT` is not a license expression: "));
    }
}
