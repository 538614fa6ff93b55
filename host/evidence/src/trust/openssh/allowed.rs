//! Lines of an `allowed_signers` file: principals, options, key (ssh-keygen(1), ALLOWED SIGNERS).

use lockgate_model::Instant;

use super::{TrustError, Validity, broken, is_type};

/// One line; its key is still text.
pub(super) struct Line<'a> {
    /// A pattern list.
    pub(super) principals: &'a str,
    pub(super) is_authority: bool,
    /// A pattern list; none: every namespace.
    pub(super) namespaces: Option<String>,
    pub(super) validity: Validity,
    pub(super) key: &'a str,
}

impl<'a> Line<'a> {
    pub(super) fn read(line: &'a str) -> Result<Self, TrustError> {
        let (principals, rest) = word(line);
        if principals.contains('"') {
            return Err(broken("its principals are quoted, which is not read"));
        }
        let mut read = Self {
            principals,
            is_authority: false,
            namespaces: None,
            validity: Validity::default(),
            key: rest,
        };
        let (first, behind) = word(rest);
        if !is_type(first) {
            if !is_type(word(behind).0) {
                return Err(broken("a line is not principals, options and a key"));
            }
            for option in parts(first, ',') {
                read.option(option)?;
            }
            read.key = behind;
        }
        Ok(read)
    }

    fn option(&mut self, option: &str) -> Result<(), TrustError> {
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value)),
            None => (option, None),
        };
        let value = value.map(|value| {
            let inner = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
            inner.filter(|inner| !inner.contains('"')).ok_or(broken("an option is not quoted"))
        });
        match (name.to_ascii_lowercase().as_str(), value.transpose()?) {
            ("cert-authority", None) => self.is_authority = true,
            ("namespaces", Some(list)) if self.namespaces.is_none() => {
                self.namespaces = Some(list.to_owned());
            }
            ("valid-after", Some(time)) if self.validity.not_before.is_none() => {
                self.validity.not_before = Some(instant(time)?);
            }
            ("valid-before", Some(time)) if self.validity.not_after.is_none() => {
                self.validity.not_after = Some(instant(time)?);
            }
            _ => return Err(broken("an option is not known, or given twice")),
        }
        Ok(())
    }
}

/// The first word, in which blanks may be quoted, and what follows it.
fn word(line: &str) -> (&str, &str) {
    let first = parts(line, ' ').next().unwrap_or_default();
    (first, line[first.len()..].trim_start())
}

/// The parts of a text between separators that are not quoted; a blank stands for any.
fn parts(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c: char| {
        quoted ^= c == '"';
        !quoted && (c == separator || (separator == ' ' && c.is_ascii_whitespace()))
    })
}

/// A moment as OpenSSH writes it: `YYYYMMDD`, with `HHMM` or `HHMMSS` behind. Without a `Z` it is
/// in the host's time zone, and then the same file would mean different moments on two hosts.
fn instant(text: &str) -> Result<Instant, TrustError> {
    const WHAT: &str = "a time is not `YYYYMMDDZ`, `YYYYMMDDHHMMZ` or `YYYYMMDDHHMMSSZ` (in UTC, \
                        with the `Z`)";
    let digits = text.strip_suffix('Z').filter(|text| text.bytes().all(|b| b.is_ascii_digit()));
    let digits = digits.ok_or(broken(WHAT))?;
    let (date, time) = digits.split_at_checked(8).ok_or(broken(WHAT))?;
    let (year, month, day) = (&date[..4], &date[4..6], &date[6..]);
    let (hour, minute, second) = match time.len() {
        0 => ("00", "00", "00"),
        4 => (&time[..2], &time[2..], "00"),
        6 => (&time[..2], &time[2..4], &time[4..]),
        _ => return Err(broken(WHAT)),
    };
    let written = format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z");
    written.parse().map_err(|_| broken(WHAT))
}
