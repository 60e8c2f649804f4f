//! `finding-advisor check`: what the check makes of one recorded answer.

use std::path::PathBuf;
use std::process::ExitCode;

use finding_advisor::advice::converse::Recording;
use finding_advisor::advice::{self, Advice, NoAnswer, Rejection};
use finding_advisor::finding::Language;
use finding_advisor::intake;
use serde_json::{Value, json};

use crate::input::{Said, read};
use crate::{Event, Output, Trouble, facts, shown};

#[derive(clap::Args)]
pub struct Arguments {
    #[command(flatten)]
    pub event: Event,
    /// The answer: a file with the answer object alone, or with a response of Converse
    #[arg(long, value_name = "FILE")]
    answer: PathBuf,
    /// For a person, or for a program
    #[arg(long, value_enum, default_value = "text")]
    output: Output,
}

/// What became of an answer.
pub enum Verdict {
    /// It is advice now, perhaps without some parts.
    Accepted(Box<Advice>),
    /// It broke a rule.
    Rejected(Rejection),
    /// The recording holds no answer.
    None(NoAnswer),
}

impl Verdict {
    /// Of a recording about these facts.
    pub fn of(recording: &Recording, facts: &advice::Facts) -> Self {
        match &recording.answer {
            Err(why) => Self::None(*why),
            Ok(answer) => match advice::check(answer, facts) {
                Ok(advice) => Self::Accepted(Box::new(advice)),
                Err(rejection) => Self::Rejected(rejection),
            },
        }
    }
}

pub fn run(arguments: &Arguments) -> Result<(String, ExitCode), Trouble> {
    let findings = intake::read(&read(&arguments.event.event)?);
    let [finding] = findings.as_slice() else {
        let count = findings.len();
        return Err(Said::trouble(
            format!("検出結果が 1 件のイベントを指定してください ({count} 件ありました)"),
            format!("expected an event of one finding, got {count}"),
        ));
    };
    let language = arguments.event.reader.language();
    let facts = facts(finding, language);
    let verdict = Verdict::of(&Recording::read(&read(&arguments.answer)?, "recorded"), &facts);
    let code = if matches!(verdict, Verdict::Accepted(_)) { ExitCode::SUCCESS } else { ExitCode::from(1) };
    let text = match (arguments.output, &verdict) {
        (Output::Json, _) => serde_json::to_string_pretty(&json(&verdict))?,
        (Output::Text, Verdict::Accepted(advice)) => {
            let (accepted, struck, rule) = match language {
                Language::Ja => ("採用", "削除", "規則"),
                Language::En => ("accepted", "struck", "rule"),
            };
            let struck: String = advice
                .strikes()
                .iter()
                .map(|strike| format!("{struck}: {strike}, {rule} `{}`\n", strike.rule))
                .collect();
            format!("{accepted}\n{struck}\n{}", shown(finding, &facts, advice))
        }
        (Output::Text, Verdict::Rejected(Rejection { field, rule })) => match language {
            Language::Ja => format!("不採用: {field}, 規則 `{rule}`。代わりに手順書を使います"),
            Language::En => format!("rejected: {field}, rule `{rule}`; the playbook would speak"),
        },
        (Output::Text, Verdict::None(why)) => match language {
            Language::Ja => format!("答えがありません: {}。代わりに手順書を使います", why.word()),
            Language::En => format!("no answer: {}; the playbook would speak", why.word()),
        },
    };
    Ok((text, code))
}

fn json(verdict: &Verdict) -> Value {
    match verdict {
        Verdict::Accepted(advice) => {
            let text = |statement: &advice::Statement| statement.text.text().to_owned();
            let struck: Value = advice
                .strikes()
                .iter()
                .map(|strike| json!({ "rule": strike.rule, "where": strike.to_string() }))
                .collect();
            let steps: Value = advice
                .steps()
                .iter()
                .map(|step| json!({ "entry": step.entry, "sentence": step.sentence, "here": text(&step.here) }))
                .collect();
            let benign: Value = advice
                .benign()
                .iter()
                .map(|one| json!({ "explanation": one.explanation, "check": text(&one.check) }))
                .collect();
            let escalations: Value = advice
                .escalations()
                .iter()
                .map(|one| json!({ "condition": text(&one.condition), "urgency": one.urgency }))
                .collect();
            json!({
                "verdict": "accepted",
                "struck": struck,
                "kept": {
                    "summary": text(advice.summary()), "impact": text(advice.impact()),
                    "urgency": advice.urgency(), "urgencyReason": text(advice.urgency_reason()),
                    "escalations": escalations, "steps": steps, "benign": benign, "unknowns": advice.unknowns(),
                },
            })
        }
        Verdict::Rejected(rejection) => {
            json!({ "verdict": "rejected", "rule": rejection.rule, "where": rejection.field })
        }
        Verdict::None(why) => json!({ "verdict": "none", "reason": why.word() }),
    }
}
