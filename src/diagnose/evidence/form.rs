//! [`EvidenceForm`]: the form of a text that was given as evidence.

use super::{Found, PastedUrl, SentRequest};

/// The form of an [`Evidence`](super::Evidence).
///
/// ```
/// use countersign::diagnose::{Evidence, EvidenceForm};
///
/// let evidence = Evidence::read("{\"message\": \"Forbidden\"}");
/// assert_eq!(evidence.form(), EvidenceForm::Json);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum EvidenceForm {
    /// An error document in XML.
    Xml,
    /// An error document in JSON.
    Json,
    /// A log that contains the client's steps, such as that of `aws --debug`.
    Log,
    /// A transcript of `curl -v`, or an HTTP message.
    Transcript,
    /// The entry of a HAR file.
    Har,
    /// A presigned URL.
    Url,
    /// Other text, such as the message of an exception.
    Other,
}

/// Returns the form of a text, by what was found in it.
pub(super) fn of(
    text: &str,
    ours: &Found,
    request: Option<&SentRequest>,
    url: Option<&PastedUrl>,
) -> EvidenceForm {
    let start = text.trim_start();
    if ours.canonical.is_some() || text.contains("botocore") && text.contains("DEBUG") {
        EvidenceForm::Log
    } else if request.is_some() && (text.contains("\"request\"") && text.contains("\"response\"")) {
        EvidenceForm::Har
    } else if request.is_some() {
        EvidenceForm::Transcript
    } else if text.contains("<Code>") || text.contains("&lt;Code&gt;") || start.starts_with("<?xml") {
        EvidenceForm::Xml
    } else if start.starts_with('{') {
        EvidenceForm::Json
    } else if url.is_some() {
        EvidenceForm::Url
    } else {
        EvidenceForm::Other
    }
}
