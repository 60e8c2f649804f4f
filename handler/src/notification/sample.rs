//! A finding, its facts and its advice, written by hand for the tests of notifications and channels.

use std::sync::Arc;

use super::{Change, Notification, Words, compose};
use crate::advice::pseudonym::alias;
use crate::advice::{Advice, Answer, Facts, Identities, NoAnswer, Place, Way, check, playbook};
use crate::finding::{Finding, FindingKey, Language, Partition, Resource, Severity, Source, State};
use crate::plain::Plain;

const ID: &str = "f0e1d2c3b4a5968778695a4b3c2d1e0f";
const KEY: &str = "ASIAIOSFODNN7EXAMPLE";

/// Credentials of a role, used from outside AWS.
pub(crate) fn finding() -> Finding {
    Finding {
        key: FindingKey::of(&["guardduty", "111122223333", ID]),
        source: Source::GuardDuty,
        product: Plain::new("GuardDuty"),
        id: Plain::new(ID),
        partition: Partition::Aws,
        account: Plain::new("111122223333"),
        account_name: Some(Plain::new("本番")),
        region: Plain::new("ap-northeast-1"),
        event_account: Plain::new("111122223333"),
        severity: Some(Severity::High),
        state: State::Open,
        title: Plain::new("Credentials for the EC2 instance role were used from outside AWS."),
        description: Plain::new("An EC2 instance's credentials were used\nfrom 203.0.113.87."),
        types: vec![Plain::new("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS")],
        resources: vec![Resource { kind: Plain::new("AccessKey"), id: Plain::new(KEY), tags: Vec::new() }],
        first_seen: "2026-11-23T17:31:10Z".parse().ok(),
        last_seen: "2026-11-23T17:44:58Z".parse().ok(),
        updated: "2026-11-23T17:50:00Z".parse().ok(),
        count: Some(37),
        actors: Vec::new(),
        note_by: None,
        asked_for: None,
        sample: false,
        unread: Vec::new(),
        hidden_in: Vec::new(),
        detail: Arc::default(),
        event: Plain::new(format!("{{\"detail\":{{\"id\":\"{ID}\"}}}}")),
        event_time: "2026-11-23T17:51:00Z".parse().ok(),
    }
}

/// What may be said of it.
pub(crate) fn facts(language: Language) -> Facts {
    let mut identities = Identities::default();
    let mut name = |letter, kind, value: &str| {
        let value = Plain::new(value);
        identities.name(letter, kind, &value, alias(kind, value.text()))
    };
    let key = name('K', "key_temp", KEY);
    let role = name('P', "role", "order-batch-role");
    let ip = name('N', "ip", "203.0.113.87");
    let (list, headline) = match language {
        Language::Ja => (
            vec![
                "検出タイプは認証情報の持ち出し".to_owned(),
                format!("アクセスキー {key} は IAM ロール {role} の一時的な認証情報"),
                format!("接続元 {ip} は AWS の外"),
            ],
            "EC2 ロールの認証情報が AWS の外から使われました",
        ),
        Language::En => (
            vec![
                "the type is exfiltration of credentials".to_owned(),
                format!("access key {key} is a temporary credential of IAM role {role}"),
                format!("the source {ip} is outside AWS"),
            ],
            "Credentials of an EC2 role were used from outside AWS",
        ),
    };
    Facts {
        language,
        class: "credentials_used_by_others",
        list,
        identities,
        control: String::new(),
        place: Place { account: "111122223333".into(), region: "ap-northeast-1".into() },
        hidden: Vec::new(),
        tripwire: Vec::new(),
        headline: headline.into(),
        last_seen: "11/24 02:44 (JST)".into(),
    }
}

/// A model's advice on it, in Japanese.
pub(crate) fn model_advice(facts: &Facts) -> Advice {
    let json = serde_json::json!({
        "summary": "[P1] の認証情報 [K1] が、AWS の外の [N1] から使われました。",
        "impact": "[P1] に許されたデータが社外に渡った可能性があります。",
        "urgency": "now",
        "urgency_reason": "[K1] は無効にするまで使えるためです。",
        "evidence": ["f2", "f3"],
        "escalate_if": [{"condition": "[N1] から権限の変更が見つかった", "urgency": "now", "evidence": ["f3"]}],
        "first": {"text": "[N1] からの操作が読み出しだけかが分かれ目です。", "evidence": ["f3"]},
        "steps": [
            {"do": "revoke_role_sessions", "target": "[P1]", "text": "[N1] に心当たりがなければ行います。", "evidence": ["f3"]},
            {"do": "other", "target": "none", "text": "[P1] を使う担当者に、[N1] の心当たりを聞きます。", "evidence": ["f2", "f3"]},
        ],
        "benign": [{"explanation": "[N1] が自社の出口です", "check": "[N1] が出口の一覧にあるかを見ます。", "evidence": ["f3"]}],
        "unknowns": ["[K1] が漏れた経路"],
    });
    let answer = Answer {
        json: json.to_string(),
        model: "arn:aws:bedrock:ap-northeast-1:111122223333:inference-profile/jp.example-model-v1:0".into(),
        tokens: (0, 0),
        way: Way::Asked,
    };
    check(&answer, facts).expect("an answer that keeps every rule")
}

/// The finding's notification with the playbook's advice.
pub(crate) fn notification(language: Language) -> Notification {
    composed(&finding(), language, Change::New)
}

/// A finding's notification with the playbook's advice.
pub(crate) fn composed(finding: &Finding, language: Language, change: Change) -> Notification {
    let facts = facts(language);
    let advice = playbook(&facts, NoAnswer::Throttled);
    compose(finding, &facts, Some(&advice), change, Words::of(language))
}

/// The notification in Japanese and in English.
pub(crate) fn both() -> [Notification; 2] {
    [Language::Ja, Language::En].map(notification)
}
