//! What differs between what was accepted and what is there.

use std::collections::BTreeMap;
use std::fmt;

use lockgate_model::Digest;
use lockgate_runtime::ability;

use super::file::Lock;

/// One thing that is not as the lock has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What is about to be accepted: a plugin, a policy as `STAGE/NAME`, or a file.
    pub name: String,
    /// `plugin`, `policy`, `trust` or `data`.
    pub what: &'static str,
    /// How it differs.
    pub how: How,
}

/// How something differs from the lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum How {
    /// The lock does not have it.
    New,
    /// It is not there any more.
    Gone,
    /// It has other bytes.
    Digest {
        /// What the lock has.
        was: Digest,
        /// What is there.
        is: Digest,
    },
    /// It imports what it did not.
    Imports(String),
    /// It can look at what it could not, with its settings.
    LooksAt(String),
    /// A policy is judged by another plugin.
    Plugin {
        /// What the lock has.
        was: String,
        /// What is there.
        is: String,
    },
}

impl Change {
    /// Whether nobody has to accept it: less than was accepted.
    pub(crate) fn narrows(&self) -> bool {
        self.how == How::Gone
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} `{}` ", self.what, self.name)?;
        match &self.how {
            How::New => write!(f, "is not in the lock"),
            How::Gone => write!(f, "is not there any more"),
            How::Digest { was, is } => write!(f, "was {was}, and is {is}"),
            How::Imports(import) => {
                write!(f, "imports `{import}`, which it did not")?;
                let interface = import.split(['/', '@']).nth(1).unwrap_or_default();
                ability(interface).map_or(Ok(()), |what| write!(f, ": it {what}"))
            }
            How::LooksAt(word) => write!(f, "can look at `{word}`, which it could not"),
            How::Plugin { was, is } => write!(f, "was judged by `{was}`, and is by `{is}`"),
        }
    }
}

/// All that differs, in the order of the lock.
pub(crate) fn changes(was: &Lock, is: &Lock) -> Vec<Change> {
    let mut found = Vec::new();
    pairs(&was.plugins, &is.plugins, "plugin", &mut found, |was, is, tell| {
        if was.digest != is.digest {
            tell(How::Digest { was: was.digest, is: is.digest });
        }
        is.imports.difference(&was.imports).for_each(|new| tell(How::Imports(new.clone())));
    });
    pairs(&was.policies, &is.policies, "policy", &mut found, |was, is, tell| {
        if was.plugin != is.plugin {
            tell(How::Plugin { was: was.plugin.clone(), is: is.plugin.clone() });
        }
        is.looks_at.difference(&was.looks_at).for_each(|new| tell(How::LooksAt(new.clone())));
    });
    for (was, is, what) in [(&was.trust, &is.trust, "trust"), (&was.data, &is.data, "data")] {
        pairs(was, is, what, &mut found, |was, is, tell| {
            if was != is {
                tell(How::Digest { was: *was, is: *is });
            }
        });
    }
    found
}

fn pairs<T>(
    was: &BTreeMap<String, T>,
    is: &BTreeMap<String, T>,
    what: &'static str,
    found: &mut Vec<Change>,
    differ: impl Fn(&T, &T, &mut dyn FnMut(How)),
) {
    let mut add = |name: &String, how| found.push(Change { name: name.clone(), what, how });
    for (name, is) in is {
        match was.get(name) {
            Some(was) => differ(was, is, &mut |how| add(name, how)),
            None => add(name, How::New),
        }
    }
    for name in was.keys().filter(|name| !is.contains_key(*name)) {
        add(name, How::Gone);
    }
}
