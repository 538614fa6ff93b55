//! One page after another, so that no policy stops at the first.

use crate::Failure;
use crate::bindings::lockgate::policy::types::Refusal;

/// How many handles are taken at a time. Each counts against the limit on handles until it is
/// dropped, and a release has a handful of documents of a kind.
pub(crate) const HANDLES: u32 = 16;

/// How many rows are taken at a time: the host's largest page is 256, and half of one of long
/// purls stays under 32 KiB of memory.
pub(crate) const ROWS: u32 = 128;

/// Pages that are asked for by the number of their first element.
pub(crate) fn numbered<T>(
    max: u32,
    mut page: impl FnMut(u32, u32) -> Result<Vec<T>, Refusal>,
) -> impl Iterator<Item = Result<T, Failure>> {
    let mut start = 0_u32;
    paged(move || {
        let got = page(start, max)?;
        // The host counts in `u32`, so there is no page after the last of them.
        start = start.saturating_add(u32::try_from(got.len()).unwrap_or(u32::MAX));
        Ok(got)
    })
}

/// The elements of one page after another, until one is empty or refused.
pub(crate) fn paged<T>(
    mut next: impl FnMut() -> Result<Vec<T>, Refusal>,
) -> impl Iterator<Item = Result<T, Failure>> {
    let mut page = Vec::new().into_iter();
    let mut ended = false;
    std::iter::from_fn(move || {
        if let Some(element) = page.next() {
            return Some(Ok(element));
        }
        if ended {
            return None;
        }
        match next() {
            Ok(got) => page = got.into_iter(),
            Err(refusal) => {
                ended = true;
                return Some(Err(refusal.into()));
            }
        }
        ended = page.len() == 0;
        page.next().map(Ok)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_read_until_one_is_empty() {
        let rows: Vec<u32> = (0..10).collect();
        let read = numbered(4, |start, max| {
            let rest = &rows[start as usize..];
            Ok(rest[..rest.len().min(max as usize)].to_vec())
        });
        assert_eq!(read.collect::<Result<Vec<_>, _>>(), Ok(rows.clone()));
    }

    #[test]
    fn a_refused_page_is_an_error_and_the_end() {
        let mut read = numbered(4, |start, _| match start {
            0 => Ok(vec![1]),
            _ => Err(Refusal::OutOfRange("enough".into())),
        });
        assert_eq!(read.next(), Some(Ok(1)));
        let refused = read.next().map(|row| row.map_err(|failure| failure.to_string()));
        assert_eq!(refused, Some(Err("the host refused, out of range: enough".into())));
        assert_eq!(read.next(), None);
    }
}
