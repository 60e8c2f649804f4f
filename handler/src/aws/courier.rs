//! The courier door: carries requests to the services that deliver, and calls to our own queue.

use std::collections::HashMap;
use std::time::Duration;

use aws_config::SdkConfig;

use super::code_of;
use super::http::Http;
use super::secrets::Secrets;
use super::{ses, sns};
use crate::advice::Later;
use crate::channel::{Courier, HttpRequest, Reply, Request};
use crate::config::{ChannelConfig, HandlerConfig};

/// Amazon SNS and Amazon SES, a client for each Region that a route names or a finding leads to; HTTP, where a route needs it; and our own queue.
#[derive(Debug)]
pub struct AwsCourier {
    sns: sns::Clients,
    ses: HashMap<Option<String>, aws_sdk_sesv2::Client>,
    http: Option<(Http, Secrets)>,
    sqs: aws_sdk_sqs::Client,
}

impl AwsCourier {
    /// A courier for these routes.
    #[must_use]
    pub fn new(sdk: &SdkConfig, config: &HandlerConfig) -> Self {
        let channels = || std::iter::once(&config.default_route).chain(&config.routes).map(|route| &route.channel);
        let sns = sns::Clients::new(sdk, channels().filter_map(ChannelConfig::topic_arn));
        let mails = channels().filter_map(|channel| match channel {
            ChannelConfig::Mail(mail) => Some(&mail.region),
            _ => None,
        });
        let ses = mails.map(|region| (region.clone(), ses::client(sdk, region.as_deref()))).collect();
        // Its TLS configuration reads all root certificates: only where it is used.
        let http = channels().any(|channel| channel.secret().is_some()).then(|| (Http::new(), Secrets::new(sdk)));
        Self { sns, ses, http, sqs: aws_sdk_sqs::Client::new(sdk) }
    }

    /// Lets the queue show a record again after this long: a service asked to be left alone until then.
    ///
    /// # Errors
    /// With the queue's error code, when it did not take it: the record comes back at the queue's own time then.
    pub async fn show_again(&self, queue_url: &str, receipt_handle: &str, after: Duration) -> Result<(), String> {
        let seconds = i32::try_from(after.as_secs()).unwrap_or(i32::MAX);
        let change = self.sqs.change_message_visibility().queue_url(queue_url).receipt_handle(receipt_handle);
        change.visibility_timeout(seconds).send().await.map(drop).map_err(|error| code_of(&error))
    }

    /// Channels ask for nothing that their own configuration did not announce.
    async fn carry(&self, request: &Request) -> Reply {
        let unannounced = Reply::Error("no_route_needs_it".into());
        match request {
            Request::Sns { topic_arn, subject, message, short, attributes } => {
                let client = self.sns.of(topic_arn);
                sns::publish(&client, topic_arn, subject.clone(), message, short.as_deref(), attributes).await
            }
            Request::Ses(mail) => match self.ses.get(&mail.region) {
                Some(client) => ses::send(client, mail).await,
                None => unannounced,
            },
            Request::Http(request) => match &self.http {
                Some((http, secrets)) => over_http(http, secrets, request).await,
                None => unannounced,
            },
            Request::Sqs { queue_url, message, delay_seconds } => {
                let send = self.sqs.send_message().queue_url(queue_url).message_body(message);
                let sent = send.delay_seconds(i32::from(*delay_seconds)).send().await;
                reply(sent.map(|accepted| accepted.message_id).map_err(|error| code_of(&error)))
            }
        }
    }
}

/// An AWS service's answer: the id that it gave, or why there is none.
pub(super) fn reply(answer: Result<Option<String>, String>) -> Reply {
    match answer {
        Ok(id) => Reply::Accepted(id.unwrap_or_default()),
        Err(code) if code == "silence" => Reply::Silence,
        Err(code) => Reply::Error(code),
    }
}

/// Carries a request with its secret, which is read anew the next time where the service did not take it.
pub(super) async fn over_http(http: &Http, secrets: &Secrets, request: &HttpRequest) -> Reply {
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

impl Courier for AwsCourier {
    fn carry<'a>(&'a self, request: &'a Request) -> Later<'a, Reply> {
        Box::pin(self.carry(request))
    }
}
