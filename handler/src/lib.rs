//! Finding Advisor's handler: a security finding becomes an advised notification, once.
//!
//! One way through, and each room of the house is one module; start at [`pipeline`]:
//!
//! 1. [`intake`] reads an event into findings; it cannot fail, and what nobody knows becomes a finding made from the envelope.
//! 2. [`route`] picks who hears of a finding.
//! 3. [`ledger`] remembers what was told to whom; its pure rule says tell or hold, with a reason.
//! 4. [`advice`] projects numbered facts, hides identities, asks the model through the Advisor door, checks the answer, and
//!    falls back to the playbook.
//! 5. [`notification`] composes what a reader gets, in the reader's language.
//! 6. [`channel`] turns it into requests, which the Courier door carries.
//! 7. [`report`] says what became of each finding on each route.
//!
//! Three doors lead outside ([`advice::Advisor`], [`ledger::Ledger`], [`channel::Courier`]); only `aws` opens them for real,
//! and only tests fake them. Everything else is pure: no clock, no environment, no network.

pub mod advice;
#[cfg(feature = "aws")]
pub mod aws;
pub mod burst;
pub mod channel;
pub mod config;
pub mod explain;
pub mod finding;
pub mod intake;
pub mod ledger;
pub mod notification;
pub mod pipeline;
pub mod plain;
pub mod preview;
pub mod report;
pub mod route;
