//! [`Asked`]: a request as it was read, before its steps are computed.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The form in which the request was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// A command line of curl.
    Curl,
    /// A URL, presigned or not.
    Url,
    /// An HTTP message, or the sent lines of `curl -v`.
    HttpMessage,
    /// An entry of a HAR.
    Har,
    /// A page in HTML with a form.
    Page,
    /// Other text that contains a request, such as a log.
    Text,
    /// The arguments of the program.
    Flags,
}

/// One piece of a body.
#[derive(Clone, PartialEq, Eq)]
pub enum Piece {
    /// These bytes.
    Bytes(Vec<u8>),
    /// The content of a file. `prefix` precedes it; curl's `-d` removes line endings.
    File { path: String, prefix: String, without_line_endings: bool, is_encoded: bool },
}

/// The body of the request, as far as it is known.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// The whole body.
    Bytes(Vec<u8>),
    /// Pieces, of which at least one is in a file.
    Pieces(Vec<Piece>),
    /// The body is not in the input.
    Unknown,
}

/// A request. Its headers can contain secrets, so it has no `Debug`.
#[derive(Clone)]
pub struct Asked {
    pub form: Form,
    pub method: String,
    /// `https`, `http`, `wss` or `ws`.
    pub scheme: String,
    /// The path and the query, as they are sent.
    pub target: String,
    /// The headers in their order, with `host`.
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Body,
    /// The access key id of curl's `-u`.
    pub access_key_id: Option<String>,
    /// The region of curl's `--aws-sigv4`.
    pub region: Option<String>,
    /// The service of curl's `--aws-sigv4`.
    pub service: Option<String>,
    /// The text has the answer of the service too.
    pub has_answer: bool,
    /// Facts about the reading that the user should know.
    pub notes: Vec<String>,
}

impl Asked {
    /// Creates a request without a body from a method and a URL. `None` if the URL has no host.
    #[must_use]
    pub fn new(form: Form, method: &str, url: &str) -> Option<Self> {
        let (scheme, rest) = url.split_once("://").unwrap_or(("http", url));
        let rest = rest.split('#').next().unwrap_or_default();
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at_checked(end)?;
        let host = authority.rsplit('@').next().unwrap_or(authority);
        if host.is_empty() || host.contains(char::is_whitespace) {
            return None;
        }
        let target = if target.starts_with('/') { target.to_owned() } else { format!("/{target}") };
        Some(Self {
            form,
            method: method.to_owned(),
            scheme: scheme.to_ascii_lowercase(),
            target,
            headers: vec![("host".to_owned(), without_default_port(scheme, host).into_bytes())],
            body: Body::Bytes(Vec::new()),
            access_key_id: None,
            region: None,
            service: None,
            has_answer: false,
            notes: Vec::new(),
        })
    }

    /// Returns the value of the first header with this name, which must be in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        let mut found = self.headers.iter().filter(|(known, _)| known.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_slice())
    }

    /// Returns the value of a header as text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<String> {
        self.header(name).map(|value| String::from_utf8_lossy(value).trim().to_owned())
    }

    /// Adds a header. A second `host` replaces the first one.
    pub fn push(&mut self, name: &str, value: &[u8]) {
        if name.eq_ignore_ascii_case("host") {
            self.headers.retain(|(known, _)| !known.eq_ignore_ascii_case("host"));
        }
        self.headers.push((name.to_owned(), value.to_vec()));
    }

    /// Adds a header unless the request has it.
    pub fn push_default(&mut self, name: &str, value: &str) {
        if self.header(name).is_none() {
            self.push(name, value.as_bytes());
        }
    }

    /// Reads the files of the body with `read`, and joins the pieces.
    ///
    /// # Errors
    ///
    /// Returns the error of `read`.
    pub fn fill<E>(&mut self, mut read: impl FnMut(&str) -> Result<Vec<u8>, E>) -> Result<(), E> {
        let Body::Pieces(pieces) = &self.body else { return Ok(()) };
        let mut body = Vec::new();
        for piece in pieces {
            match piece {
                Piece::Bytes(bytes) => body.extend_from_slice(bytes),
                Piece::File { path, prefix, without_line_endings, is_encoded } => {
                    let mut content = read(path)?;
                    if *without_line_endings {
                        content.retain(|byte| !matches!(byte, b'\n' | b'\r' | 0));
                    }
                    body.extend_from_slice(prefix.as_bytes());
                    if *is_encoded {
                        body.extend(encode(&String::from_utf8_lossy(&content)).bytes());
                    } else {
                        body.extend(content);
                    }
                }
            }
        }
        self.body = Body::Bytes(body);
        Ok(())
    }
}

/// Encodes everything except letters, digits, `-`, `.`, `_` and `~`, as curl does.
pub(crate) fn encode(text: &str) -> String {
    const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
    utf8_percent_encode(text, RESERVED).to_string()
}

/// Removes the port that a client does not send.
fn without_default_port(scheme: &str, host: &str) -> String {
    let is_encrypted = scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("wss");
    let port = if is_encrypted { ":443" } else { ":80" };
    host.strip_suffix(port).unwrap_or(host).to_owned()
}
