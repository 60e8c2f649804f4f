//! Controls of Security Hub's standards: one problem is a control on a resource, in ASFF and in OCSF, over all standards and,
//! for what has no Region, over all Regions.

use super::arn::Arn;
use super::field::Field;
use crate::finding::{FindingKey, Resource};
use crate::plain::Plain;

/// A control of a Security Hub standard.
pub(super) struct Control {
    /// `S3.8`; in older findings the standard's own number: `1.2` of CIS 1.2.0, `CIS.1.2` of a later version.
    id: Plain,
    /// The id, with the standard where only the two together are unique.
    identity: String,
}

impl Control {
    /// The control of a finding in ASFF.
    pub(super) fn of_asff(detail: Field<'_>) -> Option<Self> {
        let fields = detail.get("ProductFields");
        let control = detail.get("Compliance.SecurityControlId");
        let old = fields.get("ControlId").or(fields.get("RuleId"));
        let id = control.or(old).plain();
        if id.is_empty() {
            return None;
        }
        if control.exists() || !id.text().starts_with(|first: char| first.is_ascii_digit()) {
            return Some(Self::of(id));
        }
        // A bare number is another control in each version of the CIS benchmark; the first had no mark of its own.
        let standard = fields.get("StandardsGuideArn").or(fields.get("StandardsArn")).plain();
        let identity = format!("{} {}", standard.text(), id.text());
        let is_first = standard.is_empty() || standard.text().ends_with("/v/1.2.0");
        Some(Self { identity, id: if is_first { id } else { Plain::new(format!("CIS.{}", id.text())) } })
    }

    /// The control of a finding in OCSF.
    pub(super) fn of_ocsf(detail: Field<'_>) -> Option<Self> {
        let id = detail.get("compliance.control").plain();
        (!id.is_empty()).then(|| Self::of(id))
    }

    fn of(id: Plain) -> Self {
        Self { identity: id.text().to_owned(), id }
    }

    /// The telling type of its findings: `security-control/S3.8`.
    pub(super) fn kind(&self) -> Plain {
        Plain::new(format!("security-control/{}", self.id.text()))
    }

    /// What is one problem.
    pub(super) fn key(&self, account: &str, region: &str, resource: &Resource) -> FindingKey {
        let region = if self.is_everywhere(resource) { "" } else { region };
        FindingKey::of(&["control", &self.identity, account, region, name_of(resource)])
    }

    /// Whether every Region reports it on this resource: one whose ARN has no Region (a bucket, a role); of the controls on a
    /// whole account only those on IAM and its root user.
    fn is_everywhere(&self, resource: &Resource) -> bool {
        if is_account(resource) {
            return self.is_of_iam();
        }
        match Arn::of(resource.id.text()) {
            Some(arn) => arn.has_no_region(),
            None => is_of(resource, "s3bucket") || is_of(resource, "iam"),
        }
    }

    /// `IAM.6`, `PCI.IAM.1`; chapter 1 of the CIS benchmarks is IAM.
    fn is_of_iam(&self) -> bool {
        let id = self.id.text();
        id.split('.').any(|part| part == "IAM") || id.starts_with("1.") || id.starts_with("CIS.1.")
    }
}

/// The resource in the one way that both formats have: where ASFF writes an ARN, OCSF may write a bare id. Only what is unique
/// without its ARN is shortened, or two resources would be one.
fn name_of(resource: &Resource) -> &str {
    let id = resource.id.text();
    let last = id.rsplit(['/', ':']).next().unwrap_or(id);
    let bucket = id.split_once(":s3:::").map(|(_, bucket)| bucket).filter(|bucket| !bucket.contains('/'));
    let is_digits = last.len() == 12 && last.bytes().all(|byte| byte.is_ascii_digit());
    match bucket {
        Some(bucket) => bucket,
        None if is_account(resource) && is_digits => last,
        None if id.contains(":ec2:") && is_ec2(last) => last,
        None => id,
    }
}

/// An id of EC2, as `i-0123456789abcdef0`: no two resources share one.
fn is_ec2(id: &str) -> bool {
    let hexadecimal = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    id.rsplit_once('-').is_some_and(|(kind, number)| {
        !kind.is_empty() && matches!(number.len(), 8 | 17) && number.bytes().all(hexadecimal)
    })
}

fn is_account(resource: &Resource) -> bool {
    resource.id.text().starts_with("AWS::::Account:") || is_of(resource, "account")
}

/// Whether the resource's type begins so: `AwsS3Bucket` and `AWS::S3::Bucket` are both of `s3bucket`.
fn is_of(resource: &Resource, kind: &str) -> bool {
    let plain: String = resource.kind.text().chars().filter(char::is_ascii_alphanumeric).collect();
    plain.to_ascii_lowercase().strip_prefix("aws").is_some_and(|plain| plain.starts_with(kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(kind: &str, id: &str, region: &str) -> FindingKey {
        let resource = Resource { kind: Plain::new(kind), id: Plain::new(id), tags: Vec::new() };
        Control::of(Plain::new("X.1")).key("111122223333", region, &resource)
    }

    #[test]
    fn both_formats_name_one_resource() {
        for (asff, arn, ocsf, bare) in [
            ("AwsS3Bucket", "arn:aws:s3:::a-bucket", "AWS::S3::Bucket", "a-bucket"),
            ("AwsAccount", "AWS::::Account:111122223333", "AWS::::Account", "111122223333"),
            (
                "AwsEc2Instance",
                "arn:aws:ec2:us-east-1:111122223333:instance/i-0123456789abcdef0",
                "AWS::EC2::Instance",
                "i-0123456789abcdef0",
            ),
            ("AwsIamRole", "arn:aws:iam::111122223333:role/a", "AWS::IAM::Role", "arn:aws:iam::111122223333:role/a"),
        ] {
            assert_eq!(key(asff, arn, "us-east-1"), key(ocsf, bare, "us-east-1"), "{arn}");
        }
        assert_eq!(key("AWS::S3::Bucket", "a-bucket", "us-east-1"), key("AWS::S3::Bucket", "a-bucket", "us-west-2"));
    }

    #[test]
    fn what_only_an_arn_tells_apart_stays_apart() {
        let stage = |api: &str| format!("arn:aws:apigateway:us-east-1::/restapis/{api}/stages/prod");
        assert_ne!(key("AwsApiGatewayStage", &stage("a"), ""), key("AwsApiGatewayStage", &stage("b"), ""));
        let service = |cluster: &str| format!("arn:aws:ecs:us-east-1:111122223333:service/{cluster}/s-01234567");
        assert_ne!(key("AwsEcsService", &service("a"), ""), key("AwsEcsService", &service("b"), ""));
        assert_ne!(key("AWS::EC2::Instance", "i-0", "us-east-1"), key("AWS::EC2::Instance", "i-0", "us-west-2"));
        assert_ne!(key("AwsS3Object", "arn:aws:s3:::b/k", ""), key("AwsS3Object", "arn:aws:s3:::c/k", ""));
    }
}
