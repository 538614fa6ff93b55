//! The bytes of an archive, hashed as they are read.

use std::io::{self, BufRead, Read};

use lockgate_model::Digest;
use sha2::{Digest as _, Sha256};

use super::Stop;

/// How much is read at once: a read costs little beside the hash of so much, and it stays in the
/// second-level cache.
const BUFFER: usize = 256 << 10;

/// Something that a tar is read from.
pub(super) trait Stream {
    /// Reads some bytes; none at the end only, or where there is no room.
    fn read(&mut self, room: &mut [u8]) -> Result<usize, Stop>;
}

/// A handle whose bytes are hashed as they are read, each once and in order.
pub(super) struct Source<R> {
    inner: R,
    buffer: Vec<u8>,
    /// What of the buffer was not yet taken.
    from: usize,
    to: usize,
    sha256: Sha256,
    /// How many bytes were read, and how many more may be.
    read: u64,
    left: u64,
    broke: Option<io::Error>,
}

/// What a whole pass has seen.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// How many bytes.
    pub(crate) size: u64,
    /// Their digest.
    pub(crate) digest: Digest,
}

impl<R: Read> Source<R> {
    /// A handle at its beginning, which is to have so many bytes. One more is read, to see whether it
    /// grew.
    pub(super) fn new(inner: R, size: u64) -> Self {
        let buffer = vec![0; BUFFER];
        let left = size.saturating_add(1);
        Self { inner, buffer, from: 0, to: 0, sha256: Sha256::new(), read: 0, left, broke: None }
    }

    /// How many bytes were taken.
    pub(super) fn taken(&self) -> u64 {
        self.read - (self.to - self.from) as u64
    }

    /// The first bytes, without taking them: a buffer full, or all that there are. Only before
    /// anything was taken.
    pub(super) fn peek(&mut self) -> io::Result<&[u8]> {
        while self.from == 0 && self.to < self.buffer.len() && self.more()? > 0 {}
        Ok(self.buffered())
    }

    /// Reads more behind what is buffered.
    fn more(&mut self) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX);
        let end = self.buffer.len().min(self.to.saturating_add(most));
        let room = self.buffer.get_mut(self.to..end).unwrap_or_default();
        let length = loop {
            match self.inner.read(room) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                other => break other?.min(room.len()),
            }
        };
        self.sha256.update(room.get(..length).unwrap_or_default());
        self.to += length;
        self.read += length as u64;
        self.left -= length as u64;
        Ok(length)
    }

    fn buffered(&self) -> &[u8] {
        self.buffer.get(self.from..self.to).unwrap_or_default()
    }

    fn fill(&mut self) -> io::Result<&[u8]> {
        if self.from == self.to {
            (self.from, self.to) = (0, 0);
            self.more()?;
        }
        Ok(self.buffered())
    }

    /// Takes all that is left, which is to be so many bytes; what is more is not taken.
    pub(super) fn all(&mut self, size: u64) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or(0));
        loop {
            let piece = self.fill()?;
            let length = piece.len();
            if length == 0 || (bytes.len() + length) as u64 > size {
                return Ok(bytes);
            }
            bytes.extend_from_slice(piece);
            self.consume(length);
        }
    }

    /// Reads to the end, whatever was taken, and tells what there was.
    pub(super) fn finish(mut self) -> io::Result<Seen> {
        if let Some(error) = self.broke {
            return Err(error);
        }
        loop {
            (self.from, self.to) = (0, 0);
            if self.more()? == 0 {
                break;
            }
        }
        Ok(Seen { size: self.read, digest: Digest::from_sha256(self.sha256.finalize().into()) })
    }

    /// Why reading broke off, if it did while another reader was in between.
    pub(super) fn broke(&mut self) -> Option<io::Error> {
        self.broke.take()
    }
}

impl<R: Read> Stream for Source<R> {
    fn read(&mut self, room: &mut [u8]) -> Result<usize, Stop> {
        let mut piece = self.fill()?;
        let length = piece.read(room)?;
        self.consume(length);
        Ok(length)
    }
}

impl<R: Read> Read for Source<R> {
    fn read(&mut self, room: &mut [u8]) -> io::Result<usize> {
        let mut piece = self.fill_buf()?;
        let length = piece.read(room)?;
        self.consume(length);
        Ok(length)
    }
}

/// For the reader of gzip, which does not tell our errors from its own: what broke is kept aside.
impl<R: Read> BufRead for Source<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if let Err(error) = self.fill() {
            let kind = error.kind();
            self.broke = Some(error);
            return Err(kind.into());
        }
        Ok(self.buffered())
    }

    fn consume(&mut self, length: usize) {
        self.from = self.from.saturating_add(length).min(self.to);
    }
}
