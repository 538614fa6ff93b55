//! What names an image in manifests, beside `image` itself.

use super::{COMMIT, DIGEST, Listed, judged, lines, said};

fn sorted(kind: &str, text: &str) -> Vec<String> {
    let mut found = lines(kind, text);
    found.sort();
    found
}

/// What is found where only one registry is allowed.
fn elsewhere(text: &str) -> String {
    let tree = Listed(vec![("k8s/a.yaml", "file", text.into())]);
    judged(r#"{ "kubernetes": true, "registries": ["ghcr.io/acme"] }"#, &tree)
}

#[test]
fn a_volume_of_kubernetes_may_be_an_image() {
    let text = format!(
        "volumes:\n- name: v\n  image: {{reference: quay.io/evil/x:latest, pullPolicy: Always}}\n\
         - name: w\n  image:\n    reference: x@{DIGEST}\n- image: {{reference: ''}}\n"
    );
    assert_eq!(
        lines("kubernetes", &text),
        ["mutable-image 3 quay.io/evil/x:latest", "mutable-image 7 "]
    );
}

#[test]
fn a_new_name_has_a_registry_whatever_its_digest_is() {
    for entry in [
        "newName: evil.io/x".to_owned(),
        format!("newName: evil.io/x, digest: {DIGEST}"),
        format!("newName: evil.io/x, newTag: v1, digest: {DIGEST}"),
    ] {
        let text = format!("images: [{{name: ghcr.io/acme/a, {entry}}}]\n");
        let said = elsewhere(&text);
        assert!(said.starts_with("violation registry-not-allowed [k8s/a.yaml]: image `evil.io/x"));
        assert_eq!(said.lines().count(), 1, "{said}");
        assert_eq!(elsewhere(&text.replace("evil.io/x", "ghcr.io/acme/b")), "");
    }
    assert_eq!(lines("kubernetes", "images: [{name: a, newName: b}]\n"), [""; 0]);
    assert_eq!(lines("kubernetes", "images: [{name: a, newName: b:1}]\n"), ["mutable-image 1 b:1"]);
    assert_eq!(
        sorted("kubernetes", "a: &a {name: a, newTag: '1'}\nb: {<<: *a, newName: b}\n"),
        ["mutable-image 1 a:1", "mutable-image 1 b:1"]
    );
}

#[test]
fn patches_are_judged_as_what_they_patch() {
    let text = format!(
        "patches:\n\
         - patch: |-\n\
         \x20   - op: replace\n\
         \x20     path: /spec/template/spec/containers/0/image\n\
         \x20     value: a:1\n\
         \x20   - {{op: add, path: /spec/image, value: {{repository: b, tag: '2'}}}}\n\
         \x20   - {{op: test, path: /image, value: not-this}}\n\
         \x20   - {{op: remove, path: /image}}\n\
         \x20   - {{op: replace, path: /spec/values/image/tag, value: latest}}\n\
         \x20   - {{op: replace, path: /images/0/newTag, value: v2}}\n\
         \x20   - {{op: replace, path: /image, value: 'c@{DIGEST}'}}\n\
         - patch: |-\n\
         \x20   kind: Deployment\n\
         \x20   spec: {{image: d:1}}\n\
         - path: patch.yaml\n\
         patchesStrategicMerge:\n\
         - file.yaml\n\
         - |\n\
         \x20 image: e:1\n\
         patchesJson6902:\n\
         - patch: '[{{\"op\":\"add\",\"path\":\"/x/image\",\"value\":\"f:1\"}}]'\n\
         - patch: |\n\
         \x20   patch: |\n\
         \x20     image: g:1\n"
    );
    assert_eq!(
        sorted("kubernetes", &text),
        [
            "mutable-image 10 :v2",
            "mutable-image 14 d:1",
            "mutable-image 19 e:1",
            "mutable-image 21 f:1",
            "mutable-image 24 g:1",
            "mutable-image 5 a:1",
            "mutable-image 6 b:2",
            "mutable-image 9 :latest",
        ]
    );
    let unread = said("kubernetes", "f", "patch: |\n  a: b: c\n");
    assert!(unread.contains("`f` line 2 cannot be read: a mapping begins"), "{unread}");
    let deep = "a: b\n".to_owned();
    let deep = (0..5).fold(deep, |text, _| {
        let indented: String = text.lines().map(|line| format!("  {line}\n")).collect();
        format!("patch: |\n{indented}")
    });
    assert!(said("kubernetes", "f", deep).contains("deeper than three times"));
    let said = elsewhere("- {op: replace, path: /images/0/newName, value: evil.io/x}\n");
    assert!(said.starts_with("violation registry-not-allowed"), "{said}");
}

#[test]
fn what_kustomize_takes_from_elsewhere_is_named_by_commit() {
    let text = format!(
        "resources:\n- deployment.yaml\n- ../base\n- https://github.com/evil/r//x?ref=main\n\
         - https://github.com/good/r//x?ref={COMMIT}&timeout=9\n\
         - https://github.com/evil/r//x?ref=main&ref={COMMIT}\n\
         - https://github.com/evil/r//x?r%65f=main&ref={COMMIT}\n- github.com/evil/r\n\
         - git@github.com:evil/r\n- https://raw.githubusercontent.com/o/r/{COMMIT}/a.yaml\n\
         - https://raw.githubusercontent.com/o/r/main/a.yaml\n\
         components: ['https://evil.io/c?ref=v1']\nbases: [evil.io/b?ref=v1]\n\
         helmCharts:\n- {{name: c, repo: https://charts.io, version: \"*\"}}\n- {{name: local}}\n\
         replacements:\n- targets:\n  - fieldPaths: [spec.containers.0.image, metadata.name]\n"
    );
    assert_eq!(
        sorted("kubernetes", &text),
        [
            "mutable-image 11 https://raw.githubusercontent.com/o/r/main/a.yaml",
            "mutable-image 12 https://evil.io/c?ref=v1",
            "mutable-image 13 evil.io/b?ref=v1",
            "mutable-image 15 c:*",
            "mutable-image 19 spec.containers.0.image",
            "mutable-image 4 https://github.com/evil/r//x?ref=main",
            &format!("mutable-image 6 https://github.com/evil/r//x?ref=main&ref={COMMIT}"),
            &format!("mutable-image 7 https://github.com/evil/r//x?r%65f=main&ref={COMMIT}"),
            "mutable-image 8 github.com/evil/r",
            "mutable-image 9 git@github.com:evil/r",
        ]
    );
    let role = "kind: ClusterRole\nrules:\n- resources: [pods/log, 'https://x']\n";
    assert_eq!(lines("kubernetes", role), [""; 0]);
}

#[test]
fn parts_of_an_image_may_be_merged_or_stand_alone() {
    assert_eq!(lines("kubernetes", "image: {tag: latest}\n"), ["mutable-image 1 :latest"]);
    assert_eq!(lines("kubernetes", "image: {pullPolicy: Always}\n"), [""; 0]);
    assert_eq!(lines("kubernetes", &format!("image: {{digest: '{DIGEST}'}}\n")), [""; 0]);
    assert_eq!(
        lines("kubernetes", "a: &a {repository: evil.io/x}\nb: {<<: *a, tag: latest}\n"),
        ["mutable-image 1 evil.io/x:latest"]
    );
    assert_eq!(
        lines("kubernetes", "kustomize: {images: ['good=evil:latest', 'a:1', 'b=c']}\n"),
        ["mutable-image 1 evil:latest", "mutable-image 1 a:1"]
    );
    let merges = (1..60).map(|n| format!("a{n}: &a{n} {{<<: [*a{0}, *a{0}]}}\n", n - 1));
    let text = "a0: &a0 {x: 1}\n".to_owned()
        + &merges.collect::<String>()
        + &"b: {<<: *a59, tag: x}\n".replace('b', "c")
        + &(0..30_000).map(|n| format!("d{}: {{<<: *a59, tag: x}}\n---\n", n)).collect::<String>();
    let text = text.replace("---\n", "");
    // More keys than a mapping may have: the reader ends first.
    assert!(said("kubernetes", "f", &text).contains("more than 2048 keys"));
    let list: String = "- {<<: *a59, tag: x}\n".repeat(5000);
    let text = text.split("c: ").next().unwrap().to_owned() + "list:\n" + &list;
    let said = said("kubernetes", "f", &text);
    assert!(said.contains("`f` cannot be read: so much is merged"), "{said}");
}

#[test]
fn what_only_looks_like_an_image_is_none() {
    for text in [
        "repository: https://charts.example.com\ntag: v1\n",
        "repository: git@github.com:acme/x\ntag: v1\n",
        "image: {name: foo, type: object}\n",
        "properties: {repository: {type: string}, tag: {type: string}}\n",
        "image: {type: object, properties: {repository: {type: string}, tag: {type: string}}}\n",
        "image: {tag: {type: string}, description: x}\n",
    ] {
        assert_eq!(lines("kubernetes", text), [""; 0], "{text}");
    }
    assert_eq!(
        lines("kubernetes", "repository: oci://evil.io/x\ntag: v1\n"),
        ["mutable-image 1 evil.io/x:v1"]
    );
    assert_eq!(lines("kubernetes", "image: {name: foo, type: x}\n"), ["mutable-image 1 foo"]);
}

#[test]
fn compose_takes_images_and_files_from_many_places() {
    let text = format!(
        "include:\n- oci://docker.io/evil/x:latest\n- oci://docker.io/good/x@{DIGEST}\n- local.yml\n\
         - path: [a.yml, 'https://github.com/evil/r.git#main:dir']\n\
         - 'https://github.com/good/r.git#{COMMIT}:dir'\n\
         services:\n  a:\n    image: a@{DIGEST}\n\
         \x20   volumes: [./x:/x, {{type: image, source: evil:latest}}, {{type: bind, source: /}}]\n\
         \x20   extends: {{file: 'git@github.com:evil/r.git', service: b}}\n\
         models: {{m: {{model: 'ai/evil:latest'}}}}\n"
    );
    assert_eq!(
        sorted("compose", &text),
        [
            "mutable-image 10 evil:latest",
            "mutable-image 11 git@github.com:evil/r.git",
            "mutable-image 12 ai/evil:latest",
            "mutable-image 2 docker.io/evil/x:latest",
            "mutable-image 5 https://github.com/evil/r.git#main:dir",
        ]
    );
}

#[test]
fn github_does_not_heed_how_docker_is_written() {
    let text = "runs: {using: docker, image: 'DOCKER://evil:latest'}\nx: {uses: 'Docker://a:1'}\n";
    assert_eq!(sorted("workflows", text), ["mutable-action 2 a:1", "mutable-image 1 evil:latest"]);
}
