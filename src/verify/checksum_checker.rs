//! [`ChecksumChecker`], which checks the checksums that the headers of a verified request declare.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use super::Verified;
use super::declared_checksum::{self, DeclaredChecksum};
use crate::bytes::truncated;
use crate::checksum::{Checksum, ChecksumHasher, ChecksumValue, UnknownChecksums};
use crate::error::{ChecksumError, Mechanism};

/// Checks the checksums that a verified request declares: `x-amz-checksum-…` and `Content-MD5`.
///
/// The checker reads signed headers and, for a presigned URL, `x-amz-checksum-…` among its parameters. A
/// parameter `Content-MD5` is not read. The checker checks the data: for a body in chunks, pass what a
/// [`Decoder`](crate::chunked::Decoder) releases. The decoder checks a checksum in the trailers itself.
/// The checker does not prove that the body is the signed one; a [`BodyChecker`](crate::BodyChecker) or
/// the decoder does.
///
/// In CompleteMultipartUpload, `x-amz-checksum-…` is the checksum of the object, not of the body. The
/// checker does not compare it, and [`DeclaredChecksums::unchecked`] returns it.
///
/// ```
/// use countersign::*;
///
/// # let credentials = Credentials::new("AKIDEXAMPLE", SecretAccessKey::new("secret"))?;
/// # let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
/// # let now = Timestamp::now();
/// # let mut headers = vec![("host", "b.s3.amazonaws.com"), ("x-amz-checksum-crc32", "y/Q5Jg==")];
/// # let signed = signer.sign(&Request::new("PUT", "/k", &headers), Payload::Bytes(b"123456789"), now)?;
/// # headers.extend(signed.iter());
/// # let verifier = Verifier::new("us-east-1", Service::S3)?;
/// # let claim = verifier.claim(&Request::new("PUT", "/k", &headers), ReceivedBody::Unread, now)?;
/// # let key = claim.derive_key(&credentials);
/// # let verified = claim.verify(&key)?;
/// let mut body = verified.body().checker();
/// let mut checksums = ChecksumChecker::new(&verified, UnknownChecksums::Refuse)?; // before the body is read
/// for piece in [b"1234".as_slice(), b"56789"] {
///     body.update(piece);
///     checksums.update(piece);
/// }
/// assert_eq!(body.finish()?, BodyStatus::Proven);
/// let declared = checksums.finish()?;
/// assert_eq!(declared.values(), [ChecksumValue::parse(Checksum::Crc32, "y/Q5Jg==")?]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
#[must_use = "the checksums are compared only when `finish` is called"]
pub struct ChecksumChecker {
    expected: Vec<Expected>,
    unchecked: Vec<DeclaredChecksum>,
}

#[derive(Debug, Clone)]
struct Expected {
    value: ChecksumValue,
    hasher: ChecksumHasher,
    is_content_md5: bool,
}

impl ChecksumChecker {
    /// Reads the checksums that a verified request declares.
    ///
    /// # Errors
    ///
    /// Returns [`ChecksumError`] if the request declares several checksums, or a checksum that is
    /// malformed or of another algorithm than `x-amz-sdk-checksum-algorithm`; and
    /// [`ChecksumError::Unsupported`] for an unknown algorithm if `unknown` is
    /// [`UnknownChecksums::Refuse`].
    pub fn new(verified: &Verified, unknown: UnknownChecksums) -> Result<Self, ChecksumError> {
        let mut checker = Self::default();
        if let Some(value) = verified.header("content-md5") {
            checker.expect(parse_content_md5(value)?, true);
        }
        let headers = verified.headers().map(|(name, value)| (name.to_vec(), value.to_vec()));
        let is_presigned = verified.mechanism() == Mechanism::Query;
        let query = verified.query().filter(|_| is_presigned);
        let headers =
            headers.chain(query.map(|(name, value)| (name.to_ascii_lowercase(), value.into_owned())));
        if is_complete_multipart_upload(verified) {
            checker.unchecked = object_checksums(headers);
            return Ok(checker);
        }
        let Some((name, value)) = declared_checksum::read(headers)? else {
            return Ok(checker);
        };
        match (Checksum::from_name(&name), unknown) {
            (Some(checksum), _) => {
                let parsed = ChecksumValue::parse(checksum, &value);
                checker.expect(parsed.map_err(|_| ChecksumError::Invalid { checksum })?, false);
            }
            (None, UnknownChecksums::HandOver) => checker.unchecked.push((name, value)),
            (None, UnknownChecksums::Refuse) => {
                return Err(ChecksumError::Unsupported { name: truncated(&name) });
            }
        }
        Ok(checker)
    }

    /// Adds a checksum that the data must have, such as the `x-amz-checksum-…` field of a form.
    ///
    /// ```
    /// use countersign::{Checksum, ChecksumChecker, ChecksumError, ChecksumValue};
    ///
    /// let expected = ChecksumValue::of(Checksum::Crc32, b"sent");
    /// let mut checker = ChecksumChecker::default().with_expected(expected);
    /// checker.update(b"received");
    /// assert!(matches!(checker.finish(), Err(ChecksumError::BadDigest { .. })));
    /// ```
    pub fn with_expected(mut self, value: ChecksumValue) -> Self {
        self.expect(value, false);
        self
    }

    fn expect(&mut self, value: ChecksumValue, is_content_md5: bool) {
        let hasher = ChecksumHasher::new(value.checksum());
        self.expected.push(Expected { value, hasher, is_content_md5 });
    }

    /// Leaves out SHA-256 if it is the hash that was signed: [`BodyChecker`](crate::BodyChecker) compares it with
    /// the data, and two computations of one hash would take twice the time.
    #[cfg(feature = "http-body")]
    pub(crate) fn leave_out(&mut self, signed: &[u8; 32]) {
        self.expected.retain(|expected| {
            expected.value.checksum() != Checksum::Sha256 || expected.value.as_bytes() != signed
        });
    }

    /// Returns true if there is no checksum to compare.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.expected.is_empty()
    }

    /// Adds a piece of the data, of any length.
    pub fn update(&mut self, data: &[u8]) {
        self.expected.iter_mut().for_each(|expected| expected.hasher.update(data));
    }

    /// Compares the checksums of the data with the declared ones, and returns the latter.
    ///
    /// # Errors
    ///
    /// Returns [`ChecksumError::BadDigest`] or [`ChecksumError::BadContentMd5`] if a checksum differs.
    pub fn finish(self) -> Result<DeclaredChecksums, ChecksumError> {
        let Self { expected, unchecked } = self;
        let values = expected.into_iter().map(Expected::finish).collect::<Result<_, _>>()?;
        Ok(DeclaredChecksums { values, unchecked })
    }
}

impl Expected {
    fn finish(self) -> Result<ChecksumValue, ChecksumError> {
        let Self { value, hasher, is_content_md5 } = self;
        let computed = hasher.finish();
        if computed == value {
            return Ok(value);
        }
        let (declared, computed) = (value.to_string(), computed.to_string());
        Err(if is_content_md5 {
            ChecksumError::BadContentMd5 { declared, computed }
        } else {
            ChecksumError::BadDigest { checksum: value.checksum(), declared, computed }
        })
    }
}

/// The checksums that a request declares, after the comparison. [`ChecksumChecker::finish`] returns
/// them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredChecksums {
    values: Vec<ChecksumValue>,
    unchecked: Vec<DeclaredChecksum>,
}

impl DeclaredChecksums {
    /// Returns the declared checksums, which are those of the data.
    #[must_use]
    pub fn values(&self) -> &[ChecksumValue] {
        &self.values
    }

    /// Iterates over the names and values of the checksums that were not compared: those of unknown
    /// algorithms with [`UnknownChecksums::HandOver`], and the object's in CompleteMultipartUpload.
    ///
    /// ```
    /// use countersign::ChecksumChecker;
    ///
    /// let declared = ChecksumChecker::default().finish()?;
    /// assert_eq!((declared.values().len(), declared.unchecked().count()), (0, 0));
    /// # Ok::<(), countersign::ChecksumError>(())
    /// ```
    pub fn unchecked(&self) -> impl Iterator<Item = (&str, &str)> {
        self.unchecked.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

fn parse_content_md5(value: &[u8]) -> Result<ChecksumValue, ChecksumError> {
    let value = core::str::from_utf8(value).map_err(|_| ChecksumError::InvalidContentMd5)?;
    ChecksumValue::parse(Checksum::Md5, value).map_err(|_| ChecksumError::InvalidContentMd5)
}

/// Returns true for `POST …?uploadId=…`.
fn is_complete_multipart_upload(verified: &Verified) -> bool {
    verified.method() == "POST" && verified.query().any(|(name, _)| *name == *b"uploadId")
}

/// Returns the headers with checksums. They can be composite.
fn object_checksums(headers: impl Iterator<Item = (Vec<u8>, Vec<u8>)>) -> Vec<DeclaredChecksum> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let headers = headers.map(|(name, value)| (text(name), text(value)));
    headers.filter(|(name, _)| crate::checksum::is_checksum_name(name)).collect()
}

#[cfg(all(test, feature = "http-body"))]
mod tests {
    use super::*;
    use crate::crypto::sha256;

    #[test]
    fn leaves_out_the_hash_that_was_signed_and_no_other() {
        let checker =
            |checksum| ChecksumChecker::default().with_expected(ChecksumValue::of(checksum, b"sent"));
        for (checksum, signed, left_out) in [
            (Checksum::Sha256, &b"sent"[..], true),
            (Checksum::Sha256, b"other", false),
            (Checksum::Crc32, b"sent", false),
        ] {
            let mut checker = checker(checksum);
            checker.leave_out(&sha256(signed));
            assert_eq!(checker.is_empty(), left_out, "{checksum:?}");
        }
    }
}
