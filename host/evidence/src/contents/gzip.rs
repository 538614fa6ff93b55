//! What a gzip inflates to: all its members, one after the other (RFC 1952).

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

use super::caps::Meter;
use super::source::{Source, Stream};
use super::unreadable::{Stop, damaged};

/// How a member begins.
pub(super) const MAGIC: &[u8] = &[0x1f, 0x8b];

/// The bytes inside a gzip.
pub(super) struct Gunzip<'a, R> {
    /// None only while one member is put in the place of another.
    member: Option<GzDecoder<&'a mut Source<R>>>,
    meter: &'a mut Meter,
    /// How many bytes of the gzip the meter knows of.
    metered: u64,
    end: Option<End>,
}

/// What stands behind the last member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// Nothing, or zeros, with which tapes fill their blocks.
    Clean,
    /// Something that is no member.
    Trailing,
}

impl<'a, R: Read> Gunzip<'a, R> {
    /// A source at the beginning of a gzip.
    pub(super) fn new(source: &'a mut Source<R>, meter: &'a mut Meter) -> Self {
        Self { member: Some(GzDecoder::new(source)), meter, metered: 0, end: None }
    }

    /// Inflates whatever is left, so that its checksum is seen, and tells how it ends.
    pub(super) fn end(&mut self) -> Result<End, Stop> {
        let mut room = vec![0; 64 << 10];
        loop {
            if let Some(end) = self.end {
                return Ok(end);
            }
            Stream::read(self, &mut room)?;
        }
    }

    /// Why a member cannot be read: the platform's failure, or the archive's.
    fn why(&mut self, error: &io::Error) -> Stop {
        let Some(source) = self.member.as_mut().map(GzDecoder::get_mut) else {
            return damaged(0, "its gzip cannot be read").into();
        };
        match source.broke() {
            Some(error) => Stop::Broke(error),
            None if error.kind() == io::ErrorKind::UnexpectedEof => {
                damaged(source.taken(), "its gzip ends too early").into()
            }
            None => damaged(source.taken(), "its gzip cannot be inflated, or has another checksum")
                .into(),
        }
    }

    /// Goes on to the next member, if there is one.
    fn next(&mut self) -> io::Result<()> {
        let Some(source) = self.member.take().map(GzDecoder::into_inner) else { return Ok(()) };
        let next = beginning(source);
        let is_member = matches!(next, Ok(Some(first)) if MAGIC.first() == Some(&first));
        self.member = Some(GzDecoder::new(source));
        match next? {
            _ if is_member => {}
            Some(_) => self.end = Some(End::Trailing),
            None => self.end = Some(End::Clean),
        }
        Ok(())
    }
}

/// The first byte behind zeros.
fn beginning(source: &mut impl BufRead) -> io::Result<Option<u8>> {
    loop {
        let piece = source.fill_buf()?;
        let zeros = piece.iter().take_while(|byte| **byte == 0).count();
        match piece.get(zeros) {
            Some(byte) => return Ok(Some(*byte)),
            None if zeros == 0 => return Ok(None),
            None => source.consume(zeros),
        }
    }
}

impl<R: Read> Stream for Gunzip<'_, R> {
    fn read(&mut self, room: &mut [u8]) -> Result<usize, Stop> {
        while self.end.is_none() && !room.is_empty() {
            let Some(member) = &mut self.member else { break };
            let read = member.read(room);
            let taken = member.get_ref().taken();
            let length = read.map_err(|error| self.why(&error))?;
            self.meter.compressed(taken.saturating_sub(self.metered));
            self.metered = taken;
            self.meter.inflated(length as u64)?;
            if length > 0 {
                return Ok(length);
            }
            self.next().map_err(|error| self.why(&error))?;
        }
        Ok(0)
    }
}
