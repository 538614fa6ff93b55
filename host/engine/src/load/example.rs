//! Examples of settings, from the schema that a plugin has for them.

use serde_json::Value;

/// The most bytes of an example in a message.
const MAX_SHOWN: usize = 240;

/// The setting that a pointer is about, or that lies around it, as an example of the schema has it;
/// none where no example has it, or none is short.
pub(super) fn of(schema: &str, pointer: &str) -> Option<String> {
    let schema: Value = serde_json::from_str(schema).ok()?;
    let examples = schema.get("examples")?.as_array()?;
    let key = pointer.split('/').nth(1).map(|token| token.replace("~1", "/").replace("~0", "~"));
    let shown = examples.iter().filter_map(|example| match &key {
        None => written(example),
        Some(key) => Some(format!("{key} = {}", written(example.get(key)?)?)),
    });
    let shown = shown.filter(|shown| shown.len() <= MAX_SHOWN).min_by_key(String::len)?;
    Some(format!("for example `{shown}`"))
}

/// A value as a policy file has it, on one line.
fn written(value: &Value) -> Option<String> {
    toml::Value::try_from(value).ok().map(|value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = r#"{ "examples": [
        { "max-age": "7d", "deny": { "severity": "high" } },
        { "deny": { "score": "7.0", "severity": "low" } }
    ] }"#;

    #[test]
    fn the_shortest_example_that_has_the_setting_is_shown() {
        let of = |pointer| of(SCHEMA, pointer).unwrap();
        assert_eq!(of("/deny/severity"), "for example `deny = { severity = \"high\" }`");
        assert_eq!(of("/max-age"), "for example `max-age = \"7d\"`");
        assert_eq!(of(""), "for example `{ deny = { score = \"7.0\", severity = \"low\" } }`");
    }

    #[test]
    fn without_an_example_nothing_is_shown() {
        assert_eq!(of(SCHEMA, "/grace"), None);
        assert_eq!(of("{}", "/grace"), None);
        assert_eq!(of("no schema", ""), None);
        let long = format!(r#"{{ "examples": [{{ "a": "{}" }}] }}"#, "x".repeat(MAX_SHOWN));
        assert_eq!(of(&long, "/a"), None);
    }
}
