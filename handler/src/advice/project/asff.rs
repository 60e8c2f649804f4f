//! What may be said of a finding in the AWS Security Finding Format: a control of Security Hub (also in OCSF), a finding of
//! another AWS product that it passes on, or what another product imported.

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::{Sheet, access_analyzer, guardduty, inspector, macie, native, safe};
use crate::advice::playbook;

/// A setting of something this old that fails only now was changed, or is checked for the first time.
const OLD: SignedDuration = SignedDuration::from_hours(30 * 24);
const NEWLY: SignedDuration = SignedDuration::from_hours(48);

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let finding = sheet.finding;
    let control = finding.main_type().strip_prefix("security-control/").filter(|control| safe::is_control(control));
    match (safe::aws_product(finding), control) {
        (Some("guardduty"), _) => {
            let (resource, service) = native::of(&finding.detail);
            guardduty::facts(sheet, &resource, &service);
        }
        (Some("inspector"), _) => inspector::facts(sheet),
        (Some("macie"), _) => macie::facts(sheet),
        (Some("access-analyzer"), _) => access_analyzer::facts(sheet),
        (Some("securityhub"), Some(control)) => {
            self::control(sheet, control);
            let production = sheet.resource_tags();
            sheet.production(production);
        }
        _ => imported(sheet),
    }
}

fn control(sheet: &mut Sheet<'_>, control: &str) {
    let language = sheet.language;
    let verdict = verdict(&sheet.finding.detail);
    sheet.add(say!(
        language,
        "Security Hub のコントロール {control} が {verdict} (設定の検査。攻撃や漏えいの検出ではない)",
        "Security Hub control {control} is {verdict} (a check of settings, no detected attack or leak)"
    ));
    if let Some(meaning) = meaning(control, sheet) {
        sheet.add(meaning);
    }
    sheet.headline = Some(headline(control, sheet));
    if is_own(control) {
        control.clone_into(&mut sheet.control);
    }
    sheet.hide(say!(
        language,
        "コントロールの説明文と手順の URL",
        "the control's description and the address of its instructions"
    ));
    sheet.severity();
    sheet.times();
    sheet.resources();
    bucket_age(sheet);
}

/// Whether the control passes; OCSF has numbers for ASFF's words.
fn verdict(detail: &Value) -> &'static str {
    let status = detail.pointer("/Compliance/Status").and_then(Value::as_str);
    let number = detail.pointer("/compliance/status_id").and_then(Value::as_u64);
    match (status, number) {
        (Some("PASSED"), _) | (None, Some(1)) => "PASSED",
        (Some("WARNING"), _) | (None, Some(2)) => "WARNING",
        (Some("NOT_AVAILABLE"), _) | (None, Some(0 | 99)) => "NOT_AVAILABLE",
        _ => "FAILED",
    }
}

/// What the class says of its controls, with the control's id.
fn headline(control: &str, sheet: &Sheet<'_>) -> String {
    let language = sheet.language;
    match &playbook::class_of(sheet.finding).headline {
        Some(headline) => format!("{} ({control})", headline.of(language)),
        None => {
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

/// Whether the id is Security Hub's own: `S3.8`, neither `1.14` of CIS nor `PCI.S3.1`.
fn is_own(control: &str) -> bool {
    control.starts_with(|first: char| first.is_ascii_uppercase()) && control.split('.').count() == 2
}

/// When the bucket was made, which tells an old setting from a new one.
fn bucket_age(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let created = sheet.finding.detail.pointer("/Resources/0/Details/AwsS3Bucket/CreatedAt").and_then(Value::as_str);
    let Some(created) = created.and_then(|time| time.parse::<Timestamp>().ok()) else { return };
    let ago = sheet.ago(created);
    let old = sheet.now.duration_since(created) > OLD;
    let newly = sheet.finding.first_seen.is_some_and(|seen| sheet.now.duration_since(seen) < NEWLY);
    sheet.add(if old && newly {
        say!(
            language,
            "バケットは{ago}に作られた。初回検出が新しいので、最近の設定変更か、検査の開始のどちらかが考えられる",
            "The bucket was made {ago}. It was first seen failing only now, so a setting changed lately, or the check is new"
        )
    } else {
        say!(language, "バケットは{ago}に作られた", "The bucket was made {ago}")
    });
}

/// What another product made: its words are an importer's, so only what has a form is said.
pub(super) fn imported(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let product = safe::product(sheet.finding, language);
    let kind = sheet.finding.main_type();
    let kind = match kind.strip_prefix("imported/").unwrap_or(kind).split('/').next().unwrap_or_default() {
        "Software and Configuration Checks" => {
            say!(language, "ソフトウェアと設定の検査", "software and configuration checks")
        }
        "TTPs" => say!(language, "攻撃の手口", "an attacker's techniques"),
        "Effects" => say!(language, "影響 (漏えいや破壊など)", "effects such as a leak or destruction"),
        "Unusual Behaviors" => say!(language, "普段と違う振る舞い", "unusual behaviour"),
        "Sensitive Data Identifications" => say!(language, "機密データの発見", "sensitive data found"),
        _ => say!(language, "読者には見える", "the reader sees it"),
    };
    sheet.add(say!(language, "{product} の検出結果。種類: {kind}", "A finding of {product}; its kind: {kind}"));
    inspector::vulnerability(sheet);
    sheet.severity();
    sheet.times();
    sheet.resources();
    let production = sheet.resource_tags();
    sheet.production(production);
}
