//! Channels: how a notification becomes requests to a service. A closed enum, pure; the Courier door carries what they ask for.
//!
//! Each channel is a conversation that is written down in its order and run anew after every reply ([`talk`]). What can be
//! repeated without harm comes first, what a reader would see twice comes last: a retry then repeats nothing visible.

use serde::{Deserialize, Serialize};

use crate::advice::Later;
use crate::config::ChannelConfig;
use crate::notification::Notification;

mod backlog;
mod chat;
mod dialect;
mod form;
mod ink;
mod jira;
mod layout;
mod mail;
mod member_topic;
mod refusal;
mod reply;
mod request;
mod slack;
mod talk;
mod text;
mod topic;
mod tracker;

pub use refusal::Refusal;
pub use reply::{HttpReply, KEPT_HEADERS, MOST_REPLY, Reply};
pub use request::{Body, HttpRequest, MailRequest, Method, Request, SecretUse, Slot};
pub use topic::by_protocol;

/// What to do next for one notification on one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Carry this and call again with the reply.
    Send(Request),
    /// The service took it.
    Done(Receipt),
    /// The service refused it; what was reached so far is recorded, so that a retry does not repeat it.
    Refused(Refusal, Option<Receipt>),
}

/// What a later notification of the same finding needs to know of an earlier one. A field that a channel does not use is
/// absent, so that rows of older and newer versions are read alike.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Receipt {
    /// Amazon SNS and Amazon SES: the service's id of the message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// Slack: the message that the others answer to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub thread: Option<Thread>,
    /// Trackers: the key of the issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue: Option<String>,
    /// The last send may or may not have been taken: the next one says that it may be a repeat.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unsure: bool,
}

/// A message in Slack that others answer to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// The id of the Slack channel: updates need it, where a post would take a name as well.
    pub channel: String,
    /// The message's timestamp, which is its id in that channel.
    pub ts: String,
}

impl Receipt {
    /// Of a message that a service took under this id.
    #[must_use]
    pub fn of_message(id: impl Into<String>) -> Self {
        Self { message_id: Some(id.into()), ..Self::default() }
    }
}

/// The most requests that one notification may take on one channel.
pub const MOST_REQUESTS: usize = 5;

/// What the channel does next, after these replies.
#[must_use]
pub fn next(
    channel: &ChannelConfig,
    notification: &Notification,
    previous: Option<&Receipt>,
    replies: &[Reply],
) -> Next {
    let talk = &mut talk::Talk::of(replies);
    let told = match channel {
        ChannelConfig::Topic { topic_arn } => topic::talk(topic_arn, notification, talk),
        ChannelConfig::MemberTopic { topic_name } => member_topic::talk(topic_name, notification, talk),
        ChannelConfig::Chat { topic_arn, client } => chat::talk(topic_arn, *client, notification, talk),
        ChannelConfig::Slack(slack) => slack::talk(slack, notification, previous, talk),
        ChannelConfig::SlackWebhook { secret } => slack::webhook::talk(secret, notification, previous, talk),
        ChannelConfig::Backlog(backlog) => backlog::talk(backlog, notification, previous, talk),
        ChannelConfig::Jira(jira) => jira::talk(jira, notification, previous, talk),
        ChannelConfig::Mail(mail) => mail::talk(mail, notification, previous, talk),
    };
    told.unwrap_or_else(|unanswered| Next::Send(*unanswered))
}

/// Which readers of a channel hear of a finding in an account and Region; `None` where they are the same for all findings, and
/// where there are none.
#[must_use]
pub fn readers(channel: &ChannelConfig, account: &str, region: &str) -> Option<String> {
    match channel {
        ChannelConfig::MemberTopic { topic_name } => member_topic::topic_arn(topic_name, account, region),
        _ => None,
    }
}

/// The door to the services that deliver.
pub trait Courier: Sync {
    /// Carries one request, with its secret, within five seconds.
    fn carry<'a>(&'a self, request: &'a Request) -> Later<'a, Reply>;
}

#[cfg(test)]
mod tests;
