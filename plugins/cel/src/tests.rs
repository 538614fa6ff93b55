//! The policy over plain values, and its settings.

use lockgate_plugin::{Policy, Problem, read};
use serde_json::{Value, json};

use crate::judge::judge;
use crate::{Cel, Settings};

/// Two bills of materials.
fn view() -> Value {
    let bom = |byte: &str, components: Value| {
        json!({
            "path": format!("{byte}.json"), "digest": format!("sha256:{}", byte.repeat(32)),
            "assurance": "verified", "signers": ["ci"], "keys": ["k"], "format": "cyclonedx",
            "spec_version": "1.6", "made_at": null, "made_at_unix": null, "tools": [],
            "lifecycles": [], "described": null, "component_count": 1, "components": components,
        })
    };
    let component = |name: &str, version: Option<&str>| {
        let purl = version.map(|version| format!("pkg:npm/{name}@{version}"));
        json!({ "name": name, "version": version, "purl": purl, "type": null, "supplier": null })
    };
    let one = json!([component("a", Some("1")), component("b", None)]);
    json!({
        "subject": { "digest": "sha256:00", "sha512": null },
        "stage": "production",
        "sbom": [bom("01", one), bom("02", json!([component("c", Some("2"))]))],
    })
}

/// The settings with one rule of these members.
fn settings(rule: &Value) -> Value {
    let mut whole = json!({ "code": "a-rule", "message": "it is odd" });
    whole.as_object_mut().unwrap().extend(rule.as_object().unwrap().clone());
    json!({ "input": ["sbom.components"], "rules": [whole] })
}

/// The policy that settings ask for, whatever the data files are.
fn load(settings: &Value) -> Result<Cel, Vec<Problem>> {
    Cel::load(read(&settings.to_string()).map_err(|problem| vec![problem])?)
}

/// The report on the two, or why there is none.
fn report(settings: &Value) -> String {
    let policy = load(settings).unwrap();
    match judge(&policy.rulings, view().as_object().unwrap(), false) {
        Ok(report) => report.to_string(),
        Err(failure) => format!("withheld: {failure}\n"),
    }
}

fn problems(settings: &Value) -> Vec<String> {
    let refused = load(settings).err().unwrap_or_default();
    refused.iter().map(ToString::to_string).collect()
}

/// The account where nothing is said of empty lists.
const ACCOUNT: &str = "checked expression-false\n\
                       not applicable nothing-to-judge: `empty` is not `fail` in the settings\n";

#[test]
fn what_is_true_passes_and_what_is_false_is_found() {
    let that = |that: &str| settings(&json!({ "that": that }));
    assert_eq!(report(&that("sbom.all(d, size(d.components) > 0)")), ACCOUNT);
    assert_eq!(
        report(&that("sbom.all(d, size(d.components) > 1)")),
        format!("{ACCOUNT}violation expression-false [a-rule]: a-rule: it is odd\n")
    );
}

#[test]
fn a_finding_says_what_was_expected_and_found_and_on_what_it_rests() {
    let rule = json!({
        "that": "size(sbom\n  .map(d, d.components)) == 3", "level": "warning",
        "remediation": "Add one.", "about": "'the ' + sbom.map(d, d.path).join(' and the ')",
    });
    let policy = load(&settings(&rule)).unwrap();
    let report = judge(&policy.rulings, view().as_object().unwrap(), false).unwrap();
    let [finding] = report.findings() else { panic!("{report}") };
    assert_eq!(finding.expected.as_deref(), Some("size(sbom .map(d, d.components)) == 3"));
    assert_eq!(finding.found.as_deref(), Some("2"));
    assert_eq!(finding.about.as_deref(), Some("the 01.json and the 02.json"));
    assert_eq!(finding.remediation.as_deref(), Some("Add one."));
    assert_eq!(finding.evidence, ["01", "02"].map(|b| format!("sha256:{}", b.repeat(32))));
}

#[test]
fn for_each_there_is_a_finding_about_each() {
    let each = |that: &str| {
        settings(&json!({ "that": that, "for-each": "sbom.map(d, d.components).flatten()" }))
    };
    assert_eq!(
        report(&each("it.version != null && it.version != '2'")),
        format!(
            "{ACCOUNT}violation expression-false [b]: a-rule: it is odd\n\
             violation expression-false [pkg:npm/c@2]: a-rule: it is odd\n"
        )
    );
    assert_eq!(
        report(&each("it.version.startsWith('1')")),
        "withheld: `a-rule`: `that`, column 12: `startsWith` is not for null (of `b`)\n"
    );
}

#[test]
fn a_finding_about_a_document_rests_on_that_one() {
    let rule = json!({ "that": "size(it.components) > 1", "for-each": "sbom" });
    let policy = load(&settings(&rule)).unwrap();
    let report = judge(&policy.rulings, view().as_object().unwrap(), false).unwrap();
    let [finding] = report.findings() else { panic!("{report}") };
    assert_eq!(finding.about.as_deref(), Some("02.json"));
    assert_eq!(finding.evidence, [format!("sha256:{}", "02".repeat(32))]);
}

#[test]
fn after_a_hundred_the_rest_is_counted() {
    let numbers: Vec<String> = (0..120).map(|number| number.to_string()).collect();
    let list = format!("[{}].map(n, size(sbom) - 1 + n)", numbers.join(", "));
    let mut settings = settings(&json!({ "that": "it < 10", "for-each": list }));
    settings["input"] = json!(["sbom"]);
    let report = report(&settings);
    assert_eq!(report.matches("a-rule: it is odd").count(), 100);
    assert!(report.contains("a-rule: 11 further findings like these"), "{report}");
}

#[test]
fn an_empty_list_is_what_the_settings_say() {
    let empty = |word: Option<&str>| {
        let mut rule = json!({ "that": "sbom.all(d, d.tools.all(t, t != ''))" });
        rule["empty"] = word.into();
        if word.is_none() {
            rule.as_object_mut().unwrap().remove("empty");
        }
        let mut settings = settings(&rule);
        settings["input"] = json!(["sbom"]);
        report(&settings)
    };
    let withheld = "withheld: `a-rule`: `that`, column 15: `all` is asked of an empty list; `empty` \
                    in the settings says what that means\n";
    assert_eq!(empty(None), withheld);
    assert_eq!(empty(Some("withhold")), withheld);
    assert_eq!(empty(Some("pass")), ACCOUNT);
    assert_eq!(
        empty(Some("fail")),
        "checked expression-false\nchecked nothing-to-judge\n\
         violation nothing-to-judge [a-rule]: a-rule: `that`, column 15: `all` is asked of an empty \
         list\n"
    );
}

#[test]
fn for_each_of_nothing_is_an_empty_list_too() {
    let empty = |word: &str, each: &str| {
        let mut settings =
            settings(&json!({ "that": "it.path == ''", "for-each": each, "empty": word }));
        settings["input"] = json!(["sbom"]);
        report(&settings)
    };
    let none = "sbom.filter(d, d.path == '')";
    assert!(empty("withhold", none).contains("`for-each` gives an empty list"));
    // Of documents there have to be some.
    assert!(empty("pass", none).starts_with("withheld: "));
    assert!(empty("fail", none).contains("violation nothing-to-judge [a-rule]"));
    let mut tools = settings(&json!({
        "that": "it != ''", "for-each": "sbom.map(d, d.tools).flatten()", "empty": "pass",
    }));
    tools["input"] = json!(["sbom"]);
    assert_eq!(report(&tools), ACCOUNT);
}

#[test]
fn what_cannot_be_answered_withholds_and_all_of_it_is_told() {
    let rule = |code: &str, that: &str| json!({ "code": code, "message": "odd", "that": that });
    let settings = json!({ "input": ["sbom"], "rules": [
        rule("one", "sbom.all(d, d.signers[7] == '')"),
        rule("two", "sbom.all(d, d.path == '')"),
        rule("three", "sbom.all(d, d.made_at > '')"),
    ] });
    assert_eq!(
        report(&settings),
        "withheld: `one`: `that`, column 22: the list has 1 elements, and 7 is none of their places; \
         `three`: `that`, column 23: `>` is not for null and a string\n"
    );
}

#[test]
fn every_problem_of_the_settings_is_told_at_once() {
    let settings = json!({
        "input": ["sbom", "sbom"],
        "rules": [],
        "honour-vex": [],
        "max-rows": 0,
    });
    assert_eq!(
        problems(&settings),
        [
            "/rules: give at least one rule, for example `{ code = \"signed\", that = \"sbom.all(d, \
             size(d.signers) > 0)\", message = \"nobody signed the SBOM\" }`",
            "/max-rows: at least 1, for example 50000",
            "/honour-vex: name at least one signer, for example `[\"security\"]`, or leave the key out",
            "/honour-vex: VEX is said of rows: add `scans.rows` to `input`, or leave the key out",
            "/input/1: `sbom` is named twice",
        ]
    );
    let rule = |code: &str, that: &str| json!({ "code": code, "message": " ", "that": that });
    let settings = json!({ "input": ["sbom"], "rules": [
        rule("One", "sbom.all(d, d.path"),
        rule("One", "sbom.size()"),
        { "code": "two", "message": "odd", "that": "1 == 1" },
        { "code": "three", "message": "odd", "that": "it.path == ''", "for-each": "stage" },
        { "code": "four", "message": "odd", "that": "stage == 'x'", "for-each": "sbom" },
        { "code": "five", "message": "odd", "that": "it.path == ''", "for-each": "sbom", "about": "1" },
    ] });
    let code = "lower-case letters and digits in words that single dashes join, 64 at the most, for \
                example `all-licensed`";
    let message = |number: u8| {
        format!(
            "/rules/{number}/message: a sentence of 1 to 500 bytes, for example `a component states \
             no license`"
        )
    };
    assert_eq!(
        problems(&settings),
        [
            format!("/rules/0/code: {code}"),
            message(0),
            "/rules/0/that: column 19: `,` is missing before the end; a right expression is \
             `sbom.all(d, size(d.signers) > 0)`"
                .into(),
            "/rules/1/code: `One` is the code of another rule, too".into(),
            format!("/rules/1/code: {code}"),
            message(1),
            "/rules/1/that: true or false is wanted, and this is an int: compare it".into(),
            "/rules/2/that: it reads none of the facts, so it is always the same".into(),
            "/rules/3/for-each: a list is wanted, and this is a string".into(),
            "/rules/4/that: it does not speak of `it`, so it is the same for each".into(),
            "/rules/5/about: a string is wanted, and this is an int: `string(…)`".into(),
        ]
    );
}

#[test]
fn a_section_that_no_expression_reads_is_refused() {
    let settings = json!({
        "input": ["sbom.licenses", "scans", "data.list", "time"],
        "rules": [{
            "code": "a", "message": "odd",
            "that": "sbom.all(d, d.components.all(c, c.name != ''))",
        }],
    });
    assert_eq!(
        problems(&settings),
        [
            "/input/0: no expression reads `sbom.licenses`: leave it out",
            "/input/1: no expression reads `scans`: leave it out",
            "/input/2: no expression reads `data.list`: leave it out",
            "/input/3: no expression reads `time`: leave it out",
        ]
    );
}

#[test]
fn what_is_read_is_what_the_sections_need_and_no_more() {
    let policy = |settings: Value| load(&settings).unwrap().reads();
    let rule = |that: &str| json!([{ "code": "a", "message": "odd", "that": that }]);
    assert_eq!(
        policy(json!({ "input": ["sbom", "time"],
            "rules": rule("sbom.all(d, d.made_at < at)") })),
        ["sbom"]
    );
    assert_eq!(
        policy(json!({ "input": ["scans.rows", "data.x"], "honour-vex": ["sec"],
            "rules": rule("scans.all(s, s.rows.all(r, r.component in data.x))") })),
        ["data", "vex", "vulnerabilities"]
    );
    for section in lockgate_facts::KINDS {
        assert!(Cel::DESCRIPTION.uses.contains(&section), "{section}");
    }
}

#[test]
fn the_schema_and_serde_accept_the_same_settings() {
    let schema: Value = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
    let schema = jsonschema::draft202012::new(&schema).unwrap();
    let good = json!({ "code": "a", "message": "odd", "that": "sbom.all(d, d.path == '')" });
    let with = |key: &str, value: Value| {
        let mut rule = good.clone();
        rule[key] = value;
        json!({ "input": ["sbom"], "rules": [rule] })
    };
    let rows =
        json!([{ "code": "a", "message": "odd", "that": "scans.all(s, s.rows.size() > 0)" }]);
    for settings in [
        json!({ "input": ["sbom"], "rules": [good] }),
        json!({ "input": ["sbom"], "rules": [good], "empty": "fail", "max-rows": 1, "max-bytes": 9 }),
        json!({ "input": ["scans.rows"], "rules": rows, "honour-vex": ["sec"] }),
        json!({ "input": ["scans.rows"], "rules": rows, "honour-vex": ["sec", "sec"] }),
        json!({ "input": ["scans.rows"], "rules": rows, "honour-vex": [""] }),
        json!({ "input": ["scans.rows"], "rules": rows, "honour-vex": [] }),
        json!({ "input": ["sbom"], "rules": [good], "honour-vex": ["sec"] }),
        json!({}),
        json!([]),
        json!({ "input": ["sbom"] }),
        json!({ "rules": [good] }),
        json!({ "input": [], "rules": [good] }),
        json!({ "input": ["sboms"], "rules": [good] }),
        json!({ "input": ["sbom", "sbom"], "rules": [good] }),
        json!({ "input": ["sbom"], "rules": [] }),
        json!({ "input": ["sbom"], "rules": vec![good.clone(); 65] }),
        json!({ "input": ["sbom"], "rules": [good], "max-rows": 0 }),
        json!({ "input": ["sbom"], "rules": [good], "max-bytes": 4_294_967_296_u64 }),
        json!({ "input": ["sbom"], "rules": [good], "emtpy": "pass" }),
        with("code", json!("A")),
        with("code", json!("a--b")),
        with("code", json!("a".repeat(65))),
        with("message", json!("  ")),
        with("message", json!("a".repeat(501))),
        with("remediation", json!("")),
        with("remediation", json!("Do it.")),
        with("level", json!("note")),
        with("level", json!("error")),
        with("empty", json!("pass")),
        with("empty", json!("skip")),
        with("about", json!("stage")),
        with("about", json!("")),
        with("that", json!("")),
        with("that", json!(1)),
        with("for-each", json!("")),
        with("more", json!("")),
    ] {
        let valid = schema.is_valid(&settings);
        assert_eq!(valid, problems(&settings).is_empty(), "{settings}: {:?}", problems(&settings));
    }
    let _: fn(Settings) -> Result<Cel, _> = Cel::new;
}

/// A document with nothing in it must not hide behind one that has something.
#[test]
fn an_empty_document_beside_a_full_one_is_not_passed_over() {
    let mut view = view();
    view["sbom"][1]["components"] = json!([]);
    let ask = |empty: &str, that: &str, each: Option<&str>| {
        let mut rule = json!({ "that": that, "empty": empty });
        if let Some(each) = each {
            rule["for-each"] = each.into();
        }
        let policy = load(&settings(&rule)).unwrap();
        match judge(&policy.rulings, view.as_object().unwrap(), false) {
            Ok(report) => report.to_string(),
            Err(failure) => format!("withheld: {failure}\n"),
        }
    };
    let flat = "sbom.map(d, d.components).flatten()";
    let all = "sbom.map(d, d.components).flatten().all(c, c.name != '')";
    let why = "column 27: `flatten` comes upon an empty list, element 1";
    let withheld = |key: &str| {
        format!(
            "withheld: `a-rule`: `{key}`, {why}; `empty` in the settings says what that means\n"
        )
    };
    assert_eq!(ask("withhold", "it.name != ''", Some(flat)), withheld("for-each"));
    assert_eq!(ask("withhold", all, None), withheld("that"));
    let found = format!("violation nothing-to-judge [a-rule]: a-rule: `for-each`, {why}\n");
    assert!(ask("fail", "it.name != ''", Some(flat)).ends_with(&found));
    assert_eq!(ask("pass", "it.name != ''", Some(flat)), ACCOUNT);
    assert_eq!(ask("pass", all, None), ACCOUNT);
}

#[test]
fn what_is_missing_is_told_with_an_example() {
    let rules = "/rules: give at least one rule, for example `{ code = \"signed\", that = \
                 \"sbom.all(d, size(d.signers) > 0)\", message = \"nobody signed the SBOM\" }`";
    assert_eq!(
        problems(&json!({})),
        ["/input: name at least one section of the facts, for example `[\"sbom\"]`", rules]
    );
    assert_eq!(
        problems(&json!({ "input": ["sbom"], "rules": [{}, {}] })),
        [0, 1].map(|number| [
            format!(
                "/rules/{number}/code: lower-case letters and digits in words that single dashes \
                 join, 64 at the most, for example `all-licensed`"
            ),
            format!(
                "/rules/{number}/message: a sentence of 1 to 500 bytes, for example `a component \
                 states no license`"
            ),
            format!(
                "/rules/{number}/that: column 1: there is no expression; a right expression is \
                 `sbom.all(d, size(d.signers) > 0)`"
            ),
        ]).concat()
    );
}
