//! Slack: the thread of a finding, and what its messages are made of.

use super::*;
use crate::notification::Words;

/// Slack's answer to a message that it took.
pub(super) const POSTED: &str = r#"{ "ok": true, "channel": "C0123456789", "ts": "1700000000.000100" }"#;

pub(super) fn bot() -> ChannelConfig {
    channel(r#"{ "kind": "slack", "apiUrl": "https://slack.com/api", "channel": "C0123456789", "secret": SECRET }"#)
}

pub(super) fn thread() -> Thread {
    Thread { channel: "C0123456789".into(), ts: "1700000000.000100".into() }
}

/// The limits are those of `@slack/types`; 13,000 characters of blocks are where Slack begins to refuse.
pub(super) fn is_within_limits(message: &Value, notification: &Notification) {
    let sentence = message["text"].as_str().expect("a text for pop-ups and screen readers");
    assert!(!sentence.trim().is_empty() && units(sentence) <= 8_000);
    let link = notification.link.as_deref().unwrap_or_default().replace('&', "&amp;");
    let prose = sentence.replace(&format!("<{link}|"), "").replace(&link, "");
    assert!(!prose.contains('<') && !prose.contains("://"), "{prose}");
    assert_eq!((&message["unfurl_links"], &message["unfurl_media"]), (&json!(false), &json!(false)));
    let blocks = message["blocks"].as_array().map_or(&[][..], Vec::as_slice);
    assert!(units(&message["blocks"].to_string()) < 13_000 && blocks.len() <= 50);
    for block in blocks {
        match block["type"].as_str() {
            Some("header") => {
                let text = &block["text"];
                assert_eq!((&text["type"], &text["emoji"]), (&json!("plain_text"), &json!(false)));
                assert!((1..=150).contains(&units(text["text"].as_str().expect("text"))));
            }
            Some("rich_text") => block["elements"].as_array().expect("elements").iter().for_each(|element| {
                let kinds = ["rich_text_section", "rich_text_quote", "rich_text_preformatted"];
                assert!(kinds.contains(&element["type"].as_str().expect("a type")));
                let texts = element["elements"].as_array().expect("texts");
                assert!(!texts.is_empty());
                for text in texts {
                    assert!(!text["text"].as_str().expect("text").is_empty(), "Slack refuses empty texts");
                    match text["type"].as_str() {
                        Some("text") => {}
                        Some("link") => assert_eq!(text["url"].as_str(), notification.link.as_deref()),
                        other => panic!("{other:?}"),
                    }
                }
            }),
            other => panic!("{other:?}"),
        }
    }
}

fn methods(requests: &[Request]) -> Vec<String> {
    let url = |request: &Request| match request {
        Request::Http(request) => request.url.clone(),
        other => panic!("{other:?}"),
    };
    requests.iter().map(|request| url(request).trim_start_matches("https://slack.com/api/").to_owned()).collect()
}

fn body(request: &Request) -> &Value {
    match request {
        Request::Http(HttpRequest { body: Body::Json(body), .. }) => body,
        other => panic!("{other:?}"),
    }
}

fn refused(error: &str) -> Reply {
    http(200, &json!({ "ok": false, "error": error }).to_string())
}

#[test]
fn a_new_finding_is_a_message_with_its_steps_in_the_thread() {
    for notification in sample::both() {
        let words = Words::of(notification.language);
        let (requests, end) = converse(&bot(), &notification, None, &[]);
        assert_eq!(methods(&requests), ["chat.postMessage", "chat.postMessage"]);
        assert_eq!(end, Next::Done(Receipt { thread: Some(thread()), ..Receipt::default() }));
        let [first, answer] = [body(&requests[0]), body(&requests[1])];
        assert_eq!(first["text"], json!(notification.headline.text()), "a sentence that stands alone");
        assert_eq!(first["blocks"][0]["text"]["text"], json!(notification.headline.text()));
        assert_eq!((&answer["thread_ts"], &answer["reply_broadcast"]), (&json!("1700000000.000100"), &json!(false)));
        // A heading stands apart by an empty line above it.
        let [first, answer] = [first, answer].map(|body| body.to_string().replace("\"\\n", "\""));
        for (title, is_first) in
            [(words.summary, true), (words.urgency_title, true), (words.steps, false), (words.facts, false)]
        {
            let heading = format!("\"{title}\\n\"");
            assert_eq!((first.contains(&heading), answer.contains(&heading)), (is_first, !is_first), "{title}");
        }
        assert!(first.contains(words.in_thread) && !answer.contains(words.in_thread));
    }
}

#[test]
fn a_change_updates_the_first_message_before_it_is_told_in_the_thread() {
    let [mut notification, _] = sample::both();
    for (change, broadcast) in
        [(Change::Worse, true), (Change::Reopened, true), (Change::Still, false), (Change::Closed, false)]
    {
        notification.change = change;
        let (requests, end) = converse(&bot(), &notification, Some(&heard()), &[]);
        assert_eq!(methods(&requests), ["chat.update", "chat.postMessage"]);
        let [update, answer] = [body(&requests[0]), body(&requests[1])];
        assert_eq!((&update["ts"], &update["parse"]), (&json!("1700000000.000100"), &json!("none")));
        assert!(update["blocks"].as_array().is_some_and(|blocks| !blocks.is_empty()), "else Slack removes them");
        assert_eq!(answer["reply_broadcast"], json!(broadcast), "{change:?}");
        assert_eq!(end, Next::Done(Receipt { thread: Some(thread()), ..Receipt::default() }));
    }
}

#[test]
fn a_first_message_that_is_gone_is_posted_anew_and_one_that_cannot_be_changed_is_left() {
    let [notification, _] = sample::both();
    let (requests, end) = converse(&bot(), &notification, Some(&heard()), &[refused("message_not_found")]);
    assert_eq!(methods(&requests), ["chat.update", "chat.postMessage", "chat.postMessage"]);
    assert!(matches!(end, Next::Done(_)));
    for error in ["cant_update_message", "edit_window_closed"] {
        let (requests, end) = converse(&bot(), &notification, Some(&heard()), &[refused(error)]);
        assert_eq!(methods(&requests), ["chat.update", "chat.postMessage"], "{error}");
        assert!(matches!(end, Next::Done(_)));
    }
    let taken = http(200, POSTED);
    let (requests, end) = converse(&bot(), &notification, Some(&heard()), &[taken, refused("thread_not_found")]);
    assert_eq!(methods(&requests), ["chat.update", "chat.postMessage", "chat.postMessage", "chat.postMessage"]);
    assert!(matches!(end, Next::Done(_)));
}

#[test]
fn what_was_posted_is_kept_when_the_thread_is_refused_so_that_a_retry_only_answers() {
    let [notification, _] = sample::both();
    let (_, end) = converse(&bot(), &notification, None, &[http(200, POSTED), refused("ratelimited")]);
    let Next::Refused(Refusal::Again(code, None), Some(so_far)) = end else { panic!("{end:?}") };
    assert_eq!((code.as_str(), so_far.thread.as_ref()), ("slack:ratelimited", Some(&thread())));
    let (requests, _) = converse(&bot(), &notification, Some(&so_far), &[]);
    assert_eq!(methods(&requests), ["chat.update", "chat.postMessage"]);
}

#[test]
fn after_an_unsure_send_the_next_one_says_that_it_may_be_a_repeat() {
    for notification in sample::both() {
        let words = Words::of(notification.language);
        for channel in [bot(), over_http()[1].1.clone()] {
            let (_, end) = converse(&channel, &notification, None, &[Reply::Silence]);
            let Next::Refused(_, Some(so_far)) = end else { panic!("{end:?}") };
            let (requests, end) = converse(&channel, &notification, Some(&so_far), &[]);
            assert!(body(&requests[0]).to_string().contains(words.maybe_repeat));
            assert!(matches!(end, Next::Done(receipt) if !receipt.unsure), "said once");
        }
    }
}

#[test]
fn each_error_of_slack_is_decided_and_an_unknown_one_is_final() {
    let [notification, _] = sample::both();
    let end = |error: &str| converse(&bot(), &notification, None, &[refused(error)]).1;
    for error in ["ratelimited", "service_unavailable", "request_timeout"] {
        assert_eq!(end(error), Next::Refused(Refusal::Again(format!("slack:{error}"), None), None));
    }
    for error in ["internal_error", "fatal_error"] {
        let unsure = Receipt { unsure: true, ..Receipt::default() };
        assert_eq!(end(error), Next::Refused(Refusal::Again(format!("slack:{error}"), None), Some(unsure)));
    }
    for error in
        ["invalid_auth", "token_revoked", "missing_scope", "not_in_channel", "channel_not_found", "is_archived", "new"]
    {
        assert_eq!(end(error), Next::Refused(Refusal::Never(format!("slack:{error}")), None));
    }
    assert_eq!(end("Bad <b>word</b>"), Next::Refused(Refusal::Never("slack:unknown_error".into()), None));
    for error in ["invalid_blocks", "msg_too_long"] {
        assert!(matches!(end(error), Next::Done(_)), "{error}: told plainer");
    }
}

#[test]
fn a_command_is_shown_whole_or_not_at_all() {
    for notification in sample::both() {
        let commands: Vec<String> = notification
            .sections
            .iter()
            .flat_map(|section| &section.blocks)
            .filter_map(|block| match block {
                Block::Step { lines, .. } => Some(lines),
                _ => None,
            })
            .flatten()
            .filter_map(|line| match line {
                StepLine::Command(_, command) => Some(command.text().to_owned()),
                StepLine::Text(..) => None,
            })
            .collect();
        assert!(!commands.is_empty());
        for length in (0..12_000).step_by(500) {
            let mut long = notification.clone();
            long.notices = vec![Plain::new("n".repeat(length)); 4];
            let (requests, _) = converse(&over_http()[1].1, &long, None, &[]);
            let blocks = body(&requests[0])["blocks"][1]["elements"].clone();
            for element in blocks.as_array().expect("elements") {
                if element["type"] == json!("rich_text_preformatted") {
                    let shown = element["elements"][0]["text"].as_str().expect("text");
                    assert!(commands.iter().any(|command| command == shown), "{shown}");
                }
            }
        }
    }
}
