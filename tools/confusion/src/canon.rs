//! A canonicalization that shares no code with countersign.

use testkit::reference::{decode, encode, sha256};

use crate::draft::{Draft, Placement};

/// The six parts of a canonical request, open to mistakes.
#[derive(Clone, Debug, PartialEq)]
pub struct Canon {
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query.
    pub query: String,
    /// Names and values.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The names, joined by `;`.
    pub list: String,
    /// The last line.
    pub payload: String,
    /// The text between headers and list.
    pub separator: &'static str,
    /// The text after the last line.
    pub end: &'static str,
    /// The line ending.
    pub line_ending: &'static str,
}

impl Canon {
    /// Computes the canonical request that a server computes for the draft as it is now.
    pub fn of(draft: &Draft, list: &str) -> Self {
        let query = canonical_query(draft);
        let headers = list.split(';').map(|name| (name.to_owned(), joined(draft, name))).collect();
        Self {
            method: draft.method.clone(),
            path: canonical_path(draft),
            query,
            headers,
            list: list.into(),
            payload: payload(draft),
            separator: "\n",
            end: "",
            line_ending: "\n",
        }
    }

    /// Joins the parts.
    pub fn bytes(&self) -> Vec<u8> {
        let ending = self.line_ending;
        let mut out =
            format!("{}{ending}{}{ending}{}{ending}", self.method, self.path, self.query).into_bytes();
        for (name, value) in &self.headers {
            out.extend_from_slice(name.as_bytes());
            out.push(b':');
            out.extend_from_slice(value);
            out.extend_from_slice(ending.as_bytes());
        }
        let separator = self.separator.replace('\n', ending);
        out.extend_from_slice(
            format!("{separator}{}{ending}{}{}", self.list, self.payload, self.end).as_bytes(),
        );
        out
    }

    /// Returns the value of a header, to be changed.
    pub fn header(&mut self, name: &str) -> Option<&mut Vec<u8>> {
        self.headers.iter_mut().find(|(found, _)| found == name).map(|(_, value)| value)
    }
}

fn canonical_path(draft: &Draft) -> String {
    if draft.is_s3() {
        let segments: Vec<String> = draft.path.split('/').map(|segment| encode(decode(segment))).collect();
        return segments.join("/");
    }
    let mut segments: Vec<String> = Vec::new();
    for segment in draft.path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()),
            segment => segments.push(encode(segment)),
        }
    }
    let slash = if draft.path.ends_with('/') && !segments.is_empty() { "/" } else { "" };
    format!("/{}{slash}", segments.join("/"))
}

fn canonical_query(draft: &Draft) -> String {
    let mut pairs: Vec<(String, String)> = draft
        .query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .filter(|(name, _)| *name != "X-Amz-Signature")
        .filter(|(name, _)| draft.service != "iotdevicegateway" || *name != "X-Amz-Security-Token")
        .map(|(name, value)| {
            (encode(decode(&name.replace('+', " "))), encode(decode(&value.replace('+', " "))))
        })
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// Returns the values of a header, each without spaces at its ends, joined by commas.
fn joined(draft: &Draft, name: &str) -> Vec<u8> {
    let values: Vec<Vec<u8>> = draft
        .headers
        .iter()
        .filter(|(found, _)| found.eq_ignore_ascii_case(name))
        .map(|(_, value)| {
            let words: Vec<&[u8]> =
                value.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).collect();
            words.join(&b' ')
        })
        .collect();
    values.join(&b',')
}

fn payload(draft: &Draft) -> String {
    match (draft.placement, draft.is_s3()) {
        (Placement::Url, true) => "UNSIGNED-PAYLOAD".into(),
        (Placement::Header, true) => draft.value("x-amz-content-sha256").unwrap_or_default(),
        (_, false) => sha256(&draft.body),
    }
}
