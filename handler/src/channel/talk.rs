//! A conversation with a service, written down in its order: with `?`, the first request that has no reply yet is what to send.

use super::refusal::Trouble;
use super::{Reply, Request};

/// How a message is laid out: with all that the service offers, or, once that was refused, as plain as can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// With structure.
    Rich,
    /// Text alone.
    Plain,
}

/// The replies that are still to be read.
#[derive(Debug)]
pub(super) struct Talk<'a> {
    replies: std::slice::Iter<'a, Reply>,
}

impl<'a> Talk<'a> {
    pub(super) fn of(replies: &'a [Reply]) -> Self {
        Self { replies: replies.iter() }
    }

    /// The reply to a request, read; or the request, where it has none yet.
    pub(super) fn ask<T>(
        &mut self,
        request: impl FnOnce() -> Request,
        read: impl FnOnce(&'a Reply) -> Result<T, Trouble>,
    ) -> Result<Result<T, Trouble>, Box<Request>> {
        self.replies.next().map(read).ok_or_else(|| Box::new(request()))
    }

    /// As [`Talk::ask`], and plainer once where the service cannot read the rich form.
    pub(super) fn tell<T>(
        &mut self,
        request: impl Fn(Form) -> Request,
        read: impl Fn(&'a Reply) -> Result<T, Trouble>,
    ) -> Result<Result<T, Trouble>, Box<Request>> {
        match self.ask(|| request(Form::Rich), &read)? {
            Err(Trouble::Plainer(_)) => self.ask(|| request(Form::Plain), &read),
            told => Ok(told),
        }
    }
}
