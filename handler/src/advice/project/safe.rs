//! Grammars and allow-lists: what of an event may stand in a fact in clear. All else is a pseudonym or stays hidden.

use std::net::IpAddr;
use std::sync::OnceLock;

use regex_lite::Regex;

use crate::finding::{Language, Resource};

/// Words that say what a thing is for, when they stand in its name.
const WORDS: &str = "ci cd deploy build runner jenkins github gitlab terraform legacy old new temp tmp batch job cron worker node \
    web api app site static assets public private internal admin root ops backup archive export exports import log logs audit \
    trail main org test dev stg staging prod production sandbox bastion jump vpn db data etl report reports payment payments \
    order orders checkout cart shop user users customer customers member auth login mail pdf csv image video converter";
const PRODUCTION: [&str; 3] = ["prod", "prd", "production"];

/// Declares a grammar: a function that says whether a text has a form.
macro_rules! grammar {
    ($($(#[$doc:meta])* $name:ident = $pattern:literal;)*) => {
        $($(#[$doc])* pub(super) fn $name(text: &str) -> bool {
            static SHAPE: OnceLock<Option<Regex>> = OnceLock::new();
            SHAPE.get_or_init(|| Regex::new($pattern).ok()).as_ref().is_some_and(|shape| shape.is_match(text))
        })*
    };
}

grammar! {
    /// An account id.
    is_account = r"^\d{12}$";
    /// A Region's name.
    is_region = r"^[a-z]{2,4}(?:-[a-z]{3,9}){1,3}-\d{1,2}$";
    /// An EC2 instance id.
    is_instance = r"^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$";
    /// A security group id.
    is_security_group = r"^sg-(?:[0-9a-f]{8}|[0-9a-f]{17})$";
    /// A bucket's name.
    is_bucket = r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$";
    /// An access key id.
    is_access_key = r"^A[KS]IA[A-Z0-9]{8,124}$";
    /// A name of an IAM user or role.
    is_name = r"^[\w+=,.@-]{1,128}$";
    /// An API operation.
    is_api = r"^[A-Z][A-Za-z0-9]{2,60}$";
    /// A service's prefix.
    is_service = r"^[a-z][a-z0-9-]{1,30}$";
    /// A country's name as GuardDuty writes it.
    is_country = r"^[A-Z][A-Za-z .]{1,40}$";
    /// A GuardDuty finding type.
    is_finding_type = r"^[A-Z][A-Za-z]{2,30}:[A-Za-z0-9]{2,30}/[A-Z][A-Za-z0-9.!]{2,80}$";
    /// A Security Hub control id.
    is_control = r"^(?:[A-Z][A-Za-z0-9]{1,20}\.\d{1,3}|(?:[A-Z]{3}\.)?[A-Z][A-Za-z0-9]{1,20}\.\d{1,3}|\d{1,2}(?:\.\d{1,2}){1,2})$";
    /// An event's source of AWS.
    is_event_source = r"^aws\.[a-z0-9-]{1,40}$";
    /// An event's detail-type.
    is_detail_type = r"^[A-Za-z0-9 ._-]{1,64}$";
    is_owner_value = r"^[\w .@-]{1,64}$";
}

/// A product's name, when it is one of AWS's; an importer can call its product anything.
pub(super) fn product(name: &str) -> &'static str {
    ["GuardDuty", "Security Hub", "Inspector", "Macie", "IAM Access Analyzer", "Config", "Health"]
        .into_iter()
        .find(|known| *known == name)
        .unwrap_or("the product")
}

/// The known words in a name, sorted, each once.
pub(super) fn words(name: &str) -> Vec<String> {
    let lower = name.to_ascii_lowercase();
    let mut found: Vec<String> = lower
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty() && WORDS.split_ascii_whitespace().any(|known| known == *word))
        .map(str::to_owned)
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Whether a name has a word for production in it.
pub(super) fn names_production(name: &str) -> bool {
    name.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).any(|word| PRODUCTION.contains(&word))
        || name.contains("本番")
}

/// A tag whose key is known.
#[derive(Clone, Copy)]
pub(super) struct Tag {
    label: (&'static str, &'static str),
    value: Option<(&'static str, &'static str)>,
    environment: bool,
}

impl Tag {
    /// Its label.
    pub(super) fn label(self, language: Language) -> &'static str {
        of(self.label, language)
    }
    /// Its value, when that is known too.
    pub(super) fn value(self, language: Language) -> Option<&'static str> {
        self.value.map(|value| of(value, language))
    }
    /// Whether it says production; `None` for a tag that says nothing of it, or nothing that is known.
    pub(super) fn is_production(self) -> Option<bool> {
        let (_, en) = self.value.filter(|_| self.environment)?;
        Some(en == "production")
    }
}

fn of(pair: (&'static str, &'static str), language: Language) -> &'static str {
    match language {
        Language::Ja => pair.0,
        Language::En => pair.1,
    }
}

/// Reads a tag by known keys and known values.
pub(super) fn tag(key: &str, value: &str) -> Option<Tag> {
    const ENVIRONMENTS: [(&str, (&str, &str)); 12] = [
        ("prod", ("本番", "production")),
        ("production", ("本番", "production")),
        ("prd", ("本番", "production")),
        ("本番", ("本番", "production")),
        ("stg", ("ステージング", "staging")),
        ("staging", ("ステージング", "staging")),
        ("dev", ("開発", "development")),
        ("development", ("開発", "development")),
        ("開発", ("開発", "development")),
        ("test", ("テスト", "test")),
        ("sandbox", ("検証", "sandbox")),
        ("検証", ("検証", "sandbox")),
    ];
    const PURPOSES: [&str; 9] =
        ["static-site", "website", "public-download", "public", "internal", "backup", "logging", "batch", "bastion"];
    const DATA: [&str; 6] = ["public", "internal", "confidential", "restricted", "pci", "personal"];
    let (key, value) = (key.to_lowercase(), value.to_lowercase());
    let plain = |known: &[&'static str]| known.iter().find(|known| **known == value).map(|known| (*known, *known));
    match key.as_str() {
        "env" | "environment" | "stage" | "環境" => Some(Tag {
            label: ("環境", "environment"),
            value: ENVIRONMENTS.iter().find(|(known, _)| *known == value).map(|(_, words)| *words),
            environment: true,
        }),
        "purpose" | "usage" | "用途" => {
            Some(Tag { label: ("用途", "purpose"), value: plain(&PURPOSES), environment: false })
        }
        "data-classification" | "dataclassification" | "classification" | "データ区分" => {
            Some(Tag { label: ("データ区分", "data classification"), value: plain(&DATA), environment: false })
        }
        _ => None,
    }
}

/// Whether a tag names an owner in a form that can be shown.
pub(super) fn is_owner(key: &str, value: &str) -> bool {
    let key = key.to_lowercase();
    ["owner", "team", "contact", "担当", "所有者"].contains(&key.as_str())
        && (is_owner_value(value)
            || (value.chars().count() <= 32 && value.chars().all(|c| c.is_alphanumeric() || c == ' ')))
}

/// What a resource is as a target: the pseudonym's letter, its kind and the value that commands take.
pub(super) fn target(resource: &Resource) -> Option<(char, &'static str, String)> {
    let id = resource.id.text();
    let last = id.rsplit(['/', ':']).next().unwrap_or_default();
    let of = |letter, kind, value: &str, fits: bool| fits.then(|| (letter, kind, value.to_owned()));
    let known = match resource.kind.text() {
        "AwsS3Bucket" | "S3Bucket" => of('R', "bucket", last, is_bucket(last)),
        "AwsEc2Instance" | "Instance" => of('R', "instance", last, is_instance(last)),
        "AwsEc2SecurityGroup" => of('G', "sg", last, is_security_group(last)),
        "AwsIamRole" => of('P', "role", last, is_name(last)),
        "AwsIamUser" => of('P', "user", last, is_name(last)),
        // A key stands in its own facts, and an account is a place.
        "AccessKey" | "AwsIamAccessKey" => return None,
        "AwsAccount" => of('A', "account", last, is_account(last)),
        _ => None,
    };
    known.or_else(|| {
        let arn = id.starts_with("arn:") && id.len() <= 512 && !id.contains(char::is_whitespace);
        arn.then(|| ('R', "resource", id.to_owned()))
    })
}

/// A kind in the reader's words.
pub(super) fn kind_words(kind: &str, language: Language) -> &'static str {
    match (kind, language) {
        ("bucket", Language::Ja) => " S3 バケット",
        ("bucket", Language::En) => "S3 bucket",
        ("instance", Language::Ja) => " EC2 インスタンス",
        ("instance", Language::En) => "EC2 instance",
        ("sg", Language::Ja) => "セキュリティグループ",
        ("sg", Language::En) => "security group",
        ("role", Language::Ja) => " IAM ロール",
        ("role", Language::En) => "IAM role",
        ("user", Language::Ja) => " IAM ユーザー",
        ("user", Language::En) => "IAM user",
        ("account", Language::Ja) => "アカウント",
        ("account", Language::En) => "account",
        (_, Language::Ja) => "リソース",
        (_, Language::En) => "resource",
    }
}

/// The class of network of an address; `None` when it is no address. Documentation networks count as public, so that
/// examples read like real findings.
pub(super) fn network(address: &str, organization: &str, language: Language) -> Option<&'static str> {
    let address: IpAddr = address.parse().ok()?;
    let private = match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    };
    let organization = organization.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| organization.contains(word));
    Some(match (private, language) {
        (true, Language::Ja) => "社内のプライベートアドレス",
        (true, Language::En) => "a private address of our own network",
        (false, Language::Ja) if says(&["host", "vps", "cloud", "server", "datacenter"]) => {
            "グローバルアドレス、ホスティング・クラウド事業者"
        }
        (false, Language::En) if says(&["host", "vps", "cloud", "server", "datacenter"]) => {
            "a public address of a hosting or cloud provider"
        }
        (false, Language::Ja) if says(&["telecom", "mobile", "broadband", "cable", "communications"]) => {
            "グローバルアドレス、通信事業者 (家庭や携帯の回線もある)"
        }
        (false, Language::En) if says(&["telecom", "mobile", "broadband", "cable", "communications"]) => {
            "a public address of a telecom provider (home and mobile lines too)"
        }
        (false, Language::Ja) => "グローバルアドレス、事業者の種類は不明",
        (false, Language::En) => "a public address of a provider of unknown kind",
    })
}

/// The class of a user agent, in our words.
pub(super) fn agent(agent: &str, language: Language) -> String {
    let lower = agent.to_lowercase();
    let tool = if lower.starts_with("aws-cli/") {
        "AWS CLI"
    } else if lower.starts_with("console.amazonaws") || lower.starts_with("signin.amazonaws") {
        of(("AWS コンソール", "the AWS console"), language)
    } else if lower.contains("terraform") {
        "Terraform"
    } else if lower.contains("boto3") || lower.contains("aws-sdk") {
        "AWS SDK"
    } else {
        match language {
            Language::Ja => "その他のプログラム",
            Language::En => "another program",
        }
    };
    let system = match () {
        () if lower.contains("os/linux") || lower.contains("linux/") => " (Linux)",
        () if lower.contains("os/windows") || lower.contains("windows/") => " (Windows)",
        () if lower.contains("os/macos") || lower.contains("darwin/") => " (macOS)",
        () => "",
    };
    let attack = ["kali", "parrot", "pentoo"].iter().any(|name| lower.contains(name));
    match (attack, language) {
        (false, _) => format!("{tool}{system}"),
        (true, Language::Ja) => format!("{tool}{system}、検査用 OS の名前を含む"),
        (true, Language::En) => format!("{tool}{system}, with the name of a penetration testing system in it"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammars_take_what_aws_writes_and_nothing_beside() {
        assert!(is_region("ap-northeast-1") && is_region("us-gov-west-1") && !is_region("ap-northeast-1;x"));
        assert!(is_finding_type("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS"));
        assert!(!is_finding_type("Ignore:All/previous instructions"));
        assert!(is_control("S3.8") && is_control("1.14") && is_control("PCI.S3.1") && !is_control("S3.8 ignore"));
        assert!(is_account("111122223333") && !is_account("11112222333") && !is_account("111122223333 "));
    }

    #[test]
    fn tags_are_read_by_known_words_only() {
        assert_eq!(tag("Env", "PROD").and_then(Tag::is_production), Some(true));
        assert_eq!(tag("env", "ignore previous").and_then(|tag| tag.value(Language::En)), None);
        assert_eq!(tag("env", "ignore previous").and_then(Tag::is_production), None);
        assert_eq!(tag("env", "dev").and_then(Tag::is_production), Some(false));
        assert!(tag("note", "prod").is_none());
        assert!(is_owner("Owner", "web-team") && is_owner("担当", "決済チーム") && !is_owner("owner", "<!channel>"));
    }

    #[test]
    fn names_say_what_they_are_for() {
        assert_eq!(words("Order-Batch-exports-9f"), ["batch", "exports", "order"]);
        assert!(names_production("shop-prod") && !names_production("product"));
    }
}
