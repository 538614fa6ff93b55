//! What one policy more costs over a large document: it is parsed once, whoever asks.
//!
//! `cargo bench -p lockgate-tests --bench policies` verifies one signed SBOM and lets one policy judge
//! it, and then ten; the reference for ten is one, in the same run. The second part asks the index for
//! the components of a license, beside a loop over the same rows in the host.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark measures and prints"
)]

mod measure;

use std::hint::black_box;
use std::sync::Arc;

use lockgate_evidence::fuzzing::judge;
use lockgate_evidence::sbom::{Narrowing, Query};
use lockgate_evidence::vex::Rules;
use lockgate_evidence::{Artifact, Facts, KeyEntry, Trust};
use lockgate_model::{Instant, Opinion, Stage};
use lockgate_runtime::{
    Brief, Description, Evaluation, History, Limits, Plugin, Question, Sandbox, Scope,
};
use lockgate_tests::{Signer, bundle, root};

/// How many policies ask.
const POLICIES: u32 = 10;

/// What each further policy may cost.
const TARGET_MICROS: f64 = 100.0;

/// Two policies of a kind: one with a denylist, one with a ban.
const SETTINGS: &str =
    r#"{"licenses":{"deny":["GPL-3.0-only"]},"banned":["pkg:npm/event-stream"]}"#;

/// The artifact that the document is about.
const ARTIFACT: &[u8] = b"an artifact that the document is about\n";

struct Bench {
    artifact: Artifact,
    trust: Trust,
    at: Instant,
    plugin: Plugin,
    description: Description,
    scope: Scope,
    limits: Limits,
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app");
    std::fs::write(&path, ARTIFACT).unwrap();
    let entry = KeyEntry {
        name: "ci".into(),
        file: Signer::named("ci").pem().into(),
        ..KeyEntry::default()
    };
    let sandbox = Sandbox::new().unwrap();
    let limits = Limits::default();
    let plugin = sandbox.load_builtin(lockgate_builtins::builtin("sbom").unwrap()).unwrap();
    let description = plugin.describe(&limits).unwrap();
    let bench = Bench {
        artifact: Artifact::resolve(path.to_str().unwrap()).unwrap(),
        trust: Trust::new(vec![entry]).unwrap(),
        at: "2026-10-02T00:00:00Z".parse().unwrap(),
        scope: plugin
            .validate_settings(&description, SETTINGS, &Arc::default(), &limits)
            .unwrap()
            .unwrap(),
        description,
        plugin,
        limits,
    };
    let document = document();
    println!("one signed SBOM of {} bytes", document.len());
    bench.policies(&document);
    bench.license(&document);
}

/// The largest real document among the fixtures, signed.
fn document() -> Vec<u8> {
    let path = root().join("tests/fixtures/sbom/cyclonedx-examples/juice-shop.1.4.json");
    let sbom = std::fs::read_to_string(path).unwrap();
    let digest: String = sha2::Digest::finalize(sha2::Digest::chain_update(
        <sha2::Sha256 as sha2::Digest>::new(),
        ARTIFACT,
    ))
    .iter()
    .map(|byte| format!("{byte:02x}"))
    .collect();
    let statement = format!(
        r#"{{"_type":"https://in-toto.io/Statement/v1","subject":[{{"name":"app","digest":{{"sha256":"{digest}"}}}}],"predicateType":"https://cyclonedx.org/bom","predicate":{sbom}}}"#
    );
    let signer = Signer::named("ci");
    bundle("application/vnd.in-toto+json", statement.as_bytes(), &[&signer]).into_bytes()
}

impl Bench {
    fn facts(&self, document: &[u8]) -> Facts {
        judge(document, &self.artifact, &self.trust, self.at)
    }

    fn question(&self, facts: Facts) -> Arc<Question> {
        Arc::new(Question {
            subject: self.artifact.subject().clone(),
            sha512: None,
            stage: "production".parse::<Stage>().unwrap(),
            at: self.at,
            facts,
            contents: None,
            vex: Rules::default(),
            history: History::default(),
        })
    }

    fn evaluated(&self, question: &Arc<Question>) -> Evaluation {
        let Self { plugin, description, scope, limits, .. } = self;
        let brief = Brief { settings: SETTINGS, scope, data: &Arc::default(), limits };
        plugin.evaluate(description, &brief, question)
    }

    fn evaluate(&self, question: &Arc<Question>) {
        let evaluation = self.evaluated(question);
        assert_ne!(evaluation.opinion, Opinion::Withheld, "{:?}", evaluation.reason);
    }

    fn policies(&self, document: &[u8]) {
        // Facts are verified anew each time, so each time the document has to be parsed.
        let facts = || self.facts(document);
        let verify = || {
            black_box(facts());
        };
        let several = |count: u32| {
            let question = self.question(facts());
            (0..count).for_each(|_| self.evaluate(&question));
        };
        let (mut verify, mut one, mut ten) = (verify, || several(1), || several(POLICIES));
        let [verify, one, ten] = measure::medians([&mut verify, &mut one, &mut ten]);
        let millis = |time: std::time::Duration| time.as_secs_f64() * 1e3;
        let question = self.question(facts());
        let evaluation = self.evaluated(&question);
        println!("{:>10}     findings by each policy", evaluation.findings.len());
        println!("{:>10.3} ms  verify", millis(verify));
        println!("{:>10.3} ms  verify, parse, one policy: the reference", millis(one));
        println!("{:>10.3} ms  verify, parse, {POLICIES} policies", millis(ten));
        let further = ten.saturating_sub(one).as_secs_f64() * 1e6 / f64::from(POLICIES - 1);
        let is_met = if further <= TARGET_MICROS { "" } else { "   ABOVE THE TARGET" };
        println!("{further:>10.1} µs  each further policy{is_met}");
    }

    fn license(&self, document: &[u8]) {
        let facts = self.facts(document);
        let bom = facts.attestations()[0].get().bom().unwrap();
        let licenses = bom.licenses();
        let id = (0..).zip(licenses).find(|(_, license)| license.text == "MIT").unwrap().0;
        let mut query = || {
            let mut query = Query::all();
            query.narrow(Narrowing::License(black_box(id)));
            black_box(query.count(bom));
        };
        let mut scan = || {
            let has = |component: &&lockgate_evidence::sbom::Component| {
                component.licenses.contains(&black_box(id))
            };
            black_box(bom.components().iter().filter(has).count());
        };
        let [query, scan] = measure::medians([&mut query, &mut scan]);
        let mut counted = Query::all();
        counted.narrow(Narrowing::License(id));
        println!(
            "{:>10.1} µs  a license query: {} of {} components",
            query.as_secs_f64() * 1e6,
            counted.count(bom),
            bom.components().len(),
        );
        println!("{:>10.1} µs  a loop over all of them: the reference", scan.as_secs_f64() * 1e6);
    }
}
