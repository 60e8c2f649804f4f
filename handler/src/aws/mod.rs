//! The doors, opened for real: one HTTP client for all of AWS, credentials from the environment alone.

use std::time::Duration;

use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_sdk_sns::error::ProvideErrorMetadata;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;

mod advice_table;
mod bedrock;
mod courier;
mod dynamodb;
mod examination;
mod http;
mod queue;
mod secrets;
mod ses;
mod sns;

pub use advice_table::DynamoAdvice;
pub use bedrock::Bedrock;
pub use courier::AwsCourier;
pub use dynamodb::DynamoLedger;
pub use examination::{Examination, MailStanding};
pub use queue::{Queue, Received};

/// The shared configuration. The SDK sets no timeout of its own but the connection's, so each is set here: a ledger or a
/// topic that does not answer within five seconds, two attempts included, counts as silent.
pub async fn sdk_config() -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        // The default chain would look for profiles, containers and instance metadata; Lambda has none of them.
        .credentials_provider(EnvironmentVariableCredentialsProvider::new())
        // Each client would build a connector of its own otherwise, with a TLS configuration each.
        .http_client(
            aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build_https(),
        )
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(2)
                .with_initial_backoff(Duration::from_millis(100))
                .with_max_backoff(Duration::from_secs(1)),
        )
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_secs(2))
                .operation_attempt_timeout(Duration::from_secs(3))
                .operation_timeout(Duration::from_secs(5))
                .build(),
        )
        .load()
        .await
}

/// The configuration of a person at a terminal: credentials and Region from where the AWS CLI finds them too (the
/// environment, profiles, roles of machines), but for those of IAM Identity Center, which the CLI exports to the environment.
pub async fn callers_config() -> SdkConfig {
    let timeouts = TimeoutConfig::builder().connect_timeout(Duration::from_secs(5)).operation_timeout(CALLERS_PATIENCE);
    aws_config::defaults(BehaviorVersion::latest()).timeout_config(timeouts.build()).load().await
}

/// How long a person waits for one answer; a model may need most of it.
const CALLERS_PATIENCE: Duration = Duration::from_secs(60);

/// The code of a service's error; what is no service error (a timeout, a broken connection) has the code `silence`. Only
/// codes leave this folder: messages can carry ARNs and parts of the request.
fn code_of(error: &impl ProvideErrorMetadata) -> String {
    error.code().unwrap_or("silence").to_owned()
}

/// What a person at a terminal reads: the service's code or, where no service answered, the innermost cause, since credentials
/// and networks are mended in different ways.
fn why(error: &(impl ProvideErrorMetadata + std::error::Error)) -> String {
    if let Some(code) = error.code() {
        return code.to_owned();
    }
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}
