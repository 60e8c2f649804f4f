//! The one model: what every source's event is read into, and what every later room works on.

use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::plain::Plain;

/// One security finding, as far as its event could be read.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What is one problem, whichever way it came.
    pub key: FindingKey,
    /// The format that it was read from; picks the facts that a model may see.
    pub source: Source,
    /// The product in the reader's words: `GuardDuty`, `Security Hub`, a partner's name, or the event's `source`.
    pub product: Plain,
    /// The finding's own id (an ARN or a product's id); empty when none could be read.
    pub id: Plain,
    /// `aws`, `aws-cn` or `aws-us-gov`.
    pub partition: Partition,
    /// The account that the finding is about.
    pub account: Plain,
    /// Its name, where the event has one.
    pub account_name: Option<Plain>,
    /// The Region that the finding is about.
    pub region: Plain,
    /// The account whose bus the event came over; differs from `account` at a delegated administrator.
    pub event_account: Plain,
    /// `None` where no severity could be read: such a finding passes every severity filter.
    pub severity: Option<Severity>,
    /// Open or closed, and how it was closed.
    pub state: State,
    /// The product's own title.
    pub title: Plain,
    /// The product's own description.
    pub description: Plain,
    /// The product's own types, the telling one first (a GuardDuty finding type, a control id as `security-control/S3.8`).
    pub types: Vec<Plain>,
    /// What is affected, the main one first.
    pub resources: Vec<Resource>,
    /// First time the activity was seen, else when the finding was made.
    pub first_seen: Option<Timestamp>,
    /// Last time the activity was seen, else when the finding was updated.
    pub last_seen: Option<Timestamp>,
    /// When the product last changed this finding: an event older than what the ledger knows is held.
    pub updated: Option<Timestamp>,
    /// How often the activity was seen, where the product counts.
    pub count: Option<u64>,
    /// Who acts in it: a principal, or the network that calls come from. Not the addresses that attack a resource of ours:
    /// they change all the time and say nothing new.
    pub actors: Vec<Plain>,
    /// Who wrote the note on it, as the event says: whoever suppresses a finding often leaves one.
    pub note_by: Option<Plain>,
    /// The name of the custom action, when a person asked for this notification.
    pub asked_for: Option<Plain>,
    /// A sample finding, made to try things out.
    pub sample: bool,
    /// What could not be read; a notification says so.
    pub unread: Vec<Unread>,
    /// Paths inside `detail` whose text held hidden code points (now stripped): a signal by itself.
    pub hidden_in: Vec<String>,
    /// The finding's own object, cleaned. `advice::project` looks into it by an allow-list, and the notification takes one link
    /// from it, to AWS's documentation only.
    pub detail: Arc<Value>,
    /// The original message, whole.
    pub event: Plain,
    /// When the event was sent.
    pub event_time: Option<Timestamp>,
}

impl Finding {
    /// The telling type, or nothing.
    #[must_use]
    pub fn main_type(&self) -> &str {
        self.types.first().map_or("", Plain::text)
    }
}

/// The formats that intake reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// `GuardDuty Finding`, native.
    #[serde(rename = "guardduty")]
    GuardDuty,
    /// `Security Hub Findings - Imported` and `- Custom Action`, ASFF.
    Asff,
    /// `Findings Imported V2` of Security Hub, OCSF.
    Ocsf,
    /// `Inspector2 Finding`, native.
    Inspector,
    /// `Macie Finding`, native.
    Macie,
    /// `Access Analyzer Finding`, `Internal Access Finding` and `Unused Access Finding for IAM entities`, native.
    AccessAnalyzer,
    /// `Config Rules Compliance Change`.
    Config,
    /// `AWS Health Abuse Event` and `AWS Health Event` about abuse, risk or security.
    Health,
    /// `Trusted Advisor Check Item Refresh Notification`.
    TrustedAdvisor,
    /// `AWS Console Sign In via CloudTrail` of a root user, and `Sign-in Anomaly Alert`.
    SignIn,
    /// Cases of AWS Security Incident Response.
    SecurityIr,
    /// GuardDuty's events that are no findings: malicious objects, and protection that is down.
    GuardDutyProtection,
    /// `Security Hub Insight Results`.
    Insight,
    /// Anything else: made from the envelope.
    Envelope,
}

impl Source {
    /// The word for logs, metrics and message attributes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::GuardDuty => "guardduty",
            Self::Asff => "asff",
            Self::Ocsf => "ocsf",
            Self::Inspector => "inspector",
            Self::Macie => "macie",
            Self::AccessAnalyzer => "access_analyzer",
            Self::Config => "config",
            Self::Health => "health",
            Self::TrustedAdvisor => "trusted_advisor",
            Self::SignIn => "sign_in",
            Self::SecurityIr => "security_ir",
            Self::GuardDutyProtection => "guardduty_protection",
            Self::Insight => "insight",
            Self::Envelope => "envelope",
        }
    }
}

/// What could not be read of an event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unread {
    /// The body is no JSON object.
    Body,
    /// Nobody here knows events of this `source` and `detail-type`.
    Unknown,
    /// A field that every finding of this format has was missing or of another type; its path, in the format's own words.
    Field(&'static str),
    /// Reading or advising panicked; the notification is made from the envelope.
    Panic,
}

/// Severity, in the order of the AWS Security Finding Format's labels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    /// Nothing is wrong.
    Informational,
    /// No action by itself.
    Low,
    /// Needs attention, not at once.
    Medium,
    /// A priority.
    High,
    /// At once.
    Critical,
}

impl Severity {
    /// The label as ASFF writes it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Informational => "INFORMATIONAL",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }

    /// Reads an ASFF label.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        [Self::Informational, Self::Low, Self::Medium, Self::High, Self::Critical]
            .into_iter()
            .find(|severity| severity.label() == label)
    }
}

/// Whether the finding still stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// Active, and nobody has dealt with it.
    Open,
    /// The product or a person archived the record.
    Archived,
    /// Workflow status RESOLVED.
    Resolved,
    /// Workflow status SUPPRESSED.
    Suppressed,
    /// The control, rule or check passes again.
    Passed,
    /// The product closed it: what it was about is mended or gone.
    Closed,
    /// The product deleted it, with what it was about.
    Deleted,
    /// The product could not evaluate it.
    Unknown,
}

/// A resource that a finding is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    /// `AwsS3Bucket`, `Instance`: the format's own word.
    pub kind: Plain,
    /// An ARN or an id.
    pub id: Plain,
    /// Tags, in the event's order.
    pub tags: Vec<(Plain, Plain)>,
}

impl Resource {
    /// Its type in one way of writing ([`type_word`]).
    #[must_use]
    pub fn type_word(&self) -> String {
        type_word(self.kind.text())
    }
}

/// A resource type in one way of writing: `AwsS3Bucket` (ASFF), `AWS::S3::Bucket` (AWS Config), `S3Bucket` (GuardDuty) and
/// `AWS_S3_BUCKET` (Inspector) are all `s3bucket`.
#[must_use]
pub fn type_word(written: &str) -> String {
    let plain: String = written.chars().filter(char::is_ascii_alphanumeric).collect();
    let plain = plain.to_ascii_lowercase();
    match plain.strip_prefix("aws").unwrap_or(&plain) {
        // GuardDuty leaves the service out.
        "instance" => "ec2instance".into(),
        "accesskey" => "iamaccesskey".into(),
        "lambda" => "lambdafunction".into(),
        other => other.into(),
    }
}

/// The partition of every ARN and link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partition {
    /// Commercial Regions.
    Aws,
    /// China.
    Cn,
    /// GovCloud (US).
    UsGov,
}

impl Partition {
    /// From a Region's name; a Region decides its partition.
    #[must_use]
    pub fn of_region(region: &str) -> Self {
        if region.starts_with("cn-") {
            Self::Cn
        } else if region.starts_with("us-gov-") {
            Self::UsGov
        } else {
            Self::Aws
        }
    }

    /// The partition's word in an ARN.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Cn => "aws-cn",
            Self::UsGov => "aws-us-gov",
        }
    }

    /// The console's domain: `https://REGION.` goes before it.
    #[must_use]
    pub fn console_domain(self) -> &'static str {
        match self {
            Self::Aws => "console.aws.amazon.com",
            Self::Cn => "console.amazonaws.cn",
            Self::UsGov => "console.amazonaws-us-gov.com",
        }
    }
}

/// Identity of one problem: the SHA-256 of its parts in hexadecimal, so that it can stand in logs and as a table's key.
#[derive(Clone, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub struct FindingKey(String);

impl FindingKey {
    /// Makes the key of the parts that name one problem (product first). The parts are length-prefixed, so that no two
    /// lists of parts give the same bytes.
    #[must_use]
    pub fn of(parts: &[&str]) -> Self {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
        Self(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// 64 hexadecimal digits.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

/// The languages of a notification.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// Japanese.
    Ja,
    /// English.
    En,
}

impl Language {
    /// `ja` or `en`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Ja => "ja",
            Self::En => "en",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_has_one_word_in_the_contract_and_everywhere_else() {
        use Source::*;
        let all = [
            GuardDuty,
            Asff,
            Ocsf,
            Inspector,
            Macie,
            AccessAnalyzer,
            Config,
            Health,
            TrustedAdvisor,
            SignIn,
            SecurityIr,
            Envelope,
        ];
        for source in all {
            assert_eq!(serde_json::to_value(source).ok().as_ref().and_then(|word| word.as_str()), Some(source.word()));
        }
    }

    #[test]
    fn a_resource_type_has_one_word_however_it_is_written() {
        for written in ["AwsS3Bucket", "AWS::S3::Bucket", "S3Bucket", "AWS_S3_BUCKET"] {
            assert_eq!(type_word(written), "s3bucket");
        }
        assert_eq!(type_word("Instance"), type_word("AwsEc2Instance"));
        assert_eq!(type_word("AccessKey"), type_word("AWS::IAM::AccessKey"));
    }
}
