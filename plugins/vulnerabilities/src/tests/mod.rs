//! What the policy says about scans, with lists in place of the host's indexes.

mod lists;
mod scans;
mod thresholds;

use std::collections::BTreeMap;

use lockgate_plugin::Level;
use lockgate_plugin::scans::Row;

use super::*;
use crate::rows::{Next, Question, Rating, Rows, Standing, Stated};
use crate::table::Table;
use crate::tally::MAX_NAMED;

/// 2026-10-02T00:00:00Z.
const AT: i64 = 1_790_899_200;
const DAY: i64 = 86_400;

/// A row and all that the host knows of it.
#[derive(Debug, Clone)]
struct One {
    row: Row,
    aliases: Vec<&'static str>,
    fixed: Option<&'static str>,
    score: Option<u32>,
    published: Option<i64>,
    vex: Option<&'static str>,
}

/// A vulnerability of a severity in a component.
fn one(vulnerability: &str, severity: &str) -> One {
    let row = Row {
        id: 0,
        vulnerability: vulnerability.into(),
        component: "a".into(),
        version: Some("1".into()),
        purl: Some("pkg:npm/a@1".into()),
        severity: severity.into(),
    };
    One { row, aliases: vec![], fixed: None, score: None, published: None, vex: None }
}

impl One {
    fn in_component(mut self, name: &str) -> Self {
        (self.row.component, self.row.version, self.row.purl) = (name.into(), None, None);
        self
    }

    fn fixed(mut self) -> Self {
        self.fixed = Some("1.1");
        self
    }

    fn vex(mut self, status: &'static str) -> Self {
        self.vex = Some(status);
        self
    }

    fn score(mut self, tenths: u32) -> Self {
        self.score = Some(tenths);
        self
    }

    fn published(mut self, days_ago: i64) -> Self {
        self.published = Some(AT - days_ago * DAY);
        self
    }

    fn alias(mut self, id: &'static str) -> Self {
        self.aliases.push(id);
        self
    }

    fn is_covered(&self, question: &Question) -> bool {
        let rank = |word: &str| {
            ["none", "low", "medium", "high", "critical", "unknown"]
                .iter()
                .position(|known| *known == word)
                .unwrap()
        };
        let Question { at_least, severity, score, fixable, standing } = question;
        at_least.is_none_or(|least| rank(&self.row.severity) >= rank(least))
            && severity.is_none_or(|word| word == self.row.severity)
            && score.is_none_or(|least| self.score.is_none_or(|score| score >= least.tenths()))
            && fixable.is_none_or(|fixable| fixable == self.fixed.is_some())
            && match standing {
                Standing::Any => true,
                Standing::Open => !matches!(self.vex, Some("not-affected" | "fixed")),
                Standing::Cleared(status) => self.vex == Some(*status),
            }
    }
}

/// A scan, and how many rows were handed out.
struct Listed {
    rows: Vec<One>,
    read: std::cell::Cell<usize>,
}

impl Rows for Listed {
    fn count(&self, question: &Question) -> Result<u32, Failure> {
        let covered = self.rows.iter().filter(|one| one.is_covered(question));
        Ok(u32::try_from(covered.count()).unwrap())
    }

    fn each(
        &self,
        question: &Question,
        take: &mut dyn FnMut(Row) -> Result<Next, Failure>,
    ) -> Result<(), Failure> {
        for (id, one) in (0..).zip(&self.rows).filter(|(_, one)| one.is_covered(question)) {
            self.read.set(self.read.get() + 1);
            if take(Row { id, ..one.row.clone() })? == Next::Enough {
                break;
            }
        }
        Ok(())
    }

    fn aliases(&self, id: u32) -> Result<Vec<String>, Failure> {
        Ok(self.rows[id as usize].aliases.iter().map(|&alias| alias.into()).collect())
    }

    fn fixed_versions(&self, id: u32) -> Result<Vec<String>, Failure> {
        Ok(self.rows[id as usize].fixed.into_iter().map(Into::into).collect())
    }

    fn rating(&self, id: u32) -> Result<Option<Rating>, Failure> {
        let score = self.rows[id as usize].score;
        Ok(score.map(|score| Rating { score: Score::from_tenths(score), source: "nvd".into() }))
    }

    fn published_at(&self, id: u32) -> Result<Option<i64>, Failure> {
        Ok(self.rows[id as usize].published)
    }

    fn stated(&self, id: u32) -> Result<Option<Stated>, Failure> {
        Ok(self.rows[id as usize].vex.map(|status| Stated {
            status: status.into(),
            justification: (status == "not-affected").then(|| "vulnerable_code_not_present".into()),
            signers: vec!["security".into()],
            document: "sha256:vex".into(),
        }))
    }
}

/// A list: rows by key, values at pointers, comments.
#[derive(Default)]
struct Mapped {
    rows: BTreeMap<&'static str, Vec<(&'static str, &'static str)>>,
    texts: Vec<(&'static str, String)>,
    comments: Vec<&'static str>,
}

impl Table for Mapped {
    fn row_count(&self) -> u32 {
        u32::try_from(self.rows.len()).unwrap()
    }

    fn get(&self, key: &str, column: &str) -> Result<Option<String>, Failure> {
        let row = self.rows.get(key).into_iter().flatten();
        let mut found =
            row.filter(|(name, _)| *name == column).map(|(_, value)| (*value).to_owned());
        Ok(found.next())
    }

    fn text(&self, pointer: &str) -> Result<Option<String>, Failure> {
        let found = self.texts.iter().find(|(known, _)| *known == pointer);
        Ok(found.map(|(_, text)| text.clone()))
    }

    fn comments(&self) -> Result<Vec<String>, Failure> {
        Ok(self.comments.iter().map(|&comment| comment.into()).collect())
    }
}

fn kev() -> Mapped {
    let log4j =
        vec![("cveID", "CVE-2021-44228"), ("dateAdded", "2021-12-10"), ("dueDate", "2021-12-24")];
    Mapped {
        rows: [("CVE-2021-44228", log4j), ("CVE-2000-0001", vec![("cveID", "CVE-2000-0001")])]
            .into(),
        texts: vec![("/count", "2".into()), ("/dateReleased", "2026-10-01T17:04:19.9796Z".into())],
        comments: vec![],
    }
}

fn epss() -> Mapped {
    Mapped {
        rows: [
            ("CVE-2021-44228", vec![("epss", "0.94358")]),
            ("CVE-2000-0001", vec![("epss", "0.00100")]),
            ("CVE-2000-0002", vec![("epss", "0.1")]),
        ]
        .into(),
        texts: vec![],
        comments: vec!["model_version:v1,score_date:2026-10-01T00:00:00+0000"],
    }
}

const PLACE: Place<'static> = Place { name: "", digest: "sha256:scan" };

/// The policy that these settings ask for, beside a maximal age.
fn policy(settings: &str) -> Vulnerabilities {
    let settings = format!(r#"{{ "max-age": "1d", {settings} }}"#);
    let value = lockgate_plugin::json::parse(&settings).unwrap();
    Settings::read(&value).unwrap().into()
}

/// The findings on one scan, and how many rows were read for them.
fn judged(settings: &str, rows: &[One]) -> (Report, usize) {
    let policy = policy(settings);
    let listed = Listed { rows: rows.to_vec(), read: 0.into() };
    let mut report = Report::new();
    if let Some(thresholds) = &policy.thresholds {
        thresholds.judge(&listed, PLACE, AT, &mut report).unwrap();
    }
    let lists = lists(&policy, kev(), epss()).unwrap();
    lists.judge(&listed, PLACE, &mut report).unwrap();
    (report, listed.read.get())
}

fn findings(settings: &str, rows: &[One]) -> String {
    judged(settings, rows).0.to_string()
}

fn lists(
    policy: &Vulnerabilities,
    kev: Mapped,
    epss: Mapped,
) -> Result<Lists<'_, Mapped>, Failure> {
    let exploited = policy.known_exploited.as_ref();
    let likely = policy.exploit_probability.as_ref();
    Lists::new(
        exploited.map(|settings| (settings, (kev, "sha256:kev".into()))),
        likely.map(|settings| (settings, (epss, "sha256:epss".into()))),
    )
}

#[test]
fn what_the_settings_do_not_set_is_not_applicable_and_not_read() {
    let account = |settings: &str| {
        let mut report = Report::new();
        policy(settings).account(&mut report);
        report.to_string()
    };
    let severity = r#""deny": { "severity": "high" }"#;
    assert_eq!(
        account(severity),
        "checked missing-scan\n\
         checked unreadable-scan\n\
         checked empty-scan\n\
         checked suppressed-finding\n\
         checked stale-scan\n\
         not applicable stale-database: `database-max-age` is not set in the settings\n\
         not applicable scanner-not-allowed: `scanners` is not set in the settings\n\
         not applicable stale-list: `known-exploited.max-age` or `exploit-probability.max-age` is not \
         set in the settings\n\
         checked severity-over-threshold\n\
         not applicable score-over-threshold: `deny.score` is not set in the settings\n\
         not applicable known-exploited: `known-exploited` is not set in the settings\n\
         not applicable likely-exploited: `exploit-probability` is not set in the settings\n"
    );
    let all = r#""database-max-age": "1d", "scanners": ["Trivy"], "honour-vex": ["security"],
        "deny": { "severity": "high", "score": "7.0" },
        "known-exploited": { "data": "kev", "max-age": "1d" },
        "exploit-probability": { "data": "epss", "at-least": "0.1" }"#;
    assert!(!account(all).contains("not applicable"), "{}", account(all));
    assert_eq!(account(all).lines().count(), Vulnerabilities::DESCRIPTION.rules.len());
    assert_eq!(policy(severity).reads(), ["vulnerabilities"]);
    assert_eq!(policy(all).reads(), ["vulnerabilities", "vex", "data"]);
}
