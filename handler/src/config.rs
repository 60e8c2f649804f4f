//! The contract with the construct: one environment variable, `HANDLER_CONFIG`, one JSON value. These types are its source;
//! `finding-advisor contract` writes their schema to `contract/handler-config.schema.json`.

use std::collections::{BTreeMap, HashSet};

use jiff::tz::TimeZone;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::advice::Models;
use crate::finding::{Language, Severity, Source};

/// What the construct tells the handler. At most 3.5 KB of JSON: Lambda allows 4 KB for all variables.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct HandlerConfig {
    /// Name of the DynamoDB table that remembers what was told.
    pub ledger_table: String,
    /// Inference profile ids or ARNs, or model ids, tried in this order; at least one.
    #[schemars(length(min = 1))]
    pub models: Vec<String>,
    /// How models are asked, and what is remembered of it.
    #[serde(default)]
    pub advice: AdviceConfig,
    /// Takes what no other route takes.
    pub default_route: RouteConfig,
    /// The other routes; names are unique over all routes.
    pub routes: Vec<RouteConfig>,
    /// The queue that the handler reads: a minute's folded findings are told by a message that waits in it.
    pub queue_url: String,
}

/// How models are asked, and what is remembered of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdviceConfig {
    /// Days that an answer is remembered, for findings with the same facts; 1 to 365.
    #[schemars(range(min = 1, max = 365), transform = any_size)]
    pub remember_days: u16,
    /// Asked first about findings of HIGH and CRITICAL: a profile id or ARN, or a model id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model_for_high: Option<String>,
    /// A guardrail that looks at facts and answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guardrail: Option<GuardrailConfig>,
    /// How much may be spent a day; without it there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget: Option<BudgetConfig>,
}

impl Default for AdviceConfig {
    fn default() -> Self {
        Self { remember_days: 7, model_for_high: None, guardrail: None, budget: None }
    }
}

/// A guardrail of Amazon Bedrock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct GuardrailConfig {
    /// Its id or ARN.
    pub id: String,
    /// The number of its version: a draft can change under the handler.
    #[schemars(regex(pattern = r"^[1-9][0-9]{0,7}$"))]
    pub version: String,
}

/// JSON Schema's validators know no formats of Rust's integers.
fn any_size(schema: &mut schemars::Schema) {
    schema.remove("format");
}

/// How much may be spent a day, counted in UTC.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BudgetConfig {
    /// Tokens, input and output together; at least 1.
    #[schemars(range(min = 1), transform = any_size)]
    pub tokens_per_day: u64,
    /// Asked instead of the others from 80 % of the budget on: a profile id or ARN, or a model id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cheaper_model: Option<String>,
}

/// Who hears of a finding: what must match, over which channel, in which language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RouteConfig {
    /// The route's name in the ledger, logs and metrics: changing it forgets what the route was told.
    #[schemars(regex(pattern = r"^[A-Za-z0-9_-]{1,64}$"))]
    pub name: String,
    /// The reader's language.
    pub language: Language,
    /// The zone of the readers' clock, by its name in the IANA database; none: the language's, Asia/Tokyo or UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Findings below it are held. A finding without a severity passes.
    pub minimum_severity: Severity,
    /// What a finding must be for the route to take it; empty: any.
    #[serde(default, rename = "match", skip_serializing_if = "MatchConfig::is_empty")]
    pub matching: MatchConfig,
    /// What the route does not take although it matches; empty: nothing.
    #[serde(default, skip_serializing_if = "MatchConfig::is_empty")]
    pub except: MatchConfig,
    /// Days after which an open finding of HIGH or CRITICAL is told again; 0: never.
    #[serde(default = "repeat_days")]
    pub repeat_days: u16,
    /// How many notifications a minute are told one by one; what comes on top, unless CRITICAL, is told together.
    #[serde(default = "most_a_minute")]
    #[schemars(range(min = 1))]
    pub most_a_minute: u16,
    /// How it is sent.
    pub channel: ChannelConfig,
}

fn repeat_days() -> u16 {
    7
}

/// Amazon SNS drops mail above ten a second, Slack takes one a second; and nobody reads more.
fn most_a_minute() -> u16 {
    10
}

/// What a finding may be: it fits when each field that is not empty holds one of the finding's values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatchConfig {
    /// Severities.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub severities: Vec<Severity>,
    /// Formats that the event came in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<Source>,
    /// Products, as a notification names them; capitals do not matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<String>,
    /// Beginnings of one of the finding's types: `UnauthorizedAccess:`, `security-control/S3.`
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub type_prefixes: Vec<String>,
    /// Accounts that the finding is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub accounts: Vec<String>,
    /// Regions that the finding is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regions: Vec<String>,
    /// Types of one of the affected resources, in any of AWS's ways of writing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resource_types: Vec<String>,
    /// Tags of one of the affected resources: each key with one of its values.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, Vec<String>>,
}

impl MatchConfig {
    /// Whether it asks for nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A channel and what it needs to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum ChannelConfig {
    /// An Amazon SNS standard topic, in this account or another.
    #[serde(rename_all = "camelCase")]
    Topic {
        /// The topic's ARN.
        topic_arn: String,
    },
    /// The Amazon SNS standard topic of one name in the account and Region that the finding is about.
    #[serde(rename_all = "camelCase")]
    MemberTopic {
        /// The topic's name, the same in every account and Region.
        #[schemars(regex(pattern = r"^[A-Za-z0-9_-]{1,256}$"))]
        topic_name: String,
    },
    /// Amazon Q Developer in chat applications, which reads a topic.
    #[serde(rename_all = "camelCase")]
    Chat {
        /// The ARN of a topic that nobody else reads: its messages are not for people.
        topic_arn: String,
        /// Which markup the readers' client shows.
        client: ChatClient,
    },
    /// Slack with a bot token: one thread a finding.
    Slack(SlackConfig),
    /// A Slack incoming webhook: one message a notification.
    SlackWebhook {
        /// Holds the webhook's address.
        secret: SecretConfig,
    },
    /// Backlog: an issue a finding.
    Backlog(BacklogConfig),
    /// Jira Cloud: an issue a finding.
    Jira(JiraConfig),
    /// Mail over Amazon SES.
    Mail(MailConfig),
}

/// A project of Backlog. Its ids are the project's own: they stand in the addresses of its settings pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BacklogConfig {
    /// The space, without a slash at the end: `https://example.backlog.com`.
    pub url: String,
    /// The project's id.
    pub project_id: u64,
    /// The id of the issues' type.
    pub issue_type_id: u64,
    /// The project's text formatting rule.
    pub text: BacklogText,
    /// The status of issues whose finding was closed; absent where it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_status_id: Option<u64>,
    /// The status of issues whose finding is open again; absent where it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened_status_id: Option<u64>,
    /// Holds an API key.
    pub secret: SecretConfig,
}

/// A text formatting rule of Backlog.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum BacklogText {
    /// Backlog's own notation.
    Backlog,
    /// Markdown.
    Markdown,
}

/// A project of Jira Cloud.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct JiraConfig {
    /// The site, `https://example.atlassian.net`, or `https://api.atlassian.com/ex/jira/CLOUD-ID`, without a slash at the end.
    pub url: String,
    /// The project's key.
    #[schemars(regex(pattern = r"^[A-Z][A-Z0-9_]{0,63}$"))]
    pub project: String,
    /// The id of the issues' type.
    pub issue_type_id: String,
    /// Whose API token it is; absent where the token stands for itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The name of the status of issues whose finding was closed; absent where it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closed_status: Option<String>,
    /// The name of the status of issues whose finding is open again; absent where it stays as it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopened_status: Option<String>,
    /// Holds an API token.
    pub secret: SecretConfig,
}

/// Who sends mail to whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MailConfig {
    /// The sender: `security@example.com` or `Security <security@example.com>`, in ASCII.
    pub from: String,
    /// The recipients; at least one.
    #[schemars(length(min = 1))]
    pub to: Vec<String>,
    /// The identity's ARN, where another account lends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity_arn: Option<String>,
    /// The name of the configuration set, which tells of bounces and complaints.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration_set: Option<String>,
    /// The Region of the identity, where it is not the handler's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Whether the original message is attached. It holds identities that the advice hides from a model.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub attach_original: bool,
}

/// A chat client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum ChatClient {
    /// Slack.
    Slack,
    /// Microsoft Teams.
    Teams,
}

/// Where a bot posts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SlackConfig {
    /// The base of Slack's API, without a slash at the end: `https://slack.com/api`.
    pub api_url: String,
    /// The id of the Slack channel.
    pub channel: String,
    /// Holds the bot's token.
    pub secret: SecretConfig,
}

/// A secret's name: never its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SecretConfig {
    /// The ARN of an AWS Secrets Manager secret.
    pub arn: String,
    /// The field of its JSON object that holds the value; absent where the value is the whole secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

impl ChannelConfig {
    /// The topic that the channel publishes to, where it is one for all findings.
    #[must_use]
    pub fn topic_arn(&self) -> Option<&str> {
        match self {
            Self::Topic { topic_arn } | Self::Chat { topic_arn, .. } => Some(topic_arn),
            Self::MemberTopic { .. }
            | Self::Slack(_)
            | Self::SlackWebhook { .. }
            | Self::Backlog(_)
            | Self::Jira(_)
            | Self::Mail(_) => None,
        }
    }

    /// The secret that the channel needs.
    #[must_use]
    pub fn secret(&self) -> Option<&SecretConfig> {
        match self {
            Self::Slack(slack) => Some(&slack.secret),
            Self::SlackWebhook { secret } => Some(secret),
            Self::Backlog(backlog) => Some(&backlog.secret),
            Self::Jira(jira) => Some(&jira.secret),
            Self::Topic { .. } | Self::MemberTopic { .. } | Self::Chat { .. } | Self::Mail(_) => None,
        }
    }

    /// The address that the channel's service has, where it is part of the configuration.
    fn url(&self) -> Option<&str> {
        match self {
            Self::Slack(slack) => Some(&slack.api_url),
            Self::Backlog(backlog) => Some(&backlog.url),
            Self::Jira(jira) => Some(&jira.url),
            Self::Topic { .. }
            | Self::MemberTopic { .. }
            | Self::Chat { .. }
            | Self::SlackWebhook { .. }
            | Self::Mail(_) => None,
        }
    }
}

/// The name of a standard topic: it stands in an ARN.
fn is_topic_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
    (1..=256).contains(&name.len()) && name.bytes().all(plain)
}

/// A key of a Jira project: it stands in quotes in a query.
fn is_project(key: &str) -> bool {
    let plain = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    (1..=64).contains(&key.len()) && key.starts_with(|c: char| c.is_ascii_uppercase()) && key.chars().all(plain)
}

/// Whether requests may go there: over TLS alone.
#[must_use]
pub fn is_safe_url(url: &str) -> bool {
    let clean = !url.contains(|c: char| c.is_whitespace() || c.is_control() || "@\\".contains(c));
    let host = url.strip_prefix("https://");
    clean && host.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
}

/// Why a configuration is refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// Not of the contract's shape; the path says where.
    #[error("`HANDLER_CONFIG` does not fit the contract at `{path}`")]
    Shape {
        /// Where in the JSON.
        path: String,
        /// What serde expected and got.
        #[source]
        source: serde_json::Error,
    },
    /// A rule that the shape cannot say.
    #[error("`HANDLER_CONFIG`: {0}")]
    Rule(String),
}

impl HandlerConfig {
    /// Parses and checks the variable's value.
    ///
    /// # Errors
    /// Where the JSON does not fit the contract, or a rule of it is broken.
    pub fn parse(json: &str) -> Result<Self, ConfigError> {
        let mut reader = serde_json::Deserializer::from_str(json);
        let config: Self = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| ConfigError::Shape { path: error.path().to_string(), source: error.into_inner() })?;
        config.check()?;
        Ok(config)
    }

    /// The models that can be asked.
    #[must_use]
    pub fn models(&self) -> Models {
        Models {
            usual: self.models.clone(),
            for_high: self.advice.model_for_high.clone(),
            cheaper: self.advice.budget.as_ref().and_then(|budget| budget.cheaper_model.clone()),
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        if self.models.is_empty() {
            return Err(ConfigError::Rule("expected at least one of `models`, got none".into()));
        }
        let AdviceConfig { remember_days, guardrail, budget, .. } = &self.advice;
        if !(1..=365).contains(remember_days) {
            return Err(ConfigError::Rule(format!("expected `rememberDays` of 1 to 365, got {remember_days}")));
        }
        if let Some(version) = guardrail.as_ref().map(|guardrail| &guardrail.version)
            && version.parse::<u32>().map_or(true, |number| number == 0)
        {
            return Err(ConfigError::Rule(format!("expected a guardrail's version by its number, got `{version}`")));
        }
        if budget.as_ref().is_some_and(|budget| budget.tokens_per_day == 0) {
            return Err(ConfigError::Rule("expected `tokensPerDay` of at least 1, got 0".into()));
        }
        if matches!(self.default_route.channel, ChannelConfig::MemberTopic { .. }) {
            return Err(ConfigError::Rule(
                "expected a `defaultRoute` over which every finding can be told, got `memberTopic`".into(),
            ));
        }
        let mut names = HashSet::new();
        for route in std::iter::once(&self.default_route).chain(&self.routes) {
            let name = &route.name;
            let fits = (1..=64).contains(&name.len())
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
            if !fits {
                return Err(ConfigError::Rule(format!(
                    "expected a route name of 1 to 64 of A-Z a-z 0-9 _ -, got `{name}`"
                )));
            }
            if let Some(zone) = route.time_zone.as_ref().filter(|zone| TimeZone::get(zone).is_err()) {
                return Err(ConfigError::Rule(format!(
                    "expected a time zone of the IANA database in route `{name}`, got `{zone}`"
                )));
            }
            if let Some(url) = route.channel.url().filter(|url| !is_safe_url(url) || url.ends_with('/')) {
                return Err(ConfigError::Rule(format!(
                    "expected an https address without a slash at its end in route `{name}`, got `{url}`"
                )));
            }
            if matches!(&route.channel, ChannelConfig::Mail(mail) if mail.to.is_empty()) {
                return Err(ConfigError::Rule(format!("expected at least one of `to` in route `{name}`, got none")));
            }
            if let ChannelConfig::MemberTopic { topic_name } = &route.channel
                && !is_topic_name(topic_name)
            {
                return Err(ConfigError::Rule(format!(
                    "expected the name of a standard topic in route `{name}`, got `{topic_name}`"
                )));
            }
            if let ChannelConfig::Jira(jira) = &route.channel
                && !is_project(&jira.project)
            {
                return Err(ConfigError::Rule(format!(
                    "expected a project's key in route `{name}`, got `{}`",
                    jira.project
                )));
            }
            if !names.insert(name) {
                return Err(ConfigError::Rule(format!("expected each route name once, got `{name}` twice")));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"ledgerTable":"ledger","models":["jp.anthropic.claude-haiku-5-5"],"defaultRoute":{"name":"default","language":"ja","minimumSeverity":"HIGH","channel":{"kind":"topic","topicArn":"arn:aws:sns:ap-northeast-1:111122223333:findings"}},"routes":[],"queueUrl":"https://sqs.ap-northeast-1.amazonaws.com/111122223333/findings"}"#;

    #[test]
    fn a_good_configuration_is_read() {
        let config = HandlerConfig::parse(GOOD).expect("fits the contract");
        assert_eq!(config.default_route.minimum_severity, Severity::High);
        assert_eq!(config.default_route.language, Language::Ja);
    }

    #[test]
    fn an_error_names_the_place() {
        let wrong = GOOD.replace("\"HIGH\"", "\"high\"");
        let error = HandlerConfig::parse(&wrong).expect_err("a severity is written in capitals");
        assert!(error.to_string().contains("defaultRoute.minimumSeverity"), "{error}");
    }

    #[test]
    fn advice_has_its_defaults_and_its_limits() {
        let config = HandlerConfig::parse(GOOD).expect("good");
        assert_eq!(config.advice, AdviceConfig::default());
        let with = |advice: &str| {
            HandlerConfig::parse(&GOOD.replace("\"routes\"", &format!("\"advice\":{advice},\"routes\"")))
        };
        let full = with(
            r#"{"rememberDays":1,"modelForHigh":"strong","guardrail":{"id":"gr","version":"3"},"budget":{"tokensPerDay":1,"cheaperModel":"cheap"}}"#,
        );
        let models = full.expect("good").models();
        assert_eq!((models.for_high.as_deref(), models.cheaper.as_deref()), (Some("strong"), Some("cheap")));
        for wrong in [
            r#"{"rememberDays":0}"#,
            r#"{"rememberDays":366}"#,
            r#"{"rememberDays":7,"guardrail":{"id":"gr","version":"DRAFT"}}"#,
            r#"{"rememberDays":7,"guardrail":{"id":"gr","version":"0"}}"#,
            r#"{"rememberDays":7,"budget":{"tokensPerDay":0}}"#,
        ] {
            assert!(with(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn requests_go_over_tls_and_to_a_host_that_is_not_disguised() {
        assert!(is_safe_url("https://example.backlog.com"));
        for wrong in [
            "http://slack.com/api",
            "http://127.0.0.1:9001/2018-06-01/runtime",
            "https:///api",
            "https://slack.com@evil.example",
            "https://slack.com\\@evil.example",
            "https://slack.com/a b",
            "slack.com",
            "",
        ] {
            assert!(!is_safe_url(wrong), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_field_an_empty_list_of_models_and_a_name_twice_are_refused() {
        for (wrong, says) in [
            (GOOD.replace("\"routes\"", "\"rootes\""), "rootes"),
            (GOOD.replace("[\"jp.anthropic.claude-haiku-5-5\"]", "[]"), "models"),
            (GOOD.replace("\"default\"", "\"a b\""), "a b"),
        ] {
            let error = HandlerConfig::parse(&wrong).expect_err(says);
            let all = format!("{error} {:?}", std::error::Error::source(&error).map(ToString::to_string));
            assert!(all.contains(says), "{all}");
        }
        for (zone, fits) in [("Europe/Berlin", true), ("Mars/Olympus", false)] {
            let config = GOOD.replace("\"language\"", &format!("\"timeZone\":\"{zone}\",\"language\""));
            assert_eq!(HandlerConfig::parse(&config).is_ok(), fits, "{zone}");
        }
        let mut twice = HandlerConfig::parse(GOOD).expect("good");
        twice.routes.push(twice.default_route.clone());
        let json = serde_json::to_string(&twice).expect("serialises");
        assert!(HandlerConfig::parse(&json).expect_err("twice").to_string().contains("twice"));
    }
}
