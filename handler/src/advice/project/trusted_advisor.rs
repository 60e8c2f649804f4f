//! What may be said of an item that a check of Trusted Advisor flags.

use super::guardduty::text;
use super::{Sheet, safe};

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    let status = ["ERROR", "WARN", "OK", "INFO"].into_iter().find(|word| text(detail, "/status") == Some(*word));
    let check = text(detail, "/check-name").unwrap_or_default();
    sheet.add(match status {
        Some("ERROR") => say!(
            language,
            "Trusted Advisor のチェックの結果は ERROR (赤。対応が勧められている)",
            "A check of Trusted Advisor says ERROR (red: an action is recommended)"
        ),
        Some("WARN") => say!(
            language,
            "Trusted Advisor のチェックの結果は WARN (黄。調べることが勧められている)",
            "A check of Trusted Advisor says WARN (yellow: a look is recommended)"
        ),
        Some(word) => {
            say!(language, "Trusted Advisor のチェックの結果は {word}", "A check of Trusted Advisor says {word}")
        }
        None => say!(
            language,
            "Trusted Advisor のチェックの結果は読者に見える",
            "The reader sees what a check of Trusted Advisor says"
        ),
    });
    let words = safe::topics(check).join(", ");
    if words.is_empty() {
        sheet.add(say!(language, "チェック名は読者に見える", "The reader sees the check's name"));
    } else {
        sheet.add(say!(language, "チェック名に含まれる語: {words}", "Words in the check's name: {words}"));
    }
    sheet.add(say!(
        language,
        "チェックは設定と使用状況の検査で、攻撃の検出ではない。更新は週に 1 回ほど",
        "Checks look at settings and use; they detect no attack. They are refreshed about once a week"
    ));
    sheet.headline = Some(match status {
        Some("OK") => say!(language, "チェックで問題は見つかりませんでした", "a check finds nothing wrong any more"),
        _ => say!(language, "チェックで問題が見つかりました", "a check flags an item"),
    });
    sheet.hide(say!(language, "チェックが示す項目の値", "the values that the check shows of the item"));
    sheet.own_severity();
    sheet.times();
    sheet.resources();
    sheet.production(None);
}
