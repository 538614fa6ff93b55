//! What is refused before there are any facts.

use super::*;

#[test]
fn what_is_no_expression_is_told_with_its_place() {
    table(
        &[
            ("", "flaw: column 1: there is no expression"),
            ("  // nothing", "flaw: column 1: there is no expression"),
            ("1 +", "flaw: column 4: a value is missing before the end"),
            ("1 + * 2", "flaw: column 5: a value is missing before `*`"),
            ("(1", "flaw: column 3: `)` is missing before the end"),
            ("[1 2]", "flaw: column 4: `,` is missing before a number"),
            ("{1 2}", "flaw: column 4: `:` is missing before a number"),
            ("f(1", "flaw: column 4: `,` is missing before the end"),
            ("1 1", "flaw: column 3: 1"),
            ("stage stage", "flaw: column 7: `stage` does not belong here"),
            ("true ? 1", "flaw: column 9: `:` is missing before the end"),
            ("stage.", "flaw: column 7: a name follows `.`; other keys are `a[\"b-c\"]`"),
            ("stage.'a'", "flaw: column 7: a name follows `.`; other keys are `a[\"b-c\"]`"),
            ("9223372036854775808", "flaw: column 1: the number does not fit into an int"),
            ("in", "flaw: column 1: a value is missing before `in`"),
            ("if", "flaw: column 1: `if` is a word that the language keeps"),
            (".stage", "flaw: column 1: there are no packages: leave the `.` out"),
            (
                "Thing{a: 1}",
                "flaw: column 6: there are no messages to construct; a map is `{\"a\": 1}`",
            ),
            ("stage.?a", "flaw: column 7: there are no optional values; ask with `has`"),
            ("sbom[?0]", "flaw: column 6: there are no optional values; ask with `in` or `has`"),
            ("true &&\n  'a' == 1", "flaw: line 2, column 7: `==` is not for a string and an int"),
        ]
        .map(|(text, expected)| match text {
            "1 1" => (text, "flaw: column 3: a number does not belong here"),
            _ => (text, expected),
        }),
    );
}

#[test]
fn names_and_keys_have_to_exist_and_their_sections_to_be_asked_for() {
    table(&[
        (
            "sboms.all(d, d.path == '')",
            "flaw: column 1: there is no `sboms`; the facts are `subject`, `stage`, `at`, `at_unix`, \
             `provenance`, `test_result`, `verification_summary`, `svr`, `release`, `scai`, \
             `attestation`, `vex`, `signatures`, `sbom`, `scans`, `tests`, `contents`, `history` and \
             `data`",
        ),
        (
            "signatures.all(s, s.path == '')",
            "flaw: column 1: `signatures` belongs to the section `signatures`, which `input` does not \
             name: add it",
        ),
        (
            "sbom.all(d, d.components.all(c, size(c.hashes) > 0))",
            "flaw: column 40: `hashes` belongs to the section `sbom.hashes`, which `input` does not \
             name: add it",
        ),
        (
            "sbom.all(d, !has(d.dependency_count))",
            "flaw: column 14: `dependency_count` belongs to the section `sbom.dependencies`, which \
             `input` does not name: add it",
        ),
        (
            "scans.all(s, s['rows'] == [])",
            "flaw: column 16: `rows` belongs to the section `scans.rows`, which `input` does not \
             name: add it",
        ),
        (
            "provenance.all(p, p.predicates == {})",
            "flaw: column 21: an attestation has no key `predicates`; it has `path`, `digest`, \
             `assurance`, `signers`, `keys`, `predicate_type`, `predicate`",
        ),
        (
            "sbom.path == ''",
            "flaw: column 6: a list has no key `path`: ask each, `.all(x, x.path …)`",
        ),
        (
            "data.other == 1",
            "flaw: column 6: `input` does not name the data file `data.other`: add it",
        ),
        (
            "has(data.other)",
            "flaw: column 1: `input` does not name the data file `data.other`: add it",
        ),
        ("has(data.reviewed)", "flaw: column 1: `data.reviewed` is always there: `input` names it"),
        ("data == {}", "flaw: column 1: say which data file: `data.NAME`"),
        ("data['reviewed'] == {}", "flaw: column 1: say which data file: `data.NAME`"),
        ("has(it.path)", "flaw: column 1: an SBOM always has `path`"),
        ("has(stage.x)", "flaw: column 1: a string has no key `x`"),
        ("has(stage)", "flaw: column 1: write `has(a.b)`: whether `a` has something at `b`"),
        ("it[stage] == 1", "flaw: column 4: a key of an SBOM is written out"),
    ]);
}

/// What a map of the facts has must not be forgotten on the way, or a section that is not there would
/// look like a key that is not there.
#[test]
fn a_map_of_the_facts_does_not_lose_its_type() {
    table(&[
        ("!has({'a': it}.a.dependency_count)", "flaw: column 12: an SBOM cannot stand in a map"),
        ("!has({'a': sbom}.a[0].x)", "flaw: column 12: a list cannot stand in a map"),
        (
            "!has([sbom, provenance][0][0].x)",
            "flaw: column 13: the list has a list and a list in it",
        ),
        ("!has([it, {'a': 1}][0].x)", "flaw: column 11: the list has an SBOM and a map in it"),
        (
            "!has((true ? it : data.evidence.predicate).x)",
            "flaw: column 33: one branch gives an SBOM and the other a value",
        ),
        (
            "!has((it.components + [])[0].dependencies)",
            "flaw: column 21: `+` is not for a list and a list",
        ),
        (
            "!has((true ? it : null).dependency_count)",
            "flaw: column 2: `dependency_count` belongs to the section `sbom.dependencies`, which \
             `input` does not name: add it",
        ),
        (
            "sbom.map(d, d).filter(d, true || d.path == '').all(d, has(d.dependency_count))",
            "flaw: column 55: `dependency_count` belongs to the section `sbom.dependencies`, which \
             `input` does not name: add it",
        ),
    ]);
}

#[test]
fn types_that_are_known_are_held_against_each_other() {
    table(&[
        ("stage == 1", "flaw: column 7: `==` is not for a string and an int"),
        ("stage != 1", "flaw: column 7: `!=` is not for a string and an int"),
        ("stage == null", "flaw: column 7: a string is never null here"),
        ("it.made_at == null", "true"),
        ("stage in [1, 2]", "flaw: column 7: `in` is not for a string and a list"),
        ("stage in it", "flaw: column 7: `in` is not for a string and an SBOM"),
        ("1 < 'a'", "flaw: column 3: `<` is not for an int and a string"),
        ("1 < 2 < 3", "flaw: column 7: `<` is not for a bool and an int"),
        ("[1] < [2]", "flaw: column 5: `<` is not for a list and a list"),
        ("1 + 1.0 == 2.0", "flaw: column 3: `+` is not for an int and a double"),
        ("1 + 1u == 2", "flaw: column 3: `+` is not for an int and a uint"),
        ("at - at == ''", "flaw: column 4: `-` is not for a string and a string"),
        ("1 / 0 == 1", "flaw: column 5: nothing is divided by 0"),
        ("at_unix % 0 == 1", "flaw: column 11: nothing is divided by 0"),
        ("-stage == ''", "flaw: column 2: `-` is not for a string"),
        ("!stage", "flaw: column 2: true or false is wanted, and it is a string"),
        ("stage && true", "flaw: column 1: true or false is wanted, and it is a string"),
        ("stage ? 1 : 2", "flaw: column 1: true or false is wanted, and it is a string"),
        ("stage.all(x, x == '')", "flaw: column 1: `all` is asked of a list, and this is a string"),
        ("sbom.all(d, d.path)", "flaw: column 15: true or false is wanted, and it is a string"),
        (
            "sbom.all(d, true)",
            "flaw: column 13: it does not depend on `d`; `size(…)` says how many there are",
        ),
        (
            "sbom.all(sbom, true)",
            "flaw: column 6: `sbom` is something else already: call the variable otherwise",
        ),
        (
            "sbom.all(d, sbom.all(d, d.path == ''))",
            "flaw: column 18: `d` is something else already: call the variable otherwise",
        ),
        (
            "sbom.all(d.x, true)",
            "flaw: column 12: the first argument of `all` is a variable, for example `x`",
        ),
        (
            "sbom.all(true)",
            "flaw: column 6: write `.all(x, …)`: a variable, and what is asked of each",
        ),
        ("all(sbom, d, true)", "flaw: column 1: write `list.all(x, …)`"),
        ("size(1)", "flaw: column 1: `size` is not for an int"),
        ("stage.startsWith(1)", "flaw: column 7: `startsWith` is not for a string, an int"),
        ("startsWith(stage, 'a')", "flaw: column 1: `startsWith` is called `a.startsWith(…)`"),
        ("stage.timestamp()", "flaw: column 7: `timestamp` is called `timestamp(…)`"),
        ("stage.startsWith()", "flaw: column 7: `startsWith` does not take 0 arguments"),
        (
            "timestamp(at).getHours('Europe/Berlin')",
            "flaw: column 15: `getHours` does not take 1 arguments; it is asked in UTC, which has no name",
        ),
        (
            "timestamp('yesterday') < timestamp(at)",
            "flaw: column 1: `yesterday` is no timestamp; one is `2026-10-02T00:00:00Z`",
        ),
        (
            "duration('30d') < duration('1h')",
            "flaw: column 1: `30d` is no duration; one is `720h`, `1h30m` or `1.5s`",
        ),
        (
            "stage.matches('prod')",
            "flaw: column 7: the pattern `prod` does not say where it begins and ends: write `^(?:prod)$` for the whole text, or `.*` at a side where anything may stand",
        ),
        ("stage.matches('^(prod$')", "flaw: column 7: `^(prod$` is no pattern: unclosed group"),
        ("{1.5: 1} == {}", "flaw: column 2: a double is no key"),
        ("sbom.distinct().size() > 0", "flaw: column 6: `distinct` is not for a list"),
        ("sbom.flatten().size() > 0", "flaw: column 6: `flatten` is not for a list"),
    ]);
    let unknown = asked("stage.lower() == ''", Empty::Withhold);
    assert!(
        unknown.starts_with("flaw: column 7: there is no function `lower`; there are `size`, ")
    );
}

#[test]
fn an_expression_is_not_nested_without_end() {
    let deep = |n: usize| format!("{}true{}", "(".repeat(n), ")".repeat(n));
    assert_eq!(asked(&deep(60), Empty::Withhold), "true");
    for text in [
        deep(70),
        "!".repeat(2000) + "true",
        "-".repeat(2000) + "1",
        "[".repeat(2000),
        "{1:".repeat(1000),
        "true ? 1 : ".repeat(300) + "2",
        "stage".to_owned() + &".a".repeat(500),
        "1".to_owned() + &" + 1".repeat(500),
        "[1]".to_owned() + &".filter(x, true)".repeat(200),
        "[1].all(x,".repeat(200),
    ] {
        let found = asked(&text, Empty::Withhold);
        let why = "it is nested deeper than 64 times; make two rules of it";
        assert!(found.starts_with("flaw: ") && found.ends_with(why), "{text}: {found}");
    }
    // What stands side by side is not nested.
    assert_eq!(asked(&("true".to_owned() + &" && true".repeat(400)), Empty::Withhold), "true");
}
