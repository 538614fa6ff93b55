//! `vulnerabilities`: rows of scans, with what VEX says of them.

mod query;

use std::collections::BTreeSet;
use std::sync::Arc;

use lockgate_evidence::scan::{Assessment, Row};
use lockgate_evidence::vex::sources;
use lockgate_model::{Instant, Kind};
use wasmtime::Result;
use wasmtime::component::Resource;

pub use query::ScanQuery;

use super::document;
use super::{Answer, count_of, malformed, out_of_range, page_of};
use crate::bindings::lockgate::policy::vulnerabilities::{
    Cvss, Host, HostDocument, HostScan, Row as WitRow, Vex,
};
use crate::state::State;

/// The most signers that one opening names: more than a trust file has.
const MAX_SIGNERS: usize = 256;

document::handle! {
    /// Behind the resource `document`.
    ScanDocument
}

/// Behind the resource `scan`.
#[derive(Clone)]
pub struct ScanRows {
    assessment: Arc<Assessment>,
    notes: Arc<[String]>,
}

impl Host for State {
    document::pages!(ScanDocument, Kind::Vulnerabilities);
}

impl State {
    /// Opens a document with what VEX says by some signers, or by all. Every VEX document that may have
    /// its say is noted as read, for the answer rests on it.
    fn assessed(
        &mut self,
        handle: &Resource<ScanDocument>,
        honoured: Option<&BTreeSet<String>>,
    ) -> Answer<Resource<ScanRows>> {
        let fact = self.document(handle)?;
        // It is parsed once a run; each policy pays each time it opens it, so that what a policy pays
        // does not depend on who came first.
        self.charge_bytes(fact.get().predicate_bytes().len())?;
        let scan = match fact.get().scan() {
            Ok(scan) => Arc::clone(scan),
            Err(why) => return malformed(why.to_string()),
        };
        self.charge_rows(scan.rows().len())?;
        let mut notes = scan.notes().to_vec();
        let assessment = if self.may_read(Kind::Vex.as_str()) {
            let question = self.question()?;
            for fact in sources(&question.facts, honoured) {
                self.charge_bytes(fact.get().predicate_bytes().len())?;
                self.read(fact.get().digest());
            }
            match Assessment::of(scan, &question.facts, question.digests(), question.vex, honoured)
            {
                Ok((assessment, said)) => {
                    notes.extend(said);
                    assessment
                }
                Err(why) => return malformed(why.to_string()),
            }
        } else {
            Assessment::without_vex(scan)
        };
        let rows = ScanRows { assessment: Arc::new(assessment), notes: notes.into() };
        let noted: usize = rows.notes.iter().map(String::len).sum();
        self.hold(rows.assessment.size().saturating_add(noted))?;
        Ok(self.hand_out(rows)?)
    }

    fn scan(&mut self, handle: &Resource<ScanRows>) -> Result<Arc<Assessment>> {
        self.enter()?;
        Ok(Self::at(self, handle)?.assessment)
    }

    /// The rows behind a handle, if there is one of that number, and its place.
    fn scanned(
        &mut self,
        handle: &Resource<ScanRows>,
        id: u32,
    ) -> Answer<(Arc<Assessment>, usize)> {
        let assessment = self.scan(handle)?;
        if (id as usize) < assessment.scan().rows().len() {
            Ok((assessment, id as usize))
        } else {
            out_of_range(format!("there is no row {id}"))
        }
    }

    /// A row as it crosses, charged.
    fn scan_row(&mut self, id: u32, row: &Row) -> Result<WitRow> {
        Ok(WitRow {
            id,
            vulnerability: self.text(&row.vulnerability)?,
            component: self.text(&row.component)?,
            version: row.version.as_deref().map(|text| self.text(text)).transpose()?,
            purl: row.purl.as_deref().map(|text| self.text(text)).transpose()?,
            severity: self.text(row.severity.as_str())?,
        })
    }
}

impl HostDocument for State {
    document::answers!(ScanDocument);

    fn open(&mut self, handle: Resource<ScanDocument>) -> Answer<Resource<ScanRows>> {
        self.assessed(&handle, None)
    }

    fn open_honouring(
        &mut self,
        handle: Resource<ScanDocument>,
        signers: Vec<String>,
    ) -> Answer<Resource<ScanRows>> {
        self.charge_bytes(signers.iter().map(String::len).sum())?;
        self.declared(Kind::Vex)?;
        if signers.len() > MAX_SIGNERS {
            return out_of_range(format!(
                "{} signers, and {MAX_SIGNERS} are compared",
                signers.len()
            ));
        }
        self.assessed(&handle, Some(&signers.into_iter().collect()))
    }
}

impl HostScan for State {
    fn format(&mut self, handle: Resource<ScanRows>) -> Result<String> {
        let assessment = self.scan(&handle)?;
        self.text(assessment.scan().format())
    }

    fn notes(&mut self, handle: Resource<ScanRows>) -> Result<Vec<String>> {
        self.enter()?;
        let notes = Self::at(self, &handle)?.notes;
        notes.iter().map(|note| self.text(note)).collect()
    }

    fn covered_nothing(&mut self, handle: Resource<ScanRows>) -> Result<bool> {
        Ok(self.scan(&handle)?.scan().covered_nothing())
    }

    fn left_out(&mut self, handle: Resource<ScanRows>) -> Result<u32> {
        Ok(count_of(self.scan(&handle)?.scan().left_out()))
    }

    fn scanner(&mut self, handle: Resource<ScanRows>) -> Result<Option<String>> {
        let assessment = self.scan(&handle)?;
        assessment.scan().scanner().map(|name| self.text(name)).transpose()
    }

    fn scanner_version(&mut self, handle: Resource<ScanRows>) -> Result<Option<String>> {
        let assessment = self.scan(&handle)?;
        assessment.scan().scanner_version().map(|version| self.text(version)).transpose()
    }

    fn scanned_at(&mut self, handle: Resource<ScanRows>) -> Result<Option<i64>> {
        Ok(self.scan(&handle)?.scan().scanned_at().map(Instant::unix))
    }

    fn database_at(&mut self, handle: Resource<ScanRows>) -> Result<Option<i64>> {
        Ok(self.scan(&handle)?.scan().database_at().map(Instant::unix))
    }

    fn row_count(&mut self, handle: Resource<ScanRows>) -> Result<u32> {
        Ok(count_of(self.scan(&handle)?.scan().rows().len()))
    }

    fn row(&mut self, handle: Resource<ScanRows>, id: u32) -> Answer<WitRow> {
        let (assessment, place) = self.scanned(&handle, id)?;
        Ok(self.scan_row(id, &assessment.scan().rows()[place])?)
    }

    fn aliases(&mut self, handle: Resource<ScanRows>, id: u32) -> Answer<Vec<String>> {
        let (assessment, place) = self.scanned(&handle, id)?;
        let aliases = assessment.scan().rows()[place].aliases.iter();
        Ok(aliases.map(|alias| self.text(alias)).collect::<Result<_>>()?)
    }

    fn fixed_versions(&mut self, handle: Resource<ScanRows>, id: u32) -> Answer<Vec<String>> {
        let (assessment, place) = self.scanned(&handle, id)?;
        let versions = assessment.scan().rows()[place].fixed_versions.iter();
        Ok(versions.map(|version| self.text(version)).collect::<Result<_>>()?)
    }

    fn severity_source(&mut self, handle: Resource<ScanRows>, id: u32) -> Answer<Option<String>> {
        let (assessment, place) = self.scanned(&handle, id)?;
        let source = assessment.scan().rows()[place].severity_source.as_deref();
        Ok(source.map(|source| self.text(source)).transpose()?)
    }

    fn cvss(&mut self, handle: Resource<ScanRows>, id: u32) -> Answer<Vec<Cvss>> {
        let (assessment, place) = self.scanned(&handle, id)?;
        let ratings = assessment.scan().rows()[place].cvss.iter().map(|rating| {
            Ok(Cvss {
                version: self.text(&rating.version)?,
                vector: self.text(&rating.vector)?,
                score: rating.score,
                source: self.text(&rating.source)?,
            })
        });
        Ok(ratings.collect::<Result<_>>()?)
    }

    fn published_at(&mut self, handle: Resource<ScanRows>, id: u32) -> Answer<Option<i64>> {
        let (assessment, place) = self.scanned(&handle, id)?;
        Ok(assessment.scan().rows()[place].published_at.map(Instant::unix))
    }

    fn vex(&mut self, handle: Resource<ScanRows>, id: u32) -> Answer<Option<Vex>> {
        let (assessment, place) = self.scanned(&handle, id)?;
        let Some(stated) = assessment.stated(place) else { return Ok(None) };
        let signers = stated.signers.iter().map(|signer| self.text(signer));
        let signers = signers.collect::<Result<_>>()?;
        let justification =
            stated.justification.as_deref().map(|why| self.text(why)).transpose()?;
        let author = stated.author.as_deref().map(|author| self.text(author)).transpose()?;
        let document = self.text(&stated.document.to_string())?;
        let status = stated.status.as_str().to_owned();
        Ok(Some(Vex { status, justification, signers, document, author }))
    }

    fn query(&mut self, handle: Resource<ScanRows>) -> Result<Resource<ScanQuery>> {
        let assessment = self.scan(&handle)?;
        self.hand_out(ScanQuery::all(assessment))
    }

    fn drop(&mut self, handle: Resource<ScanRows>) -> Result<()> {
        self.take_back(handle)
    }
}
