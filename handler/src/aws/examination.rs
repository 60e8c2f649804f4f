//! What the handler uses, looked at with the credentials of a person: each thing is asked for once, and nobody is sent anything.

use std::time::Duration;

use aws_config::{Region, SdkConfig};

use super::courier::over_http;
use super::http::Http;
use super::secrets::Secrets;
use super::{Bedrock, DynamoLedger, callers_config, ses, sns, why};
use crate::advice::converse::Guardrail;
use crate::advice::{Advisor, Answer, Models, NoAnswer, Prompt};
use crate::channel::{HttpRequest, Reply};
use crate::config::{MailConfig, SecretConfig};
use crate::finding::FindingKey;
use crate::ledger::Ledger;

/// How long a model may take here.
const PATIENCE: Duration = Duration::from_secs(30);

/// The clients of one examination. Every error is a reason for a person: a service's code, or what broke.
#[derive(Debug)]
pub struct Examination {
    sdk: SdkConfig,
    http: Http,
    secrets: Secrets,
}

/// Whether mail goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MailStanding {
    /// The identity may send.
    pub verified: bool,
    /// The account is out of the sandbox, in which only verified addresses get mail.
    pub production: bool,
}

impl Examination {
    /// With the caller's credentials and Region.
    pub async fn of_the_caller() -> Self {
        let sdk = callers_config().await;
        Self { http: Http::new(), secrets: Secrets::new(&sdk), sdk }
    }

    /// Asks one model, as the handler would.
    ///
    /// # Errors
    /// Why there was no answer.
    pub async fn model(&self, model: &str, guardrail: Option<Guardrail>, prompt: &Prompt) -> Result<Answer, NoAnswer> {
        let models = Models { usual: vec![model.to_owned()], for_high: None, cheaper: None };
        Advisor::ask(&Bedrock::new(&self.sdk, models, guardrail), prompt, PATIENCE).await
    }

    /// Reads a row of the ledger that nobody writes.
    ///
    /// # Errors
    /// With the reason.
    pub async fn ledger(&self, table: &str) -> Result<(), String> {
        let ledger = DynamoLedger::new(&self.sdk, table.to_owned());
        Ledger::recall(&ledger, &FindingKey::of(&["examination"])).await.map(drop).map_err(|down| down.0)
    }

    /// Looks at a topic.
    ///
    /// # Errors
    /// With the reason.
    pub async fn topic(&self, arn: &str) -> Result<(), String> {
        let client = sns::Clients::new(&self.sdk, std::iter::empty()).of(arn);
        client.get_topic_attributes().topic_arn(arn).send().await.map(drop).map_err(|error| why(&error))
    }

    /// Reads a secret and lets its value go.
    ///
    /// # Errors
    /// With the reason.
    pub async fn secret(&self, secret: &SecretConfig) -> Result<(), String> {
        self.secrets.value(secret).await.map(drop)
    }

    /// Asks a service that is not AWS.
    pub async fn service(&self, request: &HttpRequest) -> Reply {
        over_http(&self.http, &self.secrets, request).await
    }

    /// Looks at who sends mail.
    ///
    /// # Errors
    /// With the reason.
    pub async fn mail(&self, mail: &MailConfig) -> Result<MailStanding, String> {
        let client = ses::client(&self.sdk, mail.region.as_deref().or(self.sdk.region().map(Region::as_ref)));
        let account = client.get_account().send().await.map_err(|error| why(&error))?;
        let address = mail.from.rsplit('<').next().unwrap_or_default().trim_end_matches('>');
        let domain = address.rsplit('@').next().unwrap_or_default();
        let mut verified = false;
        // The identity is the address, or its domain; that of another account says nothing to us.
        for identity in [domain, address] {
            let found = client.get_email_identity().email_identity(identity).send().await;
            verified |= found.is_ok_and(|found| found.verified_for_sending_status);
        }
        Ok(MailStanding {
            verified: verified || mail.identity_arn.is_some(),
            production: account.production_access_enabled,
        })
    }
}
