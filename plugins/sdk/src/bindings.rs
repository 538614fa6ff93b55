//! What `wit-bindgen` makes of the interface in `wit/`.
//!
//! Generated, and raw: nothing here stops a policy from forgetting a rule or the second page. Use
//! what the crate's root offers; this module is public for the few who test the host itself.
#![allow(
    missing_docs,
    unreachable_pub,
    unsafe_code,
    unused_qualifications,
    clippy::all,
    clippy::doc_markdown,
    clippy::missing_errors_doc,
    reason = "generated; crossing into the host is a foreign call, the one use of `unsafe` here"
)]

wit_bindgen::generate!({
    path: "../../wit",
    world: "policy",
    generate_all,
    pub_export_macro: true,
    export_macro_name: "export_raw",
    default_bindings_module: "lockgate_plugin::bindings",
});
