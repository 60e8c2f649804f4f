//! The table of all channels: every answer of a service is a decided outcome with its reason, and every text, however long or
//! hostile, becomes requests that the service takes and that do nothing but show it.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::notification::cut::{ELLIPSIS, units};
use crate::notification::{Block, Change, StepLine, sample};
use crate::plain::Plain;

mod mail;
mod slack;
mod tracker;

const SECRET: &str = "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:channel";
/// What no code, receipt or request may show of a reply.
const CANARY: &str = "xoxb-canary";

fn channel(json: &str) -> ChannelConfig {
    let secret = json!({ "arn": SECRET }).to_string();
    serde_json::from_str(&json.replace("SECRET", &secret)).expect("fits the contract")
}

/// Every channel, and those of them that speak HTTP.
fn all() -> Vec<(&'static str, ChannelConfig)> {
    let topic = "arn:aws:sns:ap-northeast-1:111122223333:findings";
    let mut all = vec![
        ("topic", channel(&json!({ "kind": "topic", "topicArn": topic }).to_string())),
        ("member topic", channel(r#"{ "kind": "memberTopic", "topicName": "findings" }"#)),
        ("chat in slack", channel(&json!({ "kind": "chat", "topicArn": topic, "client": "slack" }).to_string())),
        ("mail", mail::mail()),
        ("chat in teams", channel(&json!({ "kind": "chat", "topicArn": topic, "client": "teams" }).to_string())),
    ];
    all.extend(over_http());
    all
}

fn over_http() -> Vec<(&'static str, ChannelConfig)> {
    vec![("slack", slack::bot()), ("slack webhook", channel(r#"{ "kind": "slackWebhook", "secret": SECRET }"#))]
}

fn http(status: u16, body: &str) -> Reply {
    Reply::Http(HttpReply { status, body: body.into(), ..HttpReply::default() })
}

/// What a service that takes everything says.
fn taken(request: &Request) -> Reply {
    match request {
        Request::Sns { .. } | Request::Sqs { .. } | Request::Ses(_) => Reply::Accepted("m-1".into()),
        Request::Http(request) => match request.url.split('/').nth(2) {
            Some("slack.com") => http(200, slack::POSTED),
            Some(_) => tracker::taken(request),
            None => http(200, "ok"),
        },
    }
}

/// The requests of a conversation whose first replies are these and in which everything else is taken, and its end.
fn converse(
    channel: &ChannelConfig,
    notification: &Notification,
    previous: Option<&Receipt>,
    first: &[Reply],
) -> (Vec<Request>, Next) {
    let (mut requests, mut replies) = (Vec::new(), Vec::new());
    loop {
        match next(channel, notification, previous, &replies) {
            Next::Send(request) => {
                assert!(requests.len() < MOST_REQUESTS, "too many requests: {requests:#?}");
                replies.push(first.get(requests.len()).cloned().unwrap_or_else(|| taken(&request)));
                requests.push(request);
            }
            end => return (requests, end),
        }
    }
}

/// A finding that this route heard of, on whatever channel.
fn heard() -> Receipt {
    Receipt { thread: Some(slack::thread()), issue: Some("SEC-12".into()), ..Receipt::of_message("m-1") }
}

#[test]
fn every_channel_tells_a_new_finding_and_its_end() {
    for (name, channel) in all() {
        for mut notification in sample::both() {
            let (_, end) = converse(&channel, &notification, None, &[]);
            let Next::Done(receipt) = end else { panic!("{name}: {end:?}") };
            notification.change = Change::Closed;
            notification.sections.clear();
            let (_, end) = converse(&channel, &notification, Some(&receipt), &[]);
            assert!(matches!(end, Next::Done(_)), "{name}: {end:?}");
        }
    }
}

#[test]
fn every_status_is_a_decided_outcome_with_its_reason_wherever_it_comes() {
    let [notification, _] = sample::both();
    for (name, channel) in over_http() {
        let (requests, _) = converse(&channel, &notification, None, &[]);
        let taken: Vec<Reply> = requests.iter().map(taken).collect();
        for at in 0..requests.len() {
            for status in 100..=599_u16 {
                let replies: Vec<Reply> = taken.iter().take(at).cloned().chain([http(status, CANARY)]).collect();
                let (_, end) = converse(&channel, &notification, None, &replies);
                let plain = [400, 413, 414, 422].contains(&status);
                match end {
                    Next::Refused(Refusal::Again(code, None), so_far) => {
                        // What can be looked for is never unsure.
                        let unsure = so_far.is_some_and(|receipt| receipt.unsure) || name.starts_with(['b', 'j']);
                        match status {
                            408 | 425 | 429 | 503 => {
                                assert!(name.starts_with(['b', 'j']) || !unsure, "{name} {status}")
                            }
                            500..=599 => assert!(unsure, "{name} {status}"),
                            // A success whose body says nothing.
                            200..=299 => assert!(unsure && code.ends_with(":bad_body"), "{name} {status} {code}"),
                            _ => panic!("{name} {status}: {code}"),
                        }
                        assert!(code == format!("http_{status}") || status < 300, "{name} {status}: {code}");
                    }
                    Next::Refused(Refusal::Never(code), _) => {
                        assert!(!matches!(status, 200..=299 | 408 | 425 | 429 | 500..), "{name} {status}: {code}");
                        assert_eq!(code, format!("http_{status}"), "{name}");
                    }
                    Next::Done(_) => assert!(plain || (200..=299).contains(&status), "{name} {status}"),
                    other => panic!("{name} {status}: {other:?}"),
                }
            }
        }
    }
}

#[test]
fn a_plainer_message_is_tried_once_and_no_more() {
    let [notification, _] = sample::both();
    let bad = |name: &str| http(400, if name == "slack webhook" { "invalid_payload" } else { "" });
    for (name, channel) in over_http() {
        let (rich, _) = converse(&channel, &notification, None, &[]);
        let (requests, end) = converse(&channel, &notification, None, &[bad(name)]);
        assert!(matches!(end, Next::Done(_)), "{name}: {end:?}");
        assert_eq!(requests.len(), rich.len() + 1, "{name}");
        assert_ne!(requests[0], requests[1], "{name}: plainer");
        let (_, end) = converse(&channel, &notification, None, &[bad(name), bad(name)]);
        assert_eq!(end, Next::Refused(Refusal::Never("http_400".into()), None), "{name}");
    }
}

#[test]
fn silence_is_unsure_a_door_never_reached_is_not_and_a_secret_says_whose_matter_it_is() {
    let [notification, _] = sample::both();
    for (name, channel) in over_http() {
        let end = |reply| converse(&channel, &notification, None, &[reply]).1;
        let Next::Refused(Refusal::Again(code, None), Some(so_far)) = end(Reply::Silence) else { panic!("{name}") };
        assert_eq!((code.as_str(), so_far.unsure), ("silence", true), "{name}");
        let unreached = Next::Refused(Refusal::Again("unreached".into(), None), None);
        assert_eq!(end(Reply::Unreached), unreached, "{name}");
        for (code, never) in [
            ("AccessDeniedException", true),
            ("ResourceNotFoundException", true),
            ("secret_without_the_field", true),
            ("secret_url_not_allowed", true),
            ("InternalServiceError", false),
            ("silence", false),
        ] {
            let said = format!("secret:{code}");
            let refusal = if never { Refusal::Never(said) } else { Refusal::Again(said, None) };
            assert_eq!(end(Reply::NoSecret(code.into())), Next::Refused(refusal, None), "{name}");
        }
        assert!(matches!(end(Reply::Accepted("m".into())), Next::Refused(Refusal::Never(_), None)), "{name}");
    }
}

#[test]
fn a_service_that_says_how_long_to_wait_is_heard() {
    let [notification, _] = sample::both();
    for (name, channel) in over_http() {
        let headers = [("retry-after", "30".to_owned())].into();
        let busy = Reply::Http(HttpReply { status: 429, headers, body: String::new() });
        let again = Refusal::Again("http_429".into(), Some(Duration::from_secs(30)));
        let (_, end) = converse(&channel, &notification, None, &[busy]);
        assert_eq!(end, Next::Refused(again, None), "{name}");
    }
}

#[test]
fn nothing_of_a_reply_stands_in_a_code_or_a_receipt() {
    let [notification, _] = sample::both();
    let bodies = [
        json!({ "ok": false, "error": CANARY }),
        json!({ "ok": true, "error": CANARY }),
        json!({ "errors": [{ "message": CANARY, "code": CANARY }] }),
        json!({ "errorMessages": [CANARY], "errors": { "priority": CANARY } }),
        json!(CANARY),
        json!([]),
        json!(null),
    ];
    for (name, channel) in over_http() {
        for body in &bodies {
            for status in [200, 201, 400, 404, 500] {
                let (requests, end) = converse(&channel, &notification, None, &[http(status, &body.to_string())]);
                let said = format!("{requests:?} {end:?}");
                assert!(!said.contains(CANARY), "{name}: {said}");
            }
        }
    }
}

#[test]
fn a_request_names_its_secret_and_an_old_receipt_is_read() {
    let [notification, _] = sample::both();
    for (name, channel) in over_http() {
        let (requests, _) = converse(&channel, &notification, None, &[]);
        for request in requests {
            let json = serde_json::to_string(&request).expect("serialises");
            assert!(json.contains(SECRET), "{name}");
        }
    }
    let old: Receipt = serde_json::from_str(r#"{ "messageId": "m-1" }"#).expect("a row of the first version");
    assert_eq!(old, Receipt::of_message("m-1"));
    let newer: Receipt = serde_json::from_str(r#"{ "pager": { "id": 1 } }"#).expect("a row of a later version");
    assert_eq!(newer, Receipt::default());
    assert_eq!(serde_json::to_string(&heard()).expect("serialises").matches("null").count(), 0);
}

/// Texts that a sink could take for its own, and texts that are longer than any.
fn hostile() -> Vec<String> {
    vec![
        "検".repeat(10_000),
        "👨\u{200d}👩\u{200d}👧🇯🇵👍🏽か\u{3099}".repeat(1_000),
        "\u{301}".repeat(50_000),
        "x".repeat(240 * 1024),
        "&<>\"'\\`".repeat(3_000),
        "\u{202e}gpj.exe\u{2066} <!channel> <!here> <@U0123ABCD> <!subteam^S1> @channel @everyone".into(),
        "<https://evil.example|the bank> [a](javascript:alert(1)) [[a>https://evil.example]] https://evil.example"
            .into(),
        "</script><script>alert(1)</script><img src=https://evil.example/x.png onerror=alert(1)>".into(),
        "{code}{/code} {quote} #image(https://evil.example/x.png) &color(red){x} !https://evil.example/x.png! [~admin]"
            .into(),
        "```\n# heading\n> quote\n- item\n| a | b |\n=HYPERLINK(\"https://evil.example\",\"x\")\nWWW.evil.example"
            .into(),
        "'; DROP TABLE findings; -- $(reboot) `reboot` \"}]}".into(),
        String::new(),
    ]
}

/// The sample with a text in every place that outside text can reach.
fn filled(mut notification: Notification, text: &str) -> Notification {
    let outside = || Plain::new(text);
    notification.headline = Plain::new(format!("[HIGH] GuardDuty: {text}"));
    notification.notices = vec![outside(); 3];
    notification.facts = vec![(Plain::new("Finding ID"), outside()), (outside(), outside())];
    notification.grounds = vec![("f1".into(), outside())];
    notification.note = outside();
    notification.original = outside();
    for block in notification.sections.iter_mut().flat_map(|section| &mut section.blocks) {
        match block {
            Block::Paragraph(text, _) | Block::Labelled(_, text) | Block::Item(text, _) => *text = outside(),
            Block::Quote(lines) => *lines = vec![outside(); 2],
            Block::Step { tag, sentence, lines, .. } => {
                (*tag, *sentence) = (outside(), outside());
                for line in lines {
                    match line {
                        StepLine::Text(_, text, _) | StepLine::Command(_, text) => *text = outside(),
                    }
                }
            }
        }
    }
    notification
}

#[test]
fn every_text_becomes_requests_within_the_limits_that_only_show_it() {
    for text in hostile() {
        // A long text is cut in the same way in both languages, and in every conversation.
        let is_long = text.len() > 1_000;
        let languages = if is_long { 1 } else { 2 };
        for notification in sample::both().into_iter().take(languages) {
            let notification = filled(notification, &text);
            for (name, channel) in all() {
                // What the service cannot read in its rich form it gets in the plain one: both are looked at.
                let searched = match name {
                    "jira" => Some(http(200, r#"{ "issues": [] }"#)),
                    name if name.starts_with("backlog") => Some(http(200, "[]")),
                    _ => None,
                };
                let plain = searched.into_iter().chain([http(400, "invalid_blocks")]).collect();
                let ways = [(None, plain), (Some(heard()), vec![])];
                for (previous, first) in ways.into_iter().take(if is_long { 1 } else { 2 }) {
                    let (requests, _) = converse(&channel, &notification, previous.as_ref(), &first);
                    requests.iter().for_each(|request| look_at(name, request, &notification));
                }
            }
        }
    }
}

/// What holds of every request of a channel.
fn look_at(name: &str, request: &Request, notification: &Notification) {
    match request {
        Request::Sns { message, short, attributes, .. } => {
            let around: usize = attributes.iter().map(|(name, value)| name.len() + value.len() + "String".len()).sum();
            let body = short.as_ref().map_or(message.len(), |short| by_protocol(message, short).len());
            assert!(body + around <= topic::MOST_BYTES, "{name}");
            if !name.ends_with("topic") {
                chat_is_within_limits(name, message, notification);
            }
        }
        Request::Sqs { .. } => panic!("{name}: our own queue is no channel"),
        Request::Ses(request) => mail::is_within_limits(request, notification),
        Request::Http(HttpRequest { body: Body::Json(message), .. }) if name.starts_with("slack") => {
            slack::is_within_limits(message, notification);
        }
        Request::Http(request) => tracker::is_within_limits(request, notification),
    }
}

/// The limits are those of Amazon Q Developer's custom notifications.
fn chat_is_within_limits(name: &str, message: &str, notification: &Notification) {
    let message: Value = serde_json::from_str(message).expect("JSON");
    let content = &message["content"];
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    assert!(units(&text(&content["title"])) <= 250);
    assert!(units(&text(&content["description"])) <= 8_000);
    assert_eq!(message["metadata"]["threadId"], json!(notification.key));
    let mut shown = vec![text(&content["title"]), text(&content["description"]), text(&message["metadata"]["summary"])];
    shown.extend(content["nextSteps"].as_array().expect("steps").iter().map(text));
    for shown in shown {
        // Code stands as it is, and no client makes links or mentions of it.
        let prose: String = shown.split("```").step_by(2).collect();
        let ours = notification.link.as_deref().unwrap_or_default();
        let prose = prose.replace(ours, "").replace(&ours.replace('&', "&amp;"), "");
        assert!(!prose.contains("://"), "{name}: {prose}");
        if name == "chat in slack" {
            assert!(!prose.replace("<|", "").contains('<'), "{name}: {prose}");
        } else {
            assert!(!prose.contains(" <!") && !prose.contains("](javascript"), "{name}: {prose}");
        }
    }
}

#[test]
fn chat_shows_its_steps_once_with_the_numbers_that_the_advice_speaks_of() {
    for notification in sample::both() {
        let words = crate::notification::Words::of(notification.language);
        let (_, chat) = all().into_iter().find(|(name, _)| *name == "chat in slack").expect("chat");
        let (requests, _) = converse(&chat, &notification, None, &[]);
        let [Request::Sns { message, .. }] = requests.as_slice() else { panic!("one message") };
        let message: Value = serde_json::from_str(message).expect("JSON");
        let steps: Vec<&str> =
            message["content"]["nextSteps"].as_array().expect("steps").iter().filter_map(Value::as_str).collect();
        assert!(steps.len() > 1);
        for (number, step) in (1..).zip(&steps) {
            assert!(step.starts_with(&format!("{number}. [")), "{step}");
        }
        let place = (words.run_in)("111122223333");
        assert!(steps[0].lines().nth(1).is_some_and(|line| line == place), "where commands run stands with the first");
        let description = message["content"]["description"].as_str().expect("text");
        let heading = format!("*{}*", words.steps);
        assert!(!description.contains(&heading) && !description.contains(&place), "no heading over nothing");
    }
}

#[test]
fn a_long_notification_ends_visibly_with_the_way_to_the_rest() {
    for (name, channel) in all().into_iter().filter(|(name, _)| !name.ends_with("topic")) {
        for notification in sample::both() {
            let words = crate::notification::Words::of(notification.language);
            let long = filled(notification, &"検出 ".repeat(4_000));
            let (requests, _) = converse(&channel, &long, None, &[]);
            let sent = serde_json::to_string(&requests).expect("serialises");
            for needed in [ELLIPSIS, words.shortened, words.rest_by_link] {
                assert!(sent.contains(needed), "{name}: {needed}");
            }
        }
    }
}
