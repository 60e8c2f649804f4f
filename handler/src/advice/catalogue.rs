//! The catalogue: every look, save and act that advice may propose. Reviewed sentences, commands and reading hints; a model
//! only chooses among them.

use std::sync::OnceLock;

use serde::Deserialize;

use super::playbook::{Family, class};
use super::text::Text;
use super::{Facts, Identities, Identity, Phase, StepKind};

/// The data files, one for a theme.
const FILES: &[&str] = &[
    include_str!("../../catalogue/general.json"),
    include_str!("../../catalogue/credentials.json"),
    include_str!("../../catalogue/instance.json"),
    include_str!("../../catalogue/bucket.json"),
    include_str!("../../catalogue/bucket_incident.json"),
    include_str!("../../catalogue/logging_stopped.json"),
    include_str!("../../catalogue/function.json"),
    include_str!("../../catalogue/database.json"),
    include_str!("../../catalogue/malware.json"),
    include_str!("../../catalogue/workload.json"),
    include_str!("../../catalogue/inspector.json"),
    include_str!("../../catalogue/macie.json"),
    include_str!("../../catalogue/access_analyzer.json"),
    include_str!("../../catalogue/config.json"),
    include_str!("../../catalogue/health.json"),
    include_str!("../../catalogue/sign_in.json"),
    include_str!("../../catalogue/other_products.json"),
    include_str!("../../catalogue/managed.json"),
    include_str!("../../catalogue/logging.json"),
    include_str!("../../catalogue/identity.json"),
    include_str!("../../catalogue/exposure.json"),
    include_str!("../../catalogue/network.json"),
    include_str!("../../catalogue/keys.json"),
    include_str!("../../catalogue/data.json"),
    include_str!("../../catalogue/control.json"),
];

/// One entry.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Its word in answers, logs and the schema.
    pub id: String,
    /// What it does to the world.
    pub kind: StepKind,
    /// Its place in incident response.
    pub phase: Phase,
    /// Kinds of target that it can be done to, the one that tells most first.
    pub on: Vec<String>,
    /// Classes that it is limited to; empty: all.
    #[serde(default)]
    pub only: Vec<String>,
    /// What it is, for the prompt.
    pub meaning: Text,
    /// What the reader is asked to do; `{a}` is the target's name.
    pub sentence: Text,
    /// Where in the console.
    pub place: Option<Text>,
    /// Commands with slots: `{t}` the target's value, `{v}` its last part, and kinds.
    #[serde(default)]
    pub commands: Vec<String>,
    /// How to read the output.
    pub read: Option<Text>,
    /// What a change breaks.
    pub risk: Option<Text>,
    /// How to undo it.
    pub undo: Option<Text>,
    /// Entries that must stand before it.
    #[serde(default)]
    pub requires: Vec<String>,
    /// May be done at once, without waiting for anybody's answer.
    #[serde(default)]
    pub at_once: bool,
}

/// All entries, in the files' order.
///
/// # Panics
/// Never in a release: a test loads every file.
pub fn entries() -> &'static [Entry] {
    static ENTRIES: OnceLock<Vec<Entry>> = OnceLock::new();
    ENTRIES.get_or_init(|| {
        FILES
            .iter()
            .flat_map(|file| match serde_json::from_str::<Vec<Entry>>(file) {
                Ok(entries) => entries,
                Err(error) => panic!("a compiled-in catalogue file is broken: {error}"),
            })
            .collect()
    })
}

/// The entry of this id.
#[must_use]
pub fn entry(id: &str) -> Option<&'static Entry> {
    entries().iter().find(|entry| entry.id == id)
}

/// The entries that the classes of a family may be offered.
pub fn of_family(family: Family) -> impl Iterator<Item = &'static Entry> {
    let fits = move |id: &String| class(id).is_some_and(|class| class.family() == family);
    entries().iter().filter(move |entry| entry.only.is_empty() || entry.only.iter().any(fits))
}

/// An entry that can be done here, and to what.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The entry.
    pub entry: &'static Entry,
    /// Pseudonyms of the right kinds, in the order in which the entry names the kinds; an account last.
    pub targets: Vec<String>,
}

/// What can be proposed for a finding: entries for its class that have a target.
#[must_use]
pub fn offered(facts: &Facts) -> Vec<Offer> {
    entries()
        .iter()
        .filter(|entry| entry.only.is_empty() || entry.only.iter().any(|class| class == facts.class))
        .map(|entry| Offer { entry, targets: targets(entry, &facts.identities) })
        .filter(|offer| !offer.targets.is_empty())
        .collect()
}

/// The pseudonyms that an entry can be done to, in the order in which it names their kinds. An account is named in every
/// finding, and is the last resort.
#[must_use]
pub fn targets(entry: &Entry, identities: &Identities) -> Vec<String> {
    let rank = |identity: &Identity| entry.on.iter().position(|kind| kind == identity.kind);
    let mut found: Vec<_> =
        identities.iter().filter_map(|(name, identity)| Some((rank(identity)?, name, identity.kind))).collect();
    found.sort_by_key(|(rank, _, kind)| (*kind == "account", *rank));
    found.into_iter().map(|(_, name, _)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Language;

    #[test]
    fn every_entry_is_whole_and_what_it_requires_exists() {
        for entry in entries() {
            assert_eq!(entries().iter().filter(|other| other.id == entry.id).count(), 1, "{} twice", entry.id);
            assert!(!entry.on.is_empty(), "{} has no kind of target", entry.id);
            for required in &entry.requires {
                assert!(super::entry(required).is_some(), "{} requires {required}", entry.id);
            }
            if entry.kind == StepKind::Look {
                assert!(entry.read.is_some(), "{}: a look says how to read it", entry.id);
            }
            if entry.kind == StepKind::Act {
                assert!(entry.risk.is_some(), "{}: a change says what it breaks", entry.id);
            }
            for language in [Language::Ja, Language::En] {
                assert!(
                    !entry.sentence.of(language).is_empty() && !entry.meaning.of(language).is_empty(),
                    "{}",
                    entry.id
                );
            }
        }
    }

    /// Operations that read, and those that save or change; a command may use no other.
    const READS: &[&str] = &[
        "accessanalyzer list-analyzers",
        "account get-alternate-contact",
        "bedrock get-model-invocation-logging-configuration",
        "cloudtrail describe-trails",
        "cloudtrail get-trail",
        "cloudtrail get-trail-status",
        "cloudtrail lookup-events",
        "codebuild batch-get-projects",
        "configservice describe-compliance-by-config-rule",
        "configservice describe-config-rules",
        "configservice describe-configuration-recorder-status",
        "configservice describe-configuration-recorders",
        "configservice get-compliance-details-by-config-rule",
        "configservice get-resource-config-history",
        "configservice select-resource-config",
        "dynamodb describe-continuous-backups",
        "dynamodb describe-table",
        "ec2 describe-flow-logs",
        "ec2 describe-image-attribute",
        "ec2 describe-instances",
        "ec2 describe-launch-template-versions",
        "ec2 describe-network-acls",
        "ec2 describe-network-interfaces",
        "ec2 describe-security-group-rules",
        "ec2 describe-snapshot-attribute",
        "ec2 describe-snapshots",
        "ec2 describe-volumes",
        "ec2 describe-vpc-endpoints",
        "ec2 get-ebs-default-kms-key-id",
        "ec2 get-ebs-encryption-by-default",
        "ec2 get-snapshot-block-public-access-state",
        "ecr get-registry-scanning-configuration",
        "ecr get-repository-policy",
        "ecs describe-task-definition",
        "ecs describe-tasks",
        "ecs list-tasks",
        "efs describe-file-system-policy",
        "eks describe-addon",
        "eks describe-cluster",
        "eks list-access-entries",
        "elbv2 describe-listeners",
        "guardduty list-detectors",
        "guardduty list-malware-protection-plans",
        "health describe-events",
        "iam get-access-key-last-used",
        "iam get-account-password-policy",
        "iam get-account-summary",
        "iam get-login-profile",
        "iam get-policy",
        "iam get-role",
        "iam get-user",
        "iam list-access-keys",
        "iam list-attached-role-policies",
        "iam list-attached-user-policies",
        "iam list-entities-for-policy",
        "iam list-groups-for-user",
        "iam list-mfa-devices",
        "iam list-role-policies",
        "iam list-user-policies",
        "inspector2 batch-get-account-status",
        "inspector2 get-clusters-for-image",
        "inspector2 list-findings",
        "inspector2 search-vulnerabilities",
        "kms describe-key",
        "kms get-key-policy",
        "kms get-key-rotation-status",
        "lambda get-function-concurrency",
        "lambda get-function-configuration",
        "lambda get-function-url-config",
        "lambda get-policy",
        "lambda list-function-url-configs",
        "macie2 describe-buckets",
        "macie2 get-macie-session",
        "opensearch describe-domain",
        "rds describe-db-cluster-snapshot-attributes",
        "rds describe-db-clusters",
        "rds describe-db-instances",
        "rds describe-db-log-files",
        "rds describe-db-snapshot-attributes",
        "rds describe-events",
        "redshift describe-clusters",
        "s3api get-bucket-acl",
        "s3api get-bucket-encryption",
        "s3api get-bucket-lifecycle-configuration",
        "s3api get-bucket-logging",
        "s3api get-bucket-policy",
        "s3api get-bucket-policy-status",
        "s3api get-bucket-replication",
        "s3api get-bucket-versioning",
        "s3api get-object-lock-configuration",
        "s3api get-public-access-block",
        "s3api list-buckets",
        "s3api list-object-versions",
        "s3api list-objects-v2",
        "s3control get-access-point",
        "s3control get-access-point-policy-status",
        "s3control get-public-access-block",
        "secretsmanager describe-secret",
        "secretsmanager get-resource-policy",
        "securityhub get-findings",
        "security-ir get-case",
        "security-ir list-cases",
        "security-ir list-comments",
        "securityhub get-security-control-definition",
        "sns get-topic-attributes",
        "sqs get-queue-attributes",
        "ssm describe-instance-associations-status",
        "ssm describe-instance-information",
        "ssm describe-instance-patch-states",
        "ssm describe-instance-patches",
        "trustedadvisor list-recommendations",
    ];
    const SAVES: &[&str] = &["ec2 create-snapshots", "lambda publish-version", "rds create-db-snapshot"];
    const ACTS: &[&str] = &[
        "cloudtrail start-logging",
        "cloudtrail update-trail",
        "ec2 create-snapshots",
        "ec2 enable-ebs-encryption-by-default",
        "ec2 enable-snapshot-block-public-access",
        "ec2 modify-instance-metadata-options",
        "guardduty start-malware-scan",
        "iam put-user-policy",
        "iam update-access-key",
        "kms cancel-key-deletion",
        "kms enable-key",
        "kms enable-key-rotation",
        "lambda put-function-concurrency",
        "rds modify-db-cluster",
        "rds modify-db-cluster-snapshot-attribute",
        "rds modify-db-instance",
        "rds modify-db-snapshot-attribute",
        "s3api put-public-access-block",
        "s3control put-public-access-block",
    ];
    /// What is typed on the machine itself, whole up to here.
    const ON_THE_MACHINE: &[&str] = &["sudo journalctl -u ssh -u sshd -g Accepted"];
    /// Kubernetes' verbs for a kind; a save puts what it reads into a file of evidence.
    const VERBS: [(StepKind, &[&str]); 3] =
        [(StepKind::Look, &["get"]), (StepKind::Save, &["get", "logs"]), (StepKind::Act, &["apply", "label"])];

    /// The verb of a line for kubectl, which may name a namespace before it.
    fn verb<'a>(words: &[&'a str]) -> Option<&'a str> {
        match words {
            ["kubectl", "-n", "{namespace}", verb, ..] | ["kubectl", verb, ..] => Some(verb),
            _ => None,
        }
    }

    #[test]
    fn a_command_uses_an_operation_that_fits_its_kind() {
        for entry in entries() {
            for command in &entry.commands {
                let words: Vec<&str> = command.split(' ').collect();
                let line = match entry.kind {
                    StepKind::Save if words.first() == Some(&"kubectl") => command.replacen(" >evidence-", " ", 1),
                    StepKind::Act if words.first() == Some(&"kubectl") => command.replacen(" <<< '{{", " '", 1),
                    _ => command.clone(),
                };
                assert!(!line.contains(['`', '|', ';', '>', '<', '$', '&']), "{}: {command}", entry.id);
                if ON_THE_MACHINE.iter().any(|known| command.starts_with(known)) {
                    assert_eq!(entry.kind, StepKind::Look, "{}", entry.id);
                    continue;
                }
                if let Some(verb) = verb(&words) {
                    let fits = VERBS.iter().any(|(kind, verbs)| *kind == entry.kind && verbs.contains(&verb));
                    assert!(fits, "{}: {command}", entry.id);
                    continue;
                }
                assert_eq!(words.first(), Some(&"aws"), "{}", entry.id);
                let operation = words.iter().skip(1).take(2).copied().collect::<Vec<_>>().join(" ");
                let known = match entry.kind {
                    StepKind::Look => READS,
                    StepKind::Save => SAVES,
                    StepKind::Act => ACTS,
                    StepKind::Ask => &[],
                };
                assert!(known.contains(&operation.as_str()), "{}: {operation}", entry.id);
            }
        }
    }

    #[test]
    fn a_change_strengthens_what_it_changes() {
        let acts = entries().iter().filter(|entry| entry.kind == StepKind::Act).flat_map(|entry| &entry.commands);
        for command in acts {
            for weak in ["=false", "--status Active", "optional", "disabled", "delete-"] {
                assert!(!command.contains(weak), "{command}");
            }
        }
    }

    #[test]
    fn what_the_prompt_shows_holds_no_slot_and_a_slot_is_one_that_code_fills() {
        const SLOTS: &[&str] = &[
            "{a}",
            "{t}",
            "{v}",
            "{region}",
            "{iam_region}",
            "{account}",
            "{ami}",
            "{bucket}",
            "{case}",
            "{config_rule}",
            "{cve}",
            "{db_snapshot}",
            "{db}",
            "{file_system}",
            "{function}",
            "{image}",
            "{instance}",
            "{key_long}",
            "{key}",
            "{kms_key}",
            "{partition}",
            "{repository}",
            "{role}",
            "{secret}",
            "{sg}",
            "{snapshot}",
            "{sns_topic}",
            "{trail}",
            "{ecs_cluster}",
            "{ecs_task}",
            "{eks_cluster}",
            "{namespace}",
            "{pod}",
            "{user}",
            "{volume}",
            "{control}",
            "{resource}",
            "{target}",
            "{task_definition}",
            "{queue}",
        ];
        for entry in entries() {
            for language in [Language::Ja, Language::En] {
                let first = crate::advice::playbook::classes().iter().any(|class| class.first.contains(&entry.id));
                let shown = [Some(&entry.meaning), entry.risk.as_ref(), entry.read.as_ref().filter(|_| first)];
                for text in shown.into_iter().flatten() {
                    assert!(!text.of(language).contains('{'), "{}: {}", entry.id, text.of(language));
                }
                let texts = [Some(&entry.sentence), entry.place.as_ref(), entry.read.as_ref(), entry.undo.as_ref()];
                let texts = texts.into_iter().flatten().map(|text| text.of(language));
                for text in texts.chain(entry.commands.iter().map(String::as_str)) {
                    let bare = SLOTS.iter().fold(text.to_owned(), |bare, slot| bare.replace(slot, ""));
                    assert!(!bare.replace("{{", "").replace("}}", "").contains(['{', '}']), "{}: {text}", entry.id);
                }
            }
        }
    }
}
