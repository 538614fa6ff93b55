//! What the policy file may say, and what is wrong with it.

use std::collections::BTreeSet;

use lockgate_facts::{Caps, Section};
use lockgate_plugin::{Level, Problem};
use serde::Deserialize;

use crate::judge::Ruling;
use crate::language::{Empty, Program, Scope, Type};

/// The most rules that one policy has. More are several policies, and those can be waived apart.
const MAX_RULES: usize = 64;

/// The longest message, remediation or code, in bytes: a person reads it in a list.
const MAX_TEXT: usize = 500;

/// An expression that is right, for messages.
const EXAMPLE: &str = "sbom.all(d, size(d.signers) > 0)";

/// A rule that is right, for messages.
const RULE: &str = "for example `{ code = \"signed\", that = \"sbom.all(d, size(d.signers) > 0)\", \
                    message = \"nobody signed the SBOM\" }`";

/// The settings as written. `settings.schema.json` says the same to people and editors, but for the
/// expressions. What has to be there and is not is refused as if it were empty: with an example.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// The sections of the facts.
    #[serde(default)]
    pub input: Vec<String>,
    /// What has to be true of them.
    #[serde(default)]
    pub rules: Vec<RuleText>,
    /// What an empty list means.
    pub empty: Option<EmptyWord>,
    /// Whose VEX counts.
    pub honour_vex: Option<Vec<String>>,
    /// The most rows of a section.
    pub max_rows: Option<u32>,
    /// The most bytes of a section.
    pub max_bytes: Option<u32>,
}

/// One rule as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RuleText {
    /// What findings call it.
    #[serde(default)]
    pub code: String,
    /// The expression that has to be true.
    #[serde(default)]
    pub that: String,
    /// What is said where it is not.
    #[serde(default)]
    pub message: String,
    /// What to do then.
    pub remediation: Option<String>,
    /// How much it weighs.
    pub level: Option<LevelWord>,
    /// An expression for what a finding is about.
    pub about: Option<String>,
    /// An expression for a list, of each element of which `that` is asked.
    pub for_each: Option<String>,
    /// What an empty list means here.
    pub empty: Option<EmptyWord>,
}

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LevelWord {
    /// It fails the policy.
    Violation,
    /// It is shown.
    Warning,
    /// It is shown, for the record.
    Note,
}

/// What an empty list means.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EmptyWord {
    /// Nobody knows.
    Withhold,
    /// What the language says.
    Pass,
    /// The rule fails.
    Fail,
}

impl From<EmptyWord> for Empty {
    fn from(word: EmptyWord) -> Self {
        match word {
            EmptyWord::Withhold => Self::Withhold,
            EmptyWord::Pass => Self::Pass,
            EmptyWord::Fail => Self::Fail,
        }
    }
}

impl Settings {
    pub(crate) fn caps(&self) -> Caps {
        let default = Caps::default();
        Caps {
            rows: self.max_rows.unwrap_or(default.rows),
            bytes: self.max_bytes.unwrap_or(default.bytes),
        }
    }

    /// The sections and the expressions, checked; or all that is wrong.
    pub(crate) fn read(&self) -> Result<(Vec<Section>, Vec<Ruling>), Vec<Problem>> {
        let mut problems = self.problems();
        let sections = match Section::all(&self.input) {
            Ok(sections) => sections,
            Err(wrong) => {
                let problem = |(number, why)| Problem::new(format!("/input/{number}"), why);
                problems.extend(wrong.into_iter().map(problem));
                // Without them no expression can be checked.
                return Err(problems);
            }
        };
        let mut rulings = Vec::new();
        let mut codes = BTreeSet::new();
        for (number, text) in self.rules.iter().enumerate().take(MAX_RULES) {
            let place = format!("/rules/{number}");
            if !codes.insert(&text.code) && !text.code.is_empty() {
                let why = format!("`{}` is the code of another rule, too", text.code);
                problems.push(Problem::new(format!("{place}/code"), why));
            }
            rulings.extend(self.ruling(text, &sections, &place, &mut problems));
        }
        if problems.is_empty() {
            self.unread(&sections, &rulings, &mut problems);
        }
        if problems.is_empty() { Ok((sections, rulings)) } else { Err(problems) }
    }

    /// What is wrong beside the expressions.
    fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let mut problem = |pointer: &str, why: &str| problems.push(Problem::new(pointer, why));
        if self.input.is_empty() {
            problem("/input", "name at least one section of the facts, for example `[\"sbom\"]`");
        }
        if self.rules.is_empty() {
            problem("/rules", &["give at least one rule, ", RULE].concat());
        }
        if self.rules.len() > MAX_RULES {
            problem("/rules", "64 rules are the most; make several policies of them");
        }
        for (pointer, cap) in [("/max-rows", self.max_rows), ("/max-bytes", self.max_bytes)] {
            if cap == Some(0) {
                problem(pointer, "at least 1, for example 50000");
            }
        }
        let Some(names) = &self.honour_vex else { return problems };
        if names.is_empty() {
            let why =
                "name at least one signer, for example `[\"security\"]`, or leave the key out";
            problem("/honour-vex", why);
        }
        if !self.input.iter().any(|word| word == "scans.rows") {
            let why = "VEX is said of rows: add `scans.rows` to `input`, or leave the key out";
            problem("/honour-vex", why);
        }
        let mut seen = BTreeSet::new();
        for (number, name) in names.iter().enumerate() {
            let pointer = format!("/honour-vex/{number}");
            if name.is_empty() {
                problem(&pointer, "a signer's name, as `[trust]` gives it, for example `security`");
            } else if !seen.insert(name) {
                problem(&pointer, &format!("`{name}` is named twice"));
            }
        }
        problems
    }

    /// One rule, or all that is wrong with it.
    fn ruling(
        &self,
        text: &RuleText,
        sections: &[Section],
        place: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<Ruling> {
        let before = problems.len();
        text.problems(place, problems);
        let mut program = |key: &str, text: &str, it: Option<Type>| {
            let read = Program::new(text, &Scope { sections, it });
            read.map_err(|why| {
                let why = format!("{why}; a right expression is `{EXAMPLE}`");
                problems.push(Problem::new(format!("{place}/{key}"), why));
            })
            .ok()
        };
        let each = match &text.for_each {
            Some(each) => Some(program("for-each", each, None)?),
            None => None,
        };
        let it = each.as_ref().map(|each| each.gives().element());
        let that = program("that", &text.that, it.clone());
        let about = text.about.as_ref().map(|about| program("about", about, it));
        let (Some(that), Some(about)) = (that, about.map_or(Some(None), |about| about.map(Some)))
        else {
            return None;
        };
        let mut problem = |key: &str, why: String| {
            problems.push(Problem::new(format!("{place}/{key}"), why));
        };
        if !matches!(that.gives(), Type::Bool | Type::Any) {
            let gives = that.gives();
            problem("that", format!("true or false is wanted, and this is {gives}: compare it"));
        }
        if let Some(about) = &about
            && !matches!(about.gives().stated(), Type::Text | Type::Any)
        {
            let gives = about.gives();
            problem("about", format!("a string is wanted, and this is {gives}: `string(…)`"));
        }
        match &each {
            Some(each) if !matches!(each.gives().stated(), Type::List(_) | Type::Any) => {
                let gives = each.gives();
                problem("for-each", format!("a list is wanted, and this is {gives}"));
            }
            Some(each) if each.names().is_empty() => {
                problem("for-each", "it reads none of the facts, so it is always the same".into());
            }
            Some(_) if !that.names().contains("it") => {
                problem("that", "it does not speak of `it`, so it is the same for each".into());
            }
            None if that.names().is_empty() => {
                problem("that", "it reads none of the facts, so it is always the same".into());
            }
            _ => {}
        }
        let ruling = Ruling {
            code: text.code.clone(),
            that,
            each,
            about,
            message: text.message.clone(),
            remediation: text.remediation.clone(),
            level: match text.level {
                None | Some(LevelWord::Violation) => Level::Violation,
                Some(LevelWord::Warning) => Level::Warning,
                Some(LevelWord::Note) => Level::Note,
            },
            empty: text.empty.or(self.empty).map_or(Empty::default(), Empty::from),
        };
        (problems.len() == before).then_some(ruling)
    }

    /// Sections that no expression reads: a policy looks at nothing that it does not use.
    fn unread(&self, sections: &[Section], rulings: &[Ruling], problems: &mut Vec<Problem>) {
        let programs = || {
            rulings.iter().flat_map(|ruling| {
                [Some(&ruling.that), ruling.each.as_ref(), ruling.about.as_ref()]
            })
        };
        for (number, section) in sections.iter().enumerate() {
            let word = section.word();
            let read = programs().flatten().any(|program| match section {
                Section::Data(_) => program.names().contains(&format!("data.{}", section.key())),
                _ => program.reads().contains(word.as_str()),
            });
            if !read {
                let why = format!("no expression reads `{word}`: leave it out");
                problems.push(Problem::new(format!("/input/{number}"), why));
            }
        }
    }
}

impl RuleText {
    /// What is wrong beside the expressions.
    fn problems(&self, place: &str, problems: &mut Vec<Problem>) {
        let mut problem = |key: &str, why: String| {
            problems.push(Problem::new(format!("{place}/{key}"), why));
        };
        if !is_code(&self.code) {
            let why = "lower-case letters and digits in words that single dashes join, 64 at the \
                       most, for example `all-licensed`";
            problem("code", why.into());
        }
        let texts = [
            ("message", Some(&self.message), "a component states no license"),
            ("remediation", self.remediation.as_ref(), "State the license in the SBOM."),
        ];
        for (key, text, example) in texts {
            let Some(text) = text else { continue };
            if text.trim().is_empty() || text.len() > MAX_TEXT {
                let why = format!("a sentence of 1 to {MAX_TEXT} bytes, for example `{example}`");
                problem(key, why);
            }
        }
    }
}

/// The form of the codes of rules, here as anywhere.
fn is_code(code: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty()
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    code.len() <= 64 && code.split('-').all(word)
}
