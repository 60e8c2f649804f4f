//! What may be said of an attack sequence: the signals that GuardDuty tied together, who acted, from where, and on what.

use serde_json::{Value, json};

use super::guardduty::{list, text};
use super::{Sheet, guardduty, remote, safe};

/// The most actors and endpoints that are told of.
const MOST: usize = 3;
/// The most signals that are named.
const MOST_NAMES: usize = 8;
/// The most indicators and signals that are looked at; GuardDuty sends 100 of each.
const LOOK: usize = 100;

/// MITRE ATT&CK's tactics.
const TACTICS: [&str; 14] = [
    "Reconnaissance",
    "Resource Development",
    "Initial Access",
    "Execution",
    "Persistence",
    "Privilege Escalation",
    "Defense Evasion",
    "Credential Access",
    "Discovery",
    "Lateral Movement",
    "Collection",
    "Command and Control",
    "Exfiltration",
    "Impact",
];
/// What indicators mean, Japanese and English; those that carry their meaning in their values are read apart.
const INDICATORS: [(&str, &str, &str); 19] = [
    ("MALICIOUS_IP", "悪性と知られた IP アドレス", "an IP address known as malicious"),
    ("TOR_IP", "Tor の出口の IP アドレス", "an exit of Tor"),
    ("SUSPICIOUS_NETWORK", "不審なネットワーク", "a suspicious network"),
    ("UNUSUAL_ASN_FOR_ACCOUNT", "このアカウントで見ない事業者", "a provider unusual for the account"),
    ("UNUSUAL_ASN_FOR_USER", "この利用者で見ない事業者", "a provider unusual for the user"),
    ("UNUSUAL_API_FOR_ACCOUNT", "このアカウントで見ない操作", "operations unusual for the account"),
    ("SUSPICIOUS_USER_AGENT", "不審なユーザーエージェント", "a suspicious user agent"),
    ("SUSPICIOUS_PROCESS", "不審なプロセス", "a suspicious process"),
    ("MALICIOUS_PROCESS", "悪性のプロセス", "a malicious process"),
    ("MALICIOUS_DOMAIN", "悪性のドメイン", "a malicious domain"),
    ("MALICIOUS_FILE", "悪性のファイル", "a malicious file"),
    ("MALICIOUS_PACKAGE", "悪性のパッケージ", "a malicious package"),
    ("CRYPTOMINING_IP", "採掘に使われる IP アドレス", "an IP address used in mining"),
    ("CRYPTOMINING_DOMAIN", "採掘に使われるドメイン", "a domain used in mining"),
    ("CRYPTOMINING_PROCESS", "採掘のプロセス", "a mining process"),
    ("VULNERABILITY", "脆弱性", "a vulnerability"),
    ("MISCONFIGURATION", "設定の不備", "a misconfiguration"),
    ("REACHABILITY", "外から届くこと", "reachability from outside"),
    ("SENSITIVE_DATA", "機密データ", "sensitive data"),
];

/// Gathers the facts of a sequence.
pub(super) fn facts(sheet: &mut Sheet<'_>, sequence: &Value) {
    let language = sheet.language;
    let signals = list(sequence, "signals").count();
    sheet.add(match signals {
        0..=9 => say!(
            language,
            "攻撃シーケンス: 数個のシグナルが、1 つの攻撃の流れとして結び付けられた",
            "An attack sequence: a few signals were tied together as one attack"
        ),
        _ => say!(
            language,
            "攻撃シーケンス: 10 個以上のシグナルが、1 つの攻撃の流れとして結び付けられた",
            "An attack sequence: 10 signals or more were tied together as one attack"
        ),
    });
    self::signals(sheet, sequence);
    indicators(sheet, sequence);
    list(sequence, "actors").take(MOST).for_each(|actor| self::actor(sheet, actor));
    list(sequence, "endpoints").take(MOST).for_each(|endpoint| self::endpoint(sheet, endpoint));
    sheet.resources();
    buckets(sheet, sequence);
    sheet.hide(say!(
        language,
        "それぞれのシグナルの時刻と説明、プロセスの名前とパス",
        "the time and description of each signal, names and paths of processes"
    ));
}

/// The signals by their names, each once: finding types, and operations.
fn signals(sheet: &mut Sheet<'_>, sequence: &Value) {
    let language = sheet.language;
    let names = |fits: fn(&str) -> bool| {
        let mut names: Vec<&str> = Vec::new();
        for name in
            list(sequence, "signals").take(LOOK).filter_map(|signal| text(signal, "/name")).filter(|name| fits(name))
        {
            if names.len() < MOST_NAMES && !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    };
    let types = names(safe::is_finding_type);
    if !types.is_empty() {
        sheet.add(say!(
            language,
            "結び付けられた GuardDuty の検出タイプ: {types}",
            "GuardDuty finding types in the sequence: {types}"
        ));
    }
    let operations = names(safe::is_api);
    if !operations.is_empty() {
        sheet.add(say!(language, "結び付けられた操作: {operations}", "Operations in the sequence: {operations}"));
    }
}

fn indicators(sheet: &mut Sheet<'_>, sequence: &Value) {
    let language = sheet.language;
    let all = || list(sequence, "sequenceIndicators").take(LOOK);
    let of = |key: &'static str| all().filter(move |indicator| text(indicator, "/key") == Some(key));
    let values = |key| of(key).flat_map(|one| list(one, "values")).filter_map(Value::as_str);
    let tactics: Vec<&str> =
        TACTICS.into_iter().filter(|tactic| values("ATTACK_TACTIC").any(|value| value == *tactic)).collect();
    if !tactics.is_empty() {
        let tactics = tactics.join(", ");
        sheet.add(say!(
            language,
            "攻撃の段階 (MITRE ATT&CK): {tactics}",
            "Stages of the attack (MITRE ATT&CK): {tactics}"
        ));
    }
    let mut operations: Vec<&str> = Vec::new();
    for value in values("HIGH_RISK_API").map(|value| value.rsplit(':').next().unwrap_or(value)) {
        if safe::is_api(value) && operations.len() < MOST_NAMES && !operations.contains(&value) {
            operations.push(value);
        }
    }
    if !operations.is_empty() {
        let operations = operations.join(", ");
        sheet.add(say!(language, "危険の大きい操作: {operations}", "High-risk operations: {operations}"));
    }
    let known = INDICATORS.into_iter().filter(|(key, ..)| of(key).next().is_some());
    let words: Vec<&str> =
        known.map(|(_, ja, en)| if language == crate::finding::Language::Ja { ja } else { en }).collect();
    if !words.is_empty() {
        let words = words.join(say!(language, "、", ", ").as_str());
        sheet.add(say!(language, "不審な点: {words}", "What makes it suspicious: {words}"));
    }
}

/// Who acted: a user or role with its credentials, or a process.
fn actor(sheet: &mut Sheet<'_>, actor: &Value) {
    let language = sheet.language;
    let user = actor.get("user").unwrap_or(&Value::Null);
    guardduty::principal(sheet, text(user, "/name").unwrap_or_default(), text(user, "/type"));
    let what = say!(language, "使われた認証情報", "The credentials used");
    guardduty::key(sheet, text(user, "/credentialUid").unwrap_or_default(), &what);
    let account = text(user, "/account/uid").filter(|account| safe::is_account(account));
    if let Some(account) = account.filter(|account| *account != sheet.finding.account.text()) {
        let name = sheet.name('A', "account", account);
        sheet.add(say!(
            language,
            "操作した主体は、別のアカウント {name} のもの",
            "Who acted belongs to another account, {name}"
        ));
    }
    match text(actor, "/session/mfaStatus") {
        Some("ENABLED") => sheet.add(say!(
            language,
            "このセッションでは多要素認証 (MFA) が使われた",
            "Multi-factor authentication (MFA) was used for this session"
        )),
        Some("DISABLED") => sheet.add(say!(
            language,
            "このセッションでは多要素認証 (MFA) は使われていない",
            "Multi-factor authentication (MFA) was not used for this session"
        )),
        _ => {}
    }
    if let Some(hash) = text(actor, "/process/sha256").filter(|hash| safe::is_hash(hash)) {
        let name = sheet.name('H', "hash", hash);
        sheet.add(say!(
            language,
            "関わったプロセスの実行ファイルの SHA-256 は {name}",
            "The SHA-256 of a program that took part is {name}"
        ));
    }
}

/// The other side, in the shape in which GuardDuty's actions tell it.
fn endpoint(sheet: &mut Sheet<'_>, endpoint: &Value) {
    let language = sheet.language;
    let place = json!({ "remoteIpDetails": {
        "ipAddressV4": endpoint.get("ip"),
        "country": { "countryName": endpoint.pointer("/location/country") },
        "organization": { "asnOrg": endpoint.pointer("/autonomousSystem/name") },
    }});
    if text(endpoint, "/connection/direction") == Some("OUTBOUND") {
        remote::destination(sheet, &place);
    } else {
        remote::source(sheet, &place);
    }
    if text(endpoint, "/domain").is_some_and(|domain| !domain.is_empty()) {
        sheet.hide(say!(language, "相手のドメイン名", "the other side's domain"));
    }
}

/// Whether a bucket in the sequence was open to everyone anyway.
fn buckets(sheet: &mut Sheet<'_>, sequence: &Value) {
    let language = sheet.language;
    for resource in list(sequence, "resources").take(LOOK) {
        let says = |field: &str| text(resource, &format!("/data/s3Bucket/{field}"));
        let (read, write) = (says("publicReadAccess"), says("publicWriteAccess"));
        let id = text(resource, "/uid").or(text(resource, "/name")).unwrap_or_default();
        let bucket = id.rsplit(':').next().unwrap_or(id);
        let known = sheet.identities.iter().find(|(_, it)| it.kind == "bucket" && it.value.text() == bucket);
        let Some(name) = known.map(|(name, _)| name.to_owned()) else { continue };
        let open = match (read, write) {
            (_, Some("ALLOWED")) => {
                say!(language, "{name} には誰でも書き込める設定がある", "Settings let anyone write to {name}")
            }
            (Some("ALLOWED"), _) => {
                say!(language, "{name} は誰でも読める設定がある", "Settings let anyone read {name}")
            }
            (Some("BLOCKED"), Some("BLOCKED")) => {
                say!(language, "{name} の公開は塞がれている", "Public access to {name} is blocked")
            }
            _ => continue,
        };
        sheet.add(open);
    }
}
