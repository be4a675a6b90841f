//! [`Evidence`]: reads the texts that people have of a refused request.

mod access_log;
mod answer;
mod base64;
mod bodies;
mod clean;
mod code;
mod command;
mod form;
mod object;
mod request;
mod scan;
mod steps;
mod unescape;
mod url;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

pub(super) use self::answer::Answer;
pub use self::form::EvidenceForm;
pub(super) use self::request::SentRequest;
pub(super) use self::steps::Found;
pub(super) use self::url::PastedUrl;
use super::parts::Parts;

/// A text about a refused request, as people have it: the service's answer, and the request and the steps of the client if the
/// text has them.
///
/// The text can be an error document in XML or JSON, also escaped, indented or truncated; a log of a client, such as that of
/// `aws --debug`; the message of an exception; a transcript of `curl -v`; the entry of a HAR; or a presigned URL.
/// `docs/diagnosing.md` lists all forms. Pass the evidence to [`text`](super::text) or [`answer`](super::answer).
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
    /// Texts that may be the body.
    pub(super) bodies: Vec<String>,
    /// Method and path of each line of an access log.
    pub(super) logged: Vec<(String, String)>,
    /// The `host:port` of each URL that has a port.
    pub(super) ports: Vec<String>,
    /// The texts that base64 in the text contains.
    pub(super) hidden: String,
}

/// The number of bytes of a text that are read.
const MAX_LEN: usize = 1 << 20;

impl Evidence {
    /// Reads a text. Each text is accepted, and parts that are not recognized are ignored.
    ///
    /// Only the first MiB of the text is read.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let end = (0..=MAX_LEN.min(text.len())).rev().find(|index| text.is_char_boundary(*index));
        let text = text.get(..end.unwrap_or_default()).unwrap_or_default();
        let text = &clean::plain_headers(&clean::without_prefixes(&clean::plain(text)));
        let views = unescape::views(text);
        let (theirs, ours) = (steps::of_service(&views), steps::of_client(&views));
        let url = url::find(text);
        let bodies = bodies::find(text);
        let hidden = base64::decoded(text);
        let request = request::find(text, &views, &hidden).map(SentRequest::with_host);
        let form = form::of(text, &ours, request.as_ref(), url.as_ref());
        let logged = access_log::paths(text);
        let ports = url::ports(text);
        Self { form, answer: Answer::read(&views), theirs, ours, request, url, bodies, logged, ports, hidden }
    }

    /// Adds what another text shows of the request, such as a log or a transcript of the client. The answer of the
    /// service remains that of this evidence, if this evidence has one.
    ///
    /// ```
    /// use countersign::diagnose::Evidence;
    ///
    /// let answer = Evidence::read("<Error><Code>SignatureDoesNotMatch</Code></Error>");
    /// let evidence = answer.with_request("> GET /k HTTP/1.1\n> Host: b.s3.amazonaws.com\n< HTTP/1.1 403 Forbidden\n");
    /// assert_eq!((evidence.code(), evidence.status()), (Some("SignatureDoesNotMatch"), Some(403)));
    /// ```
    #[must_use]
    pub fn with_request(self, text: &str) -> Self {
        let other = Self::read(text);
        let has_steps = self.theirs.canonical.is_some() || self.theirs.to_sign.is_some();
        let form =
            if other.request.is_some() || other.ours.canonical.is_some() { other.form } else { self.form };
        Self {
            form,
            answer: self.answer.or(other.answer),
            theirs: if has_steps { self.theirs } else { other.theirs },
            ours: if other.ours.canonical.is_some() { other.ours } else { self.ours },
            request: other.request.or(self.request),
            url: other.url.or(self.url),
            logged: [self.logged, other.logged].concat(),
            ports: [self.ports, other.ports].concat(),
            bodies: if other.bodies.is_empty() { self.bodies } else { other.bodies },
            hidden: other.hidden + &self.hidden,
        }
    }

    /// Returns the request that the text contains, as an HTTP message without its body. It contains the signature, and
    /// can contain a session token.
    ///
    /// ```
    /// use countersign::diagnose::Evidence;
    ///
    /// let text = "$ curl -sI 'https://b.s3.amazonaws.com/k?X-Amz-Signature=00'\nHTTP/1.1 403 Forbidden\n";
    /// let message = Evidence::read(text).sent_message();
    /// assert_eq!(message.as_deref(), Some("HEAD /k?X-Amz-Signature=00 HTTP/1.1\nhost: b.s3.amazonaws.com\n"));
    /// ```
    #[must_use]
    pub fn sent_message(&self) -> Option<String> {
        self.request.as_ref().filter(|request| request.is_signed()).map(SentRequest::to_message)
    }

    /// Reads a text that need not be UTF-8, as [`read`](Self::read) does. U+FFFD replaces other bytes.
    ///
    /// ```
    /// use countersign::diagnose::Evidence;
    ///
    /// let evidence = Evidence::from_bytes(b"<Error><Code>AccessDenied</Code><Key>caf\xe9</Key></Error>");
    /// assert_eq!(evidence.code(), Some("AccessDenied"));
    /// ```
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let bytes = bytes.get(..MAX_LEN).unwrap_or(bytes);
        Self::read(&String::from_utf8_lossy(bytes))
    }

    /// Returns the form that was recognized; `EvidenceForm::Other` if none was.
    #[must_use]
    pub const fn form(&self) -> EvidenceForm {
        self.form
    }

    /// Returns the service's error code, such as `SignatureDoesNotMatch`, if the text shows one. Of several answers in the text,
    /// the last refusal counts.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.answer.code.as_deref()
    }

    /// Returns the service's message, if the text shows one. It is text of the service, and not masked.
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.answer.message.as_deref()
    }

    /// Returns the HTTP status, 100 to 599, if the text shows one.
    #[must_use]
    pub const fn status(&self) -> Option<u16> {
        self.answer.status
    }

    /// Returns the region that the service names: in the element `Region`, in the header `x-amz-bucket-region` or in the message.
    ///
    /// ```
    /// use countersign::diagnose::Evidence;
    ///
    /// let evidence = Evidence::read("the region 'us-east-1' is wrong; expecting 'eu-west-1'");
    /// assert_eq!(evidence.region(), Some("eu-west-1"));
    /// ```
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.answer.region.as_deref()
    }

    /// Returns true if the text contains the service's canonical request.
    #[must_use]
    pub const fn has_canonical_request(&self) -> bool {
        self.theirs.canonical.is_some()
    }

    /// Returns true if the text ends inside an element or a string, so that a diagnosis can lack causes.
    #[must_use]
    pub const fn is_truncated(&self) -> bool {
        self.theirs.truncated || self.answer.truncated
    }

    /// Returns true if the text shows that the service refused the request.
    pub(super) fn is_refused(&self) -> bool {
        self.answer.code.is_some()
            || self.answer.status.is_some_and(|status| status >= 400)
            || self.theirs.canonical.is_some()
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
