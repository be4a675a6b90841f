//! [`Parts`]: a canonical request of either side, split into its six parts.
//!
//! The parts of the other side are text that somebody pasted. Indentation and removed empty lines are
//! tolerated.

use alloc::string::String;
use alloc::vec::Vec;

use crate::steps::CanonicalRequest;
use crate::steps::canonical_request::lines;

/// The six parts of a canonical request, which may be wrong.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    /// Names and values of the header lines, in their order.
    pub(super) headers: Vec<(String, Vec<u8>)>,
    pub(super) signed_headers: String,
    pub(super) payload: String,
    pub(super) form: Form,
}

/// The layout of the parts: as specified, or with one known fault.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// As the specification requires.
    Exact,
    /// Without the empty line after the headers.
    NoEmptyLine,
    /// With a second empty line after the headers.
    TwoEmptyLines,
    /// With a line feed after the last line.
    FinalLineFeed,
    /// With CR LF as line ending.
    CarriageReturns,
    /// Without the payload line.
    NoLastLine,
}

impl Parts {
    /// Splits a canonical request of this crate.
    pub(super) fn of(request: &CanonicalRequest) -> Self {
        let line = |(name, value): (&[u8], &[u8])| (String::from_utf8_lossy(name).into(), value.to_vec());
        Self {
            method: request.method().into(),
            path: request.uri().into(),
            query: request.query().into(),
            headers: lines(request.headers()).map(line).collect(),
            signed_headers: request.signed_headers().into(),
            payload: request.payload_hash().into(),
            form: Form::Exact,
        }
    }

    /// Splits the canonical request of another signer. Returns `None` if the text is not a canonical request.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        Self::parse_own(text).filter(|parts| parts.path.is_empty() || parts.path.starts_with('/'))
    }

    /// Splits a canonical request that the client's signer computed. Its path can be wrong.
    pub(super) fn parse_own(text: &[u8]) -> Option<Self> {
        let all: Vec<&[u8]> = text.split(|byte| *byte == b'\n').map(without_indentation).collect();
        let first = all.iter().position(|line| !line.is_empty())?;
        let last = all.iter().rposition(|line| !line.is_empty())?;
        let all = all.get(first..=last)?;
        let [method, path, middle @ .., signed_headers, payload] = all else { return None };
        let is_method = !method.is_empty() && method.iter().all(|byte| byte.is_ascii_alphabetic());
        if !is_method {
            return None;
        }
        let (query, headers) = split_query(middle, signed_headers);
        let (signed_headers, payload) = (lossy(signed_headers), lossy(payload));
        let empty_lines = headers.iter().rev().take_while(|line| line.is_empty()).count();
        let form = match empty_lines {
            0 => Form::NoEmptyLine,
            1 => Form::Exact,
            _ => Form::TwoEmptyLines,
        };
        Some(Self {
            method: lossy(method),
            path: lossy(path),
            query: lossy(query),
            headers: headers.iter().filter_map(|line| header_line(line)).collect(),
            signed_headers,
            payload,
            form,
        })
    }

    /// Joins the parts again. The result is what a signer with a mistake hashed.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let end: &[u8] = if self.form == Form::CarriageReturns { b"\r\n" } else { b"\n" };
        for line in [&self.method, &self.path, &self.query] {
            out.extend_from_slice(line.as_bytes());
            out.extend_from_slice(end);
        }
        for (name, value) in &self.headers {
            out.extend_from_slice(name.as_bytes());
            out.push(b':');
            out.extend_from_slice(value);
            out.extend_from_slice(end);
        }
        match self.form {
            Form::NoEmptyLine => {}
            Form::TwoEmptyLines => out.extend_from_slice(b"\n\n"),
            _ => out.extend_from_slice(end),
        }
        out.extend_from_slice(self.signed_headers.as_bytes());
        if self.form != Form::NoLastLine {
            out.extend_from_slice(end);
            out.extend_from_slice(self.payload.as_bytes());
        }
        if self.form == Form::FinalLineFeed {
            out.push(b'\n');
        }
        out
    }

    /// Returns the value of a header line.
    pub(super) fn header(&self, name: &str) -> Option<&[u8]> {
        self.headers
            .iter()
            .find(|(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_slice())
    }

    /// Returns the parts with another value of a header line, or without the line.
    pub(super) fn with_header(&self, name: &str, value: Option<&[u8]>) -> Self {
        let mut parts = self.clone();
        match value {
            Some(value) => {
                parts.headers.iter_mut().filter(|(found, _)| found == name).for_each(|(_, old)| {
                    *old = value.to_vec();
                })
            }
            None => parts.headers.retain(|(found, _)| found != name),
        }
        parts
    }

    /// Returns the names of the list of signed headers.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.signed_headers.split(';').filter(|name| !name.is_empty())
    }
}

/// Splits the lines between path and signed headers. Some printers of XML remove the empty line of an
/// empty query.
fn split_query<'l, 't>(middle: &'l [&'t [u8]], signed_headers: &[u8]) -> (&'t [u8], &'l [&'t [u8]]) {
    let Some((first, rest)) = middle.split_first() else { return (b"", &[]) };
    let is_header = header_line(first).is_some_and(|(name, _)| {
        let is_named = |signed: &[u8]| signed.eq_ignore_ascii_case(name.as_bytes());
        signed_headers.split(|byte| *byte == b';').any(is_named)
    });
    if is_header { (b"", middle) } else { (first, rest) }
}

fn header_line(line: &[u8]) -> Option<(String, Vec<u8>)> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (name, value) = line.split_at_checked(colon)?;
    Some((lossy(name), value.get(1..)?.to_vec()))
}

/// Returns the line without spaces before it, and without a carriage return after it.
fn without_indentation(mut line: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] | [rest @ .., b'\r'] = line {
        line = rest;
    }
    line
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
