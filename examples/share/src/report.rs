//! One URL, for people and for scripts.

use std::io::{self, Write};

use bucket::cli::Failure;
use countersign::{PresignedUrl, Timestamp};
use serde::Serialize;

use crate::ask::Ask;
use crate::{curl, moment};

/// All there is to say about a URL.
#[derive(Serialize)]
pub struct Report<'r> {
    pub method: &'r str,
    pub url: &'r str,
    pub bucket: &'r str,
    pub key: &'r str,
    /// The last second at which it works, in RFC 3339.
    pub expires_at: Option<String>,
    pub expires_in: u64,
    /// The credentials end before the lifetime that was asked for.
    pub cut_short: bool,
    /// The headers that must be sent with the URL, exactly as they are.
    pub headers: Vec<Header>,
    pub curl: String,
    pub warnings: Vec<String>,
}

#[derive(Serialize)]
pub struct Header {
    pub name: String,
    pub value: String,
}

impl<'r> Report<'r> {
    pub fn new(
        ask: &'r Ask,
        url: &'r PresignedUrl,
        (bucket, key): (&'r str, &'r str),
        warnings: Vec<String>,
        cut_short: bool,
    ) -> Result<Self, Failure> {
        let headers: Vec<_> =
            url.required_headers().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        let named = if ask.lists { "" } else { key };
        Ok(Self {
            method: ask.method,
            url: url.as_str(),
            bucket,
            key,
            expires_at: url.expires_at().and_then(moment::rfc3339),
            expires_in: url.expires().as_secs(),
            cut_short,
            curl: curl::command(ask.method, url.as_str(), named, &headers, ask.file.as_deref())?,
            headers: headers.into_iter().map(|(name, value)| Header { name, value }).collect(),
            warnings,
        })
    }

    /// Writes the URL to standard output, for `$(share …)`, and the rest to standard error.
    pub fn print(&self, end: Option<Timestamp>) -> io::Result<()> {
        writeln!(io::stdout(), "{}", self.url)?;
        let mut text = String::from("\n");
        let mut line = |name: &str, value: &str| text += &format!("  {name:<12} {value}\n");
        if let Some(end) = end {
            line("works until", &moment::describe(end, Timestamp::now()));
        }
        line("allows", &format!("{} {}", self.method, shown(self.bucket, self.key)));
        for (index, Header { name, value }) in self.headers.iter().enumerate() {
            line(if index == 0 { "send with it" } else { "" }, &format!("{name}: {value}"));
        }
        for warning in &self.warnings {
            line("note", warning);
        }
        text += &format!("\n{}\n", self.curl);
        io::stderr().write_all(text.as_bytes())
    }
}

/// Writes an object for people: control characters would change what the terminal shows.
pub fn shown(bucket: &str, key: &str) -> String {
    let escaped = |c: char| if c.is_control() { c.escape_default().collect() } else { c.to_string() };
    format!("s3://{bucket}/{}", key.chars().map(escaped).collect::<String>())
}
