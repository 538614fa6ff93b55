//! How bad a vulnerability is said to be.

use std::str::FromStr;

/// How bad a vulnerability is said to be, from least to most. Of what is unknown it is not said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Severity {
    /// The document has no word that stands for one of the others.
    #[default]
    Unknown,
    /// No impact.
    None,
    /// Low, or negligible.
    Low,
    /// Medium, or moderate.
    Medium,
    /// High, or important.
    High,
    /// Critical.
    Critical,
}

impl Severity {
    /// How many there are.
    pub const COUNT: usize = Self::ALL.len();
    /// Every one, from least to most.
    pub const ALL: &[Self] =
        &[Self::Unknown, Self::None, Self::Low, Self::Medium, Self::High, Self::Critical];

    /// The word for it in WIT.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::None => "none",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }

    /// What a document's word stands for, in any case; `Unknown` for a word that stands for none.
    pub(super) fn of_word(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "none" => Self::None,
            "low" | "negligible" => Self::Low,
            "medium" | "moderate" => Self::Medium,
            "high" | "important" => Self::High,
            "critical" => Self::Critical,
            _ => Self::Unknown,
        }
    }

    /// What a CVSS score in tenths stands for on the qualitative scale of CVSS 3 and 4
    /// (<https://www.first.org/cvss/v3.1/specification-document#Qualitative-Severity-Rating-Scale>).
    pub(super) fn of_score(tenths: u32) -> Self {
        match tenths {
            0 => Self::None,
            1..=39 => Self::Low,
            40..=69 => Self::Medium,
            70..=89 => Self::High,
            _ => Self::Critical,
        }
    }
}

/// A word that stands for no severity.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a severity")]
pub struct UnknownSeverity(pub String);

impl FromStr for Severity {
    type Err = UnknownSeverity;

    fn from_str(word: &str) -> Result<Self, UnknownSeverity> {
        let known = Self::ALL.iter().find(|severity| severity.as_str() == word);
        known.copied().ok_or_else(|| UnknownSeverity(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_scanners_stand_for_the_words_of_the_interface() {
        for (word, severity) in [
            ("CRITICAL", Severity::Critical),
            ("Important", Severity::High),
            ("high", Severity::High),
            ("MODERATE", Severity::Medium),
            ("Negligible", Severity::Low),
            ("none", Severity::None),
            ("UNKNOWN", Severity::Unknown),
            ("info", Severity::Unknown),
            ("unimportant", Severity::Unknown),
            ("9.8", Severity::Unknown),
        ] {
            assert_eq!(Severity::of_word(word), severity, "{word}");
        }
        for &severity in Severity::ALL {
            assert_eq!(severity.as_str().parse(), Ok(severity));
        }
        assert_eq!("HIGH".parse::<Severity>(), Err(UnknownSeverity("HIGH".to_owned())));
        assert_eq!(UnknownSeverity("x".to_owned()).to_string(), "`x` is not a severity");
    }

    #[test]
    fn the_bands_of_scores_meet_without_a_gap() {
        let bands: Vec<_> = [0, 1, 39, 40, 69, 70, 89, 90, 100].map(Severity::of_score).into();
        use Severity::{Critical, High, Low, Medium, None};
        assert_eq!(bands, [None, Low, Low, Medium, Medium, High, High, Critical, Critical]);
    }
}
