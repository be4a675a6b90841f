//! Writes a presigned URL, and signs it.
//!
//! ```text
//! scheme://host path ? the caller's parameters and these, sorted:
//!     X-Amz-Algorithm=…&X-Amz-Credential=…&X-Amz-Date=…&X-Amz-Expires=…
//!     [&X-Amz-Region-Set=…][&X-Amz-Security-Token=…]&X-Amz-SignedHeaders=…
//!     (X-Amz-Expires is left out if the service decides)
//! &X-Amz-Signature=…[&X-Amz-Security-Token=… if it is not signed]
//! ```
//!
//! Everything between `?` and `&X-Amz-Signature` is *CanonicalQueryString*, so
//! step 1 copies it from here.
//!
//! Source: S3 API Reference, "Authenticating Requests: Using Query Parameters".

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::ops::Range;
use core::time::Duration;

use zeroize::Zeroizing;

use super::complete::Complete;
use super::daily::DailyState;
use super::{PresignedUrl, Signer};
use crate::canonical::{Pairs, encode_for_wire, percent, write_pairs, write_path};
use crate::error::RequestError;
use crate::service::Rules;
use crate::steps::canonical_request::{Path, Query};
use crate::steps::{MAX_HEX_LEN, Transcript, string_to_sign};
use crate::time::Timestamp;

const EXPIRES: &[u8; 15] = b"&X-Amz-Expires=";
const REGION_SET: &str = "X-Amz-Region-Set";
const SIGNED_HEADERS: &[u8; 21] = b"&X-Amz-SignedHeaders=";
const SIGNATURE: &[u8; 17] = b"&X-Amz-Signature=";

/// Writes a presigned URL, with zeros for its signature.
pub(super) struct UrlWriter<'p, 'a> {
    signer: &'p Signer,
    pub(super) daily: &'p DailyState,
    complete: &'p Complete<'a>,
    /// The path to send. `None` if the canonical path is sent: then it is written once,
    /// and step 1 copies it.
    pub(super) sent_path: Option<Cow<'p, str>>,
    time: Timestamp,
    /// The lifetime in seconds, if the URL states one.
    expires: Option<u32>,
}

/// The ranges of a written URL's parts in the buffer.
pub(super) struct UrlSpans {
    pub(super) path: Range<usize>,
    pub(super) query: Range<usize>,
    signature: Range<usize>,
    url_end: usize,
}

impl<'p, 'a> UrlWriter<'p, 'a> {
    #[inline]
    pub(super) fn new(
        signer: &'p Signer,
        daily: &'p DailyState,
        complete: &'p Complete<'a>,
        time: Timestamp,
        expires: Option<u32>,
    ) -> Self {
        let sent_path = sent_path(complete.target.path, signer.service.rules());
        Self { signer, daily, complete, sent_path, time, expires }
    }

    /// Returns the maximum length of URL and steps together. A path that is not in
    /// canonical spelling can make them longer: then the buffer grows.
    #[inline]
    pub(super) fn max_len(&self) -> usize {
        let target = &self.complete.target;
        let (path, query) =
            (target.path.len(), self.complete.pairs.max_len() + 2 + self.max_parameters_len());
        let url =
            target.front.len() + path + query + SIGNATURE.len() + self.daily.key.algorithm().max_hex_len();
        // The ranges are not known yet, but their lengths are.
        let canonical = self.complete.inputs(Path::Written(0..path), Query::Written(0..query)).max_len();
        url + canonical + string_to_sign::max_len(self.daily.scope.len())
    }

    /// Returns the maximum length of the parameters that signing adds.
    #[inline]
    fn max_parameters_len(&self) -> usize {
        let (name, token) = self.signer.token_parameter();
        let region_set =
            self.signer.scheme.region_set().map_or(0, |set| 2 + REGION_SET.len() + 3 * set.len());
        let names = match self.complete.host_only {
            Some(_) => "host".len(),
            None => 3 * self.complete.fields.max_names_len(),
        };
        let (time, seconds) = ("YYYYMMDDTHHMMSSZ".len(), "2592000".len());
        let token = 2 + name.len() + token.len();
        self.daily.query.len()
            + time
            + EXPIRES.len()
            + seconds
            + region_set
            + token
            + SIGNED_HEADERS.len()
            + names
    }

    /// Appends the URL to an empty buffer.
    #[inline]
    pub(super) fn write(&self, out: &mut Vec<u8>) -> Result<UrlSpans, RequestError> {
        let target = &self.complete.target;
        out.extend_from_slice(target.front.as_bytes());
        if !target.is_lowercase() {
            out.make_ascii_lowercase();
        }
        let path_start = out.len();
        match &self.sent_path {
            None => write_path(out, target.path, self.signer.service.rules())?,
            Some(path) => out.extend_from_slice(path.as_bytes()),
        }
        let path = path_start..out.len();
        out.push(b'?');
        let query_start = out.len();
        self.write_query(out)?;
        let query = query_start..out.len();
        out.extend_from_slice(SIGNATURE);
        let signature_start = out.len();
        let signature = signature_start..signature_start + self.daily.key.algorithm().max_hex_len();
        out.extend_from_slice(&[b'0'; MAX_HEX_LEN]);
        out.truncate(signature.end);
        if !self.signer.service.rules().session_token().is_signed() {
            self.write_token(out);
        }
        Ok(UrlSpans { path, query, signature, url_end: out.len() })
    }

    /// Appends the query in canonical order: the caller's parameters, with the
    /// signature's parameters among them.
    #[inline]
    fn write_query(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        let pairs = &self.complete.pairs;
        if pairs.iter().any(|pair| pair.name.starts_with(b"X-Amz-")) {
            return self.write_merged_query(out);
        }
        let before = pairs.iter().take_while(|pair| pair.name < &b"X-Amz-"[..]).count();
        write_pairs(out, pairs.iter().take(before));
        if before > 0 {
            out.push(b'&');
        }
        self.write_parameters(out);
        if pairs.len() > before {
            out.push(b'&');
            write_pairs(out, pairs.iter().skip(before));
        }
        Ok(())
    }

    /// Appends the query of a request that has `X-Amz-` parameters of its own, which
    /// are sorted together with the signature's.
    #[cold]
    fn write_merged_query(&self, out: &mut Vec<u8>) -> Result<(), RequestError> {
        // The buffer never grows, so no copy of a token is left in freed memory.
        let mut own = Zeroizing::new(Vec::with_capacity(self.max_parameters_len()));
        self.write_parameters(&mut own);
        let own = core::str::from_utf8(&own).unwrap_or_default();
        let mut scratch = Vec::new();
        let mut all = Pairs::new();
        self.complete.pairs.iter().for_each(|pair| all.push(*pair));
        all.read(own, &mut scratch, |_| Ok(()))?;
        all.sort();
        write_pairs(out, all.iter());
        Ok(())
    }

    /// Appends the parameters that signing adds, in canonical order.
    #[inline]
    fn write_parameters(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.daily.query.as_bytes());
        out.extend_from_slice(self.time.bytes());
        if let Some(expires) = self.expires {
            out.extend_from_slice(EXPIRES);
            write_number(out, expires);
        }
        if let Some(set) = self.signer.scheme.region_set() {
            write_parameter(out, REGION_SET, &percent::encode(set));
        }
        if self.signer.service.rules().session_token().is_signed() {
            self.write_token(out);
        }
        out.extend_from_slice(SIGNED_HEADERS);
        match self.complete.host_only {
            Some(_) => out.extend_from_slice(b"host"),
            None => self.complete.fields.write_names_encoded(out),
        }
    }

    /// Appends the session token, if the credentials have one.
    #[inline]
    fn write_token(&self, out: &mut Vec<u8>) {
        let (name, token) = self.signer.token_parameter();
        if !token.is_empty() {
            write_parameter(out, name, token);
        }
    }

    /// Signs the string to sign that `steps` ends with (steps 3 and 4), and replaces the
    /// zeros in the URL with the signature.
    #[inline]
    pub(super) fn sign(self, mut steps: Transcript, spans: &UrlSpans) -> PresignedUrl {
        let signature = self.daily.key.sign(&mut steps);
        let out = steps.bytes_mut();
        let written = signature.write_hex(out.get_mut(spans.signature.clone()).unwrap_or_default());
        // An ECDSA signature can be shorter than the maximum: close the gap after it.
        let unused = spans.signature.len() - written;
        if unused > 0 {
            out.copy_within(spans.signature.end..spans.url_end, spans.signature.end - unused);
        }
        PresignedUrl {
            steps,
            url_end: spans.url_end - unused,
            signature_end: spans.signature.end - unused,
            path_start: spans.path.start,
            expires: Duration::from_secs(self.expires.unwrap_or_default().into()),
            time: self.time,
            signature,
        }
    }
}

/// Returns the path to send, or `None` if it is sent in canonical spelling. This is
/// possible for a service that decodes and encodes the path once.
#[inline]
fn sent_path(path: &str, rules: Rules) -> Option<Cow<'_, str>> {
    match path {
        _ if !rules.encodes_path_again() => None,
        "" => Some(Cow::Borrowed("/")),
        path if rules.raw_path() => Some(Cow::Borrowed(path)),
        path => Some(encode_for_wire(path)),
    }
}

fn write_parameter(out: &mut Vec<u8>, name: &str, value: &str) {
    out.push(b'&');
    out.extend_from_slice(name.as_bytes());
    out.push(b'=');
    out.extend_from_slice(value.as_bytes());
}

/// Appends a number in decimal digits.
#[inline]
fn write_number(out: &mut Vec<u8>, mut number: u32) {
    let mut digits = [b'0'; 10]; // u32::MAX has ten
    let mut written = 0;
    for digit in digits.iter_mut().rev() {
        *digit += u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
        written += 1;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(digits.len() - written..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::write_number;

    #[test]
    fn writes_numbers_without_leading_zeros() {
        for number in [0, 1, 9, 10, 900, 3600, 86_400, 604_800, u32::MAX] {
            let mut out = Vec::new();
            write_number(&mut out, number);
            assert_eq!(out, alloc::format!("{number}").into_bytes());
        }
    }
}
