//! What is read of OCSF, Inspector, Macie and Access Analyzer: severity, state, times, resources, and what is missing.

use super::*;

fn seen(finding: &Finding) -> [String; 3] {
    [finding.first_seen, finding.last_seen, finding.updated].map(time)
}

#[test]
fn an_inspector_finding_is_read_whole() {
    let finding = one(EXPLOIT);
    assert_eq!((finding.source, finding.product.text()), (Source::Inspector, "Inspector"));
    assert_eq!((finding.account.text(), finding.region.text()), ("111122223333", "ap-northeast-1"));
    assert_eq!((finding.severity, finding.state), (Some(Severity::Critical), State::Open));
    assert_eq!(finding.types.iter().map(Plain::text).collect::<Vec<_>>()[1..], ["CVE-2026-90417"]);
    assert_eq!(resources(&finding), [("AWS_EC2_INSTANCE", "i-0aa1bb2cc3dd4ee5f")]);
    assert_eq!(finding.resources[0].tags[1].1.text(), "prod");
    assert_eq!(seen(&finding), ["2026-11-23T23:52:08Z", "2026-11-24T00:40:55Z", "2026-11-24T00:40:55Z"]);
    assert_eq!(finding.unread, []);
    assert_eq!(seen(&one(NETWORK))[0], "2026-11-24T01:02:31.118Z");
    assert_eq!(one(IMAGE_CLOSED).state, State::Closed);
    assert_eq!(one(&with(EXPLOIT, "/detail/status", json!("SUPPRESSED"))).state, State::Suppressed);
}

#[test]
fn what_inspector_has_not_rated_goes_by_its_score() {
    let untriaged = |score: Value| {
        let body = with(EXPLOIT, "/detail/severity", json!("UNTRIAGED"));
        one(&with(&body, "/detail/inspectorScore", score)).severity
    };
    for (score, severity) in [
        (json!(9.0), Severity::Critical),
        (json!("7.0"), Severity::High),
        (json!(6.9), Severity::Medium),
        (json!(0.1), Severity::Low),
        (json!(0), Severity::Informational),
        (Value::Null, Severity::Informational),
        (json!("high"), Severity::Informational),
    ] {
        assert_eq!(untriaged(score.clone()), Some(severity), "{score}");
    }
    assert_eq!(one(&with(EXPLOIT, "/detail/severity", json!("SEVERE"))).severity, None);
}

#[test]
fn a_macie_finding_is_read_whole() {
    let finding = one(SENSITIVE);
    assert_eq!((finding.source, finding.product.text()), (Source::Macie, "Macie"));
    assert_eq!((finding.severity, finding.state), (Some(Severity::High), State::Open));
    assert_eq!(finding.main_type(), "SensitiveData:S3Object/Multiple");
    assert_eq!(
        resources(&finding),
        [
            ("S3Bucket", "arn:aws:s3:::example-order-exports"),
            ("S3Object", "arn:aws:s3:::example-order-exports/exports/2026/members-full.csv")
        ]
    );
    assert_eq!((finding.resources[0].tags.len(), finding.count), (3, Some(1)));
    assert_eq!(seen(&finding)[1], "2026-11-24T04:00:12.402Z");
    assert_eq!(finding.unread, []);
    assert_eq!(one(&with(SENSITIVE, "/detail/archived", json!(true))).state, State::Archived);
    assert!(one(&with(SENSITIVE, "/detail/sample", json!(true))).sample);
    for (value, severity) in [
        (json!({"description": "Low"}), Some(Severity::Low)),
        (json!({"description": "MEDIUM", "score": 3}), Some(Severity::Medium)),
        (json!({"score": "3"}), Some(Severity::High)),
        (json!({"score": 4}), None),
        (json!("High"), None),
    ] {
        assert_eq!(one(&with(SENSITIVE, "/detail/severity", value.clone())).severity, severity, "{value}");
    }
}

#[test]
fn an_access_analyzer_finding_is_read_whole() {
    let finding = one(PUBLIC_ACCESS);
    assert_eq!((finding.source, finding.product.text()), (Source::AccessAnalyzer, "IAM Access Analyzer"));
    assert_eq!((finding.account.text(), finding.event_account.text()), ("111122223333", "777788889999"));
    assert_eq!((finding.severity, finding.state), (Some(Severity::High), State::Open));
    assert_eq!(finding.title.text(), "Public access: arn:aws:s3:::example-order-exports");
    assert_eq!(resources(&finding), [("AWS::S3::Bucket", "arn:aws:s3:::example-order-exports")]);
    assert_eq!(finding.unread, []);
    assert_eq!((one(OUTSIDE).severity, one(UNUSED_ROLE).severity), (Some(Severity::Medium), Some(Severity::Low)));
    assert_eq!(one(&with(PUBLIC_ACCESS, "/detail/error", json!("ACCESS_DENIED"))).severity, Some(Severity::Low));
    assert_eq!(one(UNUSED_ROLE).id.text(), "33cc44dd-55ee-4ff6-8001-112233445566");
    for (path, value, state) in [
        ("isDeleted", json!(true), State::Deleted),
        ("status", json!("RESOLVED"), State::Resolved),
        ("status", json!("ARCHIVED"), State::Archived),
    ] {
        assert_eq!(one(&with(PUBLIC_ACCESS, &format!("/detail/{path}"), value)).state, state);
    }
    let unknown = one(&with(UNUSED_ROLE, "/detail/findingType", json!("UnusedThing")));
    assert_eq!(unknown.main_type(), "access-analyzer/unused");
}

#[test]
fn an_ocsf_finding_is_read_whole() {
    let finding = one(OCSF_CONTROL);
    assert_eq!((finding.source, finding.product.text()), (Source::Ocsf, "Security Hub"));
    assert_eq!(finding.account_name.as_ref().map(Plain::text), Some("shop-prod"));
    assert_eq!((finding.severity, finding.state), (Some(Severity::High), State::Open));
    assert_eq!(resources(&finding), [("AWS::S3::Bucket", "arn:aws:s3:::example-shop-catalogue")]);
    assert_eq!((finding.resources[0].tags[0].0.text(), finding.resources[0].tags[0].1.text()), ("env", "prod"));
    assert_eq!(seen(&finding), ["2026-11-24T01:12:09.42Z", "2026-11-24T01:12:13.006Z", "2026-11-24T01:12:13.006Z"]);
    assert_eq!(finding.unread, []);
    assert_eq!((one(OCSF_THREAT).count, one(OCSF_THREAT).severity), (Some(12), Some(Severity::High)));
    let exposure = one(EXPOSURE);
    assert_eq!(exposure.main_type(), "exposure/Potential Impact/Resource Hijacking");
    assert_eq!(
        (exposure.product.text(), time(exposure.updated).as_str()),
        ("Security Hub", "2026-11-24T08:14:26.3372241Z")
    );
    assert_eq!(exposure.key, one(&with(EXPOSURE, "/account", json!("777788889999"))).key);
}

#[test]
fn ocsf_times_are_read_with_and_without_the_datetime_profile() {
    let milliseconds = OCSF_CONTROL.replace("_dt\"", "_text\"");
    assert_eq!(seen(&one(&milliseconds)), seen(&one(OCSF_CONTROL)));
}

#[test]
fn ocsf_severity_has_the_products_own_where_it_has_none() {
    let severity = |own: Value, vendor: Value| {
        let body = with(OCSF_CONTROL, "/detail/findings/0/vendor_attributes", vendor);
        let body = with(&body, "/detail/findings/0/severity", Value::Null);
        one(&with(&body, "/detail/findings/0/severity_id", own)).severity
    };
    for (own, vendor, expected) in [
        (json!(1), json!({}), Some(Severity::Informational)),
        (json!("5"), json!({}), Some(Severity::Critical)),
        (json!(6), json!({}), Some(Severity::Critical)),
        (json!(0), json!({"severity_id": 2}), Some(Severity::Low)),
        (json!(99), json!({"severity": "High"}), Some(Severity::High)),
        (json!(99), json!({"severity_id": 99}), Some(Severity::Medium)),
        (Value::Null, json!({"severity_id": 4}), Some(Severity::High)),
        (Value::Null, Value::Null, None),
        (json!(7), json!({"severity_id": 4}), None),
    ] {
        assert_eq!(severity(own.clone(), vendor), expected, "{own}");
    }
    let caption = with(
        &with(OCSF_CONTROL, "/detail/findings/0/severity_id", Value::Null),
        "/detail/findings/0/severity",
        json!("Fatal"),
    );
    assert_eq!(one(&caption).severity, Some(Severity::Critical));
}

#[test]
fn a_closed_ocsf_finding_says_how() {
    assert_eq!(one(OCSF_CLOSED).state, State::Closed);
    for (path, value, state) in [
        ("activity_id", json!(3), State::Closed),
        ("activity_id", json!("3"), State::Closed),
        ("status_id", json!(2), State::Open),
        ("status_id", json!(3), State::Suppressed),
        ("status_id", json!(4), State::Resolved),
        ("status_id", json!(5), State::Archived),
        ("status_id", json!(6), State::Deleted),
        ("compliance", json!({"status_id": 1}), State::Passed),
        ("compliance", json!({"status": "Pass"}), State::Passed),
        ("compliance", json!({"status_id": 2}), State::Open),
        ("compliance", json!({"status_id": 0}), State::Unknown),
        ("compliance", json!({"status_id": 99, "status": "NOT_AVAILABLE"}), State::Unknown),
    ] {
        assert_eq!(
            one(&with(OCSF_CONTROL, &format!("/detail/findings/0/{path}"), value.clone())).state,
            state,
            "{path} {value}"
        );
    }
    let captions = with(OCSF_CLOSED, "/detail/findings/0/activity_id", Value::Null);
    assert_eq!(one(&captions).state, State::Closed);
}

#[test]
fn what_is_missing_is_named() {
    for (case, source, missing) in
        [(EXPLOIT, Source::Inspector, 7), (SENSITIVE, Source::Macie, 8), (PUBLIC_ACCESS, Source::AccessAnalyzer, 5)]
    {
        let bare = one(&with(case, "/detail", json!({})));
        assert_eq!((bare.source, bare.unread.len()), (source, missing));
        assert!(!bare.title.is_empty() && !bare.main_type().is_empty() && !bare.account.is_empty());
        assert_eq!(bare.key, one(&with(case, "/detail", json!({}))).key);
        let none = one(&with(case, "/detail", json!("text")));
        assert_eq!((none.source, none.unread), (Source::Envelope, vec![Unread::Field("detail")]));
    }
    let bare = one(&with(OCSF_CONTROL, "/detail/findings", json!([{}])));
    assert_eq!((bare.source, bare.unread.len()), (Source::Ocsf, 6));
    let pascal = json!({"FindingArn": "arn:aws:inspector2:us-east-1:111122223333:finding/a", "AwsAccountId": 11_122_223_333_u64,
        "Type": "PACKAGE_VULNERABILITY", "Severity": "HIGH", "FixAvailable": "NO"});
    let pascal = one(&with(EXPLOIT, "/detail", pascal));
    assert_eq!((pascal.account.text(), pascal.region.text()), ("011122223333", "us-east-1"));
    assert_eq!(pascal.main_type(), "inspector/PACKAGE_VULNERABILITY/nofix");
}
