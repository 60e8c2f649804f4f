//! The page: every notification as its reader sees it, beside who is told and why, and what a model saw. One file without a
//! script, from which nothing is fetched.

use finding_advisor::explain::Explanation;
use finding_advisor::finding::Language;

use super::{Told, Walk, origin, struck};
use html::{escaped, fold, literal};

mod html;
mod jira;
mod markup;
mod messages;
mod slack;

const STYLE: &str = include_str!("page/style.css");

/// An id and a label.
type Named<'a> = (&'a str, &'a str);

/// What can be chosen at the top: name, legend, and the choices. The first is chosen.
const CHOICES: [(&str, &str, &[Named<'_>]); 3] = [
    ("language", "Language", &[("both", "both"), ("ja", "日本語"), ("en", "English")]),
    ("ground", "Ground", &[("system", "as my system"), ("light", "light"), ("dark", "dark")]),
    ("width", "Mail", &[("wide", "wide"), ("narrow", "as on a phone")]),
];

/// The whole page.
pub(super) fn page(walks: &[Walk]) -> String {
    let all = walks.iter().flat_map(|walk| &walk.told).flat_map(|told| &told.channels).map(|sent| sent.kind.as_str());
    let mut kinds: Vec<&str> = Vec::new();
    for kind in all {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    let mut channels = vec![("all", "all")];
    channels.extend(kinds.iter().map(|kind| (*kind, messages::title(kind))));
    let choices: String = CHOICES.iter().map(|(name, legend, of)| choice(name, legend, of)).collect();
    let only: String = kinds
        .iter()
        .map(|kind| format!("body:has(#channel-{kind}:checked) .channel:not(.is-{kind}) {{ display: none; }}\n"))
        .collect();
    let list: String = (1..)
        .zip(walks)
        .map(|(number, walk)| format!("<li><a href=\"#finding-{number}\">{}</a></li>\n", escaped(&name(walk))))
        .collect();
    let findings: String = (1..).zip(walks).map(|(number, walk)| section(number, walk)).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n<title>Finding Advisor: what each reader gets</title>\n\
         <style>\n{STYLE}{only}</style>\n</head>\n<body>\n<header>\n<h1>Finding Advisor: what each reader gets</h1>\n\
         <form>{}{choices}</form>\n<nav aria-label=\"Findings\"><ol>\n{list}</ol></nav>\n</header>\n<main>\n{findings}</main>\n\
         </body>\n</html>\n",
        choice("channel", "Channel", &channels)
    )
}

fn choice(name: &str, legend: &str, of: &[Named<'_>]) -> String {
    let one = |(index, (id, label)): (usize, &Named<'_>)| {
        let checked = if index == 0 { " checked" } else { "" };
        format!(
            "<label><input type=\"radio\" name=\"{name}\" id=\"{name}-{id}\"{checked}> {}</label>\n",
            escaped(label)
        )
    };
    format!("<fieldset><legend>{legend}</legend>\n{}</fieldset>\n", of.iter().enumerate().map(one).collect::<String>())
}

/// A finding in one line: the headline of its first reader, else what the product says.
fn name(walk: &Walk) -> String {
    match (walk.told.first(), walk.explained.first()) {
        (Some(told), _) => told.preview.notification.headline.text().to_owned(),
        (None, Some((_, explained))) => explained.title.text().to_owned(),
        (None, None) => walk.event.clone(),
    }
}

fn section(number: usize, walk: &Walk) -> String {
    let mut out = format!(
        "<section id=\"finding-{number}\" aria-labelledby=\"name-{number}\">\n<h2 id=\"name-{number}\" lang=\"{}\">{number}. {}</h2>\n\
         <p class=\"faint\">{}, finding key <code>{}</code></p>\n",
        walk.told.first().map_or("en", |told| told.language.code()),
        escaped(&name(walk)),
        escaped(&walk.event),
        escaped(walk.finding.key.text()),
    );
    out += "<h3>Who is told, and why</h3>\n<div class=\"pair\">\n";
    for (language, explained) in &walk.explained {
        out += &column(*language, &trail(explained));
    }
    out += "</div>\n";
    let kinds = walk.told.first().map_or(&[][..], |told| &told.channels);
    for kind in kinds.iter().map(|sent| sent.kind.as_str()) {
        out += &format!("<div class=\"channel is-{kind}\"><h3>{}</h3>\n<div class=\"pair\">\n", messages::title(kind));
        for told in &walk.told {
            let sent = told.channels.iter().filter(|sent| sent.kind == kind);
            let shown: String = sent.map(|sent| messages::shown(sent, told.language)).collect();
            out += &column(told.language, &shown);
        }
        out += "</div></div>\n";
    }
    out += "<h3>Where the advice comes from</h3>\n<div class=\"pair\">\n";
    for told in &walk.told {
        out += &column(told.language, &advice(told));
    }
    out + "</div>\n" + &fold("The event as it came", &walk.body) + "</section>\n"
}

fn column(language: Language, inside: &str) -> String {
    let code = language.code();
    format!("<div class=\"column in-{code}\" lang=\"{code}\">\n{inside}</div>\n")
}

/// One row for each route.
fn trail(explained: &Explanation) -> String {
    let row = |route: &finding_advisor::explain::RouteExplanation| {
        format!(
            "<tr><th scope=\"row\">{}</th><td>{}</td><td><code>{}</code></td><td>{}</td></tr>\n",
            escaped(&route.route),
            if route.told { "told" } else { "held" },
            escaped(route.reason),
            escaped(&route.why),
        )
    };
    let rows: String = explained.routes.iter().map(row).collect();
    format!(
        "<div class=\"card\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Route</th><th scope=\"col\">Fate</th>\
         <th scope=\"col\">Reason</th><th scope=\"col\">In words</th></tr></thead><tbody>\n{rows}</tbody></table></div>\n"
    )
}

/// Who wrote it, what the check took out, and what a model is asked.
fn advice(told: &Told) -> String {
    let preview = &told.preview;
    let (source, reason) = origin(preview);
    let mut out =
        format!("<div class=\"card\"><div class=\"body\"><p><strong>{source}</strong>: {}</p>", escaped(&reason));
    for line in struck(preview) {
        out += &format!("<p>The check struck <code>{}</code></p>", escaped(&line));
    }
    out += "</div></div>\n";
    let facts: String = (1..).zip(&preview.facts.list).map(|(number, fact)| format!("f{number} {fact}\n")).collect();
    out +=
        &format!("<details open><summary>The facts, as a model may read them</summary>{}</details>\n", literal(&facts));
    let names = preview.facts.identities.iter();
    let names: String = names.map(|(name, identity)| format!("{name} {}\n", identity.value.text())).collect();
    out += &fold("What the pseudonyms stand for, which no model sees", &names);
    out += &fold("What a model is asked", &preview.prompt.user);
    out + &fold("The rules that it is given", preview.prompt.system)
}
