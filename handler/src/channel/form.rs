//! `application/x-www-form-urlencoded`: bodies and queries.

/// Names and values as they stand in a body or behind a `?`.
pub(super) fn encoded<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = pairs.into_iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    pairs.collect::<Vec<_>>().join("&")
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::encoded;

    #[test]
    fn what_is_no_letter_is_encoded_byte_by_byte() {
        assert_eq!(
            encoded([("projectId[]", "1"), ("a b", "検&=\n+~")]),
            "projectId%5B%5D=1&a+b=%E6%A4%9C%26%3D%0A%2B%7E"
        );
        assert_eq!(encoded([]), "");
    }
}
