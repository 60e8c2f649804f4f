//! Links that lead to AWS only: built from validated parts, or taken over where AWS's documentation is the host. Whoever can
//! import a finding can plant any address in it.

use crate::finding::{Finding, Partition, Source, State};

/// Where AWS documents what to do about a failed control.
const DOCUMENTATION: &str = "https://docs.aws.amazon.com/";

/// A finding ARN has some 200 characters.
const MOST_ID: usize = 512;

/// The finding in the console of the service that sent it; `None` where a part is not of its form.
pub(super) fn console(finding: &Finding, region: &str) -> Option<String> {
    if finding.source == Source::Health {
        return health(finding);
    }
    if !is_region(region) || Partition::of_region(region) != finding.partition {
        return None;
    }
    let host = format!("https://{region}.{}", finding.partition.console_domain());
    let id = finding.id.text();
    match finding.source {
        Source::GuardDuty => {
            let id = id.rsplit('/').next().filter(|id| is_hex_id(id))?;
            let macros = if finding.state == State::Open { "current" } else { "all" };
            Some(format!("{host}/guardduty/home?region={region}#/findings?macros={macros}&fId={id}"))
        }
        Source::Asff => {
            let id = encoded(id)?;
            // The console's own filter syntax, encoded twice: `\operator\:EQUALS\:`.
            let filter = "Id%3D%255Coperator%255C%253AEQUALS%255C%253A";
            Some(format!("{host}/securityhub/home?region={region}#/findings?search={filter}{id}"))
        }
        Source::Ocsf => {
            let id = encoded(id)?;
            let filter = "finding_info.uid%3D%255Coperator%255C%253AEQUALS%255C%253A";
            Some(format!("{host}/securityhub/v2/home?region={region}#/findings?search={filter}{id}"))
        }
        Source::Inspector => {
            // This page takes the ARN's own slashes.
            let id = encoded(id).filter(|_| id.contains(":inspector2:"))?.replace("%2F", "/");
            Some(format!("{host}/inspector/v2/home?region={region}#/findings/details/{id}"))
        }
        Source::Macie => {
            let id = Some(id).filter(|id| is_hex_id(id))?;
            Some(format!("{host}/macie/home?region={region}#findings?itemId={id}"))
        }
        // Unused access is shown by the role or user.
        Source::AccessAnalyzer if finding.main_type().starts_with("access-analyzer/unused") => {
            let resource = finding.resources.first().map(|resource| resource.id.text());
            let resource = encoded(resource.filter(|id| id.starts_with("arn:"))?)?;
            Some(format!("{host}/access-analyzer/home?region={region}#/unused-access-findings?resource={resource}"))
        }
        Source::AccessAnalyzer => {
            let id = Some(id).filter(|id| is_uuid(id))?;
            Some(format!("{host}/access-analyzer/home?region={region}#/findings/details/{id}"))
        }
        Source::Config => {
            let rule = encoded(finding.main_type().strip_prefix("config/")?)?;
            Some(format!("{host}/config/home?region={region}#/rules/details?configRuleName={rule}"))
        }
        Source::Health
        | Source::TrustedAdvisor
        | Source::SignIn
        | Source::SecurityIr
        | Source::GuardDutyProtection
        | Source::Insight
        | Source::Envelope => None,
    }
}

/// The console's page of the active findings of a product in a Region; Security Hub's where it is no product of its own.
pub(super) fn list(product: &str, region: &str) -> Option<String> {
    let host = format!("https://{region}.{}", Partition::of_region(region).console_domain());
    is_region(region).then(|| match product {
        "GuardDuty" => format!("{host}/guardduty/home?region={region}#/findings?macros=current"),
        _ => format!(
            "{host}/securityhub/home?region={region}#/findings?search=RecordState%3D%255Coperator%255C%253AEQUALS%255C%253AACTIVE"
        ),
    })
}

/// An event of Health in its dashboard, which has no Region; other partitions have no such page.
fn health(finding: &Finding) -> Option<String> {
    let id = encoded(finding.id.text())?;
    let is_event = finding.id.text().starts_with("arn:aws:health:");
    is_event.then(|| format!("https://health.aws.amazon.com/health/home#/account/event-log?eventID={id}"))
}

/// The page on remediation that a control names, where it is in AWS's documentation.
pub(super) fn remediation(finding: &Finding) -> Option<&str> {
    let place = match finding.source {
        Source::Asff => "/Remediation/Recommendation/Url",
        Source::Ocsf => "/remediation/references/0",
        _ => return None,
    };
    let url = finding.detail.pointer(place)?.as_str()?;
    let path = url.strip_prefix(DOCUMENTATION)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-#".contains(c);
    (url.len() <= MOST_ID && path.chars().all(plain)).then_some(url)
}

/// A Region of a partition whose console we know: `ap-northeast-1`, `us-gov-west-1`.
pub(super) fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let [first, middle @ .., last] = parts.as_slice() else { return false };
    let lower = |part: &&str| (1..=12).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_lowercase());
    first.len() == 2
        && lower(first)
        && (1..=2).contains(&middle.len())
        && middle.iter().all(|part| lower(part) && !part.starts_with("iso"))
        && (1..=2).contains(&last.len())
        && last.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_hex_id(text: &str) -> bool {
    (16..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// `11aa22bb-33cc-4dd5-8ee6-77ff88001122`.
fn is_uuid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]) && is_hex_id(&groups.concat())
}

/// Percent-encoded, as a browser would; `None` where an id holds what no id has.
fn encoded(id: &str) -> Option<String> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b":/._+=@-".contains(&byte);
    if id.is_empty() || id.len() > MOST_ID || !id.bytes().all(fits) {
        return None;
    }
    let mut text = String::with_capacity(id.len() + 32);
    for c in id.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || "._-".contains(c) => text.push(c),
            c => text.push_str(&format!("%{:02X}", u32::from(c))),
        }
    }
    Some(text)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;
    use crate::notification::sample;
    use crate::plain::Plain;

    const ID: &str = "f0e1d2c3b4a5968778695a4b3c2d1e0f";

    #[test]
    fn guardduty_opens_the_finding_by_its_id() {
        let mut finding = sample::finding();
        finding.id = Plain::new(format!("arn:aws:guardduty:ap-northeast-1:111122223333:detector/d/finding/{ID}"));
        let base = "https://ap-northeast-1.console.aws.amazon.com/guardduty/home?region=ap-northeast-1#/findings";
        assert_eq!(console(&finding, "ap-northeast-1"), Some(format!("{base}?macros=current&fId={ID}")));
        finding.state = State::Archived;
        assert_eq!(console(&finding, "ap-northeast-1"), Some(format!("{base}?macros=all&fId={ID}")));
    }

    #[test]
    fn security_hub_searches_for_the_id_in_the_partition_of_the_region() {
        let mut finding = sample::finding();
        finding.source = Source::Asff;
        finding.partition = Partition::Cn;
        finding.id = Plain::new("arn:aws-cn:securityhub:cn-north-1:1:a/finding/x");
        let link = console(&finding, "cn-north-1").expect("every part is of its form");
        assert_eq!(
            link,
            "https://cn-north-1.console.amazonaws.cn/securityhub/home?region=cn-north-1#/findings?search=Id%3D%255C\
             operator%255C%253AEQUALS%255C%253Aarn%3Aaws-cn%3Asecurityhub%3Acn-north-1%3A1%3Aa%2Ffinding%2Fx"
        );
        assert_eq!(console(&finding, "us-east-1"), None, "a Region of another partition");
    }

    #[test]
    fn config_opens_the_rule_and_health_its_dashboard_without_a_region() {
        let mut finding = sample::finding();
        finding.source = Source::Config;
        finding.types = vec![Plain::new("config/s3-bucket-public-read-prohibited")];
        let link = "https://us-east-1.console.aws.amazon.com/config/home?region=us-east-1#/rules/details\
                    ?configRuleName=s3-bucket-public-read-prohibited";
        assert_eq!(console(&finding, "us-east-1").as_deref(), Some(link));
        finding.types = vec![Plain::new("config/a rule&x=1")];
        assert_eq!(console(&finding, "us-east-1"), None);
        finding.source = Source::Health;
        finding.id = Plain::new("arn:aws:health:global::event/AWS_ABUSE_DOS_REPORT_1");
        let link = "https://health.aws.amazon.com/health/home#/account/event-log?eventID=arn%3Aaws%3Ahealth%3Aglobal\
                    %3A%3Aevent%2FAWS_ABUSE_DOS_REPORT_1";
        assert_eq!(console(&finding, "").as_deref(), Some(link));
        for id in ["", "an id", "arn:aws-cn:health:cn-north-1::event/x", "arn:aws:health:x\"y"] {
            finding.id = Plain::new(id);
            assert_eq!(console(&finding, "us-east-1"), None, "{id}");
        }
    }

    #[test]
    fn every_product_opens_its_own_page() {
        let arn = "arn:aws:inspector2:us-east-1:111122223333:finding/5c0ffee1";
        let uuid = "11aa22bb-33cc-4dd5-8ee6-77ff88001122";
        let role = "arn:aws:iam::111122223333:role/a";
        let search = "finding_info.uid%3D%255Coperator%255C%253AEQUALS%255C%253A";
        for (source, id, kind, page) in [
            (
                Source::Ocsf,
                "arn:aws:a:b/c",
                "",
                format!("securityhub/v2/home?region=us-east-1#/findings?search={search}arn%3Aaws%3Aa%3Ab%2Fc"),
            ),
            (
                Source::Inspector,
                arn,
                "",
                format!("inspector/v2/home?region=us-east-1#/findings/details/{}", arn.replace(':', "%3A")),
            ),
            (Source::Macie, ID, "", format!("macie/home?region=us-east-1#findings?itemId={ID}")),
            (
                Source::AccessAnalyzer,
                uuid,
                "access-analyzer/external/public",
                format!("access-analyzer/home?region=us-east-1#/findings/details/{uuid}"),
            ),
            (
                Source::AccessAnalyzer,
                uuid,
                "access-analyzer/unused/ROLE",
                "access-analyzer/home?region=us-east-1#/unused-access-findings?resource=\
                 arn%3Aaws%3Aiam%3A%3A111122223333%3Arole%2Fa"
                    .to_owned(),
            ),
        ] {
            let mut finding = sample::finding();
            finding.source = source;
            finding.id = Plain::new(id);
            finding.types = vec![Plain::new(kind)];
            if let Some(resource) = finding.resources.first_mut() {
                resource.id = Plain::new(role);
            }
            let expected = format!("https://us-east-1.console.aws.amazon.com/{page}");
            assert_eq!(console(&finding, "us-east-1"), Some(expected));
            for bad in ["", "x y", "arn:aws:inspector2:<a>", "11aa22bb33cc4dd58ee677ff88001122#"] {
                finding.id = Plain::new(bad);
                if let Some(resource) = finding.resources.first_mut() {
                    resource.id = Plain::new(bad);
                }
                assert_eq!(console(&finding, "us-east-1"), None, "{source:?} {bad}");
            }
        }
    }

    #[test]
    fn a_part_of_another_form_makes_no_link() {
        let mut finding = sample::finding();
        let bad = ["", "evil.example/", "us-east-1.evil.example", "US-EAST-1", "us-iso-east-1", "us-east-1\n", "us--1"];
        for region in bad {
            assert_eq!(console(&finding, region), None, "{region}");
        }
        for id in ["", "x", "f0e1d2c3b4a5968778695a4b3c2d1e0f#&fId=1", "F0E1D2C3B4A5968778695A4B3C2D1E0F"] {
            finding.id = Plain::new(id);
            assert_eq!(console(&finding, "us-east-1"), None, "{id}");
        }
        for id in ["", "a b", "a\"b", "a&b", "日本", "a%2F", &"a".repeat(600)] {
            finding.id = Plain::new(id);
            finding.source = Source::Asff;
            assert_eq!(console(&finding, "us-east-1"), None, "{id}");
        }
    }

    #[test]
    fn only_the_documentation_of_aws_is_linked() {
        let mut finding = sample::finding();
        finding.source = Source::Asff;
        for (url, taken) in [
            ("https://docs.aws.amazon.com/console/securityhub/S3.8/remediation", true),
            ("https://docs.aws.amazon.com.evil.example/x", false),
            ("https://docs.aws.amazon.com@evil.example/x", false),
            ("http://docs.aws.amazon.com/x", false),
            ("https://docs.aws.amazon.com/x?to=https://evil.example", false),
            ("https://docs.aws.amazon.com/x y", false),
        ] {
            finding.detail = Arc::new(json!({"Remediation": {"Recommendation": {"Url": url}}}));
            assert_eq!(remediation(&finding), taken.then_some(url));
            finding.source = Source::Ocsf;
            finding.detail = Arc::new(json!({"remediation": {"references": [url]}}));
            assert_eq!(remediation(&finding), taken.then_some(url));
            finding.source = Source::Asff;
        }
    }
}
