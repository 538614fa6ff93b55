//! How many distinct signers of which groups.

use lockgate_plugin::assignment::{Assignment, Shortage};
use lockgate_plugin::{Report, Signer};

use crate::settings::{Groups, Need};
use crate::{TOO_FEW_OF_GROUP, add, listed};

/// The groups that are needed, in the order in which the settings need them.
#[derive(Debug)]
pub(crate) struct Needs(Vec<Group>);

#[derive(Debug)]
struct Group {
    name: String,
    count: u32,
    // INVARIANT: sorted, distinct.
    members: Vec<String>,
}

impl Needs {
    /// `need` names groups of `groups`; of one that it does not, nobody is.
    pub(crate) fn new(groups: &Groups, need: &[Need]) -> Self {
        let mut all = Vec::new();
        for Need { group, count } in need {
            let mut members = Vec::new();
            for name in groups.get(group).into_iter().flatten() {
                add(&mut members, name.clone());
            }
            all.push(Group { name: group.clone(), count: *count, members });
        }
        Self(all)
    }

    /// The positions in `need` that stay short even where all members of all groups sign.
    pub(crate) fn never_met(&self) -> Vec<usize> {
        let mut members = Vec::new();
        for name in self.0.iter().flat_map(|group| &group.members) {
            add(&mut members, name.as_str());
        }
        let keys: Vec<Vec<&str>> = members.into_iter().map(|name| vec![name]).collect();
        self.assign(&keys).shortages.iter().map(|shortage| shortage.group).collect()
    }

    /// Adds a finding for each group of which too few signed.
    pub(crate) fn judge(&self, signers: &[Signer], report: &mut Report) {
        // One key may go by several names; it is still one signer.
        let mut keys: Vec<&str> = Vec::new();
        for signer in signers {
            add(&mut keys, signer.key.as_str());
        }
        let names_of = |key: &str| {
            let of_key = signers.iter().filter(|signer| signer.key == key);
            of_key.map(|signer| signer.name.as_str()).collect()
        };
        let keys: Vec<Vec<&str>> = keys.into_iter().map(names_of).collect();
        let assignment = self.assign(&keys);
        for shortage in &assignment.shortages {
            self.short(shortage, &assignment.group_of, &keys, report);
        }
    }

    /// Each key by the names that it goes by.
    fn assign(&self, keys: &[Vec<&str>]) -> Assignment {
        let counts: Vec<u32> = self.0.iter().map(|group| group.count).collect();
        let groups = |names: &Vec<&str>| {
            (0..self.0.len()).filter(|&index| self.0[index].called(names).is_some()).collect()
        };
        let eligible: Vec<Vec<usize>> = keys.iter().map(groups).collect();
        Assignment::of(&counts, &eligible)
    }

    fn short(
        &self,
        shortage: &Shortage,
        group_of: &[Option<usize>],
        keys: &[Vec<&str>],
        report: &mut Report,
    ) {
        let group = &self.0[shortage.group];
        let Group { name, count, .. } = group;
        let mut here = Vec::new();
        let mut elsewhere = Vec::new();
        for (names, of) in keys.iter().zip(group_of) {
            match (of, group.called(names)) {
                (Some(of), Some(name)) if *of == shortage.group => add(&mut here, name),
                (Some(_), Some(name)) => add(&mut elsewhere, name),
                _ => {}
            }
        }
        let mut could = Vec::new();
        for name in shortage.helped_by.iter().flat_map(|&helps| &self.0[helps].members) {
            if !keys.iter().any(|names| names.contains(&name.as_str())) {
                add(&mut could, name.as_str());
            }
        }
        let lacks = count.saturating_sub(shortage.got);
        let mut message = format!("the group `{name}` lacks {lacks} of {count} signers");
        if !elsewhere.is_empty() {
            message.push_str("; counted for another group: ");
            message.push_str(&listed(&elsewhere));
        }
        message.push_str("; who could still sign: ");
        message.push_str(&listed(&could));
        report
            .violation(TOO_FEW_OF_GROUP, message)
            .about(name)
            .expected(format!("distinct signers of the group: {count}"))
            .found(format!("{} ({})", shortage.got, listed(&here)));
    }
}

impl Group {
    /// The first of these names that is of the group.
    fn called<'a>(&self, names: &[&'a str]) -> Option<&'a str> {
        names.iter().copied().find(|name| self.members.iter().any(|member| member == name))
    }
}
