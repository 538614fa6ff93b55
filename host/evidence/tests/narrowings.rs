//! Questions about bills of materials by versions, packages, places and times.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::sync::Arc;

use common::{CYCLONEDX, Case, Key, statement};
use lockgate_evidence::sbom::{Bom, ComponentField, Narrowing, Query};
use serde_json::{Value, json};

fn read(predicate_type: &str, predicate: &Value) -> Arc<Bom> {
    let key = Key::p256();
    let case = Case::new().json("sbom.json", &key.bundle(&statement(predicate_type, predicate)));
    let facts = case.facts(&key.trusted("ci"));
    facts.attestations().first().unwrap().get().bom().cloned().unwrap()
}

fn bom(components: &Value) -> Arc<Bom> {
    let document =
        json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "components": components });
    read(CYCLONEDX, &document)
}

fn query(narrowings: impl IntoIterator<Item = Narrowing>) -> Query {
    let mut query = Query::all();
    narrowings.into_iter().for_each(|narrowing| query.narrow(narrowing));
    query
}

/// The names of what a question covers.
fn names(bom: &Bom, narrowings: impl IntoIterator<Item = Narrowing>) -> Vec<String> {
    let query = query(narrowings);
    let rows = query.rows(bom);
    assert_eq!(query.count(bom) as usize, rows.len());
    rows.into_iter().map(|row| bom.components()[row as usize].name.clone()).collect()
}

#[test]
fn a_version_that_may_lie_in_a_range_is_in_it() {
    let bom = bom(&json!([
        { "name": "below", "version": "4.17.20", "purl": "pkg:npm/below@4.17.20" },
        { "name": "above", "version": "4.17.21", "purl": "pkg:npm/above@4.17.21" },
        { "name": "disagrees", "version": "4.17.21", "purl": "pkg:npm/disagrees@1.0.0" },
        { "name": "in-purl-alone", "purl": "pkg:npm/in-purl-alone@5.0.0" },
        { "name": "moves", "version": "latest", "purl": "pkg:npm/moves" },
        { "name": "none", "purl": "pkg:npm/none" },
    ]));
    let range = || Narrowing::VersionIn("vers:npm/<4.17.21".parse().unwrap());
    assert_eq!(names(&bom, [range()]), ["below", "disagrees", "moves", "none"]);
    assert_eq!(names(&bom, [range(), Narrowing::PurlPrefix("pkg:npm/m".into())]), ["moves"]);
}

#[test]
fn no_spelling_of_a_name_escapes_a_pattern_over_packages() {
    let bom = bom(&json!([
        { "name": "plain", "purl": "pkg:npm/%40acme/plain@1" },
        { "name": "case", "purl": "pkg:npm/%40ACME/case@1" },
        { "name": "slash", "purl": "pkg:npm/%40acme%2Fslash@1" },
        { "name": "other", "purl": "pkg:npm/%40acme-evil/other@1" },
        { "name": "dots", "purl": "pkg:pypi/acme.core@1" },
        { "name": "dashes", "purl": "pkg:pypi/acme-core@1" },
        { "name": "unread", "purl": "pkg:npm" },
    ]));
    let package = |glob: &str| names(&bom, [Narrowing::package(glob)]);
    assert_eq!(package("pkg:npm/%40acme/**"), ["case", "slash", "plain"]);
    assert_eq!(package("pkg:npm/%40Acme/*@1"), ["case", "slash", "plain"]);
    assert_eq!(package("pkg:pypi/acme.*@*"), ["dashes", "dots"]);
    assert_eq!(package("pkg:pypi/acme-core"), [""; 0]);
}

#[test]
fn questions_are_joined_and_taken_away() {
    let bom = bom(&json!([
        { "name": "a", "type": "library", "version": "1" },
        { "name": "b", "type": "file" },
        { "name": "c", "type": "library" },
    ]));
    let files = query([Narrowing::ComponentType("file".into())]);
    let versioned = query([Narrowing::Has(ComponentField::Version)]);
    assert_eq!(names(&bom, [Narrowing::any_of(&bom, &[&files, &versioned])]), ["a", "b"]);
    assert_eq!(names(&bom, [Narrowing::none_of(&bom, &[&files, &versioned])]), ["c"]);
    assert_eq!(names(&bom, [Narrowing::none_of(&bom, &[])]), ["a", "b", "c"]);
    assert_eq!(names(&bom, [Narrowing::any_of(&bom, &[])]), [""; 0]);
}

#[test]
fn where_a_component_comes_from_is_told_by_its_purl_and_its_references() {
    let bom = bom(&json!([
        { "name": "silent", "purl": "pkg:npm/silent@1" },
        { "name": "purl", "purl": "pkg:npm/purl@1?repository_url=npm.acme.com/a" },
        { "name": "both", "purl": "pkg:npm/both@1?repository_url=https:%2F%2Fnpm.acme.com",
          "externalReferences": [
            { "type": "distribution", "url": "https://evil.example/both.tgz" },
            { "type": "vcs", "url": "https://elsewhere.example" },
          ] },
        { "name": "nowhere", "externalReferences": [{ "type": "distribution", "url": "see site" }] },
        { "name": "forge", "purl": "pkg:npm/forge@1",
          "externalReferences": [{ "type": "vcs", "url": "https://github.com/a/forge" }] },
    ]));
    let outside = |places: &[&str]| {
        let places = places.iter().map(|place| place.parse().unwrap()).collect();
        names(&bom, [Narrowing::OriginOutside(places)])
    };
    assert_eq!(outside(&["https://npm.acme.com"]), ["nowhere", "both"]);
    assert_eq!(outside(&["https://npm.acme.com", "https://evil.example"]), ["nowhere"]);
    assert_eq!(outside(&["https://npm.acme.com/b"]), ["nowhere", "both", "purl"]);
    assert_eq!(names(&bom, [Narrowing::Lacks(ComponentField::Origin)]), ["forge", "silent"]);
    assert_eq!(bom.origins(1), ["https://npm.acme.com", "https://evil.example/both.tgz"]);
    assert_eq!(bom.package_types(), ["npm"]);
}

#[test]
fn every_word_for_where_a_component_comes_from_counts() {
    let bom = bom(&json!([
        { "name": "vcs", "purl": "pkg:npm/vcs@1?vcs_url=git%2Bhttps:%2F%2Fevil.example%2Fa.git" },
        { "name": "url", "version": "https://evil.example/a.tgz" },
        { "name": "forge", "version": "github:evil/a#main" },
        { "name": "in-purl", "purl": "pkg:npm/in-purl@https:%2F%2Fevil.example%2Fa.tgz" },
        { "name": "source", "externalReferences": [
            { "type": "source-distribution", "url": "https://evil.example/a.tgz" },
        ] },
        { "name": "fine", "version": "1:2.0", "purl": "pkg:deb/debian/fine@1:2.0" },
    ]));
    let place = vec!["https://registry.npmjs.org".parse().unwrap()];
    let outside = names(&bom, [Narrowing::OriginOutside(place)]);
    assert_eq!(outside, ["forge", "source", "url", "in-purl", "vcs"]);
    assert_eq!(names(&bom, [Narrowing::Lacks(ComponentField::Origin)]), ["fine"]);
}

#[test]
fn a_hash_is_strong_by_its_algorithm_and_its_length() {
    let (short, long) = ("ab".repeat(32), "ab".repeat(64));
    let bom = bom(&json!([
        { "name": "sha", "hashes": [{ "alg": "SHA-256", "content": short }] },
        { "name": "sha3", "hashes": [{ "alg": "SHA3-512", "content": long }] },
        { "name": "blake", "hashes": [{ "alg": "BLAKE2b-256", "content": short }] },
        { "name": "both", "hashes": [{ "alg": "MD5", "content": "00" },
                                     { "alg": "BLAKE3", "content": short }] },
        { "name": "weak-1", "hashes": [{ "alg": "SHA-1", "content": "ab".repeat(20) }] },
        { "name": "weak-2", "hashes": [{ "alg": "MD5", "content": short }] },
        { "name": "weak-3", "hashes": [{ "alg": "SHA-512", "content": short }] },
        { "name": "weak-4", "hashes": [{ "alg": "SHA-256", "content": "xyz" }] },
        { "name": "weak-5", "hashes": [{ "alg": "SHA-256", "content": "xy".repeat(32) }] },
    ]));
    let weak = names(&bom, [Narrowing::Lacks(ComponentField::StrongHash)]);
    assert_eq!(weak, ["weak-1", "weak-2", "weak-3", "weak-4", "weak-5"]);
}

#[test]
fn a_release_has_a_moment_in_every_format() {
    let cyclonedx = bom(&json!([
        { "name": "old", "releaseNotes": { "type": "major", "timestamp": "2026-01-01T00:00:00Z" } },
        { "name": "young", "releaseNotes": { "timestamp": "2026-09-30T00:00:00Z" } },
        { "name": "unread", "releaseNotes": { "timestamp": "soon" } },
        { "name": "silent" },
    ]));
    let after = Narrowing::ReleasedAfter("2026-06-01T00:00:00Z".parse().unwrap());
    assert_eq!(names(&cyclonedx, [after.clone()]), ["young"]);
    let unknown = Narrowing::Lacks(ComponentField::Released);
    assert_eq!(names(&cyclonedx, [unknown]), ["silent", "unread"]);
    let spdx = json!({
        "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "packages": [
            { "name": "young", "releaseDate": "2026-09-30T00:00:00Z", "SPDXID": "SPDXRef-a",
              "externalRefs": [{ "referenceCategory": "SECURITY", "referenceType": "cpe23Type",
                                 "referenceLocator": "cpe:2.3:a:b:c" }] },
            { "name": "silent", "releaseDate": "" },
        ],
        "documentDescribes": ["SPDXRef-a"],
    });
    let spdx = read("https://spdx.dev/Document", &spdx);
    assert_eq!(names(&spdx, [after]), ["young"]);
    assert_eq!(names(&spdx, [Narrowing::described(&spdx)]), ["young"]);
    assert_eq!(names(&spdx, [Narrowing::Lacks(ComponentField::Identifier)]), ["silent"]);
}

#[test]
fn a_version_that_names_one_release_is_a_field() {
    let bom = bom(&json!([
        { "name": "exact", "version": "1.0.0", "purl": "pkg:npm/exact@1.0.0" },
        { "name": "range", "version": "^1.0", "purl": "pkg:npm/range" },
        { "name": "snapshot", "version": "1.0-SNAPSHOT" },
        { "name": "none" },
        { "name": "in-purl", "purl": "pkg:npm/in-purl@latest", "version": "1.0" },
        { "name": "place", "version": "https://evil.example/a-1.tgz" },
    ]));
    let inexact = names(&bom, [Narrowing::Lacks(ComponentField::ExactVersion)]);
    assert_eq!(inexact, ["none", "place", "snapshot", "in-purl", "range"]);
}
