//! Bedrock's Converse, the pure part: what exactly is sent, in the three ways in which models can be asked for one JSON
//! object, and where in a reply the object stands. All ways end in the same strict check.

use serde_json::{Value, json};

use super::{Answer, NoAnswer, Prompt, Way};

/// The tool's name.
pub const TOOL: &str = "advice";
/// What the tool is. Its schema's fields may travel in another order, so the wanted one is said.
pub const TOOL_IS: &str = "The advice on the one finding. Write the fields in the order of the schema's `required`.";
/// The schema's name, where it goes without a tool.
pub const SCHEMA_NAME: &str = "advice_v1";
/// Bedrock reserves input and this many tokens of the quota at the start of a call; an answer takes some 1,500.
pub const MOST_TOKENS: u16 = 4_000;

/// A way to ask for one JSON object. Which one a model takes differs by model, account and week, so it is learnt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A tool that the model must use, with the schema as its input.
    Tool,
    /// Converse's own field for a schema.
    Native,
    /// The schema in words.
    Text,
}

/// How one model is asked: what is particular to its family, and what was learnt from its refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Manner {
    /// The way to ask for JSON.
    pub mode: Mode,
    /// It thinks unless told not to, and refuses a forced tool while it thinks.
    pub hushed: bool,
    /// It takes a cache point after the system text.
    pub caches: bool,
}

impl Manner {
    /// The first try with a model; an id that is not known gets nothing particular.
    #[must_use]
    pub fn of(model: &str) -> Self {
        let is = |names: &[&str]| names.iter().any(|name| model.contains(name));
        // These always think, or take neither a forced tool nor a schema.
        let worded = is(&["claude-opus-5", "claude-sonnet-5-5"]);
        Self {
            mode: if worded { Mode::Text } else { Mode::Tool },
            hushed: is(&["claude-haiku-5", "claude-sonnet-5"]),
            caches: is(&["anthropic.claude"]),
        }
    }

    /// The next try after the service refused the request with this message; `None` where it is about something else, or
    /// where every way was tried.
    #[must_use]
    pub fn after(self, refusal: &str) -> Option<Self> {
        const WAYS: [&str; 7] =
            ["output_config", "outputconfig", "tool_choice", "toolchoice", "toolconfig", "tool use", "extra inputs"];
        let refusal = refusal.to_ascii_lowercase();
        let names = |word: &str| refusal.contains(word);
        if self.hushed && names("thinking") {
            return Some(Self { hushed: false, ..self });
        }
        if !names("thinking") && !WAYS.iter().any(|way| names(way)) {
            return None;
        }
        match self.mode {
            Mode::Tool => Some(Self { mode: Mode::Native, ..self }),
            Mode::Native => Some(Self { mode: Mode::Text, ..self }),
            Mode::Text => None,
        }
    }

    /// What stands after the system text: as static as the schema, so that it can be cached with it.
    #[must_use]
    pub fn schema_in_words(self, prompt: &Prompt) -> Option<String> {
        (self.mode == Mode::Text).then(|| {
            format!(
                "Write the object itself, as JSON with nothing around it and its fields in the order of `required`. Its \
                 JSON Schema:\n{}",
                prompt.schema
            )
        })
    }
}

/// A guardrail that looks at the facts and at what the model says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Guardrail {
    /// Its id or ARN.
    pub id: String,
    /// The number of its version.
    pub version: String,
}

/// What a model is sent, as the JSON of Converse; `aws bedrock-runtime converse --cli-input-json` takes it as it is.
#[must_use]
pub fn request(prompt: &Prompt, model: &str, manner: Manner, guardrail: Option<&Guardrail>) -> Value {
    let mut system = vec![json!({ "text": prompt.system })];
    system.extend(manner.schema_in_words(prompt).map(|words| json!({ "text": words })));
    if manner.caches {
        system.push(json!({ "cachePoint": { "type": "default" } }));
    }
    let [before, facts, after] = prompt.parts();
    let content = match guardrail {
        None => json!([{ "text": prompt.user }]),
        Some(_) => json!([
            { "text": before },
            { "guardContent": { "text": { "text": facts, "qualifiers": ["guard_content"] } } },
            { "text": after },
        ]),
    };
    let mut request = json!({
        "modelId": model,
        "system": system,
        "messages": [{ "role": "user", "content": content }],
        "inferenceConfig": { "maxTokens": MOST_TOKENS },
        "requestMetadata": { "app": "finding-advisor" },
    });
    match manner.mode {
        Mode::Tool => {
            request["toolConfig"] = json!({
                "tools": [{ "toolSpec": { "name": TOOL, "description": TOOL_IS, "inputSchema": { "json": prompt.schema } } }],
                "toolChoice": { "tool": { "name": TOOL } },
            });
        }
        Mode::Native => {
            request["outputConfig"] = json!({ "textFormat": {
                "type": "json_schema",
                "structure": { "jsonSchema": { "schema": prompt.schema.to_string(), "name": SCHEMA_NAME } },
            } });
        }
        Mode::Text => {}
    }
    if let Some(Guardrail { id, version }) = guardrail {
        request["guardrailConfig"] =
            json!({ "guardrailIdentifier": id, "guardrailVersion": version, "trace": "disabled" });
    }
    if manner.hushed {
        request["additionalModelRequestFields"] = hush();
    }
    request
}

/// The field that keeps a model from thinking.
#[must_use]
pub fn hush() -> Value {
    json!({ "thinking": { "type": "disabled" } })
}

/// One block of a model's reply.
#[derive(Clone, PartialEq, Eq)]
pub enum Said {
    /// Text.
    Text(String),
    /// The use of a tool, its input as JSON text.
    Tool {
        /// The tool's name.
        name: String,
        /// The input.
        input: String,
    },
    /// Something that holds no answer, such as reasoning.
    Else,
}

/// The answer object in a reply, by the kinds of its blocks and never by their places.
///
/// # Errors
/// Where the model stopped for another reason than having answered, or did not answer with exactly one object.
pub fn object(stopped: &str, said: Vec<Said>) -> Result<String, NoAnswer> {
    let mut said = said.into_iter().filter(|block| *block != Said::Else);
    match (stopped, said.next(), said.next()) {
        ("tool_use", Some(Said::Tool { name, input }), None) if name == TOOL => Ok(input),
        ("end_turn", Some(Said::Text(text)), None) => Ok(text),
        ("guardrail_intervened", ..) => Err(NoAnswer::Intervened),
        _ => Err(NoAnswer::Stopped),
    }
}

/// Every sentence of an answer, a line each: what a guardrail is shown, since Converse's own does not look into a tool's
/// input. Fields that only choose among our words are left out by their names, so that a field nobody knows is shown.
#[must_use]
pub fn prose(answer: &str) -> String {
    const CHOICES: [&str; 4] = ["urgency", "evidence", "do", "target"];
    fn collect(value: &Value, lines: &mut Vec<String>) {
        match value {
            Value::String(text) => lines.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| collect(item, lines)),
            Value::Object(fields) => fields
                .iter()
                .filter(|(name, _)| !CHOICES.contains(&name.as_str()))
                .for_each(|(_, field)| collect(field, lines)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
    let Ok(answer) = serde_json::from_str(answer) else { return answer.to_owned() };
    let mut lines = Vec::new();
    collect(&answer, &mut lines);
    lines.join("\n")
}

/// An answer that lies in a file.
#[derive(Clone, Debug)]
pub struct Recording {
    /// The answer, or why there is none.
    pub answer: Result<Answer, NoAnswer>,
    /// Tokens in and out, where the recording says.
    pub tokens: Option<(u64, u64)>,
    /// How long the model took, in milliseconds, where the recording says.
    pub latency_ms: Option<u64>,
}

impl Recording {
    /// Reads a recording: the response of Converse, or the answer object alone. What is neither is taken for an answer, and
    /// the check says what is wrong with it.
    #[must_use]
    pub fn read(text: &str, model: &str) -> Self {
        let answer = |json, tokens| Answer { json, model: model.to_owned(), tokens, way: Way::Asked };
        let Some(response) = serde_json::from_str::<Value>(text).ok().filter(|json| json.get("stopReason").is_some())
        else {
            return Self { answer: Ok(answer(text.to_owned(), (0, 0))), tokens: None, latency_ms: None };
        };
        let number = |place: &str| response.pointer(place).and_then(Value::as_u64);
        let tokens = number("/usage/inputTokens").zip(number("/usage/outputTokens"));
        let stopped = response.get("stopReason").and_then(Value::as_str).unwrap_or_default();
        let blocks = response.pointer("/output/message/content").and_then(Value::as_array);
        let said = blocks.into_iter().flatten().map(block).collect();
        Self {
            answer: object(stopped, said).map(|json| answer(json, tokens.unwrap_or_default())),
            tokens,
            latency_ms: number("/metrics/latencyMs"),
        }
    }
}

fn block(block: &Value) -> Said {
    let tool = block.get("toolUse");
    match (block.get("text").and_then(Value::as_str), tool.and_then(|tool| tool.get("input"))) {
        (Some(text), _) => Said::Text(text.to_owned()),
        (None, Some(input)) => Said::Tool {
            name: tool.and_then(|tool| tool.get("name")).and_then(Value::as_str).unwrap_or_default().to_owned(),
            input: input.to_string(),
        },
        (None, None) => Said::Else,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_is_asked_in_the_way_of_its_family_first() {
        let haiku = Manner::of("jp.anthropic.claude-haiku-5-5");
        assert_eq!(haiku, Manner { mode: Mode::Tool, hushed: true, caches: true });
        let older = Manner::of("jp.anthropic.claude-haiku-4-5-20251001-v1:0");
        assert_eq!(older, Manner { mode: Mode::Tool, hushed: false, caches: true });
        assert_eq!(Manner::of("jp.anthropic.claude-opus-5-5").mode, Mode::Text);
        let stranger = Manner { mode: Mode::Tool, hushed: false, caches: false };
        assert_eq!(Manner::of("jp.amazon.nova-2-lite-v1:0"), stranger);
        assert_eq!(Manner::of("a-model-of-tomorrow"), stranger);
    }

    #[test]
    fn a_refusal_of_the_way_leads_to_the_next_and_another_to_none() {
        let first = Manner::of("jp.anthropic.claude-haiku-5-5");
        let loud = first.after("thinking: Extra inputs are not permitted").expect("without the field");
        assert_eq!(loud, Manner { hushed: false, ..first });
        let native = loud.after("Thinking may not be enabled when tool_choice forces tool use.").expect("a way");
        assert_eq!(native.mode, Mode::Native);
        let text = native.after("output_config.format: Extra inputs are not permitted").expect("the last way");
        assert_eq!(text.mode, Mode::Text);
        assert_eq!(text.after("output_config"), None);
        assert_eq!(first.after("Invocation with on-demand throughput isn't supported."), None);
        let tools = first.after("This model doesn't support the toolConfig.toolChoice.tool field.");
        assert_eq!(tools.map(|manner| manner.mode), Some(Mode::Native));
    }

    #[test]
    fn the_answer_is_found_by_its_kind_wherever_it_stands() {
        let tool = |name: &str| Said::Tool { name: name.into(), input: "{}".into() };
        assert_eq!(object("tool_use", vec![Said::Else, tool("advice")]), Ok("{}".into()));
        assert_eq!(object("end_turn", vec![Said::Text("{}".into())]), Ok("{}".into()));
        assert_eq!(object("guardrail_intervened", vec![Said::Text("no".into())]), Err(NoAnswer::Intervened));
        for (stopped, said) in [
            ("tool_use", vec![tool("another")]),
            ("tool_use", vec![tool("advice"), tool("advice")]),
            ("tool_use", vec![Said::Text("{}".into())]),
            ("max_tokens", vec![tool("advice")]),
            ("end_turn", vec![]),
            ("a_reason_of_tomorrow", vec![tool("advice")]),
        ] {
            assert_eq!(object(stopped, said), Err(NoAnswer::Stopped), "{stopped}");
        }
    }

    #[test]
    fn a_guardrail_is_shown_every_sentence_and_no_choice() {
        let answer = json!({
            "summary": "s", "urgency": "now", "evidence": ["f1"], "unknown field": { "deep": ["t"] },
            "steps": [{ "do": "ask_owner", "target": "[R1]", "text": "u", "evidence": ["f2"] }], "unknowns": ["v", 7],
        });
        assert_eq!(prose(&answer.to_string()), "s\nt\nu\nv");
        assert_eq!(prose("no JSON"), "no JSON");
    }

    #[test]
    fn a_recording_is_a_response_or_the_answer_alone() {
        let response = json!({
            "output": { "message": { "role": "assistant", "content": [
                { "reasoningContent": {} }, { "toolUse": { "toolUseId": "t", "name": "advice", "input": { "a": 1 } } } ] } },
            "stopReason": "tool_use", "usage": { "inputTokens": 30, "outputTokens": 9 }, "metrics": { "latencyMs": 1200 },
        });
        let recording = Recording::read(&response.to_string(), "m");
        assert_eq!(recording.answer.map(|answer| answer.json), Ok("{\"a\":1}".to_owned()));
        assert_eq!((recording.tokens, recording.latency_ms), (Some((30, 9)), Some(1200)));
        let alone = Recording::read("{\"a\":1}", "m");
        assert_eq!(alone.answer.map(|answer| answer.json), Ok("{\"a\":1}".to_owned()));
        assert_eq!(alone.tokens, None);
    }
}
