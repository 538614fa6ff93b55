//! What has been read of a predicate: each model is made when somebody first asks for it, once, and
//! shared by all who ask.

use std::sync::{Arc, OnceLock};

use serde_json::Value;

use super::fact::{Attestation, Malformed};
use crate::provenance::Provenance;
use crate::resource;
use crate::sbom::{self, Bom};
use crate::scan::{self, Scan};
use crate::summary::Summary;
use crate::test_result::TestRun;
use crate::vex;

/// The models of one predicate. Most of them are never asked for.
#[derive(Debug, Default)]
pub(super) struct Readings {
    values: OnceLock<Result<Value, Malformed>>,
    bom: Once<Bom, sbom::Unreadable>,
    scan: Once<Scan, scan::Unreadable>,
    vex: Once<vex::Document, vex::Unreadable>,
    provenance: Once<Provenance, resource::Unreadable>,
    test_run: Once<TestRun, resource::Unreadable>,
    summary: Once<Summary, resource::Unreadable>,
}

impl Readings {
    /// Those of a predicate that was read as VEX already.
    pub(super) fn of_vex(document: vex::Document) -> Self {
        let vex = Once(OnceLock::from(Ok(Arc::new(document))));
        Self { vex, ..Self::default() }
    }
}

/// Something that is read once, whether it can be read or not.
#[derive(Debug)]
struct Once<T, E>(OnceLock<Result<Arc<T>, E>>);

impl<T, E> Default for Once<T, E> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<T, E> Once<T, E> {
    fn get(&self, read: impl FnOnce() -> Result<T, E>) -> Result<&Arc<T>, &E> {
        self.0.get_or_init(|| read().map(Arc::new)).as_ref()
    }
}

impl Attestation {
    /// The predicate's values, read once.
    ///
    /// # Errors
    ///
    /// There is no predicate, or it has a number that does not fit.
    pub fn predicate(&self) -> Result<&Value, Malformed> {
        let read = || {
            serde_json::from_slice(self.predicate_bytes())
                .map_err(|error| Malformed(crate::reason::shown(&error)))
        };
        self.read.values.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    /// The index of a bill of materials, made once and shared by all who ask.
    ///
    /// # Errors
    ///
    /// The predicate is no bill of materials that this version reads.
    pub fn bom(&self) -> Result<&Arc<Bom>, &sbom::Unreadable> {
        let source =
            || sbom::Source { payload: Arc::clone(&self.payload), body: self.body.clone() };
        self.read.bom.get(|| Bom::read(self.kind, source()))
    }

    /// The rows of a vulnerability scan, made once and shared by all who ask.
    ///
    /// # Errors
    ///
    /// The predicate is no scan that this version reads.
    pub fn scan(&self) -> Result<&Arc<Scan>, &scan::Unreadable> {
        let read = || Scan::read(self.kind, &self.predicate_type, self.predicate_bytes());
        self.read.scan.get(read)
    }

    /// What it states of vulnerabilities, read once and shared by all who ask: a VEX document, or a
    /// bill of materials in CycloneDX that analyses vulnerabilities. Whose word that is, is another
    /// question: see [`super::Signer::may_vouch_for`].
    ///
    /// # Errors
    ///
    /// The predicate is no VEX that this version reads.
    pub fn vex(&self) -> Result<&Arc<vex::Document>, &vex::Unreadable> {
        let read = || vex::Document::read(&self.predicate_type, self.predicate_bytes());
        self.read.vex.get(read)
    }

    /// Where the artifact comes from, read once and shared by all who ask.
    ///
    /// # Errors
    ///
    /// The predicate is no provenance that this version reads.
    pub fn provenance(&self) -> Result<&Arc<Provenance>, &resource::Unreadable> {
        let read = || Provenance::read(self.kind, &self.predicate_type, self.predicate_bytes());
        self.read.provenance.get(read)
    }

    /// The results of tests, read once and shared by all who ask.
    ///
    /// # Errors
    ///
    /// The predicate is no test result that this version reads.
    pub fn test_run(&self) -> Result<&Arc<TestRun>, &resource::Unreadable> {
        self.read.test_run.get(|| TestRun::read(self.kind, self.predicate_bytes()))
    }

    /// What somebody else's verification came to, read once and shared by all who ask.
    ///
    /// # Errors
    ///
    /// The predicate is no verification summary that this version reads.
    pub fn summary(&self) -> Result<&Arc<Summary>, &resource::Unreadable> {
        self.read.summary.get(|| Summary::read(self.kind, self.predicate_bytes()))
    }
}
