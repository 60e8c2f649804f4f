//! Which product made a finding that Security Hub passes on, in ASFF or in OCSF.

use crate::plain::Plain;

/// The products whose findings have an identity and types of their own. The product's ARN decides: a name is whatever its
/// importer wrote, and a borrowed name must not silence the real product's finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Product {
    GuardDuty,
    SecurityHub,
    Exposure,
    Inspector,
    Macie,
    AccessAnalyzer,
    Other,
}

impl Product {
    /// By an ARN as `arn:aws:securityhub:us-east-1::product/aws/guardduty`; in OCSF it has `productv2`.
    pub(super) fn of_arn(arn: &str) -> Self {
        let product = arn.split_once("::product/").or_else(|| arn.split_once("::productv2/"));
        match product.map(|(_, product)| product) {
            Some("aws/guardduty") => Self::GuardDuty,
            Some("aws/securityhub") => Self::SecurityHub,
            Some("aws/securityhub-risk") => Self::Exposure,
            Some("aws/inspector") => Self::Inspector,
            Some("aws/macie") => Self::Macie,
            Some("aws/access-analyzer") => Self::AccessAnalyzer,
            _ => Self::Other,
        }
    }

    /// Its name in the reader's words; of any other product the finding tells it.
    pub(super) fn name(self) -> Option<Plain> {
        let name = match self {
            Self::GuardDuty => "GuardDuty",
            Self::SecurityHub | Self::Exposure => "Security Hub",
            Self::Inspector => "Inspector",
            Self::Macie => "Macie",
            Self::AccessAnalyzer => "IAM Access Analyzer",
            Self::Other => return None,
        };
        Some(Plain::new(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_arn_of_aws_own_product_names_it() {
        for (arn, product) in [
            ("arn:aws:securityhub:us-east-1::product/aws/inspector", Product::Inspector),
            ("arn:aws-cn:securityhub:cn-north-1::productv2/aws/macie", Product::Macie),
            ("arn:aws:securityhub:us-east-1::productv2/aws/securityhub-risk", Product::Exposure),
            ("arn:aws:securityhub:us-east-1::product/aws/access-analyzer", Product::AccessAnalyzer),
            ("arn:aws:securityhub:us-east-1:111122223333:product/111122223333/inspector", Product::Other),
            ("arn:aws:securityhub:us-east-1:111122223333:product/aws/inspector", Product::Other),
            ("arn:aws:securityhub:us-east-1::product/aws/inspector/x", Product::Other),
            ("Inspector", Product::Other),
            ("", Product::Other),
        ] {
            assert_eq!(Product::of_arn(arn), product, "{arn}");
        }
    }
}
