//! A policy that notes everything it can see: `{ "look": ["sbom", "contents"] }`.
//!
//! The tests run it to see what the host answers through every function of the interfaces. Each
//! answer is a note, so a report is what a policy sees. It is never embedded.
#![forbid(unsafe_code)]

mod archive;
mod bom;
mod file;
mod past;
mod run;
mod scan;

use lockgate_plugin::{Description, Failure, Policy, Problem, Report, Rule};
use serde::Deserialize;

/// The one rule: whatever is asked for is noted.
const SEEN: Rule =
    Rule { code: "seen", title: "Everything is noted", remediation: "Nothing is to be done." };

/// Where to look, and the questions to ask there.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Settings {
    look: Vec<Where>,
    /// Each a list of narrowings: `["purl-pattern pkg:npm/*", "has license"]`.
    #[serde(default)]
    ask: Vec<Vec<String>>,
    /// Signers whose VEX counts; all where it is not there.
    vex: Option<Vec<String>>,
    /// Regular expressions to search files for, and literals behind `=`.
    #[serde(default)]
    search: Vec<String>,
    /// Tables of data files, and what to ask them.
    #[serde(default)]
    tables: Vec<file::Table>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Where {
    Sbom,
    Vulnerabilities,
    Tests,
    Contents,
    Data,
    History,
}

struct Survey(Settings);

impl Policy for Survey {
    type Settings = Settings;

    const DESCRIPTION: Description = Description {
        name: "survey",
        version: env!("CARGO_PKG_VERSION"),
        rules: &[SEEN],
        settings_schema: r#"{"type":"object","required":["look"]}"#,
        needs: &[],
        uses: &["sbom", "vulnerabilities", "vex", "test-result"],
    };

    fn new(settings: Settings) -> Result<Self, Vec<Problem>> {
        Ok(Self(settings))
    }

    fn reads(&self) -> Vec<String> {
        let uses = Self::DESCRIPTION.uses.iter();
        let mut words: Vec<String> = uses.map(|&word| word.into()).collect();
        words.extend(["contents".into(), "history".into()]);
        if self.0.look.contains(&Where::Data) {
            words.push("data".into());
        }
        words
    }

    fn evaluate(&self) -> Result<Report, Failure> {
        let mut notes = Notes::default();
        for place in &self.0.look {
            match place {
                Where::Sbom => bom::look(&mut notes, &self.0)?,
                Where::Vulnerabilities => scan::look(&mut notes, &self.0)?,
                Where::Tests => run::look(&mut notes)?,
                Where::Contents => archive::look(&mut notes, &self.0)?,
                Where::Data => file::look(&mut notes, &self.0.tables)?,
                Where::History => past::look(&mut notes)?,
            }
        }
        let mut report = Report::new();
        // Numbered, for the host sorts findings by their words.
        for (number, note) in notes.0.into_iter().enumerate() {
            report.note(SEEN, format!("{number:04} {note}"));
        }
        report.checked(SEEN);
        Ok(report)
    }
}

/// What was seen, in order.
#[derive(Default)]
struct Notes(Vec<String>);

impl Notes {
    fn add(&mut self, note: impl Into<String>) {
        self.0.push(note.into());
    }

    /// A name and what it has, in Rust's own notation, so that nothing is hidden.
    fn seen(&mut self, name: &str, value: impl std::fmt::Debug) {
        self.0.push(format!("{name}: {value:?}"));
    }
}

/// A narrowing's word and its argument.
fn words(narrowing: &str) -> (&str, &str) {
    narrowing.split_once(' ').unwrap_or((narrowing, ""))
}

fn unknown(narrowing: &str) -> Failure {
    format!("`{narrowing}` is no narrowing").into()
}

fn number(text: &str) -> Result<u32, Failure> {
    text.parse().map_err(|_| Failure::from(format!("`{text}` is no number")))
}

lockgate_plugin::export!(Survey);
