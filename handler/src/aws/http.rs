//! HTTP to services that are not AWS, over the SDK's own connector: one TLS stack in the whole handler. It follows no redirect.

use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest as Wire, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;

use crate::channel::{HttpReply, HttpRequest, KEPT_HEADERS, MOST_REPLY, Reply, Slot};
use crate::config::is_safe_url;

/// One request, its body read.
const WHOLE: Duration = Duration::from_secs(5);
/// The connection alone: what does not answer to it got nothing of the request.
const CONNECT: Duration = Duration::from_secs(2);
/// Some services refuse requests that do not say who asks.
const AGENT: &str = concat!("finding-advisor/", env!("CARGO_PKG_VERSION"));

/// Carries requests.
#[derive(Debug)]
pub(super) struct Http {
    connector: Connector,
}

impl Http {
    pub(super) fn new() -> Self {
        let settings = HttpConnectorSettings::builder().connect_timeout(CONNECT).read_timeout(WHOLE).build();
        let connector = Connector::builder()
            .connector_settings(settings)
            // A network without a way out has a proxy for these services; TLS ends at the service all the same.
            .proxy_config(ProxyConfig::from_env())
            .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
            .build();
        Self { connector }
    }

    /// Carries one request with its secret's value.
    pub(super) async fn carry(&self, request: &HttpRequest, secret: &str) -> Reply {
        let wire = match wire(request, secret) {
            Ok(wire) => wire,
            Err(code) => return Reply::NoSecret(code.to_owned()),
        };
        let answer = async {
            let response = self
                .connector
                .call(wire)
                .await
                .map_err(|error| if never_connected(&error) { Reply::Unreached } else { Reply::Silence })?;
            read(response).await
        };
        match tokio::time::timeout(WHOLE, answer).await {
            Ok(Ok(reply)) => Reply::Http(reply),
            Ok(Err(broken)) => broken,
            Err(_) => Reply::Silence,
        }
    }
}

/// A connection that was never made carried nothing; whatever else broke may have come after the request.
fn never_connected(error: &ConnectorError) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if error.downcast_ref::<hyper_util::client::legacy::Error>().is_some_and(|error| error.is_connect()) {
            return true;
        }
        cause = error.source();
    }
    false
}

/// The request as it is sent, with the secret in its slot. An error is a word without any part of the secret.
fn wire(request: &HttpRequest, secret: &str) -> Result<Wire, &'static str> {
    let mut url = request.url.as_str();
    let mut proof = None;
    match &request.secret.slot {
        Slot::Url(hosts) => {
            let host = secret.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
            if !hosts.contains(&host) && !is_loopback_of_a_test(secret) {
                return Err("secret_url_not_allowed");
            }
            url = secret;
        }
        Slot::Bearer => proof = Some(("authorization", format!("Bearer {secret}"))),
        Slot::Basic { user } => {
            let pair = aws_smithy_types::base64::encode(format!("{user}:{secret}"));
            proof = Some(("authorization", format!("Basic {pair}")));
        }
        Slot::Header(name) => proof = Some((*name, secret.to_owned())),
    }
    if !is_safe_url(url) && !is_loopback_of_a_test(url) {
        return Err("secret_url_not_allowed");
    }
    let sent = request.body.sent();
    let mut wire = Wire::new(SdkBody::from(sent.as_ref().map_or("", |(body, _)| body)));
    wire.set_method(request.method.name()).map_err(|_| "method_not_of_its_form")?;
    wire.set_uri(url).map_err(|_| "secret_url_not_allowed")?;
    let headers = [("accept", "application/json".to_owned()), ("user-agent", AGENT.to_owned())];
    let content = sent.map(|(_, kind)| ("content-type", kind.to_owned()));
    for (name, value) in headers.into_iter().chain(content).chain(proof) {
        wire.headers_mut().try_insert(name, value).map_err(|_| "secret_not_of_its_form")?;
    }
    Ok(wire)
}

/// This file's own tests listen without TLS; no built handler sends so.
fn is_loopback_of_a_test(url: &str) -> bool {
    cfg!(test) && url.starts_with("http://127.0.0.1:")
}

/// As much of a response as channels read.
async fn read(response: HttpResponse) -> Result<HttpReply, Reply> {
    let header = |name: &'static str| Some((name, response.headers().get(name)?.to_owned()));
    let headers = KEPT_HEADERS.into_iter().filter_map(header).collect();
    let status = response.status().as_u16();
    let mut stream = ByteStream::new(response.into_body());
    let mut body = Vec::new();
    while let Some(chunk) = stream.try_next().await.map_err(|_| Reply::Silence)? {
        body.extend_from_slice(&chunk);
        if body.len() >= MOST_REPLY {
            body.truncate(MOST_REPLY);
            break;
        }
    }
    Ok(HttpReply { status, headers, body: String::from_utf8_lossy(&body).into_owned() })
}

#[cfg(test)]
mod tests;
