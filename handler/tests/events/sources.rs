//! Events that the other sources send themselves: what their pages call required, and what AWS's examples show besides.

use finding_advisor::finding::Finding;
use serde_json::{Value, json};

use super::{TARGETS, Target, read, securityhub, with};

/// What tags may say.
fn tags() -> Value {
    json!([{ "key": "Environment", "value": "production" }, { "key": "Owner", "value": "web-team" }])
}

/// The poorest and the richest findings of a main type, of every kind of resource that they can be about; none where no
/// source sends such a type.
pub fn findings(kind: &str) -> Box<dyn Iterator<Item = Finding> + '_> {
    let (source, word) = kind.split_once('/').unwrap_or((kind, ""));
    match source {
        "inspector" => about(&["image", "instance", "function", "repository"], word, inspector),
        "access-analyzer" => about(ANALYZED, word, access_analyzer),
        "config" => about(&["bucket", "sg", "user", "account"], word, config),
        "imported" => about(&["instance", "bucket", "account", "resource"], word, securityhub::imported),
        "health" => both(word, health),
        "sign-in" => both(word, sign_in),
        "exposure" => both(word, exposure),
        "trusted-advisor" => both(word, trusted_advisor),
        "security-ir" => both(word, security_ir),
        "insight" => both(word, insight),
        "guardduty-protection" => both(word, protection),
        _ if kind.starts_with("Policy:IAMUser/S3") || kind.starts_with("SensitiveData:") => both(kind, macie),
        _ => Box::new([].into_iter()),
    }
}

/// What IAM Access Analyzer reports on.
const ANALYZED: &[&str] = &[
    "bucket",
    "role",
    "user",
    "kms_key",
    "function",
    "secret",
    "sns_topic",
    "repository",
    "file_system",
    "queue",
    "table",
    "snapshot",
    "db_snapshot",
];

fn about<'a>(
    kinds: &'a [&'a str],
    word: &'a str,
    make: impl Fn(&str, &Target, bool) -> Finding + 'a,
) -> Box<dyn Iterator<Item = Finding> + 'a> {
    let targets = TARGETS.iter().filter(move |target| kinds.contains(&target.kind));
    let target = targets.flat_map(|target| [(target, false), (target, true)]);
    Box::new(target.map(move |(target, rich)| make(word, target, rich)))
}

fn both<'a>(word: &'a str, make: impl Fn(&str, bool) -> Finding + 'a) -> Box<dyn Iterator<Item = Finding> + 'a> {
    Box::new([false, true].into_iter().map(move |rich| make(word, rich)))
}

/// A finding of Amazon Inspector; what is known of exploit and fix is in the type.
fn inspector(word: &str, target: &Target, rich: bool) -> Finding {
    let (kind, known) = word.split_once('/').unwrap_or((word, ""));
    let native = match target.kind {
        "image" => "AWS_ECR_CONTAINER_IMAGE",
        "instance" => "AWS_EC2_INSTANCE",
        "function" => "AWS_LAMBDA_FUNCTION",
        _ => "CODE_REPOSITORY",
    };
    let id = if target.kind == "instance" { "i-0123456789abcdef0" } else { target.id };
    let required = json!({
        "awsAccountId": "111122223333",
        "findingArn": "arn:aws:inspector2:ap-northeast-1:111122223333:finding/0badcafe1a2b3c4d5e6f708192a3b4c5",
        "description": "A description.",
        "firstObservedAt": "2026-11-24T01:02:31Z",
        "lastObservedAt": "2026-11-24T01:02:31Z",
        "updatedAt": "2026-11-24T01:02:31Z",
        "remediation": { "recommendation": { "text": "None Provided" } },
        "resources": [{ "id": id, "type": native }],
        "severity": "HIGH",
        "status": "ACTIVE",
        "title": "A title",
        "type": kind,
        "exploitAvailable": if known == "exploit" { "YES" } else { "NO" },
        "fixAvailable": match known { "exploit" | "fix" => "YES", "nofix" => "NO", _ => "" },
    });
    let packages = json!({
        "vulnerabilityId": "CVE-2026-0001",
        "source": "NVD",
        "vendorSeverity": "HIGH",
        "vulnerablePackages": [{
            "name": "example-tls",
            "version": "3.2.9",
            "fixedInVersion": if known == "nofix" { "NotAvailable" } else { "3.2.10" },
            "packageManager": "OS",
            "remediation": "dnf update example-tls",
        }],
    });
    let full = json!({
        "resources": [{ "id": id, "type": native, "region": "ap-northeast-1", "partition": "aws", "tags": { "Environment": "production", "Owner": "web-team" } }],
        "epss": { "score": 0.62 },
        "inspectorScore": 9.1,
        "packageVulnerabilityDetails": if kind == "PACKAGE_VULNERABILITY" { packages } else { Value::Null },
        "networkReachabilityDetails": {
            "openPortRange": { "begin": 22, "end": 22 },
            "protocol": "TCP",
            "networkPath": { "steps": [{ "componentId": "sg-0123456789abcdef0", "componentType": "AWS::EC2::SecurityGroup" }] },
        },
        "codeVulnerabilityDetails": {
            "cwes": ["CWE-798"],
            "detectorId": "python/hardcoded-credentials@v1.0",
            "detectorName": "Hardcoded credentials",
            "filePath": { "fileName": "app.py", "filePath": "app.py", "startLine": 7, "endLine": 9 },
        },
    });
    let detail = with(required, if rich { &full } else { &Value::Null });
    read("aws.inspector2", "Inspector2 Finding", &[], &detail).swap_remove(0)
}

/// A finding of Amazon Macie on a bucket, or on an object in it.
fn macie(kind: &str, rich: bool) -> Finding {
    let bucket = json!({ "arn": "arn:aws:s3:::example-orders", "name": "example-orders" });
    let full = json!({
        "publicAccess": { "effectivePermission": "PUBLIC" },
        "defaultServerSideEncryption": { "encryptionType": "AES256" },
        "tags": tags(),
    });
    let bucket = if rich { with(bucket, &full) } else { bucket };
    let object = json!({
        "key": "exports/members.csv",
        "path": "example-orders/exports/members.csv",
        "publicAccess": rich,
        "size": 48_113_622,
    });
    let sensitive = json!({ "result": { "sensitiveData": [{
        "category": "CREDENTIALS",
        "totalCount": 4,
        "detections": [{ "type": "AWS_CREDENTIALS", "count": 4 }],
    }] } });
    let call = json!({
        "action": { "actionType": "AWS_API_CALL", "apiCallDetails": { "api": "PutBucketPolicy", "apiServiceName": "s3.amazonaws.com" } },
        "actor": { "userIdentity": { "type": "IAMUser", "iamUser": { "userName": "deploy", "accountId": "111122223333" } }, "ipAddressDetails": { "ipAddressV4": "203.0.113.77" } },
    });
    let of_object = kind.starts_with("SensitiveData:");
    let required = json!({
        "id": "a1b2c3d4e5f60718293a4b5c6d7e8f90",
        "accountId": "111122223333",
        "region": "ap-northeast-1",
        "type": kind,
        "title": "A title",
        "description": "A description.",
        "severity": { "score": 3, "description": "High" },
        "createdAt": "2026-11-24T01:02:31Z",
        "updatedAt": "2026-11-24T01:02:31Z",
        "count": 1,
        "resourcesAffected": { "s3Bucket": bucket, "s3Object": if of_object { object } else { Value::Null } },
    });
    let full = if of_object { json!({ "classificationDetails": sensitive }) } else { json!({ "policyDetails": call }) };
    let detail = with(required, if rich { &full } else { &Value::Null });
    read("aws.macie", "Macie Finding", &[], &detail).swap_remove(0)
}

/// A finding of IAM Access Analyzer on a resource.
fn access_analyzer(word: &str, target: &Target, rich: bool) -> Finding {
    let (detail_type, finding_type) = match word {
        "internal" => ("Internal Access Finding", "InternalAccess"),
        "unused/PERMISSION" => ("Unused Access Finding for IAM entities", "UnusedPermission"),
        "unused/ROLE" => ("Unused Access Finding for IAM entities", "UnusedIAMRole"),
        "unused/ACCESS_KEY" => ("Unused Access Finding for IAM entities", "UnusedIAMUserAccessKey"),
        "unused/PASSWORD" => ("Unused Access Finding for IAM entities", "UnusedIAMUserPassword"),
        _ => ("Access Analyzer Finding", ""),
    };
    let required = json!({
        "id": "11aa22bb-33cc-4dd5-8ee6-77ff88001122",
        "accountId": "111122223333",
        "resource": target.id,
        "resourceType": target.config,
        "createdAt": "2026-11-24T01:02:31Z",
        "updatedAt": "2026-11-24T01:02:31Z",
        "isDeleted": false,
        "status": "ACTIVE",
        "findingType": finding_type,
        "isPublic": word == "external/public",
    });
    let full = json!({
        "region": "ap-northeast-1",
        "action": ["s3:GetObject", "s3:ListBucket"],
        "condition": { "aws:PrincipalOrgID": "o-exampleorg" },
        "principal": { "AWS": if word == "external/public" { "*" } else { "444455556666" } },
        "sources": [{ "type": "POLICY" }],
        "numberOfUnusedActions": 12,
        "numberOfUnusedServices": 3,
    });
    let detail = with(required, if rich { &full } else { &Value::Null });
    let analyzer = ["arn:aws:access-analyzer:ap-northeast-1:777788889999:analyzer/organization"];
    read("aws.access-analyzer", detail_type, &analyzer, &detail).swap_remove(0)
}

/// A rule of AWS Config that a resource does not keep.
fn config(rule: &str, target: &Target, rich: bool) -> Finding {
    let required = json!({
        "awsAccountId": "111122223333",
        "awsRegion": "ap-northeast-1",
        "configRuleName": rule,
        "configRuleARN": "arn:aws:config:ap-northeast-1:111122223333:config-rule/config-rule-a1b2c3",
        "resourceType": target.config,
        "resourceId": target.id.rsplit([':', '/']).next(),
        "newEvaluationResult": { "complianceType": "NON_COMPLIANT", "resultRecordedTime": "2026-11-24T01:02:31Z" },
    });
    let full = json!({
        "messageType": "ComplianceChangeNotification",
        "newEvaluationResult": { "complianceType": "NON_COMPLIANT", "resultRecordedTime": "2026-11-24T01:02:31Z", "annotation": "The rule says why." },
        "oldEvaluationResult": { "complianceType": "COMPLIANT", "resultRecordedTime": "2026-11-02T08:11:40Z" },
    });
    let detail = with(required, if rich { &full } else { &Value::Null });
    read("aws.config", "Config Rules Compliance Change", &[], &detail).swap_remove(0)
}

/// An event of AWS Health.
fn health(code: &str, rich: bool) -> Finding {
    let (name, entity) = match code {
        _ if code.contains("CREDENTIALS") => ("RISK", "AKIAIOSFODNN7EXAMPLE"),
        _ if code.contains("ABUSE") => {
            ("ABUSE", "arn:aws:ec2:ap-northeast-1:111122223333:instance/i-0123456789abcdef0")
        }
        _ => ("RDS", "arn:aws:rds:ap-northeast-1:111122223333:db:orders"),
    };
    let required = json!({
        "eventArn": format!("arn:aws:health:us-east-1::event/{name}/{code}/{code}_0f1e2d3c"),
        "service": name,
        "eventTypeCode": code,
        "eventTypeCategory": "issue",
        "startTime": "Tue, 24 Nov 2026 02:31:00 GMT",
        "statusCode": "open",
    });
    let full = json!({
        "eventRegion": "us-east-1",
        "eventDescription": [{ "language": "en_US", "latestDescription": "A description." }],
        "affectedEntities": [{ "entityValue": entity, "tags": { "owner": "web-team", "env": "prod" } }],
        "affectedAccount": "111122223333",
    });
    let detail = with(required, if rich { &full } else { &Value::Null });
    let affected = [entity];
    read("aws.health", "AWS Health Event", if rich { &affected } else { &[] }, &detail).swap_remove(0)
}

/// A step of a root user at the sign-in page, or an alert about a sign-in.
fn sign_in(word: &str, rich: bool) -> Finding {
    let address = json!({ "sourceIPAddress": "198.51.100.24", "userAgent": "Mozilla/5.0" });
    let more = if rich { &address } else { &Value::Null };
    let (name, outcome) = match word {
        "root/success" => ("ConsoleLogin", "Success"),
        "root/failure" => ("ConsoleLogin", "Failure"),
        "root/password-recovery" => ("PasswordRecoveryRequested", "Success"),
        "root/mfa-check" => ("CheckMfa", "Success"),
        _ => {
            let detail = with(json!({ "accountId": "111122223333" }), more);
            return read("aws.signin", "Sign-in Anomaly Alert", &[], &detail).swap_remove(0);
        }
    };
    let required = json!({
        "userIdentity": { "type": "Root", "accountId": "111122223333", "arn": "arn:aws:iam::111122223333:root" },
        "eventTime": "2026-11-24T01:05:42Z",
        "eventSource": "signin.amazonaws.com",
        "eventName": name,
        "eventID": "3c2b1a09-8f7e-4d6c-9b5a-0e1f2d3c4b5a",
        "responseElements": { name: outcome },
        "additionalEventData": { "MFAUsed": if rich { "Yes" } else { "No" } },
    });
    read("aws.signin", "AWS Console Sign In via CloudTrail", &[], &with(required, more)).swap_remove(0)
}

/// An exposure finding of the new Security Hub, in OCSF.
fn exposure(word: &str, rich: bool) -> Finding {
    let function = "arn:aws:lambda:ap-northeast-1:111122223333:function:order-hook";
    let required = json!({
        "activity_id": 1,
        "category_uid": 2,
        "class_uid": 2004,
        "cloud": { "account": { "uid": "111122223333" }, "provider": "AWS", "region": "ap-northeast-1" },
        "metadata": {
            "product": { "uid": "arn:aws:securityhub:ap-northeast-1::productv2/aws/securityhub-risk" },
            "uid": "5555555555555555555555555555555555555555555555555555555555555555",
            "version": "1.6.0",
        },
        "severity_id": 5,
        "status_id": 1,
        "time": 1_795_508_066_337_u64,
        "type_uid": 200_401,
        "finding_info": { "title": "A title", "types": [format!("Exposure/{word}")], "uid": "arn:aws:securityhub:::finding/5" },
        "resources": [{ "type": "AWS::Lambda::Function", "uid": function }],
    });
    let full = json!({
        "resources": [{ "type": "AWS::Lambda::Function", "uid": function, "tags": [{ "name": "env", "value": "prod" }, { "name": "owner", "value": "order-team" }] }],
        "vendor_attributes": { "severity": "Critical", "severity_id": 5 },
    });
    let detail = json!({ "findings": [with(required, if rich { &full } else { &Value::Null })] });
    read("aws.securityhub", "Findings Imported V2", &[], &detail).swap_remove(0)
}

/// An item that a check of Trusted Advisor found.
fn trusted_advisor(check: &str, rich: bool) -> Finding {
    let item = json!({ "Status": "Red", "Region": "ap-northeast-1", "Bucket Name": "example-orders" });
    let detail = json!({
        "check-name": check,
        "check-item-detail": if rich { item } else { json!({}) },
        "status": "ERROR",
        "resource_id": if rich { "arn:aws:s3:::example-orders" } else { "" },
        "uuid": "0f9e8d7c-6b5a-4c3d-8e2f-1a0b9c8d7e6f",
    });
    read("aws.trustedadvisor", "Trusted Advisor Check Item Refresh Notification", &[], &detail).swap_remove(0)
}

/// A case or a membership of AWS Security Incident Response; its events hold no more than this.
fn security_ir(what: &str, _: bool) -> Finding {
    let id = if what.starts_with("Membership") { "membershipId" } else { "caseId" };
    let detail = json!({ id: "4711002233", "updatedBy": "AWS Responder" });
    read("aws.security-ir", what, &[], &detail).swap_remove(0)
}

/// Results of an insight that somebody sent by a custom action.
fn insight(_: &str, rich: bool) -> Finding {
    let action = ["arn:aws:securityhub:ap-northeast-1:111122223333:action/custom/AskAdvisor"];
    let required = json!({
        "insightArn": "arn:aws:securityhub:::insight/securityhub/default/31",
        "insightName": "31. Access keys that are linked to the most findings",
        "insightResults": [{ "shop-deploy": 5 }],
    });
    let full = json!({
        "actionName": "Ask the advisor",
        "resultType": "ResourceAwsIamAccessKeyUserName",
        "insightResults": [{ "shop-deploy": 5 }, { "batch-runner": 1 }],
    });
    let detail = with(required, if rich { &full } else { &Value::Null });
    read("aws.securityhub", "Security Hub Insight Results", &action, &detail).swap_remove(0)
}

/// An event of GuardDuty's protection plans that is no finding.
fn protection(word: &str, rich: bool) -> Finding {
    let object = json!({ "bucketName": "example-orders", "objectKey": "in/a.exe", "eTag": "0a1b", "versionId": "v1" });
    let (detail_type, required) = match word {
        "object-threat" => (
            "GuardDuty Malware Protection Object Scan Result",
            json!({ "s3ObjectDetails": object, "scanResultDetails": { "scanResultStatus": "THREATS_FOUND" } }),
        ),
        "post-scan-action-failed" => {
            ("GuardDuty Malware Protection Post Scan Action Failed", json!({ "s3ObjectDetails": object }))
        }
        "resource-status" => (
            "GuardDuty Malware Protection Resource Status Error",
            json!({ "s3BucketDetails": { "bucketName": "example-orders" } }),
        ),
        _ => (
            "GuardDuty Runtime Protection Unhealthy",
            json!({ "resourceDetails": { "resourceType": "EKS", "eksClusterDetails": { "clusterName": "shop-prod" } } }),
        ),
    };
    let full = json!({
        "resourceAccountId": "111122223333",
        "eventTime": "2026-11-24T01:54:00Z",
        "issue": "The agent does not report on 2 of 5 nodes.",
        "postScanActions": [{ "actionType": "TAGGING", "status": "FAILED", "failureReason": "ACCESS_DENIED" }],
        "statusReasons": [{ "code": "INSUFFICIENT_TEST_OBJECT_PERMISSIONS" }],
    });
    let detail = with(required, if rich { &full } else { &Value::Null });
    read("aws.guardduty", detail_type, &[], &detail).swap_remove(0)
}
