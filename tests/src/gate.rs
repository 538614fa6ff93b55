//! A stage that takes what nobody vouches for.

use serde_json::Value;

use crate::bundle::Signer;
use crate::component::policy_of_wat;
use crate::run::Ran;
use crate::workbench::Workbench;

/// A bench with one artifact, the signers `ci` and `builder`, and a stage `production` that accepts
/// something, expects one document of a kind, and has a policy that never says anything.
///
/// So a run ends with exit code 1 where the document does not count, and with 3 where it does.
pub struct Gate {
    /// Documents lie in `evidence/`.
    pub bench: Workbench,
}

impl Gate {
    /// The bytes of the artifact `app`.
    pub const ARTIFACT: &[u8] = b"an artifact that documents are about\n";

    /// The kinds that `ci` may vouch for.
    const BY_CI: &str = r#"["sbom", "vulnerabilities", "test-result"]"#;

    /// The stage accepts what `accept` says, and expects a document of `kind`.
    #[must_use]
    pub fn new(binary: &str, accept: &str, kind: &str) -> Self {
        Self::with(
            binary,
            &format!(
                "accept = {accept}\nexpects = [{{ kind = \"{kind}\" }}]\n\n\
                 [[stage.production.policy]]\nname = \"silent\"\nplugin = \"./silent.wasm\"\n"
            ),
        )
    }

    /// The stage has these lines.
    #[must_use]
    pub fn with(binary: &str, lines: &str) -> Self {
        let bench = Workbench::new(binary);
        bench.write("app", Self::ARTIFACT);
        for name in ["ci", "builder"] {
            bench.write(&format!("{name}.pub"), Signer::named(name).pem());
        }
        let silent = policy_of_wat(include_str!("../tests/wat/traps-in-describe.wat"));
        bench.write("silent.wasm", silent);
        let key = |name: &str, kinds: &str| {
            format!("[[trust.key]]\nname = \"{name}\"\nfile = \"{name}.pub\"\nfor = {kinds}\n\n")
        };
        let config = key("ci", Self::BY_CI) + &key("builder", "[\"provenance\"]");
        bench.write("lockgate.toml", format!("{config}[stage.production]\n{lines}"));
        Self { bench }
    }

    /// With a document in the folder.
    #[must_use]
    pub fn holding(self, name: &str, document: &impl ToString) -> Self {
        self.bench.write(&format!("evidence/{name}"), document.to_string());
        self
    }

    /// `check` for production with these values of `--evidence`, as JSON.
    #[must_use]
    pub fn check(&self, sources: &[&str]) -> Ran {
        self.check_of("app", sources)
    }

    /// The same of an artifact that is named in another way.
    #[must_use]
    pub fn check_of(&self, artifact: &str, sources: &[&str]) -> Ran {
        let common = [artifact, "--config=lockgate.toml", "--at=2026-10-02T00:00:00Z", "-ojson"];
        let sources: Vec<String> =
            sources.iter().map(|source| format!("--evidence={source}")).collect();
        let sources: Vec<&str> = sources.iter().map(String::as_str).collect();
        self.bench.run(&[&["check", "--stage=production"], &common[..], &sources].concat())
    }

    /// Asserts that the only document counts and is accepted, with the relaxation of this code and
    /// no other about it, and returns its row.
    ///
    /// # Panics
    ///
    /// If not: the run is shown.
    #[must_use]
    pub fn takes(&self, source: &str, code: &str) -> Value {
        let (row, codes) = only(&self.check(&[source]).exits(3));
        assert_eq!(row["status"], "accepted", "{row:#}");
        assert_eq!(row["signers"], Value::Array(Vec::new()), "nobody vouches for it: {row:#}");
        assert_eq!((&row["reason"], &row["help"]), (&Value::Null, &Value::Null), "{row:#}");
        assert_eq!(codes, [code], "{row:#}");
        row
    }

    /// Asserts that the only document is rejected for this reason and missed, and returns its row.
    ///
    /// # Panics
    ///
    /// If not: the run is shown.
    #[must_use]
    pub fn refuses(&self, source: &str, reason: &str) -> Value {
        let (row, codes) = only(&self.check(&[source]).exits(1));
        assert_eq!(row["status"], "rejected", "{row:#}");
        assert_eq!(row["reason"], reason, "{row:#}");
        assert_eq!(row["checks"], Value::Null, "{row:#}");
        assert_eq!(codes, [""; 0], "what does not count makes the gate no wider: {row:#}");
        row
    }
}

/// The only row of a report, and the codes of the relaxations about it.
fn only(ran: &Ran) -> (Value, Vec<String>) {
    let report = ran.json();
    let documents = report["documents"].as_array().expect("a report lists documents");
    let [row] = &documents[..] else { panic!("one document was given: {report:#}") };
    let relaxations = report["relaxations"].as_array().expect("a report lists relaxations");
    let about = relaxations.iter().filter(|relaxation| relaxation["about"] == row["path"]);
    let code = |relaxation: &Value| relaxation["code"].as_str().expect("a code").to_owned();
    (row.clone(), about.map(code).collect())
}
