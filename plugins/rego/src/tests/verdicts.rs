use super::*;

#[test]
fn strings_and_objects_with_a_message_are_findings() {
    let rule = "deny contains \"plain\" if input.provenance\n\
        violation contains {\"msg\": \"an object\", \"details\": {\"a\": 1}} if input.provenance\n\
        warn contains {\"msg\": \" late \", \"code\": \"pkg.rule\"} if input.provenance\n";
    assert_eq!(
        says(rule, builds()),
        "violation deny: plain\nviolation violation: an object\nwarning warn [pkg.rule]: late\n"
    );
}

#[test]
fn the_words_of_conforma_are_honoured() {
    let of = |object: &str| says(&format!("deny contains {object} if input.provenance"), builds());
    assert_eq!(
        of(r#"{"msg": "m", "code": "a.b", "term": "pkg:npm/x", "solution": "s", "title": "t"}"#),
        "violation deny [a.b:pkg:npm/x]: m\n"
    );
    assert_eq!(
        of(r#"{"msg": "m", "code": "a.b", "term": ["x", "y"]}"#),
        "violation deny [a.b:x,y]: m\n"
    );
    assert_eq!(of(r#"{"msg": "m", "term": "x", "code": null}"#), "violation deny [x]: m\n");
    assert_eq!(of(r#"{"msg": "m", "severity": "warning"}"#), "warning deny: m\n");
    assert_eq!(of(r#"{"msg": "m", "severity": "failure"}"#), "violation deny: m\n");
    assert_eq!(
        of(r#"{"msg": "m", "effective_on": "2026-10-02T00:00:00Z"}"#),
        "violation deny: m\n"
    );
    assert_eq!(of(r#"{"msg": "m", "effective_on": "2026-10-02T00:00:01Z"}"#), "warning deny: m\n");
}

#[test]
fn a_violation_of_the_future_says_from_when_it_is_one() {
    let source = "package main\n\
        deny contains {\"msg\": \"m\", \"effective_on\": \"2027-01-01T00:00:00Z\", \"solution\": \"do\"} if input.stage";
    let settings = json!({ "source": source, "entrypoints": ["data.main"] });
    let (report, _) = loaded(settings, &[]).unwrap().judge(builds(), at).unwrap();
    let finding = &report.findings()[0];
    assert_eq!(finding.expected.as_deref(), Some("a violation from 2027-01-01T00:00:00Z on"));
    assert_eq!(finding.remediation.as_deref(), Some("do"));
}

#[test]
fn what_is_no_message_withholds() {
    let of = |value: &str| says(&format!("deny contains {value} if input.provenance"), builds());
    let object = "withheld: `data.main.deny` returned an object";
    for (value, told) in [
        ("1", "withheld: `data.main.deny` returned a number in its set, and messages are strings, or \
               objects with `msg`\n".to_owned()),
        ("true", "withheld: `data.main.deny` returned a boolean in its set, and messages are strings, \
                  or objects with `msg`\n".to_owned()),
        ("\" \"", "withheld: `data.main.deny` returned an empty message\n".to_owned()),
        ("\"\\u200b\\u0007\\u3164\\ufeff\"", "withheld: `data.main.deny` returned an empty message\n".to_owned()),
        ("{\"code\": \"a\"}", format!("{object} without `msg`\n")),
        ("{\"msg\": 1}", format!("{object} whose `msg` is a number, and no string\n")),
        ("{\"msg\": \"m\", \"code\": 1}", format!("{object} whose `code` is a number, and no string\n")),
        ("{\"msg\": \"m\", \"term\": [1]}", format!("{object} whose `term` is a number, and no string\n")),
        ("{\"msg\": \"m\", \"severity\": \"low\"}",
         format!("{object} whose `severity` is `low`, and neither `failure` nor `warning`\n")),
        ("{\"msg\": \"m\", \"effective_on\": \"soon\"}",
         format!("{object} whose `effective_on` is wrong: `soon` is not an RFC 3339 instant, for \
                  example `2026-10-02T00:00:00Z`\n")),
    ] {
        assert_eq!(of(value), told, "{value}");
    }
}

#[test]
fn a_rule_that_is_undefined_or_no_set_withholds() {
    assert_eq!(
        says("deny := [\"a\"] if input.provenance[_].predicate.n == 4", builds()),
        "withheld: `data.main.deny` is undefined, which is no verdict\n"
    );
    assert_eq!(
        says("deny := \"a\" if input.provenance", builds()),
        "withheld: `data.main.deny` is a string, and has to be a set of messages\n"
    );
    assert_eq!(
        says(
            "default deny := []\ndeny := [\"a\"] if input.provenance[_].predicate.n == 4",
            builds()
        ),
        ""
    );
}

#[test]
fn errors_of_built_ins_withhold_and_are_not_undefined() {
    for (call, told) in [
        (
            "startswith(input.provenance[0].predicate.n, \"a\")",
            "`startswith` expects string argument",
        ),
        ("to_number(\"a\") > 1", "could not parse string as number"),
        ("1 / (input.provenance[0].predicate.n - 3) > 1", "divide by zero"),
        ("regex.match(concat(\"\", [\"(\"]), \"a\")", "invalid regex"),
        ("semver.compare(\"1.0\", \"1.0.0\") == 0", "invalid semver"),
        ("json.unmarshal(\"{\")", "json"),
        (
            "time.parse_rfc3339_ns(\"today\") > 0",
            "`time.parse_rfc3339_ns`: `today` is not an RFC 3339",
        ),
        ("count(input.provenance[0].predicate.n) > 0", "count"),
        ("base64.decode(\"?\") == \"\"", "decode failed"),
        // Where the interpreter itself would be silent.
        ("units.parse_bytes(\"5000ZZ\") > 1", "`units.parse_bytes`: no number with a unit"),
        ("units.parse_bytes(\"5 KB\") > 1", "`units.parse_bytes`: spaces not allowed"),
        ("units.parse(\"10%\") > 1", "`units.parse`: no number with a unit that is known"),
        ("array.slice([1], 0, 1.5) == [1]", "`array.slice`: from and to are whole numbers"),
        ("array.slice([1], 0, 0.5 * 4e30) == [1]", "`array.slice`: from and to are whole numbers"),
        ("bits.and(0.5 * 4e30, 1) == 0", "`bits.and`: these are no whole numbers"),
        ("bits.or(0.5 * 4e30, 1) == 0", "`bits.or`: these are no"),
        ("bits.xor(0.5 * 4e30, 1) == 0", "`bits.xor`: these are no"),
        ("bits.negate(0.5 * 4e30) == 0", "`bits.negate`: these are no"),
        ("bits.lsh(1, 10000000000) == 0", "`bits.lsh`: these are no"),
        ("bits.rsh(1, 10000000000) == 0", "`bits.rsh`: these are no"),
        (
            "regex.replace(\"a\", concat(\"\", [\"(\"]), \"b\") == \"a\"",
            "`regex.replace`: invalid regex",
        ),
        (
            "regex.is_valid(input.provenance[0].predicate.n)",
            "`regex.is_valid`: a number is no string",
        ),
        ("object.subset(1, 2)", "`object.subset`: a number has no subset that is a number"),
        ("object.subset({1}, [1])", "`object.subset`: a set has no subset that is an array"),
        ("json.remove({\"a\": 1}, [[]]) == {}", "`json.remove`: a path has a name"),
        ("substring(\"abc\", 0, 1.5) == \"a\"", "`substring`: from and length are whole numbers"),
        (
            "substring(\"abc\", 0.5 * 4e30, 1) == \"a\"",
            "`substring`: from and length are whole numbers",
        ),
        ("strings.count(\"abc\", \"\") == 4", "`strings.count`: an empty text"),
        (
            "json.unmarshal(\"18446744073709551617\") == 1",
            "`json.unmarshal`: `18446744073709551617` cannot",
        ),
        ("json.unmarshal(`{\"a\": 1, \"a\": 2}`).a == 1", "the member `a` stands twice"),
        ("to_number(\"18446744073709551617\") == 1", "could not parse string as number"),
        ("to_number(\"null\") == 1", "could not parse string as number"),
        ("sprintf(\"%d\", [\"x\"]) == \"\"", "`sprintf`: `%d` does not write a string"),
        ("sprintf(\"%d\", [true]) == \"\"", "`sprintf`: `%d` does not write a boolean"),
        ("sprintf(\"%x\", [[1]]) == \"\"", "`sprintf`: `%x` does not write an array"),
        ("sprintf(\"%-5s\", [\"x\"]) == \"\"", "`sprintf`: `%-` does not write a string"),
        ("sprintf(\"%½s\", [\"x\"]) == \"\"", "is no width that is written here"),
        ("sprintf(\"%99999999999d\", [1]) == \"\"", "is no width that is written here"),
        ("sprintf(\"%d\", [1.5]) == \"\"", "`sprintf`: number specified for format verb d"),
        ("sprintf(\"%d %d\", [1]) == \"\"", "`sprintf`: no argument specified"),
        ("sprintf(\"%d\", [1, 2]) == \"\"", "`sprintf`: extra arguments"),
    ] {
        // Not even where its being undefined would let a rule speak.
        for body in [call.to_owned(), format!("not {call}"), format!("count([1 | {call}]) == 0")] {
            let rule = format!("deny contains \"a\" if {{ input.provenance; {body} }}");
            let said = says(&rule, builds());
            assert!(
                said.starts_with("withheld: `data.main.deny` cannot be evaluated"),
                "{body}: {said}"
            );
            assert!(said.contains(told), "{body}: {said}");
        }
    }
    // Nor where the language would go on with what comes next.
    let rule = "f(x) := 1 if { to_number(x) > 0 } else := 2\ndefault g(_) := 3\ng(x) := 4 if to_number(x) > 0\n";
    for call in ["f(\"a\") == 2", "g(\"a\") == 3"] {
        let said =
            says(&format!("{rule}deny contains \"a\" if {{ input.provenance; {call} }}"), builds());
        assert!(said.starts_with("withheld: "), "{call}: {said}");
    }
}

#[test]
fn conflicts_and_recursion_withhold() {
    let said =
        says("x := 1\nx := 2\ndeny contains \"a\" if { input.provenance; x == 1 }", builds());
    assert!(said.starts_with("withheld: ") && said.contains("conflicts"), "{said}");
    let said = says("deny contains \"a\" if { input.provenance; count(deny) == 0 }", builds());
    assert!(said.starts_with("withheld: "), "{said}");
}

#[test]
fn numbers_are_compared_and_shown_as_they_are() {
    let rule = "deny contains sprintf(\"%d %v\", [9007199254740993, 18446744073709551616]) if {\n\
        input.provenance\n  9007199254740993 != 9007199254740992\n  18446744073709551616 > 18446744073709551615\n}";
    assert_eq!(says(rule, builds()), "violation deny: 9007199254740993 18446744073709551616\n");
}

#[test]
fn findings_come_in_the_order_of_their_values_and_are_summed_up_after_a_hundred() {
    let said =
        says("deny contains x if { input.provenance; some x in [\"c\", \"a\", \"b\"] }", builds());
    assert_eq!(said, "violation deny: a\nviolation deny: b\nviolation deny: c\n");
    let said = says(
        "deny contains sprintf(\"%d\", [x]) if { input.provenance; some x in numbers.range(1, 1000) }",
        builds(),
    );
    assert_eq!(said.lines().count(), 101);
    assert!(said.ends_with("violation deny: 900 further findings like these\n"), "{said}");
}

#[test]
fn what_is_summed_up_weighs_what_the_heaviest_of_it_does() {
    let said = says(
        "deny contains {\"msg\": sprintf(\"%d\", [x]), \"severity\": \"warning\"} if { input.provenance; some x in numbers.range(1, 200) }\n\
         deny contains {\"msg\": \"z\"} if input.provenance",
        builds(),
    );
    // And what weighs most is not summed up while there is room for it.
    assert!(said.starts_with("violation deny: z\nwarning deny: 1\n"), "{said}");
    assert!(said.ends_with("warning deny: 101 further findings like these\n"), "{said}");
    let said = says(
        "deny contains sprintf(\"%d\", [x]) if { input.provenance; some x in numbers.range(1, 101) }\n\
         deny contains {\"msg\": \"z\", \"severity\": \"warning\"} if input.provenance",
        builds(),
    );
    assert!(said.ends_with("violation deny: 2 further findings like these\n"), "{said}");
}

#[test]
fn time_is_the_moment_that_is_asked_for() {
    let rule = "deny contains \"late\" if {\n  input.provenance\n\
        time.now_ns() == time.parse_rfc3339_ns(\"2026-10-02T00:00:00Z\")\n\
        time.weekday(time.now_ns()) == \"Friday\"\n}";
    assert_eq!(says(rule, builds()), "violation deny: late\n");
}

#[test]
fn what_is_undefined_speaks_inside_not_and_nowhere_else() {
    let nope = "input.provenance[0].predicate.nope";
    for body in [
        format!("not ok({nope})"),
        format!("not {nope} in {{1}}"),
        format!("not startswith({nope}, \"a\")"),
        format!("not {nope}"),
        "object.get(input.provenance[0].predicate, [\"nope\", \"x\"], 1) == 1".to_owned(),
    ] {
        let rule = format!("ok(x) if x == 1\ndeny contains \"a\" if {{ {body} }}");
        assert_eq!(says(&rule, builds()), "violation deny: a\n", "{body}");
    }
    let rule = format!("deny contains \"a\" if {{ x := {nope}; not startswith(x, \"a\") }}");
    assert_eq!(says(&rule, builds()), "");
}

#[test]
fn no_name_in_a_predicate_takes_the_facts_away() {
    let mut view = builds();
    view["provenance"][0]["predicate"]["x"] = json!({ "$serde_json::private::Number": "none" });
    assert_eq!(says("deny contains \"a\" if input.provenance", view), "violation deny: a\n");
    let settings = json!({
        "source": "package main\ndeny contains \"a\" if { input.stage; data.list.x }",
        "documents": ["list"], "entrypoints": ["data.main"],
    });
    let list = "{\"x\": {\"$serde_json::private::Number\": \"none\"}}";
    assert!(judged(settings, &[("list", list)], builds()).ends_with("violation deny: a\n"));
}

#[test]
fn a_whole_number_that_would_not_be_exact_withholds() {
    let mut view = builds();
    view["provenance"][0]["predicate"]["n"] = serde_json::from_str("18446744073709551617").unwrap();
    let said = says(
        "deny contains \"a\" if input.provenance[_].predicate.n == 18446744073709551616",
        view,
    );
    assert!(said.starts_with("withheld: `input.provenance` cannot be read: `1.84"), "{said}");
}

#[test]
fn built_ins_that_are_looked_after_say_what_they_said() {
    for call in [
        "units.parse_bytes(\"5KB\") == 5000",
        "units.parse(\"5Ki\") == 5120",
        "array.slice([1, 2], 0, 1) == [1]",
        "bits.and(7, 2) == 2",
        "bits.lsh(1, 100) == 1267650600228229401496703205376",
        "regex.replace(\"aab\", \"a+\", \"x\") == \"xb\"",
        "regex.is_valid(\"a+\")",
        "not regex.is_valid(\"(\")",
        "object.subset({\"a\": 1, \"b\": 2}, {\"a\": 1})",
        "object.subset([1, 2], {2})",
        "object.subset([1, 2], [])",
        "json.remove({\"a\": 1, \"b\": 2}, [\"a\"]) == {\"b\": 2}",
        "json.filter({\"a\": 1, \"b\": 2}, {\"a\"}) == {\"a\": 1}",
        "substring(\"abc\", 1, -1) == \"bc\"",
        "strings.count(\"abab\", \"ab\") == 2",
        "json.unmarshal(`{\"a\": [1.5, \"x\"]}`).a[1] == \"x\"",
        "to_number(\"-1.5\") == -1.5",
        "to_number(true) == 1",
        "sprintf(\"%s %d%% %v %q %x\", [\"a\", 5, {1}, \"b\", 255]) == \"a 5% {1} \\\"b\\\" ff\"",
        "sprintf(\"%t %x %X %.2f\", [true, \"hi\", \"hi\", 1.5]) == \"true 6869 6869 1.50\"",
        // The result may stand behind the arguments, and a built-in may be replaced.
        "sprintf(\"%d\", [1], x); x == \"1\"",
        "to_number(\"a\") == 5 with to_number as 5",
        "undefined; not units.parse(input.provenance[0].predicate.nope)",
    ] {
        let rule = format!("undefined := 1\ndeny contains \"a\" if {{ input.provenance; {call} }}");
        assert_eq!(says(&rule, builds()), "violation deny: a\n", "{call}");
    }
}
