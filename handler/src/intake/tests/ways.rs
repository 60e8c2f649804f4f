//! One problem has one key and one telling type, whether it comes natively, in ASFF or in OCSF.

use super::*;

/// A finding in ASFF of a product, with these fields in place of a control's.
fn imported(product: &str, fields: &Value) -> Finding {
    let mut event: Value = serde_json::from_str(BUCKET).unwrap();
    let finding = event.pointer_mut("/detail/findings/0").unwrap();
    finding["ProductArn"] = json!(format!("arn:aws:securityhub:ap-northeast-1::product/{product}"));
    finding["ProductFields"] = json!({});
    finding["Compliance"] = json!({});
    for (name, value) in fields.as_object().unwrap() {
        finding[name] = value.clone();
    }
    one(&event.to_string())
}

fn same(one: &Finding, other: &Finding) {
    assert_eq!(one.key, other.key);
    assert_eq!(one.main_type(), other.main_type());
}

#[test]
fn a_vulnerability_is_one_by_three_ways() {
    let native = one(EXPLOIT);
    assert_eq!(native.main_type(), "inspector/PACKAGE_VULNERABILITY/exploit");
    same(&native, &one(OCSF_EXPLOIT));
    let asff = imported(
        "aws/inspector",
        &json!({
            "Id": native.id.text(),
            "Types": ["Software and Configuration Checks/Vulnerabilities/CVE"],
            "Vulnerabilities": [{"Id": "CVE-2026-90417", "FixAvailable": "YES", "ExploitAvailable": "YES"}],
        }),
    );
    same(&native, &asff);
}

#[test]
fn what_matters_of_a_vulnerability_is_in_its_type() {
    let kind = |fix: Value, exploit: Value| {
        let body = with(&with(EXPLOIT, "/detail/fixAvailable", fix), "/detail/exploitAvailable", exploit);
        one(&body).main_type().to_owned()
    };
    for (fix, exploit, expected) in [
        (json!("YES"), json!("YES"), "inspector/PACKAGE_VULNERABILITY/exploit"),
        (json!("NO"), json!("YES"), "inspector/PACKAGE_VULNERABILITY/exploit"),
        (json!("YES"), json!("NO"), "inspector/PACKAGE_VULNERABILITY/fix"),
        (json!("PARTIAL"), Value::Null, "inspector/PACKAGE_VULNERABILITY/fix"),
        (json!("NO"), Value::Null, "inspector/PACKAGE_VULNERABILITY/nofix"),
        (Value::Null, Value::Null, "inspector/PACKAGE_VULNERABILITY"),
        (json!(["YES"]), json!({}), "inspector/PACKAGE_VULNERABILITY"),
    ] {
        assert_eq!(kind(fix, exploit), expected);
    }
    assert_eq!(one(NETWORK).main_type(), "inspector/NETWORK_REACHABILITY");
    let code = with(EXPLOIT, "/detail/type", json!("CODE_VULNERABILITY"));
    assert_eq!(one(&code).main_type(), "inspector/CODE_VULNERABILITY");
    // Not of the form of a word of Inspector's: it could be anything.
    let odd = one(&with(EXPLOIT, "/detail/type", json!("security-control/S3.8")));
    assert_eq!(odd.main_type(), "CVE-2026-90417");
    let asff = |fields: Value| imported("aws/inspector", &fields).main_type().to_owned();
    let network = "Software and Configuration Checks/AWS Security Best Practices/Network Reachability";
    assert_eq!(asff(json!({ "Types": [network] })), "inspector/NETWORK_REACHABILITY");
    let code = json!([{ "Id": "x", "CodeVulnerabilities": [{ "Cwes": ["CWE-798"] }] }]);
    assert_eq!(asff(json!({ "Vulnerabilities": code })), "inspector/CODE_VULNERABILITY");
}

#[test]
fn sensitive_data_is_one_by_three_ways() {
    let native = one(SENSITIVE);
    let id = native.id.text();
    let asff = imported(
        "aws/macie",
        &json!({
            "Id": format!("arn:aws:macie2:ap-northeast-1:111122223333:finding/{id}"),
            "Types": ["Sensitive Data Identifications/PII/SensitiveData:S3Object-Multiple"],
        }),
    );
    same(&native, &asff);
    let mut event: Value = serde_json::from_str(OCSF_CONTROL).unwrap();
    let finding = event.pointer_mut("/detail/findings/0").unwrap();
    finding["metadata"]["product"]["uid"] = json!("arn:aws:securityhub:us-east-1::productv2/aws/macie");
    finding["finding_info"]["uid"] = json!(id);
    finding["finding_info"]["types"] = json!(["Sensitive Data", "SensitiveData:S3Object/Multiple"]);
    same(&native, &one(&event.to_string()));
}

#[test]
fn access_is_one_by_both_ways() {
    let passed_on = |resource: &str, fields: Value| {
        let id = format!("arn:aws:access-analyzer:ap-northeast-1:777788889999:analyzer/organization/{resource}");
        let mut fields = fields;
        fields["Id"] = json!(id);
        fields["Resources"] = json!([{ "Type": "AwsS3Bucket", "Id": resource }]);
        imported("aws/access-analyzer", &fields)
    };
    let public = passed_on(
        "arn:aws:s3:::example-order-exports",
        json!({"Types": ["Effects/Data Exposure/External Access Granted"], "AwsAccountId": "777788889999",
               "ProductFields": {"ResourceOwnerAccount": "111122223333"}}),
    );
    same(&one(PUBLIC_ACCESS), &public);
    assert_eq!(public.account.text(), "111122223333");
    let unused = passed_on(
        "arn:aws:iam::111122223333:role/old-batch",
        json!({"Types": ["Software and Configuration Checks/AWS Security Best Practices/Unused IAM Role"]}),
    );
    same(&one(UNUSED_ROLE), &unused);
    let granted = "Software and Configuration Checks/AWS Security Best Practices/External Access Granted";
    for (types, title, finding_type, kind) in [
        (granted, "AwsKmsKey/x/ allows cross-account access", "", "access-analyzer/external/account"),
        (granted, "AwsKmsKey/x/ allows public access", "", "access-analyzer/external/public"),
        ("Other/Unused IAM User Access Key", "", "", "access-analyzer/unused/ACCESS_KEY"),
        ("Other/Unused IAM User Password", "", "", "access-analyzer/unused/PASSWORD"),
        ("Other", "", "UnusedPermission", "access-analyzer/unused/PERMISSION"),
        ("Other", "", "InternalAccess", "access-analyzer/internal"),
        ("Other", "allows public access", "", "imported/Other"),
    ] {
        let fields = json!({"Types": [types], "Title": title, "ProductFields": {"findingType": finding_type}});
        assert_eq!(passed_on("arn:aws:kms:::key/x", fields).main_type(), kind, "{types} {title}");
    }
}

#[test]
fn each_outside_principal_is_a_problem_of_its_own() {
    let of = |path: &str, value: Value| one(&with(OUTSIDE, path, value)).key;
    let first = one(OUTSIDE).key;
    assert_ne!(of("/detail/principal", json!({"AWS": "999900001111"})), first);
    assert_ne!(of("/detail/resource", json!("arn:aws:iam::111122223333:role/other")), first);
    assert_ne!(of("/detail/error", json!("ACCESS_DENIED")), first);
    let order =
        |principal: &str| one(&with(OUTSIDE, "/detail/principal", serde_json::from_str(principal).unwrap())).key;
    assert_eq!(order(r#"{"AWS":"1","Federated":"2"}"#), order(r#"{"Federated":"2","AWS":"1"}"#));
    // The analyzer of every Region sees the same role, and a new run of it gives a new id.
    assert_eq!(of("/region", json!("us-east-1")), first);
    assert_eq!(of("/detail/id", json!("another")), first);
    let internal = with(OUTSIDE, "/detail/findingType", json!("InternalAccess"));
    assert_ne!(one(&internal).key, first);
}

#[test]
fn a_threat_and_a_control_are_one_by_every_way() {
    same(&one(NATIVE), &one(OCSF_THREAT));
    same(&one(BUCKET), &one(OCSF_CONTROL));
    let bare = with(
        OCSF_CONTROL,
        "/detail/findings/0/resources",
        json!([
        {"type": "AWS::S3::Bucket", "uid": "example-shop-catalogue", "region": "ap-northeast-1"}]),
    );
    same(&one(BUCKET), &one(&bare));
    let elsewhere =
        with(&bare, "/detail/findings/0/cloud", json!({"account": {"uid": "111122223333"}, "region": "us-east-1"}));
    same(&one(BUCKET), &one(&elsewhere));
}

#[test]
fn an_importer_borrows_no_type() {
    let types = json!(["security-control/S3.8", "TTPs/UnauthorizedAccess:EC2-SSHBruteForce"]);
    let own = "arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default";
    let asff =
        with(&with(BUCKET, "/detail/findings/0/ProductArn", json!(own)), "/detail/findings/0/Types", types.clone());
    let asff = one(&asff);
    assert!(asff.types.iter().all(|kind| kind.text().starts_with("imported/")), "{:?}", asff.types);
    let body =
        with(OCSF_THREAT, "/detail/findings/0/metadata/product/uid", json!(own.replace("product/", "productv2/")));
    let ocsf = one(&with(&body, "/detail/findings/0/finding_info/types", types));
    assert_eq!(ocsf.main_type(), "imported/security-control/S3.8");
    assert_ne!(ocsf.key, one(NATIVE).key);
    // Also of a product of AWS, whose findings others may update.
    for product in ["aws/inspector", "aws/macie", "aws/access-analyzer", "aws/guardduty", "aws/health"] {
        let finding = imported(product, &json!({ "Types": ["security-control/S3.8"] }));
        assert_eq!(finding.main_type(), "imported/security-control/S3.8", "{product}");
    }
}
