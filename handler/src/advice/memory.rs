//! Remembered answers: one model call for one prompt. Findings that differ only in identities have one prompt, so the answer
//! to one of them serves all; each is checked with its own facts and shown with its own names.
//!
//! Within a process, those who ask the same wait for the one who asked first. Across processes a pending row says that
//! somebody asks; the others look each second, and never ask a second time.
//!
//! An answer that the check struck or rejected is kept too, but only for minutes: a burst of one prompt costs one call, each
//! finding's check judges it anew, and soon a model gets another chance.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use futures::FutureExt;
use futures::channel::oneshot;
use futures::future::Shared;
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use tokio::time::Instant;

use super::budget::{Means, Purse, day, tomorrow};
use super::converse::Guardrail;
use super::{Advisor, Answer, Asks, Later, Models, NoAnswer, Prompt, Way};

/// How often a waiting run looks whether the answer has come.
const LOOK: Duration = Duration::from_secs(1);
/// How long that serves which the check did not accept whole, and how long nobody asks again what no model answered.
const BRIEFLY: SignedDuration = SignedDuration::from_mins(10);
/// The longest that a notification waits for its answer to be kept.
const KEEPING: Duration = Duration::from_secs(1);

/// What a row says.
#[derive(Clone, PartialEq, Eq)]
pub enum Row {
    /// Nothing, or nothing any more.
    Nothing,
    /// Somebody is asking.
    Pending,
    /// The answer.
    Kept(Kept),
    /// No model answered this a short while ago.
    Barren,
}

/// An answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Kept {
    /// The answer object as JSON text.
    pub json: String,
    /// The model that gave it.
    pub model: String,
}

/// The table did not answer; asking goes on without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TableDown;

/// Where answers are remembered and tokens counted. The keys of answers come from [`key`].
pub trait AdviceTable: Sync {
    /// Writes that somebody asks until then, unless the row says something. Returns what it said before: after
    /// [`Row::Nothing`] it is the caller who asks.
    fn reserve<'a>(&'a self, key: &'a str, now: Timestamp, until: Timestamp) -> Later<'a, Result<Row, TableDown>>;
    /// What the row says.
    fn recall<'a>(&'a self, key: &'a str, now: Timestamp) -> Later<'a, Result<Row, TableDown>>;
    /// Makes the row say this until then. Nobody is asking any more.
    fn write<'a>(&'a self, key: &'a str, row: &'a Row, until: Timestamp) -> Later<'a, Result<(), TableDown>>;
    /// Ends what the row says then, unless that ends before.
    fn shorten<'a>(&'a self, key: &'a str, until: Timestamp) -> Later<'a, Result<(), TableDown>>;
    /// Counts tokens of a day (`2026-11-24`); returns how many there are now.
    fn spend<'a>(&'a self, day: &'a str, tokens: u64, now: Timestamp) -> Later<'a, Result<u64, TableDown>>;
    /// How many tokens were counted on a day.
    fn spent<'a>(&'a self, day: &'a str) -> Later<'a, Result<u64, TableDown>>;
}

/// The key of an answer: a hash of all that it depends on. Whoever changes a rule of the check releases a new version, and
/// asks anew; whoever brings another guardrail wants no answer that it did not see.
#[must_use]
pub fn key(prompt: &Prompt, models: &[&str], guardrail: Option<&Guardrail>) -> String {
    let mut hash = Sha256::new();
    let schema = prompt.schema.to_string();
    let own = prompt.hash();
    let (id, version) = guardrail.map_or(("", ""), |it| (&it.id, &it.version));
    for part in [env!("CARGO_PKG_VERSION"), &schema, prompt.language.code(), &own, id, version].iter().chain(models) {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let hash: String = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    format!("answer#{hash}")
}

type Reply = Result<Answer, NoAnswer>;

/// Who in this process is asking what.
#[derive(Debug, Default)]
pub struct Flights(Mutex<HashMap<String, Shared<oneshot::Receiver<Reply>>>>);

impl Flights {
    /// The reply of the one who asks this already, or leave to be that one.
    fn join(&self, key: &str) -> Result<Shared<oneshot::Receiver<Reply>>, Lead<'_>> {
        let mut flights = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(key) {
            return Ok(flight.clone());
        }
        let (reply, flight) = oneshot::channel();
        flights.insert(key.to_owned(), flight.shared());
        Err(Lead { flights: self, key: key.to_owned(), reply: Some(reply) })
    }
}

/// The one who asks. Whoever follows hears of its end, also when it is dropped.
struct Lead<'a> {
    flights: &'a Flights,
    key: String,
    reply: Option<oneshot::Sender<Reply>>,
}

impl Lead<'_> {
    fn tell(mut self, reply: &Reply) {
        if let Some(sender) = self.reply.take() {
            let _ = sender.send(reply.clone());
        }
    }
}

impl Drop for Lead<'_> {
    fn drop(&mut self) {
        self.flights.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.key);
    }
}

/// An advisor that remembers what another one answered; made anew for each invocation, whose time it knows.
pub struct Remembering<'a> {
    /// Who is asked when nothing is remembered.
    pub advisor: &'a dyn Advisor,
    /// Whom that is: an answer serves only those who would ask the same models.
    pub models: &'a Models,
    /// What looks at answers, where there is one: an answer serves only those who would ask the same one.
    pub guardrail: Option<&'a Guardrail>,
    /// Where answers lie.
    pub table: &'a dyn AdviceTable,
    /// Who in this process is asking.
    pub flights: &'a Flights,
    /// The day's budget, where there is one.
    pub purse: Option<&'a Purse>,
    /// How long an answer is kept that was accepted whole.
    pub keep_for: SignedDuration,
    /// The time of the invocation's start.
    pub now: Timestamp,
    /// The same on the other clock.
    pub started: Instant,
}

impl Remembering<'_> {
    /// The time now.
    fn now(&self) -> Timestamp {
        self.after(self.started.elapsed())
    }

    fn after(&self, time: Duration) -> Timestamp {
        SignedDuration::try_from(time).ok().and_then(|time| self.now.checked_add(time).ok()).unwrap_or(self.now)
    }

    fn later(&self, time: SignedDuration) -> Timestamp {
        self.now().checked_add(time).unwrap_or(self.now)
    }

    fn key(&self, prompt: &Prompt) -> String {
        key(prompt, &self.models.of(prompt.asks), self.guardrail)
    }

    async fn ask(&self, prompt: &Prompt, patience: Duration) -> Reply {
        let end = Instant::now() + patience;
        let key = self.key(prompt);
        match self.flights.join(&key) {
            Ok(flight) => match tokio::time::timeout_at(end, flight).await {
                Ok(Ok(reply)) => reply.map(|answer| Answer { tokens: (0, 0), way: Way::Remembered, ..answer }),
                // Who asked gave up, and so long after that there is no time left to ask.
                Ok(Err(oneshot::Canceled)) => Err(NoAnswer::Pending),
                Err(_) => Err(NoAnswer::Deadline),
            },
            Err(lead) => {
                let reply = self.find(&key, prompt, end).await;
                lead.tell(&reply);
                reply
            }
        }
    }

    /// The answer out of the table, or a new one.
    async fn find(&self, key: &str, prompt: &Prompt, end: Instant) -> Reply {
        let means = self.means().await;
        if means == Means::Spent {
            return match self.table.recall(key, self.now()).await {
                Ok(Row::Kept(kept)) => Ok(remembered(kept)),
                _ => Err(NoAnswer::Budget),
            };
        }
        let until = self.after(end.saturating_duration_since(self.started));
        match self.table.reserve(key, self.now(), until).await {
            Ok(Row::Kept(kept)) => Ok(remembered(kept)),
            Ok(Row::Barren) => Err(NoAnswer::AskedBefore),
            Ok(Row::Pending) => self.wait(key, end).await,
            Ok(Row::Nothing) => {
                let reply = self.ask_model(prompt, means, end).await;
                // Nobody need wait for what will not come. If this fails, too, the row ends by itself.
                let _ = match &reply {
                    Ok(_) => Ok(()),
                    // The model was paid for this, and would most likely do it again.
                    Err(NoAnswer::Stopped | NoAnswer::Intervened) => {
                        self.table.write(key, &Row::Barren, self.later(BRIEFLY)).await
                    }
                    Err(_) => self.table.write(key, &Row::Nothing, self.now()).await,
                };
                reply
            }
            Err(TableDown) => self.ask_model(prompt, means, end).await,
        }
    }

    /// Asks the models that the budget allows, and counts what that cost.
    async fn ask_model(&self, prompt: &Prompt, means: Means, end: Instant) -> Reply {
        let left = end.saturating_duration_since(Instant::now());
        let reply = if means == Means::Short && self.models.cheaper.is_some() {
            let prompt = Prompt { asks: Asks::Cheaper, ..prompt.clone() };
            let reply = self.advisor.ask(&prompt, left).await;
            reply.map(|answer| Answer { way: Way::Cheaper, ..answer })
        } else {
            self.advisor.ask(prompt, left).await
        };
        if let Some(purse) = self.purse {
            let (now, tokens) = (self.now(), self.advisor.spent());
            if let Ok(spent) = self.table.spend(&day(now), tokens, now).await {
                purse.learn(now, spent);
            }
        }
        reply
    }

    /// What the budget leaves. A table that does not answer stops nobody: the budget is a brake and no lock.
    async fn means(&self) -> Means {
        let Some(purse) = self.purse else { return Means::Enough };
        let now = self.now();
        if let Some(spent) = purse.known(now) {
            return purse.means(spent);
        }
        self.table.spent(&day(now)).await.map_or(Means::Enough, |spent| {
            purse.learn(now, spent);
            purse.means(spent)
        })
    }

    /// Waits for the answer that another process asks for.
    async fn wait(&self, key: &str, end: Instant) -> Reply {
        while Instant::now() + LOOK < end {
            tokio::time::sleep(LOOK).await;
            match self.table.recall(key, self.now()).await {
                Ok(Row::Kept(kept)) => return Ok(remembered(kept)),
                Ok(Row::Pending) => {}
                Ok(Row::Barren) => return Err(NoAnswer::AskedBefore),
                Ok(Row::Nothing) | Err(TableDown) => break,
            }
        }
        Err(NoAnswer::Pending)
    }

    async fn settle(&self, prompt: &Prompt, answer: &Answer, whole: bool) {
        let key = self.key(prompt);
        let kept = Row::Kept(Kept { json: answer.json.clone(), model: answer.model.clone() });
        let written = async {
            match (whole, answer.way) {
                (true, Way::Remembered) => Ok(()),
                (true, Way::Asked) => self.table.write(&key, &kept, self.later(self.keep_for)).await,
                // The budget begins anew tomorrow, and so does the usual model.
                (true, Way::Cheaper) => self.table.write(&key, &kept, tomorrow(self.now())).await,
                (false, Way::Remembered) => self.table.shorten(&key, self.later(BRIEFLY)).await,
                (false, Way::Asked | Way::Cheaper) => self.table.write(&key, &kept, self.later(BRIEFLY)).await,
            }
        };
        // What cannot be kept is asked for again; nobody need hear of it later for that.
        let _ = tokio::time::timeout(KEEPING, written).await;
    }
}

fn remembered(kept: Kept) -> Answer {
    Answer { json: kept.json, model: kept.model, tokens: (0, 0), way: Way::Remembered }
}

impl Advisor for Remembering<'_> {
    fn ask<'a>(&'a self, prompt: &'a Prompt, patience: Duration) -> Later<'a, Reply> {
        Box::pin(self.ask(prompt, patience))
    }

    fn settle<'a>(&'a self, prompt: &'a Prompt, answer: &'a Answer, whole: bool) -> Later<'a, ()> {
        Box::pin(self.settle(prompt, answer, whole))
    }
}
