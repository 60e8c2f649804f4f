//! What may be said of the results of an insight of Security Hub that a person sent.

use super::guardduty::text;
use super::{Sheet, safe};

/// What insights group by, as far as their names are told: all are fields of the AWS Security Finding Format.
const GROUPS: [&str; 13] = [
    "AwsAccountId",
    "AwsAccountName",
    "ComplianceSecurityControlId",
    "ComplianceStatus",
    "GeneratorId",
    "ProductName",
    "ResourceAwsEc2InstanceImageId",
    "ResourceAwsIamAccessKeyUserName",
    "ResourceAwsS3BucketOwnerName",
    "ResourceId",
    "ResourceType",
    "SeverityLabel",
    "Type",
];

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    sheet.add(say!(
        language,
        "Security Hub のインサイトの結果を、人がカスタムアクションで送った。検出結果そのものではなく、検出結果の数",
        "A person sent the results of a Security Hub insight by a custom action: counts of findings, no finding itself"
    ));
    let words = safe::topics(text(detail, "/insightName").unwrap_or_default()).join(", ");
    if !words.is_empty() {
        sheet.add(say!(language, "インサイト名に含まれる語: {words}", "Words in the insight's name: {words}"));
    }
    if let Some(group) = GROUPS.into_iter().find(|group| text(detail, "/resultType") == Some(*group)) {
        sheet.add(say!(language, "検出結果は {group} ごとに数えられている", "Findings are counted by {group}"));
    }
    let groups = sheet.finding.resources.len();
    sheet.add(match groups {
        0 | 1 => say!(language, "結果は 1 つ", "There is one result"),
        2..=9 => say!(language, "結果は数個", "There are a few results"),
        _ => say!(language, "結果は 10 個以上", "There are 10 results or more"),
    });
    sheet.add(match sheet.finding.count.unwrap_or_default() {
        0 | 1 => say!(language, "検出結果は合わせて 1 件以下", "One finding or none altogether"),
        2..=9 => say!(language, "検出結果は合わせて数件", "A few findings altogether"),
        10..=99 => say!(language, "検出結果は合わせて 10 件以上", "10 findings or more altogether"),
        _ => say!(language, "検出結果は合わせて 100 件以上", "100 findings or more altogether"),
    });
    sheet.headline = Some(say!(language, "インサイトの結果が送られました", "the results of an insight were sent"));
    sheet.hide(say!(language, "インサイトの名前と、結果ごとの件数", "the insight's name and the count of each result"));
    sheet.resources();
    sheet.production(None);
}
