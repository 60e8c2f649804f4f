//! Refusals: which of them waiting mends, which a plainer message does, and which only a person can.

use std::time::Duration;

use super::{HttpReply, Receipt, Reply};

/// Why a service did not take a notification. The code is a fixed word or a service's error code: never a message, which
/// could hold anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// It may take it later; how long it asked us to wait, between one second and fifteen minutes.
    Again(String, Option<Duration>),
    /// It will never take it as things are: a permission, a token, a topic or a project that is gone. A person has to act.
    Never(String),
}

impl Refusal {
    /// The code, for logs and metrics.
    #[must_use]
    pub fn code(&self) -> &str {
        match self {
            Self::Again(code, _) | Self::Never(code) => code,
        }
    }
}

/// What went wrong with one request of a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It was not taken; it may be later.
    Again(String, Option<Duration>),
    /// It may have been taken: nobody answered, or not in a form that says so.
    Unsure(String),
    /// What was sent is too long or not of the right form: it may be taken in a plainer one.
    Plainer(String),
    /// What it speaks of is gone: the message to answer to, the issue to comment on.
    Gone(String),
    /// It will not be taken.
    Never(String),
}

impl Trouble {
    /// The end of a conversation in which this was reached before.
    pub(super) fn end(self, so_far: Option<Receipt>) -> super::Next {
        let unsure = matches!(self, Self::Unsure(_));
        let refusal = match self {
            Self::Again(code, after) => Refusal::Again(code, after),
            Self::Unsure(code) => Refusal::Again(code, None),
            Self::Plainer(code) | Self::Gone(code) | Self::Never(code) => Refusal::Never(code),
        };
        let so_far = if unsure { Some(Receipt { unsure, ..so_far.unwrap_or_default() }) } else { so_far };
        super::Next::Refused(refusal, so_far)
    }
}

/// Codes of AWS that a retry does not mend: someone has to change a permission, a key, an identity or a topic first. Every
/// other code is taken for a passing one: the queue bounds the retries, and its dead-letter queue keeps what is still refused.
const NEVER: [&str; 21] = [
    "AccessDenied",
    "AccountSuspended",
    "AuthorizationError",
    "BadRequest",
    "EndpointDisabled",
    "InvalidParameter",
    "InvalidParameterValue",
    "InvalidSecurity",
    "KMSAccessDenied",
    "KMSDisabled",
    "KMSInvalidState",
    "KMSNotFound",
    "KMSOptInRequired",
    "MailFromDomainNotVerified",
    "MessageRejected",
    "NotFound",
    "ParameterValueInvalid",
    "PlatformApplicationDisabled",
    "SendingPaused",
    "Validation",
    "ValidationError",
];

/// Why a secret cannot be used until a person acts: AWS Secrets Manager's codes, and the Courier's own words.
const NO_SECRET: [&str; 8] = [
    "AccessDenied",
    "DecryptionFailure",
    "InvalidParameter",
    "InvalidRequest",
    "ResourceNotFound",
    "secret_not_of_its_form",
    "secret_without_the_field",
    "secret_url_not_allowed",
];

fn aws(code: &str) -> Trouble {
    let plain = code.strip_suffix("Exception").unwrap_or(code);
    if NEVER.contains(&plain) { Trouble::Never(code.to_owned()) } else { Trouble::Again(code.to_owned(), None) }
}

fn secret(code: &str) -> Trouble {
    let plain = code.strip_suffix("Exception").unwrap_or(code);
    let code = format!("secret:{code}");
    if NO_SECRET.contains(&plain) { Trouble::Never(code) } else { Trouble::Again(code, None) }
}

/// What an HTTP status alone says. `Ok` for 2xx: whether the request was done, its body may still deny.
pub(super) fn status(reply: &HttpReply) -> Result<&HttpReply, Trouble> {
    let code = format!("http_{}", reply.status);
    match reply.status {
        200..=299 => Ok(reply),
        408 | 425 | 429 | 503 => Err(Trouble::Again(code, reply.wait())),
        // The others of 5xx may come after the work was done.
        500..=599 => Err(Trouble::Unsure(code)),
        400 | 413 | 414 | 422 => Err(Trouble::Plainer(code)),
        // Redirects among them: a service that moved is somebody's decision to make.
        _ => Err(Trouble::Never(code)),
    }
}

/// The id under which an AWS service took a message.
pub(super) fn accepted(reply: &Reply) -> Result<&str, Trouble> {
    match reply {
        Reply::Accepted(id) => Ok(id),
        Reply::Http(_) => Err(Trouble::Never("another_door_answered".into())),
        other => Err(unanswered(other)),
    }
}

/// The answer of a service over HTTP, whatever it says.
pub(super) fn answered(reply: &Reply) -> Result<&HttpReply, Trouble> {
    match reply {
        Reply::Http(reply) => Ok(reply),
        Reply::Accepted(_) => Err(Trouble::Never("another_door_answered".into())),
        other => Err(unanswered(other)),
    }
}

fn unanswered(reply: &Reply) -> Trouble {
    match reply {
        Reply::Error(code) => aws(code),
        Reply::NoSecret(code) => secret(code),
        Reply::Unreached => Trouble::Again("unreached".into(), None),
        Reply::Silence | Reply::Accepted(_) | Reply::Http(_) => Trouble::Unsure("silence".into()),
    }
}
