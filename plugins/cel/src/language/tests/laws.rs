//! What holds for any expression.

use proptest::prelude::*;

use super::*;

/// Pieces of which expressions are made, right and wrong ones.
const PIECES: &[&str] = &[
    "sbom",
    "stage",
    "data",
    "at",
    "provenance",
    "it",
    "x",
    "true",
    "false",
    "null",
    "1",
    "0",
    "2.5",
    "3u",
    "'a'",
    "r'\\d'",
    "b'x'",
    "has(",
    "size(",
    "timestamp(",
    "int(",
    ".all(x, ",
    ".exists(x, ",
    ".map(x, ",
    ".filter(x, ",
    ".matches(",
    ".startsWith(",
    ".split(",
    ".path",
    ".components",
    ".predicate",
    ".a",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    ",",
    ":",
    "?",
    "&&",
    "||",
    "!",
    "==",
    "!=",
    "<",
    ">=",
    "+",
    "-",
    "*",
    "/",
    "%",
    " in ",
    ".",
    "é",
    "\"",
    "'",
    "\\",
    "\n",
    "//",
    "0x",
    "9223372036854775808",
    "'''",
    "=",
    "&",
    "|",
];

fn any_text() -> impl Strategy<Value = String> {
    let pieces = prop::collection::vec(prop::sample::select(PIECES), 0..40);
    prop_oneof![pieces.prop_map(|pieces| pieces.concat()), ".{0,60}"]
}

/// A fault that the checker cannot see: whatever comes upon it has to stop.
const FAULT: &str = "(data.evidence.predicate.missing == 1)";

/// Expressions that give true or false, with faults in some; and whether one of the faults is looked at,
/// and what they give otherwise, by the rules of the language and no code of ours.
fn any_truth() -> impl Strategy<Value = (String, Option<bool>)> {
    let leaf = prop_oneof![
        3 => any::<bool>().prop_map(|truth| (truth.to_string(), Some(truth))),
        2 => any::<bool>().prop_map(|truth| {
            let text = if truth { "stage == 'production'" } else { "stage == 'staging'" };
            (format!("({text})"), Some(truth))
        }),
        1 => Just((FAULT.to_owned(), None)),
    ];
    leaf.prop_recursive(5, 40, 3, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            pair.clone().prop_map(|((a, x), (b, y))| {
                let gives = if x == Some(true) { y } else { x };
                (format!("({a} && {b})"), gives)
            }),
            pair.clone().prop_map(|((a, x), (b, y))| {
                let gives = if x == Some(false) { y } else { x };
                (format!("({a} || {b})"), gives)
            }),
            inner.clone().prop_map(|(a, x)| (format!("!{a}"), x.map(|x| !x))),
            (inner.clone(), pair.clone()).prop_map(|((a, x), ((b, y), (c, z)))| {
                let gives = x.and_then(|x| if x { y } else { z });
                (format!("({a} ? {b} : {c})"), gives)
            }),
            pair.clone().prop_map(|((a, x), (b, y))| {
                (format!("({a} == {b})"), x.zip(y).map(|(x, y)| x == y))
            }),
            pair.clone().prop_map(|((a, x), (b, y))| {
                let variable = variable(&a, &b);
                let text = format!("[{a}, {b}].exists({variable}, {variable})");
                (text, x.zip(y).map(|(x, y)| x || y))
            }),
            // Both elements are asked, whatever the first says.
            pair.prop_map(|((a, x), (b, y))| {
                let variable = variable(&a, &b);
                let text = format!("['a', 'b'].all({variable}, {variable} == 'a' ? {a} : {b})");
                (text, x.zip(y).map(|(x, y)| x && y))
            }),
        ]
    })
}

/// A name that no macro inside has: what is around is longer.
fn variable(a: &str, b: &str) -> String {
    format!("x{}", a.len() + b.len())
}

/// Values of which some are alike.
fn any_json() -> impl Strategy<Value = Json> {
    let leaf = prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        (-2..3_i64).prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        prop::sample::select(vec![-1.5, -1.0, 0.0, 1.0, 1.5, 1e300]).prop_map(Json::from),
        "[ab]{0,2}".prop_map(Json::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Json::from),
            prop::collection::btree_map("[ab]", inner, 0..3)
                .prop_map(|members| Json::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in any_text()) {
        for empty in [Empty::Withhold, Empty::Pass, Empty::Fail] {
            let _ = asked(&text, empty);
        }
    }

    #[test]
    fn a_fault_that_is_looked_at_stops_and_all_else_is_logic((text, gives) in any_truth()) {
        let found = asked(&text, Empty::Withhold);
        match gives {
            _ if found.contains("nested deeper") => {}
            Some(truth) => prop_assert_eq!(found, truth.to_string(), "{}", text),
            None => prop_assert!(found.starts_with("stop: "), "{}: {}", text, found),
        }
    }

    #[test]
    fn the_order_of_numbers_is_one_order(
        a in any::<i64>(), b in any::<u64>(), c in any::<f64>().prop_filter("finite", |c| c.is_finite()),
    ) {
        // The same in decimal, exactly: a double has one.
        let truth = |text: String| asked(&text, Empty::Withhold);
        prop_assert_eq!(truth(format!("({a}) < {b}u")), (i128::from(a) < i128::from(b)).to_string());
        let c = format!("{c:?}");
        let c = if c.contains(['.', 'e']) { c } else { format!("{c}.0") };
        let less = truth(format!("({a}) < ({c})"));
        let equal = truth(format!("({a}) == ({c})"));
        let more = truth(format!("({a}) > ({c})"));
        let count = [&less, &equal, &more].iter().filter(|found| **found == "true").count();
        prop_assert_eq!(count, 1, "{} {} {}", less, equal, more);
    }

    #[test]
    fn what_is_compared_is_compared_the_same_from_both_sides(a in any_json(), b in any_json()) {
        let mut view = view();
        view.insert("data".into(), json!({ "reviewed": { "a": a, "b": b } }));
        let ask = |text: &str| {
            let sections = sections();
            let program = Program::new(text, &Scope { sections: &sections, it: None }).unwrap();
            program.ask(&Facts::new(&view), None, Empty::Withhold).ok().map(|value| value.shown())
        };
        let (one, other) = ("data.reviewed.a", "data.reviewed.b");
        let not = |answer: &Option<String>| {
            answer.as_deref().map(|answer| if answer == "true" { "false" } else { "true" }.to_owned())
        };
        let equal = ask(&format!("{one} == {other}"));
        prop_assert_eq!(&equal, &ask(&format!("{other} == {one}")));
        prop_assert_eq!(not(&equal), ask(&format!("{one} != {other}")));
        prop_assert_eq!(&equal, &ask(&format!("{one} in [{other}]")));
        let less = ask(&format!("{one} < {other}"));
        prop_assert_eq!(&less, &ask(&format!("{other} > {one}")));
        prop_assert_eq!(not(&less), ask(&format!("{one} >= {other}")));
        prop_assert_eq!(ask(&format!("{one} == {one}")), Some("true".to_owned()));
    }
}
