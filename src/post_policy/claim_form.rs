//! [`Verifier::claim_form`] checks everything about a form that needs no secret.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::document::Document;
use super::field_names::{MAX_KEY_LEN, is_authentication};
use super::policy_fields::PolicyFields;
use super::verified_form::FormContents;
use super::{FormClaim, FormError, InvalidPolicy, ReceivedForm};
use crate::bytes::truncated;
use crate::error::{Mechanism, VerifyError};
use crate::payload::ReceivedBody;
use crate::request::Request;
use crate::service::TokenHeader;
use crate::steps::Algorithm;
use crate::steps::Signature;
use crate::time::Timestamp;
use crate::verify::{Claim, Credential, Verifier};

impl Verifier {
    /// Reads a form from a browser, and checks everything that needs no secret.
    ///
    /// These checks are the limits, that there is exactly one signature, the grammar of the fields and
    /// of the policy, the scope and the time, and that the form meets the conditions of its policy.
    ///
    /// `request` is the `POST` that contained the form. It must not be signed itself. The result is not
    /// proven. It owns its data, so that it can be held while a key is looked up.
    ///
    /// See [`post_policy`](crate::post_policy) for an example.
    ///
    /// # Errors
    ///
    /// Returns
    ///
    /// * the errors of [`claim`](Self::claim) for the request;
    /// * [`VerifyError::TwoMechanisms`] if the request is signed;
    /// * [`VerifyError::Anonymous`] if neither the request nor the form is signed;
    /// * [`VerifyError::Form`] if the form or its policy is invalid;
    /// * the errors of the scope and the time of a signature, as for other requests.
    pub fn claim_form(
        &self,
        request: &Request<'_>,
        form: &ReceivedForm<'_>,
        now: Timestamp,
    ) -> Result<FormClaim, VerifyError> {
        // Read the request and the form. Check the signature's grammar, scope and token.
        self.check_carrier(request, now)?;
        // Before the bucket is compared: a client that signs with Version 2 must learn that first.
        if form.is_version_2() {
            return Err(VerifyError::SignatureVersion2);
        }
        let mut fields = PolicyFields::parse(form, &self.limits)?;
        let FormSignature { key, policy, credential, signature, time } = FormSignature::parse(&fields)?;
        self.check_scope(Mechanism::Form, &credential, time, || None)?;
        let token = self.form_token(&fields)?;

        // Read the policy, and check its time.
        let document = STANDARD.decode(policy).map_err(|_| FormError::from(InvalidPolicy::Base64))?;
        let Document { expiration, conditions } = Document::parse(&document, self.limits.conditions)?;
        self.check_policy_time(time, expiration, now)?;
        check_key_len(key)?;

        // The string to sign is the policy itself.
        let claim =
            Claim::of_string_to_sign(Mechanism::Form, policy, credential, token, signature, time, now);

        // Check the fields against the policy, and keep those that it names.
        let range = fields.check(&conditions)?;
        let (bucket, fields) = (form.bucket.into(), fields.into_named());
        Ok(FormClaim { claim, contents: FormContents { bucket, fields, range, expiration } })
    }

    /// Checks that the request that contains the form is a `POST` without a signature.
    fn check_carrier(&self, request: &Request<'_>, now: Timestamp) -> Result<(), VerifyError> {
        match self.claim(request, ReceivedBody::Unread, now) {
            Err(VerifyError::Anonymous) => {}
            Ok(_) | Err(VerifyError::BodyRequired | VerifyError::UnsignedBody) => {
                return Err(VerifyError::TwoMechanisms);
            }
            Err(error) => return Err(error),
        }
        if request.method != "POST" {
            return Err(FormError::NotPost.into());
        }
        // The signature of a form does not cover the file.
        self.check_unsigned_body_is_allowed()
    }

    /// Returns the session token, from the field that the service uses for it.
    fn form_token<'a>(&self, fields: &'a PolicyFields<'_>) -> Result<Option<&'a str>, VerifyError> {
        let [security, s3_session] = [TokenHeader::SecurityToken, TokenHeader::S3SessionToken]
            .map(|header| fields.value(header.header_name()));
        match (self.service.rules().session_token().header(), security, s3_session) {
            (TokenHeader::SecurityToken, token, None) | (TokenHeader::S3SessionToken, None, token) => {
                Ok(token)
            }
            _ => Err(VerifyError::InvalidToken),
        }
    }

    /// Checks that a policy is valid at `now`.
    ///
    /// A policy is valid until its expiration, but not for longer than the maximum lifetime of a
    /// presigned URL, because it is signed with the key of one day.
    fn check_policy_time(
        &self,
        time: Timestamp,
        expiration: Timestamp,
        now: Timestamp,
    ) -> Result<(), VerifyError> {
        if self.is_ahead(time, now) {
            return Err(VerifyError::NotYetValid { time, now });
        }
        let latest = time.checked_add(self.max_url_lifetime.as_duration());
        let at = latest.map_or(expiration, |latest| latest.min(expiration));
        if now >= at { Err(FormError::PolicyExpired { at, now }.into()) } else { Ok(()) }
    }
}

/// The required fields of a signed form.
struct FormSignature<'f> {
    key: &'f str,
    policy: &'f str,
    credential: Credential<'f>,
    signature: Signature,
    time: Timestamp,
}

impl<'f> FormSignature<'f> {
    /// Parses the fields of the signature. Rejects a form without a signature.
    fn parse(fields: &'f PolicyFields<'_>) -> Result<Self, VerifyError> {
        if !fields.names().any(is_authentication) {
            return Err(VerifyError::Anonymous);
        }
        let required = |name| fields.value(name).ok_or(FormError::MissingField { name });
        let key = required("key")?;
        let policy = required("policy")?;
        let algorithm = required("x-amz-algorithm")?;
        let credential = required("x-amz-credential")?;
        let time = required("x-amz-date")?;
        let signature = required("x-amz-signature")?;

        if algorithm != Algorithm::Hmac.name() {
            let (mechanism, algorithm) = (Mechanism::Form, truncated(algorithm));
            return Err(VerifyError::UnsupportedAlgorithm { mechanism, algorithm });
        }
        let credential = Credential::parse(credential.as_bytes(), Algorithm::Hmac)
            .map_err(FormError::InvalidCredential)?;
        let signature = Signature::parse(signature).map_err(|_| FormError::InvalidSignature)?;
        let time = Timestamp::parse(time).map_err(|_| FormError::InvalidDate)?;
        Ok(Self { key, policy, credential, signature, time })
    }
}

/// Checks that S3 could store an object under this key.
fn check_key_len(key: &str) -> Result<(), FormError> {
    match key.len() {
        0 => Err(FormError::EmptyKey),
        1..=MAX_KEY_LEN => Ok(()),
        _ => Err(FormError::KeyTooLong),
    }
}
