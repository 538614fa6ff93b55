//! The doors for fuzzers of policy files and of reports.
//!
//! Only behind the feature `fuzzing`, which no release has. A policy file names other files, and a
//! fuzzer shall not open whatever it comes to write there: within [`config`], the files that there
//! are lie in memory.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use camino::{Utf8Path, Utf8PathBuf};
use lockgate_model::Text;
use serde_json::{Map, Value};

use crate::config::{Config, Problems};
use crate::explain::explain;
use crate::record::Format;
use crate::render;
use crate::reread::{RereadError, read_report};

/// A door, and the name by which its target and its corpus are called.
pub type Door = (&'static str, fn(&[u8]));

/// All of this crate.
pub const DOORS: &[Door] = &[("config", config), ("report", report)];

/// Where the parts of an input lie; they have a zero byte between them, which no TOML has.
const FILES: [&str; 4] = ["lockgate.toml", "policies/set.toml", "trust/key.pub", "trust/root.json"];

/// The key that lies there where an input has none: the one of RFC 8410, section 10.1.
const KEY: &[u8] = b"-----BEGIN PUBLIC KEY-----\n\
    MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n";

type Files = BTreeMap<Utf8PathBuf, Vec<u8>>;

thread_local! {
    /// The files that there are; none where it is not a fuzzer that asks.
    static IN_MEMORY: RefCell<Option<Files>> = const { RefCell::new(None) };
}

/// A file, if it lies in memory, where a fuzzer asks; none where files lie where they always do.
pub(crate) fn in_memory(path: &Utf8Path) -> Option<Option<Vec<u8>>> {
    IN_MEMORY.with_borrow(|files| files.as_ref().map(|files| files.get(path).cloned()))
}

/// A policy file, and the policy set, the key and the trusted root that it may name.
///
/// # Panics
///
/// A law does not hold.
pub fn config(bytes: &[u8]) {
    let mut files = Files::from([(FILES[2].into(), KEY.to_vec())]);
    for (name, part) in FILES.iter().zip(bytes.splitn(4, |byte| *byte == 0)) {
        files.insert((*name).into(), part.to_vec());
    }
    IN_MEMORY.set(Some(files));
    let read = || Config::read(FILES[0].into());
    match read() {
        Ok(config) => {
            let again = read().expect("the same file is as good as before");
            assert_eq!(summary(&config), summary(&again), "the same file says the same");
            good(&config);
        }
        Err(problems) => told(&problems),
    }
    IN_MEMORY.set(None);
}

/// A report that `check` may have written.
///
/// # Panics
///
/// A law does not hold.
pub fn report(bytes: &[u8]) {
    let report = match read_report("report", bytes) {
        Ok(report) => report,
        Err(refused) => {
            // The command line escapes the rest, which is what the caller typed.
            if let RereadError::Other { why, .. } | RereadError::Schema { schema: why, .. } =
                refused
            {
                harmless(why.as_str());
            }
            return;
        }
    };
    let written = render::json(&report);
    let again = read_report("again", written.as_bytes()).expect("what is written is read again");
    assert_eq!(again, report, "and is the same");
    let explained = explain(&report, None).expect("nobody asks for one policy");
    for format in Format::OF_EXPLANATION {
        let text = render::explanation(&explained, *format).expect("it is for explanations");
        harmless(&text);
        assert!(text.lines().all(|line| !line.trim_start().starts_with("::")), "GitHub obeys it");
    }
    for policy in &report.policies {
        let one = explain(&report, Some(&policy.name)).expect("the policy is there");
        assert!(!one.policies.is_empty());
    }
    for format in Format::ALL {
        let text = render::check(&report, *format);
        if *format == Format::Human {
            continue;
        }
        harmless(&text);
        match format {
            Format::Json | Format::Sarif => {
                serde_json::from_str::<Value>(&text).expect("it is JSON");
            }
            Format::Junit => {
                let forbidden = |c: char| matches!(c, '\u{fffe}' | '\u{ffff}');
                assert!(!text.contains(forbidden), "XML has no such character");
            }
            Format::Markdown => assert!(text.len() < 1 << 20, "GitHub shows no such summary"),
            Format::Github => {
                let is_ours = |line: &str| line.starts_with("::") || line.starts_with("lockgate: ");
                assert!(text.lines().all(is_ours), "a line is no command of ours");
            }
            Format::Html | Format::Human => {}
        }
    }
}

/// Nothing in it drives a terminal or a CI system.
fn harmless(text: &str) {
    for line in text.split('\n') {
        assert_eq!(Text::escaped(line), *line, "a text holds what a terminal would obey");
    }
}

/// Problems are told, and nothing in them drives a terminal.
fn told(problems: &Problems) {
    let shown = problems.render(false);
    assert!(!problems.is_empty() && !shown.trim().is_empty());
    for line in shown.lines() {
        assert_eq!(Text::escaped(line), *line, "a message holds what a terminal would obey");
        assert!(!line.contains("##["), "a message holds what a CI system would obey");
    }
}

/// A configuration that is taken can be enforced: no stage is open to all, no name is twice, and
/// whoever is expected to sign is known.
fn good(config: &Config) {
    for stage in &config.stages {
        assert!(!stage.policies.is_empty(), "a stage without policies lets everything in");
        let names: BTreeSet<_> = stage.policies.iter().map(|policy| &policy.name).collect();
        assert_eq!(names.len(), stage.policies.len());
        for expected in &stage.expects {
            assert!(expected.count > 0);
            assert!(expected.signer.as_ref().is_none_or(|signer| config.trust.contains(signer)));
        }
        for policy in &stage.policies {
            serde_json::from_str::<Map<String, Value>>(&policy.settings).expect("an object");
            assert!(policy.limits.fuel > 0 && policy.limits.memory > 0);
        }
    }
    assert!(config.caps.document_bytes > 0 && config.caps.artifact_bytes > 0);
}

/// What a configuration says, but for the bytes of its components.
fn summary(config: &Config) -> String {
    let Config { trust, caps, stages, .. } = config;
    let policies = stages.iter().flat_map(|stage| &stage.policies);
    let policies: Vec<_> = policies
        .map(|policy| (&policy.name, policy.plugin.written(), &policy.settings, &policy.limits))
        .collect();
    let expects: Vec<_> = stages.iter().map(|stage| (&stage.name, &stage.expects)).collect();
    format!("{trust:?} {caps:?} {expects:?} {policies:?}")
}
