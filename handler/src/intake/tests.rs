//! What intake promises: every event becomes a finding, whatever is wrong with it, and one problem has one key.

use serde_json::{Value, json};

use super::*;
use crate::finding::{FindingKey, Partition, Severity, Source, State};

mod broken;
mod formats;
mod others;
mod ways;

const NATIVE: &str = include_str!("../../../cases/guardduty-credentials-outside/1-event.json");
const BRUTE_FORCE: &str = include_str!("../../../cases/guardduty-ssh-brute-force/1-event.json");
const BUCKET: &str = include_str!("../../../cases/securityhub-public-bucket/1-event.json");
const ASKED: &str = include_str!("../../../cases/securityhub-custom-action-two/1-event.json");
const SAME: &str = include_str!("../../../cases/securityhub-guardduty-same-as-native/1-event.json");
const UNKNOWN: &str = include_str!("../../../cases/unknown-event/1-event.json");
const BROKEN: &str = include_str!("../../../cases/broken-body/1-event.txt");
const EXPLOIT: &str = include_str!("../../../cases/inspector-package-exploit/1-event.json");
const NETWORK: &str = include_str!("../../../cases/inspector-network-path/1-event.json");
const IMAGE_CLOSED: &str = include_str!("../../../cases/inspector-image-closed/1-event.json");
const PUBLIC_BUCKET: &str = include_str!("../../../cases/macie-bucket-public/1-event.json");
const SENSITIVE: &str = include_str!("../../../cases/macie-sensitive-data/1-event.json");
const PUBLIC_ACCESS: &str = include_str!("../../../cases/access-analyzer-public-bucket/1-event.json");
const OUTSIDE: &str = include_str!("../../../cases/access-analyzer-role-outside/1-event.json");
const UNUSED_ROLE: &str = include_str!("../../../cases/access-analyzer-unused-role-deleted/1-event.json");
const OCSF_CONTROL: &str = include_str!("../../../cases/ocsf-control-public-bucket/1-event.json");
const OCSF_CLOSED: &str = include_str!("../../../cases/ocsf-guardduty-closed/1-event.json");
const OCSF_THREAT: &str = include_str!("../../../cases/ocsf-guardduty-same-as-native/1-event.json");
const OCSF_EXPLOIT: &str = include_str!("../../../cases/ocsf-vulnerability-same-as-native/1-event.json");
const EXPOSURE: &str = include_str!("../../../cases/ocsf-exposure/1-event.json");
const HOSTILE: &str = include_str!("../../../cases/hostile-text/1-event.json");

/// The one finding of a body.
fn one(body: &str) -> Finding {
    let mut findings = read(body);
    assert_eq!(findings.len(), 1);
    findings.remove(0)
}

/// A case's event with one place changed; `path` is a JSON pointer, and a null takes the field away.
fn with(case: &str, path: &str, value: Value) -> String {
    let mut event: Value = serde_json::from_str(case).unwrap();
    let (parent, key) = path.rsplit_once('/').unwrap();
    let parent = event.pointer_mut(parent).unwrap().as_object_mut().unwrap();
    if value.is_null() {
        parent.shift_remove(key)
    } else {
        parent.insert(key.to_owned(), value)
    };
    event.to_string()
}

fn resources(finding: &Finding) -> Vec<(&str, &str)> {
    finding.resources.iter().map(|resource| (resource.kind.text(), resource.id.text())).collect()
}

fn time(time: Option<jiff::Timestamp>) -> String {
    time.map_or(String::new(), |time| time.to_string())
}

#[test]
fn a_native_guardduty_finding_is_read_whole() {
    let finding = one(NATIVE);
    assert_eq!(finding.source, Source::GuardDuty);
    assert_eq!(finding.product.text(), "GuardDuty");
    assert_eq!(finding.id.text(), "f0e1d2c3b4a5968778695a4b3c2d1e0f");
    assert_eq!(finding.partition, Partition::Aws);
    assert_eq!((finding.account.text(), finding.region.text()), ("111122223333", "ap-northeast-1"));
    assert_eq!(finding.event_account.text(), "111122223333");
    assert_eq!((finding.severity, finding.state), (Some(Severity::High), State::Open));
    assert_eq!(finding.main_type(), "UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS");
    assert_eq!(resources(&finding), [("AccessKey", "ASIAIOSFODNN7EXAMPLE"), ("Instance", "i-0123456789abcdef0")]);
    let tags = &finding.resources[1].tags;
    assert_eq!((tags[1].0.text(), tags[1].1.text()), ("env", "prod"));
    assert_eq!(time(finding.first_seen), "2026-11-23T16:02:41Z");
    assert_eq!(time(finding.last_seen), "2026-11-23T16:31:07Z");
    assert_eq!(time(finding.updated), "2026-11-23T16:40:19.512Z");
    assert_eq!(time(finding.event_time), "2026-11-23T16:41:02Z");
    assert_eq!(finding.count, Some(12));
    assert_eq!(finding.asked_for, None);
    assert!(!finding.sample);
    assert_eq!(finding.unread, []);
    assert!(finding.hidden_in.is_empty());
    assert_eq!(finding.event.text(), NATIVE);
    assert_eq!(finding.detail.pointer("/service/resourceRole"), Some(&json!("TARGET")));
}

#[test]
fn a_control_is_read_whole() {
    let finding = one(BUCKET);
    assert_eq!((finding.source, finding.product.text()), (Source::Asff, "Security Hub"));
    assert_eq!(finding.account_name.as_ref().map(Plain::text), Some("shop-prod"));
    assert_eq!((finding.severity, finding.state), (Some(Severity::High), State::Open));
    assert_eq!(finding.main_type(), "security-control/S3.8");
    assert_eq!(resources(&finding), [("AwsS3Bucket", "arn:aws:s3:::example-shop-catalogue")]);
    assert_eq!(finding.resources[0].tags[1].1.text(), "catalogue-team");
    assert_eq!(finding.title.text(), "S3 general purpose buckets should block public access");
    assert_eq!(time(finding.last_seen), "2026-11-24T01:12:13.006Z");
    assert_eq!(finding.unread, []);
    assert!(finding.detail.get("ProductArn").is_some());
}

#[test]
fn one_finding_has_one_key_by_every_way_it_comes() {
    let (native, imported) = (one(NATIVE), one(SAME));
    assert_eq!(native.key, imported.key);
    assert_eq!(native.main_type(), imported.main_type());
    assert_eq!(native.severity, imported.severity);
    assert_eq!(imported.count, Some(12));
    // At an administrator another detector stands in the ARN, another account on the envelope.
    let arn = "arn:aws:guardduty:us-east-1:999900001111:detector/dd/finding/f0e1d2c3b4a5968778695a4b3c2d1e0f";
    assert_eq!(one(&with(NATIVE, "/detail/arn", json!(arn))).key, native.key);
    assert_eq!(one(&with(NATIVE, "/account", json!("999900001111"))).key, native.key);
    assert_eq!(one(&with(NATIVE, "/detail/arn", Value::Null)).key, native.key);
    let no_id = one(&with(NATIVE, "/detail/id", Value::Null));
    assert_eq!((&no_id.key, no_id.unread.as_slice()), (&native.key, [].as_slice()));
    assert_eq!(one(&with(NATIVE, "/detail/id", json!("other"))).key, native.key);
    assert_ne!(one(&with(NATIVE, "/detail/accountId", json!("444455556666"))).key, native.key);
    assert_ne!(one(BRUTE_FORCE).key, native.key);
}

#[test]
fn a_borrowed_product_name_does_not_take_a_key() {
    let product = |arn: &str| with(SAME, "/detail/findings/0/ProductArn", json!(arn)).replace("GuardDuty", "guardDuty");
    let named = |body: &str| body.replace("\"ProductName\":\"guardDuty\"", "\"ProductName\":\"GuardDuty\"");
    let own = one(&named(&product("arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default")));
    assert_eq!(own.product.text(), "GuardDuty");
    assert_ne!(own.key, one(NATIVE).key);
    let none = one(&with(SAME, "/detail/findings/0/ProductArn", Value::Null));
    assert_eq!(none.key, one(NATIVE).key);
}

/// A control's finding with its id, Region, kind of resource and resource.
fn control(id: &str, region: &str, kind: &str, resource: &str) -> FindingKey {
    let mut event: Value = serde_json::from_str(BUCKET).unwrap();
    let finding = event.pointer_mut("/detail/findings/0").unwrap();
    finding["Id"] =
        json!(format!("arn:aws:securityhub:{region}:111122223333:security-control/{id}/finding/{resource}"));
    finding["Region"] = json!(region);
    finding["Resources"][0] = json!({"Type": kind, "Id": resource, "Region": region});
    finding["Compliance"]["SecurityControlId"] = json!(id);
    one(&event.to_string()).key
}

#[test]
fn a_control_folds_over_regions_only_where_its_resource_has_none() {
    for (id, kind, resource, folds) in [
        ("S3.8", "AwsS3Bucket", "arn:aws:s3:::example-shop-catalogue", true),
        ("IAM.1", "AwsIamPolicy", "arn:aws:iam::111122223333:policy/all", true),
        ("IAM.9", "AwsAccount", "AWS::::Account:111122223333", true),
        ("PCI.IAM.4", "AwsAccount", "AWS::::Account:111122223333", true),
        ("1.13", "AwsAccount", "AWS::::Account:111122223333", true),
        ("CIS.1.4", "AwsAccount", "AWS::::Account:111122223333", true),
        ("EC2.7", "Other", "AWS::::Account:111122223333", false),
        ("IAM.9", "Other", "AWS::::Account:111122223333", true),
        ("Config.1", "AwsAccount", "AWS::::Account:111122223333", false),
        ("EC2.7", "AwsAccount", "AWS::::Account:111122223333", false),
        ("GuardDuty.1", "AwsAccount", "arn:aws:iam::111122223333:root", false),
        ("EC2.8", "AwsEc2Instance", "arn:aws:ec2:us-east-1:111122223333:instance/i-0", false),
        ("X.1", "Other", "no ARN", false),
    ] {
        let (here, there) = (control(id, "us-east-1", kind, resource), control(id, "us-west-2", kind, resource));
        assert_eq!(here == there, folds, "{id} {resource}");
        assert_ne!(here, control("Y.1", "us-east-1", kind, resource), "{id}");
        assert_ne!(here, control(id, "us-east-1", kind, "arn:aws:s3:::another"), "{id}");
    }
}

#[test]
fn a_control_folds_over_standards_and_a_number_of_cis_does_not() {
    let consolidated = one(BUCKET).key;
    let id = "arn:aws:securityhub:us-east-1:111122223333:subscription/pci-dss/v/3.2.1/PCI.S3.6/finding/1";
    assert_eq!(one(&with(BUCKET, "/detail/findings/0/Id", json!(id))).key, consolidated);
    let cis = |version: &str| {
        let old = with(BUCKET, "/detail/findings/0/Compliance", json!({"Status": "FAILED"}));
        let standard = format!("arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/{version}");
        one(&with(&old, "/detail/findings/0/ProductFields", json!({"RuleId": "1.2", "StandardsGuideArn": standard})))
    };
    assert_eq!(cis("1.2.0").main_type(), "security-control/1.2");
    assert_ne!(cis("1.2.0").key, cis("1.4.0").key);
    assert_eq!(cis("1.4.0").main_type(), "security-control/CIS.1.2");
    let later = with(BUCKET, "/detail/findings/0/Compliance", json!({"Status": "FAILED"}));
    let standard = "arn:aws:securityhub:::standards/cis-aws-foundations-benchmark/v/3.0.0";
    let later =
        with(&later, "/detail/findings/0/ProductFields", json!({"ControlId": "1.14", "StandardsArn": standard}));
    assert_eq!(one(&later).main_type(), "security-control/CIS.1.14");
}

#[test]
fn a_product_is_named_also_by_old_findings() {
    let nameless = with(BUCKET, "/detail/findings/0/ProductName", Value::Null);
    let named = |path: &str, value: Value| one(&with(&nameless, &format!("/detail/findings/0/{path}"), value));
    assert_eq!(one(&nameless).product.text(), "Security Hub");
    let arn = json!("arn:aws:securityhub:us-east-1:111122223333:product/example/scanner");
    let theirs = named("ProductArn", arn.clone());
    // Only Security Hub's own findings are controls, whatever others write into theirs.
    assert_eq!(theirs.product.text(), "Security Hub");
    assert!(!theirs.main_type().starts_with("security-control/"));
    let bare = with(
        &with(&nameless, "/detail/findings/0/ProductFields", Value::Null),
        "/detail/findings/0/CompanyName",
        Value::Null,
    );
    assert_eq!(one(&with(&bare, "/detail/findings/0/ProductArn", arn)).product.text(), "scanner");
}

#[test]
fn two_products_may_use_one_id() {
    let of = |arn: &str| one(&with(SAME, "/detail/findings/0/ProductArn", json!(arn))).key;
    let inspector = of("arn:aws:securityhub:us-east-1::product/aws/inspector");
    assert_eq!(inspector, of("arn:aws:securityhub:eu-west-1::product/aws/inspector"));
    assert_ne!(inspector, of("arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default"));
}

#[test]
fn a_custom_action_asks_for_every_finding() {
    let findings = read(ASKED);
    let seen: Vec<_> = findings.iter().map(|finding| (finding.account.text(), finding.main_type())).collect();
    assert_eq!(
        seen,
        [("444455556666", "security-control/IAM.9"), ("111122223333", "inspector/PACKAGE_VULNERABILITY/fix")]
    );
    for finding in &findings {
        assert_eq!(finding.asked_for.as_ref().map(Plain::text), Some("Ask the advisor"));
        assert_eq!(finding.event_account.text(), "777788889999");
        assert_eq!(finding.event.text(), ASKED);
    }
    assert_ne!(findings[0].key, findings[1].key);
    let nameless = read(&with(ASKED, "/detail/actionName", Value::Null));
    assert!(nameless.iter().all(|finding| finding.asked_for.as_ref().map(Plain::text) == Some("AskAdvisor")));
}

#[test]
fn what_nobody_knows_is_told_by_the_envelope() {
    let finding = one(UNKNOWN);
    assert_eq!((finding.source, finding.unread.as_slice()), (Source::Envelope, [Unread::Unknown].as_slice()));
    assert_eq!((finding.product.text(), finding.title.text()), ("example.door-control", "Badge Reader Alarm"));
    assert_eq!((finding.severity, finding.account.text()), (None, "111122223333"));
    assert_eq!(resources(&finding), [("resource", "arn:aws:iot:ap-northeast-1:111122223333:thing/door-7")]);
    assert_eq!(finding.detail.get("seconds"), Some(&json!(95)));
    assert_eq!(one(UNKNOWN).key, finding.key);
    assert_ne!(one(&with(UNKNOWN, "/id", json!("another"))).key, finding.key);
}

#[test]
fn a_body_that_is_no_object_is_told_whole() {
    for body in [BROKEN, "", "null", "[1]", "\"text\"", "plain words", &"[".repeat(100_000), r#"{"a":"\ud800"}"#] {
        let finding = one(body);
        assert_eq!((finding.source, finding.unread.as_slice()), (Source::Envelope, [Unread::Body].as_slice()));
        assert_eq!((finding.severity, finding.event.text()), (None, body));
    }
    assert_ne!(one(BROKEN).key, one("").key);
}

#[test]
fn after_a_panic_the_envelope_speaks() {
    let finding = envelope_of(NATIVE, Unread::Panic);
    assert_eq!((finding.source, finding.unread.as_slice()), (Source::Envelope, [Unread::Panic].as_slice()));
    assert_eq!((finding.product.text(), finding.account.text()), ("aws.guardduty", "111122223333"));
    assert_eq!(envelope_of(BROKEN, Unread::Panic).unread, [Unread::Panic, Unread::Body]);
}

#[test]
fn hidden_text_is_stripped_and_its_places_are_named() {
    let finding = one(HOSTILE);
    assert!(!finding.detail.to_string().chars().any(|c| c != '\n' && crate::plain::is_hidden(c)));
    assert_eq!(
        finding.hidden_in,
        [
            "resource.accessKeyDetails.userName",
            "resource.instanceDetails.tags[2].key",
            "resource.instanceDetails.tags[2].value",
            "service.action.awsApiCallAction.remoteIpDetails.organization.asnOrg",
            "title",
            "description"
        ]
    );
    assert!(finding.title.text().contains("report-rolegnp.exe"));
    assert_eq!(finding.unread, []);
    assert_eq!(one(&HOSTILE.replace("\\u202e", "\u{202e}")).event.text(), HOSTILE.replace("\\u202e", ""));
}

#[test]
fn guardduty_severity_has_no_gap() {
    for (value, severity) in [
        (json!(0.5), Some(Severity::Informational)),
        (json!(1), Some(Severity::Low)),
        (json!(3.95), Some(Severity::Low)),
        (json!(4), Some(Severity::Medium)),
        (json!(6.95), Some(Severity::Medium)),
        (json!(7), Some(Severity::High)),
        (json!(8.95), Some(Severity::High)),
        (json!(9), Some(Severity::Critical)),
        (json!("8.0"), Some(Severity::High)),
        (json!(-1), None),
        (json!("NaN"), None),
        (json!("high"), None),
        (json!([8]), None),
    ] {
        let finding = one(&with(NATIVE, "/detail/severity", value.clone()));
        assert_eq!(finding.severity, severity, "{value}");
        assert_eq!(finding.unread.contains(&Unread::Field("severity")), severity.is_none(), "{value}");
    }
}

#[test]
fn asff_severity_is_the_label_else_the_number_else_the_providers() {
    for (value, severity) in [
        (json!({"Label": "CRITICAL", "Normalized": 1}), Some(Severity::Critical)),
        (json!({"Label": "Medium"}), Some(Severity::Medium)),
        (json!({"Normalized": 0}), Some(Severity::Informational)),
        (json!({"Normalized": 1}), Some(Severity::Low)),
        (json!({"Normalized": 39}), Some(Severity::Low)),
        (json!({"Normalized": 40}), Some(Severity::Medium)),
        (json!({"Label": 7, "Normalized": "70"}), Some(Severity::High)),
        (json!({"Normalized": 90}), Some(Severity::Critical)),
        (json!({"Normalized": 101}), Some(Severity::High)),
        (json!("HIGH"), Some(Severity::High)),
    ] {
        // The provider's own value in this case is HIGH.
        let body = with(BUCKET, "/detail/findings/0/Severity", value.clone());
        assert_eq!(one(&body).severity, severity, "{value}");
    }
    let body = with(BUCKET, "/detail/findings/0/Severity", json!({"Label": "SEVERE"}));
    let finding = one(&with(&body, "/detail/findings/0/FindingProviderFields", Value::Null));
    assert_eq!((finding.severity, finding.unread), (None, vec![Unread::Field("Severity")]));
}

#[test]
fn a_closed_finding_says_how() {
    let archived = one(&with(NATIVE, "/detail/service/archived", json!(true)));
    assert_eq!(archived.state, State::Archived);
    for (path, value, state) in [
        ("Compliance/Status", "PASSED", State::Passed),
        ("Compliance/Status", "WARNING", State::Open),
        ("Compliance/Status", "NOT_AVAILABLE", State::Unknown),
        ("Workflow/Status", "NOTIFIED", State::Open),
        ("Workflow/Status", "RESOLVED", State::Resolved),
        ("Workflow/Status", "SUPPRESSED", State::Suppressed),
        ("RecordState", "ARCHIVED", State::Archived),
    ] {
        let body = with(BUCKET, &format!("/detail/findings/0/{path}"), json!(value));
        assert_eq!(one(&body).state, state, "{path} {value}");
    }
}

#[test]
fn samples_are_marked() {
    let sample = |case: &str, path: &str, value: Value| one(&with(case, path, value)).sample;
    assert!(sample(NATIVE, "/detail/service/additionalInfo/sample", json!(true)));
    assert!(sample(NATIVE, "/detail/title", json!("[SAMPLE] An instance talks.")));
    assert!(sample(SAME, "/detail/findings/0/Sample", json!(true)));
    let field = "/detail/findings/0/ProductFields/aws~1guardduty~1service~1additionalInfo~1sample";
    let mut event: Value = serde_json::from_str(SAME).unwrap();
    event.pointer_mut("/detail/findings/0/ProductFields").unwrap()["aws/guardduty/service/additionalInfo/sample"] =
        json!("true");
    assert!(event.pointer(field).is_some() && one(&event.to_string()).sample);
    // Anybody may call a finding of their own product so.
    assert!(!sample(BUCKET, "/detail/findings/0/Title", json!("[SAMPLE] A bucket")));
}

#[test]
fn the_affected_of_every_family_are_found() {
    let affected = |resource: Value| {
        let finding = one(&with(NATIVE, "/detail/resource", resource));
        resources(&finding).into_iter().map(|(kind, id)| format!("{kind} {id}")).collect::<Vec<_>>()
    };
    assert_eq!(
        affected(json!({"accessKeyDetails": {"accessKeyId": "AKIA0"}, "s3BucketDetails": [
            {"arn": "arn:aws:s3:::one", "name": "one"}, {"name": "two"}], "resourceType": "S3Bucket"})),
        ["S3Bucket arn:aws:s3:::one", "S3Bucket two", "AccessKey AKIA0"]
    );
    assert_eq!(
        affected(json!({"resourceType": "EKSCluster", "kubernetesDetails": {"kubernetesWorkloadDetails":
            {"name": "web", "namespace": "shop"}}, "eksClusterDetails": {"name": "c", "arn": "arn:aws:eks:::cluster/c"}})),
        ["EKSCluster arn:aws:eks:::cluster/c", "KubernetesWorkload web"]
    );
    assert_eq!(
        affected(json!({"resourceType": "Teapot", "teapotDetails": {"colour": "blue", "teapotArn": "arn:aws:tea:::t"},
            "emptyDetails": {}, "nothing": null, "lambdaDetails": "wrong"})),
        ["teapot arn:aws:tea:::t"]
    );
    assert_eq!(
        affected(json!({"resourceType": "EBSSnapshot", "instanceDetails": {"instanceId": "i-0"}, "ebsSnapshotDetails":
            {"snapshotArn": "arn:aws:ec2:::snapshot/s"}, "ebsVolumeDetails":
            {"scannedVolumeDetails": [{"volumeArn": "arn:aws:ec2:::volume/v"}], "skippedVolumeDetails": []}})),
        ["ebsSnapshot arn:aws:ec2:::snapshot/s", "Instance i-0", "EBSVolume arn:aws:ec2:::volume/v"]
    );
    let sequence = json!({"sequence": {"resources": [
        {"uid": "arn:aws:s3:::one", "resourceType": "S3_BUCKET", "tags": [{"key": "env", "value": "prod"}]},
        {"name": "two", "resourceType": "S3_BUCKET"}, {}, 7]}});
    let body = with(NATIVE, "/detail/resource", json!({"resourceType": "AttackSequence"}));
    let finding = one(&with(&body, "/detail/service/detection", sequence));
    assert_eq!(resources(&finding), [("S3_BUCKET", "arn:aws:s3:::one"), ("S3_BUCKET", "two")]);
    assert_eq!(finding.resources[0].tags.len(), 1);
}

#[test]
fn missing_findings_fall_to_the_envelope() {
    for findings in [Value::Null, json!([]), json!("none"), json!([null, 1])] {
        let finding = one(&with(ASKED, "/detail/findings", findings.clone()));
        assert_eq!(finding.source, Source::Envelope, "{findings}");
        assert_eq!(finding.unread, [Unread::Field("findings")], "{findings}");
        assert!(finding.asked_for.is_some());
    }
    let one_is_broken = read(&with(ASKED, "/detail/findings", json!([{"Id": "a", "Title": "b"}, 7])));
    assert_eq!(one_is_broken.len(), 2);
    assert_ne!(one_is_broken[0].key, one_is_broken[1].key);
    let detail = one(&with(NATIVE, "/detail", json!([1])));
    assert_eq!((detail.source, detail.unread.as_slice()), (Source::Envelope, [Unread::Field("detail")].as_slice()));
}

#[test]
fn a_missing_place_or_time_is_found_elsewhere() {
    let without = |case: &str, at: &str, paths: &[&str]| {
        let body = with(case, "/account", json!("999900001111"));
        let body = with(&body, "/region", json!("us-east-1"));
        one(&paths.iter().fold(body, |body, path| with(&body, &format!("{at}{path}"), Value::Null)))
    };
    let native =
        without(NATIVE, "/detail/", &["accountId", "region", "service/eventFirstSeen", "service/eventLastSeen"]);
    assert_eq!((native.account.text(), native.region.text()), ("111122223333", "ap-northeast-1"));
    assert_eq!(time(native.first_seen), "2026-11-23T16:40:19.512Z");
    assert_eq!(time(native.last_seen), "2026-11-23T16:40:19.512Z");
    let control = without(
        BUCKET,
        "/detail/findings/0/",
        &["AwsAccountId", "Region", "FirstObservedAt", "LastObservedAt", "Resources/0/Region"],
    );
    assert_eq!((control.account.text(), control.region.text()), ("111122223333", "ap-northeast-1"));
    assert_eq!(time(control.first_seen), "2026-11-24T01:12:09.42Z");
    assert_eq!(time(control.last_seen), "2026-11-24T01:12:09.42Z");
    let by_resource =
        without(&with(BUCKET, "/detail/findings/0/Id", json!("bare")), "/detail/findings/0/", &["Region"]);
    assert_eq!(by_resource.region.text(), "ap-northeast-1");
    for timeless in [
        without(NATIVE, "/detail/", &["updatedAt", "service"]),
        without(BUCKET, "/detail/findings/0/", &["UpdatedAt", "LastObservedAt"]),
    ] {
        assert_eq!((timeless.updated, timeless.last_seen), (timeless.event_time, timeless.event_time));
    }
}

#[test]
fn what_has_no_id_is_no_resource() {
    let list = json!([{"Type": "AwsS3Bucket"}, {"Id": ""}, null, {"Id": "arn:aws:s3:::one"}]);
    assert_eq!(resources(&one(&with(BUCKET, "/detail/findings/0/Resources", list))), [("", "arn:aws:s3:::one")]);
    let list = json!([null, " ", "arn:aws:s3:::one", {}]);
    assert_eq!(resources(&one(&with(UNKNOWN, "/resources", list))), [("resource", "arn:aws:s3:::one")]);
}

#[test]
fn findings_without_end_are_told_together() {
    let many = vec![json!({}); 5_000];
    let findings = read(&with(ASKED, "/detail/findings", json!(many)));
    assert_eq!(findings.len(), 101);
    assert_eq!(findings[100].unread, [Unread::Field("findings")]);
    let keys: std::collections::BTreeSet<_> = findings.iter().map(|finding| &finding.key).collect();
    assert_eq!(keys.len(), 101);
}

#[test]
fn what_could_not_be_read_is_named_and_the_rest_stays() {
    let finding = one(&with(&with(NATIVE, "/detail/updatedAt", json!("soon")), "/detail/accountId", Value::Null));
    assert_eq!(finding.unread, [Unread::Field("accountId"), Unread::Field("updatedAt")]);
    assert_eq!(finding.updated, finding.event_time);
    assert_eq!(finding.account.text(), "111122223333");
    let padded = one(&with(NATIVE, "/detail/severity", json!(" 8 ")));
    assert_eq!(padded.severity, Some(Severity::High));
    let number = one(&with(NATIVE, "/detail/accountId", json!(11_122_223_333_u64)));
    assert_eq!(number.account.text(), "011122223333");
    let bare = one(&with(NATIVE, "/detail", json!({})));
    assert_eq!(bare.unread.len(), 7);
    assert_eq!(
        (bare.source, bare.main_type(), bare.title.text()),
        (Source::GuardDuty, "GuardDuty Finding", "GuardDuty Finding")
    );
    assert_eq!(bare.key, one(&with(NATIVE, "/detail", json!({}))).key);
}

#[test]
fn wrapped_and_renamed_events_are_the_same_finding() {
    let expected = one(NATIVE);
    let event: Value = serde_json::from_str(NATIVE).unwrap();
    let entry = json!({"Source": "aws.guardduty", "DetailType": "GuardDuty Finding", "Detail": event["detail"].to_string(),
        "Account": "111122223333", "Time": "2026-11-23T16:41:02Z"});
    let sns = json!({"Type": "Notification", "TopicArn": "arn:aws:sns:::t", "Message": NATIVE});
    let sqs = json!({"Records": [{"messageId": "m", "body": sns.to_string()}]});
    let lambda = json!({"Records": [{"Sns": {"Message": NATIVE}}]});
    for body in [entry.to_string(), sns.to_string(), sqs.to_string(), lambda.to_string(), format!("\u{feff}{NATIVE}")] {
        let finding = one(&body);
        assert_eq!((finding.source, &finding.key), (Source::GuardDuty, &expected.key), "{body}");
        assert_eq!(finding.event.text(), body.trim_start_matches('\u{feff}'));
    }
    let own = with(&with(NATIVE, "/TopicArn", json!("t")), "/Message", json!("no event"));
    assert_eq!(one(&own).key, expected.key);
    let two = json!({"Records": [{"body": NATIVE}, {"body": NATIVE}]});
    assert_eq!(one(&two.to_string()).unread, [Unread::Unknown]);
}

#[test]
fn the_partition_is_that_of_the_finding() {
    let arn = "arn:aws-cn:guardduty:cn-north-1:111122223333:detector/d/finding/f";
    assert_eq!(one(&with(NATIVE, "/detail/arn", json!(arn))).partition, Partition::Cn);
    let region = with(&with(NATIVE, "/detail/arn", Value::Null), "/detail/region", json!("us-gov-west-1"));
    assert_eq!(one(&region).partition, Partition::UsGov);
    for no_arn in ["arn:aws-evil:a:b:c:d", "no:aws-cn:a:b:c:d", "arn:aws-cn:a:b:c"] {
        assert_eq!(one(&with(NATIVE, "/detail/arn", json!(no_arn))).partition, Partition::Aws);
    }
}

#[test]
fn a_megabyte_is_read() {
    let long = "日本語\u{200b}".repeat(80_000);
    let finding = one(&with(NATIVE, "/detail/description", json!(long)));
    assert_eq!(finding.description.text().chars().count(), 240_000);
    assert_eq!(finding.hidden_in, ["description"]);
    let wide: Vec<Value> = (0..60_000).map(|n| json!({"key": n.to_string()})).collect();
    let finding = one(&with(NATIVE, "/detail/resource/instanceDetails/tags", json!(wide)));
    assert_eq!(finding.resources[1].tags.len(), 60_000);
}

/// A small generator with a fixed seed: every run tries the same inputs.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides.max(1) as u64).unwrap()
    }
}

/// Replaces, removes or repeats something somewhere in the value.
fn mutate(value: &mut Value, dice: &mut Dice) {
    let nasty = [
        Value::Null,
        json!(true),
        json!(-1),
        json!(1.0e308),
        json!(u64::MAX),
        json!(""),
        json!("\u{202e}\u{0}"),
        json!("arn:::::"),
        json!("arn:aws:s3:::"),
        json!("/"),
        json!("９９９"),
        json!("99999999999999999999"),
        json!("2026-02-30T25:61:61Z"),
        json!([]),
        json!({}),
        json!([[[{"Id": [{}]}]]]),
        json!({"key": {"value": []}}),
    ];
    match value {
        Value::Object(map) if !map.is_empty() && dice.below(6) != 0 => {
            let place = dice.below(map.len());
            let key = map.keys().nth(place).unwrap().clone();
            match dice.below(12) {
                0 => drop(map.shift_remove(&key)),
                1 => drop(map.insert(format!("{key}\u{200b}"), json!("twin"))),
                _ => mutate(&mut map[&key], dice),
            }
        }
        Value::Array(list) if !list.is_empty() && dice.below(6) != 0 => {
            let place = dice.below(list.len());
            if dice.below(8) == 0 {
                list.push(list[place].clone());
            }
            mutate(&mut list[place], dice);
        }
        other => *other = nasty[dice.below(nasty.len())].clone(),
    }
}

#[test]
fn no_mutation_silences_or_breaks_intake() {
    let cases = [
        NATIVE,
        BRUTE_FORCE,
        BUCKET,
        ASKED,
        SAME,
        UNKNOWN,
        HOSTILE,
        EXPLOIT,
        NETWORK,
        PUBLIC_BUCKET,
        SENSITIVE,
        OUTSIDE,
        UNUSED_ROLE,
        OCSF_CONTROL,
        OCSF_CLOSED,
        OCSF_THREAT,
        OCSF_EXPLOIT,
        EXPOSURE,
    ];
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    for round in 0..3_000 {
        let case = cases[round % cases.len()];
        let body = if round % 4 == 0 {
            // Broken text: a piece is cut out, or doubled.
            let (from, to) = (dice.below(case.len()), dice.below(case.len()));
            let (head, tail) = (&case.as_bytes()[..from.max(to)], &case.as_bytes()[from.min(to)..]);
            String::from_utf8_lossy(&[head, tail].concat()).into_owned()
        } else {
            let mut event: Value = serde_json::from_str(case).unwrap();
            for _ in 0..=dice.below(4) {
                mutate(&mut event, &mut dice);
            }
            event.to_string()
        };
        let findings = read(&body);
        assert!(!findings.is_empty(), "{body}");
        for finding in &findings {
            assert_eq!(finding.key.text().len(), 64);
            assert!(!finding.event.is_empty() || body.trim().is_empty());
            assert_eq!(read(&body).len(), findings.len());
        }
        assert_eq!(envelope_of(&body, Unread::Panic).unread[0], Unread::Panic);
    }
}
