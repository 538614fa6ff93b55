//! `context`: what is being asked.

use wasmtime::Result;

use crate::bindings::lockgate::policy::context::Host;
use crate::state::State;

impl Host for State {
    fn subject_name(&mut self) -> Result<String> {
        let question = self.question()?;
        self.text(question.subject.name.as_str())
    }

    fn subject_digest(&mut self, algorithm: String) -> Result<Option<String>> {
        let question = self.question()?;
        Ok(match algorithm.as_str() {
            "sha256" => Some(question.subject.digest.hex()),
            "sha512" => question.sha512.clone(),
            _ => None,
        })
    }

    fn stage(&mut self) -> Result<String> {
        let question = self.question()?;
        self.text(question.stage.as_str())
    }

    fn at(&mut self) -> Result<i64> {
        let question = self.question()?;
        self.reads.time = true;
        Ok(question.at.unix())
    }

    fn log(&mut self, message: String) -> Result<()> {
        self.enter()?;
        State::log(self, &message)
    }
}
