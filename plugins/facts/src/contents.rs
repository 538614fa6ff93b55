//! `contents`.

use lockgate_plugin::Failure;
use lockgate_plugin::contents::{entries, open};
use serde_json::Value;

use crate::caps::{Caps, Meter, shown};
use crate::shape::{self, Ambiguity, Archive};

/// The artifact as an archive: what is listed of it, not what its files hold.
pub(crate) fn archive(caps: &Caps) -> Result<Value, Failure> {
    let mut meter = Meter::new("contents", caps);
    let archive = open()?;
    meter.rows(u64::from(archive.entry_count()))?;
    let ambiguities = archive.ambiguities()?.into_iter().map(|ambiguity| Ambiguity {
        code: ambiguity.code,
        path: ambiguity.path,
        detail: ambiguity.detail,
    });
    let mut view = Archive {
        format: archive.format(),
        ambiguities: ambiguities.collect(),
        entries: Vec::new(),
    };
    meter.row(&view)?;
    for entry in entries(&archive.query()) {
        let entry = entry?;
        let id = entry.id;
        view.entries.push(meter.row(&shape::Entry {
            path: entry.path,
            kind: entry.kind,
            size: entry.size,
            mode: archive.mode(id)?,
            digest: archive.digest(id)?,
            link_target: archive.link_target(id)?,
        })?);
    }
    shown(&view)
}
