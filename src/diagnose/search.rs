//! [`Search`]: computes signatures of candidates, within a budget.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::derivation::{REGIONS, SERVICES, other_day};
use super::parts::Parts;
use super::to_sign::ToSign;
use super::{Cause, CauseName, Certainty, received};
use crate::credentials::Credentials;
use crate::crypto::sha256;
use crate::steps::{CredentialScope, Signature, SigningKey, StringToSign};
use crate::time::Timestamp;
use crate::verify::VerifyingKey;

/// The number of bytes that a diagnosis hashes at most.
const MAX_BYTES: usize = 16 << 20;
/// The cost of a verification with ECDSA, in bytes that are hashed.
const ECDSA_COST: usize = 16 << 10;
/// The number of candidates that are kept to be combined.
const MAX_KEPT: usize = 400;

/// The search for the canonical request that was signed.
pub(super) struct Search<'a> {
    key: &'a VerifyingKey,
    to_sign: &'a ToSign,
    signature: &'a Signature,
    hashed: usize,
    tried: Vec<(CauseName, Parts)>,
}

impl<'a> Search<'a> {
    pub(super) fn new(key: &'a VerifyingKey, to_sign: &'a ToSign, signature: &'a Signature) -> Self {
        Self { key, to_sign, signature, hashed: 0, tried: Vec::new() }
    }

    /// Returns true if the signature is the candidate's. Compares in constant time.
    pub(super) fn matches(&mut self, candidate: &Parts, cause: CauseName) -> bool {
        let matches = self.is_signed(candidate);
        if !matches && self.tried.len() < MAX_KEPT {
            self.tried.push((cause, candidate.clone()));
        }
        matches
    }

    fn is_signed(&mut self, candidate: &Parts) -> bool {
        let bytes = candidate.to_bytes();
        let cost = if self.to_sign.algorithm == "AWS4-HMAC-SHA256" { bytes.len() } else { ECDSA_COST };
        self.hashed = self.hashed.saturating_add(cost);
        if self.hashed > MAX_BYTES {
            return false;
        }
        let digest = hex::encode(sha256(&bytes));
        let to_sign = ToSign { digest, ..self.to_sign.clone() };
        self.key.has_signed(to_sign.to_text().as_bytes(), self.signature)
    }

    /// Tries two transformations of different parts together.
    pub(super) fn pair(&mut self, computed: &Parts) -> Option<Cause> {
        let tried = core::mem::take(&mut self.tried);
        for (index, (cause, first)) in tried.iter().enumerate() {
            for (other, second) in tried.iter().skip(index + 1) {
                if cause.part() == other.part() && cause.part() != super::Part::Header {
                    continue;
                }
                if self.hashed > MAX_BYTES {
                    return None;
                }
                let Some(both) = merged(computed, first, second) else { continue };
                if self.is_signed(&both) {
                    let detail = alloc::format!("together with {other}");
                    return Some(received::reproduced(*cause, first, computed).with_detail(&detail));
                }
            }
        }
        None
    }
}

/// Applies both changes to `base`, unless they change the same part.
fn merged(base: &Parts, first: &Parts, second: &Parts) -> Option<Parts> {
    let text = |base: &String, first: &String, second: &String| {
        if first == base { Some(second.clone()) } else { (second == base).then(|| first.clone()) }
    };
    let headers = merged_headers(base, first, second)?;
    Some(Parts {
        method: text(&base.method, &first.method, &second.method)?,
        path: text(&base.path, &first.path, &second.path)?,
        query: text(&base.query, &first.query, &second.query)?,
        headers,
        signed_headers: text(&base.signed_headers, &first.signed_headers, &second.signed_headers)?,
        payload: text(&base.payload, &first.payload, &second.payload)?,
        form: if first.form == base.form { second.form } else { first.form },
    })
}

fn merged_headers(base: &Parts, first: &Parts, second: &Parts) -> Option<Vec<(String, Vec<u8>)>> {
    if first.headers == base.headers {
        return Some(second.headers.clone());
    }
    if second.headers == base.headers {
        return Some(first.headers.clone());
    }
    let mut merged = Vec::new();
    for (name, value) in &base.headers {
        let (a, b) = (first.header(name), second.header(name));
        let value = match (a, b) {
            (Some(a), Some(b)) if a == value => Some(b),
            (Some(a), Some(b)) if b == value => Some(a),
            (Some(_), Some(_)) => return None,
            _ => None,
        };
        merged.extend(value.map(|value| (name.clone(), value.to_vec())));
    }
    (merged != first.headers && merged != second.headers).then_some(merged)
}

/// Tries strings to sign with a mistake in another line than the hash.
pub(super) fn other_strings(
    credentials: &Credentials,
    to_sign: &ToSign,
    signature: &Signature,
    computed: &Parts,
) -> Option<Cause> {
    let (secret, access_key_id) = (credentials.secret(), credentials.access_key_id());
    let is_signed = |text: &str, scope: &str| {
        CredentialScope::parse(scope).is_ok_and(|scope| {
            SigningKey::derive(secret, &scope).sign(&StringToSign::from_text(text)).matches(signature)
        })
    };
    let mut texts: Vec<(CauseName, ToSign)> = Vec::new();
    texts.extend(other_times(to_sign));
    texts.extend(other_scopes(to_sign));
    for (name, other) in &texts {
        // The key is derived for the right scope, or for the wrong one too.
        for scope in [&to_sign.scope, &other.scope] {
            if is_signed(&other.to_text(), scope) {
                let (ours, theirs) = differing(other, to_sign);
                let cause = Cause::new(*name, Certainty::Reproduced);
                return Some(cause.with_sides(ours.as_bytes(), theirs.as_bytes()));
            }
        }
    }
    let upper = ToSign { digest: to_sign.digest.to_ascii_uppercase(), ..to_sign.clone() };
    let text = to_sign.to_text();
    let unhashed =
        ToSign { digest: String::from_utf8_lossy(&computed.to_bytes()).into_owned(), ..to_sign.clone() };
    let twice = ToSign { digest: hex::encode(sha256(to_sign.digest.as_bytes())), ..to_sign.clone() };
    let with_id = ToSign { scope: alloc::format!("{access_key_id}/{}", to_sign.scope), ..to_sign.clone() };
    let malformed = [
        twice.to_text(),
        with_id.to_text(),
        hex::encode(sha256(text.as_bytes())),
        upper.to_text(),
        unhashed.to_text(),
        alloc::format!("{text}\n"),
        text.replace('\n', "\r\n"),
        text.replace("AWS4-HMAC-SHA256\n", ""),
        text.replace('\n', ""),
        text.replace("/aws4_request", ""),
    ];
    let found = malformed.iter().any(|text| is_signed(text, &to_sign.scope));
    found.then(|| Cause::new(CauseName::StringToSign, Certainty::Reproduced))
}

fn other_times(to_sign: &ToSign) -> Vec<(CauseName, ToSign)> {
    let Ok(time) = Timestamp::parse(&to_sign.time) else { return Vec::new() };
    let seconds = [-5, -4, -3, -2, -1, 1, 2, 3, 4, 5].map(|second| (CauseName::StringToSignTime, second));
    let zones =
        (-56..=56).filter(|quarter| *quarter != 0).map(|quarter| (CauseName::TimeZone, quarter * 900));
    let other = |(name, seconds): (CauseName, i64)| {
        let other = Timestamp::from_unix_seconds(time.unix_seconds() + seconds).ok()?;
        Some((name, ToSign { time: other.as_str().into(), ..to_sign.clone() }))
    };
    let mut all: Vec<_> = seconds.into_iter().chain(zones).filter_map(other).collect();
    for text in [time.extended(), time.date().to_string()] {
        all.push((CauseName::StringToSign, ToSign { time: text, ..to_sign.clone() }));
    }
    all
}

fn other_scopes(to_sign: &ToSign) -> Vec<(CauseName, ToSign)> {
    let [date, region, service] = to_sign.scope_parts();
    let with = |name, date: &str, region: &str, service: &str| {
        (name, ToSign { scope: alloc::format!("{date}/{region}/{service}/aws4_request"), ..to_sign.clone() })
    };
    let days = [-1, 1].into_iter().filter_map(|days| other_day(date, days));
    let mut all: Vec<_> = days.map(|day| with(CauseName::ScopeDate, &day, region, service)).collect();
    let others = |list: &'static [&'static str], current: &str| -> Vec<&'static str> {
        list.iter().copied().filter(|other| !other.is_empty() && *other != current).collect()
    };
    all.extend(others(REGIONS, region).iter().map(|other| with(CauseName::Region, date, other, service)));
    all.extend(others(SERVICES, service).iter().map(|other| with(CauseName::Service, date, region, other)));
    all
}

/// Returns the first line that differs.
fn differing<'t>(ours: &'t ToSign, theirs: &'t ToSign) -> (&'t str, &'t str) {
    if ours.time == theirs.time { (&ours.scope, &theirs.scope) } else { (&ours.time, &theirs.time) }
}
