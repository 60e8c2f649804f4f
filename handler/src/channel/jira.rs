//! Jira Cloud: an issue a finding, found again by its label. A change is a comment on it, and a transition to the status that
//! the route names for closed or reopened findings.
//!
//! The transition comes first: done twice it does nothing, and a comment that a reader would see twice is the last request.

use serde_json::{Value, json};

use super::layout::Page;
use super::refusal::{Trouble, answered, status};
use super::talk::{Form, Talk};
use super::tracker::{is_key, says_all, token};
use super::{Body, HttpRequest, Method, Next, Receipt, Reply, Request, SecretUse, Slot, ink};
use crate::config::JiraConfig;
use crate::notification::{Change, Notification};

mod document;

use document::Document;

/// Characters of a summary: Jira takes 255.
const MOST_SUMMARY: usize = 255;
/// The label of every issue of ours.
const LABEL: &str = "finding-advisor";

/// Comments on the finding's issue, or makes it.
pub(super) fn talk(
    jira: &JiraConfig,
    notification: &Notification,
    previous: Option<&Receipt>,
    talk: &mut Talk<'_>,
) -> Result<Next, Box<Request>> {
    let unsure = previous.is_some_and(|receipt| receipt.unsure);
    let known = previous.and_then(|receipt| receipt.issue.clone()).filter(|key| is_key(key));
    let found = match known {
        Some(key) => Some(key),
        None => match talk.ask(|| search(jira, notification), found)? {
            Ok(found) => found,
            Err(trouble) => return Ok(trouble.end(previous.cloned())),
        },
    };
    if let Some(key) = found {
        let receipt = Receipt { issue: Some(key.clone()), ..Receipt::default() };
        let told = match moved(jira, notification, &key, talk)? {
            Ok(()) => talk.tell(|form| comment(jira, notification, &key, unsure, form), read)?,
            Err(trouble) => Err(trouble),
        };
        match told {
            Ok(_) => return Ok(Next::Done(receipt)),
            Err(Trouble::Gone(_)) => {}
            Err(trouble) => return Ok(trouble.end(Some(Receipt { unsure, ..receipt }))),
        }
    }
    Ok(match talk.tell(|form| create(jira, notification, form), created)? {
        Ok(key) => Next::Done(Receipt { issue: Some(key), ..Receipt::default() }),
        // The next try looks for it: nothing has to be said of a repeat.
        Err(Trouble::Unsure(code)) => Trouble::Again(code, None).end(None),
        Err(trouble) => trouble.end(None),
    })
}

/// Moves the issue to the status that the change asks for. A workflow that does not allow it keeps nobody from the comment.
fn moved(
    jira: &JiraConfig,
    notification: &Notification,
    key: &str,
    talk: &mut Talk<'_>,
) -> Result<Result<(), Trouble>, Box<Request>> {
    let wanted = match notification.change {
        Change::Closed => &jira.closed_status,
        Change::Reopened => &jira.reopened_status,
        Change::New
        | Change::Worse
        | Change::NewParty
        | Change::ManyMore
        | Change::Suppressed
        | Change::Asked
        | Change::Still
        | Change::Together => &None,
    };
    let Some(wanted) = wanted else { return Ok(Ok(())) };
    let path = format!("issue/{key}/transitions");
    let id = match talk.ask(|| call(jira, Method::Get, &path, Body::Empty), |reply| transition(reply, wanted))? {
        Ok(Some(id)) => id,
        Ok(None) => return Ok(Ok(())),
        // It only read: whatever became of that can be done again.
        Err(Trouble::Unsure(code)) => return Ok(Err(Trouble::Again(code, None))),
        Err(trouble) => return Ok(Err(trouble)),
    };
    let body = json!({ "transition": { "id": id } });
    Ok(match talk.ask(|| call(jira, Method::Post, &path, Body::Json(body)), read)? {
        Ok(_) | Err(Trouble::Plainer(_) | Trouble::Never(_)) => Ok(()),
        Err(Trouble::Unsure(code)) => Err(Trouble::Again(code, None)),
        Err(trouble) => Err(trouble),
    })
}

/// The id of the transition to a status: ids depend on the workflow and on where the issue is now.
fn transition(reply: &Reply, wanted: &str) -> Result<Option<String>, Trouble> {
    let said = read(reply)?;
    let all = said.get("transitions").and_then(Value::as_array).into_iter().flatten();
    let is_wanted = |one: &&Value| {
        one.pointer("/to/name").and_then(Value::as_str).is_some_and(|name| name.to_lowercase() == wanted.to_lowercase())
    };
    Ok(all.into_iter().find(is_wanted).and_then(|one| one.get("id")?.as_str()).map(str::to_owned))
}

/// Seconds to minutes stale: a retry, which comes later, finds what an earlier try made.
fn search(jira: &JiraConfig, notification: &Notification) -> Request {
    let jql = format!("project = \"{}\" AND labels = \"{}\" ORDER BY created DESC", jira.project, token(notification));
    let body = json!({ "jql": jql, "fields": ["status"], "maxResults": 1 });
    call(jira, Method::Post, "search/jql", Body::Json(body))
}

fn found(reply: &Reply) -> Result<Option<String>, Trouble> {
    let said = match read(reply) {
        // It only read: nothing can be repeated.
        Err(Trouble::Unsure(code)) => return Err(Trouble::Again(code, None)),
        said => said?,
    };
    let issues = said.get("issues").and_then(Value::as_array).ok_or(Trouble::Again("jira:bad_body".into(), None))?;
    Ok(issues.first().and_then(|issue| issue.get("key")?.as_str()).filter(|key| is_key(key)).map(str::to_owned))
}

/// Without what a project may not have on its screen, where that was refused: the priority and the labels.
fn create(jira: &JiraConfig, notification: &Notification, form: Form) -> Request {
    let title = ink::title(notification, MOST_SUMMARY);
    let mut fields = json!({
        "project": { "key": jira.project },
        "issuetype": { "id": jira.issue_type_id },
        "summary": title,
        "description": page(notification, Some(&title), false, form),
    });
    if form == Form::Rich {
        fields["labels"] = json!([LABEL, token(notification)]);
        fields["priority"] = json!({ "name": priority(notification) });
    }
    call(jira, Method::Post, "issue", Body::Json(json!({ "fields": fields })))
}

fn comment(jira: &JiraConfig, notification: &Notification, key: &str, unsure: bool, form: Form) -> Request {
    let body = json!({ "body": page(notification, None, unsure, form) });
    call(jira, Method::Post, &format!("issue/{key}/comment"), Body::Json(body))
}

/// The names of Jira's default scheme.
fn priority(notification: &Notification) -> &'static str {
    match notification.severity.map(|severity| severity.label()) {
        Some("CRITICAL") => "Highest",
        Some("HIGH") => "High",
        Some("LOW") => "Low",
        Some("INFORMATIONAL") => "Lowest",
        Some(_) | None => "Medium",
    }
}

/// The page of an issue or a comment; plain, it is the facts alone. The headline stands in it too, unless the summary above
/// it shows all of it.
fn page(notification: &Notification, summary: Option<&str>, unsure: bool, form: Form) -> Value {
    let mut document = Document::new();
    if !says_all(summary, notification) {
        document.notice(notification.headline.text());
    }
    document.notices(notification, unsure);
    let sections = if form == Form::Rich { notification.sections.as_slice() } else { &[] };
    for section in sections {
        document.section(section.title, &section.blocks);
    }
    document.details(notification);
    document.end(notification)
}

fn call(jira: &JiraConfig, method: Method, path: &str, body: Body) -> Request {
    let slot = match &jira.email {
        Some(email) => Slot::Basic { user: email.clone() },
        None => Slot::Bearer,
    };
    Request::Http(HttpRequest {
        method,
        url: format!("{}/rest/api/3/{path}", jira.url),
        secret: SecretUse { of: jira.secret.clone(), slot },
        body,
    })
}

fn created(reply: &Reply) -> Result<String, Trouble> {
    let issue = read(reply)?;
    let key = issue.get("key").and_then(Value::as_str).filter(|key| is_key(key));
    key.map(str::to_owned).ok_or(Trouble::Unsure("jira:bad_body".into()))
}

/// A status of 404 hides that a permission is missing, or says that the issue is gone.
fn read(reply: &Reply) -> Result<Value, Trouble> {
    let reply = answered(reply)?;
    if reply.status == 404 {
        return Err(Trouble::Gone("http_404".into()));
    }
    let reply = status(reply)?;
    if reply.status == 204 { Ok(Value::Null) } else { reply.json().ok_or(Trouble::Unsure("jira:bad_body".into())) }
}
