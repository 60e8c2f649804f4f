//! The parts of an ARN: `arn:PARTITION:SERVICE:REGION:ACCOUNT:RESOURCE`.

use crate::finding::Partition;
use crate::plain::Plain;

/// An ARN's parts, as they stand; Region and account may be empty.
pub(super) struct Arn<'a> {
    partition: &'a str,
    region: &'a str,
    account: &'a str,
}

impl<'a> Arn<'a> {
    /// Reads an ARN; nothing where the text is none.
    pub(super) fn of(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(6, ':');
        let (prefix, partition, _service) = (parts.next()?, parts.next()?, parts.next()?);
        let (region, account, _resource) = (parts.next()?, parts.next()?, parts.next()?);
        (prefix == "arn").then_some(Self { partition, region, account })
    }

    /// Whether its resource belongs to no Region.
    pub(super) fn has_no_region(self) -> bool {
        self.region.is_empty()
    }

    /// What stands behind the account in this text, where it is an ARN.
    pub(super) fn resource_of(text: &str) -> Option<&str> {
        Arn::of(text)?;
        text.splitn(6, ':').nth(5)
    }

    /// The account in this text, where it is an ARN that has one.
    pub(super) fn account_of(text: &str) -> Plain {
        Plain::new(Arn::of(text).map_or("", |arn| arn.account))
    }

    /// The Region in this text, where it is an ARN that has one.
    pub(super) fn region_of(text: &str) -> Plain {
        Plain::new(Arn::of(text).map_or("", |arn| arn.region))
    }

    /// The partition of this ARN or, where the text is no ARN of a known partition, of the Region.
    pub(super) fn partition_of(text: &'a str, region: &str) -> Partition {
        [Partition::Aws, Partition::Cn, Partition::UsGov]
            .into_iter()
            .find(|known| Self::of(text).is_some_and(|arn| arn.partition == known.word()))
            .unwrap_or_else(|| Partition::of_region(region))
    }
}

/// The kind of a resource whose event says none, by the form of its id; `resource` where that tells nothing.
pub(super) fn kind_of(id: &str) -> &'static str {
    // Of an ARN: the service, what its resource begins with, and the kind.
    const KINDS: [(&str, &str, &str); 15] = [
        ("ec2", "instance/", "AwsEc2Instance"),
        ("ec2", "security-group/", "AwsEc2SecurityGroup"),
        ("ec2", "volume/", "AwsEc2Volume"),
        ("ec2", "snapshot/", "AwsEc2Snapshot"),
        ("ec2", "vpc/", "AwsEc2Vpc"),
        ("iam", "user/", "AwsIamUser"),
        ("iam", "role/", "AwsIamRole"),
        ("iam", "policy/", "AwsIamPolicy"),
        ("iam", "root", "AwsAccount"),
        ("lambda", "function:", "AwsLambdaFunction"),
        ("rds", "db:", "AwsRdsDbInstance"),
        ("rds", "cluster:", "AwsRdsDbCluster"),
        ("rds", "snapshot:", "AwsRdsDbSnapshot"),
        ("s3", "", "AwsS3Bucket"),
        ("kms", "key/", "AwsKmsKey"),
    ];
    let mut parts = id.splitn(6, ':');
    if let (Some("arn"), _, Some(service), _, _, Some(resource)) =
        (parts.next(), parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
    {
        let is_object = service == "s3" && resource.contains('/');
        let known = KINDS.iter().find(|(of, start, _)| *of == service && resource.starts_with(start) && !is_object);
        return known.map_or("resource", |(_, _, kind)| kind);
    }
    let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    match id {
        _ if id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit()) => "AwsAccount",
        _ if !plain => "resource",
        _ if id.starts_with("AKIA") || id.starts_with("ASIA") => "AccessKey",
        _ if id.starts_with("i-") => "AwsEc2Instance",
        _ if id.starts_with("sg-") => "AwsEc2SecurityGroup",
        _ if id.starts_with("vol-") => "AwsEc2Volume",
        _ => "resource",
    }
}

/// What stands behind the last slash: the finding's id in the ARN of a finding.
pub(super) fn last_segment(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_its_kind_by_its_form() {
        for (id, kind) in [
            ("arn:aws:ec2:eu-west-1:111122223333:instance/i-0123456789abcdef0", "AwsEc2Instance"),
            ("arn:aws:iam::111122223333:root", "AwsAccount"),
            ("arn:aws:rds:eu-west-1:111122223333:db:orders", "AwsRdsDbInstance"),
            ("arn:aws-cn:s3:::a-bucket", "AwsS3Bucket"),
            ("arn:aws:s3:::a-bucket/an object", "resource"),
            ("arn:aws:tea:::pot", "resource"),
            ("arn:aws", "resource"),
            ("AKIAIOSFODNN7EXAMPLE", "AccessKey"),
            ("111122223333", "AwsAccount"),
            ("i-0123456789abcdef0", "AwsEc2Instance"),
            ("i-am no instance", "resource"),
            ("", "resource"),
        ] {
            assert_eq!(kind_of(id), kind, "{id}");
        }
    }
}
