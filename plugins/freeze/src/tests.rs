//! What the policy says at which moment.

use lockgate_plugin::from_json;
use proptest::prelude::*;

use super::*;
use crate::window::WEEK;

const SETTINGS: &str = r#"{
    "windows": [{ "from": "2026-12-18T00:00:00Z", "until": "2027-01-04T00:00:00Z",
                  "stages": ["production"], "reason": "year-end freeze" }],
    "weekly": [{ "from": "fri 16:00", "until": "mon 08:00", "reason": "weekend" }],
    "except": [{ "from": "2026-12-21T09:00:00Z", "until": "2026-12-21T12:00:00Z",
                 "stages": ["production"], "reason": "CHG-4711: tax rates" }]
}"#;

fn at(text: &str) -> i64 {
    text.parse::<Instant>().unwrap().unix()
}

/// The report, and then the exceptions that are made.
fn judged(settings: &str, stage: &str, moment: &str) -> String {
    let (report, made) = from_json::<Freeze>(settings).unwrap().judge(stage, at(moment));
    let made: String = made.iter().map(|made| format!("exception: {made}\n")).collect();
    format!("{report}{made}")
}

#[test]
fn outside_all_windows_the_stage_is_open() {
    for moment in ["2026-12-17T23:59:59Z", "2027-01-04T08:00:00Z", "2026-10-02T15:59:59Z"] {
        assert_eq!(judged(SETTINGS, "production", moment), "checked frozen\n", "{moment}");
    }
    // The fixed window is not for this one, which a misspelt stage would look like, too.
    assert_eq!(
        judged(SETTINGS, "staging", "2026-12-22T12:00:00Z"),
        "checked frozen\n\
         note frozen [2026-12-18T00:00:00Z/2027-01-04T00:00:00Z]: a freeze is for `production`, and not \
         for `staging`: year-end freeze\n"
    );
}

#[test]
fn every_window_that_is_closed_is_told_with_when_it_opens() {
    assert_eq!(
        judged(SETTINGS, "staging", "2026-10-03T12:00:00Z"),
        "checked frozen\n\
         violation frozen [fri 16:00/mon 08:00]: `staging` is frozen since 2026-10-02T16:00:00Z and \
         opens 2026-10-05T08:00:00Z: weekend\n"
    );
    // The fixed window ends on a Monday before the weekly one does.
    let both = "opens 2027-01-04T08:00:00Z";
    assert_eq!(
        judged(SETTINGS, "production", "2027-01-02T00:00:00Z"),
        format!(
            "checked frozen\n\
             violation frozen [2026-12-18T00:00:00Z/2027-01-04T00:00:00Z]: `production` is frozen \
             since 2026-12-18T00:00:00Z and {both}: year-end freeze\n\
             violation frozen [fri 16:00/mon 08:00]: `production` is frozen since \
             2027-01-01T16:00:00Z and {both}: weekend\n"
        )
    );
}

#[test]
fn an_exception_opens_the_stage_and_is_told() {
    assert_eq!(
        judged(SETTINGS, "production", "2026-12-21T09:00:00Z"),
        "checked frozen\n\
         exception: `production` is open until 2026-12-21T12:00:00Z in spite of a freeze: CHG-4711: \
         tax rates\n"
    );
    let before = judged(SETTINGS, "production", "2026-12-19T00:00:00Z");
    assert!(before.contains("and opens 2026-12-21T09:00:00Z: year-end freeze"), "{before}");
    let after = judged(SETTINGS, "production", "2026-12-21T12:00:00Z");
    assert!(after.contains("and opens 2027-01-04T08:00:00Z: year-end freeze"), "{after}");
}

#[test]
fn an_exception_that_makes_no_difference_is_not_told() {
    let settings = SETTINGS.replace("2026-12-18T00", "2026-12-21T10");
    assert_eq!(judged(&settings, "production", "2026-12-21T09:30:00Z"), "checked frozen\n");
    // And one for another stage opens nothing.
    let other = judged(SETTINGS, "staging", "2026-12-19T00:00:00Z");
    assert!(other.contains("violation frozen"), "{other}");
}

#[test]
fn a_stage_without_windows_is_not_applicable() {
    let settings = r#"{ "weekly": [{ "from": "fri 16:00", "until": "mon 08:00",
                                     "stages": ["production"], "reason": "weekend" }] }"#;
    assert_eq!(
        judged(settings, "dev", "2026-10-03T12:00:00Z"),
        "not applicable frozen: no window is for the stage `dev`\n"
    );
}

#[test]
fn windows_that_close_the_whole_week_never_open_but_by_exception() {
    let settings = r#"{
        "weekly": [{ "from": "mon 00:00", "until": "thu 12:00", "reason": "x" },
                   { "from": "thu 11:00", "until": "mon 00:00", "reason": "y" }],
        "windows": [{ "from": "2030-01-01T00:00:00Z", "until": "2031-01-01T00:00:00Z",
                      "reason": "z" }]
    }"#;
    let never = judged(settings, "production", "2026-10-03T12:00:00Z");
    assert!(never.contains("and never opens, by these windows: y"), "{never}");
    let settings = settings.replace(
        r#""windows""#,
        r#""except": [{ "from": "2040-01-01T00:00:00Z", "until": "2040-01-02T00:00:00Z",
                        "reason": "e" }], "windows""#,
    );
    let once = judged(&settings, "production", "2026-10-03T12:00:00Z");
    assert!(once.contains("and opens 2040-01-01T00:00:00Z: y"), "{once}");
}

#[test]
fn findings_say_what_would_have_been_right_and_what_was_there() {
    let (report, _) =
        from_json::<Freeze>(SETTINGS).unwrap().judge("staging", at("2026-10-03T12:00:00Z"));
    let finding = &report.findings()[0];
    assert_eq!(
        finding.expected.as_deref(),
        Some("a moment in which `staging` is open: it opens 2026-10-05T08:00:00Z")
    );
    assert_eq!(finding.found.as_deref(), Some("2026-10-03T12:00:00Z"));
}

/// Windows with times of whole hours.
fn windows(weekly: bool) -> impl Strategy<Value = Vec<Window>> {
    let hours = if weekly { 0..WEEK / 3_600 } else { 0..24 * 40 };
    let one = (hours.clone(), hours).prop_filter_map("no length", move |(from, until)| {
        let (from, until) = (from * 3_600, until * 3_600);
        let when = match weekly {
            true if from != until => When::Weekly { from, until },
            false if from < until => When::Fixed { from, until },
            _ => return None,
        };
        Some(Window { when, stages: None, reason: "x".into() })
    });
    prop::collection::vec(one, 0..4)
}

proptest! {
    #[test]
    fn the_stage_opens_at_the_first_moment_at_which_it_is_open(
        fixed in windows(false), weekly in windows(true), open in windows(false), hour in 0..24_i64 * 40
    ) {
        let closed: Vec<&Window> = fixed.iter().chain(&weekly).collect();
        let open: Vec<&Window> = open.iter().collect();
        let is_open =
            |at: i64| spans(&closed, at).is_empty() || !spans(&open, at).is_empty();
        let at = hour * 3_600;
        // All times are whole hours, and after the last fixed window one week is like another.
        let first = (hour..24 * 60).map(|hour| hour * 3_600).find(|&at| is_open(at));
        prop_assert_eq!(opens(&closed, &open, at), first);
    }
}
