//! The misdeeds themselves, each as a guest in another language could commit it.

use std::hint::black_box;

use lockgate_plugin::bindings::lockgate::policy::types::{Finding, Level};
use lockgate_plugin::bindings::lockgate::policy::{attestations, context, sbom, signatures};

use crate::{CODE, USES, finding};

/// More than any host wants to take; at some 40 bytes each, 400 MB of them.
const MANY: usize = 10_000_000;

/// Larger than what any person would read.
const BIG: usize = 8 << 20;

/// Reads a fact, as a decent policy does: who signed first. To count is not to have read.
pub(crate) fn look() -> Result<Vec<String>, String> {
    let first = signatures::page(0, 1).map_err(|refusal| refusal.to_string())?;
    first.first().map(|signature| signature.signers()).ok_or("there is no signature".into())
}

/// A note for every statement, and one more for every bill of materials: how far the host vouches
/// for it, and by whom. Nothing of this is a misdeed.
pub(crate) fn assurances() -> Result<Vec<Finding>, String> {
    let mut notes = Vec::new();
    for kind in USES.iter().filter(|kind| **kind != "signature") {
        for one in attestations::page(kind, 0, 256).map_err(|refusal| refusal.to_string())? {
            let (signers, keys) = (one.signers(), one.keys());
            notes.push(assured(kind, &one.path(), &one.assurance(), &signers, &keys));
        }
    }
    for one in sbom::page(0, 256).map_err(|refusal| refusal.to_string())? {
        let (signers, keys) = (one.signers(), one.keys());
        notes.push(assured("bom", &one.path(), &one.assurance(), &signers, &keys));
    }
    Ok(notes)
}

fn assured(what: &str, path: &str, assurance: &str, by: &[String], keys: &[String]) -> Finding {
    let said = format!("{what} {path}: {assurance} by {by:?}, {} keys", keys.len());
    finding(Level::Note, said)
}

/// A violation with all that a finding can have. Nothing of this is a misdeed.
pub(crate) fn compared() -> Result<Finding, String> {
    let boms = sbom::page(0, 1).map_err(|refusal| refusal.to_string())?;
    let bom = boms.first().ok_or("there is no sbom")?;
    Ok(Finding {
        code: CODE.into(),
        level: Level::Violation,
        message: "the base image is older than the house allows".into(),
        about: Some("pkg:oci/debian@12.2".into()),
        expected: Some("12.8 or later".into()),
        found: Some("12.2".into()),
        evidence: vec![bom.digest()],
        remediation: Some("Build on `debian:12.8` or a later one.".into()),
    })
}

pub(crate) fn spin() -> ! {
    let mut turns = 0_u64;
    loop {
        turns = black_box(turns.wrapping_add(1));
    }
}

/// Never ends, but for the stack. The frame is large and lies in memory, where the compiler keeps
/// a stack of its own: as with most guests in Rust, that one is spent before the host's.
#[expect(unconditional_recursion, reason = "that is what it is for")]
pub(crate) fn recurse(depth: u64) -> u64 {
    let frame = black_box([depth; 64]);
    recurse(depth.wrapping_add(1)).wrapping_add(black_box(frame)[0])
}

pub(crate) fn grow() -> ! {
    let mut hoard = Vec::new();
    loop {
        hoard.push(black_box(vec![1_u8; 1 << 20]));
    }
}

pub(crate) fn many_findings() -> Vec<Finding> {
    (0..MANY).map(|_| finding(Level::Violation, "x")).collect()
}

pub(crate) fn big_text() -> String {
    "x".repeat(BIG)
}

/// Clears a screen, returns the carriage, reverses the text, and speaks to a CI system.
pub(crate) fn escapes() -> Finding {
    Finding {
        code: CODE.into(),
        level: Level::Violation,
        message: "\u{1b}[2J\u{1b}]0;owned\u{7}\r\n::error::all is well\u{202e}llew\u{2066}\u{9b}1m"
            .into(),
        about: Some("\u{1b}[31mpkg:npm/x\r::set-output name=ok::1\u{2028}".into()),
        expected: Some("\u{1b}]0;title\u{7}<b>".into()),
        found: Some("&lt;\r\n::error::<script>alert(1)</script>".into()),
        evidence: vec![],
        remediation: Some("\n::stop-commands::token\u{1b}[0m".into()),
    }
}

pub(crate) fn undeclared_kind() -> String {
    match attestations::count("provenance") {
        Ok(count) => format!("the host counted {count} of a kind that was not declared"),
        Err(refusal) => refusal.to_string(),
    }
}

pub(crate) fn log_flood() -> ! {
    let line = "a line for the log ".repeat(50);
    loop {
        context::log(&line);
    }
}

pub(crate) fn host_calls() -> ! {
    loop {
        black_box(context::at());
    }
}

/// Takes handles to the same documents again and again. Where there are none, it says so.
pub(crate) fn handles<T>() -> Result<T, String> {
    let mut kept = Vec::new();
    loop {
        let page = sbom::page(0, 256).map_err(|refusal| refusal.to_string())?;
        if page.is_empty() {
            return Err("there is no sbom to take handles to".into());
        }
        kept.push(page);
    }
}

pub(crate) fn bad_page() -> String {
    let ask = |max| match signatures::page(0, max) {
        Ok(page) => format!("max {max} gave {} signatures", page.len()),
        Err(refusal) => format!("max {max}: {refusal}"),
    };
    format!("{}; {}", ask(0), ask(100_000))
}
