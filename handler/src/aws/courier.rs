//! The courier door: carries requests to the services that deliver, and calls to our own queue.

use std::collections::{BTreeMap, HashMap};

use aws_config::{Region, SdkConfig};
use aws_sdk_sns::Client;
use aws_sdk_sns::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sns::types::MessageAttributeValue;

use super::code_of;
use crate::advice::Later;
use crate::channel::{Courier, Reply, Request};
use crate::config::{ChannelConfig, HandlerConfig};

/// Amazon SNS, a client for each Region that a route's topic is in.
#[derive(Debug)]
pub struct AwsCourier {
    sns: HashMap<String, Client>,
    home: Client,
    sqs: aws_sdk_sqs::Client,
}

impl AwsCourier {
    /// A courier for these routes.
    #[must_use]
    pub fn new(sdk: &SdkConfig, config: &HandlerConfig) -> Self {
        let topics = std::iter::once(&config.default_route).chain(&config.routes).map(|route| match &route.channel {
            ChannelConfig::Topic { topic_arn } => topic_arn,
        });
        let sns = topics
            .filter_map(|arn| arn.split(':').nth(3))
            .map(|region| (region.to_owned(), sns_in(sdk, region)))
            .collect();
        Self { sns, home: Client::new(sdk), sqs: aws_sdk_sqs::Client::new(sdk) }
    }

    async fn carry(&self, request: &Request) -> Reply {
        match request {
            Request::Sns { topic_arn, subject, message, attributes } => {
                self.publish(topic_arn, subject, message, attributes).await
            }
            Request::Sqs { queue_url, message, delay_seconds } => {
                let send = self.sqs.send_message().queue_url(queue_url).message_body(message);
                match send.delay_seconds(i32::from(*delay_seconds)).send().await {
                    Ok(accepted) => Reply::Accepted(accepted.message_id.unwrap_or_default()),
                    Err(error) => refusal(&error),
                }
            }
        }
    }

    async fn publish(
        &self,
        topic_arn: &str,
        subject: &str,
        message: &str,
        attributes: &BTreeMap<&'static str, String>,
    ) -> Reply {
        let region = topic_arn.split(':').nth(3).unwrap_or_default();
        let mut publish =
            self.sns.get(region).unwrap_or(&self.home).publish().topic_arn(topic_arn).subject(subject).message(message);
        for (name, value) in attributes {
            match MessageAttributeValue::builder().data_type("String").string_value(value).build() {
                Ok(value) => publish = publish.message_attributes(*name, value),
                Err(_) => return Reply::Error("InvalidParameter".into()),
            }
        }
        match publish.send().await {
            Ok(accepted) => Reply::Accepted(accepted.message_id.unwrap_or_default()),
            Err(error) => refusal(&error),
        }
    }
}

fn refusal<E: ProvideErrorMetadata, R>(error: &SdkError<E, R>) -> Reply {
    match code_of(error) {
        code if code == "silence" => Reply::Silence,
        code => Reply::Error(code),
    }
}

fn sns_in(sdk: &SdkConfig, region: &str) -> Client {
    let mut config = aws_sdk_sns::config::Builder::from(sdk);
    config.set_region(Some(Region::new(region.to_owned())));
    Client::from_conf(config.build())
}

impl Courier for AwsCourier {
    fn carry<'a>(&'a self, request: &'a Request) -> Later<'a, Reply> {
        Box::pin(self.carry(request))
    }
}
