//! `signatures`: verified signatures over the artifact.

use std::sync::Arc;

use lockgate_evidence::{Signature as Signed, Verified};
use lockgate_model::Kind;
use wasmtime::Result;
use wasmtime::component::Resource;

use super::{Answer, VERIFIED, count_of, page_of};
use crate::bindings::lockgate::policy::signatures::{Host, HostSignature};
use crate::state::State;

/// Behind the resource `signature`.
#[derive(Clone)]
pub struct Signature(Arc<Verified<Signed>>);

impl Host for State {
    fn count(&mut self) -> Answer<u32> {
        self.declared(Kind::Signature)?;
        let question = self.question()?;
        Ok(count_of(question.facts.signatures().len()))
    }

    fn page(&mut self, start: u32, max: u32) -> Answer<Vec<Resource<Signature>>> {
        self.declared(Kind::Signature)?;
        let question = self.question()?;
        let all = question.facts.signatures();
        let page = page_of(all.len(), start, max)?;
        self.charge_rows(page.len())?;
        let facts = all[page].iter();
        Ok(facts.map(|fact| self.hand_out(Signature(Arc::clone(fact)))).collect::<Result<_>>()?)
    }
}

impl State {
    /// The fact behind a handle, noted as read.
    fn signature(&mut self, handle: &Resource<Signature>) -> Result<Arc<Verified<Signed>>> {
        self.enter()?;
        let Signature(fact) = self.at(handle)?;
        self.read(fact.get().digest());
        Ok(fact)
    }
}

impl HostSignature for State {
    fn digest(&mut self, handle: Resource<Signature>) -> Result<String> {
        Ok(self.signature(&handle)?.get().digest().to_string())
    }

    fn path(&mut self, handle: Resource<Signature>) -> Result<String> {
        let fact = self.signature(&handle)?;
        self.text(fact.get().path().as_str())
    }

    fn format(&mut self, handle: Resource<Signature>) -> Result<String> {
        let fact = self.signature(&handle)?;
        self.text(fact.get().format())
    }

    fn assurance(&mut self, handle: Resource<Signature>) -> Result<String> {
        self.signature(&handle)?;
        self.text(VERIFIED)
    }

    fn signers(&mut self, handle: Resource<Signature>) -> Result<Vec<String>> {
        let fact = self.signature(&handle)?;
        self.names(fact.signers())
    }

    fn keys(&mut self, handle: Resource<Signature>) -> Result<Vec<String>> {
        let fact = self.signature(&handle)?;
        State::keys(self, fact.signers())
    }

    fn drop(&mut self, handle: Resource<Signature>) -> Result<()> {
        self.take_back(handle)
    }
}
