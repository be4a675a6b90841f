//! The question: a request, the credentials that sign it, and what happens to it.

use serde::{Deserialize, Serialize};

use crate::presets;

/// A place for the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    Header,
    Presigned,
    Chunked,
    Form,
    SigV4a,
}

impl Mode {
    /// Returns the name that questions use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Header => "header",
            Self::Presigned => "presigned",
            Self::Chunked => "chunked",
            Self::Form => "form",
            Self::SigV4a => "sigv4a",
        }
    }
}

/// A question. Members that are missing have the values of the first preset. Other members are refused, so that a wrong
/// name is seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Question {
    pub mode: Mode,
    pub method: String,
    pub url: String,
    /// The headers, one on each line.
    pub headers: String,
    pub body: String,
    /// `signed` or `unsigned`.
    pub payload: String,
    pub access_key_id: String,
    pub secret: String,
    pub session_token: String,
    pub region: String,
    pub service: String,
    pub time: String,
    pub expires: u64,
    pub chunk_size: u64,
    /// The algorithm of the checksum in the trailer, or nothing.
    pub trailer: String,
    /// The policy of a form, in JSON.
    pub policy: String,
    #[serde(rename = "break")]
    pub broken_by: String,
    /// The service's error, as the user pasted it.
    pub service_answer: String,
    /// Asks for the presets and the breaks. They are the same in every answer, and are most of its bytes.
    #[serde(skip_serializing)]
    pub lists: bool,
}

impl Default for Question {
    fn default() -> Self {
        presets::get_object()
    }
}
