//! The same in XML.

use std::borrow::Cow;

use super::{Builder, Draft, LicenseDraft, LicenseForm, acknowledgement, malformed};
use crate::sbom::index::ServiceDraft;
use crate::sbom::{Bom, DocumentField, Unreadable};
use crate::xml::{Element, Flaw, Xml};

/// What the namespaces of all versions begin with.
const NAMESPACE: &str = "http://cyclonedx.org/schema/bom/";

/// Whether a namespace is CycloneDX's, of any version.
pub(in crate::sbom) fn is_namespace(namespace: &str) -> bool {
    namespace.starts_with(NAMESPACE)
}

/// Reads a document.
pub(in crate::sbom) fn read(text: &str) -> Result<Bom, Unreadable> {
    let (xml, root, namespace) = Xml::open(text).map_err(malformed)?;
    let version = namespace.strip_prefix(NAMESPACE).filter(|_| root.name() == "bom");
    let version = version.ok_or(Unreadable::Format)?;
    let mut builder = Builder::default();
    super::check_version(&mut builder, version)?;
    let mut reader = Reader { xml, builder, inner: Vec::new() };
    reader.bom(&root).map_err(malformed)?;
    let Reader { xml, mut builder, inner } = reader;
    xml.close().map_err(malformed)?;
    inner.into_iter().for_each(|part| part.add(&mut builder));
    Ok(super::finish(builder, version))
}

struct Reader<'a> {
    xml: Xml<'a>,
    builder: Builder<'a>,
    /// What lies in what the document describes. It comes behind the other components, whichever stands
    /// first.
    inner: Vec<Part<'a>>,
}

/// A component, and what lies in it: that comes behind it, wherever it stands in it.
struct Part<'a> {
    draft: Draft<'a>,
    inner: Vec<Part<'a>>,
}

impl<'a> Part<'a> {
    // It recurses no deeper than the elements of a document may nest.
    fn add(self, builder: &mut Builder<'a>) {
        builder.component(self.draft);
        self.inner.into_iter().for_each(|part| part.add(builder));
    }
}

/// A text that may stand once.
type Once<'a> = Option<Cow<'a, str>>;

impl<'a> Reader<'a> {
    fn bom(&mut self, root: &Element<'a>) -> Result<(), Flaw> {
        let serial_number = root.attribute("serialNumber")?.is_some_and(|text| !text.is_empty());
        self.builder.stated(DocumentField::SerialNumber, serial_number);
        while let Some(child) = self.xml.child()? {
            match child.name() {
                "metadata" => self.metadata()?,
                "components" => {
                    while let Some(part) = self.next_component()? {
                        part.add(&mut self.builder);
                    }
                }
                "services" => {
                    let services = self.services()?;
                    services.into_iter().for_each(|service| self.builder.service(service));
                }
                "dependencies" => self.dependencies()?,
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }

    fn metadata(&mut self) -> Result<(), Flaw> {
        let (mut timestamp, mut described) = (None, false);
        while let Some(child) = self.xml.child()? {
            match child.name() {
                "timestamp" => self.once(&mut timestamp, "timestamp")?,
                "authors" => {
                    let stated = self.xml.states()?;
                    self.builder.stated(DocumentField::Authors, stated);
                }
                "supplier" => {
                    let stated = self.xml.states()?;
                    self.builder.stated(DocumentField::Supplier, stated);
                }
                "tools" => self.tools()?,
                "lifecycles" => self.lifecycles()?,
                "component" => {
                    if std::mem::replace(&mut described, true) {
                        return Err("`metadata` has `component` twice".to_owned());
                    }
                    let Part { draft, inner } = self.component(&child)?;
                    self.builder.described(draft);
                    self.inner = inner;
                }
                _ => self.xml.skip()?,
            }
        }
        if let Some(timestamp) = timestamp {
            self.builder.made_at(&timestamp);
        }
        Ok(())
    }

    /// The next component of a list, if there is another.
    fn next_component(&mut self) -> Result<Option<Part<'a>>, Flaw> {
        while let Some(child) = self.xml.child()? {
            if child.name() == "component" {
                return self.component(&child).map(Some);
            }
            self.xml.skip()?;
        }
        Ok(None)
    }

    // It recurses no deeper than the elements of a document may nest.
    fn component(&mut self, element: &Element<'a>) -> Result<Part<'a>, Flaw> {
        let mut inner = Vec::new();
        let mut draft = Draft {
            reference: element.attribute("bom-ref")?,
            component_type: element.attribute("type")?,
            ..Draft::default()
        };
        let mut name = None;
        while let Some(child) = self.xml.child()? {
            match child.name() {
                "group" => self.once(&mut draft.group, "group")?,
                "name" => self.once(&mut name, "name")?,
                "version" => self.once(&mut draft.version, "version")?,
                "purl" => self.once(&mut draft.purl, "purl")?,
                "cpe" | "swhid" => draft.identified |= !self.xml.text()?.trim().is_empty(),
                "swid" => {
                    let has_id = child.attribute("tagId")?.is_some_and(|id| !id.trim().is_empty());
                    draft.identified |= has_id;
                    self.xml.skip()?;
                }
                "releaseNotes" => {
                    while let Some(note) = self.xml.child()? {
                        match note.name() {
                            "timestamp" => self.once(&mut draft.released, "timestamp")?,
                            _ => self.xml.skip()?,
                        }
                    }
                }
                "supplier" => {
                    let supplier = self.supplier()?;
                    if draft.supplier.is_some() {
                        return Err("a component has `supplier` twice".to_owned());
                    }
                    draft.supplier = supplier;
                }
                "licenses" => self.licenses(&mut draft.licenses)?,
                "hashes" => {
                    while let Some(hash) = self.xml.child()? {
                        let algorithm = hash.attribute("alg")?.unwrap_or_default();
                        let value = self.xml.text()?;
                        draft.hashes.push((algorithm, value));
                    }
                }
                "externalReferences" => self.references(&mut draft.references)?,
                "components" => {
                    while let Some(part) = self.next_component()? {
                        inner.push(part);
                    }
                }
                _ => self.xml.skip()?,
            }
        }
        draft.name = name.ok_or("a component has no `name`")?;
        Ok(Part { draft, inner })
    }

    fn supplier(&mut self) -> Result<Option<Cow<'a, str>>, Flaw> {
        let (mut name, mut url) = (None, None);
        while let Some(child) = self.xml.child()? {
            match child.name() {
                "name" => self.once(&mut name, "name")?,
                "url" => {
                    let text = self.xml.text()?;
                    url = url.or(Some(text).filter(|text| !text.is_empty()));
                }
                _ => self.xml.skip()?,
            }
        }
        Ok(name.filter(|name| !name.is_empty()).or(url))
    }

    fn licenses(&mut self, licenses: &mut Vec<LicenseDraft<'a>>) -> Result<(), Flaw> {
        while let Some(choice) = self.xml.child()? {
            let how = choice.attribute("acknowledgement")?;
            let how = acknowledgement(how.as_deref());
            let mut add = |text, form| licenses.push(LicenseDraft { text, form, how });
            match choice.name() {
                "expression" => add(self.xml.text()?, LicenseForm::Expression),
                "license" => {
                    let (mut id, mut name) = (None, None);
                    while let Some(child) = self.xml.child()? {
                        match child.name() {
                            "id" => self.once(&mut id, "id")?,
                            "name" => self.once(&mut name, "name")?,
                            _ => self.xml.skip()?,
                        }
                    }
                    if let Some(id) = id {
                        add(id, LicenseForm::Expression);
                    }
                    if let Some(name) = name {
                        add(name, LicenseForm::Name);
                    }
                }
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }

    fn references(
        &mut self,
        references: &mut Vec<(Cow<'a, str>, Cow<'a, str>)>,
    ) -> Result<(), Flaw> {
        while let Some(reference) = self.xml.child()? {
            let kind = reference.attribute("type")?.unwrap_or_default();
            let mut url = None;
            while let Some(child) = self.xml.child()? {
                match child.name() {
                    "url" => self.once(&mut url, "url")?,
                    _ => self.xml.skip()?,
                }
            }
            references.push((kind, url.unwrap_or_default()));
        }
        Ok(())
    }

    /// Reads services, each before those that lie in it.
    fn services(&mut self) -> Result<Vec<ServiceDraft<'a>>, Flaw> {
        let mut services = Vec::new();
        while let Some(service) = self.xml.child()? {
            if service.name() != "service" {
                self.xml.skip()?;
                continue;
            }
            let mut draft = ServiceDraft::default();
            let (mut name, mut inner) = (None, Vec::new());
            while let Some(child) = self.xml.child()? {
                match child.name() {
                    "group" => self.once(&mut draft.group, "group")?,
                    "name" => self.once(&mut name, "name")?,
                    "version" => self.once(&mut draft.version, "version")?,
                    "endpoints" => {
                        while self.xml.child()?.is_some() {
                            draft.endpoints.push(self.xml.text()?);
                        }
                    }
                    "services" => inner.append(&mut self.services()?),
                    _ => self.xml.skip()?,
                }
            }
            draft.name = name.ok_or("a service has no `name`")?;
            services.push(draft);
            services.append(&mut inner);
        }
        Ok(services)
    }

    /// Reads tools: a list of them, and since 1.5 also lists of components and services.
    fn tools(&mut self) -> Result<(), Flaw> {
        while let Some(child) = self.xml.child()? {
            match child.name() {
                "tool" => self.tool()?,
                "components" | "services" => {
                    while self.xml.child()?.is_some() {
                        self.tool()?;
                    }
                }
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }

    fn tool(&mut self) -> Result<(), Flaw> {
        let (mut name, mut version) = (None, None);
        while let Some(child) = self.xml.child()? {
            match child.name() {
                "name" => self.once(&mut name, "name")?,
                "version" => self.once(&mut version, "version")?,
                _ => self.xml.skip()?,
            }
        }
        self.builder.tool(name.as_deref().unwrap_or_default(), version.as_deref());
        Ok(())
    }

    fn lifecycles(&mut self) -> Result<(), Flaw> {
        while self.xml.child()?.is_some() {
            let (mut phase, mut name) = (None, None);
            while let Some(child) = self.xml.child()? {
                match child.name() {
                    "phase" => self.once(&mut phase, "phase")?,
                    "name" => self.once(&mut name, "name")?,
                    _ => self.xml.skip()?,
                }
            }
            phase.iter().chain(&name).for_each(|word| self.builder.lifecycle(word));
        }
        Ok(())
    }

    fn dependencies(&mut self) -> Result<(), Flaw> {
        while let Some(dependency) = self.xml.child()? {
            if dependency.name() != "dependency" {
                self.xml.skip()?;
                continue;
            }
            let from = reference(&dependency)?;
            self.builder.stated(DocumentField::Dependencies, !from.is_empty());
            while let Some(child) = self.xml.child()? {
                if child.name() == "dependency" {
                    self.builder.dependency(from.clone(), reference(&child)?);
                }
                self.xml.skip()?;
            }
        }
        Ok(())
    }

    /// Reads a text that may stand once: two readers could take a different one of two.
    fn once(&mut self, text: &mut Once<'a>, name: &str) -> Result<(), Flaw> {
        let read = self.xml.text()?;
        match text.replace(read) {
            None => Ok(()),
            Some(_) => Err(format!("an element has `{name}` twice")),
        }
    }
}

fn reference<'a>(dependency: &Element<'a>) -> Result<Cow<'a, str>, Flaw> {
    dependency.attribute("ref")?.ok_or_else(|| "a dependency has no `ref`".to_owned())
}
