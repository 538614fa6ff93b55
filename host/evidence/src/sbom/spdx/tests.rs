//! What is read of documents in SPDX, in each of its forms.

use std::path::Path;

use lockgate_model::Kind;
use serde_json::{Value, json};

use crate::sbom::shown::shown;
use crate::sbom::{Acknowledgement, Bom, DocumentField, LicenseForm, Unreadable};

fn read(text: &str) -> Result<Bom, Unreadable> {
    Bom::read(Kind::Sbom, text.as_bytes())
}

fn fixture(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/sbom");
    std::fs::read_to_string(root.join(path)).unwrap()
}

fn of(path: &str) -> Bom {
    read(&fixture(path)).unwrap()
}

#[test]
fn dump() {
    for f in [
        "spdx/SPDXJSONExample-v2.3.spdx.json",
        "spdx/SPDXTagExample-v2.3.spdx",
        "spdx3/example13.spdx3.json",
        "spdx3/examplemaven-0.0.1-enriched.spdx3.json",
        "spdx3/example6-bin.json",
    ] {
        println!("== {f}\n{}", shown(&of(f)));
    }
    println!("{:?}", of("spdx3/example6-bin.json").licenses());
}
