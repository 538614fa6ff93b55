//! Speaks to a person: arguments to a request, a report to standard output, an exit code.
//!
//! No logic of its own. Standard output is empty on exit codes 2 and 4; diagnostics go to standard
//! error.
#![forbid(unsafe_code)]

mod arguments;
mod pin;
mod run;

use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::process::ExitCode;

use clap::Parser;
use lockgate::model::Exit;

/// Runs the command with the arguments of this process.
#[must_use]
pub fn main() -> ExitCode {
    let arguments = match arguments::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return usage(&error),
    };
    // The default hook prints a path of the machine that built this; what helps is the message.
    panic::set_hook(Box::new(|info| {
        complain(&format!(
            "error: internal error: {info}\nhelp: this is a bug in lockgate; please report it"
        ));
    }));
    let ended = panic::catch_unwind(AssertUnwindSafe(|| run::run(&arguments)));
    let exit = match ended {
        Ok(Ok(exit)) => exit,
        Ok(Err(failure)) => {
            complain(&failure.text);
            failure.exit
        }
        Err(_) => Exit::Host,
    };
    ExitCode::from(exit.code())
}

/// Help and version go to standard output and are no failure; the rest is the caller's mistake.
fn usage(error: &clap::Error) -> ExitCode {
    let printed = error.print();
    let exit = if error.use_stderr() {
        Exit::Usage
    } else if printed.is_err() {
        Exit::Host
    } else {
        Exit::Allowed
    };
    ExitCode::from(exit.code())
}

/// Writes to standard error. If even that is closed there is nobody left to tell; the exit code
/// says the rest.
fn complain(text: &str) {
    drop(writeln!(anstream::stderr(), "{text}"));
}
