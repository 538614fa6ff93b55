//! `provenance` and the other kinds, and `signatures`.

use lockgate_plugin::{Failure, attestations as every, signatures as signed};
use serde_json::Value;

use crate::caps::Meter;
use crate::shape::{Attestation, Signature, head};
use crate::strict;

/// The most bytes that one slice of a predicate has.
const SLICE: u32 = 64 << 10;

/// Every attestation of a kind, with its predicate as it was signed.
pub(crate) fn attestations(kind: &str, meter: &mut Meter<'_>) -> Result<Value, Failure> {
    let mut rows = Vec::new();
    for attestation in every(kind) {
        let attestation = attestation?;
        meter.rows(1)?;
        let head = head!(attestation);
        let size = attestation.size();
        meter.room(size)?;
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < size {
            let slice = attestation.read(bytes.len() as u64, SLICE)?;
            if slice.is_empty() {
                break;
            }
            bytes.extend(slice);
        }
        let what = format!("the predicate of `{}`", head.path);
        let predicate = strict::parse(&bytes, &what)?;
        let predicate_type = attestation.predicate_type();
        rows.push(meter.row(&Attestation { head, predicate_type, predicate })?);
    }
    Ok(Value::Array(rows))
}

/// Every signature over the artifact.
pub(crate) fn signatures(meter: &mut Meter<'_>) -> Result<Value, Failure> {
    let mut rows = Vec::new();
    for signature in signed() {
        let signature = signature?;
        meter.rows(1)?;
        let row = Signature { head: head!(signature), format: signature.format() };
        rows.push(meter.row(&row)?);
    }
    Ok(Value::Array(rows))
}
