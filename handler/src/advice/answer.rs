//! The shape of an answer, as a model writes it and as the playbook fills it in: words with pseudonyms, fact ids as evidence.

use serde::Deserialize;

use super::Urgency;

/// A whole answer, not yet checked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Draft {
    pub summary: String,
    pub impact: String,
    pub urgency: Urgency,
    pub urgency_reason: String,
    pub evidence: Vec<String>,
    pub escalate_if: Vec<DraftEscalation>,
    pub first: DraftFirst,
    pub steps: Vec<DraftStep>,
    pub benign: Vec<DraftBenign>,
    pub unknowns: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftEscalation {
    pub condition: String,
    pub urgency: Urgency,
    pub evidence: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftFirst {
    pub text: String,
    pub evidence: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftStep {
    pub r#do: String,
    pub target: String,
    pub text: String,
    pub evidence: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct DraftBenign {
    pub explanation: String,
    pub check: String,
    pub evidence: Vec<String>,
}

/// The number of a fact id: `f3` is 3. Zero and other texts are no ids.
pub(super) fn number(id: &str) -> Option<usize> {
    id.strip_prefix('f')?.parse().ok().filter(|number| *number > 0)
}
