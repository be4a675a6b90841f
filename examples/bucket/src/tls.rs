//! The certificates that a connection trusts, and the reasons why a server has none of them.

use std::error::Error as StdError;
use std::path::PathBuf;
use std::sync::Arc;

use hyper_rustls::ConfigBuilderExt;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{CertificateError, ClientConfig, RootCertStore};

use crate::Error;

/// The AWS CLI and the AWS SDKs read the same variable.
const BUNDLE: &str = "AWS_CA_BUNDLE";

/// The reason why a TLS connection was not made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TlsProblem {
    #[error("its certificate is not signed by an authority that is trusted here")]
    UnknownAuthority,
    #[error("its certificate is for another name: {0}")]
    OtherName(String),
    #[error("its certificate has expired")]
    Expired,
    #[error("its certificate is not valid yet")]
    NotYetValid,
    #[error("it uses the certificate of an authority (CA:TRUE) as its own")]
    AuthorityAsServer,
    #[error("its certificate is not valid: {0}")]
    Invalid(String),
    #[error("its answer is not TLS")]
    NotTls,
}

impl TlsProblem {
    /// Finds the problem in the chain of an error.
    pub(crate) fn find(error: &(dyn StdError + 'static)) -> Option<Self> {
        std::iter::successors(Some(error), |error| (**error).source())
            .find_map(|error| Self::of(content(error).downcast_ref()?))
    }

    fn of(error: &rustls::Error) -> Option<Self> {
        let invalid = match error {
            rustls::Error::InvalidCertificate(invalid) => invalid,
            rustls::Error::InvalidMessage(_) => return Some(Self::NotTls),
            _ => return None,
        };
        Some(match invalid {
            // The signature is bad if an authority of the same name with another key is trusted.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::UnknownAuthority,
            CertificateError::NotValidForName => Self::OtherName("it does not say which".to_owned()),
            CertificateError::NotValidForNameContext { presented, .. } => {
                Self::OtherName(presented.join(", "))
            }
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            // The type of this error is private to rustls.
            CertificateError::Other(other) if format!("{other:?}").contains("CaUsedAsEndEntity") => {
                Self::AuthorityAsServer
            }
            other => Self::Invalid(other.to_string()),
        })
    }

    /// Returns what the user can do next.
    pub fn advice(&self) -> String {
        match self {
            Self::UnknownAuthority if path().is_some() => format!(
                "{BUNDLE} is set, so only the authorities in its file are trusted: add the certificate of this \
                 server's authority, or unset {BUNDLE}"
            ),
            Self::UnknownAuthority => format!(
                "set {BUNDLE} to a PEM file with the certificate of the authority that signed the server's, if the \
                 authority is your own"
            ),
            Self::OtherName(_) => "use a name of the certificate in the endpoint; --style path keeps the bucket out \
                                   of the host name"
                .to_owned(),
            Self::Expired | Self::NotYetValid => {
                "renew the server's certificate, or set this machine's clock".to_owned()
            }
            Self::AuthorityAsServer => {
                "make the server's certificate with basicConstraints=CA:FALSE (openssl req -x509 makes CA:TRUE unless \
                 -addext says so)"
                    .to_owned()
            }
            Self::Invalid(_) => "replace the server's certificate".to_owned(),
            Self::NotTls => "use http:// in the endpoint, or the port on which the server speaks TLS".to_owned(),
        }
    }
}

/// Returns the error in an `io::Error`, also in one in another. It is not the source of the `io::Error`.
fn content<'e>(error: &'e (dyn StdError + 'static)) -> &'e (dyn StdError + 'static) {
    match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
        Some(inner) => content(inner),
        None => error,
    }
}

/// Returns the settings of a client that trusts the authorities in the file of `AWS_CA_BUNDLE` and no others,
/// or else those of the system, which `SSL_CERT_FILE` replaces on Linux.
pub(crate) fn client() -> Result<ClientConfig, Error> {
    // ring compiles without cmake.
    let ring = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(ring).with_safe_default_protocol_versions();
    let config = config.map_err(|error| Error::Tls(error.into()))?;
    let config = match bundle()? {
        Some(Bundle { roots, .. }) => config.with_root_certificates(roots),
        None => config.try_with_platform_verifier().map_err(|error| Error::Tls(error.into()))?,
    };
    Ok(config.with_no_client_auth())
}

/// The file of `AWS_CA_BUNDLE`.
pub(crate) struct Bundle {
    #[cfg_attr(not(feature = "aws"), expect(dead_code, reason = "the client of the AWS SDK reads it"))]
    pub pem: Vec<u8>,
    roots: RootCertStore,
}

/// Reads the file that `AWS_CA_BUNDLE` names.
pub(crate) fn bundle() -> Result<Option<Bundle>, Error> {
    path().map(|path| read(&path).map_err(|reason| Error::Bundle { path, reason })).transpose()
}

fn read(path: &PathBuf) -> Result<Bundle, String> {
    let pem = std::fs::read(path).map_err(|error| error.to_string())?;
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| error.to_string())?;
        roots.add(certificate).map_err(|error| error.to_string())?;
    }
    match roots.is_empty() {
        true => Err("it contains no certificate in PEM".to_owned()),
        false => Ok(Bundle { pem, roots }),
    }
}

/// A variable that is set to nothing names no file.
fn path() -> Option<PathBuf> {
    std::env::var_os(BUNDLE).filter(|path| !path.is_empty()).map(PathBuf::from)
}
