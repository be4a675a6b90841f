//! Browser uploads: a form that a page hands out, with a signed policy of what
//! may be in it, and the server that receives it (feature `post-policy`).
//!
//! ```text
//! policy       = base64(document)                    the string to sign
//! signature    = hex(HMAC(k_signing, policy))
//! form         = key, field …, x-amz-algorithm, x-amz-credential, x-amz-date,
//!                [x-amz-security-token], policy, x-amz-signature, file
//! ```
//!
//! The page's end is [`PostPolicy`] and [`Signer::sign_post_policy`], which
//! gives the [`PostForm`] to print. The server's end is [`ReceivedForm`] and
//! [`Verifier::claim_form`], a look-up, and [`FormClaim::verify`]. Both read and
//! write one grammar of the document.
//!
//! Source: S3 API Reference, "Browser-Based Uploads Using POST (AWS Signature
//! Version 4)": "Creating a POST policy" and "Creating an HTML form". Not here:
//! `multipart/form-data`, which is your HTTP server's, and HTML.
//!
//! [`Signer::sign_post_policy`]: crate::Signer::sign_post_policy
//! [`Verifier::claim_form`]: crate::Verifier::claim_form

mod claim;
mod conditions;
mod document;
mod fields;
mod file_length;
mod form;
mod json;
mod policy;
mod sign;

pub use self::claim::{FormClaim, VerifiedForm};
pub use self::file_length::FileLength;
pub use self::form::ReceivedForm;
pub use self::policy::{FormKey, PostPolicy};
pub use self::sign::{PostForm, SignedPolicy};
pub use crate::error::{FormError, InvalidPolicy, PolicyError};

/// Where the browser puts the name of the file that its user chose.
const FILENAME: &str = "${filename}";

/// The longest key that S3 takes, in bytes.
const LONGEST_KEY: usize = 1024;

/// The signature's own fields, which no caller writes.
fn is_authentication(name: &str) -> bool {
    const OWN: [&str; 7] = [
        "policy",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-s3session-token",
        "x-amz-security-token",
        "x-amz-signature",
    ];
    OWN.iter().any(|own| own.eq_ignore_ascii_case(name))
}

/// The fields of Signature Version 2.
fn is_version_2(name: &str) -> bool {
    name.eq_ignore_ascii_case("AWSAccessKeyId") || name.eq_ignore_ascii_case("signature")
}

/// Fields that no condition needs to name, and that mean nothing.
fn is_ignored(name: &str) -> bool {
    const PREFIX: &str = "x-ignore-";
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// Whether a value can be sent and stored as a header's: fields become headers
/// of the object, and of the answer. The one that is a document has lines.
fn is_clean(name: &str, value: &str) -> bool {
    let lines = name.eq_ignore_ascii_case("tagging");
    let fine = |c: char| c == '\t' || lines && matches!(c, '\r' | '\n');
    value.chars().all(|c| !c.is_control() || fine(c))
}
