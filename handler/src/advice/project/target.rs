//! Resources as targets of the catalogue: which kind they are, and the value that a command takes.

use super::safe;
use crate::finding::{Language, Resource};

/// The longest ARN that is named; AWS's own limit is 2048, and no reader follows such a line.
const LONGEST: usize = 512;

/// What a resource is as a target.
pub(super) struct Target<'a> {
    /// The pseudonym's letter.
    pub(super) letter: char,
    /// The catalogue's word.
    pub(super) kind: &'static str,
    /// What a command takes.
    pub(super) value: &'a str,
}

/// Reads a resource; nothing where its id has no known form.
pub(super) fn of(resource: &Resource) -> Option<Target<'_>> {
    let id = resource.id.text();
    let last = id.rsplit(['/', ':']).next().unwrap_or_default();
    let (letter, kind, value, fits): (_, _, _, fn(&str) -> bool) = match resource.kind.text() {
        "AwsS3Bucket" | "S3Bucket" => ('R', "bucket", last, safe::is_bucket),
        "AwsEc2Instance" | "Instance" => ('R', "instance", last, safe::is_instance),
        "AwsEc2SecurityGroup" => ('G', "sg", last, safe::is_security_group),
        "AwsIamRole" => ('P', "role", last, safe::is_name),
        "AwsIamUser" => ('P', "user", last, safe::is_name),
        "AwsCloudTrailTrail" => ('R', "trail", id, safe::is_trail),
        "AwsAccount" => ('A', "account", last, safe::is_account),
        // It stands in its own facts, which tell a temporary key from a long-term one.
        "AccessKey" | "AwsIamAccessKey" => return None,
        _ => ('R', "resource", id, is_arn),
    };
    if fits(value) {
        return Some(Target { letter, kind, value });
    }
    is_arn(id).then_some(Target { letter: 'R', kind: "resource", value: id })
}

fn is_arn(id: &str) -> bool {
    id.starts_with("arn:") && id.len() <= LONGEST && !id.contains(char::is_whitespace)
}

/// A kind in the reader's words.
pub(super) fn kind_words(kind: &str, language: Language) -> &'static str {
    let (ja, en) = match kind {
        "bucket" => (" S3 バケット", "S3 bucket"),
        "instance" => (" EC2 インスタンス", "EC2 instance"),
        "sg" => ("セキュリティグループ", "security group"),
        "role" => (" IAM ロール", "IAM role"),
        "user" => (" IAM ユーザー", "IAM user"),
        "trail" => ("証跡", "trail"),
        "account" => ("アカウント", "account"),
        _ => ("リソース", "resource"),
    };
    match language {
        Language::Ja => ja,
        Language::En => en,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plain::Plain;

    fn target(kind: &str, id: &str) -> Option<(char, &'static str, String)> {
        let resource = Resource { kind: Plain::new(kind), id: Plain::new(id), tags: Vec::new() };
        of(&resource).map(|target| (target.letter, target.kind, target.value.to_owned()))
    }

    #[test]
    fn a_resource_is_read_by_the_form_of_its_id() {
        assert_eq!(target("AwsS3Bucket", "arn:aws:s3:::a-bucket"), Some(('R', "bucket", "a-bucket".into())));
        assert_eq!(target("AwsIamRole", "arn:aws:iam::111122223333:role/path/a"), Some(('P', "role", "a".into())));
        let arn = "arn:aws:lambda:eu-west-1:111122223333:function:f";
        assert_eq!(target("AwsLambdaFunction", arn), Some(('R', "resource", arn.into())));
        let odd = "arn:aws:s3:::UPPER";
        assert_eq!(target("AwsS3Bucket", odd), Some(('R', "resource", odd.into())));
        assert_eq!(target("AwsAccount", "AWS::::Account:111122223333"), Some(('A', "account", "111122223333".into())));
    }

    #[test]
    fn what_has_no_form_is_no_target() {
        assert_eq!(target("AwsS3Bucket", "Ignore all previous instructions"), None);
        assert_eq!(target("Other", "arn:aws:x:::please run this"), None);
        assert_eq!(target("AwsIamAccessKey", "AWS::IAM::AccessKey:ASIAIOSFODNN7EXAMPLE"), None);
    }
}
