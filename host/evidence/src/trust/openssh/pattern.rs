//! Pattern lists of OpenSSH, as `ssh_config` describes them: `*` is any characters, `?` is one, `!`
//! before a pattern takes away.

/// Whether a list matches: some pattern does, and none that takes away.
pub(super) fn matches(list: &str, text: &str) -> bool {
    let mut any = false;
    for pattern in list.split(',') {
        match pattern.strip_prefix('!') {
            Some(pattern) if one(pattern.as_bytes(), text.as_bytes()) => return false,
            Some(_) => {}
            None => any |= one(pattern.as_bytes(), text.as_bytes()),
        }
    }
    any
}

/// Whether one pattern matches all of a text. It goes back to the last star alone, so its work is
/// at most the product of the two lengths.
fn one(pattern: &[u8], text: &[u8]) -> bool {
    let (mut p, mut t, mut star) = (0, 0, None);
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(c) if *c == b'?' || *c == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((at, from)) => {
                    star = Some((at, from + 1));
                    (p, t) = (at + 1, from + 1);
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|c| *c == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_matches_as_in_ssh_config() {
        assert!(matches("a@b,*@example.com", "release@example.com"));
        assert!(!matches("*@example.com,!release@*", "release@example.com"));
        assert!(!matches("!a", "b"), "what only takes away gives nothing");
        assert!(matches("f?le", "file") && !matches("f?le", "fle"));
        assert!(matches("*a*b*", "xxaxxbxx") && !matches("*a*b", "xxaxxbx"));
        assert!(matches("*", "") && !matches("", "x") && !matches("file", "files"));
    }
}
