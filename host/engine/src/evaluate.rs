//! Asks every policy, each in its own sandbox, side by side.

use std::sync::Arc;

use lockgate_model::{Opinion, PolicyReport, ReadSet, RuleReport, RuleState, Text};
use lockgate_runtime::{Description, Evaluation, Question};

use crate::load::{Loaded, Ready};
use crate::parallel::in_parallel;
use crate::request::CheckRequest;

/// A policy's part of the report, and its log with its name.
type Judged = (PolicyReport, Vec<(String, Text)>);

/// Asks all policies; the order of the answers is the order of the policies. Where expected
/// evidence is missing, none is asked: the gate is denied whatever they would say.
pub(crate) fn evaluate(
    policies: &[Loaded],
    question: &Arc<Question>,
    expected_is_there: bool,
    request: &CheckRequest,
) -> Vec<Judged> {
    in_parallel(request.jobs, policies, |loaded| {
        #[cfg(feature = "fault-injection")]
        assert!(!request.panic_in_evaluate, "injected fault");
        judge(loaded, question, expected_is_there)
    })
}

fn judge(loaded: &Loaded, question: &Arc<Question>, expected_is_there: bool) -> Judged {
    let (plugin, description) = match &loaded.ready {
        Ready::Withheld(reason) => {
            return report(loaded, Opinion::Withheld, Some(reason.clone()), Vec::new());
        }
        Ready::Plugin { plugin, description } => (plugin, description),
    };
    if !expected_is_there {
        let why =
            Text::stripped("it was not asked, for evidence that the stage expects is missing");
        return report(loaded, Opinion::Withheld, Some(why), unaccounted(description));
    }
    if let Some(kind) = needed(description, question) {
        let why = format!("it needs `{kind}`, and there is no such fact");
        return report(loaded, Opinion::Fail, Some(Text::stripped(&why)), unaccounted(description));
    }
    let policy = &loaded.policy;
    let evaluation = plugin.evaluate(description, &policy.settings, question, &policy.limits);
    let Evaluation { opinion, reason, rules, findings, read, log } = evaluation;
    let (mut report, _) = report(loaded, opinion, reason, rules);
    report.findings = findings;
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
    let rule = |rule: &lockgate_runtime::Rule| RuleReport {
        code: rule.code.clone(),
        state: RuleState::Unaccounted,
    };
    description.rules.iter().map(rule).collect()
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
        findings: Vec::new(),
        read: ReadSet::default(),
    };
    (report, Vec::new())
}
