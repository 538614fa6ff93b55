//! What the policy file may say, and what is wrong with it.

use lockgate_plugin::form::{Form, Problems, Table, at};
use lockgate_plugin::{Problem, glob};

use crate::paths::ROUNDABOUT;
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

/// What is looked for beside what is known.
#[derive(Debug)]
pub(crate) struct Pattern {
    pub(crate) name: String,
    pub(crate) regex: String,
}

impl Settings {
    /// The settings as they are written, or all that is wrong with them: of a wrong form, vacuous, or
    /// impossible to meet.
    pub(crate) fn read(form: Form) -> Result<Self, Vec<Problem>> {
        let mut problems = Problems::default();
        let mut table = problems.table(
            form,
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
        );
        let told = &mut problems;
        let settings = Self {
            secrets: table.take("secrets").map(|(form, at)| secrets_of(form, &at, told)),
            setuid: check(&mut table, "setuid", &glob::problem, told),
            world_writable: check(&mut table, "world-writable", &glob::problem, told),
            unstated_modes: check(&mut table, "unstated-modes", &glob::problem, told),
            device_files: check(&mut table, "device-files", &glob::problem, told),
            max_files: number(&mut table, "max-files", COUNT, told),
            max_size: number(&mut table, "max-size", SIZE, told),
            max_total_size: number(&mut table, "max-total-size", SIZE, told),
            forbidden: globs(&mut table, "forbidden", told),
            required: globs(&mut table, "required", told),
            ambiguities: check(&mut table, "ambiguities", &no_code, told),
        };
        settings.contradictions(told);
        problems.or(settings)
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
            if forbidden.contains(glob) {
                let why = ["`", glob, "` is both forbidden and required"].concat();
                problems.add(&at("/required", index), why);
            }
        }
    }
}

/// What numbers are like.
const COUNT: &str = "a number of at least 1, for example 10000";
const SIZE: &str = "a number of bytes of at least 1, for example `\"64MiB\"`";

/// A number of at least one: of bytes, as policy files have them elsewhere, with a unit or without.
fn number(table: &mut Table, key: &str, what: &str, problems: &mut Problems) -> Option<u64> {
    let (form, pointer) = table.take(key)?;
    let number = match form {
        Form::Number(number) => Some(number),
        Form::Text(text) if what == SIZE => bytes(&text),
        _ => None,
    };
    if number.is_none_or(|number| number == 0) {
        problems.wrong(&pointer, what);
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

fn globs(table: &mut Table, key: &str, problems: &mut Problems) -> Option<Vec<String>> {
    let (form, pointer) = table.take(key)?;
    Some(problems.texts(form, &pointer, &glob::problem))
}

/// `"deny"`, or a table that says what is allowed.
fn check(
    table: &mut Table,
    key: &str,
    wrong: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems,
) -> Option<Check> {
    let (form, pointer) = table.take(key)?;
    if form == Form::Text("deny".to_owned()) {
        return Some(Check::default());
    }
    if !matches!(form, Form::Table(_)) {
        problems.wrong(&pointer, "`\"deny\"`, or a table with `allow`");
        return None;
    }
    let mut table = problems.table(form, &pointer, &["allow"]);
    let Some((form, at)) = table.take("allow") else {
        problems.add(&pointer, "give `allow`, or write `\"deny\"`");
        return None;
    };
    Some(Check { allow: problems.texts(form, &at, wrong) })
}

fn no_code(code: &str) -> Option<String> {
    let known = AMBIGUITIES.contains(&code);
    (!known).then(|| ["`", code, "` is no code: one of `", &AMBIGUITIES.join("`, `"), "`"].concat())
}

fn secrets_of(form: Form, pointer: &str, problems: &mut Problems) -> Secrets {
    let mut secrets = Secrets::default();
    if form == Form::Flag(true) {
        return secrets;
    }
    if !matches!(form, Form::Table(_)) {
        problems.wrong(pointer, "`true`, or a table with `allow`, `patterns` or both");
        return secrets;
    }
    let mut table = problems.table(form, pointer, &["allow", "patterns"]);
    if table.is_empty() {
        problems.add(pointer, "give `allow`, `patterns` or both, or write `true`");
    }
    if let Some((form, at)) = table.take("patterns") {
        secrets.patterns = list(form, &at, problems, &mut |form, at, problems| {
            let mut table = problems.table(form, at, &["name", "regex"]);
            Pattern {
                name: needed(&mut table, "name", &no_name, problems),
                regex: needed(&mut table, "regex", &no_regex, problems),
            }
        });
        for (index, pattern) in secrets.patterns.iter().enumerate() {
            if secrets.patterns.iter().take(index).any(|before| before.name == pattern.name) {
                let why = ["`", &pattern.name, "` is named twice"].concat();
                problems.add(&[&lockgate_plugin::form::at(&at, index), "/name"].concat(), why);
            }
        }
        if secrets.patterns.len() > MAX_PATTERNS {
            problems.add(&at, "32 at the most: join some by `|`");
        }
    }
    if let Some((form, at)) = table.take("allow") {
        let patterns = &secrets.patterns;
        secrets.allow = list(form, &at, problems, &mut |form, at, problems| {
            let mut table = problems.table(form, at, &["path", "detector", "digest"]);
            let no_detector = |id: &str| {
                let known = secrets::is_known(id) || patterns.iter().any(|own| own.name == id);
                (!known).then(|| {
                    let ids = secrets::ids().join("`, `");
                    ["`", id, "` is no detector: one of `", &ids, "`, or a name in `patterns`"]
                        .concat()
                })
            };
            Allowed {
                path: needed(&mut table, "path", &glob::problem, problems),
                detector: needed(&mut table, "detector", &no_detector, problems),
                digest: table.take("digest").map(|(form, at)| {
                    let digest = problems.text(form, &at);
                    if !is_digest(&digest) {
                        problems.wrong(&at, "`sha256:` and 64 lower-case hexadecimal digits");
                    }
                    digest
                }),
            }
        });
    }
    secrets
}

fn list<T>(
    form: Form,
    pointer: &str,
    problems: &mut Problems,
    each: &mut dyn FnMut(Form, &str, &mut Problems) -> T,
) -> Vec<T> {
    let Form::List(forms) = form else {
        problems.wrong(pointer, "a list of tables");
        return Vec::new();
    };
    if forms.is_empty() {
        problems.add(pointer, "name at least one, or leave the key out");
    }
    let read = |(index, form)| each(form, &at(pointer, index), problems);
    forms.into_iter().enumerate().map(read).collect()
}

/// A text that has to be there.
fn needed(
    table: &mut Table,
    key: &str,
    wrong: &dyn Fn(&str) -> Option<String>,
    problems: &mut Problems,
) -> String {
    let Some((form, pointer)) = table.take(key) else {
        problems.add(&table.pointer_to(key), ["`", key, "` is missing"].concat());
        return String::new();
    };
    if !matches!(form, Form::Text(_)) {
        return problems.text(form, &pointer);
    }
    let text = problems.text(form, &pointer);
    if let Some(why) = wrong(&text) {
        problems.add(&pointer, why);
    }
    text
}

fn no_name(name: &str) -> Option<String> {
    let kebab = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if name.is_empty() || !name.chars().all(kebab) {
        return Some("lower-case letters, digits and `-`, for example `acme-token`".into());
    }
    secrets::is_known(name).then(|| ["`", name, "` is built in: choose another name"].concat())
}

fn no_regex(regex: &str) -> Option<String> {
    let fits = (1..=MAX_REGEX).contains(&regex.len());
    (!fits).then(|| "1 to 4096 bytes, for example `acme_[0-9a-f]{32}`".into())
}

fn is_digest(text: &str) -> bool {
    let hex = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    text.strip_prefix("sha256:").is_some_and(|digits| digits.len() == 64 && digits.bytes().all(hex))
}
