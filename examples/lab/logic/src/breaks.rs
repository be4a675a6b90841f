//! Twenty mistakes of proxies, browsers and clients. `broken.rs` makes them.

use std::time::Duration;

use countersign::diagnose::CauseName;

use crate::answer::BreakButton;
use crate::question::{Mode, Question};
use crate::sent::{Header, Source};
use crate::verdict::Wire;

/// A mistake.
pub struct Break {
    pub name: CauseName,
    title: &'static str,
    /// The change to the request.
    pub sentence: &'static str,
    pub modes: &'static [Mode],
    pub mistake: Mistake,
}

/// The place of a mistake.
pub enum Mistake {
    /// Changes the request after it was signed. Returns false if the request cannot have the mistake.
    Wire(fn(&mut Wire) -> bool),
    /// The client signs with another secret.
    Secret(fn(&Question) -> String),
    /// The client hashes another canonical request.
    Canonical(fn(&str) -> String),
    /// The client signs another string.
    ToSign(fn(&str) -> String),
    /// The client derives the key for another scope.
    Scope(fn(&str) -> String),
    /// The clock of the service is later.
    Later(Duration),
}

const BOTH: &[Mode] = &[Mode::Header, Mode::Presigned];
const HEADER: &[Mode] = &[Mode::Header];
const PRESIGNED: &[Mode] = &[Mode::Presigned];

const fn wire(
    name: CauseName,
    modes: &'static [Mode],
    title: &'static str,
    sentence: &'static str,
    change: fn(&mut Wire) -> bool,
) -> Break {
    Break { name, title, sentence, modes, mistake: Mistake::Wire(change) }
}

const fn client(name: CauseName, title: &'static str, sentence: &'static str, mistake: Mistake) -> Break {
    Break { name, title, sentence, modes: BOTH, mistake }
}

impl Wire {
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

/// The mistakes, in the order of the buttons.
pub const ALL: [Break; 20] = [
    wire(
        CauseName::Method,
        BOTH,
        "Another method",
        "A cache asked with HEAD instead of GET, or with GET instead of another method.",
        |wire| {
            wire.method = if wire.method == "GET" { "HEAD".into() } else { "GET".into() };
            true
        },
    ),
    wire(
        CauseName::HostPort,
        BOTH,
        "A port in the host",
        "A proxy added the port to the Host header.",
        |wire| {
            let host = wire.header("host").unwrap_or_default().to_owned();
            wire.set("Host", format!("{host}:443"));
            true
        },
    ),
    wire(
        CauseName::HostRewritten,
        BOTH,
        "Another host",
        "A proxy replaced the Host header by the name of its backend.",
        |wire| {
            let host = wire.header("host").unwrap_or_default().to_owned();
            wire.set("Host", "app-7.svc.cluster.local:8080");
            wire.set("X-Forwarded-Host", host);
            true
        },
    ),
    wire(
        CauseName::PathPrefix,
        BOTH,
        "A prefix before the path",
        "A router put /api before the path.",
        |wire| wire.change_path(|path| format!("/api{path}")),
    ),
    wire(
        CauseName::PathTrailingSlash,
        BOTH,
        "A slash after the path",
        "A server added a slash to the end of the path, or removed it.",
        |wire| {
            wire.change_path(|path| match path.strip_suffix('/') {
                Some(without) if !without.is_empty() => without.to_owned(),
                _ => format!("{path}/"),
            })
        },
    ),
    wire(
        CauseName::VolatileHeader,
        HEADER,
        "A changed header",
        "A proxy asked for another range than the client.",
        |wire| {
            let is_range = |header: &&mut Header| header.name.eq_ignore_ascii_case("range");
            wire.headers.iter_mut().find(is_range).map(|header| header.value.push('9')).is_some()
        },
    ),
    client(
        CauseName::CanonicalLines,
        "A missing line",
        "The client wrote no empty line after the headers.",
        Mistake::Canonical(|canonical| match canonical.rsplit_once("\n\n") {
            Some((headers, names)) => format!("{headers}\n{names}"),
            None => canonical.to_owned(),
        }),
    ),
    wire(
        CauseName::HeaderNotSigned,
        HEADER,
        "A header is not signed",
        "The client added an x-amz- header after it signed.",
        |wire| {
            wire.set("x-amz-tagging", "a=b");
            true
        },
    ),
    wire(
        CauseName::QueryParameter,
        PRESIGNED,
        "A parameter is added",
        "A mail program added utm_source to the URL.",
        |wire| {
            wire.target.push_str("&utm_source=mail");
            true
        },
    ),
    wire(
        CauseName::UrlHtmlEscaped,
        PRESIGNED,
        "An escaped URL",
        "The URL was copied out of HTML, where each & is &amp;.",
        |wire| {
            wire.target = wire.target.replace('&', "&amp;");
            true
        },
    ),
    wire(CauseName::UrlCutOff, PRESIGNED, "A cut URL", "A program kept only the start of the URL.", |wire| {
        let length = wire.target.len().saturating_sub(20);
        wire.target.truncate(length);
        true
    }),
    Break {
        name: CauseName::ClockSkew,
        title: "A wrong clock",
        sentence: "The clock of the client is 20 minutes slow.",
        modes: HEADER,
        mistake: Mistake::Later(Duration::from_secs(1200)),
    },
    Break {
        name: CauseName::ExpiredUrl,
        title: "An expired URL",
        sentence: "The URL is used eight days after it was signed.",
        modes: PRESIGNED,
        mistake: Mistake::Later(Duration::from_secs(8 * 86_400)),
    },
    client(
        CauseName::SecretWhitespace,
        "A line feed after the secret",
        "The client read the secret from a file, with the line feed at its end.",
        Mistake::Secret(|question| format!("{}\n", question.secret)),
    ),
    client(
        CauseName::SecretQuoted,
        "Quotation marks around the secret",
        "The client read the secret with the quotation marks around it.",
        Mistake::Secret(|question| format!("\"{}\"", question.secret)),
    ),
    client(
        CauseName::SecretPercentEncoded,
        "An encoded secret",
        "The client percent-encoded the secret.",
        Mistake::Secret(|question| countersign::uri::encode(&question.secret)),
    ),
    client(
        CauseName::SecretIsKeyId,
        "The access key id as the secret",
        "The client uses the access key id as the secret.",
        Mistake::Secret(|question| question.access_key_id.clone()),
    ),
    client(
        CauseName::KeyRegion,
        "A key of another region",
        "The client derived the signing key for another region than the one in the scope.",
        Mistake::Scope(|region| if region == "us-west-2" { "eu-west-1".into() } else { "us-west-2".into() }),
    ),
    client(
        CauseName::HostCase,
        "The host in upper case",
        "The client signed the host in upper case.",
        Mistake::Canonical(|canonical| {
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
        Mistake::ToSign(|text| {
            let mut lines: Vec<String> = text.split('\n').map(Into::into).collect();
            if let Some(time) = lines.get_mut(1)
                && let Some(hour) = time.get(9..11).and_then(|hour| hour.parse::<u32>().ok())
            {
                let local = if hour < 12 { hour + 2 } else { hour - 5 };
                time.replace_range(9..11, &format!("{local:02}"));
            }
            lines.join("\n")
        }),
    ),
];

/// Returns the buttons.
pub fn buttons() -> Vec<BreakButton> {
    let button = |of: &Break| BreakButton {
        name: of.name.as_str(),
        title: of.title,
        modes: of.modes.iter().map(|mode| mode.name()).collect(),
    };
    ALL.iter().map(button).collect()
}
