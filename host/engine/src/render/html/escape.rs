//! Text from strangers, made inert for HTML.

/// A text, for where elements and attributes (in double quotes) have text.
pub(super) fn text(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// A name or an identifier.
pub(super) fn code(name: &str) -> String {
    format!("<code>{}</code>", text(name))
}

/// A text that people read; what stands between two backticks in it is code.
pub(super) fn prose(prose: &str) -> String {
    let alone = prose.bytes().filter(|byte| *byte == b'`').count() % 2 == 1;
    if alone || prose.contains("``") {
        return text(prose);
    }
    let parts = prose.split('`').enumerate();
    parts.map(|(number, part)| if number % 2 == 1 { code(part) } else { text(part) }).collect()
}

/// The beginning and the end of a name that is longer than there is room for.
pub(super) fn shortened(name: &str, most: usize) -> String {
    let count = name.chars().count();
    if count <= most {
        return name.to_owned();
    }
    let end = most / 3;
    let begin = most.saturating_sub(end + 1);
    let head: String = name.chars().take(begin).collect();
    let tail: String = name.chars().skip(count - end).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_text_or_an_attribute() {
        assert_eq!(text("a<b>\"c\" & 'd'"), "a&lt;b&gt;&quot;c&quot; &amp; &#39;d&#39;");
        assert_eq!(prose("`<b>` is `x` odd"), "<code>&lt;b&gt;</code> is <code>x</code> odd");
        assert_eq!(prose("one ` alone"), "one ` alone");
        assert_eq!(shortened("provenance.sigstore.json", 15), "provenanc….json");
        assert_eq!(shortened("äöü", 3), "äöü");
    }
}
