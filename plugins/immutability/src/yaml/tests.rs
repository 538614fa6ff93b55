use super::*;

/// A document in a short form: texts in quotes, lists in brackets, mappings in braces.
fn shape(yaml: &Yaml<'_>, id: Id) -> String {
    if let Some(list) = yaml.list(id) {
        let entries: Vec<String> = list.iter().map(|id| shape(yaml, *id)).collect();
        return format!("[{}]", entries.join(", "));
    }
    if let Some(pairs) = yaml.pairs(id) {
        let pair =
            |(key, value): &(Id, Id)| format!("{}: {}", shape(yaml, *key), shape(yaml, *value));
        let pairs: Vec<String> = pairs.iter().map(pair).collect();
        return format!("{{{}}}", pairs.join(", "));
    }
    format!("{:?}", yaml.text(id).unwrap())
}

fn read(text: &str) -> String {
    match Yaml::read(text, 1) {
        Ok(yaml) => {
            let roots: Vec<String> = yaml.roots().iter().map(|id| shape(&yaml, *id)).collect();
            roots.join(" --- ")
        }
        Err(Refused { line, why }) => format!("line {line}: {why}"),
    }
}

#[test]
fn collections_are_told_by_indentation_and_by_brackets() {
    for (text, expected) in [
        ("", ""),
        ("a", r#""a""#),
        ("a: b", r#"{"a": "b"}"#),
        ("a:\nb: c", r#"{"a": "", "b": "c"}"#),
        ("a:\n- b\n- c\nd: e", r#"{"a": ["b", "c"], "d": "e"}"#),
        ("a:\n  - b: c\n    d:\n    - e\n  -\n    f", r#"{"a": [{"b": "c", "d": ["e"]}, "f"]}"#),
        ("- - a\n  - b\n-  c: d\n   e: f", r#"[["a", "b"], {"c": "d", "e": "f"}]"#),
        ("{a: [b, c: d], 'e':f, g,}", r#"{"a": ["b", {"c": "d"}], "e": "f", "g": ""}"#),
        ("[a,\n b # c\n, {}\n]", r#"["a", "b", {}]"#),
        ("a: # c\n  b # d\n# e\nf: g#h", r#"{"a": "b", "f": "g#h"}"#),
        ("--- a\n...\n# b\n---\nc: d\n---\n", r#""a" --- {"c": "d"} --- """#),
        ("%YAML 1.2\n---\na: b", r#"{"a": "b"}"#),
        ("a: http://b:1/c", r#"{"a": "http://b:1/c"}"#),
        ("a : b\n\"c\" :  d", r#"{"a": "b", "c": "d"}"#),
        (
            "&a b: &c d\ne: *c\n*a : f",
            "line 1: a key stands twice in one mapping, and readers take the one or the other",
        ),
        ("&a b: &c\n  d: *a\ne: *c", r#"{"b": {"d": "b"}, "e": {"d": "b"}}"#),
        ("a: !tag b\nc: !!map\n  d: e", r#"{"a": "b", "c": {"d": "e"}}"#),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn texts_are_joined_as_their_form_says() {
    for (text, expected) in [
        ("a: b\n  c\n\n  d\ne: f", r#"{"a": "b c\nd", "e": "f"}"#),
        (
            "a: 'b''c'\nd: \"e\\tf\\x41\\u00e9\\U0001F600\\\"\"",
            "{\"a\": \"b'c\", \"d\": \"e\\tfA\u{e9}\u{1f600}\\\"\"}",
        ),
        ("a: \"b\n  c\\\n  d\n\n  e\"", r#"{"a": "b cd\ne"}"#),
        ("a: |\n  b\n   c\n\n  d\ne: f", r#"{"a": "b\n c\n\nd", "e": "f"}"#),
        ("a: >-\n  b\n  c\n\n  d\ne: f", r#"{"a": "b c\nd", "e": "f"}"#),
        ("- |2\n   a\n- b", r#"["a", "b"]"#),
        ("a: |\nb: c", r#"{"a": "", "b": "c"}"#),
        ("a: -1\nb: :c\nd: ?e", r#"{"a": "-1", "b": ":c", "d": "?e"}"#),
    ] {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_understood_is_refused_with_its_line() {
    for (text, line) in [
        ("a: b\n c: d", 2),
        ("a:\n    b: c\n  d: e", 3),
        ("- a\n b", 0),
        ("- a\nb: c", 2),
        ("a\nb: c", 2),
        ("a: @b", 1),
        ("a: `b`", 1),
        ("a: %b", 1),
        ("[a, , b]", 1),
        ("[a b: c]]", 1),
        ("{a: b", 1),
        ("'a", 1),
        ("a: 'b' c", 1),
        ("a: \"\\q\"", 1),
        ("a: \"\\ud800\"", 1),
        ("&a", 0),
        ("&a &b c", 1),
        ("&a: b", 1),
        ("*a", 1),
        ("a: &b [*b]", 1),
        ("%TAG ! x\n---\na", 1),
        ("%YAML 1.2\na", 2),
        ("a: - b", 1),
        ("[a]: b", 1),
        ("{[a]: b}", 1),
        ("a: |x\n b", 1),
        ("a\u{0}", 1),
        ("a\u{feff}b", 1),
        ("a: 'b\n--- c'", 2),
    ] {
        let said = read(text);
        if line == 0 {
            assert!(!said.starts_with("line"), "{text}: {said}");
        } else {
            assert!(said.starts_with(&format!("line {line}: ")), "{text}: {said}");
        }
    }
}

#[test]
fn what_is_merged_is_found_and_a_loop_ends() {
    let yaml = Yaml::read("a: &a {x: 1}\nb: &b {<<: *a, y: 2}\nc: {<<: [*b], z: 3}", 1).unwrap();
    let root = yaml.roots()[0];
    let c = yaml.get(root, "c").unwrap();
    let text = |key: &str| yaml.get(c, key).and_then(|id| yaml.text(id));
    assert_eq!(
        (text("x"), text("y"), text("z"), text("w")),
        (Some("1"), Some("2"), Some("3"), None)
    );
}

#[test]
fn what_is_large_is_read_and_what_has_no_end_is_refused() {
    let keys = |count: usize| (0..count).map(|n| format!("k{n}: {n}\n")).collect::<String>();
    assert!(read(&keys(2048)).contains("\"k2047\": \"2047\""));
    assert_eq!(read(&keys(2049)), "line 2049: a mapping has more than 2048 keys");
    let twice =
        "line 2001: a key stands twice in one mapping, and readers take the one or the other";
    assert_eq!(read(&(keys(2000) + "k7: x\nk8: x\n")), twice);
    let anchors = |count: usize| (0..count).map(|n| format!("- &a{n} b\n")).collect::<String>();
    assert!(read(&(anchors(1000) + "- *a7\n")).starts_with("[\"b\""));
    assert_eq!(read(&anchors(1001)), "line 1001: a document has more than 1000 anchors");
    let documents = [anchors(900), anchors(900)].join("---\n");
    assert!(read(&documents).contains(" --- "));
}

#[test]
fn any_text_is_read_or_refused_in_time() {
    let pieces = [
        "a", ":", " ", "\n", "- ", "  ", "[", "]", "{", "}", ",", "\"", "'", "&a ", "*a", "|", ">",
        "#", "?", "!t ", "\\", "---\n", "\t", "\r\n",
    ];
    let mut seed = 7_u64;
    for _ in 0..20_000 {
        let mut text = String::new();
        for _ in 0..20 {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            text.push_str(pieces[usize::try_from(seed >> 33).unwrap() % pieces.len()]);
        }
        let _ = read(&text);
    }
}
