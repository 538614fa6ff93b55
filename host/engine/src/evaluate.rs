//! Asks every policy, each in its own sandbox, side by side.

use std::sync::Arc;

use lockgate_model::{Kind, Opinion, PolicyReport, ReadSet, RuleReport, Text};
use lockgate_runtime::{Brief, Description, Evaluation, Observed, Plugin, Question, Rule, Scope};

use crate::config::Expectation;
use crate::load::{Loaded, Ready};
use crate::parallel::in_parallel;
use crate::request::CheckRequest;
use crate::select::{MAX_WAYS, ways};

/// A policy's part of the report, and its log with its name.
type Judged = (PolicyReport, Vec<(String, Text)>);

/// Asks all policies; the order of the answers is the order of the policies. Where there is a reason
/// not to, none is asked: the gate does not open whatever they would say.
pub(crate) fn evaluate(
    policies: &[Loaded],
    question: &Arc<Question>,
    expects: &[Expectation],
    unasked: Option<&str>,
    request: &CheckRequest,
) -> Vec<Judged> {
    in_parallel(request.jobs, policies, |loaded| {
        #[cfg(feature = "fault-injection")]
        assert!(!request.panic_in_evaluate, "injected fault");
        judge(loaded, question, expects, unasked)
    })
}

fn judge(
    loaded: &Loaded,
    question: &Arc<Question>,
    expects: &[Expectation],
    unasked: Option<&str>,
) -> Judged {
    let (plugin, description, scope) = match &loaded.ready {
        Ready::Withheld(reason) => {
            return report(loaded, Opinion::Withheld, Some(reason.clone()), Vec::new());
        }
        Ready::Plugin { plugin, description, scope } => (plugin, description, scope),
    };
    let withheld = |why: &str| {
        report(loaded, Opinion::Withheld, Some(Text::stripped(why)), unaccounted(description))
    };
    if let Some(why) = unasked {
        return withheld(&format!("it was not asked, for {why}"));
    }
    let reads = |kind: Kind| scope.holds(kind.as_str());
    let Some(ways) = ways(expects, &question.facts, reads) else {
        return withheld(&format!(
            "there are more than {MAX_WAYS} ways to take any one of several documents"
        ));
    };
    let judged = ways.into_iter().map(|aside| {
        let question = match aside.is_empty() {
            true => Arc::clone(question),
            false => Arc::new(question.without(&aside)),
        };
        ask(loaded, (plugin, description, scope), &question)
    });
    // The first way that passes is enough; where none does, the one that may yet do counts most.
    let mut worst: Option<Judged> = None;
    for judged in judged {
        if judged.0.opinion == Opinion::Pass {
            return judged;
        }
        let is_worse = |known: &Judged| closed(judged.0.opinion) < closed(known.0.opinion);
        if worst.as_ref().is_none_or(is_worse) {
            worst = Some(judged);
        }
    }
    worst.unwrap_or_else(|| withheld("it was not asked"))
}

/// How an opinion counts among those on documents any one of which may satisfy a policy: a policy that
/// could not say of one document might have passed on it, and one that does not apply to one does not
/// outweigh a failure on another.
fn closed(opinion: Opinion) -> u8 {
    match opinion {
        Opinion::Pass => 0,
        Opinion::Withheld => 1,
        Opinion::Fail => 2,
        Opinion::NotApplicable => 3,
    }
}

fn ask(
    loaded: &Loaded,
    (plugin, description, scope): (&Plugin, &Description, &Scope),
    question: &Arc<Question>,
) -> Judged {
    if let Some(kind) = needed(description, question) {
        let why = format!("it needs `{kind}`, and there is no such fact");
        return report(loaded, Opinion::Fail, Some(Text::stripped(&why)), unaccounted(description));
    }
    let policy = &loaded.policy;
    let brief = Brief {
        settings: &policy.settings,
        scope,
        data: &policy.data.files,
        limits: &policy.limits,
    };
    let evaluation = plugin.evaluate(description, &brief, question);
    let Evaluation { opinion, reason, rules, findings, observed } = evaluation;
    let Observed { read, log, exceptions } = observed;
    let (mut report, _) = report(loaded, opinion, reason, rules);
    report.findings = findings;
    report.exceptions = exceptions;
    report.read = read;
    (report, log.into_iter().map(|line| (policy.name.clone(), line)).collect())
}

/// The first kind that the plugin needs and that is not there; one that this version does not know
/// never is.
fn needed<'a>(description: &'a Description, question: &Question) -> Option<&'a str> {
    let missing =
        |kind: &&String| kind.parse().map_or(true, |kind| question.facts.count(kind) == 0);
    description.needs.iter().find(missing).map(String::as_str)
}

fn unaccounted(description: &Description) -> Vec<RuleReport> {
    description.rules.iter().map(Rule::unaccounted).collect()
}

fn report(
    loaded: &Loaded,
    opinion: Opinion,
    reason: Option<Text>,
    rules: Vec<RuleReport>,
) -> Judged {
    let policy = &loaded.policy;
    let report = PolicyReport {
        name: policy.name.clone(),
        plugin: policy.plugin.written(),
        digest: loaded.digest,
        effect: policy.effect,
        opinion,
        reason,
        rules,
        capabilities: match &loaded.ready {
            Ready::Plugin { scope, .. } => scope.words(),
            Ready::Withheld(_) => Vec::new(),
        },
        findings: Vec::new(),
        exceptions: Vec::new(),
        read: ReadSet::default(),
    };
    (report, Vec::new())
}
