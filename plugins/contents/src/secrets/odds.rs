//! How many tokens are missed: random ones that look as if somebody had made them up.

use super::detector::KNOWN;
use super::example::is_example;
use super::token::{Set, Token};

/// One of so many may be missed.
const MOST: f64 = 1e-5;

/// How many characters a token of a set is made of: no fewer than its makers use.
fn alphabet(set: Set) -> f64 {
    match set {
        Set::Hex | Set::Value => 16.0,
        Set::Upper => 32.0,
        Set::Alpha => 52.0,
        _ => 62.0,
    }
}

/// The odds that a random text has fewer different characters than are wanted, at the most: those of
/// each choice of one fewer, added up.
fn too_few(Token { set, lengths, .. }: &Token) -> f64 {
    let (fewer, of) = (f64::from(set.wanted() - 1), alphabet(*set));
    let choices: f64 = (0..set.wanted() - 1).map(f64::from).map(|n| (of - n) / (n + 1.0)).product();
    choices * (fewer / of).powi(i32::try_from(lengths.0).unwrap())
}

#[test]
fn of_each_token_fewer_than_one_of_a_hundred_thousand_has_too_few_characters() {
    for detector in KNOWN {
        let Some(token) = detector.token().filter(|token| !token.checksum) else { continue };
        let odds = too_few(token);
        assert!(odds < MOST, "{}: {odds}", token.prefix);
    }
}

/// A generator of numbers that is the same in every run.
fn random(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*state >> 33).unwrap()
}

#[test]
fn random_tokens_are_found() {
    let letters = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut state = 7;
    for detector in KNOWN {
        let Some(token) = detector.token().filter(|token| !token.checksum) else { continue };
        let letters: Vec<u8> = match token.set {
            Set::Upper => letters[2..8].iter().chain(&letters[36..]).copied().collect(),
            set => letters[..if set == Set::Hex { 16 } else { 62 }].to_vec(),
        };
        let letters: Vec<u8> = letters.into_iter().filter(|it| token.set.has(*it)).collect();
        for _ in 0..500 {
            let body = (0..token.lengths.0).map(|_| letters[random(&mut state) % letters.len()]);
            let text: Vec<u8> = token.prefix.bytes().chain(body).collect();
            assert_eq!(detector.see(&text, 0), Some((0, text.len())), "{}", token.prefix);
        }
    }
}

#[test]
fn what_is_random_is_no_example() {
    // Hexadecimal has the fewest letters, so that they repeat most often.
    let mut state = 3;
    for _ in 0..20_000 {
        let text: Vec<u8> = (0..64).map(|_| b"0123456789abcdef"[random(&mut state) % 16]).collect();
        assert!(!is_example(&text), "{}", String::from_utf8_lossy(&text));
    }
}
