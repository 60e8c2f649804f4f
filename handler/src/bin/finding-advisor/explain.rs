//! `finding-advisor explain`: who would be told of an event, by which route and why, and what stays silent and why.

use std::path::PathBuf;

use finding_advisor::config::HandlerConfig;
use finding_advisor::explain::{Explanation, explain};
use finding_advisor::intake;
use finding_advisor::ledger::Known;

use crate::input::{read, read_all};
use crate::{Events, Output, Trouble, now};

/// What a newcomer deploys first: everything of HIGH and above to one topic.
pub const ONE_ROUTE: &str = r#"{"ledgerTable":"","models":["none"],"queueUrl":"","routes":[],"defaultRoute":{"name":"default",
    "language":"ja","minimumSeverity":"HIGH","channel":{"kind":"topic","topicArn":""}}}"#;

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pub events: Events,
    /// The handler's configuration, as its variable `HANDLER_CONFIG` holds it; without it one route takes HIGH and above
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How it is printed
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
}

pub fn run(arguments: &Arguments) -> Result<String, Trouble> {
    let config = match &arguments.config {
        Some(path) => HandlerConfig::parse(&read(path)?)?,
        None => HandlerConfig::parse(ONE_ROUTE)?,
    };
    let language = arguments.events.reader.language();
    let texts = read_all(&arguments.events.events)?;
    let findings = texts.iter().flat_map(|event| intake::read(&event.text));
    let explained: Vec<Explanation> =
        findings.map(|finding| explain(&finding, &config, &Known::default(), now(), language)).collect();
    Ok(match arguments.output {
        Output::Json => serde_json::to_string_pretty(&explained)?,
        Output::Text => explained.iter().map(|one| one.text(language)).collect::<Vec<_>>().join("\n"),
    })
}
