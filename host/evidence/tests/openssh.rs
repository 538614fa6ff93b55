//! Signatures of OpenSSH over files; those in `keys` were made with `ssh-keygen -Y sign`.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use common::{ARTIFACT, Case, Key, bytes, repository};
use lockgate_evidence::{ContextCheck, KeyEntry, Over, SignatureCheck, Trust, WindowCheck};
use lockgate_model::Kind;
use proptest::prelude::*;

fn fixture(name: &str) -> String {
    let path = format!("host/evidence/tests/keys/ssh-{name}");
    String::from_utf8(bytes(repository(&path))).unwrap()
}

fn entry(file: impl Into<String>) -> KeyEntry {
    let kinds = Some(vec![Kind::Signature]);
    KeyEntry {
        name: "release".to_owned(),
        file: file.into().into_bytes(),
        kinds,
        ..KeyEntry::default()
    }
}

fn trust(file: impl Into<String>) -> Trust {
    Trust::new(vec![entry(file)]).unwrap()
}

/// The key's line of an `allowed_signers` file.
fn allowed(options: &str) -> String {
    format!("release@example.com {options} {}", fixture("ed25519.pub"))
}

fn said(case: &Case, trust: &Trust) -> String {
    let report = case.report(trust);
    report[0].strip_prefix("app.sshsig 0 signature ").unwrap_or(&report[0]).to_owned()
}

fn report(trust: &Trust, signature: impl AsRef<[u8]>) -> String {
    said(&Case::new().with("app.sshsig", signature), trust)
}

fn problem(entry: KeyEntry) -> String {
    Trust::new(vec![entry]).unwrap_err()[0].error.to_string()
}

#[test]
fn every_type_of_key_that_openssh_has_and_we_read() {
    for name in ["ed25519", "p256", "p384", "rsa"] {
        let trust = trust(fixture(&format!("{name}.pub")));
        let signature = fixture(&format!("{name}.sshsig"));
        assert_eq!(report(&trust, &signature), "fact: by release", "{name}");
        let facts = Case::new().with("app.sshsig", signature).facts(&trust);
        let fact = &facts.signatures()[0];
        assert_eq!(fact.checks().signature, SignatureCheck::Artifact(Over::Sha512));
        let namespace = lockgate_model::Text::escaped("file");
        assert_eq!(fact.checks().context, ContextCheck::Namespace(namespace));
        assert_eq!(fact.checks().window, WindowCheck::NotRequired);
        assert_eq!(fact.get().format(), "openssh");
    }
    assert_eq!(
        problem(entry(fixture("p521.pub"))),
        "the key file holds an ECDSA P-521 key: not supported by this version"
    );
    let file = "sk-ssh-ed25519@openssh.com AAAA me";
    assert_eq!(
        problem(entry(file)),
        "the key file holds an OpenSSH key that lies in a security key: not supported by this \
         version"
    );
}

#[test]
fn a_digest_alone_is_enough_where_it_is_what_was_hashed() {
    let trust = trust(fixture("ed25519.pub"));
    let case = |name| Case::new().with("app.sshsig", fixture(name)).by_digest();
    assert_eq!(said(&case("sha256.sshsig"), &trust), "fact: by release");
    assert_eq!(
        said(&case("ed25519.sshsig"), &trust),
        "rejected: its check with `release` is not possible: it signs the artifact's SHA-512 \
         digest, and only the sha256 digest is given"
    );
}

#[test]
fn a_signature_made_for_something_else_is_none_over_a_file() {
    let signature = fixture("namespace-git.sshsig");
    assert_eq!(
        report(&trust(fixture("ed25519.pub")), &signature),
        "rejected: `release` signs it in the namespace `git`, and its signatures count in `file`"
    );
    let of_git = |file: String| KeyEntry { namespace: Some("git".to_owned()), ..entry(file) };
    let trust = Trust::new(vec![of_git(fixture("ed25519.pub"))]).unwrap();
    assert_eq!(report(&trust, &signature), "fact: by release");
    assert!(Trust::new(vec![of_git(allowed("namespaces=\"file,g*\""))]).is_ok());
    for namespaces in ["file", "*,!git"] {
        assert_eq!(
            problem(of_git(allowed(&format!("namespaces=\"{namespaces}\"")))),
            "the `namespaces` of the key do not have `git`, so it would never count"
        );
    }
}

#[test]
fn whoever_did_not_sign_is_told_with_the_key_that_did() {
    let fingerprint = "SHA256:";
    for (trust, words) in [
        (trust(fixture("p256.pub")), "no key in `[trust]` verifies the signature"),
        (Key::ed25519().trusted("ci"), "`[trust]` has no OpenSSH key"),
    ] {
        let said = report(&trust, fixture("ed25519.sshsig"));
        let start = format!("rejected: {words} (it is signed with `{fingerprint}");
        assert!(said.starts_with(&start), "{said}");
    }
    let case = Case::new().with("app.sshsig", fixture("ed25519.sshsig"));
    case.evidence.open_parent_dir(cap_std::ambient_authority()).unwrap().write("app", "x").unwrap();
    let said = said(&case, &trust(fixture("ed25519.pub")));
    assert!(said.starts_with("rejected: no key in `[trust]` verifies the signature"), "{said}");
}

#[test]
fn the_line_of_an_allowed_signers_file_says_when() {
    let run = |options: &str, at: &str| {
        let case = Case::new().with("app.sshsig", fixture("ed25519.sshsig")).at(at);
        said(&case, &trust(allowed(options)))
    };
    let window = "valid-after=\"20260101Z\",valid-before=\"202606011200Z\"";
    assert_eq!(run(window, "2026-01-01T00:00:00Z"), "fact: by release");
    assert_eq!(run(window, "2026-06-01T12:00:00Z"), "fact: by release");
    assert_eq!(
        run(window, "2025-12-31T23:59:59Z"),
        "rejected: signer-not-yet-valid: `release` signs it, and its key is good from \
         2026-01-01T00:00:00Z on, and it is 2025-12-31T23:59:59Z"
    );
    assert_eq!(
        run(window, "2026-06-01T12:00:01Z"),
        "rejected: signer-expired: `release` signs it, and its key was good until \
         2026-06-01T12:00:00Z, and it is 2026-06-01T12:00:01Z"
    );
    let case = Case::new().with("app.sshsig", fixture("ed25519.sshsig"));
    let facts = case.facts(&trust(allowed("valid-after=\"20260101000000Z\"")));
    assert_eq!(facts.signatures()[0].checks().window, WindowCheck::AskedFor(common::at()));
}

#[test]
fn one_entry_is_one_line_of_an_allowed_signers_file() {
    let two = format!(
        "# the team\n\n*@example.com,!admin@* namespaces=\"file\" {}b@example.org {}",
        fixture("ed25519.pub"),
        fixture("p256.pub")
    );
    let of = |principal: &str| KeyEntry { principal: Some(principal.to_owned()), ..entry(&*two) };
    let signed = |entry, name: &str| report(&Trust::new(vec![entry]).unwrap(), fixture(name));
    assert_eq!(signed(of("release@example.com"), "ed25519.sshsig"), "fact: by release");
    assert_eq!(signed(of("b@example.org"), "p256.sshsig"), "fact: by release");
    assert!(signed(of("b@example.org"), "ed25519.sshsig").starts_with("rejected: no key"));
    let broken = |entry, why: &str| {
        assert_eq!(problem(entry), format!("the key file holds no OpenSSH key: {why}"));
    };
    broken(entry(&*two), "it has several keys: choose one with `principal`");
    broken(of("admin@example.com"), "no line is for that `principal`");
    let file = two.replace("b@example.org", "*");
    let ambiguous = KeyEntry { file: file.into_bytes(), ..of("x@example.com") };
    broken(ambiguous, "several lines are for that `principal`: one entry is one key");
    let plain = KeyEntry { file: fixture("p256.pub").into_bytes(), ..of("x") };
    broken(plain, "it names no principals, and `principal` is set");
    broken(entry(fixture("p256.pub") + &fixture("rsa.pub")), "it is a list of keys");
    for (setting, pem) in [
        ("principal", KeyEntry { file: Key::p256().pem(), ..of("x") }),
        ("namespace", KeyEntry { namespace: Some("x".into()), ..Key::p256().entry("a", None) }),
    ] {
        assert_eq!(problem(pem), format!("`{setting}` is for keys of OpenSSH, and this is none"));
    }
}

#[test]
fn what_a_line_says_and_is_not_understood_is_refused() {
    let unsupported = |what| format!("the key file holds {what}: not supported by this version");
    for options in ["cert-authority", "CERT-AUTHORITY,namespaces=\"file\""] {
        assert_eq!(problem(entry(allowed(options))), unsupported("an OpenSSH `cert-authority`"));
    }
    let certificate = "ssh-ed25519-cert-v01@openssh.com AAAA";
    assert_eq!(problem(entry(certificate)), unsupported("an OpenSSH certificate"));
    let unknown = "an option is not known, or given twice";
    let time = "a time is not `YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ` (in UTC, with the \
                `Z`)";
    for (options, why) in [
        ("verify-required", unknown),
        ("cert-authority=\"x\"", unknown),
        ("namespaces=\"a\",namespaces=\"b\"", unknown),
        ("namespaces=file", "an option is not quoted"),
        ("valid-after=\"20260101\"", time),
        ("valid-after=\"20261301Z\"", time),
        ("valid-before=\"2026Z\"", time),
        ("valid-before=\"2026010112Z\"", time),
        ("two words", "a line is not principals, options and a key"),
    ] {
        assert_eq!(
            problem(entry(allowed(options))),
            format!("the key file holds no OpenSSH key: {why}"),
            "{options}"
        );
    }
    let window = "valid-after=\"20260102Z\",valid-before=\"20260101Z\"";
    assert_eq!(
        problem(entry(allowed(window))),
        "there is no moment at which the key is good: its window ends before it begins"
    );
    let mut other = entry(fixture("ed25519.pub"));
    other.kinds = Some(vec![Kind::Sbom]);
    assert_eq!(
        problem(other),
        "a key of OpenSSH signs files, so it may vouch for `signature` and not for `sbom`"
    );
}

#[test]
fn a_key_line_is_whole_or_none() {
    let broken = |line: &str, why: &str| {
        assert_eq!(problem(entry(line)), format!("the key file holds no OpenSSH key: {why}"));
    };
    broken("ssh-ed25519", "its key is not of the type that stands before it");
    broken("ssh-ed25519 ????", "its key is not valid base64");
    broken("ssh-ed25519 AAAA", "its key is not of the type that stands before it");
    let rsa = fixture("rsa.pub").replace("ssh-rsa ", "ssh-ed25519 ");
    broken(&rsa, "its key is not of the type that stands before it");
    for name in ["ed25519", "p256", "p384", "rsa"] {
        let line = fixture(&format!("{name}.pub"));
        let mut words = line.split(' ');
        let (name, blob) = (words.next().unwrap(), STANDARD.decode(words.next().unwrap()).unwrap());
        for blob in [&blob[..blob.len() - 1], &[&blob[..], &[0]].concat()] {
            broken(&format!("{name} {}", STANDARD.encode(blob)), "its key is malformed");
        }
    }
}

#[test]
fn a_signature_block_is_whole_or_none() {
    let trust = trust(fixture("ed25519.pub"));
    let broken = |text: &str, why: &str| {
        assert_eq!(report(&trust, text), format!("rejected: is not an SSH signature: {why}"));
    };
    let block = |bytes: &[u8]| {
        let body = STANDARD.encode(bytes);
        format!("-----BEGIN SSH SIGNATURE-----\n{body}\n-----END SSH SIGNATURE-----\n")
    };
    let good = fixture("ed25519.sshsig");
    let body: String = good.lines().filter(|line| !line.starts_with('-')).collect();
    let bytes = STANDARD.decode(body).unwrap();
    assert_eq!(report(&trust, block(&bytes)), "fact: by release");
    broken("-----BEGIN SSH SIGNATURE-----\nAAAA", "it is not one `SSH SIGNATURE` block");
    broken(&good.repeat(2), "the block is not valid base64");
    broken(&block(b"SSHSIX"), "the block does not begin with `SSHSIG`");
    let changed = |at: usize, byte: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = byte;
        block(&bytes)
    };
    broken(&changed(9, 2), "its version 2 is not supported by this version");
    broken(&block(&[&bytes[..], b"more"].concat()), "the block is cut short or too long");
    for length in 10..bytes.len() {
        broken(&block(&bytes[..length]), "the block is cut short or too long");
    }
    let text = |from: &[u8], to: &[u8]| {
        let at = bytes.windows(from.len()).rposition(|part| part == from).unwrap();
        block(&[&bytes[..at], to, &bytes[at + from.len()..]].concat())
    };
    let other = text(b"sha512", b"sha384");
    broken(&other, "its hash `sha384` is neither `sha256` nor `sha512`");
    let other = text(b"ssh-ed25519", b"ssh-ed25510");
    broken(&other, "its algorithm `ssh-ed25510` is not supported by this version");
}

#[test]
fn a_key_of_openssh_vouches_for_nothing_else() {
    // An Ed25519 key in OpenSSH's format, made from one that also signs envelopes.
    let key = Key::ed25519();
    let mut blob = Vec::new();
    for part in [b"ssh-ed25519".to_vec(), key.der()[12..].to_vec()] {
        blob.extend(u32::try_from(part.len()).unwrap().to_be_bytes());
        blob.extend(part);
    }
    let line = format!("ssh-ed25519 {}", STANDARD.encode(blob));
    let unscoped = Trust::new(vec![KeyEntry { kinds: None, ..entry(line.clone()) }]).unwrap();
    let statement = common::statement(common::TEST_RESULT, &common::passed());
    assert!(common::line(&unscoped, &key.bundle(&statement)).contains("rejected"));
    assert!(report(&unscoped, key.sign(ARTIFACT)).contains("rejected"));
    let problems = Trust::new(vec![entry(line), key.entry("pem", None)]).unwrap_err();
    assert_eq!(
        problems[0].error.to_string(),
        "this is the public key of `release`, too: one key is one signer"
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_mangled_signature_is_no_other_fact(
        place in any::<prop::sample::Index>(), bit in 0..8_u32, length in any::<prop::sample::Index>()
    ) {
        let trust = trust(fixture("ed25519.pub"));
        let good = fixture("ed25519.sshsig").into_bytes();
        let mut mangled = good.clone();
        let place = place.index(mangled.len());
        mangled[place] ^= 1 << bit;
        let facts = Case::new().with("app.sshsig", &mangled).facts(&trust);
        // The key in the block is a hint, and lines may end anywhere.
        let key = 30..30 + 4 * (6 + 4 + 4 + 51) / 3 + 2;
        prop_assert!(
            facts.signatures().is_empty() || key.contains(&place) || good[place] == b'\n'
        );
        let short = &good[..length.index(good.len() - 1)];
        let facts = Case::new().with("app.sshsig", short).facts(&trust);
        prop_assert!(facts.signatures().is_empty());
    }

    #[test]
    fn no_line_makes_a_key_file_panic(line in "[ -~]{0,40}(ssh-ed25519|ssh-rsa) ?[A-Za-z0-9+/=]{0,80}[ -~]{0,20}") {
        drop(Trust::new(vec![entry(line)]));
    }
}
