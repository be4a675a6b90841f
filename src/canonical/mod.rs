//! The rules of step 1, the canonical request: one rule a file.
//!
//! ```text
//! CanonicalURI           path.rs             the path of target.rs
//! CanonicalQueryString   query.rs            read by pair_scanner.rs; searched for parameter.rs
//! CanonicalHeaders       header_block.rs     from header_fields.rs, header_name.rs, header_value.rs;
//!                                            searched for aws_headers.rs
//! SignedHeaders          signed_headers.rs   chosen by header_select.rs, or without never_signed.rs
//! UriEncode              percent.rs
//! ```
//!
//! Signer and verifier use the same functions, and no function can tell which of them
//! called. `equivalence.rs` compares each fast path with the exact path.
//!
//! Source: IAM User Guide, "Create a signed AWS API request", step 1.

mod aws_headers;
mod contradiction;
#[cfg(all(test, not(fuzzing)))]
mod equivalence;
#[cfg(fuzzing)]
pub mod equivalence;
mod header_block;
mod header_fields;
mod header_name;
mod header_select;
mod header_value;
mod never_signed;
mod pair_scanner;
mod parameter;
mod path;
pub mod percent;
mod query;
mod signed_headers;
pub(crate) mod target;
pub(crate) mod trace;

pub(crate) use self::aws_headers::{AwsHeader, is_aws_scheme};
pub(crate) use self::header_fields::Fields;
pub(crate) use self::header_name::{Name, check_name, is_token};
pub(crate) use self::header_select::Selected;
pub(crate) use self::header_value::{check_value, folded, trim};
pub use self::never_signed::{NEVER_SIGNED, is_never_signed};
pub(crate) use self::parameter::{Parameter, Recognized, is_authentication_parameter};
pub(crate) use self::path::{ambiguous_spelling, encode_for_wire, write_path, write_path_with};
pub(crate) use self::percent::{LongDecoded, decode_in, decode_to};
pub(crate) use self::query::{Pairs, split_pair, write_pairs};
pub use self::signed_headers::SignedHeaders;
