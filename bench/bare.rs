//! The yardstick of a start: `lambda_runtime` with the same SDK clients, and no work at all.

use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent};
use finding_advisor::aws::sdk_config;
use lambda_runtime::{Error, LambdaEvent, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let sdk = sdk_config().await;
    let clients = (
        aws_sdk_bedrockruntime::Client::new(&sdk),
        aws_sdk_dynamodb::Client::new(&sdk),
        aws_sdk_sns::Client::new(&sdk),
    );
    let clients = &clients;
    lambda_runtime::run(service_fn(|_: LambdaEvent<SqsEvent>| async move {
        let _ = clients;
        Ok::<_, Error>(SqsBatchResponse::default())
    }))
    .await
}
