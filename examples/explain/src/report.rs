//! [`Report`]: the steps with their parts named, with secrets masked. The names of the fields are those of `--json`.

use serde::Serialize;

use crate::Form;
use crate::words::Part;

/// Everything that is shown about a request.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The version of these names: 1.
    pub version: u32,
    /// The form in which the request was given.
    pub input: Form,
    pub request: RequestLine,
    pub signature: SignatureFacts,
    pub steps: Vec<Step>,
    pub verdict: Verdict,
    /// The diagnoses: of the request, and of the service's answer.
    pub findings: Vec<Finding>,
    /// The first step at which this request and the one of `--compare` differ.
    pub difference: Option<Difference>,
    /// Facts about the reading.
    pub notes: Vec<String>,
}

/// The request itself.
#[derive(Debug, Clone, Serialize)]
pub struct RequestLine {
    pub method: String,
    pub url: String,
    /// The length of the body; `None` if the body is not known.
    pub body_bytes: Option<usize>,
}

/// The statements of the request or of the user about the signature.
#[derive(Debug, Clone, Serialize)]
pub struct SignatureFacts {
    /// `header`, `query`, `form`, or `none` if the request is not signed.
    pub place: &'static str,
    pub algorithm: String,
    pub access_key_id: Option<String>,
    /// `None` for SigV4a.
    pub region: Option<String>,
    pub service: String,
    /// The time, as `YYYYMMDDTHHMMSSZ`.
    pub time: String,
    /// The seconds during which a presigned URL is valid.
    pub expires: Option<u64>,
}

/// One step.
#[derive(Debug, Clone, Serialize)]
pub struct Step {
    pub number: u32,
    pub name: &'static str,
    /// The length of the string of this step.
    pub bytes: Option<usize>,
    /// The SHA-256 of the string of this step.
    pub sha256: Option<String>,
    pub lines: Vec<Line>,
    /// Commands for `sh` that compute the value of this step; `None` if a secret header would be in them.
    pub command: Option<String>,
}

/// One line of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    pub part: Part,
    /// The text, masked.
    pub text: String,
    /// The text in pieces, each with its part.
    pub spans: Vec<Span>,
    /// True if the form meets this condition of its policy. Only such a line has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub met: Option<bool>,
}

/// A piece of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Span {
    pub part: Part,
    pub text: String,
}

/// The result of the verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// `not-signed`, `no-secret`, `no-body`, `matches`, `does-not-match`, `chunk-does-not-match` or `refused`.
    pub name: &'static str,
    pub text: String,
}

/// One diagnosis.
#[derive(Debug, Clone, Serialize)]
pub struct Finding {
    /// `received` for the request itself, with the secret if there is one; `answer` for the service's answer.
    pub from: &'static str,
    /// The subject, as the library names it, such as `signature` or `clock`.
    pub about: &'static str,
    /// The causes, likeliest first.
    pub causes: Vec<Cause>,
}

/// One cause.
#[derive(Debug, Clone, Serialize)]
pub struct Cause {
    pub name: &'static str,
    /// `reproduced`, `observed`, `reported` or `suspected`.
    pub certainty: String,
    pub header: Option<String>,
    pub why: &'static str,
    pub detail: Option<String>,
    pub signed: Option<Marked>,
    pub received: Option<Marked>,
    pub likely: &'static str,
    pub fix: String,
}

/// A text in which bytes are marked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Marked {
    pub text: String,
    /// The range of the marked bytes in `text`.
    pub from: usize,
    pub to: usize,
}

/// The first step at which two requests differ.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// `None` if no step differs.
    pub step: Option<u32>,
    pub text: String,
    pub lines: Vec<Differing>,
}

/// A line that differs. A side is `None` if it has no such line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Differing {
    pub part: Part,
    pub name: String,
    pub first: Option<Marked>,
    pub second: Option<Marked>,
}

impl Serialize for Part {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}
