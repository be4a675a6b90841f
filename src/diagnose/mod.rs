//! Names the cause of a signature that does not match.
//!
//! Three questions, by what is known:
//!
//! * [`answer`]: what the client signed, and what the service answered.
//! * [`received`]: a request that a server refused, with the right credentials.
//! * [`text`]: a log, an error document, a transcript of curl or a URL, and nothing else.
//!
//! A [`Diagnosis`] lists causes, likeliest first. Each [`Cause`] has a stable
//! [name](CauseName), states what is certain apart from what is likely, quotes both sides with the
//! differing bytes marked, and names one change to make.
//!
//! ```
//! use countersign::diagnose::{self, Evidence};
//!
//! let pasted = "https://bucket.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256&amp;X-Amz-Credential=AKID";
//! println!("{}", diagnose::text(&Evidence::read(pasted)));
//! # assert_eq!(diagnose::text(&Evidence::read(pasted)).first().unwrap().name().as_str(), "url-html-escaped");
//! ```
//!
//! # For operators
//!
//! A report quotes the request. Do not send it to the other side. It contains no secret, no session
//! token and no signature.
//!
//! Nothing here is used to verify a request. A report cannot become a [`Verified`](crate::Verified),
//! and a request that was refused stays refused.
//!
//! # Limits
//!
//! An evidence of more than 1 MiB is truncated. A diagnosis of a received request hashes at most 16 MiB
//! in addition to the body, and tries some thousand variants.
//!
//! Sources of the causes: `docs/diagnosing.md`.

mod about;
mod cause;
mod client;
mod compare;
mod compose;
mod derivation;
mod diagnosis;
mod evidence;
mod excerpt;
mod form;
mod header;
mod host;
mod key;
mod lines;
mod mask;
mod name;
mod not_signature;
mod of_error;
mod part;
mod parts;
mod pasted;
mod path;
mod payload;
mod policy_spelling;
mod proof;
mod query;
mod received;
mod search;
mod secret;
mod sent;
mod signed;
mod spelling;
mod suspects;
mod to_sign;
mod transform;
mod visible;

pub use self::about::About;
pub use self::cause::Cause;
pub use self::client::{answer, text, text_with_secret};
pub use self::diagnosis::Diagnosis;
pub use self::evidence::{Evidence, EvidenceForm};
pub use self::excerpt::Excerpt;
#[cfg(feature = "post-policy")]
pub use self::form::received_form;
pub use self::name::CauseName;
pub use self::part::{Certainty, Part};
pub use self::policy_spelling::policy_document;
pub use self::received::{Hints, received, received_with};
pub use self::signed::Signed;
