//! What may be said of a finding in the AWS Security Finding Format.

use serde_json::Value;

use super::{Sheet, safe};
use crate::finding::State;

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let kind = sheet.finding.main_type();
    let control = kind.strip_prefix("security-control/").filter(|control| safe::is_control(control));
    match control {
        Some(control) => {
            let verdict = if sheet.finding.state == State::Passed { "PASSED" } else { "FAILED" };
            sheet.add(say!(
                language,
                "Security Hub のコントロール {control} が {verdict} (設定の検査。攻撃や漏えいの検出ではない)",
                "Security Hub control {control} is {verdict} (a check of settings, no detected attack or leak)"
            ));
            if let Some(meaning) = meaning(control, sheet) {
                sheet.add(meaning);
            }
            sheet.headline = Some(headline(control, sheet));
        }
        None if safe::is_finding_type(kind) => {
            let product = safe::product(sheet.finding.product.text());
            sheet.add(say!(language, "{product} の検出タイプ {kind}", "{product} finding type {kind}"));
            sheet.headline = Some(say!(language, "{kind} が検出されました", "{kind} was detected"));
        }
        None => {
            let product = safe::product(sheet.finding.product.text());
            sheet.add(say!(
                language,
                "{product} の検出結果。種類の名前は読者に見える",
                "A finding of {product}; the reader sees its type"
            ));
        }
    }
    sheet.severity();
    sheet.times();
    sheet.resources();
    bucket_age(sheet);
    let mut production = None;
    let resources: Vec<_> = sheet.finding.resources.iter().take(3).cloned().collect();
    for resource in resources {
        let Some((letter, kind, value)) = safe::target(&resource) else { continue };
        if kind == "account" {
            continue;
        }
        let name = sheet.name(letter, kind, &value);
        production = production.or(sheet.tags(&name, &resource.tags));
    }
    sheet.production(production);
}

fn headline(control: &str, sheet: &Sheet<'_>) -> String {
    let language = sheet.language;
    match control {
        "S3.8" => say!(
            language,
            "S3 バケットのブロックパブリックアクセスが無効です (S3.8)",
            "an S3 bucket does not block public access (S3.8)"
        ),
        "S3.2" => say!(
            language,
            "S3 バケットが公開の読み取りを許しています (S3.2)",
            "an S3 bucket allows public reading (S3.2)"
        ),
        "S3.3" => say!(
            language,
            "S3 バケットが公開の書き込みを許しています (S3.3)",
            "an S3 bucket allows public writing (S3.3)"
        ),
        _ => {
            say!(language, "コントロール {control} に不合格のリソースがあります", "a resource fails control {control}")
        }
    }
}

fn meaning(control: &str, sheet: &Sheet<'_>) -> Option<String> {
    let language = sheet.language;
    match control {
        "S3.8" => Some(say!(
            language,
            "S3.8 の意味: バケットのブロックパブリックアクセスの 4 つの設定のうち、1 つ以上が無効。バケット単位の検査なので、アカウント単位で塞いでいても不合格になる",
            "What S3.8 means: at least one of the bucket's four Block Public Access settings is off. It checks the bucket alone, so it fails even if the account blocks public access"
        )),
        "S3.2" => Some(say!(
            language,
            "S3.2 の意味: ブロックパブリックアクセス、ポリシー、ACL を合わせて、公開の読み取りを許している",
            "What S3.2 means: Block Public Access, policy and ACL together allow public reading"
        )),
        "S3.3" => Some(say!(
            language,
            "S3.3 の意味: ブロックパブリックアクセス、ポリシー、ACL を合わせて、公開の書き込みを許している",
            "What S3.3 means: Block Public Access, policy and ACL together allow public writing"
        )),
        _ => None,
    }
}

/// When the bucket was made, which tells an old setting from a new one.
fn bucket_age(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = std::sync::Arc::clone(&sheet.finding.detail);
    let created = detail.pointer("/Resources/0/Details/AwsS3Bucket/CreatedAt").and_then(Value::as_str);
    if let Some(created) = created.and_then(|time| time.parse().ok()) {
        let ago = sheet.ago(created);
        sheet.add(say!(language, "バケットは{ago}に作られた", "The bucket was made {ago}"));
    }
}
