//! From the settings' JSON text to a policy.

use serde_path_to_error::{Path, Segment};

use crate::{Policy, Problem};

/// The policy that settings in JSON ask for: the way in that the host uses, and tests may.
///
/// # Errors
///
/// What is wrong with the settings: either their form, or all that [`Policy::new`] refuses.
pub fn from_json<P: Policy>(settings: &str) -> Result<P, Vec<Problem>> {
    let mut json = serde_json::Deserializer::from_str(settings);
    let parsed: P::Settings = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        vec![Problem::new(pointer(error.path()), without_place(&error.inner().to_string()))]
    })?;
    json.end()
        .map_err(|_| vec![Problem::new("", "the settings are one JSON value, and more follows")])?;
    P::new(parsed)
}

/// The path as a JSON pointer (RFC 6901).
fn pointer(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => {
                pointer.push('/');
                pointer.push_str(&escaped(key));
            }
            // What stands for a variant has no place of its own in the document.
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

/// A member's name as a token of a JSON pointer.
#[must_use]
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Leaves out line and column: nobody has seen the text, for the policy file is TOML.
fn without_place(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(message, _)| message)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;
    use crate::{Description, Failure, Report};

    #[derive(Debug)]
    struct Strict;

    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Settings {
        #[expect(dead_code, reason = "read for its form alone")]
        lists: Vec<Vec<u8>>,
    }

    impl Policy for Strict {
        type Settings = Settings;
        const DESCRIPTION: Description = Description {
            name: "strict",
            version: "1",
            rules: &[],
            settings_schema: "{}",
            needs: &[],
            uses: &[],
        };

        fn new(_: Settings) -> Result<Self, Vec<Problem>> {
            Ok(Self)
        }

        fn evaluate(&self) -> Result<Report, Failure> {
            Ok(Report::new())
        }
    }

    fn problem(settings: &str) -> String {
        from_json::<Strict>(settings).unwrap_err()[0].to_string()
    }

    #[test]
    fn a_problem_names_the_setting_that_it_is_about() {
        assert_eq!(
            problem(r#"{"lists": [[1], [2, "x"]]}"#),
            "/lists/1/1: invalid type: string \"x\", expected u8"
        );
        assert_eq!(
            problem(r#"{"list/s": []}"#),
            "/list~1s: unknown field `list/s`, expected `lists`"
        );
        assert_eq!(problem("{}"), ": missing field `lists`");
        assert_eq!(
            problem(r#"{"lists": []} {}"#),
            ": the settings are one JSON value, and more follows"
        );
    }
}
