//! A minimal HTTP client.
//!
//! It writes each request target as it was signed. HTTP libraries rewrite `x/../y` and `a//b`.

use std::fmt::Write as _;
use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

#[derive(Clone)]
pub(crate) struct Wire {
    pub(crate) method: &'static str,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Wire {
    pub(crate) fn header(&mut self, name: &str) -> &mut String {
        let found = self.headers.iter_mut().find(|(n, _)| n == name);
        &mut found.unwrap_or_else(|| panic!("no header {name} in this request")).1
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        let before = self.headers.len();
        self.headers.retain(|(n, _)| n != name);
        assert_eq!(self.headers.len() + 1, before, "no header {name} in this request");
        self
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Replaces a part of the target, which must contain it.
    pub(crate) fn retarget(mut self, from: &str, to: &str) -> Self {
        assert!(self.target.contains(from), "{from} is not in {}", self.target);
        self.target = self.target.replacen(from, to, 1);
        self
    }

    pub(crate) fn parameter(mut self, parameter: &str) -> Self {
        self.target.push(if self.target.contains('?') { '&' } else { '?' });
        self.target.push_str(parameter);
        self
    }

    pub(crate) fn method(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    pub(crate) fn send(&self, address: &str) -> io::Result<Reply> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        for (name, value) in &self.headers {
            write!(text, "{name}: {value}\r\n").expect("writing to a String");
        }
        if !self.body.is_empty() || matches!(self.method, "PUT" | "POST") {
            write!(text, "content-length: {}\r\n", self.body.len()).expect("writing to a String");
        }
        text.push_str("connection: close\r\n\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(&self.body);

        let mut stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        stream.set_write_timeout(Some(Duration::from_secs(20)))?;
        stream.write_all(&bytes)?;
        Reply::read(&mut stream, self.method)
    }
}

impl Reply {
    pub(crate) fn read(stream: &mut TcpStream, method: &str) -> io::Result<Self> {
        let broken = |what: &str| io::Error::new(io::ErrorKind::InvalidData, what.to_owned());
        let mut all = Vec::new();
        let mut part = [0; 16 * 1024];
        loop {
            if let Some(reply) = Self::parse(&all, method).map_err(broken)? {
                return Ok(reply);
            }
            match stream.read(&mut part)? {
                0 => return Err(broken("the connection ended before the reply did")),
                n => all.extend_from_slice(&part[..n]),
            }
        }
    }

    /// Returns `None` if the response is incomplete.
    pub(crate) fn parse(all: &[u8], method: &str) -> Result<Option<Self>, &'static str> {
        let Some(end) = all.windows(4).position(|w| w == b"\r\n\r\n") else { return Ok(None) };
        let head = String::from_utf8_lossy(&all[..end]).into_owned();
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or("no status line")?;
        if (100..200).contains(&status) {
            return Self::parse(&all[end + 4..], method);
        }
        let mut reply = Self { status, head, body: Vec::new() };
        let rest = &all[end + 4..];
        if method == "HEAD" || status == 204 || status == 304 {
            return Ok(Some(reply));
        }
        if reply.header("transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked")) {
            let mut rest = rest;
            loop {
                let Some(line) = rest.windows(2).position(|w| w == b"\r\n") else { return Ok(None) };
                let size = std::str::from_utf8(&rest[..line]).map_err(|_| "chunk size")?;
                let size = size.split(';').next().unwrap_or_default().trim();
                let size = usize::from_str_radix(size, 16).map_err(|_| "chunk size")?;
                rest = &rest[line + 2..];
                if size == 0 {
                    return Ok(Some(reply));
                }
                if rest.len() < size + 2 {
                    return Ok(None);
                }
                reply.body.extend_from_slice(&rest[..size]);
                rest = &rest[size + 2..];
            }
        }
        let length = reply.header("content-length").ok_or("a body of unknown length")?;
        let length: usize = length.parse().map_err(|_| "content-length")?;
        if rest.len() < length {
            return Ok(None);
        }
        reply.body = rest[..length].to_vec();
        Ok(Some(reply))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.trim())
    }

    pub(crate) fn ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns the content of the first XML element of this name.
    pub(crate) fn element(&self, name: &str) -> Option<String> {
        elements(&self.text(), name).into_iter().next()
    }
}

pub(crate) fn elements(xml: &str, name: &str) -> Vec<String> {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    let parts = xml.split(&open).skip(1).filter_map(|part| part.split_once(&close));
    parts.map(|(text, _)| unescape(text)).collect()
}

pub(crate) fn unescape(xml: &str) -> String {
    let mut text = String::new();
    let mut rest = xml;
    while let Some((before, after)) = rest.split_once('&') {
        text.push_str(before);
        let (entity, after) = after.split_once(';').expect("an entity ends with a semicolon");
        text.push(match entity {
            "lt" => '<',
            "gt" => '>',
            "amp" => '&',
            "quot" => '"',
            "apos" => '\'',
            number => {
                let number = number.strip_prefix('#').expect("an entity of XML's own");
                let hex = number.strip_prefix(['x', 'X']);
                let code = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
                code.ok().and_then(char::from_u32).expect("a character's number")
            }
        });
        rest = after;
    }
    text + rest
}
