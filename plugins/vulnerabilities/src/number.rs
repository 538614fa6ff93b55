//! Scores and probabilities, compared exactly: no binary fraction stands for 0.1.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// A score by CVSS, in tenths: 0.1 to 10.0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Score(u32);

impl Score {
    /// What is taken, in words.
    pub(crate) const FORM: &str = "a CVSS score from 0.1 to 10.0 in quotes, for example `\"7.0\"`";

    /// From tenths, as the host has it.
    pub(crate) const fn from_tenths(tenths: u32) -> Self {
        Self(tenths)
    }

    pub(crate) const fn tenths(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0 / 10, self.0 % 10)
    }
}

impl FromStr for Score {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (whole, tenth) = text.split_once('.').ok_or(())?;
        let digit = |text: &str| match text.as_bytes() {
            [digit @ b'0'..=b'9'] => Ok(u32::from(digit - b'0')),
            _ => Err(()),
        };
        let whole = if whole == "10" { 10 } else { digit(whole)? };
        let tenths = whole * 10 + digit(tenth)?;
        if (1..=100).contains(&tenths) { Ok(Self(tenths)) } else { Err(()) }
    }
}

/// A probability from 0 to 1, as a decimal fraction of any length.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probability {
    /// As it was written.
    text: String,
    /// What orders probabilities: whether it is 1, and else the digits behind the point, without the
    /// zeros at the end.
    order: (bool, String),
}

impl Probability {
    /// What is taken as a threshold, in words.
    pub(crate) const FORM: &str =
        "a probability above 0 and up to 1 in quotes, for example `\"0.10\"` for one in ten";

    pub(crate) fn is_zero(&self) -> bool {
        !self.order.0 && self.order.1.is_empty()
    }
}

impl fmt::Display for Probability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl PartialOrd for Probability {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        // Digits behind the point are ordered as words are.
        self.order.partial_cmp(&other.order)
    }
}

impl FromStr for Probability {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (whole, digits) = text.split_once('.').unwrap_or((text, "0"));
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !plain {
            return Err(());
        }
        let digits = digits.trim_end_matches('0');
        let order = match (whole, digits) {
            ("0", digits) => (false, digits.to_owned()),
            ("1", "") => (true, String::new()),
            _ => return Err(()),
        };
        Ok(Self { text: text.to_owned(), order })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_score_has_one_digit_behind_the_point() {
        for (text, tenths) in [("7.0", 70), ("0.1", 1), ("10.0", 100), ("9.8", 98)] {
            let score: Score = text.parse().unwrap();
            assert_eq!((score.tenths(), score.to_string().as_str()), (tenths, text));
        }
        for text in
            ["", "7", "7.", ".7", "7.00", "0.0", "10.1", "11.0", "07.0", "-7.0", "7,0", "7.é"]
        {
            assert_eq!(text.parse::<Score>(), Err(()), "{text}");
        }
    }

    #[test]
    fn a_probability_lies_between_0_and_1() {
        for text in ["", ".5", "0.", "1.1", "2", "00.5", "1e-5", "-0.1", "0,5", "0.5 ", "NaN"] {
            assert_eq!(text.parse::<Probability>(), Err(()), "{text}");
        }
        assert_eq!(
            "0.1".parse::<Probability>().unwrap().partial_cmp(&"0.100".parse().unwrap()),
            Some(Ordering::Equal)
        );
        assert!("0.00".parse::<Probability>().unwrap().is_zero());
        assert!(!"1.0".parse::<Probability>().unwrap().is_zero());
    }

    proptest! {
        #[test]
        fn probabilities_are_ordered_as_numbers_are(a in 0..=100_000_u32, b in 0..=100_000_u32) {
            let read = |n: u32| -> Probability {
                format!("{}.{:05}", n / 100_000, n % 100_000).parse().unwrap()
            };
            prop_assert_eq!(read(a).partial_cmp(&read(b)), Some(a.cmp(&b)));
        }
    }
}
