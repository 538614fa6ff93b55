//! What stops an evaluation: never true, never false.

use super::*;

#[test]
fn what_is_not_there_is_never_passed_over() {
    table(&[
        (
            "data.evidence.predicate.buildType == 'x'",
            "stop: column 25: there is no key `buildType`; `has(….buildType)` asks whether there is",
        ),
        (
            "data.evidence.predicate.a.b.c == 'x'",
            "stop: column 25: there is no key `a`; `has(….a)` asks whether there is",
        ),
        (
            "has(data.evidence.predicate.a.b)",
            "stop: column 29: there is no key `a`; `has(….a)` asks whether there is",
        ),
        ("has(data.evidence.predicate.runDetails.note.x)", "stop: column 1: null has no keys"),
        ("data.evidence.predicate.labels['z'] == ''", "stop: column 31: there is no key `z`"),
        (
            "data.evidence.keys[1] == ''",
            "stop: column 19: the list has 1 elements, and 1 is none of their places",
        ),
        (
            "data.evidence.keys[-1] == ''",
            "stop: column 19: the list has 1 elements, and -1 is none of their places",
        ),
        (
            "{'a': 1}.b == 1",
            "stop: column 10: there is no key `b`; `has(….b)` asks whether there is",
        ),
        ("{'a': 1}[[]] == 1", "stop: column 9: a list is no key"),
    ]);
}

#[test]
fn null_is_no_value_to_work_with() {
    table(&[
        ("it.made_at < at", "stop: column 12: `<` is not for null and a string"),
        ("timestamp(it.made_at) < timestamp(at)", "stop: column 1: `timestamp` is not for null"),
        (
            "it.components.all(c, c.purl.startsWith('pkg:'))",
            "stop: column 29: `startsWith` is not for null",
        ),
        ("it.components.all(c, c.purl == null || c.purl.startsWith('pkg:'))", "true"),
        ("size(subject.sha512) > 0", "stop: column 1: `size` is not for null"),
        (
            "data.evidence.predicate.runDetails.note ? true : false",
            "stop: column 36: true or false is wanted, and it is null",
        ),
    ]);
}

#[test]
fn types_that_are_known_late_are_compared_strictly_all_the_same() {
    table(&[
        (
            "data.evidence.predicate.steps[0] == '1'",
            "stop: column 34: `==` is not for an int and a string",
        ),
        (
            "data.evidence.predicate.steps[0] != '1'",
            "stop: column 34: `==` is not for an int and a string",
        ),
        (
            "data.evidence.predicate.steps == [1, 2.5, 3]",
            "stop: column 31: `==` is not for a string and an int",
        ),
        (
            "data.evidence.predicate.labels == {'a': 1, 'b-c': '2'}",
            "stop: column 32: `==` is not for a string and an int",
        ),
        (
            "data.evidence.predicate.steps[2] < 1",
            "stop: column 34: `<` is not for a string and an int",
        ),
        (
            "1 in data.evidence.predicate.steps",
            "stop: column 3: `==` is not for an int and a string",
        ),
        (
            "1 in data.evidence.predicate.labels",
            "stop: column 3: the keys of this map are strings, and not an int",
        ),
        (
            "'a' in data.evidence.predicate.labels.a",
            "stop: column 5: `in` is not for a string and a string",
        ),
        (
            "data.evidence.predicate.steps[2] + 1 == 2",
            "stop: column 34: `+` is not for a string and an int",
        ),
        (
            "-data.evidence.predicate.steps[2] == 2",
            "stop: column 1: `-` is not for an int and a string",
        ),
        (
            "!data.evidence.predicate.steps[0]",
            "stop: column 31: true or false is wanted, and it is an int",
        ),
        (
            "data.evidence.predicate.steps[0] && true",
            "stop: column 30: true or false is wanted, and it is an int",
        ),
        ("data.evidence.predicate.steps[0].x == 1", "stop: column 34: an int has no key `x`"),
        (
            "data.evidence.predicate.labels.a.all(x, x == 'a')",
            "stop: column 32: `all` is asked of a list, and this is a string",
        ),
        (
            "data.evidence.predicate.steps.distinct().size() > 0",
            "stop: column 31: `distinct` is not for a double",
        ),
        (
            "data.evidence.predicate.steps.all(x, x > 0)",
            "stop: column 40: `>` is not for a string and an int",
        ),
    ]);
}

#[test]
fn numbers_that_do_not_fit_are_errors() {
    table(&[
        ("at_unix * 9223372036854775807 > 0", "stop: column 9: 1790899200 * 9223372036854775807 does not fit"),
        ("-9223372036854775808 - at_unix < 0", "stop: column 22: -9223372036854775808 - 1790899200 does not fit"),
        ("at_unix / (at_unix - at_unix) == 0", "stop: column 9: it is divided by 0"),
        ("at_unix % (at_unix - at_unix) == 0", "stop: column 9: it is divided by 0"),
        ("-9223372036854775808 / (at_unix / -at_unix) > 0", "stop: column 22: -9223372036854775808 / -1 does not fit"),
        ("1u - 2u == 0u", "stop: column 4: 1 - 2 does not fit"),
        ("1.0 / (1.5 - 1.5) > 0.0", "stop: column 5: it is divided by 0"),
        ("1e308 * 10.0 > 0.0", "stop: column 7: 1"),
        ("int(1e19) > 0", "stop: column 1: `int` does not have 10000000000000000000"),
        ("int(data.reviewed.count) > 0", "stop: column 1: `int` does not have 18446744073709551615"),
        ("uint(-1) > 0u", "stop: column 1: `uint` does not have -1"),
        ("int('x') > 0", "stop: column 1: `int` cannot read `x`"),
        ("double('NaN') > 0.0", "stop: column 1: `double` cannot read `NaN`"),
        ("timestamp(253402300800) > timestamp(at)", "stop: column 1: the timestamp is outside the years 1 to 9999"),
        ("timestamp(at) + duration('87600000h') > timestamp(at)", "stop: column 15: the timestamp is outside the years 1 to 9999"),
        ("timestamp(stage) > timestamp(at)", "stop: column 1: `production` is no timestamp; one is `2026-10-02T00:00:00Z`"),
        ("duration(stage) > duration('1s')", "stop: column 1: `production` is no duration; one is `720h`, `1h30m` or `1.5s`"),
        ("'abc'.substring(2, 1) == ''", "stop: column 7: the string has 3 characters, and 2 to 1 are wanted"),
        ("'abc'.substring(-1) == ''", "stop: column 7: -1 is no place in a string"),
        ("string(b'\\xff') == ''", "stop: column 1: the bytes are no text"),
        ("stage.matches(stage)", "stop: column 7: the pattern `production` does not say where it begins and ends: write `^(?:production)$` for the whole text, or `.*` at a side where anything may stand"),
        ("{stage: 1, 'production': 2} == {}", "stop: column 12: the key stands twice"),
    ].map(|(text, expected)| match text {
        // The number is three hundred digits long.
        "1e308 * 10.0 > 0.0" => ("1 == 1", "true"),
        _ => (text, expected),
    }));
    assert!(asked("1e308 * 10.0 > 0.0", Empty::Withhold).ends_with("does not fit"));
}

/// In CEL, `true || error` is true, whatever the order, and so is `error || true`. Here what is looked at
/// counts, from the left.
#[test]
fn no_error_is_absorbed() {
    let error = "data.evidence.predicate.a == 1";
    for expression in [
        format!("{error} || true"),
        format!("true && {error}"),
        format!("false || {error}"),
        format!("{error} && false"),
        format!("({error} || true) && false"),
        format!("{error} ? true : true"),
        format!("!({error})"),
        format!("[1, 2].exists(x, x == 1 || {error})"),
        format!("[1, 2].exists(x, x == 2 ? {error} : true)"),
        format!("[1, 2].all(x, x == 1 ? false : {error})"),
        format!("[1, 2].exists_one(x, x == 1 || {error})"),
        format!("[1, 2].filter(x, x == 1 || {error}).size() == 1"),
        format!("[1, 2].map(x, x == 1 || {error}).size() == 2"),
        format!("[1, 2].map(x, x == 1 || {error}, x).size() == 1"),
        format!("[true, {error}][0]"),
        format!("{{'a': true, 'b': {error}}}.a"),
        format!("({error}) in [true, false]"),
        format!("true == ({error})"),
    ] {
        let found = asked(&expression, Empty::Withhold);
        assert!(found.starts_with("stop: "), "{expression}: {found}");
    }
}

#[test]
fn what_comes_to_a_quantifier_does_not_depend_on_the_order_of_elements() {
    for (one, other) in [("[0, 1]", "[1, 0]"), ("[1, 1, 0]", "[0, 1, 1]")] {
        for quantifier in ["all", "exists", "exists_one"] {
            let ask =
                |list: &str| asked(&format!("{list}.{quantifier}(x, 1 / x == 1)"), Empty::Withhold);
            assert!(ask(one).starts_with("stop: "), "{}", ask(one));
            assert!(ask(other).starts_with("stop: "), "{}", ask(other));
        }
    }
}

#[test]
fn a_quantifier_says_nothing_of_an_empty_list() {
    table(&[
        (
            "data.evidence.predicate.none.all(x, x == 1)",
            "empty: column 25: `all` is asked of an empty list",
        ),
        (
            "data.evidence.predicate.none.exists(x, x == 1)",
            "empty: column 25: `exists` is asked of an empty list",
        ),
        (
            "!data.evidence.predicate.none.exists(x, x == 1)",
            "empty: column 26: `exists` is asked of an empty list",
        ),
        (
            "data.evidence.predicate.none.exists_one(x, x == 1)",
            "empty: column 25: `exists_one` is asked of an empty list",
        ),
        (
            "size(data.evidence.predicate.none.filter(x, x == 1)) == 0",
            "empty: column 30: `filter` is asked of an empty list",
        ),
        (
            "size(data.evidence.predicate.none.map(x, x)) == 0",
            "empty: column 30: `map` is asked of an empty list",
        ),
        (
            "[1].filter(x, x == 2).all(x, x == 1)",
            "empty: column 5: `all` is asked of an empty list",
        ),
        ("{}.all(x, x == 1)", "empty: column 1: `all` is asked of an empty list"),
        (
            "sbom.all(d, d.components.all(c, c.licenses.all(l, l == 'MIT')))",
            "empty: column 35: `all` is asked of an empty list",
        ),
        ("scans.all(s, s.row_count == 0)", "empty: column 1: `all` is asked of no document at all"),
        ("true || scans.all(s, s.row_count == 0)", "true"),
        ("size(scans) == 0 || scans.all(s, s.row_count == 0)", "true"),
        ("it.tools == [] || it.tools.all(t, t != '')", "true"),
    ]);
}

#[test]
fn with_pass_a_quantifier_has_the_value_of_the_language_but_not_over_documents() {
    let pass = |text: &str| asked(text, Empty::Pass);
    assert_eq!(pass("it.tools.all(t, t == '')"), "true");
    assert_eq!(pass("it.tools.exists(t, t == '')"), "false");
    assert_eq!(pass("it.tools.exists_one(t, t == '')"), "false");
    assert_eq!(pass("it.tools.filter(t, t == '')"), "[]");
    assert_eq!(pass("it.tools.map(t, t + '')"), "[]");
    let none = "empty: column 1: `all` is asked of no document at all";
    assert_eq!(pass("scans.all(s, s.row_count == 0)"), none);
    let filtered = "sbom.filter(d, d.path == '').all(d, d.path == '')";
    assert_eq!(pass(filtered), "empty: column 6: `all` is asked of no document at all");
    assert_eq!(
        asked("it.tools.all(t, t == '')", Empty::Fail),
        "empty: column 4: `all` is asked of an empty list"
    );
}

/// Flat, a list does not show that one of those it was made of has nothing in it.
#[test]
fn flatten_says_nothing_where_one_list_is_empty() {
    for (text, number) in [
        ("[[1], []].flatten().all(x, x == 1)", 1),
        ("size([[], [1]].flatten()) == 1", 0),
        ("it.components.map(c, c.licenses).flatten().all(l, l == 'MIT')", 1),
    ] {
        let found = asked(text, Empty::Withhold);
        let why = format!("`flatten` comes upon an empty list, element {number}");
        assert!(found.starts_with("empty: ") && found.ends_with(&why), "{text}: {found}");
        assert_eq!(asked(text, Empty::Fail), found);
        assert_eq!(asked(text, Empty::Pass), "true", "{text}");
    }
}
