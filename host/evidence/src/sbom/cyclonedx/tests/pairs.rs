//! Documents that nobody wrote: in JSON and in XML, and in any order.

use std::fmt::Write as _;

use proptest::prelude::*;
use serde_json::{Value, json};

use super::read;
use crate::sbom::shown::shown;

/// A component with what a document may say of it.
fn any_component() -> impl Strategy<Value = Value> {
    let word = || prop::sample::select(vec!["a", "b & c", "<d>", "\"e\"", "é", "f ]]> g"]);
    let license = (
        word(),
        0..3_u8,
        prop::option::of(prop::sample::select(vec!["declared", "concluded", "x"])),
    )
        .prop_map(|(text, form, how)| match form {
            0 => json!({ "expression": text, "acknowledgement": how }),
            1 => json!({ "license": { "id": text, "acknowledgement": how } }),
            _ => json!({ "license": { "name": text, "acknowledgement": how } }),
        });
    let fields = (
        0..6_u8,
        word(),
        prop::option::of(word()),
        prop::option::of(word()),
        prop::option::of(prop::sample::select(vec!["pkg:npm/a@1", "pkg:npm/b", "no purl"])),
        prop::collection::vec(license, 0..3),
        prop::collection::vec((prop::sample::select(vec!["SHA-256", "MD5"]), "[0-9A-F]{2}"), 0..3),
        prop::collection::vec((word(), word()), 0..2),
        prop::option::of(word()),
    );
    fields.prop_map(
        |(reference, name, group, version, purl, licenses, hashes, references, supplier)| {
            json!({
                "type": "library", "bom-ref": format!("r{reference}"), "name": name, "group": group,
                "version": version, "purl": purl, "licenses": licenses,
                "hashes": hashes.iter().map(|(a, c)| json!({ "alg": a, "content": c })).collect::<Vec<_>>(),
                "externalReferences":
                    references.iter().map(|(t, u)| json!({ "type": t, "url": u })).collect::<Vec<_>>(),
                "supplier": supplier.map(|name| json!({ "name": name })),
            })
        },
    )
}

fn any_document() -> impl Strategy<Value = Value> {
    let nested = (any_component(), prop::collection::vec(any_component(), 0..3)).prop_map(
        |(mut component, inner)| {
            component["components"] = Value::Array(inner);
            component
        },
    );
    let dependency = (0..7_u8, prop::collection::vec(0..7_u8, 0..4)).prop_map(|(from, on)| {
        let on: Vec<_> = on.iter().map(|to| format!("r{to}")).collect();
        json!({ "ref": format!("r{from}"), "dependsOn": on })
    });
    let components = prop::collection::vec(nested, 0..6);
    (components, prop::collection::vec(dependency, 0..8)).prop_map(|(components, dependencies)| {
        json!({
            "bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:x",
            "metadata": {
                "timestamp": "2026-01-01T00:00:00Z", "lifecycles": [{ "phase": "build" }],
                "tools": { "components": [{ "name": "t", "version": "1" }] },
                "component": { "name": "app", "bom-ref": "r6", "type": "application" },
            },
            "components": components, "dependencies": dependencies,
            "services": [{ "name": "s", "endpoints": ["https://s"], "services": [{ "name": "t" }] }],
        })
    })
}

/// The same document in XML, by rules of this test's own.
fn xml(document: &Value) -> String {
    fn text(out: &mut String, name: &str, value: &Value) {
        if let Some(value) = value.as_str() {
            let value = value.replace('&', "&amp;").replace('<', "&lt;").replace("]]>", "]]&gt;");
            write!(out, "<{name}>{value}</{name}>").unwrap();
        }
    }
    fn attribute(out: &mut String, name: &str, value: &Value) {
        if let Some(value) = value.as_str() {
            let value = value.replace('&', "&#38;").replace('<', "&lt;").replace('"', "&quot;");
            write!(out, " {name}=\"{value}\"").unwrap();
        }
    }
    fn each(value: &Value) -> impl Iterator<Item = &Value> {
        value.as_array().into_iter().flatten()
    }
    fn component(out: &mut String, value: &Value) {
        out.push_str("<c:component");
        attribute(out, "type", &value["type"]);
        attribute(out, "bom-ref", &value["bom-ref"]);
        out.push_str("><!-- names -->");
        for name in ["name", "group", "version", "purl"] {
            text(out, &format!("c:{name}"), &value[name]);
        }
        if value["supplier"].is_object() {
            out.push_str("<c:supplier>");
            text(out, "c:name", &value["supplier"]["name"]);
            out.push_str("</c:supplier>");
        }
        out.push_str("<c:licenses>");
        for choice in each(&value["licenses"]) {
            if choice["expression"].is_string() {
                out.push_str("<c:expression");
                attribute(out, "acknowledgement", &choice["acknowledgement"]);
                let inner = choice["expression"].as_str().unwrap();
                write!(
                    out,
                    "><![CDATA[{}]]></c:expression>",
                    inner.replace("]]>", "]]]]><![CDATA[>")
                )
                .unwrap();
            } else {
                out.push_str("<c:license");
                attribute(out, "acknowledgement", &choice["license"]["acknowledgement"]);
                out.push('>');
                text(out, "c:id", &choice["license"]["id"]);
                text(out, "c:name", &choice["license"]["name"]);
                out.push_str("</c:license>");
            }
        }
        out.push_str("</c:licenses><c:hashes>");
        for hash in each(&value["hashes"]) {
            out.push_str("<c:hash");
            attribute(out, "alg", &hash["alg"]);
            write!(out, ">\n  {}\n</c:hash>", hash["content"].as_str().unwrap()).unwrap();
        }
        out.push_str("</c:hashes><x:unknown xmlns:x=\"urn:x\"><x:component/></x:unknown><c:externalReferences>");
        for reference in each(&value["externalReferences"]) {
            out.push_str("<c:reference");
            attribute(out, "type", &reference["type"]);
            out.push('>');
            text(out, "c:url", &reference["url"]);
            out.push_str("</c:reference>");
        }
        out.push_str("</c:externalReferences><c:components>");
        each(&value["components"]).for_each(|inner| component(out, inner));
        out.push_str("</c:components></c:component>");
    }
    let mut out = "<?xml version='1.0' encoding='UTF-8'?>\n<c:bom \
        xmlns:c='http://cyclonedx.org/schema/bom/1.6' serialNumber='urn:uuid:x'><c:metadata>\
        <c:timestamp>2026-01-01T00:00:00Z</c:timestamp><c:lifecycles><c:lifecycle><c:phase>build\
        </c:phase></c:lifecycle></c:lifecycles><c:tools><c:components><c:component><c:name>t\
        </c:name><c:version>1</c:version></c:component></c:components></c:tools>"
        .to_owned();
    component(&mut out, &document["metadata"]["component"]);
    out.push_str("</c:metadata><c:components>");
    each(&document["components"]).for_each(|value| component(&mut out, value));
    out.push_str(
        "</c:components><c:services><c:service><c:name>s</c:name><c:endpoints><c:endpoint>\
        https://s</c:endpoint></c:endpoints><c:services><c:service><c:name>t</c:name></c:service>\
        </c:services></c:service></c:services><c:dependencies>",
    );
    for dependency in each(&document["dependencies"]) {
        out.push_str("<c:dependency");
        attribute(&mut out, "ref", &dependency["ref"]);
        out.push('>');
        for on in each(&dependency["dependsOn"]) {
            out.push_str("<c:dependency");
            attribute(&mut out, "ref", on);
            out.push_str("/>");
        }
        out.push_str("</c:dependency>");
    }
    out.push_str("</c:dependencies></c:bom>\n");
    out
}

/// The same with the members of every object in another order.
fn turned(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let members = members.iter().rev();
            let members = members.map(|(name, value)| format!("{}:{}", json!(name), turned(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        Value::Array(values) => {
            format!("[{}]", values.iter().map(turned).collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn a_document_in_json_and_in_xml_is_one_index(document in any_document()) {
        let json = read(document.to_string().as_bytes()).unwrap();
        let xml = read(xml(&document).as_bytes()).unwrap();
        prop_assert_eq!(shown(&json), shown(&xml));
    }

    #[test]
    fn the_order_of_members_changes_nothing(document in any_document(), inner in any_component()) {
        let mut document = document;
        document["metadata"]["component"]["components"] = json!([inner]);
        let one = read(document.to_string().as_bytes()).unwrap();
        let other = read(turned(&document).as_bytes()).unwrap();
        prop_assert_eq!(shown(&one), shown(&other));
    }

    #[test]
    fn the_order_of_components_and_dependencies_changes_nothing(
        document in any_document(),
        seed in any::<u64>(),
    ) {
        // Components that agree in all by which they are ordered keep their order, so each has its
        // own version; and each its own name for dependencies to call it by.
        let mut document = document;
        let components = document["components"].as_array_mut().unwrap();
        for (number, component) in components.iter_mut().enumerate() {
            component["version"] = json!(format!("{number}"));
            component["bom-ref"] = json!(format!("r{number}"));
            component["components"] = json!([]);
        }
        let one = shown(&read(document.to_string().as_bytes()).unwrap());
        for list in ["components", "dependencies"] {
            let list = document[list].as_array_mut().unwrap();
            let len = list.len().max(1);
            list.rotate_left(usize::try_from(seed % 7).unwrap() % len);
            list.reverse();
        }
        prop_assert_eq!(one, shown(&read(document.to_string().as_bytes()).unwrap()));
    }
}
