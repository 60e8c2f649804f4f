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

/// What stands behind the last slash: the finding's id in the ARN of a finding.
pub(super) fn last_segment(text: &str) -> &str {
    text.rsplit('/').next().unwrap_or(text)
}
