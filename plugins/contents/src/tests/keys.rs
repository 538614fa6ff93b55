//! Private keys, in every form that they are found in.

use super::listed::Listed;
use super::{made, said};
use crate::secrets::{decoded, is_key};

/// What is found in one file, without its path, and how it is shown.
fn found(bytes: impl AsRef<[u8]>) -> String {
    let said = said(r#"{ "secrets": true }"#, &Listed::default().file("f", bytes));
    said.replace("[f]: `f` holds ", "")
}

const FOUND: &str = "violation private-key-found a private key at byte 0\n";

/// A key in PEM. It is put together here, so that nobody who searches this file finds one.
fn pem(label: &str, headers: &str, lines: &[&str], end: &str) -> String {
    let lines: String = lines.iter().map(|line| [line, end].concat()).collect();
    let (begin, past) = (["-----BEGIN ", label].concat(), ["-----END ", label].concat());
    [&begin, "PRIVATE KEY-----", end, headers, &lines, &past, "PRIVATE KEY-----", end].concat()
}

fn lines(text: &str, length: usize) -> Vec<&str> {
    let ends = (0..text.len()).step_by(length);
    ends.map(|at| &text[at..text.len().min(at + length)]).collect()
}

fn base64(bytes: &[u8]) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let bits = (0..3).fold(0, |bits, at| bits << 8 | usize::from(*three.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let letter = char::from(letters[bits >> (18 - 6 * at) & 63]);
            text.push(if at <= three.len() { letter } else { '=' });
        }
    }
    text
}

/// What a constant stands for.
fn bytes(lines: &[&str]) -> Vec<u8> {
    decoded(lines.concat().as_bytes())
}

#[test]
fn keys_of_ssh_are_found_with_and_without_a_passphrase() {
    for key in [made::ED25519, made::RSA, made::ECDSA, made::WITH_A_PASSPHRASE] {
        assert_eq!(found(pem("OPENSSH ", "", key, "\n")), FOUND, "{key:?}");
    }
}

#[test]
fn no_word_in_a_header_makes_a_key_an_example() {
    for header in ["Comment: example", "Comment: placeholder", "Your: key", "Comment: 00000"] {
        let text = pem("", &[header, "\n\n"].concat(), made::PKCS8, "\n");
        assert_eq!(found(text), FOUND, "{header}");
    }
    // More than a window shows.
    let long = ["Comment: ", &"long ".repeat(2_000), "\n\n"].concat();
    assert_eq!(found(pem("", &long, made::PKCS8, "\n")), FOUND);
}

#[test]
fn lines_of_a_key_may_be_short_or_in_a_string() {
    let whole = made::PKCS8.concat();
    for length in [1, 4, 15, 16, 32, 64] {
        let text = pem("", "", &lines(&whole, length), "\r\n");
        assert_eq!(found(text), FOUND, "{length}");
        let text = pem("", "", &lines(&whole, length), "\\n");
        assert_eq!(found(text), FOUND, "{length}");
    }
    let text = pem("", "", &lines(&whole, 40), "\" +\n    \"");
    assert_eq!(found(text), FOUND);
    assert_eq!(found(pem("", "", &[&whole], " ")), FOUND);
    // The shortest: SEC 1 without the public half.
    let short = base64(&bytes(made::SEC1)[..39]);
    assert_eq!(found(pem("EC ", "", &[&short], "\n")), FOUND);
}

#[test]
fn text_that_is_no_key_follows_the_label_and_nothing_is_found() {
    let names = "parse_accept_encoding_of_requests src/regex/contrib/crates/consistent/regex\n";
    for text in [
        pem("", "", &["the", "Key", "that", "was", "made", "in", "2024", "by", "hand"], "\n"),
        pem("", "", &["xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"], "\n"),
        pem("", "", &["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "..."], "\n"),
        ["-----BEGIN ", "PRIVATE KEY-----\"))\n", &names.repeat(30)].concat(),
    ] {
        assert_eq!(found(&text), "", "{text}");
    }
}

#[test]
fn a_key_in_utf_16_is_found_in_either_order_of_bytes() {
    let text = pem("OPENSSH ", "", made::ED25519, "\r\n");
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert_eq!(found(&little), "violation private-key-found a private key at byte 8\n");
    assert_eq!(found(&big), "violation private-key-found a private key at byte 9\n");
    let public = text.replace("PRIVATE", "PUBLIC");
    let public: Vec<u8> = public.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(found(&public), "");
}

#[test]
fn a_key_in_base64_once_more_is_found_wherever_it_begins() {
    let key = pem("", "", made::PKCS8, "\n");
    for before in
        ["", "x", "xy", "xyz", "-----BEGIN CERTIFICATE-----\nMCow\n-----END CERTIFICATE-----\n"]
    {
        let encoded = base64([before, &key].concat().as_bytes());
        for text in [
            ["kind: Secret\ndata:\n  tls.key: ", &encoded, "\n"].concat(),
            lines(&encoded, 76).join("\n"),
            lines(&encoded, 76).join("\\n"),
        ] {
            let found = found(&text);
            let rest =
                found.strip_prefix("violation private-key-found a private key in base64 at ");
            assert!(rest.is_some_and(|rest| rest.lines().count() == 1), "{before}: {found}");
        }
    }
    let public = base64(key.replace("PRIVATE", "PUBLIC").as_bytes());
    assert_eq!(found(public), "");
    let told = base64(b"-----BEGIN PRIVATE KEY----- is how it begins");
    assert_eq!(found(told), "");
}

#[test]
fn a_json_web_key_with_its_private_half_is_found() {
    let (x, d) = (
        "ozKc8AtLGh_tGTWqKEAdnFkeZJyg3zUS1tuwOeF_ABo",
        ["ovHVm4CSncZYnBr-LjyjRUyUeA", "r5Gso9kk2ouvu7E9g"].concat(),
    );
    let number = x.repeat(31);
    for text in [
        format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","d":"{d}"}}"#),
        format!(r#"{{"d": "{d}", "kty": "OKP"}}"#),
        format!(r#"{{"keys": [{{"kty": "EC"}}, {{"d": {{}}}}, {{"kty": "EC", "d" : "{d}"}}]}}"#),
        format!(r#"{{"kty":"RSA","n":"{number}","e":"AQAB","d":"{d}"}}"#),
        format!(r#"env: "{{\"kty\":\"OKP\",\"d\":\"{d}\"}}""#),
    ] {
        let at = text.find(&d).unwrap();
        let expected = format!("violation private-key-found a private key at byte {at}\n");
        assert_eq!(found(&text), expected, "{text}");
    }
    for text in [
        format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}"}}"#),
        format!(r#"{{"m":"{x}","d":"{d}"}}"#),
        format!(r#"[{{"kty":"OKP","x":"{x}"}},{{"d":"{d}"}}]"#),
        r#"{"kty":"OKP","d":"your private half, in base64url"}"#.to_owned(),
    ] {
        assert_eq!(found(&text), "", "{text}");
    }
}

#[test]
fn a_file_that_as_a_whole_is_a_key_is_found() {
    for key in [
        made::PKCS8,
        made::PKCS8_EC,
        made::ENCRYPTED,
        made::SEC1,
        made::PKCS1,
        made::PKCS12,
        made::PGP,
    ] {
        let bytes = bytes(key);
        assert_eq!(found(&bytes), FOUND, "{key:?}");
        // Within another file it is not told from what only looks like one.
        assert_eq!(found([b"x", &bytes[..]].concat()), "", "{key:?}");
        assert_eq!(found(&bytes[..bytes.len() / 4]), "", "{key:?}");
    }
    for text in [
        "(11:private-key(3:ecc(5:curve7:Ed25519)",
        "(21:protected-private-key(3:ecc(5:curve7:Ed25519)",
        "Created: 20261125T210459\nKey: (private-key (ecc (curve Ed25519)",
        "Key: (protected-private-key (ecc (curve Ed25519)",
    ] {
        assert_eq!(found(text), FOUND, "{text}");
    }
    let store = b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01\0\0\0\x01\0\x03key";
    assert_eq!(found(store), FOUND);
    let store = b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01\0\0\0\x02\0\x02ca";
    assert_eq!(found(store), "");
}

#[test]
fn what_is_public_is_no_key() {
    for public in [made::PUBLIC, made::CERTIFICATE, made::PKCS12_CERTIFICATE, made::PGP_PUBLIC] {
        assert_eq!(found(bytes(public)), "", "{public:?}");
    }
}

#[test]
fn a_file_cut_or_changed_anywhere_breaks_nothing() {
    for key in [made::PKCS8, made::ENCRYPTED, made::SEC1, made::PKCS1, made::PKCS12, made::PGP] {
        let whole = bytes(key);
        for at in 0..whole.len() {
            assert!(!is_key(&whole[..at], at as u64) || key == made::PGP, "{at}: {key:?}");
            let mut changed = whole.clone();
            for byte in [0, 0x7f, 0x80, 0x83, 0xff] {
                changed[at] = byte;
                is_key(&changed, changed.len() as u64);
            }
        }
    }
}

#[test]
fn a_key_of_putty_is_told_by_its_first_lines_however_long_the_others_are() {
    let first =
        ["PuTTY-User-Key-", "File-3: ssh-ed25519\r\nEncryption: none\r\nComment: "].concat();
    assert_eq!(found([&first, &"long ".repeat(500), "\r\nPublic-Lines: 2\r\n"].concat()), FOUND);
    assert_eq!(found("PuTTY-User-Key-File-3: ssh-ed25519 is how it begins"), "");
}
