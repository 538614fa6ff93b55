//! When it was signed: by whom that is known, and what windows and revocations make of it.
#![forbid(unsafe_code)]

use std::sync::LazyLock;

use lockgate_tests::forge::{Bundle, Instance, Key, Signing, WORKFLOW};
use lockgate_tests::{Desk, Row, identity, statement};
use serde_json::{Value, json};

const BINARY: &str = env!("CARGO_BIN_EXE_lockgate-under-test");

/// The instances of these tests: one with a log, one with a log and a clock.
static FORGE: LazyLock<Instance> = LazyLock::new(Instance::new);
/// See [`FORGE`].
static CLOCK: LazyLock<Instance> = LazyLock::new(|| Instance::new().with_timestamps());

fn sign() -> Signing<'static> {
    FORGE.sign(Desk::ARTIFACT)
}

fn stamped() -> Signing<'static> {
    CLOCK.sign(Desk::ARTIFACT)
}

/// What becomes of a bundle by the workflow, where its identity has these lines.
fn by_workflow(instance: &Instance, lines: &str, bundle: &Bundle) -> Row {
    let lines = format!("subject = \"{WORKFLOW}\"\n{lines}");
    Desk::new(BINARY, instance).with(&identity(&lines)).row(bundle)
}

/// What becomes of a bundle by a key, where its entry has these lines, at a moment.
fn by_key(instance: &Instance, key: &Key, lines: &str, bundle: &Bundle, at: &str) -> Row {
    let desk = Desk::new(BINARY, instance);
    desk.bench.write("ci.pub", key.pem());
    let config = format!(
        "[trust]\nsigstore-root = \"trusted_root.json\"\n\
         [[trust.key]]\nname = \"ci\"\nfile = \"ci.pub\"\n{lines}\n"
    );
    desk.with(&config).row_at(bundle, at)
}

fn provenance(finished: &str) -> Value {
    let predicate = json!({
        "buildDefinition": { "buildType": "https://example.com/build" },
        "runDetails": {
            "builder": { "id": "https://example.com/builder" },
            "metadata": { "finishedOn": finished },
        },
    });
    statement(Desk::ARTIFACT, "https://slsa.dev/provenance/v1", &predicate)
}

#[test]
fn what_was_logged_after_the_moment_that_is_asked_for_is_rejected() {
    let on_time = sign().at("2026-10-02T00:05:00Z").bundle();
    by_workflow(&FORGE, "", &on_time).fact("signature", "builder");
    let late = sign().at("2026-10-02T00:05:01Z").bundle();
    by_workflow(&FORGE, "", &late).rejected(&["time"]);
    // The same of an attestation, whatever it says itself.
    let claims = provenance("2026-10-01T00:00:00Z");
    let late = FORGE.attest(&claims).at("2026-10-02T00:05:01Z").bundle();
    by_workflow(&FORGE, "", &late).rejected(&["time"]);
}

#[test]
fn what_was_stamped_after_the_moment_that_is_asked_for_is_rejected() {
    let signing = || stamped().at("2026-10-02T00:00:00Z");
    let on_time = signing().stamped_at("2026-10-02T00:05:00Z").bundle();
    by_workflow(&CLOCK, "", &on_time).fact("signature", "builder");
    let late = signing().stamped_at("2026-10-02T00:05:01Z").bundle();
    by_workflow(&CLOCK, "", &late).rejected(&["time"]);
}

#[test]
fn the_time_of_a_document_is_the_trusted_one_where_there_is_one() {
    // What a builder claims of itself is not needed then, and may be wrong.
    let claims = provenance("2026-10-03T00:00:00Z");
    by_workflow(&FORGE, "", &FORGE.attest(&claims).bundle()).fact("provenance", "builder");
    let key = Key::fresh();
    let claimed = FORGE.attest(&claims).key(&key).without_entry().bundle();
    by_key(&FORGE, &key, "", &claimed, Desk::AT).rejected(&["finishedOn"]);
}

#[test]
fn a_certificate_counts_at_the_trusted_time_and_not_at_the_one_that_is_asked_for() {
    // It is good from 12:00:00 to 12:10:00, and it is asked for half a day later.
    for good in ["2026-10-01T12:00:00Z", "2026-10-01T12:10:00Z"] {
        by_workflow(&FORGE, "", &sign().logged_at(good).bundle()).fact("signature", "builder");
    }
    for bad in ["2026-10-01T11:59:59Z", "2026-10-01T12:10:01Z", "2026-09-01T12:05:00Z"] {
        by_workflow(&FORGE, "", &sign().logged_at(bad).bundle()).rejected(&["certificate", "time"]);
    }
    // Every trusted time has to fit: one of them may be what somebody got back-dated.
    for bad in ["2026-10-01T11:59:59Z", "2026-10-01T12:10:01Z"] {
        by_workflow(&CLOCK, "", &stamped().stamped_at(bad).bundle())
            .rejected(&["certificate", "time"]);
        by_workflow(&CLOCK, "", &stamped().logged_at(bad).bundle())
            .rejected(&["certificate", "time"]);
    }
}

#[test]
fn what_an_identity_signed_before_it_was_revoked_counts() {
    let bundle = sign().at("2026-10-01T12:00:00Z").bundle();
    let revoked = |at: &str| by_workflow(&FORGE, &format!("revoked-at = \"{at}\""), &bundle);
    revoked("2026-10-01T12:00:01Z").fact("signature", "builder");
    revoked("2027-01-01T00:00:00Z").fact("signature", "builder");
    revoked("2026-10-01T12:00:00Z").rejected(&["signer-revoked"]);
    revoked("2026-10-01T11:59:59Z").rejected(&["signer-revoked"]);
    revoked("2020-01-01T00:00:00Z").rejected(&["signer-revoked"]);
}

#[test]
fn a_compromised_identity_vouches_for_nothing() {
    let bundle = sign().bundle();
    let compromised = "revoked = \"compromised\"";
    by_workflow(&FORGE, compromised, &bundle).rejected(&["signer-revoked"]);
    let both = "revoked-at = \"2027-01-01T00:00:00Z\"\nrevoked = \"compromised\"";
    by_workflow(&FORGE, both, &bundle).rejected(&["signer-revoked"]);
}

#[test]
fn the_first_who_saw_a_signature_proves_that_it_was_there() {
    let bundle =
        stamped().logged_at("2026-10-01T12:05:00Z").stamped_at("2026-10-01T12:02:00Z").bundle();
    let revoked = |at: &str| by_workflow(&CLOCK, &format!("revoked-at = \"{at}\""), &bundle);
    revoked("2026-10-01T12:03:00Z").fact("signature", "builder");
    revoked("2026-10-01T12:01:00Z").rejected(&["signer-revoked"]);
}

#[test]
fn the_window_of_an_identity_is_held_against_the_trusted_time() {
    let bundle = sign().at("2026-10-01T12:00:00Z").bundle();
    let with = |lines: &str| by_workflow(&FORGE, lines, &bundle);
    // It is asked for later than any of these windows.
    let window = "not-before = 2026-10-01T12:00:00Z\nnot-after = \"2026-10-01T12:00:00Z\"";
    with(window).fact("signature", "builder");
    with("not-before = 2026-10-01T12:00:01Z").rejected(&["signer-not-yet-valid"]);
    with("not-after = 2026-10-01T11:59:59Z").rejected(&["signer-expired"]);
}

#[test]
fn a_log_entry_proves_what_a_key_signed_before_it_was_revoked() {
    let key = Key::fresh();
    let signature = sign().key(&key).at("2026-10-01T12:00:00Z").bundle();
    let claims = provenance("2026-10-01T00:00:00Z");
    let attested = FORGE.attest(&claims).key(&key).at("2026-10-01T12:00:00Z").bundle();
    for (bundle, kind) in [(&signature, "signature"), (&attested, "provenance")] {
        let revoked =
            |at: &str| by_key(&FORGE, &key, &format!("revoked-at = \"{at}\""), bundle, Desk::AT);
        revoked("2026-10-01T12:00:01Z").fact(kind, "ci");
        revoked("2026-10-01T12:00:00Z").rejected(&["signer-revoked"]);
        revoked("2026-10-01T11:00:00Z").rejected(&["signer-revoked"]);
        let compromised = "revoked = \"compromised\"";
        by_key(&FORGE, &key, compromised, bundle, Desk::AT).rejected(&["signer-revoked"]);
    }
}

#[test]
fn a_revoked_key_vouches_for_nothing_where_nobody_saw_it_sign() {
    let (key, other) = (Key::fresh(), Instance::new());
    let revoked = "revoked-at = \"2027-01-01T00:00:00Z\"";
    let ask = |bundle: &Bundle| by_key(&FORGE, &key, revoked, bundle, Desk::AT);
    ask(&sign().key(&key).bundle()).fact("signature", "ci");
    ask(&sign().key(&key).without_entry().bundle()).rejected(&["signer-revoked"]);
    // By a log that no root names, and without the promise in which the log says when.
    ask(&sign().key(&key).logged_by(&other).bundle()).rejected(&["signer-revoked"]);
    let silent = sign().key(&key).bundle().without(&format!("{}/inclusionPromise", Bundle::ENTRY));
    ask(&silent).rejected(&["signer-revoked", "log"]);
}

#[test]
fn a_time_that_the_log_did_not_say_of_this_signature_proves_nothing() {
    let key = Key::fresh();
    let revoked = "revoked-at = \"2026-10-01T12:00:00Z\"";
    let ask = |bundle: &Bundle| by_key(&FORGE, &key, revoked, bundle, Desk::AT);
    let before = sign().key(&key).at("2026-10-01T11:00:00Z").bundle();
    ask(&before).fact("signature", "ci");
    let after = sign().key(&key).at("2026-10-01T13:00:00Z").bundle();
    ask(&after).rejected(&["signer-revoked"]);
    // The entry of the old signature, parts of it, and another time.
    ask(&after.grafted(Bundle::ENTRY, &before)).rejected(&["log"]);
    ask(&after.grafted(Bundle::PROMISE, &before)).rejected(&["log"]);
    ask(&after.grafted(Bundle::LOGGED_AT, &before)).rejected(&["log"]);
    ask(&after.flipped(Bundle::PROMISE, 0)).rejected(&["log"]);
    // The old signature of another key.
    let stranger = sign().at("2026-10-01T11:00:00Z").bundle();
    ask(&after.grafted(Bundle::ENTRY, &stranger)).rejected(&["log"]);
}

#[test]
fn a_timestamp_proves_it_of_a_key_as_well() {
    let key = Key::fresh();
    let revoked = "revoked-at = \"2026-10-01T12:00:01Z\"";
    let ask = |bundle: &Bundle| by_key(&CLOCK, &key, revoked, bundle, Desk::AT);
    let alone = || stamped().key(&key).without_entry();
    ask(&alone().bundle()).fact("signature", "ci");
    ask(&alone().stamped_at("2026-10-01T12:00:02Z").bundle()).rejected(&["signer-revoked"]);
    let stranger = Instance::new().with_timestamps();
    ask(&alone().stamped_by(&stranger).bundle()).rejected(&["signer-revoked", "timestamp"]);
}

#[test]
fn the_window_of_a_key_is_held_against_the_trusted_time_where_there_is_one() {
    let key = Key::fresh();
    let window = "not-before = 2026-10-01T00:00:00Z\nnot-after = 2026-10-01T23:59:59Z";
    let ask = |bundle: &Bundle, at: &str| by_key(&FORGE, &key, window, bundle, at);
    let logged = sign().key(&key).at("2026-10-01T12:00:00Z").bundle();
    ask(&logged, "2026-10-20T00:00:00Z").fact("signature", "ci");
    let early = sign().key(&key).at("2026-09-30T23:59:59Z").bundle();
    ask(&early, "2026-10-01T12:00:00Z").rejected(&["signer-not-yet-valid"]);
    let late = sign().key(&key).at("2026-10-02T00:00:00Z").bundle();
    ask(&late, "2026-10-20T00:00:00Z").rejected(&["signer-expired"]);
    // Without one, against the moment that is asked for.
    let bare = sign().key(&key).without_entry().bundle();
    ask(&bare, "2026-10-01T12:00:00Z").fact("signature", "ci");
    ask(&bare, "2026-10-20T00:00:00Z").rejected(&["signer-expired"]);
    ask(&bare, "2026-09-20T00:00:00Z").rejected(&["signer-not-yet-valid"]);
}

#[test]
fn what_a_key_had_logged_after_the_moment_that_is_asked_for_is_rejected() {
    let key = Key::fresh();
    let logged = |at: &str| by_key(&FORGE, &key, "", &sign().key(&key).at(at).bundle(), Desk::AT);
    logged("2026-10-02T00:05:00Z").fact("signature", "ci");
    logged("2026-10-02T00:05:01Z").rejected(&["time"]);
}

#[test]
fn every_kind_of_document_says_in_its_own_field_when_it_was_made() {
    let claiming = |pointer: &str, mut predicate: Value, at: &str| {
        let (above, field) = pointer.rsplit_once('/').unwrap();
        predicate.pointer_mut(above).unwrap()[field] = json!(at);
        predicate
    };
    let slsa = json!({
        "buildDefinition": { "buildType": "https://example.com/build" },
        "runDetails": { "builder": { "id": "https://example.com/builder" }, "metadata": {} },
    });
    let slsa02 = json!({
        "buildType": "https://example.com/build",
        "builder": { "id": "https://example.com/builder" },
        "metadata": {},
    });
    let vex = json!({ "@context": "https://openvex.dev/ns/v0.2.0", "statements": [] });
    let spdx3 = json!({ "@graph": [{ "type": "CreationInfo" }] });
    for (predicate_type, predicate, pointer) in [
        ("https://slsa.dev/provenance/v1", slsa, "/runDetails/metadata/finishedOn"),
        ("https://slsa.dev/provenance/v0.2", slsa02, "/metadata/buildFinishedOn"),
        (
            "https://in-toto.io/attestation/vulns/v0.1",
            json!({ "scanner": {}, "metadata": {} }),
            "/metadata/scanFinishedOn",
        ),
        ("https://openvex.dev/ns/v0.2.0", vex, "/timestamp"),
        (
            "https://cyclonedx.org/bom",
            json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "metadata": {} }),
            "/metadata/timestamp",
        ),
        (
            "https://spdx.dev/Document",
            json!({ "spdxVersion": "SPDX-2.3", "creationInfo": {} }),
            "/creationInfo/created",
        ),
        ("https://spdx.dev/Document/v3", spdx3, "/@graph/0/created"),
    ] {
        let key = Key::fresh();
        let ask = |predicate: &Value| {
            let statement = statement(Desk::ARTIFACT, predicate_type, predicate);
            let bundle = FORGE.attest(&statement).key(&key).without_entry().bundle();
            by_key(&FORGE, &key, "", &bundle, Desk::AT)
        };
        assert!(ask(&predicate).is_fact(), "absent is allowed: {predicate_type}");
        let on_time = claiming(pointer, predicate.clone(), "2026-10-02T00:05:00Z");
        assert!(ask(&on_time).is_fact(), "{predicate_type}");
        let late = claiming(pointer, predicate.clone(), "2026-10-02T00:05:01Z");
        ask(&late).rejected(&["is 2026-10-02T00:05:01Z, which is more than five minutes after"]);
        let odd = claiming(pointer, predicate, "yesterday");
        ask(&odd).rejected(&["is `yesterday`, which is not an RFC 3339 instant"]);
    }
}
