//! Secrets in outside text: taken out before anything else reads it, so that no prompt, log, ticket or chat can carry one.
//!
//! A kind is known by its mark, which its issuer puts into every key for this purpose, or by the name of the field before
//! it. A shape is compiled when its mark is first met, and most never are. Ids of access keys stay: they are no secret, and
//! a reader needs them.

use std::borrow::Cow;
use std::sync::OnceLock;

use regex_lite::{Captures, Regex};

/// One kind of secret.
struct Kind {
    name: &'static str,
    /// Every secret of the kind has one of these.
    marks: &'static [&'static str],
    /// The whole of it; where there is a group, only the group is secret.
    shape: &'static str,
    compiled: OnceLock<Option<Regex>>,
}

const fn kind(name: &'static str, marks: &'static [&'static str], shape: &'static str) -> Kind {
    Kind { name, marks, shape, compiled: OnceLock::new() }
}

static KINDS: [Kind; 49] = [
    kind(
        "private key",
        &["PRIVATE KEY"],
        r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----[^-]*(?:-----END [A-Z ]*PRIVATE KEY(?: BLOCK)?-----)?",
    ),
    kind(
        "AWS secret access key",
        &["ecret_access_key", "ecretAccessKey", "ECRET_ACCESS_KEY", "ecretaccesskey", "ecret-access-key"],
        r#"(?i)secret_?-?access_?-?key[\\"'\s:=,]{1,12}([a-z0-9/+\\]{40,60})"#,
    ),
    kind(
        "AWS session token",
        &["IQoJb3JpZ2lu", "FwoGZXIvYXdz", "FQoGZXIvYXdz"],
        r"(?:IQoJb3JpZ2lu|FwoGZXIvYXdz|FQoGZXIvYXdz)[A-Za-z0-9/+=%\\]{40,}",
    ),
    kind(
        "Amazon Bedrock API key",
        &["ABSK", "bedrock-api-key-"],
        r"ABSK[A-Za-z0-9+/=]{40,}|bedrock-api-key-[A-Za-z0-9+/=]{20,}",
    ),
    kind("GitHub token", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], r"gh[opurs]_[A-Za-z0-9]{30,}"),
    kind("GitHub token", &["github_pat_"], r"github_pat_\w{22,}"),
    kind(
        "GitLab token",
        &[
            "glpat-", "gldt-", "glrt-", "glptt-", "glcbt-", "glft-", "glimt-", "glagent-", "gloas-", "glsoat-",
            "glffct-",
        ],
        r"gl(?:pat|dt|rt|ptt|cbt|ft|imt|agent|oas|soat|ffct)-[\w.-]{20,}",
    ),
    kind("Slack token", &["xox", "xapp-"], r"xox[abceoprs](?:\.xox[bp])?-[A-Za-z0-9-]{10,}|xapp-\d-[A-Za-z0-9-]{20,}"),
    kind(
        "Slack webhook",
        &["hooks.slack"],
        r"hooks\.slack(?:-gov)?\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_+\\-]{20,}",
    ),
    kind(
        "Discord webhook",
        &["/api/webhooks/", r"\/api\/webhooks\/"],
        r"discord(?:app)?\.com\\?/api\\?/webhooks\\?/\d+\\?/[\w-]{40,}",
    ),
    kind(
        "Microsoft Teams webhook",
        &["webhook.office.com", "logic.azure.com"],
        r"[\w.-]*(?:webhook\.office|logic\.azure)\.com[^\s\x22']{30,}",
    ),
    kind(
        "Stripe key",
        &["k_live_", "k_test_", "whsec_"],
        r"[srp]k_(?:live|test)_[A-Za-z0-9]{16,}|whsec_[A-Za-z0-9+/=]{24,}",
    ),
    kind("JSON web token", &["eyJ"], r"eyJ[\w-]{8,}\.eyJ[\w-]{8,}(?:\.[\w-]*)?"),
    kind("Google API key", &["AIza"], r"AIza[\w-]{35}"),
    kind("Google OAuth secret", &["GOCSPX-", "ya29."], r"GOCSPX-[\w-]{20,}|ya29\.[\w.-]{20,}"),
    kind(
        "Azure key",
        &["AccountKey=", "SharedAccessKey=", "SharedSecret="],
        r"(?:AccountKey|SharedAccessKey|SharedSecret)=([A-Za-z0-9+/\\]{40,}={0,2})",
    ),
    kind("Azure client secret", &["Q~"], r"[\w~.-]{3}\dQ~[\w~.-]{31,34}"),
    kind("Azure shared access signature", &["sig="], r"[?&](?:amp;)?sig=([A-Za-z0-9%/+_-]{40,}=?)"),
    kind("Azure DevOps token", &["AZDO"], r"[A-Za-z0-9]{70,80}AZDO[A-Za-z0-9]{4}"),
    kind(
        "Atlassian token",
        &["ATATT3", "ATCTT3", "ATBB", "ATSTT3"],
        r"(?:ATATT3|ATCTT3|ATSTT3)[\w=-]{40,}|ATBB[A-Za-z0-9]{24,}",
    ),
    kind("npm token", &["npm_"], r"npm_[A-Za-z0-9]{36}"),
    kind("PyPI token", &["pypi-AgE"], r"pypi-AgE[\w-]{40,}"),
    kind("RubyGems token", &["rubygems_"], r"rubygems_[0-9a-f]{48}"),
    kind("crates.io token", &["cio"], r"\bcio[A-Za-z0-9]{32}\b"),
    kind("Docker token", &["dckr_"], r"dckr_[op]at_[\w-]{20,}"),
    kind("Anthropic key", &["sk-ant-"], r"sk-ant-[a-z]+\d{2}-[\w-]{20,}"),
    kind(
        "OpenAI key",
        &["sk-proj-", "sk-svcacct-", "sk-admin-", "T3BlbkFJ"],
        r"sk-(?:proj|svcacct|admin)-[\w-]{20,}|sk-[\w-]{16,}T3BlbkFJ[\w-]{16,}",
    ),
    kind("Hugging Face token", &["hf_", "api_org_"], r"\bhf_[A-Za-z]{30,}|\bapi_org_[A-Za-z]{30,}"),
    kind("Databricks token", &["dapi"], r"dapi[0-9a-f]{32}(?:-\d)?"),
    kind("DigitalOcean token", &["_v1_"], r"do[opr]_v1_[0-9a-f]{64}"),
    kind("SendGrid key", &["SG."], r"SG\.[\w-]{20,24}\.[\w-]{39,50}"),
    kind("Twilio key", &["SK"], r"\bSK[0-9a-f]{32}\b"),
    kind("Mailgun key", &["key-"], r"\bkey-[0-9a-f]{32}\b"),
    kind("Mailchimp key", &["-us"], r"\b[0-9a-f]{32}-us\d{1,2}\b"),
    kind("Telegram token", &[":AA"], r"\b\d{8,10}:AA[\w-]{32,34}"),
    kind("Shopify token", &["shpat_", "shpca_", "shppa_", "shpss_"], r"shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
    kind("Square token", &["sq0", "EAAA"], r"sq0[a-z]{3}-[\w-]{22,}|\bEAAA[\w-]{56,}"),
    kind(
        "HashiCorp token",
        &["hvs.", "hvb.", "hvr.", ".atlasv1."],
        r"hv[sbr]\.[\w-]{24,}|[A-Za-z0-9]{14}\.atlasv1\.[\w=-]{40,}",
    ),
    kind("Pulumi token", &["pul-"], r"\bpul-[0-9a-f]{40}"),
    kind("New Relic key", &["NRAK-", "NRII-", "NRAL"], r"NR(?:AK|II)-[\w-]{27,32}|[0-9a-f]{36}NRAL"),
    kind("Grafana token", &["glsa_", "glc_"], r"glsa_[A-Za-z0-9]{32}_[0-9a-fA-F]{8}|glc_[A-Za-z0-9+/=]{32,}"),
    kind("Sentry token", &["sntrys_", "sntryu_"], r"sntrys_[\w+/=]{40,}|sntryu_[0-9a-f]{64}"),
    kind("Linear or Notion token", &["lin_api_", "ntn_"], r"lin_api_[A-Za-z0-9]{40}|\bntn_[A-Za-z0-9]{40,}"),
    kind("Postman key", &["PMAK-"], r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
    kind(
        "Doppler or PlanetScale token",
        &["dp.", "pscale_"],
        r"\bdp\.(?:pt|st|ct|sa|scim|audit)\.(?:[\w-]+\.)?[A-Za-z0-9]{40,}|pscale_(?:tkn|pw|oauth)_[\w.=-]{32,}",
    ),
    kind("age key", &["AGE-SECRET-KEY-1"], r"AGE-SECRET-KEY-1[0-9A-Z]{58}"),
    kind("password", &["://"], r#"\b[a-z][a-z0-9+.-]*://[^\s/:@"\\]{0,64}:([^\s/@"\\]{3,128})@"#),
    kind(
        "password",
        &["assword", "ASSWORD", "asswd", "pi_key=", "piKey=", "PI_KEY=", "pikey="],
        r#"(?i)(?:pass(?:word|wd)\s{0,2}=\s{0,2}|--pass(?:word|wd)[ =]|\bapi_?key=)["'\\]{0,2}([^\s"'&;\\<>]{6,256})"#,
    ),
    kind("authorization", &["earer ", "EARER ", "asic ", "ASIC "], r"(?i)\b(?:bearer|basic) ([a-z0-9._~+/-]{20,}=*)"),
];

/// The text without secrets: where one stood, its kind stands.
pub(super) fn without(text: &str) -> Cow<'_, str> {
    let mut cleaned = Cow::Borrowed(text);
    for kind in &KINDS {
        if !kind.marks.iter().any(|mark| cleaned.contains(mark)) {
            continue;
        }
        let shape = kind.compiled.get_or_init(|| Regex::new(kind.shape).ok());
        if let Some(shape) = shape
            && shape.is_match(&cleaned)
        {
            cleaned =
                Cow::Owned(shape.replace_all(&cleaned, |found: &Captures<'_>| replaced(found, kind.name)).into_owned());
        }
    }
    cleaned
}

fn replaced(found: &Captures<'_>, name: &str) -> String {
    let whole = found.get(0).map_or("", |whole| whole.as_str());
    let secret = found.get(1).map_or(whole, |group| group.as_str());
    whole.replace(secret, &format!("[{name} removed]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Letters and digits that look like a key; put together here, so that no scanner takes this file for a leak.
    fn key(length: usize) -> String {
        "aB3dE5fG7hJ9kL2mN4pQ6rS8tU1vW0xY".chars().cycle().take(length).collect()
    }

    fn hex(length: usize) -> String {
        "0a1b2c3d4e5f6789".chars().cycle().take(length).collect()
    }

    fn letters(length: usize) -> String {
        "abcdefghijklmnopqrstuvwxyz".chars().cycle().take(length).collect()
    }

    /// A text around a secret, and the secret.
    fn secrets() -> Vec<(String, String)> {
        let alone = |secret: String| (secret.clone(), secret);
        let within = |before: &str, secret: String| (format!("{before}{secret}"), secret);
        let mut all: Vec<(String, String)> = [
            ("ghp_", key(36)),
            ("ghs_", key(36)),
            ("github_pat_", key(60)),
            ("glpat-", key(20)),
            ("xoxb-", key(24)),
            ("xapp-1-", key(40)),
            ("sk_live_", key(24)),
            ("rk_test_", key(24)),
            ("whsec_", key(32)),
            ("AIza", key(35)),
            ("GOCSPX-", key(28)),
            ("ya29.", key(60)),
            ("ABSK", key(110)),
            ("bedrock-api-key-", key(60)),
            ("IQoJb3JpZ2lu", key(300)),
            ("ATATT3", key(180)),
            ("ATBB", key(32)),
            ("npm_", key(36)),
            ("pypi-AgEIcHlwaS5vcmc", key(120)),
            ("rubygems_", hex(48)),
            ("cio", key(32)),
            ("dckr_pat_", key(27)),
            ("sk-ant-api03-", key(93)),
            ("sk-proj-", key(80)),
            ("hf_", letters(34)),
            ("dapi", hex(32)),
            ("dop_v1_", hex(64)),
            ("SK", hex(32)),
            ("key-", hex(32)),
            ("shpat_", hex(32)),
            ("sq0atp-", key(22)),
            ("hvs.", key(90)),
            ("pul-", hex(40)),
            ("NRAK-", key(27)),
            ("glc_", key(60)),
            ("sntryu_", hex(64)),
            ("lin_api_", key(40)),
            ("ntn_", key(46)),
            ("pscale_tkn_", key(43)),
            ("dp.pt.", key(43)),
        ]
        .into_iter()
        .map(|(mark, rest)| alone(format!("{mark}{rest}")))
        .collect();
        all.extend([
            within("aws_secret_access_key = ", key(40)),
            within("\"SecretAccessKey\": \"", key(40)),
            within("https://", format!("hooks.slack.com/services/T0/B0/{}", key(24))),
            within("https://", format!("discord.com/api/webhooks/1234/{}", key(68))),
            within("DefaultEndpointsProtocol=https;AccountKey=", format!("{}==", key(86))),
            within("https://x.blob.core.windows.net/c?sv=1&sig=", key(44)),
            within("curl -H 'Authorization: Bearer ", key(40)),
            within("mysql --password ", "correct-horse".into()),
            within("PGPASSWORD=", "correct-horse".into()),
            within("https://example.backlog.jp/api/v2/issues?apiKey=", key(64)),
            alone(format!("{}.atlasv1.{}", key(14), key(67))),
            alone(format!("SG.{}.{}", key(22), key(43))),
            alone(format!("{}-us21", hex(32))),
            alone(format!("123456789:AA{}", key(33))),
            alone(format!("eyJ{}.eyJ{}.{}", key(20), key(40), key(43))),
            alone(format!("glsa_{}_{}", key(32), hex(8))),
            alone(format!("PMAK-{}-{}", hex(24), hex(34))),
            alone(format!("AGE-SECRET-KEY-1{}", key(58).to_ascii_uppercase())),
            alone(format!("abc8Q~{}", key(34))),
            alone(format!("{}AZDO{}", key(76), key(4))),
            alone(format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----", key(900))),
            alone(format!("-----BEGIN PRIVATE KEY-----\\n{}", key(300))),
        ]);
        all.push(("postgres://app:correct-horse@db.example.com/shop".into(), "correct-horse".into()));
        all
    }

    #[test]
    fn every_kind_of_secret_is_taken_out_wherever_it_stands() {
        for (text, secret) in secrets() {
            for line in [text.clone(), format!("run '{text}' now"), format!("{{\"a\":\"{text}\"}}")] {
                let cleaned = without(&line);
                assert!(!cleaned.contains(&secret), "{cleaned}");
                assert!(cleaned.contains(" removed]"), "{cleaned}");
            }
        }
        assert!(KINDS.iter().all(|kind| Regex::new(kind.shape).is_ok()));
    }

    #[test]
    fn every_kind_is_met_by_a_test() {
        let met: String = secrets().iter().map(|(text, _)| without(text).into_owned() + "\n").collect();
        let unmet: Vec<&str> = KINDS.iter().map(|kind| kind.name).filter(|name| !met.contains(*name)).collect();
        assert_eq!(
            unmet,
            ["Microsoft Teams webhook"],
            "its address holds the marks of others, which take it out first"
        );
    }

    #[test]
    fn what_only_looks_like_a_secret_stays() {
        for text in [
            "AKIAIOSFODNN7EXAMPLE",
            "arn:aws:iam::111122223333:role/ghp_admin",
            "i-0123456789abcdef0",
            "https://example.com/a@b:c",
            "The password policy of the account was weakened.",
            "arn:aws:secretsmanager:ap-northeast-1:111122223333:secret:npm_token-AbCdEf",
            "sha256:0a1b2c3d4e5f67890a1b2c3d4e5f67890a1b2c3d4e5f67890a1b2c3d4e5f6789",
            "Basic authentication is on",
            "SecretAccessKey was created",
            "xox",
            "2026-11-24T00:00:00Z-us-east-1",
            "パスワードポリシー",
        ] {
            assert_eq!(without(text), text);
        }
    }
}
