//! What intake promises of the sources beside findings proper: Config, Health, Trusted Advisor, sign-ins, Security Incident
//! Response, insights, and GuardDuty's events about protection.

use super::*;

macro_rules! case {
    ($name:literal) => {
        include_str!(concat!("../../../../cases/", $name, "/1-event.json"))
    };
}

const CONFIG: &str = case!("config-public-bucket");
const MENDED: &str = case!("config-public-bucket-mended");
const HEALTH: &str = case!("health-key-exposed");
const ABUSE: &str = case!("health-abuse-report");
const ADVISOR: &str = case!("trusted-advisor-open-ports");
const ROOT: &str = case!("sign-in-root");
const REFUSED: &str = case!("sign-in-root-refused");
const ANOMALY: &str = case!("sign-in-anomaly");
const IR: &str = case!("security-ir-case");
const OBJECT: &str = case!("guardduty-malicious-object");
const TAGGING: &str = case!("guardduty-scan-not-tagged");
const BUCKET_DOWN: &str = case!("guardduty-bucket-unprotected");
const AGENT: &str = case!("guardduty-agent-down");
const INSIGHT: &str = case!("securityhub-insight-results");
const ALL: [&str; 14] =
    [CONFIG, MENDED, HEALTH, ABUSE, ADVISOR, ROOT, REFUSED, ANOMALY, IR, OBJECT, TAGGING, BUCKET_DOWN, AGENT, INSIGHT];

fn key(case: &str, path: &str, value: Value) -> FindingKey {
    one(&with(case, path, value)).key
}

fn severity(case: &str, path: &str, value: Value) -> Option<Severity> {
    one(&with(case, path, value)).severity
}

#[test]
fn a_rule_of_config_is_read_whole_and_closed_by_what_complies() {
    let finding = one(CONFIG);
    assert_eq!((finding.source, finding.unread.as_slice()), (Source::Config, [].as_slice()));
    assert_eq!(
        (finding.main_type(), finding.title.text()),
        ("config/s3-bucket-public-read-prohibited", "s3-bucket-public-read-prohibited")
    );
    assert_eq!(resources(&finding), [("AWS::S3::Bucket", "example-shop-exports")]);
    assert_eq!((finding.severity, finding.state), (Some(Severity::Medium), State::Open));
    assert_eq!((finding.account.text(), finding.region.text()), ("111122223333", "ap-northeast-1"));
    assert_eq!(time(finding.updated), "2026-11-24T02:58:31.204Z");
    let mended = one(MENDED);
    assert_eq!((&mended.key, mended.state), (&finding.key, State::Passed));
    assert!(mended.updated > finding.updated);
    for (word, state) in [("NOT_APPLICABLE", State::Closed), ("INSUFFICIENT_DATA", State::Unknown)] {
        let other = one(&with(CONFIG, "/detail/newEvaluationResult/complianceType", json!(word)));
        assert_eq!((other.state, &other.key), (state, &finding.key));
    }
    for (path, value) in
        [("resourceId", json!("another")), ("configRuleARN", json!("arn:aws:config:a:b:config-rule/other"))]
    {
        assert_ne!(key(CONFIG, &format!("/detail/{path}"), value), finding.key, "{path}");
    }
}

#[test]
fn a_rule_on_a_resource_has_one_key_by_its_arn_and_by_its_id() {
    let key = |kind, id| config_rule::key("111122223333", "eu-west-1", "arn:aws:config:::config-rule/r", kind, id);
    let arn = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef4";
    assert_eq!(key("AWS::EC2::SecurityGroup", "sg-0123456789abcdef4"), key("AwsEc2SecurityGroup", arn));
    assert_eq!(key("AWS::S3::Bucket", "a-bucket"), key("AwsS3Bucket", "arn:aws:s3:::a-bucket"));
    assert_ne!(key("AWS::SSM::Parameter", "/a/x"), key("AWS::SSM::Parameter", "/b/x"));
    assert_ne!(key("AWS::S3::Bucket", "a-bucket"), key("AWS::S3::AccountPublicAccessBlock", "a-bucket"));
    assert_eq!(key("AWS::S3::Bucket", ""), None);
}

#[test]
fn a_rule_that_doubles_a_control_waits_for_the_controls_own_finding() {
    let rule = json!("securityhub-s3-bucket-public-read-prohibited-0a1b2c3d");
    assert_eq!(severity(CONFIG, "/detail/configRuleName", rule), Some(Severity::Informational));
}

#[test]
fn a_change_without_a_verdict_is_told_and_says_so() {
    for result in [Value::Null, json!({}), json!("NON_COMPLIANT"), json!({"complianceType": "MAYBE"})] {
        let finding = one(&with(CONFIG, "/detail/newEvaluationResult", result));
        assert_eq!(finding.state, State::Open);
        assert_eq!(finding.unread, [Unread::Field("newEvaluationResult.complianceType")]);
    }
}

#[test]
fn health_is_about_the_affected_account_and_one_message_is_one_problem() {
    let finding = one(HEALTH);
    assert_eq!((finding.source, finding.severity), (Source::Health, Some(Severity::High)));
    assert_eq!((finding.account.text(), finding.event_account.text()), ("111122223333", "999900001111"));
    assert_eq!(finding.main_type(), "health/AWS_RISK_CREDENTIALS_EXPOSED");
    assert_eq!(resources(&finding), [("AccessKey", "AKIAIOSFODNN7EXAMPLE")]);
    assert_eq!(finding.resources[0].tags.len(), 2);
    assert_eq!(
        (time(finding.first_seen), time(finding.updated)),
        ("2026-11-24T02:31:00Z".into(), "2026-11-24T02:34:10Z".into())
    );
    // A backup comes over another Region's bus, with the same message.
    assert_eq!(key(HEALTH, "/region", json!("us-west-2")), finding.key);
    assert_eq!(key(HEALTH, "/id", json!("another")), finding.key);
    for (path, value) in [
        ("/detail/affectedAccount", json!("444455556666")),
        ("/detail/communicationId", json!("another")),
        ("/detail/eventArn", json!("arn:aws:health:us-east-1::event/RISK/X/Y")),
        ("/detail/page", json!("2")),
    ] {
        assert_ne!(key(HEALTH, path, value), finding.key, "{path}");
    }
    assert_eq!(one(&with(HEALTH, "/detail/statusCode", json!("closed"))).state, State::Closed);
    let abuse = one(ABUSE);
    assert_eq!((abuse.severity, abuse.account.text()), (Some(Severity::High), "111122223333"));
    assert_eq!(resources(&abuse)[0].0, "AwsEc2Instance");
}

#[test]
fn health_says_itself_whether_somebody_must_act() {
    let operations = with(HEALTH, "/detail/service", json!("EC2"));
    for (word, expected) in [
        (json!("ACTION_REQUIRED"), Some(Severity::High)),
        (json!("ACTION_MAY_BE_REQUIRED"), Some(Severity::Medium)),
        (json!("INFORMATIONAL"), Some(Severity::Informational)),
        (Value::Null, None),
    ] {
        assert_eq!(severity(&operations, "/detail/actionability", word.clone()), expected, "{word}");
    }
    let silent = with(&operations, "/detail/actionability", Value::Null);
    assert_eq!(severity(&silent, "/detail/personas", Value::Null), Some(Severity::Informational));
}

#[test]
fn a_check_of_trusted_advisor_is_one_problem_for_each_item() {
    let finding = one(ADVISOR);
    assert_eq!((finding.source, finding.region.text()), (Source::TrustedAdvisor, "ap-northeast-1"));
    assert_eq!(finding.main_type(), "trusted-advisor/Security Groups - Specific Ports Unrestricted");
    assert_eq!(resources(&finding)[0].0, "AwsEc2SecurityGroup");
    for (word, expected) in [
        ("ERROR", (Some(Severity::High), State::Open)),
        ("WARN", (Some(Severity::Medium), State::Open)),
        ("OK", (Some(Severity::Informational), State::Passed)),
        ("INFO", (Some(Severity::Informational), State::Open)),
    ] {
        let other = one(&with(ADVISOR, "/detail/status", json!(word)));
        assert_eq!(((other.severity, other.state), &other.key), (expected, &finding.key), "{word}");
    }
    let unread = one(&with(ADVISOR, "/detail/status", json!("PURPLE")));
    assert_eq!((unread.severity, unread.unread), (None, vec![Unread::Field("status")]));
    assert_eq!(key(ADVISOR, "/detail/uuid", json!("another")), finding.key);
    assert_ne!(key(ADVISOR, "/detail/resource_id", json!("another")), finding.key);
    // Limits have no resource: only their own ids tell them apart.
    let limit = with(ADVISOR, "/detail/resource_id", json!(""));
    assert_ne!(key(&limit, "/detail/uuid", json!("another")), one(&limit).key);
}

#[test]
fn only_a_root_users_sign_in_is_a_finding() {
    let finding = one(ROOT);
    assert_eq!((finding.source, finding.severity), (Source::SignIn, Some(Severity::High)));
    assert_eq!(
        (finding.main_type(), finding.id.text()),
        ("sign-in/root/success", "3c2b1a09-8f7e-4d6c-9b5a-0e1f2d3c4b5a")
    );
    assert_ne!(key(ROOT, "/detail/eventID", json!("another")), finding.key);
    let user = one(&with(ROOT, "/detail/userIdentity/type", json!("IAMUser")));
    assert_eq!((user.source, user.unread.as_slice()), (Source::Envelope, [Unread::Unknown].as_slice()));
    for (name, kind, severity) in [
        ("CheckMfa", "sign-in/root/mfa-check", Severity::Informational),
        ("PasswordRecoveryRequested", "sign-in/root/password-recovery", Severity::High),
    ] {
        let body = with(ROOT, "/detail/eventName", json!(name));
        let step = one(&with(&body, "/detail/responseElements", json!({name: "Success"})));
        assert_eq!((step.main_type(), step.severity), (kind, Some(severity)));
    }
    let odd = one(&with(ROOT, "/detail/responseElements", Value::Null));
    assert_eq!((odd.severity, odd.unread.as_slice()), (None, [Unread::Field("responseElements")].as_slice()));
}

#[test]
fn refused_sign_ins_of_a_day_from_one_address_are_one_problem() {
    let finding = one(REFUSED);
    assert_eq!((finding.main_type(), finding.severity), ("sign-in/root/failure", Some(Severity::Medium)));
    let later = with(REFUSED, "/detail/eventID", json!("another"));
    assert_eq!(key(&later, "/detail/eventTime", json!("2026-11-23T22:00:00Z")), finding.key);
    assert_ne!(key(&later, "/detail/eventTime", json!("2026-11-24T02:00:00Z")), finding.key);
    assert_ne!(key(REFUSED, "/detail/sourceIPAddress", json!("203.0.113.10")), finding.key);
    assert_ne!(one(ROOT).key, finding.key);
}

#[test]
fn an_anomaly_is_told_whatever_it_holds() {
    let finding = one(ANOMALY);
    assert_eq!((finding.main_type(), finding.severity), ("sign-in/anomaly", None));
    assert_eq!((finding.account.text(), finding.unread.as_slice()), ("111122223333", [].as_slice()));
    assert_eq!(severity(ANOMALY, "/detail/severity", json!("high")), Some(Severity::High));
    assert_eq!(one(&with(ANOMALY, "/detail/accountId", Value::Null)).account.text(), "111122223333");
}

#[test]
fn a_case_is_one_problem_and_each_word_of_aws_on_it_is_news() {
    let change = |what: &str, who: &str| {
        let body = with(IR, "/detail-type", json!(what));
        let body = with(&body, "/id", json!(format!("{what} {who}")));
        one(&with(&body, "/detail/updatedBy", json!(who)))
    };
    let opened = one(IR);
    assert_eq!((opened.source, opened.main_type()), (Source::SecurityIr, "security-ir/Case Created"));
    assert_eq!((opened.severity, opened.id.text()), (Some(Severity::High), "4711002233"));
    let closed = change("Case Closed", "AWS Responder");
    assert_eq!((&closed.key, closed.state), (&opened.key, State::Closed));
    assert_eq!(change("Case Updated", "111122223333").key, opened.key);
    let news = change("Case Updated", "AWS Responder");
    assert!(news.key != opened.key && news.severity == Some(Severity::High));
    assert_ne!(change("Case Comment Added", "AWS Responder").key, news.key);
    assert_eq!(change("Case Comment Added", "111122223333").severity, Some(Severity::Informational));
    assert_eq!(one(&with(IR, "/detail/caseId", Value::Null)).unread, [Unread::Field("caseId")]);
}

#[test]
fn a_scan_tells_threats_alone() {
    let finding = one(OBJECT);
    assert_eq!(
        (finding.source, finding.main_type()),
        (Source::GuardDutyProtection, "guardduty-protection/object-threat")
    );
    assert_eq!((finding.severity, finding.state), (Some(Severity::High), State::Open));
    assert_eq!(resources(&finding)[0], ("S3Bucket", "example-shop-uploads"));
    assert!(resources(&finding)[1].1.starts_with("arn:aws:s3:::example-shop-uploads/incoming/"));
    for (word, state) in [
        ("NO_THREATS_FOUND", State::Passed),
        ("UNSUPPORTED", State::Unknown),
        ("ACCESS_DENIED", State::Unknown),
        ("FAILED", State::Unknown),
    ] {
        let other = one(&with(OBJECT, "/detail/scanResultDetails/scanResultStatus", json!(word)));
        assert_eq!((other.state, &other.key), (state, &finding.key), "{word}");
    }
    let unknown = one(&with(OBJECT, "/detail/scanResultDetails", Value::Null));
    assert_eq!(
        (unknown.state, unknown.unread),
        (State::Open, vec![Unread::Field("scanResultDetails.scanResultStatus")])
    );
    assert_ne!(key(OBJECT, "/detail/s3ObjectDetails/versionId", json!("another")), finding.key);
    assert_ne!(key(OBJECT, "/detail/s3ObjectDetails/objectKey", json!("another")), finding.key);
}

#[test]
fn protection_that_is_down_is_one_problem_for_each_thing_and_ends() {
    let tagging = one(TAGGING);
    assert_eq!(
        (tagging.main_type(), tagging.severity),
        ("guardduty-protection/post-scan-action-failed", Some(Severity::Medium))
    );
    // One missing permission fails for every object of a bucket.
    assert_eq!(key(TAGGING, "/detail/s3ObjectDetails/objectKey", json!("another")), tagging.key);
    assert_ne!(key(TAGGING, "/detail/postScanActions/0/failureReason", json!("MAX_TAG_LIMIT_EXCEEDED")), tagging.key);
    for (case, kind, up) in [
        (BUCKET_DOWN, "guardduty-protection/resource-status", "GuardDuty Malware Protection Resource Status Active"),
        (AGENT, "guardduty-protection/runtime-unhealthy", "GuardDuty Runtime Protection Healthy"),
    ] {
        let down = one(case);
        assert_eq!((down.main_type(), down.severity, down.state), (kind, Some(Severity::Medium), State::Open));
        assert_eq!(down.unread, [], "{kind}");
        let again = one(&with(case, "/detail-type", json!(up)));
        assert_eq!((again.state, again.key), (State::Closed, down.key));
    }
    // AWS's own pages write this one with a small letter, too.
    let warning =
        one(&with(BUCKET_DOWN, "/detail-type", json!("GuardDuty Malware Protection Resource Status warning")));
    assert_eq!((warning.key, warning.state), (one(BUCKET_DOWN).key, State::Open));
    let cluster = json!({"resourceType": "ECS", "ecsClusterDetails": {"clusterName": "shop"}});
    assert_eq!(resources(&one(&with(AGENT, "/detail/resourceDetails", cluster))), [("ECSCluster", "shop")]);
}

#[test]
fn an_insight_is_asked_for_and_counted() {
    let finding = one(INSIGHT);
    assert_eq!((finding.source, finding.main_type()), (Source::Insight, "insight"));
    assert_eq!(finding.asked_for.as_ref().map(Plain::text), Some("Ask the advisor"));
    assert_eq!((finding.count, finding.resources.len()), (Some(20), 3));
    let empty = one(&with(INSIGHT, "/detail/insightResults", json!([{}, 7, {"a": "b"}])));
    assert_eq!((empty.count, empty.unread.as_slice()), (None, [Unread::Field("insightResults")].as_slice()));
    let broken = one(&with(INSIGHT, "/detail", json!(7)));
    assert!(broken.asked_for.is_some() && broken.source == Source::Envelope);
}

#[test]
fn without_a_detail_the_envelope_speaks() {
    for case in ALL.into_iter().filter(|case| *case != ROOT && *case != REFUSED) {
        for detail in [json!(7), json!("text"), json!([]), Value::Null] {
            let finding = one(&with(case, "/detail", detail));
            assert_eq!(
                (finding.source, finding.unread.as_slice()),
                (Source::Envelope, [Unread::Field("detail")].as_slice())
            );
        }
    }
}

#[test]
fn an_empty_detail_is_told_with_what_is_missing() {
    for case in ALL.into_iter().filter(|case| *case != ROOT && *case != REFUSED) {
        let finding = one(&with(case, "/detail", json!({})));
        assert_eq!(finding.account.text(), finding.event_account.text());
        assert!(!finding.main_type().is_empty() && !finding.title.is_empty() && !finding.id.is_empty());
        assert_eq!(finding.state, State::Open);
        assert_eq!(finding.unread.is_empty(), case == ANOMALY, "{}", finding.main_type());
        assert_eq!(finding.key, one(&with(case, "/detail", json!({}))).key);
    }
}

#[test]
fn an_attack_sequence_is_one_problem_by_both_ways_with_all_its_resources() {
    let (native, imported) = (one(case!("guardduty-attack-sequence")), one(case!("securityhub-attack-sequence")));
    assert_eq!((&native.key, native.main_type()), (&imported.key, "AttackSequence:S3/CompromisedData"));
    assert_eq!(imported.main_type(), native.main_type());
    assert_eq!((native.severity, native.unread.as_slice()), (Some(Severity::Critical), [].as_slice()));
    assert_eq!(resources(&native)[1], ("S3_BUCKET", "arn:aws:s3:::example-shop-exports"));
    assert_eq!((native.resources.len(), native.resources[1].tags.len()), (3, 2));
}
