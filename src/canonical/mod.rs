//! What step 1 is made of, one rule a file.

mod aws_headers;
mod header_fields;
mod header_name;
mod header_value;
mod never_signed;
mod parameter;
mod path;
pub mod percent;
mod query;
mod signed_headers;
pub(crate) mod target;

pub(crate) use self::aws_headers::Known;
pub(crate) use self::header_fields::Fields;
pub(crate) use self::header_name::{Name, check_name, is_token};
pub(crate) use self::header_value::{check_value, folded, trim};
pub use self::never_signed::{NEVER_SIGNED, is_never_signed};
pub(crate) use self::parameter::{Parameter, is_authentication_parameter};
pub(crate) use self::path::{sendable, write_path};
pub(crate) use self::percent::{Decoded, decode_to, decoded, push_byte};
pub(crate) use self::query::{Pairs, split_pair, write_pairs};
pub use self::signed_headers::SignedHeaders;
