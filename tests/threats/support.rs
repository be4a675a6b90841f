//! Requests as they stand on the wire, a hand that signs what a signer refuses to, and the two
//! questions: is it accepted, how is it refused.

use countersign::{
    BodyRule, Claim, Credentials, Expires, Payload, ReceivedBody, Request, SecretAccessKey, Service, Signer,
    Timestamp, Verified, Verifier, VerifyError,
};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256};

pub(crate) const ID: &str = "AKIAIOSFODNN7EXAMPLE";
pub(crate) const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// A temporary key, with its secret and its token.
pub(crate) const TEMPORARY_ID: &str = "ASIAIOSFODNN7EXAMPLE";
pub(crate) const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLE/+token==";
pub(crate) const HOST: &str = "examplebucket.s3.amazonaws.com";
pub(crate) const NOW: &str = "20130524T120000Z";
pub(crate) const SCOPE: &str = "20130524/us-east-1/s3/aws4_request";
pub(crate) const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
pub(crate) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

pub(crate) fn now() -> Timestamp {
    at(NOW)
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new(ID, SecretAccessKey::new(SECRET)).unwrap()
}

pub(crate) fn temporary() -> Credentials {
    Credentials::new(TEMPORARY_ID, SecretAccessKey::new(SECRET)).unwrap().with_session_token(TOKEN).unwrap()
}

/// The store of keys: a long-term one and a temporary one.
pub(crate) fn look_up(access_key_id: &str) -> Option<Credentials> {
    match access_key_id {
        ID => Some(credentials()),
        TEMPORARY_ID => Some(temporary()),
        _ => None,
    }
}

pub(crate) fn verifier() -> Verifier {
    Verifier::new("us-east-1", Service::S3).unwrap()
}

/// For a service that is not S3.
pub(crate) fn standard_verifier() -> Verifier {
    Verifier::new("us-east-1", Service::new("execute-api")).unwrap()
}

pub(crate) fn signer() -> Signer {
    Signer::new(credentials(), "us-east-1", Service::S3).unwrap()
}

pub(crate) fn temporary_signer() -> Signer {
    Signer::new(temporary(), "us-east-1", Service::S3).unwrap()
}

pub(crate) fn standard_signer() -> Signer {
    Signer::new(credentials(), "us-east-1", Service::new("execute-api")).unwrap()
}

pub(crate) fn sha256(data: &[u8]) -> String {
    hex::encode(Sha256::digest(data))
}

pub(crate) fn hmac(key: &[u8], text: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).unwrap();
    mac.update(text);
    mac.finalize().into_bytes().to_vec()
}

/// A request, with everything in it open to be changed.
#[derive(Clone, Debug)]
pub(crate) struct Wire {
    pub(crate) method: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Wire {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        let headers = vec![("Host".into(), HOST.into())];
        Self { method: method.into(), target: target.into(), headers, body: Vec::new() }
    }

    pub(crate) fn get() -> Self {
        Self::new("GET", "/folder/test.txt?prefix=a%20b&versions=")
    }

    pub(crate) fn put() -> Self {
        Self::new("PUT", "/folder/test.txt").with("Content-Type", "text/plain").body("Welcome to Amazon S3.")
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn method(mut self, method: &str) -> Self {
        self.method = method.into();
        self
    }

    pub(crate) fn target(mut self, target: impl Into<String>) -> Self {
        self.target = target.into();
        self
    }

    /// One more header, behind the others.
    pub(crate) fn with(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.into(), value.as_ref().to_vec()));
        self
    }

    /// Without the headers of that name.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(found, _)| !found.eq_ignore_ascii_case(name));
        self
    }

    /// The header of that name with another value.
    pub(crate) fn set(self, name: &str, value: impl AsRef<[u8]>) -> Self {
        assert!(self.value(name).is_some(), "{name} is there to be changed");
        self.without(name).with(name, value)
    }

    /// One text of the target for another.
    pub(crate) fn retarget(mut self, from: &str, to: &str) -> Self {
        assert!(self.target.contains(from), "{from} is in {}", self.target);
        self.target = self.target.replacen(from, to, 1);
        self
    }

    /// One text of the `Authorization` header for another.
    pub(crate) fn reauthorize(self, from: &str, to: &str) -> Self {
        let value = String::from_utf8(self.value("authorization").unwrap().to_vec()).unwrap();
        assert!(value.contains(from), "{from} is in {value}");
        self.set("authorization", value.replacen(from, to, 1))
    }

    pub(crate) fn value(&self, name: &str) -> Option<&[u8]> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| &value[..])
    }

    pub(crate) fn text(&self, name: &str) -> &str {
        core::str::from_utf8(self.value(name).unwrap()).unwrap()
    }

    fn view<T>(&self, read: impl FnOnce(&Request<'_>) -> T) -> T {
        let headers: Vec<(&str, &[u8])> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_slice())).collect();
        read(&Request::from_bytes(&self.method, &self.target, &headers))
    }

    /// Signed in headers by a proper signer.
    pub(crate) fn signed_by(self, signer: &Signer) -> Self {
        let added = self.view(|view| signer.sign(view, Payload::Bytes(&self.body), now())).unwrap();
        added.iter().fold(self, |wire, (name, value)| wire.with(name, value))
    }

    pub(crate) fn signed(self) -> Self {
        self.signed_by(&signer())
    }

    /// Signed in the query by a proper signer, for an hour.
    pub(crate) fn presigned_by(self, signer: &Signer) -> Self {
        let url = self.view(|view| signer.presign(view, Expires::HOUR, now())).unwrap();
        self.target(url.target())
    }

    pub(crate) fn presigned(self) -> Self {
        self.presigned_by(&signer())
    }

    pub(crate) fn claim(&self, verifier: &Verifier, now: Timestamp) -> Result<Claim, VerifyError> {
        self.view(|view| verifier.claim(view, ReceivedBody::Bytes(&self.body), now))
    }

    pub(crate) fn claim_unread(&self, verifier: &Verifier) -> Result<Claim, VerifyError> {
        self.view(|view| verifier.claim(view, ReceivedBody::Unread, now()))
    }

    /// What verifying comes to, and what the proven request says.
    pub(crate) fn verify_at<T>(
        &self,
        verifier: &Verifier,
        now: Timestamp,
        read: impl FnOnce(Verified<'_>) -> T,
    ) -> Result<T, VerifyError> {
        let claim = self.claim(verifier, now)?;
        let key = look_up(claim.access_key_id()).map(|credentials| claim.key(&credentials));
        claim.verify(key.as_ref()).map(read)
    }

    pub(crate) fn verify_by(&self, verifier: &Verifier) -> Result<(), VerifyError> {
        self.verify_at(verifier, now(), |_| ())
    }

    pub(crate) fn verify(&self) -> Result<(), VerifyError> {
        self.verify_by(&verifier())
    }

    pub(crate) fn verified<T>(&self, read: impl FnOnce(Verified<'_>) -> T) -> T {
        self.verify_at(&verifier(), now(), read).unwrap()
    }

    /// The canonical request that a verifier computes.
    pub(crate) fn canonical(&self, verifier: &Verifier) -> Result<Vec<u8>, VerifyError> {
        self.claim(verifier, now()).map(|claim| claim.explain().canonical_request().as_bytes().to_vec())
    }
}

#[track_caller]
pub(crate) fn accepted(wire: &Wire) {
    accepted_by(&verifier(), wire);
}

#[track_caller]
pub(crate) fn accepted_by(verifier: &Verifier, wire: &Wire) {
    assert_eq!(wire.verify_by(verifier), Ok(()), "{wire:?}");
}

/// Refused with this error, S3's code for it, and its status.
#[track_caller]
pub(crate) fn refused(wire: &Wire, error: &VerifyError, code: &str, status: u16) {
    refused_by(&verifier(), wire, error, code, status);
}

#[track_caller]
pub(crate) fn refused_by(verifier: &Verifier, wire: &Wire, error: &VerifyError, code: &str, status: u16) {
    let found = wire.verify_by(verifier).unwrap_err();
    assert_eq!(&found, error, "{wire:?}");
    assert_eq!((found.code(), found.status()), (code, status));
}

/// Refused because the signature is of another request.
#[track_caller]
pub(crate) fn mismatches(wire: &Wire) {
    refused(wire, &VerifyError::SignatureDoesNotMatch, "SignatureDoesNotMatch", 403);
}

/// Signs by hand, with every part open. What it writes into the canonical request is what
/// stands in the request: give it canonical spelling.
#[derive(Clone)]
pub(crate) struct Hand {
    pub(crate) secret: String,
    pub(crate) id: String,
    pub(crate) algorithm: String,
    /// Of the string to sign, and of the header or parameter.
    pub(crate) time: String,
    pub(crate) scope: String,
    /// *SignedHeaders*; all that are there otherwise.
    pub(crate) list: Option<String>,
    /// The payload line; what the request says otherwise.
    pub(crate) payload: Option<String>,
    pub(crate) expires: String,
    pub(crate) token: Option<String>,
    /// Whether an absent header is signed as an empty one, or left out.
    pub(crate) absent_is_empty: bool,
    /// The signature of a string to sign.
    pub(crate) signs: fn(&Self, &str) -> String,
}

impl Hand {
    pub(crate) fn new() -> Self {
        Self {
            secret: SECRET.into(),
            id: ID.into(),
            algorithm: "AWS4-HMAC-SHA256".into(),
            time: NOW.into(),
            scope: SCOPE.into(),
            list: None,
            payload: None,
            expires: "3600".into(),
            token: None,
            absent_is_empty: false,
            signs: Self::hmac,
        }
    }

    pub(crate) fn scope(mut self, scope: &str) -> Self {
        self.scope = scope.into();
        self
    }

    pub(crate) fn time(mut self, time: &str) -> Self {
        self.time = time.into();
        self
    }

    pub(crate) fn list(mut self, list: &str) -> Self {
        self.list = Some(list.into());
        self
    }

    pub(crate) fn payload(mut self, line: &str) -> Self {
        self.payload = Some(line.into());
        self
    }

    pub(crate) fn expires(mut self, expires: &str) -> Self {
        self.expires = expires.into();
        self
    }

    pub(crate) fn token(mut self, token: &str) -> Self {
        self.token = Some(token.into());
        self
    }

    pub(crate) fn id(mut self, id: &str) -> Self {
        self.id = id.into();
        self
    }

    pub(crate) fn secret(mut self, secret: &str) -> Self {
        self.secret = secret.into();
        self
    }

    pub(crate) fn algorithm(mut self, algorithm: &str) -> Self {
        self.algorithm = algorithm.into();
        self
    }

    pub(crate) fn absent_is_empty(mut self) -> Self {
        self.absent_is_empty = true;
        self
    }

    /// In headers, adding `x-amz-date` and `x-amz-content-sha256` where they are missing.
    pub(crate) fn sign(&self, mut wire: Wire) -> Wire {
        if wire.value("x-amz-date").is_none() {
            wire = wire.with("x-amz-date", &self.time);
        }
        if wire.value("x-amz-content-sha256").is_none() {
            let line = self.payload.clone().unwrap_or_else(|| sha256(&wire.body));
            wire = wire.with("x-amz-content-sha256", line);
        }
        self.sign_as_it_is(wire)
    }

    /// In headers, adding only `Authorization`.
    pub(crate) fn sign_as_it_is(&self, wire: Wire) -> Wire {
        let list = self.list_of(&wire);
        let line = self.payload.clone().unwrap_or_else(|| match wire.value("x-amz-content-sha256") {
            Some(line) => String::from_utf8_lossy(line).trim().to_owned(),
            None => sha256(&wire.body),
        });
        let signature = self.signature(&wire, &list, &line);
        let (algorithm, id, scope) = (&self.algorithm, &self.id, &self.scope);
        let value =
            format!("{algorithm} Credential={id}/{scope}, SignedHeaders={list}, Signature={signature}");
        wire.with("Authorization", value)
    }

    /// In the query.
    pub(crate) fn presign(&self, mut wire: Wire) -> Wire {
        let list = self.list_of(&wire);
        let hash = wire.value("x-amz-content-sha256").filter(|_| list.contains("x-amz-content-sha256"));
        let line = self.payload.clone().unwrap_or_else(|| {
            hash.map_or_else(|| UNSIGNED.into(), |hash| String::from_utf8_lossy(hash).trim().to_owned())
        });
        let encode = countersign::uri::encode;
        wire.target += if wire.target.contains('?') { "&" } else { "?" };
        wire.target += &format!(
            "X-Amz-Algorithm={}&X-Amz-Credential={}&X-Amz-Date={}&X-Amz-Expires={}&X-Amz-SignedHeaders={}",
            encode(&self.algorithm),
            encode(&format!("{}/{}", self.id, self.scope)),
            encode(&self.time),
            encode(&self.expires),
            encode(&list),
        );
        if let Some(token) = &self.token {
            wire.target += &format!("&X-Amz-Security-Token={}", encode(token));
        }
        let signature = self.signature(&wire, &list, &line);
        wire.target += &format!("&X-Amz-Signature={signature}");
        wire
    }

    fn list_of(&self, wire: &Wire) -> String {
        self.list.clone().unwrap_or_else(|| {
            let mut names: Vec<String> =
                wire.headers.iter().map(|(name, _)| name.to_ascii_lowercase()).collect();
            names.sort();
            names.dedup();
            names.join(";")
        })
    }

    fn signature(&self, wire: &Wire, list: &str, line: &str) -> String {
        let (_, origin) = wire.target.split_once("://").map_or(("", &wire.target[..]), |(_, rest)| {
            rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()))
        });
        let (path, query) = origin.split_once('?').unwrap_or((origin, ""));
        let mut pairs: Vec<(&str, &str)> = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .collect();
        pairs.sort_unstable();
        let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let path = if path.is_empty() { "/" } else { path };
        let mut text = format!("{}\n{path}\n{}\n", wire.method, pairs.join("&")).into_bytes();
        for name in list.split(';') {
            let named = |(found, _): &&(String, Vec<u8>)| found.eq_ignore_ascii_case(name);
            let values: Vec<&[u8]> =
                wire.headers.iter().filter(named).map(|(_, value)| value.trim_ascii()).collect();
            if !values.is_empty() || self.absent_is_empty {
                text.extend_from_slice(name.to_ascii_lowercase().as_bytes());
                text.push(b':');
                text.extend_from_slice(&values.join(&b","[..]));
                text.push(b'\n');
            }
        }
        text.extend_from_slice(format!("\n{list}\n{line}").as_bytes());
        let to_sign = format!("{}\n{}\n{}\n{}", self.algorithm, self.time, self.scope, sha256(&text));
        (self.signs)(self, &to_sign)
    }

    fn hmac(&self, to_sign: &str) -> String {
        let key = self
            .scope
            .split('/')
            .fold(format!("AWS4{}", self.secret).into_bytes(), |key, part| hmac(&key, part.as_bytes()));
        hex::encode(hmac(&key, to_sign.as_bytes()))
    }
}

/// A key of zeros instead of the derived one.
pub(crate) fn signature_under(key: &[u8], wire: &Wire) -> String {
    let claim = wire.claim(&verifier(), now()).unwrap();
    hex::encode(hmac(key, claim.explain().string_to_sign().as_str().as_bytes()))
}

/// The right signature of a request, whatever it carries.
pub(crate) fn right_signature(claim: &Claim) -> String {
    let scope = claim.scope();
    let key = countersign::steps::SigningKey::derive(&SecretAccessKey::new(SECRET), &scope);
    key.sign(&claim.explain().string_to_sign()).to_string()
}

#[test]
fn the_hand_signs_as_the_signer_does() {
    let header = Wire::put().signed();
    let by_hand = Hand::new().sign(Wire::put());
    assert_eq!(header.text("authorization"), by_hand.text("authorization"));
    accepted(&by_hand);
    accepted(&header);

    accepted(&Wire::get().presigned());
    accepted(&Hand::new().presign(Wire::get()));
    accepted(&Hand::new().presign(Wire::put().with("x-amz-content-sha256", sha256(&Wire::put().body))));
    assert_eq!(header.verified(|verified| verified.body()), BodyRule::Checked);
}
