//! A queue as a person at a terminal uses it: sends to it, or empties it without losing what is in it.

use aws_config::{Region, SdkConfig};
use aws_sdk_sqs::Client;

use super::why;

/// How long what was received stays hidden: as long as it may take to send the ten of one answer.
const HIDDEN_SECONDS: i32 = 60;
/// Messages of one answer: `ReceiveMessage`.
const MOST_MESSAGES: i32 = 10;
/// Waiting asks all servers of a queue; without it a queue that holds something may seem empty.
const WAIT_SECONDS: i32 = 2;

/// A queue, by its URL.
#[derive(Debug)]
pub struct Queue {
    client: Client,
    url: String,
}

/// A message that was received and not yet deleted.
#[derive(Clone, Debug)]
pub struct Received {
    /// The message's id.
    pub id: String,
    /// What it holds.
    pub body: String,
    handle: String,
}

impl Queue {
    /// The queue of this URL, in the Region that the URL names.
    #[must_use]
    pub fn new(sdk: &SdkConfig, url: String) -> Self {
        let mut config = aws_sdk_sqs::config::Builder::from(sdk);
        if let Some(region) = region_of(&url) {
            config.set_region(Some(Region::new(region.to_owned())));
        }
        Self { client: Client::from_conf(config.build()), url }
    }

    /// Sends; returns the message's id.
    ///
    /// # Errors
    /// With the reason, for a person.
    pub async fn send(&self, body: &str) -> Result<String, String> {
        let sent = self.client.send_message().queue_url(&self.url).message_body(body).send().await;
        sent.map(|sent| sent.message_id.unwrap_or_default()).map_err(|error| why(&error))
    }

    /// Up to ten messages, which stay hidden for a minute; none when the queue is empty.
    ///
    /// # Errors
    /// With the reason, for a person.
    pub async fn receive(&self) -> Result<Vec<Received>, String> {
        let receive = self.client.receive_message().queue_url(&self.url).max_number_of_messages(MOST_MESSAGES);
        let answer = receive.visibility_timeout(HIDDEN_SECONDS).wait_time_seconds(WAIT_SECONDS).send().await;
        let messages = answer.map_err(|error| why(&error))?.messages.unwrap_or_default();
        Ok(messages
            .into_iter()
            .map(|message| Received {
                id: message.message_id.unwrap_or_default(),
                body: message.body.unwrap_or_default(),
                handle: message.receipt_handle.unwrap_or_default(),
            })
            .collect())
    }

    /// Deletes a message that was received.
    ///
    /// # Errors
    /// With the reason, for a person.
    pub async fn delete(&self, message: &Received) -> Result<(), String> {
        let delete = self.client.delete_message().queue_url(&self.url).receipt_handle(&message.handle);
        delete.send().await.map(drop).map_err(|error| why(&error))
    }

    /// Shows a message again, at once.
    ///
    /// # Errors
    /// With the reason, for a person.
    pub async fn release(&self, message: &Received) -> Result<(), String> {
        let release = self.client.change_message_visibility().queue_url(&self.url).receipt_handle(&message.handle);
        release.visibility_timeout(0).send().await.map(drop).map_err(|error| why(&error))
    }
}

/// The Region in `https://sqs.REGION.amazonaws.com/…`.
fn region_of(url: &str) -> Option<&str> {
    url.strip_prefix("https://sqs.")?.split('.').next()
}

#[cfg(test)]
mod tests {
    use super::region_of;

    #[test]
    fn a_queue_is_asked_in_the_region_of_its_url() {
        for (url, region) in [
            ("https://sqs.ap-northeast-1.amazonaws.com/111122223333/queue", Some("ap-northeast-1")),
            ("https://sqs.cn-north-1.amazonaws.com.cn/111122223333/queue", Some("cn-north-1")),
            ("http://127.0.0.1:4566/111122223333/queue", None),
        ] {
            assert_eq!(region_of(url), region, "{url}");
        }
    }
}
