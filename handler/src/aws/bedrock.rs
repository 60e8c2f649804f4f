//! The advisor door: Amazon Bedrock's Converse, with the answer's schema as a tool that the model must use.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::BuildError;
use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use aws_sdk_bedrockruntime::types::{
    CachePointBlock, CachePointType, ContentBlock, ConversationRole, InferenceConfiguration, Message,
    SpecificToolChoice, StopReason, SystemContentBlock, Tool, ToolChoice, ToolConfiguration, ToolInputSchema,
    ToolSpecification,
};
use aws_smithy_types::{Document, Number};
use serde_json::Value;
use tokio::time::Instant;

use super::code_of;
use crate::advice::{Advisor, Answer, Later, NoAnswer, Prompt, Way};

const TOOL: &str = "advice";
/// Bedrock reserves input and this many tokens of the quota at the start of a call; an answer takes some 1,500.
const MAX_TOKENS: i32 = 4_000;
/// A next model is asked only when it has a fair chance to answer.
const ENOUGH_FOR_ANOTHER: Duration = Duration::from_secs(8);

/// Bedrock, and the models to ask in order.
#[derive(Debug)]
pub struct Bedrock {
    client: Client,
    models: Vec<String>,
}

impl Bedrock {
    /// An advisor that asks these models.
    #[must_use]
    pub fn new(sdk: &SdkConfig, models: Vec<String>) -> Self {
        let config = aws_sdk_bedrockruntime::config::Builder::from(sdk)
            .retry_config(
                RetryConfig::standard()
                    .with_max_attempts(2)
                    .with_initial_backoff(Duration::from_millis(250))
                    .with_max_backoff(Duration::from_secs(2)),
            )
            .timeout_config(
                TimeoutConfig::builder()
                    .connect_timeout(Duration::from_secs(2))
                    .operation_attempt_timeout(Duration::from_secs(15))
                    .operation_timeout(Duration::from_secs(22))
                    .build(),
            );
        Self { client: Client::from_conf(config.build()), models }
    }

    async fn ask(&self, prompt: &Prompt, patience: Duration) -> Result<Answer, NoAnswer> {
        let end = Instant::now() + patience;
        let mut why = NoAnswer::Failed;
        for (number, model) in self.models.iter().enumerate() {
            if number > 0 && end.saturating_duration_since(Instant::now()) < ENOUGH_FOR_ANOTHER {
                break;
            }
            match self.converse(model, prompt).await {
                Ok(answer) => return Ok(answer),
                // The same request would be refused by the next model too, and a model that answered is not asked twice.
                Err(final_word @ (NoAnswer::Refused | NoAnswer::Stopped)) => return Err(final_word),
                Err(next) => why = next,
            }
        }
        Err(why)
    }

    async fn converse(&self, model: &str, prompt: &Prompt) -> Result<Answer, NoAnswer> {
        let (message, tools) = (message(prompt), tools(prompt));
        let (Ok(message), Ok(tools)) = (message, tools) else { return Err(NoAnswer::Refused) };
        let traits = Traits::of(model);
        let mut request = self
            .client
            .converse()
            .model_id(model)
            .system(SystemContentBlock::Text(prompt.system.to_owned()))
            .messages(message)
            .inference_config(InferenceConfiguration::builder().max_tokens(MAX_TOKENS).build())
            .tool_config(tools)
            .request_metadata("app", "finding-advisor");
        if traits.caches
            && let Ok(point) = CachePointBlock::builder().r#type(CachePointType::Default).build()
        {
            request = request.system(SystemContentBlock::CachePoint(point));
        }
        if traits.thinks {
            request = request.additional_model_request_fields(document(&serde_json::json!({
                "thinking": { "type": "disabled" }
            })));
        }
        match request.send().await {
            Ok(output) => read(model, output),
            Err(error) => Err(match code_of(&error).as_str() {
                "ThrottlingException" | "ModelNotReadyException" | "ServiceQuotaExceededException" => {
                    NoAnswer::Throttled
                }
                "AccessDeniedException" | "ResourceNotFoundException" | "UnrecognizedClientException" => {
                    NoAnswer::Denied
                }
                "ValidationException" => NoAnswer::Refused,
                _ => NoAnswer::Failed,
            }),
        }
    }
}

impl Advisor for Bedrock {
    fn ask<'a>(&'a self, prompt: &'a Prompt, patience: Duration) -> Later<'a, Result<Answer, NoAnswer>> {
        Box::pin(self.ask(prompt, patience))
    }
}

/// What is particular to a family of models; an id that is not known gets nothing particular.
struct Traits {
    /// It thinks unless told not to, and refuses a forced tool while it thinks.
    thinks: bool,
    /// It takes a cache point after the system text.
    caches: bool,
}

impl Traits {
    fn of(model: &str) -> Self {
        Self {
            thinks: model.contains("claude-haiku-5") || model.contains("claude-sonnet-5"),
            caches: model.contains("anthropic.claude"),
        }
    }
}

fn message(prompt: &Prompt) -> Result<Message, BuildError> {
    Message::builder().role(ConversationRole::User).content(ContentBlock::Text(prompt.user.clone())).build()
}

fn tools(prompt: &Prompt) -> Result<ToolConfiguration, BuildError> {
    let specification = ToolSpecification::builder()
        .name(TOOL)
        .description("The advice on the one finding. Write the fields in the order of the schema's `required`.")
        .input_schema(ToolInputSchema::Json(document(prompt.schema)))
        .build()?;
    ToolConfiguration::builder()
        .tools(Tool::ToolSpec(specification))
        .tool_choice(ToolChoice::Tool(SpecificToolChoice::builder().name(TOOL).build()?))
        .build()
}

/// The answer is the one use of the tool, found by its type: thoughts may stand before it.
fn read(model: &str, output: ConverseOutput) -> Result<Answer, NoAnswer> {
    if !matches!(output.stop_reason, StopReason::ToolUse | StopReason::EndTurn) {
        return Err(NoAnswer::Stopped);
    }
    let tokens = output.usage.as_ref().map_or((0, 0), |usage| (count(usage.input_tokens), count(usage.output_tokens)));
    let message = output.output.and_then(|output| output.as_message().ok().cloned());
    let mut uses = message
        .into_iter()
        .flat_map(|message| message.content)
        .filter_map(|block| if let ContentBlock::ToolUse(tool) = block { Some(tool) } else { None });
    match (uses.next(), uses.next()) {
        (Some(tool), None) if tool.name == TOOL => {
            Ok(Answer { json: value(&tool.input).to_string(), model: model.to_owned(), tokens, way: Way::Asked })
        }
        _ => Err(NoAnswer::Stopped),
    }
}

fn count(tokens: i32) -> u64 {
    u64::try_from(tokens).unwrap_or(0)
}

/// The SDK's own JSON type has no serde by default; this is the way in.
fn document(value: &Value) -> Document {
    match value {
        Value::Null => Document::Null,
        Value::Bool(flag) => Document::Bool(*flag),
        Value::Number(number) => Document::Number(match (number.as_u64(), number.as_i64()) {
            (Some(positive), _) => Number::PosInt(positive),
            (None, Some(negative)) => Number::NegInt(negative),
            (None, None) => Number::Float(number.as_f64().unwrap_or(0.0)),
        }),
        Value::String(text) => Document::String(text.clone()),
        Value::Array(items) => Document::Array(items.iter().map(document).collect()),
        Value::Object(fields) => {
            Document::Object(fields.iter().map(|(name, field)| (name.clone(), document(field))).collect())
        }
    }
}

/// And this the way out.
fn value(document: &Document) -> Value {
    match document {
        Document::Null => Value::Null,
        Document::Bool(flag) => Value::Bool(*flag),
        Document::Number(Number::PosInt(positive)) => (*positive).into(),
        Document::Number(Number::NegInt(negative)) => (*negative).into(),
        Document::Number(Number::Float(float)) => (*float).into(),
        Document::String(text) => Value::String(text.clone()),
        Document::Array(items) => items.iter().map(value).collect(),
        Document::Object(fields) => fields.iter().map(|(name, field)| (name.clone(), value(field))).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_goes_in_and_comes_out_the_same() {
        let json = serde_json::json!({ "a": [1, -2, 0.5, null, true, "あ"], "b": { "c": {} } });
        assert_eq!(value(&document(&json)), json);
    }

    #[test]
    fn only_models_that_think_are_told_not_to() {
        assert!(Traits::of("jp.anthropic.claude-haiku-5-5").thinks);
        assert!(!Traits::of("jp.anthropic.claude-haiku-4-5-20251001-v1:0").thinks);
        assert!(!Traits::of("jp.amazon.nova-2-lite-v1:0").caches);
    }
}
