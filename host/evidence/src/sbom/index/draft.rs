//! What a reader hands over: borrowed from the document, and as it stands there.

use std::borrow::Cow;

use crate::sbom::Acknowledgement;
use crate::sbom::component::LicenseForm;

/// What a reader finds of one component. The default states nothing.
#[derive(Debug, Default)]
pub(in crate::sbom) struct Draft<'a> {
    /// What dependencies call it: `bom-ref` or `SPDXID`.
    pub(in crate::sbom) reference: Option<Cow<'a, str>>,
    pub(in crate::sbom) group: Option<Cow<'a, str>>,
    pub(in crate::sbom) name: Cow<'a, str>,
    pub(in crate::sbom) version: Option<Cow<'a, str>>,
    pub(in crate::sbom) purl: Option<Cow<'a, str>>,
    pub(in crate::sbom) component_type: Option<Cow<'a, str>>,
    pub(in crate::sbom) supplier: Option<Cow<'a, str>>,
    pub(in crate::sbom) licenses: Vec<LicenseDraft<'a>>,
    /// Algorithm and value. One without the other states nothing.
    pub(in crate::sbom) hashes: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// Kind and locator, in the document's order. Without a locator it states nothing.
    pub(in crate::sbom) references: Vec<(Cow<'a, str>, Cow<'a, str>)>,
    /// When it was released, in RFC 3339. Anything else states nothing.
    pub(in crate::sbom) released: Option<Cow<'a, str>>,
    /// Whether databases know it by something else than a package URL.
    pub(in crate::sbom) identified: bool,
}

/// One license statement of a component.
#[derive(Debug)]
pub(in crate::sbom) struct LicenseDraft<'a> {
    pub(in crate::sbom) text: Cow<'a, str>,
    pub(in crate::sbom) form: LicenseForm,
    pub(in crate::sbom) how: Option<Acknowledgement>,
}

/// What a reader finds of one service.
#[derive(Debug, Default)]
pub(in crate::sbom) struct ServiceDraft<'a> {
    pub(in crate::sbom) group: Option<Cow<'a, str>>,
    pub(in crate::sbom) name: Cow<'a, str>,
    pub(in crate::sbom) version: Option<Cow<'a, str>>,
    pub(in crate::sbom) endpoints: Vec<Cow<'a, str>>,
}
