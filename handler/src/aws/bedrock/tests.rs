//! What is really sent, and what follows from what comes back: against a server on the loopback that says what it is told to.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use aws_config::{BehaviorVersion, Region};
use aws_sdk_bedrockruntime::config::{Credentials, SharedCredentialsProvider};
use serde_json::json;

use super::*;
use crate::advice::Asks;
use crate::advice::playbook::Family;
use crate::advice::prompt::schema;
use crate::finding::Language;

const HAIKU: &str = "jp.anthropic.claude-haiku-5-5";
const NOVA: &str = "jp.amazon.nova-2-lite-v1:0";

/// A status, an error code and a body.
type Turn = (u16, &'static str, Value);

/// Bedrock's place: it takes its turns from a list and keeps what it was sent.
struct Server {
    address: SocketAddr,
    sent: Arc<Mutex<Vec<(String, Value)>>>,
}

impl Server {
    fn saying(turns: Vec<Turn>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let sent: Arc<Mutex<Vec<(String, Value)>>> = Arc::default();
        let keeps = Arc::clone(&sent);
        let mut turns = VecDeque::from(turns);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut reader = BufReader::new(stream.try_clone().expect("a second end"));
                let mut lines = Vec::new();
                loop {
                    let mut line = String::new();
                    reader.read_line(&mut line).expect("a line");
                    if line.trim().is_empty() {
                        break;
                    }
                    lines.push(line.to_ascii_lowercase());
                }
                let length = lines.iter().find_map(|line| line.strip_prefix("content-length:")).map_or("0", str::trim);
                let mut body = vec![0; length.parse().expect("a length")];
                reader.read_exact(&mut body).expect("a body");
                let path = lines.first().and_then(|line| line.split(' ').nth(1)).unwrap_or_default().to_owned();
                let request = serde_json::from_slice(&body).expect("JSON");
                keeps.lock().expect("no panic").push((path, request));
                let (status, code, body) = turns.pop_front().unwrap_or((500, "InternalServerException", json!({})));
                let body = body.to_string();
                write!(
                    stream,
                    "HTTP/1.1 {status} X\r\nx-amzn-errortype: {code}\r\ncontent-type: application/json\r\n\
                     connection: close\r\ncontent-length: {}\r\n\r\n{body}",
                    body.len()
                )
                .expect("sent");
            }
        });
        Self { address, sent }
    }

    fn bedrock(&self, models: &[&str], guardrail: Option<Guardrail>) -> Bedrock {
        let sdk = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::from_static("ap-northeast-1"))
            .credentials_provider(SharedCredentialsProvider::new(Credentials::new("id", "key", None, None, "test")))
            .endpoint_url(format!("http://{}", self.address))
            .http_client(aws_smithy_http_client::Builder::new().build_http())
            .build();
        let usual = models.iter().map(|model| (*model).to_owned()).collect();
        let models = Models { usual, for_high: Some("strong".into()), cheaper: None };
        Bedrock::new(&sdk, models, guardrail)
    }

    fn sent(&self) -> Vec<(String, Value)> {
        self.sent.lock().expect("no panic").clone()
    }
}

fn prompt() -> Prompt {
    let user = "offers\nFacts:\nf1 x\nthe rest".to_owned();
    Prompt {
        system: "rules",
        user,
        language: Language::En,
        asks: Asks::Usual,
        facts: 14..19,
        schema: schema(Family::Others),
    }
}

fn answered() -> Turn {
    let content = json!([
        { "reasoningContent": { "reasoningText": { "text": "hm" } } },
        { "toolUse": { "toolUseId": "t", "name": "advice", "input": { "summary": "あ" } } },
    ]);
    let usage = json!({ "inputTokens": 100, "outputTokens": 20, "totalTokens": 420, "cacheReadInputTokens": 300 });
    let output = json!({ "message": { "role": "assistant", "content": content } });
    let body = json!({ "output": output, "stopReason": "tool_use", "usage": usage, "metrics": { "latencyMs": 1 } });
    (200, "", body)
}

fn said(text: &str, stopped: &str) -> Turn {
    let output = json!({ "message": { "role": "assistant", "content": [{ "text": text }] } });
    let usage = json!({ "inputTokens": 100, "outputTokens": 20, "totalTokens": 120 });
    (200, "", json!({ "output": output, "stopReason": stopped, "usage": usage, "metrics": { "latencyMs": 1 } }))
}

fn refused(message: &str) -> Turn {
    (400, "ValidationException", json!({ "message": message }))
}

fn denied() -> Turn {
    (403, "AccessDeniedException", json!({ "message": "no" }))
}

async fn ask(bedrock: &Bedrock) -> Result<Answer, NoAnswer> {
    bedrock.ask(&prompt(), Duration::from_secs(20)).await
}

/// A body as [`converse::request`] shows it; the model stands in the path.
fn shown(model: &str, manner: Manner, guardrail: Option<&Guardrail>) -> Value {
    let mut request = converse::request(&prompt(), model, manner, guardrail);
    request.as_object_mut().expect("an object").remove("modelId");
    request
}

#[tokio::test]
async fn what_is_sent_is_what_the_prompt_shows_in_every_way_and_the_way_is_learnt() {
    let server = Server::saying(vec![
        refused("Thinking may not be enabled when tool_choice forces tool use."),
        refused("tool_choice: Extra inputs are not permitted"),
        refused("output_config.format: Extra inputs are not permitted"),
        said("```json\n{}\n```", "end_turn"),
        said("{}", "end_turn"),
    ]);
    let guardrail = Guardrail { id: "gr".into(), version: "3".into() };
    let bedrock = server.bedrock(&[HAIKU], Some(guardrail.clone()));
    assert_eq!(ask(&bedrock).await.map(|answer| answer.json), Ok("```json\n{}\n```".into()));
    assert_eq!(ask(&bedrock).await.map(|answer| answer.json), Ok("{}".into()));
    let first = Manner::of(HAIKU);
    let loud = Manner { hushed: false, ..first };
    let text = Manner { mode: Mode::Text, ..loud };
    let ways = [first, loud, Manner { mode: Mode::Native, ..loud }, text, text];
    let sent = server.sent();
    assert_eq!(sent.len(), ways.len());
    for (way, (path, body)) in ways.into_iter().zip(sent) {
        assert!(path.contains(HAIKU), "{path}");
        assert_eq!(body_of(body), body_of(shown(HAIKU, way, Some(&guardrail))), "{way:?}");
    }
}

/// A schema that travels as text is compared as JSON.
fn body_of(mut body: Value) -> Value {
    if let Some(schema) = body.pointer_mut("/outputConfig/textFormat/structure/jsonSchema/schema") {
        *schema = serde_json::from_str(schema.as_str().expect("text")).expect("JSON");
    }
    body
}

#[tokio::test]
async fn an_answer_is_read_behind_reasoning_and_all_its_tokens_are_counted_once() {
    let server = Server::saying(vec![answered()]);
    let bedrock = server.bedrock(&[NOVA], None);
    let answer = ask(&bedrock).await.expect("an answer");
    assert_eq!((answer.json.as_str(), answer.model.as_str()), ("{\"summary\":\"あ\"}", NOVA));
    assert_eq!((answer.tokens, bedrock.spent(), bedrock.spent()), ((400, 20), 420, 0));
    assert_eq!(server.sent()[0].1, shown(NOVA, Manner::of(NOVA), None));
}

#[tokio::test]
async fn a_model_that_cannot_be_used_is_followed_by_the_next_and_one_that_answered_is_not() {
    for (turn, why) in [
        (said("no", "guardrail_intervened"), NoAnswer::Intervened),
        (said("{", "max_tokens"), NoAnswer::Stopped),
        (refused("Invocation with on-demand throughput isn't supported."), NoAnswer::Refused),
    ] {
        let server = Server::saying(vec![turn, answered()]);
        assert_eq!(ask(&server.bedrock(&[HAIKU, NOVA], None)).await.expect_err("none"), why);
        assert_eq!(server.sent().len(), 1, "{why:?}");
    }
    for turn in [
        denied(),
        (404, "ResourceNotFoundException", json!({ "message": "reached the end of its life" })),
        (408, "ModelTimeoutException", json!({})),
        (424, "ModelErrorException", json!({})),
    ] {
        let server = Server::saying(vec![turn, answered()]);
        assert_eq!(ask(&server.bedrock(&[HAIKU, NOVA], None)).await.map(|answer| answer.model), Ok(NOVA.into()));
        assert_eq!(server.sent().len(), 2);
    }
}

#[tokio::test]
async fn the_guardrail_is_shown_what_a_tool_was_told_and_its_word_is_the_last() {
    let says = |action: &str| {
        (
            200,
            "",
            json!({ "action": action, "outputs": [], "assessments": [], "usage": {
        "topicPolicyUnits": 0, "contentPolicyUnits": 1, "wordPolicyUnits": 0, "sensitiveInformationPolicyUnits": 0,
        "sensitiveInformationPolicyFreeUnits": 0, "contextualGroundingPolicyUnits": 0 } }),
        )
    };
    for (turn, outcome) in [
        (says("NONE"), Ok("{\"summary\":\"あ\"}".to_owned())),
        (says("GUARDRAIL_INTERVENED"), Err(NoAnswer::Intervened)),
        (says("A_WORD_OF_TOMORROW"), Err(NoAnswer::Intervened)),
        (denied(), Err(NoAnswer::Unassessed)),
    ] {
        let server = Server::saying(vec![answered(), turn, answered()]);
        let guardrail = Guardrail { id: "gr".into(), version: "3".into() };
        let bedrock = server.bedrock(&[NOVA, HAIKU], Some(guardrail));
        assert_eq!(ask(&bedrock).await.map(|answer| answer.json), outcome);
        let sent = server.sent();
        assert_eq!(sent.len(), 2, "no other model is asked: {outcome:?}");
        assert_eq!(sent[1].0, "/guardrail/gr/version/3/apply");
        assert_eq!(sent[1].1, json!({ "source": "OUTPUT", "content": [{ "text": { "text": "あ" } }] }));
    }
}

#[tokio::test]
async fn the_model_for_high_is_asked_first_and_the_usual_ones_follow() {
    let server = Server::saying(vec![denied(), answered()]);
    let grave = Prompt { asks: Asks::ForHigh, ..prompt() };
    let bedrock = server.bedrock(&[NOVA], None);
    let answer = bedrock.ask(&grave, Duration::from_secs(20)).await;
    assert_eq!(answer.map(|answer| answer.model), Ok(NOVA.into()));
    assert!(server.sent()[0].0.contains("strong"));
}

#[test]
fn json_goes_in_and_comes_out_the_same() {
    let json = json!({ "a": [1, -2, 0.5, null, true, "あ"], "b": { "c": {} } });
    assert_eq!(value(&document(&json)), json);
}
