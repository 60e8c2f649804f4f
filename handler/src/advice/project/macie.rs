//! What may be said of a finding of Macie, whichever way it came: a bucket's settings, or sensitive data in an object.

use serde_json::{Value, json};

use super::look::{about, count, flag, list, text};
use super::{Sheet, remote, safe};
use crate::finding::{Language, Source};

/// The most categories of data, and the most kinds in one, that are named.
const MOST: usize = 5;
/// Endings of an object's name that say what it is; all others stay hidden.
const ENDINGS: [&str; 18] = [
    "csv", "tsv", "json", "jsonl", "xml", "parquet", "avro", "xlsx", "xls", "docx", "pdf", "txt", "log", "gz", "zip",
    "tar", "sql", "html",
];
/// Sorts of data by a part of the names of Macie's managed identifiers, Japanese and English; the first that fits.
const SORTS: [(&str, &str, &str); 20] = [
    ("AWS_CREDENTIALS", "AWS のシークレットアクセスキー", "AWS secret access keys"),
    ("PRIVATE_KEY", "秘密鍵", "private keys"),
    ("PKCS", "秘密鍵", "private keys"),
    ("JSON_WEB_TOKEN", "トークン", "tokens"),
    ("HTTP_", "HTTP の認証ヘッダーや Cookie", "HTTP authentication headers or cookies"),
    ("API_KEY", "API キー", "API keys"),
    ("STRIPE", "API キー", "API keys"),
    ("CREDIT_CARD", "クレジットカードの情報", "payment card data"),
    ("BANK_ACCOUNT", "銀行口座番号", "bank account numbers"),
    ("PASSPORT", "旅券番号", "passport numbers"),
    ("DRIVERS_LICENSE", "運転免許証番号", "driving licence numbers"),
    ("TAX_IDENTIFICATION", "納税者番号", "tax numbers"),
    ("NATIONAL_IDENTIFICATION", "国の個人番号", "national identity numbers"),
    ("SOCIAL_SECURITY", "国の個人番号", "national identity numbers"),
    ("HEALTH", "医療や健康保険の番号", "health or health insurance numbers"),
    ("MEDICAL", "医療や健康保険の番号", "health or health insurance numbers"),
    ("DATE_OF_BIRTH", "生年月日", "dates of birth"),
    ("PHONE_NUMBER", "電話番号", "phone numbers"),
    ("ADDRESS", "住所", "addresses"),
    ("LATITUDE", "位置", "locations"),
];

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let kind = sheet.finding.main_type();
    sheet.add(if safe::is_finding_type(kind) {
        say!(language, "Macie の検出タイプ {kind}", "Macie finding type {kind}")
    } else {
        say!(language, "Macie の検出タイプは読者に見える", "The reader sees the Macie finding type")
    });
    sheet.add(if kind.starts_with("Policy:") {
        say!(
            language,
            "バケットの設定についての検出 (設定の変化。データが読まれた証拠ではない)",
            "It is about the bucket's settings (a change of settings, no proof that data was read)"
        )
    } else {
        say!(
            language,
            "オブジェクトの中身についての検出 (データがあること。読まれた証拠ではない)",
            "It is about what an object holds (that the data is there, no proof that it was read)"
        )
    });
    sheet.headline = Some(headline(kind, language));
    if sheet.finding.sample {
        sheet.add(say!(
            language,
            "サンプルの検出結果 (動作を試すために作られたもの)",
            "A sample finding, made to try things out"
        ));
    }
    sheet.severity();
    sheet.times();
    sheet.resources();
    data(sheet);
    object(sheet);
    openness(sheet);
    actor(sheet);
    let production = sheet.resource_tags();
    sheet.production(production);
    sheet.hide(say!(
        language,
        "オブジェクトの名前と、見つかった場所",
        "the object's name and where in it the data stands"
    ));
}

fn headline(kind: &str, language: Language) -> String {
    match kind.rsplit(['/', ':']).next().unwrap_or_default() {
        "S3BucketPublic" => say!(language, "S3 バケットが公開の状態です", "an S3 bucket is public"),
        "S3BlockPublicAccessDisabled" => say!(
            language,
            "S3 バケットのブロックパブリックアクセスが無効になりました",
            "Block Public Access of an S3 bucket was turned off"
        ),
        "S3BucketSharedExternally" => {
            say!(language, "S3 バケットが組織の外と共有されています", "an S3 bucket is shared outside the organisation")
        }
        "S3BucketSharedWithCloudFront" => {
            say!(language, "S3 バケットが CloudFront と共有されています", "an S3 bucket is shared with CloudFront")
        }
        "S3BucketReplicatedExternally" => {
            say!(
                language,
                "S3 バケットが組織の外へ複製されています",
                "an S3 bucket is replicated outside the organisation"
            )
        }
        "S3BucketEncryptionDisabled" => {
            say!(
                language,
                "S3 バケットの既定の暗号化が変わりました",
                "the default encryption of an S3 bucket was changed"
            )
        }
        "Credentials" => {
            say!(language, "S3 オブジェクトに認証情報が見つかりました", "credentials were found in an S3 object")
        }
        "Financial" => {
            say!(language, "S3 オブジェクトに金融の情報が見つかりました", "financial data was found in an S3 object")
        }
        "Personal" => {
            say!(language, "S3 オブジェクトに個人の情報が見つかりました", "personal data was found in an S3 object")
        }
        "Multiple" => say!(
            language,
            "S3 オブジェクトに複数の種類の機密データが見つかりました",
            "several kinds of sensitive data were found in an S3 object"
        ),
        _ if kind.starts_with("Policy:") => {
            say!(language, "S3 バケットの設定に検出がありました", "a setting of an S3 bucket was reported")
        }
        _ => say!(language, "S3 オブジェクトに機密データが見つかりました", "sensitive data was found in an S3 object"),
    }
}

/// What was found, by its category and how much of it.
fn data(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    let (found, category, total, detections, kind) = match sheet.finding.source {
        Source::Asff => (classified(detail, "/SensitiveData"), "/Category", "/TotalCount", "/Detections", "/Type"),
        Source::Ocsf => (
            detail.pointer("/databucket/file/data_classifications"),
            "/category",
            "/total",
            "/discovery_details",
            "/type",
        ),
        _ => (
            detail.pointer("/classificationDetails/result/sensitiveData"),
            "/category",
            "/totalCount",
            "/detections",
            "/type",
        ),
    };
    let each = if sheet.finding.source == Source::Asff { "/Count" } else { "/count" };
    for place in found.and_then(Value::as_array).into_iter().flatten().take(MOST) {
        let sum = || list(place, detections).filter_map(|one| count(one, each)).fold(0_u64, u64::saturating_add);
        let much = about(count(place, total).unwrap_or_else(sum), language);
        let mut sorts: Vec<&str> = Vec::new();
        for sort in list(place, detections).filter_map(|one| sort(text(one, kind)?, language)) {
            if !sorts.contains(&sort) && sorts.len() < MOST {
                sorts.push(sort);
            }
        }
        let what = self::category(text(place, category).unwrap_or_default(), language);
        let sorts = sorts.join(say!(language, "、", ", ").as_str());
        sheet.add(match (sorts.is_empty(), language) {
            (true, Language::Ja) => format!("見つかったデータ: {what}、{much}"),
            (true, Language::En) => format!("Data found: {what}, {much}"),
            (false, Language::Ja) => format!("見つかったデータ: {what} ({sorts})、{much}"),
            (false, Language::En) => format!("Data found: {what} ({sorts}), {much}"),
        });
    }
    let own = match sheet.finding.source {
        Source::Asff => classified(detail, "/CustomDataIdentifiers/TotalCount").and_then(Value::as_u64),
        _ => count(detail, "/classificationDetails/result/customDataIdentifiers/totalCount"),
    };
    if let Some(own) = own.filter(|count| *count > 0) {
        let much = about(own, language);
        sheet.add(say!(
            language,
            "組織で決めた形 (カスタムデータ識別子) に合うもの: {much}",
            "Matches of forms that the organisation itself defined (custom data identifiers): {much}"
        ));
    }
}

/// In ASFF the result stands at the resource that holds the data.
fn classified<'v>(detail: &'v Value, below: &str) -> Option<&'v Value> {
    list(detail, "/Resources")
        .take(MOST)
        .find_map(|resource| resource.pointer("/DataClassification/Result")?.pointer(below))
}

fn category(word: &str, language: Language) -> String {
    match word {
        "PERSONAL_INFORMATION" | "Personal" => say!(language, "個人の情報", "personal data"),
        "FINANCIAL_INFORMATION" | "Financial" => say!(language, "金融の情報", "financial data"),
        "CREDENTIALS" | "Credentials" | "Security" => say!(language, "認証情報", "credentials"),
        _ => say!(language, "機密データ", "sensitive data"),
    }
}

fn sort(kind: &str, language: Language) -> Option<&'static str> {
    let known = || SORTS.iter().find(|(part, ..)| kind.contains(part)).map(|(_, ja, en)| (*ja, *en));
    let (ja, en) = if kind == "NAME" { ("氏名", "names") } else { known()? };
    Some(match language {
        Language::Ja => ja,
        Language::En => en,
    })
}

/// What the object is, and whether anyone can read it.
fn object(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    let field = |name: &str| detail.get("ProductFields").and_then(|fields| fields.get(name));
    let (ending, public) = match sheet.finding.source {
        Source::Asff => (
            field("S3Object.Extension").and_then(Value::as_str),
            field("S3Object.PublicAccess").and_then(|value| flag(value, "")),
        ),
        _ => (
            text(detail, "/resourcesAffected/s3Object/extension"),
            flag(detail, "/resourcesAffected/s3Object/publicAccess"),
        ),
    };
    if let Some(ending) = ending.and_then(|ending| ENDINGS.into_iter().find(|known| *known == ending)) {
        sheet.add(say!(language, "オブジェクトの拡張子は {ending}", "The object's name ends in {ending}"));
    }
    match public {
        Some(true) => sheet.add(say!(language, "オブジェクトは誰でも読める", "Anyone can read the object")),
        Some(false) => sheet.add(say!(language, "オブジェクトは公開ではない", "The object is not public")),
        None => {}
    }
}

/// Whether anyone can get at the bucket, and by what.
fn openness(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let detail = &sheet.finding.detail;
    let access = detail.pointer("/resourcesAffected/s3Bucket/publicAccess").unwrap_or(&Value::Null);
    let word = match sheet.finding.source {
        Source::Asff => {
            detail.get("ProductFields").and_then(|fields| text(fields.get("S3Bucket.effectivePermission")?, ""))
        }
        Source::Ocsf => {
            flag(detail, "/databucket/is_public").map(|public| if public { "PUBLIC" } else { "NOT_PUBLIC" })
        }
        _ => text(access, "/effectivePermission"),
    };
    match word {
        Some("PUBLIC") => sheet.add(say!(
            language,
            "Macie の判定ではバケットは公開 (設定を合わせた結果)",
            "As Macie works it out, the bucket is public (all its settings together)"
        )),
        Some("NOT_PUBLIC") => sheet.add(say!(
            language,
            "Macie の判定ではバケットは公開ではない",
            "As Macie works it out, the bucket is not public"
        )),
        _ => {}
    }
    let bucket = access.pointer("/permissionConfiguration/bucketLevelPermissions").unwrap_or(&Value::Null);
    for (place, ja, en) in [("bucketPolicy", "バケットポリシー", "bucket policy"), ("accessControlList", "ACL", "ACL")]
    {
        let allows = |what: &str| flag(bucket, &format!("/{place}/allowsPublic{what}Access")) == Some(true);
        match (allows("Read"), allows("Write")) {
            (true, true) => sheet.add(say!(
                language,
                "{ja}が、誰でも読むことと書くことを許している",
                "The {en} lets anyone read and write"
            )),
            (true, false) => {
                sheet.add(say!(language, "{ja}が、誰でも読むことを許している", "The {en} lets anyone read"))
            }
            (false, true) => {
                sheet.add(say!(language, "{ja}が、誰でも書くことを許している", "The {en} lets anyone write"))
            }
            (false, false) => {}
        }
    }
    let account = access.pointer("/permissionConfiguration/accountLevelPermissions").unwrap_or(&Value::Null);
    for (place, ja, en) in [(bucket, "バケット", "bucket"), (account, "アカウント", "account")] {
        let Some(settings) = place.get("blockPublicAccess").and_then(Value::as_object) else { continue };
        let on = settings.values().filter(|value| flag(value, "") == Some(true)).count();
        sheet.add(match on {
            0 => say!(
                language,
                "{ja}のブロックパブリックアクセスは 4 つとも無効",
                "All four Block Public Access settings of the {en} are off"
            ),
            4 => say!(
                language,
                "{ja}のブロックパブリックアクセスは 4 つとも有効",
                "All four Block Public Access settings of the {en} are on"
            ),
            _ => say!(
                language,
                "{ja}のブロックパブリックアクセスは一部だけ有効",
                "Some of the four Block Public Access settings of the {en} are on"
            ),
        });
    }
}

/// Who changed the settings, and from where; only Macie's own event tells.
fn actor(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let Some(policy) = sheet.finding.detail.get("policyDetails") else { return };
    let api = text(policy, "/action/apiCallDetails/api").filter(|api| safe::is_api(api));
    let service = text(policy, "/action/apiCallDetails/apiServiceName")
        .and_then(|name| name.strip_suffix(".amazonaws.com"))
        .filter(|name| safe::is_service(name));
    if let (Some(api), Some(service)) = (api, service) {
        sheet.add(say!(
            language,
            "設定を変えた操作: {service} の {api}",
            "The operation that changed the settings: {api} of {service}"
        ));
    }
    let who = policy.pointer("/actor/userIdentity").unwrap_or(&Value::Null);
    let role = text(who, "/assumedRole/sessionContext/sessionIssuer/userName").filter(|name| safe::is_name(name));
    let user = text(who, "/iamUser/userName").filter(|name| safe::is_name(name));
    if let Some(role) = role {
        let name = sheet.name('P', "role", role);
        sheet.add(say!(language, "操作したのは IAM ロール {name}", "The IAM role {name} did it"));
    } else if let Some(user) = user {
        let name = sheet.name('P', "user", user);
        sheet.add(say!(language, "操作したのは IAM ユーザー {name}", "The IAM user {name} did it"));
    } else if who.get("root").is_some_and(Value::is_object) {
        sheet.add(say!(language, "操作したのはルートユーザー", "The root user did it"));
    }
    let address = policy.pointer("/actor/ipAddressDetails").unwrap_or(&Value::Null);
    let part = |pointer: &str| text(address, pointer).unwrap_or_default();
    remote::source(
        sheet,
        &json!({ "remoteIpDetails": {
            "ipAddressV4": part("/ipAddressV4"),
            "organization": { "asnOrg": part("/ipOwner/asnOrg") },
            "country": { "countryName": part("/ipCountry/name") },
        }}),
    );
}
