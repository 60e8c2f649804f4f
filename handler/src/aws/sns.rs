//! Amazon SNS: one Publish.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, PoisonError};

use aws_config::{Region, SdkConfig};
use aws_sdk_sns::Client;
use aws_sdk_sns::types::MessageAttributeValue;

use super::code_of;
use super::courier::reply;
use crate::channel::{Reply, by_protocol};

/// A client for each Region. Those of topics that are known are made at once, before there is a finding that waits; where the
/// topics of members lie, only their findings tell.
#[derive(Debug)]
pub(super) struct Clients {
    sdk: SdkConfig,
    made: Mutex<HashMap<String, Client>>,
}

impl Clients {
    pub(super) fn new<'a>(sdk: &SdkConfig, topic_arns: impl Iterator<Item = &'a str>) -> Self {
        let clients = Self { sdk: sdk.clone(), made: Mutex::default() };
        topic_arns.for_each(|topic_arn| drop(clients.of(topic_arn)));
        clients
    }

    /// The one for the Region of a topic.
    pub(super) fn of(&self, topic_arn: &str) -> Client {
        let region = topic_arn.split(':').nth(3).unwrap_or_default();
        // A client is whole or not there: one that panicked while it held the lock left nothing half done.
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        made.entry(region.to_owned()).or_insert_with(|| client(&self.sdk, region)).clone()
    }
}

fn client(sdk: &SdkConfig, region: &str) -> Client {
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
    short: Option<&str>,
    attributes: &BTreeMap<&'static str, String>,
) -> Reply {
    let mut publish = client.publish().topic_arn(topic_arn).set_subject(subject);
    publish = match short {
        Some(short) => publish.message_structure("json").message(by_protocol(message, short)),
        None => publish.message(message),
    };
    for (name, value) in attributes {
        match MessageAttributeValue::builder().data_type("String").string_value(value).build() {
            Ok(value) => publish = publish.message_attributes(*name, value),
            Err(_) => return Reply::Error("InvalidParameter".into()),
        }
    }
    reply(publish.send().await.map(|accepted| accepted.message_id).map_err(|error| code_of(&error)))
}
