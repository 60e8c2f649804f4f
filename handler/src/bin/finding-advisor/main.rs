//! The command line: try the product on an event without AWS.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use finding_advisor::advice::converse::{self, Manner};
use finding_advisor::advice::{self, Advice, Facts};
use finding_advisor::channel::{self, Next, Request};
use finding_advisor::config::{ChannelConfig, HandlerConfig};
use finding_advisor::finding::{Finding, Language};
use finding_advisor::intake;
use finding_advisor::notification::{self, Change, Words};
use finding_advisor::plain::Plain;
use jiff::{Timestamp, ToSpan};

mod check;
mod doctor;
mod eval;
mod explain;
mod preview;
mod replay;

/// Why a command could not do its work.
type Trouble = Box<dyn std::error::Error>;

#[derive(Parser)]
#[command(name = "finding-advisor", version, about = "Try Finding Advisor on a security finding, without AWS.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show every message that an event becomes, exactly as it would be sent
    Preview(preview::Arguments),
    /// Show exactly what a model would be asked about an event: the request of Converse, as JSON
    Prompt {
        #[command(flatten)]
        event: Event,
        /// The model's id
        #[arg(long, default_value = "jp.anthropic.claude-haiku-5-5")]
        model: String,
    },
    /// Show who would be told of an event, by which route and why, and what stays silent
    Explain(explain::Arguments),
    /// Check a model's answer about an event: what stays, what is struck and why. Exits with 1 when it is rejected
    Check(check::Arguments),
    /// Check all recorded answers of a folder, and count what became of them
    Eval(eval::Arguments),
    /// Send events or dead letters through the deployed queue once more, or say who would be told of them
    Replay(replay::Arguments),
    /// Look with your credentials at all that the handler uses: model, ledger, topics, secrets, services, routes
    Doctor(doctor::Arguments),
    /// Print the JSON schema of the handler's configuration
    Contract,
}

#[derive(clap::Args)]
struct Event {
    /// The event: a file, or `-` for standard input
    event: PathBuf,
    /// The reader's language
    #[arg(long, value_enum, default_value = "ja")]
    language: Tongue,
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
    match run(Arguments::parse().command) {
        Ok((text, code)) => {
            // A reader that closes its end early (`| head`) is no error. What an event hides moves no terminal's cursor.
            let _ = writeln!(std::io::stdout(), "{}", Plain::new(text).text());
            code
        }
        Err(error) => {
            eprintln!("finding-advisor: {}", Plain::new(error.to_string()).text());
            ExitCode::from(2)
        }
    }
}

/// What is printed, and how the command ends.
fn run(command: Command) -> Result<(String, ExitCode), Trouble> {
    let text = match command {
        Command::Preview(arguments) => preview::run(&arguments)?,
        Command::Prompt { event, model } => {
            let language = event.language.into();
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
        Command::Doctor(arguments) => return doctor::run(&arguments),
        Command::Contract => serde_json::to_string_pretty(&schemars::schema_for!(HandlerConfig))?,
    };
    Ok((text, ExitCode::SUCCESS))
}

impl From<Tongue> for Language {
    fn from(tongue: Tongue) -> Self {
        match tongue {
            Tongue::Ja => Self::Ja,
            Tongue::En => Self::En,
        }
    }
}

/// The text of a file, or of standard input for `-`.
fn read(place: &Path) -> Result<String, String> {
    let bytes = if place.as_os_str() == "-" {
        let mut bytes = Vec::new();
        std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        std::fs::read(place)
    };
    bytes
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .map_err(|error| format!("cannot read `{}`: {error}", place.display()))
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
