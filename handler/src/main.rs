//! The Lambda function: reads the environment once, the clock once an invocation, and lets the pipeline do the rest.

use std::collections::HashMap;
use std::time::Duration;

use aws_lambda_events::sqs::{BatchItemFailure, SqsBatchResponse, SqsEvent};
use finding_advisor::advice::Models;
use finding_advisor::advice::budget::Purse;
use finding_advisor::advice::converse::Guardrail;
use finding_advisor::advice::memory::{Flights, Remembering};
use finding_advisor::aws::{AwsCourier, Bedrock, DynamoAdvice, DynamoLedger, sdk_config};
use finding_advisor::config::HandlerConfig;
use finding_advisor::pipeline::{self, Doors, Moment, Record};
use finding_advisor::report;
use jiff::{SignedDuration, Timestamp};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use tokio::time::Instant;

/// A claim outlives its invocation by this much, so that a last write on its way still finds it.
const LEASE_MARGIN: Duration = Duration::from_secs(10);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let handler = Handler::from_environment().await.inspect_err(|error| {
        eprintln!(
            "{}",
            serde_json::json!({ "level": "ERROR", "message": "the handler cannot start", "causes": chain(error) })
        );
    })?;
    lambda_runtime::run(service_fn(|event| handler.handle(event))).await
}

struct Handler {
    config: HandlerConfig,
    bedrock: Bedrock,
    models: Models,
    guardrail: Option<Guardrail>,
    table: DynamoAdvice,
    flights: Flights,
    purse: Option<Purse>,
    ledger: DynamoLedger,
    courier: AwsCourier,
}

impl Handler {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    async fn from_environment() -> Result<Self, Error> {
        let json = std::env::var("HANDLER_CONFIG").map_err(|_| "expected the variable `HANDLER_CONFIG`, got none")?;
        let config = HandlerConfig::parse(&json)?;
        let sdk = sdk_config().await;
        let guardrail = config
            .advice
            .guardrail
            .as_ref()
            .map(|guardrail| Guardrail { id: guardrail.id.clone(), version: guardrail.version.clone() });
        Ok(Self {
            bedrock: Bedrock::new(&sdk, config.models(), guardrail.clone()),
            models: config.models(),
            guardrail,
            table: DynamoAdvice::new(&sdk, config.ledger_table.clone()),
            flights: Flights::default(),
            purse: config.advice.budget.as_ref().map(|budget| Purse::new(budget.tokens_per_day)),
            ledger: DynamoLedger::new(&sdk, config.ledger_table.clone()),
            courier: AwsCourier::new(&sdk, &config),
            config,
        })
    }

    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock, once an invocation")]
    async fn handle(&self, event: LambdaEvent<SqsEvent>) -> Result<SqsBatchResponse, Error> {
        let now = Timestamp::now();
        let left = u64::try_from(now.as_millisecond()).map_or(0, |now| event.context.deadline.saturating_sub(now));
        let left = Duration::from_millis(left);
        let started = Instant::now();
        let moment =
            Moment { now, deadline: started + left, lease_end: now.checked_add(left + LEASE_MARGIN).unwrap_or(now) };
        let mut handles = HashMap::new();
        let mut records = Vec::with_capacity(event.payload.records.len());
        for record in event.payload.records {
            let id = record.message_id.unwrap_or_default();
            handles.extend(record.receipt_handle.map(|handle| (id.clone(), handle)));
            records.push(Record { id, body: record.body.unwrap_or_default() });
        }
        let advisor = Remembering {
            advisor: &self.bedrock,
            models: &self.models,
            guardrail: self.guardrail.as_ref(),
            table: &self.table,
            flights: &self.flights,
            purse: self.purse.as_ref(),
            keep_for: SignedDuration::from_hours(24 * i64::from(self.config.advice.remember_days)),
            now,
            started,
        };
        let doors = Doors { advisor: &advisor, ledger: &self.ledger, courier: &self.courier };

        let reports = pipeline::run(&records, &self.config, doors, moment).await;

        let mut response = SqsBatchResponse::default();
        for report in reports {
            for finding in &report.findings {
                println!("{}", finding.line(&report.record, now));
            }
            if let Some(burst) = &report.burst {
                println!("{}", burst.line(&report.record));
            }
            if report.panics > 0 {
                println!(
                    "{}",
                    serde_json::json!({ "level": "ERROR", "message": "reading or advising panicked", "record": report.record, "times": report.panics })
                );
            }
            if let (true, Some(after), Some(handle)) =
                (report.failed(), report.retry_after(), handles.get(&report.record))
                && let Err(code) = self.courier.show_again(&self.config.queue_url, handle, after).await
            {
                // It comes back all the same, at the queue's own time.
                println!(
                    "{}",
                    serde_json::json!({ "level": "WARN", "message": "the queue did not take the time to wait", "record": report.record, "reason": code })
                );
            }
            if report.failed() {
                response.batch_item_failures.push(failure(report.record));
            }
        }
        if let Some(percent) = self.purse.as_ref().and_then(|purse| purse.used(now)) {
            println!("{}", report::budget_line(percent, now));
        }
        Ok(response)
    }
}

fn failure(record: String) -> BatchItemFailure {
    let mut failure = BatchItemFailure::default();
    failure.item_identifier = record;
    failure
}

fn chain(error: &Error) -> Vec<String> {
    let mut causes = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    causes
}
