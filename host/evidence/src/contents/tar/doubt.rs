//! In which ways an entry of a tar is ambiguous by itself.

use super::super::ambiguity::Code;
use super::header::Header;
use super::kind::Kind;
use super::name;
use super::pax::Extended;

/// From here on a size does not fit into eleven octal digits, so writers state it in front only.
const FITS_OCTAL: u64 = 1 << 33;

/// What is ambiguous about one entry.
#[derive(Default)]
pub(super) struct Doubts(Vec<(Code, String)>);

impl Doubts {
    /// All that was found.
    pub(super) fn all(self) -> Vec<(Code, String)> {
        self.0
    }

    fn header(&mut self, detail: &str) {
        self.0.push((Code::ConflictingHeader, detail.to_owned()));
    }

    fn name(&mut self, detail: &str) {
        self.0.push((Code::ConflictingName, detail.to_owned()));
    }

    /// The whole of a path or a target, of up to three places that state it.
    pub(super) fn whole(
        &mut self,
        what: &str,
        field: &[u8],
        long: Option<Vec<u8>>,
        extended: Option<&Vec<u8>>,
    ) -> Vec<u8> {
        if let (Some(long), Some(extended)) = (&long, extended)
            && long != extended
        {
            self.name(&format!("its long {what} and its extended header differ"));
        }
        let Some(whole) = extended.cloned().or(long) else { return field.to_vec() };
        if !name::agrees(field, &whole) {
            self.name(&format!("its header and what stands in front of it state two {what}s"));
        } else if whole.contains(&0) {
            self.name(&format!("its {what} has a NUL, at which some readers end it"));
        }
        whole
    }

    /// What is stated in more than one place.
    pub(super) fn stated_twice(&mut self, header: &Header, is_twice: bool, extended: &Extended) {
        if is_twice {
            self.header("what stands in front of its header stands there twice");
        }
        if extended.contradicts_itself {
            self.header("one key of its extended header has two values");
        }
        if header.is_joined_in_doubt {
            self.name("readers join the two fields of its path in different ways");
        }
        if extended.size.is_some_and(|size| size != header.size && size < FITS_OCTAL) {
            self.header("its header and its extended header state two sizes");
        }
    }

    /// What its kind and its size say together.
    pub(super) fn kind(&mut self, kind: &Kind, size: u64, is_sparse: bool) {
        if !kind.has_content && size > 0 {
            self.header("it is no file and has a size, after which some readers look for bytes");
        }
        if let Some(doubt) = kind.doubt {
            self.header(doubt);
        }
        if is_sparse {
            self.header("only parts of it are there, and some readers take them for the whole");
        }
    }
}
