//! What it costs to index a bill of materials, beside what reading it cannot cost less than: a bare
//! scan of the same bytes by `serde_json`, which keeps nothing.
//!
//! `cargo bench -p lockgate-tests --bench index`. Both are measured in turns. Indexing a document of
//! 20 MB is to take 150 ms at the most, and to hold less than three times its size at any moment, the
//! document itself not counted.
#![deny(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures and prints"
)]

mod measure;
#[path = "measure/memory.rs"]
mod memory;

use std::fmt::Write as _;
use std::hint::black_box;

use lockgate_evidence::fuzzing::index;
use lockgate_evidence::sbom::{Bom, Narrowing, Query};
use serde::de::IgnoredAny;

/// The most that indexing 20 MB may take, in milliseconds, and hold, in sizes of the document.
const MAX_TIME: f64 = 150.0;
const MAX_MEMORY: f64 = 3.0;

const MB: usize = 1_000_000;

const LICENSES: &[&str] = &[
    "MIT",
    "Apache-2.0",
    "BSD-3-Clause",
    "ISC",
    "GPL-3.0-only",
    "MIT OR Apache-2.0",
    "NOASSERTION",
];

fn main() {
    for (name, make) in [
        ("SPDX, packages", spdx_packages as fn(usize) -> String),
        ("SPDX, 70 % files", spdx_files),
        ("CycloneDX", cyclonedx),
    ] {
        for size in [2 * MB, 20 * MB] {
            one(name, &make(size));
        }
    }
}

fn one(name: &str, document: &str) {
    let (peak, held, bom) = memory::peak(|| index(document.as_bytes()).unwrap());
    let size = to_f64(document.len());
    let mut work = || drop(black_box(index(black_box(document.as_bytes())).unwrap()));
    let mut reference = || {
        serde_json::from_str::<IgnoredAny>(black_box(document)).unwrap();
    };
    let [work, reference] = measure::medians([&mut work, &mut reference]);
    let [work, reference] = [work, reference].map(|time| time.as_secs_f64() * 1e3);
    let (time, memory) = (work / size * 20e6, to_f64(peak) / size);
    let verdict = |is_met: bool| if is_met { "" } else { "   ABOVE THE TARGET" };
    println!(
        "{name}, {:.1} MB: {} components, {} licenses, {} dependencies",
        size / 1e6,
        bom.components().len(),
        bom.licenses().len(),
        bom.dependency_count(),
    );
    println!(
        "  index   {work:>7.1} ms, scan {reference:.1} ms, ratio {:.2}; {time:.0} ms for 20 MB{}",
        work / reference,
        verdict(time <= MAX_TIME),
    );
    println!(
        "  memory  {:>7.1} MB at the most, {memory:.2} sizes; {:.1} MB stay{}",
        to_f64(peak) / 1e6,
        to_f64(held) / 1e6,
        verdict(memory < MAX_MEMORY),
    );
    query(&bom);
}

/// A question about licenses, beside a loop over all components that asks the same.
fn query(bom: &Bom) {
    let wanted = bom.licenses().iter().position(|license| license.text == "GPL-3.0-only").unwrap();
    let wanted = u32::try_from(wanted).unwrap();
    let ask = || {
        let mut query = Query::all();
        query.narrow(Narrowing::License(wanted));
        query.count(black_box(bom))
    };
    let look =
        || black_box(bom).components().iter().filter(|c| c.licenses.contains(&wanted)).count();
    assert_eq!(ask() as usize, look());
    let mut ask_all = || {
        black_box(ask());
    };
    let mut look_all = || {
        black_box(look());
    };
    let [ask, look] = measure::medians([&mut ask_all, &mut look_all]);
    let [ask, look] = [ask, look].map(|time| time.as_secs_f64() * 1e6);
    println!("  license {ask:>7.1} µs, loop {look:.1} µs");
}

#[expect(clippy::cast_precision_loss, reason = "sizes are far below 2^52")]
fn to_f64(count: usize) -> f64 {
    count as f64
}

/// A number in hexadecimal that looks like a digest.
fn hex(number: usize) -> String {
    let step = |seed: u64| seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
    let mut seed = u64::try_from(number).unwrap();
    let mut hex = String::new();
    for _ in 0..4 {
        seed = step(seed);
        write!(hex, "{seed:016x}").unwrap();
    }
    hex
}

/// The name and version of a package. The order is not that of an index.
fn package(number: usize) -> (String, String) {
    let mixed = number.wrapping_mul(7919) % 100_003;
    (format!("package-{mixed}"), format!("{}.{}.{}", number % 10, number % 23, number % 7))
}

/// A package as Syft writes it, in about as many bytes.
fn spdx_package(number: usize, text: &mut String) {
    let (name, version) = package(number);
    let (license, digest) = (LICENSES[number % LICENSES.len()], hex(number));
    write!(
        text,
        r#"{{"name":"{name}","SPDXID":"SPDXRef-Package-npm-{name}-{number}","versionInfo":"{version}","supplier":"Organization: Author {} (author@example.com)","originator":"Person: Author","downloadLocation":"https://registry.npmjs.org/{name}/-/{name}-{version}.tgz","filesAnalyzed":false,"checksums":[{{"algorithm":"SHA256","checksumValue":"{digest}"}}],"sourceInfo":"acquired package info from installed node module manifest file: /app/node_modules/{name}/package.json","licenseConcluded":"NOASSERTION","licenseDeclared":"{license}","copyrightText":"NOASSERTION","description":"A package that does one thing, and does it well","externalRefs":[{{"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"cpe:2.3:a:{name}:{name}:{version}:*:*:*:*:*:*:*"}},{{"referenceCategory":"PACKAGE-MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/{name}@{version}"}}]}}"#,
        number % 100,
    )
    .unwrap();
}

fn relationship(from: &str, kind: &str, to: &str, text: &mut String) {
    write!(
        text,
        r#"{{"spdxElementId":"{from}","relatedSpdxElement":"{to}","relationshipType":"{kind}"}}"#
    )
    .unwrap();
}

/// A document of so many bytes, of which that share is files.
fn spdx(size: usize, files: f64) -> String {
    let mut text = r#"{"spdxVersion":"SPDX-2.3","dataLicense":"CC0-1.0","SPDXID":"SPDXRef-DOCUMENT","name":"app","documentNamespace":"https://example.com/app","creationInfo":{"creators":["Organization: Acme","Tool: generator-1.0"],"created":"2026-01-01T00:00:00Z"},"packages":["#.to_owned();
    let mut relationships = String::new();
    relationship("SPDXRef-DOCUMENT", "DESCRIBES", &id(0), &mut relationships);
    let share = |part: f64| part * to_f64(size);
    let mut packages = 0;
    while to_f64(text.len() + relationships.len()) < share(1.0 - files) {
        if packages > 0 {
            text.push(',');
            relationships.push(',');
            relationship(&id(packages / 3), "DEPENDS_ON", &id(packages), &mut relationships);
        }
        spdx_package(packages, &mut text);
        packages += 1;
    }
    text.push_str(r#"],"files":["#);
    let mut number = 0;
    while to_f64(text.len() + relationships.len()) < share(1.0) {
        let (comma, digest, file) =
            (if number > 0 { "," } else { "" }, hex(number), format!("SPDXRef-File-{number}"));
        write!(
            text,
            r#"{comma}{{"fileName":"/usr/share/app/part-{number}/file-{number}.js","SPDXID":"{file}","fileTypes":["TEXT"],"checksums":[{{"algorithm":"SHA1","checksumValue":"{}"}},{{"algorithm":"SHA256","checksumValue":"{digest}"}}],"licenseConcluded":"NOASSERTION","licenseInfoInFiles":["NOASSERTION"],"copyrightText":"NOASSERTION"}}"#,
            &digest[..40],
        )
        .unwrap();
        relationships.push(',');
        relationship(&id(number % packages), "CONTAINS", &file, &mut relationships);
        number += 1;
    }
    write!(text, r#"],"relationships":[{relationships}]}}"#).unwrap();
    text
}

/// What a package is called in a document.
fn id(number: usize) -> String {
    format!("SPDXRef-Package-npm-{}-{number}", package(number).0)
}

fn spdx_packages(size: usize) -> String {
    spdx(size, 0.0)
}

fn spdx_files(size: usize) -> String {
    spdx(size, 0.7)
}

/// A document of so many bytes in CycloneDX, with a dependency for each component.
fn cyclonedx(size: usize) -> String {
    let mut text = r#"{"bomFormat":"CycloneDX","specVersion":"1.6","version":1,"metadata":{"timestamp":"2026-01-01T00:00:00Z","component":{"type":"application","name":"app","bom-ref":"app"}},"components":["#.to_owned();
    let purl = |number| {
        let (name, version) = package(number);
        format!("pkg:npm/{name}@{version}?number={number}")
    };
    let mut dependencies = String::new();
    let mut number = 0;
    while text.len() + dependencies.len() < size {
        let (name, version) = package(number);
        let comma = if number > 0 { "," } else { "" };
        let license = match LICENSES[number % LICENSES.len()] {
            "NOASSERTION" => String::new(),
            choice if choice.contains(' ') => {
                format!(r#""licenses":[{{"expression":"{choice}"}}],"#)
            }
            license => format!(r#""licenses":[{{"license":{{"id":"{license}"}}}}],"#),
        };
        write!(
            text,
            r#"{comma}{{"type":"library","bom-ref":"{purl}","name":"{name}","version":"{version}","description":"A package that does one thing, and does it well",{license}"hashes":[{{"alg":"SHA-256","content":"{digest}"}}],"purl":"{purl}","externalReferences":[{{"type":"website","url":"https://example.com/{name}"}}]}}"#,
            purl = purl(number),
            digest = hex(number),
        )
        .unwrap();
        let from = if number == 0 { "app".to_owned() } else { purl(number / 3) };
        let to = purl(number);
        write!(dependencies, r#"{comma}{{"ref":"{from}","dependsOn":["{to}"]}}"#).unwrap();
        number += 1;
    }
    write!(text, r#"],"dependencies":[{dependencies}]}}"#).unwrap();
    text
}
