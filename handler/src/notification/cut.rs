//! Making outside text shorter, and one line: visibly, never inside a character, in linear time.

use unicode_segmentation::UnicodeSegmentation;

/// What stands where text is missing.
pub const ELLIPSIS: &str = "…";

/// A grapheme can have any number of marks: as many bytes as this for each is generous.
const BYTES_A_GRAPHEME: usize = 8;

/// One line: line breaks, tabs and runs of spaces become one space, so that a value cannot begin a line of its own.
#[must_use]
pub fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// One line of at most so many graphemes, the ellipsis included.
#[must_use]
pub fn short(text: &str, most: usize) -> String {
    let line = one_line(text);
    if line.len() <= most {
        return line;
    }
    let mut kept = 0;
    for (count, (start, grapheme)) in line.grapheme_indices(true).enumerate() {
        let end = start + grapheme.len();
        if count >= most || end > most * BYTES_A_GRAPHEME {
            return format!("{}{ELLIPSIS}", line.get(..kept).unwrap_or_default());
        }
        if count + 1 < most {
            kept = end;
        }
    }
    line
}

/// Characters as a service may count them: in UTF-16, where many count twice. Who counts otherwise counts fewer.
#[must_use]
pub fn units(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The start of a text in at most so many [`units`] once each character was escaped, and whether that is all of it. Cut
/// between graphemes and before escaping: a cut may split neither か゛ nor `&amp;`. The ellipsis fits into the room.
#[must_use]
pub fn escaped(text: &str, room: usize, escape: impl Fn(Option<char>, char, &mut String)) -> (String, bool) {
    let room_cut = room.saturating_sub(units(ELLIPSIS));
    let (mut out, mut used, mut kept, mut before) = (String::new(), 0, 0, None);
    for grapheme in text.graphemes(true) {
        let start = out.len();
        for c in grapheme.chars() {
            escape(before, c, &mut out);
            before = Some(c);
        }
        used += out.get(start..).map_or(0, units);
        if used > room {
            out.truncate(kept);
            if room >= units(ELLIPSIS) {
                out.push_str(ELLIPSIS);
            }
            return (out, false);
        }
        if used <= room_cut {
            kept = out.len();
        }
    }
    (out, true)
}

/// The start of a text in at most so many [`units`], the ellipsis included.
#[must_use]
pub fn short_units(text: &str, most: usize) -> String {
    escaped(text, most, |_, c, out| out.push(c)).0
}

/// The start of a text in at most so many bytes: whole graphemes, or whole characters where not even one grapheme fits.
#[must_use]
pub fn bytes(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let graphemes = text.grapheme_indices(true).map(|(start, grapheme)| start + grapheme.len());
    let kept = graphemes.take_while(|end| *end <= most).last().unwrap_or(0);
    let kept = if kept == 0 { text.floor_char_boundary(most) } else { kept };
    text.get(..kept).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_text_stays_and_a_long_one_ends_visibly() {
        assert_eq!(short("a\n【b】\t c  ", 20), "a 【b】 c");
        assert_eq!(short("検出結果", 4), "検出結果");
        assert_eq!(short("検出結果の", 4), "検出結…");
        assert_eq!(short("🇯🇵🇯🇵🇯🇵", 2), "🇯🇵…");
        assert_eq!(short("", 3), "");
    }

    #[test]
    fn units_are_cut_before_escaping_and_between_graphemes() {
        let html = |_: Option<char>, c: char, out: &mut String| match c {
            '&' => out.push_str("&amp;"),
            c => out.push(c),
        };
        assert_eq!(escaped("a&b", 7, html), ("a&amp;b".into(), true));
        assert_eq!(escaped("a&bc", 7, html), ("a&amp;…".into(), false));
        assert_eq!(escaped("a&&", 7, html), ("a&amp;…".into(), false));
        assert_eq!(escaped("&", 4, html), ("…".into(), false));
        assert_eq!(escaped("&", 0, html), (String::new(), false));
        assert_eq!(short_units("🇯🇵🇯🇵", 8), "🇯🇵🇯🇵");
        assert_eq!(short_units("🇯🇵🇯🇵", 7), "🇯🇵…");
        assert_eq!(units("か\u{3099}👍"), 4);
        assert_eq!(short_units(&"\u{301}".repeat(500_000), 10), "…");
    }

    #[test]
    fn one_endless_grapheme_is_cut_too() {
        let endless = format!("ab{}", "\u{301}".repeat(500_000));
        assert_eq!(short(&endless, 10), "a…");
        let alone = "\u{301}".repeat(500_000);
        assert_eq!(bytes(&alone, 1_001).len(), 1_000);
    }

    #[test]
    fn bytes_end_between_graphemes() {
        assert_eq!(bytes("🇯🇵🇯🇵", 15), "🇯🇵");
        assert_eq!(bytes("か\u{3099}か\u{3099}", 9), "か\u{3099}");
        assert_eq!(bytes("abc", 3), "abc");
        assert_eq!(bytes("日本", 2), "");
    }
}
