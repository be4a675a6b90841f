//! Calls of curl. `curl --aws-sigv4` would sign with the time of the call.

use crate::input::Input;
use crate::question::Mode;
use crate::sent::{Header, Sent, Source};
use crate::url::encoded;

/// Returns a call of curl that sends the signed request.
pub fn of_request(input: &Input<'_>, sent: &Sent) -> String {
    let method = input.question.method.as_str();
    let has_body = !sent.body.is_empty();
    let mut call = Call::new("curl --globoff --path-as-is ");
    // With `-X HEAD`, curl waits for a body that does not come.
    match method {
        "HEAD" if !has_body => call.text.push_str("--head "),
        _ => call.word("-X ", method).text.push(' '),
    }
    call.word("", &sent.final_url);
    for header in sent.headers.iter().filter(|header| !is_own(header)) {
        call.header(header);
    }
    let has_type = sent.headers.iter().any(|header| header.name.eq_ignore_ascii_case("content-type"));
    if (has_body || matches!(method, "POST" | "PUT")) && !has_type {
        // curl adds the type of an HTML form to data.
        call.word(NEXT, "-H").word(" ", "Content-Type:");
    }
    match input.question.mode {
        Mode::Chunked => call.word(NEXT, "--data-binary").word(" ", "@body-in-chunks"),
        _ if has_body || matches!(method, "POST" | "PUT") => {
            call.word(NEXT, "--data-raw").word(" ", &String::from_utf8_lossy(&sent.body))
        }
        _ => &mut call,
    };
    call.end()
}

/// Returns a call of curl that sends a form with a file.
pub fn of_form(url: &str, fields: &[(String, String)]) -> String {
    let mut call = Call::new("curl --globoff --path-as-is ");
    call.word("", &encoded(url));
    for (name, value) in fields {
        call.word(NEXT, "--form-string").word(" ", &format!("{name}={value}"));
    }
    call.word(NEXT, "-F").word(" ", "file=@file.txt");
    call.end()
}

/// Returns true if curl makes the header itself.
fn is_own(header: &Header) -> bool {
    header.source == Source::Host || header.name.eq_ignore_ascii_case("content-length")
}

const NEXT: &str = " \\\n  ";

/// A command of a shell.
struct Call {
    text: String,
    has_nul: bool,
}

impl Call {
    fn new(start: &str) -> Self {
        Self { text: start.to_owned(), has_nul: false }
    }

    /// Appends a word, quoted for a shell.
    fn word(&mut self, before: &str, word: &str) -> &mut Self {
        self.text.push_str(before);
        match shlex::try_quote(word) {
            Ok(quoted) => self.text.push_str(&quoted),
            Err(_) => self.has_nul = true,
        }
        self
    }

    fn header(&mut self, Header { name, value, .. }: &Header) {
        // curl leaves a header out if nothing follows its colon, and sends it without a value for a semicolon.
        let line = if value.trim().is_empty() { format!("{name};") } else { format!("{name}: {value}") };
        self.word(NEXT, "-H").word(" ", &line);
    }

    fn end(self) -> String {
        match self.has_nul {
            true => "# A shell cannot pass the byte 00 of this request to curl.\n".into(),
            false => self.text + "\n",
        }
    }
}
