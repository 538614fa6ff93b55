//! `attestations`: verified statements about the artifact, read by JSON pointer.

use serde_json::Value;
use wasmtime::Result;
use wasmtime::component::Resource;

use super::document::{self, Fact};
use super::{Answer, MAX_PAGE, MAX_SLICE, count_of, invalid, malformed, out_of_range, page_of};
use crate::bindings::lockgate::policy::attestations::{Host, HostAttestation};
use crate::state::State;

document::handle! {
    /// Behind the resource `attestation`.
    Attestation
}

impl Host for State {
    fn count(&mut self, kind: String) -> Answer<u32> {
        let found = self.attested(&kind)?;
        Ok(count_of(found.len()))
    }

    fn page(&mut self, kind: String, start: u32, max: u32) -> Answer<Vec<Resource<Attestation>>> {
        let found = self.attested(&kind)?;
        let page = page_of(found.len(), start, max)?;
        let facts = found.into_iter().skip(page.start).take(page.len());
        Ok(facts.map(|fact| self.hand_out(Attestation(fact))).collect::<Result<_>>()?)
    }
}

impl State {
    /// All facts of a kind that the plugin declared.
    fn attested(&mut self, kind: &str) -> Answer<Vec<Fact>> {
        self.charge_bytes(kind.len())?;
        match kind.parse() {
            Ok(kind) => self.documents(kind),
            Err(_) => invalid(format!("`{kind}` is not a kind of evidence")),
        }
    }

    /// Applies `look` to what stands at the pointer. The predicate is parsed once a run, and each
    /// policy pays for it the first time it points into it, so that what a policy pays does not
    /// depend on who came first.
    fn pointed<T>(
        &mut self,
        handle: &Resource<Attestation>,
        pointer: &str,
        look: impl FnOnce(&Value) -> Answer<T>,
    ) -> Answer<Option<T>> {
        self.enter()?;
        let Attestation(fact) = self.at(handle)?;
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return invalid("a JSON pointer is empty or begins with `/`");
        }
        let size = fact.get().predicate_bytes().len();
        let first = self.read(fact.get().digest());
        self.charge_bytes(pointer.len() + if first { size } else { 0 })?;
        let predicate = match fact.get().predicate() {
            Ok(predicate) => predicate,
            Err(why) => return malformed(why.to_string()),
        };
        predicate.pointer(pointer).map(look).transpose()
    }
}

impl HostAttestation for State {
    fn kind(&mut self, handle: Resource<Attestation>) -> Result<String> {
        Ok(self.document(&handle)?.get().kind().to_string())
    }

    fn predicate_type(&mut self, handle: Resource<Attestation>) -> Result<String> {
        let fact = self.document(&handle)?;
        self.text(fact.get().predicate_type())
    }

    document::answers!(Attestation);

    fn type_at(
        &mut self,
        handle: Resource<Attestation>,
        pointer: String,
    ) -> Answer<Option<String>> {
        self.pointed(&handle, &pointer, |value| Ok(type_of(value).to_owned()))
    }

    fn text(&mut self, handle: Resource<Attestation>, pointer: String) -> Answer<Option<String>> {
        let text = self.pointed(&handle, &pointer, |value| match value {
            Value::String(text) => Ok(text.clone()),
            other => malformed(format!("`{pointer}` is not a string but {}", type_of(other))),
        })?;
        self.charge_bytes(text.as_ref().map_or(0, String::len))?;
        Ok(text)
    }

    fn json(&mut self, handle: Resource<Attestation>, pointer: String) -> Answer<Option<String>> {
        // Rendering is work of the size of the predicate at the most, whatever the pointer.
        let Attestation(fact) = self.at(&handle)?;
        self.charge_bytes(fact.get().predicate_bytes().len())?;
        self.pointed(&handle, &pointer, |value| {
            let text = value.to_string();
            if text.len() > MAX_SLICE as usize {
                return out_of_range(format!("`{pointer}` has {} bytes of JSON", text.len()));
            }
            Ok(text)
        })
    }

    fn length(&mut self, handle: Resource<Attestation>, pointer: String) -> Answer<Option<u32>> {
        self.pointed(&handle, &pointer, |value| match value {
            Value::Array(elements) => Ok(count_of(elements.len())),
            Value::Object(members) => Ok(count_of(members.len())),
            other => {
                malformed(format!("`{pointer}` is neither array nor object but {}", type_of(other)))
            }
        })
    }

    fn members(
        &mut self,
        handle: Resource<Attestation>,
        pointer: String,
    ) -> Answer<Option<Vec<String>>> {
        let names = self.pointed(&handle, &pointer, |value| {
            let Value::Object(members) = value else {
                return malformed(format!("`{pointer}` is not an object but {}", type_of(value)));
            };
            if members.len() > MAX_PAGE as usize {
                return out_of_range(format!("`{pointer}` has {} members", members.len()));
            }
            let mut names: Vec<String> = members.keys().cloned().collect();
            names.sort();
            Ok(names)
        })?;
        self.charge_bytes(names.iter().flatten().map(String::len).sum())?;
        Ok(names)
    }

    fn size(&mut self, handle: Resource<Attestation>) -> Result<u64> {
        Ok(self.document(&handle)?.get().predicate_bytes().len() as u64)
    }

    fn read(&mut self, handle: Resource<Attestation>, offset: u64, max: u32) -> Answer<Vec<u8>> {
        let fact = self.document(&handle)?;
        if !(1..=MAX_SLICE).contains(&max) {
            return out_of_range(format!(
                "a slice has 1 to {MAX_SLICE} bytes, and {max} were asked for"
            ));
        }
        let bytes = fact.get().predicate_bytes();
        let start = usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
        let slice = &bytes[start..bytes.len().min(start + max as usize)];
        self.charge_bytes(slice.len())?;
        Ok(slice.to_vec())
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
