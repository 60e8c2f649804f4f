//! The public corpus through the house: findings and hostile texts that others published. It is not part of the repository;
//! `FINDING_CORPUS` names its folder, from the repository's root, and without it nothing is tested here.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::fs;
use std::path::{Path, PathBuf};

use finding_advisor::advice::playbook::class_of;
use finding_advisor::advice::{self, NoAnswer};
use finding_advisor::channel::{self, Next, Request};
use finding_advisor::config::ChannelConfig;
use finding_advisor::finding::{Language, Source, Unread};
use finding_advisor::intake;
use finding_advisor::notification::{self, Change, Words};
use jiff::Timestamp;
use serde_json::{Value, json};

/// An event of the corpus and the name of what it was made from.
struct Sample {
    name: String,
    body: String,
    /// The format that it must be read as.
    source: Source,
}

/// A sample of `value`, as the event that a service would have sent.
fn sent(name: String, source: Source, detail_type: &str, detail: &Value) -> Sample {
    let service = if source == Source::GuardDuty { "aws.guardduty" } else { "aws.securityhub" };
    let body = json!({
        "version": "0",
        "id": name,
        "detail-type": detail_type,
        "source": service,
        "account": "111122223333",
        "time": "2026-11-24T03:00:00Z",
        "region": "us-east-1",
        "resources": [],
        "detail": detail,
    });
    Sample { name, body: body.to_string(), source }
}

/// The corpus' folder, where there is one.
#[expect(clippy::disallowed_methods, reason = "a test is told where the corpus lies")]
fn corpus() -> Option<PathBuf> {
    let folder = std::env::var_os("FINDING_CORPUS")?;
    Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(folder))
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap_or_else(|error| panic!("`{}`: {error}", folder.display()))
        .map(|entry| entry.expect("an entry of the folder").path())
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("text")))
        .collect();
    files.sort();
    files
}

/// Findings in ASFF, bare or as events.
fn asff(corpus: &Path) -> Vec<Sample> {
    let sample = |(name, text): (String, String)| {
        let value: Value = serde_json::from_str(&text).expect("JSON");
        if value.get("detail-type").is_some() {
            return Sample { name, body: text, source: Source::Asff };
        }
        sent(name, Source::Asff, "Security Hub Findings - Imported", &json!({"findings": [value]}))
    };
    files(&corpus.join("asff")).into_iter().map(sample).collect()
}

/// Findings in OCSF, a list a file.
fn ocsf(corpus: &Path) -> Vec<Sample> {
    let samples = |(name, text): (String, String)| {
        let list: Vec<Value> = serde_json::from_str(&text).expect("a list");
        list.into_iter().enumerate().map(move |(place, finding)| {
            let name = format!("{name} {place}");
            sent(name, Source::Ocsf, "Findings Imported V2", &json!({"findings": [finding]}))
        })
    };
    files(&corpus.join("ocsf")).into_iter().flat_map(samples).collect()
}

/// Payload templates, each as a body of its own and in the fields of a GuardDuty finding that an attacker writes.
fn hostile(corpus: &Path) -> Vec<Sample> {
    let finding = |payload: &str| {
        json!({
            "accountId": "111122223333",
            "region": "us-east-1",
            "id": "00112233445566778899aabbccddeeff",
            "type": "Recon:IAMUser/MaliciousIPCaller",
            "severity": 8,
            "title": format!("The user {payload} was seen."),
            "updatedAt": "2026-11-24T03:00:00Z",
            "resource": {
                "resourceType": "AccessKey",
                "accessKeyDetails": {"accessKeyId": "AKIAIOSFODNN7EXAMPLE", "userName": payload},
                "instanceDetails": {"instanceId": "i-0", "tags": [{"key": payload, "value": payload}]},
            },
            "service": {"action": {"awsApiCallAction": {"userAgent": payload}}},
        })
    };
    let templates = files(&corpus.join("hostile")).into_iter().flat_map(|(_, text)| {
        let lines = text.lines().filter_map(|line| line.trim().strip_prefix("- "));
        lines.map(expanded).collect::<Vec<_>>()
    });
    templates
        .flat_map(|payload| {
            let within = sent(payload.clone(), Source::GuardDuty, "GuardDuty Finding", &finding(&payload));
            [within, Sample { name: payload.clone(), body: payload, source: Source::Envelope }]
        })
        .collect()
}

/// A template with its control characters; other placeholders are hostile enough as they stand.
fn expanded(template: &str) -> String {
    let text = template.trim_matches(['"', '\'']).replace("{marker}", "EFORGE_TEST");
    text.replace("{esc}", "\u{1b}").replace("{cr}", "\r").replace("{lf}", "\n")
}

#[test]
fn every_sample_is_read_as_what_it_is() {
    let Some(corpus) = corpus() else { return };
    let (asff, ocsf, hostile) = (asff(&corpus), ocsf(&corpus), hostile(&corpus));
    println!("{} ASFF, {} OCSF, {} hostile", asff.len(), ocsf.len(), hostile.len());
    assert!(!asff.is_empty() && !ocsf.is_empty() && !hostile.is_empty());
    for sample in asff.iter().chain(&ocsf).chain(&hostile) {
        let findings = intake::read(&sample.body);
        assert_eq!(findings.len(), 1, "{}", sample.name);
        let finding = &findings[0];
        assert_eq!(finding.source, sample.source, "{}", sample.name);
        match sample.source {
            Source::Envelope => assert!(matches!(finding.unread[..], [Unread::Unknown | Unread::Body])),
            _ => {
                assert_eq!(finding.unread, [], "{}", sample.name);
                assert!(finding.severity.is_some() && finding.updated.is_some(), "{}", sample.name);
                assert!(!finding.main_type().is_empty() && !finding.resources.is_empty(), "{}", sample.name);
                let texts = [&finding.id, &finding.account, &finding.region, &finding.title, &finding.product];
                assert!(texts.iter().all(|text| !text.is_empty()), "{}", sample.name);
            }
        }
    }
}

/// Amazon SNS takes no more bytes.
const MOST_BYTES: usize = 262_144;

#[test]
fn every_sample_becomes_a_notification_in_both_languages_within_every_limit() {
    let Some(corpus) = corpus() else { return };
    let now: Timestamp = "2026-11-24T03:05:00Z".parse().expect("a time");
    let topic = ChannelConfig::Topic { topic_arn: "arn:aws:sns:us-east-1:111122223333:findings".into() };
    let mut mails = 0;
    for sample in asff(&corpus).iter().chain(&ocsf(&corpus)).chain(&hostile(&corpus)) {
        for (finding, language) in
            intake::read(&sample.body).iter().flat_map(|one| [(one, Language::Ja), (one, Language::En)])
        {
            let facts = advice::project(finding, language, now);
            let prompt = advice::prompt(&facts);
            let asked = prompt.user.len() + prompt.system.len() + prompt.schema.to_string().len();
            assert!(asked <= 14 * 1024 && prompt.user.len() <= 7 * 1024, "{}: {asked} bytes", sample.name);
            assert!(!prompt.user.contains(finding.account.text()) || finding.account.is_empty(), "{}", sample.name);
            let advice = advice::playbook(&facts, NoAnswer::NotAsked);
            let words = Words::of(language);
            let notification = notification::compose(finding, &facts, Some(&advice), Change::New, words);
            let Next::Send(Request::Sns { subject: Some(subject), message, attributes, .. }) =
                channel::next(&topic, &notification, None, &[])
            else {
                panic!("{}: nothing to send", sample.name)
            };
            assert!(!subject.is_empty() && subject.len() < 100 && subject.is_ascii(), "{}: {subject}", sample.name);
            let bytes = message.len() + attributes.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
            assert!(!message.is_empty() && bytes <= MOST_BYTES, "{}: {bytes} bytes", sample.name);
            assert!(message.chars().all(|c| !finding_advisor::plain::is_hidden(c)), "{}", sample.name);
            assert!(attributes.values().all(|value| !value.is_empty()), "{}", sample.name);
            mails += 1;
        }
    }
    println!("{mails} notifications");
}

/// Other classes are for findings of one kind; these take the rest of their source, or anything.
const GENERAL: [&str; 3] = ["general", "control", "imported"];

#[test]
fn every_sample_has_a_class_of_its_own() {
    let Some(corpus) = corpus() else { return };
    for (format, samples) in [("ASFF", asff(&corpus)), ("OCSF", ocsf(&corpus))] {
        let general = |sample: &&Sample| {
            intake::read(&sample.body).iter().any(|finding| GENERAL.contains(&class_of(finding).id.as_str()))
        };
        let left: Vec<&str> = samples.iter().filter(general).map(|sample| sample.name.as_str()).collect();
        let (all, own) = (samples.len(), samples.len() - left.len());
        println!(
            "PROMISE {}",
            json!({
                "promise": format!("public findings in {format} with a class of their own"),
                "target": "all",
                "value": format!("{own} of {all}"),
            })
        );
        assert!(left.is_empty(), "{format}: {left:#?}");
    }
}
