//! Channels: how a notification becomes requests to a service. A closed enum, pure; the Courier door carries what they ask for.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::advice::Later;
use crate::config::ChannelConfig;
use crate::notification::Notification;

mod topic;

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

/// A request without its secret: it can be logged and kept as a golden file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Request {
    /// Amazon SNS Publish.
    #[serde(rename_all = "camelCase")]
    Sns {
        /// The topic's ARN.
        topic_arn: String,
        /// ASCII, shorter than 100 characters.
        subject: String,
        /// The body.
        message: String,
        /// String attributes for filter policies.
        attributes: BTreeMap<&'static str, String>,
    },
    /// Amazon SQS SendMessage, to our own queue: no channel's request, but the same door.
    #[serde(rename_all = "camelCase")]
    Sqs {
        /// The queue's URL.
        queue_url: String,
        /// The message.
        message: String,
        /// How long it waits, at most 900.
        delay_seconds: u16,
    },
}

/// What a service said to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// It took the message, under this id.
    Accepted(String),
    /// It answered with an error of this code.
    Error(String),
    /// No answer came in time, or the connection broke: it may or may not have taken it.
    Silence,
}

/// What a later notification of the same finding needs to know of an earlier one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Receipt {
    /// The service's id of the message.
    pub message_id: String,
}

/// Why a service did not take a notification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It may take it later; the code says why.
    Again(String),
    /// It will never take it as things are: permission, a topic that is gone; the code says why.
    Never(String),
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
    match channel {
        ChannelConfig::Topic { topic_arn } => topic::next(topic_arn, notification, previous, replies),
    }
}

/// The door to the services that deliver.
pub trait Courier: Sync {
    /// Carries one request, with its secret, within five seconds.
    fn carry<'a>(&'a self, request: &'a Request) -> Later<'a, Reply>;
}
