//! Shim until chunked is merged.
pub(crate) use super::string_to_sign::Algorithm;
pub(crate) use crate::sign::SignKey as KeyToSign;
