//! Ratings by the Common Vulnerability Scoring System.
//!
//! A vector says more than the score beside it and cannot contradict itself, so its own base score
//! counts, computed as the specification of its version says. What a vector adds to its base metrics
//! (how mature an exploit is, how it matters to one environment) never changes the score: whoever
//! wrote it could make anything harmless by that.

use std::collections::HashMap;
use std::str::FromStr;

use cvss::{v2, v3, v4};

/// One rating.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cvss {
    /// Whose rating it is; empty where the document does not say.
    pub source: String,
    /// `2.0`, `3.0`, `3.1` or `4.0`; empty where only a score is given.
    pub version: String,
    /// The vector, as it was written; empty where only a score is given.
    pub vector: String,
    /// The base score in tenths, 0 to 100: what the vector gives, where there is a valid one; else
    /// what is written.
    pub score: u32,
}

/// The versions that there are.
const VERSIONS: &[&str] = &["2.0", "3.0", "3.1", "4.0"];

/// The base metrics of version 4, without which a vector of it is none.
const BASE_4: &[&str] = &["AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA", "SC", "SI", "SA"];

/// Computes scores. Those of version 4 are slow to compute and few, so each is computed once.
#[derive(Default)]
pub(super) struct Scores {
    /// By the values of the base metrics, in the order of [`BASE_4`].
    of_4: HashMap<String, Option<u32>>,
}

impl Scores {
    /// A rating as it was written: a vector, the version that is named beside it (for vectors are
    /// also written without one), and a score in tenths. None where neither gives a score. A zero
    /// with no valid vector is none: scanners write it for what they do not know.
    pub(super) fn rate(
        &mut self,
        source: &str,
        version: &str,
        vector: &str,
        written: Option<u32>,
    ) -> Option<Cvss> {
        let (source, vector) = (source.trim(), vector.trim());
        let version = match vector.strip_prefix("CVSS:") {
            Some(rest) => rest.split('/').next().unwrap_or_default(),
            None if vector.is_empty() => "",
            None if version.is_empty() => "2.0",
            None => version,
        };
        let version = VERSIONS.iter().find(|known| **known == version).copied().unwrap_or_default();
        let score = self.base(version, vector).or_else(|| written.filter(|&score| score > 0))?;
        let (version, vector) = (version.to_owned(), vector.to_owned());
        Some(Cvss { source: source.to_owned(), version, vector, score })
    }

    /// The base score of a vector in tenths; none where it is no valid vector of that version.
    fn base(&mut self, version: &str, vector: &str) -> Option<u32> {
        let written = vector.strip_prefix("CVSS:").map(|rest| rest.split_once('/'));
        let metrics = match written {
            Some(rest) => rest?.1,
            // Version 2 is often written in parentheses.
            None => vector.strip_prefix('(').and_then(|v| v.strip_suffix(')')).unwrap_or(vector),
        };
        match version {
            "2.0" => tenths(v2::Vector::from_str(metrics).ok()?.score().value()),
            "3.0" | "3.1" => {
                let vector = v3::Vector::from_str(&format!("CVSS:{version}/{metrics}")).ok()?;
                let v3::Vector { av, ac, pr, ui, s, c, i, a, .. } = &vector;
                let is_whole = av.is_some() && ac.is_some() && pr.is_some() && ui.is_some();
                let is_whole = is_whole && s.is_some() && c.is_some() && i.is_some() && a.is_some();
                is_whole.then(|| vector.base_score().value()).and_then(tenths)
            }
            "4.0" => {
                // All of it has to be valid, and only the base metrics count.
                v4::Vector::from_str(&format!("CVSS:4.0/{metrics}")).ok()?;
                let value = |name: &&str| {
                    let mut each = metrics.split('/').filter_map(|metric| metric.split_once(':'));
                    each.find(|(metric, _)| metric == name).map(|(_, value)| value)
                };
                let values: String = BASE_4.iter().filter_map(value).collect();
                *self.of_4.entry(values).or_insert_with_key(|values| base_4(values))
            }
            _ => None,
        }
    }
}

/// The base score of version 4, by the values of its metrics, of which each is one letter.
fn base_4(values: &str) -> Option<u32> {
    let metrics = BASE_4.iter().zip(values.chars());
    let metrics = metrics.map(|(metric, value)| format!("/{metric}:{value}")).collect::<String>();
    tenths(v4::Vector::from_str(&format!("CVSS:4.0{metrics}")).ok()?.score().value())
}

fn tenths(score: f64) -> Option<u32> {
    super::words::Score::of(score).0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(version: &str, vector: &str) -> Option<u32> {
        Scores::default().rate("nvd", version, vector, None).map(|cvss| cvss.score)
    }

    #[test]
    fn a_vector_gives_its_own_base_score() {
        // Scores as NVD and FIRST publish them for these vectors.
        for (version, vector, expected) in [
            ("2.0", "AV:N/AC:L/Au:N/C:P/I:N/A:N", 50),
            ("2.0", "AV:N/AC:M/Au:N/C:C/I:C/A:C", 93),
            ("3.0", "CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:L/I:L/A:N", 48),
            ("3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100),
            ("3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98),
            ("3.1", "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0),
            ("4.0", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 93),
            ("4.0", "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 100),
        ] {
            let rated = Scores::default().rate("nvd", "", vector, Some(1)).unwrap();
            let rated = (rated.version, rated.vector, rated.score);
            assert_eq!(rated, (version.to_owned(), vector.to_owned(), expected));
        }
    }

    #[test]
    fn a_version_beside_the_vector_counts_where_the_vector_names_none() {
        let bare = "AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:H/A:N";
        assert_eq!(score("3.1", bare), Some(75));
        assert_eq!(score("", bare), None, "without a version it is read as 2.0, and is not valid");
        assert_eq!(score("", "(AV:N/AC:L/Au:N/C:P/I:N/A:N)"), Some(50));
    }

    #[test]
    fn only_base_metrics_count() {
        let base = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
        assert_eq!(score("", &format!("{base}/E:U/MVC:N/MVI:N/MVA:N")), Some(93));
        let base = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
        assert_eq!(score("", &format!("{base}/E:U/RL:O/RC:U/MC:N/MI:N/MA:N")), Some(98));
        let base = "AV:N/AC:L/Au:N/C:C/I:C/A:C";
        assert_eq!(score("", &format!("{base}/E:U/RL:OF/RC:UC/CDP:N/TD:N")), Some(100));
    }

    #[test]
    fn a_vector_that_is_not_valid_leaves_the_score_that_is_written() {
        for (vector, version) in [
            ("CVSS:3.1/AV:N/AC:L", "3.1"),
            ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/A:N", "3.1"),
            ("CVSS:3.1", "3.1"),
            ("CVSS:4.0/AV:N", "4.0"),
            ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N/X:Y", "4.0"),
            ("CVSS:5.0/AV:N", ""),
            ("CVSS:", ""),
            ("AV:N/AC:L", "2.0"),
            ("nonsense", "2.0"),
        ] {
            let rated = Scores::default().rate("nvd", "", vector, Some(75)).unwrap();
            assert_eq!((rated.version.as_str(), rated.score), (version, 75), "{vector}");
            assert_eq!(Scores::default().rate("nvd", "", vector, None), None, "{vector}");
            assert_eq!(
                Scores::default().rate("nvd", "", vector, Some(0)),
                None,
                "a zero says nothing: {vector}"
            );
        }
        let rated = Scores::default().rate(" nvd ", "3.1", "", Some(75)).unwrap();
        assert_eq!(
            (rated.source, rated.version, rated.vector),
            ("nvd".into(), "".into(), "".into())
        );
    }

    #[test]
    fn every_vector_of_version_4_has_a_score_and_none_panics() {
        let values = ["NALP", "LH", "NP", "NLH", "NPA", "HLN", "HLN", "HLN", "HLN", "HLN", "HLN"];
        let mut vectors = vec!["CVSS:4.0".to_owned()];
        for (metric, values) in BASE_4.iter().zip(values) {
            let with = |vector: &String| -> Vec<String> {
                values.chars().map(|value| format!("{vector}/{metric}:{value}")).collect()
            };
            vectors = vectors.iter().flat_map(with).collect();
        }
        assert_eq!(vectors.len(), 4 * 2 * 2 * 3 * 3 * 3_usize.pow(6));
        let mut scores = Scores::default();
        for vector in &vectors {
            assert!(scores.base("4.0", vector).is_some_and(|score| score <= 100), "{vector}");
        }
    }
}
