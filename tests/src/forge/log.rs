//! A transparency log as Rekor v1 is: an entry with the log's promise, and the proof that it is in.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::key::Key;

/// A log. Each entry is put between two others into a tree of its own.
pub(super) struct Log {
    pub(super) key: Key,
    pub(super) host: String,
}

/// What an entry is of.
pub(super) struct Logged {
    pub(super) kind: &'static str,
    /// The entry in its canonical form.
    pub(super) body: String,
}

/// The entry's place in the log as a whole, which is not its place in the tree (logs are sharded).
const INDEX: u64 = 1_000_001;

impl Logged {
    /// A signature over an artifact: `hashedrekord` 0.0.1.
    pub(super) fn blob(artifact: &[u8; 32], signature: &[u8], verifier: &str) -> Self {
        let (content, verifier) = (BASE64.encode(signature), BASE64.encode(verifier));
        let body = format!(
            r#"{{"apiVersion":"0.0.1","kind":"hashedrekord","spec":{{"data":{{"hash":{{"algorithm":"sha256","value":"{}"}}}},"signature":{{"content":"{content}","publicKey":{{"content":"{verifier}"}}}}}}}}"#,
            hex(artifact)
        );
        Self { kind: "hashedrekord", body }
    }

    /// An envelope: `dsse` 0.0.1.
    pub(super) fn envelope(
        envelope: &Value,
        payload: &[u8],
        signature: &[u8],
        verifier: &str,
    ) -> Self {
        let (content, verifier) = (BASE64.encode(signature), BASE64.encode(verifier));
        let hash = |bytes: &[u8]| hex(&Sha256::digest(bytes));
        let body = format!(
            r#"{{"apiVersion":"0.0.1","kind":"dsse","spec":{{"envelopeHash":{{"algorithm":"sha256","value":"{}"}},"payloadHash":{{"algorithm":"sha256","value":"{}"}},"signatures":[{{"signature":"{content}","verifier":"{verifier}"}}]}}}}"#,
            hash(envelope.to_string().as_bytes()),
            hash(payload)
        );
        Self { kind: "dsse", body }
    }
}

impl Log {
    pub(super) fn fresh(host: &str) -> Self {
        Self { key: Key::fresh(), host: host.to_owned() }
    }

    /// The entry as a bundle carries it. Its checkpoint is signed with `signs` under the log's name
    /// and the log's own hint.
    pub(super) fn entry(&self, logged: &Logged, at: Timestamp, signs: &Key) -> Value {
        let body = BASE64.encode(&logged.body);
        let promised = format!(
            r#"{{"body":"{body}","integratedTime":{},"logID":"{}","logIndex":{INDEX}}}"#,
            at.as_second(),
            hex(&self.key.id())
        );
        json!({
            "logIndex": INDEX.to_string(),
            "logId": { "keyId": BASE64.encode(self.key.id()) },
            "kindVersion": { "kind": logged.kind, "version": "0.0.1" },
            "integratedTime": at.as_second().to_string(),
            "inclusionPromise": {
                "signedEntryTimestamp": BASE64.encode(self.key.sign(promised.as_bytes())),
            },
            "inclusionProof": self.proof(logged.body.as_bytes(), signs),
            "canonicalizedBody": body,
        })
    }

    /// That the entry is the second of three leaves (RFC 6962, section 2.1.1).
    fn proof(&self, body: &[u8], signs: &Key) -> Value {
        let [before, entry, after] = [&b"before"[..], body, b"after"].map(leaf);
        let root = node(&node(&before, &entry), &after);
        json!({
            "logIndex": "1",
            "rootHash": BASE64.encode(root),
            "treeSize": "3",
            "hashes": [BASE64.encode(before), BASE64.encode(after)],
            "checkpoint": { "envelope": self.checkpoint(3, &root, signs) },
        })
    }

    /// A signed note: what the tree is, and by whom it is said.
    fn checkpoint(&self, size: u64, root: &[u8; 32], signs: &Key) -> String {
        let Self { key, host } = self;
        let note = format!("{host} - 1\n{size}\n{}\n", BASE64.encode(root));
        let signature = [&key.id()[..4], &signs.sign(note.as_bytes())].concat();
        format!("{note}\n\u{2014} {host} {}\n", BASE64.encode(signature))
    }
}

fn leaf(entry: &[u8]) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(entry).finalize().into()
}

fn node(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
