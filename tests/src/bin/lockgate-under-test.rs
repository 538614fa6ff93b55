//! The command `lockgate`, with faults that a test may inject.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    lockgate_cli::main()
}
