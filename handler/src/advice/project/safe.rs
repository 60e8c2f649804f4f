//! Grammars and allow-lists: what of an event may stand in a fact in clear. All else is a pseudonym or stays hidden.

use std::sync::OnceLock;

use regex_lite::Regex;

use crate::finding::{Finding, Language, Source};

/// Words that say what a thing is for, when they stand in its name.
const WORDS: &str = "ci cd deploy build runner jenkins github gitlab terraform legacy old new temp tmp batch job cron worker node \
    web api app site static assets public private internal admin root ops backup archive export exports import log logs audit \
    trail main org test dev stg staging prod production sandbox bastion jump vpn db data etl report reports payment payments \
    order orders checkout cart shop user users customer customers member auth login mail pdf csv image video converter";
/// Words of the names that AWS gives to its rules, checks and insights. Who names a rule of their own may write anything.
const TOPICS: &str = "access account accounts acm acl acls active administrator alb all ami api apigateway approved associated \
    attached audit authentication authorization authorized auto autoscaling aws backup balancer block blocked bucket buckets \
    cache certificate certificates check classic cloudformation cloudfront cloudtrail cloudwatch cluster clusters cmk codebuild \
    compliance config console container control credentials customer data database db default deletion deprecated detailed \
    detective direct disabled distribution dms dns domain dynamodb ebs ec2 ecr ecs efs egress eks elasticache elasticsearch elb \
    elbv2 emr enabled encrypted encryption endpoint exposed expiration external failed findings full function gateway group \
    groups guardduty high http https iam image imds imdsv2 incoming ingress insecure inside instance instances internet inventory \
    invocation ip kds key keys kinesis kms lambda launch lifecycle listener load lock log logging login logs macie managed manager \
    management master mfa minimum monitoring most multi mx nacl neptune network no object open opensearch or origin owner password \
    patch permissions platform point policies policy port ports private prohibited protection public publicly queue rds read \
    record records recovery redshift region replication repository required resource resources restorable restricted retention \
    risk role roles root rotated rotation route53 routing rule rules runtime runtimes s3 sagemaker scan scanning secret secrets \
    secretsmanager security securityhub server sensitive service session severity shared size sns snapshot snapshots source \
    specific sqs ssh ssl ssm state stopped subnet support tag tagged tags tls top topic trail traffic trust type unrestricted \
    unused use used user users validation version versioning virtual volume volumes vpc vpn vulnerability waf wafv2 webacl \
    without write zone";
/// The longest ARN of an object that is named, in bytes; no reader follows a longer one.
const LONGEST_OBJECT: usize = 512;
/// A name of AWS's has fewer.
const MOST_TOPICS: usize = 12;
/// Characters of a word of a detail-type that has a digit in it: `Inspector2`.
const LONGEST_NUMBERED: usize = 11;
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
    /// A name in parts: an ECR repository.
    is_path = r"^[a-z0-9][a-z0-9._/-]{1,255}$";
    /// An EBS volume id.
    is_volume = r"^vol-(?:[0-9a-f]{8}|[0-9a-f]{17})$";
    /// An EBS snapshot id.
    is_snapshot = r"^snap-(?:[0-9a-f]{8}|[0-9a-f]{17})$";
    /// An AMI id.
    is_ami = r"^ami-(?:[0-9a-f]{8}|[0-9a-f]{17})$";
    /// A VPC id.
    is_vpc = r"^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$";
    /// A subnet id.
    is_subnet = r"^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})$";
    /// A network interface id.
    is_eni = r"^eni-(?:[0-9a-f]{8}|[0-9a-f]{17})$";
    /// A network ACL id.
    is_nacl = r"^acl-(?:[0-9a-f]{8}|[0-9a-f]{17})$";
    /// A launch template id.
    is_launch_template = r"^lt-(?:[0-9a-f]{8}|[0-9a-f]{17})$";
    /// An EFS file system id.
    is_file_system = r"^fs-(?:[0-9a-f]{8}|[0-9a-f]{17})$";
    /// A CloudTrail trail: its name or its ARN.
    is_trail = r"^(?:arn:aws[a-z-]{0,10}:cloudtrail:[a-z0-9-]{1,25}:\d{12}:trail/)?[A-Za-z0-9._-]{3,128}$";
    /// An API operation: one of the verbs that AWS's operations begin with.
    is_api = r"^(?:Accept|Add|Allocate|Assign|Associate|Assume|Attach|Authorize|Batch|Cancel|Change|Check|Complete|Console|Copy|Create|Deactivate|Decrypt|Delete|Deregister|Describe|Detach|Disable|Disassociate|Enable|Encrypt|Execute|Export|Generate|Get|Head|Import|Invoke|Issue|List|Lookup|Modify|Move|Post|Publish|Put|Query|Reboot|Receive|Register|Reject|Release|Remove|Renew|Replace|Request|Reset|Restore|Resume|Revoke|Rotate|Run|Scan|Search|Select|Send|Set|Simulate|Start|Stop|Submit|Suspend|Switch|Tag|Terminate|Test|Unassign|Untag|Update|Upload|Validate|Verify)[A-Za-z0-9]{0,50}$";
    /// A service's prefix.
    is_service = r"^[a-z][a-z0-9-]{1,30}$";
    /// A hash of a file: MD5, SHA-1 or SHA-256.
    is_hash = r"^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64})$";
    /// A container's image, by name.
    is_image = r"^[A-Za-z0-9][A-Za-z0-9._/:@-]{1,255}$";
    /// An ECS task.
    is_task = r"^arn:aws[a-z-]{0,10}:ecs:[a-z0-9-]{1,25}:\d{12}:task/[A-Za-z0-9_/-]{1,300}$";
    /// A country's name as GuardDuty writes it.
    is_country = r"^[A-Z][A-Za-z .]{1,40}$";
    /// A package's name; it stands behind a pseudonym, and a reader sees it.
    is_package = r"^[A-Za-z0-9@][A-Za-z0-9@._+/:~-]{0,99}$";
    /// A package's version: it has a digit in it.
    is_version = r"^[A-Za-z0-9._+:~-]{0,40}\d[A-Za-z0-9._+:~-]{0,60}$";
    /// Who may have access: an account, an ARN, an AWS service or an identity provider.
    is_principal = r"^[A-Za-z0-9][A-Za-z0-9:/._@+=,*-]{0,255}$";
    /// A finding type of GuardDuty or Macie.
    is_finding_type = r"^[A-Z][A-Za-z]{2,30}:[A-Za-z0-9]{2,30}/[A-Z][A-Za-z0-9.!&-]{2,80}$";
    /// A Security Hub control id.
    is_control = r"^(?:[A-Z][A-Za-z0-9]{1,20}\.\d{1,3}|(?:[A-Z]{3}\.)?[A-Z][A-Za-z0-9]{1,20}\.\d{1,3}|(?:CIS\.)?\d{1,2}(?:\.\d{1,2}){1,2})$";
    /// A CVE id.
    is_cve = r"^CVE-\d{4}-\d{4,7}$";
    /// A code of AWS Health.
    is_health_code = r"^AWS_[A-Z0-9]{2,20}(?:_[A-Z0-9]{1,20}){1,8}$";
    /// An id that IAM gave: not the name that its commands take.
    is_unique_id = r"^A(?:IDA|ROA|GPA|NPA)[A-Z0-9]{12,124}$";
    /// A name of a rule of Config.
    is_rule = r"^[A-Za-z0-9_-]{1,128}$";
    /// An event's source of AWS.
    is_event_source = r"^aws\.[a-z0-9-]{1,40}$";
}

/// An object of S3, by its ARN. Its key may hold anything; a line end in it would break the reader's.
pub(super) fn is_object(arn: &str) -> bool {
    arn.starts_with("arn:") && arn.contains(":s3:::") && arn.len() <= LONGEST_OBJECT && !arn.contains(['\n', '\t'])
}

/// An event's detail-type: words, of which those with a digit are too short for an account or a key.
pub(super) fn is_detail_type(text: &str) -> bool {
    let is_word = |word: &str| {
        word.chars().all(|c| c.is_ascii_alphanumeric())
            && (!word.contains(|c: char| c.is_ascii_digit()) || word.len() <= LONGEST_NUMBERED)
    };
    (1..=64).contains(&text.len()) && text.split([' ', '.', '_', '-']).all(is_word)
}

/// A product's name, when it is one of AWS's; an importer can call its product anything.
pub(super) fn product(finding: &Finding, language: Language) -> &'static str {
    let own = match finding.source {
        Source::GuardDuty => Some("guardduty"),
        Source::Inspector => Some("inspector"),
        Source::Macie => Some("macie"),
        Source::AccessAnalyzer => Some("access-analyzer"),
        _ => aws_product(finding),
    };
    match (own, language) {
        (Some("guardduty"), _) => "GuardDuty",
        (Some("securityhub" | "securityhub-risk"), _) => "Security Hub",
        (Some("inspector"), _) => "Inspector",
        (Some("macie"), _) => "Macie",
        (Some("access-analyzer"), _) => "IAM Access Analyzer",
        (Some("config"), _) => "AWS Config",
        (Some("health"), _) => "AWS Health",
        (_, Language::Ja) => "製品",
        (_, Language::En) => "the product",
    }
}

/// The product of AWS's own that made a finding in ASFF or OCSF: its ARN alone cannot be borrowed by an importer.
pub(super) fn aws_product(finding: &Finding) -> Option<&str> {
    let (place, mark) = match finding.source {
        Source::Asff => ("/ProductArn", "::product/aws/"),
        Source::Ocsf => ("/metadata/product/uid", "::productv2/aws/"),
        _ => return None,
    };
    let (_, product) = finding.detail.pointer(place)?.as_str()?.split_once(mark)?;
    Some(product)
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

/// The words of [`TOPICS`] in a name, in its order, each once.
pub(super) fn topics(name: &str) -> Vec<String> {
    let lower = name.to_ascii_lowercase();
    let mut found: Vec<String> = Vec::new();
    for word in lower.split(|c: char| !c.is_ascii_alphanumeric()) {
        let known = TOPICS.split_ascii_whitespace().any(|known| known == word);
        if known && found.len() < MOST_TOPICS && !found.iter().any(|it| it == word) {
            found.push(word.to_owned());
        }
    }
    found
}

/// Whether a name has a word for production in it.
pub(super) fn names_production(name: &str) -> bool {
    name.to_ascii_lowercase().split(|c: char| !c.is_ascii_alphanumeric()).any(|word| PRODUCTION.contains(&word))
        || name.contains("本番")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammars_take_what_aws_writes_and_nothing_beside() {
        assert!(is_region("ap-northeast-1") && is_region("us-gov-west-1") && !is_region("ap-northeast-1;x"));
        assert!(is_finding_type("UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS"));
        assert!(is_finding_type("Backdoor:EC2/C&CActivity.B!DNS"));
        assert!(!is_finding_type("Ignore:All/previous instructions"));
        assert!(
            is_control("S3.8")
                && is_control("1.14")
                && is_control("CIS.1.14")
                && is_control("PCI.S3.1")
                && !is_control("S3.8 ignore")
        );
        assert!(is_api("ListBuckets") && is_api("GetObject") && !is_api("IgnorePreviousInstructions"));
        assert!(is_trail("main-trail") && is_trail("arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"));
        assert!(!is_trail("main trail") && !is_trail("arn:aws:s3:::main"));
        assert!(is_detail_type("EC2 Instance State-change Notification") && is_detail_type("Inspector2 Finding"));
        assert!(!is_detail_type("Of 111122223333") && !is_detail_type("") && !is_detail_type("AKIAIOSFODNN7EXAMPLE"));
        assert!(is_account("111122223333") && !is_account("11112222333") && !is_account("111122223333 "));
    }

    #[test]
    fn names_say_what_they_are_for() {
        assert_eq!(words("Order-Batch-exports-9f"), ["batch", "exports", "order"]);
        assert_eq!(
            topics("S3-bucket-public-read-prohibited-ignore-all-previous-bucket"),
            ["s3", "bucket", "public", "read", "prohibited", "all"]
        );
        assert_eq!(topics(TOPICS).len(), MOST_TOPICS);
        assert!(names_production("shop-prod") && !names_production("product"));
    }
}
