//! A trusted identity: who a certificate was issued to, by whom, and under which root.
//!
//! All of it is matched: the root, so that a private authority cannot mint a public identity; the
//! issuer, so that one login service cannot speak for another; the subject as a whole, and its type
//! and the extensions where they are asked for.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use lockgate_model::{Digest, Kind};
use sha2::{Digest as _, Sha256};

use super::TrustError;
use super::mandate::Mandate;
use super::pattern::{Pattern, PatternText};
use super::validity::Validity;
use crate::sigstore::{Certificate, Name};

/// One `[[trust.identity]]`.
#[derive(Debug, Clone, Default)]
pub struct IdentityEntry {
    /// What findings and policies call this signer.
    pub name: String,
    /// The root under which its certificates are issued; none: the only one.
    pub root: Option<String>,
    /// The OIDC issuer that Fulcio writes into the certificate, compared exactly; none: the
    /// certificate has to name none, as those of GitHub's releases.
    pub issuer: Option<String>,
    /// What the certificate's subject alternative name is.
    pub subject: Option<PatternText>,
    /// Which type the subject alternative name has; none: any.
    pub subject_type: Option<SubjectType>,
    /// Certificate extensions that have to be there, each with what its value is.
    pub extensions: BTreeMap<Extension, PatternText>,
    /// The kinds that it may vouch for; none: every kind that is not a decision about others'
    /// evidence.
    pub kinds: Option<Vec<Kind>>,
    /// When it may vouch.
    pub validity: Validity,
}

/// The type of a subject alternative name (RFC 5280, section 4.2.1.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SubjectType {
    /// `uniformResourceIdentifier`: a workflow or another workload.
    Uri,
    /// `rfc822Name`: a person's address.
    Email,
}

impl SubjectType {
    /// All of them, with the words for them in policy files.
    pub const ALL: &[(Self, &'static str)] = &[(Self::Uri, "uri"), (Self::Email, "email")];
}

macro_rules! extensions {
    ($($(#[$doc:meta])* $variant:ident = $word:literal;)*) => {
        /// A certificate extension that Fulcio fills from a CI system's token, with its number under
        /// `1.3.6.1.4.1.57264.1` (Fulcio's `docs/oid-info.md`).
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Extension { $($(#[$doc])* $variant,)* }

        impl Extension {
            /// Every extension, in the order of their numbers.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// The word for it in policy files: Fulcio's name in kebab-case.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }
        }
    };
}

extensions! {
    /// `.9`: the workflow that requested the signature, with its ref.
    BuildSignerUri = "build-signer-uri";
    /// `.10`: the commit of that workflow.
    BuildSignerDigest = "build-signer-digest";
    /// `.11`: `github-hosted` or `self-hosted`.
    RunnerEnvironment = "runner-environment";
    /// `.12`: the repository that was built.
    SourceRepositoryUri = "source-repository-uri";
    /// `.13`: the commit that was built.
    SourceRepositoryDigest = "source-repository-digest";
    /// `.14`: the ref that was built, for example `refs/tags/v1`.
    SourceRepositoryRef = "source-repository-ref";
    /// `.15`: the repository's number, which renaming does not change.
    SourceRepositoryIdentifier = "source-repository-identifier";
    /// `.16`: the repository's owner.
    SourceRepositoryOwnerUri = "source-repository-owner-uri";
    /// `.17`: the owner's number.
    SourceRepositoryOwnerIdentifier = "source-repository-owner-identifier";
    /// `.18`: the workflow file at the top, with its ref.
    BuildConfigUri = "build-config-uri";
    /// `.19`: the commit of that file.
    BuildConfigDigest = "build-config-digest";
    /// `.20`: the event that started the build, for example `push`.
    BuildTrigger = "build-trigger";
    /// `.21`: the run.
    RunInvocationUri = "run-invocation-uri";
    /// `.22`: `public`, `private` or `internal`.
    SourceRepositoryVisibilityAtSigning = "source-repository-visibility-at-signing";
    /// `.23`: the deployment environment that the build was for.
    DeploymentEnvironment = "deployment-environment";
}

impl fmt::Display for Extension {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that stands for no extension.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no certificate extension that is known")]
pub struct UnknownExtension(pub String);

impl FromStr for Extension {
    type Err = UnknownExtension;

    fn from_str(word: &str) -> Result<Self, UnknownExtension> {
        let known = Self::ALL.iter().find(|extension| extension.as_str() == word);
        known.copied().ok_or_else(|| UnknownExtension(word.to_owned()))
    }
}

/// A trusted identity, ready to be matched.
#[derive(Debug)]
pub(crate) struct Identity {
    pub(crate) mandate: Mandate,
    /// The name of its root.
    pub(crate) root: String,
    issuer: Option<String>,
    subject: Pattern,
    subject_type: Option<SubjectType>,
    extensions: BTreeMap<Extension, Pattern>,
    /// A digest of all that the entry asks for: two that ask for the same are one.
    pub(crate) id: Digest,
}

impl Identity {
    /// Reads an entry. `roots` are the names of those that there are.
    pub(super) fn read(entry: IdentityEntry, roots: &[&str]) -> Result<Self, TrustError> {
        let root = match (&entry.root, roots) {
            (_, []) => return Err(TrustError::NoRoot),
            (Some(root), _) if !roots.contains(&root.as_str()) => {
                let known = roots.join("`, `");
                return Err(TrustError::UnknownRoot { root: root.clone(), known });
            }
            (Some(root), _) => root.clone(),
            (None, [only]) => (*only).to_owned(),
            (None, several) => return Err(TrustError::WhichRoot { known: several.join("`, `") }),
        };
        let pattern = |field: &str, written| {
            Pattern::new(written)
                .map_err(|source| TrustError::Pattern { field: field.to_owned(), source })
        };
        if entry.issuer.as_ref().is_some_and(String::is_empty) {
            return Err(TrustError::NoIssuer);
        }
        let subject = pattern("subject", entry.subject.ok_or(TrustError::NoSubject)?)?;
        let extensions = entry.extensions.into_iter();
        let extensions: BTreeMap<_, _> = extensions
            .map(|(extension, written)| Ok((extension, pattern(extension.as_str(), written)?)))
            .collect::<Result<_, TrustError>>()?;
        if !entry.validity.has_moments() {
            return Err(TrustError::NoMoment);
        }
        let kinds = entry.kinds.map(FromIterator::from_iter);
        let mandate = Mandate { name: entry.name, kinds, validity: entry.validity };
        let mut identity = Self {
            mandate,
            root,
            issuer: entry.issuer,
            subject,
            subject_type: entry.subject_type,
            extensions,
            id: Digest::from_sha256([0; 32]),
        };
        identity.id = identity.derive_id();
        Ok(identity)
    }

    /// The digest of everything that is matched.
    fn derive_id(&self) -> Digest {
        let mut parts = vec![
            format!("root {}", self.root),
            format!("issuer {:?}", self.issuer),
            format!("subject {:?}", self.subject.written()),
            format!("type {:?}", self.subject_type),
        ];
        let extension =
            |(name, pattern): (&Extension, &Pattern)| format!("{name} {:?}", pattern.written());
        parts.extend(self.extensions.iter().map(extension));
        digest_of(parts.iter().map(String::as_str))
    }

    /// Why a certificate is not this identity's; none where it is. The first part that differs, in
    /// the order in which a reader asks: root, issuer, subject, extensions.
    pub(crate) fn differs(&self, root: &str, certificate: &Certificate) -> Option<Difference> {
        let wanted = |written: &PatternText| written.to_string();
        if self.root != root {
            return Some(Difference::new(0, "root", format!("`{}`", self.root)));
        }
        if certificate.issuer != self.issuer {
            let issuer = self.issuer.as_ref();
            let wanted =
                issuer.map_or_else(|| "`false`".to_owned(), |issuer| format!("`{issuer}`"));
            return Some(Difference::new(1, "issuer", wanted));
        }
        let subject_type = certificate.subject.as_ref().map(Name::subject_type);
        if self.subject_type.is_some() && self.subject_type != subject_type {
            let words = SubjectType::ALL.iter();
            let word = words.filter(|(known, _)| Some(*known) == self.subject_type);
            let word = word.map(|(_, word)| format!("`{word}`")).collect();
            return Some(Difference::new(2, "subject-type", word));
        }
        let subject = certificate.subject.as_ref().map(Name::as_str);
        if !subject.is_some_and(|subject| self.subject.matches(subject)) {
            return Some(Difference::new(2, "subject", wanted(self.subject.written())));
        }
        self.extensions.iter().find_map(|(extension, pattern)| {
            let value = certificate.extensions.get(extension);
            if value.is_some_and(|value| pattern.matches(value)) {
                return None;
            }
            let (field, wanted) = (extension.as_str(), wanted(pattern.written()));
            Some(Difference { closeness: 3, field, wanted, found: value.cloned() })
        })
    }
}

/// The digest of several texts, each behind its length.
pub(crate) fn digest_of<'t>(parts: impl IntoIterator<Item = &'t str>) -> Digest {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    Digest::from_sha256(hash.finalize().into())
}

/// What of a certificate is not as an identity asks for.
#[derive(Debug)]
pub(crate) struct Difference {
    /// How much is as it asks for: the more, the likelier was this identity meant.
    pub(crate) closeness: u8,
    pub(crate) field: &'static str,
    /// In backticks already.
    pub(crate) wanted: String,
    /// The value of an extension; a stranger's text.
    pub(crate) found: Option<String>,
}

impl Difference {
    fn new(closeness: u8, field: &'static str, wanted: String) -> Self {
        Self { closeness, field, wanted, found: None }
    }
}
