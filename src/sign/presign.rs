//! The signature in the query: a URL that carries it.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::{Own, PresignedUrl, SignError, Signer, finish};
use crate::bytes::text::{emptied, put};
use crate::canonical::target::Target;
use crate::canonical::{Fields, Known};
use crate::canonical::{Pairs, percent as uri, sendable, write_pairs, write_path};
use crate::error::RequestError;
use crate::expires::Expires;
use crate::payload::{Payload, PayloadHash};
use crate::request::Request;
use crate::service::{PathRule, PayloadRule};
use crate::steps::canonical_request::{self, BESIDE_PARTS, Headers, Path, Query};
use crate::steps::string_to_sign::BESIDE_SCOPE;
use crate::steps::{MOST_DIGITS, Workings};
use crate::time::Timestamp;

impl Signer {
    /// Signs in the query: returns the URL, and the headers that must be sent
    /// with it.
    ///
    /// The URL is absolute where the request's URI is. For S3 its path is in
    /// canonical spelling; its query always is. The payload is not signed for
    /// S3, and is that of an empty body elsewhere, unless the view has an
    /// `x-amz-content-sha256` header, which then binds the body.
    ///
    /// # Errors
    ///
    /// [`SignError`]: among them a lifetime past the end of the credentials,
    /// and `X-Amz-*` authentication parameters in the request.
    pub fn presign(
        &self,
        request: &Request<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        self.presign_into(Vec::new(), request, None, expires, time)
    }

    /// As [`presign`](Self::presign), into the buffer of a result that is done
    /// with: no allocation once it is large enough.
    ///
    /// # Errors
    ///
    /// As [`presign`](Self::presign).
    pub fn presign_again(
        &self,
        used: PresignedUrl,
        request: &Request<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        self.presign_into(used.text, request, None, expires, time)
    }

    /// As [`presign`](Self::presign), with the payload stated: the URL is good
    /// for this body alone. A service that is told the hash by a header, as S3
    /// is, must be told it: `x-amz-content-sha256` is then among
    /// [`required_headers`](PresignedUrl::required_headers). Not every
    /// S3-compatible server reads it from a presigned request.
    ///
    /// # Errors
    ///
    /// As [`presign`](Self::presign).
    pub fn presign_with_payload(
        &self,
        request: &Request<'_>,
        payload: Payload<'_>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        self.presign_into(Vec::new(), request, Some(payload), expires, time)
    }

    /// What the view says of the payload, or else what the service assumes.
    fn payload_of_view<'r>(&self, request: &Request<'r>) -> Result<PayloadHash<'r>, SignError> {
        let stated = request.headers().find(|(name, _)| name.eq_ignore_ascii_case("x-amz-content-sha256"));
        match stated {
            Some((_, value)) => {
                let value = core::str::from_utf8(value).map_err(|_| SignError::InvalidPayload)?;
                PayloadHash::from_header(value.trim()).ok_or(SignError::InvalidPayload)
            }
            None if self.service.rules().payload() == PayloadRule::HashHeader => Ok(PayloadHash::UNSIGNED),
            None => Ok(PayloadHash::EMPTY),
        }
    }

    fn presign_into(
        &self,
        text: Vec<u8>,
        request: &Request<'_>,
        payload: Option<Payload<'_>>,
        expires: Expires,
        time: Timestamp,
    ) -> Result<PresignedUrl, SignError> {
        let target = Target::parse(request.uri)?;
        let rules = self.service.rules();
        let payload = match payload {
            Some(payload) => payload.hash(),
            None => self.payload_of_view(request)?,
        };
        let expires = self.lifetime(expires, time)?;
        let token = (rules.session_token().header().parameter_name(), self.token_encoded.as_str());
        let has_token = !token.1.is_empty();

        // Complete the request: its headers, then its URL.
        // The URL's authority is written in lower case, as browsers send it.
        let host = target.host().map(|host| match target.has_uppercase() {
            true => Cow::Owned(host.to_ascii_lowercase()),
            false => Cow::Borrowed(host),
        });
        let mut fields = Fields::new();
        let lone_host = self.complete_headers(&mut fields, request, &target, host.as_deref(), &payload)?;
        let mut scratch = Vec::new();
        let mut pairs = Pairs::new();
        let states_hash = self.read_query(&mut pairs, target.query, &mut scratch)?;
        if lone_host.is_none()
            && let Some(name) = fields.contradicting(&pairs)
        {
            return Err(SignError::HeaderMismatch { name });
        }
        // In a URL it would bind nothing, and look as if it did.
        if states_hash {
            return Err(SignError::ReservedParameter { name: "X-Amz-Content-Sha256".into() });
        }
        let mut today = self.today();
        let day = today.day(self, time);
        // What signing adds to the query, in its order: from X-Amz-Algorithm on.
        let write_own = |out: &mut Vec<u8>| {
            out.extend_from_slice(day.query.as_bytes());
            out.extend_from_slice(time.bytes());
            out.extend_from_slice(EXPIRES);
            write_number(out, expires);
            if let Some(set) = self.regions.set() {
                write_parameter(out, ("X-Amz-Region-Set", &uri::encode(set)));
            }
            if has_token && rules.session_token().is_signed() {
                write_parameter(out, token);
            }
            out.extend_from_slice(SIGNED_HEADERS);
            match lone_host {
                Some(_) => out.extend_from_slice(b"host"),
                None => fields.write_names_encoded(out),
            }
        };

        // The URL and the canonical request have the path and the query each; a
        // path may grow to three times its length, and is rarely not encoded.
        let (block, names) = match lone_host {
            Some(host) => (HOST.len() + host.len() + 1, HOST.len()),
            None => (fields.block_bytes(), fields.names_bytes()),
        };
        let set = self.regions.set().map_or(0, |set| 3 * set.len() + 18);
        let own = day.query.len() + token.0.len() + token.1.len() + set + 3 * names + BESIDE_VALUES;
        let query = target.query.len() + pairs.len() + own;
        let digits = day.key.algorithm().most_digits();
        let url = target.front.len() + target.path.len() + query + SIGNATURE.len() + digits;
        let canonical = request.method.len() + target.path.len() + query + block + names + BESIDE_PARTS;
        let bytes = url + canonical + payload.as_bytes().len() + day.scope.len() + BESIDE_SCOPE;
        let mut text = emptied(text, bytes);

        // The URL, zeros where the signature will stand.
        put(&mut text, target.front.as_bytes());
        if !target.is_lowercase() {
            text.make_ascii_lowercase();
        }
        let path_start = text.len();
        // The service decodes and encodes once: the canonical spelling can be sent.
        let send_canonical = rules.path() == PathRule::Key;
        let sent_path = match target.path {
            _ if send_canonical => Cow::Borrowed(target.path),
            "" => Cow::Borrowed("/"),
            path if rules.raw_path() => Cow::Borrowed(path),
            path => sendable(path),
        };
        if send_canonical {
            write_path(&mut text, target.path, rules)?;
        } else {
            text.extend_from_slice(sent_path.as_bytes());
        }
        let path_end = text.len();
        text.push(b'?');
        let query_start = text.len();
        write_query(&mut text, &pairs, write_own, own)?;
        let query_end = text.len();
        text.extend_from_slice(SIGNATURE);
        let signature_start = text.len();
        let signature_end = signature_start + digits;
        text.extend_from_slice(&[b'0'; MOST_DIGITS]);
        text.truncate(signature_end);
        if has_token && !rules.session_token().is_signed() {
            write_parameter(&mut text, token);
        }
        let url_end = text.len();

        // Steps 1 to 4, behind the URL.
        let path =
            if send_canonical { Path::Written(path_start..path_end) } else { Path::Wire(&sent_path, rules) };
        let query = Query::Written(query_start..query_end);
        let headers = lone_host.map_or(Headers::All(&fields), Headers::Host);
        let layout =
            canonical_request::write(&mut text, request.method, path, query, headers, payload.as_bytes())?;
        let (to_sign, signature) = finish(&mut text, layout.start, time, day);

        // Place.
        let written = signature.write_hex(text.get_mut(signature_start..).unwrap_or_default());
        // A signature shorter than its place: what stands behind it moves up.
        let shorter = digits - written;
        if shorter > 0 {
            text.copy_within(signature_end..url_end, signature_end - shorter);
        }
        Ok(PresignedUrl {
            text,
            url_end: url_end - shorter,
            path_start,
            expires,
            time,
            workings: Workings { layout, to_sign },
            signature,
        })
    }

    /// The headers that are signed, sorted; none of them where it is the host
    /// alone, which is returned then.
    #[inline(always)]
    fn complete_headers<'r>(
        &self,
        fields: &mut Fields<'r>,
        request: &Request<'r>,
        target: &Target<'r>,
        host: Option<&'r str>,
        payload: &'r PayloadHash<'_>,
    ) -> Result<Option<&'r str>, SignError> {
        // A service that is told the hash by a header must be told this one.
        let tell_hash =
            self.service.rules().payload() == PayloadRule::HashHeader && *payload != PayloadHash::UNSIGNED;
        // Of most URLs nothing but the host is signed, and that is clean: a URL has no blanks.
        let lone_host = host.filter(|_| request.headers().len() == 0 && !tell_hash);
        if lone_host.is_some() {
            return Ok(lone_host);
        }
        let own = Own {
            date: None,
            payload: payload.as_bytes(),
            token: None,
            sign_token: false,
            region_set: self.regions.set().map(str::as_bytes),
        };
        self.read_headers(fields, request, target, host, &own)?;
        if tell_hash && fields.get(Known::ContentSha256).is_none() {
            fields.push(0, Known::ContentSha256.name(), payload.as_bytes());
        }
        fields.sort();
        Ok(None)
    }

    /// The seconds that a URL signed at `time` may live.
    pub(crate) fn lifetime(&self, expires: Expires, time: Timestamp) -> Result<u32, SignError> {
        let Some(end) = self.credentials.expiration() else { return Ok(expires.as_secs()) };
        let left = end.unix_seconds() - time.unix_seconds();
        if left <= 0 {
            return Err(SignError::CredentialsEnded { end });
        }
        match u32::try_from(left) {
            Ok(left) if left < expires.as_secs() && self.shorten_to_credentials => Ok(left),
            Ok(left) if left < expires.as_secs() => Err(SignError::OutlivesCredentials { end }),
            _ => Ok(expires.as_secs()),
        }
    }
}

const EXPIRES: &[u8; 15] = b"&X-Amz-Expires=";
const SIGNED_HEADERS: &[u8; 21] = b"&X-Amz-SignedHeaders=";
const SIGNATURE: &[u8; 17] = b"&X-Amz-Signature=";
const HOST: &[u8; 5] = b"host:";

/// What signing adds to a query, but for what the day and the names come to: a
/// time, two names, a number, and what joins pairs.
const BESIDE_VALUES: usize = 16 + EXPIRES.len() + 10 + SIGNED_HEADERS.len() + 4;

/// The query in canonical order: the caller's pairs, and between them our own,
/// which `write_own` writes in order: at most `most_own` bytes, so that no copy
/// of a token is left behind by a buffer that grew.
#[inline(always)]
fn write_query(
    out: &mut Vec<u8>,
    pairs: &Pairs<'_>,
    write_own: impl Fn(&mut Vec<u8>),
    most_own: usize,
) -> Result<(), RequestError> {
    if pairs.iter().any(|pair| pair.name.starts_with(b"X-Amz-")) {
        // These sort in among ours.
        let mut own = Zeroizing::new(Vec::with_capacity(most_own));
        write_own(&mut own);
        let own = core::str::from_utf8(&own).unwrap_or_default();
        let mut scratch = Vec::new();
        let mut all = Pairs::new();
        pairs.iter().for_each(|pair| all.push(*pair));
        all.read(own, &mut scratch, |_| Ok(()))?;
        all.sort();
        write_pairs(out, all.iter());
        return Ok(());
    }
    let before = pairs.iter().take_while(|pair| pair.name < &b"X-Amz-"[..]).count();
    write_pairs(out, pairs.iter().take(before));
    if before > 0 {
        out.push(b'&');
    }
    write_own(out);
    if pairs.len() > before {
        out.push(b'&');
        write_pairs(out, pairs.iter().skip(before));
    }
    Ok(())
}

fn write_parameter(out: &mut Vec<u8>, (name, value): (&str, &str)) {
    out.push(b'&');
    out.extend_from_slice(name.as_bytes());
    out.push(b'=');
    out.extend_from_slice(value.as_bytes());
}

/// A number in decimal digits.
fn write_number(out: &mut Vec<u8>, mut number: u32) {
    // No u32 has more digits.
    let mut digits = [b'0'; 10];
    let mut written = 0;
    for digit in digits.iter_mut().rev() {
        *digit += u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
        written += 1;
        if number == 0 {
            break;
        }
    }
    put(out, digits.get(digits.len() - written..).unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use super::write_number;
    use alloc::vec::Vec;

    #[test]
    fn numbers_are_written_without_leading_zeros() {
        for number in [0, 1, 9, 10, 900, 3600, 86_400, 604_800] {
            let mut text = Vec::new();
            write_number(&mut text, number);
            assert_eq!(text, alloc::format!("{number}").into_bytes());
        }
    }
}
