use lockgate_plugin::contents::Entry;
use lockgate_plugin::notes::Notes;
use lockgate_plugin::{Failure, Policy, from_json, glob};

use crate::tree::Tree;
use crate::{Immutability, settings};

mod dockerfiles;
mod manifests;

const DIGEST: &str = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const COMMIT: &str = "11bd71901bbe5b1630ceea73d27597364c9af683";

/// Files by their paths; a kind other than `file` where one is given.
struct Listed(Vec<(&'static str, &'static str, Vec<u8>)>);

impl Tree for Listed {
    fn ask(
        &self,
        pattern: &str,
        each: &mut dyn FnMut(Entry) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let rows = (0..).zip(&self.0).filter(|(_, (path, ..))| glob::matches(pattern, path));
        rows.into_iter().try_for_each(|(id, (path, kind, bytes))| {
            let (path, kind, size) = ((*path).to_owned(), (*kind).to_owned(), bytes.len() as u64);
            each(Entry { id, path, kind, size })
        })
    }

    fn read(&self, id: u32, offset: u64, max: u32) -> Result<Vec<u8>, Failure> {
        let bytes = self.0[id as usize].2.iter().skip(usize::try_from(offset).unwrap());
        Ok(bytes.take(max as usize).copied().collect())
    }
}

fn judged(settings: &str, tree: &Listed) -> String {
    let policy = from_json::<Immutability>(settings).unwrap();
    let mut notes = Notes::new();
    policy.judge(tree, &mut notes).unwrap();
    notes.text()
}

/// What is said of one file, without its path.
fn said(kind: &str, path: &'static str, text: impl AsRef<[u8]>) -> String {
    let tree = Listed(vec![(path, "file", text.as_ref().to_vec())]);
    judged(&format!("{{ \"{kind}\": [\"{path}\"] }}"), &tree)
        .replace(&format!(" [{path}]"), "")
        .replace(&format!(" in `{path}`"), "")
}

/// For each line that a rule finds something in: the line and what it names.
fn lines(kind: &str, text: &str) -> Vec<String> {
    let said = said(kind, "f", text);
    let line = |line: &str| {
        let rest = line.strip_prefix("violation ").unwrap_or(line);
        let (rule, rest) = rest.split_once(": ").unwrap();
        let named = rest.split('`').nth(1).unwrap_or_default();
        let number = rest.split("line ").nth(1).and_then(|rest| rest.split(' ').next());
        format!("{rule} {} {named}", number.unwrap_or_default())
    };
    said.lines().map(line).collect()
}

#[test]
fn rules_apply_where_there_is_a_file_that_they_cover() {
    let account = |settings: &str, files: Vec<(&'static str, &'static str, Vec<u8>)>| {
        let policy = from_json::<Immutability>(settings).unwrap();
        let counts = policy.judge(&Listed(files), &mut Notes::new()).unwrap();
        let mut notes = Notes::new();
        policy.account(Some(counts), &mut notes);
        notes.text()
    };
    assert_eq!(
        account(r#"{ "dockerfiles": true, "compose": true }"#, Vec::new()),
        "not applicable mutable-image: no file is there for `kubernetes`, `compose`, `workflows`\n\
         not applicable mutable-base-image: no file is there for `dockerfiles`\n\
         not applicable mutable-action: `workflows` is not set in the settings\n\
         not applicable built-on-deploy: no file is there for `compose`\n\
         not applicable registry-not-allowed: `registries` is not set in the settings\n\
         not applicable unreadable-file: no file is there for `workflows`, `compose`, \
         `dockerfiles`, `kubernetes`\n\
         not applicable missing-file: `required` is not set in the settings\n"
    );
    let files = vec![
        ("deploy/a.yaml", "file", Vec::new()),
        ("Dockerfile", "file", Vec::new()),
        ("action.yml", "file", Vec::new()),
        ("stack.yaml", "file", Vec::new()),
    ];
    let all = account(settings::tests::WHOLE, files);
    assert!(!all.contains("not applicable"), "{all}");
    assert_eq!(all.lines().count(), Immutability::DESCRIPTION.rules.len());
}

#[test]
fn nothing_is_found_by_a_rule_that_does_not_apply() {
    let settings = r#"{ "kubernetes": true, "exclude": ["k8s/**"], "allow": ["a"] }"#;
    let said = |files| {
        let policy = from_json::<Immutability>(settings).unwrap();
        let mut notes = Notes::new();
        let counts = policy.judge(&Listed(files), &mut notes).unwrap();
        policy.account(Some(counts), &mut notes);
        notes.text()
    };
    let file = |path| (path, "file", Vec::new());
    let none = said(vec![file("k8s/a.yaml")]);
    assert!(!none.contains("note ") && !none.contains("checked"), "{none}");
    let why = "not applicable unreadable-file: no file is there for `workflows`, `compose`, \
               `dockerfiles`, `kubernetes`; left out by `exclude`: 1\n";
    assert!(none.contains(why), "{none}");
    let some = said(vec![file("k8s/a.yaml"), file("deploy/a.yaml")]);
    assert!(some.contains("note mutable-image: `a` in `allow` was not needed\n"), "{some}");
}

#[test]
fn a_kind_of_which_there_is_nothing_is_told_beside_another() {
    let file = |path, text: &str| (path, "file", text.as_bytes().to_vec());
    let tree = Listed(vec![
        file("Dockerfile", "FROM scratch\n"),
        file("dockerfile", "FROM evil:1\n"),
        file("stacks/a.yaml", "image: a\n"),
    ]);
    let both = r#""compose": true, "dockerfiles": true, "kubernetes""#;
    assert_eq!(
        judged(&format!("{{ {both}: true }}"), &tree),
        "violation mutable-base-image [dockerfile]: image `evil:1` in `dockerfile` line 1 is named by \
         a tag\n\
         note unreadable-file: no file is there for `compose`, `kubernetes`, so none was judged\n"
    );
    let left_out = r#"["stacks/*"], "exclude": ["stacks/**", "dockerfile"] }"#;
    assert_eq!(
        judged(&format!("{{ {both}: {left_out}"), &tree),
        "note unreadable-file: files left out by `stacks/**` in `exclude`: 1\n\
         note unreadable-file: files left out by `dockerfile` in `exclude`: 1\n\
         note unreadable-file: no file is there for `compose`, so none was judged\n\
         note unreadable-file: every file is left out by `exclude` for `kubernetes`, so none was \
         judged\n"
    );
}

#[test]
fn images_are_found_in_every_kind_of_resource_and_form() {
    let text = format!(
        "\u{feff}apiVersion: v1\r\n\
         kind: Pod\r\n\
         spec:\r\n\
         \x20 initContainers:\r\n\
         \x20 - {{name: a, image: a:1}}\r\n\
         \x20 containers:\r\n\
         \x20   - image : b:1\r\n\
         \x20   - \"image\": 'c:1'\r\n\
         \x20   - image: d@{DIGEST}\r\n\
         \x20   - image:\r\n\
         \x20       e:1\r\n\
         \x20   - image: >-\r\n\
         \x20       f:1\r\n\
         \x20 ephemeralContainers: [{{\"image\":\"g:1\"}}]\r\n\
         ---\r\n\
         kind: AnyCustomResource\r\n\
         spec: {{ deep: [ {{ er: {{ image: h:1 }} }} ], image: {{}} }}\r\n"
    );
    assert_eq!(
        lines("kubernetes", &text),
        ["a:1", "b:1", "c:1", "e:1", "f:1", "g:1", "h:1"]
            .iter()
            .zip([5, 7, 8, 10, 12, 14, 17])
            .map(|(name, line)| format!("mutable-image {line} {name}"))
            .collect::<Vec<_>>()
    );
}

#[test]
fn anchors_hide_no_image() {
    let text = "base: &base\n  name: x:1\nlatest: &latest nginx\nkey: &key image\n\
                a:\n  image: *latest\nb:\n  *key : b:1\nc:\n  <<: *base\n  image: &d d:1\n\
                e:\n  image: *d\n";
    assert_eq!(
        lines("kubernetes", text),
        [
            "mutable-image 6 nginx",
            "mutable-image 4 b:1",
            "mutable-image 11 d:1",
            "mutable-image 13 d:1"
        ]
    );
}

#[test]
fn json_is_read_as_it_is() {
    let text = format!(
        "{{\n\t\"kind\": \"Pod\",\n\t\"spec\": {{\"containers\": [\n\t\t{{\"\\u0069mage\": \
         \"a:1\", \"note\": \"\\ud83d\\ude00 \\/\"}},\n\t\t{{\"image\":\"b@{DIGEST}\"}}]}}\n}}\n"
    );
    assert_eq!(lines("kubernetes", &text), ["mutable-image 4 a:1"]);
}

#[test]
fn kustomize_and_helm_name_images_in_parts() {
    let text = format!(
        "images:\n- name: a\n  newTag: v1\n- name: b\n  newTag: v1\n  digest: {DIGEST}\n\
         - name: c\n  newName: d\n- name: e\n  newName: f\n  digest: sha256:abc\n\
         image:\n  repository: g\n  tag: \"1\"\n\
         sidecar:\n  registry: ghcr.io\n  repository: acme/h\n  tag: 1\n  digest: ''\n\
         pinned:\n  image: {{ repository: i, tag: '1', digest: '{DIGEST}' }}\n\
         tagged: {{ repository: j, tag: '1@{DIGEST}' }}\n\
         bare: {{ image: {{ repository: k }} }}\n\
         source: {{ repository: https://example.com/x.git }}\n\
         empty: {{ image: '' }}\nnull: {{ image: ~ }}\n"
    );
    let mut found = lines("kubernetes", &text);
    found.sort();
    assert_eq!(
        found,
        [
            "mutable-image 11 f@sha256:abc",
            "mutable-image 12 g:1",
            "mutable-image 17 ghcr.io/acme/h:1",
            "mutable-image 23 k",
            "mutable-image 25 ",
            "mutable-image 26 ",
            "mutable-image 3 a:v1",
        ]
    );
}

#[test]
fn what_cannot_be_read_fails_and_says_where() {
    for (text, line_and_why) in [
        (
            "image: {{ .Values.image }}\n",
            "a collection is a key, as in a template that is not filled \
          in in line 1",
        ),
        (
            "a: 1\nimage: x\na: 2\n",
            "a key stands twice in one mapping, and readers take the one or \
          the other in line 3",
        ),
        ("a:\n\timage: x\n", "a tab indents a line in line 2"),
        ("a: b: c\n", "a mapping begins behind something in the same line in line 1"),
        ("# a\u{2028}image: x\n", "a character breaks the line for some readers only in line 1"),
        ("a: \"b\n", "a quote is not closed in line 2"),
        ("a: [b\n", "a bracket is not closed in line 2"),
        ("a: *b\n", "an alias has no anchor before it in line 1"),
        ("? a\n: b\n", "a key is explicit (`? `), which is not read here in line 1"),
        ("a\rimage: x\n", "a carriage return stands without a line feed in line 1"),
        ("a: 1\n  b: 2\n", "a mapping begins behind something in the same line in line 2"),
        ("a: !!binary aW1hZ2U=\n", "a value is binary in line 1"),
    ] {
        let (why, line) = line_and_why.rsplit_once(" in line ").unwrap();
        assert_eq!(
            said("kubernetes", "f", text),
            format!("violation unreadable-file: `f` line {line} cannot be read: {why}\n"),
            "{text}"
        );
    }
    let deep = "[".repeat(100_000);
    assert!(said("kubernetes", "f", deep).contains("deeper than 64 times"));
    let aliases = "a: &a [x]\n".to_owned()
        + &(0..100).map(|n| format!("k{n}: [*a, *a]\n")).collect::<String>();
    assert_eq!(said("kubernetes", "f", aliases), "");
    let utf16: Vec<u8> = "image: x".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16 = [vec![0xff, 0xfe], utf16].concat();
    let unreadable = "violation unreadable-file: `f` cannot be read: it is not in UTF-8\n";
    assert_eq!(said("kubernetes", "f", &utf16), unreadable);
    assert_eq!(said("dockerfiles", "f", &utf16), unreadable);
    assert!(said("kubernetes", "f", vec![b'\n'; (4 << 20) + 1]).contains("more than 4 MiB"));
}

#[test]
fn what_is_no_file_cannot_be_judged_and_what_is_excluded_is_counted() {
    let tree = Listed(vec![
        ("Dockerfile.dockerignore", "file", Vec::new()),
        ("deploy//x.yaml", "file", Vec::new()),
        ("k8s/a.yaml", "symlink", Vec::new()),
        ("k8s/b.yaml", "directory", Vec::new()),
        ("k8s/templates/c.yaml", "file", b"{{ if x }}".to_vec()),
    ]);
    assert_eq!(
        judged(
            r#"{ "kubernetes": true, "dockerfiles": true, "exclude": ["**/templates/**", "no"] }"#,
            &tree
        ),
        "violation unreadable-file [k8s/a.yaml]: `k8s/a.yaml` cannot be read: it is a symlink, and \
         what is behind it is not judged here\n\
         violation unreadable-file [deploy//x.yaml]: `deploy//x.yaml` cannot be read: its path is \
         written in a roundabout way, so no glob can be trusted with it\n\
         note unreadable-file: files left out by `**/templates/**` in `exclude`: 1\n\
         note unreadable-file: files left out by `no` in `exclude`: 0\n\
         note unreadable-file: no file is there for `dockerfiles`, so none was judged\n"
    );
}

#[test]
fn a_kind_that_is_required_is_missed() {
    let tree = Listed(vec![("k8s/a.yaml", "file", Vec::new())]);
    let settings =
        r#"{ "kubernetes": true, "compose": true, "required": ["kubernetes", "compose"] }"#;
    assert_eq!(
        judged(settings, &tree),
        "violation missing-file [compose]: no file is there for `compose`\n"
    );
}

#[test]
fn services_of_compose_are_images_and_not_built() {
    let text = format!(
        "x-a: &a\n  image: a\nservices:\n  b:\n    <<: *a\n    build: .\n  c:\n    image: c@{DIGEST}\n\
         \x20 d: {{ image: \"${{D:-d@{DIGEST}}}\" }}\n"
    );
    assert_eq!(
        lines("compose", &text),
        [
            "mutable-image 2 a",
            &format!("mutable-image 9 ${{D:-d@{DIGEST}}}"),
            "built-on-deploy 6 b"
        ]
    );
}

#[test]
fn workflows_name_actions_by_commit_and_images_by_digest() {
    let text = format!(
        "on: push\njobs:\n  a:\n    container: node:18\n    services:\n      db: {{ image: pg:1 }}\n\
         \x20     ok: {{ image: pg@{DIGEST} }}\n    steps:\n    - uses: actions/checkout@v4\n\
         \x20   - uses: actions/checkout@{COMMIT} # v4\n    - uses: ./local\n\
         \x20   - uses: docker://alpine:3\n      with: {{ image: x }}\n\
         \x20 b:\n    uses: acme/w/.github/workflows/x.yml@main\n\
         runs:\n  image: docker://alpine\n"
    );
    let mut found = lines("workflows", &text);
    found.sort();
    assert_eq!(
        found,
        [
            "mutable-action 12 alpine:3",
            "mutable-action 15 acme/w/.github/workflows/x.yml@main",
            "mutable-action 9 actions/checkout@v4",
            "mutable-image 17 alpine",
            "mutable-image 4 node:18",
            "mutable-image 6 pg:1",
        ]
    );
    let action = "runs:\n  using: docker\n  image: Dockerfile\n";
    assert_eq!(lines("workflows", action), [""; 0]);
}

#[test]
fn dockerfiles_name_images_in_many_places() {
    let text = format!(
        "# syntax=docker/dockerfile:1\n# escape=`\n\nARG BASE=alpine\nARG TAG=3\nARG PINNED=p@{DIGEST}\n\
         from --platform=$BUILDPLATFORM ${{BASE}}:${{TAG}} as build\n\
         FROM $PINNED\nFROM scratch\nFROM BUILD AS next\n\
         COPY --from=build --chown=1 /a /b\nCOPY --from=0 /a /b\nCOPY --from=9 /a /b\n\
         COPY --chown=1 --from=busybox /a /b\n\
         RUN --mount=type=bind,from=golang:1,target=/x --mount=type=cache,target=/y go build\n\
         RUN echo `\n  # FROM comment\n\n  FROM x\n\
         RUN <<EOF cat\nFROM heredoc\nEOF\n\
         COPY <<-\"END\" /x\n\tFROM heredoc\n\tEND\n\
         ONBUILD COPY --from=onbuild /a /b\n\
         FROM ${{UNKNOWN}}\nFROM ${{UNKNOWN:-u:1}}\nFROM later\nFROM x AS later\n"
    );
    assert_eq!(
        lines("dockerfiles", &text),
        [
            "mutable-base-image 1 docker/dockerfile:1",
            "mutable-base-image 7 alpine:3",
            "mutable-base-image 13 9",
            "mutable-base-image 14 busybox",
            "mutable-base-image 15 golang:1",
            "mutable-base-image 26 onbuild",
            "mutable-base-image 27 ${UNKNOWN}",
            "mutable-base-image 28 u:1",
            "mutable-base-image 29 later",
            "mutable-base-image 30 x",
        ]
    );
}

#[test]
fn what_is_no_dockerfile_is_refused() {
    for (text, line_and_why) in [
        ("", "there is no `FROM` in it in line 1"),
        ("FROM scratch\nfoo bar\n", "a line is no instruction of a Dockerfile in line 2"),
        ("RUN x\nFROM scratch\n", "an instruction stands before the first `FROM` in line 1"),
        (
            "FROM a b\n",
            "`FROM` has neither the form `FROM image` nor `FROM image AS stage` in line 1",
        ),
        ("FROM scratch\nRUN <<EOF\nx\n", "a here-document has no end in line 2"),
        ("# escape=x\nFROM scratch\n", "`escape` is neither a backslash nor a backtick in line 1"),
        (
            "FROM scratch\nONBUILD FROM x\n",
            "`ONBUILD` has an instruction that it cannot have in line 2",
        ),
    ] {
        let (why, line) = line_and_why.rsplit_once(" in line ").unwrap();
        assert_eq!(
            said("dockerfiles", "f", text),
            format!("violation unreadable-file: `f` line {line} cannot be read: {why}\n"),
            "{text}"
        );
    }
}

#[test]
fn what_is_allowed_is_an_exception_and_registries_count_all_the_same() {
    let text = "FROM acme/dev-a:1\nFROM golang:1.22\nFROM ghcr.io/acme/x\n";
    let tree = Listed(vec![("Dockerfile", "file", text.into())]);
    let settings = r#"{ "dockerfiles": true, "allow": ["acme/dev-*", "golang:1.*", "unused"],
                        "registries": ["docker.io/acme", "ghcr.io"] }"#;
    assert_eq!(
        judged(settings, &tree),
        "violation registry-not-allowed [Dockerfile]: image `docker.io/library/golang` in \
         `Dockerfile` line 2 comes from a registry that `registries` does not list\n\
         violation mutable-base-image [Dockerfile]: image `ghcr.io/acme/x` in `Dockerfile` line 3 is \
         named without a tag, so by `latest`\n\
         note mutable-base-image: `unused` in `allow` was not needed\n\
         exception mutable-base-image: `acme/dev-a:1` in `Dockerfile` line 1 is mutable, which \
         `allow` allows\n\
         exception mutable-base-image: `golang:1.22` in `Dockerfile` line 2 is mutable, which \
         `allow` allows\n"
    );
}
