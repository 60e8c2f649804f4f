//! Findings of GuardDuty, from the poorest to the richest that its format allows.

use finding_advisor::finding::Finding;
use finding_advisor::intake;
use serde_json::{Value, json};

/// The finding of this type, with what its service says of the resource and the action.
pub fn finding(kind: &str, role: &str, resource: &Value, action: &Value) -> Finding {
    let event = json!({
        "version": "0",
        "id": "11111111-2222-4333-8444-555555555555",
        "detail-type": "GuardDuty Finding",
        "source": "aws.guardduty",
        "account": "111122223333",
        "time": "2026-11-24T01:55:00Z",
        "region": "ap-northeast-1",
        "resources": [],
        "detail": {
            "accountId": "111122223333",
            "region": "ap-northeast-1",
            "id": "0123456789abcdef0123456789abcdef",
            "arn": "arn:aws:guardduty:ap-northeast-1:111122223333:detector/d/finding/0123456789abcdef0123456789abcdef",
            "type": kind,
            "severity": 8,
            "title": "A title.",
            "createdAt": "2026-11-24T01:50:00Z",
            "updatedAt": "2026-11-24T01:54:00Z",
            "resource": resource,
            "service": { "resourceRole": role, "action": action, "eventLastSeen": "2026-11-24T01:52:00Z" },
        },
    });
    intake::read(&event.to_string()).swap_remove(0)
}

/// A long-term key.
pub fn access_key() -> Value {
    json!({ "accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": "deploy", "userType": "IAMUser", "principalId": "AIDAEXAMPLE" })
}

/// The details that a finding about this sort of resource brings at most.
pub fn richest(kind: &str) -> Value {
    let family = kind.split([':', '/']).nth(1).unwrap_or_default();
    let key = access_key();
    let bucket = json!([{ "name": "example-orders", "arn": "arn:aws:s3:::example-orders", "tags": [{ "key": "Environment", "value": "production" }] }]);
    let instance = json!({
        "instanceId": "i-0123456789abcdef0",
        "instanceState": "running",
        "launchTime": "2026-01-11T09:00:00Z",
        "iamInstanceProfile": { "arn": "arn:aws:iam::111122223333:instance-profile/web" },
        "networkInterfaces": [{ "publicIp": "192.0.2.91", "securityGroups": [{ "groupId": "sg-0123456789abcdef0", "groupName": "web" }] }],
        "tags": [{ "key": "Name", "value": "web-prod" }, { "key": "Environment", "value": "production" }, { "key": "Owner", "value": "web-team" }],
    });
    match family {
        "S3" => json!({ "resourceType": "S3Bucket", "accessKeyDetails": key, "s3BucketDetails": bucket }),
        "EC2" => json!({ "resourceType": "Instance", "instanceDetails": instance }),
        "Kubernetes" | "EKS" | "Runtime" => json!({
            "resourceType": "EKSCluster",
            "instanceDetails": instance,
            "eksClusterDetails": { "name": "shop-prod", "arn": "arn:aws:eks:ap-northeast-1:111122223333:cluster/shop-prod", "tags": [] },
            "kubernetesDetails": {
                "kubernetesWorkloadDetails": { "name": "checkout-6d9c7b5f48-x2mzp", "type": "pods", "namespace": "payments", "containers": [{ "image": "111122223333.dkr.ecr.ap-northeast-1.amazonaws.com/checkout:1.4", "securityContext": { "privileged": true } }] },
                "kubernetesUserDetails": { "username": "system:serviceaccount:payments:checkout" },
            },
        }),
        "ECS" | "Container" => json!({
            "resourceType": "ECSCluster",
            "ecsClusterDetails": {
                "name": "shop",
                "arn": "arn:aws:ecs:ap-northeast-1:111122223333:cluster/shop",
                "taskDetails": { "arn": "arn:aws:ecs:ap-northeast-1:111122223333:task/shop/0123456789abcdef0123456789abcdef", "containers": [{ "image": "shop:1" }] },
            },
        }),
        "Lambda" => {
            json!({ "resourceType": "Lambda", "lambdaDetails": { "functionArn": "arn:aws:lambda:ap-northeast-1:111122223333:function:order-mailer", "functionName": "order-mailer" } })
        }
        "RDS" => {
            json!({ "resourceType": "RDSDBInstance", "rdsDbInstanceDetails": { "dbInstanceArn": "arn:aws:rds:ap-northeast-1:111122223333:db:orders", "dbInstanceIdentifier": "orders" } })
        }
        _ => json!({ "resourceType": "AccessKey", "accessKeyDetails": key, "instanceDetails": instance }),
    }
}

/// A call and a connection, from the same remote address.
pub fn call() -> Value {
    let remote = json!({ "ipAddressV4": "198.51.100.24", "country": { "countryName": "Romania" }, "organization": { "asnOrg": "Example Hosting" } });
    json!({
        "awsApiCallAction": { "api": "ListBuckets", "serviceName": "s3.amazonaws.com", "userAgent": "aws-cli/2.31.0", "remoteIpDetails": remote },
        "networkConnectionAction": { "connectionDirection": "OUTBOUND", "protocol": "TCP", "remotePortDetails": { "port": 443 }, "remoteIpDetails": remote },
    })
}
