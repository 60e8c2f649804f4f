//! What may be said of a native GuardDuty finding.

use serde_json::Value;

use super::{Sheet, safe};
use crate::plain::Plain;

/// Gathers the facts.
pub(super) fn facts(sheet: &mut Sheet<'_>) {
    let language = sheet.language;
    let kind = sheet.finding.main_type();
    let known = safe::is_finding_type(kind);
    sheet.add(if known {
        say!(language, "GuardDuty の検出タイプ {kind}", "GuardDuty finding type {kind}")
    } else {
        say!(language, "GuardDuty の検出タイプは読者に見える", "The reader sees the GuardDuty finding type")
    });
    sheet.headline = Some(headline(kind, known, sheet));
    sheet.severity();
    sheet.times();
    let detail = std::sync::Arc::clone(&sheet.finding.detail);
    let resource = detail.get("resource").unwrap_or(&Value::Null);
    let service = detail.get("service").unwrap_or(&Value::Null);
    let mut production = None;
    access_key(sheet, resource);
    production = production.or(instance(sheet, resource));
    production = production.or(buckets(sheet, resource));
    action(sheet, service.get("action").unwrap_or(&Value::Null));
    sheet.resources();
    if let Some(role) = string(service, "/resourceRole").filter(|_| resource.get("accessKeyDetails").is_none()) {
        match role {
            "TARGET" => sheet.add(say!(
                language,
                "リソースロール TARGET: 攻撃を受けた側。侵入されたことを意味しない",
                "Resource role TARGET: it was attacked; that does not mean it was broken into"
            )),
            "ACTOR" => sheet.add(say!(
                language,
                "リソースロール ACTOR: こちらのリソースが攻撃する側にある",
                "Resource role ACTOR: our resource is the one that attacks"
            )),
            _ => {}
        }
    }
    sheet.production(production);
}

/// Our own sentence for the types that people meet most; else the type itself speaks.
fn headline(kind: &str, known: bool, sheet: &Sheet<'_>) -> String {
    let language = sheet.language;
    if kind.contains("InstanceCredentialExfiltration.OutsideAWS") {
        say!(
            language,
            "EC2 ロールの認証情報が AWS の外から使われました",
            "credentials of an EC2 role were used from outside AWS"
        )
    } else if kind.contains("InstanceCredentialExfiltration") {
        say!(
            language,
            "EC2 ロールの認証情報が別のアカウントから使われました",
            "credentials of an EC2 role were used from another account"
        )
    } else if kind.contains(":IAMUser/") {
        say!(language, "認証情報が普段と違う使われ方をしました", "credentials were used in an unusual way")
    } else if kind.contains("BruteForce") {
        say!(language, "インスタンスが総当たり攻撃を受けています", "an instance is under a brute-force attack")
    } else if known {
        say!(language, "{kind} が検出されました", "{kind} was detected")
    } else {
        say!(language, "脅威が検出されました", "a threat was detected")
    }
}

fn access_key(sheet: &mut Sheet<'_>, resource: &Value) {
    let language = sheet.language;
    let Some(key) = resource.get("accessKeyDetails") else { return };
    let user = string(key, "/userName").unwrap_or_default();
    let role = matches!(string(key, "/userType"), Some("AssumedRole" | "Role"));
    if safe::is_name(user) {
        let kind = if role { "role" } else { "user" };
        let name = sheet.name('P', kind, user);
        let what = if role {
            say!(language, "認証情報の持ち主のロール", "The role that the credentials belong to")
        } else {
            say!(language, "認証情報の持ち主のユーザー", "The user that the credentials belong to")
        };
        sheet.named(what, &name, user);
    }
    let Some(id) = string(key, "/accessKeyId").filter(|id| safe::is_access_key(id)) else { return };
    if id.starts_with("ASIA") {
        let name = sheet.name('K', "key_temp", id);
        sheet.add(say!(
            language,
            "使われた認証情報は {name} (ロールの一時的な認証情報)",
            "The credentials used are {name} (temporary ones of a role)"
        ));
    } else {
        let name = sheet.name('K', "key_long", id);
        sheet.add(say!(
            language,
            "使われた認証情報は {name} (長期のアクセスキー)",
            "The credentials used are {name} (a long-term access key)"
        ));
    }
}

fn instance(sheet: &mut Sheet<'_>, resource: &Value) -> Option<bool> {
    let language = sheet.language;
    let details = resource.get("instanceDetails")?;
    let id = string(details, "/instanceId").filter(|id| safe::is_instance(id))?;
    let name = sheet.name('R', "instance", id);
    let launched = string(details, "/launchTime").and_then(|time| time.parse().ok());
    sheet.add(match launched {
        Some(time) => {
            let ago = sheet.ago(time);
            say!(language, "EC2 インスタンスは {name}、起動は{ago}", "The EC2 instance is {name}, launched {ago}")
        }
        None => say!(language, "EC2 インスタンスは {name}", "The EC2 instance is {name}"),
    });
    if let Some(interface) = details.pointer("/networkInterfaces/0") {
        let public = string(interface, "/publicIp").is_some_and(|ip| !ip.is_empty());
        sheet.add(if public {
            say!(language, "{name} のパブリック IP: あり", "{name} has a public IP address")
        } else {
            say!(language, "{name} のパブリック IP: なし (プライベートだけ)", "{name} has no public IP address")
        });
        for group in interface.get("securityGroups").and_then(Value::as_array).into_iter().flatten().take(3) {
            if let Some(id) = string(group, "/groupId").filter(|id| safe::is_security_group(id)) {
                let group = sheet.name('G', "sg", id);
                sheet.add(say!(
                    language,
                    "{name} のセキュリティグループは {group}",
                    "The security group of {name} is {group}"
                ));
            }
        }
    }
    let tags = tags(details);
    if let Some((_, value)) = tags.iter().find(|(key, _)| key.text() == "Name") {
        let words = safe::words(value.text());
        if !words.is_empty() {
            let words = words.join(", ");
            sheet.add(say!(
                language,
                "{name} の Name タグに含まれる語: {words}",
                "Words in the Name tag of {name}: {words}"
            ));
        }
    }
    sheet.tags(&name, &tags)
}

fn buckets(sheet: &mut Sheet<'_>, resource: &Value) -> Option<bool> {
    let language = sheet.language;
    let mut production = None;
    for bucket in resource.get("s3BucketDetails").and_then(Value::as_array).into_iter().flatten().take(3) {
        let Some(value) = string(bucket, "/name").filter(|name| safe::is_bucket(name)) else { continue };
        let name = sheet.name('R', "bucket", value);
        sheet.named(say!(language, "対象の S3 バケット", "The S3 bucket affected"), &name, value);
        production = production.or(sheet.tags(&name, &tags(bucket)));
    }
    production
}

fn action(sheet: &mut Sheet<'_>, action: &Value) {
    let language = sheet.language;
    if let Some(call) = action.get("awsApiCallAction") {
        let service = string(call, "/serviceName").and_then(|name| name.strip_suffix(".amazonaws.com"));
        let api = string(call, "/api").filter(|api| safe::is_api(api));
        if let (Some(service), Some(api)) = (service.filter(|name| safe::is_service(name)), api) {
            sheet.add(say!(language, "呼ばれた操作: {service} の {api}", "The operation called: {api} of {service}"));
        }
        remote(sheet, call, &say!(language, "接続元", "The source"));
        if let Some(agent) = string(call, "/userAgent").filter(|agent| !agent.is_empty()) {
            let agent = safe::agent(agent, language);
            sheet.add(say!(
                language,
                "ユーザーエージェントは {agent} (自己申告)",
                "The user agent is {agent} (as it says itself)"
            ));
        }
        let affected = call.get("affectedResources");
        if let Some(value) =
            affected.and_then(|all| string(all, "/AWS::S3::Bucket")).filter(|name| safe::is_bucket(name))
        {
            let name = sheet.name('R', "bucket", value);
            sheet.named(say!(language, "操作された S3 バケット", "The S3 bucket that was acted on"), &name, value);
        }
    }
    if let Some(connection) = action.get("networkConnectionAction") {
        let inbound = string(connection, "/connectionDirection") == Some("INBOUND");
        let who = if inbound {
            say!(language, "接続元", "The source")
        } else {
            say!(language, "接続先", "The destination")
        };
        remote(sheet, connection, &who);
        let side = if inbound { "/localPortDetails/port" } else { "/remotePortDetails/port" };
        if let Some(port) = connection.pointer(side).and_then(Value::as_u64) {
            let blocked = connection.get("blocked").and_then(Value::as_bool).unwrap_or(false);
            sheet.add(match (inbound, blocked) {
                (true, true) => say!(
                    language,
                    "外から中へのポート {port} への通信。遮断された",
                    "Traffic from outside to port {port}; it was blocked"
                ),
                (true, false) => say!(
                    language,
                    "外から中へのポート {port} への通信。遮断されていない",
                    "Traffic from outside to port {port}; it was not blocked"
                ),
                (false, true) => say!(
                    language,
                    "中から外のポート {port} への通信。遮断された",
                    "Traffic from inside to the other side's port {port}; it was blocked"
                ),
                (false, false) => say!(
                    language,
                    "中から外のポート {port} への通信。遮断されていない",
                    "Traffic from inside to the other side's port {port}; it was not blocked"
                ),
            });
        }
    }
    if let Some(probe) = action.pointer("/portProbeAction/portProbeDetails/0") {
        remote(sheet, probe, &say!(language, "接続元", "The source"));
    }
}

/// The other side: its class of network and country, never its name.
fn remote(sheet: &mut Sheet<'_>, place: &Value, who: &str) {
    let language = sheet.language;
    let Some(details) = place.get("remoteIpDetails") else { return };
    let address = string(details, "/ipAddressV4").or_else(|| string(details, "/ipAddressV6")).unwrap_or_default();
    let Some(network) = safe::network(address, string(details, "/organization/asnOrg").unwrap_or_default(), language)
    else {
        return;
    };
    let name = sheet.name('N', "ip", address);
    let country = string(details, "/country/countryName").filter(|country| safe::is_country(country));
    sheet.add(match country {
        Some(country) => say!(language, "{who} {name}: {country}、{network}", "{who} {name}: {country}, {network}"),
        None => say!(language, "{who} {name}: {network}", "{who} {name}: {network}"),
    });
    sheet.hidden.push(say!(language, "相手の IP アドレスと事業者名", "the other side's address and provider"));
}

fn tags(place: &Value) -> Vec<(Plain, Plain)> {
    let list = place.get("tags").and_then(Value::as_array);
    let tag = |tag: &Value| Some((Plain::new(string(tag, "/key")?), Plain::new(string(tag, "/value")?)));
    list.into_iter().flatten().take(50).filter_map(tag).collect()
}

fn string<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    // A name with a slash in it is no path: the one such lookup here names a CloudFormation type, which has none.
    value.pointer(pointer)?.as_str()
}
