//! Questions about the rows of a scan.

use lockgate_evidence::package::Wanted;
use lockgate_evidence::scan::{Narrowing, Severity};
use wasmtime::Result;
use wasmtime::component::Resource;

use super::super::asked::Asked;
use super::super::{Answer, invalid};
use crate::bindings::lockgate::policy::vulnerabilities::{HostQuery, Row};
use crate::state::State;

/// Behind the resource `query`.
pub type ScanQuery = Asked<Narrowing>;

fn severity(word: &str) -> Answer<Severity> {
    word.parse().or_else(|_| invalid(format!("`{word}` is not a severity")))
}

impl HostQuery for State {
    fn vulnerability(&mut self, handle: Resource<ScanQuery>, id: String) -> Answer<()> {
        self.narrow_by(&handle, &id)?.query.narrow(Narrowing::Vulnerability(id));
        Ok(())
    }

    fn purl(&mut self, handle: Resource<ScanQuery>, purl: String) -> Answer<()> {
        let narrowed = self.narrow_by(&handle, &purl)?;
        match Wanted::parse(&purl) {
            Ok(wanted) => narrowed.query.narrow(Narrowing::Purl(wanted)),
            Err(_) => return invalid(format!("`{purl}` is not a package URL")),
        }
        Ok(())
    }

    fn component(&mut self, handle: Resource<ScanQuery>, name: String) -> Answer<()> {
        self.narrow_by(&handle, &name)?.query.narrow(Narrowing::Component(name));
        Ok(())
    }

    fn severity(&mut self, handle: Resource<ScanQuery>, word: String) -> Answer<()> {
        let narrowed = self.narrow_by(&handle, &word)?;
        narrowed.query.narrow(Narrowing::Severity(severity(&word)?));
        Ok(())
    }

    fn severity_at_least(&mut self, handle: Resource<ScanQuery>, word: String) -> Answer<()> {
        let narrowed = self.narrow_by(&handle, &word)?;
        narrowed.query.narrow(Narrowing::SeverityAtLeast(severity(&word)?));
        Ok(())
    }

    fn score_at_least(&mut self, handle: Resource<ScanQuery>, tenths: u32) -> Answer<()> {
        self.narrow_by(&handle, "")?.query.narrow(Narrowing::ScoreAtLeast(tenths));
        Ok(())
    }

    fn fixable(&mut self, handle: Resource<ScanQuery>, fixable: bool) -> Answer<()> {
        self.narrow_by(&handle, "")?.query.narrow(Narrowing::Fixable(fixable));
        Ok(())
    }

    fn status(&mut self, handle: Resource<ScanQuery>, word: String) -> Answer<()> {
        let narrowed = self.narrow_by(&handle, &word)?;
        let status = match word.as_str() {
            "none" => None,
            _ => match word.parse() {
                Ok(status) => Some(status),
                Err(_) => return invalid(format!("`{word}` is not a status")),
            },
        };
        narrowed.query.narrow(Narrowing::Status(status));
        Ok(())
    }

    fn status_not(&mut self, handle: Resource<ScanQuery>, word: String) -> Answer<()> {
        let narrowed = self.narrow_by(&handle, &word)?;
        match word.parse() {
            Ok(status) => narrowed.query.narrow(Narrowing::StatusNot(status)),
            Err(_) => return invalid(format!("`{word}` is not a status")),
        }
        Ok(())
    }

    fn count(&mut self, handle: Resource<ScanQuery>) -> Result<u32> {
        self.counted(&handle)
    }

    fn next(&mut self, handle: Resource<ScanQuery>, max: u32) -> Answer<Vec<Row>> {
        let (assessment, rows) = self.next_rows(&handle, max)?;
        let all = assessment.scan().rows();
        let found = rows.into_iter().filter_map(|id| Some((id, all.get(id as usize)?)));
        Ok(found.map(|(id, row)| self.scan_row(id, row)).collect::<Result<_>>()?)
    }

    fn drop(&mut self, handle: Resource<ScanQuery>) -> Result<()> {
        self.take_back(handle)
    }
}
