//! `packages`: what package URLs and versions mean. Knowledge and no evidence, so that nothing is noted as
//! read.

use std::cmp::Ordering;
use std::sync::Arc;

use lockgate_evidence::package::{self, Location, NotALocation, Purl, Range, Scheme};
use wasmtime::Result;
use wasmtime::component::Resource;

use super::{Answer, NoAnswer, invalid, malformed, out_of_range};
use crate::bindings::lockgate::policy::packages::{Host, HostRange, Order, PackageUrl};
use crate::bindings::lockgate::policy::types::Refusal;
use crate::state::State;

/// The longest text that is read: the longest package URLs seen have some hundreds of bytes.
const MAX_TEXT: usize = 4 << 10;

/// How often a byte of a text is looked at, about.
const PASSES: usize = 8;

/// What a version of a range takes, about.
const VERSION_BYTES: usize = 128;

/// Behind the resource `range`.
#[derive(Clone)]
pub struct PackageRange(Arc<Range>);

impl Host for State {
    fn purl(&mut self, text: String) -> Answer<PackageUrl> {
        self.package_text(&[&text])?;
        match text.parse::<Purl>() {
            Ok(purl) => Ok(self.package_url(&purl)?),
            Err(why) => malformed(why.to_string()),
        }
    }

    fn vers(&mut self, text: String) -> Answer<Resource<PackageRange>> {
        self.package_text(&[&text])?;
        match text.parse::<Range>() {
            Ok(range) => {
                self.hold(range.width().saturating_mul(VERSION_BYTES))?;
                Ok(self.hand_out(PackageRange(Arc::new(range)))?)
            }
            Err(why) => malformed(why.to_string()),
        }
    }

    fn compare(&mut self, scheme: String, first: String, second: String) -> Answer<Order> {
        self.package_text(&[&scheme, &first, &second])?;
        let Some(scheme) = Scheme::of(&scheme).filter(|known| known.as_str() == scheme) else {
            return invalid(format!("`{scheme}` is not a scheme of versions"));
        };
        match scheme.compare(&first, &second) {
            Ok(Ordering::Less) => Ok(Order::Before),
            Ok(Ordering::Equal) => Ok(Order::Equal),
            Ok(Ordering::Greater) => Ok(Order::After),
            Err(why) => malformed(why.to_string()),
        }
    }

    fn scheme(&mut self, package_type: String) -> Result<Option<String>> {
        self.enter()?;
        self.charge_bytes(package_type.len())?;
        Scheme::of(&package_type).map(|scheme| self.text(scheme.as_str())).transpose()
    }

    fn inexact(&mut self, package_type: Option<String>, version: String) -> Result<Option<String>> {
        self.enter()?;
        self.charge_bytes(version.len().saturating_mul(PASSES))?;
        package::inexact(package_type.as_deref(), &version).map(|why| self.text(why)).transpose()
    }

    fn location(&mut self, text: String) -> Answer<String> {
        self.package_text(&[&text])?;
        let location: Location = text.parse()?;
        Ok(self.text(&location.to_string())?)
    }

    fn lies_in(&mut self, location: String, place: String) -> Answer<bool> {
        self.package_text(&[&location, &place])?;
        let place: Location = place.parse()?;
        Ok(place.covers(&location.parse()?))
    }

    fn registries(&mut self, package_type: String) -> Result<Vec<String>> {
        self.enter()?;
        self.charge_bytes(package_type.len())?;
        package::default_registries(&package_type).iter().map(|place| self.text(place)).collect()
    }
}

impl From<NotALocation> for NoAnswer {
    fn from(why: NotALocation) -> Self {
        Self::Refused(Refusal::Malformed(why.to_string()))
    }
}

impl State {
    /// Texts that are about to be read: none is long, and all are paid for.
    fn package_text(&mut self, texts: &[&str]) -> Answer<()> {
        self.enter()?;
        for text in texts {
            self.charge_bytes(text.len().saturating_mul(PASSES))?;
            if text.len() > MAX_TEXT {
                let (is, most) = (text.len(), MAX_TEXT);
                return out_of_range(format!("{is} bytes, and {most} are read"));
            }
        }
        Ok(())
    }

    fn package_url(&mut self, purl: &Purl) -> Result<PackageUrl> {
        let qualifiers = purl.qualifiers().map(|(key, value)| {
            let key = self.text(key)?;
            Ok((key, self.text(value)?))
        });
        let qualifiers = qualifiers.collect::<Result<_>>()?;
        let mut part = |text: Option<&str>| text.map(|text| self.text(text)).transpose();
        let namespace = part(purl.namespace())?;
        let version = part(purl.version())?;
        let subpath = part(purl.subpath())?;
        Ok(PackageUrl {
            text: self.text(&purl.to_string())?,
            package_type: self.text(purl.package_type())?,
            namespace,
            name: self.text(purl.name())?,
            version,
            qualifiers,
            subpath,
        })
    }
}

impl HostRange for State {
    fn scheme(&mut self, handle: Resource<PackageRange>) -> Result<String> {
        self.enter()?;
        let PackageRange(range) = self.at(&handle)?;
        self.text(range.scheme().as_str())
    }

    fn contains(&mut self, handle: Resource<PackageRange>, version: String) -> Answer<bool> {
        self.package_text(&[&version])?;
        let PackageRange(range) = self.at(&handle)?;
        self.charge_rows(range.width())?;
        match range.contains(&version) {
            Ok(is) => Ok(is),
            Err(why) => malformed(why.to_string()),
        }
    }

    fn drop(&mut self, handle: Resource<PackageRange>) -> Result<()> {
        self.take_back(handle)
    }
}
