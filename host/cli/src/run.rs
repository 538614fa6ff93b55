//! From arguments to an exit code.

use std::collections::BTreeSet;
use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::OnceLock;
use std::time::Duration;

use anyhow::Context;
use camino::{Utf8Component, Utf8Path, Utf8PathBuf};
use lockgate::model::{Exit, Instant, Text};
use lockgate::{
    Change, CheckRequest, ConfigChoice, CoverageError, Error, EvidenceRequest, Format, How,
    InspectRequest, LintRequest, LintedFiles, LockError, LockRequest, Uncovered, record, render,
};

use crate::arguments::{
    Arguments, Check, Command, Evidence, Explain, Inspect, Lint, Lock, Output, PluginCommand, words,
};
use crate::complain;
use crate::pin::pin;

/// Why there is no report on standard output, ready to be shown.
pub(crate) struct Failure {
    pub(crate) text: String,
    pub(crate) exit: Exit,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Exit, Failure> {
    match &arguments.command {
        Command::Check(arguments) => check(arguments),
        Command::Evidence(arguments) => evidence(arguments),
        Command::Lint(arguments) => lint(arguments),
        Command::Explain(arguments) => explain(arguments),
        Command::Lock(arguments) => lock(arguments),
        Command::Plugin(PluginCommand::Inspect(arguments)) => inspect(arguments),
    }
}

fn check(arguments: &Check) -> Result<Exit, Failure> {
    let outputs = outputs(&arguments.common.output)?;
    spares(&outputs, &arguments.common.read())?;
    let request = CheckRequest {
        artifact: arguments.common.artifact.clone(),
        evidence: arguments.common.evidence.clone(),
        config: config(arguments.common.config.as_ref())?,
        pin: pin(arguments.common.config_digest)?,
        locked: arguments.locked,
        stage: arguments.stage.clone(),
        at: arguments.common.at,
        now: now(),
        jobs: arguments.jobs.unwrap_or_else(processors),
        #[cfg(feature = "fault-injection")]
        panic_in_evaluate: arguments.panic_in_evaluate,
    };
    let checked = lockgate::check(&request)?;
    let read: Vec<&Utf8Path> = checked.read.iter().map(|file| file.as_path()).collect();
    spares(&outputs, &read)?;
    if arguments.verbose {
        for (policy, line) in &checked.logs {
            complain(&format!("{policy}: {line}"));
        }
    }
    write(&outputs, |format| render::check(&checked.report, format))?;
    Ok(checked.report.exit)
}

fn evidence(arguments: &Evidence) -> Result<Exit, Failure> {
    let outputs = outputs(&arguments.common.output)?;
    fits("evidence", &outputs, Format::OF_EVIDENCE)?;
    spares(&outputs, &arguments.common.read())?;
    let request = EvidenceRequest {
        artifact: arguments.common.artifact.clone(),
        evidence: arguments.common.evidence.clone(),
        config: config(arguments.common.config.as_ref())?,
        pin: pin(arguments.common.config_digest)?,
        at: arguments.common.at.unwrap_or_else(now),
    };
    let report = lockgate::evidence(&request)?;
    write(&outputs, |format| {
        render::evidence(&report, format).expect("formats for verdicts were refused above")
    })?;
    Ok(Exit::Allowed)
}

fn lint(arguments: &Lint) -> Result<Exit, Failure> {
    let outputs = outputs(&arguments.output)?;
    fits("lint", &outputs, Format::OF_LINT)?;
    let read: Vec<&Utf8Path> =
        arguments.sets.iter().chain(&arguments.config).map(|path| path.as_path()).collect();
    spares(&outputs, &read)?;
    let request = LintRequest {
        policies: match arguments.sets.as_slice() {
            [] => LintedFiles::Config {
                choice: config(arguments.config.as_ref())?,
                pin: pin(arguments.config_digest)?,
            },
            sets => LintedFiles::Sets(sets.to_vec()),
        },
        cases: arguments.cases.clone(),
        jobs: processors(),
    };
    let report = lockgate::lint(&request)?;
    write(&outputs, |format| {
        render::lint(&report, format).expect("formats for verdicts were refused above")
    })?;
    Ok(Exit::Allowed)
}

fn explain(arguments: &Explain) -> Result<Exit, Failure> {
    let outputs = outputs(&arguments.output)?;
    fits("explain", &outputs, Format::OF_EXPLANATION)?;
    spares(&outputs, &[&arguments.report])?;
    let report = match arguments.report.as_str() {
        "-" => lockgate::read_report("-", std::io::stdin().lock()),
        _ => lockgate::open_report(&arguments.report),
    };
    let report = report.map_err(|error| Failure {
        exit: if error.is_host_failure() { Exit::Host } else { Exit::Usage },
        text: told(&error.into()),
    })?;
    let policy = arguments.policy.as_deref();
    let explanation = lockgate::explain(&report, policy)
        .map_err(|error| Failure { text: told(&error.into()), exit: Exit::Usage })?;
    write(&outputs, |format| {
        render::explanation(&explanation, format).expect("other formats were refused above")
    })?;
    Ok(Exit::Allowed)
}

fn lock(arguments: &Lock) -> Result<Exit, Failure> {
    let request = LockRequest {
        config: config(arguments.config.as_ref())?,
        upgrade: arguments.upgrade.clone(),
        jobs: processors(),
    };
    let locked = lockgate::lock(&request)?;
    let mut text = String::new();
    for change in &locked.changes {
        text += &format!("  {}\n", Text::escaped(&change.to_string()));
    }
    let path = Text::escaped(locked.path.as_str());
    text += &format!("{path}: {} plugins and files are pinned\n", locked.pins);
    written(&mut anstream::stdout().lock(), &text)
        .context("cannot write to standard output")
        .map_err(|error| host(&error))?;
    Ok(Exit::Allowed)
}

fn inspect(arguments: &Inspect) -> Result<Exit, Failure> {
    let outputs = outputs(&arguments.output)?;
    fits("plugin inspect", &outputs, Format::OF_LINT)?;
    spares(&outputs, &[Utf8Path::new(&arguments.plugin)])?;
    let request = InspectRequest { plugin: arguments.plugin.clone(), clock };
    let report = lockgate::inspect(&request)?;
    write(&outputs, |format| {
        render::inspection(&report, format).expect("formats for verdicts were refused above")
    })?;
    Ok(Exit::Allowed)
}

/// How long it is since this was first asked.
#[expect(
    clippy::disallowed_methods,
    reason = "how long something took is measured, never judged by"
)]
fn clock() -> Duration {
    static FIRST: OnceLock<std::time::Instant> = OnceLock::new();
    FIRST.get_or_init(std::time::Instant::now).elapsed()
}

/// Files first: if one cannot be written, nothing stands on standard output that says otherwise.
fn write(outputs: &[Output], text: impl Fn(Format) -> String) -> Result<(), Failure> {
    let file = |output: &Output| Some((output.file.clone()?, plain(output.format, &text)));
    let files: Vec<(Utf8PathBuf, String)> = outputs.iter().filter_map(file).collect();
    record(&files).map_err(|error| host(&error.into()))?;
    if let Some(output) = outputs.iter().find(|output| output.file.is_none()) {
        let text = text(output.format);
        // Only what a person reads has colours, which not every terminal shows.
        let written = match output.format {
            Format::Human => written(&mut anstream::stdout().lock(), &text),
            _ => written(&mut std::io::stdout().lock(), &text),
        };
        written.context("cannot write to standard output").map_err(|error| host(&error))?;
    }
    Ok(())
}

fn written(to: &mut impl Write, text: &str) -> std::io::Result<()> {
    to.write_all(text.as_bytes())?;
    to.flush()
}

/// The text without colours.
fn plain(format: Format, text: impl Fn(Format) -> String) -> String {
    match format {
        Format::Human => anstream::adapter::strip_str(&text(format)).to_string(),
        _ => text(format),
    }
}

fn outputs(named: &[Output]) -> Result<Vec<Output>, Failure> {
    if named.is_empty() {
        return Ok(vec![Output { format: Format::Human, file: None }]);
    }
    let mut targets = BTreeSet::new();
    for output in named {
        if !targets.insert(output.file.as_deref().map(plainly)) {
            let text = match &output.file {
                Some(file) => format!("error: `--output` names the file `{file}` twice"),
                None => "error: `--output` without a file is given twice\n\
                         help: give all but one a file, as in `-o json=report.json`"
                    .to_owned(),
            };
            return Err(Failure { text, exit: Exit::Usage });
        }
    }
    Ok(named.to_vec())
}

/// A path without the steps that lead nowhere.
fn plainly(path: &Utf8Path) -> Utf8PathBuf {
    path.components().filter(|step| *step != Utf8Component::CurDir).collect()
}

/// Refuses an output that would take the place of something that the command reads.
fn spares(outputs: &[Output], read: &[&Utf8Path]) -> Result<(), Failure> {
    let files = outputs.iter().filter_map(|output| output.file.as_deref());
    let Some((output, read)) = lockgate::overwritten(files, read) else { return Ok(()) };
    let text = format!(
        "error: `--output` names the file `{}`, which would overwrite `{}`\n\
         help: write to another file",
        Text::escaped(output.as_str()),
        Text::escaped(read.as_str())
    );
    Err(Failure { text, exit: Exit::Usage })
}

/// Refuses a format that a command has nothing to say in.
fn fits(command: &str, outputs: &[Output], formats: &[Format]) -> Result<(), Failure> {
    let Some(odd) = outputs.iter().find(|output| !formats.contains(&output.format)) else {
        return Ok(());
    };
    let text = format!(
        "error: `{command}` does not write `{}`, which is for what `check` says\n\
         help: it writes {}",
        odd.format.as_str(),
        words(formats)
    );
    Err(Failure { text, exit: Exit::Usage })
}

fn config(named: Option<&Utf8PathBuf>) -> Result<ConfigChoice, Failure> {
    if let Some(path) = named {
        return Ok(ConfigChoice::Named(path.clone()));
    }
    here().map(ConfigChoice::Above).map_err(|error| Failure {
        text: told(&error) + "\nhelp: name the policy file with `--config`",
        exit: Exit::Usage,
    })
}

#[expect(clippy::disallowed_methods, reason = "where to look for a policy file that nobody named")]
fn here() -> anyhow::Result<Utf8PathBuf> {
    let folder = std::env::current_dir().context("cannot tell the current folder")?;
    Utf8PathBuf::from_path_buf(folder)
        .map_err(|folder| anyhow::anyhow!("the current folder `{}` is not UTF-8", folder.display()))
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one clock read; all else is handed an `Instant`"
)]
fn now() -> Instant {
    let seconds = jiff::Timestamp::now().as_second();
    Instant::from_unix(seconds).expect("jiff's instants and ours have the same range")
}

fn processors() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let exit = error.exit();
        let text = match error {
            // They point at lines; a heading would only stand before them.
            Error::Config(problems) => problems.render(true),
            Error::Lock(LockError::Differs { name, changes }) => unlocked(&name, &changes),
            Error::Coverage(CoverageError::Uncovered { uncovered }) => uncovered_rules(&uncovered),
            other => {
                let help = other.help();
                let help = help.map(|help| format!("\nhelp: {}", Text::escaped(&help)));
                told(&other.into()) + &help.unwrap_or_default()
            }
        };
        Self { text, exit }
    }
}

/// What differs from a lock, and how it is accepted.
fn unlocked(name: &str, changes: &[Change]) -> String {
    let mut text = format!("error: the configuration is not what `{}` says", Text::escaped(name));
    for change in changes {
        text += &format!("\n  {}", Text::escaped(&change.to_string()));
    }
    let named = changes.iter().filter(|change| change.how != How::New);
    let changed: BTreeSet<&str> = named.map(|change| change.name.as_str()).collect();
    let upgrade: String =
        changed.iter().map(|name| format!(" --upgrade {}", Text::escaped(name))).collect();
    text + &format!("\nhelp: see what changed; `lockgate lock{upgrade}` accepts it")
}

/// Each on a line of its own, for all are wanted at once.
fn uncovered_rules(uncovered: &[Uncovered]) -> String {
    let mut text = "error: the cases do not cover every rule".to_owned();
    for rule in uncovered {
        text += &format!("\n  {}", Text::escaped(&rule.to_string()));
    }
    text + "\nhelp: record a report of `check` for each that is missing"
}

fn host(error: &anyhow::Error) -> Failure {
    Failure { text: told(error), exit: Exit::Host }
}

/// The error and its causes, on lines of their own.
fn told(error: &anyhow::Error) -> String {
    // What was typed may hold anything.
    let mut text = format!("error: {}", Text::escaped(&error.to_string()));
    for cause in error.chain().skip(1) {
        text = format!("{text}\n  because: {}", Text::escaped(&cause.to_string()));
    }
    text
}
