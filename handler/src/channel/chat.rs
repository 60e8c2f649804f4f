//! Amazon Q Developer in chat applications: its custom notification, over a topic that it reads. It threads by the finding
//! key by itself, and answers nobody: what it cannot read it drops without an error to us, so the limits are kept with care.

use serde_json::json;

use super::dialect::{Dialect, SLACK, Sheet, TEAMS};
use super::layout::{Label, Page};
use super::refusal::accepted;
use super::talk::Talk;
use super::{Next, Receipt, Request, topic};
use crate::config::ChatClient;
use crate::notification::{Block, Notification, Section, Words};

/// Characters of a title. Amazon Q Developer takes 250.
const MOST_TITLE: usize = 250;
/// Characters of a description; it takes 8,000.
const MOST_DESCRIPTION: usize = 7_000;
/// Room in it for the link and the way to the rest.
const LAST: usize = 1_600;
/// Characters of one next step.
const MOST_STEP: usize = 1_000;
/// The most next steps; the playbook and a model write fewer.
const MOST_STEPS: usize = 10;
/// The kind of event, which a custom action can be attached to.
const EVENT_TYPE: &str = "security-finding";

/// Publishes once.
pub(super) fn talk(
    topic_arn: &str,
    client: ChatClient,
    notification: &Notification,
    talk: &mut Talk<'_>,
) -> Result<Next, Box<Request>> {
    Ok(match talk.ask(|| request(topic_arn, client, notification), accepted)? {
        Ok(id) => Next::Done(Receipt::of_message(id)),
        Err(trouble) => trouble.end(None),
    })
}

fn request(topic_arn: &str, client: ChatClient, notification: &Notification) -> Request {
    let dialect = match client {
        ChatClient::Slack => &SLACK,
        ChatClient::Teams => &TEAMS,
    };
    let attributes = topic::attributes(notification);
    // A custom action can take these as its variables; it takes no spaces.
    let context: serde_json::Map<_, _> = attributes
        .iter()
        .filter(|(_, value)| value.bytes().all(|byte| byte.is_ascii_graphic()))
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    let keywords: Vec<&str> = ["severity", "product", "account", "region"]
        .iter()
        .filter_map(|name| Some(attributes.get(name)?.as_str()))
        .collect();
    let message = json!({
        "version": "1.0",
        "source": "custom",
        "content": {
            "textType": "client-markdown",
            "title": dialect.line(notification.headline.text(), MOST_TITLE),
            "description": description(notification, dialect),
            "nextSteps": next_steps(notification, dialect),
            "keywords": keywords,
        },
        "metadata": {
            "threadId": notification.key,
            "summary": dialect.line(notification.headline.text(), MOST_TITLE),
            "eventType": EVENT_TYPE,
            "additionalContext": context,
        },
    });
    Request::Sns {
        topic_arn: topic_arn.to_owned(),
        subject: None,
        message: message.to_string(),
        short: None,
        attributes,
    }
}

/// Everything but the sections of the steps.
fn description(notification: &Notification, dialect: &Dialect) -> String {
    let mut sheet = Sheet::new(dialect, Words::of(notification.language), MOST_DESCRIPTION - LAST);
    sheet.notices(notification, false);
    for section in notification.sections.iter().filter(|section| !has_steps(section)) {
        sheet.section(section.title, &section.blocks);
    }
    sheet.details(notification);
    sheet.end(notification, LAST)
}

fn has_steps(section: &Section) -> bool {
    section.blocks.iter().any(|block| matches!(block, Block::Step { .. }))
}

/// The steps with their numbers, which the advice speaks of. What is said of all of them stands with the first.
fn next_steps(notification: &Notification, dialect: &Dialect) -> Vec<String> {
    let mut for_all: Vec<&str> = Vec::new();
    let mut steps = Vec::new();
    for block in notification.sections.iter().filter(|section| has_steps(section)).flat_map(|section| &section.blocks) {
        match block {
            Block::Step { number, tag, sentence, lines } if steps.len() < MOST_STEPS => {
                let mut sheet = Sheet::new(dialect, Words::of(notification.language), MOST_STEP);
                sheet.line(Label::Light(&format!("{number}. {} ", tag.text())), sentence.text());
                for_all.drain(..).for_each(|text| sheet.line(Label::None, text));
                sheet.step(lines);
                steps.push(sheet.text());
            }
            Block::Paragraph(text, _) | Block::Item(text, _) => for_all.push(text.text()),
            Block::Labelled(..) | Block::Quote(_) | Block::Step { .. } => {}
        }
    }
    steps
}
