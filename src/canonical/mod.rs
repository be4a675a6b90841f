//! What step 1 consists of, one rule a file.
//!
//! Signer and verifier use the same functions, and no function knows which of them
//! called. Where a rule has a fast path, `equivalence.rs` holds it equal to the exact one.

mod aws_headers;
#[cfg(all(test, not(fuzzing)))]
mod equivalence;
#[cfg(fuzzing)]
pub mod equivalence;
mod header_block;
mod header_fields;
mod header_name;
mod header_select;
mod header_value;
mod pair_scanner;
mod parameter;
mod path;
pub mod percent;
mod query;
mod signed_headers;
pub(crate) mod target;

pub(crate) use self::aws_headers::AwsHeader;
pub(crate) use self::header_fields::Fields;
pub use self::header_name::{NEVER_SIGNED, is_never_signed};
pub(crate) use self::header_name::{Name, check_name, is_token};
pub(crate) use self::header_select::Selected;
pub(crate) use self::header_value::{check_value, folded, trim};
pub(crate) use self::parameter::{Parameter, Recognized, is_authentication_parameter};
pub(crate) use self::path::{encode_for_wire, write_path};
pub(crate) use self::percent::{LongDecoded, decode_in, decode_to};
pub(crate) use self::query::{Pairs, split_pair, write_pairs};
pub use self::signed_headers::SignedHeaders;
