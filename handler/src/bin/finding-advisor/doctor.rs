//! `finding-advisor doctor`: looks at all that a deployed handler uses, and says what is wrong and how to mend it.

use std::path::PathBuf;
use std::process::ExitCode;

use finding_advisor::config::{HandlerConfig, MatchConfig, RouteConfig};
use finding_advisor::finding::Severity;
use serde::Serialize;

use crate::input::read;
use crate::{Output, Trouble};

#[derive(clap::Args)]
pub struct Arguments {
    /// The handler's configuration, as its variable `HANDLER_CONFIG` holds it; `-` for standard input
    #[arg(long, value_name = "FILE", default_value = "-")]
    config: PathBuf,
    /// Looks at the routes alone, without AWS
    #[arg(long)]
    offline: bool,
    /// How it is printed; JSON is one object a line
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
}

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Level {
    Ok,
    Warning,
    Problem,
}

/// What was found at one place.
#[derive(Serialize)]
struct Line {
    level: Level,
    /// What was looked at, a word for programs.
    code: &'static str,
    place: String,
    says: String,
    /// Empty where nothing is to be mended.
    #[serde(skip_serializing_if = "str::is_empty")]
    mend: &'static str,
}

impl Line {
    fn ok(code: &'static str, place: &str, says: &str) -> Self {
        Self { level: Level::Ok, code, place: place.to_owned(), says: says.to_owned(), mend: "" }
    }

    fn wrong(level: Level, code: &'static str, place: &str, says: String, mend: &'static str) -> Self {
        Self { level, code, place: place.to_owned(), says, mend }
    }
}

pub fn run(arguments: &Arguments) -> Result<(String, ExitCode), Trouble> {
    let config = HandlerConfig::parse(&read(&arguments.config)?)?;
    let mut lines = routes(&config);
    if !arguments.offline {
        lines.extend(with_aws::examine(&config)?);
    }
    let code = if lines.iter().any(|line| line.level == Level::Problem) { 1 } else { 0 };
    let shown = lines.iter().map(|line| match arguments.output {
        Output::Json => serde_json::to_string(line),
        Output::Text => {
            let level = match line.level {
                Level::Ok => "ok",
                Level::Warning => "warning",
                Level::Problem => "problem",
            };
            let mend = if line.mend.is_empty() { String::new() } else { format!("\n         {}", line.mend) };
            Ok(format!("{level:<8} {} {}: {}{mend}", line.code, line.place, line.says))
        }
    });
    Ok((shown.collect::<Result<Vec<_>, _>>()?.join("\n"), ExitCode::from(code)))
}

/// What can be said of the routes by themselves.
fn routes(config: &HandlerConfig) -> Vec<Line> {
    let all = || std::iter::once(&config.default_route).chain(&config.routes);
    let mut lines = Vec::new();
    for route in all() {
        if !route.except.is_empty() && route.except == route.matching {
            let says = "it excepts all that it matches, so it never tells anything".to_owned();
            lines.push(Line::wrong(Level::Problem, "route", &route.name, says, "Take `except` or `match` away."));
        } else if !SEVERITIES.into_iter().any(|severity| takes(route, severity)) {
            let says = "none of the severities that it matches reaches its minimum".to_owned();
            let mend = "Lower `minimumSeverity`, or match other severities.";
            lines.push(Line::wrong(Level::Problem, "route", &route.name, says, mend));
        }
    }
    let narrow = |route: &RouteConfig| {
        !route.except.is_empty()
            || MatchConfig { severities: Vec::new(), ..route.matching.clone() } != MatchConfig::default()
    };
    let lowest = all().map(|route| route.minimum_severity).min();
    for severity in SEVERITIES.into_iter().filter(|severity| Some(*severity) >= lowest) {
        let taking: Vec<_> = all().filter(|route| takes(route, severity)).collect();
        let says = if taking.is_empty() {
            "no route takes it, though one takes less"
        } else if taking.iter().all(|route| narrow(route)) {
            "it reaches nobody unless the match of a route fits"
        } else {
            continue;
        };
        let mend = "Let the default route take it, without a match.";
        lines.push(Line::wrong(Level::Warning, "severity", severity.label(), says.to_owned(), mend));
    }
    if lines.is_empty() {
        lines.push(Line::ok("route", "all", "each can be reached, and every severity reaches somebody"));
    }
    lines
}

const SEVERITIES: [Severity; 5] =
    [Severity::Informational, Severity::Low, Severity::Medium, Severity::High, Severity::Critical];

fn takes(route: &RouteConfig, severity: Severity) -> bool {
    let matched = &route.matching.severities;
    severity >= route.minimum_severity && (matched.is_empty() || matched.contains(&severity))
}

#[cfg(not(feature = "aws"))]
mod with_aws {
    use super::{HandlerConfig, Line, Trouble};

    pub fn examine(_: &HandlerConfig) -> Result<Vec<Line>, Trouble> {
        Err("this build of finding-advisor is without AWS: it can only look at routes, with `--offline`".into())
    }
}

/// What only AWS and the services can say.
#[cfg(feature = "aws")]
mod with_aws {
    use finding_advisor::advice::converse::Guardrail;
    use finding_advisor::advice::{self, NoAnswer};
    use finding_advisor::aws::Examination;
    use finding_advisor::channel::{Body, HttpRequest, Method, Reply, SecretUse, Slot};
    use finding_advisor::config::{ChannelConfig, SecretConfig};
    use finding_advisor::intake;
    use serde_json::Value;

    use super::{HandlerConfig, Level, Line, Trouble};
    use crate::{block_on, facts};

    /// What the models are asked about.
    const EVENT: &str = include_str!("../../../../local/events/1-guardduty-credentials-outside-aws.json");

    pub fn examine(config: &HandlerConfig) -> Result<Vec<Line>, Trouble> {
        block_on(async {
            let examination = Examination::of_the_caller().await;
            let mut lines = vec![ledger(&examination, &config.ledger_table).await];
            lines.extend(models(&examination, config).await);
            for route in std::iter::once(&config.default_route).chain(&config.routes) {
                lines.push(channel(&examination, &route.name, &route.channel).await);
            }
            Ok(lines)
        })
    }

    async fn ledger(examination: &Examination, table: &str) -> Line {
        let mend =
            "Check table, Region and your right to read it; the handler tells without a ledger, and may tell twice.";
        line("ledger", table, "it can be read", examination.ledger(table).await, mend)
    }

    fn line(code: &'static str, place: &str, good: &str, found: Result<(), String>, mend: &'static str) -> Line {
        match found {
            Ok(()) => Line::ok(code, place, good),
            Err(why) => Line::wrong(Level::Problem, code, place, why, mend),
        }
    }

    /// Each model of the configuration is asked once, about some 4,000 tokens.
    async fn models(examination: &Examination, config: &HandlerConfig) -> Vec<Line> {
        let given = config.models();
        let mut named: Vec<&String> = Vec::new();
        for model in given.for_high.iter().chain(&given.usual).chain(&given.cheaper) {
            if !named.contains(&model) {
                named.push(model);
            }
        }
        let guardrail = config.advice.guardrail.as_ref();
        let guardrail = guardrail.map(|one| Guardrail { id: one.id.clone(), version: one.version.clone() });
        let mut lines = Vec::new();
        for finding in intake::read(EVENT).iter().take(1) {
            let facts = facts(finding, config.default_route.language);
            let prompt = advice::prompt(&facts);
            for model in &named {
                lines.push(match examination.model(model, guardrail.clone(), &prompt).await {
                    Ok(answer) => match advice::check(&answer, &facts) {
                        Ok(_) => Line::ok("model", model, "it answers, and the answer passes the check"),
                        Err(rejection) => {
                            let says = format!("it answers, and the check rejects it by the rule `{}`", rejection.rule);
                            let mend =
                                "Once proves little. If it stays so, name another model: the playbook speaks instead.";
                            Line::wrong(Level::Warning, "model", model, says, mend)
                        }
                    },
                    Err(why) => Line::wrong(Level::Problem, "model", model, why.word().to_owned(), mend_model(why)),
                });
            }
        }
        lines
    }

    fn mend_model(why: NoAnswer) -> &'static str {
        match why {
            NoAnswer::Denied => {
                "Allow bedrock:InvokeModel on the profile and its models (a service control policy on Regions denies them too), \
                 and fill in Anthropic's form once for the account."
            }
            NoAnswer::Throttled => "Raise the model's quota in the profile's Regions, or name one more model.",
            NoAnswer::Intervened => {
                "The guardrail stepped in at an ordinary finding: loosen its filters, or it always will."
            }
            NoAnswer::Refused => {
                "The model does not take the request: check its id and the guardrail's id and version."
            }
            _ => "Try again; if it stays so, look at the status of Amazon Bedrock and at your network.",
        }
    }

    /// One line for the channel of a route: who we are there, and whether the place that we write to exists.
    async fn channel(examination: &Examination, route: &str, channel: &ChannelConfig) -> Line {
        match channel {
            ChannelConfig::Topic { topic_arn } | ChannelConfig::Chat { topic_arn, .. } => {
                let mend = "Make the topic, or name the one that is there. AuthorizationError: you may not look at it, which \
                            says nothing of the handler.";
                let found = examination.topic(topic_arn).await;
                line("topic", route, "it is there", found, mend)
            }
            ChannelConfig::MemberTopic { topic_name } => {
                let says =
                    format!("each member has its own `{topic_name}`; a finding whose account has none is rerouted");
                Line::ok("topic", route, &says)
            }
            ChannelConfig::SlackWebhook { secret } => {
                let mend = "Put the webhook's address into the secret, and let the handler read it.";
                line("secret", route, "it can be read", examination.secret(secret).await, mend)
            }
            ChannelConfig::Slack(slack) => {
                let url = format!("{}/auth.test", slack.api_url);
                let request = get(Method::Post, url, &slack.secret, Slot::Bearer);
                let mend = "Put the bot's token (xoxb-…) into the secret, and add the app to the workspace again.";
                line("slack", route, "the token is known", slack_said(&examination.service(&request).await), mend)
            }
            ChannelConfig::Backlog(backlog) => {
                let url = format!("{}/api/v2/projects/{}", backlog.url, backlog.project_id);
                let request = get(Method::Get, url, &backlog.secret, Slot::Header("backlog-api-key"));
                let mend = "Check space, project id and API key; the key's user must be in the project.";
                line("backlog", route, "the project is there", said(&examination.service(&request).await), mend)
            }
            ChannelConfig::Jira(jira) => {
                let url = format!("{}/rest/api/3/project/{}", jira.url, jira.project);
                let slot = jira.email.clone().map_or(Slot::Bearer, |user| Slot::Basic { user });
                let request = get(Method::Get, url, &jira.secret, slot);
                let mend = "Check site, project key, e-mail address and token; its user must see the project.";
                line("jira", route, "the project is there", said(&examination.service(&request).await), mend)
            }
            ChannelConfig::Mail(mail) => match examination.mail(mail).await {
                Ok(standing) if !standing.verified => {
                    let mend = "Verify the sender's domain or address in Amazon SES, in this Region.";
                    Line::wrong(Level::Problem, "mail", route, "the sender is not verified".to_owned(), mend)
                }
                Ok(standing) if !standing.production => {
                    let mend = "Ask for production access of Amazon SES, or verify every recipient.";
                    let says = "the account is in the sandbox: only verified addresses get mail".to_owned();
                    Line::wrong(Level::Warning, "mail", route, says, mend)
                }
                Ok(_) => Line::ok("mail", route, "the sender is verified"),
                Err(why) => Line::wrong(Level::Problem, "mail", route, why, "Check Region and your right to look."),
            },
        }
    }

    fn get(method: Method, url: String, secret: &SecretConfig, slot: Slot) -> HttpRequest {
        HttpRequest { method, url, secret: SecretUse { of: secret.clone(), slot }, body: Body::Empty }
    }

    fn said(reply: &Reply) -> Result<(), String> {
        match reply {
            Reply::Http(answer) if answer.status == 200 => Ok(()),
            Reply::Http(answer) => Err(format!("it answers with the status {}", answer.status)),
            Reply::NoSecret(code) => Err(format!("the secret cannot be used: {code}")),
            Reply::Unreached => Err("no connection could be made".to_owned()),
            Reply::Silence | Reply::Accepted(_) | Reply::Error(_) => Err("no answer came".to_owned()),
        }
    }

    /// Slack says no with the status 200, and a word.
    fn slack_said(reply: &Reply) -> Result<(), String> {
        said(reply)?;
        let Reply::Http(answer) = reply else { return Ok(()) };
        let body: Value = serde_json::from_str(&answer.body).unwrap_or_default();
        let is_word = |word: &&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        match (body["ok"].as_bool(), body["error"].as_str().filter(is_word)) {
            (Some(true), _) => Ok(()),
            (_, Some(word)) => Err(word.to_owned()),
            (_, None) => Err("the answer is not Slack's".to_owned()),
        }
    }
}
