//! What may be said of an event of AWS Health: its code, and what it is about.

use serde_json::Value;

use super::guardduty::{list, text};
use super::{MOST_RESOURCES, Sheet, guardduty, safe};

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    let code = text(detail, "/eventTypeCode").filter(|code| safe::is_health_code(code));
    sheet.says_words = true;
    sheet.add(match code {
        Some(code) => say!(language, "AWS Health のイベント {code}", "AWS Health event {code}"),
        None => say!(
            language,
            "AWS Health のイベント。種類のコードは読者に見える",
            "An event of AWS Health; the reader sees its code"
        ),
    });
    if let Some(meaning) = code.and_then(|code| meaning(code, sheet)) {
        sheet.add(meaning);
    }
    sheet.headline = Some(headline(code, sheet));
    sheet.hide(say!(language, "AWS が書いた説明文", "the text that AWS wrote"));
    asked(sheet);
    sheet.own_severity();
    sheet.times();
    let production = keys(sheet);
    sheet.resources();
    if list(detail, "affectedEntities").next().is_none() {
        sheet.add(say!(
            language,
            "対象のリソースは書かれていない。アカウント全体に関わることがある",
            "It names no resource; it may be about the whole account"
        ));
    }
    if detail.get("totalPages").and_then(pages).is_some_and(|pages| pages > 1) {
        sheet.add(say!(
            language,
            "対象が多く、いくつかの通知に分かれている",
            "So much is affected that it comes in several notifications"
        ));
    }
    let production = production.or(sheet.resource_tags());
    sheet.production(production);
}

fn pages(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn headline(code: Option<&str>, sheet: &Sheet<'_>) -> String {
    let language = sheet.language;
    match code {
        Some(code) if code.starts_with("AWS_RISK_CREDENTIALS_") => say!(
            language,
            "認証情報が公開された場所で見つかりました",
            "credentials were found where anyone can read them"
        ),
        Some(code) if code.starts_with("AWS_ABUSE_") => say!(
            language,
            "このアカウントのリソースについて、不正利用の報告が届きました",
            "abuse was reported of a resource in this account"
        ),
        Some(code) => say!(language, "AWS から {code} の連絡が届きました", "AWS sent word of {code}"),
        None => say!(language, "AWS から連絡が届きました", "AWS sent word of an event"),
    }
}

fn meaning(code: &str, sheet: &Sheet<'_>) -> Option<String> {
    let language = sheet.language;
    if code.starts_with("AWS_RISK_CREDENTIALS_") {
        Some(say!(
            language,
            "意味: アクセスキーが公開リポジトリなどで見つかった。誰でも使えたと考える",
            "What it means: an access key was found in a public place such as a repository; anyone may have used it"
        ))
    } else if code.starts_with("AWS_ABUSE_") {
        Some(say!(
            language,
            "意味: このアカウントのリソースから外部への攻撃や迷惑な通信があると、AWS に報告された。侵害されたリソースのことが多い",
            "What it means: someone reported to AWS that a resource of this account attacks or molests others; often it was broken into"
        ))
    } else {
        None
    }
}

/// Whether AWS asks for an action, and whether it is over.
fn asked(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    match text(detail, "/actionability") {
        Some("ACTION_REQUIRED") => sheet.add(say!(
            language,
            "AWS によると、利用者の対応が必要",
            "AWS says that an action of its customer is required"
        )),
        Some("ACTION_MAY_BE_REQUIRED") => sheet.add(say!(
            language,
            "AWS によると、利用者の対応が必要なことがある",
            "AWS says that an action of its customer may be required"
        )),
        Some("INFORMATIONAL") => {
            sheet.add(say!(language, "AWS によると、情報だけの連絡", "AWS says that it is for information"));
        }
        _ => {}
    }
    match text(detail, "/statusCode") {
        Some("open") => sheet.add(say!(language, "イベントは続いている (open)", "The event goes on (open)")),
        Some("upcoming") => {
            sheet.add(say!(language, "これから起きるイベント (upcoming)", "The event is to come (upcoming)"))
        }
        Some("closed") => sheet.add(say!(language, "イベントは終わった (closed)", "The event is over (closed)")),
        _ => {}
    }
}

/// Access keys, which a step deactivates.
fn keys(sheet: &mut Sheet<'_>) -> Option<bool> {
    let language = sheet.language;
    let what = say!(language, "見つかった認証情報", "The credentials found");
    let mut production = None;
    let resources = &sheet.finding.resources;
    for key in resources.iter().filter(|resource| resource.kind.text() == "AccessKey").take(MOST_RESOURCES) {
        if let Some(name) = guardduty::key(sheet, key.id.text(), &what) {
            production = production.or(sheet.tags(&name, &key.tags));
        }
    }
    production
}
