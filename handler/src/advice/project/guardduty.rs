//! What may be said of a GuardDuty finding, whichever way it came: as its own event, or by Security Hub.

use serde_json::Value;

use super::{MOST_RESOURCES, Sheet, headline, malware, remote, safe, sequence, tag, target, workload};
use crate::plain::Plain;

/// The most security groups and buckets that are named.
const MOST: usize = 3;

/// Gathers the facts of `resource` and `service`, both in GuardDuty's own shape.
pub(super) fn facts(sheet: &mut Sheet<'_>, resource: &Value, service: &Value) {
    let language = sheet.language;
    sheet.says_words = true;
    let kind = sheet.finding.main_type();
    let known = safe::is_finding_type(kind);
    sheet.add(if known {
        say!(language, "GuardDuty の検出タイプ {kind}", "GuardDuty finding type {kind}")
    } else {
        say!(language, "GuardDuty の検出タイプは読者に見える", "The reader sees the GuardDuty finding type")
    });
    sheet.headline = Some(headline::of(kind, known, language));
    if sheet.finding.sample {
        sheet.add(say!(
            language,
            "サンプルの検出結果 (動作を試すために作られたもの)",
            "A sample finding, made to try things out"
        ));
    }
    sheet.severity();
    sheet.times();
    access_key(sheet, resource);
    let production = instance(sheet, resource);
    session(sheet, resource);
    let production = production.or(buckets(sheet, resource));
    malware::facts(sheet, service, resource);
    workload::workload(sheet, resource);
    workload::process(sheet, service);
    action(sheet, service.get("action").unwrap_or(&Value::Null));
    if let Some(login) = service.pointer("/action/rdsLoginAttemptAction") {
        workload::login(sheet, resource, login);
    }
    if let Some(sequence) = service.pointer("/detection/sequence") {
        sequence::facts(sheet, sequence);
    }
    sheet.resources();
    let production = production.or(tagged(sheet));
    // Of credentials it says nothing: those that somebody else uses are a target, too.
    if resource.get("accessKeyDetails").is_none() {
        side(sheet, service);
    }
    sheet.production(production);
}

fn access_key(sheet: &mut Sheet<'_>, resource: &Value) {
    let language = sheet.language;
    let Some(key) = resource.get("accessKeyDetails") else { return };
    principal(sheet, text(key, "/userName").unwrap_or_default(), text(key, "/userType"));
    let what = say!(language, "使われた認証情報", "The credentials used");
    self::key(sheet, text(key, "/accessKeyId").unwrap_or_default(), &what);
}

/// Names the user or role that credentials belong to.
pub(super) fn principal(sheet: &mut Sheet<'_>, user: &str, kind: Option<&str>) {
    let language = sheet.language;
    if safe::is_name(user) {
        let (kind, what) = match kind {
            Some("AssumedRole" | "Role") => {
                ("role", say!(language, "認証情報の持ち主のロール", "The role that the credentials belong to"))
            }
            Some("IAMUser") => {
                ("user", say!(language, "認証情報の持ち主のユーザー", "The user that the credentials belong to"))
            }
            // The root user, federated users and others: no command for an IAM user fits them.
            _ => {
                ("principal_other", say!(language, "認証情報の持ち主", "The principal that the credentials belong to"))
            }
        };
        let name = sheet.name('P', kind, user);
        sheet.named(&what, &name, user);
    }
}

/// Names an access key, and says which of the two sorts it is.
pub(super) fn key(sheet: &mut Sheet<'_>, id: &str, what: &str) -> Option<String> {
    let language = sheet.language;
    if !safe::is_access_key(id) {
        return None;
    }
    let name;
    if id.starts_with("ASIA") {
        name = sheet.name('K', "key_temp", id);
        sheet.add(say!(
            language,
            "{what}は {name} (一時的な認証情報。キーの無効化では止まらない)",
            "{what} are {name} (temporary ones; deactivating a key does not stop them)"
        ));
    } else {
        name = sheet.name('K', "key_long", id);
        sheet.add(say!(
            language,
            "{what}は {name} (長期のアクセスキー。無効化できる)",
            "{what} are {name} (a long-term access key; it can be deactivated)"
        ));
    }
    Some(name)
}

/// The credentials of an instance carry its id as their session's name.
fn session(sheet: &mut Sheet<'_>, resource: &Value) {
    let language = sheet.language;
    let session = text(resource, "/accessKeyDetails/principalId").and_then(|id| id.split_once(':'));
    let Some((_, session)) = session else { return };
    let instance = sheet.identities.iter().find(|(_, it)| it.kind == "instance" && it.value.text() == session);
    if let Some(name) = instance.map(|(name, _)| name.to_owned()) {
        sheet.add(say!(
            language,
            "認証情報のセッション名はインスタンス {name} の ID と同じ (そのインスタンスに配られた認証情報の形)",
            "The session name of the credentials is the id of instance {name}, as it is for credentials given to that instance"
        ));
    }
}

fn instance(sheet: &mut Sheet<'_>, resource: &Value) -> Option<bool> {
    const STATES: [&str; 6] = ["pending", "running", "shutting-down", "terminated", "stopping", "stopped"];
    let language = sheet.language;
    let details = resource.get("instanceDetails")?;
    let id = text(details, "/instanceId").filter(|id| safe::is_instance(id))?;
    let name = sheet.name('R', "instance", id);
    let mut parts = vec![say!(language, "EC2 インスタンスは {name}", "The EC2 instance is {name}")];
    if let Some(state) = text(details, "/instanceState").filter(|state| STATES.contains(state)) {
        parts.push(say!(language, "状態 {state}", "state {state}"));
    }
    if let Some(time) = text(details, "/launchTime").and_then(|time| time.parse().ok()) {
        let ago = sheet.ago(time);
        parts.push(say!(language, "起動は{ago}", "launched {ago}"));
    }
    sheet.add(parts.join(say!(language, "、", ", ").as_str()));
    match details.get("iamInstanceProfile") {
        Some(Value::Null) => sheet.add(say!(language, "{name} に IAM ロールは付いていない", "{name} has no IAM role")),
        Some(_) => sheet.add(say!(language, "{name} に IAM ロールが付いている", "{name} has an IAM role")),
        None => {}
    }
    if let Some(interface) = details.pointer("/networkInterfaces/0") {
        let public = text(interface, "/publicIp").is_some_and(|ip| !ip.is_empty());
        sheet.add(if public {
            say!(language, "{name} のパブリック IP: あり", "{name} has a public IP address")
        } else {
            say!(language, "{name} のパブリック IP: なし (プライベートだけ)", "{name} has no public IP address")
        });
        for group in list(interface, "securityGroups").take(MOST) {
            if let Some(id) = text(group, "/groupId").filter(|id| safe::is_security_group(id)) {
                let group = sheet.name('G', "sg", id);
                sheet.add(say!(
                    language,
                    "{name} のセキュリティグループは {group}",
                    "The security group of {name} is {group}"
                ));
                sheet.hide(say!(language, "セキュリティグループの名前", "the security group's name"));
            }
        }
    }
    let tags = tags(details);
    if let Some((_, value)) = tags.iter().find(|(key, _)| key.text() == "Name") {
        let words = safe::words(value.text()).join(", ");
        if !words.is_empty() {
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
    for bucket in list(resource, "s3BucketDetails").take(MOST) {
        let Some(value) = text(bucket, "/name").filter(|name| safe::is_bucket(name)) else { continue };
        let name = sheet.name('R', "bucket", value);
        sheet.named(&say!(language, "対象の S3 バケット", "The S3 bucket affected"), &name, value);
        production = production.or(sheet.tags(&name, &tags(bucket)));
    }
    production
}

/// What was done: the one of GuardDuty's actions that the finding has.
fn action(sheet: &mut Sheet<'_>, action: &Value) {
    let language = sheet.language;
    if let Some(call) = action.get("awsApiCallAction") {
        api_call(sheet, call);
    }
    if let Some(connection) = action.get("networkConnectionAction") {
        network_connection(sheet, connection);
    }
    if let Some(probe) = action.pointer("/portProbeAction/portProbeDetails/0") {
        if let Some(port) = probe.pointer("/localPortDetails/port").and_then(Value::as_u64) {
            sheet.add(say!(language, "探られたポートは {port}", "The port probed is {port}"));
        }
        remote::source(sheet, probe);
    }
    if let Some(request) = action.get("dnsRequestAction") {
        sheet.add(match request.get("blocked").and_then(Value::as_bool) {
            Some(true) => say!(language, "DNS の問い合わせ。遮断された", "A DNS query; it was blocked"),
            _ => say!(language, "DNS の問い合わせ。遮断の記録はない", "A DNS query; nothing says it was blocked"),
        });
        sheet.hide(say!(language, "問い合わせ先のドメイン名", "the domain asked for"));
    }
    for name in ["kubernetesApiCallAction", "rdsLoginAttemptAction"] {
        if let Some(call) = action.get(name) {
            workload::kubernetes_call(sheet, call);
            remote::source(sheet, call);
            agent(sheet, call);
        }
    }
}

fn api_call(sheet: &mut Sheet<'_>, call: &Value) {
    const DENIED: [&str; 5] = [
        "AccessDenied",
        "AccessDeniedException",
        "Client.UnauthorizedOperation",
        "UnauthorizedOperation",
        "UnauthorizedAccess",
    ];
    let language = sheet.language;
    let service = text(call, "/serviceName").and_then(|name| name.strip_suffix(".amazonaws.com"));
    let api = text(call, "/api").filter(|api| safe::is_api(api));
    if let (Some(service), Some(api)) = (service.filter(|name| safe::is_service(name)), api) {
        sheet.add(match text(call, "/errorCode") {
            Some(code) if DENIED.contains(&code) => {
                say!(
                    language,
                    "呼ばれた操作: {service} の {api} (権限がなく拒否された)",
                    "The operation called: {api} of {service}; it was denied for want of permission"
                )
            }
            _ => say!(language, "呼ばれた操作: {service} の {api}", "The operation called: {api} of {service}"),
        });
    }
    remote::source(sheet, call);
    match call.pointer("/remoteAccountDetails/affiliated").and_then(Value::as_bool) {
        Some(true) => sheet.add(say!(
            language,
            "呼び出しは、同じ組織の別の AWS アカウントから",
            "The call came from another AWS account of the same organisation"
        )),
        Some(false) => sheet.add(say!(
            language,
            "呼び出しは、組織の外の AWS アカウントから",
            "The call came from an AWS account outside the organisation"
        )),
        None => {}
    }
    agent(sheet, call);
    let Some(affected) = call.get("affectedResources") else { return };
    if let Some(value) = text(affected, "/AWS::S3::Bucket").filter(|name| safe::is_bucket(name)) {
        let name = sheet.name('R', "bucket", value);
        sheet.named(&say!(language, "操作された S3 バケット", "The S3 bucket that was acted on"), &name, value);
    }
    if let Some(value) = text(affected, "/AWS::CloudTrail::Trail").filter(|name| safe::is_trail(name)) {
        let name = sheet.name('R', "trail", value);
        sheet.named(&say!(language, "操作された証跡", "The trail that was acted on"), &name, value);
    }
}

fn agent(sheet: &mut Sheet<'_>, call: &Value) {
    let language = sheet.language;
    if let Some(agent) = text(call, "/userAgent").filter(|agent| !agent.is_empty()) {
        let agent = remote::agent(agent, language);
        sheet.add(say!(
            language,
            "ユーザーエージェントは {agent} (自己申告)",
            "The user agent is {agent} (as it says itself)"
        ));
    }
}

fn network_connection(sheet: &mut Sheet<'_>, connection: &Value) {
    let language = sheet.language;
    let inbound = text(connection, "/connectionDirection") == Some("INBOUND");
    if inbound {
        remote::source(sheet, connection);
    } else {
        remote::destination(sheet, connection);
    }
    let side = if inbound { "/localPortDetails/port" } else { "/remotePortDetails/port" };
    let Some(port) = connection.pointer(side).and_then(Value::as_u64) else { return };
    let protocol = text(connection, "/protocol").filter(|name| ["TCP", "UDP", "ICMP"].contains(name)).unwrap_or("IP");
    let end = match connection.get("blocked").and_then(Value::as_bool) {
        Some(true) => say!(language, "遮断された", "it was blocked"),
        _ => say!(language, "遮断されていない", "it was not blocked"),
    };
    sheet.add(if inbound {
        say!(
            language,
            "通信: 外から中へ、{protocol}、こちらのポート {port}。{end}",
            "Traffic from outside, {protocol}, to our port {port}; {end}"
        )
    } else {
        say!(
            language,
            "通信: 中から外へ、{protocol}、相手のポート {port}。{end}",
            "Traffic to the outside, {protocol}, to the other side's port {port}; {end}"
        )
    });
}

/// Whether our resource attacks or is attacked.
fn side(sheet: &mut Sheet<'_>, service: &Value) {
    let language = sheet.language;
    match text(service, "/resourceRole") {
        Some("TARGET") => sheet.add(say!(
            language,
            "リソースロール TARGET: 攻撃を受けた側。侵入されたことを意味しない",
            "Resource role TARGET: it was attacked; that does not mean it was broken into"
        )),
        Some("ACTOR") => sheet.add(say!(
            language,
            "リソースロール ACTOR: こちらのリソースが攻撃する側にある",
            "Resource role ACTOR: our resource is the one that attacks"
        )),
        _ => {}
    }
}

/// What the resources' tags say, of those that have any.
fn tagged(sheet: &mut Sheet<'_>) -> Option<bool> {
    let finding = sheet.finding;
    let tagged = finding.resources.iter().filter(|resource| !resource.tags.is_empty()).take(MOST_RESOURCES);
    let mut production = None;
    for resource in tagged {
        let Some(target) = target::of(resource) else { continue };
        let name = sheet.name(target.letter, target.kind, target.value);
        production = production.or(sheet.tags(&name, &resource.tags));
    }
    production
}

fn tags(place: &Value) -> Vec<(Plain, Plain)> {
    let pair = |tag: &Value| Some((Plain::new(text(tag, "/key")?), Plain::new(text(tag, "/value")?)));
    list(place, "tags").take(tag::MOST).filter_map(pair).collect()
}

pub(super) fn list<'v>(value: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

pub(super) fn text<'v>(value: &'v Value, pointer: &str) -> Option<&'v str> {
    value.pointer(pointer)?.as_str()
}
