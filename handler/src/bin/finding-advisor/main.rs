//! The command line: tries the product on an event without AWS, and looks after a deployed one.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use finding_advisor::advice::converse::{self, Manner};
use finding_advisor::advice::{self, Advice, Facts};
use finding_advisor::channel::{self, Next, Request};
use finding_advisor::config::{ChannelConfig, HandlerConfig};
use finding_advisor::finding::{Finding, Language};
use finding_advisor::intake;
use finding_advisor::notification::{self, Change, Words};
use jiff::{Timestamp, ToSpan};

use crate::input::{Said, read};
use crate::terminal::printable;

mod check;
mod doctor;
mod eval;
mod explain;
mod input;
mod name_accounts;
mod preview;
mod replay;
mod terminal;

/// Why a command could not do its work.
type Trouble = Box<dyn std::error::Error>;

/// Examples first: most who ask for help want a line to copy.
const HELP: &str = "{about}\n\n{before-help}{usage-heading} {usage}\n\n{all-args}{after-help}";

#[derive(Parser)]
#[command(
    name = "finding-advisor",
    version,
    about = "Try Finding Advisor on a security finding, and look after a deployed one.",
    before_help = "Examples:
  finding-advisor preview event.json
  finding-advisor explain --config handler-config.json events/
  aws s3 cp s3://archive/event.json - | finding-advisor prompt -",
    after_help = "Exit status: 0 done, 1 the command found a problem, 2 it could not do its work."
)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show every message that an event becomes, exactly as it would be sent
    #[command(before_help = "Examples:
  finding-advisor preview event.json
  finding-advisor preview --channel slack --language en events/ other/*.json
  finding-advisor preview --output html event.json > preview.html")]
    Preview(preview::Arguments),
    /// Show exactly what a model would be asked about an event: the request of Converse, as JSON
    #[command(before_help = "Examples:
  finding-advisor prompt event.json
  finding-advisor prompt --model us.anthropic.claude-haiku-5-5 - < event.json")]
    Prompt {
        #[command(flatten)]
        event: Event,
        /// The model's id
        #[arg(long, value_name = "ID", default_value = "jp.anthropic.claude-haiku-5-5")]
        model: String,
    },
    /// Show who would be told of an event, by which route and why, and what stays silent
    #[command(before_help = "Examples:
  finding-advisor explain event.json
  finding-advisor explain --config handler-config.json --output json events/")]
    Explain(explain::Arguments),
    /// Check a model's answer about an event: what stays, what is struck and why. Exits with 1 unless it is accepted
    #[command(before_help = "Example:
  finding-advisor check event.json --answer answer.json")]
    Check(check::Arguments),
    /// Check all recorded answers of a folder, and count what became of them
    #[command(before_help = "Example:
  finding-advisor eval --cases cases")]
    Eval(eval::Arguments),
    /// Send events or dead letters through the deployed queue once more, or say who would be told of them
    #[command(before_help = "Examples:
  finding-advisor replay --dry-run archive/ --config handler-config.json
  finding-advisor replay --queue QUEUE-URL event.json
  finding-advisor replay --queue QUEUE-URL --dlq DEAD-LETTER-QUEUE-URL")]
    Replay(replay::Arguments),
    /// Write what people call their accounts where the handler looks for it
    #[command(before_help = "Example:
  finding-advisor name-accounts --table TABLE accounts.json")]
    NameAccounts(name_accounts::Arguments),
    /// Look with your credentials at all that the handler uses, and say how to mend what is wrong. Exits with 1 at a problem
    #[command(before_help = "Examples:
  finding-advisor doctor --config handler-config.json
  finding-advisor doctor --offline < handler-config.json")]
    Doctor(doctor::Arguments),
    /// Print the JSON schema of the handler's configuration
    #[command(before_help = "Example:
  finding-advisor contract > handler-config.schema.json")]
    Contract,
    /// Print what lets a shell complete these commands
    #[command(before_help = "Examples:
  source <(finding-advisor completions bash)
  finding-advisor completions zsh > \"${fpath[1]}/_finding-advisor\"")]
    Completions {
        /// The shell
        shell: Shell,
    },
}

#[derive(clap::Args)]
struct Event {
    /// The event: a file, or `-` for standard input
    event: PathBuf,
    #[command(flatten)]
    reader: Reader,
}

#[derive(clap::Args)]
struct Events {
    /// Events: files with one each, files `.jsonl` with one a line, folders of both, or `-` for standard input
    #[arg(required = true, value_name = "EVENT")]
    events: Vec<PathBuf>,
    #[command(flatten)]
    reader: Reader,
}

#[derive(clap::Args)]
struct Reader {
    /// The reader's language [default: Japanese in a Japanese locale, else English]
    #[arg(long, value_enum)]
    language: Option<Tongue>,
}

impl Reader {
    fn language(&self) -> Language {
        self.language.map_or_else(of_the_locale, Language::from)
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Output {
    Text,
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
enum Tongue {
    Ja,
    En,
}

fn main() -> ExitCode {
    let matches = match command().try_get_matches() {
        Ok(matches) => matches,
        Err(asked) => {
            let text = asked.render().to_string();
            return if asked.use_stderr() { talk(&text, ExitCode::from(2)) } else { print(&text, ExitCode::SUCCESS) };
        }
    };
    let command = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments.command,
        Err(error) => return talk(&error.to_string(), ExitCode::from(2)),
    };
    let language = command.language();
    match run(command) {
        Ok((text, code)) => print(&format!("{text}\n"), code),
        Err(error) => {
            let text = match error.downcast_ref::<Said>() {
                Some(said) => said.text(language).to_owned(),
                None => error.to_string(),
            };
            talk(&format!("finding-advisor: {text}\n"), ExitCode::from(2))
        }
    }
}

/// The commands with our order of help, for 80 columns. Nothing is coloured: the same bytes reach a terminal, a pipe and a file.
fn command() -> clap::Command {
    Arguments::command()
        .color(clap::ColorChoice::Never)
        .disable_help_subcommand(true)
        .term_width(80)
        .help_template(HELP)
        .mut_subcommands(|command| command.help_template(HELP))
}

/// Data for standard output. A reader that closes its end early (`| head`) is no error.
fn print(text: &str, code: ExitCode) -> ExitCode {
    let _ = std::io::stdout().write_all(printable(text).as_bytes());
    code
}

/// What is no data, for standard error.
fn talk(text: &str, code: ExitCode) -> ExitCode {
    let _ = std::io::stderr().write_all(printable(text).as_bytes());
    code
}

impl Command {
    /// The language of what goes wrong.
    fn language(&self) -> Language {
        match self {
            Self::Preview(arguments) => arguments.language(),
            Self::Prompt { event, .. } => event.reader.language(),
            Self::Explain(arguments) => arguments.events.reader.language(),
            Self::Check(arguments) => arguments.event.reader.language(),
            Self::Replay(arguments) => arguments.reader.language(),
            Self::NameAccounts(arguments) => arguments.reader.language(),
            Self::Eval(_) | Self::Doctor(_) | Self::Contract | Self::Completions { .. } => of_the_locale(),
        }
    }
}

/// What is printed, and how the command ends.
fn run(command: Command) -> Result<(String, ExitCode), Trouble> {
    let text = match command {
        Command::Preview(arguments) => preview::run(&arguments)?,
        Command::Prompt { event, model } => {
            let language = event.reader.language();
            let findings = intake::read(&read(&event.event)?);
            let requests = findings.iter().map(|finding| {
                let prompt = advice::prompt(&facts(finding, language));
                serde_json::to_string_pretty(&converse::request(&prompt, &model, Manner::of(&model), None))
            });
            requests.collect::<Result<Vec<_>, _>>()?.join("\n")
        }
        Command::Explain(arguments) => explain::run(&arguments)?,
        Command::Check(arguments) => return check::run(&arguments),
        Command::Eval(arguments) => eval::run(&arguments)?,
        Command::Replay(arguments) => return replay::run(&arguments),
        Command::NameAccounts(arguments) => return name_accounts::run(&arguments),
        Command::Doctor(arguments) => return doctor::run(&arguments),
        Command::Contract => serde_json::to_string_pretty(&schemars::schema_for!(HandlerConfig))?,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut self::command(), "finding-advisor", &mut script);
            String::from_utf8(script)?
        }
    };
    Ok((text, ExitCode::SUCCESS))
}

/// The language of the locale's messages, by the order of POSIX.
#[expect(clippy::disallowed_methods, reason = "the command line's one look at its environment")]
fn of_the_locale() -> Language {
    let named = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().filter_map(std::env::var_os).find(|value| !value.is_empty());
    match named {
        Some(locale) if locale.to_string_lossy().starts_with("ja") => Language::Ja,
        _ => Language::En,
    }
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::Ja => Self::Ja,
            Tongue::En => Self::En,
        }
    }
}

/// The facts as told five minutes after the event was sent: so the same event has the same prompt on any day.
fn facts(finding: &Finding, language: Language) -> Facts {
    advice::project(finding, language, moment(finding))
}

/// Five minutes after the event was sent.
fn moment(finding: &Finding) -> Timestamp {
    finding.event_time.map_or_else(now, |time| time + 5.minutes())
}

/// The notification as a topic's subscribers read it.
fn shown(finding: &Finding, facts: &Facts, advice: &Advice) -> String {
    let words = Words::of(facts.language);
    let notification = notification::compose(finding, facts, Some(advice), Change::New, words);
    let topic = ChannelConfig::Topic { topic_arn: String::new() };
    match channel::next(&topic, &notification, None, &[]) {
        Next::Send(Request::Sns { subject, message, .. }) => {
            format!("Subject: {}\n\n{message}", subject.unwrap_or_default())
        }
        Next::Send(_) | Next::Done(_) | Next::Refused(..) => String::new(),
    }
}

/// Runs what talks to AWS.
#[cfg(feature = "aws")]
fn block_on<T>(work: impl Future<Output = Result<T, Trouble>>) -> Result<T, Trouble> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(work)
}

#[expect(clippy::disallowed_methods, reason = "the command line's one clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
