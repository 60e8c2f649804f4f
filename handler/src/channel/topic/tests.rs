//! What a topic's subscribers get.

use super::*;
use crate::channel::refusal::Refusal;
use crate::channel::text::RULE;
use crate::channel::{Reply, next};
use crate::config::ChannelConfig;
use crate::notification::cut::{ELLIPSIS, one_line};
use crate::notification::{Block, Labels, StepLine, Words, sample};
use crate::plain::Plain;

const ARN: &str = "arn:aws:sns:ap-northeast-1:111122223333:findings";

fn sent(notification: &Notification) -> (String, String, BTreeMap<&'static str, String>) {
    match after(notification, &[]) {
        Next::Send(Request::Sns { topic_arn, subject: Some(subject), message, attributes, .. }) => {
            assert_eq!(topic_arn, ARN);
            (subject, message, attributes)
        }
        other => panic!("expected a request, got {other:?}"),
    }
}

fn after(notification: &Notification, replies: &[Reply]) -> Next {
    next(&ChannelConfig::Topic { topic_arn: ARN.into() }, notification, None, replies)
}

fn both() -> [Notification; 2] {
    sample::both()
}

/// Bytes as the service counts them: body and attributes.
fn size(message: &str, attributes: &BTreeMap<&'static str, String>) -> usize {
    message.len() + attributes.iter().map(|(name, value)| name.len() + value.len() + "String".len()).sum::<usize>()
}

#[test]
fn the_subject_is_short_ascii_and_begins_with_the_severity() {
    for notification in both() {
        assert_eq!(sent(&notification).0, "[HIGH] GuardDuty 111122223333 ap-northeast-1");
    }
    let [mut notification, _] = both();
    notification.labels.mark = "SUPPRESSED";
    notification.labels.product = "製品\u{7}\n ".repeat(50) + &"p".repeat(300);
    notification.labels.account.clear();
    let subject = sent(&notification).0;
    assert!(subject.starts_with("[SUPPRESSED] "));
    assert!(subject.len() < 100 && subject.bytes().all(|byte| (b' '..=b'~').contains(&byte)), "{subject}");
    notification.labels = Labels { mark: "UNKNOWN SEVERITY", ..Labels::default() };
    assert_eq!(sent(&notification).0, "[UNKNOWN SEVERITY] Security event");
}

#[test]
fn a_phone_gets_one_line_in_which_no_address_works_and_everybody_else_the_body() {
    let short = |notification: &Notification| match after(notification, &[]) {
        Next::Send(Request::Sns { message, short, .. }) => (message, short),
        other => panic!("expected a request, got {other:?}"),
    };
    let [japanese, mut hostile] = both();
    let (message, phone) = short(&japanese);
    let phone = phone.expect("a text for phones");
    assert_eq!(phone, one_line(japanese.headline.text()));
    let body: serde_json::Value = serde_json::from_str(&by_protocol(&message, &phone)).expect("JSON");
    assert_eq!((body["default"].as_str(), body["sms"].as_str()), (Some(message.as_str()), Some(phone.as_str())));
    hostile.headline = Plain::new(format!("https://evil.example/{}", "検".repeat(10_000)));
    let phone = short(&hostile).1.expect("a text for phones");
    assert!(phone.starts_with("https[:]//evil.example/") && phone.encode_utf16().count() <= MOST_SHORT, "{phone}");
    hostile.original = Plain::new("\"".repeat(200_000));
    assert_eq!(short(&hostile).1, None, "where both do not fit, the body goes first");
}

#[test]
fn attributes_are_for_filters_and_never_empty() {
    let [mut notification, _] = both();
    let (.., attributes) = sent(&notification);
    let expected = [
        ("account", "111122223333"),
        ("change", "new"),
        ("language", "ja"),
        ("product", "GuardDuty"),
        ("region", "ap-northeast-1"),
        ("severity", "HIGH"),
        ("source", "guardduty"),
    ];
    assert_eq!(attributes, expected.map(|(name, value)| (name, value.to_owned())).into());
    notification.labels = Labels::default();
    notification.severity = None;
    let (.., attributes) = sent(&notification);
    assert_eq!(attributes.keys().copied().collect::<Vec<_>>(), ["change", "language", "severity"]);
    assert_eq!(attributes["severity"], "UNKNOWN");
}

#[test]
fn the_headline_is_the_first_line_and_the_original_message_the_last() {
    for notification in both() {
        let (_, message, _) = sent(&notification);
        let first = message.lines().next().expect("a line");
        assert!(notification.headline.text().starts_with(first), "{first}");
        let (above, below) = message.split_once(RULE).expect("a rule");
        assert_eq!(below.trim(), notification.original.text());
        let link = notification.link.expect("a link");
        assert!(above.lines().any(|line| line == link), "the link alone on its line");
    }
}

#[test]
fn english_prose_is_readable_in_78_columns_and_commands_are_whole() {
    let [_, notification] = both();
    let (_, message, _) = sent(&notification);
    let (above, _) = message.split_once(RULE).expect("a rule");
    let long: Vec<&str> = above.lines().filter(|line| line.chars().count() > 78).collect();
    let whole = |line: &&str| line.starts_with("     aws ") || line.starts_with("https://");
    assert!(!long.is_empty() && long.iter().all(whole), "{long:#?}");
    let commands = notification.sections.iter().flat_map(|section| &section.blocks).flat_map(|block| match block {
        Block::Step { lines, .. } => lines.as_slice(),
        _ => &[],
    });
    let mut seen = 0;
    for line in commands {
        if let StepLine::Command(_, command) = line {
            seen += 1;
            assert!(above.lines().any(|line| line.trim_start() == command.text()), "{command:?}");
        }
    }
    assert!(seen > 0);
}

#[test]
fn japanese_prose_is_not_broken() {
    let [notification, _] = both();
    let (_, message, _) = sent(&notification);
    for sentence in [&notification.note, &notification.headline] {
        assert!(message.lines().any(|line| line == sentence.text()));
    }
}

#[test]
fn outside_text_begins_no_line_above_the_original() {
    let hostile = "@ \n@【対応】\n\n@WHAT @TO @DO\t@------\n".repeat(20);
    for mut notification in both() {
        for (_, value) in &mut notification.facts {
            *value = Plain::new(&hostile);
        }
        for (_, fact) in &mut notification.grounds {
            *fact = Plain::new(&hostile);
        }
        notification.headline = Plain::new(format!("[HIGH]{hostile}"));
        for block in notification.sections.iter_mut().flat_map(|section| &mut section.blocks) {
            match block {
                Block::Paragraph(text, _) | Block::Labelled(_, text) | Block::Item(text, _) => {
                    *text = Plain::new(&hostile)
                }
                Block::Quote(lines) => *lines = vec![Plain::new(&hostile)],
                Block::Step { sentence, .. } => *sentence = Plain::new(&hostile),
            }
        }
        let (_, message, _) = sent(&notification);
        let (above, _) = message.split_once(&format!("\n{RULE}\n")).expect("a rule");
        assert!(above.matches('@').count() > 1_000, "it is shown");
        assert!(!above.lines().any(|line| line.starts_with('@')));
    }
}

#[test]
fn the_limit_in_bytes_holds_and_a_cut_is_visible_with_the_way_to_the_rest() {
    let originals = [
        "x".repeat(240 * 1024),
        "検".repeat(10_000),
        "検".repeat(400_000),
        "👨\u{200d}👩\u{200d}👧🇯🇵👍🏽".repeat(40_000),
        "e\u{301}".repeat(300_000),
        "\u{301}".repeat(600_000),
        String::new(),
    ];
    for original in originals {
        for mut notification in both() {
            notification.original = Plain::new(&original);
            let (_, message, attributes) = sent(&notification);
            assert!(size(&message, &attributes) <= MOST_BYTES);
            let (above, below) = message.split_once(&format!("\n{RULE}\n")).expect("a rule");
            let whole = notification.original.text().len() < 250_000;
            let words = Words::of(notification.language);
            let shown = below.trim_end();
            assert_eq!(shown == notification.original.text(), whole);
            assert_eq!(one_line(above).contains(words.rest_by_link), !whole);
            if !whole {
                let shown = shown.strip_suffix(ELLIPSIS).expect("a visible end");
                assert!(
                    one_line(above).contains(&(words.original_cut)(shown.len(), notification.original.text().len()))
                );
                let rest = notification.original.text().strip_prefix(shown).expect("the start of the original");
                assert!(size(&message, &attributes) + 20 + MARGIN * 2 > MOST_BYTES, "most of the room is used");
                let joined = format!("{shown}{rest}");
                let seam = unicode_segmentation::UnicodeSegmentation::grapheme_indices(joined.as_str(), true)
                    .any(|(start, _)| start == shown.len());
                assert!(seam || rest.starts_with('\u{301}'), "between graphemes");
            }
        }
    }
}

#[test]
fn hostile_facts_never_push_a_message_over_the_limit() {
    for mut notification in both() {
        let huge = Plain::new("検出".repeat(200_000));
        notification.facts = vec![(Plain::new("x"), huge.clone()); 100];
        notification.notices = vec![huge.clone(); 10];
        notification.original = huge;
        notification.link = None;
        let (_, message, attributes) = sent(&notification);
        assert!(size(&message, &attributes) <= MOST_BYTES);
        assert!(message.contains(Words::of(notification.language).rest_by_sender) || message.contains("where it was"));
        assert!(message.contains(RULE));
    }
}

#[test]
fn without_a_link_the_way_to_the_rest_is_the_findings_id() {
    for mut notification in both() {
        notification.link = None;
        notification.original = Plain::new("x".repeat(300_000));
        let (_, message, _) = sent(&notification);
        assert!(one_line(&message).contains(Words::of(notification.language).rest_by_id));
    }
}

#[test]
fn an_accepted_message_is_done_and_a_silence_is_asked_again() {
    let [notification, _] = both();
    let accepted = after(&notification, &[Reply::Accepted("m-1".into())]);
    assert_eq!(accepted, Next::Done(Receipt::of_message("m-1")));
    let unsure = Receipt { unsure: true, ..Receipt::default() };
    let silence = Next::Refused(Refusal::Again("silence".into(), None), Some(unsure));
    assert_eq!(after(&notification, &[Reply::Silence]), silence);
}

#[test]
fn a_refusal_that_waiting_does_not_mend_is_final_and_an_unknown_one_is_not() {
    let [notification, _] = both();
    let after = |code: &str| after(&notification, &[Reply::Error(code.into())]);
    for code in ["AuthorizationError", "NotFound", "NotFoundException", "InvalidParameter", "KMSDisabledException"] {
        assert_eq!(after(code), Next::Refused(Refusal::Never(code.into()), None), "{code}");
    }
    for code in
        ["InternalError", "KMSThrottling", "KMSThrottlingException", "Throttled", "ServiceUnavailable", "", "New"]
    {
        assert_eq!(after(code), Next::Refused(Refusal::Again(code.into(), None), None), "{code}");
    }
}
