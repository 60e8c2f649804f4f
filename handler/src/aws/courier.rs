//! The courier door: carries requests to the services that deliver.

use std::collections::HashMap;

use aws_config::{Region, SdkConfig};
use aws_sdk_sns::Client;
use aws_sdk_sns::types::MessageAttributeValue;

use super::code_of;
use super::http::Http;
use super::secrets::Secrets;
use crate::advice::Later;
use crate::channel::{Courier, HttpRequest, Reply, Request};
use crate::config::{ChannelConfig, HandlerConfig};

/// Amazon SNS, a client for each Region that a route's topic is in; and HTTP, where a route needs it.
#[derive(Debug)]
pub struct AwsCourier {
    sns: HashMap<String, Client>,
    home: Client,
    http: Option<(Http, Secrets)>,
}

impl AwsCourier {
    /// A courier for these routes.
    #[must_use]
    pub fn new(sdk: &SdkConfig, config: &HandlerConfig) -> Self {
        let channels = || std::iter::once(&config.default_route).chain(&config.routes).map(|route| &route.channel);
        let sns = channels()
            .filter_map(ChannelConfig::topic_arn)
            .filter_map(|arn| arn.split(':').nth(3))
            .map(|region| (region.to_owned(), sns_in(sdk, region)))
            .collect();
        // Its TLS configuration reads all root certificates: only where it is used.
        let http = channels().any(|channel| channel.secret().is_some()).then(|| (Http::new(), Secrets::new(sdk)));
        Self { sns, home: Client::new(sdk), http }
    }

    async fn carry(&self, request: &Request) -> Reply {
        match request {
            Request::Sns { topic_arn, subject, message, attributes } => {
                let region = topic_arn.split(':').nth(3).unwrap_or_default();
                let mut publish = self
                    .sns
                    .get(region)
                    .unwrap_or(&self.home)
                    .publish()
                    .topic_arn(topic_arn)
                    .set_subject(subject.clone())
                    .message(message);
                for (name, value) in attributes {
                    match MessageAttributeValue::builder().data_type("String").string_value(value).build() {
                        Ok(value) => publish = publish.message_attributes(*name, value),
                        Err(_) => return Reply::Error("InvalidParameter".into()),
                    }
                }
                match publish.send().await {
                    Ok(accepted) => Reply::Accepted(accepted.message_id.unwrap_or_default()),
                    Err(error) => match code_of(&error) {
                        code if code == "silence" => Reply::Silence,
                        code => Reply::Error(code),
                    },
                }
            }
            Request::Http(request) => match &self.http {
                Some((http, secrets)) => over_http(http, secrets, request).await,
                None => Reply::NoSecret("no_route_needs_it".into()),
            },
        }
    }
}

async fn over_http(http: &Http, secrets: &Secrets, request: &HttpRequest) -> Reply {
    let secret = &request.secret.of;
    let value = match secrets.value(secret).await {
        Ok(value) => value,
        Err(code) => return Reply::NoSecret(code),
    };
    let reply = http.carry(request, &value).await;
    if matches!(&reply, Reply::Http(answer) if [401, 403, 404].contains(&answer.status)) {
        secrets.forget(secret);
    }
    reply
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
