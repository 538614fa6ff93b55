//! What the policy says about scans, with lists in place of the host's indexes.

use std::collections::BTreeMap;

use lockgate_plugin::scans::Row;
use lockgate_plugin::{Level, from_json};

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
    from_json(&format!(r#"{{ "max-age": "1d", {settings} }}"#)).unwrap()
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

#[test]
fn what_is_too_severe_is_a_violation_and_so_is_what_is_unknown() {
    let rows = [
        one("CVE-1", "critical").fixed(),
        one("CVE-2", "high").in_component("b"),
        one("CVE-3", "medium"),
        one("CVE-4", "unknown").in_component(""),
        one("CVE-5", "none"),
    ];
    let (report, _) = judged(r#""deny": { "severity": "high" }"#, &rows);
    assert_eq!(
        report.to_string(),
        "violation severity-over-threshold [CVE-1 in pkg:npm/a@1]: `CVE-1` in `a@1` is critical; fixed \
         in `1.1`\n\
         violation severity-over-threshold [CVE-2 in b]: `CVE-2` in `b` is high\n\
         violation severity-over-threshold [CVE-4 in a component without a name]: `CVE-4` in `a \
         component without a name` is of unknown severity, which may be any\n"
    );
    let first = &report.findings()[0];
    assert_eq!(first.expected.as_deref(), Some("below high"));
    assert_eq!(first.found.as_deref(), Some("critical"));
    assert_eq!(first.evidence, ["sha256:scan"]);
}

#[test]
fn what_scores_too_high_is_a_violation_and_so_is_what_has_no_score() {
    let rows =
        [one("CVE-1", "low").score(70), one("CVE-2", "high").score(69), one("CVE-3", "none")];
    assert_eq!(
        findings(r#""deny": { "score": "7.0" }"#, &rows),
        "violation score-over-threshold [CVE-1 in pkg:npm/a@1]: `CVE-1` in `a@1` has the score 7.0 by \
         `nvd`\n\
         violation score-over-threshold [CVE-3 in pkg:npm/a@1]: `CVE-3` in `a@1` has no score, so it \
         may be any\n"
    );
}

#[test]
fn what_vex_clears_is_a_note_and_other_statuses_clear_nothing() {
    let rows = [
        one("CVE-1", "high").vex("not-affected"),
        one("CVE-2", "high").vex("fixed"),
        one("CVE-3", "high").vex("affected"),
        one("CVE-4", "high").vex("under-investigation"),
        one("CVE-5", "low").vex("not-affected"),
    ];
    let (report, _) = judged(r#""deny": { "severity": "high" }"#, &rows);
    let of = |id: &str, what: &str| {
        format!("severity-over-threshold [{id} in pkg:npm/a@1]: `{id}` in `a@1` is {what}\n")
    };
    assert_eq!(
        report.to_string(),
        format!(
            "violation {}violation {}note {}note {}",
            of("CVE-3", "high"),
            of("CVE-4", "high"),
            of(
                "CVE-1",
                "cleared by VEX of `security`: `not-affected`, `vulnerable_code_not_present`"
            ),
            of("CVE-2", "cleared by VEX of `security`: `fixed`"),
        )
    );
    let note = report.findings().iter().find(|finding| finding.level == Level::Note).unwrap();
    assert_eq!(note.evidence, ["sha256:scan", "sha256:vex"]);
}

#[test]
fn what_has_no_fix_is_a_warning_where_only_fixable_ones_are_denied() {
    let rows = [one("CVE-1", "high"), one("CVE-2", "high").fixed()];
    assert_eq!(
        findings(r#""deny": { "severity": "high" }, "fixable-only": true"#, &rows),
        "violation severity-over-threshold [CVE-2 in pkg:npm/a@1]: `CVE-2` in `a@1` is high; fixed in \
         `1.1`\n\
         warning severity-over-threshold [CVE-1 in pkg:npm/a@1]: `CVE-1` in `a@1` is high; no fix is \
         known\n"
    );
}

#[test]
fn what_was_published_lately_is_a_warning_that_says_until_when() {
    let settings = r#""deny": { "severity": "high" }, "grace": { "high": "7d" }"#;
    let rows = [
        one("CVE-1", "high").published(7),
        one("CVE-2", "high").published(8),
        one("CVE-3", "high"),
        one("CVE-4", "critical").published(1),
        one("CVE-5", "unknown").published(1),
        one("CVE-6", "high").published(-1),
        one("CVE-7", "medium").published(1),
        one("CVE-8", "high").published(1).vex("fixed"),
    ];
    let found = findings(settings, &rows);
    let warnings: Vec<_> = found.lines().filter(|line| line.starts_with("warning")).collect();
    assert_eq!(
        warnings,
        [
            "warning severity-over-threshold [CVE-1 in pkg:npm/a@1]: `CVE-1` in `a@1` is high; there is \
          time until 2026-10-02T00:00:00Z"
        ]
    );
    for id in ["CVE-2", "CVE-3", "CVE-4", "CVE-5", "CVE-6"] {
        let line = format!("violation severity-over-threshold [{id} in");
        assert!(found.contains(&line), "{id}\n{found}");
    }
    assert_eq!(found.lines().count(), 7, "one is below, and one is cleared\n{found}");
    let score = r#""deny": { "score": "7.0" }, "grace": { "low": "7d" }"#;
    let rows = [
        one("CVE-1", "low").score(80).published(1),
        one("CVE-2", "none").score(80).published(1),
        one("CVE-3", "low").score(60).published(1),
    ];
    let found = findings(score, &rows);
    assert!(
        found.starts_with("warning score-over-threshold [CVE-1") && found.lines().count() == 2,
        "{found}"
    );
    assert!(found.contains("violation score-over-threshold [CVE-2"), "{found}");
}

#[test]
fn what_has_no_fix_needs_no_grace() {
    let settings =
        r#""deny": { "severity": "high" }, "grace": { "high": "7d" }, "fixable-only": true"#;
    let rows = [one("CVE-1", "high").published(90), one("CVE-2", "high").published(90).fixed()];
    let found = findings(settings, &rows);
    assert!(found.contains("warning severity-over-threshold [CVE-1"), "{found}");
    assert!(found.contains("violation severity-over-threshold [CVE-2"), "{found}");
}

#[test]
fn what_is_exploited_is_a_violation_whatever_else_is_said_of_it() {
    let settings = r#""deny": { "severity": "critical" }, "fixable-only": true,
        "grace": { "critical": "99d" }, "known-exploited": { "data": "kev" }"#;
    let rows = [
        one("cve-2021-44228", "low").published(1),
        one("GHSA-jfh8-c2jp-5v3q", "none").alias("CVE-2021-44228"),
        one("CVE-2000-0001", "low").vex("not-affected"),
        one("CVE-2000-0001", "low").in_component("b").vex("affected"),
        one("CVE-1999-0001", "low"),
    ];
    let (report, _) = judged(settings, &rows);
    assert_eq!(
        report.to_string(),
        "violation known-exploited [cve-2021-44228 in pkg:npm/a@1]: `cve-2021-44228` in `a@1` is \
         exploited: `kev` lists `CVE-2021-44228`, since 2021-12-10, to be mended by 2021-12-24\n\
         violation known-exploited [GHSA-jfh8-c2jp-5v3q in pkg:npm/a@1]: `GHSA-jfh8-c2jp-5v3q` in `a@1` \
         is exploited: `kev` lists `CVE-2021-44228`, since 2021-12-10, to be mended by 2021-12-24\n\
         note known-exploited [CVE-2000-0001 in pkg:npm/a@1]: `CVE-2000-0001` in `a@1` is cleared by VEX \
         of `security`: `not-affected`, `vulnerable_code_not_present`\n\
         violation known-exploited [CVE-2000-0001 in b]: `CVE-2000-0001` in `b` is exploited: `kev` \
         lists `CVE-2000-0001`\n"
    );
    assert_eq!(report.findings()[0].evidence, ["sha256:scan", "sha256:kev"]);
}

#[test]
fn what_is_likely_exploited_is_compared_exactly_and_what_is_unknown_may_be() {
    let settings = |unknown: &str| {
        format!(r#""exploit-probability": {{ "data": "epss", "at-least": "0.10"{unknown} }}"#)
    };
    let rows = [
        one("CVE-2000-0001", "low").alias("CVE-2021-44228"),
        one("CVE-2000-0001", "low").in_component("b"),
        one("CVE-2000-0002", "low"),
        one("GMS-2022-20", "low"),
        one("GMS-2022-21", "low").vex("not-affected"),
    ];
    let known = "violation likely-exploited [CVE-2000-0001 in pkg:npm/a@1]: `CVE-2000-0001` in `a@1` is \
                 exploited with a probability of 0.94358 by `epss`\n\
                 violation likely-exploited [CVE-2000-0002 in pkg:npm/a@1]: `CVE-2000-0002` in `a@1` is \
                 exploited with a probability of 0.1 by `epss`\n";
    assert_eq!(
        findings(&settings(""), &rows),
        format!(
            "{known}violation likely-exploited [GMS-2022-20 in pkg:npm/a@1]: `GMS-2022-20` in `a@1` has \
             no id that `epss` has, so it may be exploited\n\
             note likely-exploited [GMS-2022-21 in pkg:npm/a@1]: `GMS-2022-21` in `a@1` is cleared by \
             VEX of `security`: `not-affected`, `vulnerable_code_not_present`\n"
        )
    );
    assert_eq!(
        findings(&settings(r#", "unknown": "pass""#), &rows),
        format!(
            "{known}note likely-exploited: findings of the scan without an id that `epss` has, which \
             `unknown` lets pass: 1\n"
        )
    );
}

#[test]
fn a_list_that_is_not_what_it_says_withholds() {
    let both = policy(
        r#""known-exploited": { "data": "kev" },
           "exploit-probability": { "data": "epss", "at-least": "0.1" }"#,
    );
    let why = |kev, epss| lists(&both, kev, epss).map(drop).unwrap_err().to_string();
    let mut short = kev();
    short.rows.pop_first();
    assert_eq!(why(short, epss()), "the data file `kev` lists 1 and says that it lists `2`");
    assert_eq!(why(Mapped::default(), epss()), "the data file `kev` lists nothing");
    assert_eq!(why(kev(), Mapped::default()), "the data file `epss` lists nothing");
    let mut odd = epss();
    odd.rows.insert("CVE-1999-0001", vec![("epss", "high")]);
    let listed = Listed { rows: vec![one("CVE-1999-0001", "low")], read: 0.into() };
    let lists = lists(&both, kev(), odd).unwrap();
    let why = lists.judge(&listed, PLACE, &mut Report::new()).unwrap_err().to_string();
    assert_eq!(why, "`epss` says `high` of `CVE-1999-0001`, which is no probability");
}

#[test]
fn lists_are_held_against_the_moment() {
    let both = policy(
        r#""known-exploited": { "data": "kev", "max-age": "1d" },
           "exploit-probability": { "data": "epss", "at-least": "0.1", "max-age": "1d" }"#,
    );
    let fresh = |kev, epss, at| {
        let mut report = Report::new();
        lists(&both, kev, epss).unwrap().fresh(at, &mut report).unwrap();
        report.to_string()
    };
    assert_eq!(fresh(kev(), epss(), AT), "");
    assert_eq!(
        fresh(kev(), epss(), AT + 1),
        "violation stale-list [epss]: the list `epss` was made at 2026-10-01T00:00:00Z, and 1d is the \
         oldest\n"
    );
    let mut undated = kev();
    undated.texts.truncate(1);
    let mut odd = epss();
    odd.comments = vec!["made by hand", "score_date:yesterday"];
    assert_eq!(
        fresh(undated, odd, AT),
        "violation stale-list [kev]: the list `kev` does not say when it was made\n\
         violation stale-list [epss]: the list `epss` does not say when it was made\n"
    );
    for date in ["2026-10-01T00:00:00Z", "2026-10-01T02:00:00+02:00", "2026-09-30T22:00:00-0200"] {
        let mut dated = epss();
        dated.comments = vec![Box::leak(format!("score_date:{date}").into_boxed_str())];
        assert_eq!(fresh(kev(), dated, AT), "", "{date}");
    }
}

#[test]
fn a_scan_is_fresh_and_says_who_made_it() {
    let policy = policy(
        r#""deny": { "severity": "high" }, "database-max-age": "2d", "scanners": ["trivy", "grype"]"#,
    );
    let made = |scanner: Option<&str>, scanned_at, database_at| {
        let scanner = scanner.map(Into::into);
        let made = Made { scanner, scanned_at, database_at, covered_nothing: false, left_out: 0 };
        let mut report = Report::new();
        policy.made(&made, PLACE, AT, &mut report);
        report.to_string()
    };
    assert_eq!(made(Some("Trivy"), Some(AT - DAY), Some(AT - 2 * DAY)), "");
    assert_eq!(
        made(Some("Snyk"), Some(AT - DAY - 1), Some(AT - 2 * DAY - 1)),
        "violation stale-scan: the scan was made at 2026-09-30T23:59:59Z, and 1d is the oldest\n\
         violation stale-database: the database of the scan was made at 2026-09-29T23:59:59Z, and 2d is \
         the oldest\n\
         violation scanner-not-allowed: the scan was made by `Snyk`\n"
    );
    assert_eq!(
        made(None, None, None),
        "violation stale-scan: the scan does not say when it was made\n\
         violation stale-database: the database of the scan does not say when it was made\n\
         violation scanner-not-allowed: the scan does not say what made it\n"
    );
    assert_eq!(made(Some("Trivy"), Some(AT + 300), Some(AT)), "", "clocks differ");
    let future = made(Some("Trivy"), Some(AT + 301), Some(AT));
    assert!(future.contains("after the moment that is asked for"), "{future}");
}

#[test]
fn a_scan_looks_at_something_and_keeps_nothing_back() {
    let made = |settings: &str, covered_nothing, left_out| {
        let scanned_at = Some(AT);
        let made = Made { scanner: None, scanned_at, database_at: None, covered_nothing, left_out };
        let mut report = Report::new();
        policy(settings).made(&made, PLACE, AT, &mut report);
        report.to_string()
    };
    let high = r#""deny": { "severity": "high" }"#;
    assert_eq!(made(high, false, 0), "");
    assert_eq!(made(high, true, 0), "violation empty-scan: the scan looked at nothing\n");
    let left_out =
        "suppressed-finding: the scan lacks findings that the scanner was told to leave out: 2\n";
    assert_eq!(made(high, false, 2), format!("violation {left_out}"));
    let warned = r#""deny": { "severity": "high" }, "suppressed": "warn""#;
    assert_eq!(made(warned, false, 2), format!("warning {left_out}"));
}

#[test]
fn there_are_as_many_scans_as_are_asked_for_and_each_can_be_read() {
    let policy = policy(r#""deny": { "severity": "high" }, "min-scans": 2"#);
    let enough = |count| {
        let mut report = Report::new();
        policy.enough(count, &mut report);
        report.to_string()
    };
    assert_eq!(enough(2), "");
    assert_eq!(
        enough(1),
        "violation missing-scan: only 1 of 2 scans that are asked for are there\n"
    );
    assert_eq!(enough(0), "violation missing-scan: there is no scan\n");
    let mut report = Report::new();
    unreadable("scan.json", "it is of no format", PLACE, &mut report);
    assert_eq!(
        report.to_string(),
        "violation unreadable-scan [scan.json]: the scan `scan.json` cannot be read: it is of no \
         format\n"
    );
}

#[test]
fn what_is_worth_knowing_of_a_scan_is_repeated() {
    let mut report = Report::new();
    noted(&["it covered nothing".into()], PLACE, &mut report);
    assert_eq!(report.to_string(), "note unreadable-scan: of the scan: it covered nothing\n");
    let mut report = Report::new();
    noted(&vec!["again".into(); MAX_NOTES + 2], PLACE, &mut report);
    assert_eq!(report.findings().len(), MAX_NOTES + 1);
    assert_eq!(report.findings()[MAX_NOTES].message, "2 further notes");
}

#[test]
fn one_vulnerability_at_many_places_of_a_component_is_one_finding() {
    let rows = [one("CVE-1", "high"), one("CVE-1", "high"), one("CVE-1", "high").in_component("b")];
    let found = findings(r#""deny": { "severity": "high" }"#, &rows);
    assert_eq!(found.lines().count(), 2, "{found}");
}

#[test]
fn more_findings_than_anyone_reads_are_counted_by_the_host_and_not_read() {
    let rows: Vec<_> =
        (0..20_000).map(|n| one(&format!("CVE-{n}"), "high").published(90)).collect();
    for (settings, read) in [
        (r#""deny": { "severity": "high" }"#, MAX_NAMED),
        (r#""deny": { "severity": "high" }, "grace": { "critical": "1d" }"#, MAX_NAMED),
        // When each was published is looked at, one by one.
        (r#""deny": { "severity": "high" }, "grace": { "high": "1d" }"#, rows.len()),
    ] {
        let (report, rows_read) = judged(settings, &rows);
        assert_eq!((report.findings().len(), rows_read), (MAX_NAMED + 1, read), "{settings}");
        let last = &report.findings()[MAX_NAMED];
        assert_eq!(last.message, "19900 further findings like these");
        assert_eq!(last.level, Level::Violation);
    }
    let cleared: Vec<_> = rows.iter().map(|one| one.clone().vex("fixed")).collect();
    let (report, _) = judged(r#""deny": { "severity": "high" }"#, &cleared);
    let last = report.findings().last().unwrap();
    assert_eq!(
        (last.level, last.message.as_str()),
        (Level::Note, "19900 further findings like these")
    );
}
