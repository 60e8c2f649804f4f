//! What may be said of a finding of IAM Access Analyzer, whichever way it came: who has access to what, or who uses none.

use serde_json::{Value, json};

use super::look::{about, count, list, text};
use super::{Sheet, safe};
use crate::finding::{Language, Severity, Source};

/// The most operations and principals that are named.
const MOST: usize = 5;
/// Conditions that narrow access, by the keys that AWS defines; who writes a policy may write any.
const CONDITIONS: [&str; 14] = [
    "aws:PrincipalAccount",
    "aws:PrincipalArn",
    "aws:PrincipalOrgID",
    "aws:PrincipalOrgPaths",
    "aws:SecureTransport",
    "aws:SourceAccount",
    "aws:SourceArn",
    "aws:SourceIp",
    "aws:SourceOrgID",
    "aws:SourceVpc",
    "aws:SourceVpce",
    "aws:UserAgent",
    "aws:UserId",
    "sts:ExternalId",
];

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let kind = sheet.finding.main_type().strip_prefix("access-analyzer/").unwrap_or_default();
    let (what, headline) = words(kind, language);
    sheet.add(say!(
        language,
        "IAM Access Analyzer の検出結果: {what} (ポリシーの解析。使われた証拠ではない)",
        "A finding of IAM Access Analyzer: {what} (policies were analyzed; no proof of use)"
    ));
    sheet.headline = Some(headline);
    severity(sheet);
    sheet.times();
    sheet.resources();
    let detail = match sheet.finding.source {
        Source::AccessAnalyzer => sheet.finding.detail.as_ref().clone(),
        _ => passed_on(&sheet.finding.detail),
    };
    if detail.get("error").is_some_and(|error| !error.is_null()) {
        sheet.add(say!(
            language,
            "解析できなかったという知らせ。アクセスの有無は分からない",
            "It says that the analysis failed; whether there is access is not known"
        ));
    }
    access(sheet, &detail);
    unused(sheet, &detail);
    let production = sheet.resource_tags();
    sheet.production(production);
}

/// What Security Hub passes on of a grant to the outside, in the shape of Access Analyzer's own event: who, what, and whether
/// there is a condition. It has texts for all of it.
fn passed_on(detail: &Value) -> Value {
    let other = detail.pointer("/Resources/0/Details/Other").unwrap_or(&Value::Null);
    let Some(who) = text(other, "/External Principal") else { return Value::Null };
    let kind = text(other, "/External Principal Type").unwrap_or_default();
    let actions: Vec<&str> = text(other, "/Action Granted").unwrap_or_default().split(',').map(str::trim).collect();
    let condition = match text(other, "/Condition") {
        Some("none") => json!({}),
        Some(condition) => json!({ condition: "" }),
        None => Value::Null,
    };
    json!({ "principal": { kind: who }, "action": actions, "condition": condition })
}

/// Natively there is none, and a model must not take ours for the product's.
fn severity(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    if sheet.finding.source != Source::AccessAnalyzer {
        return sheet.severity();
    }
    let label = sheet.finding.severity.map_or("UNKNOWN", Severity::label);
    sheet.add(say!(
        language,
        "重要度 {label} (IAM Access Analyzer は付けないので、種類から決めた値。緊急度とは別に決まる)",
        "Severity {label} (IAM Access Analyzer gives none, so it follows from the kind; urgency is decided apart from it)"
    ));
}

/// What it is about, in a fact and in a subject.
fn words(kind: &str, language: Language) -> (String, String) {
    match kind {
        "external/public" => (
            say!(language, "誰でもアクセスできるリソース", "a resource that anyone can access"),
            say!(language, "リソースに誰でもアクセスできます", "anyone can access a resource"),
        ),
        "external/account" => (
            say!(
                language,
                "信頼ゾーンの外からアクセスできるリソース",
                "a resource that can be accessed from outside the zone of trust"
            ),
            say!(
                language,
                "リソースに信頼ゾーンの外からアクセスできます",
                "a resource can be accessed from outside the zone of trust"
            ),
        ),
        "internal" => (
            say!(
                language,
                "重要と指定したリソースへの、組織の中からのアクセス",
                "access from inside the organisation to a resource that was named as critical"
            ),
            say!(
                language,
                "重要なリソースに組織の中からアクセスできます",
                "a critical resource can be accessed from inside the organisation"
            ),
        ),
        "unused/PERMISSION" => (
            say!(language, "使われていない権限", "permissions that nobody uses"),
            say!(language, "使われていない権限があります", "there are unused permissions"),
        ),
        "unused/ROLE" => (
            say!(language, "使われていないロール", "a role that nobody uses"),
            say!(language, "使われていない IAM ロールがあります", "there is an unused IAM role"),
        ),
        "unused/ACCESS_KEY" => (
            say!(language, "使われていないアクセスキー", "an access key that nobody uses"),
            say!(language, "使われていないアクセスキーがあります", "there is an unused access key"),
        ),
        "unused/PASSWORD" => (
            say!(language, "使われていないパスワード", "a password that nobody uses"),
            say!(language, "使われていないパスワードがあります", "there is an unused password"),
        ),
        _ => (
            say!(language, "種類は読者に見える", "the reader sees its kind"),
            say!(language, "アクセスの解析で検出がありました", "an analysis of access reported something"),
        ),
    }
}

/// Who may do what, and under which conditions.
fn access(sheet: &mut Sheet<'_>, detail: &Value) {
    let language = sheet.language;
    let principals = detail.get("principal").and_then(Value::as_object);
    for (kind, who) in principals.into_iter().flatten().take(MOST) {
        principal(sheet, kind, who.as_str().unwrap_or_default());
    }
    match text(detail, "/accessType") {
        Some("INTRA_ACCOUNT") => {
            sheet.add(say!(language, "同じアカウントの中からのアクセス", "The access is from the same account"));
        }
        Some("INTRA_ORG") => sheet.add(say!(
            language,
            "組織の別のアカウントからのアクセス",
            "The access is from another account of the organisation"
        )),
        _ => {}
    }
    let all = list(detail, "/action").count();
    let known: Vec<&str> =
        list(detail, "/action").filter_map(Value::as_str).filter(|action| is_action(action)).take(MOST).collect();
    if !known.is_empty() {
        let names = known.join(", ");
        let more = match (all > known.len(), language) {
            (false, _) => "",
            (true, Language::Ja) => " など",
            (true, Language::En) => " and others",
        };
        sheet.add(say!(language, "許されている操作: {names}{more}", "The operations allowed: {names}{more}"));
    }
    if let Some(conditions) = detail.get("condition").and_then(Value::as_object) {
        let known: Vec<&str> =
            CONDITIONS.into_iter().filter(|key| conditions.keys().any(|it| it.eq_ignore_ascii_case(key))).collect();
        let known = known.join(", ");
        sheet.add(match (conditions.is_empty(), known.is_empty()) {
            (true, _) => say!(language, "アクセスの条件は付いていない", "No condition narrows the access"),
            (false, true) => say!(
                language,
                "アクセスに条件が付いている (内容は読者に見える)",
                "A condition narrows the access (the reader sees it)"
            ),
            (false, false) => say!(
                language,
                "アクセスの条件に使われているキー: {known} (値は読者に見える)",
                "Keys of the conditions that narrow the access: {known} (the reader sees their values)"
            ),
        });
    }
}

fn principal(sheet: &mut Sheet<'_>, kind: &str, who: &str) {
    let language = sheet.language;
    if who == "*" {
        sheet.add(say!(
            language,
            "誰でもアクセスできる (認証なしを含む)",
            "Anyone can access it, even without signing in"
        ));
        return;
    }
    let sort = match kind {
        "AWS" if safe::is_account(who) => say!(language, " AWS アカウント", "The AWS account"),
        "AWS" => say!(language, " AWS のプリンシパル", "The AWS principal"),
        "Service" => say!(language, " AWS のサービス", "The AWS service"),
        "Federated" => say!(language, "外部の ID プロバイダー", "The identity provider"),
        "CanonicalUser" => say!(language, "正規ユーザー ID", "The canonical user"),
        _ => say!(language, "プリンシパル", "The principal"),
    };
    if safe::is_principal(who) {
        let name = sheet.name('P', "principal_other", who);
        sheet.add(say!(language, "アクセスできるのは{sort} {name}", "{sort} {name} can access it"));
    } else {
        sheet.add(say!(
            language,
            "アクセスできるのは{sort} (読者に見える)",
            "{sort} that the reader sees can access it"
        ));
    }
}

/// How much is not used.
fn unused(sheet: &mut Sheet<'_>, detail: &Value) {
    let language = sheet.language;
    for (pointer, ja, en) in [
        ("/numberOfUnusedServices", "使われていないサービス", "Services that are not used"),
        ("/numberOfUnusedActions", "使われていない操作", "Operations that are not used"),
    ] {
        if let Some(count) = count(detail, pointer) {
            let much = about(count, language);
            sheet.add(say!(language, "{ja}: {much}", "{en}: {much}"));
        }
    }
}

/// A permission as `s3:GetObject`, or a whole service's (`s3:*`).
fn is_action(action: &str) -> bool {
    action.split_once(':').is_some_and(|(service, api)| safe::is_service(service) && (api == "*" || safe::is_api(api)))
}
