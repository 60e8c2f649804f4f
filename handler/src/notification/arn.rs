//! ARNs in the account and Region that a finding is about: built from validated parts, since a finding can name any.

use super::link::is_region;
use crate::finding::Partition;

/// The ARN of what stands there under this name; `None` where account or Region is not of its form.
#[must_use]
pub fn arn(service: &str, account: &str, region: &str, name: &str) -> Option<String> {
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let partition = Partition::of_region(region).word();
    (is_account && is_region(region)).then(|| format!("arn:{partition}:{service}:{region}:{account}:{name}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(account: &str, region: &str) -> Option<String> {
        arn("sns", account, region, "findings")
    }

    #[test]
    fn an_arn_has_the_partition_of_its_region() {
        for (region, partition) in [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")] {
            let expected = format!("arn:{partition}:sns:{region}:111122223333:findings");
            assert_eq!(topic("111122223333", region), Some(expected));
        }
    }

    #[test]
    fn no_arn_is_made_of_what_is_no_account_or_no_region() {
        for account in ["", "11112222333", "1111222233334", "11112222333a", "１１１１２２２２３３３３", "1111:2222:33"]
        {
            assert_eq!(topic(account, "eu-west-1"), None, "{account}");
        }
        for region in ["", "global", "eu-west-1:", "eu-west-1.example.com", "eu-west-*", "us-iso-east-1", "EU-WEST-1"] {
            assert_eq!(topic("111122223333", region), None, "{region}");
        }
    }
}
