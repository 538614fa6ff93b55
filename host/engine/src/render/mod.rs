//! Renders reports. Every text is a rendering of the same report; none knows more than the JSON.

mod human;
mod json;
mod lint;

pub use human::{check as human_check, evidence as human_evidence};
pub use json::json;
pub use lint::lint as human_lint;
