//! The forge makes what a verifier that is not ours accepts, and nothing that it would accept with
//! one bit the other way.
#![forbid(unsafe_code)]
#![allow(clippy::unwrap_used, reason = "tests")]

use lockgate_tests::forge::{Bundle, CLAIMS, GITHUB, Instance, Key, Version, WORKFLOW};
use lockgate_tests::statement;
use serde_json::{Value, json};
use sigstore_verify::trust_root::TrustedRoot;
use sigstore_verify::types::{Bundle as Read, DerPublicKey};
use sigstore_verify::{
    PublicKeyVerificationPolicy, VerificationPolicy, VerificationResult, Verifier,
};

const ARTIFACT: &[u8] = b"an artifact";

/// What the other verifier says of a bundle; the error is its reason.
fn judge(
    instance: &Instance,
    bundle: &Bundle,
    policy: &VerificationPolicy,
) -> Result<VerificationResult, String> {
    let root = TrustedRoot::from_json(&instance.trusted_root()).unwrap();
    let verifier = Verifier::new(&root).unwrap();
    let bundle = Read::from_json(&bundle.json()).map_err(|error| error.to_string())?;
    verifier.verify(ARTIFACT, &bundle, policy).map_err(|error| error.to_string())
}

/// As a stage would ask: who, and with an SCT only where the instance has a log for it.
fn workflow() -> VerificationPolicy {
    VerificationPolicy::new(WORKFLOW, GITHUB).skip_sct()
}

fn accepts(instance: &Instance, bundle: &Bundle) -> VerificationResult {
    judge(instance, bundle, &workflow()).unwrap()
}

/// Asserts that it is refused for a reason with any of these words.
fn refuses(instance: &Instance, bundle: &Bundle, words: &[&str]) {
    let reason = judge(instance, bundle, &workflow()).unwrap_err();
    let reason = reason.to_lowercase();
    assert!(words.iter().any(|word| reason.contains(word)), "none of {words:?} in `{reason}`");
}

fn provenance() -> Value {
    statement(ARTIFACT, "https://slsa.dev/provenance/v1", &json!({}))
}

#[test]
fn a_signature_and_an_attestation_are_accepted_in_every_version() {
    let instance = Instance::new();
    for version in [Version::V01, Version::V02, Version::V03] {
        for signing in [instance.sign(ARTIFACT), instance.attest(&provenance())] {
            let result = accepts(&instance, &signing.version(version).bundle());
            assert!(result.certificate_verified() && result.tlog_verified());
            assert_eq!(result.identity().unwrap().as_str(), WORKFLOW);
            assert_eq!(result.verified_timestamps(), ["2026-10-01T12:00:00Z".parse().unwrap()]);
        }
    }
}

#[test]
fn the_certificate_says_what_it_was_told() {
    let instance = Instance::new();
    let result = accepts(&instance, &instance.sign(ARTIFACT).bundle());
    let claims = &result.certificate().unwrap().ci_claims;
    let found = [
        &claims.build_signer_uri,
        &claims.build_signer_digest,
        &claims.runner_environment,
        &claims.source_repository_uri,
        &claims.source_repository_digest,
        &claims.source_repository_ref,
        &claims.source_repository_identifier,
        &claims.source_repository_owner_uri,
        &claims.source_repository_owner_identifier,
        &claims.build_config_uri,
        &claims.build_config_digest,
        &claims.build_trigger,
        &claims.run_invocation_uri,
        &claims.source_repository_visibility_at_signing,
        &claims.deployment_environment,
    ];
    assert_eq!(found.len(), CLAIMS.len());
    for (found, (name, _, value)) in found.into_iter().zip(CLAIMS) {
        assert_eq!(found.as_deref(), Some(*value), "{name}");
    }
    let other = instance
        .sign(ARTIFACT)
        .email("ann@example.com")
        .issuer("https://accounts.example.com")
        .without_claim("build-trigger")
        .claim("source-repository-ref", "refs/heads/main")
        .bundle();
    let policy =
        VerificationPolicy::new("ann@example.com", "https://accounts.example.com").skip_sct();
    let result = judge(&instance, &other, &policy).unwrap();
    let claims = &result.certificate().unwrap().ci_claims;
    assert_eq!(claims.build_trigger, None);
    assert_eq!(claims.source_repository_ref.as_deref(), Some("refs/heads/main"));
}

#[test]
fn a_key_signs_with_an_entry_in_the_log() {
    let (instance, key, other) = (Instance::new(), Key::fresh(), Key::fresh());
    let root = TrustedRoot::from_json(&instance.trusted_root()).unwrap();
    let verifier = Verifier::new(&root).unwrap();
    for signing in [instance.sign(ARTIFACT), instance.attest(&provenance())] {
        let bundle = Read::from_json(&signing.key(&key).bundle().json()).unwrap();
        let policy = |key: &Key| {
            PublicKeyVerificationPolicy::new(DerPublicKey::from_pem(&key.pem()).unwrap())
        };
        assert!(verifier.verify(ARTIFACT, &bundle, &policy(&key)).unwrap().tlog_verified());
        assert!(verifier.verify(ARTIFACT, &bundle, &policy(&other)).is_err());
    }
}

#[test]
fn certificates_are_logged_where_there_is_a_log_for_them() {
    let instance = Instance::new().with_ct_log();
    let policy = VerificationPolicy::new(WORKFLOW, GITHUB);
    for version in [Version::V02, Version::V03] {
        let bundle = instance.sign(ARTIFACT).version(version).bundle();
        assert!(judge(&instance, &bundle, &policy).unwrap().sct_verified());
    }
    let bundle = instance.sign(ARTIFACT).without_sct().bundle();
    assert!(judge(&instance, &bundle, &policy).unwrap_err().contains("SCT"));
    // An SCT of another log, for the same root.
    let other = Instance::new().with_ct_log();
    let bundle = other.sign(ARTIFACT).certified_by(&instance).logged_by(&instance).bundle();
    assert!(judge(&instance, &bundle, &policy).unwrap_err().contains("SCT"));
}

#[test]
fn a_timestamp_says_when_beside_the_log_or_instead_of_it() {
    let both = Instance::new().with_timestamps();
    let bundle = both.sign(ARTIFACT).stamped_at("2026-10-01T12:03:00Z").bundle();
    assert_eq!(accepts(&both, &bundle).verified_timestamps().len(), 2);
    let bundle = bundle.without(Bundle::PROMISE.rsplit_once('/').unwrap().0);
    let times: Vec<_> = accepts(&both, &bundle).verified_timestamps().to_vec();
    assert_eq!(times, ["2026-10-01T12:03:00Z".parse().unwrap()]);

    let alone = Instance::new().without_log();
    let policy = workflow().skip_tlog_unsafe();
    for signing in [alone.sign(ARTIFACT), alone.attest(&provenance())] {
        let result = judge(&alone, &signing.bundle(), &policy).unwrap();
        assert_eq!(result.verified_timestamps().len(), 1);
        assert_eq!(result.integrated_time(), None);
    }
    let late = alone.sign(ARTIFACT).stamped_at("2026-10-01T12:11:00Z").bundle();
    assert!(judge(&alone, &late, &policy).is_err());
    let none = alone.sign(ARTIFACT).without_timestamp().bundle();
    assert!(judge(&alone, &none, &policy).is_err());
    let foreign = Instance::new().without_log();
    let foreign = alone.sign(ARTIFACT).stamped_by(&foreign).bundle();
    assert!(judge(&alone, &foreign, &policy).unwrap_err().contains("timestamp"));
}

#[test]
fn one_bit_the_other_way_is_refused() {
    let instance = Instance::new().with_ct_log().with_timestamps();
    let bundle = instance.sign(ARTIFACT).bundle();
    let policy = VerificationPolicy::new(WORKFLOW, GITHUB);
    drop(judge(&instance, &bundle, &policy).unwrap());
    for (pointer, words) in [
        (Bundle::SIGNATURE, "signature"),
        (Bundle::CERTIFICATE, "certificate"),
        (Bundle::PROMISE, "set"),
        (Bundle::TIMESTAMP, "timestamp"),
    ] {
        let length = bundle.bytes(pointer).len();
        for from_end in [0, length / 3, length / 2] {
            let spoilt = bundle.flipped(pointer, from_end);
            let reason = judge(&instance, &spoilt, &policy).unwrap_err().to_lowercase();
            // A changed signature is no longer the one that was stamped.
            let reason = reason.replace("tsa timestamp", "timestamp of the signature");
            assert!(reason.contains(words), "{pointer} at {from_end}: {reason}");
        }
    }
    let attestation = instance.attest(&provenance()).bundle();
    drop(judge(&instance, &attestation, &policy).unwrap());
    let spoilt = attestation.flipped(Bundle::ENVELOPE_SIGNATURE, 0);
    assert!(judge(&instance, &spoilt, &policy).is_err());
    let spoilt = attestation.flipped("/dsseEnvelope/payload", 10);
    assert!(judge(&instance, &spoilt, &policy).is_err());
}

#[test]
fn every_twin_is_refused_for_its_own_reason() {
    let (instance, other, key) = (Instance::new(), Instance::new(), Key::fresh());
    let good = instance.sign(ARTIFACT).bundle();
    drop(accepts(&instance, &good));
    let again = instance.sign(ARTIFACT).bundle();

    let sign = || instance.sign(ARTIFACT);
    refuses(&instance, &sign().signed_by_another().bundle(), &["signature verification failed"]);
    let attested = instance.attest(&provenance()).signed_by_another().bundle();
    refuses(&instance, &attested, &["dsse signature"]);
    refuses(&instance, &good.grafted(Bundle::ENTRY, &again), &["entry"]);
    refuses(&instance, &good.grafted(Bundle::PROOF, &again), &["inclusion proof"]);
    refuses(&instance, &good.grafted(Bundle::PROMISE, &again), &["set"]);
    let earlier = good.with(Bundle::LOGGED_AT, "1790856060".into());
    refuses(&instance, &earlier, &["set"]);
    refuses(&instance, &good.grafted(Bundle::CHECKPOINT, &again), &["checkpoint"]);
    refuses(&instance, &sign().checkpoint_by(&key).bundle(), &["checkpoint"]);
    refuses(&instance, &sign().logged_by(&other).bundle(), &["log"]);
    refuses(&instance, &sign().certified_by(&other).bundle(), &["certificate"]);
    refuses(&instance, &sign().for_timestamps().bundle(), &["certificate"]);
    refuses(&instance, &sign().logged_at("2026-10-01T12:10:01Z").bundle(), &["certificate"]);
    refuses(&instance, &sign().logged_at("2026-10-01T11:59:59Z").bundle(), &["certificate"]);
    refuses(&instance, &sign().uri("https://example.com").bundle(), &["identity"]);
    refuses(&instance, &sign().issuer("https://example.com").bundle(), &["issuer"]);
    refuses(&instance, &sign().without_issuer().bundle(), &["issuer"]);
    refuses(&instance, &good.without(Bundle::PROOF), &["inclusion proof"]);
    refuses(&instance, &sign().without_entry().bundle(), &["inclusion proof"]);
    refuses(&other, &good, &["log"]);
}
