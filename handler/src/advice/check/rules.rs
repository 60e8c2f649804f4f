//! The rules on words: pure functions of one text, in both languages. Small lists of shapes, never a judgement.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use regex_lite::{Captures, Regex};
use unicode_normalization::UnicodeNormalization;

use crate::advice::Facts;
use crate::advice::prompt::system;
use crate::finding::Language;
use crate::plain::is_hidden;

/// Names of AWS actions: a line for each service, its prefix and then its actions. The first line says how the list was made.
const ACTIONS: &str = include_str!("../../../catalogue/aws-actions.txt");
/// Numbers that honest advice uses without a fact: hours, days, well-known ports.
const FREE_NUMBERS: [&str; 15] =
    ["12", "15", "24", "30", "48", "60", "72", "90", "365", "22", "80", "443", "3389", "3306", "5432"];
/// A run of the system text this long is a copy.
const COPY: usize = 40;

/// Shapes, compiled once.
struct Shapes {
    literal: Regex,
    domain: Regex,
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
    pronoun: Regex,
    told: Regex,
    reads_ja: Regex,
    reads_en: Regex,
    changes: Regex,
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
                r"(?i)arn:|\d{1,3}(?:\.\d{1,3}){3}|(?:[0-9a-f]{1,4}:){3,}|\b[0-9a-f]{1,4}::[0-9a-f]{1,4}\b|(?:^|[^\w:])::[0-9a-f]",
                r"|\b\d{12}\b|\b(?:AKIA|ASIA)[A-Z0-9]{8,}",
                r"|\b(?:i|sg|vpc|subnet|vol|eni|ami|snap)-[0-9a-f]{8,}|[\w.+-]+@[\w-]+\.|[a-z][a-z0-9+.-]*://|www\.",
                r"|\b[\w-]+\.(?:com|net|org|io|jp|dev|info|biz|ru|cn|xyz|top|app|me|co)\b|\b[0-9a-f]{32,}\b|(?:data|javascript|mailto|tel):"
            )),
            domain: shape(r"\b[a-z0-9-]+(?:\.[a-z0-9-]+)*\.([a-z]{2,})\b"),
            open_network: shape(r"(?:0\.0\.0\.0|::)/0"),
            cve: shape(r"CVE-\d+-\d+"),
            not_a_number: shape(r"CVE-\d+-\d+|IMDSv\d|[A-Za-z]\w*[.\-]?\d+"),
            number: shape(r"(?:^|[^A-Za-z0-9._-])(\d+(?:,\d{3})*)"),
            name: shape(r"\b[a-z0-9-]{2,}:[A-Z]\w+|\b[A-Z]\w+:\w+/[\w.!]+|\b[A-Z][A-Za-z0-9]{1,20}\.\d+\b"),
            command: shape(r"\baws [a-z]|kubectl|\bcurl\b|\bwget\b|\bsudo\b|\brm |`|\$\(|\$\{|\||--[a-z]|&&|;\s*(?:bash|cat|chmod|echo|eval|exec|nc|python3?|sh)\b"),
            verdict: shape(concat!(
                r"(?i)false positive|\bignored?\b|\bdisregard\b|no (?:further )?(?:action|response|fix) (?:is )?(?:needed|required|necessary)",
                r"|safe to|\bharmless\b|nothing to (?:worry|do|fix)|\bno need to\b|no (?:risk|threat|danger)\b|not an? (?:attack|threat|incident|intrusion)\b",
                r"|\bis benign\b|leave it (?:as it is|alone)|(?:certainly|definitely|surely) compromised",
                r"|誤検知です|誤検知と(?:判断|断定|みな)|無視|放置(?:し|で)|そのままで(?:よ|良|構|問題)|気にし",
                r"|(?:対応|対処)(?:は|が)?(?:不要|いりません|要りません)|(?:対応|対処)(?:の|する)必要は?(?:ありません|ない|なし)",
                r"|問題(?:は|が)?(?:ありません|ないです|ないこと|なし)|心配(?:は|が)?(?:ありません|いりません|ない|不要)|安全です",
                r"|正常な(?:動作|操作|通信|利用)です|(?:攻撃|侵害|侵入|脅威)ではありません|確実に侵害|侵害は確実|侵害されたと断定"
            )),
            outside: shape(concat!(
                r"(?i)\bclick|\bphone\b|\bcall (?:us|the number|this|support)|\bpay\b|\bwire\b|\b(?:sign|log) ?in (?:to|at|on) (?:the |this )?(?:link|page|site|portal)",
                r"|\bpassword to\b|\be-?mail (?:us|to|this|it)|\bsend (?:us|it|them|the|your)\b.*\bto\b|\bupload\b|\bdownload and run|\bvisit\b|QR code",
                r"|クリック|電話し|お電話|送金|支払|振り込|パスワードを(?:入力|送|教)|キーを(?:送|教|入力)|メールを?送|アップロード|ダウンロードして|リンク先|連絡先に|QR コード"
            )),
            request_ja: shape("ください|下さい|べきで|べきだ|してほしい|お願い|しなさい|せよ|しましょう|必要があります"),
            request_en: shape(r"(?i)\bplease\b|\bshould\b|\bmust\b|\bneeds? to\b|\bha(?:ve|s) to\b|\blet's\b|\bgo ahead\b"),
            guard: shape(concat!(
                r"(?i)GuardDuty|Security Hub|CloudTrail|AWS Config|CloudWatch|\bMacie\b|\bInspector\b|Access Analyzer|\bdetectors?\b|\btrails?\b",
                r"|\blogs?\b|\blogging\b|\balarms?\b|\bfindings?\b|\bseverity\b|\bworkflow\b|\bnotifications?\b|\balerts?\b|\bmonitoring\b",
                r"|検出結果|証跡|(?:^|[^プ])ログ(?:[^イ]|$)|アラーム|アラート|通知|抑制|ステータス|重要度|検知|監視|ディテクター"
            )),
            pronoun: shape(r"(?i)^\s*(?:それ|これ|そちら|その後|次に|続いて|そして|また、|it\b|them\b|they\b|this\b|that\b|then\b|next\b|after that|afterwards|and\b)"),
            // What somebody did to a guard may be told and looked for; only what is left of a sentence can be a wish.
            told: shape(concat!(
                "(?:変更|停止|無効化|削除|消去|解除|抑制|アーカイブ|上書き|除外|移動|短縮|許可|リセット|無効に|空に|解決済みに)",
                "(?:し|され|さ)(?:たか|た|ていな|ている|ています|ていた|ていま)|(?:止め|消し|外し|下げ|書き換え|切り替え|閉じ|止められ|消され|外され)(?:た|ていな|ている|ていた)"
            )),
            reads_ja: shape(concat!(
                "確認|確か|見ま|見て|見る|見た|見え|見つ|見比|見直|開い|開き|開く|開け|調べ|特定|有効に|再開|比べ|照ら|探|分か|残っ|残り|残る|残ら",
                "|記録|保存|載|あるか|ないか|拾|絞り込|追い|追う|追っ|追え|読み|読む|読め|読ん|一致|合う|合わ|示し|示す|示さ"
            )),
            reads_en: shape(concat!(
                r"(?i)\b(?:checks?|sees?|looks?|opens?|compares?|lists?|search(?:es)?|finds?|reads?|whether|re-?enable|restart|shows?|",
                r"appears?|match(?:es)?|tells?|confirms?|identif(?:y|ies)|reviews?|records?|holds?|saves?|which|who|decides?|traces?|came|comes?)\b"
            )),
            changes: shape(concat!(
                "(?:停止|無効化|削除|消去|変更|解除|抑制|アーカイブ|上書き|除外|スキップ|クローズ|短縮|縮小|移動|転送|切り替え|書き換え|付け替え|許可",
                "|保留|中断|中止|リセット|初期化|破棄|ミュート|オフ)(?:し|す|さ|せ|に|を(?:行|実施|お願|かけ))|無効に|止め|消し|消す|外し|外す|下げ",
                "|解決済みに|閉じ|空に|黙らせ|切って|切り、|切ります|切り替え|短く|縮め|減ら|移し|移す|書き換|付け替え|例外|対象外|見送|様子を見|反応しない",
                "|鳴らない|届かない|出ないよう|緩め|設定し直|弱め|許可リスト|信頼リスト|信頼済み|ホワイトリスト",
                r"|(?i:\b(?:disable|delete|remove|stop|suppress|archive|resolved?|lower|downgrade|empty|mute|turn off|switch off|close|exclude|",
                r"allow-?list|white-?list|change|edit|update|skip|overwrite|purge|truncate|pause|silence|dismiss|redirect|repoint|move|reduce|shorten|",
                r"unsubscribe|detach|exempt|set|mark|put|reset|replace|drop|hide|relax|loosen|opt out|filter out|wipe|clear|erase|rename|suspend|",
                r"unset|tune|decrease|shrink|stops? (?:it|them))\b)|(?i:\b(?:turn|switch)\b.{0,40}\boff\b)|(?i:\bpoint\b.{0,40}\b(?:at|to)\b)|(?i:\btrusted\b|\badd\b.{0,60}\b(?:list|filter|rule|exception)\b)"
            )),
            orders: shape(concat!(
                "(?:変更|停止|無効に|無効化|削除|解除|アーカイブ|抑制|除外|上書き|移動|短縮)し(?:ます|て|ましょう)|止めます|消します|切ります|外します|下げます|移します|減らします",
                r"|(?i:(?:^|[,;:] ?(?:then |and )?)(?:disable|delete|remove|stop|suppress|archive|resolve|change|set|mark|edit|lower|downgrade|empty|mute|turn off|switch off|close|",
                r"silence|dismiss|exclude|pause|redirect|reduce|shorten|wipe)\b)"
            )),
        }
    })
}

/// The rules on a text without its pseudonyms; the word of the first that it breaks.
pub(super) fn words(text: &str, known: &str, language: Language) -> Option<&'static str> {
    let shapes = shapes();
    let normal: String = text.nfkc().collect();
    let bare = shapes.open_network.replace_all(&normal, "");
    if text.chars().chain(normal.chars()).any(is_mark)
        || normal.contains("**")
        || normal.contains("](")
        || is_formula(&normal)
    {
        return Some("marks");
    }
    if shapes.literal.is_match(&bare) || shapes.domain.captures_iter(&bare).any(|found| is_domain(&found, known)) {
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
/// go round, so a reading verb must be there as well. A sentence that goes on with "it" or "then" still speaks of the guard.
pub(super) fn weakens(text: &str, language: Language) -> bool {
    let shapes = shapes();
    let reads = match language {
        Language::Ja => &shapes.reads_ja,
        Language::En => &shapes.reads_en,
    };
    let mut of_a_guard = false;
    sentences(text).any(|sentence| {
        of_a_guard = shapes.guard.is_match(&sentence) || of_a_guard && shapes.pronoun.is_match(&sentence);
        of_a_guard && (!reads.is_match(&sentence) || shapes.changes.is_match(&wish(&sentence)))
    })
}

/// Whether a sentence of the core would do something to a guard. The core may say that one was stopped, since that is what
/// some findings are about; it may not say that one is to be.
pub(super) fn orders(text: &str) -> bool {
    let shapes = shapes();
    sentences(text).any(|sentence| shapes.guard.is_match(&sentence) && shapes.orders.is_match(wish(&sentence).trim()))
}

/// A sentence without what it tells of the past or of a state.
fn wish(sentence: &str) -> std::borrow::Cow<'_, str> {
    shapes().told.replace_all(sentence, " ")
}

fn sentences(text: &str) -> impl Iterator<Item = String> {
    let normal: String = text.nfkc().collect();
    let parts: Vec<String> = normal
        .split(['。', '!', '?', '\n'])
        .flat_map(|part| part.split(". "))
        .filter(|part| !part.trim().is_empty())
        .map(str::to_owned)
        .collect();
    parts.into_iter()
}

/// The rule on the language of the whole answer: one text alone may honestly hold little but names.
pub(super) fn language(prose: &str, facts: &Facts) -> Option<&'static str> {
    let known = facts.list.join(" ");
    let words: Vec<&str> = prose
        .split(|c: char| !c.is_ascii_graphic())
        .filter(|word| !word.is_empty() && (facts.language == Language::En || !known.contains(word)))
        .collect();
    let fits = match facts.language {
        Language::Ja => {
            let cjk = prose.chars().filter(|c| is_cjk(*c)).count();
            let ascii: usize = words.iter().map(|word| word.len()).sum();
            cjk * 100 >= 35 * (cjk + ascii)
        }
        // English prose holds some 40 % of these; another language written in the same letters next to none.
        Language::En => {
            let of_english = |word: &&&str| {
                ENGLISH.contains(&word.trim_matches(|c: char| !c.is_ascii_alphabetic()).to_ascii_lowercase().as_str())
            };
            words.iter().filter(of_english).count() * 8 >= words.len()
        }
    };
    (!fits).then_some("language")
}

/// Words that no English prose does without.
const ENGLISH: [&str; 36] = [
    "a", "an", "and", "are", "as", "at", "be", "been", "before", "by", "can", "could", "for", "from", "has", "if",
    "is", "it", "its", "may", "no", "not", "of", "on", "only", "or", "see", "that", "the", "this", "to", "was", "were",
    "whether", "which", "with",
];

/// A text in another language than the reader's: letters of another script, or small words of another language; for Japanese,
/// a sentence in English and a longer text without hiragana.
fn foreign(text: &str, language: Language) -> bool {
    let stranger =
        |c: char| c.is_alphabetic() && c > '\u{24f}' && !(language == Language::Ja && (is_cjk(c) || c == 'ー'));
    if text.chars().any(stranger) {
        return true;
    }
    let elsewhere = |word: &str| ELSEWHERE.contains(&word.to_lowercase().as_str());
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|word| elsewhere(word)).collect();
    if words.len() > 1 {
        return true;
    }
    if language == Language::En {
        return false;
    }
    let beyond_ascii = text.chars().filter(|c| !c.is_ascii()).count();
    let sentence = text.split_whitespace().filter(|word| word.chars().any(|c| c.is_ascii_alphabetic())).count() > 4;
    beyond_ascii == 0 && sentence || beyond_ascii >= 12 && !text.chars().any(|c| ('ぁ'..='ん').contains(&c))
}

/// Small words of languages in the same letters; two of them in one text are no accident.
const ELSEWHERE: [&str; 30] = [
    "avec", "das", "der", "des", "die", "est", "et", "ist", "les", "los", "las", "mit", "nicht", "oder", "ou", "para",
    "pas", "por", "pour", "que", "sie", "sont", "sur", "tout", "una", "und", "une", "uma", "vous", "zu",
];

/// What a spreadsheet would take for a formula when it opens an export of notifications.
fn is_formula(text: &str) -> bool {
    text.trim_start().starts_with('=')
}

fn is_cjk(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '々')
}

/// What plain prose has no use for: hidden characters, breaks, tags, mentions, emoji.
fn is_mark(c: char) -> bool {
    is_hidden(c)
        || matches!(c, '\n' | '\t' | '<' | '>' | '@')
        || matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{20e3}')
}

/// Words with a point between them are a domain to whatever turns text into links, unless they are a kind of file.
fn is_domain(found: &Captures<'_>, known: &str) -> bool {
    const FILES: [&str; 13] =
        ["bak", "conf", "css", "csv", "env", "html", "json", "log", "pem", "sql", "txt", "yaml", "yml"];
    let whole = found.get(0).map_or("", |whole| whole.as_str());
    let end = found.get(1).map_or("", |end| end.as_str());
    !FILES.contains(&end) && !known.contains(whole)
}

/// Small numbers are free; others stand in the facts or on the short list.
fn is_known(number: &str, known: &str) -> bool {
    let digits = number.replace(',', "");
    let small = digits.parse::<u64>().is_ok_and(|value| value <= 10);
    small
        || FREE_NUMBERS.contains(&digits.as_str())
        || known.split(|c: char| !c.is_ascii_digit()).any(|standing| standing == digits)
        // A fact may write `10,000`, too.
        || known.split(|c: char| !c.is_ascii_digit() && c != ',').any(|standing| standing.replace(',', "") == digits)
}

/// Whether `service:Action` is a name that AWS has.
fn is_action(name: &str) -> bool {
    let Some((service, action)) = name.split_once(':') else { return false };
    let of_service =
        |line: &'static str| line.split_once(' ').filter(|(prefix, _)| *prefix == service).map(|(_, all)| all);
    ACTIONS.lines().find_map(of_service).is_some_and(|all| all.split(' ').any(|known| known == action))
}

fn is_copy(text: &str, language: Language) -> bool {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    starts.windows(COPY).step_by(4).any(|window| match window {
        [first, .., last] => text.get(*first..*last).is_some_and(|run| system(language).contains(run)),
        _ => false,
    })
}
