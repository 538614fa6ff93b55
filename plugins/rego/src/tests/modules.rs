use super::*;

#[test]
fn both_versions_of_the_language_are_read() {
    let v0 = "package main\ndeny[msg] {\n  input.stage == \"production\"\n  msg := \"no\"\n}";
    let v1 =
        "package main\ndeny contains msg if {\n  input.stage == \"production\"\n  msg := \"no\"\n}";
    let both =
        "package main\nimport rego.v1\ndeny contains \"no\" if input.stage == \"production\"";
    for (source, version) in [(v0, "v0"), (v1, "v1"), (both, "v0"), (both, "v1")] {
        let settings = json!({
            "source": source, "rego-version": version, "entrypoints": ["data.main.deny"],
        });
        assert!(judged(settings, &[], builds()).ends_with("violation deny: no\n"), "{source}");
    }
    let of = |source: &str, version: &str| {
        refused(
            json!({ "source": source, "rego-version": version, "entrypoints": ["data.main.deny"] }),
            &[],
        )
    };
    assert_eq!(
        of(v0, "v1"),
        "/source: `source`, line 2, column 11: `if` keyword is required before rule body; version 1 \
         writes `deny contains msg if { … }`; for modules of version 0 set rego-version = \"v0\"\n"
    );
    assert_eq!(
        of(v1, "v0"),
        "/source: `source`, line 2, column 19: a rule called `if`: version 1 is meant, so set \
         rego-version = \"v1\", or write `import rego.v1` in the module\n"
    );
    let told = of("package main\ndeny[msg] { some msg in input.stage }", "v0");
    assert!(told.contains("with rego-version = \"v0\" a rule is `deny[msg] { … }`"), "{told}");
}

#[test]
fn a_module_that_does_not_parse_is_told_with_its_place() {
    assert_eq!(
        refused(
            json!({ "modules": ["a", "b"], "entrypoints": ["data.main"] }),
            &[("a", "package main\ndeny contains"), ("b", "deny := 1")],
        ),
        "/modules/0: `a`, line 2, column 14: expecting expression; a rule is, for example, `deny \
         contains msg if { … }`\n\
         /modules/1: `b`, line 1, column 1: expecting `package` Missing package declaration.; a rule is, for example, `deny \
         contains msg if { … }`\n"
    );
}

#[test]
fn a_variable_without_a_value_is_refused() {
    assert_eq!(
        wrong("deny contains msg if {\n  y == 1\n  input.provenance\n  msg := \"a\"\n}"),
        "/source: `source`, line 4, column 3: `y` is no rule and no import, and nothing gives it a value\n"
    );
}

#[test]
fn a_misspelled_rule_is_no_variable_that_fits_everything() {
    let rules = "ok_builder := \"x\"\ngood(b) if b.predicate.builder = ok_bilder\n";
    assert_eq!(
        wrong(&format!(
            "{rules}deny contains \"a\" if {{ some b in input.provenance; not good(b) }}"
        )),
        "/source: `source`, line 4, column 34: `ok_bilder` is no rule and is used once, so it is \
         whatever fits: write `_`, or `some ok_bilder`\n"
    );
    for body in
        ["y := misspelt; y == 1", "input.provenance[misspelt]", "not misspelt", "misspelt.x"]
    {
        let told = wrong(&format!("deny contains \"a\" if {{ input.provenance; {body} }}"));
        assert!(told.contains("`misspelt` is no rule"), "{body}: {told}");
    }
    assert!(wrong("deny contains msg if input.provenance").contains("nothing gives it a value"));
    assert!(wrong("deny contains msg if { some msg; input.provenance }").contains("gives `msg` a"));
    // A rule of the package in another module is one.
    let settings = json!({
        "modules": ["a", "b"], "entrypoints": ["data.main"], "input": ["provenance"],
    });
    let a = "package main\ndeny contains \"a\" if input.provenance[_].predicate.n = three";
    let told = judged(settings, &[("a", a), ("b", "package main\nthree := 3")], builds());
    assert!(told.ends_with("violation deny: a\n"), "{told}");
}

#[test]
fn a_local_variable_may_have_the_name_of_an_import_or_a_rule() {
    let source = "package main\nimport data.lib\nrule.x := 1\n\
        is_three(lib) if lib.predicate.n == 3\n\
        deny contains \"a\" if { is_three(input.provenance[0]) }\n\
        deny contains \"b\" if { rule := input.provenance[_]; rule.predicate.n == 3 }\n\
        deny contains \"c\" if { rule.x == 1; lib.y == 1 }";
    let settings = json!({
        "source": source, "modules": ["lib"], "entrypoints": ["data.main"], "input": ["provenance"],
    });
    let lib = [("lib", "package lib\ny := 1")];
    let told = judged(settings.clone(), &lib, builds());
    assert!(told.ends_with("violation deny: a\nviolation deny: b\nviolation deny: c\n"), "{told}");
    let mut wrong = settings;
    wrong["source"] = json!(source.replace("rule.x == 1", "rule.z == 1"));
    let told = refused(wrong, &lib);
    assert!(
        told.contains("`rule` is `data.main.rule` here: `data.main.rule.z` is no rule"),
        "{told}"
    );
}

#[test]
fn files_that_are_not_there_or_are_no_text_are_told() {
    let settings = json!({
        "modules": ["main", "lib"], "documents": ["list"], "entrypoints": ["data.main"],
    });
    assert_eq!(
        refused(settings, &[("list", "{\"a\": 1, \"a\": 2}")]),
        "/modules/0: there is no data file `main`\n\
         /modules/1: there is no data file `lib`\n\
         /documents/0: the data file `list` cannot be read as JSON: the member `a` stands twice at \
         line 1 column 16\n"
    );
}

#[test]
fn documents_are_under_data_by_their_names() {
    let settings = json!({
        "source": "package main\ndeny contains msg if {\n\
                   some b in input.provenance\n\
                   not b.predicate.builder in data.allowed_builders\n\
                   msg := sprintf(\"%s\", [b.predicate.builder])\n}",
        "documents": ["allowed-builders"], "entrypoints": ["data.main"], "input": ["provenance"],
    });
    let judge = |list| judged(settings.clone(), &[("allowed-builders", list)], builds());
    assert!(judge("[]").ends_with("violation deny: https://ci.example\n"));
    assert!(!judge("[\"https://ci.example\"]").contains("violation deny"));
}

#[test]
fn a_document_does_not_stand_for_a_package() {
    let settings = json!({
        "source": "package main\ndeny contains \"a\" if input.stage",
        "documents": ["main"], "entrypoints": ["data.main"],
    });
    assert_eq!(
        refused(settings, &[("main", "{\"deny\": []}")]),
        "/documents/0: `data.main` would be this document and the package `data.main`: rename one\n"
    );
}

#[test]
fn two_documents_of_one_key_are_refused() {
    let settings = json!({
        "source": "package main\ndeny contains \"a\" if data.a_b",
        "documents": ["a-b", "a_b", "main"], "modules": ["main"], "entrypoints": ["data.main"],
    });
    assert_eq!(
        refused(settings, &[]),
        "/documents/1: another document is `data.a_b`, too: rename one\n\
         /documents/2: `main` is named under `modules`, too: it holds one or the other\n"
    );
}

#[test]
fn helpers_are_imported_from_other_packages() {
    let files = [
        (
            "main",
            "package main\nimport data.lib\nimport data.lib.limit as most\nimport data.lib.names.short\n\
             deny contains msg if {\n  some b in input.provenance\n  b.predicate.n > most\n\
             lib.slow(b)\n  msg := lib.names.short(b.predicate.builder)\n  msg == short(msg)\n}",
        ),
        ("lib", "package lib\nlimit := 2\nslow(b) if b.predicate.n > 1"),
        ("names", "package lib.names\nshort(name) := trim_prefix(name, \"https://\")"),
    ];
    let settings = json!({
        "modules": ["main", "lib", "names"], "entrypoints": ["data.main"], "input": ["provenance"],
    });
    let told = judged(settings, &files, builds());
    assert!(told.ends_with("violation deny: ci.example\n"), "{told}");
}

#[test]
fn what_modules_print_is_logged_with_its_place() {
    let told =
        says("deny contains \"a\" if { print(\"stage\", input.stage); input.stage }", builds());
    assert_eq!(told, "violation deny: a\nprinted source:3: stage production\n");
}

#[test]
fn a_message_without_a_value_is_refused_or_withheld() {
    for (rule, version) in [
        ("deny contains msg", "v1"),
        ("deny[msg]", "v0"),
        ("deny contains msg", "v0"),
        ("deny contains msg if input.stage", "v1"),
        ("deny contains sprintf(\"%s\", [msg]) if input.stage", "v1"),
        ("deny := [msg]", "v1"),
    ] {
        let source = format!("package main\n{rule}\n");
        let settings = json!({
            "source": source, "rego-version": version, "entrypoints": ["data.main.deny"],
        });
        let told = match loaded(settings, &[]) {
            Err(problems) => format!("refused: {problems:?}"),
            Ok(policy) => match policy.judge(builds(), at) {
                Err(why) => format!("withheld: {why}"),
                Ok((report, _)) => report.to_string(),
            },
        };
        assert!(told.starts_with("refused") || told.starts_with("withheld"), "{rule}: {told}");
    }
}

#[test]
fn annotations_are_read_where_a_rule_asks_for_them() {
    let source = "# METADATA\n# title: All\npackage release.a\n\nimport rego.v1\n\n\
        # METADATA\n# title: A rule\n# custom:\n#   short_name: one\n#   failure_msg: no %s\n\
        deny contains result if {\n  chain := rego.metadata.chain()\n  input.stage\n\
        result := {\n    \"code\": concat(\".\", [chain[0].path[1], chain[0].annotations.custom.short_name]),\n\
        \"msg\": sprintf(rego.metadata.rule( ).custom.failure_msg, [chain[1].annotations.title]),\n  }\n}\n\n\
        # METADATA\n# title: Another\n\
        warn contains sprintf(\"%v %v\", [rego.metadata.rule().title, count(rego.metadata.chain())]) if input.stage\n";
    let settings = json!({ "source": source, "entrypoints": ["data.release"] });
    let told = judged(settings, &[], builds());
    assert!(told.ends_with("violation deny [a.one]: no All\nwarning warn: Another 2\n"), "{told}");
}

#[test]
fn lines_stay_where_they_are_when_annotations_are_read() {
    let source = "package main\n# METADATA\n# title: A\ndeny contains x if {\n  x := rego.metadata.rule().title; y == 1\n}";
    let settings = json!({ "source": source, "entrypoints": ["data.main"] });
    let told = refused(settings, &[]);
    assert!(told.contains("line 5") && told.contains("`y` is no rule"), "{told}");
}

#[test]
fn annotations_that_are_not_read_are_refused_where_they_are_asked_for() {
    let of = |annotations: &str, call: &str| {
        let source = format!("package main\n\n{annotations}\ndeny contains x if x := {call}\n");
        let settings = json!({ "source": source, "entrypoints": ["data.main"] });
        loaded(settings, &[]).map_or_else(|problems| problems[0].to_string(), |_| String::new())
    };
    let call = "rego.metadata.rule().title";
    assert_eq!(of("# METADATA\n# title: &x a", "\"nobody asks\""), "");
    assert_eq!(
        of("# METADATA\n# title: &x a", call),
        "/source: `source`, the annotations from line 3 on, line 1: `&x a` is not read here: put it in \
         quotes if it is a text"
    );
    assert!(
        of("# METADATA\n# scope: document\n# title: a", call).contains("the scope \"document\"")
    );
    assert!(of("# METADATA\n# - a", call).contains("annotations are `name: value`"));
    for call in ["rego.metadata.rule().title", "count(rego.metadata.chain())"] {
        let told = of("# A comment.", call);
        assert!(told.starts_with("/source: `source`, line 4, column "), "{call}: {told}");
        assert!(told.contains("there are no annotations of this rule"), "{call}: {told}");
    }
    let annotations = "# METADATA\n# title: a\n# custom:\n#   short_name: b\n#   list:\n#   - c";
    for (call, told) in [
        ("rego.metadata.rule().custom.short_nam", "have no `short_nam` there"),
        ("rego.metadata.rule()[\"titel\"]", "have no `titel` there"),
        ("rego.metadata.rule().title.text", "have no `text` there"),
        ("object.get(rego.metadata.rule(), \"titel\", 1)", ""),
        ("rego.metadata.chain()[0].annotations.custom.short_nam", "have no `short_nam` there"),
        ("rego.metadata.chain()[0].annotation", "have no `annotation` there"),
        ("rego.metadata.chain()[0].annotations.custom.short_name", ""),
        ("rego.metadata.rule().custom.short_name", ""),
        ("rego.metadata.rule().custom.list[_]", ""),
        ("rego.metadata.rule().custom[input.stage]", ""),
        ("rego.metadata.rule().scope", ""),
    ] {
        let said = of(annotations, call);
        assert_eq!(said.is_empty(), told.is_empty(), "{call}: {said}");
        assert!(said.contains(told), "{call}: {said}");
    }
    let dangling = format!("{call}\n\n# METADATA\n# title: b");
    assert!(of("# METADATA\n# title: a", &dangling).contains("are of no rule"));
}

#[test]
fn modules_of_one_package_keep_their_annotations_apart() {
    let of = |title: &str| {
        format!(
            "package main\n# METADATA\n# title: {title}\ndeny contains rego.metadata.rule().title if input.stage\n"
        )
    };
    let (a, b) = (of("a"), of("b"));
    let settings = json!({ "modules": ["a", "b"], "entrypoints": ["data.main"] });
    let told = judged(settings, &[("a", &a), ("b", &b)], builds());
    assert!(told.ends_with("violation deny: a\nviolation deny: b\n"), "{told}");
}
