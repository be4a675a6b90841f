//! Twenty mistakes of proxies, browsers and clients, and the answers of the service.

use std::time::Duration;

use countersign::diagnose::{self, CauseName, Evidence, Signed};
use countersign::steps::{CredentialScope, SigningKey, StringToSign};
use countersign::{Payload, SecretAccessKey};

use crate::answer::{BreakButton, Broken, Verdict};
use crate::diagnosis;
use crate::input::Input;
use crate::question::{Mode, Question};
use crate::sent::{Header, Sent, Source};
use crate::verdict::{Received, Wire};

/// A mistake.
pub struct Break {
    pub name: CauseName,
    title: &'static str,
    /// The change to the request.
    sentence: &'static str,
    modes: &'static [Mode],
    mistake: Mistake,
}

/// The place of a mistake.
enum Mistake {
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

/// Breaks a signed request. Returns `None` if no mistake has this name.
pub fn apply(name: &str, input: &Input<'_>, sent: &Sent) -> Option<(Broken, Option<Verdict>)> {
    let of = ALL.iter().find(|of| of.name.as_str() == name)?;
    let not_here = |sentence: &str| {
        let broken = Broken {
            name: name.into(),
            sentence: sentence.into(),
            service_says: String::new(),
            diagnosis: Vec::new(),
        };
        Some((broken, None))
    };
    if !of.modes.contains(&input.question.mode) {
        return not_here("This mistake belongs to another kind of signature.");
    }
    let mut wire = Wire::new(input, sent);
    let mut signed = sent.signed.clone().with_secret(&SecretAccessKey::new(input.question.secret.clone()));
    if let Mistake::Wire(change) = of.mistake {
        if !change(&mut wire) {
            return not_here("This request cannot have this mistake: it has nothing that can change so.");
        }
    } else {
        let signature = match sign_with(of, input, sent, &mut wire, &mut signed) {
            Some(signature) => signature,
            None => return not_here("This request cannot have this mistake."),
        };
        wire.target = wire.target.replace(&sent.signature, &signature);
        for header in &mut wire.headers {
            header.value = header.value.replace(&sent.signature, &signature);
        }
    }
    let credentials = input.credentials.clone();
    let received = wire.verify(input, &credentials)?;
    let service_says = answer_of(input, &wire, &received);
    let of_answer = diagnose::answer(&signed, &Evidence::read(&service_says));
    let of_request = wire.diagnose(input, &credentials);
    let causes = diagnosis::merged(of_request.as_ref(), &of_answer);
    let broken = Broken { name: name.into(), sentence: of.sentence.into(), service_says, diagnosis: causes };
    Some((broken, Some(received.verdict)))
}

/// Returns the signature that the client computes with its mistake.
fn sign_with(
    of: &Break,
    input: &Input<'_>,
    sent: &Sent,
    wire: &mut Wire,
    signed: &mut Signed,
) -> Option<String> {
    let mut secret = input.question.secret.clone();
    let canonical = sent.layout.canonical_request().to_string();
    let mut text = sent.to_sign.as_str().to_owned();
    let scope = text.lines().nth(2)?.to_owned();
    let mut parts: Vec<String> = scope.split('/').map(Into::into).collect();
    let mut hashed = canonical.clone();
    match of.mistake {
        Mistake::Secret(change) => secret = change(input.question),
        Mistake::Canonical(change) => {
            hashed = change(&canonical);
            let digest = Payload::Bytes(hashed.as_bytes()).hash().as_str().to_owned();
            text = format!("{}\n{digest}", text.rsplit_once('\n')?.0);
        }
        Mistake::ToSign(change) => text = change(&text),
        Mistake::Scope(change) => {
            let region = parts.get_mut(1)?;
            *region = change(region);
        }
        Mistake::Later(duration) => wire.now = wire.now.checked_add(duration)?,
        Mistake::Wire(_) => {}
    }
    let secret = SecretAccessKey::new(secret);
    *signed = Signed::from_text(&hashed, &text).with_secret(&secret);
    let scope = parts.join("/");
    let key = SigningKey::derive(&secret, &CredentialScope::parse(&scope).ok()?);
    Some(key.sign(&StringToSign::from_text(text)).to_string())
}

/// Returns the error document of S3. For a signature that does not match, S3 adds what it computed.
fn answer_of(input: &Input<'_>, wire: &Wire, received: &Received) -> String {
    let Some(error) = &received.error else { return String::new() };
    let document = error.to_xml(wire.target.split('?').next().unwrap_or_default(), "4442587FB7D0A2F9");
    let Some((canonical, text)) = received.steps.as_ref().filter(|_| error.code() == "SignatureDoesNotMatch")
    else {
        return document;
    };
    let escape = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let added = format!(
        "<AWSAccessKeyId>{}</AWSAccessKeyId><StringToSign>{}</StringToSign><CanonicalRequest>{}</CanonicalRequest>",
        escape(&input.question.access_key_id),
        escape(text),
        escape(&canonical.to_string()),
    );
    document.replace("</Error>", &format!("{added}</Error>"))
}
