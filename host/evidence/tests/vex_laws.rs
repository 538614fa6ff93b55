//! What holds of VEX whatever documents say: order changes nothing, nobody is made less of by others,
//! and an index answers as a slow reading does.
#![forbid(unsafe_code)]
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use common::{CYCLONEDX, Case, IN_TOTO, Key, bytes, repository, sha256, statement};
use lockgate_evidence::vex::{Applied, Digests, Rules, Stated, Status, Target, apply};
use lockgate_evidence::{Facts, Trust};
use lockgate_model::Kind;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

const OPENVEX: &str = "https://openvex.dev/ns/v0.2.0";

/// Those who may vouch for VEX, one who may not, and one whom nobody knows.
static KEYS: LazyLock<[Key; 5]> = LazyLock::new(|| std::array::from_fn(|_| Key::ed25519()));
const NAMES: [&str; 4] = ["a", "b", "c", "builder"];

static TRUST: LazyLock<Trust> = LazyLock::new(|| {
    let may = |name: &str| if name == "builder" { Kind::Sbom } else { Kind::Vex };
    let entries = NAMES.iter().zip(&*KEYS).map(|(name, key)| key.entry(name, Some(&[may(name)])));
    Trust::new(entries.collect::<Vec<_>>()).unwrap()
});

/// The spellings of a package, with what tells whether one covers another.
const PACKAGES: [&str; 5] =
    ["pkg:npm/a@1", "pkg:npm/a@1?x=1", "pkg:npm/a@1?x=1&y=2", "pkg:npm/a@2", "pkg:npm/b@1"];

const IDS: [&str; 4] = ["CVE-1", "cve-1", "GHSA-2", "CVE-3"];
const TIMES: [Option<&str>; 3] = [None, Some("2026-01-01T00:00:00Z"), Some("2026-02-01T00:00:00Z")];

#[derive(Debug, Clone)]
struct Said {
    ids: Vec<&'static str>,
    status: &'static str,
    at: Option<&'static str>,
    /// None: it names no component.
    package: Option<usize>,
    as_product: bool,
}

#[derive(Debug, Clone)]
struct Row {
    ids: Vec<String>,
    package: usize,
}

impl Said {
    fn json(&self) -> Value {
        let named = self.package.map(|package| PACKAGES[package]);
        let products = match named {
            Some(purl) if self.as_product => json!([{ "@id": purl }]),
            Some(purl) => json!([{ "@id": "app", "subcomponents": [{ "@id": purl }] }]),
            None => json!([]),
        };
        json!({
            "vulnerability": { "name": self.ids[0], "aliases": self.ids[1..] },
            "status": self.status, "justification": "component_not_present",
            "timestamp": self.at, "products": products,
        })
    }

    fn status(&self) -> Status {
        self.status.replace('_', "-").parse().unwrap()
    }

    /// Whether it covers a row, by reading the rules one by one.
    fn covers(&self, row: &Row, rules: Rules) -> bool {
        let lower = |id: &str| id.to_lowercase();
        let called =
            self.ids.iter().any(|id| row.ids.iter().any(|other| lower(id) == lower(other)));
        let same = |package: usize| {
            let parts = |purl: &'static str| purl.split_once('?').unwrap_or((purl, ""));
            let ((ours, asked), (theirs, given)) =
                (parts(PACKAGES[package]), parts(PACKAGES[row.package]));
            let given: Vec<_> = given.split('&').collect();
            ours == theirs && (asked.is_empty() || asked.split('&').all(|one| given.contains(&one)))
        };
        called
            && match self.package {
                Some(package) if self.as_product => {
                    rules.covers_all || (rules.by_purl && same(package))
                }
                Some(package) => same(package),
                None => rules.covers_all,
            }
    }
}

fn any_said() -> impl Strategy<Value = Said> {
    (
        prop::collection::vec(select(&IDS[..]), 1..3),
        select(&["affected", "under_investigation", "fixed", "not_affected"][..]),
        select(&TIMES[..]),
        prop::option::weighted(0.8, 0..PACKAGES.len()),
        any::<bool>(),
    )
        .prop_map(|(ids, status, at, package, as_product)| Said {
            ids,
            status,
            at,
            package,
            as_product,
        })
}

/// What somebody says in one document.
type Document = (usize, Vec<Said>);

fn any_documents(by: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Document>> {
    prop::collection::vec((by, prop::collection::vec(any_said(), 0..4)), 0..5)
}

fn any_rules() -> impl Strategy<Value = Rules> {
    (any::<bool>(), any::<bool>()).prop_map(|(by_purl, covers_all)| Rules { by_purl, covers_all })
}

fn any_rows() -> impl Strategy<Value = Vec<Row>> {
    let ids = prop::collection::vec(select(&IDS[..]).prop_map(str::to_owned), 1..3);
    let row = (ids, 0..PACKAGES.len()).prop_map(|(ids, package)| Row { ids, package });
    prop::collection::vec(row, 1..8)
}

fn envelope((by, said): &Document) -> Value {
    let statements: Vec<Value> = said.iter().map(Said::json).collect();
    let document = json!({ "@context": OPENVEX, "statements": statements });
    KEYS[*by].envelope(&statement(OPENVEX, &document))
}

fn facts(documents: &[Document]) -> Facts {
    let named = (0..).zip(documents);
    let case = named.fold(Case::new(), |case, (place, document): (usize, _)| {
        case.json(&format!("{place}.json"), &envelope(document))
    });
    case.facts(&TRUST)
}

fn applied(
    facts: &Facts,
    rules: Rules,
    honoured: Option<&BTreeSet<String>>,
    rows: &[Row],
) -> Applied {
    let sha256 = format!("sha256:{}", sha256()).parse().unwrap();
    let targets = rows.iter().map(|row| Target {
        vulnerability: &row.ids[0],
        aliases: &row.ids[1..],
        component: "",
        version: None,
        purl: Some(PACKAGES[row.package]),
    });
    apply(facts, Digests { sha256, sha512: None }, rules, honoured, targets)
}

fn statuses(applied: &Applied) -> Vec<Option<Status>> {
    applied.statuses.iter().map(|stated| stated.as_ref().map(|stated| stated.status)).collect()
}

/// What stands of a row, without an index: of each signer the latest, of those the worst.
fn slowly(documents: &[Document], rules: Rules, row: &Row) -> Option<Status> {
    let latest = |by: usize| {
        let all = documents.iter().filter(|document| document.0 == by);
        let covering = all.flat_map(|(_, said)| said).filter(|said| said.covers(row, rules));
        let newest_and_worst = |said: &&Said| (said.at, std::cmp::Reverse(said.status()));
        covering.max_by_key(newest_and_worst).map(Said::status)
    };
    (0..NAMES.len() - 1).filter_map(latest).min()
}

/// The documents of the field, with the type of predicate that they are.
static FIELD: LazyLock<Vec<(&str, String)>> = LazyLock::new(|| {
    let names = [
        (CYCLONEDX, "cyclonedx-cisa-8.json"),
        (CYCLONEDX, "cyclonedx-vex.json"),
        (OPENVEX, "openvex.json"),
        (OPENVEX, "v0.0.1-noversion.json"),
        (OPENVEX, "v0.0.1.json"),
        (OPENVEX, "v0.2.0.json"),
        (OPENVEX, "v001-1.vex.json"),
        (OPENVEX, "v001-2.vex.json"),
        (OPENVEX, "v020-1.vex.json"),
        (OPENVEX, "v020-2.vex.json"),
    ];
    let text =
        |name: &str| String::from_utf8(bytes(repository(&format!("tests/fixtures/vex/{name}"))));
    names.iter().map(|(of, name)| (*of, text(name).unwrap())).collect()
});

/// What stands of some rows by a document that has this text.
fn by_text(predicate_type: &str, text: &str) -> Option<Applied> {
    let statement = json!({
        "_type": "https://in-toto.io/Statement/v1", "predicateType": predicate_type,
        "subject": [{ "digest": { "sha256": sha256() } }], "predicate": "HERE",
    });
    let statement = statement.to_string().replace("\"HERE\"", text);
    let envelope = common::envelope(&[&KEYS[0]], IN_TOTO, statement.as_bytes());
    let trust = KEYS[0].trusted("a");
    let facts = Case::new().json("d.json", &envelope).facts(&trust);
    let row = Row { ids: vec!["CVE-2023-1255".to_owned()], package: 0 };
    let rules = Rules { by_purl: true, covers_all: true };
    (!facts.attestations().is_empty()).then(|| applied(&facts, rules, None, &[row]))
}

#[test]
fn every_document_of_the_field_is_read() {
    for (predicate_type, text) in FIELD.iter() {
        assert_eq!(by_text(predicate_type, text).unwrap().unreadable, [], "{text}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_document_that_was_spoilt_is_read_or_listed_or_no_fact(
        place in 0..FIELD.len(),
        cut in any::<prop::sample::Index>(),
        length in 0..40_usize,
        put in select(&["", "0", "null", "[]", "{}", "\"\"", ",", "\"a\":1,", "\u{e9}"][..]),
    ) {
        let (predicate_type, text) = &FIELD[place];
        let from = cut.index(text.len());
        let to = (from + length).min(text.len());
        prop_assume!(text.is_char_boundary(from) && text.is_char_boundary(to));
        let spoilt = format!("{}{put}{}", &text[..from], &text[to..]);
        if let Some(applied) = by_text(predicate_type, &spoilt) {
            prop_assert_eq!(applied.statuses.len(), 1);
            prop_assert!(applied.unreadable.len() <= 1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn an_index_answers_as_a_slow_reading_does(
        documents in any_documents(0..3),
        rules in any_rules(),
        rows in any_rows(),
    ) {
        let applied = applied(&facts(&documents), rules, None, &rows);
        prop_assert_eq!(&applied.unreadable, &[]);
        let slowly: Vec<_> = rows.iter().map(|row| slowly(&documents, rules, row)).collect();
        prop_assert_eq!(statuses(&applied), slowly);
        for stated in applied.statuses.iter().flatten() {
            prop_assert!(!stated.signers.is_empty() && stated.signers.is_sorted());
        }
    }

    #[test]
    fn order_of_documents_and_statements_changes_no_answer(
        documents in any_documents(0..3),
        rules in any_rules(),
        rows in any_rows(),
        by in 0..5_usize,
    ) {
        let answer = |documents: &[Document]| applied(&facts(documents), rules, None, &rows).statuses;
        let plain = answer(&documents);
        let mut turned = documents.clone();
        turned.rotate_left(by.min(documents.len()));
        prop_assert_eq!(&answer(&turned), &plain);
        turned.reverse();
        prop_assert_eq!(&answer(&turned), &plain);
        // With its statements in another order it is another document, which says the same.
        turned.iter_mut().for_each(|(_, said)| said.reverse());
        let said = |all: &[Option<Stated>]| -> Vec<_> {
            let one = |stated: &Stated| (stated.status, stated.justification.clone());
            all.iter().map(|stated| stated.as_ref().map(one)).collect()
        };
        prop_assert_eq!(said(&answer(&turned)), said(&plain));
    }

    #[test]
    fn another_signer_never_makes_a_row_less_severe(
        documents in any_documents(0..2),
        others in any_documents(2..3),
        rules in any_rules(),
        rows in any_rows(),
    ) {
        let before = statuses(&applied(&facts(&documents), rules, None, &rows));
        let all = [documents, others].concat();
        let after = statuses(&applied(&facts(&all), rules, None, &rows));
        for (before, after) in before.iter().zip(&after) {
            let Some(before) = before else { continue };
            prop_assert!(after.is_some_and(|after| after <= *before), "{before:?} {after:?}");
        }
    }

    #[test]
    fn who_is_not_trusted_with_vex_changes_nothing(
        documents in any_documents(0..3),
        others in any_documents(3..5),
        loose in prop::collection::vec(any_said(), 0..3),
        rules in any_rules(),
        rows in any_rows(),
    ) {
        let plain = applied(&facts(&documents), rules, None, &rows);
        let statements: Vec<Value> = loose.iter().map(Said::json).collect();
        let unsigned = json!({ "@context": OPENVEX, "statements": statements });
        let vulnerabilities: Vec<Value> = loose
            .iter()
            .map(|said| json!({ "id": said.ids[0], "analysis": { "state": "resolved" },
                "affects": [{ "ref": PACKAGES[said.package.unwrap_or_default()] }] }))
            .collect();
        let bom = json!({ "bomFormat": "CycloneDX", "specVersion": "1.6",
            "vulnerabilities": vulnerabilities });
        // Paths come behind those of the others, so that copies are not where they were.
        let mut case = Case::new()
            .json("9.json", &unsigned)
            .json("91.json", &KEYS[3].envelope(&statement(CYCLONEDX, &bom)));
        for (place, document) in documents.iter().chain(&others).enumerate() {
            case = case.json(&format!("{place}.json"), &envelope(document));
        }
        let more = applied(&case.facts(&TRUST), rules, None, &rows);
        prop_assert_eq!(more.statuses, plain.statuses);
        prop_assert_eq!(more.unreadable, plain.unreadable);
    }

    #[test]
    fn honouring_some_is_as_if_there_were_no_others(
        documents in any_documents(0..3),
        names in prop::collection::btree_set(select(&NAMES[..]), 0..3),
        rules in any_rules(),
        rows in any_rows(),
    ) {
        let honoured: BTreeSet<String> = names.iter().map(|&name| name.to_owned()).collect();
        let some = applied(&facts(&documents), rules, Some(&honoured), &rows);
        let theirs = documents.into_iter().filter(|document| names.contains(NAMES[document.0]));
        let theirs: Vec<Document> = theirs.collect();
        let alone = applied(&facts(&theirs), rules, None, &rows);
        prop_assert_eq!(statuses(&some), statuses(&alone));
    }
}
