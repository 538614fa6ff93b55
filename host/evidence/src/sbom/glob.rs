//! Globs over package URLs, in which one star stays between the separators and two cross them.
//!
//! All ways in which a glob can match are followed side by side, a bit each, so that a text costs a
//! fixed number of steps a byte whatever it is: nobody can write a package URL that is slow to match.

/// A glob: `*` stands for any characters but `/` and `@`, `**` for any at all, and everything else
/// for itself.
#[derive(Debug, Clone)]
pub struct Glob {
    /// What stands before the first star.
    prefix: String,
    /// How many bytes stand for themselves; so many are matched in the end.
    len: usize,
    /// Of each byte value, where in the glob it may come next. Where there is a bit for each number of
    /// bytes that are matched so far, `words` of 64 at a time.
    next: Vec<u64>,
    /// Where any byte but a separator changes nothing, and where no byte does.
    star: Vec<u64>,
    stars: Vec<u64>,
    words: usize,
}

impl Glob {
    /// Reads a glob; every text is one.
    pub(super) fn new(text: &str) -> Self {
        let len = text.bytes().filter(|&byte| byte != b'*').count();
        let words = len / 64 + 1;
        let prefix = text.split('*').next().unwrap_or_default().to_owned();
        let (star, stars) = (vec![0; words], vec![0; words]);
        let mut glob = Self { prefix, len, next: vec![0; 256 * words], star, stars, words };
        let mut at = 0;
        let mut rest = text.as_bytes();
        while let Some((&byte, behind)) = rest.split_first() {
            if byte == b'*' {
                let run = rest.iter().take_while(|&&byte| byte == b'*').count();
                set(if run == 1 { &mut glob.star } else { &mut glob.stars }, at);
                rest = rest.get(run..).unwrap_or_default();
            } else {
                set(&mut glob.next, usize::from(byte) * words * 64 + at);
                at += 1;
                rest = behind;
            }
        }
        glob
    }

    /// How many numbers of 64 bits hold all ways in which it can match: so many steps a byte takes.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// How many bytes it keeps.
    pub(super) fn size(&self) -> usize {
        [&self.next, &self.star, &self.stars].into_iter().map(|bits| size_of_val(&**bits)).sum()
    }

    /// What every text that matches begins with.
    pub(super) fn prefix(&self) -> &str {
        &self.prefix
    }

    /// Whether all of a text matches.
    pub(super) fn matches(&self, text: &str) -> bool {
        let mut ways = vec![0_u64; self.words];
        set(&mut ways, 0);
        for byte in text.bytes() {
            let separator = matches!(byte, b'/' | b'@');
            let start = usize::from(byte) * self.words;
            let next = self.next.get(start..start + self.words).unwrap_or_default();
            let masks = next.iter().zip(&self.star).zip(&self.stars);
            let (mut carry, mut any) = (0, 0);
            for (way, ((next, star), stars)) in ways.iter_mut().zip(masks) {
                let on = *way & next;
                let stay = *way & (stars | if separator { 0 } else { *star });
                *way = (on << 1) | carry | stay;
                carry = on >> 63;
                any |= *way;
            }
            if any == 0 {
                return false;
            }
        }
        ways.get(self.len / 64).is_some_and(|way| way >> (self.len % 64) & 1 == 1)
    }
}

fn set(bits: &mut [u64], at: usize) {
    if let Some(word) = bits.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn matches(glob: &str, text: &str) -> bool {
        Glob::new(glob).matches(text)
    }

    #[test]
    fn one_star_stays_between_separators_and_two_cross_them() {
        assert!(matches("pkg:npm/*", "pkg:npm/left-pad"));
        assert!(!matches("pkg:npm/*", "pkg:npm/left-pad@1.0"));
        assert!(!matches("pkg:npm/*", "pkg:npm/%40babel/core"));
        assert!(matches("pkg:npm/**", "pkg:npm/%40babel/core@7.0.0?a=b"));
        assert!(matches("**/core@*", "pkg:npm/%40babel/core@7.0.0"));
        assert!(matches("pkg:npm/**@1.*", "pkg:npm/a/b@1.2"));
        assert!(!matches("pkg:npm/**@1.*", "pkg:npm/a/b@1.2/3"));
        assert!(!matches("pkg:npm/left", "pkg:npm/left-pad") && matches("", ""));
        assert_eq!(Glob::new("pkg:npm/a*b*").prefix(), "pkg:npm/a");
    }

    #[test]
    fn a_long_glob_over_a_long_text_stays_cheap() {
        let glob = format!("**{}b", "a*".repeat(1000));
        assert!(!matches(&glob, &"a".repeat(100_000)));
        let glob = format!("{}**", "a".repeat(200));
        assert!(matches(&glob, &"a".repeat(201)) && !matches(&glob, &"a".repeat(199)));
    }

    proptest! {
        #[test]
        fn a_glob_agrees_with_its_regex(glob in "[ab*/@é]{0,9}", text in "[ab/@é]{0,9}") {
            let mut expression = String::new();
            let mut rest = glob.as_str();
            while let Some(first) = rest.chars().next() {
                let run = rest.len() - rest.trim_start_matches('*').len();
                match run {
                    0 => expression.push_str(&regex::escape(&first.to_string())),
                    1 => expression.push_str("[^/@]*"),
                    _ => expression.push_str(".*"),
                }
                rest = &rest[run.max(if run == 0 { first.len_utf8() } else { 0 })..];
            }
            let expression = regex::Regex::new(&format!(r"\A(?:{expression})\z")).unwrap();
            prop_assert_eq!(matches(&glob, &text), expression.is_match(&text));
        }
    }
}
