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
        let Section::Data(name) = section else { continue };
        let word = section.word();
        let mut meter = Meter::new(&word, caps);
        let file = data::open(name)?;
        meter.room(file.size()?)?;
        let value = strict::parse(&data::read(&file)?, &format!("the data file `{name}`"))?;
        files.insert(section.key(), meter.row(&value)?);
    }
    Ok((!files.is_empty()).then_some(Value::Object(files)))
}
