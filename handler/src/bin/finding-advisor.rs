//! The command line: try the product on an event without AWS.

use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};
use finding_advisor::advice::{self, NoAnswer};
use finding_advisor::channel::{self, Next, Request};
use finding_advisor::config::{ChannelConfig, HandlerConfig};
use finding_advisor::explain::{Explanation, explain};
use finding_advisor::finding::Language;
use finding_advisor::intake;
use finding_advisor::ledger::Known;
use finding_advisor::notification::{self, Change, Words};
use jiff::Timestamp;

/// What a newcomer deploys first: everything of HIGH and above to one topic.
const ONE_ROUTE: &str = r#"{"ledgerTable":"","models":["none"],"queueUrl":"","routes":[],"defaultRoute":{"name":"default",
    "language":"ja","minimumSeverity":"HIGH","channel":{"kind":"topic","topicArn":""}}}"#;

#[derive(Parser)]
#[command(name = "finding-advisor", version, about = "Try Finding Advisor on a security finding, without AWS.")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Show the notification that an event becomes, with the playbook's advice
    Preview(Event),
    /// Show exactly what a model would be asked about an event
    Prompt(Event),
    /// Show who would be told of an event, by which route and why, and what stays silent
    Explain(Explain),
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

#[derive(clap::Args)]
struct Explain {
    #[command(flatten)]
    event: Event,
    /// The handler's configuration, as its variable `HANDLER_CONFIG` holds it; without it one route takes HIGH and above
    #[arg(long)]
    config: Option<PathBuf>,
    /// For a person, or for a program
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
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
        // A reader that closes its end early (`| head`) is no error.
        Ok(text) => writeln!(std::io::stdout(), "{text}").map_or(ExitCode::SUCCESS, |()| ExitCode::SUCCESS),
        Err(error) => {
            eprintln!("finding-advisor: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<String, Box<dyn std::error::Error>> {
    Ok(match command {
        Command::Preview(event) => {
            let language = event.language();
            let findings = intake::read(&event.body()?);
            findings.iter().map(|finding| preview(finding, language)).collect::<Vec<_>>().join("\n\n")
        }
        Command::Prompt(event) => {
            let language = event.language();
            let findings = intake::read(&event.body()?);
            let prompts = findings.iter().map(|finding| {
                let prompt = advice::prompt(&advice::project(finding, language, now()));
                format!("{}\n---\n{}", prompt.system, prompt.user)
            });
            prompts.collect::<Vec<_>>().join("\n\n")
        }
        Command::Explain(wanted) => {
            let config = wanted.config()?;
            let findings = intake::read(&wanted.event.body()?);
            let language = wanted.event.language();
            let explained: Vec<Explanation> =
                findings.iter().map(|finding| explain(finding, &config, &Known::default(), now(), language)).collect();
            match wanted.output {
                Output::Json => serde_json::to_string_pretty(&explained)?,
                Output::Text => explained.iter().map(|one| one.text(language)).collect::<Vec<_>>().join("\n"),
            }
        }
        Command::Contract => serde_json::to_string_pretty(&schemars::schema_for!(HandlerConfig))?,
    })
}

impl Explain {
    fn config(&self) -> Result<HandlerConfig, Box<dyn std::error::Error>> {
        let Some(path) = &self.config else { return Ok(HandlerConfig::parse(ONE_ROUTE)?) };
        let json =
            std::fs::read_to_string(path).map_err(|error| format!("cannot read `{}`: {error}", path.display()))?;
        Ok(HandlerConfig::parse(&json)?)
    }
}

impl Event {
    fn language(&self) -> Language {
        match self.language {
            Tongue::Ja => Language::Ja,
            Tongue::En => Language::En,
        }
    }

    fn body(&self) -> Result<String, String> {
        let place = self.event.display();
        let bytes = if self.event.as_os_str() == "-" {
            let mut bytes = Vec::new();
            std::io::stdin().read_to_end(&mut bytes).map(|_| bytes)
        } else {
            std::fs::read(&self.event)
        };
        bytes
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
            .map_err(|error| format!("cannot read `{place}`: {error}"))
    }
}

fn preview(finding: &finding_advisor::finding::Finding, language: Language) -> String {
    let facts = advice::project(finding, language, now());
    let advice = advice::playbook(&facts, NoAnswer::NotAsked);
    let notification = notification::compose(finding, &facts, Some(&advice), Change::New, Words::of(language));
    let topic = ChannelConfig::Topic { topic_arn: String::new() };
    match channel::next(&topic, &notification, None, &[]) {
        Next::Send(Request::Sns { subject, message, .. }) => {
            format!("Subject: {}\n\n{message}", subject.unwrap_or_default())
        }
        Next::Send(Request::Http(_) | Request::Ses(_) | Request::Sqs { .. }) | Next::Done(_) | Next::Refused(..) => {
            String::new()
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the command line's one clock")]
fn now() -> Timestamp {
    Timestamp::now()
}
