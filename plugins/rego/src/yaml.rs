//! The YAML of annotations: mappings, lists, scalars, and blocks of text.
//!
//! That is what annotations are written in. Anchors, tags, several documents and nested flow are not
//! read, and what is not read is an error, never passed over.

use serde_json::{Map, Value};

/// How deep it may be nested: annotations have three levels.
const MAX_DEPTH: usize = 16;

/// The value of a text.
///
/// # Errors
///
/// It is not of this subset: which line, from 1, and why.
pub(crate) fn parse(text: &str) -> Result<Value, String> {
    let lines = text.lines().enumerate().map(|(number, text)| Line {
        number: number + 1,
        indent: text.len() - text.trim_start_matches(' ').len(),
        text: text.trim(),
    });
    let mut reader = Reader { lines: lines.collect(), at: 0 };
    let Some(first) = reader.next().map(|line| line.indent) else { return Ok(Value::Null) };
    let value = reader.node(first, 0)?;
    match reader.next() {
        None => Ok(value),
        Some(line) => Err(line.wrong("this stands deeper or less deep than what is around it")),
    }
}

#[derive(Debug, Clone, Copy)]
struct Line<'a> {
    number: usize,
    indent: usize,
    text: &'a str,
}

impl Line<'_> {
    fn wrong(&self, why: &str) -> String {
        format!("line {}: {why}", self.number)
    }

    fn is_element(&self) -> bool {
        self.text == "-" || self.text.starts_with("- ")
    }
}

struct Reader<'a> {
    lines: Vec<Line<'a>>,
    at: usize,
}

impl<'a> Reader<'a> {
    /// The next line with something on it.
    fn next(&mut self) -> Option<Line<'a>> {
        loop {
            let line = *self.lines.get(self.at)?;
            if !line.text.is_empty() && !line.text.starts_with('#') {
                return Some(line);
            }
            self.at += 1;
        }
    }

    /// The mapping or list whose lines stand at this depth.
    fn node(&mut self, indent: usize, depth: usize) -> Result<Value, String> {
        let Some(line) = self.next() else { return Ok(Value::Null) };
        if depth > MAX_DEPTH {
            return Err(line.wrong("nested too deep"));
        }
        if line.is_element() { self.list(indent, depth) } else { self.mapping(indent, depth) }
    }

    fn list(&mut self, indent: usize, depth: usize) -> Result<Value, String> {
        let mut values = Vec::new();
        while let Some(line) = self.next().filter(|l| l.indent == indent && l.is_element()) {
            let rest = line.text[1..].trim_start();
            if !rest.is_empty() && key(rest).is_some() {
                // A mapping that begins behind the dash.
                let within = indent + (line.text.len() - rest.len());
                self.lines[self.at] = Line { indent: within, text: rest, ..line };
                values.push(self.mapping(within, depth + 1)?);
                continue;
            }
            self.at += 1;
            values.push(self.value(rest, line, indent, depth)?);
        }
        Ok(Value::Array(values))
    }

    fn mapping(&mut self, indent: usize, depth: usize) -> Result<Value, String> {
        let mut members = Map::new();
        while let Some(line) = self.next().filter(|l| l.indent == indent && !l.is_element()) {
            let Some((name, rest)) = key(line.text) else {
                return Err(line.wrong("no `name: value`"));
            };
            self.at += 1;
            let name = match scalar(name).map_err(|why| line.wrong(&why))? {
                Value::String(name) => name,
                other => other.to_string(),
            };
            let value = self.value(rest, line, indent, depth)?;
            if members.insert(name, value).is_some() {
                return Err(line.wrong("this name stands twice"));
            }
        }
        Ok(Value::Object(members))
    }

    /// What stands behind a name or a dash, and on the lines below it.
    fn value(
        &mut self,
        rest: &str,
        line: Line<'a>,
        indent: usize,
        depth: usize,
    ) -> Result<Value, String> {
        match rest {
            "" => match self.next() {
                Some(below) if below.indent > indent => self.node(below.indent, depth + 1),
                // A list may stand as deep as the name that it belongs to.
                Some(below)
                    if below.indent == indent && below.is_element() && !line.is_element() =>
                {
                    self.node(indent, depth + 1)
                }
                _ => Ok(Value::Null),
            },
            "|" | "|-" | "|+" => Ok(self.block(indent, "\n", rest).into()),
            ">" | ">-" | ">+" => Ok(self.block(indent, " ", rest).into()),
            _ => {
                let mut text = uncommented(rest).to_owned();
                let plain = !text.starts_with(['"', '\'', '[', '{']);
                while let Some(below) =
                    self.next().filter(|l| plain && l.indent > indent && key(l.text).is_none())
                {
                    text = format!("{text} {}", uncommented(below.text));
                    self.at += 1;
                }
                scalar(&text).map_err(|why| line.wrong(&why))
            }
        }
    }

    /// Lines of text, joined.
    fn block(&mut self, indent: usize, joint: &str, style: &str) -> String {
        let mut lines: Vec<&str> = Vec::new();
        while let Some(line) = self.lines.get(self.at) {
            if !line.text.is_empty() && line.indent <= indent {
                break;
            }
            lines.push(line.text);
            self.at += 1;
        }
        while lines.last().is_some_and(|line| line.is_empty()) {
            lines.pop();
        }
        let mut text = lines.join(joint);
        if !style.ends_with('-') {
            text.push('\n');
        }
        text
    }
}

/// A name and what stands behind its colon.
fn key(text: &str) -> Option<(&str, &str)> {
    let end = match text.chars().next()? {
        quote @ ('"' | '\'') => text[1..].find(quote)? + 2,
        '[' | '{' => return None,
        _ => text.find(": ").or_else(|| text.ends_with(':').then(|| text.len() - 1))?,
    };
    let rest = text.get(end..)?.trim_start().strip_prefix(':')?;
    (rest.is_empty() || rest.starts_with(' ')).then(|| (text[..end].trim(), rest.trim()))
}

/// Leaves out a comment behind a value that is not quoted.
fn uncommented(text: &str) -> &str {
    match text.find(" #") {
        Some(end) if !text.starts_with(['"', '\'']) => text[..end].trim_end(),
        _ => text,
    }
}

fn scalar(text: &str) -> Result<Value, String> {
    let bad = |why: &str| Err(format!("`{text}` is not read here: {why}"));
    match text.chars().next() {
        None => Ok(Value::Null),
        Some('"') => serde_json::from_str(text).map(Value::String).or_else(|_| bad("its quotes")),
        Some('\'') => match text[1..].strip_suffix('\'') {
            Some(inner) if !inner.replace("''", "").contains('\'') => {
                Ok(inner.replace("''", "'").into())
            }
            _ => bad("its quotes"),
        },
        Some('[') => match text[1..].strip_suffix(']') {
            Some(inner) if inner.trim().is_empty() => Ok(Value::Array(Vec::new())),
            Some(inner) if !inner.contains(['[', '{', '"', '\'']) => {
                inner.split(',').map(|part| scalar(part.trim())).collect()
            }
            _ => bad("write it as a list with dashes"),
        },
        Some('{') if text == "{}" => Ok(Value::Object(Map::new())),
        Some('{' | '&' | '*' | '!' | '@' | '`' | '%') => bad("put it in quotes if it is a text"),
        Some(_) => Ok(match text {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            "null" | "~" => Value::Null,
            other => other.parse::<i64>().map_or_else(|_| other.into(), Value::from),
        }),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_annotations_are_written_in_is_read() {
        let text = "title: A title: with more\n\
             description: >-\n  folded\n  text\n\
             long: over\n  two lines # and a comment\n\
             'quoted key': \"a \\\"b\\\"\"\n\
             custom:\n  short_name: a_rule\n  n: 3\n  yes: true\n  on: 2027-01-01T00:00:00Z\n  \
             collections:\n  - minimal\n  - 'it''s'\n  flow: [a, b]\n  block: |\n    one\n    two\n  none:\n\
             authors:\n- name: A\n  email: a@b\n- plain\n-\n  - deep\n";
        assert_eq!(
            parse(text).unwrap(),
            json!({
                "title": "A title: with more",
                "description": "folded text",
                "long": "over two lines",
                "quoted key": "a \"b\"",
                "custom": {
                    "short_name": "a_rule", "n": 3, "yes": true, "on": "2027-01-01T00:00:00Z",
                    "collections": ["minimal", "it's"], "flow": ["a", "b"],
                    "block": "one\ntwo\n", "none": null,
                },
                "authors": [{ "name": "A", "email": "a@b" }, "plain", ["deep"]],
            })
        );
        assert_eq!(parse("").unwrap(), Value::Null);
    }

    #[test]
    fn what_is_not_read_is_told() {
        for (text, told) in [
            ("title", "line 1: no `name: value`"),
            ("a: 1\na: 2", "line 2: this name stands twice"),
            ("a: &x 1", "line 1: `&x 1` is not read here: put it in quotes if it is a text"),
            ("a: [[1]]", "line 1: `[[1]]` is not read here: write it as a list with dashes"),
            ("a: \"x", "line 1: `\"x` is not read here: its quotes"),
            ("a: 'x", "line 1: `'x` is not read here: its quotes"),
            ("  a: 1\n b: 2", "line 2: this stands deeper or less deep than what is around it"),
            (
                "a:\n  b: 1\n   c: 2",
                "line 3: this stands deeper or less deep than what is around it",
            ),
        ] {
            assert_eq!(parse(text).unwrap_err(), told, "{text}");
        }
        let deep: String = (0..40).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
        assert!(parse(&deep).unwrap_err().contains("nested too deep"));
    }
}
