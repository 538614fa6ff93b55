//! Built-ins of the interpreter that are silent where the Open Policy Agent tells an error.
//!
//! They return what is undefined, or false, or leave a text out, even where errors are to be told. So
//! calls go through here: what they were given is looked at before, and what they return behind.

use anyhow::{Error, Result, anyhow, bail};
use regorus::unstable::{BUILTINS, Expr, Ref, Source, Span};
use regorus::{Engine, Value};

use crate::verdict::kind;
use crate::{format, value};

/// Their names, and what is wrong where one returns nothing.
const STRICT: &[(&str, &str)] = &[
    ("array.slice", "from and to are whole numbers of up to 64 bits"),
    ("bits.and", WHOLE),
    ("bits.lsh", WHOLE),
    ("bits.negate", WHOLE),
    ("bits.or", WHOLE),
    ("bits.rsh", WHOLE),
    ("bits.xor", WHOLE),
    ("json.filter", "a path has a name"),
    ("json.remove", "a path has a name"),
    ("json.unmarshal", ""),
    ("object.subset", ""),
    ("regex.is_valid", ""),
    ("regex.replace", "invalid regex"),
    ("sprintf", ""),
    ("strings.count", ""),
    ("substring", ""),
    ("to_number", ""),
    ("units.parse", "no number with a unit that is known"),
    ("units.parse_bytes", "no number with a unit that is known"),
];

const WHOLE: &str = "these are no whole numbers that it takes";

/// Puts them before those of the interpreter, which finds what is added first.
pub(crate) fn register(engine: &mut Engine) -> Result<()> {
    for &(name, wrong) in STRICT {
        let Some((_, arguments)) = BUILTINS.get(name) else { bail!("there is no `{name}`") };
        let answer = move |given: Vec<Value>| {
            answer(name, wrong, given).map_err(|why| anyhow!("`{name}`: {why}"))
        };
        engine.add_extension(name.to_owned(), *arguments, Box::new(answer))?;
    }
    Ok(())
}

/// The interpreter has counted the arguments.
fn answer(name: &str, wrong: &str, mut given: Vec<Value>) -> Result<Value> {
    match (name, given.as_mut_slice()) {
        ("sprintf", [Value::String(text), Value::Array(values)]) => {
            if let Some((text, values)) = format::rewritten(text, values.as_slice())? {
                given = vec![Value::from(text), Value::from(values)];
            }
        }
        ("json.unmarshal", [Value::String(text)]) => return parsed(text),
        ("to_number", [Value::String(text)]) => {
            return match lockgate_facts::json(text.as_bytes()) {
                Ok(number @ serde_json::Value::Number(_)) => {
                    value::value(number).map_err(Error::msg)
                }
                _ => bail!("could not parse string as number"),
            };
        }
        ("regex.is_valid", [Value::String(_)]) => {}
        ("regex.is_valid", [other]) => bail!("{} is no string", kind(other)),
        ("strings.count", [_, Value::String(part)]) if part.is_empty() => {
            bail!("an empty text is counted nowhere");
        }
        ("substring", [_, from, length]) => {
            for number in [from, length] {
                number.as_i64().map_err(|_| anyhow!("from and length are whole numbers"))?;
            }
        }
        ("object.subset", [Value::Array(_), Value::Array(part)]) if part.is_empty() => {
            return Ok(Value::from(true));
        }
        (
            "object.subset",
            [Value::Object(_), Value::Object(_)]
            | [Value::Set(_), Value::Set(_)]
            | [Value::Array(_), Value::Array(_) | Value::Set(_)],
        ) => {}
        ("object.subset", [whole, part]) => {
            bail!("{} has no subset that is {}", kind(whole), kind(part))
        }
        _ => {}
    }
    match asked(name, &given)? {
        Value::Undefined => bail!("{wrong}"),
        value => Ok(value),
    }
}

/// What the interpreter's own built-in says.
fn asked(name: &str, given: &[Value]) -> Result<Value> {
    let Some((function, _)) = BUILTINS.get(name) else { bail!("there is no such built-in") };
    NOWHERE.with(|place| {
        let Some((span, parameters)) = place else { bail!("nothing can be asked") };
        function(span, parameters, given, true).map_err(|why| {
            // With a place, which is not this one, and an excerpt.
            let text = why.to_string();
            let last = text.lines().rev().find_map(|line| line.strip_prefix("error: "));
            anyhow!("{}", last.unwrap_or(&text))
        })
    })
}

fn parsed(text: &str) -> Result<Value> {
    lockgate_facts::json(text.as_bytes())
        .and_then(value::value)
        .map_err(|why| anyhow!("`{}` cannot be read as JSON: {why}", format::short(text)))
}

thread_local! {
    /// Built-ins want to know where they stand, with as many parameters as they take.
    static NOWHERE: Option<(Span, Vec<Ref<Expr>>)> = nowhere();
}

fn nowhere() -> Option<(Span, Vec<Ref<Expr>>)> {
    let source = Source::from_contents(String::new(), "_".to_owned()).ok()?;
    let span = Span { source, line: 1, col: 1, start: 0, end: 1 };
    let parameter = || Ref::new(Expr::Null { span: span.clone(), value: Value::Null, eidx: 0 });
    let parameters = std::iter::repeat_with(parameter).take(MOST).collect();
    Some((span, parameters))
}

/// The most parameters that one of them has.
const MOST: usize = 3;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_takes_more_parameters_than_are_made_up() {
        assert!(STRICT.iter().all(|(name, _)| usize::from(BUILTINS[name].1) <= MOST));
    }
}
