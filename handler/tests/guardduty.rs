//! Every finding type of GuardDuty finds its class, and speaks whole for the poorest and the richest event of its kind.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::collections::BTreeMap;

use finding_advisor::advice::playbook::{class_of, classes};
use finding_advisor::advice::{self, NoAnswer};
use finding_advisor::finding::Language;
use finding_advisor::intake;
use jiff::Timestamp;
use serde_json::json;

#[path = "events/guardduty.rs"]
mod events;
use events::{access_key, call, finding, richest};

/// One type a line, after a line that says where the list is from.
const TYPES: &str = include_str!("data/guardduty-types.txt");
/// `NAME IN ASFF = OWN NAME`, after a line that says where the list is from.
const TYPES_IN_ASFF: &str = include_str!("data/guardduty-types-in-asff.txt");
/// Of these types GuardDuty reports both sides.
const OF_BOTH_SIDES: [&str; 3] =
    ["UnauthorizedAccess:EC2/SSHBruteForce", "UnauthorizedAccess:EC2/RDPBruteForce", "Impact:EC2/WinRMBruteForce"];

fn types() -> impl Iterator<Item = &'static str> {
    TYPES.lines().filter(|line| !line.starts_with('#'))
}

fn now() -> Timestamp {
    "2026-11-24T02:00:00Z".parse().expect("a time")
}

#[test]
fn every_type_finds_a_class_of_its_own_and_none_falls_to_the_general_words() {
    let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for kind in types() {
        let class = class_of(&finding(kind, "TARGET", &json!({}), &json!({})));
        found.entry(&class.id).or_default().push(kind);
    }
    for (class, kinds) in &found {
        println!("{class}: {}", kinds.len());
    }
    assert_eq!(found.get("general"), None);
    assert!(types().count() > 200 && found.len() >= 15);
}

#[test]
fn the_side_that_our_resource_is_on_decides_before_the_type() {
    for kind in OF_BOTH_SIDES {
        let class = |role| class_of(&finding(kind, role, &json!({}), &json!({}))).id.as_str();
        assert_eq!((class("TARGET"), class("ACTOR")), ("instance_is_attacked", "instance_acts_badly"), "{kind}");
        assert_eq!(class(""), "instance_acts_badly", "{kind}: the graver one where nobody says");
    }
}

#[test]
fn a_new_type_falls_to_the_family_of_its_resource() {
    for (kind, class) in [
        ("Impact:EC2/SomethingNew", "instance_acts_badly"),
        ("Exfiltration:S3/SomethingNew", "s3_data_read"),
        ("Impact:S3/SomethingNew", "s3_data_changed"),
        ("Persistence:IAMUser/SomethingNew", "unusual_changes"),
        ("Persistence:Kubernetes/SomethingNew", "kubernetes_called_by_strangers"),
        ("Impact:Runtime/SomethingNew", "unusual_process"),
        ("Execution:Lambda/SomethingNew", "function_talks_badly"),
        ("Impact:RDS/SomethingNew", "database_is_attacked"),
        ("AttackSequence:New/CompromisedThing", "attack_with_credentials"),
    ] {
        assert_eq!(class_of(&finding(kind, "", &json!({}), &json!({}))).id, class, "{kind}");
    }
}

#[test]
fn the_poorest_and_the_richest_finding_of_every_type_can_be_acted_on() {
    for kind in types() {
        let mut most = richest(kind);
        if class_of(&finding(kind, "", &json!({}), &json!({}))).id == "unexpected_operation" {
            most["accessKeyDetails"] = access_key();
        }
        for (resource, action, rich) in [(json!({}), json!({}), false), (most, call(), true)] {
            let finding = finding(kind, "ACTOR", &resource, &action);
            let class = class_of(&finding);
            for language in [Language::Ja, Language::En] {
                let facts = advice::project(&finding, language, now());
                assert_eq!(facts.class, class.id, "{kind} {language:?}: its class has no first look here");
                let prompt = advice::prompt(&facts);
                assert!(prompt.user.len() <= 7 * 1024, "{kind} {language:?}: {} bytes", prompt.user.len());
                let advice = advice::playbook(&facts, NoAnswer::NotAsked);
                assert!(advice.steps().len() >= if rich { 3 } else { 2 }, "{kind}: {} steps", advice.steps().len());
                assert!(!advice.message().is_empty(), "{kind}: nothing to send");
                let first = advice.steps().first().expect("a first step");
                assert!(!first.read.is_empty() && !first.sentence.is_empty(), "{kind}: how to read the first look");
            }
        }
    }
}

#[test]
fn every_class_is_reached() {
    let reached: Vec<&str> = types()
        .flat_map(|kind| {
            ["TARGET", "ACTOR"].map(|role| class_of(&finding(kind, role, &json!({}), &json!({}))).id.as_str())
        })
        .collect();
    let of_guardduty =
        classes().iter().filter(|class| class.references.iter().any(|page| page.url.contains("/guardduty/")));
    for class in of_guardduty {
        let protection = class.matches.iter().all(|glob| glob.starts_with("guardduty-protection/"));
        assert!(protection || reached.contains(&class.id.as_str()), "no type falls to {}", class.id);
    }
}

#[test]
fn a_type_is_the_same_by_security_hub() {
    for line in TYPES_IN_ASFF.lines().filter(|line| !line.starts_with('#')) {
        let (asff, own) = line.split_once(" = ").expect("two names");
        let event = json!({
            "detail-type": "Security Hub Findings - Imported",
            "source": "aws.securityhub",
            "detail": { "findings": [{
                "ProductArn": "arn:aws:securityhub:ap-northeast-1::product/aws/guardduty",
                "AwsAccountId": "111122223333",
                "Types": [asff],
                "ProductFields": { "aws/guardduty/service/resourceRole": "TARGET" },
            }] },
        });
        let finding = intake::read(&event.to_string()).swap_remove(0);
        assert_eq!(finding.main_type(), own, "{asff}");
        assert!(types().any(|known| known == own), "{own} is no known type");
        let native = events::finding(own, "TARGET", &json!({}), &json!({}));
        assert_eq!(class_of(&finding).id, class_of(&native).id, "{asff}");
    }
}
