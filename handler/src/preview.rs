//! Previews: the exact requests that a finding would become on a channel, in one language. The pipeline's own rooms make
//! them; a service that takes everything answers them here.

use jiff::Timestamp;

use crate::advice::{self, Advice, Answer, Facts, NoAnswer, Prompt, Rejection};
use crate::channel::{self, HttpReply, MOST_REQUESTS, Method, Next, Receipt, Reply, Request, Thread};
use crate::config::ChannelConfig;
use crate::finding::{Finding, Language, State};
use crate::notification::{self, Change, Notification, Words};

/// One finding as the readers of one language would be told of it.
#[derive(Debug)]
pub struct Preview {
    /// What the model may read of it.
    pub facts: Facts,
    /// What a model would be asked.
    pub prompt: Prompt,
    /// What the answers became that were rejected.
    pub rejections: Vec<Rejection>,
    /// The advice; a close has none.
    pub advice: Option<Advice>,
    /// What every channel lays out.
    pub notification: Notification,
}

impl Preview {
    /// As told at this time. The first of the answers that the check accepts speaks; without one the playbook does, and says
    /// `silence`, or that an answer was rejected.
    #[must_use]
    pub fn of(finding: &Finding, language: Language, now: Timestamp, answers: &[Answer], silence: NoAnswer) -> Self {
        let facts = advice::project(finding, language, now);
        let prompt = advice::prompt(&facts);
        let change = change(finding);
        let (mut rejections, mut advice) = (Vec::new(), None);
        if change != Change::Closed {
            for answer in answers {
                match advice::check(answer, &facts) {
                    Ok(accepted) => {
                        advice = Some(accepted);
                        break;
                    }
                    Err(rejection) => rejections.push(rejection),
                }
            }
            let why = if rejections.is_empty() { silence } else { NoAnswer::Rejected };
            advice = advice.or_else(|| Some(advice::playbook(&facts, why)));
        }
        let notification = notification::compose(finding, &facts, advice.as_ref(), change, Words::of(language));
        Self { facts, prompt, rejections, advice, notification }
    }

    /// Every request of one channel, in order.
    #[must_use]
    pub fn requests(&self, channel: &ChannelConfig) -> Vec<Request> {
        requests(channel, &self.notification)
    }
}

/// Every request that a channel sends for a notification, in order; a close is sent to where the finding was told open.
#[must_use]
pub fn requests(channel: &ChannelConfig, notification: &Notification) -> Vec<Request> {
    let previous = (notification.change == Change::Closed).then(heard);
    let (mut requests, mut replies) = (Vec::new(), Vec::new());
    while requests.len() < MOST_REQUESTS
        && let Next::Send(request) = channel::next(channel, notification, previous.as_ref(), &replies)
    {
        replies.push(taken(&request));
        requests.push(request);
    }
    requests
}

/// What a route that never heard of the finding is told; a close is shown as to one that heard of it.
fn change(finding: &Finding) -> Change {
    match (&finding.asked_for, finding.state) {
        (Some(_), _) => Change::Asked,
        (None, State::Open) => Change::New,
        (None, _) => Change::Closed,
    }
}

/// What a channel remembers of the notification before.
fn heard() -> Receipt {
    Receipt {
        message_id: Some("m-1".into()),
        thread: Some(Thread { channel: "C0123456789".into(), ts: "1700000000.000100".into() }),
        issue: Some("SEC-12".into()),
        unsure: false,
    }
}

/// What a service that takes everything says.
fn taken(request: &Request) -> Reply {
    let Request::Http(request) = request else { return Reply::Accepted("m-1".into()) };
    let path = request.url.split_once('?').map_or(request.url.as_str(), |(path, _)| path);
    let body = match (request.method, path.rsplit('/').next().unwrap_or_default()) {
        (_, "chat.postMessage" | "chat.update") => {
            r#"{ "ok": true, "channel": "C0123456789", "ts": "1700000000.000100" }"#
        }
        (Method::Get, "issues") => "[]",
        (Method::Get, "transitions") => r#"{ "transitions": [{ "id": "31", "to": { "name": "Done" } }] }"#,
        (_, "jql") => r#"{ "issues": [] }"#,
        _ => r#"{ "issueKey": "SEC-12", "key": "SEC-12" }"#,
    };
    Reply::Http(HttpReply { status: 200, body: body.into(), ..HttpReply::default() })
}
