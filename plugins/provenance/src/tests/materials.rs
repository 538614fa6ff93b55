//! What the policy says of materials.

use serde_json::{Value, json};

use super::*;

#[test]
fn a_material_is_pinned_by_a_strong_digest_of_its_length() {
    let settings = r#""materials": { "pinned": true }"#;
    let sha1 = "c27d339ee6075c1f744c5d4b200f7901aad2c369";
    let sha256 = "8ec176ee81673694824c9b61e6eda03d07e0517d1b96e35d69f5e310a730c53d";
    let sha512 = format!("{sha256}{sha256}");
    let judged = |material: Value| {
        let predicate = with(v1(), "/buildDefinition/resolvedDependencies", json!([material]));
        found(settings, V1, &predicate)
    };
    for pinned in [
        json!({ "uri": "https://acme.example/x", "digest": { "sha256": sha256 } }),
        json!({ "uri": "https://acme.example/x", "digest": { "md5": "00", "sha512": sha512 } }),
        json!({ "uri": "git+https://github.com/acme/orders@refs/x", "digest": { "sha1": sha1 } }),
        json!({ "uri": "git+https://github.com/acme/orders", "digest": { "gitCommit": sha1 } }),
        json!({ "uri": "git+https://github.com/acme/orders", "digest": { "gitCommit": sha256 } }),
        json!({ "uri": "https://gitlab.com/acme/orders.git", "digest": { "sha1": sha1 } }),
        json!({ "uri": "pkg:github/acme/orders@v1", "digest": { "gitCommit": sha1 } }),
        json!({ "digest": { "sha256": sha256 } }),
    ] {
        assert_eq!(judged(pinned.clone()), "", "{pinned}");
    }
    for unpinned in [
        json!({ "uri": "https://acme.example/x", "digest": { "sha1": sha1 } }),
        json!({ "uri": "https://acme.example/x", "digest": { "gitCommit": sha1 } }),
        json!({ "uri": "https://acme.example/x?.git", "digest": { "sha1": sha1 } }),
        json!({ "uri": "https://gitlab.com/acme/orders.git", "digest": { "sha256": sha1 } }),
        json!({ "uri": "https://acme.example/x", "digest": { "sha256": "" } }),
        json!({ "uri": "https://acme.example/x", "digest": { "sha256": [sha256] } }),
        json!({ "uri": "https://acme.example/x", "digest": {} }),
        json!({ "uri": "https://acme.example/x" }),
        json!({ "uri": [], "digest": "x" }),
        json!("x"),
        json!(null),
    ] {
        let found = judged(unpinned.clone());
        assert!(found.starts_with("violation unpinned-material ["), "{unpinned}: {found}");
        assert_eq!(found.lines().count(), 1);
    }
    assert_eq!(
        judged(json!({ "uri": "pkg:docker/alpine@3", "digest": { "sha1": sha1 } })),
        "violation unpinned-material [pkg:docker/alpine@3]: provenance `p.json` states a material \
         that no strong digest names\n"
    );
}

#[test]
fn a_material_has_to_be_allowed_by_its_uri() {
    let settings = r#""materials": { "allow": [
        { "glob": "git+https://github.com/acme/*@refs/tags/*" },
        { "glob": "pkg:docker/acme/*@*" }, { "glob": "pkg:npm/%40acme/*@*" }, "https://x/#y",
        "pkg:docker/acme/base@1?repository_url=ghcr.io"
    ] }"#;
    let judged = |uri: Value| {
        let materials = json!([{ "uri": uri }]);
        found(settings, V02, &with(v02(), "/materials", materials))
    };
    for allowed in [
        "git+https://github.com/acme/orders@refs/tags/v1",
        "pkg:docker/acme/go@1.24?platform=linux%2Famd64",
        "pkg:docker/acme/go@1.24?digest=sha256:00&platform=linux%2Famd64#x",
        "pkg:docker/acme/base@1?arch=x64&repository_url=ghcr.io",
        "pkg:npm/%40acme/orders@1.0.0",
        "https://x/#y",
    ] {
        assert_eq!(judged(json!(allowed)), "", "{allowed}");
    }
    for foreign in [
        json!("git+https://github.com/mallory/orders@refs/tags/v1"),
        json!("git+https://github.com/acme/orders@refs/tags/v1?x"),
        json!("pkg:npm/%40mallory/orders@1.0.0"),
        json!("pkg:docker/acme/base@1?repository_url=evil.io"),
        json!("pkg:docker/acme/base@1?platform=x&download_url=https:%2F%2Fevil.io"),
        json!("pkg:docker/acme/base@1#x?repository_url=evil.io"),
        json!("pkg:npm/%40acme/orders@1?vcs_url=git%2Bhttps:%2F%2Fevil.io"),
        json!("pkg:npm/%40acme/orders@1?Repository_URL=evil.io"),
        json!(null),
        json!(["pkg:docker/acme/go@1"]),
    ] {
        let found = judged(foreign.clone());
        assert!(found.starts_with("violation material-not-allowed ["), "{foreign}: {found}");
    }
}

#[test]
fn no_materials_are_none_that_are_fine() {
    let settings = r#""materials": { "pinned": true, "allow": ["x"] }"#;
    for none in [json!([]), json!(null), json!("x")] {
        assert_eq!(
            found(settings, V02, &with(v02(), "/materials", none)),
            "violation unpinned-material [/materials]: provenance `p.json` states no materials\n\
             violation material-not-allowed [/materials]: provenance `p.json` states no \
             materials\n"
        );
    }
}

#[test]
fn many_materials_are_named_up_to_a_hundred_and_then_counted() {
    let settings = r#""materials": { "pinned": true }"#;
    let materials: Vec<Value> = (0..130).map(|n| json!({ "uri": format!("pkg:a/{n}") })).collect();
    let found = found(settings, V02, &with(v02(), "/materials", json!(materials)));
    assert_eq!(found.lines().count(), 101);
    assert!(found.ends_with("provenance `p.json` has 30 further findings like these\n"), "{found}");
}
