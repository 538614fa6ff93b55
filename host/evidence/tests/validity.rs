//! When a key may vouch, and that a revoked one never does.
#![expect(clippy::unwrap_used, reason = "helpers of tests may panic as tests do")]

mod common;

use common::{ARTIFACT, Case, IN_TOTO, Key, TEST_RESULT, envelope, line, passed, statement};
use lockgate_evidence::{KeyEntry, Revocation, Trust, Validity, WindowCheck};
use lockgate_model::{Instant, Kind};

fn instant(text: &str) -> Instant {
    text.parse().unwrap()
}

fn entry(key: &Key, name: &str, validity: Validity) -> KeyEntry {
    KeyEntry { validity, ..key.entry(name, Some(Kind::ALL)) }
}

/// What is said of a loose signature and of a statement, which is the same.
fn report(validity: Validity, at: &str) -> String {
    let key = Key::p256();
    let trust = Trust::new(vec![entry(&key, "ci", validity)]).unwrap();
    let case = Case::new()
        .with("a", key.sign(ARTIFACT))
        .json("b", &key.bundle(&statement(TEST_RESULT, &passed())))
        .at(at);
    let said: Vec<String> = case
        .report(&trust)
        .iter()
        .map(|line| line.splitn(4, ' ').nth(3).unwrap().to_owned())
        .collect();
    assert_eq!(said[0], said[1]);
    said[0].clone()
}

#[test]
fn a_window_is_held_against_the_moment_that_is_asked_for() {
    let (from, until) = ("2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z");
    let window = Validity {
        not_before: Some(instant(from)),
        not_after: Some(instant(until)),
        revoked: None,
    };
    assert_eq!(report(window, from), "fact: by ci");
    assert_eq!(report(window, until), "fact: by ci");
    assert_eq!(
        report(window, "2025-12-31T23:59:59Z"),
        "rejected: signer-not-yet-valid: `ci` signs it, and its key is good from \
         2026-01-01T00:00:00Z on, and it is 2025-12-31T23:59:59Z"
    );
    assert_eq!(
        report(window, "2026-06-01T00:00:01Z"),
        "rejected: signer-expired: `ci` signs it, and its key was good until \
         2026-06-01T00:00:00Z, and it is 2026-06-01T00:00:01Z"
    );
}

#[test]
fn a_revoked_key_vouches_for_nothing_whatever_the_moment() {
    let since = instant("2026-06-01T00:00:00Z");
    for at in ["2026-01-01T00:00:00Z", "2026-06-01T00:00:00Z", "2027-01-01T00:00:00Z"] {
        let revoked = |revoked| Validity { revoked: Some(revoked), ..Validity::default() };
        assert_eq!(
            report(revoked(Revocation::At(since)), at),
            "rejected: signer-revoked: `ci` signs it, and its key is revoked since \
             2026-06-01T00:00:00Z, and nothing proves that it signed before"
        );
        assert_eq!(
            report(revoked(Revocation::Compromised), at),
            "rejected: signer-revoked: `ci` signs it, and its key is revoked as compromised"
        );
    }
}

#[test]
fn those_who_may_still_vouch_do() {
    let (old, new, other) = (Key::p256(), Key::p384(), Key::ed25519());
    let revoked = Validity { revoked: Some(Revocation::Compromised), ..Validity::default() };
    let good = Validity { not_after: Some(common::at()), ..Validity::default() };
    let kinds = Some(&[Kind::Sbom][..]);
    let trust = Trust::new(vec![
        entry(&old, "a", revoked),
        other.entry("b", kinds),
        entry(&new, "c", good),
    ])
    .unwrap();
    let payload = statement(TEST_RESULT, &passed()).to_string();
    let all = envelope(&[&old, &other, &new], IN_TOTO, payload.as_bytes());
    assert_eq!(line(&trust, &all), "d.json 0 test-result fact: by c");
    let facts = Case::new().json("d.json", &all).facts(&trust);
    assert_eq!(facts.attestations()[0].checks().window, WindowCheck::AskedFor(common::at()));
    let two = envelope(&[&old, &other], IN_TOTO, payload.as_bytes());
    assert_eq!(
        line(&trust, &two),
        "d.json 0 test-result rejected: signer-revoked: `a` signs it, and its key is revoked as \
         compromised; signer-not-for-kind: `b` signs it, and its `for` lists `sbom`, not \
         `test-result`"
    );
}

#[test]
fn a_window_that_is_never_open_is_refused() {
    let key = Key::p256();
    let never = Validity {
        not_before: Some(instant("2026-01-02T00:00:00Z")),
        not_after: Some(instant("2026-01-01T00:00:00Z")),
        revoked: None,
    };
    let problems = Trust::new(vec![entry(&key, "ci", never)]).unwrap_err();
    assert_eq!(
        problems[0].error.to_string(),
        "there is no moment at which the key is good: its window ends before it begins"
    );
}
