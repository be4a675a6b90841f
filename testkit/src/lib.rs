//! Helpers that countersign's tests share.
//!
//! - [`keys`]: the example keys of AWS's documents.
//! - [`Wire`]: a request whose every part can be changed, before and after it is signed.
//! - [`Hand`] and [`reference`]: signing without any code of countersign, so that a test can compare the two, and can
//!   sign requests that countersign refuses to sign.
//! - [`assert_err!`], [`assert_error!`]: compare an error by the fields that are named.
//! - [`Parts`]: checks the layout of a canonical request.
//! - [`accepted`], [`refused!`], [`mismatches`]: the outcomes of a verification.

mod assert_err;
mod hand;
pub mod keys;
mod layout;
mod outcome;
mod parties;
pub mod reference;
mod wire;

pub use hand::{Hand, SCOPE};
pub use keys::{ID, SECRET, TEMPORARY_ID, TOKEN, credentials, long_term, look_up, temporary};
pub use layout::Parts;
pub use outcome::{accepted, accepted_by, mismatches, right_signature, signature_under, verify_claim};
pub use parties::{
    NOW, at, now, now_plus, signer, standard_signer, standard_verifier, temporary_signer, verifier,
};
pub use reference::{EMPTY, UNSIGNED, hmac, sha256};
pub use wire::{HOST, Wire};
