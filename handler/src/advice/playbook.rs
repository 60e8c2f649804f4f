//! The playbook: reviewed advice for every class of finding. It grounds the model's answer, and it speaks when there is none.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::answer::{Draft, DraftBenign, DraftEscalation, DraftFirst, DraftStep};
use super::catalogue::Entry;
use super::render::render;
use super::text::{Text, fill};
use super::{Advice, Facts, Identities, NoAnswer, Origin, Urgency, catalogue};
use crate::finding::Finding;

/// The data files, one a class. The last one is the general class, which every finding matches.
const FILES: &[&str] = &[
    include_str!("../../playbook/console_sign_in.json"),
    include_str!("../../playbook/penetration_test_tool.json"),
    include_str!("../../playbook/trail_stopped.json"),
    include_str!("../../playbook/bedrock_logging_stopped.json"),
    include_str!("../../playbook/password_policy_weakened.json"),
    include_str!("../../playbook/root_used.json"),
    include_str!("../../playbook/root_session_used.json"),
    include_str!("../../playbook/unexpected_operation.json"),
    include_str!("../../playbook/credentials_used_by_others.json"),
    include_str!("../../playbook/unusual_reading.json"),
    include_str!("../../playbook/unusual_changes.json"),
    include_str!("../../playbook/attack_on_data.json"),
    include_str!("../../playbook/attack_on_eks.json"),
    include_str!("../../playbook/attack_on_instances.json"),
    include_str!("../../playbook/attack_with_credentials.json"),
    include_str!("../../playbook/bucket_logging_stopped.json"),
    include_str!("../../playbook/account_block_removed.json"),
    include_str!("../../playbook/s3_opened_to_public.json"),
    include_str!("../../playbook/s3_data_changed.json"),
    include_str!("../../playbook/malware_in_backup.json"),
    include_str!("../../playbook/malware_in_object.json"),
    include_str!("../../playbook/s3_data_listed.json"),
    include_str!("../../playbook/s3_data_read.json"),
    include_str!("../../playbook/malware_on_disk.json"),
    include_str!("../../playbook/metadata_exposed.json"),
    include_str!("../../playbook/instance_talks_unusually.json"),
    include_str!("../../playbook/instance_is_attacked.json"),
    include_str!("../../playbook/ports_probed.json"),
    include_str!("../../playbook/instance_acts_badly.json"),
    include_str!("../../playbook/function_talks_badly.json"),
    include_str!("../../playbook/database_login.json"),
    include_str!("../../playbook/database_is_attacked.json"),
    include_str!("../../playbook/malware_in_container.json"),
    include_str!("../../playbook/kubernetes_anonymous.json"),
    include_str!("../../playbook/kubernetes_workload_dangerous.json"),
    include_str!("../../playbook/kubernetes_opened.json"),
    include_str!("../../playbook/kubernetes_called_by_strangers.json"),
    include_str!("../../playbook/container_escape.json"),
    include_str!("../../playbook/process_at_run_time.json"),
    include_str!("../../playbook/unusual_process.json"),
    include_str!("../../playbook/object_scan_down.json"),
    include_str!("../../playbook/runtime_monitoring_down.json"),
    include_str!("../../playbook/public_bucket.json"),
    include_str!("../../playbook/public_bucket_read.json"),
    include_str!("../../playbook/public_bucket_write.json"),
    include_str!("../../playbook/account_public_access.json"),
    include_str!("../../playbook/inspector_exploit.json"),
    include_str!("../../playbook/inspector_no_fix.json"),
    include_str!("../../playbook/inspector_fix.json"),
    include_str!("../../playbook/inspector_network.json"),
    include_str!("../../playbook/inspector_code.json"),
    include_str!("../../playbook/macie_public.json"),
    include_str!("../../playbook/macie_shared.json"),
    include_str!("../../playbook/macie_guard_off.json"),
    include_str!("../../playbook/macie_encryption.json"),
    include_str!("../../playbook/macie_credentials.json"),
    include_str!("../../playbook/macie_data.json"),
    include_str!("../../playbook/access_public.json"),
    include_str!("../../playbook/access_account.json"),
    include_str!("../../playbook/access_internal.json"),
    include_str!("../../playbook/access_unused_permission.json"),
    include_str!("../../playbook/access_unused_key.json"),
    include_str!("../../playbook/access_unused_password.json"),
    include_str!("../../playbook/access_unused_role.json"),
    include_str!("../../playbook/config_ports.json"),
    include_str!("../../playbook/config_public.json"),
    include_str!("../../playbook/config_iam.json"),
    include_str!("../../playbook/config_tags.json"),
    include_str!("../../playbook/config_encryption.json"),
    include_str!("../../playbook/config_logging.json"),
    include_str!("../../playbook/config_other.json"),
    include_str!("../../playbook/health_credentials.json"),
    include_str!("../../playbook/health_abuse.json"),
    include_str!("../../playbook/health_other.json"),
    include_str!("../../playbook/sign_in_root_success.json"),
    include_str!("../../playbook/sign_in_root_failure.json"),
    include_str!("../../playbook/sign_in_root_step.json"),
    include_str!("../../playbook/sign_in_anomaly.json"),
    include_str!("../../playbook/exposure.json"),
    include_str!("../../playbook/trusted_advisor.json"),
    include_str!("../../playbook/security_ir_case.json"),
    include_str!("../../playbook/security_ir_other.json"),
    include_str!("../../playbook/insight.json"),
    include_str!("../../playbook/imported_threat.json"),
    include_str!("../../playbook/imported.json"),
    include_str!("../../playbook/open_ports.json"),
    include_str!("../../playbook/open_nacl.json"),
    include_str!("../../playbook/default_security_group.json"),
    include_str!("../../playbook/public_snapshot.json"),
    include_str!("../../playbook/snapshot_block_setting.json"),
    include_str!("../../playbook/public_db_snapshot.json"),
    include_str!("../../playbook/public_db.json"),
    include_str!("../../playbook/public_function.json"),
    include_str!("../../playbook/public_access_point.json"),
    include_str!("../../playbook/public_trail_bucket.json"),
    include_str!("../../playbook/bucket_tls.json"),
    include_str!("../../playbook/root_key.json"),
    include_str!("../../playbook/root_mfa.json"),
    include_str!("../../playbook/root_hardware_mfa.json"),
    include_str!("../../playbook/user_mfa.json"),
    include_str!("../../playbook/key_age.json"),
    include_str!("../../playbook/unused_credentials.json"),
    include_str!("../../playbook/password_policy.json"),
    include_str!("../../playbook/broad_policy.json"),
    include_str!("../../playbook/trail_missing.json"),
    include_str!("../../playbook/trail_validation.json"),
    include_str!("../../playbook/trail_encryption.json"),
    include_str!("../../playbook/trail_alarms.json"),
    include_str!("../../playbook/config_off.json"),
    include_str!("../../playbook/guardduty_off.json"),
    include_str!("../../playbook/guardduty_plan_off.json"),
    include_str!("../../playbook/ebs_default_encryption.json"),
    include_str!("../../playbook/kms_deletion.json"),
    include_str!("../../playbook/kms_rotation.json"),
    include_str!("../../playbook/imds_v1.json"),
    include_str!("../../playbook/unmanaged_instance.json"),
    include_str!("../../playbook/patch_compliance.json"),
    include_str!("../../playbook/association_compliance.json"),
    include_str!("../../playbook/secret_rotation.json"),
    include_str!("../../playbook/secret_unused.json"),
    include_str!("../../playbook/plaintext_secret.json"),
    include_str!("../../playbook/missing_flow_logs.json"),
    include_str!("../../playbook/security_contact.json"),
    include_str!("../../playbook/encryption_at_rest.json"),
    include_str!("../../playbook/encryption_in_transit.json"),
    include_str!("../../playbook/logging.json"),
    include_str!("../../playbook/log_alarms.json"),
    include_str!("../../playbook/backup.json"),
    include_str!("../../playbook/versions.json"),
    include_str!("../../playbook/resilience.json"),
    include_str!("../../playbook/tags.json"),
    include_str!("../../playbook/identity_hygiene.json"),
    include_str!("../../playbook/workload_hardening.json"),
    include_str!("../../playbook/network_setting.json"),
    include_str!("../../playbook/exposure_setting.json"),
    include_str!("../../playbook/public_network.json"),
    include_str!("../../playbook/public_policy.json"),
    include_str!("../../playbook/scanning_off.json"),
    include_str!("../../playbook/control.json"),
    include_str!("../../playbook/general.json"),
];

/// At most this many steps after the first look.
pub(super) const MOST_STEPS: usize = 4;

/// One class of finding: what a person does about it is the same.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its word in logs.
    pub id: String,
    /// Finding types that fall to it; `*` stands for any text.
    pub matches: Vec<String>,
    /// The side that our resource is on, where one type is reported of both; none: either.
    #[serde(default)]
    pub role: Option<Role>,
    /// Urgencies that its findings can have.
    pub band: Vec<Urgency>,
    /// The urgency without further facts.
    pub default: Urgency,
    /// What moves the urgency within the band.
    pub rule: Text,
    /// Why the default is what it is, for the reader.
    pub reason: Text,
    /// The decisive first look: an entry of the catalogue, or several, of which the first that has a target is taken. A class
    /// of many kinds of resource looks at each in its own way.
    #[serde(deserialize_with = "one_or_more")]
    pub first: Vec<String>,
    /// Entries that may follow, in this order.
    pub steps: Vec<String>,
    /// What a failed control says in a subject; the control's id is added. Other findings have their own.
    pub headline: Option<Text>,
    /// What happened; templates in the order of preference, the first that can be filled is taken.
    pub summary: Vec<Text>,
    /// What it can lead to.
    pub impact: Text,
    /// Whom to ask when no owner is known.
    pub whom: Text,
    /// A message to them, line by line; of a line's wordings the first that can be filled is taken.
    pub message: Vec<Vec<Text>>,
    /// Innocent explanations.
    pub benign: Vec<BenignTexts>,
    /// What the reader may see that makes it more urgent.
    pub escalate: Vec<EscalationText>,
    /// What nobody knows yet.
    pub unknowns: Vec<Text>,
    /// What a model should know of this class.
    pub know: Vec<Text>,
    /// AWS's pages that it rests on.
    pub references: Vec<Reference>,
}

/// The side that our resource is on, as GuardDuty tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Role {
    /// It attacks.
    Actor,
    /// It is attacked.
    Target,
}

impl Role {
    /// Where GuardDuty's own event and Security Hub's finding hold it.
    fn of(detail: &Value) -> Option<Self> {
        let native = detail.pointer("/service/resourceRole");
        let role = native.or_else(|| detail.get("ProductFields")?.get("aws/guardduty/service/resourceRole"))?;
        match role.as_str()? {
            "ACTOR" => Some(Self::Actor),
            "TARGET" => Some(Self::Target),
            _ => None,
        }
    }
}

/// A word alone is a list of one.
fn one_or_more<'de, D: Deserializer<'de>>(list: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Words {
        One(String),
        More(Vec<String>),
    }
    Ok(match Words::deserialize(list)? {
        Words::One(word) => vec![word],
        Words::More(words) => words,
    })
}

/// Classes whose answers have one schema: small enough to be sent each time, and few enough that what Bedrock compiles and
/// caches serves most findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// GuardDuty: somebody attacks.
    Threats,
    /// Controls, AWS Config and Trusted Advisor: a setting is not as it should be.
    Settings,
    /// All else.
    Others,
}

impl Class {
    /// The family, by the types that fall to the class.
    #[must_use]
    pub fn family(&self) -> Family {
        let first = self.matches.first().map_or("", String::as_str);
        match first.split_once('/') {
            Some(("security-control" | "config" | "trusted-advisor", _)) => Family::Settings,
            _ if first.starts_with("guardduty-protection/") => Family::Threats,
            // GuardDuty's types have the purpose before a colon; so have Macie's.
            _ if first.contains(':') && !first.contains("/S3Bucket") && !first.starts_with("SensitiveData:") => {
                Family::Threats
            }
            _ => Family::Others,
        }
    }
}

/// An innocent explanation and how to tell.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BenignTexts {
    /// The explanation.
    pub explanation: Text,
    /// How to tell.
    pub check: Text,
}

/// A visible condition and what it raises the urgency to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EscalationText {
    /// The condition.
    pub condition: Text,
    /// The urgency then.
    pub urgency: Urgency,
}

/// A page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reference {
    /// Its title.
    pub title: String,
    /// Its address.
    pub url: String,
    /// The day on which it was read, as `2026-11-24`.
    pub read: String,
}

/// All classes, the general one last.
///
/// # Panics
/// Never in a release: a test loads every file.
pub fn classes() -> &'static [Class] {
    static CLASSES: OnceLock<Vec<Class>> = OnceLock::new();
    CLASSES.get_or_init(|| {
        FILES
            .iter()
            .map(|file| match serde_json::from_str(file) {
                Ok(class) => class,
                Err(error) => panic!("a compiled-in playbook file is broken: {error}"),
            })
            .collect()
    })
}

/// The class of this id.
#[must_use]
pub fn class(id: &str) -> Option<&'static Class> {
    classes().iter().find(|class| class.id == id)
}

/// The class that a finding's type falls to.
#[must_use]
pub fn class_of(finding: &Finding) -> &'static Class {
    classes_for(finding.main_type(), Role::of(&finding.detail)).next().unwrap_or_else(general)
}

/// All classes that a finding's type fits, from the narrowest to the general one.
pub(super) fn classes_of(finding: &Finding) -> impl Iterator<Item = &'static Class> {
    classes_for(finding.main_type(), Role::of(&finding.detail))
}

/// The class that a main type falls to, where no side of our resource is known: the first that matches.
#[must_use]
pub fn class_of_type(kind: &str) -> &'static Class {
    classes_for(kind, None).next().unwrap_or_else(general)
}

fn classes_for(kind: &str, role: Option<Role>) -> impl Iterator<Item = &'static Class> {
    classes().iter().filter(move |class| {
        class.matches.iter().any(|glob| matches_glob(glob, kind)) && (class.role.is_none() || class.role == role)
    })
}

/// The class that says what is true of every finding.
#[must_use]
pub fn general() -> &'static Class {
    match classes() {
        [.., general] => general,
        [] => unreachable!("the list of files is not empty"),
    }
}

pub(super) fn matches_glob(glob: &str, text: &str) -> bool {
    // An importer may write any type, also one of AWS's own behind this mark.
    if text.starts_with("imported/") && glob != "*" && !glob.starts_with("imported/") {
        return false;
    }
    let mut parts = glob.split('*');
    let Some(mut rest) = parts.next().and_then(|start| text.strip_prefix(start)) else { return false };
    let mut last = None;
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
        last = Some(part);
    }
    match last {
        None => rest.is_empty(),
        Some(end) => end.is_empty() || text.ends_with(end),
    }
}

/// The advice that needs no model, in the same shape and through the same renderer.
#[must_use]
pub fn playbook(facts: &Facts, why: NoAnswer) -> Advice {
    let class = class(facts.class).filter(|class| starts(class, &facts.identities)).unwrap_or_else(general);
    render(&draft(class, facts), class, facts, Origin::Playbook(why), Vec::new())
}

/// Whether the class has something to look at here.
pub(super) fn starts(class: &Class, identities: &Identities) -> bool {
    first_look(class, identities).is_some() || class.id == general().id
}

/// The class's first look that has something to look at here, and what.
pub(super) fn first_look(class: &Class, identities: &Identities) -> Option<(&'static Entry, String)> {
    class.first.iter().filter_map(|id| catalogue::entry(id)).find_map(|entry| {
        let target = catalogue::targets(entry, identities).into_iter().next()?;
        Some((entry, target))
    })
}

/// The class's words as an answer, with pseudonyms.
pub(super) fn draft(class: &Class, facts: &Facts) -> Draft {
    let language = facts.language;
    let names = pseudonyms(facts);
    let say = |text: &Text| fill(text.of(language), &names).unwrap_or_default();
    // Where no wording can be filled (no account could be read), what happened in a subject's words is still true.
    let summary = class.summary.iter().map(say).find(|text| !text.is_empty());
    let summary = summary.unwrap_or_else(|| facts.headline.clone());
    let mut before: Vec<&str> = first_look(class, &facts.identities).into_iter().map(|(entry, _)| &*entry.id).collect();
    let mut steps = Vec::new();
    for id in &class.steps {
        let Some(entry) = catalogue::entry(id) else { continue };
        let Some(target) = catalogue::targets(entry, &facts.identities).into_iter().next() else { continue };
        if steps.len() < MOST_STEPS
            && !before.contains(&&**id)
            && entry.requires.iter().all(|required| before.contains(&required.as_str()))
        {
            before.push(id);
            steps.push(DraftStep { r#do: id.clone(), evidence: evidence(&target, facts), target, text: String::new() });
        }
    }
    Draft {
        evidence: evidence(&summary, facts),
        summary,
        impact: say(&class.impact),
        urgency: class.default,
        urgency_reason: say(&class.reason),
        escalate_if: class
            .escalate
            .iter()
            .map(|one| DraftEscalation { condition: say(&one.condition), urgency: one.urgency, evidence: Vec::new() })
            .filter(|one| !one.condition.is_empty())
            .collect(),
        first: DraftFirst { text: String::new(), evidence: Vec::new() },
        steps,
        benign: class
            .benign
            .iter()
            .map(|one| (say(&one.explanation), say(&one.check)))
            .filter(|(explanation, check)| !explanation.is_empty() && !check.is_empty())
            .map(|(explanation, check)| DraftBenign { evidence: evidence(&check, facts), explanation, check })
            .collect(),
        unknowns: class.unknowns.iter().map(say).filter(|text| !text.is_empty()).collect(),
    }
}

/// The first pseudonym of each kind, as slots.
fn pseudonyms(facts: &Facts) -> BTreeMap<&'static str, String> {
    kinds(facts, |name, _| name.to_owned())
}

/// A value for each kind of identity, and for the groups `key`, `principal`, `workload` and `target` (whatever is affected).
pub(super) fn kinds(facts: &Facts, value: impl Fn(&str, &super::Identity) -> String) -> BTreeMap<&'static str, String> {
    let mut values = BTreeMap::new();
    for (name, identity) in facts.identities.iter() {
        let group = match identity.kind {
            "key_temp" | "key_long" => "key",
            "role" | "user" => "principal",
            "pod" => "workload",
            kind => kind,
        };
        let affected = !matches!(
            identity.kind,
            "account"
                | "ip"
                | "owner"
                | "key_temp"
                | "key_long"
                | "hash"
                | "cve"
                | "package"
                | "version"
                | "event"
                | "config_rule"
                | "case"
        );
        for kind in [identity.kind, group].into_iter().chain(affected.then_some("target")) {
            values.entry(kind).or_insert_with(|| value(name, identity));
        }
    }
    values.insert("time", facts.last_seen.clone());
    values.insert("control", facts.control.clone());
    values.insert("account", values.get("account").cloned().unwrap_or_default());
    values
}

/// The facts that name the text's pseudonyms. The account is where it happened and no reason for anything.
fn evidence(text: &str, facts: &Facts) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let grounds = |name: &&str| facts.identities.get(name).is_some_and(|identity| identity.kind != "account");
    for name in super::pseudonym::names_in(text).filter(grounds) {
        if let Some(at) = facts.list.iter().position(|fact| fact.contains(name)) {
            let id = format!("f{}", at + 1);
            if !found.contains(&id) && found.len() < 6 {
                found.push(id);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Language;

    #[test]
    fn a_type_finds_its_class_and_an_unknown_one_the_general_class() {
        for (kind, id) in [
            ("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS", "credentials_used_by_others"),
            ("security-control/S3.8", "public_bucket"),
            ("security-control/S3.2", "public_bucket_read"),
            ("security-control/S3.3", "public_bucket_write"),
            ("security-control/S3.1", "account_public_access"),
            ("security-control/S3.80", "control"),
            ("security-control/1.14", "root_hardware_mfa"),
            ("security-control/CIS.1.14", "control"),
            ("Something:New/Type", "general"),
            ("", "general"),
        ] {
            assert_eq!(class_of_type(kind).id, id, "{kind}");
        }
    }

    #[test]
    fn every_control_of_security_hub_finds_a_class_that_says_more_than_the_general_one() {
        const CONTROLS: &str = include_str!("../../tests/data/securityhub-controls.txt");
        // A new one whose page could not be read.
        const UNREAD: [&str; 1] = ["CloudTrail.11"];
        let controls: Vec<&str> = CONTROLS.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(controls.len() > 600, "{} controls", controls.len());
        for control in controls {
            let kind = format!("security-control/{control}");
            let found: Vec<&str> = classes()
                .iter()
                .filter(|class| class.matches.iter().any(|glob| matches_glob(glob, &kind)))
                .map(|class| class.id.as_str())
                .collect();
            let expected: &[&str] = if UNREAD.contains(&control) { &[] } else { &["one of its own"] };
            // The last two take every control, and every finding.
            assert_eq!(found.len(), expected.len() + 2, "{control}: {found:?}");
            assert!(found.ends_with(&["control", "general"]), "{control}: {found:?}");
        }
    }

    #[test]
    fn every_class_is_whole() {
        for class in classes() {
            assert!(class.band.contains(&class.default), "{}", class.id);
            for one in &class.escalate {
                assert!(class.band.contains(&one.urgency), "{}: raised out of its band", class.id);
            }
            for id in class.steps.iter().chain(&class.first) {
                let entry = catalogue::entry(id);
                assert!(entry.is_some(), "{}: no entry {id}", class.id);
                let fits = entry.is_some_and(|entry| entry.only.is_empty() || entry.only.contains(&class.id));
                assert!(fits, "{}: {id} is limited to other classes", class.id);
            }
            for language in [Language::Ja, Language::En] {
                assert!(!class.reason.of(language).is_empty(), "{}", class.id);
            }
            assert!(!class.references.is_empty(), "{}", class.id);
            for page in &class.references {
                let of_aws = ["https://docs.aws.amazon.com/", "https://repost.aws/knowledge-center/"];
                assert!(of_aws.iter().any(|start| page.url.starts_with(start)), "{}: {}", class.id, page.url);
                assert!(!page.title.is_empty(), "{}", class.id);
                assert!(page.read.parse::<jiff::civil::Date>().is_ok(), "{}: {}", class.id, page.read);
            }
        }
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(matches_glob("a*c*", "abcd") && matches_glob("*", "") && matches_glob("a*d", "abcd"));
        assert!(matches_glob("*", "imported/a:b/c") && matches_glob("imported/*", "imported/a"));
        assert!(!matches_glob("*:b/*", "imported/a:b/c"));
        assert!(!matches_glob("a*d", "abcde") && !matches_glob("a", "ab") && !matches_glob("ab*b", "ab"));
    }
}
