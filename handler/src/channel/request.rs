//! Requests: what a channel asks the Courier to carry. None holds a secret, so each can be logged and kept as a golden file.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::form;
use crate::config::SecretConfig;

/// A request without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Request {
    /// Amazon SNS Publish.
    #[serde(rename_all = "camelCase")]
    Sns {
        /// The topic's ARN.
        topic_arn: String,
        /// ASCII, shorter than 100 characters; absent where no mail is made of the message.
        #[serde(skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
        /// The body.
        message: String,
        /// What a phone gets instead, by text message; nothing where all protocols get the body.
        #[serde(skip_serializing_if = "Option::is_none")]
        short: Option<String>,
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
    /// An HTTP request.
    Http(HttpRequest),
    /// Amazon SES SendEmail.
    Ses(Box<MailRequest>),
}

/// A mail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MailRequest {
    /// The sender, with or without a name.
    pub from: String,
    /// The recipients.
    pub to: Vec<String>,
    /// The identity, where another account lends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity_arn: Option<String>,
    /// The configuration set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configuration_set: Option<String>,
    /// The Region of Amazon SES, where it is not the handler's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// One line.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The text part.
    pub text: String,
    /// Names and values, in printable ASCII.
    pub headers: Vec<(&'static str, String)>,
    /// The original message, as a JSON file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attachment: Option<String>,
}

/// An HTTP request. It is sent over TLS; redirects are never followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The whole address; empty where the secret is the address.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub url: String,
    /// What proves that we may.
    pub secret: SecretUse,
    /// The body.
    pub body: Body,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    /// Reads.
    Get,
    /// Makes.
    Post,
    /// Changes.
    Patch,
}

impl Method {
    /// As it stands in the request.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Patch => "PATCH",
        }
    }
}

/// A secret by its name, and the place that its value goes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretUse {
    /// Which secret.
    pub of: SecretConfig,
    /// Where its value goes.
    pub slot: Slot,
}

/// Where a secret's value goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Slot {
    /// It is the address; its host must be one of these, so that a wrong value sends a finding to nobody else.
    Url(&'static [&'static str]),
    /// `Authorization: Bearer VALUE`.
    Bearer,
    /// `Authorization: Basic …` of this user and the value.
    Basic {
        /// Who it is the password of.
        user: String,
    },
    /// A header of this name, whose value it is.
    Header(&'static str),
}

/// A request's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// None.
    Empty,
    /// `application/json; charset=utf-8`.
    Json(Value),
    /// `application/x-www-form-urlencoded`: names and values, not yet encoded.
    Form(Vec<(&'static str, String)>),
}

impl Body {
    /// The bytes as they are sent, and their content type.
    #[must_use]
    pub fn sent(&self) -> Option<(String, &'static str)> {
        match self {
            Self::Empty => None,
            Self::Json(value) => Some((value.to_string(), "application/json; charset=utf-8")),
            Self::Form(pairs) => {
                let pairs = pairs.iter().map(|(name, value)| (*name, value.as_str()));
                Some((form::encoded(pairs), "application/x-www-form-urlencoded"))
            }
        }
    }
}

impl Serialize for Body {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Empty => serializer.serialize_none(),
            Self::Json(value) => value.serialize(serializer),
            Self::Form(pairs) => serializer.collect_map(pairs.iter().map(|(name, value)| (name, value))),
        }
    }
}
