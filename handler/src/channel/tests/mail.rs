//! Mail: what Amazon SES takes, what keeps a conversation together, and HTML that only shows.

use super::*;
use crate::finding::Language;
use crate::notification::Words;

pub(super) fn mail() -> ChannelConfig {
    channel(
        r#"{ "kind": "mail", "from": "Security <security@example.com>", "to": ["team@example.com", "b@example.com"] }"#,
    )
}

/// Headers as the service's model has them; 102,000 bytes are what Gmail shows.
pub(super) fn is_within_limits(mail: &MailRequest, notification: &Notification) {
    assert!(units(&mail.subject) <= 200 && !mail.subject.contains(['\r', '\n']) && !mail.subject.trim().is_empty());
    assert!(!mail.subject.contains("://"));
    assert!(mail.headers.len() <= 15);
    for (name, value) in &mail.headers {
        assert!(name.len() <= 126 && value.len() <= 995 && value.bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }
    assert!(mail.html.len() <= 102_000, "{} bytes", mail.html.len());
    assert!(mail.text.len() <= 210_000);
    let known = [
        "!doctype",
        "html",
        "head",
        "meta",
        "title",
        "body",
        "main",
        "h1",
        "h2",
        "p",
        "strong",
        "ul",
        "li",
        "pre",
        "blockquote",
        "br",
        "a",
    ];
    for tag in mail.html.split('<').skip(1) {
        let tag = tag.split('>').next().expect("a tag");
        let name = tag.split_whitespace().next().expect("a name").trim_start_matches('/');
        assert!(known.contains(&name), "<{tag}>");
        for attribute in ["src=", " on", "url(", "javascript"] {
            assert!(!tag.to_lowercase().contains(attribute), "<{tag}>");
        }
    }
    let links: Vec<&str> = mail.html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let ours: Vec<String> = notification.link.iter().map(|link| link.replace('&', "&amp;")).collect();
    assert_eq!(links, ours);
    let (opened, closed) = (mail.html.matches("<ul").count(), mail.html.matches("</ul>").count());
    assert_eq!(opened, closed);
}

fn sent(channel: &ChannelConfig, notification: &Notification, previous: Option<&Receipt>) -> MailRequest {
    let (requests, end) = converse(channel, notification, previous, &[]);
    assert_eq!(end, Next::Done(Receipt::of_message("m-1")));
    match requests.as_slice() {
        [Request::Ses(mail)] => (**mail).clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn all_mails_of_a_finding_answer_one_message_and_those_of_another_do_not() {
    let [mut notification, _] = sample::both();
    let header = |mail: &MailRequest, wanted: &str| {
        mail.headers.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.clone()).expect("a header")
    };
    let first = sent(&mail(), &notification, None);
    notification.change = Change::Closed;
    let close = sent(&mail(), &notification, Some(&Receipt::of_message("m-1")));
    let root = format!("<finding-{}@example.com>", &notification.key[..16]);
    for mail in [&first, &close] {
        assert_eq!(header(mail, "References"), root);
        assert_eq!(header(mail, "In-Reply-To"), root);
    }
    notification.key = "0".repeat(64);
    assert_ne!(header(&sent(&mail(), &notification, None), "References"), root);
}

#[test]
fn both_parts_say_the_same_in_the_readers_language() {
    for notification in sample::both() {
        let words = Words::of(notification.language);
        let mail = sent(&mail(), &notification, None);
        assert_eq!(mail.subject, notification.headline.text());
        let language = if notification.language == Language::Ja { "<html lang=\"ja\">" } else { "<html lang=\"en\">" };
        assert!(mail.html.contains(language));
        for title in [words.summary, words.steps, words.facts, words.grounds] {
            assert!(mail.html.contains(&format!(">{title}</h2>")), "{title}");
            assert!(mail.text.contains(&(words.heading)(title)), "{title}");
        }
        for part in [&mail.html, &mail.text] {
            assert!(!part.contains(notification.original.text()), "identities that nobody asked for");
        }
    }
}

#[test]
fn the_original_message_is_attached_only_where_the_route_asks_for_it() {
    let [notification, _] = sample::both();
    assert_eq!(sent(&mail(), &notification, None).attachment, None);
    let ChannelConfig::Mail(mut config) = mail() else { panic!("mail") };
    config.attach_original = true;
    let attached = sent(&ChannelConfig::Mail(config), &notification, None).attachment;
    assert_eq!(attached.as_deref(), Some(notification.original.text()));
}

#[test]
fn a_refusal_of_the_service_is_decided() {
    let [notification, _] = sample::both();
    let end = |code: &str| converse(&mail(), &notification, None, &[Reply::Error(code.into())]).1;
    for code in [
        "MessageRejected",
        "MailFromDomainNotVerifiedException",
        "AccountSuspendedException",
        "SendingPausedException",
        "NotFoundException",
        "BadRequestException",
        "AccessDeniedException",
    ] {
        assert_eq!(end(code), Next::Refused(Refusal::Never(code.into()), None));
    }
    for code in ["TooManyRequestsException", "LimitExceededException", "InternalFailure"] {
        assert_eq!(end(code), Next::Refused(Refusal::Again(code.into(), None), None));
    }
    let (_, silence) = converse(&mail(), &notification, None, &[Reply::Silence]);
    let Next::Refused(_, Some(so_far)) = silence else { panic!("{silence:?}") };
    let again = sent(&mail(), &notification, Some(&so_far));
    let words = Words::of(notification.language);
    assert!(again.html.contains(words.maybe_repeat) && again.text.contains(words.maybe_repeat));
}

#[test]
fn each_step_stands_apart_from_the_one_before() {
    for notification in sample::both() {
        let [Request::Ses(sent)] = &converse(&mail(), &notification, None, &[]).0[..] else { panic!("one mail") };
        let steps = notification.sections.iter().flat_map(|section| &section.blocks);
        let steps = steps.filter(|block| matches!(block, Block::Step { .. })).count();
        let apart = sent.html.matches("margin:18px").count();
        assert_eq!(apart, steps + 1, "and the note below them");
    }
}
