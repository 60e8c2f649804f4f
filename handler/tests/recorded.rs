//! The command line on recorded answers: what `prompt`, `check` and `eval` print, and how they end.
#![expect(clippy::expect_used, reason = "a test says what it expected")]

use std::process::{Command, Output};

use serde_json::{Value, json};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
const CASE: &str = "cases/securityhub-public-bucket/1-event.json";

fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_finding-advisor"))
        .args(arguments)
        .current_dir(ROOT)
        .output()
        .expect("the command line starts")
}

fn printed(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("UTF-8")
}

/// A folder that is gone after the test.
struct Folder(std::path::PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        std::fs::create_dir_all(&path).expect("a folder");
        Self(path)
    }

    fn write(&self, name: &str, content: &Value) -> String {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, content.to_string()).expect("a file");
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The answer that the demo plays to the bucket of its second event.
fn answer() -> Value {
    let text = std::fs::read_to_string(format!("{ROOT}/local/answers/public-bucket.en.json")).expect("a recording");
    serde_json::from_str::<Value>(&text).expect("JSON")["answer"].clone()
}

const EVENT: &str = "local/events/2-security-hub-public-bucket.json";

fn response(answer: &Value) -> Value {
    json!({
        "output": { "message": { "role": "assistant", "content": [
            { "toolUse": { "toolUseId": "t", "name": "advice", "input": answer } } ] } },
        "stopReason": "tool_use", "usage": { "inputTokens": 3100, "outputTokens": 870 }, "metrics": { "latencyMs": 4200 },
    })
}

#[test]
fn a_prompt_is_the_request_of_converse_and_the_same_on_any_day() {
    let asked = |arguments: &[&str]| {
        let output = run(arguments);
        assert!(output.status.success());
        serde_json::from_str::<Value>(&printed(&output)).expect("one JSON object")
    };
    let request = asked(&["prompt", CASE, "--language", "en"]);
    assert_eq!(request["modelId"], "jp.anthropic.claude-haiku-5-5");
    assert_eq!(request["toolConfig"]["toolChoice"]["tool"]["name"], "advice");
    assert_eq!(request["system"][1]["cachePoint"]["type"], "default");
    let golden = format!("{ROOT}/cases/securityhub-public-bucket/2-prompt.en.txt");
    let golden = std::fs::read_to_string(golden).expect("a golden file");
    assert_eq!(request["messages"][0]["content"][0]["text"], json!(golden));
    let other = asked(&["prompt", CASE, "--model", "jp.anthropic.claude-opus-5-5"]);
    assert_eq!(other["toolConfig"], Value::Null);
    assert!(other["system"][1]["text"].as_str().expect("the schema").contains("\"escalate_if\""));
}

#[test]
fn an_answer_is_checked_alone_and_inside_a_response() {
    let folder = Folder::new("checked");
    for (name, content) in [("alone.json", answer()), ("response.json", response(&answer()))] {
        let file = folder.write(name, &content);
        let output = run(&["check", EVENT, "--answer", &file, "--language", "en", "--output", "json"]);
        assert_eq!(output.status.code(), Some(0), "{name}: {}", printed(&output));
        let verdict: Value = serde_json::from_str(&printed(&output)).expect("JSON");
        assert_eq!((&verdict["verdict"], &verdict["struck"]), (&json!("accepted"), &json!([])));
    }
}

#[test]
fn a_struck_part_and_a_rejection_are_told_with_rule_and_place() {
    let folder = Folder::new("struck");
    let mut struck = answer();
    struck["unknowns"][1] = json!("see evil.example.com");
    let file = folder.write("struck.json", &struck);
    let output = run(&["check", EVENT, "--answer", &file, "--language", "en"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(printed(&output).starts_with("accepted\nstruck: unknowns[1], rule `literal`\n\nSubject: "));
    let mut rejected = answer();
    rejected["summary"] = json!("Open https://evil.example to see it.");
    let file = folder.write("rejected.json", &rejected);
    let output = run(&["check", EVENT, "--answer", &file, "--language", "en"]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(printed(&output).trim(), "rejected: summary, rule `literal`; the playbook would speak");
    let mut stopped = response(&answer());
    stopped["stopReason"] = json!("max_tokens");
    let file = folder.write("stopped.json", &stopped);
    let output = run(&["check", EVENT, "--answer", &file, "--language", "en", "--output", "json"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(printed(&output).contains("\"stopped\""));
    assert_eq!(run(&["check", EVENT, "--answer", "no-such-file"]).status.code(), Some(2));
}

#[test]
fn a_folder_of_answers_becomes_a_table_and_a_count() {
    let folder = Folder::new("counted");
    let event = std::fs::read_to_string(format!("{ROOT}/{EVENT}")).expect("an event");
    let event: Value = serde_json::from_str(&event).expect("JSON");
    folder.write("bucket/1-event.json", &event);
    folder.write("bucket/3-answer.en.json", &response(&answer()));
    folder.write("bucket/3-answer.broken.en.json", &json!({ "summary": "?" }));
    let output = run(&["eval", "--cases", &folder.0.display().to_string()]);
    assert!(output.status.success());
    let text = printed(&output);
    let rows: Vec<String> = text.lines().map(|row| row.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(
        rows.get(..3).expect("a heading and two rows"),
        [
            "case language verdict struck tokens in/out latency",
            "bucket (broken) en rejected answer (shape) - -",
            "bucket en accepted 3100/870 4200 ms"
        ]
    );
    assert!(text.contains("en: 2 answers, 1 accepted (0 of them with something struck), 1 rejected"), "{text}");
    assert!(text.contains("1 x rejected by `shape`"), "{text}");
    assert_eq!(run(&["eval", "--cases", "contract"]).status.code(), Some(2));
}
