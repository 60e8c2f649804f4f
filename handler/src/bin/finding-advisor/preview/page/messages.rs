//! What one channel would send, as its reader sees it.

use finding_advisor::channel::{Body, HttpRequest, MailRequest, Request};
use finding_advisor::finding::Language;
use serde_json::Value;

use super::html::{escaped, fold, literal, rows};
use super::markup::Markup;
use super::{jira, slack};
use crate::preview::Sent;

/// A name that a reader knows the channel by.
pub fn title(kind: &str) -> &str {
    match kind {
        "topic" => "Mail by Amazon SNS",
        "mail" => "Mail by Amazon SES",
        "slack" => "Slack, with a bot",
        "slackWebhook" => "Slack, incoming webhook",
        "chat" => "Amazon Q Developer in chat applications",
        "backlog" => "Backlog",
        "jira" => "Jira Cloud",
        kind => kind,
    }
}

/// All messages of a channel, and the requests as they are sent.
pub fn shown(sent: &Sent, language: Language) -> String {
    let cards: String = sent.requests.iter().filter_map(|request| card(sent, request, language)).collect();
    let requests = serde_json::to_string_pretty(&sent.requests).unwrap_or_default();
    cards + &fold("The requests as they are sent", &requests)
}

/// What a reader sees of a request; nothing of one that only looks.
fn card(sent: &Sent, request: &Request, language: Language) -> Option<String> {
    match request {
        Request::Sns { subject: Some(subject), message, .. } => Some(topic(subject, message)),
        Request::Sns { message, .. } => Some(chat(message)),
        Request::Ses(request) => Some(mail(request, language)),
        Request::Http(request) if sent.kind.starts_with("slack") => slack_card(request),
        Request::Http(request) => tracker(request),
        Request::Sqs { .. } => None,
    }
}

fn topic(subject: &str, message: &str) -> String {
    let head =
        rows(&[("From", "AWS Notifications <no-reply@sns.amazonaws.com>".into()), ("Subject", subject.to_owned())]);
    format!("<article class=\"card\">{head}<p class=\"body said\">{}</p></article>\n", escaped(message))
}

/// The page of a mail on light and on dark ground: the colours are its program's own, so the page says nothing but which.
fn mail(mail: &MailRequest, language: Language) -> String {
    let head = rows(&[("From", mail.from.clone()), ("To", mail.to.join(", ")), ("Subject", mail.subject.clone())]);
    let frame = |ground: &str| {
        let html = mail.html.replace("content=\"light dark\"", &format!("content=\"{ground}\""));
        format!(
            "<iframe class=\"on-{ground}\" sandbox=\"\" title=\"Mail ({}), on {ground} ground\" srcdoc=\"{}\"></iframe>\n",
            language.code(),
            escaped(&html)
        )
    };
    let frames = frame("light") + &frame("dark");
    let text = fold("Its text part", &mail.text);
    format!("<article class=\"card mail\">{head}{frames}</article>\n{text}")
}

fn slack_card(request: &HttpRequest) -> Option<String> {
    let Body::Json(body) = &request.body else { return None };
    let (place, label) = match (request.url.ends_with("/chat.update"), body.get("thread_ts").is_some()) {
        (true, _) => ("", "The first message, as it now reads"),
        (_, true) => (" thread", "In its thread"),
        (_, false) => ("", ""),
    };
    let label = if label.is_empty() { String::new() } else { format!("<p class=\"faint\">{label}</p>") };
    Some(format!(
        "<article class=\"card slack{place}\"><div class=\"body\">{label}<p><strong>Finding Advisor</strong> \
         <span class=\"app\">APP</span></p>{}</div></article>\n",
        slack::message(body)
    ))
}

fn chat(message: &str) -> String {
    let said: Value = serde_json::from_str(message).unwrap_or_default();
    let text = |place: &str| said.pointer(place).and_then(Value::as_str).unwrap_or_default();
    let list = |place: &str| -> Vec<&str> {
        let list = said.pointer(place).and_then(Value::as_array).into_iter().flatten();
        list.filter_map(Value::as_str).collect()
    };
    // Teams has no code blocks and no entities; only there is a title escaped by backslashes.
    let steps: String =
        list("/content/nextSteps").into_iter().map(|step| format!("<li>{}</li>", Markup::Slack.shown(step))).collect();
    format!(
        "<article class=\"card\"><div class=\"body\"><div class=\"head\">{}</div>{}<h4>Next steps</h4><ol>{steps}</ol>\
         <p class=\"faint\">{}</p></div></article>\n",
        Markup::Slack.shown(text("/content/title")),
        Markup::Slack.shown(text("/content/description")),
        escaped(&list("/content/keywords").join(" · ")),
    )
}

/// An issue or a comment; a request that only changes the status is a line.
fn tracker(request: &HttpRequest) -> Option<String> {
    match &request.body {
        Body::Empty => None,
        Body::Form(fields) => {
            let field = |name: &str| fields.iter().find(|(it, _)| *it == name).map(|(_, value)| value.as_str());
            let text = field("description").or(field("comment")).or(field("content"))?;
            let markup = if text.contains("\n** ") { Markup::Backlog } else { Markup::Markdown };
            Some(issue(field("summary"), &markup.shown(text)))
        }
        Body::Json(body) => {
            if let Some(page) = body.pointer("/fields/description").or_else(|| body.get("body")) {
                return Some(issue(body.pointer("/fields/summary").and_then(Value::as_str), &jira::node(page)));
            }
            let transition = body.get("transition")?;
            Some(format!(
                "<article class=\"card\"><div class=\"body\">{}</div></article>\n",
                literal(&transition.to_string())
            ))
        }
    }
}

fn issue(summary: Option<&str>, text: &str) -> String {
    let head = match summary {
        Some(summary) => format!("<p class=\"head\">{}</p>", escaped(summary)),
        None => "<p class=\"faint\">A comment</p>".into(),
    };
    format!("<article class=\"card\"><div class=\"body\">{head}{text}</div></article>\n")
}
