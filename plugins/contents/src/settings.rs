//! What the policy file may say, and what is wrong with it.

use lockgate_plugin::form::{Problems, Table, at};
use lockgate_plugin::json::Value;
use lockgate_plugin::{Problem, glob};

use crate::paths::{ROUNDABOUT, covers};
use crate::secrets;

/// The codes that `wit/contents.wit` knows, and our own. The host may come to know more.
const AMBIGUITIES: &[&str] = &[
    "colliding-path",
    "conflicting-header",
    "conflicting-name",
    "duplicate-path",
    "escaping-link",
    "escaping-path",
    ROUNDABOUT,
    "through-link",
    "trailing-data",
    "unreadable-name",
];

/// The longest regular expression that the host compiles, in bytes.
const MAX_REGEX: usize = 4 << 10;

/// How many patterns there may be: each is another pass over the bytes.
const MAX_PATTERNS: usize = 32;

/// The settings. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// Whether files are searched for secrets.
    pub(crate) secrets: Option<Secrets>,
    /// What becomes of files that change who runs them.
    pub(crate) setuid: Option<Check>,
    /// What becomes of what everybody may write.
    pub(crate) world_writable: Option<Check>,
    /// Where entries without permissions are allowed although those are judged.
    pub(crate) unstated_modes: Option<Check>,
    /// What becomes of devices and pipes.
    pub(crate) device_files: Option<Check>,
    /// How many files there are at the most.
    pub(crate) max_files: Option<u64>,
    /// How many bytes each has at the most.
    pub(crate) max_size: Option<u64>,
    /// How many bytes all have together at the most.
    pub(crate) max_total_size: Option<u64>,
    /// Where nothing may lie.
    pub(crate) forbidden: Option<Vec<String>>,
    /// Where a file has to lie.
    pub(crate) required: Option<Vec<String>>,
    /// Codes of ambiguities that are allowed.
    pub(crate) ambiguities: Option<Check>,
}

/// Something that is denied, but for what is listed: globs for paths, or codes.
#[derive(Debug, Default)]
pub(crate) struct Check {
    pub(crate) allow: Vec<String>,
}

/// How files are searched for secrets.
#[derive(Debug, Default)]
pub(crate) struct Secrets {
    pub(crate) allow: Vec<Allowed>,
    pub(crate) patterns: Vec<Pattern>,
}

/// A finding that is allowed.
#[derive(Debug)]
pub(crate) struct Allowed {
    /// A glob for the paths of the files.
    pub(crate) path: String,
    /// Which detector may find something there.
    pub(crate) detector: String,
    /// The digest of the file, if it may be this file alone.
    pub(crate) digest: Option<String>,
}

/// Why a search does not take a regular expression, if it does not: the host's word.
type Refused<'r> = &'r dyn Fn(&str) -> Option<String>;

/// What is looked for beside what is known.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) name: String,
    pub(crate) regex: String,
}

impl Settings {
    /// The settings as they are written, or all that is wrong with them: of a wrong form, vacuous, or
    /// impossible to meet.
    pub(crate) fn read(value: &Value, refused: Refused<'_>) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let read = Self::members(value, refused, &mut problems);
        problems.or(read)
    }

    fn members(value: &Value, refused: Refused<'_>, told: &mut Problems) -> Option<Self> {
        let table = told.table(
            value,
            "",
            &[
                "secrets",
                "setuid",
                "world-writable",
                "unstated-modes",
                "device-files",
                "max-files",
                "max-size",
                "max-total-size",
                "forbidden",
                "required",
                "ambiguities",
            ],
        )?;
        let secrets = table.get("secrets");
        let settings = Self {
            secrets: secrets.map(|value| secrets_of(value, &table.at("secrets"), refused, told)),
            setuid: check(&table, "setuid", PATH, &glob::problem, told),
            world_writable: check(&table, "world-writable", PATH, &glob::problem, told),
            unstated_modes: check(&table, "unstated-modes", PATH, &glob::problem, told),
            device_files: check(&table, "device-files", PATH, &glob::problem, told),
            max_files: number(&table, "max-files", COUNT, told),
            max_size: number(&table, "max-size", SIZE, told),
            max_total_size: number(&table, "max-total-size", SIZE, told),
            forbidden: table.texts("forbidden", "**/*.pem", &glob::problem, told),
            required: table.texts("required", "LICENSE", &glob::problem, told),
            ambiguities: check(&table, "ambiguities", "duplicate-path", &no_code, told),
        };
        settings.contradictions(told);
        Some(settings)
    }

    /// What cannot be met, or says nothing.
    fn contradictions(&self, problems: &mut Problems) {
        if self.unstated_modes.is_some() && self.setuid.is_none() && self.world_writable.is_none() {
            let why = "says nothing without `setuid` or `world-writable`: set one of them";
            problems.add("/unstated-modes", why);
        }
        if let (Some(one), Some(all)) = (self.max_size, self.max_total_size)
            && one > all
        {
            let why = "larger than `max-total-size`, so it says nothing: make it smaller";
            problems.add("/max-size", why);
        }
        let forbidden = self.forbidden.as_deref().unwrap_or_default();
        for (index, glob) in self.required.as_deref().unwrap_or_default().iter().enumerate() {
            // One that names a single path cannot be met below a forbidden one either.
            let is_path = !glob.contains(['*', '?']);
            let rules_out = |other: &String| other == glob || is_path && covers(other, glob);
            if forbidden.iter().any(rules_out) {
                let why = ["`", glob, "` is both forbidden and required"].concat();
                problems.add(&at("/required", index), why);
            }
        }
    }
}

/// What numbers are like.
const COUNT: &str = "a number of at least 1, for example `10000`";
const SIZE: &str = "a number of bytes of at least 1, for example `\"64MiB\"`";

/// A glob for a path, for messages.
const PATH: &str = "usr/bin/sudo";

/// A number of at least one: of bytes, as policy files have them elsewhere, with a unit or without.
fn number(table: &Table<'_>, key: &str, what: &str, problems: &mut Problems) -> Option<u64> {
    let value = table.get(key)?;
    let number = match value {
        Value::Number(number) => number.parse().ok(),
        Value::String(text) if what == SIZE => bytes(text),
        _ => None,
    };
    if number.is_none_or(|number| number == 0) {
        problems.wrong(&table.at(key), what, value);
    }
    number
}

fn bytes(text: &str) -> Option<u64> {
    let units = [("KiB", 10), ("MiB", 20), ("GiB", 30)];
    let (digits, shift) = units
        .iter()
        .find_map(|(unit, shift)| text.strip_suffix(unit).map(|digits| (digits, *shift)))?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

/// `"deny"`, or a table that says what is allowed.
fn check(
    table: &Table<'_>,
    key: &str,
    example: &str,
    wrong: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems,
) -> Option<Check> {
    let (value, pointer) = (table.get(key)?, table.at(key));
    match value {
        Value::String(text) if text == "deny" => Some(Check::default()),
        Value::Object(_) => {
            let table = problems.table(value, &pointer, &["allow"])?;
            if !table.has("allow") {
                problems.add(&pointer, "give `allow`, or write `\"deny\"`");
            }
            Some(Check { allow: table.texts("allow", example, wrong, problems)? })
        }
        _ => {
            problems.wrong(&pointer, "`\"deny\"`, or a table with `allow`", value);
            None
        }
    }
}

fn no_code(code: &str) -> Option<String> {
    let known = AMBIGUITIES.contains(&code);
    (!known).then(|| ["`", code, "` is no code: one of `", &AMBIGUITIES.join("`, `"), "`"].concat())
}

fn secrets_of(
    value: &Value,
    pointer: &str,
    refused: Refused<'_>,
    problems: &mut Problems,
) -> Secrets {
    let mut secrets = Secrets::default();
    if value == &Value::Bool(true) {
        return secrets;
    }
    if !matches!(value, Value::Object(_)) {
        let expected = "`true`, or a table with `allow`, `patterns` or both";
        problems.wrong(pointer, expected, value);
        return secrets;
    }
    let Some(table) = problems.table(value, pointer, &["allow", "patterns"]) else {
        return secrets;
    };
    if table.is_empty() {
        problems.add(pointer, "give `allow`, `patterns` or both, or write `true`");
    }
    if let Some(value) = table.get("patterns") {
        secrets.patterns = patterns(value, &table.at("patterns"), refused, problems);
    }
    if let Some(value) = table.get("allow") {
        secrets.allow = allowed(value, &table.at("allow"), &secrets.patterns, problems);
    }
    secrets
}

fn patterns(
    value: &Value,
    pointer: &str,
    refused: Refused<'_>,
    problems: &mut Problems,
) -> Vec<Pattern> {
    let no_regex = |regex: &str| {
        let why = if regex.len() > MAX_REGEX {
            Some("longer than 4096 bytes".into())
        } else {
            refused(regex)
        };
        why.map(|why| [&why, ": write one as `acme_[0-9a-f]{32}`"].concat())
    };
    let mut patterns: Vec<Pattern> = Vec::new();
    let expected = "a list of tables, for example \
                    `[{ name = \"acme-token\", regex = \"acme_[0-9a-f]{32}\" }]`";
    problems.elements(value, pointer, expected, &mut |value, at, problems| {
        let Some(table) = problems.table(value, at, &["name", "regex"]) else { return };
        let name = needed(&table, "name", "acme-token", &no_name, problems);
        let regex = needed(&table, "regex", "acme_[0-9a-f]{32}", &no_regex, problems);
        let (Some(name), Some(regex)) = (name, regex) else { return };
        if patterns.iter().any(|before| before.name == name) {
            problems.add(&table.at("name"), ["`", &name, "` is named twice"].concat());
        }
        patterns.push(Pattern { name, regex });
    });
    if patterns.len() > MAX_PATTERNS {
        problems.add(pointer, "32 at the most: join some by `|`");
    }
    patterns
}

fn allowed(
    value: &Value,
    pointer: &str,
    patterns: &[Pattern],
    problems: &mut Problems,
) -> Vec<Allowed> {
    let no_detector = |id: &str| {
        let known = secrets::is_known(id) || patterns.iter().any(|own| own.name == id);
        (!known).then(|| {
            let ids = secrets::ids().join("`, `");
            ["`", id, "` is no detector: one of `", &ids, "`, or a name in `patterns`"].concat()
        })
    };
    let mut allowed = Vec::new();
    let expected = "a list of tables, for example \
                    `[{ path = \"tests/keys/**\", detector = \"pem-private-key\" }]`";
    problems.elements(value, pointer, expected, &mut |value, at, problems| {
        let Some(table) = problems.table(value, at, &["path", "detector", "digest"]) else {
            return;
        };
        let path = needed(&table, "path", "tests/keys/**", &glob::problem, problems);
        let detector = needed(&table, "detector", "pem-private-key", &no_detector, problems);
        let digest = |text: &str| is_digest(text).then(|| text.to_owned());
        let expected = "`sha256:` and 64 lower-case hexadecimal digits";
        let digest = table.text("digest", expected, digest, problems);
        if let (Some(path), Some(detector)) = (path, detector) {
            allowed.push(Allowed { path, detector, digest });
        }
    });
    allowed
}

/// A text that has to be there.
fn needed(
    table: &Table<'_>,
    key: &str,
    example: &str,
    wrong: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems,
) -> Option<String> {
    let expected = ["a text, for example `\"", example, "\"`"].concat();
    let text = table.required(key, &expected, |text| Some(text.to_owned()), problems)?;
    if let Some(why) = wrong(&text) {
        problems.add(&table.at(key), why);
    }
    Some(text)
}

fn no_name(name: &str) -> Option<String> {
    let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(kebab) {
        return Some("lower-case letters, digits and `-`, for example `acme-token`".into());
    }
    secrets::is_known(name).then(|| ["`", name, "` is built in: choose another name"].concat())
}

fn is_digest(text: &str) -> bool {
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.strip_prefix("sha256:").is_some_and(|digits| digits.len() == 64 && digits.bytes().all(hex))
}
