//! All that an index says, as text, so that tests can compare two.

use std::fmt::Write as _;

use super::{Acknowledgement, Bom, DocumentField};

/// One line for the document, one for each component and license statement.
pub(super) fn shown(bom: &Bom) -> String {
    let mut text = String::new();
    let stated: Vec<_> = DocumentField::ALL.iter().filter(|&&f| bom.has(f)).collect();
    writeln!(
        text,
        "{} {} {stated:?} {:?} {:?} {:?} {:?} {:?}",
        bom.format(),
        bom.spec_version(),
        bom.notes(),
        bom.made_at(),
        bom.tools(),
        bom.lifecycles(),
        bom.described(),
    )
    .unwrap();
    writeln!(text, "{} dependencies, direct {:?}", bom.dependency_count(), bom.direct()).unwrap();
    for (id, component) in (0..).zip(bom.components()) {
        let licenses: Vec<_> =
            component.licenses.iter().map(|&license| &bom.licenses()[license as usize]).collect();
        writeln!(
            text,
            "{:?} {} {:?} {:?} type {:?} supplier {:?} licenses {licenses:?} declared {:?} \
             concluded {:?} hashes {:?} references {:?} dependencies {:?} path {:?}",
            component.name,
            component.own_name(),
            component.version,
            component.purl,
            bom.component_type(id),
            bom.supplier(id),
            bom.licenses_as(id, Acknowledgement::Declared),
            bom.licenses_as(id, Acknowledgement::Concluded),
            bom.hashes(id),
            bom.references(id),
            bom.dependencies(id),
            bom.path_to(id),
        )
        .unwrap();
    }
    writeln!(text, "{:?}", bom.services()).unwrap();
    text
}
