//! What types of package URLs ask for beyond the general rules, by their definitions
//! (<https://github.com/package-url/purl-spec/tree/main/types>).
//!
//! Requirements are enforced where the official test suite has a case for one. The others are left
//! alone, for documents in the field break them (`pkg:golang/stdlib` has no namespace), and a package
//! URL that is refused is one that no ban can meet.

use std::borrow::Cow;

use super::parts::{Parts, lower};

/// Whether slashes divide the name of a package of this type, too.
pub(super) fn name_has_slashes(package_type: &str) -> bool {
    package_type == "git"
}

/// Normalises the parts, and checks what the type requires of them. The error says what is wrong.
pub(super) fn apply(parts: &mut Parts) -> Result<(), &'static str> {
    let package_type = parts.package_type.clone();
    let package_type = &*package_type;
    if namespace_is_lower(package_type) {
        lower(&mut parts.namespace);
    }
    if name_is_lower(package_type) || is_on_databricks(parts) {
        lower(&mut parts.name);
    }
    if matches!(package_type, "huggingface" | "oci" | "pypi" | "vscode-extension") {
        lower(&mut parts.version);
    }
    match package_type {
        "pypi" => replace(&mut parts.name, |c| c == '_', '-'),
        "pub" => replace(&mut parts.name, |c| !c.is_ascii_alphanumeric() && c != '_', '_'),
        _ => {}
    }
    check(package_type, parts)
}

fn namespace_is_lower(package_type: &str) -> bool {
    name_and_namespace_are_lower(package_type) || matches!(package_type, "qpkg" | "rpm" | "yocto")
}

fn name_is_lower(package_type: &str) -> bool {
    name_and_namespace_are_lower(package_type)
        || matches!(package_type, "bitnami" | "chrome-extension" | "oci" | "otp" | "pub" | "pypi")
}

fn name_and_namespace_are_lower(package_type: &str) -> bool {
    matches!(
        package_type,
        "alpm"
            | "apk"
            | "bitbucket"
            | "brew"
            | "composer"
            | "deb"
            | "git"
            | "github"
            | "hex"
            | "luarocks"
            | "vscode-extension"
    )
}

/// Whether names mean the same in any case because of where models are kept.
fn is_on_databricks(parts: &Parts) -> bool {
    parts.package_type == "mlflow" && parts.qualifier("repository_url").contains("databricks")
}

fn replace(text: &mut Cow<str>, which: impl Fn(char) -> bool, with: char) {
    if text.chars().any(&which) {
        let replaced = text.chars().map(|c| if which(c) { with } else { c }).collect();
        *text = Cow::Owned(replaced);
    }
}

fn check(package_type: &str, parts: &Parts) -> Result<(), &'static str> {
    match package_type {
        "swift" | "vscode-extension" if parts.namespace.is_empty() => {
            Err("packages of its type have a namespace")
        }
        "otp" | "vcpkg" if !parts.namespace.is_empty() => {
            Err("packages of its type have no namespace")
        }
        "julia" if parts.qualifier("uuid").is_empty() => {
            Err("packages of its type have the qualifier `uuid`")
        }
        "cpan" if parts.name.contains("::") => {
            Err("its name is a module, and packages of its type are distributions")
        }
        "chrome-extension" if !is_extension_id(&parts.name) => {
            Err("names of its type are 32 letters from `a` to `p`")
        }
        "chrome-extension" if !is_extension_version(&parts.version) => {
            Err("versions of its type are at most four numbers with dots between")
        }
        _ => Ok(()),
    }
}

fn is_extension_id(name: &str) -> bool {
    name.len() == 32 && name.bytes().all(|byte| (b'a'..=b'p').contains(&byte))
}

fn is_extension_version(version: &str) -> bool {
    let is_number = |n: &str| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit());
    version.is_empty() || (version.split('.').count() <= 4 && version.split('.').all(is_number))
}

/// Whether names that differ in case alone may be two packages of the type, though [`folded`] takes
/// them for one.
pub(super) fn may_know_case(text: &str) -> bool {
    text.starts_with("pkg:golang/") || text.starts_with("pkg:npm/")
}

/// What two names of one package have in common where the canonical texts may differ: none where it
/// is the text itself. The text is the canonical one from the scheme to the name.
///
/// - `nuget` compares names in any case, and the definition keeps the case.
/// - `golang` and `npm` know case, but older definitions and many programs write their names in lower
///   case, so that one module or package has two spellings.
/// - `pypi` takes runs of `-`, `_` and `.` for one dash (PEP 503), and the definition keeps dots.
/// - An encoded slash in a name is how some programs write a namespace: `%40babel%2Fcore`.
pub(super) fn folded(text: &str) -> Option<Box<str>> {
    let package_type = text.strip_prefix("pkg:")?.split_once('/')?.0;
    let mut folded = Cow::Borrowed(text);
    if folded.contains("%2F") {
        folded = Cow::Owned(folded.replace("%2F", "/"));
    }
    match package_type {
        "golang" | "npm" | "nuget" => lower(&mut folded),
        "pypi" if folded.contains('.') || folded.contains("--") => {
            let mut one_dash = String::with_capacity(folded.len());
            for c in folded.chars().map(|c| if c == '.' { '-' } else { c }) {
                if c != '-' || !one_dash.ends_with('-') {
                    one_dash.push(c);
                }
            }
            folded = Cow::Owned(one_dash);
        }
        _ => {}
    }
    match folded {
        Cow::Owned(folded) => Some(folded.into_boxed_str()),
        Cow::Borrowed(_) => None,
    }
}
