//! The layers of an image in an OCI layout, from the lowest to the highest.
//!
//! Each is a tar, with gzip or without, and is what its digest says: it is hashed while it is read,
//! and none of what was read counts if the digest is another. Nothing is merged: a path that a layer
//! replaces is listed with each, and what takes paths away (`.wh.…`) is listed as it is. The manifest
//! and its config are not listed, but they are searched.

use std::io;

use super::caps::{Caps, Meter};
use super::gzip::{self, End, Gunzip};
use super::listing::{Listing, Root};
use super::source::Source;
use super::unreadable::{Stop, Unreadable};
use super::{Code, Contents, tar};
use crate::layout::{Layer, Layout};
use crate::reason::quoted;

/// Where the manifest and the config of an image are told to be. No entry has a path that ends so.
const MANIFEST: &str = "image:manifest/";
const CONFIG: &str = "image:config/";

/// The most bytes of a config: a registry takes manifests of four mebibytes, and no config is longer.
const MAX_CONFIG: u64 = 4 << 20;

/// How the media types of layers end, of which those of OCI and Docker alike are made.
const PLAIN: &[&str] = &[".tar"];
const GZIP: &[&str] = &[".tar+gzip", ".tar.gzip"];
const ZSTD: &[&str] = &[".tar+zstd", ".tar.zstd"];

/// Reads all layers of the manifest that was chosen.
///
/// # Errors
///
/// A blob cannot be read to its end.
pub(crate) fn of_image(layout: &Layout, caps: &Caps) -> io::Result<Result<Contents, Unreadable>> {
    let Some(layers) = &layout.layers else { return Ok(Err(Unreadable::Index)) };
    let mut listing = Listing::new(caps);
    let mut meter = Meter::new(*caps);
    for layer in layers {
        match read(layout, layer, &mut listing, &mut meter) {
            Ok(()) => {}
            Err(Stop::Unreadable(why)) => return Ok(Err(why)),
            Err(Stop::Broke(error)) => return Err(error),
        }
    }
    // What is shipped beside the layers: variables, labels, and how each layer was made.
    listing.document(CONFIG, layout.config(MAX_CONFIG)?);
    listing.document(MANIFEST, Ok(layout.manifest.clone()));
    Ok(Ok(listing.finish("oci-layout")))
}

fn read(
    layout: &Layout,
    layer: &Layer,
    listing: &mut Listing,
    meter: &mut Meter,
) -> Result<(), Stop> {
    let refuse = |reason: String| Unreadable::Layer { layer: layer.shown.clone(), reason };
    let ends = |with: &[&str]| with.iter().any(|end| layer.media_type.ends_with(end));
    let is_gzip = ends(GZIP);
    if ends(ZSTD) {
        return Err(refuse("is compressed by zstd, which is not read".to_owned()).into());
    }
    if !is_gzip && !ends(PLAIN) {
        let found = quoted(&layer.media_type);
        return Err(refuse(format!("has the media type {found}, which is not one of a tar")).into());
    }
    let digest = layer.blob.clone().map_err(refuse)?;
    let opened = layout.open_blob(digest, layer.size);
    let (file, size) = opened.map_err(|reason| refuse(format!("cannot be read: {reason}")))?;
    let mut source = Source::new(file, size);
    let read = if source.peek()?.starts_with(gzip::MAGIC) == is_gzip {
        unpacked(&mut source, is_gzip, listing, meter)
    } else {
        let found = quoted(&layer.media_type);
        Err(refuse(format!("has the media type {found}, and begins otherwise")).into())
    };
    if let Err(Stop::Broke(error)) = read {
        return Err(error.into());
    }
    // Whatever is wrong with it, it is first asked whether it is the layer at all.
    let found = source.finish()?.digest;
    if found != digest {
        let reason = format!("is another one: its blob has the digest {found}");
        return Err(refuse(reason).into());
    }
    match read {
        Err(Stop::Unreadable(Unreadable::NoArchive)) => {
            return Err(refuse("holds no tar".to_owned()).into());
        }
        Err(Stop::Unreadable(reason @ Unreadable::Damaged { .. })) => {
            let reason = Box::new(reason);
            return Err(Unreadable::InLayer { layer: digest, reason }.into());
        }
        other => other?,
    }
    listing.end_layer(Root::Container, Some(digest));
    Ok(())
}

fn unpacked(
    source: &mut Source<cap_std::fs::File>,
    is_gzip: bool,
    listing: &mut Listing,
    meter: &mut Meter,
) -> Result<(), Stop> {
    if !is_gzip {
        return tar::read(source, listing);
    }
    let mut gunzip = Gunzip::new(source, meter);
    tar::read(&mut gunzip, listing)?;
    if gunzip.end()? == End::Trailing {
        let detail = "bytes that are no gzip stand behind the end of a layer";
        listing.flag(Code::TrailingData, None, detail);
    }
    Ok(())
}
