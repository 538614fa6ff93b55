//! `scans` and `scans.rows`.

use lockgate_plugin::Failure;
use lockgate_plugin::scans::{self, Scan};
use serde_json::Value;

use crate::caps::{Caps, Meter, shown};
use crate::moment;
use crate::sbom::unreadable;
use crate::shape::{self, Cvss, Row, Vex, head};

/// Every scan, with its rows if they are asked for. `honoured` says whose VEX counts; none where the
/// policy may read no VEX at all.
pub(crate) fn documents(
    rows: bool,
    honoured: Option<&[String]>,
    caps: &Caps,
) -> Result<Value, Failure> {
    let mut meter = Meter::new("scans", caps);
    let mut documents = Vec::new();
    for document in scans::documents() {
        let document = document?;
        meter.rows(1)?;
        let head = head!(document);
        // Where the policy may read VEX, `open` would count everybody's.
        let opened = match honoured {
            Some(signers) => document.open_honouring(signers),
            None => document.open(),
        };
        let scan = opened.map_err(|refusal| unreadable(&head.path, &refusal.into()))?;
        let rows = match rows {
            true => Some(each(&scan, &mut meter)?),
            false => None,
        };
        let (scanned, database) = (scan.scanned_at(), scan.database_at());
        let mut row = shape::Scan {
            head,
            format: scan.format(),
            scanner: scan.scanner(),
            scanner_version: scan.scanner_version(),
            scanned_at: moment::maybe(scanned)?,
            scanned_at_unix: scanned,
            database_at: moment::maybe(database)?,
            database_at_unix: database,
            row_count: scan.row_count(),
            rows: None,
        };
        // What is large was counted row by row.
        meter.row(&row)?;
        row.rows = rows;
        documents.push(shown(&row)?);
    }
    Ok(Value::Array(documents))
}

fn each(scan: &Scan, meter: &mut Meter<'_>) -> Result<Vec<Value>, Failure> {
    meter.rows(u64::from(scan.row_count()))?;
    let mut rows = Vec::new();
    for row in scans::rows(&scan.query()) {
        let row = row?;
        let id = row.id;
        let published = scan.published_at(id)?;
        let rating = |rating: scans::Cvss| Cvss {
            version: rating.version,
            vector: rating.vector,
            score: rating.score,
            source: rating.source,
        };
        let vex = |vex: scans::Vex| Vex {
            status: vex.status,
            justification: vex.justification,
            signers: vex.signers,
        };
        rows.push(meter.row(&Row {
            vulnerability: row.vulnerability,
            aliases: scan.aliases(id)?,
            component: row.component,
            version: row.version,
            purl: row.purl,
            severity: row.severity,
            severity_source: scan.severity_source(id)?,
            cvss: scan.cvss(id)?.into_iter().map(rating).collect(),
            fixed_versions: scan.fixed_versions(id)?,
            published_at: moment::maybe(published)?,
            published_at_unix: published,
            vex: scan.vex(id)?.map(vex),
        })?);
    }
    Ok(rows)
}
