//! Pseudonyms: how an identity is named before a model sees it, and how it comes back in our own rendering.

use std::collections::HashSet;

use super::Identities;
use crate::plain::Plain;

/// Kinds whose values are long: written in full once, by their alias after that.
const LONG: [&str; 13] = [
    "key_temp",
    "key_long",
    "instance",
    "hash",
    "resource",
    "policy",
    "ecs_service",
    "ecs_task",
    "task_definition",
    "kms_key",
    "secret",
    "load_balancer",
    "stack",
];

/// Names that were written in full already.
#[derive(Debug, Default)]
pub struct Shown(HashSet<String>);

/// The pseudonyms in a text, in order, each as often as it stands there.
pub fn names_in(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).filter_map(|piece| if let Piece::Name(name) = piece { Some(name) } else { None })
}

/// The text without its pseudonyms, for rules that look at the words alone.
#[must_use]
pub fn without_names(text: &str) -> String {
    pieces(text).map(|piece| if let Piece::Words(words) = piece { words } else { " " }).collect()
}

/// Puts the names back. A pseudonym that stands for nothing stays as it is.
#[must_use]
pub fn restore(text: &str, identities: &Identities, shown: &mut Shown) -> Plain {
    let mut restored = String::with_capacity(text.len());
    for piece in pieces(text) {
        match piece {
            Piece::Words(words) => restored.push_str(words),
            Piece::Name(name) => match identities.get(name) {
                Some(identity) => {
                    let full = LONG.contains(&identity.kind) && shown.0.insert(name.to_owned());
                    restored.push_str(if full { identity.value.text() } else { identity.alias.text() });
                }
                None => restored.push_str(name),
            },
        }
    }
    Plain::new(restored)
}

/// A container image as its repository and the beginning of its digest; the whole ARN stands in commands.
fn image(arn: &str) -> Option<String> {
    let (repository, digest) = arn.split_once(":repository/")?.1.split_once("/sha256:")?;
    let digest: String = digest.chars().take(8).collect();
    Some(format!("{repository}@{digest}…"))
}

/// A short form of a long id: its first part, and a mark that something is missing.
#[must_use]
pub fn alias(kind: &str, value: &str) -> Plain {
    let keep = match kind {
        "key_temp" | "key_long" => 9,
        "instance" => 10,
        "hash" => 8,
        "task_definition" => return Plain::new(value.rsplit('/').next().unwrap_or(value)),
        "load_balancer" => return Plain::new(value.rsplit('/').nth(1).unwrap_or(value)),
        "image" => return Plain::new(image(value).unwrap_or_else(|| value.to_owned())),
        "resource" | "trail" | "policy" | "ecs_service" | "ecs_task" | "kms_key" | "secret" | "sns_topic" | "stack"
        | "certificate" => {
            let last = value.rsplit(['/', ':']).find(|part| !part.is_empty()).unwrap_or(value);
            return Plain::new(last);
        }
        _ => return Plain::new(value),
    };
    if value.chars().count() <= keep + 2 {
        return Plain::new(value);
    }
    Plain::new(value.chars().take(keep).chain(['…']).collect::<String>())
}

enum Piece<'a> {
    Words(&'a str),
    Name(&'a str),
}

/// Splits a text at its pseudonyms: a capital letter and one or two digits in square brackets.
fn pieces(text: &str) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut from = 0;
        while let Some(at) = rest.get(from..).and_then(|tail| tail.find('[')).map(|at| at + from) {
            if let Some(length) = name_length(rest.get(at..).unwrap_or_default()) {
                let end = if at == 0 { length } else { at };
                let (piece, tail) = rest.split_at(end);
                rest = tail;
                return Some(if at == 0 { Piece::Name(piece) } else { Piece::Words(piece) });
            }
            from = at + 1;
        }
        let words = rest;
        rest = "";
        Some(Piece::Words(words))
    })
}

fn name_length(text: &str) -> Option<usize> {
    let inside = text.strip_prefix('[')?;
    let end = inside.find(']').filter(|end| (2..=3).contains(end))?;
    let mut letters = inside.get(..end)?.chars();
    let fits = letters.next().is_some_and(|letter| letter.is_ascii_uppercase()) && letters.all(|c| c.is_ascii_digit());
    fits.then_some(end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_in_full_once_and_short_after() {
        let mut identities = Identities::default();
        let value = Plain::new("i-0123456789abcdef0");
        let name = identities.name('R', "instance", &value, alias("instance", value.text()));
        assert_eq!(name, "[R1]");
        let mut shown = Shown::default();
        let text = "[R1] と [R1] と [R9] と [x] と [";
        let restored = restore(text, &identities, &mut shown);
        assert_eq!(restored.text(), "i-0123456789abcdef0 と i-01234567… と [R9] と [x] と [");
    }

    #[test]
    fn the_short_form_of_an_arn_is_what_people_call_the_thing() {
        let arn = "arn:aws:ecs:eu-west-1:111122223333:task-definition/shop-web:12";
        assert_eq!(alias("task_definition", arn).text(), "shop-web:12");
        let arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/50dc6c495c0c9188";
        assert_eq!(alias("load_balancer", arn).text(), "shop");
        assert_eq!(alias("sns_topic", "arn:aws:sns:eu-west-1:111122223333:orders").text(), "orders");
    }

    #[test]
    fn an_image_is_named_by_its_repository_and_digest() {
        let arn = "arn:aws:ecr:eu-west-1:111122223333:repository/team/app/sha256:0123456789abcdef";
        assert_eq!(alias("image", arn).text(), "team/app@01234567…");
        assert_eq!(alias("image", "arn:aws:ecr:other").text(), "arn:aws:ecr:other");
    }

    #[test]
    fn the_same_value_has_one_name() {
        let mut identities = Identities::default();
        let ip = Plain::new("192.0.2.1");
        assert_eq!(identities.name('N', "ip", &ip, ip.clone()), "[N1]");
        assert_eq!(identities.name('N', "ip", &ip, ip.clone()), "[N1]");
        assert_eq!(identities.name('N', "ip", &Plain::new("192.0.2.2"), ip.clone()), "[N2]");
    }

    #[test]
    fn a_text_is_split_at_its_names() {
        assert_eq!(names_in("a [R1] b [K12] [ab] [R123]").collect::<Vec<_>>(), ["[R1]", "[K12]"]);
        assert_eq!(without_names("a[R1]b"), "a b");
    }
}
