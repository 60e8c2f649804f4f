//! What may be said of a finding in OCSF: what the product's own event would say, as far as the fields are at hand; and
//! exposures, which only Security Hub V2 has.

use serde_json::{Map, Value, json};

use super::look::{count, list, text};
use super::{Sheet, access_analyzer, asff, guardduty, inspector, macie, safe, tag};
use crate::finding::Language;

/// Findings that make up an exposure; more are not looked at.
const MOST_SIGNALS: usize = 50;

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let finding = sheet.finding;
    let kind = finding.main_type();
    match safe::aws_product(finding) {
        Some("guardduty") => {
            let (resource, service) = native(&finding.detail);
            guardduty::facts(sheet, &resource, &service);
        }
        Some("inspector") => inspector::facts(sheet),
        Some("macie") => macie::facts(sheet),
        Some("access-analyzer") => access_analyzer::facts(sheet),
        Some("securityhub" | "securityhub-risk") if kind.starts_with("exposure/") => exposure(sheet),
        Some("securityhub") if kind.starts_with("security-control/") => asff::facts(sheet),
        _ => {
            class(sheet);
            asff::imported(sheet);
        }
    }
}

/// What another product calls it, by the framework's own classes.
fn class(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let class = match count(&sheet.finding.detail, "/class_uid") {
        Some(2002) => say!(language, "脆弱性", "a vulnerability"),
        Some(2003) => say!(language, "設定の検査", "a check of settings"),
        Some(2004) => say!(language, "脅威の検出", "a detected threat"),
        Some(2005) => say!(language, "インシデント", "an incident"),
        Some(2006) => say!(language, "データの保護", "protection of data"),
        Some(2007) => say!(language, "アプリケーションの状態", "an application's posture"),
        _ => return,
    };
    sheet.add(say!(language, "OCSF のクラスでは{class}にあたる", "Its OCSF class is {class}"));
}

/// GuardDuty's own `resource` and `service`, of what Security Hub V2 passes on.
fn native(detail: &Value) -> (Value, Value) {
    let mut resource = Map::new();
    for place in list(detail, "/resources").take(super::MOST_RESOURCES) {
        let id = text(place, "/uid").unwrap_or_default();
        let last = id.rsplit(['/', ':']).next().unwrap_or_default();
        match text(place, "/type") {
            Some("AWS::IAM::AccessKey") => {
                let user = list(detail, "/evidences").find_map(|evidence| evidence.pointer("/actor/user"));
                let part = |pointer: &str| user.and_then(|user| text(user, pointer)).unwrap_or_default();
                let key = json!({
                    "accessKeyId": last,
                    "principalId": part("/uid"),
                    "userType": part("/type"),
                    "userName": part("/name"),
                });
                resource.entry("accessKeyDetails").or_insert(key);
            }
            Some("AWS::EC2::Instance") => {
                let instance = json!({ "instanceId": last, "tags": tags(place) });
                resource.entry("instanceDetails").or_insert(instance);
            }
            Some("AWS::S3::Bucket") => {
                let buckets = resource.entry("s3BucketDetails").or_insert_with(|| json!([]));
                if let Some(buckets) = buckets.as_array_mut() {
                    buckets.push(json!({ "name": last, "tags": tags(place) }));
                }
            }
            _ => {}
        }
    }
    (Value::Object(resource), service(detail))
}

/// The call that was made; other actions have no such fields.
fn service(detail: &Value) -> Value {
    let Some(evidence) = list(detail, "/evidences").find(|evidence| evidence.get("api").is_some()) else {
        return Value::Null;
    };
    let part = |pointer: &str| text(evidence, pointer).unwrap_or_default();
    json!({ "action": { "awsApiCallAction": {
        "api": part("/api/operation"),
        "serviceName": part("/api/service/name"),
        "remoteIpDetails": {
            "ipAddressV4": part("/src_endpoint/ip"),
            "country": { "countryName": part("/src_endpoint/location/country") },
            "organization": { "asnOrg": part("/src_endpoint/autonomous_system/name") },
        },
    }}})
}

fn tags(place: &Value) -> Value {
    let pair = |tag: &Value| Some(json!({ "key": text(tag, "/name")?, "value": text(tag, "/value")? }));
    list(place, "/tags").take(tag::MOST).filter_map(pair).collect()
}

/// An exposure: settings, reachability, weaknesses and data that are harmless apart and not together.
fn exposure(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    sheet.add(say!(
        language,
        "Security Hub の露出の検出結果 (いくつかの弱点が重なった状態。攻撃の検出ではない)",
        "An exposure finding of Security Hub (several weaknesses that meet in one resource, no detected attack)"
    ));
    sheet.headline = Some(say!(
        language,
        "弱点の重なったリソースがあります (露出)",
        "several weaknesses meet in one resource (an exposure)"
    ));
    for (trait_name, ja, en) in [
        ("Reachability", "到達可能性", "Reachability"),
        ("Vulnerability", "脆弱性", "Vulnerability"),
        ("Misconfiguration", "設定ミス", "Misconfiguration"),
        ("Sensitive Data", "機密データ", "Sensitive data"),
        ("Assumability", "権限の引き受けやすさ", "Assumability"),
    ] {
        if let Some(values) = traits(&sheet.finding.detail, trait_name, language) {
            sheet.add(say!(language, "{ja}: {values}", "{en}: {values}"));
        }
    }
    let signals = list(&sheet.finding.detail, "/finding_info/related_events").count();
    if signals > 0 {
        sheet.add(match signals {
            1 => say!(language, "もとになった検出結果は 1 件", "It rests on 1 finding"),
            2..=9 => say!(language, "もとになった検出結果は数件", "It rests on a few findings"),
            _ => say!(language, "もとになった検出結果は 10 件以上", "It rests on 10 findings or more"),
        });
        sheet.hide(say!(language, "もとになった検出結果の件名", "the titles of the findings that it rests on"));
    }
    sheet.severity();
    sheet.times();
    sheet.resources();
    let production = sheet.resource_tags();
    sheet.production(production);
}

/// What the signals say of one trait: known values in our words, and whether there are others.
fn traits(detail: &Value, trait_name: &str, language: Language) -> Option<String> {
    const KNOWN: [(&str, &str, &str); 9] = [
        ("Publicly Invocable", "誰でも呼び出せる", "anyone can invoke it"),
        ("Publicly Accessible", "外部からアクセスできる", "it can be accessed publicly"),
        ("Internet Reachable", "インターネットから届く", "it can be reached from the internet"),
        ("Exploit Available", "悪用コードが知られている", "an exploit is known"),
        ("EPSS Level >= High", "悪用される見込みが高い", "it is likely to be exploited"),
        ("Attack Vector Network", "ネットワーク越しに攻撃できる", "it can be attacked over the network"),
        ("No Privileges Required", "認証は要らない", "no privileges are needed"),
        ("No User Interaction Required", "利用者の操作は要らない", "no user's help is needed"),
        ("Deployed outside VPC", "VPC の外にある", "it is outside a VPC"),
    ];
    let values: Vec<&str> = list(detail, "/finding_info/related_events")
        .take(MOST_SIGNALS)
        .flat_map(|event| list(event, "/tags"))
        .filter(|tag| text(tag, "/name") == Some(trait_name))
        .flat_map(|tag| list(tag, "/values").filter_map(Value::as_str))
        // It says no more than that there is a vulnerability.
        .filter(|value| *value != "Vulnerable")
        .collect();
    if values.is_empty() {
        return None;
    }
    let mut told: Vec<&str> = KNOWN
        .iter()
        .filter(|(known, ..)| values.contains(known))
        .map(|(_, ja, en)| match language {
            Language::Ja => *ja,
            Language::En => *en,
        })
        .collect();
    if values.iter().any(|value| KNOWN.iter().all(|(known, ..)| known != value)) {
        told.push(match language {
            Language::Ja => "ほか (読者に見える)",
            Language::En => "others that the reader sees",
        });
    }
    Some(told.join(say!(language, "、", ", ").as_str()))
}
