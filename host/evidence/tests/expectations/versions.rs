//! Versions and their ranges against univers.

use std::cmp::Ordering;

use lockgate_evidence::package::{Range, Scheme};
use serde_json::{Value, json};

use crate::{Differences, Known, expected};

const KNOWN: &[Known] = &[
    (
        "maven *.RELEASE\"*",
        "order",
        "Maven takes `release` for nothing, as it takes `final` and `ga`",
    ),
    ("* \"1.0.0-rc.1\" \"1.0.0-rc.1+build.5\"", "order", BUILD),
    ("golang \"v1.0.0\" \"v1.0.0+meta\"", "order", BUILD),
    ("\"vers:npm/>=1.0.0|<2.0.0\" \"1.0.0+build.1\"", "range", BUILD),
];

const BUILD: &str = "what names a build has no part in the order (Semantic Versioning 2.0.0, 10)";

fn order(scheme: Scheme, a: &str, b: &str) -> Value {
    match scheme.compare(a, b) {
        Ok(Ordering::Less) => json!("<"),
        Ok(Ordering::Equal) => json!("="),
        Ok(Ordering::Greater) => json!(">"),
        Err(why) => json!(why.to_string()),
    }
}

fn lies_in(range: &str, version: &str) -> Value {
    match range.parse::<Range>() {
        Ok(range) => match range.contains(version) {
            Ok(inside) => json!(inside),
            Err(why) => json!(why.to_string()),
        },
        Err(why) => json!(why.to_string()),
    }
}

#[test]
fn versions_stand_in_the_order_and_in_the_ranges_that_another_library_says() {
    let mut differences = Differences::new(KNOWN);
    for (name, theirs) in &expected("versions") {
        let scheme = Scheme::of(name).unwrap();
        let rows = |key: &str| theirs[key].as_array().unwrap().clone();
        assert!(rows("pairs").len() >= 300, "{name}");
        for row in rows("pairs") {
            let [a, b, theirs] = row.as_array().unwrap().as_slice() else { panic!("a pair") };
            let ours = order(scheme, a.as_str().unwrap(), b.as_str().unwrap());
            differences.hold(&format!("{name} {a} {b}"), "order", &ours, theirs);
        }
        for row in rows("ranges") {
            let [range, version, theirs] = row.as_array().unwrap().as_slice() else {
                panic!("a range and a version")
            };
            let ours = lies_in(range.as_str().unwrap(), version.as_str().unwrap());
            differences.hold(&format!("{range} {version}"), "range", &ours, theirs);
        }
    }
    differences.settle();
}
