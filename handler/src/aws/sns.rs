//! Amazon SNS: one Publish.

use std::collections::BTreeMap;

use aws_config::{Region, SdkConfig};
use aws_sdk_sns::Client;
use aws_sdk_sns::types::MessageAttributeValue;

use super::code_of;
use super::courier::reply;
use crate::channel::Reply;

/// A client for the Region of a topic.
pub(super) fn client(sdk: &SdkConfig, region: &str) -> Client {
    let mut config = aws_sdk_sns::config::Builder::from(sdk);
    config.set_region(Some(Region::new(region.to_owned())));
    Client::from_conf(config.build())
}

/// Publishes.
pub(super) async fn publish(
    client: &Client,
    topic_arn: &str,
    subject: Option<String>,
    message: &str,
    attributes: &BTreeMap<&'static str, String>,
) -> Reply {
    let mut publish = client.publish().topic_arn(topic_arn).set_subject(subject).message(message);
    for (name, value) in attributes {
        match MessageAttributeValue::builder().data_type("String").string_value(value).build() {
            Ok(value) => publish = publish.message_attributes(*name, value),
            Err(_) => return Reply::Error("InvalidParameter".into()),
        }
    }
    reply(publish.send().await.map(|accepted| accepted.message_id).map_err(|error| code_of(&error)))
}
