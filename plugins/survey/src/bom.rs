//! Everything that can be seen of bills of materials.

use lockgate_plugin::{Bom, Failure, Query, Refusal, components, licenses, sboms};

use crate::{Notes, Settings, number, unknown, words};

const FIELDS: &[&str] =
    &["serial-number", "timestamp", "authors", "supplier", "tools", "component", "dependencies"];

pub(crate) fn look(notes: &mut Notes, settings: &Settings) -> Result<(), Failure> {
    for document in sboms() {
        let document = document?;
        let path = document.path();
        notes.add(format!("sbom {path} {} {:?}", document.assurance(), document.signers()));
        match document.open() {
            Ok(bom) => {
                head(notes, &bom)?;
                rows(notes, &bom)?;
                ask(notes, &bom, settings)?;
            }
            Err(Refusal::Malformed(why)) => notes.add(format!("unreadable: {why}")),
            Err(other) => return Err(other.into()),
        }
    }
    Ok(())
}

fn head(notes: &mut Notes, bom: &Bom) -> Result<(), Failure> {
    notes.seen("format", (bom.format(), bom.spec_version()));
    notes.seen("notes", bom.notes());
    notes.seen("made-at", bom.made_at());
    notes.seen("tools", bom.tools());
    notes.seen("lifecycles", bom.lifecycles());
    notes.seen("described", bom.described());
    let mut stated = Vec::new();
    for field in FIELDS {
        if bom.has(field)? {
            stated.push(*field);
        }
    }
    notes.seen("states", stated);
    let counts = (bom.component_count(), bom.license_count(), bom.dependency_count());
    notes.seen("components, licenses, dependencies", counts);
    for license in licenses(bom) {
        let license = license?;
        notes.seen("license", (license.id, license.text, license.form));
    }
    for number in 0..bom.service_count() {
        let service = bom.service(number)?;
        notes.seen("service", (service.name, service.version, service.endpoints));
    }
    match bom.schema_problems() {
        Ok(problems) => notes.seen("schema", problems),
        Err(why) => notes.seen("no schema", why.to_string()),
    }
    Ok(())
}

fn rows(notes: &mut Notes, bom: &Bom) -> Result<(), Failure> {
    for component in components(&bom.query()) {
        let component = component?;
        let id = component.id;
        notes.seen("component", (id, &component.name, &component.version, &component.purl));
        notes.seen("  type, supplier", (bom.component_type(id)?, bom.supplier(id)?));
        let (declared, concluded) =
            (bom.licenses_as(id, "declared")?, bom.licenses_as(id, "concluded")?);
        notes.seen("  licenses, declared, concluded", (bom.licenses(id)?, declared, concluded));
        for hash in bom.hashes(id)? {
            notes.seen("  hash", (hash.algorithm, hash.value));
        }
        for reference in bom.references(id)? {
            notes.seen("  reference", (reference.kind, reference.locator));
        }
        notes.seen("  dependencies, path", (bom.dependencies(id)?, bom.path_to(id)?));
    }
    Ok(())
}

fn ask(notes: &mut Notes, bom: &Bom, settings: &Settings) -> Result<(), Failure> {
    for narrowings in &settings.ask {
        let query = bom.query();
        for narrowing in narrowings {
            if let Err(why) = narrow(&query, narrowing)? {
                notes.add(format!("{narrowing}: refused: {why}"));
            }
        }
        let count = query.count();
        let found: Result<Vec<u32>, Failure> =
            components(&query).map(|component| Ok(component?.id)).collect();
        notes.seen(&format!("asked {}", narrowings.join(", ")), (count, found?));
    }
    Ok(())
}

fn narrow(query: &Query, narrowing: &str) -> Result<Result<(), Refusal>, Failure> {
    let (word, argument) = words(narrowing);
    Ok(match word {
        "purl" => query.purl(argument),
        "purl-prefix" => query.purl_prefix(argument),
        "purl-pattern" => query.purl_pattern(argument),
        "name" => query.name(argument),
        "version" => query.version(argument),
        "license" => query.license(number(argument)?),
        "licenses-any" => {
            let ids: Result<Vec<u32>, Failure> = argument.split(' ').map(number).collect();
            query.licenses_any(&ids?)
        }
        "license-named" => query.license_named(argument),
        "needed-by" => query.needed_by(number(argument)?),
        "direct" => query.direct(),
        "has" => query.has(argument),
        "lacks" => query.lacks(argument),
        _ => return Err(unknown(narrowing)),
    })
}
