//! What may be said of a rule of AWS Config that a resource does not comply with.

use serde_json::Value;

use super::{Sheet, safe};

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    const VERDICTS: [&str; 4] = ["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "INSUFFICIENT_DATA"];
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    let text = |pointer: &str| detail.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    let verdict = |pointer: &str| VERDICTS.into_iter().find(|word| text(pointer) == *word);
    let (rule, now) = (text("/configRuleName"), verdict("/newEvaluationResult/complianceType"));
    let said = now.unwrap_or("NON_COMPLIANT");
    if safe::is_rule(rule) {
        let name = sheet.name('C', "config_rule", rule);
        sheet.add(say!(
            language,
            "AWS Config のルール {name} の判定は {said} (設定の検査。攻撃や漏えいの検出ではない)",
            "AWS Config rule {name} says {said} (a check of settings, no detected attack or leak)"
        ));
        sheet.topic(&name, rule);
        sheet.headline = Some(match said {
            "NON_COMPLIANT" => say!(
                language,
                "ルール {name} に準拠していないリソースがあります",
                "a resource does not comply with rule {name}"
            ),
            _ => say!(language, "ルール {name} の判定は {said} です", "rule {name} says {said}"),
        });
        if rule.starts_with("securityhub-") {
            sheet.add(say!(
                language,
                "{name} は Security Hub がコントロールのために作ったルール。同じ問題は、コントロールの検出結果としても届く",
                "Security Hub made {name} for one of its controls; the same problem also comes as that control's finding"
            ));
        }
    } else {
        sheet.add(say!(
            language,
            "AWS Config のルールの判定は {said}。ルール名は読者に見える",
            "A rule of AWS Config says {said}; the reader sees which"
        ));
    }
    match (verdict("/oldEvaluationResult/complianceType"), now) {
        (Some("COMPLIANT"), Some("NON_COMPLIANT")) => sheet.add(say!(
            language,
            "前回の判定は COMPLIANT。設定が変わったか、ルールが変わった",
            "It said COMPLIANT before: the setting changed, or the rule did"
        )),
        (None, Some("NON_COMPLIANT")) => sheet.add(say!(
            language,
            "このリソースの最初の判定。新しいリソースか、新しいルール",
            "It is the first evaluation of this resource: the resource is new, or the rule is"
        )),
        _ => {}
    }
    sheet.hide(say!(language, "ルールが付けた注記", "the rule's annotation"));
    sheet.own_severity();
    sheet.times();
    sheet.resources();
    sheet.production(None);
}
