//! Who counts for which group.
//!
//! A signer may be of several groups and still is one signer, so each counts for one of them. Whether that can be arranged is a matching between signers and the places that groups have
//! to fill; it is found by augmenting paths.

use std::collections::VecDeque;

/// For which group each signer counts, and where that leaves a group short.
#[derive(Debug)]
pub struct Assignment {
    /// By signer: the group that it counts for.
    pub group_of: Vec<Option<usize>>,
    /// In the order of the groups.
    pub shortages: Vec<Shortage>,
}

/// A group that cannot be filled.
#[derive(Debug, PartialEq, Eq)]
pub struct Shortage {
    /// Which.
    pub group: usize,
    /// How many count for it.
    pub got: u32,
    /// The groups of which one more signer would help: itself, and those that hold a signer who could
    /// count for it instead. Sorted.
    pub helped_by: Vec<usize>,
}

impl Assignment {
    /// Fills as many places as can be filled, those of the first groups before others.
    ///
    /// `counts` are the places of each group, and `eligible` says for each signer the groups that it
    /// is of. Each place costs one look at every group and signer at the most.
    #[must_use]
    pub fn of(counts: &[u32], eligible: &[Vec<usize>]) -> Self {
        let mut group_of = vec![None; eligible.len()];
        let mut shortages = Vec::new();
        for (group, &count) in counts.iter().enumerate() {
            // A place that cannot be filled now never can: later paths only move signers between
            // groups that have no way to this one.
            for got in 0..count {
                if let Err(helped_by) = augment(group, counts.len(), eligible, &mut group_of) {
                    shortages.push(Shortage { group, got, helped_by });
                    break;
                }
            }
        }
        Self { group_of, shortages }
    }
}

/// Fills one more place of a group, moving others where that makes room, or says which groups it
/// looked for signers in, sorted.
fn augment(
    start: usize,
    groups: usize,
    eligible: &[Vec<usize>],
    group_of: &mut [Option<usize>],
) -> Result<(), Vec<usize>> {
    // For each signer that was looked at, the group that wants it.
    let mut wanted_by: Vec<Option<usize>> = vec![None; eligible.len()];
    // For each group that was reached, the signer through whom: one who counts for it now.
    let mut through: Vec<Option<usize>> = vec![None; groups];
    let mut waiting = VecDeque::from([start]);
    while let Some(group) = waiting.pop_front() {
        for signer in 0..eligible.len() {
            if wanted_by[signer].is_some() || !eligible[signer].contains(&group) {
                continue;
            }
            wanted_by[signer] = Some(group);
            match group_of[signer] {
                Some(holder) if holder == start || through[holder].is_some() => {}
                Some(holder) => {
                    through[holder] = Some(signer);
                    waiting.push_back(holder);
                }
                None => {
                    let mut moved = Some(signer);
                    while let Some(signer) = moved {
                        group_of[signer] = wanted_by[signer];
                        moved = wanted_by[signer].and_then(|group| through[group]);
                    }
                    return Ok(());
                }
            }
        }
    }
    Err((0..groups).filter(|&group| group == start || through[group].is_some()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most places that can be filled, by trying every arrangement.
    fn most(counts: &mut [u32], eligible: &[Vec<usize>]) -> u32 {
        let Some((first, rest)) = eligible.split_first() else { return 0 };
        let mut best = most(counts, rest);
        for &group in first {
            if counts[group] > 0 {
                counts[group] -= 1;
                best = best.max(1 + most(counts, rest));
                counts[group] += 1;
            }
        }
        best
    }

    /// Every way in which four signers can be of three groups, with up to two places each.
    fn cases() -> impl Iterator<Item = (Vec<u32>, Vec<Vec<usize>>)> {
        (0..27_u32).flat_map(|places| {
            let counts = vec![places % 3, places / 3 % 3, places / 9];
            (0..8_usize.pow(4)).map(move |word| {
                let groups = |signer: u32| {
                    let mask = word >> (3 * signer) & 7;
                    (0..3).filter(|group| mask >> group & 1 == 1).collect()
                };
                (counts.clone(), (0..4).map(groups).collect())
            })
        })
    }

    #[test]
    fn as_many_places_are_filled_as_can_be() {
        for (mut counts, eligible) in cases() {
            let Assignment { group_of, shortages } = Assignment::of(&counts, &eligible);
            for (group, &count) in counts.iter().enumerate() {
                let got = group_of.iter().filter(|of| **of == Some(group)).count();
                let short = shortages.iter().find(|shortage| shortage.group == group);
                let said = short.map_or(count, |shortage| shortage.got);
                assert_eq!(u32::try_from(got), Ok(said), "{counts:?} {eligible:?}");
                assert!(short.is_none_or(|shortage| shortage.got < count));
            }
            for (of, groups) in group_of.iter().zip(&eligible) {
                assert!(of.is_none_or(|group| groups.contains(&group)), "{counts:?} {eligible:?}");
            }
            let filled = group_of.iter().flatten().count();
            assert_eq!(
                u32::try_from(filled),
                Ok(most(&mut counts, &eligible)),
                "{counts:?} {eligible:?}"
            );
        }
    }

    #[test]
    fn a_signer_more_helps_exactly_where_it_says() {
        for (counts, eligible) in cases() {
            let Assignment { shortages, .. } = Assignment::of(&counts, &eligible);
            for Shortage { group, got, helped_by } in &shortages {
                // Nobody else is short, so that the signer more is not taken by another.
                let mut places = counts.clone();
                for other in shortages.iter().filter(|other| other.group != *group) {
                    places[other.group] = other.got;
                }
                for other in 0..counts.len() {
                    let mut with = eligible.clone();
                    with.push(vec![other]);
                    let after = Assignment::of(&places, &with).shortages;
                    let helps = after.iter().all(|left| left.group == *group && left.got > *got);
                    assert_eq!(helps, helped_by.contains(&other), "{counts:?} {eligible:?}");
                }
            }
        }
    }

    #[test]
    fn a_signer_moves_to_make_room_for_another() {
        // The first is of both groups and the second of the first alone.
        let Assignment { group_of, shortages } = Assignment::of(&[1, 1], &[vec![0, 1], vec![0]]);
        assert_eq!(group_of, [Some(1), Some(0)]);
        assert_eq!(shortages, []);
    }
}
