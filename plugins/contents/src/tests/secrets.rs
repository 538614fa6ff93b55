use super::listed::Listed;
use super::said;

/// What is found in one file, without its path, and how it is shown.
fn found(text: &str) -> String {
    let said = said(r#"{ "secrets": true }"#, &Listed::default().file("f", text));
    said.replace("[f]: `f` holds ", "")
}

/// Tokens are put together here, so that nobody who searches this file finds one.
fn joined(pieces: &[&str]) -> String {
    pieces.concat()
}

const BODY: &str = "MC4CAQAwBQYDK2VwBCIEIJ7vnNo0FbLyQZ8C1lTpQVWz4gq8DbkQmYkGh3sRw2tK";

#[test]
fn private_keys_are_found_in_every_form() {
    for label in ["", "RSA ", "EC ", "OPENSSH ", "ENCRYPTED ", "ENCRYPTED SIGSTORE "] {
        let key = joined(&["-----BEGIN ", label, "PRIVATE KEY-----\n", BODY, "\n-----END"]);
        assert_eq!(
            found(&format!("x\n{key}")),
            "violation private-key-found a private key at byte 2\n",
            "{label}"
        );
    }
    for key in [
        joined(&[
            "-----BEGIN RSA ",
            "PRIVATE KEY-----\r\nProc-Type: 4,ENCRYPTED\r\nDEK-Info: \
                  AES-128-CBC,CF2D0C6B75A6D2B0\r\n\r\n",
            BODY,
            "\r\n",
        ]),
        joined(&["{\"key\": \"-----BEGIN ", "PRIVATE KEY-----\\n", BODY, "\\n-----END\"}"]),
        joined(&["-----BEGIN PGP ", "PRIVATE KEY BLOCK-----\nVersion: 1\n\n", BODY, "\n=abcd\n"]),
        joined(&[
            "---- BEGIN SSH2 ",
            "ENCRYPTED PRIVATE KEY ----\nComment: \"a\"\n",
            BODY,
            "\n----",
        ]),
        joined(&["PuTTY-User-Key-", "File-3: ssh-ed25519\nEncryption: none\nPublic-Lines: 2\n"]),
        joined(&["AGE-SECRET-", "KEY-1QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7LQPZRY9X8GF2TVDW0S3JN54KHCE"]),
        joined(&[
            "client-key-",
            "data: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1DNENBUUF3QlFZREsy\
                  VndCQ0lFSUo3dm5ObzBGYkx5\n",
        ]),
    ] {
        assert!(found(&key).starts_with("violation private-key-found "), "{key}: {}", found(&key));
    }
}

#[test]
fn what_only_speaks_of_keys_is_none() {
    for text in [
        "if pem.starts_with(\"-----BEGIN PRIVATE KEY-----\") { return Err(\"a private key\") }",
        "-----BEGIN PRIVATE KEY-----\n...\n-----END PRIVATE KEY-----",
        "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n",
        "-----BEGIN CERTIFICATE-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n",
        "client-key-data: REDACTED",
        "PuTTY-User-Key-File-2: is how it begins",
    ] {
        assert_eq!(found(text), "", "{text}");
    }
}

/// One of each kind that is a token, in two pieces.
const TOKENS: &[(&str, &str, &str)] = &[
    ("an access key id of AWS", "AKIA", "Q3EGYPLZ7WX2VN5T"),
    ("an access key id of AWS", "aws_access_key_id = AKIA", "ZZQQ77MMLLPP44RR"),
    ("a token for GitHub", "ghp_", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"),
    ("a token for npm", "npm_", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"),
    ("a token for GitLab", "glpat-", "a8Kz2_mQx7Lw-9RtVb4C"),
    ("a token for Slack", "xoxb-", "213498712341-2139847123498-aBcXyZpQrStUvWmNoLkJhGfD"),
    (
        "a webhook of Slack",
        "hooks.slack.com/services/T",
        "0A1B2C3D4/B5E6F7G8H/pQrStUvWxYz2bC4dE6fG8hI0j",
    ),
    ("a live key for Stripe", "sk_live_", "4eC39HqLyjWDarjtT1zdp7dc"),
    ("an API key for Google", "AIza", "SyD3kf83hJs-Xq2WmL9rTzVb4nCpYg7AeQ1"),
    ("a token for Hugging Face", "hf_", "kBcDrFgHiJkLmNoPqRsTuVwXyZqWpRkYuI"),
    ("an API key for OpenAI", "sk-", "kBcDrFgHiJkLmNoPqRsTT3BlbkFJzYxWvUtSrQpOnMlKjIhG"),
    ("a password for a registry", "{\"auths\": {\"r\": {\"auth\": \"", "dXNlcjpodW50ZXIy\"}}}"),
    (
        "a secret access key of AWS",
        "aws_secret_access_key = ",
        "wJalr7UtnF3MI/K9MDENG+bPxRfiCYzQ2vKEYp1s",
    ),
    (
        "a key of a service account for Google Cloud",
        "\"private_key_id\": ",
        "\"3f8a9c1d5e7b2046a8c3d9e1f5b70264c8e0a1b3\"",
    ),
    ("a client secret for Azure", "Abc8Q", "~dEfGhIjKlMnOpQrStUvWxYz0123456-_.a"),
    (
        "a token for Terraform",
        "AbCdEfGhIjKlMn.atlasv1.",
        "q2w4e6r8t0y1u3i5o7p9a2s4d6f8g0h1j3k5l7z9x2c4v6b8n0mQWXRTYUIOP",
    ),
    (
        "a token for a package registry",
        "//registry/:_authToken=",
        "6f1d2a3b-9c8e-4f7a-b1d2-0e9f8a7b6c5d",
    ),
    (
        "an account key for Azure",
        "AccountKey=",
        "q2W4e6R8t0Y1u3I5o7P9a2S4d6F8g0H1j3K5l7Z9x2C4v6B8n0MqWxRtYuIoPaSdFgHjKlZxCvBnM1q2w3e4r5==",
    ),
];

#[test]
fn tokens_are_found_and_shown_by_their_first_characters() {
    for (what, first, second) in TOKENS {
        let text = format!("key: \"x\"\n{first}{second}\n");
        let found = found(&text);
        assert!(
            found.starts_with(&format!("violation secret-found {what} at byte ")),
            "{text}: {found}"
        );
        assert_eq!(found.lines().count(), 1, "{found}");
    }
    let policy = super::made(r#"{ "secrets": true }"#).unwrap();
    let mut notes = lockgate_plugin::notes::Notes::new();
    let (_, first, second) = TOKENS[2];
    let tree = Listed::default().file("f", joined(&[first, second]));
    policy.judge(&tree, &mut notes).unwrap();
    let report = notes.finish();
    assert_eq!(report.findings()[0].found.as_deref(), Some("github-token: ghp_… (40 bytes)"));
}

#[test]
fn what_is_made_up_or_a_variable_is_no_token() {
    for pieces in [
        ["AKIA", "IOSFODNN7EXAMPLE"],
        ["XAKIA", "Q3EGYPLZ7WX2VN5T"],
        ["AKIA", "Q3EGYPLZ7WX2VN5TA"],
        ["ghp_", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq18"],
        ["glpat-", "xxxxxxxxxxxxxxxxxxxx"],
        ["sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"],
        ["//registry/:_authToken=", "${NPM_TOKEN_OF_THE_BUILD}"],
        ["//registry/:_authToken=", "<paste your token of the registry>"],
        ["dapi", "00000000000000000000000000000000"],
        ["hf_", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"],
        ["{\"auths\": {\"r\": {\"auth\": \"", "\"}}}"],
        [
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiw",
            "iaWF0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
        ],
        ["eyJhbGciOiJub25lIn0.eyJpc3MiOiJhY21lIiwic3ViIjoiYSJ9.", ""],
    ] {
        assert_eq!(found(&pieces.concat()), "", "{pieces:?}");
    }
}

#[test]
fn a_signed_token_is_found_and_one_that_is_only_encoded_is_not() {
    let header = "eyJhbGciOiJFUzI1NiIsImtpZCI6IjEifQ";
    let claims = "eyJpc3MiOiJodHRwczovL2FjbWUuaW50ZXJuYWwiLCJzdWIiOiJib3QifQ";
    let signature = "q2W4e6R8t0Y1u3I5o7P9a2S4d6F8g0H1j3K5l7Z9x2C4v6B8n0M";
    assert_eq!(
        found(&joined(&["Bearer ", header, ".", claims, ".", signature])),
        "violation secret-found a signed JSON Web Token at byte 7\n"
    );
    assert_eq!(found(&joined(&[header, ".", claims, ".", "short"])), "");
    assert_eq!(found(&joined(&[header, ".", signature, ".", signature])), "");
}

#[test]
fn a_secret_across_the_borders_of_slices_is_found() {
    let (_, first, second) = TOKENS[2];
    for padding in [65_530, 65_536 - 20, 65_535, 131_060] {
        let text = "\n".repeat(padding) + first + second;
        let expected = format!("violation secret-found a token for GitHub at byte {padding}\n");
        assert_eq!(found(&text), expected);
    }
}

#[test]
fn the_beginning_of_one_match_may_lie_within_another() {
    for (before, at) in [("AKIAKIA", 3), ("ghp_zQWBghp_", 8)] {
        let token = if at == 3 {
            joined(&[&before[..3], "AKIA", "Q3EGYPLZ7WX2VN5T"])
        } else {
            joined(&[&before[..8], "ghp_", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"])
        };
        // With a letter before it a token is part of a longer word, and none.
        let token = format!("{}-{}", &token[..at], &token[at..]);
        assert_eq!(found(&token).lines().count(), 1, "{token}: {}", found(&token));
    }
}

#[test]
fn files_that_tools_keep_passwords_in_are_read_by_their_names() {
    let tree = Listed::default()
        .file(".git-credentials", "https://bot:h8Kq2mX@git.acme.org\n")
        .file("home/.netrc", "machine a login b\n password h8Kq2mX\n")
        .file("home/.npmrc", "_auth = aGVsbG86d29ybGQ=\nx=1\n_password=${PASSWORD}\n")
        .file("notes.txt", "password h8Kq2mX\n");
    assert_eq!(
        said(r#"{ "secrets": true }"#, &tree),
        "violation secret-found [home/.netrc]: `home/.netrc` holds a password at byte 19\n\
         violation secret-found [.git-credentials]: `.git-credentials` holds a password at byte 0\n\
         violation secret-found [home/.npmrc]: `home/.npmrc` holds a password for a package \
         registry at byte 0\n"
    );
}

#[test]
fn what_is_allowed_is_an_exception_and_what_was_not_needed_a_note() {
    let (_, first, second) = TOKENS[2];
    let token = joined(&[first, second]);
    let tree = Listed::default()
        .file("docs/a", format!("{token}\n{token}\n"))
        .file("src/a", &token)
        .file("tests/a", &token);
    let digest = |length: usize| format!("sha256:{length:064x}");
    let settings = format!(
        r#"{{ "secrets": {{ "allow": [
            {{ "path": "docs/*", "detector": "github-token" }},
            {{ "path": "docs/*", "detector": "jwt" }},
            {{ "path": "src/a", "detector": "github-token", "digest": "{}" }},
            {{ "path": "tests/**", "detector": "github-token", "digest": "{}" }}
        ] }} }}"#,
        digest(token.len() + 1),
        digest(token.len())
    );
    assert_eq!(
        said(&settings, &tree),
        "violation secret-found [src/a]: `src/a` holds a token for GitHub at byte 0\n\
         note secret-found: `jwt` at `docs/*` in `secrets.allow` was not needed\n\
         note secret-found: `github-token` at `src/a` in `secrets.allow` was not needed\n\
         exception secret-found: `github-token` in `docs/a` at 2 places, which `secrets.allow` \
         allows\n\
         exception secret-found: `github-token` in `tests/a`, which `secrets.allow` allows\n"
    );
}

#[test]
fn patterns_of_the_settings_are_looked_for_and_shown_shorter_where_they_are_short() {
    let tree = Listed::default().file("a", "id acme_0123abcd acme_pin");
    let settings = r#"{ "secrets": { "patterns": [
        { "name": "acme-token", "regex": "acme_[0-9a-f]{8}" },
        { "name": "acme-pin", "regex": "acme_pin" }
    ] } }"#;
    assert_eq!(
        said(settings, &tree),
        "violation secret-found [a]: `a` holds what `secrets.patterns` calls `acme-token` at byte 3\n\
         violation secret-found [a]: `a` holds what `secrets.patterns` calls `acme-pin` at byte 17\n"
    );
}

#[test]
fn secrets_in_the_config_of_an_image_are_found() {
    let secret = joined(&["wJalr7UtnF3MI/K9MDENG+bPx", "RfiCYzQ2vKEYp1s"]);
    let env = ["{\"Env\":[\"AWS_SECRET_ACCESS_KEY=", &secret, "\"],\"history\":["].concat();
    let id = joined(&["AKIA", "2XQ7MZLP4RWT6VBN"]);
    let config = [&env, "{\"created_by\":\"ENV K=", &id, "\"}]}"].concat();
    assert_eq!(
        found(&config),
        "violation secret-found a secret access key of AWS at byte 31\n\
         violation secret-found an access key id of AWS at byte 106\n"
    );
}
