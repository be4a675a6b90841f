//! A signer that is independent of countersign.

use crate::keys::{ID, SECRET};
use crate::parties::NOW;
use crate::reference::{ALGORITHM, UNSIGNED, encode, hmac, sha256};
use crate::wire::Wire;

/// The credential scope of S3 on the day of [`NOW`].
pub const SCOPE: &str = "20130524/us-east-1/s3/aws4_request";

/// An independent signer that lets a test choose every part of a signature. It shares no code with countersign.
///
/// It copies path, query and header values into the canonical request as they are: give it requests in canonical form.
#[derive(Clone)]
pub struct Hand {
    /// The secret of the key.
    pub secret: String,
    /// The identifier of the key.
    pub id: String,
    /// The first line of the string to sign.
    pub algorithm: String,
    /// The time in the string to sign, and in the header or parameter.
    pub time: String,
    /// The credential scope.
    pub scope: String,
    /// The list of signed headers; by default, all headers of the request.
    pub list: Option<String>,
    /// The last line of the canonical request; by default, what the request states.
    pub payload: Option<String>,
    /// The lifetime of a URL in seconds.
    pub expires: String,
    /// The session token of a URL.
    pub token: Option<String>,
    /// Signs a listed header that is absent as an empty one, instead of leaving it out.
    pub absent_is_empty: bool,
    /// Computes the signature of a string to sign.
    pub signs: fn(&Self, &str) -> String,
}

impl Default for Hand {
    fn default() -> Self {
        Self::new()
    }
}

impl Hand {
    /// Signs for S3 with the long-term key, at [`NOW`](crate::NOW).
    pub fn new() -> Self {
        Self {
            secret: SECRET.into(),
            id: ID.into(),
            algorithm: ALGORITHM.into(),
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

    /// Replaces the credential scope.
    pub fn scope(mut self, scope: &str) -> Self {
        self.scope = scope.into();
        self
    }

    /// Replaces the time.
    pub fn time(mut self, time: &str) -> Self {
        self.time = time.into();
        self
    }

    /// Replaces the list of signed headers.
    pub fn list(mut self, list: &str) -> Self {
        self.list = Some(list.into());
        self
    }

    /// Replaces the payload line.
    pub fn payload(mut self, line: &str) -> Self {
        self.payload = Some(line.into());
        self
    }

    /// Replaces the lifetime.
    pub fn expires(mut self, expires: &str) -> Self {
        self.expires = expires.into();
        self
    }

    /// Replaces the session token.
    pub fn token(mut self, token: &str) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Replaces the key's identifier.
    pub fn id(mut self, id: &str) -> Self {
        self.id = id.into();
        self
    }

    /// Replaces the key's secret.
    pub fn secret(mut self, secret: &str) -> Self {
        self.secret = secret.into();
        self
    }

    /// Replaces the algorithm.
    pub fn algorithm(mut self, algorithm: &str) -> Self {
        self.algorithm = algorithm.into();
        self
    }

    /// Signs listed headers that are absent as empty ones.
    pub fn absent_is_empty(mut self) -> Self {
        self.absent_is_empty = true;
        self
    }

    /// Signs in headers. Adds `x-amz-date` and `x-amz-content-sha256` if they are missing.
    pub fn sign(&self, mut wire: Wire) -> Wire {
        if wire.value("x-amz-date").is_none() {
            wire = wire.with("x-amz-date", &self.time);
        }
        if wire.value("x-amz-content-sha256").is_none() {
            let line = self.payload.clone().unwrap_or_else(|| sha256(&wire.body));
            wire = wire.with("x-amz-content-sha256", line);
        }
        self.sign_as_it_is(wire)
    }

    /// Signs in headers. Adds only `Authorization`.
    pub fn sign_as_it_is(&self, wire: Wire) -> Wire {
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

    /// Signs in the query.
    pub fn presign(&self, mut wire: Wire) -> Wire {
        let list = self.list_of(&wire);
        let hash = wire.value("x-amz-content-sha256").filter(|_| list.contains("x-amz-content-sha256"));
        let line = self.payload.clone().unwrap_or_else(|| {
            hash.map_or_else(|| UNSIGNED.into(), |hash| String::from_utf8_lossy(hash).trim().to_owned())
        });
        wire.target += if wire.target.contains('?') { "&" } else { "?" };
        wire.target += &format!(
            "X-Amz-Algorithm={}&X-Amz-Credential={}&X-Amz-Date={}&X-Amz-Expires={}&X-Amz-SignedHeaders={}",
            encode(&self.algorithm),
            encode(format!("{}/{}", self.id, self.scope)),
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
        let to_sign = format!("{}\n{}\n{}\n{}", self.algorithm, self.time, self.scope, sha256(text));
        (self.signs)(self, &to_sign)
    }

    fn hmac(&self, to_sign: &str) -> String {
        let secret = format!("AWS4{}", self.secret).into_bytes();
        let key = self.scope.split('/').fold(secret, |key, part| hmac(&key, part).to_vec());
        hex::encode(hmac(&key, to_sign))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accepted;

    #[test]
    fn signs_as_countersign_does() {
        let header = Wire::put().signed();
        let by_hand = Hand::new().sign(Wire::put());
        assert_eq!(header.text("authorization"), by_hand.text("authorization"));
        accepted(&by_hand);
        accepted(&header);

        accepted(&Wire::get().presigned());
        accepted(&Hand::new().presign(Wire::get()));
        accepted(&Hand::new().presign(Wire::put().with("x-amz-content-sha256", sha256(&Wire::put().body))));
        assert_eq!(header.verified(|verified| verified.body()), countersign::BodyCheck::Done);
    }
}
