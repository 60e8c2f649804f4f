//! Mail over Amazon SES: HTML, and a text part with the same words. All mails of a finding name one message that was never
//! sent as the one they answer to, so that mail programs keep them together and nothing has to be remembered.

use super::refusal::accepted;
use super::talk::Talk;
use super::tracker::token;
use super::{MailRequest, Next, Receipt, Request, ink, text};
use crate::config::MailConfig;
use crate::notification::Notification;

mod html;

/// Characters of a subject: mail programs show far fewer.
const MOST_SUBJECT: usize = 200;

/// Sends once.
pub(super) fn talk(
    mail: &MailConfig,
    notification: &Notification,
    previous: Option<&Receipt>,
    talk: &mut Talk<'_>,
) -> Result<Next, Box<Request>> {
    let unsure = previous.is_some_and(|receipt| receipt.unsure);
    Ok(match talk.ask(|| request(mail, notification, unsure), accepted)? {
        Ok(id) => Next::Done(Receipt::of_message(id)),
        Err(trouble) => trouble.end(previous.cloned()),
    })
}

fn request(mail: &MailConfig, notification: &Notification, unsure: bool) -> Request {
    // A receiver looks up no such host: the part behind the sign only keeps ids of senders apart.
    let host = mail.from.rsplit('@').next().unwrap_or_default().trim_end_matches('>');
    // Short enough to stand on one line: a mail server that folds or encodes an id on its way ends the conversation.
    let root = format!("<{}@{host}>", token(notification));
    Request::Ses(Box::new(MailRequest {
        from: mail.from.clone(),
        to: mail.to.clone(),
        identity_arn: mail.identity_arn.clone(),
        configuration_set: mail.configuration_set.clone(),
        region: mail.region.clone(),
        subject: ink::title(notification, MOST_SUBJECT),
        html: html::page(notification, unsure),
        text: text::above(notification, unsure),
        headers: vec![
            ("References", root.clone()),
            ("In-Reply-To", root),
            // Absence notices and tickets are not wanted in answer.
            ("Auto-Submitted", "auto-generated".into()),
        ],
        attachment: mail.attach_original.then(|| notification.original.text().to_owned()),
    }))
}
