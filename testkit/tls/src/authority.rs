//! [`Authority`]: certificates that are made while a test runs.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::TempDir;

/// A private authority. Its certificate is in a file, for `AWS_CA_BUNDLE`.
pub struct Authority {
    issuer: CertifiedIssuer<'static, KeyPair>,
    folder: TempDir,
}

/// A certificate and its key.
pub struct Certificate {
    pub chain: CertificateDer<'static>,
    pub key: PrivateKeyDer<'static>,
}

impl Authority {
    pub fn new() -> Self {
        let issuer = CertifiedIssuer::self_signed(authority_params("A private authority"), key()).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("ca.pem"), issuer.pem()).unwrap();
        Self { issuer, folder }
    }

    /// Returns the path of the authority's certificate in PEM.
    pub fn bundle(&self) -> PathBuf {
        self.folder.path().join("ca.pem")
    }

    /// Returns a certificate for `localhost` and `127.0.0.1`.
    pub fn localhost(&self) -> Certificate {
        self.sign(params(&["localhost", "127.0.0.1"]))
    }

    /// Returns a certificate for another host.
    pub fn other_name(&self) -> Certificate {
        self.sign(params(&["other.example"]))
    }

    /// Returns a certificate that ended in 2020.
    pub fn expired(&self) -> Certificate {
        let mut params = params(&["localhost", "127.0.0.1"]);
        params.not_before = date_time_ymd(2019, 1, 1);
        params.not_after = date_time_ymd(2020, 1, 1);
        self.sign(params)
    }

    /// Returns a certificate that begins in 4000.
    pub fn not_yet_valid(&self) -> Certificate {
        let mut params = params(&["localhost", "127.0.0.1"]);
        params.not_before = date_time_ymd(4000, 1, 1);
        self.sign(params)
    }

    /// Replaces the authority by a certificate that signs itself, as `openssl req -x509` makes it.
    pub fn self_signed(&self, is_authority: bool) -> Certificate {
        let key = key();
        let mut params = params(&["localhost", "127.0.0.1"]);
        params.is_ca = if is_authority { authority() } else { IsCa::ExplicitNoCa };
        let signed = params.self_signed(&key).unwrap();
        std::fs::write(self.bundle(), signed.pem()).unwrap();
        Certificate { chain: signed.der().clone(), key: key.into() }
    }

    fn sign(&self, params: CertificateParams) -> Certificate {
        let key = key();
        let signed = params.signed_by(&key, &self.issuer).unwrap();
        Certificate { chain: signed.der().clone(), key: key.into() }
    }
}

impl Default for Authority {
    fn default() -> Self {
        Self::new()
    }
}

fn key() -> KeyPair {
    KeyPair::generate().unwrap()
}

fn params(names: &[&str]) -> CertificateParams {
    CertificateParams::new(names.iter().map(ToString::to_string).collect::<Vec<_>>()).unwrap()
}

fn authority_params(name: &str) -> CertificateParams {
    let mut params = params(&[]);
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = authority();
    params
}

fn authority() -> IsCa {
    IsCa::Ca(BasicConstraints::Unconstrained)
}
