//! `exceptions`: what the policy lets pass although a rule of it speaks against it.

use wasmtime::Result;

use crate::bindings::lockgate::policy::exceptions::Host;
use crate::state::State;

impl Host for State {
    fn made(&mut self, code: String, message: String) -> Result<()> {
        self.enter()?;
        self.except(code, &message)
    }
}
