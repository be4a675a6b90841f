//! The parts and the members of the question from which the library's writer took its bytes.

use std::ops::Range;

use countersign::steps::Origin;

use crate::answer::From;
use crate::input::Typed;
use crate::question::Question;
use crate::sent::{Header, Source};
use crate::url::{self, is_parameter, path_and_query};

/// A request whose canonical request is shown.
pub struct Origins<'q> {
    pub question: &'q Question,
    pub typed: &'q [Typed<'q>],
    /// The URL of the layout's request.
    pub url: &'q str,
    pub headers: &'q [Header],
    /// False if the request was changed after it was signed, so that its bytes are not those of the question.
    pub is_typed: bool,
}

impl Origins<'_> {
    /// Returns the part, and the origins in the question.
    pub fn of(&self, origin: &Origin) -> (String, Vec<From>) {
        match origin {
            Origin::Method(range) => ("method".into(), self.field("method", &self.question.method, range)),
            Origin::Path(range) => self.path(range),
            Origin::Query(range) => self.query(range),
            Origin::HeaderName { index, range } => self.header(*index, range, true),
            Origin::HeaderValue { index, range } => self.header(*index, range, false),
            Origin::Payload(_) => ("payload".into(), self.payload()),
            _ => ("separator".into(), Vec::new()),
        }
    }

    fn field(&self, field: &'static str, text: &str, range: &Range<usize>) -> Vec<From> {
        if self.is_typed { vec![From::bytes(field, text, range.start, range.end)] } else { Vec::new() }
    }

    fn payload(&self) -> Vec<From> {
        self.field("body", &self.question.body, &(0..self.question.body.len()))
    }

    fn path(&self, range: &Range<usize>) -> (String, Vec<From>) {
        let (start, query) = path_and_query(self.url);
        let end = query.map_or(self.url.len(), |query| query - 1);
        let path = self.url.get(start..end).unwrap_or_default();
        let before = path.as_bytes().get(..range.start + 1).unwrap_or(path.as_bytes());
        let segment = before.iter().filter(|byte| **byte == b'/').count().saturating_sub(1);
        (format!("path.{segment}"), self.field("url", self.url, &(start + range.start..start + range.end)))
    }

    fn query(&self, range: &Range<usize>) -> (String, Vec<From>) {
        let start = path_and_query(self.url).1.unwrap_or(self.url.len());
        let query = self.url.get(start..).unwrap_or_default();
        let mut pair_start = 0;
        for (index, pair) in query.split('&').enumerate() {
            let pair_end = pair_start + pair.len();
            if range.start <= pair_end {
                let name = pair.split('=').next().unwrap_or_default();
                let is_name = range.end <= pair_start + name.len();
                if is_parameter(name) {
                    return self.parameter(name, is_name);
                }
                let side = if is_name { "name" } else { "value" };
                let from = self.field("url", self.url, &(start + range.start..start + range.end));
                return (format!("query.{index}.{side}"), from);
            }
            pair_start = pair_end + 1;
        }
        ("query".into(), Vec::new())
    }

    /// Returns the origin of a parameter that the signer added.
    pub fn parameter(&self, name: &str, is_name: bool) -> (String, Vec<From>) {
        if is_name {
            return (format!("parameter.{}.name", name.to_ascii_lowercase()), Vec::new());
        }
        let whole = |field, text: &str| self.field(field, text, &(0..text.len()));
        let question = self.question;
        let (part, from) = match name {
            "X-Amz-Algorithm" => ("algorithm", Vec::new()),
            "X-Amz-Credential" => {
                let mut from = whole("access_key_id", &question.access_key_id);
                from.push(From::part("scope"));
                ("credential", from)
            }
            "X-Amz-Date" => ("time", whole("time", &question.time)),
            "X-Amz-Expires" => ("expires", whole("expires", &question.expires.to_string())),
            "X-Amz-SignedHeaders" => ("signed_headers", vec![From::part("signed_headers")]),
            "X-Amz-Region-Set" => ("scope.region", whole("region", &question.region)),
            "X-Amz-Signature" => ("signature", vec![From::part("signature")]),
            _ => ("token", whole("session_token", &question.session_token)),
        };
        (part.into(), from)
    }

    fn header(&self, index: Option<usize>, range: &Range<usize>, is_name: bool) -> (String, Vec<From>) {
        let header = index.and_then(|index| self.headers.get(index));
        let name = header.map_or_else(|| "host".to_owned(), |header| header.name.to_ascii_lowercase());
        let part = format!("header.{name}.{}", if is_name { "name" } else { "value" });
        let from = match header.map(|header| header.source) {
            Some(Source::Typed(index)) => match self.typed.get(index) {
                Some(typed) => {
                    let start = if is_name { typed.name_start } else { typed.value_start };
                    self.field("headers", &self.question.headers, &(start + range.start..start + range.end))
                }
                None => Vec::new(),
            },
            _ if is_name => Vec::new(),
            Some(Source::Signer) => self.added(&name, range),
            _ => match url::host(self.url) {
                Some((start, _)) => self.field("url", self.url, &(start + range.start..start + range.end)),
                None => Vec::new(),
            },
        };
        (part, from)
    }

    /// Returns the origin of the value of a header that the signer added.
    fn added(&self, name: &str, range: &Range<usize>) -> Vec<From> {
        let question = self.question;
        match name {
            "x-amz-date" => self.field("time", &question.time, range),
            "x-amz-content-sha256" => vec![From::part("payload")],
            "x-amz-security-token" | "x-amz-s3session-token" => {
                self.field("session_token", &question.session_token, range)
            }
            "x-amz-region-set" => self.field("region", &question.region, range),
            "x-amz-decoded-content-length" => self.payload(),
            _ => Vec::new(),
        }
    }
}
