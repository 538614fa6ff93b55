//! What a policy lets pass although a rule of it speaks against it.

use crate::Rule;
use crate::bindings::lockgate::policy::exceptions;

/// Says that an exception was made from a rule: for what, and by whose word, in one lower-case
/// sentence without a final period. Each is a relaxation in the report, which a stage can forbid.
pub fn made(rule: Rule, message: &str) {
    exceptions::made(rule.code, message);
}
