//! Shim until verify is merged.
pub(crate) use super::string_to_sign::Algorithm;
