//! Asks every expression, over plain values.

use lockgate_plugin::{Failure, Level, Report};
use serde_json::{Map as Object, Value as Json};

use crate::finding::{called, evidence, shortened};
use crate::language::{Empty, Facts, Program, Stop, Value};
use crate::{EXPRESSION_FALSE, NOTHING_TO_JUDGE};

/// An expression of the settings, checked.
#[derive(Debug)]
pub(crate) struct Ruling {
    /// What the settings call it.
    pub(crate) code: String,
    /// What has to be true.
    pub(crate) that: Program,
    /// Of what it is asked one by one, if it is not asked of the whole.
    pub(crate) each: Option<Program>,
    /// What a finding is about.
    pub(crate) about: Option<Program>,
    pub(crate) message: String,
    pub(crate) remediation: Option<String>,
    pub(crate) level: Level,
    pub(crate) empty: Empty,
}

/// What the expressions are asked of.
pub(crate) struct Asked<'v> {
    pub(crate) facts: Facts<'v>,
    pub(crate) view: &'v Object<String, Json>,
    /// Whether what scans say rests on VEX, too.
    pub(crate) honours_vex: bool,
}

/// The most findings of one expression. Nobody reads further; what is left is summed up in one more.
const MAX_NAMED: usize = 100;

/// How many reasons for withholding are told.
const MAX_REASONS: usize = 8;

/// Why an expression was not answered.
enum Halt {
    /// It is asked of nothing.
    Empty(String),
    /// It erred.
    Error(String),
}

/// Asks all expressions. One that cannot be answered withholds, and all such are told.
pub(crate) fn judge(
    rulings: &[Ruling],
    view: &Object<String, Json>,
    honours_vex: bool,
) -> Result<Report, Failure> {
    let asked = Asked { facts: Facts::new(view), view, honours_vex };
    let mut report = Report::new();
    let mut reasons = Vec::new();
    for ruling in rulings {
        let why = match ruling.judge(&asked, &mut report) {
            Ok(()) => continue,
            Err(Halt::Empty(why)) if ruling.empty == Empty::Fail => {
                ruling.asks_nothing(&why, None, &asked, &mut report);
                continue;
            }
            Err(Halt::Empty(why)) if ruling.empty == Empty::Withhold => {
                format!("{why}; `empty` in the settings says what that means")
            }
            Err(Halt::Empty(why)) => why,
            Err(Halt::Error(why)) => why,
        };
        reasons.push(format!("`{}`: {why}", ruling.code));
    }
    if !reasons.is_empty() {
        let more = reasons.len().saturating_sub(MAX_REASONS);
        reasons.truncate(MAX_REASONS);
        if more > 0 {
            reasons.push(format!("and {more} more"));
        }
        return Err(Failure::from(reasons.join("; ")));
    }
    report.checked(EXPRESSION_FALSE);
    match rulings.iter().any(|ruling| ruling.empty == Empty::Fail) {
        true => report.checked(NOTHING_TO_JUDGE),
        false => report.not_applicable(NOTHING_TO_JUDGE, "`empty` is not `fail` in the settings"),
    }
    Ok(report)
}

impl Ruling {
    fn judge(&self, asked: &Asked<'_>, report: &mut Report) -> Result<(), Halt> {
        let Some(each) = &self.each else {
            if !self.holds(asked, None)? {
                self.is_false(asked, None, report)?;
            }
            return Ok(());
        };
        let list = each.ask(&asked.facts, None, self.empty);
        let list = list.map_err(|stop| halt("for-each", each, &stop))?;
        let Some(elements) = list.elements() else {
            return Err(Halt::Error(format!("`for-each` gives {} and no list", list.kind())));
        };
        let passes = self.empty == Empty::Pass && !each.gives().is_documents();
        if list.len() == Some(0) && !passes {
            return Err(Halt::Empty("`for-each` gives an empty list".into()));
        }
        let (mut named, mut more) = (0_usize, 0_usize);
        for (number, it) in elements.enumerate() {
            let place = Some((number, &it));
            match self.holds(asked, place) {
                Ok(true) => continue,
                Ok(false) if named < MAX_NAMED => self.is_false(asked, place, report)?,
                Err(Halt::Empty(why)) if self.empty == Empty::Fail => {
                    if named < MAX_NAMED {
                        self.asks_nothing(&why, place, asked, report);
                    }
                }
                Ok(false) => {}
                Err(halt) => return Err(halt),
            }
            named += 1;
            more += usize::from(named > MAX_NAMED);
        }
        if more > 0 {
            let message = format!("{}: {more} further findings like these", self.code);
            report.finding(self.level, EXPRESSION_FALSE, message).about(&self.code);
        }
        Ok(())
    }

    /// Whether the expression is true: of an element, if it is asked one by one.
    fn holds(&self, asked: &Asked<'_>, of: Option<(usize, &Value<'_>)>) -> Result<bool, Halt> {
        let it = of.map(|(_, it)| it);
        match self.that.ask(&asked.facts, it, self.empty) {
            Ok(Value::Bool(truth)) => Ok(truth),
            Ok(other) => {
                let why = format!("`that` gives {} and neither true nor false", other.kind());
                Err(of_element(Halt::Error(why), of))
            }
            Err(stop) => Err(of_element(halt("that", &self.that, &stop), of)),
        }
    }

    /// Adds the finding that it is false.
    fn is_false(
        &self,
        asked: &Asked<'_>,
        of: Option<(usize, &Value<'_>)>,
        report: &mut Report,
    ) -> Result<(), Halt> {
        let it = of.map(|(_, it)| it);
        let about = self.about(asked, of)?;
        let found = match self.that.left(&asked.facts, it, self.empty) {
            Some(value) if !matches!(value, Value::Bool(_)) => value.shown(),
            _ => "false".to_owned(),
        };
        let message = format!("{}: {}", self.code, self.message);
        let finding = report.finding(self.level, EXPRESSION_FALSE, message);
        finding.about(about).expected(shortened(self.that.text())).found(found);
        finding.evidence = evidence(self, it, asked);
        finding.remediation.clone_from(&self.remediation);
        Ok(())
    }

    /// Adds the finding that it is asked of nothing.
    fn asks_nothing(
        &self,
        why: &str,
        of: Option<(usize, &Value<'_>)>,
        asked: &Asked<'_>,
        report: &mut Report,
    ) {
        let message = format!("{}: {why}", self.code);
        let about = of.map_or_else(|| self.code.clone(), |(number, it)| called(it, number));
        let finding = report.finding(self.level, NOTHING_TO_JUDGE, message);
        finding.about(about);
        finding.evidence = evidence(self, of.map(|(_, it)| it), asked);
    }

    /// What a finding is about: what the settings say, the element, or the expression by its code.
    fn about(&self, asked: &Asked<'_>, of: Option<(usize, &Value<'_>)>) -> Result<String, Halt> {
        let it = of.map(|(_, it)| it);
        let Some(about) = &self.about else {
            return Ok(of.map_or_else(|| self.code.clone(), |(number, it)| called(it, number)));
        };
        match about.ask(&asked.facts, it, self.empty) {
            Ok(Value::Text(text)) => Ok(shortened(&text)),
            Ok(other) => {
                let why = format!("`about` gives {} and no string", other.kind());
                Err(of_element(Halt::Error(why), of))
            }
            // Whatever it is asked of: the expression was false before, and that has to be said.
            Err(stop) => match of_element(halt("about", about, &stop), of) {
                Halt::Empty(why) | Halt::Error(why) => Err(Halt::Error(why)),
            },
        }
    }
}

/// Why an expression of this key was not answered.
fn halt(key: &str, program: &Program, stop: &Stop) -> Halt {
    let why = format!("`{key}`, {}", program.stopped(stop));
    match stop {
        Stop::Empty { .. } => Halt::Empty(why),
        Stop::Error { .. } => Halt::Error(why),
    }
}

/// With the element of which it was asked.
fn of_element(halt: Halt, of: Option<(usize, &Value<'_>)>) -> Halt {
    let Some((number, it)) = of else { return halt };
    let name = called(it, number);
    match halt {
        Halt::Empty(why) => Halt::Empty(format!("{why} (of `{name}`)")),
        Halt::Error(why) => Halt::Error(format!("{why} (of `{name}`)")),
    }
}
