//! The command line.

use std::num::NonZeroUsize;

use camino::{Utf8Path, Utf8PathBuf};
use clap::{Args, Parser, Subcommand};
use lockgate::model::{Digest, Instant, Kind};
use lockgate::{Format, Source};

#[derive(Debug, Parser)]
#[command(name = "lockgate", version, about = ABOUT, after_help = EXIT_CODES, arg_required_else_help = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const ABOUT: &str =
    "A gate for build artifacts: an artifact enters a stage only when its policies say so";

const EXIT_CODES: &str = "\
Exit codes:
  0  allowed
  1  denied: the artifact's problem
  2  usage or configuration: the caller's
  3  undecided: a required policy withheld its opinion
  4  the host failed
  5  pending: only approvals are missing";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say whether an artifact may enter a stage
    #[command(after_help = EXIT_CODES)]
    Check(Check),
    /// List the documents about an artifact: what each is, who signed it, why it is not believed
    Evidence(Evidence),
    /// Say what is wrong with a configuration or with policy sets, before there is an artifact
    Lint(Lint),
    /// Explain a report: what each finding rests on, and what to do
    Explain(Explain),
    /// Pin plugins, what they may do, and the files of trust and of policies, in `lockgate.lock`
    Lock(Lock),
    /// Look at plugins, the WebAssembly components that judge
    #[command(subcommand)]
    Plugin(PluginCommand),
}

#[derive(Debug, Args)]
pub(crate) struct Common {
    /// The artifact: a file, an image in an OCI layout as `oci-layout:PATH[:TAG|@DIGEST]`, or
    /// `sha256:HEX`
    pub(crate) artifact: String,
    /// The policy file [default: `lockgate.toml` here or above, up to the repository's root]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<Utf8PathBuf>,
    /// The digest that the policy file, with all files that it names, has to have; the environment
    /// variable `LOCKGATE_CONFIG_DIGEST` says the same
    #[arg(long, value_name = "DIGEST", value_parser = digest)]
    pub(crate) config_digest: Option<Digest>,
    /// A file or folder with evidence; with `KIND=` what it holds is of that kind, or rejected
    #[arg(long, value_name = "[KIND=]PATH", value_parser = source)]
    pub(crate) evidence: Vec<Source>,
    /// The moment for which to ask, in RFC 3339 [default: now]
    #[arg(long, value_name = "INSTANT", value_parser = instant)]
    pub(crate) at: Option<Instant>,
    /// How to report, each to a file with `=FILE`; once without: `human`, `json`, `markdown`,
    /// `html`; of a check also `sarif`, `junit`, `github`
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_parser = output)]
    pub(crate) output: Vec<Output>,
}

impl Common {
    /// The files and folders that are named to be read. An artifact that is no file leads nowhere.
    pub(crate) fn read(&self) -> Vec<&Utf8Path> {
        let evidence = self.evidence.iter().map(|source| source.path.as_path());
        let named = self.config.as_deref().into_iter().chain(evidence);
        named.chain([Utf8Path::new(&self.artifact)]).collect()
    }
}

#[derive(Debug, Args)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) common: Common,
    /// The stage that the artifact asks to enter
    #[arg(long, value_name = "NAME")]
    pub(crate) stage: String,
    /// Refuse a configuration that has no lock beside it
    #[arg(long)]
    pub(crate) locked: bool,
    /// How many policies to evaluate at a time [default: one for each processor]
    #[arg(long, value_name = "N", value_parser = jobs)]
    pub(crate) jobs: Option<NonZeroUsize>,
    /// Show what the policies wrote to their logs, on standard error
    #[arg(short, long)]
    pub(crate) verbose: bool,
    /// Panic while a policy is evaluated
    #[cfg(feature = "fault-injection")]
    #[arg(long, hide = true)]
    pub(crate) panic_in_evaluate: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Evidence {
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Policy sets: files with `[[policy]]` alone. Without any, the configuration is looked at, with
    /// all its stages
    pub(crate) sets: Vec<Utf8PathBuf>,
    /// The policy file [default: `lockgate.toml` here or above, up to the repository's root]
    #[arg(long, value_name = "FILE", conflicts_with = "sets")]
    pub(crate) config: Option<Utf8PathBuf>,
    /// The digest that the policy file, with all files that it names, has to have; the environment
    /// variable `LOCKGATE_CONFIG_DIGEST` says the same
    #[arg(long, value_name = "DIGEST", value_parser = digest, conflicts_with = "sets")]
    pub(crate) config_digest: Option<Digest>,
    /// A folder with JSON reports of `check`: every rule that a plugin declares has to pass in one
    /// and to find something in another
    #[arg(long, value_name = "FOLDER")]
    pub(crate) cases: Option<Utf8PathBuf>,
    /// How to report: `human` or `json`, each to a file with `=FILE`; once without
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_parser = output)]
    pub(crate) output: Vec<Output>,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A report as JSON that `lockgate check` wrote, or `-` for standard input
    pub(crate) report: Utf8PathBuf,
    /// Only this policy
    #[arg(long, value_name = "NAME")]
    pub(crate) policy: Option<String>,
    /// How to explain it, each to a file with `=FILE`; once without: `human`, `json`, `markdown`
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_parser = output)]
    pub(crate) output: Vec<Output>,
}

#[derive(Debug, Args)]
pub(crate) struct Lock {
    /// The policy file [default: `lockgate.toml` here or above, up to the repository's root]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<Utf8PathBuf>,
    /// Accept what changed of this: a plugin, a policy as `STAGE/NAME`, or a file, as the message says
    #[arg(long, value_name = "NAME")]
    pub(crate) upgrade: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PluginCommand {
    /// Say what a plugin is, and what its imports let it do
    Inspect(Inspect),
}

#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// `builtin:NAME`, or the file of a component
    pub(crate) plugin: String,
    /// How to report: `human` or `json`, each to a file with `=FILE`; once without
    #[arg(short, long, value_name = "FORMAT[=FILE]", value_parser = output)]
    pub(crate) output: Vec<Output>,
}

/// One `-o`.
#[derive(Debug, Clone)]
pub(crate) struct Output {
    pub(crate) format: Format,
    /// None: standard output.
    pub(crate) file: Option<Utf8PathBuf>,
}

/// A kind stands before the first `=` only if it is a known one; else all of it is a path.
fn source(text: &str) -> Result<Source, String> {
    let (kind, path) = match text.split_once('=') {
        Some((word, path)) if word.parse::<Kind>().is_ok() => (word.parse().ok(), path),
        _ => (None, text),
    };
    if path.is_empty() {
        return Err("the path is empty".into());
    }
    Ok(Source { kind, path: path.into() })
}

fn digest(text: &str) -> Result<Digest, String> {
    text.parse().map_err(|error: lockgate::model::DigestError| error.to_string())
}

fn instant(text: &str) -> Result<Instant, String> {
    text.parse().map_err(|error: lockgate::model::InstantError| error.to_string())
}

fn jobs(text: &str) -> Result<NonZeroUsize, String> {
    text.parse().map_err(|_| "a whole number from 1 on".to_owned())
}

fn output(text: &str) -> Result<Output, String> {
    let (word, file) = match text.split_once('=') {
        Some((_, "")) => return Err("the file's name is empty".into()),
        Some((word, file)) => (word, Some(Utf8PathBuf::from(file))),
        None => (text, None),
    };
    if file.as_ref().is_some_and(|file| file == "-") {
        return Err("leave `=-` out: without a file it is standard output".into());
    }
    let format = Format::ALL.iter().copied().find(|format| format.as_str() == word);
    let format = format.ok_or_else(|| format!("the formats are {}", words(Format::ALL)))?;
    Ok(Output { format, file })
}

/// The words for formats, in a sentence.
pub(crate) fn words(formats: &[Format]) -> String {
    let words: Vec<String> =
        formats.iter().map(|format| format!("`{}`", format.as_str())).collect();
    match &words[..] {
        [rest @ .., last] if !rest.is_empty() => format!("{} and {last}", rest.join(", ")),
        words => words.concat(),
    }
}
