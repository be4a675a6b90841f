//! Which fields have a meaning of their own, and what names and values may contain.

/// The length of the longest key that S3 stores, in bytes.
pub(super) const MAX_KEY_LEN: usize = 1024;

/// The placeholder for the name of the file that the user chose.
pub(super) const FILENAME: &str = "${filename}";

/// Returns true for the fields of the signature, which the caller cannot set.
pub(super) fn is_authentication(name: &str) -> bool {
    const FIELDS: [&str; 7] = [
        "policy",
        "x-amz-algorithm",
        "x-amz-credential",
        "x-amz-date",
        "x-amz-s3session-token",
        "x-amz-security-token",
        "x-amz-signature",
    ];
    FIELDS.iter().any(|field| field.eq_ignore_ascii_case(name))
}

/// Returns true for the fields of Signature Version 2.
pub(super) fn is_version_2(name: &str) -> bool {
    name.eq_ignore_ascii_case("AWSAccessKeyId") || name.eq_ignore_ascii_case("signature")
}

/// Returns true for fields that a policy does not have to name, and that have no meaning.
pub(super) fn is_ignored(name: &str) -> bool {
    const PREFIX: &str = "x-ignore-";
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// Returns true if a policy can name this field: if it is a token (RFC 9110, section 5.6.2) without a
/// dollar sign, which has a meaning in conditions.
pub(super) fn is_field_name(name: &str) -> bool {
    let allowed = |byte: u8| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'!' | b'#' | b'%'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~')
    };
    !name.is_empty() && name.bytes().all(allowed)
}

/// Returns true if the value has no control characters except tabs, and in `tagging`, which is a
/// document, line endings. Servers turn fields into headers of the object and of the response.
pub(super) fn is_valid_value(name: &str, value: &str) -> bool {
    let may_have_lines = name.eq_ignore_ascii_case("tagging");
    let allowed = |c: char| !c.is_control() || c == '\t' || may_have_lines && matches!(c, '\r' | '\n');
    value.chars().all(allowed)
}
