//! Outside text on its way into a sink: one line, and no address in it that a program would make a link of.

use std::collections::BTreeSet;

use crate::notification::Notification;
use crate::notification::cut::{ELLIPSIS, bytes, one_line, short_units};

/// The only host whose addresses stay as they are: the finding's page on remediation.
const DOCUMENTATION: &str = "https://docs.aws.amazon.com/";
/// Bytes of one text: more than any honest one has, and nobody reads on.
const MOST: usize = 8_000;
/// What programs make links of, in any case, and the offset of the sign in it that is put in brackets.
const ADDRESSES: [(&str, usize); 4] = [("://", 0), ("www.", 3), ("mailto:", 6), ("javascript:", 10)];

/// One line in which no address works: `https://evil.example` becomes `https[:]//evil.example`, as people who handle
/// incidents write it. An address of AWS's documentation stays, where it is all of the text.
pub(super) fn inert(text: &str) -> String {
    let start = bytes(text, MOST);
    let line = one_line(start) + if start.len() < text.len() { ELLIPSIS } else { "" };
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-#".contains(c);
    if line.strip_prefix(DOCUMENTATION).is_some_and(|path| path.chars().all(plain)) {
        return line;
    }
    let lower = line.to_ascii_lowercase();
    // No program makes a link of an object's address in S3, and people copy it.
    let is_object = |sign: &usize| lower.get(..*sign).is_some_and(|before| before.ends_with("s3"));
    let signs: BTreeSet<usize> = ADDRESSES
        .iter()
        .flat_map(|(address, sign)| lower.match_indices(address).map(move |(at, _)| at + sign))
        .filter(|sign| !is_object(sign))
        .collect();
    let mut inert = String::with_capacity(line.len() + 2 * signs.len());
    for (at, c) in line.char_indices() {
        if signs.contains(&at) {
            inert.extend(['[', c, ']']);
        } else {
            inert.push(c);
        }
    }
    inert
}

/// A title of at most so many characters: what happened, in one line.
pub(super) fn title(notification: &Notification, most: usize) -> String {
    short_units(&inert(notification.headline.text()), most)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_address_of_outside_origin_can_be_followed() {
        for (outside, shown) in [
            ("see https://evil.example/a\nnow", "see https[:]//evil.example/a now"),
            ("WWW.evil.example", "WWW[.]evil.example"),
            ("[a](JavaScript:alert(1))", "[a](JavaScript[:]alert(1))"),
            ("mailto:a@b mailto:c@d", "mailto[:]a@b mailto[:]c@d"),
            ("arn:aws:s3:::bucket", "arn:aws:s3:::bucket"),
            ("aws s3 ls s3://bucket/key", "aws s3 ls s3://bucket/key"),
            ("https://docs.aws.amazon.com/x and more", "https[:]//docs.aws.amazon.com/x and more"),
            ("https://docs.aws.amazon.com/x", "https://docs.aws.amazon.com/x"),
            ("https://docs.aws.amazon.com@evil.example", "https[:]//docs.aws.amazon.com@evil.example"),
            ("https://docs.aws.amazon.com/?to=https://e", "https[:]//docs.aws.amazon.com/?to=https[:]//e"),
        ] {
            assert_eq!(inert(outside), shown);
        }
    }
}
