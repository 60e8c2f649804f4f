//! The advisor door: Amazon Bedrock's Converse. How a model wants to be asked is learnt from its refusals, for the life of
//! the process.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_sdk_bedrockruntime::Client;
use aws_sdk_bedrockruntime::error::{BuildError, ProvideErrorMetadata};
use aws_sdk_bedrockruntime::operation::converse::ConverseOutput;
use aws_sdk_bedrockruntime::operation::converse::builders::ConverseFluentBuilder;
use aws_sdk_bedrockruntime::types::{
    CachePointBlock, CachePointType, ContentBlock, ConversationRole, GuardrailAction, GuardrailConfiguration,
    GuardrailContentBlock, GuardrailContentSource, GuardrailConverseContentBlock, GuardrailConverseContentQualifier,
    GuardrailConverseTextBlock, GuardrailTextBlock, GuardrailTrace, InferenceConfiguration, JsonSchemaDefinition,
    Message, OutputConfig, OutputFormat, OutputFormatStructure, OutputFormatType, SpecificToolChoice,
    SystemContentBlock, TokenUsage, Tool, ToolChoice, ToolConfiguration, ToolInputSchema, ToolSpecification,
};
use aws_smithy_types::{Document, Number};
use serde_json::Value;
use tokio::time::Instant;

use super::code_of;
use crate::advice::converse::{self, Guardrail, Manner, Mode, SCHEMA_NAME, Said, TOOL, TOOL_IS};
use crate::advice::{Advisor, Answer, Later, Models, NoAnswer, Prompt, Way};

/// A next model is asked only when it has a fair chance to answer.
const ENOUGH_FOR_ANOTHER: Duration = Duration::from_secs(8);

/// Bedrock, and the models to ask in order.
#[derive(Debug)]
pub struct Bedrock {
    client: Client,
    models: Models,
    guardrail: Option<Guardrail>,
    /// What was learnt of each model.
    manners: Mutex<HashMap<String, Manner>>,
    /// Tokens spent and not yet told.
    spent: AtomicU64,
}

/// Why one request brought no answer.
enum Refusal {
    /// The model has to be asked in another way.
    Way(Manner),
    /// There is no other way.
    Final(NoAnswer),
}

impl Bedrock {
    /// An advisor that asks these models.
    #[must_use]
    pub fn new(sdk: &SdkConfig, models: Models, guardrail: Option<Guardrail>) -> Self {
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
        Self {
            client: Client::from_conf(config.build()),
            models,
            guardrail,
            manners: Mutex::default(),
            spent: AtomicU64::default(),
        }
    }

    async fn ask(&self, prompt: &Prompt, patience: Duration) -> Result<Answer, NoAnswer> {
        let end = Instant::now() + patience;
        let mut why = NoAnswer::Failed;
        for (number, model) in self.models.of(prompt.asks).into_iter().enumerate() {
            if number > 0 && end.saturating_duration_since(Instant::now()) < ENOUGH_FOR_ANOTHER {
                break;
            }
            match self.ask_in_each_way(model, prompt).await {
                Ok(answer) => return Ok(answer),
                // The same request would be refused by the next model too, and a model that answered is not asked twice.
                Err(last @ (NoAnswer::Refused | NoAnswer::Stopped | NoAnswer::Intervened | NoAnswer::Unassessed)) => {
                    return Err(last);
                }
                Err(next) => why = next,
            }
        }
        Err(why)
    }

    /// Asks one model, each time in the way that its last refusal leads to; there are at most four.
    async fn ask_in_each_way(&self, model: &str, prompt: &Prompt) -> Result<Answer, NoAnswer> {
        let known = self.manners.lock().unwrap_or_else(PoisonError::into_inner).get(model).copied();
        let mut manner = known.unwrap_or_else(|| Manner::of(model));
        loop {
            match self.converse(model, manner, prompt).await {
                Ok(answer) => return Ok(answer),
                Err(Refusal::Final(why)) => return Err(why),
                Err(Refusal::Way(next)) => {
                    manner = next;
                    self.manners.lock().unwrap_or_else(PoisonError::into_inner).insert(model.to_owned(), next);
                }
            }
        }
    }

    async fn converse(&self, model: &str, manner: Manner, prompt: &Prompt) -> Result<Answer, Refusal> {
        let request = self.client.converse().model_id(model);
        let request =
            filled(request, manner, prompt, self.guardrail.as_ref()).map_err(|_| Refusal::Final(NoAnswer::Refused))?;
        match request.send().await {
            Ok(output) => {
                let tokens = output.usage().map_or((0, 0), tokens);
                self.spent.fetch_add(tokens.0 + tokens.1, Ordering::SeqCst);
                let json = object(output).map_err(Refusal::Final)?;
                if manner.mode == Mode::Tool {
                    self.assess(&json).await.map_err(Refusal::Final)?;
                }
                Ok(Answer { json, model: model.to_owned(), tokens, way: Way::Asked })
            }
            Err(error) => Err(match code_of(&error).as_str() {
                "ThrottlingException" | "ModelNotReadyException" | "ServiceQuotaExceededException" => {
                    Refusal::Final(NoAnswer::Throttled)
                }
                "AccessDeniedException" | "ResourceNotFoundException" | "UnrecognizedClientException" => {
                    Refusal::Final(NoAnswer::Denied)
                }
                "ValidationException" => manner
                    .after(error.message().unwrap_or_default())
                    .map_or(Refusal::Final(NoAnswer::Refused), Refusal::Way),
                _ => Refusal::Final(NoAnswer::Failed),
            }),
        }
    }

    /// Lets the guardrail look at a tool's input, which Converse does not show to it. Without its word there is no answer.
    async fn assess(&self, json: &str) -> Result<(), NoAnswer> {
        let Some(Guardrail { id, version }) = &self.guardrail else { return Ok(()) };
        let prose = GuardrailTextBlock::builder().text(converse::prose(json)).build();
        let content = GuardrailContentBlock::Text(prose.map_err(|_| NoAnswer::Unassessed)?);
        let assessed = self
            .client
            .apply_guardrail()
            .guardrail_identifier(id)
            .guardrail_version(version)
            .source(GuardrailContentSource::Output)
            .content(content)
            .send();
        match assessed.await.map(|assessed| assessed.action) {
            Ok(GuardrailAction::None) => Ok(()),
            Ok(_) => Err(NoAnswer::Intervened),
            Err(_) => Err(NoAnswer::Unassessed),
        }
    }
}

impl Advisor for Bedrock {
    fn ask<'a>(&'a self, prompt: &'a Prompt, patience: Duration) -> Later<'a, Result<Answer, NoAnswer>> {
        Box::pin(self.ask(prompt, patience))
    }

    fn spent(&self) -> u64 {
        self.spent.swap(0, Ordering::SeqCst)
    }
}

/// The request that [`converse::request`] shows, in the SDK's types.
fn filled(
    request: ConverseFluentBuilder,
    manner: Manner,
    prompt: &Prompt,
    guardrail: Option<&Guardrail>,
) -> Result<ConverseFluentBuilder, BuildError> {
    let mut request = request
        .messages(message(prompt, guardrail)?)
        .inference_config(InferenceConfiguration::builder().max_tokens(converse::MOST_TOKENS.into()).build())
        .request_metadata("app", "finding-advisor")
        .system(SystemContentBlock::Text(prompt.system.to_owned()));
    if let Some(words) = manner.schema_in_words(prompt) {
        request = request.system(SystemContentBlock::Text(words));
    }
    if manner.caches {
        let point = CachePointBlock::builder().r#type(CachePointType::Default).build()?;
        request = request.system(SystemContentBlock::CachePoint(point));
    }
    request = match manner.mode {
        Mode::Tool => request.tool_config(tools(prompt)?),
        Mode::Native => request.output_config(OutputConfig::builder().text_format(format(prompt)?).build()),
        Mode::Text => request,
    };
    if let Some(Guardrail { id, version }) = guardrail {
        request = request.guardrail_config(
            GuardrailConfiguration::builder()
                .guardrail_identifier(id)
                .guardrail_version(version)
                .trace(GuardrailTrace::Disabled)
                .build(),
        );
    }
    if manner.hushed {
        request = request.additional_model_request_fields(document(&converse::hush()));
    }
    Ok(request)
}

fn message(prompt: &Prompt, guardrail: Option<&Guardrail>) -> Result<Message, BuildError> {
    let text = |text: &str| ContentBlock::Text(text.to_owned());
    let message = Message::builder().role(ConversationRole::User);
    if guardrail.is_none() {
        return message.content(text(&prompt.user)).build();
    }
    let [before, facts, after] = prompt.parts();
    let facts = GuardrailConverseTextBlock::builder()
        .text(facts)
        .qualifiers(GuardrailConverseContentQualifier::GuardContent)
        .build()?;
    message
        .content(text(before))
        .content(ContentBlock::GuardContent(GuardrailConverseContentBlock::Text(facts)))
        .content(text(after))
        .build()
}

fn tools(prompt: &Prompt) -> Result<ToolConfiguration, BuildError> {
    let specification = ToolSpecification::builder()
        .name(TOOL)
        .description(TOOL_IS)
        .input_schema(ToolInputSchema::Json(document(prompt.schema)))
        .build()?;
    ToolConfiguration::builder()
        .tools(Tool::ToolSpec(specification))
        .tool_choice(ToolChoice::Tool(SpecificToolChoice::builder().name(TOOL).build()?))
        .build()
}

fn format(prompt: &Prompt) -> Result<OutputFormat, BuildError> {
    let schema = JsonSchemaDefinition::builder().schema(prompt.schema.to_string()).name(SCHEMA_NAME).build()?;
    OutputFormat::builder()
        .r#type(OutputFormatType::JsonSchema)
        .structure(OutputFormatStructure::JsonSchema(schema))
        .build()
}

/// The answer in an output; `Debug` of an output would print it, so nobody does.
fn object(output: ConverseOutput) -> Result<String, NoAnswer> {
    let stopped = output.stop_reason().as_str().to_owned();
    let message = output.output.and_then(|output| output.as_message().ok().cloned());
    let blocks = message.map(|message| message.content).unwrap_or_default();
    let said = blocks.into_iter().map(|block| match block {
        ContentBlock::Text(text) => Said::Text(text),
        ContentBlock::ToolUse(tool) => Said::Tool { name: tool.name, input: value(&tool.input).to_string() },
        _ => Said::Else,
    });
    converse::object(&stopped, said.collect())
}

/// Tokens in and out; what was read from a cache or written to it counts as in.
fn tokens(usage: &TokenUsage) -> (u64, u64) {
    let cached = [usage.cache_read_input_tokens(), usage.cache_write_input_tokens()];
    let input = count(usage.input_tokens()) + cached.into_iter().flatten().map(count).sum::<u64>();
    (input, count(usage.output_tokens()))
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
mod tests;
