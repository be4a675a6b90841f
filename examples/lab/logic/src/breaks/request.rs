//! Breaks of a request that is signed in its headers or in its URL. Their names are those of their causes.

use std::time::Duration;

use countersign::diagnose::CauseName;

use super::{Break, Change};
use crate::question::Mode;
use crate::sent::{Header, Source};
use crate::verdict::ReceivedRequest;

const BOTH: &[Mode] = &[Mode::Header, Mode::Presigned];
const HEADER: &[Mode] = &[Mode::Header];
const PRESIGNED: &[Mode] = &[Mode::Presigned];

const fn in_transit(
    name: CauseName,
    modes: &'static [Mode],
    title: &'static str,
    sentence: &'static str,
    change: fn(&mut ReceivedRequest) -> bool,
) -> Break {
    Break { name: name.as_str(), title, sentence, modes, change: Change::Request(change) }
}

const fn client(name: CauseName, title: &'static str, sentence: &'static str, change: Change) -> Break {
    Break { name: name.as_str(), title, sentence, modes: BOTH, change }
}

impl ReceivedRequest {
    fn set(&mut self, name: &str, value: impl Into<String>) {
        let value = value.into();
        match self.headers.iter_mut().find(|header| header.name.eq_ignore_ascii_case(name)) {
            Some(header) => header.value = value,
            None => self.headers.push(Header { name: name.into(), value, source: Source::Signer }),
        }
    }

    /// Changes the path. Returns false if nothing changes.
    fn change_path(&mut self, change: impl FnOnce(&str) -> String) -> bool {
        let (path, query) = match self.target.split_once('?') {
            Some((path, query)) => (path.to_owned(), format!("?{query}")),
            None => (self.target.clone(), String::new()),
        };
        let changed = change(&path);
        self.target = format!("{changed}{query}");
        changed != path
    }
}

pub static BREAKS: [Break; 20] = [
    in_transit(
        CauseName::Method,
        BOTH,
        "Another method",
        "A cache asked with HEAD instead of GET, or with GET instead of another method.",
        |request| {
            request.method = if request.method == "GET" { "HEAD".into() } else { "GET".into() };
            true
        },
    ),
    in_transit(
        CauseName::HostPort,
        BOTH,
        "A port in the host",
        "A proxy added the port to the Host header.",
        |request| {
            let host = request.header("host").unwrap_or_default().to_owned();
            request.set("Host", format!("{host}:443"));
            true
        },
    ),
    in_transit(
        CauseName::HostRewritten,
        BOTH,
        "Another host",
        "A proxy replaced the Host header by the name of its backend.",
        |request| {
            let host = request.header("host").unwrap_or_default().to_owned();
            request.set("Host", "app-7.svc.cluster.local:8080");
            request.set("X-Forwarded-Host", host);
            true
        },
    ),
    in_transit(
        CauseName::PathPrefix,
        BOTH,
        "A prefix before the path",
        "A router put /api before the path.",
        |request| request.change_path(|path| format!("/api{path}")),
    ),
    in_transit(
        CauseName::PathTrailingSlash,
        BOTH,
        "A slash after the path",
        "A server added a slash to the end of the path, or removed it.",
        |request| {
            request.change_path(|path| match path.strip_suffix('/') {
                Some(without) if !without.is_empty() => without.to_owned(),
                _ => format!("{path}/"),
            })
        },
    ),
    in_transit(
        CauseName::VolatileHeader,
        HEADER,
        "A changed header",
        "A proxy asked for another range than the client.",
        |request| {
            let is_range = |header: &&mut Header| header.name.eq_ignore_ascii_case("range");
            request.headers.iter_mut().find(is_range).map(|header| header.value.push('9')).is_some()
        },
    ),
    client(
        CauseName::CanonicalLines,
        "A missing line",
        "The client wrote no empty line after the headers.",
        Change::Canonical(|canonical| match canonical.rsplit_once("\n\n") {
            Some((headers, names)) => format!("{headers}\n{names}"),
            None => canonical.to_owned(),
        }),
    ),
    in_transit(
        CauseName::HeaderNotSigned,
        HEADER,
        "A header is not signed",
        "The client added an x-amz- header after it signed.",
        |request| {
            request.set("x-amz-tagging", "a=b");
            true
        },
    ),
    in_transit(
        CauseName::QueryParameter,
        PRESIGNED,
        "A parameter is added",
        "A mail program added utm_source to the URL.",
        |request| {
            request.target.push_str("&utm_source=mail");
            true
        },
    ),
    in_transit(
        CauseName::UrlHtmlEscaped,
        PRESIGNED,
        "An escaped URL",
        "The URL was copied out of HTML, where each & is &amp;.",
        |request| {
            request.target = request.target.replace('&', "&amp;");
            true
        },
    ),
    in_transit(
        CauseName::UrlCutOff,
        PRESIGNED,
        "A cut URL",
        "A program kept only the start of the URL.",
        |request| {
            let length = request.target.len().saturating_sub(20);
            request.target.truncate(length);
            true
        },
    ),
    Break {
        name: CauseName::ClockSkew.as_str(),
        title: "A wrong clock",
        sentence: "The clock of the client is 20 minutes slow.",
        modes: HEADER,
        change: Change::Later(Duration::from_secs(1200)),
    },
    Break {
        name: CauseName::ExpiredUrl.as_str(),
        title: "An expired URL",
        sentence: "The URL is used eight days after it was signed.",
        modes: PRESIGNED,
        change: Change::Later(Duration::from_secs(8 * 86_400)),
    },
    client(
        CauseName::SecretWhitespace,
        "A line feed after the secret",
        "The client read the secret from a file, with the line feed at its end.",
        Change::Secret(|question| format!("{}\n", question.secret)),
    ),
    client(
        CauseName::SecretQuoted,
        "Quotation marks around the secret",
        "The client read the secret with the quotation marks around it.",
        Change::Secret(|question| format!("\"{}\"", question.secret)),
    ),
    client(
        CauseName::SecretPercentEncoded,
        "An encoded secret",
        "The client percent-encoded the secret.",
        Change::Secret(|question| countersign::uri::encode(&question.secret)),
    ),
    client(
        CauseName::SecretIsKeyId,
        "The access key id as the secret",
        "The client uses the access key id as the secret.",
        Change::Secret(|question| question.access_key_id.clone()),
    ),
    client(
        CauseName::KeyRegion,
        "A key of another region",
        "The client derived the signing key for another region than the one in the scope.",
        Change::Scope(|region| if region == "us-west-2" { "eu-west-1".into() } else { "us-west-2".into() }),
    ),
    client(
        CauseName::HostCase,
        "The host in upper case",
        "The client signed the host in upper case.",
        Change::Canonical(|canonical| {
            let upper = |line: &str| match line.strip_prefix("host:") {
                Some(host) => format!("host:{}", host.to_uppercase()),
                None => line.to_owned(),
            };
            canonical.split('\n').map(upper).collect::<Vec<_>>().join("\n")
        }),
    ),
    client(
        CauseName::TimeZone,
        "Local time",
        "The client signed the time of its own time zone, and sent the time in UTC.",
        Change::ToSign(|text| {
            let mut lines: Vec<String> = text.split('\n').map(Into::into).collect();
            if let Some(time) = lines.get_mut(1)
                && let Some(hour) = time.get(9..11).and_then(|hour| hour.parse::<u32>().ok())
            {
                let local = if hour < 12 { hour + 2 } else { hour - 5 };
                time.replace_range(9..11, &format!("{local:02}"));
            }
            Some(lines.join("\n"))
        }),
    ),
];
