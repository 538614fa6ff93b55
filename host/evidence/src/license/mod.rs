//! Licenses by the list of SPDX: what an expression is made of, and which ids there are.
//!
//! `GPL-3.0`, `GPL-3.0-only` and a choice out of `GPL-2.0-or-later` are the same license in three
//! spellings. Here each becomes one id, so that whoever judges compares texts. Whether a license is
//! welcome is nobody's business here: policies judge. What the words mean is written down in
//! `wit/licenses.wit`.

mod expression;
mod list;

pub use expression::{Expression, NotAnExpression, Operand, Term};
pub use list::{list_version, nearest};
