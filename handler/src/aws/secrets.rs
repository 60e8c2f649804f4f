//! Secrets: read from AWS Secrets Manager when a request needs them, kept in the process for some minutes, and put nowhere
//! but into that request.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use serde_json::Value;
use tokio::time::Instant;

use super::code_of;
use crate::config::SecretConfig;

/// How long a value is used without looking again: a rotated token is refused for no longer than this.
const KEEP: Duration = Duration::from_mins(5);

/// The secrets of all routes.
pub(super) struct Secrets {
    client: Client,
    kept: Mutex<HashMap<String, (Instant, String)>>,
}

/// Nothing of a secret may stand in a log.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    pub(super) fn new(sdk: &SdkConfig) -> Self {
        Self { client: Client::new(sdk), kept: Mutex::default() }
    }

    /// The value, or the code of why there is none.
    pub(super) async fn value(&self, secret: &SecretConfig) -> Result<String, String> {
        let whole = match self.kept(&secret.arn) {
            Some(whole) => whole,
            None => self.read(&secret.arn).await?,
        };
        field(&whole, secret.field.as_deref())
    }

    /// What was refused is read anew the next time: it may have been rotated.
    pub(super) fn forget(&self, secret: &SecretConfig) {
        self.all().remove(&secret.arn);
    }

    fn kept(&self, arn: &str) -> Option<String> {
        self.all().get(arn).filter(|(read, _)| read.elapsed() < KEEP).map(|(_, whole)| whole.clone())
    }

    async fn read(&self, arn: &str) -> Result<String, String> {
        let read = self.client.get_secret_value().secret_id(arn).send().await.map_err(|error| code_of(&error))?;
        let whole = read.secret_string.ok_or("secret_not_of_its_form")?;
        self.all().insert(arn.to_owned(), (Instant::now(), whole.clone()));
        Ok(whole)
    }

    fn all(&self) -> std::sync::MutexGuard<'_, HashMap<String, (Instant, String)>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The whole secret, or a field of its JSON object. White space around it was pasted with it.
fn field(whole: &str, field: Option<&str>) -> Result<String, String> {
    let value = match field {
        None => whole.to_owned(),
        Some(field) => {
            let object: Value = serde_json::from_str(whole).map_err(|_| "secret_not_of_its_form")?;
            object.get(field).and_then(Value::as_str).ok_or("secret_without_the_field")?.to_owned()
        }
    };
    let value = value.trim();
    if value.is_empty() || value.contains(char::is_control) {
        return Err("secret_not_of_its_form".into());
    }
    Ok(value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_secret_is_its_whole_text_or_a_field_and_nothing_else() {
        assert_eq!(field(" xoxb-1\n", None).as_deref(), Ok("xoxb-1"));
        assert_eq!(field(r#"{"token":"t"}"#, Some("token")).as_deref(), Ok("t"));
        for (whole, name, code) in [
            ("", None, "secret_not_of_its_form"),
            ("a\nb", None, "secret_not_of_its_form"),
            ("xoxb-1", Some("token"), "secret_not_of_its_form"),
            (r#"{"token":1}"#, Some("token"), "secret_without_the_field"),
            (r#"{"other":"t"}"#, Some("token"), "secret_without_the_field"),
            (r#"{"token":" "}"#, Some("token"), "secret_not_of_its_form"),
        ] {
            assert_eq!(field(whole, name), Err(code.to_owned()), "{whole}");
        }
    }
}
