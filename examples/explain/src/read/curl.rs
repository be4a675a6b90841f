//! A command line of curl, as it is copied from a terminal or from a browser.

use super::command::Command;
use super::curl_data::Data;
use super::form_data::{self, BOUNDARY, Field};
use super::{curl_form, curl_options, shell};
use crate::request::{Body, Piece};
use crate::{Asked, Error, Form, is_refused};

/// Reads a command. The text after it can be the answer of the service.
pub(super) fn read(command: &Command<'_>) -> Result<Asked, Error> {
    if command.arguments.windows(2).any(|pair| pair == b"^\"") {
        return Err(Error::Curl("it is written for cmd.exe"));
    }
    let (split, rest) = shell::split(command).ok_or(Error::Curl("a quotation mark is not closed"))?;
    let mut asked = words(split)?;
    asked.has_answer = is_refused(rest, b"");
    if !asked.has_answer && !rest.trim_ascii().is_empty() {
        asked.notes.push("The lines after the command are not read.".to_owned());
    }
    Ok(asked)
}

/// The values of the options.
#[derive(Default)]
struct Options {
    method: Option<String>,
    urls: Vec<String>,
    headers: Vec<(String, Vec<u8>)>,
    data: Data,
    upload: Option<String>,
    user: Option<String>,
    sigv4: Option<String>,
    /// The values of `-F`.
    form: Vec<Vec<u8>>,
    is_head: bool,
    is_get: bool,
    path_as_is: bool,
}

/// Reads the words of a command, without the word `curl`.
///
/// # Errors
///
/// Returns [`Error::Curl`] if there is no URL, or if the value of an option is missing.
pub fn words(words: Vec<Vec<u8>>) -> Result<Asked, Error> {
    let mut options = Options::default();
    let mut words = words.into_iter().peekable();
    let mut only_urls = false;
    while let Some(word) = words.next() {
        let text = String::from_utf8_lossy(&word).into_owned();
        if matches!(&*text, "|" | ";" | "&&" | "||" | "&" | ">" | "2>" | "2>&1") {
            break; // The shell reads what follows.
        }
        if only_urls || !text.starts_with('-') || text == "-" {
            options.urls.push(text);
        } else if text == "--" {
            only_urls = true;
        } else if let Some(name) = text.strip_prefix("--") {
            let (name, value) = match name.split_once('=') {
                Some((name, value)) => (name, Some(value.as_bytes().to_vec())),
                None if curl_options::takes_value(name) => (name, words.next()),
                None => (name, None),
            };
            options.apply(name, value)?;
        } else {
            options.short(&word, &mut words)?;
        }
    }
    options.request()
}

impl Options {
    /// Reads a group of short options, such as `-sXPOST`.
    fn short(&mut self, word: &[u8], words: &mut impl Iterator<Item = Vec<u8>>) -> Result<(), Error> {
        let mut rest = word.get(1..).unwrap_or_default();
        while let Some((letter, tail)) = rest.split_first() {
            let (name, takes_value) = curl_options::short(*letter);
            if takes_value {
                let value = if tail.is_empty() { words.next() } else { Some(tail.to_vec()) };
                return self.apply(name, value);
            }
            self.apply(name, None)?;
            rest = tail;
        }
        Ok(())
    }

    fn apply(&mut self, name: &str, value: Option<Vec<u8>>) -> Result<(), Error> {
        if curl_options::takes_value(name) && value.is_none() {
            return Err(Error::Curl("the value of an option is missing"));
        }
        let bytes = value.unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match name {
            "request" => self.method = Some(text),
            "url" => self.urls.push(text),
            "header" => self.header(&bytes),
            "data" | "data-ascii" => self.data.push(&bytes, true),
            "data-binary" => self.data.push(&bytes, false),
            "data-raw" => self.data.push_bytes(bytes),
            "data-urlencode" => self.data.push_encoded(&text),
            "json" => {
                self.data.push_json(&bytes);
                self.headers.push(("Content-Type".to_owned(), b"application/json".to_vec()));
                self.headers.push(("Accept".to_owned(), b"application/json".to_vec()));
            }
            "form" | "form-string" => self.form.push(bytes),
            "upload-file" => self.upload = Some(text),
            "user" => self.user = Some(text),
            "aws-sigv4" => self.sigv4 = Some(text),
            "user-agent" => self.headers.push(("User-Agent".to_owned(), bytes)),
            "referer" => self.headers.push(("Referer".to_owned(), bytes)),
            "cookie" if text.contains('=') => self.headers.push(("Cookie".to_owned(), bytes)),
            "range" => self.headers.push(("Range".to_owned(), [b"bytes=", bytes.as_slice()].concat())),
            "oauth2-bearer" => {
                self.headers.push(("Authorization".to_owned(), [b"Bearer ", bytes.as_slice()].concat()));
            }
            "head" => self.is_head = true,
            "get" => self.is_get = true,
            "path-as-is" => self.path_as_is = true,
            _ => {}
        }
        Ok(())
    }

    /// Reads `Name: value`. `Name:` removes a header, and `Name;` sends it empty.
    fn header(&mut self, line: &[u8]) {
        if let Some(colon) = line.iter().position(|byte| *byte == b':') {
            let (name, value) = line.split_at_checked(colon).unwrap_or_default();
            let value = value.get(1..).unwrap_or_default().trim_ascii();
            if !value.is_empty() {
                self.headers.push((String::from_utf8_lossy(name).trim().to_owned(), value.to_vec()));
            }
        } else if let Some(name) = line.strip_suffix(b";") {
            self.headers.push((String::from_utf8_lossy(name).trim().to_owned(), Vec::new()));
        }
    }

    fn request(self) -> Result<Asked, Error> {
        let url = self.urls.first().ok_or(Error::Curl("it has no URL"))?;
        let has_body = !self.data.is_empty() || !self.form.is_empty();
        let default = match (self.is_head, self.upload.is_some(), has_body && !self.is_get) {
            (true, ..) => "HEAD",
            (_, true, _) => "PUT",
            (_, _, true) => "POST",
            _ => "GET",
        };
        let method = self.method.as_deref().unwrap_or(default);
        let url = if self.is_get { self.data.in_url(url) } else { url.clone() };
        let mut asked = Asked::new(Form::Curl, method, &url).ok_or(Error::NoHost)?;
        if let Some(file) = self.upload.as_deref().filter(|_| asked.target.ends_with('/')) {
            asked.target += &crate::request::encode(file.rsplit('/').next().unwrap_or(file));
        }
        for (name, value) in &self.headers {
            asked.push(name, value);
        }
        if !self.data.is_empty() && !self.is_get {
            asked.push_default("Content-Type", "application/x-www-form-urlencoded");
        }
        let fields = curl_form::fields(&self.form);
        self.notes(&mut asked, &fields);
        asked.body = match self.upload {
            Some(path) => {
                let piece = Piece::File {
                    path,
                    prefix: String::new(),
                    without_line_endings: false,
                    is_encoded: false,
                };
                Body::Pieces(vec![piece])
            }
            None if form_data::has_policy(&fields) => {
                let content_type = format!("multipart/form-data; boundary={BOUNDARY}");
                asked.push("Content-Type", content_type.as_bytes());
                Body::Bytes(form_data::multipart(&fields, BOUNDARY))
            }
            None if !fields.is_empty() => Body::Unknown,
            None if self.is_get => Body::Bytes(Vec::new()),
            None => self.data.into_body(),
        };
        if let Some(user) = &self.user {
            let id = user.split(':').next().unwrap_or_default();
            asked.access_key_id = Some(id.to_owned()).filter(|id| !id.is_empty() && !id.starts_with('$'));
        }
        // aws:amz:REGION:SERVICE
        let mut parts = self.sigv4.as_deref().unwrap_or_default().split(':').skip(2);
        asked.region = parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
        asked.service = parts.next().filter(|part| !part.is_empty()).map(str::to_owned);
        Ok(asked)
    }

    /// Notes the facts that this reading does not know.
    fn notes(&self, asked: &mut Asked, fields: &[Field]) {
        let is_unknown_form = !fields.is_empty() && !form_data::has_policy(fields);
        let mut note = |text: &str| asked.notes.push(text.to_owned());
        if self.urls.len() > 1 {
            note("The command has more than one URL; this is the first.");
        }
        if is_unknown_form {
            note("curl chooses the boundary of a form, so its body and Content-Type are not known.");
        }
        if self.user.as_deref().is_some_and(|user| user.contains(':')) {
            note("The secret of -u is not used; set AWS_SECRET_ACCESS_KEY.");
        }
        let has_dots = self.urls.first().is_some_and(|url| url.contains("/../") || url.contains("/./"));
        if has_dots && !self.path_as_is {
            note("curl removes dot segments of the path before it sends; --path-as-is keeps them.");
        }
        let is_variable = |text: &str| {
            text.split('$').skip(1).any(|rest| {
                rest.starts_with(|first: char| {
                    first.is_ascii_alphabetic() || matches!(first, '_' | '{' | '(')
                })
            })
        };
        let headers = self.headers.iter().any(|(_, value)| is_variable(&String::from_utf8_lossy(value)));
        if headers || self.urls.first().is_some_and(|url| is_variable(url)) {
            note("The command contains a variable of the shell, which is not expanded here.");
        }
    }
}
