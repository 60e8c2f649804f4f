//! `finding-advisor replay`: events, or dead letters, once more through the deployed queue; or what would be told of them.

use std::path::PathBuf;
use std::process::ExitCode;

use finding_advisor::config::HandlerConfig;
use finding_advisor::explain::{Explanation, explain};
use finding_advisor::intake;
use finding_advisor::ledger::Known;
use serde_json::json;

use crate::explain::ONE_ROUTE;
use crate::input::{Input, read, read_all};
use crate::{Output, Reader, Trouble, now};

#[derive(clap::Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["paths", "dlq"]))]
pub struct Arguments {
    /// Events: files with one each, files `.jsonl` with one a line, folders of both, or `-` for standard input
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// The URL of a dead-letter queue: what lies in it is sent, and then deleted there
    #[arg(long, value_name = "URL")]
    dlq: Option<String>,
    /// The URL of the queue of the deployed FindingAdvisor
    #[arg(long, value_name = "URL", required_unless_present = "dry_run")]
    queue: Option<String>,
    /// Sends and deletes nothing: says who would be told, if nobody knew of it yet
    #[arg(long)]
    dry_run: bool,
    /// For the dry run: the handler's configuration, as its variable `HANDLER_CONFIG` holds it
    #[arg(long, requires = "dry_run")]
    config: Option<PathBuf>,
    #[command(flatten)]
    pub reader: Reader,
    /// How it is printed
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
}

pub fn run(arguments: &Arguments) -> Result<(String, ExitCode), Trouble> {
    match (&arguments.dlq, &arguments.queue) {
        (None, _) if arguments.dry_run => Ok((would_tell(arguments, &read_all(&arguments.paths)?)?, ExitCode::SUCCESS)),
        (None, Some(queue)) => send(arguments, read_all(&arguments.paths)?, queue),
        (None, None) => Err("expected `--queue URL`, got none".into()),
        (Some(dlq), queue) => redrive(arguments, dlq, queue.as_deref()),
    }
}

fn would_tell(arguments: &Arguments, events: &[Input]) -> Result<String, Trouble> {
    let config = match &arguments.config {
        Some(path) => HandlerConfig::parse(&read(path)?)?,
        None => HandlerConfig::parse(ONE_ROUTE)?,
    };
    let language = arguments.reader.language();
    let mut lines = Vec::new();
    for event in events {
        let findings = intake::read(&event.text);
        let explained: Vec<Explanation> =
            findings.iter().map(|finding| explain(finding, &config, &Known::default(), now(), language)).collect();
        lines.push(match arguments.output {
            Output::Json => json!({ "event": event.place, "findings": explained }).to_string(),
            Output::Text => {
                let findings: String = explained.iter().map(|one| one.text(language)).collect();
                format!("{}\n{}", event.place, findings.trim_end())
            }
        });
    }
    Ok(lines.join("\n"))
}

#[cfg(not(feature = "aws"))]
const NO_AWS: &str = "this build of finding-advisor is without AWS: it can only `--dry-run` files";

#[cfg(not(feature = "aws"))]
fn send(_: &Arguments, _: Vec<Input>, _: &str) -> Result<(String, ExitCode), Trouble> {
    Err(NO_AWS.into())
}

#[cfg(not(feature = "aws"))]
fn redrive(_: &Arguments, _: &str, _: Option<&str>) -> Result<(String, ExitCode), Trouble> {
    Err(NO_AWS.into())
}

#[cfg(feature = "aws")]
use with_aws::{redrive, send};

/// What talks to the queues.
#[cfg(feature = "aws")]
mod with_aws {
    use std::io::Write;

    use finding_advisor::aws::{Queue, Received, callers_config};

    use super::{Arguments, ExitCode, Input, Output, Trouble, json, would_tell};
    use crate::block_on;
    use crate::terminal::printable;

    /// Sends each event; whatever is refused is named, and the others go on.
    pub fn send(arguments: &Arguments, events: Vec<Input>, queue: &str) -> Result<(String, ExitCode), Trouble> {
        block_on(async {
            let queue = Queue::new(&callers_config().await, queue.to_owned());
            let mut tally = Tally::new(arguments.output);
            for event in events {
                tally.say(&event.place, &queue.send(&event.text).await)?;
            }
            Ok(tally.sum())
        })
    }

    /// Sends what lies in a dead-letter queue and deletes it there, in this order: a message that is sent twice is told once, one
    /// that is deleted unsent never. (A move task of SQS would be one call, but takes only from the dead-letter queues of queues,
    /// and a forwarder's belongs to its rules.)
    pub fn redrive(arguments: &Arguments, dlq: &str, to: Option<&str>) -> Result<(String, ExitCode), Trouble> {
        block_on(async {
            let sdk = callers_config().await;
            let dlq = Queue::new(&sdk, dlq.to_owned());
            let mut seen = Vec::new();
            let mut tally = Tally::new(arguments.output);
            let to = to.filter(|_| !arguments.dry_run).map(|url| Queue::new(&sdk, url.to_owned()));
            // What could not be sent comes back after a minute: whatever is seen a second time ends the round.
            loop {
                let received =
                    dlq.receive().await.map_err(|code| format!("cannot read the dead-letter queue: {code}"))?;
                let new: Vec<_> = received
                    .into_iter()
                    .filter(|one| seen.iter().all(|(old, _): &(Received, _)| old.id != one.id))
                    .collect();
                if new.is_empty() {
                    break;
                }
                for message in new {
                    let event = Input { place: message.id.clone(), text: message.body.clone() };
                    if let Some(to) = &to {
                        let mut fate = to.send(&message.body).await;
                        if fate.is_ok()
                            && let Err(code) = dlq.delete(&message).await
                        {
                            fate = Err(format!("sent, but not deleted: {code}"));
                        }
                        tally.say(&event.place, &fate)?;
                    }
                    seen.push((message, event));
                }
            }
            if to.is_some() {
                return Ok(tally.sum());
            }
            for (message, _) in &seen {
                // It comes back all the same, a minute later.
                let _ = dlq.release(message).await;
            }
            let events: Vec<Input> = seen.into_iter().map(|(_, event)| event).collect();
            Ok((would_tell(arguments, &events)?, ExitCode::SUCCESS))
        })
    }

    /// Counts, and says each at once: a run that is broken off has said how far it came.
    struct Tally {
        output: Output,
        sent: usize,
        refused: usize,
    }

    impl Tally {
        fn new(output: Output) -> Self {
            Self { output, sent: 0, refused: 0 }
        }

        fn say(&mut self, place: &str, fate: &Result<String, String>) -> Result<(), std::io::Error> {
            let (word, detail) = match fate {
                Ok(id) => ("sent", id),
                Err(code) => ("refused", code),
            };
            if fate.is_ok() {
                self.sent += 1
            } else {
                self.refused += 1
            }
            let line = match self.output {
                Output::Text => format!("{word} {place} {detail}"),
                Output::Json => json!({ "event": place, "fate": word, "detail": detail }).to_string(),
            };
            writeln!(std::io::stdout(), "{}", printable(&line))
        }

        fn sum(&self) -> (String, ExitCode) {
            let code = if self.refused == 0 { ExitCode::SUCCESS } else { ExitCode::from(1) };
            let text = match self.output {
                Output::Text => format!("{} sent, {} refused", self.sent, self.refused),
                Output::Json => json!({ "sent": self.sent, "refused": self.refused }).to_string(),
            };
            (text, code)
        }
    }
}
