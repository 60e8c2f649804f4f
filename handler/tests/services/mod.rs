//! Every channel as the construct would write it, and services that take everything they are sent.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use finding_advisor::channel::{self, HttpReply, Method, Next, Receipt, Reply, Request};
use finding_advisor::config::ChannelConfig;
use finding_advisor::notification::Notification;

/// Every channel with each of its dialects. `SECRET` stands for a secret's ARN.
const CHANNELS: [(&str, &str); 9] = [
    ("topic", r#"{ "kind": "topic", "topicArn": "arn:aws:sns:ap-northeast-1:111122223333:findings" }"#),
    ("chat", r#"{ "kind": "chat", "topicArn": "arn:aws:sns:ap-northeast-1:111122223333:chat", "client": "slack" }"#),
    ("teams", r#"{ "kind": "chat", "topicArn": "arn:aws:sns:ap-northeast-1:111122223333:chat", "client": "teams" }"#),
    ("slack", r#"{ "kind": "slack", "apiUrl": "https://slack.com/api", "channel": "C0123456789", "secret": SECRET }"#),
    ("webhook", r#"{ "kind": "slackWebhook", "secret": SECRET }"#),
    (
        "backlog",
        r#"{ "kind": "backlog", "url": "https://example.backlog.com", "projectId": 1, "issueTypeId": 2, "text": "backlog",
             "closedStatusId": 3, "secret": SECRET }"#,
    ),
    (
        "backlog in markdown",
        r#"{ "kind": "backlog", "url": "https://example.backlog.com", "projectId": 1, "issueTypeId": 2,
             "text": "markdown", "secret": SECRET }"#,
    ),
    (
        "jira",
        r#"{ "kind": "jira", "url": "https://example.atlassian.net", "project": "SEC", "issueTypeId": "10001",
             "email": "robot@example.com", "closedStatus": "Done", "secret": SECRET }"#,
    ),
    ("mail", r#"{ "kind": "mail", "from": "Security <security@example.com>", "to": ["team@example.com"] }"#),
];

/// The names of all channels.
pub fn names() -> impl Iterator<Item = &'static str> {
    CHANNELS.iter().map(|(name, _)| *name)
}

/// The channel of this name.
pub fn channel(name: &str) -> ChannelConfig {
    let secret = r#"{ "arn": "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:channel" }"#;
    let (_, json) = CHANNELS.iter().find(|(known, _)| *known == name).expect("a channel");
    serde_json::from_str(&json.replace("SECRET", secret)).expect("fits the contract")
}

/// Every request that a channel sends for a notification.
pub fn conversation(channel: &ChannelConfig, told: &Notification, previous: Option<&Receipt>) -> Vec<Request> {
    let (mut requests, mut replies) = (Vec::new(), Vec::new());
    while let Next::Send(request) = channel::next(channel, told, previous, &replies) {
        assert!(replies.len() < channel::MOST_REQUESTS, "an endless conversation");
        replies.push(taken(&request));
        requests.push(request);
    }
    requests
}

/// What a service that takes everything says.
fn taken(request: &Request) -> Reply {
    let Request::Http(request) = request else { return Reply::Accepted("m-1".into()) };
    let path = request.url.split_once('?').map_or(request.url.as_str(), |(path, _)| path);
    let body = match (request.method, path.rsplit('/').next().unwrap_or_default()) {
        (_, "chat.postMessage" | "chat.update") => {
            r#"{ "ok": true, "channel": "C0123456789", "ts": "1700000000.000100" }"#
        }
        (Method::Get, "issues") => "[]",
        (Method::Get, "transitions") => r#"{ "transitions": [{ "id": "31", "to": { "name": "Done" } }] }"#,
        (_, "jql") => r#"{ "issues": [] }"#,
        _ => r#"{ "issueKey": "SEC-12", "key": "SEC-12" }"#,
    };
    Reply::Http(HttpReply { status: 200, body: body.into(), ..HttpReply::default() })
}
