//! What a person wants to know of a plugin before it is trusted with a gate.

use lockgate_model::InspectionReport;

use super::human::{FAINT, heading, line, styled};

/// The report of an inspection.
#[must_use]
pub(super) fn inspection(report: &InspectionReport) -> String {
    let InspectionReport { plugin, name, version, digest, size, interface, .. } = report;
    let mut out = String::new();
    line(&mut out, &format!("plugin     {name} {version}  ({plugin})"));
    line(&mut out, &format!("           {digest}"));
    let milliseconds = format!("{}.{}", report.load_micros / 1000, report.load_micros / 100 % 10);
    let code = match report.code {
        "precompiled" => format!("comes as machine code, loaded in {milliseconds} ms"),
        _ => format!("compiled in {milliseconds} ms"),
    };
    line(&mut out, &format!("           {size} bytes, {code}"));
    line(&mut out, &format!("interface  lockgate:policy {interface}"));

    heading(&mut out, "by its imports it");
    for ability in &report.abilities {
        let interface = styled(FAINT, &format!("({})", ability.interface));
        line(&mut out, &format!("  {}  {interface}", ability.what));
    }
    line(&mut out, "  and can do nothing else");

    heading(&mut out, "evidence");
    for (kinds, what) in [(&report.needs, "needs"), (&report.uses, "uses where there is any")] {
        if !kinds.is_empty() {
            line(&mut out, &format!("  {what}: {}", kinds.join(", ")));
        }
    }
    if report.needs.is_empty() && report.uses.is_empty() {
        line(&mut out, "  none");
    }

    heading(&mut out, "rules");
    let width = report.rules.iter().map(|rule| rule.code.len()).max().unwrap_or(0);
    for rule in &report.rules {
        line(&mut out, &format!("  {:<width$}  {}", rule.code, rule.title));
    }

    heading(&mut out, "settings");
    let keys = report.settings.get("properties").and_then(serde_json::Value::as_object);
    let keys: Vec<&str> = keys.into_iter().flatten().map(|(key, _)| key.as_str()).collect();
    let told = if keys.is_empty() { "none that it names".to_owned() } else { keys.join(", ") };
    line(&mut out, &format!("  {told}"));
    line(&mut out, &format!("  {}", styled(FAINT, "`-o json` has their schema")));
    out
}
