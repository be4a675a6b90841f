//! The fields of a form, and its policy.

use super::Words;
use super::source::{S3_FORM, S3_POLICY};

pub(super) const POLICY: Words = Words::new(
    "policy",
    S3_FORM,
    "The policy document in base64, which is the string to sign of a form.",
    "The server that signs does not know the file; it signs conditions that the upload has to meet.",
);
pub(super) const EXPIRATION: Words = Words::new(
    "expiration",
    S3_POLICY,
    "The time after which the form is refused, in ISO 8601.",
    "Whoever has the form can use it, so it has to expire.",
);
pub(super) const CONDITIONS: Words = Words::new(
    "conditions",
    S3_POLICY,
    "The conditions for the form's fields: equal values, prefixes, and a range for the length.",
    "Each field has to be listed, so that the browser can add or change only what the signer allowed.",
);
pub(super) const ALGORITHM: Words = Words::new(
    "x-amz-algorithm",
    S3_FORM,
    "The form field with the name of the algorithm.",
    "The service learns how to verify the signature.",
);
pub(super) const CREDENTIAL: Words = Words::new(
    "x-amz-credential",
    S3_FORM,
    "The form field with the access key id and the credential scope.",
    "The service looks up the secret by the access key id, and derives the signing key from the scope.",
);
pub(super) const DATE: Words = Words::new(
    "x-amz-date",
    S3_FORM,
    "The form field with the time of the signature, in UTC.",
    "Its day has to be the day of the scope.",
);
pub(super) const SECURITY_TOKEN: Words = Words::new(
    "x-amz-security-token",
    S3_FORM,
    "The form field with the session token of temporary credentials.",
    "The service looks up the temporary secret by this token.",
);
pub(super) const SIGNATURE: Words = Words::new(
    "x-amz-signature",
    S3_FORM,
    "The form field with the HMAC of the policy, in 64 hex digits.",
    "The browser cannot change the policy without the signing key.",
);
pub(super) const OTHER: Words = Words::new(
    "field",
    S3_FORM,
    "A field of the form that is not a part of the signature, such as key or acl.",
    "A condition of the policy names each field, so the form cannot do more than the signer allowed.",
);
