//! From JSON to values of the interpreter.
//!
//! Its own conversion takes an object with a member of a certain name for a number, and where that is none,
//! all that is around it is undefined: a predicate could take the facts away from the rules.

use std::collections::BTreeMap;

use regorus::Value;
use serde_json::Value as Json;

/// 2 to the 64th and to the 63rd: whole numbers from here on are read as the nearest fraction.
const BEYOND: f64 = 18_446_744_073_709_551_616.0;
const BELOW: f64 = -9_223_372_036_854_775_808.0;

/// The same as a value of the interpreter. Its depth is bounded: it was parsed with a bound.
///
/// # Errors
///
/// A whole number does not fit into 64 bits: then it is not exact, and two that differ would be equal.
pub(crate) fn value(json: Json) -> Result<Value, String> {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(truth) => Value::from(truth),
        Json::String(text) => Value::from(text),
        Json::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
            (Some(number), ..) => Value::from(number),
            (_, Some(number), _) => Value::from(number),
            (.., Some(number)) if (BELOW..BEYOND).contains(&number) || number.fract() != 0.0 => {
                Value::from(number)
            }
            _ => {
                return Err(format!(
                    "`{number}` is a whole number of more than 64 bits, and would not be exact"
                ));
            }
        },
        Json::Array(elements) => {
            Value::from(elements.into_iter().map(value).collect::<Result<Vec<_>, _>>()?)
        }
        Json::Object(members) => {
            let members = members.into_iter();
            let members = members.map(|(name, member)| Ok((Value::from(name), value(member)?)));
            Value::from(members.collect::<Result<BTreeMap<_, _>, String>>()?)
        }
    })
}

/// The facts, each section by itself.
///
/// # Errors
///
/// As above, with the section.
pub(crate) fn input(view: Json) -> Result<Value, String> {
    let Json::Object(sections) = view else { return Err("the facts are no object".to_owned()) };
    let sections = sections.into_iter().map(|(name, section)| match value(section) {
        Ok(section) => Ok((Value::from(name), section)),
        Err(why) => Err(format!("`input.{name}` cannot be read: {why}")),
    });
    Ok(Value::from(sections.collect::<Result<BTreeMap<_, _>, _>>()?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_value_is_what_it_was() {
        let text =
            r#"{"a":[1,-2,3.5,null,true,"x",18446744073709551615,-9223372036854775808],"b":{}}"#;
        let json: Json = serde_json::from_str(text).unwrap();
        assert_eq!(value(json).unwrap(), Value::from_json_str(text).unwrap());
        let odd = json!({ "$serde_json::private::Number": "5" });
        assert_eq!(value(odd.clone()).unwrap().to_string(), odd.to_string());
    }

    #[test]
    fn whole_numbers_that_are_not_exact_are_none() {
        for text in ["18446744073709551616", "-9223372036854777857", "1e30"] {
            let json: Json = serde_json::from_str(text).unwrap();
            assert!(value(json!([json])).unwrap_err().contains("of more than 64 bits"), "{text}");
        }
        let view = json!({ "provenance": [{ "predicate": { "n": 1e20 } }] });
        assert_eq!(
            input(view).unwrap_err(),
            "`input.provenance` cannot be read: `1e+20` is a whole number of more than 64 bits, and \
             would not be exact"
        );
    }
}
