//! [`Evidence`]: reads what people have of a refused request, as they have it.

mod answer;
mod request;
mod scan;
mod steps;
mod unescape;
mod url;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

pub(super) use self::answer::Answer;
pub(super) use self::request::SentRequest;
pub(super) use self::steps::Found;
pub(super) use self::url::PastedUrl;
use super::parts::Parts;

/// The form of an evidence.
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

/// The evidence of a refused request: the service's answer, and what the text has besides.
///
/// ```
/// use countersign::diagnose::Evidence;
///
/// let evidence = Evidence::read(
///     "botocore.exceptions.ClientError: An error occurred (SignatureDoesNotMatch) when calling the PutObject operation: …",
/// );
/// assert_eq!(evidence.code(), Some("SignatureDoesNotMatch"));
/// ```
#[derive(Clone)]
pub struct Evidence {
    form: EvidenceForm,
    pub(super) answer: Answer,
    pub(super) theirs: Found,
    pub(super) ours: Found,
    pub(super) request: Option<SentRequest>,
    pub(super) url: Option<PastedUrl>,
}

/// The number of bytes of a text that are read.
const MAX_LEN: usize = 1 << 20;

impl Evidence {
    /// Reads an evidence. No text is an error: what is not recognized is ignored.
    ///
    /// At most 1 MiB of the text is read.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let end = (0..=MAX_LEN.min(text.len())).rev().find(|index| text.is_char_boundary(*index));
        let text = text.get(..end.unwrap_or_default()).unwrap_or_default();
        let views = views(text);
        let (theirs, ours) = (steps::of_service(&views), steps::of_client(&views));
        let sent = || {
            let har =
                views.iter().find_map(|view| request::of_har(view).filter(|_| view.contains("\"headers\"")));
            har.or_else(|| request::of_botocore(text)).or_else(|| request::of_transcript(text))
        };
        let request = sent();
        let url = url::find(text);
        let form = form(text, &ours, request.as_ref(), url.as_ref());
        Self { form, answer: Answer::read(&views), theirs, ours, request, url }
    }

    /// Reads an evidence that need not be UTF-8.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let bytes = bytes.get(..MAX_LEN).unwrap_or(bytes);
        Self::read(&String::from_utf8_lossy(bytes))
    }

    /// Returns the form that was recognized.
    #[must_use]
    pub const fn form(&self) -> EvidenceForm {
        self.form
    }

    /// Returns the service's error code.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.answer.code.as_deref()
    }

    /// Returns the service's message. It is text of the service, and not masked.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.answer.message.as_deref()
    }

    /// Returns the HTTP status.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        self.answer.status
    }

    /// Returns the region that the service names.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.answer.region.as_deref()
    }

    /// Returns true if the text contains the service's canonical request.
    #[must_use]
    pub const fn has_canonical_request(&self) -> bool {
        self.theirs.canonical.is_some()
    }

    /// Returns true if the text ends before an element or a string does.
    #[must_use]
    pub const fn is_truncated(&self) -> bool {
        self.theirs.truncated || self.answer.truncated
    }

    /// Returns the service's canonical request, split.
    pub(super) fn their_parts(&self) -> Option<Parts> {
        self.theirs.canonical.as_deref().and_then(Parts::parse)
    }

    /// Returns the canonical request that the client logged, split.
    pub(super) fn our_parts(&self) -> Option<Parts> {
        self.ours.canonical.as_deref().and_then(Parts::parse)
    }
}

/// Prints the form and the code: the text can contain secrets.
impl fmt::Debug for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Evidence")
            .field("form", &self.form)
            .field("code", &self.code())
            .finish_non_exhaustive()
    }
}

/// Returns the text, and the text with its escapes undone.
fn views(text: &str) -> Vec<String> {
    let mut views: Vec<String> = alloc::vec![text.into()];
    let mut add = |view: String| {
        if !views.contains(&view) {
            views.push(view);
        }
    };
    let (plain, decoded) = (unescape::backslashes(text), unescape::entities(text));
    let both = unescape::entities(&plain);
    let twice = unescape::entities(&decoded);
    let nested = unescape::backslashes(&plain);
    for view in [plain, decoded, both, twice, nested] {
        add(view);
    }
    views
}

fn form(text: &str, ours: &Found, request: Option<&SentRequest>, url: Option<&PastedUrl>) -> EvidenceForm {
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
