//! What every resource that stands for a document answers: which it is, and who vouches for it.
//!
//! Each interface has a resource of its own, so that no handle of one passes for one of another; what
//! they answer of the fact behind is written here once.

use std::sync::Arc;

use lockgate_evidence::{Assured, Attestation};
use lockgate_model::Kind;
use wasmtime::Result;
use wasmtime::component::Resource;

use super::Answer;
use crate::state::State;

/// A fact behind a handle.
pub(super) type Fact = Arc<Assured<Attestation>>;

/// A handle that stands for a document.
pub(super) trait Handle: Clone + Send + 'static {
    /// The fact behind it.
    fn fact(&self) -> &Fact;
}

impl State {
    /// The fact behind a handle, noted as read.
    pub(super) fn document<T: Handle>(&mut self, handle: &Resource<T>) -> Result<Fact> {
        self.enter()?;
        let document = Self::at(self, handle)?;
        self.read(document.fact().get().digest());
        Ok(Arc::clone(document.fact()))
    }

    /// All facts of a kind, if the plugin declared it; each is looked at to find them.
    pub(super) fn documents(&mut self, kind: Kind) -> Answer<Vec<Fact>> {
        self.declared(kind)?;
        let question = self.question()?;
        let all = question.facts.attestations();
        self.charge_rows(all.len())?;
        Ok(all.iter().filter(|fact| fact.get().kind() == kind).cloned().collect())
    }
}

/// Makes a type the one behind an interface's resource for documents.
macro_rules! handle {
    ($(#[$doc:meta])* $handle:ident) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $handle($crate::host::document::Fact);

        impl $crate::host::document::Handle for $handle {
            fn fact(&self) -> &$crate::host::document::Fact {
                &self.0
            }
        }
    };
}

/// What such a resource answers of the fact behind it.
macro_rules! answers {
    ($handle:ident) => {
        fn digest(&mut self, handle: Resource<$handle>) -> Result<String> {
            Ok(self.document(&handle)?.get().digest().to_string())
        }

        fn path(&mut self, handle: Resource<$handle>) -> Result<String> {
            let fact = self.document(&handle)?;
            State::text(self, fact.get().path().as_str())
        }

        fn assurance(&mut self, handle: Resource<$handle>) -> Result<String> {
            let fact = self.document(&handle)?;
            State::text(self, fact.assurance())
        }

        fn signers(&mut self, handle: Resource<$handle>) -> Result<Vec<String>> {
            let fact = self.document(&handle)?;
            self.names(fact.signers())
        }

        fn keys(&mut self, handle: Resource<$handle>) -> Result<Vec<String>> {
            let fact = self.document(&handle)?;
            State::keys(self, fact.signers())
        }

        fn drop(&mut self, handle: Resource<$handle>) -> Result<()> {
            self.take_back(handle)
        }
    };
}

/// The two functions of an interface that hands out documents of one kind.
macro_rules! pages {
    ($handle:ident, $kind:expr) => {
        fn count(&mut self) -> Answer<u32> {
            Ok(count_of(self.documents($kind)?.len()))
        }

        fn page(&mut self, start: u32, max: u32) -> Answer<Vec<Resource<$handle>>> {
            let found = self.documents($kind)?;
            let page = page_of(found.len(), start, max)?;
            let facts = found.into_iter().skip(page.start).take(page.len());
            Ok(facts.map(|fact| self.hand_out($handle(fact))).collect::<Result<_>>()?)
        }
    };
}

pub(super) use {answers, handle, pages};
