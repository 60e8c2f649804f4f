//! Amazon SES: one SendEmail. The service writes the message: no MIME is made here.

use aws_config::{Region, SdkConfig};
use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::BuildError;
use aws_sdk_sesv2::primitives::Blob;
use aws_sdk_sesv2::types::{
    Attachment, AttachmentContentDisposition, AttachmentContentTransferEncoding, Body, Content, Destination,
    EmailContent, Message, MessageHeader,
};

use super::code_of;
use super::courier::reply;
use crate::channel::{MailRequest, Reply};

/// The name of the attached original message.
const FILE: &str = "finding.json";

/// A client for a Region; `None` is the handler's.
pub(super) fn client(sdk: &SdkConfig, region: Option<&str>) -> Client {
    let mut config = aws_sdk_sesv2::config::Builder::from(sdk);
    if let Some(region) = region {
        config.set_region(Some(Region::new(region.to_owned())));
    }
    Client::from_conf(config.build())
}

/// Sends.
pub(super) async fn send(client: &Client, mail: &MailRequest) -> Reply {
    let Ok(message) = message(mail) else { return Reply::Error("BadRequest".into()) };
    let sent = client
        .send_email()
        .from_email_address(&mail.from)
        .set_from_email_address_identity_arn(mail.identity_arn.clone())
        .set_configuration_set_name(mail.configuration_set.clone())
        .destination(Destination::builder().set_to_addresses(Some(mail.to.clone())).build())
        .content(EmailContent::builder().simple(message).build())
        .send()
        .await;
    reply(sent.map(|accepted| accepted.message_id).map_err(|error| code_of(&error)))
}

fn message(mail: &MailRequest) -> Result<Message, BuildError> {
    let content = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let body = Body::builder().html(content(&mail.html)?).text(content(&mail.text)?).build();
    let mut message = Message::builder().subject(content(&mail.subject)?).body(body);
    for (name, value) in &mail.headers {
        message = message.headers(MessageHeader::builder().name(*name).value(value).build()?);
    }
    if let Some(original) = &mail.attachment {
        let attachment = Attachment::builder()
            .file_name(FILE)
            .raw_content(Blob::new(original.as_bytes()))
            .content_type("application/json")
            .content_disposition(AttachmentContentDisposition::Attachment)
            .content_transfer_encoding(AttachmentContentTransferEncoding::Base64);
        message = message.attachments(attachment.build()?);
    }
    Ok(message.build())
}
