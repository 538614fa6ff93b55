//! What only looks like a secret, because it was made up for a manual or stands for another value.

/// Words of made-up values, in lower case. In the characters that are looked at, none of them stands by
/// chance in more than one token of some hundred thousand, all of them together.
const WORDS: &[&[u8]] = &[
    b"example",
    b"placeholder",
    b"redacted",
    b"changeme",
    b"change_me",
    b"your_",
    b"your-",
    b"dummy",
    b"notreal",
    b"12345678",
    b"abcdefg",
    b"qwerty",
    b"foobar",
    b"insert",
    b"sample",
    b"deadbeef",
];

/// What people put in the place of a password. Too short to be looked for in what is random.
const FILLERS: &[&[u8]] = &[b"xxxx", b"00000", b"11111", b"aaaaa", b"....", b"****"];

/// How much of a token is looked at: what was made up shows it early.
const LOOKED_AT: usize = 64;

/// So often no random token has one character in a row.
const IN_A_ROW: usize = 8;

/// Whether a token was made up.
pub(super) fn is_example(value: &[u8]) -> bool {
    let value = value.get(..LOOKED_AT).unwrap_or(value);
    let same = value.chunk_by(|one, other| one == other);
    same.map(<[u8]>::len).max() >= Some(IN_A_ROW) || has_any(value, WORDS)
}

/// Whether something that a person chose, such as a password, was made up.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    has_any(value, WORDS) || has_any(value, FILLERS)
}

fn has_any(value: &[u8], words: &[&[u8]]) -> bool {
    let lower = value.to_ascii_lowercase();
    words.iter().any(|word| lower.windows(word.len()).any(|part| part == *word))
}

/// Whether a value stands for another: a variable of a shell, or a place to fill in.
pub(super) fn is_variable(value: &[u8]) -> bool {
    value.windows(2).any(|two| matches!(two, b"${" | b"$(" | b"{{" | b"%(" | b"<%"))
        || value.iter().any(|byte| matches!(byte, b'<' | b'>'))
        || value.first() == Some(&b'$')
}
