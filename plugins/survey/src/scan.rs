//! Everything that can be seen of scans, and of VEX by way of them.

use lockgate_plugin::scans::{Query, Scan, documents, rows};
use lockgate_plugin::{Failure, Refusal};

use crate::{Notes, Settings, number, unknown, words};

pub(crate) fn look(notes: &mut Notes, settings: &Settings) -> Result<(), Failure> {
    for document in documents() {
        let document = document?;
        let path = document.path();
        notes.add(format!("scan {path} {} {:?}", document.assurance(), document.signers()));
        let opened = match &settings.vex {
            Some(signers) => document.open_honouring(signers),
            None => document.open(),
        };
        match opened {
            Ok(scan) => {
                head(notes, &scan);
                all(notes, &scan)?;
                ask(notes, &scan, settings)?;
            }
            Err(Refusal::Malformed(why)) => notes.add(format!("unreadable: {why}")),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

fn head(notes: &mut Notes, scan: &Scan) {
    notes.seen("format", scan.format());
    notes.seen("notes", scan.notes());
    notes.seen("scanner", (scan.scanner(), scan.scanner_version()));
    notes.seen("scanned, database", (scan.scanned_at(), scan.database_at()));
    notes.seen("covered nothing, left out", (scan.covered_nothing(), scan.left_out()));
    notes.seen("rows", scan.row_count());
}

fn all(notes: &mut Notes, scan: &Scan) -> Result<(), Failure> {
    for row in rows(&scan.query()) {
        let row = row?;
        let id = row.id;
        let component = (&row.component, &row.version, &row.purl);
        notes.seen("row", (id, &row.vulnerability, component, &row.severity));
        notes.seen("  aliases, fixed", (scan.aliases(id)?, scan.fixed_versions(id)?));
        notes.seen("  whose, published", (scan.severity_source(id)?, scan.published_at(id)?));
        for rating in scan.cvss(id)? {
            notes.seen("  cvss", (rating.source, rating.version, rating.vector, rating.score));
        }
        if let Some(vex) = scan.vex(id)? {
            notes.seen("  vex", (vex.status, vex.justification, vex.signers, vex.author));
        }
    }
    Ok(())
}

fn ask(notes: &mut Notes, scan: &Scan, settings: &Settings) -> Result<(), Failure> {
    for narrowings in &settings.ask {
        let query = scan.query();
        for narrowing in narrowings {
            if let Err(why) = narrow(&query, narrowing)? {
                notes.add(format!("{narrowing}: refused: {why}"));
            }
        }
        let count = query.count();
        let found: Result<Vec<u32>, Failure> = rows(&query).map(|row| Ok(row?.id)).collect();
        notes.seen(&format!("asked {}", narrowings.join(", ")), (count, found?));
    }
    Ok(())
}

fn narrow(query: &Query, narrowing: &str) -> Result<Result<(), Refusal>, Failure> {
    let (word, argument) = words(narrowing);
    Ok(match word {
        "vulnerability" => query.vulnerability(argument),
        "purl" => query.purl(argument),
        "component" => query.component(argument),
        "severity" => query.severity(argument),
        "severity-at-least" => query.severity_at_least(argument),
        "score-at-least" => query.score_at_least(number(argument)?),
        "fixable" => query.fixable(argument == "true"),
        "status" => query.status(argument),
        "status-not" => query.status_not(argument),
        _ => return Err(unknown(narrowing)),
    })
}
