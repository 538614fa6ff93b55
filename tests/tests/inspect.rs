//! `plugin inspect`: what a plugin says of itself, what its imports prove, and what is none.
#![forbid(unsafe_code)]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests set up files")]

use lockgate_tests::{Workbench, golden, root};
use serde_json::Value;

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

const SURVEY: &str = env!("SURVEY_WASM");

/// What differs from one build or one run to the next stands as words.
fn steady(text: &str, report: &Value) -> String {
    let took = report["load_micros"].as_u64().unwrap();
    text.replace(report["digest"].as_str().unwrap(), "sha256:(its digest)")
        .replace(&format!("{} bytes", report["size"]), "(its size) bytes")
        .replace(&format!("{}.{} ms", took / 1000, took / 100 % 10), "(a time) ms")
}

#[test]
fn a_person_sees_what_a_policy_can_do() {
    let bench = Workbench::new(BINARY);
    let ran =
        bench.run(&["plugin", "inspect", "builtin:sbom", "-ohuman=it.txt", "-ojson"]).exits(0);
    let report = ran.json();
    golden(&root().join("tests/golden/inspect.txt"), &steady(&bench.read("it.txt"), &report));
    assert_eq!(report["schema"], "lockgate.plugin/v1");
    assert_eq!(report["code"], "precompiled");
    let component = lockgate_builtins::builtin("sbom").unwrap().component;
    assert_eq!(report["size"], component.len());
    assert!(report["settings"]["properties"]["licenses"].is_object());
    let abilities = report["abilities"].as_array().unwrap();
    assert!(abilities.iter().any(|ability| ability["interface"] == "sbom"));
    assert!(abilities.iter().all(|ability| ability["interface"] != "vulnerabilities"));
    let imports = report["imports"].as_array().unwrap();
    assert!(imports.iter().any(|import| import == "lockgate:policy/sbom@0.1.0"));
}

#[test]
fn a_file_is_compiled_and_said_to_be() {
    let bench = Workbench::new(BINARY);
    bench.write("survey.wasm", std::fs::read(SURVEY).unwrap());
    let ran = bench.run(&["plugin", "inspect", "survey.wasm", "-ohuman=it.txt", "-ojson"]).exits(0);
    assert_eq!(ran.json()["code"], "compiled");
    let text = bench.read("it.txt");
    assert!(text.contains("(survey.wasm)") && text.contains("bytes, compiled in"), "{text}");
}

#[test]
fn what_is_no_plugin_is_refused_with_the_reason() {
    let bench = Workbench::new(BINARY);
    bench.write("script", "#!/bin/sh\n");
    bench.write("module.wasm", wat::parse_str("(module)").unwrap());
    bench.write("empty.wasm", wat::parse_str("(component)").unwrap());
    let wants = wat::parse_str(r#"(component (import "wasi:http/types@0.2.6" (instance)))"#);
    bench.write("wants.wasm", wants.unwrap());
    let survey = std::fs::read(SURVEY).unwrap();
    bench.write("half.wasm", &survey[..survey.len() / 2]);
    std::fs::create_dir(bench.path("folder")).unwrap();
    for (plugin, words) in [
        ("nowhere.wasm", "cannot open the plugin `nowhere.wasm`"),
        ("folder", "the plugin `folder`"),
        ("script", "the plugin `script` is not a WebAssembly component"),
        ("module.wasm", "is a WebAssembly module, not a component"),
        ("empty.wasm", "exports no `lockgate:policy/plugin`"),
        ("half.wasm", "is not a valid component"),
        ("wants.wasm", "imports `wasi:http/types@0.2.6`, and a policy may import nothing outside"),
        ("builtin:sbmo", "there is no built-in policy `sbmo`; there are `cel`, `contents`"),
        ("", "the plugin ``"),
    ] {
        let ran = bench.run(&["plugin", "inspect", plugin]).exits(2);
        assert!(ran.stderr.contains(words), "{plugin}: {}", ran.stderr);
        assert!(ran.stdout.is_empty(), "{plugin}: {}", ran.stdout);
    }
    let ran = bench.run(&["plugin", "inspect", "builtin:sbom", "-osarif"]).exits(2);
    assert!(ran.stderr.contains("`plugin inspect` does not write `sarif`"), "{}", ran.stderr);
}
