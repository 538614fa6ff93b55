use lockgate_plugin::from_json;
use serde_json::Value;

use crate::Immutability;
use crate::kind::Kind;

pub(crate) const WHOLE: &str = r#"{
    "kubernetes": ["deploy/**.yaml"],
    "compose": { "also": ["stack.yaml"] },
    "dockerfiles": true,
    "workflows": true,
    "exclude": ["charts/*/templates/**"],
    "required": ["kubernetes", "workflows"],
    "allow": ["acme/dev-*", "actions/*"],
    "registries": ["ghcr.io/acme", "localhost:5000"]
}"#;

fn problems(settings: &str) -> Vec<String> {
    let refused = from_json::<Immutability>(settings).err().unwrap_or_default();
    refused.iter().map(ToString::to_string).collect()
}

#[test]
fn every_problem_is_told_at_once_with_its_place() {
    let settings = r#"{
        "kubernetes": ["/deploy/**", "a", "a"],
        "compose": { "also": [] },
        "dockerfiles": {},
        "exclude": ["charts/**", "**", "*/**/?"],
        "required": ["workflows", "helm"],
        "allow": ["**/*", "acme/*", "**:*"],
        "registries": ["acme", "GHCR.io", "ghcr.io/"],
        "helm": true
    }"#;
    let registry = "a registry in lower case, with a path or without, for example `ghcr.io/acme`";
    assert_eq!(
        problems(settings),
        [
            "/helm: `helm` is not known here: `workflows`, `compose`, `dockerfiles`, `kubernetes`, \
             `exclude`, `required`, `allow`, `registries` is",
            "/compose/also: name at least one, or leave the key out",
            "/dockerfiles: give `also`, or write `true`",
            "/kubernetes/0: paths inside an archive begin with neither `/` nor `./`: leave it out",
            "/kubernetes/2: `a` is named twice",
            "/exclude/1: names nothing: give a part of the path, for example `charts/**`",
            "/exclude/2: names nothing: give a part of the path, for example `charts/**`",
            "/required/0: `workflows` is no kind that these settings judge",
            "/required/1: `helm` is no kind that these settings judge",
            "/allow/0: would allow everything: name an image or an action, for example `acme/dev-*`",
            "/allow/2: would allow everything: name an image or an action, for example `acme/dev-*`",
            &format!("/registries/0: {registry}"),
            &format!("/registries/1: {registry}"),
            &format!("/registries/2: {registry}"),
        ]
    );
    assert_eq!(
        problems("{}"),
        [": set one of `kubernetes`, `compose`, `dockerfiles` and `workflows`, for example \
          `kubernetes = true`"]
    );
}

#[test]
fn the_schema_accepts_what_is_read() {
    let text = include_str!("../../settings.schema.json");
    let schema: Value = serde_json::from_str(text).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    for settings in [
        WHOLE,
        "{}",
        "[]",
        r#"{ "exclude": ["a"] }"#,
        r#"{ "compose": true }"#,
        r#"{ "compose": false }"#,
        r#"{ "compose": [] }"#,
        r#"{ "compose": "a" }"#,
        r#"{ "compose": ["a", "a"] }"#,
        r#"{ "compose": ["./a"] }"#,
        r#"{ "compose": { "also": ["a"] } }"#,
        r#"{ "compose": { "also": ["a"], "not": ["b"] } }"#,
        r#"{ "compose": {} }"#,
        r#"{ "compose": true, "required": ["compose"] }"#,
        r#"{ "compose": true, "required": [] }"#,
        r#"{ "compose": true, "required": ["helm"] }"#,
        r#"{ "compose": true, "allow": [] }"#,
        r#"{ "compose": true, "allow": ["**"] }"#,
        r#"{ "compose": true, "allow": [""] }"#,
        r#"{ "compose": true, "allow": ["**:*"] }"#,
        r#"{ "compose": true, "exclude": "charts/**" }"#,
        r#"{ "compose": true, "exclude": ["**"] }"#,
        r#"{ "compose": true, "exclude": ["*/?/**"] }"#,
        r#"{ "compose": true, "exclude": ["**/.*"] }"#,
        r#"{ "compose": true, "allow": ["a/*"] }"#,
        r#"{ "compose": true, "registries": ["acme"] }"#,
        r#"{ "compose": true, "registries": ["ghcr.io", "host:5000/a", "localhost/b"] }"#,
        r#"{ "compose": true, "registries": ["ghcr.io/"] }"#,
        r#"{ "compose": true, "registries": ["ghcr.io/A"] }"#,
        r#"{ "compose": true, "registries": ["/a.b"] }"#,
        r#"{ "compose": true, "registries": [1] }"#,
    ] {
        let valid = schema.is_valid(&serde_json::from_str(settings).unwrap());
        assert_eq!(valid, problems(settings).is_empty(), "{settings}");
    }
}

#[test]
fn the_schema_lists_the_usual_places() {
    let schema = include_str!("../../settings.schema.json");
    for kind in Kind::ALL {
        assert!(schema.contains(&kind.globs().join(", ")), "{kind:?}");
    }
}
