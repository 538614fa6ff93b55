use super::*;

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
