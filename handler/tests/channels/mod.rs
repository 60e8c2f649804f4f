//! Every channel as the construct would write it.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use finding_advisor::config::ChannelConfig;

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
