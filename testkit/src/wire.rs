//! Requests whose every part can be changed.

use countersign::{
    Claim, Expires, Payload, ReceivedBody, Request, Signer, Timestamp, Verified, Verifier, VerifyError,
};

use crate::keys::look_up;
use crate::parties::{now, signer, verifier};

/// The host of the requests.
pub const HOST: &str = "examplebucket.s3.amazonaws.com";

/// A request as it is sent. Every part can be changed, before and after it is signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Wire {
    /// The method.
    pub method: String,
    /// The request target: a path and a query, or a whole URL.
    pub target: String,
    /// The header fields in the order in which they are sent.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Wire {
    /// Returns a request to [`HOST`].
    pub fn new(method: &str, target: &str) -> Self {
        let headers = vec![("Host".into(), HOST.into())];
        Self { method: method.into(), target: target.into(), headers, body: Vec::new() }
    }

    /// Returns a GET request with a query.
    pub fn get() -> Self {
        Self::new("GET", "/folder/test.txt?prefix=a%20b&versions=")
    }

    /// Returns a PUT request with a body.
    pub fn put() -> Self {
        Self::new("PUT", "/folder/test.txt").with("Content-Type", "text/plain").body("Welcome to Amazon S3.")
    }

    /// Replaces the body.
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Replaces the method.
    pub fn method(mut self, method: &str) -> Self {
        self.method = method.into();
        self
    }

    /// Replaces the request target.
    pub fn target(mut self, target: impl Into<String>) -> Self {
        self.target = target.into();
        self
    }

    /// Appends a header field.
    pub fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.into(), value.as_ref().to_vec()));
        self
    }

    /// Removes all header fields of this name.
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(found, _)| !found.eq_ignore_ascii_case(name));
        self
    }

    /// Removes all header fields of this name, of which there must be one, and appends another.
    pub fn set(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        assert!(self.value(name).is_some(), "no header {name} in {self:?}");
        self.without(name).with(name, value)
    }

    /// Replaces the first `from` in the target, which must contain it.
    pub fn retarget(mut self, from: &str, to: &str) -> Self {
        assert!(self.target.contains(from), "no {from} in {}", self.target);
        self.target = self.target.replacen(from, to, 1);
        self
    }

    /// Replaces the first `from` in the `Authorization` header, which must contain it.
    pub fn reauthorize(self, from: &str, to: &str) -> Self {
        let value = String::from_utf8(self.value("authorization").unwrap().to_vec()).unwrap();
        assert!(value.contains(from), "no {from} in {value}");
        self.set("authorization", value.replacen(from, to, 1))
    }

    /// Returns the value of the first header field of this name.
    pub fn value(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| &value[..])
    }

    /// Returns the value of the first header field of this name, which must be UTF-8.
    pub fn text(&self, name: &str) -> &str {
        core::str::from_utf8(self.value(name).unwrap()).unwrap()
    }
}

/// What countersign makes of the request.
impl Wire {
    /// Calls `read` with the request as countersign takes it.
    pub fn view<T>(&self, read: impl FnOnce(&Request<'_>) -> T) -> T {
        let headers: Vec<(&str, &[u8])> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        read(&Request::from_bytes(&self.method, &self.target, &headers))
    }

    /// Adds the headers of `signer`'s signature at [`NOW`](crate::NOW).
    pub fn signed_by(self, signer: &Signer) -> Self {
        let added = self.view(|view| signer.sign(view, Payload::Bytes(&self.body), now())).unwrap();
        added.iter().fold(self, |wire, (name, value)| wire.with(name, value))
    }

    /// Adds the headers of [`signer`]'s signature.
    pub fn signed(self) -> Self {
        self.signed_by(&signer())
    }

    /// Adds the parameters of `signer`'s signature at [`NOW`](crate::NOW), for an hour.
    pub fn presigned_by(self, signer: &Signer) -> Self {
        let url = self.view(|view| signer.presign(view, Expires::HOUR, now())).unwrap();
        self.target(url.path_and_query())
    }

    /// Adds the parameters of [`signer`]'s signature.
    pub fn presigned(self) -> Self {
        self.presigned_by(&signer())
    }

    /// Reads the signature and checks the body.
    pub fn claim(&self, verifier: &Verifier, now: Timestamp) -> Result<Claim, VerifyError> {
        self.view(|view| verifier.claim(view, ReceivedBody::Bytes(&self.body), now))
    }

    /// Reads the signature before the body is read.
    pub fn claim_unread(&self, verifier: &Verifier) -> Result<Claim, VerifyError> {
        self.view(|view| verifier.claim(view, ReceivedBody::Unread, now()))
    }

    /// Verifies the request with the key from [`look_up`], and calls `read` with the result.
    pub fn verify_at<T>(
        &self,
        verifier: &Verifier,
        now: Timestamp,
        read: impl FnOnce(Verified) -> T,
    ) -> Result<T, VerifyError> {
        let claim = self.claim(verifier, now)?;
        let key = look_up(claim.claimed_access_key_id()).map(|credentials| claim.derive_key(&credentials));
        Ok(read(claim.verify(key.as_ref())?))
    }

    /// Verifies the request at [`NOW`](crate::NOW).
    pub fn verify_by(&self, verifier: &Verifier) -> Result<(), VerifyError> {
        self.verify_at(verifier, now(), |_| ())
    }

    /// Verifies the request with [`verifier`].
    pub fn verify(&self) -> Result<(), VerifyError> {
        self.verify_by(&verifier())
    }

    /// Calls `read` with the verified request.
    pub fn verified<T>(&self, read: impl FnOnce(Verified) -> T) -> T {
        self.verify_at(&verifier(), now(), read).unwrap()
    }

    /// Returns the canonical request that `verifier` computes.
    pub fn canonical(&self, verifier: &Verifier) -> Result<Vec<u8>, VerifyError> {
        self.claim(verifier, now()).map(|claim| claim.explain().canonical_request().as_bytes().to_vec())
    }
}
