//! The mistakes: a table. Each row breaks a request in one way, before, while or after it is signed.

use countersign::diagnose::CauseName;
use testkit::reference::{EMPTY, UNSIGNED, encode, sha256};

use crate::draft::{Draft, Placement};
use crate::random::Random;

/// A step of a mistake. Returns false if the request cannot have this mistake.
pub type Step = fn(&mut Draft, &mut Random) -> bool;

/// A mistake.
pub struct Break {
    /// The cause that must be named.
    pub cause: CauseName,
    /// The side on which it can be found.
    pub sides: Sides,
    /// Changes the request before it is completed.
    pub prepare: Step,
    /// Changes what is signed, or how.
    pub sign: Step,
    /// Changes the request after it was signed.
    pub send: Step,
}

/// The sides on which a mistake can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// With the service's answer, and with the right secret.
    Both,
    /// Only with the service's answer.
    Answer,
    /// Only with the right secret.
    Received,
}

const NOTHING: Step = |_, _| true;

const fn wire(cause: CauseName, send: Step) -> Break {
    Break { cause, sides: Sides::Both, prepare: NOTHING, sign: NOTHING, send }
}

const fn signer(cause: CauseName, sign: Step) -> Break {
    Break { cause, sides: Sides::Both, prepare: NOTHING, sign, send: NOTHING }
}

impl Break {
    const fn after(self, prepare: Step) -> Self {
        Self { prepare, ..self }
    }

    const fn on(self, sides: Sides) -> Self {
        Self { sides, ..self }
    }
}

/// Replaces text in the signed path. Returns false if nothing changes.
fn in_path(draft: &mut Draft, from: &str, to: &str) -> bool {
    let changed = draft.canon.path.replace(from, to);
    core::mem::replace(&mut draft.canon.path, changed.clone()) != changed
}

fn in_query(draft: &mut Draft, from: &str, to: &str) -> bool {
    let changed = draft.canon.query.replace(from, to);
    core::mem::replace(&mut draft.canon.query, changed.clone()) != changed
}

fn in_header(draft: &mut Draft, name: &str, value: &[u8]) -> bool {
    draft.canon.header(name).is_some_and(|current| core::mem::replace(current, value.to_vec()) != value)
}

fn key_path(draft: &mut Draft, segment: &str) -> bool {
    draft.path = format!("/bucket/{segment}/file.txt");
    true
}

fn s3(draft: &mut Draft, _: &mut Random) -> bool {
    draft.is_s3()
}

fn in_headers(draft: &mut Draft, _: &mut Random) -> bool {
    draft.placement == Placement::Header
}

fn with_body(draft: &mut Draft, _: &mut Random) -> bool {
    draft.placement == Placement::Header && !draft.body.is_empty()
}

/// Signs another payload line, and states it where the service requires it.
fn payload(draft: &mut Draft, line: &str) -> bool {
    core::mem::replace(&mut draft.canon.payload, line.into()) != line
}

fn encoded_hex_lower(text: &str) -> String {
    let mut out = String::new();
    let mut digits = 0;
    for character in text.chars() {
        if character == '%' {
            digits = 2;
            out.push(character);
        } else if digits > 0 {
            digits -= 1;
            out.push(character.to_ascii_lowercase());
        } else {
            out.push(character);
        }
    }
    out
}

fn tracing_name(random: &mut Random) -> &'static str {
    random.pick::<&str>(&[
        "traceparent",
        "tracestate",
        "sentry-trace",
        "baggage",
        "x-datadog-trace-id",
        "x-amzn-trace-id",
        "newrelic",
        "elastic-apm-traceparent",
    ])
}

/// Every mistake.
pub const BREAKS: &[Break] = &[
    // Method.
    wire(CauseName::Method, |draft, _| {
        let other = if draft.method == "GET" { "HEAD" } else { "GET" };
        draft.method = other.into();
        true
    })
    .after(|draft, _| draft.is_s3() || draft.body.is_empty()),
    // Host.
    wire(CauseName::HostPort, |draft, random| {
        let host = draft.value("host").unwrap_or_default();
        let other = match host.split_once(':') {
            Some((name, _)) => name.to_owned(),
            None => format!("{host}:{}", random.pick(&["443", "80", "9000", "8080"])),
        };
        draft.set("Host", other);
        true
    }),
    wire(CauseName::HostRewritten, |draft, random| {
        let host = draft.value("host").unwrap_or_default();
        let other = *random.pick(&[
            "backend",
            "10.0.3.7:9000",
            "s3.eu-west-1.amazonaws.com",
            "app-7.svc.cluster.local:8080",
        ]);
        draft.set("Host", other);
        // Most proxies tell the first host.
        draft.set("X-Forwarded-Host", host);
        true
    }),
    signer(CauseName::HostCase, |draft, _| {
        let upper = draft.value("host").unwrap_or_default().to_uppercase();
        in_header(draft, "host", upper.as_bytes())
    }),
    wire(CauseName::AddressStyle, |draft, _| {
        let host = draft.value("host").unwrap_or_default();
        let rest = draft.path[1..].to_owned();
        let Some((bucket, key)) = rest.split_once('/') else { return false };
        if bucket.contains('%') || bucket.contains('~') || bucket.contains('_') {
            return false;
        }
        draft.set("Host", format!("{bucket}.{host}"));
        draft.path = format!("/{key}");
        true
    })
    .after(s3),
    // Path.
    wire(CauseName::PathPrefix, |draft, random| {
        if random.once_in(2) {
            draft.path = format!("{}{}", random.pick(&["/api", "/prod", "/storage"]), draft.path);
        } else {
            let rest = draft.path[1..].to_owned();
            let Some((_, key)) = rest.split_once('/') else { return false };
            let removed = draft.path.len() - key.len() - 1;
            let prefix = draft.path[..removed].to_owned();
            // Some proxies tell the prefix.
            draft.set("X-Forwarded-Prefix", prefix);
            draft.path = format!("/{key}");
        }
        true
    }),
    signer(CauseName::PathPlus, |draft, random| match random.below(3) {
        0 => in_path(draft, "%20", "+") || in_path(draft, "%2520", "+"),
        1 => in_path(draft, "%2B", "%20") || in_path(draft, "%252B", "%2520"),
        _ => in_path(draft, "%2B", "+") || in_path(draft, "%252B", "+"),
    })
    .after(|draft, random| {
        let key = *random.pick(&["a%20b", "x%2By", "one%20two%2Bthree"]);
        key_path(draft, key)
    }),
    signer(CauseName::PathDoubleEncoding, |draft, _| {
        let is_s3 = draft.is_s3();
        if is_s3 { in_path(draft, "%", "%25") } else { in_path(draft, "%25", "%") }
    })
    .after(|draft, random| {
        let key = *random.pick(&["a%20b", "caf%C3%A9", "%28copy%29", "mail%40x"]);
        key_path(draft, key)
    }),
    signer(CauseName::PathReserved, |draft, random| {
        let (encoded, plain) = *random.pick(&[
            ("%28", "("),
            ("%29", ")"),
            ("%40", "@"),
            ("%3A", ":"),
            ("%2A", "*"),
            ("%27", "'"),
            ("%21", "!"),
            ("%2C", ","),
            ("%3B", ";"),
            ("%24", "$"),
            ("%3D", "="),
        ]);
        if draft.is_s3() {
            in_path(draft, encoded, plain)
        } else {
            in_path(draft, &encoded.replace('%', "%25"), plain)
        }
    })
    .after(|draft, random| {
        let key = *random.pick(&[
            "%28copy%29",
            "mail%40x",
            "a%3Ab",
            "it%27s",
            "a%2Ab%21",
            "a%2Cb%3Bc",
            "p%24q%3Dr",
            "%28a%29%40%3A",
        ]);
        key_path(draft, key)
    }),
    signer(CauseName::PathEncodedSlash, |draft, _| {
        let key = draft.canon.path[1..].replace('/', "%2F");
        draft.canon.path = format!("/{key}");
        true
    })
    .after(s3),
    signer(CauseName::PathNormalized, |draft, _| {
        let mut segments: Vec<&str> = Vec::new();
        for segment in draft.canon.path.split('/') {
            match segment {
                "" | "." => {}
                ".." => drop(segments.pop()),
                segment => segments.push(segment),
            }
        }
        let normalized = format!("/{}", segments.join("/"));
        core::mem::replace(&mut draft.canon.path, normalized.clone()) != normalized
    })
    .after(|draft, random| {
        draft.path =
            format!("/bucket{}", random.pick(&["/a//b", "//key.txt", "/a/./b", "/x/../y.txt", "/a///b/c"]));
        draft.is_s3()
    }),
    wire(CauseName::PathTrailingSlash, |draft, _| {
        draft.path = match draft.path.strip_suffix('/') {
            Some(without) => without.to_owned(),
            None => format!("{}/", draft.path),
        };
        true
    }),
    signer(CauseName::PathBackslash, |draft, _| {
        let key = draft.canon.path[1..].replace('/', "%5C");
        draft.canon.path = format!("/{key}");
        true
    })
    .after(|draft, random| {
        draft.path = format!("/bucket/{}/{}.txt", random.pick(&["folder", "docs", "a"]), random.below(100));
        draft.is_s3()
    }),
    signer(CauseName::PathUnicode, |draft, random| {
        let (from, to) = match random.below(2) {
            0 => ("%C3%A9", "e%CC%81"),
            _ => ("%C3%A9", "%E9"),
        };
        if draft.is_s3() {
            in_path(draft, from, to)
        } else {
            in_path(draft, &from.replace('%', "%25"), &to.replace('%', "%25"))
        }
    })
    .after(|draft, _| key_path(draft, "caf%C3%A9")),
    wire(CauseName::PathCase, |draft, _| {
        draft.path = draft.path.to_ascii_lowercase();
        true
    })
    .after(|draft, random| {
        draft.path = format!("/{}/{}.txt", random.pick(&["Photos", "Docs"]), random.pick(&["Report", "Cat"]));
        true
    }),
    signer(CauseName::PercentSpelling, |draft, random| {
        if random.once_in(2) {
            let lower = encoded_hex_lower(&draft.canon.path);
            return core::mem::replace(&mut draft.canon.path, lower.clone()) != lower;
        }
        in_path(draft, "~", "%7E")
    })
    .after(|draft, random| {
        let key = *random.pick(&["v~1%2Bx", "%C3%A9~%2B", "a~b%3Ac"]);
        draft.is_s3() && key_path(draft, key)
    }),
    wire(CauseName::PathParameters, |draft, _| {
        let path = draft.path.replace("%3Bv%3D7", "");
        core::mem::replace(&mut draft.path, path.clone()) != path
    })
    .after(|draft, random| {
        let key = *random.pick(&["case%3Bv%3D7/a.tif", "a%3Bv%3D7", "x/y%3Bv%3D7/z"]);
        key_path(draft, key)
    })
    .on(Sides::Answer),
    wire(CauseName::PathChanged, |draft, random| {
        draft.path = format!("/other/{}.bin", random.below(1000));
        true
    })
    .on(Sides::Answer),
    signer(CauseName::UrlParts, |draft, random| {
        match random.below(3) {
            0 => draft.canon.path = draft.canon.path.trim_start_matches('/').into(),
            1 => {
                draft.canon.path =
                    format!("https://{}{}", draft.value("host").unwrap_or_default(), draft.canon.path)
            }
            _ if draft.canon.query.is_empty() => return false,
            _ => draft.canon.query = format!("?{}", draft.canon.query),
        }
        true
    }),
    signer(CauseName::ParametersMoved, |draft, _| {
        draft.canon.payload = sha256(&draft.canon.query);
        draft.canon.query.clear();
        true
    })
    .after(|draft, random| {
        draft.query = format!("Action=ListUsers&MaxItems={}", random.below(100));
        draft.body.clear();
        draft.placement == Placement::Header && !draft.is_s3()
    }),
    // Query.
    signer(CauseName::QueryOrder, |draft, random| {
        let mut pairs: Vec<&str> = draft.canon.query.split('&').collect();
        match random.below(3) {
            0 => pairs.reverse(),
            1 => pairs.sort_by_key(|pair| pair.to_ascii_lowercase()),
            _ => {
                // In the order in which they are sent.
                let sent: Vec<String> =
                    draft.query.split('&').map(|pair| pair.trim_end_matches('=').to_owned()).collect();
                pairs.sort_by_key(|pair| sent.iter().position(|sent| *sent == pair.trim_end_matches('=')));
            }
        }
        let joined = pairs.join("&");
        core::mem::replace(&mut draft.canon.query, joined.clone()) != joined
    })
    .after(|draft, random| {
        draft.query = (*random.pick(&[
            "b=2&a=1&Z=3",
            "prefix=x&list-type=2&Delimiter=%2F",
            "z=1&y=2&X=3",
            "a-b=1&a=2&B=0",
        ]))
        .into();
        true
    }),
    signer(CauseName::QueryValueless, |draft, _| {
        let pairs: Vec<&str> =
            draft.canon.query.split('&').map(|pair| pair.strip_suffix('=').unwrap_or(pair)).collect();
        draft.canon.query = pairs.join("&");
        true
    })
    .after(|draft, random| {
        draft.query =
            (*random.pick(&["uploads=", "acl", "tagging=", "versions&prefix=x", "lifecycle"])).into();
        true
    }),
    signer(CauseName::QueryPlus, |draft, _| in_query(draft, "%20", "+")).after(|draft, random| {
        draft.query = (*random.pick(&["prefix=a%20b", "q=one%20two%20three&x=1", "name=John%20Doe"])).into();
        true
    }),
    signer(CauseName::QueryEncoding, |draft, random| match random.below(3) {
        0 => in_query(draft, "%2F", "/"),
        1 => in_query(draft, "%", "%25"),
        _ => in_query(draft, "%3A", ":"),
    })
    .after(|draft, random| {
        draft.query =
            (*random.pick(&["delimiter=%2F", "time=12%3A00&a=b%2Fc", "prefix=photos%2F2024%2F"])).into();
        draft.placement == Placement::Header
    }),
    signer(CauseName::QueryRepeated, |draft, _| {
        let mut names = Vec::new();
        let pairs: Vec<&str> = draft
            .canon
            .query
            .split('&')
            .filter(|pair| {
                let name = pair.split('=').next().unwrap_or_default();
                let is_new = !names.contains(&name);
                names.push(name);
                is_new
            })
            .collect();
        draft.canon.query = pairs.join("&");
        true
    })
    .after(|draft, random| {
        draft.query = (*random.pick(&["tag=a&tag=b", "id=1&id=2&id=3", "x=1&filter=a&filter=b"])).into();
        !draft.is_s3()
    }),
    signer(CauseName::QueryNotSigned, |draft, _| {
        let was_empty = draft.canon.query.is_empty();
        draft.canon.query = String::new();
        !was_empty
    })
    .after(in_headers),
    wire(CauseName::QueryParameter, |draft, random| {
        let added = *random.pick(&["utm_source=mail", "fbclid=IwAR0", "x-id=GetObject", "cache=1", "v=2"]);
        draft.query = if draft.query.is_empty() { added.into() } else { format!("{added}&{}", draft.query) };
        draft.query.contains('&')
    }),
    wire(CauseName::QueryChanged, |draft, random| {
        let other = format!("partNumber={}", 10 + random.below(90));
        draft.query = draft.query.replace("partNumber=3", &other);
        true
    })
    .after(|draft, _| {
        draft.query = "partNumber=3&uploadId=abc".into();
        true
    })
    .on(Sides::Answer),
    // Headers.
    wire(CauseName::ContentType, |draft, random| {
        let other = *random.pick(&[
            "text/plain; charset=utf-8",
            "text/plain;charset=UTF-8",
            "application/octet-stream",
            "application/json",
        ]);
        draft.set("Content-Type", other);
        true
    })
    .after(|draft, random| {
        draft.set(
            "Content-Type",
            *random.pick(&[
                "text/plain",
                "application/pdf",
                "image/png",
                "application/x-www-form-urlencoded",
            ]),
        );
        true
    }),
    signer(CauseName::ContentLength, |draft, random| {
        let other: &[u8] = random.pick::<&[u8]>(&[&b""[..], b"0"]);
        in_header(draft, "content-length", other)
    })
    .after(|draft, _| {
        let length = draft.body.len().to_string();
        draft.set("Content-Length", length.clone());
        length != "0"
    }),
    wire(CauseName::TransferEncoding, |draft, random| {
        if random.once_in(2) {
            draft.remove("Transfer-Encoding");
            draft.set("Transfer-Encoding", "");
        } else {
            draft.set("Transfer-Encoding", "identity");
        }
        true
    })
    .after(|draft, _| {
        draft.set("Transfer-Encoding", "chunked");
        true
    }),
    wire(CauseName::Tracing, |draft, _| {
        let header = draft.headers.iter_mut().find(|(name, _)| {
            name.starts_with("tr") || name.contains("trace") || name.contains("baggage") || name == "newrelic"
        });
        let Some((_, value)) = header else { return false };
        let doubled = [&value[..], b",", &value[..]].concat();
        *value = doubled;
        true
    })
    .after(|draft, random| {
        let name = tracing_name(random);
        draft.set(name, format!("00-{:032x}-01", random.number()));
        true
    }),
    wire(CauseName::VolatileHeader, |draft, random| {
        let values: [(&str, &str); 5] = [
            ("accept-encoding", "gzip, br"),
            ("connection", "close"),
            ("expect", ""),
            ("cache-control", ""),
            ("pragma", ""),
        ];
        for (name, other) in values {
            if draft.value(name).is_some() {
                draft.set(name, if random.once_in(2) { other } else { "" });
                return true;
            }
        }
        false
    })
    .after(|draft, random| {
        let (name, value) = *random.pick(&[
            ("Accept-Encoding", "identity"),
            ("Accept-Encoding", "gzip"),
            ("Connection", "keep-alive"),
            ("Expect", "100-continue"),
            ("Pragma", "no-cache"),
        ]);
        draft.remove("cache-control");
        draft.set(name, value);
        true
    }),
    signer(CauseName::HeaderWhitespace, |draft, random| {
        let value: &[u8] =
            random.pick::<&[u8]>(&[&b"annual  report"[..], b" annual report", b"annual report "]);
        in_header(draft, "x-amz-meta-title", value)
    })
    .after(|draft, _| {
        draft.set("x-amz-meta-title", "annual report");
        true
    }),
    signer(CauseName::HeaderValueCase, |draft, random| {
        let value: &[u8] = random.pick::<&[u8]>(&[&b"annual report"[..], b"ANNUAL REPORT"]);
        in_header(draft, "x-amz-meta-title", value)
    })
    .after(|draft, _| {
        draft.set("x-amz-meta-title", "Annual Report");
        true
    }),
    signer(CauseName::HeaderNonAscii, |draft, random| {
        let value: &[u8] = random.pick::<&[u8]>(&[&b"caf\xe9"[..], b"caf?", "cafÃ©".as_bytes()]);
        in_header(draft, "x-amz-meta-title", value)
    })
    .after(|draft, _| {
        draft.set("x-amz-meta-title", "café");
        true
    }),
    signer(CauseName::HeaderRepeated, |draft, random| {
        let value: &[u8] = random.pick::<&[u8]>(&[&b"b,a"[..], b"a, b", b"b"]);
        in_header(draft, "x-amz-meta-list", value)
    })
    .after(|draft, _| {
        draft.headers.push(("x-amz-meta-list".into(), b"a".to_vec()));
        draft.headers.push(("x-amz-meta-list".into(), b"b".to_vec()));
        true
    }),
    wire(CauseName::HeaderMissing, |draft, _| {
        draft.remove("x-amz-meta-owner");
        true
    })
    .after(|draft, _| {
        draft.set("x-amz-meta-owner", "finance");
        true
    }),
    wire(CauseName::HeaderChanged, |draft, random| {
        draft.set("x-amz-meta-owner", format!("team-{}", random.below(50)));
        true
    })
    .after(|draft, _| {
        draft.set("x-amz-meta-owner", "finance");
        true
    })
    .on(Sides::Answer),
    wire(CauseName::HeaderNotSigned, |draft, random| {
        draft.set(
            random.pick::<&str>(&["x-amz-tagging", "x-amz-request-payer", "x-amz-checksum-crc32"]),
            "a=b",
        );
        true
    })
    .on(Sides::Received),
    wire(CauseName::HeaderContradicts, |draft, _| {
        draft.set("x-amz-date", "20200101T000000Z");
        true
    })
    .after(|draft, _| draft.placement == Placement::Url)
    .on(Sides::Received),
    signer(CauseName::SignedHeadersOrder, |draft, random| {
        if random.once_in(2) {
            draft.canon.headers.reverse();
        } else {
            let sent: Vec<String> = draft.headers.iter().map(|(name, _)| name.clone()).collect();
            for (name, _) in &mut draft.canon.headers {
                if let Some(original) = sent.iter().find(|original| original.eq_ignore_ascii_case(name)) {
                    name.clone_from(original);
                }
            }
            draft.canon.headers.sort();
        }
        let names: Vec<String> = draft.canon.headers.iter().map(|(name, _)| name.clone()).collect();
        draft.canon.list = names.join(";");
        let mut sorted = names.clone();
        sorted.sort();
        let lower: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        sorted != names || lower != names
    })
    .on(Sides::Answer),
    signer(CauseName::SignedHeadersList, |draft, _| {
        let names: Vec<&str> = draft.canon.list.split(';').skip(1).collect();
        draft.canon.list = names.join(";");
        !draft.canon.list.is_empty()
    })
    .after(in_headers),
    signer(CauseName::CanonicalLines, |draft, random| {
        match random.below(2) {
            0 => draft.canon.separator = "",
            _ => draft.canon.separator = "\n\n",
        }
        true
    }),
    signer(CauseName::DateHeader, |draft, _| {
        let time = draft.time.clone();
        let second: u32 = time[13..15].parse().unwrap_or(0);
        let other = format!("{}{:02}Z", &time[..13], if second == 0 { 1 } else { second - 1 });
        in_header(draft, "x-amz-date", other.as_bytes())
    })
    .after(in_headers),
    // Session token.
    wire(CauseName::TokenMissing, |draft, _| {
        draft.remove("x-amz-security-token");
        true
    })
    .after(|draft, _| draft.placement == Placement::Header && draft.token.is_some()),
    wire(CauseName::TokenNotSigned, |draft, _| {
        let token = encode(testkit::TOKEN);
        draft.query = format!("{}&X-Amz-Security-Token={token}", draft.query);
        true
    })
    .after(|draft, _| draft.placement == Placement::Url && draft.token.take().is_some()),
    signer(CauseName::TokenSigned, |draft, _| {
        let token = encode(testkit::TOKEN);
        let mut pairs: Vec<String> = draft.canon.query.split('&').map(Into::into).collect();
        pairs.push(format!("X-Amz-Security-Token={token}"));
        pairs.sort();
        draft.canon.query = pairs.join("&");
        true
    })
    .after(|draft, _| {
        draft.service = "iotdevicegateway";
        draft.method = "GET".into();
        draft.body.clear();
        draft.path = "/mqtt".into();
        draft.query = String::new();
        draft.remove("content-type");
        draft.remove("x-amz-content-sha256");
        draft.placement == Placement::Url && draft.token.is_some()
    }),
    wire(CauseName::TokenChanged, |draft, random| {
        draft.set("x-amz-security-token", format!("IQoJ{}", random.number()));
        true
    })
    .after(|draft, _| draft.placement == Placement::Header && draft.token.is_some())
    .on(Sides::Answer),
    // Payload.
    signer(CauseName::PayloadEmpty, |draft, _| payload(draft, EMPTY))
        .after(|draft, random| with_body(draft, random) && !draft.is_s3()),
    wire(CauseName::PayloadLost, |draft, _| {
        draft.body.clear();
        true
    })
    .after(|draft, random| with_body(draft, random) && !draft.is_s3())
    .on(Sides::Answer),
    signer(CauseName::PayloadNewline, |draft, random| {
        let mut body = draft.body.clone();
        match random.below(3) {
            0 => body = body.trim_ascii_end().to_vec(),
            1 => body = String::from_utf8_lossy(&body).replace('\n', "\r\n").into_bytes(),
            _ => body.push(b'\n'),
        }
        payload(draft, &sha256(body))
    })
    .after(|draft, random| with_body(draft, random) && !draft.is_s3())
    .on(Sides::Received),
    signer(CauseName::PayloadUnsigned, |draft, _| {
        let other = if draft.canon.payload == UNSIGNED { sha256(&draft.body) } else { UNSIGNED.into() };
        payload(draft, &other)
    }),
    signer(CauseName::PayloadStreaming, |draft, random| {
        payload(
            draft,
            random
                .pick::<&str>(&["STREAMING-UNSIGNED-PAYLOAD-TRAILER", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"]),
        )
    }),
    signer(CauseName::PayloadHashCase, |draft, _| {
        let upper = draft.canon.payload.to_uppercase();
        payload(draft, &upper)
    })
    .after(in_headers),
    wire(CauseName::PayloadChanged, |draft, random| {
        draft.body = format!("{{\"changed\": {}}}", random.below(1000)).into_bytes();
        true
    })
    .after(|draft, random| with_body(draft, random) && !draft.is_s3())
    .on(Sides::Answer),
    // Scope and string to sign.
    signer(CauseName::Region, |draft, _| {
        draft.signed_scope = draft.signed_scope.replace(draft.region, "us-west-2");
        draft.messages[1] = "us-west-2".into();
        true
    }),
    signer(CauseName::Service, |draft, _| {
        draft.signed_scope = draft.signed_scope.replace(&format!("/{}/", draft.service), "/sts/");
        draft.messages[2] = "sts".into();
        true
    }),
    signer(CauseName::ScopeDate, |draft, _| {
        let day = format!("{}{:02}", &draft.time[..6], draft.time[6..8].parse::<u32>().unwrap_or(2) - 1);
        draft.signed_scope = draft.signed_scope.replacen(&draft.time[..8], &day, 1);
        draft.messages[0] = day;
        true
    }),
    signer(CauseName::StringToSignTime, |draft, _| {
        let second: u32 = draft.time[13..15].parse().unwrap_or(0);
        draft.signed_time = format!("{}{:02}Z", &draft.time[..13], if second == 0 { 1 } else { second - 1 });
        true
    }),
    signer(CauseName::TimeZone, |draft, _| {
        let hour: u32 = draft.time[9..11].parse().unwrap_or(0);
        draft.signed_time = format!(
            "{}{:02}{}",
            &draft.time[..9],
            if hour < 12 { hour + 2 } else { hour - 5 },
            &draft.time[11..]
        );
        true
    }),
    signer(CauseName::StringToSign, |draft, random| {
        draft.change_text = *random.pick(&[
            |text: &str, _: &_| format!("{text}\n"),
            |text: &str, _: &_| text.replace('\n', "\r\n"),
            |text: &str, _: &_| {
                let (front, digest) = text.rsplit_once('\n').unwrap_or_default();
                format!("{front}\n{}", digest.to_uppercase())
            },
            |text: &str, canon: &crate::canon::Canon| {
                let (front, _) = text.rsplit_once('\n').unwrap_or_default();
                format!("{front}\n{}", String::from_utf8_lossy(&canon.bytes()))
            },
        ]);
        true
    })
    .on(Sides::Received),
    // Secret.
    signer(CauseName::SecretWhitespace, |draft, random| {
        draft.used_secret = format!("{}{}", draft.secret, random.pick(&["\n", " ", "\r\n", "\t"]));
        true
    }),
    signer(CauseName::SecretQuoted, |draft, random| {
        let quote = *random.pick(&["\"", "'"]);
        draft.used_secret = format!("{quote}{}{quote}", draft.secret);
        true
    }),
    signer(CauseName::SecretInvisible, |draft, random| {
        draft.used_secret = match random.below(2) {
            0 => format!("\u{feff}{}", draft.secret),
            _ => format!("{}\u{200b}", draft.secret),
        };
        true
    }),
    signer(CauseName::SecretPlusSpace, |draft, _| {
        draft.used_secret = draft.secret.replace('+', " ");
        true
    })
    .after(|draft, _| {
        draft.secret = "wJalrXUtnFEMI+K7MDENG+bPxRfiCYEXAMPLEKEY".into();
        true
    }),
    signer(CauseName::SecretPercentEncoded, |draft, _| {
        draft.used_secret = encode(&draft.secret);
        true
    }),
    signer(CauseName::SecretTruncated, |draft, random| {
        draft.used_secret = match random.below(3) {
            0 => draft.secret[..39].into(),
            1 => draft.secret[1..].into(),
            _ => draft.secret.split('/').next().unwrap_or_default().into(),
        };
        true
    })
    .on(Sides::Received),
    signer(CauseName::SecretCase, |draft, random| {
        draft.used_secret =
            if random.once_in(2) { draft.secret.to_lowercase() } else { draft.secret.to_uppercase() };
        true
    })
    .on(Sides::Received),
    signer(CauseName::SecretIsKeyId, |draft, _| {
        draft.used_secret = draft.id.clone();
        true
    }),
    signer(CauseName::SecretTokenUsed, |draft, _| {
        draft.used_secret = draft.token.clone().unwrap_or_default();
        draft.token.is_some()
    })
    .on(Sides::Received),
    signer(CauseName::SecretEmpty, |draft, _| {
        draft.used_secret.clear();
        true
    }),
    signer(CauseName::SecretWrong, |draft, random| {
        draft.used_secret = format!("{:040x}", u128::from(random.number()));
        true
    }),
    // Key.
    signer(CauseName::KeyPrefix, |draft, random| {
        draft.prefix = *random.pick(&["", "AWS4AWS4", "aws4"]);
        true
    }),
    signer(CauseName::KeyHex, |draft, _| {
        draft.hex_keys = true;
        true
    }),
    signer(CauseName::KeyOrder, |draft, random| {
        match random.below(3) {
            0 => draft.messages.swap(1, 2),
            1 => draft.messages.swap(0, 1),
            _ => draft.swapped = true,
        }
        true
    }),
    signer(CauseName::KeyDate, |draft, _| {
        draft.messages[0] =
            format!("{}{:02}", &draft.time[..6], draft.time[6..8].parse::<u32>().unwrap_or(2) - 1);
        true
    }),
    signer(CauseName::KeyRegion, |draft, _| {
        draft.messages[1] = "us-west-2".into();
        true
    }),
    signer(CauseName::KeyService, |draft, _| {
        draft.messages[2] = "sts".into();
        true
    }),
    signer(CauseName::KeyTerminator, |draft, _| {
        draft.messages.truncate(3);
        true
    }),
    wire(CauseName::SignatureEncoding, |draft, _| {
        let upper = draft.signature.to_uppercase();
        draft.query = draft.query.replace(&draft.signature, &upper);
        if let Some(value) = draft.value("authorization") {
            draft.set("authorization", value.replace(&draft.signature, &upper));
        }
        true
    })
    .on(Sides::Received),
    wire(CauseName::TwoSignatures, |draft, _| {
        draft.set(
            "Authorization",
            format!(
                "AWS4-HMAC-SHA256 Credential=AKID/{}, SignedHeaders=host, Signature={}",
                draft.stated_scope,
                "0".repeat(64)
            ),
        );
        true
    })
    .after(|draft, _| draft.placement == Placement::Url)
    .on(Sides::Received),
    wire(CauseName::UrlHtmlEscaped, |draft, _| {
        draft.query = draft.query.replace('&', "&amp;");
        true
    })
    .after(|draft, _| draft.placement == Placement::Url)
    .on(Sides::Received),
    wire(CauseName::UrlCutOff, |draft, random| {
        let length = draft.query.len() - 1 - random.below(70);
        draft.query.truncate(length);
        true
    })
    .after(|draft, _| draft.placement == Placement::Url)
    .on(Sides::Received),
    wire(CauseName::UrlEncodedAgain, |draft, _| {
        draft.query = draft.query.replace('%', "%25");
        true
    })
    .after(|draft, _| draft.placement == Placement::Url)
    .on(Sides::Received),
    wire(CauseName::NoSignature, |draft, _| {
        draft.remove("authorization");
        true
    })
    .after(in_headers)
    .on(Sides::Received),
];
