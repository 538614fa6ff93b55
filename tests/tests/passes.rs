//! The artifact is read once for its name, and at most once more for everything that documents
//! need, however many there are. The kernel counts.
#![forbid(unsafe_code)]
#![allow(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    clippy::unwrap_used,
    reason = "tests set up files"
)]

use std::fs;
use std::process::{Child, Stdio};
use std::sync::LazyLock;

use aws_lc_rs::digest::{SHA256, SHA512, digest};
use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P384_SHA384_ASN1_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use blake2::{Blake2b512, Digest as _};
use lockgate_tests::{Signer, Workbench, lockgate_command, statement};
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// Far more than a run reads beside the artifact: its libraries, the policy file, the keys. Less
/// than a pass.
const BESIDE: u64 = 512 << 10;

/// The artifact: four mebibytes and a few bytes.
static ARTIFACT: LazyLock<Vec<u8>> = LazyLock::new(|| b"0123456".repeat((4 << 20) / 7 + 2));

/// Everybody who signs, and how.
struct Keys {
    statements: Signer,
    p256: EcdsaKeyPair,
    p384: EcdsaKeyPair,
    ed25519: Ed25519KeyPair,
    minisign: Ed25519KeyPair,
    openssh: Ed25519KeyPair,
}

/// A key's public part in PEM.
fn pem(der: &[u8]) -> String {
    let body = STANDARD.encode(der);
    format!("-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n")
}

fn ed25519() -> Ed25519KeyPair {
    Ed25519KeyPair::generate().unwrap()
}

/// Strings of the wire format of SSH, one behind the other.
fn wire(strings: &[&[u8]]) -> Vec<u8> {
    let one =
        |string: &&[u8]| [&u32::try_from(string.len()).unwrap().to_be_bytes(), *string].concat();
    strings.iter().flat_map(one).collect()
}

impl Keys {
    fn new() -> Self {
        Self {
            statements: Signer::named("statements"),
            p256: EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap(),
            p384: EcdsaKeyPair::generate(&ECDSA_P384_SHA384_ASN1_SIGNING).unwrap(),
            ed25519: ed25519(),
            minisign: ed25519(),
            openssh: ed25519(),
        }
    }

    /// The public keys, and a policy file that trusts those which are named.
    fn install(&self, bench: &Workbench, trusted: &[&str]) {
        let minisign = [b"Ed12345678", self.minisign.public_key().as_ref()].concat();
        let openssh = wire(&[b"ssh-ed25519", self.openssh.public_key().as_ref()]);
        let files = [
            ("statements", self.statements.pem()),
            ("p256", pem(self.p256.public_key().as_der().unwrap().as_ref())),
            ("p384", pem(self.p384.public_key().as_der().unwrap().as_ref())),
            ("ed25519", pem(self.ed25519.public_key().as_der().unwrap().as_ref())),
            ("minisign", format!("untrusted comment: key\n{}\n", STANDARD.encode(minisign))),
            ("openssh", format!("ssh-ed25519 {}\n", STANDARD.encode(openssh))),
        ];
        let mut policy = String::new();
        for (name, file) in files.into_iter().filter(|(name, _)| trusted.contains(name)) {
            bench.write(&format!("{name}.pub"), file);
            let kind = if name == "statements" { "test-result" } else { "signature" };
            policy += &format!(
                "[[trust.key]]\nname = \"{name}\"\nfile = \"{name}.pub\"\nfor = [\"{kind}\"]\n"
            );
        }
        bench.write("lockgate.toml", policy);
    }

    fn ecdsa(key: &EcdsaKeyPair) -> String {
        STANDARD.encode(key.sign(&SystemRandom::new(), &ARTIFACT).unwrap())
    }

    /// A statement that names the artifact by both digests; each number is another one.
    fn statement(&self, number: usize) -> String {
        let result = json!({ "result": "PASSED", "number": number });
        let predicate_type = "https://in-toto.io/attestation/test-result/v0.1";
        let mut statement = statement(&ARTIFACT, predicate_type, &result);
        let hex: String =
            digest(&SHA512, &ARTIFACT).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        statement["subject"][0]["digest"]["sha512"] = Value::String(hex);
        self.statements.bundle(&statement)
    }

    fn minisign(&self, algorithm: &[u8; 2], message: &[u8], number: usize) -> String {
        let signature = self.minisign.sign(message);
        let comment = format!("number {number}");
        let global = self.minisign.sign(&[signature.as_ref(), comment.as_bytes()].concat());
        let first = [algorithm, &b"12345678"[..], signature.as_ref()].concat();
        format!(
            "untrusted comment: none\n{}\ntrusted comment: {comment}\n{}\n",
            STANDARD.encode(first),
            STANDARD.encode(global)
        )
    }

    fn openssh(&self, hash: &str, hashed: &[u8]) -> String {
        let signed = wire(&[b"file", b"", hash.as_bytes(), hashed]);
        let signature = self.openssh.sign(&[b"SSHSIG", &signed[..]].concat());
        let key = wire(&[b"ssh-ed25519", self.openssh.public_key().as_ref()]);
        let inner = wire(&[b"ssh-ed25519", signature.as_ref()]);
        let strings = wire(&[&key, b"file", b"", hash.as_bytes(), &inner]);
        let block = STANDARD.encode([b"SSHSIG\0\0\0\x01", &strings[..]].concat());
        format!("-----BEGIN SSH SIGNATURE-----\n{block}\n-----END SSH SIGNATURE-----\n")
    }

    /// Documents that need nothing but SHA-256, in every format that has such, and who signs them.
    fn plain(&self) -> Vec<Document> {
        vec![
            ("p256", Self::ecdsa(&self.p256)),
            ("openssh", self.openssh("sha256", digest(&SHA256, &ARTIFACT).as_ref())),
        ]
    }

    /// Documents that need something else, in every format.
    fn others(&self, number: usize) -> Vec<Document> {
        vec![
            ("statements", self.statement(number)),
            ("p384", Self::ecdsa(&self.p384)),
            ("ed25519", STANDARD.encode(self.ed25519.sign(&ARTIFACT))),
            ("minisign", self.minisign(b"ED", &Blake2b512::digest(&*ARTIFACT), number)),
            ("minisign", self.minisign(b"Ed", &ARTIFACT, number)),
            ("openssh", self.openssh("sha512", digest(&SHA512, &ARTIFACT).as_ref())),
        ]
    }
}

/// Who signed a document, and the document.
type Document = (&'static str, String);

/// How many bytes a process has read when it has ended, whatever of: the kernel's own count, which
/// is there until somebody asks how the process ended.
fn read_by(mut child: Child) -> u64 {
    let pid = Pid::from_child(&child);
    waitid(WaitId::Pid(pid), WaitIdOptions::EXITED | WaitIdOptions::NOWAIT).unwrap();
    let counts = fs::read_to_string(format!("/proc/{}/io", child.id())).unwrap();
    assert!(child.wait().unwrap().success());
    let count = counts.lines().find_map(|line| line.strip_prefix("rchar: ")).unwrap();
    count.parse().unwrap()
}

/// How many bytes a run reads beside these documents, all of which have to be facts. Nobody else is
/// trusted, for whoever may have signed a document is asked, too.
fn read_beside(keys: &Keys, documents: &[Document]) -> u64 {
    let bench = Workbench::new(BINARY);
    let signers: Vec<_> = documents.iter().map(|(signer, _)| *signer).collect();
    keys.install(&bench, &signers);
    bench.write("app", &*ARTIFACT);
    fs::create_dir(bench.path("evidence")).unwrap();
    let own: usize = documents.iter().map(|(_, document)| document.len()).sum();
    for (number, (_, document)) in documents.iter().enumerate() {
        bench.write(&format!("evidence/{number:03}"), document);
    }
    let report = fs::File::create(bench.path("report.json")).unwrap();
    let mut command = lockgate_command(BINARY, &bench.path(""));
    command.args(["evidence", "app", "--config=lockgate.toml", "--evidence=evidence", "-o=json"]);
    let read = read_by(command.stdout(Stdio::from(report)).spawn().unwrap());
    let report: Value = serde_json::from_str(&bench.read("report.json")).unwrap();
    let listed = report["documents"].as_array().unwrap();
    let facts = listed.iter().filter(|document| document["status"] == "fact").count();
    assert_eq!(facts, documents.len(), "{report:#}");
    read - u64::try_from(own).unwrap()
}

#[test]
fn the_artifact_is_read_once_and_at_most_once_more_however_many_documents_there_are() {
    let keys = Keys::new();
    let size = u64::try_from(ARTIFACT.len()).unwrap();
    let passes = |read: u64| {
        assert!(read % size < BESIDE, "{read} bytes are no whole number of passes");
        read / size
    };
    let plain = keys.plain();
    for document in &plain {
        assert_eq!(passes(read_beside(&keys, std::slice::from_ref(document))), 1);
    }
    for document in keys.others(0) {
        assert_eq!(passes(read_beside(&keys, &[document])), 2);
    }
    let many: Vec<_> = (0..15).flat_map(|number| keys.others(number)).chain(plain).collect();
    assert_eq!(passes(read_beside(&keys, &many[..10])), 2);
    let hundred: Vec<_> = many.iter().cycle().take(100).cloned().collect();
    assert_eq!(passes(read_beside(&keys, &hundred)), 2);
}
