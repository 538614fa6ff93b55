//! `data.NAME`.

use lockgate_plugin::{Failure, data};
use serde_json::{Map, Value};

use crate::caps::{Caps, Meter};
use crate::section::Section;
use crate::strict;

/// The data files that are asked for, as JSON; none where none is.
pub(crate) fn files(sections: &[Section], caps: &Caps) -> Result<Option<Value>, Failure> {
    let mut files = Map::new();
    for section in sections {
        if let Section::Data(name) = section {
            files.insert(section.key(), file(name, &section.word(), caps)?);
        }
    }
    Ok((!files.is_empty()).then_some(Value::Object(files)))
}

/// What is wrong with the data files that are asked for, each with the number of its section. They are
/// configuration, so it can be told with the settings.
#[must_use]
pub fn unreadable(sections: &[Section], caps: &Caps) -> Vec<(usize, String)> {
    let problem = |(number, section): (usize, &Section)| match section {
        Section::Data(name) => {
            let wrong = file(name, &section.word(), caps).err()?;
            Some((number, wrong.to_string()))
        }
        _ => None,
    };
    sections.iter().enumerate().filter_map(problem).collect()
}

/// One data file.
fn file(name: &str, word: &str, caps: &Caps) -> Result<Value, Failure> {
    let mut meter = Meter::new(word, caps);
    let file = data::open(name).map_err(|_| {
        Failure::from(format!(
            "there is no data file `{name}`: the policy file hands it over beside the settings, for \
             example data = {{ {name} = \"{name}.json\" }}"
        ))
    })?;
    meter.room(file.size()?)?;
    let value = strict::parse(&data::read(&file)?, &format!("the data file `{name}`"))?;
    meter.row(&value)
}
