//! A form as it arrived: read strictly, and held against its own policy.

use core::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::claim::FormClaim;
use super::document::Document;
use super::fields::Fields;
use super::{FormError, InvalidPolicy, LONGEST_KEY, is_authentication, is_version_2};
use crate::error::{Mechanism, VerifyError, shown};
use crate::payload::ReceivedBody;
use crate::request::Request;
use crate::service::TokenHeader;
use crate::steps::Signature;
use crate::steps::algorithm::Algorithm;
use crate::time::Timestamp;
use crate::verify::{Claim, Credential, Verifier};

/// A form as it arrived, **up to its file**: a borrowed view.
///
/// Make it when your multipart reader meets the part named `file`, of the
/// parts that stood before it. What stands behind the file does not count, and
/// need not be read; so the file streams.
///
/// ```
/// use countersign::post_policy::ReceivedForm;
///
/// let fields = [("key", "user/${filename}"), ("acl", "private")];
/// let form = ReceivedForm::new("examplebucket", &fields).file_name("C:\\photos\\cat.jpg");
/// # let _ = form;
/// ```
#[derive(Clone, Copy)]
pub struct ReceivedForm<'f> {
    pub(super) bucket: &'f str,
    pub(super) fields: &'f [(&'f str, &'f str)],
    pub(super) file_name: &'f str,
}

impl<'f> ReceivedForm<'f> {
    /// `bucket` is what the request's target or host names, never a field.
    /// `fields` are names and values in order, those before the file and all of
    /// them. A value that is not UTF-8 is yours to refuse.
    #[must_use]
    pub const fn new(bucket: &'f str, fields: &'f [(&'f str, &'f str)]) -> Self {
        Self { bucket, fields, file_name: "" }
    }

    /// Whether any field says who sent the form. A form without such a field
    /// is anonymous, or its request is signed as others are.
    #[must_use]
    pub fn is_signed(&self) -> bool {
        self.fields.iter().any(|(name, _)| is_authentication(name) || is_version_2(name))
    }

    /// The file part's `filename`, as it was sent: `${filename}` in a field
    /// stands for what follows its last `/` or `\`.
    #[must_use]
    pub const fn file_name(self, file_name: &'f str) -> Self {
        Self { file_name, ..self }
    }
}

/// Names only: values may be tokens.
impl fmt::Debug for ReceivedForm<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = || self.fields.iter().map(|(name, _)| name);
        f.debug_struct("ReceivedForm")
            .field("bucket", &self.bucket)
            .field("fields", &alloc::vec::Vec::from_iter(names()))
            .finish_non_exhaustive()
    }
}

impl Verifier {
    /// Reads a browser's form and checks everything that needs no secret:
    /// limits, the one mechanism, grammar of fields and policy, scope, time,
    /// and that the form is what its policy admits.
    ///
    /// `request` is the `POST` that carried it; its own headers and query must
    /// name nobody. What comes back is unproven; it is owned, and can wait for a
    /// look-up.
    ///
    /// See [`VerifiedForm`](super::VerifiedForm) for an example.
    ///
    /// # Errors
    ///
    /// What [`claim`](Self::claim) says of the request, and
    /// [`VerifyError::TwoMechanisms`] where it is signed itself; then
    /// [`VerifyError::Form`] with a [`FormError`], and for the credential the
    /// errors that other requests meet. A form without any authentication is
    /// [`VerifyError::Anonymous`].
    pub fn claim_form(
        &self,
        request: &Request<'_>,
        form: &ReceivedForm<'_>,
        now: Timestamp,
    ) -> Result<FormClaim, VerifyError> {
        match self.claim(request, ReceivedBody::Unread, now) {
            Err(VerifyError::Anonymous) => {}
            Ok(_) | Err(VerifyError::BodyNeeded) => return Err(VerifyError::TwoMechanisms),
            Err(error) => return Err(error),
        }
        if request.method != "POST" {
            return Err(FormError::NotPost.into());
        }
        let mut fields = Fields::read(form, &self.limits)?;
        if fields.names().any(is_version_2) {
            return Err(VerifyError::SignatureVersion2);
        }
        if !fields.names().any(is_authentication) {
            return Err(VerifyError::Anonymous);
        }
        let required = |name| fields.get(name).ok_or(FormError::MissingField { name });
        let key = required("key")?;
        let policy = required("policy")?;
        let algorithm = required("x-amz-algorithm")?;
        let credential = required("x-amz-credential")?;
        let time = required("x-amz-date")?;
        let signature = required("x-amz-signature")?;

        if algorithm != Algorithm::Hmac.name() {
            let (mechanism, algorithm) = (Mechanism::Form, shown(algorithm));
            return Err(VerifyError::UnsupportedAlgorithm { mechanism, algorithm });
        }
        let credential = Credential::parse(credential.as_bytes(), Algorithm::Hmac)
            .map_err(FormError::InvalidCredential)?;
        let signature = Signature::parse(signature).ok_or(FormError::InvalidSignature)?;
        let time = Timestamp::parse(time).map_err(|_| FormError::InvalidDate)?;
        self.check_scope(Mechanism::Form, &credential, time, || None)?;
        let token = self.form_token(&fields)?;

        let text = STANDARD.decode(policy).map_err(|_| FormError::from(InvalidPolicy::Base64))?;
        let Document { expiration, conditions } = Document::read(&text, self.limits.conditions)?;
        if time.unix_seconds() - now.unix_seconds() > i64::from(self.max_skew) {
            return Err(VerifyError::NotYetValid { time, now });
        }
        // A key of the day signs nothing that lives longer than a URL may.
        let latest = time.checked_add(core::time::Duration::from_secs(self.max_expires.into()));
        let at = latest.map_or(expiration, |latest| latest.min(expiration));
        if now > at {
            return Err(FormError::PolicyExpired { at, now }.into());
        }
        match key.len() {
            0 => return Err(FormError::EmptyKey.into()),
            1..=LONGEST_KEY => {}
            _ => return Err(FormError::KeyTooLong.into()),
        }
        let claim = Claim::of_text(Mechanism::Form, policy, &credential, token, signature, time, now);
        let range = fields.check(&conditions)?;
        Ok(FormClaim { claim, bucket: form.bucket.into(), fields: fields.into_named(), range, expiration })
    }

    /// The session token, under the name that the service has for it.
    fn form_token<'a>(&self, fields: &'a Fields<'_>) -> Result<Option<&'a str>, VerifyError> {
        let [security, s3_session] = [TokenHeader::SecurityToken, TokenHeader::S3SessionToken]
            .map(|name| fields.get(name.header_name()));
        match (self.service.rules().session_token().header(), security, s3_session) {
            (TokenHeader::SecurityToken, token, None) | (TokenHeader::S3SessionToken, None, token) => {
                Ok(token)
            }
            _ => Err(VerifyError::InvalidToken),
        }
    }
}
