//! A Slack incoming webhook: one message a notification, in the channel that the webhook was made for. It answers with no id,
//! so there is no thread and nothing to update.

use serde_json::json;

use super::blocks::{self, Part};
use crate::channel::refusal::{Trouble, answered, status};
use crate::channel::talk::{Form, Talk};
use crate::channel::{Body, HttpRequest, Method, Next, Receipt, Reply, Request, SecretUse, Slot};
use crate::config::SecretConfig;
use crate::notification::Notification;

/// Where webhooks live: Slack, and GovSlack.
const HOSTS: [&str; 2] = ["hooks.slack.com", "hooks.slack-gov.com"];
/// What a webhook says to a message that it cannot read; everything else of 4xx needs a person.
const PLAINER: [&str; 4] = ["invalid_payload", "invalid_blocks", "invalid_blocks_format", "no_text"];

/// Posts once, and plainer once.
pub(in crate::channel) fn talk(
    secret: &SecretConfig,
    notification: &Notification,
    previous: Option<&Receipt>,
    talk: &mut Talk<'_>,
) -> Result<Next, Box<Request>> {
    let unsure = previous.is_some_and(|receipt| receipt.unsure);
    Ok(match talk.tell(|form| request(secret, notification, unsure, form), read)? {
        Ok(()) => Next::Done(Receipt::default()),
        Err(trouble) => trouble.end(None),
    })
}

fn request(secret: &SecretConfig, notification: &Notification, unsure: bool, form: Form) -> Request {
    let body = match form {
        Form::Rich => json!({
            "text": blocks::sentence(notification),
            "unfurl_links": false,
            "unfurl_media": false,
            "blocks": blocks::blocks(notification, Part::Whole, unsure),
        }),
        Form::Plain => {
            json!({ "text": blocks::plain(notification, unsure), "unfurl_links": false, "unfurl_media": false })
        }
    };
    Request::Http(HttpRequest {
        method: Method::Post,
        url: String::new(),
        secret: SecretUse { of: secret.clone(), slot: Slot::Url(&HOSTS) },
        body: Body::Json(body),
    })
}

/// It says `ok`, or a word that says why not.
fn read(reply: &Reply) -> Result<(), Trouble> {
    let reply = answered(reply)?;
    match status(reply) {
        Ok(_) => Ok(()),
        Err(Trouble::Plainer(code)) if PLAINER.contains(&reply.body.trim()) => Err(Trouble::Plainer(code)),
        Err(Trouble::Plainer(code)) => Err(Trouble::Never(code)),
        Err(trouble) => Err(trouble),
    }
}
