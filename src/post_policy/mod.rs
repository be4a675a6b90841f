//! Browser uploads (feature `post-policy`): a web application hands out a form with a signed policy,
//! which states what the form may contain, and a server receives the form.
//!
//! The application signs a [`PostPolicy`] with [`Signer::sign_post_policy`], and prints the fields of
//! the [`PostForm`] into a page. The server passes a [`ReceivedForm`] to [`Verifier::claim_form`], looks
//! up the key, and calls [`FormClaim::verify`].
//!
//! ```
//! use countersign::post_policy::{FormKey, PostPolicy, ReceivedForm};
//! use countersign::{Credentials, Expires, Request, SecretAccessKey, Service, Signer, Timestamp, Verifier};
//!
//! let secret = SecretAccessKey::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
//! let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", secret)?;
//! let now = Timestamp::now();
//!
//! // The application, which writes the page.
//! let signer = Signer::new(credentials.clone(), "us-east-1", Service::S3)?;
//! let policy = PostPolicy::new("examplebucket", FormKey::prefix_and_filename("user/"), Expires::HOUR)
//!     .exact("acl", "private")
//!     .with_content_length_range(1..=10 << 20);
//! let form = signer.sign_post_policy(&policy, now)?;
//! for (name, value) in &form {
//!     println!("<input type=\"hidden\" name=\"{name}\" value=\"{value}\">"); // escape the value
//! }
//!
//! // The server, with the fields that a multipart reader returned.
//! let fields: Vec<(&str, &str)> = form.fields().collect();
//! let verifier = Verifier::new("us-east-1", Service::S3)?;
//! let request = Request::new("POST", "/examplebucket", &[("Host", "s3.example.com")]);
//! let received = ReceivedForm::new("examplebucket", &fields).with_file_name("cat.jpg");
//! let claim = verifier.claim_form(&request, &received, now)?;
//! let key = claim.derive_key(&credentials); // your look-up
//! let verified = claim.verify(&key)?;
//! assert_eq!(verified.key(), "user/cat.jpg");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The protocol
//!
//! ```text
//! policy       = base64(document)                    the string to sign
//! signature    = hex(HMAC(k_signing, policy))
//! form         = key, field …, x-amz-algorithm, x-amz-credential, x-amz-date,
//!                [x-amz-security-token], policy, x-amz-signature, file
//! ```
//!
//! Source: S3 API Reference, "Browser-Based Uploads Using POST (AWS Signature Version 4)": "Creating a
//! POST policy" and "Creating an HTML form". This module does not read `multipart/form-data`, which is
//! the task of the HTTP server, and it does not write HTML.
//!
//! [`Signer::sign_post_policy`]: crate::Signer::sign_post_policy
//! [`Verifier::claim_form`]: crate::Verifier::claim_form

mod claim;
mod claim_form;
mod conditions;
mod document;
mod document_reader;
mod field_names;
mod file_length;
mod form_fields;
mod form_key;
mod json;
mod policy;
mod policy_fields;
mod post_form;
mod received_form;
mod rejected;
mod sign;
mod verified_form;

pub use self::claim::FormClaim;
pub use self::file_length::FileLength;
pub use self::form_fields::FormFields;
pub use self::form_key::FormKey;
pub use self::policy::PostPolicy;
pub use self::post_form::{PostForm, SignedPolicy};
pub use self::received_form::ReceivedForm;
pub use self::rejected::RejectedForm;
pub use self::verified_form::VerifiedForm;
pub use crate::error::{FormError, FormLimit, InvalidPolicy, PolicyError};
