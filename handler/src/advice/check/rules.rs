//! The rules on words: pure functions of one text, in both languages. Small lists of shapes, never a judgement.

use std::sync::OnceLock;

use regex_lite::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::advice::Facts;
use crate::advice::prompt::system;
use crate::finding::Language;
use crate::plain::is_hidden;

/// AWS's action names (`service:Action`), sorted, from the botocore 1.44.5 models.
const ACTIONS: &str = include_str!("../../../catalogue/aws-actions.txt");
/// Numbers that honest advice uses without a fact: hours, days, well-known ports.
const FREE_NUMBERS: [&str; 15] =
    ["12", "15", "24", "30", "48", "60", "72", "90", "365", "22", "80", "443", "3389", "3306", "5432"];
/// A run of the system text this long is a copy.
const COPY: usize = 40;

/// Shapes, compiled once.
struct Shapes {
    literal: Regex,
    open_network: Regex,
    cve: Regex,
    not_a_number: Regex,
    number: Regex,
    name: Regex,
    command: Regex,
    verdict: Regex,
    outside: Regex,
    request_ja: Regex,
    request_en: Regex,
    guard: Regex,
    reads_ja: Regex,
    reads_en: Regex,
    changes_ja: Regex,
    changes_en: Regex,
    orders: Regex,
}

fn shapes() -> &'static Shapes {
    static SHAPES: OnceLock<Shapes> = OnceLock::new();
    SHAPES.get_or_init(|| {
        let shape = |pattern: &str| match Regex::new(pattern) {
            Ok(shape) => shape,
            Err(error) => panic!("a shape of ours does not compile: {error}"),
        };
        Shapes {
            literal: shape(concat!(
                r"(?i)arn:|\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{1,4}:){3,}|\b\d{12}\b|\b(?:AKIA|ASIA)[A-Z0-9]{8,}",
                r"|\b(?:i|sg|vpc|subnet|vol|eni|ami|snap)-[0-9a-f]{8,}|[\w.+-]+@[\w-]+\.|[a-z][a-z0-9+.-]*://|www\.",
                r"|\b[\w-]+\.(?:com|net|org|io|jp|dev|info|biz|ru|cn|xyz|top|app|me|co)\b|\b[0-9a-f]{32,}\b|(?:data|javascript|mailto|tel):"
            )),
            open_network: shape(r"(?:0\.0\.0\.0|::)/0"),
            cve: shape(r"CVE-\d+-\d+"),
            not_a_number: shape(r"CVE-\d+-\d+|IMDSv\d|[A-Za-z]\w*[.\-]?\d+"),
            number: shape(r"(?:^|[^A-Za-z0-9._-])(\d+(?:,\d{3})*)"),
            name: shape(r"\b[a-z0-9-]{2,}:[A-Z]\w+|\b[A-Z]\w+:\w+/[\w.!]+|\b[A-Z][A-Za-z0-9]{1,20}\.\d+\b"),
            command: shape(r"\baws [a-z]|kubectl|\bcurl\b|\bwget\b|\bsudo\b|\brm |`|\$\(|\$\{|\||--[a-z]|&&|;\s*[a-z]+ "),
            verdict: shape(concat!(
                r"(?i)false positive|\bignore\b|\bdisregard\b|no (?:further )?action (?:is )?(?:needed|required)|safe to|\bharmless\b",
                r"|nothing to worry|誤検知です|誤検知と(?:判断|断定|みな)|無視|対応は?不要|対処は?不要|問題ありません|心配ありません|安全です"
            )),
            outside: shape(concat!(
                r"(?i)\bclick|\bphone\b|\bcall (?:us|the number|this|support)|\bpay\b|\bwire\b|\bsign ?in to (?:the )?(?:link|page|site)",
                r"|\bpassword to\b|\be-?mail (?:us|to|this|it)|\bsend (?:us|it|them|the|your)\b.*\bto\b|\bupload\b|\bdownload and run",
                r"|クリック|電話し|お電話|送金|支払|振り込|パスワードを(?:入力|送|教)|キーを(?:送|教|入力)|メールを?送|アップロード|ダウンロードして"
            )),
            request_ja: shape("ください|べきで|べきだ|してほしい|お願い|しなさい|せよ"),
            request_en: shape(r"(?i)\bplease\b|\bshould\b|\bmust\b|\bneed to\b|\bhave to\b"),
            guard: shape(concat!(
                r"(?i)GuardDuty|Security Hub|CloudTrail|AWS Config|\bMacie\b|\bInspector\b|\bdetectors?\b|\btrails?\b|\blogs?\b|\blogging\b",
                r"|\balarms?\b|\bfindings?\b|\bseverity\b|\bworkflow\b|\bnotifications?\b|\balerts?\b",
                r"|検出結果|証跡|ログ|アラーム|通知|抑制|ステータス|重要度|検知"
            )),
            reads_ja: shape("確認|確か|見|開|調べ|特定|有効に|再開|比べ|照ら|探|分か|残|記録|保存|載|あるか|ないか|拾|絞|追|読|一致|合う|合わ|示"),
            reads_en: shape(concat!(
                r"(?i)\b(?:checks?|sees?|looks?|opens?|compares?|lists?|search(?:es)?|finds?|reads?|whether|re-?enable|restart|shows?|",
                r"appears?|match(?:es)?|tells?|confirms?|identif(?:y|ies)|reviews?|records?|holds?|saves?|if|which|when)\b"
            )),
            changes_ja: shape(concat!(
                "止め|停止し|停止さ|無効に|無効化|削除|消し|消す|消去|変更し|変更す|外し|外す|解除|下げ|抑制し|抑制す|アーカイブし|アーカイブす",
                "|解決済みに|閉じ|空に|上書き|除外|スキップ|黙らせ|切って|切り、|オフ|クローズ"
            )),
            changes_en: shape(concat!(
                r"(?i)\b(?:disable|delete|remove|stop|suppress|archive|resolve|lower|downgrade|empty|mute|turn off|switch off|close|exclude|",
                r"allow-?list|white-?list|change|edit|update|skip|overwrite|purge|truncate|pause|silence|dismiss)\b"
            )),
            orders: shape(concat!(
                "(?:変更|停止|無効に|無効化|削除|解除|アーカイブ|抑制|除外|上書き)し(?:ます|て|ましょう)|止めます|消します|下げます",
                r"|(?i:^(?:disable|delete|remove|stop|suppress|archive|resolve|lower|downgrade|empty|mute|turn off|close|silence|dismiss)\b)"
            )),
        }
    })
}

/// The rules on a text without its pseudonyms; the word of the first that it breaks.
pub(super) fn words(text: &str, known: &str, language: Language) -> Option<&'static str> {
    let shapes = shapes();
    let normal: String = text.nfkc().collect();
    let bare = shapes.open_network.replace_all(&normal, "");
    if text.chars().chain(normal.chars()).any(|c| is_hidden(c) || c == '\n' || c == '\t' || matches!(c, '<' | '>')) {
        return Some("marks");
    }
    if normal.chars().any(is_emoji) {
        return Some("marks");
    }
    if shapes.literal.is_match(&bare) {
        return Some("literal");
    }
    if shapes.cve.find_iter(&bare).any(|cve| !known.contains(cve.as_str())) {
        return Some("literal");
    }
    let counted = shapes.not_a_number.replace_all(&bare, "");
    if shapes
        .number
        .captures_iter(&counted)
        .filter_map(|found| found.get(1))
        .any(|found| !is_known(found.as_str(), known))
    {
        return Some("number");
    }
    if shapes.name.find_iter(&bare).any(|name| !known.contains(name.as_str()) && !is_action(name.as_str())) {
        return Some("name");
    }
    if shapes.command.is_match(&bare) {
        return Some("command");
    }
    if shapes.verdict.is_match(&bare) {
        return Some("verdict");
    }
    if shapes.outside.is_match(&bare) {
        return Some("outside");
    }
    if is_copy(text, language) {
        return Some("copy");
    }
    foreign(&bare, language).then_some("language")
}

/// Whether a text asks for something: a summary tells, it does not ask.
pub(super) fn asks(text: &str, language: Language) -> bool {
    match language {
        Language::Ja => shapes().request_ja.is_match(text),
        Language::En => shapes().request_en.is_match(text),
    }
}

/// Whether a sentence that names a guard does anything but read or restore. A list of forbidden verbs alone is too easy to
/// go round, so a reading verb must be there as well.
pub(super) fn weakens(text: &str, language: Language) -> bool {
    let shapes = shapes();
    let normal: String = text.nfkc().collect();
    normal.split(['。', '!', '?', '\n']).flat_map(|part| part.split(". ")).any(|sentence| {
        let (reads, changes) = match language {
            Language::Ja => (&shapes.reads_ja, &shapes.changes_ja),
            Language::En => (&shapes.reads_en, &shapes.changes_en),
        };
        shapes.guard.is_match(sentence) && (!reads.is_match(sentence) || changes.is_match(sentence))
    })
}

/// Whether a sentence of the core would do something to a guard. The core may say that one was stopped, since that is what
/// some findings are about; it may not say that one is to be.
pub(super) fn orders(text: &str) -> bool {
    let shapes = shapes();
    let normal: String = text.nfkc().collect();
    normal
        .split(['。', '!', '?', '\n'])
        .flat_map(|part| part.split(". "))
        .any(|sentence| shapes.guard.is_match(sentence) && shapes.orders.is_match(sentence.trim()))
}

/// The rule on the language of the whole answer.
pub(super) fn language(prose: &str, facts: &Facts) -> Option<&'static str> {
    // In English any CJK counts against the text that it stands in; only Japanese prose needs a look at the whole.
    if facts.language == Language::En {
        return None;
    }
    let known = facts.list.join(" ");
    let words: String = prose
        .split(|c: char| !(c.is_ascii_graphic()))
        .filter(|word| !word.is_empty() && !known.contains(word))
        .collect();
    let cjk = prose.chars().filter(|c| is_cjk(*c)).count();
    (cjk * 100 < 35 * (cjk + words.len())).then_some("language")
}

/// A text in another language than the reader's: any CJK for English; for Japanese, a longer text without hiragana.
fn foreign(text: &str, language: Language) -> bool {
    match language {
        Language::En => text.chars().any(is_cjk),
        Language::Ja => {
            let beyond_ascii = text.chars().filter(|c| !c.is_ascii()).count();
            beyond_ascii >= 12 && !text.chars().any(|c| ('ぁ'..='ん').contains(&c))
        }
    }
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '々')
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}')
}

/// Small numbers are free; others stand in the facts or on the short list.
fn is_known(number: &str, known: &str) -> bool {
    let digits = number.replace(',', "");
    let small = digits.parse::<u64>().is_ok_and(|value| value <= 10);
    small
        || FREE_NUMBERS.contains(&digits.as_str())
        || known.split(|c: char| !c.is_ascii_digit()).any(|standing| standing == digits)
}

fn is_action(name: &str) -> bool {
    ACTIONS.lines().any(|action| action == name)
}

fn is_copy(text: &str, language: Language) -> bool {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    starts.windows(COPY).step_by(4).any(|window| match window {
        [first, .., last] => text.get(*first..*last).is_some_and(|run| system(language).contains(run)),
        _ => false,
    })
}
