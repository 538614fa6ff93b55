//! What only looks like a secret, because it was made up for a manual or stands for another value.

/// Words of made-up values, in lower case. In thirty random characters none of them stands by chance.
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
    b"xxxx",
    b"00000",
    b"11111",
    b"aaaaa",
    b"12345678",
    b"abcdefg",
    b"qwerty",
    b"....",
    b"****",
    b"foobar",
    b"insert",
    b"sample",
    b"deadbeef",
];

/// Whether a value was made up.
pub(super) fn is_example(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.windows(word.len()).any(|part| part == *word))
}

/// Whether a value stands for another: a variable of a shell, or a place to fill in.
pub(super) fn is_variable(value: &[u8]) -> bool {
    value.windows(2).any(|two| matches!(two, b"${" | b"$(" | b"{{" | b"%(" | b"<%"))
        || value.iter().any(|byte| matches!(byte, b'<' | b'>'))
        || value.first() == Some(&b'$')
}
