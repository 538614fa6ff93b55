use super::*;

const TWO: &str = "package main\n\
    deny contains \"a\" if input.stage == \"x\"\n\
    warn_late contains \"b\" if input.stage == \"production\"\n";

#[test]
fn a_package_stands_for_its_rules_that_have_a_name_which_speaks() {
    assert_eq!(
        judged(json!({ "source": TWO, "entrypoints": ["data.main"] }), &[], builds()),
        "checked deny\n\
         not applicable violation: `entrypoints` names no rule that is a `violation`\n\
         checked warn\n\
         warning warn: b\n"
    );
}

#[test]
fn a_rule_by_its_path_speaks_alone() {
    assert_eq!(
        judged(json!({ "source": TWO, "entrypoints": ["data.main.deny"] }), &[], builds()),
        "checked deny\n\
         not applicable violation: `entrypoints` names no rule that is a `violation`\n\
         not applicable warn: `entrypoints` names no rule that is a `warn`\n"
    );
}

#[test]
fn a_stated_level_wins_over_the_name() {
    let entrypoints = json!([{ "rule": "data.main.warn_late", "level": "violation" }]);
    let told = judged(json!({ "source": TWO, "entrypoints": entrypoints }), &[], builds());
    assert!(told.ends_with("violation warn: b\n"), "{told}");
}

#[test]
fn packages_below_a_package_speak_too() {
    let files = [
        ("a", "package release.a\ndeny contains \"a\" if input.stage == \"production\""),
        ("b", "package release.b\nviolation contains \"b\" if input.stage == \"production\""),
        ("lib", "package lib\ndeny contains \"lib\" if input.stage == \"production\""),
    ];
    let mut settings = json!({ "modules": ["a", "b"], "entrypoints": ["data.release"] });
    let told = judged(settings.clone(), &files, builds());
    assert!(told.ends_with("violation deny: a\nviolation violation: b\n"), "{told}");
    settings["modules"] = json!(["a", "b", "lib"]);
    assert_eq!(
        refused(settings, &files),
        "/entrypoints: `data.lib.deny` would not be heard, for no entrypoint is in `data.lib` and no rule \
         refers to it: name it, or the package, or leave the module out\n"
    );
}

#[test]
fn what_a_rule_that_speaks_refers_to_is_heard() {
    let lib = "package lib\ndeny contains \"lib\" if input.stage == \"production\"\ndeny_x(x) := x";
    for (import, body) in [
        ("", "some x in data.lib.deny"),
        ("import data.lib", "some x in lib.deny"),
        ("import data.lib.deny as other", "some x in other"),
        ("", "some x in data.lib[_]"),
        ("", "x := data.lib.deny[_]"),
    ] {
        let source = format!("package main\n{import}\ndeny contains x if {{ {body} }}");
        let settings =
            json!({ "source": source, "modules": ["lib"], "entrypoints": ["data.main"] });
        let told = judged(settings, &[("lib", lib)], builds());
        assert!(told.ends_with("violation deny: lib\n"), "{body}: {told}");
    }
}

#[test]
fn what_is_not_there_or_cannot_speak_is_refused_with_an_example() {
    let of = |entrypoints: Value| {
        let source = "package main\n\
            deny contains \"a\" if input.stage == \"x\"\n\
            deny_flag if input.stage == \"x\"\n\
            deny_each[x] := 1 if some x in [input.stage]\n\
            deny_function(x) := x\n\
            problems contains \"b\" if input.stage == \"x\"\n\
            denyx contains \"b\" if input.stage == \"x\"\n";
        let lib = "package lib\nhelp(x) := x";
        refused(
            json!({ "source": source, "modules": ["lib"], "entrypoints": entrypoints }),
            &[("lib", lib)],
        )
    };
    assert_eq!(
        of(json!(["data.main.dney"])),
        "/entrypoints/0: no module that is loaded has a rule or a package `data.main.dney`; the \
         packages are `data.lib`, `data.main`\n"
    );
    let settings = json!({ "source": "package none", "entrypoints": ["data.none"] });
    assert_eq!(refused(settings, &[]), "/entrypoints/0: the package `data.none` has no rules\n");
    assert_eq!(
        of(json!(["data.lib"])),
        "/entrypoints/0: no rule in `data.lib` is called `deny`, `violation` or `warn`, or begins \
         with one of them and `_`: name the rule that speaks, with its level\n"
    );
    assert_eq!(
        of(json!(["data.main.problems"])),
        "/entrypoints/0: the name of `data.main.problems` does not say how much it weighs, as `deny`, \
         `violation` and `warn` do: write { rule = \"data.main.problems\", level = \"violation\" }\n"
    );
    assert!(of(json!(["data.main.denyx"])).contains("does not say how much it weighs"));
    assert_eq!(
        of(json!(["data.main.deny_flag"])),
        "/entrypoints/0: `data.main.deny_flag` is true or nothing, and has no message: write \
         `deny_flag contains msg if { … }`\n"
    );
    assert!(of(json!(["data.main.deny_each"])).contains("is an object, for brackets in its name"));
    assert!(of(json!(["data.main.deny_function"])).contains("is a function"));
    assert!(of(json!([{ "rule": "data.main", "level": "warning" }])).contains("leave `level` out"));
    assert!(of(json!(["data.main.deny", "data.main.deny"])).contains("is named twice"));
}

#[test]
fn a_rule_is_not_named_a_second_time_with_its_package() {
    assert_eq!(
        refused(json!({ "source": TWO, "entrypoints": ["data.main.deny", "data.main"] }), &[]),
        "/entrypoints/1: `data.main.deny` is named already, with its package\n"
    );
}

#[test]
fn an_exception_makes_notes_and_is_told() {
    let source = "package main\n\
        deny_root contains \"runs as root\" if input.stage == \"production\"\n\
        deny contains \"other\" if input.stage == \"production\"\n\
        exception contains rules if { input.stage == \"production\"; rules := [\"root\"] }\n";
    let mut settings =
        json!({ "source": source, "entrypoints": ["data.main"], "exceptions": true });
    let told = judged(settings.clone(), &[], builds());
    assert_eq!(
        told.lines().skip(3).collect::<Vec<_>>(),
        [
            "violation deny: other",
            "note deny: runs as root (excepted by `data.main.exception`)",
            "exception deny: 1 finding of `data.main.deny_root`, by `data.main.exception`",
        ]
    );
    settings["exceptions"] = json!(false);
    let told = judged(settings, &[], builds());
    assert!(told.ends_with("violation deny: other\nviolation deny: runs as root\n"), "{told}");
}

#[test]
fn an_exception_from_a_rule_that_says_nothing_is_none() {
    let source = "package main\n\
        deny contains \"other\" if input.stage == \"x\"\n\
        exception contains [\"\"] if input.stage == \"production\"\n";
    let settings = json!({ "source": source, "entrypoints": ["data.main"], "exceptions": true });
    assert!(!judged(settings, &[], builds()).contains("exception"));
}

#[test]
fn exceptions_that_cannot_be_are_refused_and_odd_ones_withhold() {
    let of = |rule: &str| {
        let source = format!("{TWO}{rule}");
        json!({ "source": source, "entrypoints": ["data.main"], "exceptions": true })
    };
    assert!(refused(of(""), &[]).contains("has a rule `exception`: leave `exceptions` out"));
    assert!(
        refused(of("exception := 1"), &[]).contains("write `exception contains rules if { … }`")
    );
    assert_eq!(
        judged(of("exception contains \"late\" if input.stage"), &[], builds()),
        "withheld: `data.main.exception` is a set, and has to be a set of lists of names of rules\n"
    );
}

#[test]
fn a_message_below_a_name_that_speaks_is_not_passed_over() {
    let source = "package main\n\
        deny contains \"a\" if input.stage == \"x\"\n\
        warn.late contains \"b\" if input.stage == \"production\"\n";
    assert_eq!(
        refused(json!({ "source": source, "entrypoints": ["data.main"] }), &[]),
        "/entrypoints/0: `data.main.warn.late` makes `data.main.warn` an object, and its messages would \
         not be heard: call it `warn_…`\n"
    );
}

#[test]
fn nor_where_a_package_below_has_that_name() {
    let main = "package main\n\
        deny_x contains \"a\" if input.stage == \"x\"\n\
        deny.late contains \"b\" if input.stage == \"production\"\n";
    let of = |entrypoint: &str, main: &str| {
        let settings = json!({
            "modules": ["main", "below"], "entrypoints": [entrypoint],
        });
        refused(settings, &[("main", main), ("below", "package main.deny\nhelp := 1")])
    };
    assert!(of("data.main", main).contains("` makes `data.main.deny` an object"));
    let main = "package main\n\
        deny contains \"a\" if input.stage == \"x\"\n\
        deny.late contains \"b\" if input.stage == \"production\"\n";
    assert!(of("data.main.deny", main).contains("` makes `data.main.deny` an object"));
}
