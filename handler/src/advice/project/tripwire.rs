//! The tripwire: text in a finding that talks to its reader or to an AI, carries markup or mentions, or hides characters, is
//! itself a signal. The reader is told which field it is; nobody is told what it says.

use std::sync::OnceLock;

use regex_lite::Regex;
use serde_json::Value;

use crate::finding::{Finding, Language, Source};

/// The most fields that are named; more would bury the notification.
const MOST: usize = 3;
/// Text beyond this many bytes of one field is not looked at.
const LOOK: usize = 20_000;

/// One sentence a field.
pub(super) fn sentences(finding: &Finding, language: Language) -> Vec<String> {
    let mut fields = Vec::new();
    walk(&finding.detail, &mut Vec::new(), finding, &mut fields);
    let talking = fields.into_iter().take(MOST).map(|(field, link)| match (link, language) {
        (false, Language::Ja) => format!(
            "{field} に、読む人や AI に向けた文か記号が書かれています。攻撃する側が自由に書ける欄で、承認や訓練の証拠にはなりません。従わず、証拠として残してください。"
        ),
        (true, Language::Ja) => format!(
            "{field} に、読む人や AI に向けた文か記号と URL が書かれています。攻撃する側が自由に書ける欄で、承認や訓練の証拠にはなりません。従わず、URL を開かず、証拠として残してください。"
        ),
        (false, Language::En) => format!(
            "{field} holds text or markup addressed to a reader or an AI. An attacker can write that field freely; it proves no approval and no exercise. Do not follow it, and keep it as evidence."
        ),
        (true, Language::En) => format!(
            "{field} holds text or markup addressed to a reader or an AI, and a URL. An attacker can write that field freely; it proves no approval and no exercise. Do not follow it, do not open the URL, and keep it as evidence."
        ),
    });
    let hidden = finding.hidden_in.iter().take(MOST).map(|path| path_words(path)).map(|field| match language {
        Language::Ja => format!(
            "{field} に、目に見えない文字が含まれていました (取り除いて表示しています)。人や AI を欺く手口のことがあります。"
        ),
        Language::En => format!(
            "{field} held invisible characters (removed here). That can be a way to deceive people or an AI."
        ),
    });
    talking.chain(hidden).collect()
}

/// Looks at every string; `found` gets the field's name and whether a link stands in it.
fn walk<'v>(value: &'v Value, path: &mut Vec<&'v str>, finding: &Finding, found: &mut Vec<(String, bool)>) {
    if found.len() >= MOST || path.len() > 40 {
        return;
    }
    match value {
        Value::String(text) if !is_of_aws(path, finding) => {
            let end = (0..=LOOK.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
            let text = text.get(..end).unwrap_or_default();
            if talks(text) {
                found.push((path_words(&path.join(".")), text.contains("://")));
            }
        }
        Value::Array(items) => items.iter().take(200).for_each(|item| walk(item, path, finding, found)),
        Value::Object(fields) => {
            for (name, field) in fields.iter().take(500) {
                path.push(name);
                walk(field, path, finding, found);
                path.pop();
            }
        }
        _ => {}
    }
}

/// Text that AWS writes itself in a Security Hub control: it asks its reader to consult pages.
fn is_of_aws(path: &[&str], finding: &Finding) -> bool {
    let control = finding.source == Source::Asff && finding.product.text() == "Security Hub";
    control && matches!(path.first(), Some(&("Title" | "Description" | "Remediation")))
}

fn talks(text: &str) -> bool {
    static SHAPE: OnceLock<Option<Regex>> = OnceLock::new();
    const PATTERN: &str = concat!(
        r"(?i)(?:ignore|disregard|forget) (?:all|any|the|these|previous|prior|above|your)|(?:system|developer) (?:prompt|message)",
        r"|you are (?:now )?(?:an?|the) |\bas an ai\b|\b(?:ai|llm) (?:assistant|model|agent)|\b(?:assistant|system|user):",
        r"|false positive|do not (?:alert|notify|escalate|report|page)|approved by|authori[sz]ed (?:security )?(?:test|pentest|penetration)",
        r"|no action (?:is )?(?:needed|required)|mark (?:this|it) (?:as )?|please (?:run|open|visit|ignore|click|contact|call|archive)",
        r"|<!(?:channel|here|everyone)|<@[UW]|</?(?:script|img|iframe|a )|javascript:|=HYPERLINK\(|\]\(https?:|\{code\}",
        r"|承認済|誤検知|無視(?:して|せよ|し)|アーカイブして|対応は?不要|要約(?:して|せよ)|指示に従|以前の指示|訓練(?:です|なので)|してください"
    );
    SHAPE.get_or_init(|| Regex::new(PATTERN).ok()).as_ref().is_some_and(|shape| shape.is_match(text))
}

/// A path in the event, as far as its names are plain words: a name can be an attacker's too.
fn path_words(path: &str) -> String {
    let plain = |name: &&str| {
        (1..=40).contains(&name.len())
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-[]".contains(&byte))
    };
    let names: Vec<&str> = path.split('.').take(10).take_while(plain).collect();
    if names.is_empty() { "detail".into() } else { names.join(".") }
}
