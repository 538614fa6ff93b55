//! What a certificate says, as ours.

use std::collections::BTreeMap;

use sigstore_verify::crypto::{CertificateInfo, SubjectAltName};

use crate::sigstore::{Certificate, Name};
use crate::trust::Extension;

/// What a certificate says of whom it was issued to.
pub(super) fn certificate(info: &CertificateInfo) -> Certificate {
    let subject = match &info.identity {
        Some(SubjectAltName::Uri(uri)) => Some(Name::Uri(uri.clone())),
        Some(SubjectAltName::Email(email)) => Some(Name::Email(email.clone())),
        // A type that a later version of the library reads is not one that a policy file names.
        _ => None,
    };
    let claims = &info.ci_claims;
    let value = |extension| match extension {
        Extension::BuildSignerUri => &claims.build_signer_uri,
        Extension::BuildSignerDigest => &claims.build_signer_digest,
        Extension::RunnerEnvironment => &claims.runner_environment,
        Extension::SourceRepositoryUri => &claims.source_repository_uri,
        Extension::SourceRepositoryDigest => &claims.source_repository_digest,
        Extension::SourceRepositoryRef => &claims.source_repository_ref,
        Extension::SourceRepositoryIdentifier => &claims.source_repository_identifier,
        Extension::SourceRepositoryOwnerUri => &claims.source_repository_owner_uri,
        Extension::SourceRepositoryOwnerIdentifier => &claims.source_repository_owner_identifier,
        Extension::BuildConfigUri => &claims.build_config_uri,
        Extension::BuildConfigDigest => &claims.build_config_digest,
        Extension::BuildTrigger => &claims.build_trigger,
        Extension::RunInvocationUri => &claims.run_invocation_uri,
        Extension::SourceRepositoryVisibilityAtSigning => {
            &claims.source_repository_visibility_at_signing
        }
        Extension::DeploymentEnvironment => &claims.deployment_environment,
    };
    let extensions: BTreeMap<_, _> = Extension::ALL
        .iter()
        .filter_map(|extension| Some((*extension, value(*extension).clone()?)))
        .collect();
    Certificate { subject, issuer: info.issuer.clone(), extensions }
}
