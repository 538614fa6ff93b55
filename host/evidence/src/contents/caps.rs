//! How much of an archive is looked at, and how much of it is kept.

use super::Unreadable;

/// How much of an archive is looked at and kept. What goes beyond [`Caps::inflated`] is listed and
/// not held; what goes beyond any other makes the archive unreadable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// The most bytes that are held in memory of all files together, inflated. A file that no longer
    /// fits is listed with its digest, and a policy that reads it gets no answer.
    pub inflated: u64,
    /// The most bytes that are inflated at all, whether held or not.
    pub total: u64,
    /// How many times as large as its archive all of it may become. Counts from
    /// [`Caps::RATIO_FROM`] bytes on.
    pub ratio: u64,
    /// The most entries.
    pub entries: u64,
    /// The most bytes of all paths and link targets together.
    pub paths: u64,
    /// The most bytes of a zip, which is read from memory, for its directory lies at its end.
    pub zip: u64,
}

impl Caps {
    /// What one evaluation can spare: all files of most images' layers fit, and ten policies share it.
    pub const INFLATED: u64 = 256 << 20;
    /// The largest images in the field have some ten gibibytes. To hash so many takes a minute at
    /// the most.
    pub const TOTAL: u64 = 16 << 30;
    /// Sources and binaries shrink to a third, logs to a twentieth, zeros to a thousandth.
    pub const RATIO: u64 = 200;
    /// Below this a ratio means nothing: one file of zeros in a small archive reaches any, and so
    /// many bytes are inflated in a few seconds.
    pub const RATIO_FROM: u64 = 1 << 30;
    /// Five times the files of the Linux kernel; so many take some hundred mebibytes of memory.
    pub const ENTRIES: u64 = 500_000;
    /// A hundred bytes for each of the most entries, and more than a real archive's.
    pub const PATHS: u64 = 64 << 20;
    /// Larger than wheels, jars and application bundles are.
    pub const ZIP: u64 = 512 << 20;
}

impl Default for Caps {
    fn default() -> Self {
        Self {
            inflated: Self::INFLATED,
            total: Self::TOTAL,
            ratio: Self::RATIO,
            entries: Self::ENTRIES,
            paths: Self::PATHS,
            zip: Self::ZIP,
        }
    }
}

/// Counts what is inflated, over all layers.
#[derive(Debug)]
pub(super) struct Meter {
    caps: Caps,
    inflated: u64,
    /// How many bytes of the archive that came from, as far as it is known.
    compressed: u64,
}

impl Meter {
    pub(super) fn new(caps: Caps) -> Self {
        Self { caps, inflated: 0, compressed: 0 }
    }

    /// So many bytes more were read of an archive.
    pub(super) fn compressed(&mut self, bytes: u64) {
        self.compressed = self.compressed.saturating_add(bytes);
    }

    /// So many bytes more came out.
    pub(super) fn inflated(&mut self, bytes: u64) -> Result<(), Unreadable> {
        self.inflated = self.inflated.saturating_add(bytes);
        if self.inflated > self.caps.total {
            return Err(Unreadable::Bomb { cap: self.caps.total });
        }
        let most = self.compressed.saturating_mul(self.caps.ratio).max(Caps::RATIO_FROM);
        if self.inflated > most {
            return Err(Unreadable::Ratio { ratio: self.caps.ratio });
        }
        Ok(())
    }
}
