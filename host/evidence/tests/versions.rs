//! Versions in the order of their ecosystems, and ranges of them.

#![expect(clippy::disallowed_methods, reason = "cases are read from this repository")]

use std::cmp::Ordering;
use std::fmt::Write as _;
use std::path::Path;

use lockgate_evidence::package::{Range, Scheme};
use proptest::prelude::*;
use serde::Deserialize;

const SCHEMES: &[&str] = &["semver", "npm", "pypi", "maven", "deb", "golang", "generic"];

fn scheme(name: &str) -> Scheme {
    Scheme::of(name).expect("it is one of the schemes")
}

fn fixture(path: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures");
    std::fs::read_to_string(root.join(path)).expect("the fixture is here")
}

/// The places in the order of a scheme, each with the versions that stand there.
fn places(name: &str) -> Vec<Vec<String>> {
    let text = fixture(&format!("versions/{name}.txt"));
    let lines = text.lines().filter(|line| !line.starts_with(['#', '!']));
    lines.map(|line| line.split(' ').map(str::to_owned).collect()).collect()
}

#[test]
fn versions_stand_in_the_order_that_their_documents_give() {
    let mut wrong = String::new();
    for name in SCHEMES {
        let places = places(name);
        assert!(places.len() > 5, "{name}");
        let all = places.iter().enumerate();
        let all: Vec<_> =
            all.flat_map(|(place, all)| all.iter().map(move |one| (place, one))).collect();
        for (place, a) in &all {
            for (other, b) in &all {
                let order = scheme(name).compare(a, b);
                if order != Ok(place.cmp(other)) {
                    writeln!(wrong, "{name}: {a} {b}: {order:?}").unwrap();
                }
            }
        }
    }
    assert_eq!(wrong, "");
}

#[test]
fn what_is_no_version_has_no_place() {
    for name in SCHEMES {
        let text = fixture(&format!("versions/{name}.txt"));
        let refused: Vec<_> = text.lines().filter_map(|line| line.strip_prefix("! ")).collect();
        assert!(!refused.is_empty(), "{name}");
        let good = &places(name)[3][0];
        let any: Range = format!("vers:{name}/*").parse().unwrap();
        for version in refused.into_iter().chain(["", " ", "1\n2", "\0"]) {
            for error in [
                scheme(name).compare(version, good).unwrap_err(),
                scheme(name).compare(good, version).unwrap_err(),
                any.contains(version).unwrap_err(),
            ] {
                let error = error.to_string();
                assert!(error.contains(&format!("is not a version of the scheme `{name}`: ")));
            }
        }
        assert!(scheme(name).compare(&"1".repeat(1025), good).is_err());
    }
    let why = scheme("npm").compare("1.2", "1.2.3").unwrap_err().to_string();
    assert_eq!(why, "`1.2` is not a version of the scheme `npm`: it has fewer than three numbers");
}

#[test]
fn types_without_rules_have_no_scheme() {
    for name in ["rpm", "apk", "gem", "nuget", "composer", "conda", "", "NPM"] {
        assert_eq!(Scheme::of(name), None, "{name}");
    }
}

#[derive(Deserialize)]
struct Suite<T> {
    tests: Vec<T>,
}

fn suite<T: for<'de> Deserialize<'de>>(name: &str) -> Vec<T> {
    let suite: Suite<T> =
        serde_json::from_str(&fixture(&format!("vers/{name}_test.json"))).expect("a suite");
    suite.tests
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Outcome {
    Equal(bool),
    Sorted([String; 2]),
}

#[derive(Deserialize)]
struct Pair {
    versions: [String; 2],
}

#[derive(Deserialize)]
struct Comparison {
    input: Pair,
    expected_output: Outcome,
}

/// Pairs that Maven itself orders differently since 3.9.0, which takes `2.0.a` and `2.0.0.a` for `2-a`
/// (MNG-7644). The suite has each of them twice.
const OLDER_MAVEN: &[[&str; 2]] = &[["2-1", "2.0.a"], ["2-1", "2.0.0.a"], ["2.0.0.a", "2.0.a"]];

#[test]
fn the_official_cases_of_maven_are_met_but_for_those_of_older_ones() {
    let cases: Vec<Comparison> = suite("maven_version_cmp");
    let mut wrong = String::new();
    for case in &cases {
        let [a, b] = &case.input.versions;
        let order = scheme("maven").compare(a, b).unwrap();
        let expected = match &case.expected_output {
            Outcome::Equal(true) => order.is_eq(),
            Outcome::Equal(false) => order.is_ne(),
            Outcome::Sorted(sorted) if sorted[0] == *a => order.is_le(),
            Outcome::Sorted(_) => order.is_gt(),
        };
        if expected == OLDER_MAVEN.contains(&[a, b]) {
            writeln!(wrong, "{a} {b}: {order:?}").unwrap();
        }
    }
    assert_eq!(wrong, "");
    assert_eq!(cases.len(), 977);
}

#[derive(Deserialize)]
struct Containment {
    input: Contained,
    expected_output: bool,
}

#[derive(Deserialize)]
struct Contained {
    vers: String,
    version: String,
}

/// Cases whose range is not in the order of its versions, which the specification itself says that
/// tools shall refuse.
const UNORDERED: &[&str] = &[
    "vers:pypi/>=3.0.0|2.0.3",
    "vers:pypi/>=3.0.0|!=2.0.3",
    "vers:pypi/0.0.2|0.0.6|>=3.0.0|0.0.1|0.0.4|0.0.5|0.0.3",
];

#[test]
fn the_official_cases_of_containment_are_met_but_for_ranges_out_of_order() {
    let mut met = 0;
    let cases = [suite::<Containment>("npm_range_containment"), suite("pypi_range_containment")];
    for Containment { input, expected_output } in cases.into_iter().flatten() {
        match input.vers.parse::<Range>() {
            Ok(range) => {
                assert_eq!(range.contains(&input.version), Ok(expected_output), "{}", input.vers);
                met += 1;
            }
            Err(error) => {
                assert!(UNORDERED.contains(&&*input.vers), "{error}");
                assert!(error.to_string().ends_with("its versions are not in order"), "{error}");
            }
        }
    }
    assert_eq!(met, 8, "of 11");
}

#[derive(Deserialize)]
struct Parsing {
    input: String,
    #[serde(default)]
    expected_failure: bool,
}

#[test]
fn the_official_cases_of_parsing_are_met() {
    let mut known = 0;
    for Parsing { input, expected_failure } in suite("vers_canonical_parse") {
        // `datetime` is a scheme that is not read here; all of its cases are to fail but for one.
        if input.starts_with("vers:datetime/") {
            let error = input.parse::<Range>().unwrap_err().to_string();
            assert!(error.ends_with("this version has no rules for the scheme `datetime`"));
            continue;
        }
        known += 1;
        // npm has no version with an encoded slash.
        let expected_failure = expected_failure || input == "vers:npm/1.0%252F0";
        assert_eq!(input.parse::<Range>().is_err(), expected_failure, "{input}");
    }
    assert_eq!(known, 8, "of 12");
}

#[derive(Deserialize)]
struct FromNative {
    input: Native,
    expected_output: String,
}

#[derive(Deserialize)]
struct Native {
    native_range: String,
    scheme: String,
}

/// Versions near all bounds of the suite's ranges.
fn probes(text: &str) -> Vec<String> {
    let bounds = text.split(|c: char| !c.is_ascii_alphanumeric() && !".-".contains(c));
    let bounds = bounds.filter(|bound| bound.starts_with(|c: char| c.is_ascii_digit()));
    let near =
        bounds.flat_map(|bound| [bound.to_owned(), format!("{bound}.1"), format!("{bound}-1")]);
    near.chain(["0.0.0", "1.0.0", "3.0.0", "999999.0.0"].map(str::to_owned)).collect()
}

#[test]
fn native_ranges_mean_what_the_official_cases_say_or_are_refused() {
    let (mut met, mut refused, mut redundant) = (0, 0, 0);
    let cases = [suite::<FromNative>("npm_range_from_native"), suite("pypi_range_from_native")];
    for FromNative { input, expected_output } in cases.into_iter().flatten() {
        let text = &input.native_range;
        let Ok(range) = Range::native(scheme(&input.scheme), text) else {
            assert!(is_of_a_package_manager(text) || text == "1.1.2 1.2.2", "{text}");
            refused += 1;
            continue;
        };
        let Ok(expected) = expected_output.parse::<Range>() else {
            // The suite's own answer is not canonical: a bound stands behind another that includes it.
            redundant += 1;
            continue;
        };
        for probe in probes(text) {
            let inside = expected.contains(&probe);
            assert_eq!(range.contains(&probe), inside, "{text} {probe}");
        }
        met += 1;
    }
    assert_eq!((met, refused, redundant), (468, 22, 4), "of 494");
}

/// Whether a range has what only npm itself reads: its signs, or versions of fewer than three numbers.
fn is_of_a_package_manager(text: &str) -> bool {
    let versions = text.split([' ', '<', '>', '=', '|']).filter(|version| !version.is_empty());
    text.contains(['^', '~', 'x', '*'])
        || versions.clone().any(|version| version == "-" || version.split('.').count() < 3)
}

#[test]
fn a_range_contains_what_lies_between_its_bounds() {
    for (range, inside, outside) in [
        ("vers:npm/>=1.2.0|<2.0.0", vec!["1.2.0", "1.99.0", "2.0.0-rc.1"], vec!["1.1.9", "2.0.0"]),
        (
            "vers:npm/<1.0.0|>=2.0.0|!=2.0.5",
            vec!["0.9.0", "2.0.0", "3.0.0"],
            vec!["1.0.0", "2.0.5"],
        ),
        ("vers:npm/!=1.0.0", vec!["0.9.0", "1.0.1"], vec!["1.0.0", "v1.0.0+build"]),
        ("vers:npm/1.2.3|>=2.0.0|<5.0.0", vec!["1.2.3", "4.9.9"], vec!["1.2.4", "5.0.0"]),
        ("vers:npm/1.0.0|2.0.0", vec!["1.0.0", "2.0.0"], vec!["1.5.0", "3.0.0"]),
        ("vers:pypi/>1.0|<=2.0", vec!["1.0.post1", "2", "2.0.0"], vec!["1", "2.0.post1"]),
        ("vers:deb/<1%3A2.0-1", vec!["9.9", "1:2.0-1~bpo1"], vec!["1:2.0-1", "2:0"]),
        (
            "vers:maven/>=1.0.0-beta1|<=1.7.5|>=7.0.0-M1|<=7.0.7",
            vec!["1.0", "7.0.0-M2"],
            vec!["2.0", "7.0.0-alpha"],
        ),
        ("vers:golang/>=v1.2.3", vec!["v1.2.4-0.20191109021931-daa7c04131f5"], vec!["v1.2.3-pre"]),
        ("vers:generic/*", vec!["0", "9z"], vec![]),
    ] {
        let range: Range = range.parse().unwrap();
        for version in inside {
            assert_eq!(range.contains(version), Ok(true), "{range:?} {version}");
        }
        for version in outside {
            assert_eq!(range.contains(version), Ok(false), "{range:?} {version}");
        }
    }
}

#[test]
fn what_is_wrong_with_a_range_is_said() {
    for (text, expected) in [
        ("npm/1.0.0", "it does not begin with `vers:`"),
        ("vers:npm", "it has no slash behind its scheme"),
        ("vers:rpm/1", "this version has no rules for the scheme `rpm`"),
        ("vers:npm/>=1.0.0| <2.0.0", "it has space, or characters that have to be encoded"),
        ("vers:npm/2.0.0|1.0.0", "its versions are not in order"),
        ("vers:npm/1.0.0|>1.0.0+b", "it has a version twice"),
        ("vers:npm/>1.0.0|>2.0.0", "a lower bound has no upper bound before the next constraint"),
        ("vers:npm/>1.0.0|2.0.0", "a lower bound has no upper bound before the next constraint"),
        ("vers:npm/<1.0.0|<2.0.0", "an upper bound has no lower bound before it"),
        ("vers:npm/1.0.0|<2.0.0", "an upper bound has no lower bound before it"),
        ("vers:npm/=1.0.0", "a version has one of `<>=!*`, which have to be encoded"),
        ("vers:npm/*|1.0.0", "a version has one of `<>=!*`, which have to be encoded"),
        ("vers:npm/1.0%2", "a percent sign is not followed by two digits in upper case"),
        ("vers:npm/1.0%2e0", "a percent sign is not followed by two digits in upper case"),
        ("vers:npm/>=", "`` is not a version of the scheme `npm`: it is empty"),
    ] {
        let error = text.parse::<Range>().unwrap_err().to_string();
        assert_eq!(error, format!("`{text}` is not a range of versions: {expected}"));
    }
    for (name, text, expected) in [
        ("npm", "^1.0.0", "it has a sign of a package manager that is not read here"),
        ("pypi", "~=1.0", "it has a sign of a package manager that is not read here"),
        ("deb", "~=1.0", "it has `=` right behind a version"),
        (
            "npm",
            "1.0.0 2.0.0",
            "an exact version stands beside other constraints, without `||` between",
        ),
        ("npm", "", "it has no constraint"),
        ("npm", ">=1.0.0 ||", "it has no constraint"),
        ("npm", ">=1.0.0,", "it ends with a comma"),
        ("npm", ">=1.0.0,,<2.0.0", "`` is not a version of the scheme `npm`: it is empty"),
    ] {
        let error = Range::native(scheme(name), text).unwrap_err().to_string();
        assert_eq!(error, format!("`{text}` is not a range of versions: {expected}"));
    }
}

/// Versions, and texts that are nearly versions.
fn any_version(name: &'static str) -> BoxedStrategy<String> {
    let tokens: &[&str] = match name {
        "maven" => &["1", "2", "10", "a", "rc", "sp", "ga", "alpha", "snapshot", "x"],
        "deb" => &["0", "1", "10", "~", "+", "a", "-", ":", "b"],
        "pypi" => &["0", "1", "10", "a", "rc", ".dev", ".post", "+", "!", "-"],
        _ => &["0", "1", "10", "a", "rc", "-", "+", "alpha"],
    };
    let tokens: Vec<&str> = tokens.iter().flat_map(|&token| [token, token, ".", "-"]).collect();
    let loose = prop::collection::vec(prop::sample::select(tokens), 1..7);
    let known: Vec<String> = places(name).into_iter().flatten().collect();
    prop_oneof![
        2 => loose.prop_map(|tokens| tokens.concat()),
        1 => prop::sample::select(known),
        1 => ("[012]\\.[012]\\.[012]", prop::sample::select(vec!["", "-1", "-a", "-a.1", "+1"]))
            .prop_map(|(core, rest)| format!("{core}{rest}")),
    ]
    .boxed()
}

fn three() -> impl Strategy<Value = (&'static str, [String; 3])> {
    prop::sample::select(SCHEMES).prop_flat_map(|name| {
        let one = || any_version(name);
        (Just(name), [one(), one(), one()])
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn the_order_is_total_and_agrees_with_itself((name, [a, b, c]) in three()) {
        let compare = |a: &str, b: &str| scheme(name).compare(a, b);
        let (Ok(ab), Ok(bc), Ok(ac)) = (compare(&a, &b), compare(&b, &c), compare(&a, &c)) else {
            return Ok(());
        };
        prop_assert_eq!(compare(&a, &a), Ok(Ordering::Equal));
        prop_assert_eq!(compare(&b, &a), Ok(ab.reverse()));
        if ab == bc {
            prop_assert_eq!(ac, ab, "{} {} {} {}", name, a, b, c);
        }
        if ab.is_eq() {
            prop_assert_eq!(ac, bc, "{} {} {} {}", name, a, b, c);
        }
    }

    #[test]
    fn no_text_makes_it_panic(name in prop::sample::select(SCHEMES), a: String, b: String) {
        let _ = scheme(name).compare(&a, &b);
        let _ = format!("vers:{name}/{a}").parse::<Range>();
        let _ = Range::native(scheme(name), &a);
    }

    #[test]
    fn a_bound_divides_all_versions((name, [a, b, _]) in three()) {
        let Ok(order) = scheme(name).compare(&a, &b) else { return Ok(()) };
        let holds = |sign: &str| Range::native(scheme(name), &format!("{sign}{b}"))
            .map(|range| range.contains(&a).unwrap());
        for (sign, expected) in [
            ("<", order.is_lt()),
            ("<=", order.is_le()),
            (">", order.is_gt()),
            (">=", order.is_ge()),
            ("=", order.is_eq()),
            ("!=", order.is_ne()),
        ] {
            if let Ok(inside) = holds(sign) {
                prop_assert_eq!(inside, expected, "{} {} {}", a, sign, b);
            } else {
                prop_assert!(b.contains(['!', '~']), "{}", b);
            }
        }
    }
}
