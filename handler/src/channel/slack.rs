//! Slack with a bot token. The first message of a finding shows its present state at a glance and is kept up to date; what to
//! do, and each change, is told in its thread.
//!
//! The update comes before the answer in the thread: it can be repeated without harm, and what a reader would see twice is
//! the last request. Everything is laid out in `rich_text` and `plain_text`, which take outside text literally.

use serde_json::{Value, json};

use super::refusal::{Trouble, answered, status};
use super::talk::{Form, Talk};
use super::{Body, HttpRequest, Method, Next, Receipt, Reply, Request, SecretUse, Slot, Thread};
use crate::config::SlackConfig;
use crate::notification::{Change, Notification};

mod blocks;
pub(super) mod webhook;

use blocks::Part;

/// Errors that waiting mends. `internal_error` and `fatal_error` may come after the message was posted.
const AGAIN: [&str; 6] = [
    "ratelimited",
    "rate_limited",
    "message_limit_exceeded",
    "request_timeout",
    "service_unavailable",
    "team_added_to_org",
];
const UNSURE: [&str; 2] = ["internal_error", "fatal_error"];
/// Errors that a plainer message mends.
const PLAINER: [&str; 6] = [
    "invalid_blocks",
    "invalid_blocks_format",
    "msg_blocks_too_long",
    "msg_too_long",
    "invalid_attachments",
    "no_text",
];
/// Errors that say that the message to answer to is gone.
const GONE: [&str; 4] =
    ["message_not_found", "thread_not_found", "cant_reply_to_message", "restricted_action_thread_locked"];
/// Errors of an update that keep nobody from answering in the thread: the message is too old to be changed, or not ours.
const NO_UPDATE: [&str; 2] = ["edit_window_closed", "cant_update_message"];

/// Posts a finding's first message and its thread, or updates the one and adds to the other.
pub(super) fn talk(
    slack: &SlackConfig,
    notification: &Notification,
    previous: Option<&Receipt>,
    talk: &mut Talk<'_>,
) -> Result<Next, Box<Request>> {
    let unsure = previous.is_some_and(|receipt| receipt.unsure);
    if let Some(thread) = previous.and_then(|receipt| receipt.thread.as_ref()) {
        let reached = || Some(Receipt { thread: Some(thread.clone()), unsure, ..Receipt::default() });
        match talk.tell(|form| update(slack, thread, notification, form), read)? {
            Ok(_) | Err(Trouble::Plainer(_)) => {}
            Err(Trouble::Never(code)) if NO_UPDATE.contains(&code.as_str()) => {}
            Err(Trouble::Gone(_)) => return afresh(slack, notification, unsure, talk),
            // Nothing was posted yet, and an update can be repeated.
            Err(Trouble::Unsure(code)) => return Ok(Trouble::Again(code, None).end(reached())),
            Err(trouble) => return Ok(trouble.end(reached())),
        }
        match talk.tell(|form| answer(slack, thread, notification, Part::Whole, unsure, form), read)? {
            Ok(_) => return Ok(Next::Done(Receipt { thread: Some(thread.clone()), ..Receipt::default() })),
            Err(Trouble::Gone(_)) => {}
            Err(trouble) => return Ok(trouble.end(reached())),
        }
    }
    afresh(slack, notification, unsure, talk)
}

/// A first message, and what to do in its thread.
fn afresh(
    slack: &SlackConfig,
    notification: &Notification,
    unsure: bool,
    talk: &mut Talk<'_>,
) -> Result<Next, Box<Request>> {
    let posted = match talk.tell(|form| first(slack, notification, unsure, form), read)? {
        Ok(reply) => reply,
        Err(trouble) => return Ok(trouble.end(None)),
    };
    let id = |name| posted.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(channel), Some(ts)) = (id("channel"), id("ts")) else {
        return Ok(Trouble::Unsure("slack:no_ts".into()).end(None));
    };
    let thread = Thread { channel, ts };
    let receipt = Receipt { thread: Some(thread.clone()), ..Receipt::default() };
    Ok(match talk.tell(|form| answer(slack, &thread, notification, Part::Rest, false, form), read)? {
        Ok(_) => Next::Done(receipt),
        Err(trouble) => trouble.end(Some(receipt)),
    })
}

fn first(slack: &SlackConfig, notification: &Notification, unsure: bool, form: Form) -> Request {
    call(
        slack,
        "chat.postMessage",
        message(notification, Part::Top, unsure, form),
        &[("channel", json!(slack.channel))],
    )
}

fn update(slack: &SlackConfig, thread: &Thread, notification: &Notification, form: Form) -> Request {
    let place = [("channel", json!(thread.channel)), ("ts", json!(thread.ts))];
    call(slack, "chat.update", message(notification, Part::Top, false, form), &place)
}

/// What got worse is shown in the channel as well.
fn answer(
    slack: &SlackConfig,
    thread: &Thread,
    notification: &Notification,
    part: Part,
    unsure: bool,
    form: Form,
) -> Request {
    let broadcast = part == Part::Whole && matches!(notification.change, Change::Worse | Change::Reopened);
    let place =
        [("channel", json!(thread.channel)), ("thread_ts", json!(thread.ts)), ("reply_broadcast", json!(broadcast))];
    call(slack, "chat.postMessage", message(notification, part, unsure, form), &place)
}

/// The text of the pop-up and of a screen reader, and the blocks. Slack removes the blocks of a message that is updated
/// without any; names are never linked, and no address is looked up for a preview.
fn message(notification: &Notification, part: Part, unsure: bool, form: Form) -> Value {
    let mut message = json!({
        "text": blocks::sentence(notification),
        "parse": "none",
        "link_names": false,
        "unfurl_links": false,
        "unfurl_media": false,
    });
    match form {
        Form::Rich => message["blocks"] = blocks::blocks(notification, part, unsure),
        Form::Plain => {
            message["text"] = json!(blocks::plain(notification, unsure));
            message["blocks"] = json!([]);
        }
    }
    message
}

fn call(slack: &SlackConfig, method: &str, mut message: Value, place: &[(&str, Value)]) -> Request {
    for (name, value) in place {
        message[*name] = value.clone();
    }
    Request::Http(HttpRequest {
        method: Method::Post,
        url: format!("{}/{method}", slack.api_url),
        secret: SecretUse { of: slack.secret.clone(), slot: Slot::Bearer },
        body: Body::Json(message),
    })
}

/// Slack answers with 200 to almost everything, and says in the body whether it did it.
fn read(reply: &Reply) -> Result<Value, Trouble> {
    let reply = answered(reply)?;
    let said = status(reply)?.json().unwrap_or_default();
    match (said.get("ok").and_then(Value::as_bool), said.get("error").and_then(Value::as_str)) {
        (Some(true), _) => Ok(said),
        (Some(false), Some(error)) => Err(refused(error, reply.wait())),
        _ => Err(Trouble::Unsure("slack:bad_body".into())),
    }
}

/// An error that nobody knows is final: its string says to a person what to do.
fn refused(error: &str, wait: Option<std::time::Duration>) -> Trouble {
    let known = |list: &[&str]| list.contains(&error);
    if known(&NO_UPDATE) {
        return Trouble::Never(error.to_owned());
    }
    let is_word = error.len() <= 64 && error.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let code = if is_word { format!("slack:{error}") } else { "slack:unknown_error".into() };
    match () {
        () if known(&AGAIN) => Trouble::Again(code, wait),
        () if known(&UNSURE) => Trouble::Unsure(code),
        () if known(&PLAINER) => Trouble::Plainer(code),
        () if known(&GONE) => Trouble::Gone(code),
        () => Trouble::Never(code),
    }
}
