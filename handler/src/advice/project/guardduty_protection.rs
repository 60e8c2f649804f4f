//! What may be said of GuardDuty's events that are no findings: a malicious object, and protection that is down.

use super::guardduty::{list, text};
use super::{Sheet, safe};
use crate::finding::State;

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    match sheet.finding.main_type() {
        "guardduty-protection/object-threat" => scan(sheet),
        "guardduty-protection/post-scan-action-failed" => tagging(sheet),
        "guardduty-protection/resource-status" => bucket(sheet),
        _ => agent(sheet),
    }
    sheet.hide(say!(language, "GuardDuty が書いた理由の全文", "the reason as GuardDuty wrote it"));
    sheet.own_severity();
    sheet.times();
    sheet.resources();
    sheet.production(None);
}

fn scan(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    let threats =
        detail.pointer("/scanResultDetails/threats").and_then(serde_json::Value::as_array).map_or(0, Vec::len);
    sheet.says_words = true;
    if sheet.finding.state == State::Open {
        sheet.add(say!(
            language,
            "GuardDuty の Malware Protection for S3 が、アップロードされたオブジェクトに脅威を見つけた (THREATS_FOUND)",
            "GuardDuty Malware Protection for S3 found a threat in an uploaded object (THREATS_FOUND)"
        ));
        sheet.add(match threats {
            0 | 1 => say!(language, "見つかった脅威は 1 種類", "One kind of threat was found"),
            _ => say!(language, "見つかった脅威は複数の種類", "Several kinds of threats were found"),
        });
        sheet.add(say!(
            language,
            "スキャンはオブジェクトを消さず、移さない。タグのポリシーがなければ、まだ読める",
            "A scan neither deletes nor moves an object; it can still be read unless a policy on its tag forbids it"
        ));
    } else if sheet.finding.state == State::Passed {
        sheet.add(say!(
            language,
            "GuardDuty の Malware Protection for S3 のスキャンで、脅威は見つからなかった",
            "A scan by GuardDuty Malware Protection for S3 found no threat"
        ));
    } else {
        sheet.add(say!(
            language,
            "GuardDuty の Malware Protection for S3 はオブジェクトをスキャンできなかった。脅威の有無は分からない",
            "GuardDuty Malware Protection for S3 could not scan the object; whether it is a threat is not known"
        ));
    }
    sheet.headline = Some(if sheet.finding.state == State::Open {
        say!(language, "S3 のオブジェクトにマルウェアが見つかりました", "malware was found in an object in S3")
    } else {
        say!(language, "S3 のオブジェクトにマルウェアは見つかっていません", "no malware was found in an object in S3")
    });
    sheet.hide(say!(language, "脅威の名前とオブジェクトのキー", "the threat's name and the object's key"));
}

fn tagging(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    sheet.add(say!(
        language,
        "スキャンは済んだが、結果のタグをオブジェクトに付けられなかった。タグを見て許す仕組みは、止まるか素通しになる",
        "The scan was made, but its result could not be put on the object as a tag; what allows by that tag stops or lets everything through"
    ));
    let reasons = || list(&sheet.finding.detail, "postScanActions").filter_map(|action| text(action, "/failureReason"));
    let reason = if reasons().any(|reason| reason == "ACCESS_DENIED") {
        say!(
            language,
            "理由: ロールに権限がない (ACCESS_DENIED)",
            "The reason: the role lacks a permission (ACCESS_DENIED)"
        )
    } else if reasons().any(|reason| reason == "MAX_TAG_LIMIT_EXCEEDED") {
        say!(
            language,
            "理由: オブジェクトのタグが上限に達した (MAX_TAG_LIMIT_EXCEEDED)",
            "The reason: the object has as many tags as it can have (MAX_TAG_LIMIT_EXCEEDED)"
        )
    } else {
        say!(language, "理由は読者に見える", "The reader sees the reason")
    };
    sheet.add(reason);
    sheet.headline = Some(say!(
        language,
        "マルウェアスキャンの結果のタグを付けられませんでした",
        "the result of a malware scan could not be tagged"
    ));
}

fn bucket(sheet: &mut Sheet<'_>) {
    const CODES: [&str; 2] = ["INSUFFICIENT_TEST_OBJECT_PERMISSIONS", "EVENTBRIDGE_MANAGED_EVENTS_DELIVERY_DISABLED"];
    let language = sheet.language;
    let status = text(&sheet.finding.detail, "/resourceStatus").unwrap_or_default().to_ascii_uppercase();
    sheet.add(match status.as_str() {
        "ERROR" => say!(
            language,
            "このバケットの Malware Protection は ERROR。アップロードされたオブジェクトはスキャンされない",
            "Malware Protection of this bucket is in ERROR: what is uploaded is not scanned"
        ),
        "WARNING" => say!(
            language,
            "このバケットの Malware Protection は WARNING。スキャンの一部が働かない",
            "Malware Protection of this bucket is in WARNING: a part of it does not work"
        ),
        "ACTIVE" => say!(
            language,
            "このバケットの Malware Protection は ACTIVE (働いている)",
            "Malware Protection of this bucket is ACTIVE (it works)"
        ),
        _ => say!(
            language,
            "このバケットの Malware Protection の状態は読者に見える",
            "The reader sees the state of this bucket's Malware Protection"
        ),
    });
    let reasons = || list(&sheet.finding.detail, "statusReasons").filter_map(|reason| text(reason, "/code"));
    let known: Vec<&str> = CODES.into_iter().filter(|code| reasons().any(|reason| reason == *code)).collect();
    if !known.is_empty() {
        let known = known.join(", ");
        sheet.add(say!(language, "理由のコード: {known}", "Codes of the reason: {known}"));
    }
    sheet.headline = Some(if sheet.finding.state == State::Open {
        say!(language, "S3 バケットのマルウェア対策が働いていません", "a bucket's malware protection does not work")
    } else {
        say!(language, "S3 バケットのマルウェア対策が働いています", "a bucket's malware protection works again")
    });
}

fn agent(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    let kind =
        ["EKS", "ECS", "EC2"].into_iter().find(|kind| text(detail, "/resourceDetails/resourceType") == Some(*kind));
    let kind = kind.map_or_else(String::new, |kind| format!(" ({kind})"));
    let down = sheet.finding.state == State::Open;
    sheet.add(if down {
        say!(
            language,
            "GuardDuty の Runtime Monitoring が Unhealthy{kind}。その中で動くものは監視されていない",
            "GuardDuty Runtime Monitoring is Unhealthy{kind}: what runs there is not watched"
        )
    } else {
        say!(
            language,
            "GuardDuty の Runtime Monitoring が Healthy{kind} に戻った",
            "GuardDuty Runtime Monitoring is Healthy{kind} again"
        )
    });
    sheet.add(say!(
        language,
        "多くは、エージェントの停止、権限や VPC エンドポイントの不足。攻撃する側が止めることもある",
        "Mostly the agent stopped, or lacks a permission or a VPC endpoint; an attacker can stop it, too"
    ));
    let tasks = text(detail, "/resourceDetails/ecsClusterDetails/clusterName").is_some_and(safe::is_name);
    if tasks {
        sheet.add(say!(
            language,
            "ECS では、タスクごとにエージェントが入る",
            "On ECS, each task has an agent of its own"
        ));
    }
    sheet.headline = Some(if down {
        say!(language, "ランタイムの監視が働いていません", "runtime monitoring does not work")
    } else {
        say!(language, "ランタイムの監視が働いています", "runtime monitoring works again")
    });
}
