use super::*;

#[test]
fn a_section_that_is_not_named_is_refused_where_a_module_looks_at_it() {
    let rule = "deny contains \"a\" if { input.provenance; input.sbom[_].name == \"x\" }";
    assert_eq!(
        wrong(rule),
        "/source: `source`, line 3, column 42: `input.sbom` is not there, for `input` in the settings \
         does not name it: add \"sbom\" there\n"
    );
    let told = wrong("deny contains \"a\" if { input.provenance; input.at > \"2026\" }");
    assert!(told.contains("`input.at` is not there") && told.contains("add \"time\""), "{told}");
    let told = wrong("deny contains \"a\" if { input.provenance; input.image.ref }");
    assert!(told.contains(
        "there is no `input.image`: with these settings there is `input.provenance`, `input.stage`, \
         `input.subject`"
    ), "{told}");
}

#[test]
fn what_could_be_any_section_is_refused_however_it_is_written() {
    for body in [
        "input[x]; x := \"provenance\"",
        "some k; input[k]",
        "some x in input",
        "every x in input { x }",
        "walk(input, [p, v])",
        "x := input",
        "f(input)",
        "count([1 | input[_]]) > 0",
        "count({k: v | some k, v in input}) > 0",
        "json.marshal(input) == \"\"",
        "object.get(input, input.stage, 1)",
        "x := {\"a\": [input]}",
        "true with data.x as input",
    ] {
        let rule = format!("f(x) := x\ndeny contains \"a\" if {{ input.provenance; {body} }}");
        let told = wrong(&rule);
        assert!(
            told.contains("could be any section") || told.contains("could look at any section"),
            "{body}: {told}"
        );
    }
    assert!(wrong("import input as facts\ndeny contains \"a\" if facts.x").contains("any section"));
}

#[test]
fn constant_ways_to_a_section_are_fine() {
    for body in [
        "input.provenance[_].predicate.n == 3",
        "input[\"provenance\"][0].predicate.n == 3",
        "input[`provenance`][0].predicate.n == 3",
        "object.get(input, \"provenance\", [])[0].predicate.n == 3",
        "object.get(input, [\"provenance\", 0, \"predicate\", \"n\"], 0) == 3",
        "p := input.provenance; p[_].predicate.n == 3",
        "some i; input.provenance[i].predicate.n == 3",
    ] {
        let rule = format!("deny contains \"a\" if {{ input.provenance; {body} }}");
        assert_eq!(says(&rule, builds()), "violation deny: a\n", "{body}");
    }
    let rule =
        "import input.provenance as builds\ndeny contains \"a\" if builds[_].predicate.n == 3";
    assert_eq!(says(rule, builds()), "violation deny: a\n");
}

#[test]
fn a_default_for_a_section_that_is_not_named_does_not_hide_it() {
    let told =
        wrong("deny contains \"a\" if { input.provenance; object.get(input, \"sbom\", []) }");
    assert!(told.contains("`input.sbom` is not there"), "{told}");
}

#[test]
fn a_list_is_not_taken_for_a_document() {
    assert!(wrong("deny contains \"a\" if input.provenance.predicate").contains(
        "`input.provenance` is a list, so `input.provenance.predicate` is nothing: write \
         `input.provenance[_].predicate`, or `some x in input.provenance`"
    ));
}

#[test]
fn a_part_of_a_section_that_is_not_named_is_refused_by_its_name() {
    let of = |body: &str, input: Value| {
        let source = format!("package main\ndeny contains \"a\" if {{ {body} }}");
        let settings = json!({ "source": source, "entrypoints": ["data.main"], "input": input });
        loaded(settings, &[]).map_or_else(|problems| problems[0].to_string(), |_| String::new())
    };
    assert_eq!(
        of("some bom in input.sbom; bom.components[_].name == \"x\"", json!(["sbom"])),
        "/source: `source`, line 2, column 48: `bom` is `input.sbom[…]` here: `components` of documents under `input.sbom` is not \
         there, for `input` in the settings does not name it: add \"sbom.components\" there"
    );
    assert!(
        of("input.sbom[_].components[_].licenses", json!(["sbom.components"]))
            .contains("sbom.licenses")
    );
    assert!(
        of("object.get(input.sbom[0], \"components\", [])", json!(["sbom"]))
            .contains("sbom.components")
    );
    assert!(
        of("some s in input.scans; object.get(s, \"rows\", [])", json!(["scans"]))
            .contains("scans.rows")
    );
    assert_eq!(of("some bom in input.sbom; bom.components", json!(["sbom.licenses"])), "");
    assert_eq!(of("input.provenance[_].predicate.components", json!(["provenance"])), "");
    let both = json!(["provenance", "sbom"]);
    assert_eq!(of("input.sbom; input.provenance[_].predicate.components", both), "");
}

#[test]
fn a_section_that_nobody_looks_at_is_refused() {
    let settings = json!({
        "source": "package main\ndeny contains \"a\" if input.stage == \"x\"",
        "entrypoints": ["data.main"], "input": ["provenance", "time"],
    });
    assert_eq!(
        refused(settings, &[]),
        "/input/0: no module looks at `input.provenance`: leave it out, or look at it\n\
         /input/1: no module looks at `input.at`: leave it out, or look at it\n"
    );
}

#[test]
fn what_is_under_data_has_to_be_there() {
    let told = wrong("deny contains \"a\" if { input.provenance; input.stage in data.denylst }");
    assert_eq!(
        told,
        "/source: `source`, line 3, column 57: `data.denylst` is no rule and no package of a module \
         that is loaded, and `data.denylst` is not under `documents` in the settings\n"
    );
    for body in ["data[x]; x := 1", "x := data", "some x in data", "data.main.nothing"] {
        let told = wrong(&format!("deny contains \"a\" if {{ input.provenance; {body} }}"));
        assert!(
            told.contains("`data` as a whole") || told.contains("is no rule and no package"),
            "{body}: {told}"
        );
    }
    assert!(
        wrong("import data.lib\ndeny contains \"a\" if input.provenance")
            .contains("`data.lib` is no rule")
    );
    assert_eq!(
        says(
            "names := {\"x\": 1}\ndeny contains \"a\" if { data.main.names.x == 1; data.main.names[_] }",
            builds()
        ),
        "violation deny: a\n"
    );
}

#[test]
fn what_is_called_has_to_be_there() {
    let told =
        |call: &str| wrong(&format!("deny contains \"a\" if {{ input.provenance; {call} }}"));
    assert!(told("http.send({})").contains("`http.send` is not here: there is no network"));
    assert!(told("rand.intn(\"a\", 2) == 1").contains("nothing is random"));
    assert!(told("opa.runtime().env").contains("no environment"));
    assert!(told("uuid.rfc4122(\"a\")").contains("nothing is random"));
    assert!(
        told("net.cidr_contains(\"a\", \"b\")").contains("no built-in that is here; docs/rego.md")
    );
    assert!(told("data.main.nothing(1)").contains("`data.main.nothing` is no function"));
    assert!(told("startswith(\"a\")").contains("`startswith` takes 2 arguments, and 1 are given"));
    assert!(told("time.now_ns(1, 2)").contains("takes 0 arguments"));
    assert!(told("true with http.sent as 1").contains("`http.sent` is no function"));
    // Not where it is only named deep inside something else.
    assert!(told("x := [y | y := {\"k\": http.send({})}]").contains("`http.send` is not here"));
}

#[test]
fn a_sum_of_many_terms_is_walked_to_its_end() {
    let sum = "1 +\n".repeat(300);
    let told = wrong(&format!("x := {sum} input.sbom\ndeny contains \"a\" if input.provenance"));
    assert!(told.contains("`input.sbom` is not there"), "{told}");
}

#[test]
fn with_replaces_what_is_there() {
    assert_eq!(
        says(
            "y if input.stage == \"x\"\ndeny contains \"a\" if y with input.stage as \"x\"",
            builds()
        ),
        "violation deny: a\n"
    );
    assert_eq!(
        says("deny contains \"a\" if { count([]) == 5 with count as 5 }", builds()),
        "violation deny: a\n"
    );
    let told = wrong(
        "deny contains \"a\" if { input.provenance; time.now_ns() == 5 with time.now_ns as 5 }",
    );
    assert!(told.contains("`time.now_ns` is not replaced here"), "{told}");
}

#[test]
fn patterns_are_compiled_beforehand() {
    let told =
        |call: &str| wrong(&format!("deny contains \"a\" if {{ input.provenance; {call} }}"));
    assert!(told("regex.match(`(`, \"a\")").contains("`(` is no pattern: unclosed group"));
    assert!(told("regex.replace(\"a\", `[`, \"a\")").contains("`[` is no pattern"));
    assert!(told("regex.match(`\\w{1,500}`, \"a\")").contains("larger than 102400 bytes"));
    for pattern in
        [r"^\d+\.\d+\w*\s?$", "(?i)^abc$", r"\bword\b", "[[:alpha:]]+", r"^v(0|[1-9]\d*)$"]
    {
        let rule = format!(
            "deny contains \"a\" if {{ input.provenance; not regex.match(`{pattern}`, \"~\") }}"
        );
        assert_eq!(says(&rule, builds()), "violation deny: a\n", "{pattern}");
    }
}

#[test]
fn nothing_else_is_called_like_a_document() {
    let told = wrong("import data.main.deny as input\ndeny contains \"a\" if input.provenance");
    assert!(told.contains("nothing else is called `input` or `data`"), "{told}");
}

#[test]
fn what_stands_behind_the_name_of_an_import_is_looked_up_too() {
    let lib = "package lib\nblocked := {\"x\"}\nis_blocked(x) if x in blocked";
    let of = |import: &str, body: &str| {
        let source = format!(
            "package main\n{import}\ndeny contains \"a\" if {{ input.provenance; {body} }}"
        );
        let settings = json!({
            "source": source, "modules": ["lib"], "entrypoints": ["data.main"],
            "input": ["provenance"],
        });
        loaded(settings, &[("lib", lib)]).map_or_else(|why| why[0].to_string(), |_| String::new())
    };
    assert_eq!(
        of("import data.lib", "input.stage in lib.blockd"),
        "/source: `source`, line 3, column 57: `lib` is `data.lib` here: `data.lib.blockd` \
         is no rule and no package of a module that is loaded, and `data.lib` is not under `documents` \
         in the settings"
    );
    for (import, body) in [
        ("import data.lib as l", "l.blockd[_]"),
        ("import data.lib as l", "l[\"blockd\"][_]"),
        ("import data.lib", "lib.is_bad"),
        ("import data.lib", "object.get(lib, \"blockd\", 1) == 1"),
        ("import input.provenance", "provenance.predicate.n == 3"),
        ("import input.provenance as p", "p.predicate.n == 3"),
    ] {
        let told = of(import, body);
        assert!(told.contains("` here: "), "{import} {body}: {told}");
    }
    for (import, body) in [
        ("import data.lib", "input.stage in lib.blocked"),
        ("import data.lib", "lib.is_blocked(input.stage)"),
        ("import data.lib.blocked", "blocked[input.stage]"),
        ("import input.provenance", "provenance[_].predicate.n == 3"),
        (
            "import data.main.deny_x as other\ndeny_x contains \"a\" if input.stage == \"x\"",
            "other[_]",
        ),
    ] {
        assert_eq!(of(import, body), "", "{import} {body}");
    }
}

#[test]
fn a_name_stands_for_one_import_and_for_no_rule() {
    let of = |a: &str, b: &str| {
        let settings = json!({
            "modules": ["a", "b", "x", "y"], "entrypoints": ["data.main"], "input": ["provenance"],
        });
        let text = |rest: &str| {
            format!(
                "package main\n{rest}\ndeny contains \"a\" if input.provenance[_].path == \"x\""
            )
        };
        let files = [
            ("a", text(a)),
            ("b", text(b)),
            ("x", "package x.lib\nn := 1".to_owned()),
            ("y", "package y.lib\nn := 1".to_owned()),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, t.as_str())).collect();
        loaded(settings, &files).map_or_else(|why| why[0].to_string(), |_| String::new())
    };
    let told = of("import data.x.lib\nimport data.y.lib", "");
    assert!(told.contains("`lib` would be `data.x.lib` and `data.y.lib`: import"), "{told}");
    let told = of("import data.x.lib", "import data.y.lib");
    assert!(told.contains("`lib` would be `data.x.lib` and `data.y.lib`: import"), "{told}");
    let told = of("import data.x.lib", "lib := {\"n\": 2}");
    assert!(told.contains("`lib` would be `data.x.lib` and `data.main.lib`: import"), "{told}");
    assert_eq!(of("import data.x.lib", "import data.x.lib"), "");
}

#[test]
fn members_that_the_facts_never_have_are_refused() {
    let words =
        ["provenance", "sbom.licenses", "scans.rows", "tests", "contents", "history", "signatures"];
    let all = words.map(|word| format!("count(input.{}) >= 0", word.split('.').next().unwrap()));
    let of = |body: &str| {
        let source = format!(
            "package main\nall if {{ {} }}\ndeny contains \"a\" if {{ all; {body} }}",
            all.join("; ")
        );
        let settings = json!({ "source": source, "entrypoints": ["data.main"], "input": words });
        loaded(settings, &[]).map_or_else(|why| why[0].to_string(), |_| String::new())
    };
    for (body, told) in [
        (
            "input.subject.digst == \"x\"",
            "`input.subject` has no `digst`; there is `digest`, `sha512`",
        ),
        ("input.stage.name == \"x\"", "`input.stage` is no list and no object"),
        (
            "input.contents.entires[_].path == \"x\"",
            "has no `entires`; there is `format`, `ambiguities`",
        ),
        ("input.contents.entries.path == \"x\"", "write `input.contents.entries[_].path`"),
        ("input.history.decisons[_]", "has no `decisons`"),
        (
            "input.provenance[_].predicat",
            "`input.provenance[…]` has no `predicat`; there is `path`, ",
        ),
        ("input.sbom[_].componets[_].name", "has no `componets`"),
        ("input.sbom[_].components[0].nme", "`input.sbom[…].components[…]` has no `nme`"),
        ("input.sbom[_].tools[_].name", "`input.sbom[…].tools[…]` is no list and no object"),
        ("input.scans[_].rows[_].vex.stat", "has no `stat`"),
        ("object.get(input.subject, \"digst\", \"\") == \"\"", "has no `digst`"),
        // By another name, too.
        (
            "some bom in input.sbom; bom.componets",
            "`bom` is `input.sbom[…]` here: `input.sbom[…]` has no",
        ),
        (
            "some bom in input.sbom; some c in bom.components; c.nme",
            "here: `input.sbom[…].components[…]` has no `nme`",
        ),
        ("some i, bom in input.sbom; bom.componets[i]", "has no `componets`"),
        ("c := input.sbom[_].components[_]; c.nme", "has no `nme`"),
        ("every b in input.provenance { b.predicat }", "has no `predicat`"),
        ("count([b | some b in input.provenance; b.predicat]) == 1", "has no `predicat`"),
        ("x := input.contents; y := x.entries; y.path", "write `input.contents.entries[_].path`"),
        ("every row in input.scans[_].rows { some r in row.cvss; r.scor == 1 }", "has no `scor`"),
    ] {
        let said = of(body);
        assert!(said.contains(told), "{body}: {said}");
    }
    for body in [
        "input.subject.digest == \"x\"",
        "input.subject[input.stage] == \"x\"",
        "input.provenance[_].predicate.whatever[_].there.is",
        "input.scans[_].rows[_].vex.signers[_] == \"x\"",
        "some bom in input.sbom; bom.components[_].licenses[_] == \"x\"",
        "some t in input.tests; t.configurations[_].sha256 == t.passed[0]",
        "x := input.sbom[_]; y := x.components; y[_].name == \"x\"",
        "some b in input.signatures; c := count(b.signers); c == 1",
    ] {
        assert_eq!(of(body), "", "{body}");
    }
}

#[test]
fn words_that_a_member_never_is_are_refused() {
    let of = |body: &str| {
        let source = format!(
            "package main\ndeny contains \"a\" if {{ some row in input.scans[_].rows; {body} }}"
        );
        let settings =
            json!({ "source": source, "entrypoints": ["data.main"], "input": ["scans.rows"] });
        loaded(settings, &[]).map_or_else(|why| why[0].to_string(), |_| String::new())
    };
    assert_eq!(
        of("row.severity == \"CRITICAL\""),
        "/source: `source`, line 2, column 57: `row.severity` is never `CRITICAL`: it is one of `none`, `low`, \
         `medium`, `high`, `critical`, `unknown`"
    );
    for body in [
        "\"Critical\" == row.severity",
        "row.severity != \"moderate\"",
        "row.severity = \"moderate\"",
        "row.severity in {\"high\", \"Critical\"}",
        "not row.severity in [\"none\", \"LOW\"]",
        "input.scans[_].rows[_].vex.status == \"not_affected\"",
        "input.scans[_].assurance == \"Verified\"",
    ] {
        assert!(of(body).contains("` is never `"), "{body}");
    }
    for body in [
        "row.severity == \"critical\"",
        "row.severity in {\"high\", \"critical\"}",
        "lower(row.severity) == \"CRITICAL\"",
        "row.component == \"CRITICAL\"",
        "row.severity == input.stage",
    ] {
        assert_eq!(of(body), "", "{body}");
    }
}

#[test]
fn members_that_a_document_does_not_have_are_refused() {
    let of = |body: &str| {
        let source = format!(
            "package main\nimport data.lists as l\ndeny contains \"a\" if {{ l; input.provenance; data.names; {body} }}"
        );
        let settings = json!({
            "source": source, "documents": ["lists", "names"], "entrypoints": ["data.main"],
            "input": ["provenance"],
        });
        let files = [("lists", "{\"blocked\": {\"x\": 1}, \"b\": 2}"), ("names", "[\"a\"]")];
        loaded(settings, &files).map_or_else(|why| why[0].to_string(), |_| String::new())
    };
    for (body, told) in [
        (
            "data.lists.blockd[_]",
            "the document `data.lists` has no member `blockd`; it has `b`, `blocked`",
        ),
        (
            "l.blockd[_]",
            "`l` is `data.lists` here: the document `data.lists` has no member `blockd`",
        ),
        ("x := data.lists; x.blockd", "has no member `blockd`"),
        ("data.names.a", "the document `data.names` is no object, so `data.names.a` is nothing"),
    ] {
        let said = of(body);
        assert!(said.contains(told), "{body}: {said}");
    }
    for body in [
        "data.lists.blocked.anything",
        "data.lists[input.stage]",
        "object.get(data.lists, \"more\", [])[_]",
        "data.names[_]",
    ] {
        assert_eq!(of(body), "", "{body}");
    }
}
