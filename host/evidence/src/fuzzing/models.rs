//! What holds for the models that are made of predicates, and for the names and versions of packages.

use std::collections::BTreeSet;

use lockgate_model::Kind;

use super::laws::shown;
use crate::json;
use crate::package::{self, Location, Purl, Range, Scheme, Wanted};
use crate::provenance::Provenance;
use crate::query::Narrowing as _;
use crate::sbom::{Bom, Narrowing, Query};
use crate::scan::{self, Assessment, Scan, Severity};
use crate::summary::Summary;
use crate::test_result::{Outcome, TestRun};
use crate::vex::Document;

/// The predicate types that hold scans; none for a report without a statement.
const SCANS: &[&str] = &[
    "",
    "https://in-toto.io/attestation/vulns/v0.1",
    "https://in-toto.io/attestation/vulns/v0.2",
    "https://cosign.sigstore.dev/attestation/vuln/v1",
];

/// How many rows a law is tried on.
const TRIED: usize = 16;

/// A bill of materials, in any form.
///
/// # Panics
///
/// A law does not hold.
pub fn sbom(bytes: &[u8]) {
    // JSON that stands in a statement was looked over; what begins otherwise is a document as it is.
    if bytes.trim_ascii_start().starts_with(b"{") && json::scan(bytes).is_err() {
        return;
    }
    let bom = match Bom::index(bytes) {
        Ok(bom) => bom,
        Err(unreadable) => return shown(&unreadable.to_string()),
    };
    bom.notes().iter().for_each(|note| shown(note));
    let again = Bom::index(bytes).expect("what was read can be read again");
    assert_eq!(format!("{:?}", bom.components()), format!("{:?}", again.components()));
    let keys = bom.components().iter().map(|one| (&one.purl, &one.name, &one.version));
    assert!(keys.is_sorted(), "components stand in their order");
    assert!(bom.licenses().windows(2).all(|pair| pair[0] < pair[1]), "each license stands once");
    let numbers = u32::try_from(bom.components().len()).expect("numbers are of 32 bits");
    for (id, component) in (0..numbers).zip(bom.components()).take(TRIED) {
        for &license in &component.licenses {
            assert!((license as usize) < bom.licenses().len());
            found(&bom, Narrowing::License(license), id);
        }
        found(&bom, Narrowing::Name(component.name.clone()), id);
        found(&bom, Narrowing::purl_pattern("**"), component.purl.as_ref().map_or(numbers, |_| id));
        if let Some(purl) = &component.purl {
            found(&bom, Narrowing::PurlPrefix(purl.clone()), id);
            if let Ok(wanted) = Wanted::parse(purl) {
                found(&bom, Narrowing::Purl(wanted), id);
            }
        }
        let path = bom.path_to(id);
        assert!(path.last().is_none_or(|last| *last == id), "a path ends where it leads");
        for pair in path.windows(2) {
            assert!(bom.dependencies(pair[0]).contains(&pair[1]), "a path goes by dependencies");
        }
        assert!(bom.dependencies(id).iter().all(|other| *other < numbers && *other != id));
    }
}

/// A narrowing covers what it was made of, and what the index knows changes no answer.
fn found(bom: &Bom, narrowing: Narrowing, id: u32) {
    let covered: Vec<u32> = (0..)
        .take(bom.components().len())
        .filter(|row| narrowing.covers(bom, *row as usize))
        .collect();
    let numbers = bom.components().len();
    assert!(id as usize >= numbers || covered.contains(&id), "{narrowing:?} covers {id}");
    let mut query = Query::all();
    query.narrow(narrowing);
    assert_eq!(query.count(bom) as usize, covered.len());
    assert_eq!(query.next(bom, numbers.max(1)), covered);
}

/// A scan: a report as a tool writes it, or a predicate.
///
/// # Panics
///
/// A law does not hold.
pub fn scan(bytes: &[u8]) {
    if json::scan(bytes).is_err() {
        return;
    }
    for predicate_type in SCANS {
        let scan = match Scan::read(Kind::Vulnerabilities, predicate_type, bytes) {
            Ok(scan) => scan,
            Err(unreadable) => {
                shown(&unreadable.to_string());
                continue;
            }
        };
        scan.notes().iter().for_each(|note| shown(note));
        let keys = scan
            .rows()
            .iter()
            .map(|row| (&row.vulnerability, &row.purl, &row.component, &row.version));
        assert!(keys.is_sorted(), "rows stand in their order");
        for row in scan.rows() {
            assert!(row.aliases.windows(2).all(|pair| pair[0] < pair[1]));
            assert!(!row.aliases.contains(&row.vulnerability));
            assert!(row.cvss.iter().all(|rating| rating.score <= 100));
        }
        let rows = scan.rows().len();
        let assessment = Assessment::without_vex(scan.into());
        let of = |severity: &Severity| {
            let mut query = scan::Query::all();
            query.narrow(scan::Narrowing::Severity(*severity));
            query.count(&assessment) as usize
        };
        assert_eq!(Severity::ALL.iter().map(of).sum::<usize>(), rows, "each row has one severity");
    }
}

/// A VEX document, in either format.
///
/// # Panics
///
/// A law does not hold.
pub fn vex(bytes: &[u8]) {
    if json::scan(bytes).is_err() {
        return;
    }
    for predicate_type in ["https://openvex.dev/ns/v0.2.0", "https://cyclonedx.org/bom"] {
        match Document::read(predicate_type, bytes) {
            Ok(document) => {
                document.notes().iter().for_each(|note| shown(note));
                let said = document.statements().iter();
                assert!(said.into_iter().all(|one| !one.vulnerability.trim().is_empty()));
            }
            Err(unreadable) => shown(&unreadable.to_string()),
        }
    }
}

/// A provenance, a result of tests, or a verification summary.
///
/// # Panics
///
/// A law does not hold.
pub fn predicate(bytes: &[u8]) {
    if json::scan(bytes).is_err() {
        return;
    }
    for predicate_type in ["https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v0.2"] {
        if let Err(unreadable) = Provenance::read(Kind::Provenance, predicate_type, bytes) {
            shown(&unreadable.to_string());
        }
    }
    match TestRun::read(Kind::TestResult, bytes) {
        Ok(run) => {
            for outcome in Outcome::ALL {
                let names = run.names(*outcome);
                assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "each name stands once");
                assert!(names.iter().all(|name| run.has(*outcome, name)));
            }
        }
        Err(unreadable) => shown(&unreadable.to_string()),
    }
    if let Err(unreadable) = Summary::read(Kind::VerificationSummary, bytes) {
        shown(&unreadable.to_string());
    }
}

/// A package URL; or a scheme, two versions and a range with a line break between each.
///
/// # Panics
///
/// A law does not hold.
pub fn package(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    purl(text);
    location(text);
    let mut parts = text.split('\n');
    let mut part = || parts.next().unwrap_or_default();
    let (scheme, one, other, range) = (part(), part(), part(), part());
    if let Some(scheme) = Scheme::of(scheme) {
        versions(scheme, one, other);
        if let Ok(range) = Range::native(scheme, range) {
            let is_version = scheme.compare(one, one).is_ok();
            assert!(is_version || range.contains(one).is_err(), "what is no version lies nowhere");
        }
    }
    if let Ok(range) = range.parse::<Range>() {
        let scheme = range.scheme();
        if range.contains(one).is_ok() {
            assert!(scheme.compare(one, one).is_ok(), "what lies in a range is a version");
        }
    }
}

fn purl(text: &str) {
    let canonical = match package::canonical(text) {
        Ok(canonical) => canonical,
        Err(why) => return shown(&why.to_string()),
    };
    assert_eq!(package::canonical(&canonical).as_ref(), Ok(&canonical), "it is canonical");
    let purl: Purl = text.parse().expect("one reader reads what the other reads");
    assert_eq!(purl.to_string(), canonical);
    let keys: Vec<_> = purl.qualifiers().map(|(key, _)| key).collect();
    assert_eq!(
        keys.len(),
        keys.iter().collect::<BTreeSet<_>>().len(),
        "each qualifier stands once"
    );
    let sbom = serde_json::json!({
        "bomFormat": "CycloneDX", "specVersion": "1.6",
        "components": [{ "type": "library", "name": "a", "purl": text }],
    });
    let bom = Bom::index(sbom.to_string().as_bytes()).expect("a package URL spoils no document");
    let wanted = Wanted::parse(text).expect("what is canonical can be asked for");
    found(&bom, Narrowing::Purl(wanted), 0);
}

fn location(text: &str) {
    let location: Location = match text.parse() {
        Ok(location) => location,
        Err(why) => return shown(&why.to_string()),
    };
    let again = location.to_string().parse();
    assert_eq!(again.as_ref(), Ok(&location), "it is canonical");
    let below = format!("{location}/a").parse().expect("what lies below is a place, too");
    assert!(location.covers(&location) && location.covers(&below) && !below.covers(&location));
}

fn versions(scheme: Scheme, one: &str, other: &str) {
    match (scheme.compare(one, other), scheme.compare(other, one)) {
        (Ok(order), Ok(reversed)) => assert_eq!(order, reversed.reverse(), "{one} and {other}"),
        (Err(why), Err(_)) => shown(&why.to_string()),
        (there, back) => panic!("{one} and {other}: {there:?}, and {back:?}"),
    }
    if let Ok(order) = scheme.compare(one, one) {
        assert!(order.is_eq(), "{one} is itself");
    }
}
