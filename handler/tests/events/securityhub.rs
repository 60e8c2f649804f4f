//! Findings that come by Security Hub, in ASFF: what the format requires, and what AWS's own products add.

use finding_advisor::finding::Finding;
use serde_json::{Value, json};

use super::{Target, read, with};

/// A finding of this product and these types on a resource.
fn asff(product: &str, types: &Value, target: &Target, rich: bool, more: &Value) -> Finding {
    let resource = json!({ "Type": target.asff, "Id": target.id });
    let full = json!({
        "Partition": "aws",
        "Region": "ap-northeast-1",
        "Tags": { "Environment": "production", "Owner": "web-team", "Name": "web-prod" },
    });
    let resource = if rich { with(resource, &full) } else { resource };
    let required = json!({
        "SchemaVersion": "2018-10-08",
        "Id": "arn:aws:securityhub:ap-northeast-1:111122223333:finding/0123456789abcdef",
        "ProductArn": format!("arn:aws:securityhub:ap-northeast-1::product/{product}"),
        "GeneratorId": "generator",
        "AwsAccountId": "111122223333",
        "CreatedAt": "2026-11-24T01:50:00Z",
        "UpdatedAt": "2026-11-24T01:54:00Z",
        "Severity": { "Label": "HIGH" },
        "Title": "A title",
        "Description": "A description.",
        "Types": types,
        "Resources": [resource],
    });
    let full = json!({
        "Region": "ap-northeast-1",
        "AwsAccountName": "shop-prod",
        "FirstObservedAt": "2026-11-20T01:50:00Z",
        "LastObservedAt": "2026-11-24T01:54:00Z",
        "Remediation": { "Recommendation": { "Text": "Read the page.", "Url": "https://docs.aws.amazon.com/" } },
        "Workflow": { "Status": "NEW" },
        "RecordState": "ACTIVE",
    });
    let finding = with(with(required, more), if rich { &full } else { &Value::Null });
    let detail = json!({ "findings": [finding] });
    read("aws.securityhub", "Security Hub Findings - Imported", &[], &detail).swap_remove(0)
}

/// A control that failed on a resource.
pub fn control(id: &str, target: &Target, rich: bool) -> Finding {
    let types = json!(["Software and Configuration Checks/Industry and Regulatory Standards"]);
    let more = json!({ "Compliance": { "Status": "FAILED", "SecurityControlId": id } });
    asff("aws/securityhub", &types, target, rich, &more)
}

/// A partner's finding.
pub fn imported(kind: &str, target: &Target, rich: bool) -> Finding {
    let more = if rich { json!({ "ProductName": "Host Watch", "CompanyName": "Example Vendor" }) } else { json!({}) };
    asff("example-vendor/host-watch", &json!([kind]), target, rich, &more)
}
