//! Recognizes the fields that have a meaning of their own, and checks names and values.

/// The maximum length of an S3 key in bytes.
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

/// Returns true for the fields that servers ignore. A policy does not have to name them.
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

/// Returns true if the value has no control characters, which could add lines to the headers that a
/// server makes of fields. Tabs are allowed, and line endings in `tagging`, which is a document.
pub(super) fn is_valid_value(name: &str, value: &str) -> bool {
    let may_have_lines = name.eq_ignore_ascii_case("tagging");
    let allowed = |c: char| !c.is_control() || c == '\t' || may_have_lines && matches!(c, '\r' | '\n');
    value.chars().all(allowed)
}
