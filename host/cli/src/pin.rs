//! Which configuration is pinned, by the command line and by the environment.
//!
//! A pin has to come from outside the checkout that is judged. A platform can set the variable for
//! all its jobs; the command line often lies in the checkout. So neither overrides the other: two
//! pins that differ are an error, and so is a variable that is set and holds no digest.

use std::ffi::OsString;

use lockgate::model::{Digest, Exit, Text};

use crate::run::Failure;

/// The environment's pin.
const VARIABLE: &str = "LOCKGATE_CONFIG_DIGEST";

/// The digest that the configuration has to have, if anybody says so.
pub(crate) fn pin(flag: Option<Digest>) -> Result<Option<Digest>, Failure> {
    let Some(text) = variable() else { return Ok(flag) };
    let variable = read(&text)?;
    match flag {
        Some(flag) if flag != variable => Err(refused(&format!(
            "`--config-digest` and `{VARIABLE}` pin two configurations: `{flag}` and `{variable}`"
        ))),
        _ => Ok(Some(variable)),
    }
}

fn read(text: &OsString) -> Result<Digest, Failure> {
    let text = text.to_string_lossy();
    if text.is_empty() {
        let help = "set it to a digest, or unset it if nothing is to be pinned";
        return Err(refused(&format!("`{VARIABLE}` is empty\nhelp: {help}")));
    }
    text.parse().map_err(|why| {
        refused(&format!("`{VARIABLE}` is `{}`, which is no digest: {why}", Text::escaped(&text)))
    })
}

fn refused(text: &str) -> Failure {
    Failure { text: format!("error: {text}"), exit: Exit::Usage }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one variable: it pins what is trusted from outside the checkout"
)]
fn variable() -> Option<OsString> {
    std::env::var_os(VARIABLE)
}
