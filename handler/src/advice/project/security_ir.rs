//! What may be said of a case or a membership of AWS Security Incident Response.

use super::Sheet;
use super::guardduty::text;
use crate::finding::Language;

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    let what = sheet.finding.main_type().strip_prefix("security-ir/").unwrap_or_default();
    let (fact, ja, en) = words(what);
    sheet.add(say!(language, "AWS Security Incident Response: {fact}", "AWS Security Incident Response: {en}"));
    sheet.headline = Some(if language == Language::Ja { ja.to_owned() } else { en.to_owned() });
    if text(detail, "/updatedBy") == Some("AWS Responder") {
        sheet.add(say!(language, "変更したのは AWS のインシデント対応担当", "AWS's own responders made the change"));
    } else if detail.get("updatedBy").is_some() {
        sheet.add(say!(language, "変更したのは利用者の側", "The change was made on the customer's side"));
    }
    if let Some(case) = text(detail, "/caseId").filter(|id| is_id(id)) {
        let name = sheet.name('C', "case", case);
        sheet.add(say!(language, "ケースは {name}", "The case is {name}"));
    }
    sheet.hide(say!(
        language,
        "ケースの内容 (イベントには入っていない。コンソールにある)",
        "what the case says (the event does not hold it; the console does)"
    ));
    sheet.own_severity();
    sheet.times();
    sheet.resources();
    sheet.production(None);
}

fn is_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What happened: as a fact and as a headline in Japanese, and in English for both.
fn words(what: &str) -> (&'static str, &'static str, &'static str) {
    match what {
        "Case Created" => ("ケースが作成された", "ケースが作成されました", "a case was opened"),
        "Case Updated" => ("ケースが更新された", "ケースが更新されました", "a case was updated"),
        "Case Closed" => ("ケースが終了した", "ケースが終了しました", "a case was closed"),
        _ if what.starts_with("Case Comment") => {
            ("ケースにコメントがあった", "ケースにコメントがありました", "a case was commented on")
        }
        "Membership Created" => ("メンバーシップが始まった", "メンバーシップが始まりました", "a membership began"),
        "Membership Updated" => {
            ("メンバーシップが変更された", "メンバーシップが変更されました", "a membership was changed")
        }
        "Membership Cancelled" | "Membership Terminated" => (
            "メンバーシップが終了した。AWS の担当者を呼べなくなる",
            "メンバーシップが終了しました",
            "a membership ended; AWS's responders can no longer be called",
        ),
        _ => ("変更があった。内容は読者に見える", "変更がありました", "something changed; the reader sees what"),
    }
}
