//! The words of a notification, Japanese and English: one struct, so that a missing translation does not compile.
//!
//! Japanese follows AWS's own glossary (検出結果, 重要度, 抑制 …): sentences in です・ます, labels and values in noun form, a
//! half-width space around English words.

use std::borrow::Cow;

use jiff::tz::TimeZone;

use super::clock::Clock;
use crate::advice::{NoAnswer, Phase, StepKind, Urgency};
use crate::finding::{Language, Severity, State};

/// Every word that a notification says by itself, in one language.
#[derive(Clone, Debug)]
pub struct Words {
    /// Which language this is.
    pub language: Language,
    /// What stands between two sentences.
    pub between: &'static str,
    /// A severity; `None` where none could be read.
    pub severity: fn(Option<Severity>) -> &'static str,
    /// The first word of a close, in a severity's place.
    pub closed_mark: fn(State) -> &'static str,
    /// How it was closed, and what that leaves to do.
    pub closed: fn(State) -> &'static str,
    /// The mark of a sample finding.
    pub sample_mark: &'static str,

    /// Notice: asked for by this custom action; its name may be empty.
    pub asked: fn(&str) -> String,
    /// Notice: the severity rose.
    pub worse: &'static str,
    /// Notice: closed once, and open again.
    pub reopened: &'static str,
    /// Notice: a resource or an actor came to it.
    pub new_party: &'static str,
    /// Notice: the activity was seen ten times as often.
    pub many_more: &'static str,
    /// Notice: serious, never told, and suppressed already.
    pub suppressed: &'static str,
    /// Many findings told together: when their minute began, and how many they are.
    pub together: fn(&str, usize) -> String,
    /// Why they are told together.
    pub together_why: &'static str,
    /// Heading: the worst of them.
    pub together_title: &'static str,
    /// The note below them.
    pub together_note: &'static str,
    /// Notice: this route refuses for good, with this code, so it is told over the default route.
    pub rerouted: fn(&str, &str) -> String,
    /// Notice: still open.
    pub still: &'static str,
    /// Notice: a sample finding.
    pub sample: &'static str,
    /// Notice: no severity could be read.
    pub no_severity: &'static str,
    /// Notice: the body is no JSON object.
    pub unread_body: &'static str,
    /// Notice: nobody knows this kind of event.
    pub unread_unknown: &'static str,
    /// Notice: these fields could not be read.
    pub unread_fields: fn(&str) -> String,
    /// Notice: made from the envelope after an error of ours.
    pub unread_panic: &'static str,

    /// Heading: what happened and what it can lead to.
    pub summary: &'static str,
    /// Heading: how soon, and why.
    pub urgency_title: &'static str,
    /// How soon.
    pub urgency: fn(Urgency) -> &'static str,
    /// From this urgency to that one when this is the case.
    pub escalation: fn(Urgency, Urgency, &str) -> String,
    /// Heading: people.
    pub people: &'static str,
    /// Label: the people to ask first.
    pub ask_first: &'static str,
    /// What stands before a message that is ready to be sent.
    pub ready_message: &'static str,
    /// Heading: the proposal.
    pub steps: &'static str,
    /// In which account commands are run.
    pub run_in: fn(&str) -> String,
    /// A step's tag.
    pub tag: fn(Phase, StepKind) -> String,
    /// The tag of a step that is no template.
    pub tag_other: &'static str,
    /// What to know of a step that is no template.
    pub other: &'static str,
    /// Label: why here, or what to look for here.
    pub here: &'static str,
    /// Label: the facts that a step rests on, where nothing is said of them.
    pub rests_on: &'static str,
    /// Label: where in the console.
    pub place: &'static str,
    /// Label of a command.
    pub command: fn(StepKind) -> &'static str,
    /// Label: how to read an output.
    pub read: &'static str,
    /// Label: what a step breaks.
    pub risk: &'static str,
    /// Label: how to undo it.
    pub undo: &'static str,
    /// Heading: innocent explanations.
    pub benign: &'static str,
    /// An innocent explanation and how to tell.
    pub tell: fn(&str, &str) -> String,
    /// Heading: what nobody knows.
    pub unknowns: &'static str,

    /// The note below a model's advice.
    pub note_model: fn(&str) -> String,
    /// The sentence that follows where the answer was given for another finding.
    pub note_remembered: &'static str,
    /// The sentence that follows where the cheaper model was asked.
    pub note_cheaper: &'static str,
    /// The sentence that follows where parts of the answer were struck.
    pub note_struck: &'static str,
    /// The note below the playbook's advice.
    pub note_playbook: fn(NoAnswer) -> String,
    /// The note of a close.
    pub note_closed: &'static str,

    /// Fact label.
    pub account: &'static str,
    /// Fact label.
    pub region: &'static str,
    /// Fact label.
    pub product: &'static str,
    /// Fact label.
    pub severity_label: &'static str,
    /// Fact label.
    pub title: &'static str,
    /// Fact value: no severity could be read.
    pub unrated: &'static str,
    /// Fact label of a title that its product wrote in English.
    pub title_english: &'static str,
    /// Fact label.
    pub description: &'static str,
    /// Fact label.
    pub kind: &'static str,
    /// Fact label.
    pub resource: &'static str,
    /// So many more.
    pub more: fn(usize) -> String,
    /// Fact label.
    pub count: &'static str,
    /// Fact label.
    pub first_seen: &'static str,
    /// Fact label.
    pub last_seen: &'static str,
    /// Fact label.
    pub state_label: &'static str,
    /// A state.
    pub state: fn(State) -> &'static str,
    /// Fact label: who wrote the note on the finding.
    pub note_by: &'static str,
    /// Fact label.
    pub finding_id: &'static str,
    /// Fact label: AWS's own page on what to do.
    pub remediation: &'static str,
    /// Fact label: the account whose event bus it came over.
    pub event_account: &'static str,
    /// What to think of another account there.
    pub event_account_differs: fn(&str) -> String,
    /// The clock that its readers live by, unless a route says otherwise.
    pub clock: Clock,

    /// Heading: the finding's facts.
    pub facts: &'static str,
    /// Heading: the numbered facts.
    pub grounds: &'static str,
    /// Heading: the console link.
    pub link: &'static str,
    /// Heading: the original message.
    pub original: &'static str,
    /// What stands above the original message.
    pub original_below: &'static str,
    /// What stands above a cut message: bytes shown, bytes in all.
    pub original_cut: fn(usize, usize) -> String,
    /// The way to the rest: the link.
    pub rest_by_link: &'static str,
    /// The way to the rest: the finding's id.
    pub rest_by_id: &'static str,
    /// The way to the rest, where nothing could be read.
    pub rest_by_sender: &'static str,

    /// What stands at the end of a notification that was shortened, before the way to the rest.
    pub shortened: &'static str,
    /// What stands below the first message of a thread.
    pub in_thread: &'static str,
    /// Notice: an earlier send may have arrived.
    pub maybe_repeat: &'static str,

    /// How plain text marks a heading, so that no value can imitate one in the middle of a line.
    pub heading: fn(&str) -> String,
    /// What plain text puts before a notice, a fact and an item.
    pub marks: [&'static str; 3],
    /// Where plain text breaks lines; Japanese has no spaces to break them at, and mail programs do it better.
    pub columns: Option<usize>,
}

impl Words {
    /// The words of a language.
    #[must_use]
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Ja => &JA,
            Language::En => &EN,
        }
    }

    /// The words for readers who live by the clock of a zone of the IANA database (`Europe/Berlin`); without one, or where the
    /// database does not know it, by their language's.
    #[must_use]
    pub fn on_clock_of(language: Language, time_zone: Option<&str>) -> Cow<'static, Self> {
        match time_zone.and_then(|name| TimeZone::get(name).ok()) {
            Some(zone) => Cow::Owned(Self { clock: Clock::Zone(zone), ..Self::of(language).clone() }),
            None => Cow::Borrowed(Self::of(language)),
        }
    }
}

static JA: Words = Words {
    language: Language::Ja,
    between: "",
    severity: |severity| match severity {
        Some(Severity::Critical) => "重大",
        Some(Severity::High) => "高",
        Some(Severity::Medium) => "中",
        Some(Severity::Low) => "低",
        Some(Severity::Informational) => "情報",
        None => "重要度不明",
    },
    closed_mark: |state| match state {
        State::Open | State::Closed | State::Unknown => "終了",
        State::Archived => "アーカイブ済み",
        State::Resolved | State::Passed => "解決済み",
        State::Suppressed => "抑制済み",
        State::Deleted => "削除済み",
    },
    closed: |state| match state {
        State::Open | State::Unknown => "この検出結果は終了しました。",
        State::Closed => {
            "この検出結果は、検出元のサービスによってクローズされました。原因の解消か、対象の削除によるものです。"
        }
        State::Deleted => "この検出結果は、対象がなくなったため、検出元のサービスで削除されました。",
        State::Archived => {
            "この検出結果はアーカイブされました。原因がなくなったとは限りません。心当たりがなければ、アーカイブされた理由を確認してください。"
        }
        State::Resolved => "この検出結果のワークフローステータスは、RESOLVED (解決済み) になりました。",
        State::Suppressed => {
            "この検出結果のワークフローステータスは、SUPPRESSED (抑制済み) になりました。原因がなくなったとは限りません。心当たりがなければ、誰がなぜ抑制したかを確認してください。"
        }
        State::Passed => "再評価の結果、合格になりました。対応は不要です。",
    },
    sample_mark: "サンプル",

    asked: |name| {
        if name.is_empty() {
            "カスタムアクションで依頼された通知です。".into()
        } else {
            format!("カスタムアクション「{name}」で依頼された通知です。")
        }
    },
    together: |start, count| format!("{start} からの 1 分間の検出結果 {count} 件をまとめてお知らせします"),
    together_why: "1 分間の通知が多いため、上限を超えた分を 1 通にまとめました。重要度が重大の検出結果は、まとめずに 1 件ずつ通知しています。",
    together_title: "重要度の高い検出結果",
    together_note: "件数の多い通知のため、助言は付いていません。1 件ずつの内容は、コンソールで確認してください。",
    rerouted: |route, code| {
        format!(
            "ルート {route} には送れなかったため ({code})、既定のルートでお知らせします。ルートの設定か権限を確認してください。"
        )
    },
    worse: "前回の通知より、重要度が上がりました。",
    reopened: "一度終了した検出結果が、再びアクティブになりました。",
    new_party: "前回の通知にはなかったリソース、または操作の主体が加わりました。",
    many_more: "検出回数が、前回の通知の 10 倍以上になりました。",
    suppressed: "この検出結果は、通知される前に抑制 (SUPPRESSED) されています。原因がなくなったとは限りません。心当たりがなければ、誰がなぜ抑制したかを確認してください。",
    still: "前回の通知から日がたちましたが、この検出結果はまだアクティブです。",
    sample: "検出結果のサンプルです。実際に起きたことではありません。",
    no_severity: "重要度を読み取れなかったため、重要度にかかわらず通知しています。",
    unread_body: "届いたメッセージを JSON として読み取れませんでした。元のメッセージを確認してください。",
    unread_unknown: "対応していない種類のイベントのため、内容を読み取れませんでした。元のメッセージを確認してください。",
    unread_fields: |fields| format!("読み取れなかった項目があります: {fields}。元のメッセージも確認してください。"),
    unread_panic: "イベントの処理中に内部エラーが起きたため、基本の項目 (アカウント、リージョンなど) だけから作成した通知です。内容は元のメッセージで確認してください。",

    summary: "要点",
    urgency_title: "緊急度",
    urgency: |urgency| match urgency {
        Urgency::Now => "直ちに",
        Urgency::Today => "本日中",
        Urgency::ThisWeek => "今週中",
        Urgency::Planned => "計画的に",
    },
    escalation: |from, to, condition| match (from, to) {
        (Urgency::Now, Urgency::Now) => format!("次のときは応援を呼び、調べる範囲を広げます: {condition}"),
        (_, to) => format!("次のときは「{}」に引き上げます: {condition}", (JA.urgency)(to)),
    },
    people: "確認する相手",
    ask_first: "まず聞く相手",
    ready_message: "伝える文 (このまま送れます):",
    steps: "対応",
    run_in: |account| format!("コマンドは、アカウント {account} の CloudShell などで実行します。"),
    tag: |phase, kind| {
        let phase = match phase {
            Phase::Verify => "確認",
            Phase::Contain => "封じ込め",
            Phase::Eradicate => "根絶",
            Phase::Prevent => "再発防止",
        };
        match kind {
            StepKind::Look => format!("[{phase}]"),
            StepKind::Save => format!("[{phase}・証拠の保全]"),
            StepKind::Act => format!("[{phase}・変更]"),
            StepKind::Ask => format!("[{phase}・連絡]"),
        }
    },
    tag_other: "[定型外]",
    other: "この手順は AI が書いた文で、確認済みの定型ではありません。",
    here: "ここでは",
    rests_on: "根拠",
    place: "場所",
    command: |kind| match kind {
        StepKind::Look | StepKind::Ask => "見るだけ",
        StepKind::Save => "保存",
        StepKind::Act => "変更の実行",
    },
    read: "読み方",
    risk: "注意",
    undo: "戻すには",
    benign: "正常な原因と見分け方",
    tell: |explanation, check| format!("{explanation} → {check}"),
    unknowns: "分からないこと",

    note_model: |model| {
        format!(
            "この助言は AI ({model}) が作成しました。コマンド、場所、読み方は確認済みの定型です。手順の選択と説明は AI によるもので、誤りを含むことがあります。実行するかどうかは、内容を確かめたうえで判断してください。"
        )
    },
    note_remembered: "同じ内容の検出結果への回答を、この検出結果の事実で検査し直して使っています。",
    note_cheaper: "AI の 1 日の利用枠が残り少ないため、より安価なモデルを使っています。",
    note_struck: "AI の回答のうち、事実で裏付けられない部分は除くか直してあります。",
    note_playbook: |why| {
        let why = match why {
            NoAnswer::Deadline => "AI の回答が時間内に届かなかったため",
            NoAnswer::Throttled => "Amazon Bedrock の利用が上限に達したため",
            NoAnswer::Denied => {
                "Amazon Bedrock のモデルを利用できなかったため (管理者は権限とモデルの設定を確認してください)"
            }
            NoAnswer::Refused => "Amazon Bedrock がリクエストを受け付けなかったため",
            NoAnswer::Stopped => "AI が回答を途中で終えたため",
            NoAnswer::Intervened => "ガードレール (Amazon Bedrock Guardrails) が回答を止めたため",
            NoAnswer::Failed => "Amazon Bedrock との通信に失敗したため",
            NoAnswer::Rejected => "AI の回答が検査に合格しなかったため",
            NoAnswer::Budget => "AI の 1 日の利用枠を使い切ったため",
            NoAnswer::Pending => "同じ内容の問い合わせの回答が時間内に得られなかったため",
            NoAnswer::AskedBefore => "数分前に同じ内容を問い合わせ、使える回答が得られなかったため",
            NoAnswer::Unassessed => {
                "ガードレール (Amazon Bedrock Guardrails) で回答を確認できなかったため (管理者は権限とガードレールの設定を確認してください)"
            }
            NoAnswer::NotAsked => "イベントを十分に読み取れず、AI に問い合わせなかったため",
            NoAnswer::Preview => "これはプレビューで、AI に問い合わせていないため",
        };
        format!(
            "{why}、AI の助言の代わりに、あらかじめ用意した手順を載せています。実行するかどうかは、内容を確かめたうえで判断してください。"
        )
    },
    note_closed: "状態の変化をお知らせする通知です。助言は付いていません。",

    account: "対象アカウント",
    region: "リージョン",
    product: "検出元",
    severity_label: "重要度",
    title: "タイトル",
    unrated: "不明",
    title_english: "タイトル (英語の原文)",
    description: "説明",
    kind: "検出タイプ",
    resource: "影響を受けるリソース",
    more: |rest| format!("ほか {rest} 件"),
    count: "検出回数",
    first_seen: "初回検出",
    last_seen: "最終検出",
    state_label: "状態",
    state: |state| match state {
        State::Open => "アクティブ",
        State::Archived => "アーカイブ済み",
        State::Resolved => "解決済み",
        State::Suppressed => "抑制済み",
        State::Passed => "合格",
        State::Closed => "クローズ",
        State::Deleted => "削除済み",
        State::Unknown => "評価できない",
    },
    note_by: "メモの記入者 (検出結果の記載による)",
    finding_id: "検出結果 ID",
    remediation: "AWS の修復手順",
    event_account: "イベントの送信元アカウント",
    event_account_differs: |account| format!("{account} (検出結果を集約していると、対象アカウントとは異なります)"),
    clock: Clock::Fixed { hours: 9, name: "JST" },

    facts: "検出結果の内容",
    grounds: "根拠にした事実",
    link: "コンソールで開く",
    original: "元のメッセージ",
    original_below: "線より下は、届いたメッセージの内容です。",
    original_cut: |shown, all| format!("長いため、全 {all} バイトのうち先頭の {shown} バイトだけを載せています。"),
    rest_by_link: "検出結果の全体は、上のコンソールのリンクから確認してください。",
    rest_by_id: "検出結果の全体は、検出元のサービスで上の検出結果 ID を検索して確認してください。",
    rest_by_sender: "全文は、送信元で確認してください。",

    shortened: "長いため、一部を省いています。",
    in_thread: "対応の手順と検出結果の内容は、このメッセージのスレッドにあります。",
    maybe_repeat: "前回の送信の結果を確認できなかったため、同じ内容をもう一度送っている可能性があります。",

    heading: |title| format!("【{title}】"),
    marks: ["！", "■ ", "・"],
    columns: None,
};

static EN: Words = Words {
    language: Language::En,
    between: " ",
    severity: |severity| severity.map_or("UNKNOWN SEVERITY", Severity::label),
    closed_mark: |state| match state {
        State::Open | State::Closed | State::Unknown => "CLOSED",
        State::Archived => "ARCHIVED",
        State::Resolved | State::Passed => "RESOLVED",
        State::Suppressed => "SUPPRESSED",
        State::Deleted => "DELETED",
    },
    closed: |state| match state {
        State::Open | State::Unknown => "This finding was closed.",
        State::Closed => "The product closed this finding: its cause was mended, or what it is about is gone.",
        State::Deleted => "The product deleted this finding, since what it is about is gone.",
        State::Archived => {
            "This finding was archived. That does not mean that its cause is gone: if you do not know why it was archived, find out."
        }
        State::Resolved => "The workflow status of this finding is now RESOLVED.",
        State::Suppressed => {
            "The workflow status of this finding is now SUPPRESSED. That does not mean that its cause is gone: if you do not know of it, find out who suppressed it and why."
        }
        State::Passed => "This was evaluated again and passes now. There is nothing to do.",
    },
    sample_mark: "SAMPLE",

    asked: |name| {
        if name.is_empty() {
            "Somebody asked for this notification with a custom action.".into()
        } else {
            format!("Somebody asked for this notification with the custom action \"{name}\".")
        }
    },
    together: |start, count| format!("{count} findings of the minute from {start}, told together"),
    together_why: "There were so many notifications in one minute that those above the limit are told in one. Critical findings are never among them: each is told by itself.",
    together_title: "The most severe findings",
    together_note: "So many findings at once come without advice. See each of them in the console.",
    rerouted: |route, code| {
        format!(
            "The route {route} refuses notifications ({code}), so this comes over the default route. Check the route's settings and permissions."
        )
    },
    worse: "The severity has risen since the last notification.",
    reopened: "This finding was closed once and is active again.",
    new_party: "A resource or an actor is in it that the last notification did not have.",
    many_more: "It has been seen ten times as often as at the last notification, or more.",
    suppressed: "Somebody suppressed this finding before anybody was told of it. That does not mean that its cause is gone: if you do not know of it, find out who suppressed it and why.",
    still: "The last notification is some time ago, and this finding is still active.",
    sample: "This is a sample finding. Nothing of this happened.",
    no_severity: "No severity could be read, so this is sent whatever the minimum severity is.",
    unread_body: "The message that arrived could not be read as JSON. See the original message.",
    unread_unknown: "This event is of a kind that this service does not know. See the original message for what it says.",
    unread_fields: |fields| format!("Some fields could not be read: {fields}. See the original message, too."),
    unread_panic: "An error inside this service left only the outermost fields of the event to write this from. See the original message for what it says.",

    summary: "Summary",
    urgency_title: "Urgency",
    urgency: |urgency| match urgency {
        Urgency::Now => "Now",
        Urgency::Today => "Today",
        Urgency::ThisWeek => "This week",
        Urgency::Planned => "With planned work",
    },
    escalation: |from, to, condition| match (from, to) {
        (Urgency::Now, Urgency::Now) => format!("Call for help and look further when: {condition}"),
        (_, to) => format!("Raise it to \"{}\" when: {condition}", (EN.urgency)(to)),
    },
    people: "Whom to ask",
    ask_first: "Ask first",
    ready_message: "A message that you can send as it is:",
    steps: "What to do",
    run_in: |account| format!("Run the commands in account {account}, in CloudShell for example."),
    tag: |phase, kind| {
        let phase = match phase {
            Phase::Verify => "Verify",
            Phase::Contain => "Contain",
            Phase::Eradicate => "Eradicate",
            Phase::Prevent => "Prevent",
        };
        match kind {
            StepKind::Look => format!("[{phase}]"),
            StepKind::Save => format!("[{phase}, evidence]"),
            StepKind::Act => format!("[{phase}, change]"),
            StepKind::Ask => format!("[{phase}, people]"),
        }
    },
    tag_other: "[Not a template]",
    other: "An AI wrote this step; it is no reviewed template.",
    here: "Here",
    rests_on: "Rests on",
    place: "Where",
    command: |kind| match kind {
        StepKind::Look | StepKind::Ask => "Reads only",
        StepKind::Save => "Saves",
        StepKind::Act => "Changes",
    },
    read: "How to read it",
    risk: "Caution",
    undo: "To undo",
    benign: "Innocent causes and how to tell",
    tell: |explanation, check| format!("{}: {check}", explanation.trim_end_matches('.')),
    unknowns: "Not known",

    note_model: |model| {
        format!(
            "An AI ({model}) wrote this advice. Its commands, places and reading hints are reviewed templates; the choice of steps and the explanations are generated and can be wrong. Check them first: whether to act is your decision."
        )
    },
    note_remembered: "It was given for another finding with the same facts, and checked again with the facts of this one.",
    note_cheaper: "A cheaper model was used, since little of the day's budget for AI was left.",
    note_struck: "Parts of its answer that the facts do not support were left out or mended.",
    note_playbook: |why| {
        let why = match why {
            NoAnswer::Deadline => "its answer did not come in time",
            NoAnswer::Throttled => "the use of Amazon Bedrock was at its limit",
            NoAnswer::Denied => {
                "no Amazon Bedrock model could be used, so its administrator should check permissions and the configured model"
            }
            NoAnswer::Refused => "Amazon Bedrock did not accept the request",
            NoAnswer::Stopped => "it ended its answer too soon",
            NoAnswer::Intervened => "the guardrail of Amazon Bedrock stepped in",
            NoAnswer::Failed => "Amazon Bedrock could not be reached or failed",
            NoAnswer::Rejected => "its answer did not pass the checks",
            NoAnswer::Pending => {
                "the answer that was awaited for another finding with the same facts did not come in time"
            }
            NoAnswer::AskedBefore => "the same was asked a few minutes ago, and brought no answer that could be used",
            NoAnswer::Unassessed => {
                "the guardrail of Amazon Bedrock could not look at its answer, so its administrator should check permissions and the configured guardrail"
            }
            NoAnswer::Budget => "the day's budget for AI is used up",
            NoAnswer::NotAsked => "the event could not be read well enough to ask one",
            NoAnswer::Preview => "this is a preview, and none was asked",
        };
        format!(
            "This is a procedure prepared beforehand and no AI's advice: {why}. Check it first: whether to act is your decision."
        )
    },
    note_closed: "This only tells of a change of state and holds no advice.",

    account: "Account",
    region: "Region",
    product: "Product",
    severity_label: "Severity",
    title: "Title",
    unrated: "Unknown",
    title_english: "Title",
    description: "Description",
    kind: "Finding type",
    resource: "Affected resource",
    more: |rest| format!("and {rest} more"),
    count: "Count",
    first_seen: "First seen",
    last_seen: "Last seen",
    state_label: "State",
    state: |state| match state {
        State::Open => "Active",
        State::Archived => "Archived",
        State::Resolved => "Resolved",
        State::Suppressed => "Suppressed",
        State::Passed => "Passed",
        State::Closed => "Closed",
        State::Deleted => "Deleted",
        State::Unknown => "Could not be evaluated",
    },
    note_by: "Note written by (as the finding says)",
    finding_id: "Finding ID",
    remediation: "Remediation by AWS",
    event_account: "Account that sent the event",
    event_account_differs: |account| format!("{account} (another one than above where findings are aggregated)"),
    clock: Clock::Fixed { hours: 0, name: "UTC" },

    facts: "The finding",
    grounds: "Facts that this rests on",
    link: "Open in the console",
    original: "Original message",
    original_below: "Below the line stands the message as it arrived.",
    original_cut: |shown, all| format!("It is long: these are the first {shown} of {all} bytes."),
    rest_by_link: "See the whole finding by the console link above.",
    rest_by_id: "See the whole finding in the product that reported it, by the finding ID above.",
    rest_by_sender: "See the whole of it where it was sent from.",

    shortened: "Parts were left out, since it is long.",
    in_thread: "What to do, and what the finding says, is in the thread of this message.",
    maybe_repeat: "Nobody could tell whether the last send arrived, so this may be a repeat.",

    heading: str::to_uppercase,
    marks: ["! ", "* ", "- "],
    columns: Some(78),
};

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [State; 8] = [
        State::Open,
        State::Archived,
        State::Resolved,
        State::Suppressed,
        State::Passed,
        State::Closed,
        State::Deleted,
        State::Unknown,
    ];

    #[test]
    fn severities_keep_the_words_of_aws() {
        let ja = ["重大", "高", "中", "低", "情報"];
        let severities = [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Informational];
        for (severity, word) in severities.into_iter().zip(ja) {
            assert_eq!((JA.severity)(Some(severity)), word);
            assert_eq!((EN.severity)(Some(severity)), severity.label());
        }
    }

    #[test]
    fn only_a_passed_control_needs_nothing_done() {
        for state in STATES {
            assert_eq!((JA.closed)(state).contains("対応は不要"), state == State::Passed);
            assert_eq!((EN.closed)(state).contains("nothing to do"), state == State::Passed);
        }
    }

    #[test]
    fn each_missing_answer_has_its_own_reason_in_both_languages() {
        for words in [&JA, &EN] {
            let notes: std::collections::HashSet<String> = [
                NoAnswer::Deadline,
                NoAnswer::Throttled,
                NoAnswer::Denied,
                NoAnswer::Refused,
                NoAnswer::Stopped,
                NoAnswer::Intervened,
                NoAnswer::Failed,
                NoAnswer::Rejected,
                NoAnswer::Budget,
                NoAnswer::Pending,
                NoAnswer::AskedBefore,
                NoAnswer::Unassessed,
                NoAnswer::NotAsked,
                NoAnswer::Preview,
            ]
            .map(words.note_playbook)
            .into();
            assert_eq!(notes.len(), 14);
        }
    }
}
