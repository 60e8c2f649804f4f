//! What a reader gets, in both languages.

use std::sync::Arc;

use serde_json::json;

use super::*;
use crate::advice::{NoAnswer, playbook};
use crate::finding::Language;
use crate::notification::sample::{self, composed};

const BOTH: [Language; 2] = [Language::Ja, Language::En];

fn row<'a>(notification: &'a Notification, label: &str) -> Option<&'a str> {
    notification.facts.iter().find(|(name, _)| name.text() == label).map(|(_, value)| value.text())
}

fn notices(notification: &Notification) -> Vec<&str> {
    notification.notices.iter().map(Plain::text).collect()
}

#[test]
fn the_headline_stands_alone() {
    assert_eq!(
        sample::notification(Language::Ja).headline.text(),
        "[高] GuardDuty: EC2 ロールの認証情報が AWS の外から使われました (本番 111122223333 / ap-northeast-1)"
    );
    assert_eq!(
        sample::notification(Language::En).headline.text(),
        "[HIGH] GuardDuty: Credentials of an EC2 role were used from outside AWS (本番 111122223333 / ap-northeast-1)"
    );
}

#[test]
fn outside_names_in_the_headline_are_one_line_and_end_visibly() {
    let mut finding = sample::finding();
    finding.product = Plain::new(format!("Evil\n【対応】 {}", "x".repeat(100_000)));
    finding.account_name = Some(Plain::new("名\n前".repeat(1_000)));
    finding.title = Plain::new("é".repeat(100_000));
    let mut facts = sample::facts(Language::Ja);
    facts.headline.clear();
    let headline = compose(&finding, &facts, None, Change::New, Words::of(Language::Ja)).headline;
    assert!(!headline.text().contains('\n'));
    assert_eq!(headline.text().matches('…').count(), 3);
    assert!(headline.text().chars().count() < 400);
}

#[test]
fn the_sections_come_in_the_order_of_reading() {
    for language in BOTH {
        let words = Words::of(language);
        let notification = sample::notification(language);
        let titles: Vec<&str> = notification.sections.iter().map(|section| section.title).collect();
        assert_eq!(
            titles,
            [words.summary, words.urgency_title, words.people, words.steps, words.benign, words.unknowns],
            "{language:?}"
        );
        assert!(notification.sections.iter().all(|section| !section.blocks.is_empty()));
    }
}

#[test]
fn a_step_says_where_how_to_read_it_what_it_breaks_and_how_to_undo_it() {
    let notification = sample::notification(Language::Ja);
    let steps: Vec<&Block> = notification
        .sections
        .iter()
        .flat_map(|section| &section.blocks)
        .filter(|block| matches!(block, Block::Step { .. }))
        .collect();
    assert!(steps.len() >= 2);
    let labels: Vec<&str> = steps
        .iter()
        .flat_map(|block| if let Block::Step { lines, .. } = block { lines.as_slice() } else { &[] })
        .map(|line| match line {
            StepLine::Text(label, ..) | StepLine::Command(label, _) => *label,
        })
        .collect();
    for label in ["場所", "見るだけ", "読み方", "注意", "戻すには"] {
        assert!(labels.contains(&label), "{label}: {labels:?}");
    }
}

#[test]
fn a_models_advice_is_named_as_such_and_a_step_that_is_no_template_says_so() {
    let facts = sample::facts(Language::Ja);
    let advice = sample::model_advice(&facts);
    let notification = compose(&sample::finding(), &facts, Some(&advice), Change::New, Words::of(Language::Ja));
    assert!(notification.note.text().starts_with("この助言は AI (jp.example-model-v1:0) が作成しました。"));
    assert!(notification.note.text().contains("誤りを含むことがあります"));
    let text = format!("{:?}", notification.sections);
    assert_eq!(text.matches("[定型外]").count(), 1);
    assert_eq!(text.matches("確認済みの定型ではありません").count(), 1);
    assert!(!text.contains("[P1]") && !text.contains("[N1]"), "identities are restored");
}

#[test]
fn the_playbook_says_why_there_is_no_other_advice() {
    let facts = sample::facts(Language::En);
    let advice = playbook(&facts, NoAnswer::Deadline);
    let note = compose(&sample::finding(), &facts, Some(&advice), Change::New, Words::of(Language::En)).note;
    assert!(note.text().contains("did not come in time") && note.text().contains("your decision"));
}

#[test]
fn only_cited_facts_are_grounds_and_their_names_come_back() {
    let facts = sample::facts(Language::Ja);
    let advice = sample::model_advice(&facts);
    let notification = compose(&sample::finding(), &facts, Some(&advice), Change::New, Words::of(Language::Ja));
    let grounds: Vec<(&str, &str)> =
        notification.grounds.iter().map(|(number, fact)| (number.as_str(), fact.text())).collect();
    assert_eq!(
        grounds,
        [
            ("f2", "アクセスキー ASIAIOSFODNN7EXAMPLE は IAM ロール order-batch-role の一時的な認証情報"),
            ("f3", "接続元 203.0.113.87 は AWS の外"),
        ]
    );
}

#[test]
fn the_facts_are_on_the_readers_clock_and_in_the_readers_words() {
    let ja = sample::notification(Language::Ja);
    assert_eq!(row(&ja, "対象アカウント"), Some("111122223333 (本番)"));
    assert_eq!(row(&ja, "重要度"), Some("高 (HIGH)"));
    assert_eq!(row(&ja, "最終検出"), Some("2026-11-24 02:44:58 (JST)"));
    assert_eq!(row(&ja, "説明"), Some("An EC2 instance's credentials were used from 203.0.113.87."));
    assert!(row(&ja, "タイトル (英語の原文)").is_some());
    assert_eq!(row(&ja, "イベントの送信元アカウント"), None);
    let en = sample::notification(Language::En);
    assert_eq!(row(&en, "Severity"), Some("HIGH"));
    assert_eq!(row(&en, "Last seen"), Some("2026-11-23 17:44:58 (UTC)"));
    assert_eq!(row(&en, "Count"), Some("37"));
}

#[test]
fn another_accounts_bus_and_too_many_resources_are_said() {
    let mut finding = sample::finding();
    finding.event_account = Plain::new("999988887777");
    finding.resources = std::iter::repeat_n(finding.resources[0].clone(), 12).collect();
    let notification = composed(&finding, Language::En, Change::New);
    assert!(row(&notification, "Account that sent the event").is_some_and(|value| value.starts_with("999988887777 (")));
    let resources: Vec<&str> = notification
        .facts
        .iter()
        .filter(|(label, _)| label.text() == "Affected resource")
        .map(|(_, value)| value.text())
        .collect();
    assert_eq!(resources.len(), 11);
    assert_eq!(resources.last(), Some(&"and 2 more"));
}

#[test]
fn what_talks_to_the_reader_comes_before_every_other_notice() {
    let mut finding = sample::finding();
    finding.asked_for = Some(Plain::new("Ask\nthe advisor"));
    finding.sample = true;
    finding.severity = None;
    finding.unread = vec![Unread::Field("severity"), Unread::Field("id")];
    let mut facts = sample::facts(Language::Ja);
    facts.tripwire = vec!["[P1] の欄に、読む人に向けた文が書かれています。".into(); 2];
    let advice = playbook(&facts, NoAnswer::Failed);
    let notification = compose(&finding, &facts, Some(&advice), Change::Asked, Words::of(Language::Ja));
    assert_eq!(
        notices(&notification),
        [
            "order-batch-role の欄に、読む人に向けた文が書かれています。",
            "カスタムアクション「Ask the advisor」で依頼された通知です。",
            "検出結果のサンプルです。実際に起きたことではありません。",
            "読み取れなかった項目があります: severity, id。元のメッセージも確認してください。",
            "重要度を読み取れなかったため、重要度にかかわらず通知しています。",
        ]
    );
    assert!(notification.headline.text().starts_with("[重要度不明][サンプル] GuardDuty: "));
}

#[test]
fn every_change_but_the_first_says_why_it_is_told() {
    for language in BOTH {
        let said: Vec<usize> =
            [Change::New, Change::Worse, Change::Reopened, Change::Closed, Change::Asked, Change::Still]
                .map(|change| composed(&sample::finding(), language, change).notices.len())
                .into();
        assert_eq!(said, [0, 1, 1, 1, 1, 1], "{language:?}");
    }
}

#[test]
fn a_close_says_how_and_advises_nothing() {
    let mut finding = sample::finding();
    finding.state = State::Suppressed;
    let facts = sample::facts(Language::Ja);
    let advice = playbook(&facts, NoAnswer::Failed);
    let notification = compose(&finding, &facts, Some(&advice), Change::Closed, Words::of(Language::Ja));
    assert!(notification.headline.text().starts_with("[抑制済み] GuardDuty: "));
    assert_eq!(notification.labels.mark, "SUPPRESSED");
    assert!(notices(&notification)[0].contains("SUPPRESSED") && notices(&notification)[0].contains("誰がなぜ"));
    assert!(notification.sections.is_empty() && notification.grounds.is_empty());
    assert_eq!(row(&notification, "状態"), Some("抑制済み"));
    assert!(notification.link.is_some());
}

#[test]
fn a_finding_of_which_nothing_could_be_read_is_still_told() {
    let mut finding = sample::finding();
    let nothing = Plain::default();
    finding.source = Source::Envelope;
    finding.unread = vec![Unread::Body];
    finding.severity = None;
    finding.account_name = None;
    (finding.product, finding.id, finding.account) = (nothing.clone(), nothing.clone(), nothing.clone());
    (finding.region, finding.event_account, finding.title) = (nothing.clone(), nothing.clone(), nothing.clone());
    (finding.description, finding.types, finding.resources) = (nothing, Vec::new(), Vec::new());
    (finding.first_seen, finding.last_seen, finding.count) = (None, None, None);
    let mut facts = sample::facts(Language::En);
    facts.place = crate::advice::Place::default();
    facts.headline = "An event that could not be read arrived".into();
    facts.class = "general";
    let advice = playbook(&facts, NoAnswer::NotAsked);
    let notification = compose(&finding, &facts, Some(&advice), Change::New, Words::of(Language::En));
    assert_eq!(notification.headline.text(), "[UNKNOWN SEVERITY] An event that could not be read arrived");
    assert_eq!(notification.notices.len(), 2);
    assert_eq!(notification.link, None);
    assert_eq!(notification.facts.len(), 1, "the severity, as unknown");
    assert!(!notification.original.is_empty());
}

#[test]
fn a_controls_own_page_is_shown_and_no_other_address() {
    let mut finding = sample::finding();
    finding.source = Source::Asff;
    for (url, shown) in [
        ("https://docs.aws.amazon.com/console/securityhub/S3.8/remediation", true),
        ("https://evil.example/remediation", false),
    ] {
        finding.detail = Arc::new(json!({"Remediation": {"Recommendation": {"Url": url}}}));
        let notification = composed(&finding, Language::Ja, Change::New);
        assert_eq!(row(&notification, "AWS の修復手順"), shown.then_some(url));
    }
}
