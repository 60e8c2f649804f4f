//! `finding-advisor preview`: every message that an event becomes, exactly as it would be sent.

use std::path::{Path, PathBuf};

use finding_advisor::advice::{self, NoAnswer, Origin};
use finding_advisor::channel::{Body, Request};
use finding_advisor::config::{ChannelConfig, HandlerConfig};
use finding_advisor::explain::{Explanation, explain};
use finding_advisor::finding::{Finding, Language};
use finding_advisor::intake;
use finding_advisor::ledger::Known;
use finding_advisor::preview::Preview;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::explain::ONE_ROUTE;
use crate::input::{Input, read, read_all};
use crate::{Tongue, Trouble, moment, now, of_the_locale};

mod page;
mod recorded;

use recorded::Recorded;

/// One channel of each kind, where no configuration says which there are.
const CHANNELS: &str = include_str!("preview/channels.json");

/// The contract's words for them.
const KINDS: [&str; 8] = ["topic", "memberTopic", "mail", "slack", "slackWebhook", "chat", "backlog", "jira"];

#[derive(clap::Args)]
pub struct Arguments {
    /// Events: files with one each, files `.jsonl` with one a line, folders of both, or `-` for standard input
    #[arg(required = true, value_name = "EVENT")]
    events: Vec<PathBuf>,
    /// Only channels of this kind; `text` shows topic unless told
    #[arg(long, value_parser = KINDS)]
    channel: Option<String>,
    /// Only this language; `text` shows that of the locale unless told
    #[arg(long, value_enum)]
    language: Option<Tongue>,
    /// An answer of a model: the object alone, or a response of Converse. May be given more than once: the first that passes
    /// the check speaks, else the playbook
    #[arg(long, value_name = "FILE")]
    answer: Vec<PathBuf>,
    /// The handler's configuration: shows the routes that would be told, in their languages, instead of one channel of each kind
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// When it is told, as 2026-11-24T12:00:00Z [default: five minutes after the event]
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
    /// For a person, for a program (one object a line), or as one page for a browser
    #[arg(long, value_enum, default_value = "text")]
    output: Shape,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Shape {
    Text,
    Json,
    Html,
}

/// One finding and all that would be sent of it.
struct Walk {
    /// The file's name.
    event: String,
    /// The event as it came.
    body: String,
    finding: Finding,
    /// Who is told and why, in the languages of the readers.
    explained: Vec<(Language, Explanation)>,
    told: Vec<Told>,
}

/// What the readers of one language would get.
struct Told {
    language: Language,
    preview: Preview,
    channels: Vec<Sent>,
}

/// What one channel would send.
struct Sent {
    kind: String,
    requests: Vec<Request>,
}

impl Arguments {
    /// The language of what is shown, where only one is.
    pub fn language(&self) -> Language {
        self.language.map_or_else(of_the_locale, Language::from)
    }
}

pub fn run(arguments: &Arguments) -> Result<String, Trouble> {
    let config = HandlerConfig::parse(&match &arguments.config {
        Some(path) => read(path)?,
        None => ONE_ROUTE.to_owned(),
    })?;
    let asked = arguments.config.as_ref().and(config.models.first()).filter(|model| *model != "none");
    let answers = Recorded::read(&arguments.answer, asked.map_or("recorded", String::as_str))?;
    let mut walks = Vec::new();
    for Input { place, text } in read_all(&arguments.events)? {
        for finding in intake::read(&text) {
            let name = Path::new(&place).file_name().unwrap_or_default().to_string_lossy();
            walks.push(walk(arguments, &config, &answers, name.into_owned(), &text, finding)?);
        }
    }
    match arguments.output {
        Shape::Text => Ok(walks.iter().map(text).collect::<Vec<_>>().join("\n\n")),
        Shape::Json => lines(&walks),
        Shape::Html => Ok(page::page(&walks)),
    }
}

fn walk(
    arguments: &Arguments,
    config: &HandlerConfig,
    answers: &[Recorded],
    event: String,
    body: &str,
    finding: Finding,
) -> Result<Walk, Trouble> {
    let explained = |language| (language, explain(&finding, config, &Known::default(), now(), language));
    let wanted = |language: Language| match arguments.language {
        Some(only) => Language::from(only) == language,
        None => arguments.output != Shape::Text || arguments.config.is_some() || language == arguments.language(),
    };
    let languages: Vec<Language> = [Language::Ja, Language::En].into_iter().filter(|it| wanted(*it)).collect();
    let mut told = Vec::new();
    for language in &languages {
        let mut channels = Vec::new();
        for channel in channels_of(arguments, config, &finding, *language)? {
            let kind = kind(&channel)?;
            let only = match (&arguments.channel, arguments.output) {
                (Some(only), _) => Some(only.as_str()),
                (None, Shape::Text) if arguments.config.is_none() => Some("topic"),
                (None, _) => None,
            };
            if only.is_none_or(|only| only == kind) {
                channels.push((kind, channel));
            }
        }
        if channels.is_empty() {
            continue;
        }
        let at = arguments.at.unwrap_or_else(|| moment(&finding));
        let prompt = advice::prompt(&advice::project(&finding, *language, at));
        let answers = Recorded::of(answers, &prompt);
        let preview = Preview::of(&finding, *language, at, &answers, NoAnswer::Preview);
        let channels = channels.into_iter().map(|(kind, channel)| Sent { kind, requests: preview.requests(&channel) });
        let channels = channels.collect();
        told.push(Told { language: *language, preview, channels });
    }
    let explained = languages.into_iter().map(explained).collect();
    Ok(Walk { event, body: body.to_owned(), explained, told, finding })
}

/// The channels of the routes that are told in this language, or one of each kind.
fn channels_of(
    arguments: &Arguments,
    config: &HandlerConfig,
    finding: &Finding,
    language: Language,
) -> Result<Vec<ChannelConfig>, Trouble> {
    if arguments.config.is_none() {
        return Ok(serde_json::from_str(CHANNELS)?);
    }
    let explained = explain(finding, config, &Known::default(), now(), language);
    let told = |name: &str| explained.routes.iter().any(|route| route.told && route.route == name);
    let routes = config.routes.iter().chain([&config.default_route]);
    let routes = routes.filter(|route| route.language == language && told(&route.name));
    Ok(routes.map(|route| route.channel.clone()).collect())
}

/// The word of the contract.
fn kind(channel: &ChannelConfig) -> Result<String, Trouble> {
    let json = serde_json::to_value(channel)?;
    Ok(json.get("kind").and_then(Value::as_str).unwrap_or_default().to_owned())
}

/// Who wrote the advice and why: the words of logs and metrics.
fn origin(preview: &Preview) -> (&'static str, String) {
    match preview.advice.as_ref().map(advice::Advice::origin) {
        None => ("none", "closed".to_owned()),
        Some(Origin::Model(model)) => ("model", model.clone()),
        Some(Origin::Remembered(model)) => ("remembered", model.clone()),
        Some(Origin::Cheaper(model)) => ("cheaper_model", model.clone()),
        Some(Origin::Playbook(why)) => ("playbook", why.word().to_owned()),
    }
}

/// What was taken out of an accepted answer, and the rejected ones: rule and place.
fn struck(preview: &Preview) -> Vec<String> {
    let strikes = preview.advice.iter().flat_map(|advice| advice.strikes());
    let strikes = strikes.map(|strike| format!("{strike}: {}", strike.rule));
    let rejected = preview.rejections.iter().map(|rejection| format!("{}: {}", rejection.field, rejection.rule));
    strikes.chain(rejected).collect()
}

/// One object for each request, a line each.
fn lines(walks: &[Walk]) -> Result<String, Trouble> {
    let mut lines = Vec::new();
    for walk in walks {
        for told in &walk.told {
            let (source, reason) = origin(&told.preview);
            for sent in &told.channels {
                for request in &sent.requests {
                    lines.push(serde_json::to_string(&json!({
                        "event": walk.event,
                        "finding": walk.finding.key.text(),
                        "channel": sent.kind,
                        "language": told.language.code(),
                        "change": told.preview.notification.change.word(),
                        "advice": { "source": source, "reason": reason, "struck": struck(&told.preview) },
                        "request": request,
                    }))?);
                }
            }
        }
    }
    Ok(lines.join("\n"))
}

/// For a person: every message; with a heading where there are several.
fn text(walk: &Walk) -> String {
    let mut messages = Vec::new();
    for told in &walk.told {
        for sent in &told.channels {
            let requests: Vec<String> = sent.requests.iter().map(message).collect();
            messages.push((format!("━━ {}, {}", sent.kind, told.language.code()), requests.join("\n\n")));
        }
    }
    match messages.as_slice() {
        [] => walk.explained.iter().map(|(language, explained)| explained.text(*language)).collect(),
        [(_, message)] => message.clone(),
        _ => messages.iter().map(|(head, message)| format!("{head}\n{message}")).collect::<Vec<_>>().join("\n\n"),
    }
}

/// One request as text.
fn message(request: &Request) -> String {
    match request {
        Request::Sns { subject: Some(subject), message, .. } => format!("Subject: {subject}\n\n{message}"),
        Request::Sns { message, .. } | Request::Sqs { message, .. } => indented(message),
        Request::Ses(mail) => {
            format!("From: {}\nTo: {}\nSubject: {}\n\n{}", mail.from, mail.to.join(", "), mail.subject, mail.text)
        }
        Request::Http(request) => {
            let body = match &request.body {
                Body::Empty => String::new(),
                Body::Json(body) => format!("\n\n{body:#}"),
                Body::Form(pairs) => {
                    format!(
                        "\n\n{}",
                        pairs.iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>()
                    )
                }
            };
            let url = if request.url.is_empty() { "(the address is a secret)" } else { &request.url };
            format!("{} {url}{body}", request.method.name())
        }
    }
}

/// JSON on lines of its own; anything else as it is.
fn indented(text: &str) -> String {
    serde_json::from_str::<Value>(text).map_or_else(|_| text.to_owned(), |json| format!("{json:#}"))
}
