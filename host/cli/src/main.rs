//! The command `lockgate`. Everything is in the library beside it, so that whole-program tests run
//! the same code.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    lockgate_cli::main()
}
