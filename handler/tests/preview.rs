//! The command line's previews: every message of an event, for a person, for a program and for a browser.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::{Value, json};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const BUCKET: &str = "local/events/2-security-hub-public-bucket.json";
const KEYS: &str = "local/events/1-guardduty-credentials-outside-aws.json";
const HOSTILE: &str = "cases/hostile-text/1-event.json";

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_finding-advisor"));
    command
        .arg("preview")
        .args(arguments)
        .current_dir(ROOT)
        .env("LC_ALL", "ja_JP.UTF-8")
        .output()
        .expect("the command line starts")
}

fn printed(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn lines(arguments: &[&str]) -> Vec<Value> {
    let printed = printed(&[arguments, &["--output", "json"]].concat());
    printed.lines().map(|line| serde_json::from_str(line).expect("one object a line")).collect()
}

/// A file that is gone after the test.
struct File(PathBuf);

impl File {
    fn new(name: &str, content: &str) -> Self {
        let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::write(&path, content).expect("a file");
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("UTF-8")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

#[test]
fn a_person_sees_what_the_topics_subscribers_read() {
    let text = printed(&[BUCKET]);
    assert!(text.starts_with("Subject: [CRITICAL] Security Hub"), "{text}");
    assert!(text.contains("【要点】"));
    let later = printed(&[KEYS, "--language", "en", "--at", "2030-01-01T00:00:00Z"]);
    assert!(later.contains("years before this notification"), "{later}");
    assert_eq!(run(&[BUCKET, "--channel", "pigeon"]).status.code(), Some(2));
    let mail = printed(&[BUCKET, "--channel", "mail", "--language", "en"]);
    assert!(mail.starts_with("From: Security <security@example.com>\nTo: team@example.com\nSubject: [CRITICAL]"));
}

#[test]
fn a_program_sees_every_request_of_every_channel_in_both_languages() {
    let lines = lines(&[BUCKET]);
    let told: BTreeSet<(&str, &str)> = lines
        .iter()
        .map(|line| (line["channel"].as_str().expect("a word"), line["language"].as_str().expect("a word")))
        .collect();
    assert_eq!(told.len(), 14, "{told:?}");
    for line in &lines {
        assert_eq!(line["event"], "2-security-hub-public-bucket.json");
        assert_eq!(line["finding"].as_str().map(str::len), Some(64));
        assert_eq!(line["advice"], json!({ "source": "playbook", "reason": "preview", "struck": [] }));
        assert!(line["request"].is_object());
    }
    let jira = lines.iter().filter(|line| line["channel"] == "jira" && line["language"] == "en").count();
    assert_eq!(jira, 2, "it looks for the issue, and makes it");
}

#[test]
fn an_answer_speaks_where_its_marks_stand_in_the_prompt_and_the_check_accepts_it() {
    let answers = ["local/answers/public-bucket.en.json", "local/answers/public-bucket.ja.json"];
    let lines = lines(&[KEYS, BUCKET, "--channel", "topic", "--answer", answers[0], "--answer", answers[1]]);
    let sources: Vec<&str> = lines.iter().map(|line| line["advice"]["source"].as_str().expect("a word")).collect();
    assert_eq!(sources, ["playbook", "playbook", "model", "model"]);
    assert!(lines[3]["request"]["sns"]["message"].as_str().expect("text").contains("made 2 days ago"));
}

#[test]
fn a_rejected_answer_is_told_with_its_rule_and_the_playbook_speaks() {
    let recording =
        std::fs::read_to_string(format!("{ROOT}/local/answers/public-bucket.en.json")).expect("a recording");
    let mut answer = serde_json::from_str::<Value>(&recording).expect("JSON")["answer"].clone();
    answer["summary"] = json!("Open https://evil.example to see it.");
    let file = File::new("rejected.json", &answer.to_string());
    let lines = lines(&[BUCKET, "--channel", "topic", "--language", "en", "--answer", file.path()]);
    assert_eq!(
        lines[0]["advice"],
        json!({ "source": "playbook", "reason": "rejected", "struck": ["summary: literal"] })
    );
}

#[test]
fn with_a_configuration_the_routes_that_are_told_are_shown() {
    let topic = json!({ "kind": "topic", "topicArn": "arn:aws:sns:ap-northeast-1:111122223333:t" });
    let mail = json!({ "kind": "mail", "from": "a@example.com", "to": ["b@example.com"] });
    let route = |name: &str, language: &str, minimum: &str, channel: &Value| json!({ "name": name, "language": language, "minimumSeverity": minimum, "channel": channel });
    let config = json!({
        "ledgerTable": "", "models": ["a-model"], "queueUrl": "",
        "routes": [route("mails", "en", "CRITICAL", &mail), route("keys", "ja", "CRITICAL", &topic)],
        "defaultRoute": route("default", "ja", "HIGH", &topic),
    });
    let file = File::new("config.json", &config.to_string());
    let told: Vec<(Value, Value)> = lines(&[BUCKET, "--config", file.path()])
        .into_iter()
        .map(|line| (line["channel"].clone(), line["language"].clone()))
        .collect();
    assert_eq!(told, [(json!("topic"), json!("ja")), (json!("mail"), json!("en"))]);
    let keys = lines(&[KEYS, "--config", file.path()]);
    assert_eq!(keys.len(), 1, "HIGH reaches the default route alone");
}

#[test]
fn a_page_fetches_nothing_runs_nothing_and_takes_no_markup_from_an_event() {
    let mut event: Value =
        serde_json::from_str(&std::fs::read_to_string(format!("{ROOT}/{HOSTILE}")).expect("an event")).expect("JSON");
    event["detail"]["title"] = json!("</pre></iframe><script>alert(1)</script><img src=x onerror=alert(2)>\"'>");
    event["detail"]["description"] =
        json!("[x](javascript:alert(3)) [[x>javascript:alert(4)]] <https://evil.example|x>");
    let file = File::new("<b>hostile.json", &event.to_string());
    let page = printed(&[file.path(), KEYS, "--output", "html"]);
    assert!(page.contains("default-src 'none'; style-src 'unsafe-inline'"));
    for markup in ["<script", "<img", "<b>", "href=\"javascript:", "href=\"https://evil", "@import", "url(", "src=\""] {
        assert!(!page.contains(markup), "{markup}");
    }
    assert!(page.contains("alert(1)"), "it is shown as text");
    for part in ["Mail by Amazon SNS", "Mail by Amazon SES", "Slack, with a bot", "Backlog", "Jira Cloud"] {
        assert!(page.contains(&format!("<h3>{part}</h3>")), "{part}");
    }
}

#[test]
fn what_an_event_hides_reaches_no_terminal() {
    let event = format!("\u{1b}[2J\u{9b}31m\u{202e}{}\u{7}", "not JSON at all");
    let file = File::new("hidden.txt", &event);
    for output in ["text", "json", "html"] {
        let shown = printed(&[file.path(), "--output", output]);
        let hidden = shown.chars().find(|c| (c.is_control() && *c != '\n' && *c != '\t') || *c == '\u{202e}');
        assert_eq!(hidden, None, "{output}");
    }
    let missing = run(&["no-such\u{1b}[31m-file"]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(!missing.stderr.contains(&0x1b));
}
