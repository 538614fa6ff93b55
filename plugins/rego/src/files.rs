//! Data files, as far as this policy reads them.

use lockgate_plugin::data;

/// Where modules and documents come from.
pub(crate) trait Files {
    /// All bytes of a file, of at most `most`.
    ///
    /// # Errors
    ///
    /// There is none of this name, it is larger, or it cannot be read.
    fn read(&self, name: &str, most: u64) -> Result<Vec<u8>, String>;
}

/// Those that the host hands over.
pub(crate) struct Handed;

impl Files for Handed {
    fn read(&self, name: &str, most: u64) -> Result<Vec<u8>, String> {
        let why = |why: &dyn std::fmt::Display| format!("the data file `{name}`: {why}");
        let file = data::open(name).map_err(|_| {
            format!(
                "there is no data file `{name}`: the policy file hands it over beside the settings, \
                 for example data = {{ {name} = \"policy/{name}.rego\" }}"
            )
        })?;
        let size = file.size().map_err(|refusal| why(&lockgate_plugin::Failure::from(refusal)))?;
        if size > most {
            return Err(why(&format!("{size} bytes, and at most {most} are read")));
        }
        data::read(&file).map_err(|failure| why(&failure))
    }
}
