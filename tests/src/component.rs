//! Makes policies out of core WebAssembly text, for what no language would do.

use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::workbench::root;

/// Wraps a core module in text form, which exports what a policy exports, into a component.
///
/// # Panics
///
/// If the text is no module, or the module no policy.
#[must_use]
pub fn policy_of_wat(text: &str) -> Vec<u8> {
    let mut module = wat::parse_str(text).expect("the text is a module");
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path(root().join("wit")).expect("wit/ is a package");
    let world = resolve.select_world(&[package], Some("policy")).expect("it has the world");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)
        .expect("the module takes a section");
    ComponentEncoder::default()
        .validate(true)
        .module(&module)
        .and_then(|encoder| encoder.encode())
        .expect("the module exports what a policy exports")
}
