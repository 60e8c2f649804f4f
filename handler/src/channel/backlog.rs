//! Backlog: an issue a finding. What changes is a comment on it, with the status and the priority in the same request.
//!
//! A finding whose issue we do not know is looked for by its token first: whatever became of an earlier try, there is one
//! issue. A form that Backlog refuses (a status of another project, a field that is required) is sent once more without all
//! that is not needed.

use serde_json::Value;

use super::dialect::{BACKLOG, Dialect, MARKDOWN, Sheet};
use super::layout::Page;
use super::refusal::{Trouble, answered, status};
use super::talk::{Form, Talk};
use super::tracker::{is_key, says_all, token};
use super::{Body, HttpRequest, Method, Next, Receipt, Reply, Request, SecretUse, Slot, form};
use crate::config::{BacklogConfig, BacklogText};
use crate::notification::{Change, Notification, Words};

/// Characters of a summary: Backlog takes 255.
const MOST_SUMMARY: usize = 255;
/// Characters of a description or comment: Backlog takes 100,000 and 50,000; nobody reads as many.
const MOST_TEXT: usize = 20_000;
/// Room in it for the link, the way to the rest and the token.
const LAST: usize = 1_700;
/// Backlog's priorities, which are the same in every space: high, normal, low.
const PRIORITIES: [&str; 3] = ["2", "3", "4"];

/// Comments on the finding's issue, or makes it.
pub(super) fn talk(
    backlog: &BacklogConfig,
    notification: &Notification,
    previous: Option<&Receipt>,
    talk: &mut Talk<'_>,
) -> Result<Next, Box<Request>> {
    let unsure = previous.is_some_and(|receipt| receipt.unsure);
    let known = previous.and_then(|receipt| receipt.issue.clone()).filter(|key| is_key(key));
    let found = match known {
        Some(key) => Some(key),
        None => match talk.ask(|| search(backlog, notification), |reply| found(reply, notification))? {
            Ok(found) => found,
            Err(trouble) => return Ok(trouble.end(previous.cloned())),
        },
    };
    if let Some(key) = found {
        let receipt = Receipt { issue: Some(key.clone()), ..Receipt::default() };
        match talk.tell(|form| comment(backlog, notification, &key, unsure, form), read)? {
            Ok(_) => return Ok(Next::Done(receipt)),
            Err(Trouble::Gone(_)) => {}
            Err(trouble) => return Ok(trouble.end(Some(Receipt { unsure, ..receipt }))),
        }
    }
    Ok(match talk.tell(|form| create(backlog, notification, form), created)? {
        Ok(key) => Next::Done(Receipt { issue: Some(key), ..Receipt::default() }),
        // The next try looks for it: nothing has to be said of a repeat.
        Err(Trouble::Unsure(code)) => Trouble::Again(code, None).end(None),
        Err(trouble) => trouble.end(None),
    })
}

fn search(backlog: &BacklogConfig, notification: &Notification) -> Request {
    let (project, token) = (backlog.project_id.to_string(), token(notification));
    let query = form::encoded([("projectId[]", project.as_str()), ("keyword", token.as_str()), ("count", "1")]);
    call(backlog, Method::Get, &format!("issues?{query}"), Body::Empty)
}

/// The issue whose description holds the token: the search finds comments as well, which anybody in the project writes.
fn found(reply: &Reply, notification: &Notification) -> Result<Option<String>, Trouble> {
    let issues = match read(reply) {
        // It only read: nothing can be repeated.
        Err(Trouble::Unsure(code)) => return Err(Trouble::Again(code, None)),
        issues => issues?,
    };
    let issues = issues.as_array().ok_or(Trouble::Again("backlog:bad_body".into(), None))?;
    let token = token(notification);
    let ours = issues.iter().find(|issue| text(issue, "description").is_some_and(|text| text.contains(&token)));
    Ok(ours.and_then(|issue| text(issue, "issueKey")).filter(|key| is_key(key)).map(str::to_owned))
}

fn create(backlog: &BacklogConfig, notification: &Notification, form: Form) -> Request {
    let title = super::ink::title(notification, MOST_SUMMARY);
    let shown = Some(title.as_str());
    let sheet = page(backlog, notification, shown, false, form);
    let body = Body::Form(vec![
        ("projectId", backlog.project_id.to_string()),
        ("issueTypeId", backlog.issue_type_id.to_string()),
        ("priorityId", priority(notification).to_owned()),
        ("summary", title),
        ("description", format!("{sheet}\n\n{}", token(notification))),
    ]);
    call(backlog, Method::Post, "issues", body)
}

/// A comment with all that changes, or alone.
fn comment(backlog: &BacklogConfig, notification: &Notification, key: &str, unsure: bool, form: Form) -> Request {
    let sheet = page(backlog, notification, None, unsure, form);
    if form == Form::Plain {
        return call(backlog, Method::Post, &format!("issues/{key}/comments"), Body::Form(vec![("content", sheet)]));
    }
    let mut fields = vec![("comment", sheet)];
    match notification.change {
        Change::Closed => fields.extend(backlog.closed_status_id.map(|id| ("statusId", id.to_string()))),
        Change::Reopened => fields.extend(backlog.reopened_status_id.map(|id| ("statusId", id.to_string()))),
        Change::Worse => fields.push(("priorityId", priority(notification).to_owned())),
        Change::New
        | Change::NewParty
        | Change::ManyMore
        | Change::Suppressed
        | Change::Asked
        | Change::Still
        | Change::Together => {}
    }
    call(backlog, Method::Patch, &format!("issues/{key}"), Body::Form(fields))
}

fn priority(notification: &Notification) -> &'static str {
    let [high, normal, low] = PRIORITIES;
    match notification.severity.map(|severity| severity.label()) {
        Some("CRITICAL" | "HIGH") => high,
        Some("MEDIUM") | None => normal,
        Some(_) => low,
    }
}

/// The page of an issue or a comment. The headline stands in it too, unless the summary above it shows all of it.
fn page(
    backlog: &BacklogConfig,
    notification: &Notification,
    summary: Option<&str>,
    unsure: bool,
    form: Form,
) -> String {
    let dialect: &Dialect = match backlog.text {
        BacklogText::Backlog => &BACKLOG,
        BacklogText::Markdown => &MARKDOWN,
    };
    let mut sheet = Sheet::new(dialect, Words::of(notification.language), MOST_TEXT - LAST);
    if !says_all(summary, notification) {
        sheet.notice(notification.headline.text());
        sheet.gap();
    }
    sheet.notices(notification, unsure);
    let sections = if form == Form::Rich { notification.sections.as_slice() } else { &[] };
    for section in sections {
        sheet.section(section.title, &section.blocks);
    }
    sheet.details(notification);
    sheet.end(notification, LAST)
}

fn call(backlog: &BacklogConfig, method: Method, path: &str, body: Body) -> Request {
    Request::Http(HttpRequest {
        method,
        url: format!("{}/api/v2/{path}", backlog.url),
        secret: SecretUse { of: backlog.secret.clone(), slot: Slot::Header("backlog-api-key") },
        body,
    })
}

fn text<'a>(object: &'a Value, name: &str) -> Option<&'a str> {
    object.get(name)?.as_str()
}

fn created(reply: &Reply) -> Result<String, Trouble> {
    let issue = read(reply)?;
    let key = text(&issue, "issueKey").filter(|key| is_key(key));
    key.map(str::to_owned).ok_or(Trouble::Unsure("backlog:bad_body".into()))
}

/// Backlog's codes say more than its statuses; its messages are in the language of the account.
fn read(reply: &Reply) -> Result<Value, Trouble> {
    let reply = answered(reply)?;
    let said = reply.json();
    let code = said.as_ref().and_then(|said| said.pointer("/errors/0/code")).and_then(Value::as_u64);
    match (reply.status, code) {
        (429 | 500.., _) | (_, None) => status(reply)?,
        (401 | 403, Some(code)) => return Err(Trouble::Never(format!("backlog:{code}"))),
        (_, Some(1)) => return Err(Trouble::Unsure("backlog:1".into())),
        (_, Some(6)) => return Err(Trouble::Gone("backlog:6".into())),
        (_, Some(7)) => return Err(Trouble::Plainer("backlog:7".into())),
        (_, Some(13)) => return Err(Trouble::Again("backlog:13".into(), reply.wait())),
        (_, Some(code)) => return Err(Trouble::Never(format!("backlog:{code}"))),
    };
    said.ok_or(Trouble::Unsure("backlog:bad_body".into()))
}
