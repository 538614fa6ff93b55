//! What the policy file may say, and what is wrong with it.

use lockgate_plugin::Problem;
use lockgate_plugin::instant::Instant;
use serde::Deserialize;

use crate::window::{When, parse_time_of_week};
use crate::{Freeze, Window};

/// The settings as written. `settings.schema.json` says the same to people and editors.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Fixed windows.
    pub windows: Option<Vec<Written>>,
    /// Windows of every week.
    pub weekly: Option<Vec<Written>>,
    /// Fixed windows that are open in spite of the others.
    pub except: Option<Vec<Written>>,
}

/// A window. Its times are texts here, so that every one that is wrong can be told at once.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// When it begins: an instant, or a time of the week.
    pub from: String,
    /// Before which it ends.
    pub until: String,
    /// For which stages; none: for all.
    pub stages: Option<Vec<String>>,
    /// Why.
    pub reason: String,
}

/// Which kind of time a window has.
type Read = fn(&Written, &str, &mut Vec<Problem>) -> Option<When>;

impl Settings {
    /// The policy that they ask for.
    pub(crate) fn policy(self) -> Result<Freeze, Vec<Problem>> {
        let mut problems = Vec::new();
        if self.windows.is_none() && self.weekly.is_none() {
            let message = "set `windows`, `weekly` or both: nothing is ever closed";
            problems.push(Problem::new("", message));
        }
        let mut closed = windows("/windows", self.windows, fixed, &mut problems);
        closed.extend(windows("/weekly", self.weekly, weekly, &mut problems));
        let open = windows("/except", self.except, fixed, &mut problems);
        if problems.is_empty() { Ok(Freeze { closed, open }) } else { Err(problems) }
    }
}

fn windows(
    list: &str,
    written: Option<Vec<Written>>,
    read: Read,
    problems: &mut Vec<Problem>,
) -> Vec<Window> {
    let Some(written) = written else { return Vec::new() };
    if written.is_empty() {
        problems.push(Problem::new(list, "name at least one, or leave the key out"));
    }
    let mut windows = Vec::new();
    for (index, written) in written.into_iter().enumerate() {
        let pointer = format!("{list}/{index}");
        let when = read(&written, &pointer, problems);
        if written.reason.is_empty() {
            let message = "say why, for whoever meets it";
            problems.push(Problem::new(format!("{pointer}/reason"), message));
        }
        if let Some(stages) = &written.stages {
            if stages.is_empty() {
                let message = "name at least one, or leave the key out";
                problems.push(Problem::new(format!("{pointer}/stages"), message));
            }
            for (number, stage) in stages.iter().enumerate() {
                let pointer = format!("{pointer}/stages/{number}");
                if !is_stage(stage) {
                    let message = format!("`{stage}` is no stage's name, for example `production`");
                    problems.push(Problem::new(pointer, message));
                } else if stages[..number].contains(stage) {
                    problems.push(Problem::new(pointer, format!("`{stage}` is named twice")));
                }
            }
        }
        let Written { stages, reason, .. } = written;
        windows.extend(when.map(|when| Window { when, stages, reason }));
    }
    windows
}

/// Whether a configuration can call a stage so: words of lower-case letters and digits, joined by
/// dashes.
fn is_stage(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    name.split('-').all(|word| !word.is_empty() && word.bytes().all(plain))
}

fn fixed(written: &Written, pointer: &str, problems: &mut Vec<Problem>) -> Option<When> {
    let mut instant = |key: &str, text: &str| {
        let read = text.parse::<Instant>();
        read.map_err(|why| problems.push(Problem::new(format!("{pointer}/{key}"), why.to_string())))
    };
    let (from, until) = (instant("from", &written.from), instant("until", &written.until));
    let (from, until) = (from.ok()?.unix(), until.ok()?.unix());
    if from >= until {
        let message = "a window ends after it begins: this is no later than its `from`";
        problems.push(Problem::new(format!("{pointer}/until"), message));
        return None;
    }
    Some(When::Fixed { from, until })
}

fn weekly(written: &Written, pointer: &str, problems: &mut Vec<Problem>) -> Option<When> {
    let mut time = |key: &str, text: &str| {
        let read = parse_time_of_week(text);
        if read.is_none() {
            let message = format!(
                "`{text}` is no time of a week: one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, \
                 `sun` and hours and minutes in UTC, for example `fri 16:00`"
            );
            problems.push(Problem::new(format!("{pointer}/{key}"), message));
        }
        read
    };
    let (from, until) = (time("from", &written.from), time("until", &written.until));
    let (from, until) = (from?, until?);
    if from == until {
        let message = "a window of no length: where all of the week is meant, no promotion would \
                       ever pass";
        problems.push(Problem::new(format!("{pointer}/until"), message));
        return None;
    }
    Some(When::Weekly { from, until })
}

#[cfg(test)]
mod tests {
    use lockgate_plugin::from_json;
    use serde_json::Value;

    use crate::Freeze;

    fn problems(settings: &str) -> Vec<String> {
        let refused = from_json::<Freeze>(settings).err().unwrap_or_default();
        refused.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_problem_is_told_at_once_with_its_place() {
        let settings = r#"{
            "windows": [
                { "from": "2026-02-29T00:00:00Z", "until": "tomorrow", "reason": "" },
                { "from": "2027-01-01T00:00:00Z", "until": "2027-01-01T01:00:00+01:00",
                  "stages": [], "reason": "x" }
            ],
            "weekly": [
                { "from": "friday 16:00", "until": "mon 24:00", "stages": ["Prod", "a", "a"],
                  "reason": "x" },
                { "from": "fri 16:00", "until": "fri 16:00", "reason": "x" }
            ],
            "except": []
        }"#;
        let time = "one of `mon`, `tue`, `wed`, `thu`, `fri`, `sat`, `sun` and hours and minutes \
                    in UTC, for example `fri 16:00`";
        assert_eq!(
            problems(settings),
            [
                "/windows/0/from: `2026-02-29T00:00:00Z` is not an RFC 3339 instant, for example \
                 `2026-10-02T00:00:00Z`",
                "/windows/0/until: `tomorrow` is not an RFC 3339 instant, for example \
                 `2026-10-02T00:00:00Z`",
                "/windows/0/reason: say why, for whoever meets it",
                "/windows/1/until: a window ends after it begins: this is no later than its `from`",
                "/windows/1/stages: name at least one, or leave the key out",
                &format!("/weekly/0/from: `friday 16:00` is no time of a week: {time}"),
                &format!("/weekly/0/until: `mon 24:00` is no time of a week: {time}"),
                "/weekly/0/stages/0: `Prod` is no stage's name, for example `production`",
                "/weekly/0/stages/2: `a` is named twice",
                "/weekly/1/until: a window of no length: where all of the week is meant, no \
                 promotion would ever pass",
                "/except: name at least one, or leave the key out",
            ]
        );
    }

    #[test]
    fn settings_that_close_nothing_are_refused() {
        let nothing = [": set `windows`, `weekly` or both: nothing is ever closed"];
        assert_eq!(problems("{}"), nothing);
        assert_eq!(
            problems(
                r#"{ "except": [{ "from": "2026-01-01T00:00:00Z", "until": "2026-01-02T00:00:00Z",
                                  "reason": "x" }] }"#
            ),
            nothing
        );
        assert_eq!(
            problems(r#"{ "windows": [] }"#),
            ["/windows: name at least one, or leave the key out"]
        );
    }

    #[test]
    fn the_schema_and_serde_accept_the_same_settings() {
        let schema: Value = serde_json::from_str(include_str!("../settings.schema.json")).unwrap();
        let schema = jsonschema::draft202012::new(&schema).unwrap();
        let fixed = |from: &str, until: &str, more: &str| {
            format!(r#"{{ "windows": [{{ "from": "{from}", "until": "{until}", {more} }}] }}"#)
        };
        let weekly = |from: &str, until: &str, more: &str| {
            format!(r#"{{ "weekly": [{{ "from": "{from}", "until": "{until}", {more} }}] }}"#)
        };
        let why = r#""reason": "x""#;
        let (from, until) = ("2026-12-18T00:00:00Z", "2027-01-04T00:00:00Z");
        for settings in [
            fixed(from, until, why),
            fixed("2026-12-18t00:00:00.5z", "2027-01-04T00:00:60+01:00", why),
            fixed(from, until, r#""reason": "x", "stages": ["production"]"#),
            fixed(from, until, r#""reason": "x", "stages": []"#),
            fixed(from, until, r#""reason": "x", "stages": [""]"#),
            fixed(from, until, r#""reason": "x", "stages": ["Prod"]"#),
            fixed(from, until, r#""reason": "x", "stages": ["eu-prod-2"]"#),
            fixed(from, until, r#""reason": "x", "stages": ["eu--prod"]"#),
            fixed(from, until, r#""reason": "x", "stages": ["a", "a"]"#),
            fixed(from, until, r#""reason": "x", "stages": "a""#),
            fixed(from, until, r#""reason": """#),
            fixed(from, until, r#""reason": 5"#),
            fixed(from, until, r#""because": "x""#),
            fixed(from, "2027-01-04", why),
            fixed(from, "2027-01-04T00:00:00", why),
            fixed(from, "2027-13-04T00:00:00Z", why),
            fixed(from, "2027-01-32T00:00:00Z", why),
            fixed(from, "2027-01-04T24:00:00Z", why),
            fixed(from, "fri 16:00", why),
            weekly("fri 16:00", "mon 08:00", why),
            weekly("mon 00:00", "sun 23:59", why),
            weekly("fri 16:00", "mon 24:00", why),
            weekly("fri 16:00", "mon 8:00", why),
            weekly("fri 16:00", "Mon 08:00", why),
            weekly("fri 16:00", until, why),
            format!(
                r#"{{ "weekly": [{{ "from": "fri 16:00", "until": "mon 08:00", {why} }}],
                     "except": [{{ "from": "{from}", "until": "{until}", {why} }}] }}"#
            ),
            format!(r#"{{ "except": [{{ "from": "{from}", "until": "{until}", {why} }}] }}"#),
            r#"{ "weekly": [] }"#.into(),
            r#"{ "windows": {} }"#.into(),
            r#"{ "monthly": [] }"#.into(),
            "{}".into(),
        ] {
            let valid = schema.is_valid(&serde_json::from_str(&settings).unwrap());
            assert_eq!(
                valid,
                problems(&settings).is_empty(),
                "{settings}: {:?}",
                problems(&settings)
            );
        }
    }
}
