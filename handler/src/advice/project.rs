//! The projection: from a finding to numbered facts in our own words. What a model may read is on an allow-list; identities
//! become pseudonyms, and no sentence of the event is passed on, since an attacker may have written it.

use jiff::Timestamp;
use jiff::tz::Offset;

use super::playbook::{self, Class};
use super::prompt::MOST_FACTS;
use super::pseudonym::alias;
use super::{Facts, Identities, Place, Urgency, catalogue};
use crate::finding::{Finding, Language, Source};
use crate::plain::Plain;

/// One sentence in the reader's language, Japanese and English side by side.
macro_rules! say {
    ($language:expr, $ja:literal, $en:literal $(, $argument:expr)* $(,)?) => {
        match $language {
            $crate::finding::Language::Ja => format!($ja $(, $argument)*),
            $crate::finding::Language::En => format!($en $(, $argument)*),
        }
    };
}

mod asff;
mod guardduty;
mod safe;
mod tripwire;

/// The facts of a finding, in the reader's language. `now` is the time of the notification: ages are counted from it.
#[must_use]
pub fn project(finding: &Finding, language: Language, now: Timestamp) -> Facts {
    let mut sheet = Sheet::new(finding, language, now);
    sheet.account();
    match finding.source {
        Source::GuardDuty => guardduty::facts(&mut sheet),
        Source::Asff => asff::facts(&mut sheet),
        Source::Envelope => sheet.envelope(),
    }
    sheet.finish()
}

/// The facts while they are being gathered.
struct Sheet<'a> {
    finding: &'a Finding,
    language: Language,
    now: Timestamp,
    list: Vec<String>,
    identities: Identities,
    hidden: Vec<String>,
    headline: Option<String>,
}

impl<'a> Sheet<'a> {
    fn new(finding: &'a Finding, language: Language, now: Timestamp) -> Self {
        let hidden = vec![
            say!(language, "正確な日時", "exact dates and times"),
            say!(language, "検出結果の件名と説明文", "the finding's title and description"),
            say!(language, "元のイベントの全文", "the whole original event"),
        ];
        Self { finding, language, now, list: Vec::new(), identities: Identities::default(), hidden, headline: None }
    }

    fn add(&mut self, fact: String) {
        self.list.push(fact);
    }

    /// Gives a value its pseudonym.
    fn name(&mut self, letter: char, kind: &'static str, value: &str) -> String {
        let value = Plain::new(value);
        let short = alias(kind, value.text());
        self.identities.name(letter, kind, &value, short)
    }

    /// A named thing, and the words in its name that say what it is for. Words are facts for threats only: a posture
    /// class would remember answers for many buckets, and their names say nothing about the setting.
    fn named(&mut self, what: String, name: &str, value: &str) {
        let words = safe::words(value);
        let is = say!(self.language, "{what}は {name}", "{what} is {name}");
        self.add(if words.is_empty() {
            is
        } else {
            let words = words.join(", ");
            say!(self.language, "{is} (名前に含まれる語: {words})", "{is} (words in its name: {words})")
        });
    }

    fn account(&mut self) {
        let account = self.finding.account.text();
        if safe::is_account(account) {
            self.name('A', "account", account);
        } else {
            self.name('R', "event", "event");
        }
    }

    fn severity(&mut self) {
        let label = self.finding.severity.map_or("UNKNOWN", crate::finding::Severity::label);
        let product = safe::product(self.finding.product.text());
        self.add(say!(
            self.language,
            "重要度 {label} ({product} の値。緊急度とは別に決まる)",
            "Severity {label} (as {product} gives it; urgency is decided apart from it)"
        ));
    }

    /// How often and when it was seen.
    fn times(&mut self) {
        let language = self.language;
        let (first, last) = (self.finding.first_seen, self.finding.last_seen);
        let mut parts = Vec::new();
        if let Some(count) = self.finding.count {
            parts.push(say!(language, "観測は {count} 回", "seen {count} times"));
        }
        if let Some(first) = first {
            let ago = self.ago(first);
            parts.push(say!(language, "最初は{ago}", "first {ago}"));
        }
        if let Some(last) = last.filter(|last| Some(*last) != first) {
            let (ago, night) = (self.ago(last), self.night(last));
            parts.push(say!(language, "最後は{ago} ({night})", "last {ago} ({night})"));
        } else if let Some(first) = first {
            let night = self.night(first);
            parts.push(night);
        }
        if !parts.is_empty() {
            self.add(match language {
                Language::Ja => parts.join("、"),
                Language::En => parts.join(", "),
            });
        }
    }

    fn ago(&self, time: Timestamp) -> String {
        let minutes = self.now.duration_since(time).as_mins().max(0);
        let language = self.language;
        match minutes {
            0..=59 => say!(language, "この通知の約 {minutes} 分前", "about {minutes} minutes before this notification"),
            60..=2879 => {
                let hours = minutes / 60;
                say!(language, "この通知の約 {hours} 時間前", "about {hours} hours before this notification")
            }
            _ => {
                let days = minutes / 1440;
                say!(language, "この通知の {days} 日前", "{days} days before this notification")
            }
        }
    }

    /// Night where the reader is: Japanese readers are in Japan; for English ones only UTC is known.
    fn night(&self, time: Timestamp) -> String {
        let hour = zone(self.language).to_datetime_hour(time);
        match (self.language, (6..22).contains(&hour)) {
            (Language::Ja, true) => "日本の日中".into(),
            (Language::Ja, false) => "日本の夜間 (22 時から 6 時)".into(),
            (Language::En, true) => "06:00 to 22:00 UTC".into(),
            (Language::En, false) => "22:00 to 06:00 UTC".into(),
        }
    }

    /// Environment, purpose and owner, from tags that are known by name and have a known value. Returns whether the tags
    /// say production, when they say anything.
    fn tags(&mut self, what: &str, tags: &[(Plain, Plain)]) -> Option<bool> {
        let language = self.language;
        let mut production = None;
        for (key, value) in tags {
            let Some(tag) = safe::tag(key.text(), value.text()) else { continue };
            let label = tag.label(language);
            let known = tag
                .value(language)
                .map(str::to_owned)
                .unwrap_or_else(|| say!(language, "その他の値 (読者には見える)", "another value (the reader sees it)"));
            self.add(say!(language, "{what} のタグ {label}: {known}", "Tag {label} of {what}: {known}"));
            production = production.or(tag.is_production());
        }
        let owner = tags.iter().find(|(key, value)| safe::is_owner(key.text(), value.text()));
        match owner {
            Some((_, owner)) => {
                let name = self.name('O', "owner", owner.text());
                self.add(say!(
                    language,
                    "{what} の owner タグに担当 {name} がある",
                    "The owner tag of {what} names {name}"
                ));
            }
            None => self.add(say!(
                language,
                "{what} に owner タグはない (または届いていない)",
                "{what} has no owner tag (or none came with the finding)"
            )),
        }
        production
    }

    /// Where production stands, said once so that nobody has to guess.
    fn production(&mut self, tagged: Option<bool>) {
        let language = self.language;
        let name = self.finding.account_name.as_ref().map(Plain::text);
        let by_account = name.map(safe::names_production);
        self.add(match (tagged, by_account) {
            (Some(true), Some(true)) => say!(
                language,
                "本番かどうか: リソースのタグもアカウント名も本番を示す",
                "Production: the resource's tag and the account's name both say so"
            ),
            (Some(true), _) => say!(
                language,
                "本番かどうか: リソースのタグが本番。アカウントが本番かは分からない",
                "Production: the resource's tag says so; whether the account is production is not known"
            ),
            (Some(false), _) => {
                say!(
                    language,
                    "本番かどうか: リソースのタグは本番ではない",
                    "Production: the resource's tag says another environment"
                )
            }
            (None, Some(true)) => say!(
                language,
                "本番かどうか: タグは届いていない。アカウント名に本番を示す語がある",
                "Production: no tag came; a word in the account's name says production"
            ),
            (None, _) => {
                say!(language, "本番かどうか: 印が届いていない", "Production: nothing that came with the finding tells")
            }
        });
    }

    fn envelope(&mut self) {
        let language = self.language;
        let source = self.finding.product.text();
        let kind = self.finding.title.text();
        if safe::is_event_source(source) && safe::is_detail_type(kind) {
            self.add(say!(
                language,
                "イベントの送り主は {source}、種類は {kind}。この種類の読み方は決まっていない",
                "The event comes from {source} and is of the kind {kind}; how to read that kind is not known"
            ));
        } else {
            self.add(say!(
                language,
                "イベントの送り主か種類が読み取れない。中身は読者に見える",
                "Where the event comes from or what kind it is could not be read; the reader sees its content"
            ));
        }
        self.resources();
        self.times();
    }

    /// What is affected and was not named yet.
    fn resources(&mut self) {
        let language = self.language;
        for resource in self.finding.resources.iter().take(5) {
            let Some((letter, kind, value)) = safe::target(resource) else { continue };
            let fresh = !self.identities.iter().any(|(_, known)| known.kind == kind && known.value.text() == value);
            let name = self.name(letter, kind, &value);
            if fresh {
                let what = safe::kind_words(kind, language);
                self.named(say!(language, "対象の{what}", "The {what} affected"), &name, &value);
            }
        }
    }

    /// Adds what the class knows, and closes the sheet. A class whose first look has no target here says nothing that a
    /// reader can do, so the general one speaks.
    fn finish(mut self) -> Facts {
        let mut class = playbook::class_of(self.finding);
        if !self.can_start(class) {
            class = playbook::general();
        }
        let language = self.language;
        let band = class.band.iter().map(|urgency| urgency_word(*urgency, language)).collect::<Vec<_>>();
        let usual = urgency_word(class.default, language);
        let rule = class.rule.of(language);
        let mut knowledge = vec![match language {
            Language::Ja => format!("緊急度の幅 (この種類): {}。普段は{usual}。{rule}", band.join("、")),
            Language::En => format!("Band of urgency of this class: {}; usually {usual}. {rule}", band.join(", ")),
        }];
        knowledge.extend(class.know.iter().map(|line| {
            let line = line.of(language);
            say!(language, "対応の知識: {line}", "Known of this class: {line}")
        }));
        self.list.truncate(MOST_FACTS.saturating_sub(knowledge.len()));
        self.list.append(&mut knowledge);
        let finding = self.finding;
        let account = Some(finding.account.text()).filter(|account| safe::is_account(account));
        let region = Some(finding.region.text()).filter(|region| safe::is_region(region));
        Facts {
            language,
            class: &class.id,
            tripwire: tripwire::sentences(finding, language),
            headline: self.headline.unwrap_or_else(|| {
                say!(language, "セキュリティの検出結果があります", "a security finding was reported")
            }),
            last_seen: finding.last_seen.map_or_else(String::new, |time| short_time(time, language)),
            place: Place {
                account: account.unwrap_or_default().to_owned(),
                region: region.unwrap_or_default().to_owned(),
            },
            list: self.list,
            identities: self.identities,
            hidden: self.hidden,
        }
    }

    fn can_start(&self, class: &Class) -> bool {
        catalogue::entry(&class.first).is_some_and(|entry| {
            self.identities.iter().any(|(_, identity)| entry.on.iter().any(|on| on == identity.kind))
        })
    }
}

/// The urgency's word in facts.
fn urgency_word(urgency: Urgency, language: Language) -> &'static str {
    match (urgency, language) {
        (Urgency::Now, Language::Ja) => "直ちに (now)",
        (Urgency::Today, Language::Ja) => "本日中 (today)",
        (Urgency::ThisWeek, Language::Ja) => "今週中 (this_week)",
        (Urgency::Planned, Language::Ja) => "計画的に (planned)",
        (Urgency::Now, Language::En) => "now",
        (Urgency::Today, Language::En) => "today",
        (Urgency::ThisWeek, Language::En) => "this_week",
        (Urgency::Planned, Language::En) => "planned",
    }
}

/// The zone that a language's readers are taken to live in.
fn zone(language: Language) -> Zone {
    Zone(match language {
        Language::Ja => Offset::constant(9),
        Language::En => Offset::UTC,
    })
}

struct Zone(Offset);

impl Zone {
    fn to_datetime_hour(&self, time: Timestamp) -> i8 {
        self.0.to_datetime(time).hour()
    }
}

fn short_time(time: Timestamp, language: Language) -> String {
    let zoned = zone(language).0.to_datetime(time);
    let name = if language == Language::Ja { "JST" } else { "UTC" };
    let (month, day, hour, minute) = (zoned.month(), zoned.day(), zoned.hour(), zoned.minute());
    match language {
        Language::Ja => format!("{month}/{day} {hour:02}:{minute:02} ({name})"),
        Language::En => format!("{:04}-{month:02}-{day:02} {hour:02}:{minute:02} {name}", zoned.year()),
    }
}
