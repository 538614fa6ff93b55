//! Globs for whole paths, as the host matches them.
//!
//! `*` stands for any characters but `/`, `**` for any at all, `?` for one character but `/`; everything
//! else stands for itself. Questions about entries are put to the host; what is here is for the rest.

/// The longest glob that the host takes, in bytes.
const MAX_LENGTH: usize = 4 << 10;

/// What is wrong with a glob for paths inside an archive, if anything is: it would match nothing, or
/// has a character that whoever writes it expects to be special.
#[must_use]
pub fn problem(glob: &str) -> Option<String> {
    let odd = glob.chars().find(|c| matches!(c, '[' | ']' | '{' | '}' | '\\'));
    Some(match odd {
        Some(c) => format!("`{c}` has no meaning here: `*`, `**` and `?` are special in a glob"),
        None if glob.is_empty() => "an empty glob matches nothing, for example `etc/**`".into(),
        None if glob.len() > MAX_LENGTH => "a glob has 4096 bytes at the most".into(),
        None if glob.starts_with('/') || glob.starts_with("./") => {
            "paths inside an archive begin with neither `/` nor `./`: leave it out".into()
        }
        None if glob.ends_with('/') => {
            format!("no path ends with `/`: write `{glob}**` for all that is in the folder")
        }
        None if glob.split('/').any(|segment| matches!(segment, "" | "." | "..")) => {
            "no path has an empty segment, `.` or `..` in it: leave it out".into()
        }
        None => return None,
    })
}

/// All that somebody means who writes a glob for paths: `**/` at its beginning also stands for
/// nothing, and the layers of an image may have `/` before every path. Ask the host for each.
#[must_use]
pub fn spellings(glob: &str) -> Vec<String> {
    let mut spellings = vec![glob.to_owned(), ["/", glob].concat()];
    if let Some(rest) = glob.strip_prefix("**/").filter(|rest| !rest.is_empty()) {
        spellings.push(rest.to_owned());
        spellings.push(["/", rest].concat());
    }
    spellings
}

/// Whether a glob, or what else is meant by it, matches a whole path.
#[must_use]
pub fn means(glob: &str, path: &str) -> bool {
    spellings(glob).iter().any(|spelling| matches(spelling, path))
}

/// Whether a glob matches a whole text.
///
/// Takes as many steps as the lengths of the two multiplied, at the most.
#[must_use]
pub fn matches(glob: &str, text: &str) -> bool {
    let glob: Vec<char> = glob.chars().collect();
    // Whether what stands before each place of the glob matches what was read of the text.
    let mut reached = vec![false; glob.len() + 1];
    reached[0] = true;
    for place in 0..glob.len() {
        reached[place + 1] = reached[place] && glob[place] == '*';
    }
    for character in text.chars() {
        let mut before = reached[0];
        reached[0] = false;
        let mut any = false;
        for (place, special) in glob.iter().enumerate() {
            let here = reached[place + 1];
            reached[place + 1] = match special {
                // It ends before this character, or it takes it.
                '*' => {
                    let crosses = glob.get(place + 1) == Some(&'*')
                        || place.checked_sub(1).and_then(|at| glob.get(at)) == Some(&'*');
                    reached[place]
                        || (here && (crosses || character != '/'))
                        || (before && (crosses || character != '/'))
                }
                '?' => before && character != '/',
                other => before && *other == character,
            };
            any |= reached[place + 1];
            before = here;
        }
        if !any {
            return false;
        }
    }
    reached[glob.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stays_within_a_folder_and_two_do_not() {
        for (glob, path) in [
            ("etc/*", "etc/passwd"),
            ("etc/*", "etc/"),
            ("**", "a/b"),
            ("**/*.pem", "a/b/c.pem"),
            ("**.pem", "c.pem"),
            ("a?c", "a\u{e9}c"),
            ("a***c", "a/b/c"),
            ("a***c", "ac"),
            ("*", "line\nfeed"),
            ("a*b*c", "axxbxxbc"),
            ("*a/**b*", "xa/y/zb"),
            ("a", "a"),
            ("", ""),
        ] {
            assert!(matches(glob, path), "{glob} {path}");
        }
        for (glob, path) in [
            ("etc/*", "etc/ssl/cert"),
            ("etc", "etc/passwd"),
            ("tc/*", "etc/passwd"),
            ("**/*.pem", "c.pem"),
            ("*a", "a/a"),
            ("a*", "a/"),
            ("*b", "a/b"),
            ("a?c", "a/c"),
            ("a.c", "abc"),
            ("", "a"),
            ("a", ""),
            ("ab", "a"),
        ] {
            assert!(!matches(glob, path), "{glob} {path}");
        }
    }

    #[test]
    fn what_is_meant_is_more_than_what_is_written() {
        for path in ["c.pem", "/c.pem", "a/c.pem", "/a/b/c.pem"] {
            assert!(means("**/*.pem", path), "{path}");
        }
        assert!(means("etc/*", "/etc/passwd"));
        assert!(!means("etc/*", "a/etc/passwd"));
        assert!(!means("etc/*", "//etc/passwd"));
    }

    #[test]
    fn a_glob_that_would_match_nothing_is_a_problem() {
        for glob in ["", "/etc", "./etc", "etc/", "*.{a,b}", "[ab]", "a\\b", "a//b", "a/../b"] {
            assert!(problem(glob).is_some(), "{glob}");
        }
        for glob in ["**", "etc/**", "a b", "*.pem", ".env", "a/**/b", "..a/b"] {
            assert_eq!(problem(glob), None, "{glob}");
        }
    }
}
