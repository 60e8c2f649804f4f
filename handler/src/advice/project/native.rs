//! GuardDuty findings that Security Hub passes on, turned back into GuardDuty's own shape, so that both ways have one set of
//! facts. Only what is read later is turned back.

use serde_json::{Map, Value, json};

use super::tag;

/// The prefix of GuardDuty's fields among the `ProductFields`.
const PREFIX: &str = "aws/guardduty/service/";
/// Fields beyond these are not looked at.
const MOST_FIELDS: usize = 200;
/// Items of a list beyond these are not looked at.
const MOST_ITEMS: usize = 400;
/// Names in one path; GuardDuty's deepest has six.
const DEEPEST: usize = 8;

/// The native `resource` and `service` of a finding in ASFF.
pub(super) fn of(detail: &Value) -> (Value, Value) {
    (resource(detail), service(detail))
}

/// `aws/guardduty/service/action/awsApiCallAction/api: "ListBuckets"` becomes nested objects.
fn service(detail: &Value) -> Value {
    let mut service = Value::Object(Map::new());
    let fields = detail.get("ProductFields").and_then(Value::as_object);
    for (path, value) in fields.into_iter().flatten().take(MOST_FIELDS) {
        let (Some(path), Some(text)) = (path.strip_prefix(PREFIX), value.as_str()) else { continue };
        if path.split('/').count() <= DEEPEST {
            put(&mut service, path, typed(text));
        }
    }
    if let Some(detection) = detail.get("Detection") {
        put(&mut service, "detection", lower(detection));
    }
    service
}

/// The same names with a small first letter, as GuardDuty writes them. Recursion ends where the JSON parser's own limit ended.
fn lower(value: &Value) -> Value {
    let small = |name: &str| {
        let mut letters = name.chars();
        letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
    };
    match value {
        Value::Object(fields) => fields.iter().map(|(name, field)| (small(name), lower(field))).collect(),
        Value::Array(items) => items.iter().take(MOST_ITEMS).map(lower).collect(),
        other => other.clone(),
    }
}

fn put(object: &mut Value, path: &str, value: Value) {
    // What is a text already holds nothing below it.
    let Some(fields) = object.as_object_mut() else { return };
    match path.split_once('/') {
        Some((name, rest)) => put(fields.entry(name).or_insert_with(|| Value::Object(Map::new())), rest, value),
        None => drop(fields.insert(path.to_owned(), value)),
    }
}

/// `ProductFields` holds texts only.
fn typed(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ if text.len() <= 5 => text.parse::<u16>().map_or_else(|_| Value::from(text), Value::from),
        _ => Value::from(text),
    }
}

fn resource(detail: &Value) -> Value {
    let mut resource = Map::new();
    let resources = detail.get("Resources").and_then(Value::as_array);
    for place in resources.into_iter().flatten().take(super::MOST_RESOURCES) {
        let text = |pointer: &str| place.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
        let last = text("/Id").rsplit(['/', ':']).next().unwrap_or_default();
        match text("/Type") {
            "AwsIamAccessKey" => {
                let key = json!({
                    "accessKeyId": last,
                    "principalId": text("/Details/AwsIamAccessKey/PrincipalId"),
                    "userType": text("/Details/AwsIamAccessKey/PrincipalType"),
                    "userName": text("/Details/AwsIamAccessKey/PrincipalName"),
                });
                resource.entry("accessKeyDetails").or_insert(key);
            }
            "AwsEc2Instance" => {
                resource.entry("instanceDetails").or_insert_with(|| instance(place, last));
            }
            "AwsS3Bucket" => {
                let buckets = resource.entry("s3BucketDetails").or_insert_with(|| json!([]));
                if let Some(buckets) = buckets.as_array_mut() {
                    buckets.push(json!({ "name": last, "tags": tags(place) }));
                }
            }
            _ => {}
        }
    }
    Value::Object(resource)
}

fn instance(place: &Value, id: &str) -> Value {
    let details = place.pointer("/Details/AwsEc2Instance").unwrap_or(&Value::Null);
    let mut instance = Map::new();
    instance.insert("instanceId".into(), id.into());
    instance.insert("tags".into(), tags(place));
    if let Some(time) = details.get("LaunchedAt") {
        instance.insert("launchTime".into(), time.clone());
    }
    if let Some(profile) = details.get("IamInstanceProfileArn") {
        instance.insert("iamInstanceProfile".into(), json!({ "arn": profile }));
    }
    if let Some(addresses) = details.get("IpV4Addresses").and_then(Value::as_array) {
        let public = public_address(addresses);
        instance.insert("networkInterfaces".into(), json!([{ "publicIp": public }]));
    }
    Value::Object(instance)
}

/// The first public address of these.
pub(super) fn public_address(addresses: &[Value]) -> Option<&str> {
    addresses.iter().filter_map(Value::as_str).find(|address| {
        address.parse::<std::net::Ipv4Addr>().is_ok_and(|address| !address.is_private() && !address.is_link_local())
    })
}

fn tags(place: &Value) -> Value {
    let tags = place.get("Tags").and_then(Value::as_object);
    tags.into_iter().flatten().take(tag::MOST).map(|(key, value)| json!({ "key": key, "value": value })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flat_fields_become_guarddutys_shape() {
        let detail = json!({
            "ProductFields": {
                "aws/guardduty/service/action/networkConnectionAction/blocked": "false",
                "aws/guardduty/service/action/networkConnectionAction/localPortDetails/port": "22",
                "aws/guardduty/service/action/networkConnectionAction/localPortDetails/port/below": "x",
                "aws/guardduty/service/resourceRole": "TARGET",
                "aws/securityhub/ProductName": "GuardDuty",
            },
            "Resources": [{
                "Type": "AwsS3Bucket",
                "Id": "arn:aws:s3:::a-bucket",
                "Tags": { "env": "prod" },
            }],
        });
        let (resource, service) = of(&detail);
        assert_eq!(
            service,
            json!({
                "action": { "networkConnectionAction": { "blocked": false, "localPortDetails": { "port": 22 } } },
                "resourceRole": "TARGET",
            })
        );
        assert_eq!(
            resource,
            json!({ "s3BucketDetails": [{ "name": "a-bucket", "tags": [{ "key": "env", "value": "prod" }] }] })
        );
    }

    #[test]
    fn a_hostile_shape_is_no_trouble() {
        for detail in [
            json!(null),
            json!({ "ProductFields": [], "Resources": { "Type": 1 } }),
            json!({ "ProductFields": { format!("{PREFIX}{}", "a/".repeat(5_000)): "x", PREFIX: "y" }, "Resources": [3, null, {}] }),
        ] {
            let (resource, _) = of(&detail);
            assert_eq!(resource, json!({}));
        }
    }
}
