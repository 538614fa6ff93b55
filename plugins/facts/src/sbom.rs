//! `sbom` and its parts.

use std::collections::BTreeSet;

use lockgate_plugin::{Bom, Failure, components, licenses, sboms};
use serde_json::Value;

use crate::caps::{Caps, Meter, shown};
use crate::moment;
use crate::section::Section;
use crate::shape::{self, Component, Hash, LicenseStatement, head};

/// Which parts of each document are asked for.
pub(crate) struct Parts {
    components: bool,
    licenses: bool,
    hashes: bool,
    dependencies: bool,
}

impl Parts {
    pub(crate) fn asked(asked: impl Fn(&Section) -> bool) -> Self {
        Self {
            components: asked(&Section::SbomComponents),
            licenses: asked(&Section::SbomLicenses),
            hashes: asked(&Section::SbomHashes),
            dependencies: asked(&Section::SbomDependencies),
        }
    }
}

/// Every bill of materials.
pub(crate) fn documents(parts: &Parts, caps: &Caps) -> Result<Value, Failure> {
    let mut meter = Meter::new("sbom", caps);
    let mut rows = Vec::new();
    for document in sboms() {
        let document = document?;
        meter.rows(1)?;
        let head = head!(document);
        let bom = document.open().map_err(|refusal| unreadable(&head.path, &refusal.into()))?;
        let statements: Option<Vec<LicenseStatement>> = match parts.licenses {
            true => Some(statements(&bom, &mut meter)?),
            false => None,
        };
        let components = match parts.components {
            true => Some(each(&bom, parts, statements.as_deref(), &mut meter)?),
            false => None,
        };
        let statements = statements.iter().flatten().map(shown).collect::<Result<_, _>>()?;
        let made_at_unix = bom.made_at();
        let mut row = shape::Bom {
            head,
            format: bom.format(),
            spec_version: bom.spec_version(),
            made_at: moment::maybe(made_at_unix)?,
            made_at_unix,
            tools: bom.tools(),
            lifecycles: bom.lifecycles(),
            described: bom.described(),
            component_count: bom.component_count(),
            dependency_count: parts.dependencies.then(|| bom.dependency_count()),
            license_statements: None,
            components: None,
        };
        // What is large was counted row by row.
        meter.row(&row)?;
        row.license_statements = parts.licenses.then_some(statements);
        row.components = components;
        rows.push(shown(&row)?);
    }
    Ok(Value::Array(rows))
}

fn statements(bom: &Bom, meter: &mut Meter<'_>) -> Result<Vec<LicenseStatement>, Failure> {
    meter.rows(u64::from(bom.license_count()))?;
    let mut statements = Vec::new();
    for license in licenses(bom) {
        let license = license?;
        let statement = LicenseStatement { text: license.text, form: license.form };
        meter.row(&statement)?;
        statements.push(statement);
    }
    Ok(statements)
}

/// Every component: its place in the list is its number.
fn each(
    bom: &Bom,
    parts: &Parts,
    statements: Option<&[LicenseStatement]>,
    meter: &mut Meter<'_>,
) -> Result<Vec<Value>, Failure> {
    meter.rows(u64::from(bom.component_count()))?;
    let direct = match parts.dependencies {
        true => direct(bom)?,
        false => BTreeSet::new(),
    };
    let mut rows = Vec::new();
    for component in components(&bom.query()) {
        let component = component?;
        let id = component.id;
        if id as usize != rows.len() {
            return Err(Failure::from("components do not come in the order of their numbers"));
        }
        let licenses = match statements {
            Some(statements) => Some(texts(&bom.licenses(id)?, statements)?),
            None => None,
        };
        let hash = |hash: lockgate_plugin::bindings::lockgate::policy::sbom::Hash| Hash {
            algorithm: hash.algorithm,
            value: hash.value,
        };
        let hashes = match parts.hashes {
            true => Some(bom.hashes(id)?.into_iter().map(hash).collect()),
            false => None,
        };
        let dependencies = match parts.dependencies {
            true => Some(bom.dependencies(id)?),
            false => None,
        };
        rows.push(meter.row(&Component {
            name: component.name,
            version: component.version,
            purl: component.purl,
            kind: bom.component_type(id)?,
            supplier: bom.supplier(id)?,
            licenses,
            hashes,
            dependencies,
            direct: parts.dependencies.then(|| direct.contains(&id)),
        })?);
    }
    Ok(rows)
}

/// The numbers of those on which what the document describes depends.
fn direct(bom: &Bom) -> Result<BTreeSet<u32>, Failure> {
    let query = bom.query();
    query.direct()?;
    components(&query).map(|component| Ok(component?.id)).collect()
}

/// The texts of a component's license statements.
fn texts(ids: &[u32], statements: &[LicenseStatement]) -> Result<Vec<String>, Failure> {
    let text = |id: &u32| {
        let statement = statements.get(*id as usize);
        let found = statement.map(|statement| statement.text.clone());
        found.ok_or_else(|| Failure::from(format!("there is no license statement {id}")))
    };
    ids.iter().map(text).collect()
}

/// A document that is named.
pub(crate) fn unreadable(path: &str, why: &Failure) -> Failure {
    Failure::from(format!("`{path}` cannot be read: {why}"))
}
