//! The fields of a verified form as headers of the upload.

use countersign::post_policy::VerifiedForm;
use countersign::{Checksum, ChecksumChecker, ChecksumValue};
use http::HeaderMap;

use crate::headers;
use crate::refusal::Refusal;

/// Fields that the gateway acts on itself.
const OURS: [&str; 12] = [
    "bucket",
    "key",
    "policy",
    "redirect",
    "submit",
    "success_action_redirect",
    "success_action_status",
    "x-amz-algorithm",
    "x-amz-credential",
    "x-amz-date",
    "x-amz-security-token",
    "x-amz-signature",
];

/// Returns the headers to send, by the rules for the headers of other requests.
pub fn headers(form: &VerifiedForm) -> Result<HeaderMap, Refusal> {
    if form.field("tagging").is_some() {
        return Err(Refusal::not_implemented("tagging"));
    }
    let acl = form.field("acl").map(|acl| ("x-amz-acl", acl));
    let fields = form.fields().filter(|(name, _)| !OURS.contains(name) && *name != "acl");
    let fields = fields.filter(|(name, _)| !name.starts_with("x-amz-checksum-") && *name != "content-md5");
    headers::forwarded(fields.chain(acl).map(|(name, value)| (name.as_bytes(), value.as_bytes())))
}

/// Returns a checker of the checksums that the form states. An unknown algorithm is refused by name.
pub fn checksums(form: &VerifiedForm) -> Result<ChecksumChecker, Refusal> {
    let mut checker = ChecksumChecker::default();
    for (name, value) in declared(form) {
        let checksum = match name {
            "content-md5" => Checksum::Md5,
            name => Checksum::from_name(name).ok_or_else(|| Refusal::not_implemented(name))?,
        };
        let value = ChecksumValue::parse(checksum, value)
            .map_err(|_| Refusal::new(400, "InvalidDigest", format!("Value for {name} is invalid.")))?;
        checker = checker.with_expected(value);
    }
    Ok(checker)
}

/// Returns the checksum headers for an upload in one piece.
pub fn declared(form: &VerifiedForm) -> impl Iterator<Item = (&str, &str)> {
    let settings = ["x-amz-checksum-algorithm", "x-amz-checksum-type", "x-amz-checksum-mode"];
    form.fields().filter(move |(name, _)| {
        (name.starts_with("x-amz-checksum-") && !settings.contains(name)) || *name == "content-md5"
    })
}
