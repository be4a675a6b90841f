//! The table of clients in docs/verifying.md, computed from the requests.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::recorded::{self, Recorded};

const PAGE: &str = "docs/verifying.md";
const START: &str = "<!-- tests/clients/table.rs writes this table -->\n";

/// Headers that proxies and HTTP libraries add, change or remove.
const REWRITTEN: [&str; 4] = ["accept-encoding", "content-length", "expect", "transfer-encoding"];

/// Headers that say what is stored or read.
const USED: [&str; 6] = ["cache-control", "content-encoding", "content-md5", "content-type", "date", "range"];

/// `UPDATE_TABLE=1 cargo test --all-features --test clients table` writes the table.
#[test]
fn the_table_of_the_guide_states_what_the_requests_have() {
    let page = fs::read_to_string(PAGE).unwrap();
    let (before, rest) = page.split_once(START).unwrap();
    let end = rest.find("\n\n").unwrap() + 1;
    let updated = [before, START, &table(), &rest[end..]].concat();
    if std::env::var_os("UPDATE_TABLE").is_some() {
        fs::write(PAGE, updated).unwrap();
    } else {
        assert!(page == updated, "the table must be:\n{}", table());
    }
}

fn table() -> String {
    let mut clients: BTreeMap<String, Row> = BTreeMap::new();
    for request in recorded::all() {
        clients.entry(name(&request.client)).or_default().add(&request);
    }
    let mut table = String::from(
        "| client | how requests are signed | checksums | signs | sends, and does not sign | `expect` |\n\
         | --- | --- | --- | --- | --- | --- |\n",
    );
    for (client, row) in clients {
        let columns = [&row.kinds, &row.checksums, &row.signed, &row.unsigned, &row.expect];
        let columns = columns.map(|column| column.iter().cloned().collect::<Vec<_>>().join(", "));
        table += &format!("| {client} | {} |\n", columns.join(" | "));
    }
    table
}

/// Returns the name and the version of a client, without what the file says of its settings.
fn name(client: &str) -> String {
    SETTINGS.iter().fold(client.to_owned(), |name, (setting, replacement)| name.replace(setting, replacement))
}

/// What a client was set to, longer texts first, and what replaces the text.
const SETTINGS: [(&str, &str); 26] = [
    ("aws-cli/", ""),
    ("aws-sdk-js signature-v4a", "aws-sdk-js v3"),
    ("duplicity duplicity", "duplicity"),
    ("rclone v2", "rclone"),
    (" default presign eu-west-1", ""),
    (" default presign session token", ""),
    (" payload_signing_enabled=False", ""),
    (" payload_signing_enabled", ""),
    (" TrailingHeaders session token", ""),
    (" TrailingHeaders https", ""),
    (" TrailingHeaders", ""),
    (" https token s3v4", ""),
    (" https token", ""),
    (" session token", ""),
    (" virtual-host", ""),
    (" when_required", ""),
    (" crt https", ""),
    (" sigv4a (awscrt)", ""),
    (" (torch connector)", ""),
    (" UNSIGNED", ""),
    (" SigV2", ""),
    (" s3express", ""),
    (" express", ""),
    (" https", ""),
    (" token", ""),
    (" crt", ""),
];

#[derive(Default)]
struct Row {
    kinds: BTreeSet<String>,
    checksums: BTreeSet<String>,
    signed: BTreeSet<String>,
    unsigned: BTreeSet<String>,
    expect: BTreeSet<String>,
}

impl Row {
    fn add(&mut self, request: &Recorded) {
        self.kinds.insert(kind(request));
        for (header, value) in request.header_lines() {
            let algorithm = header
                .strip_prefix("x-amz-checksum-")
                .filter(|name| !["algorithm", "mode", "type"].contains(name));
            if let Some(algorithm) = algorithm {
                self.checksums.insert(format!("`{algorithm}`"));
            } else if header == "x-amz-trailer" {
                let algorithm = value.to_ascii_lowercase().replace("x-amz-checksum-", "");
                self.checksums.insert(format!("`{algorithm}` as a trailer"));
            } else if header == "content-md5" {
                self.checksums.insert("`content-md5`".into());
            } else if header == "expect" {
                self.expect.insert("yes".into());
            }
            let Some(signed) = request.signed_headers() else { continue };
            let is_signed = signed.split(';').any(|name| name == header);
            if is_signed && REWRITTEN.contains(&header.as_str()) {
                self.signed.insert(format!("`{header}`"));
            } else if !is_signed && USED.contains(&header.as_str()) {
                self.unsigned.insert(format!("`{header}`"));
            }
        }
    }
}

/// Returns how a request is signed, in the words of the guide.
fn kind(request: &Recorded) -> String {
    let kind = request.kind();
    let (placement, payload) = kind.split_once(' ').unwrap_or((&kind, ""));
    let payload = match payload {
        "sha256" => "hash",
        "UNSIGNED-PAYLOAD" => "unsigned",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" => "signed chunks",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" => "signed chunks and trailer",
        "STREAMING-UNSIGNED-PAYLOAD-TRAILER" => "unsigned chunks and trailer",
        "" if placement == "header" => "no `x-amz-content-sha256`",
        _ => "",
    };
    match (placement, request.verdict.as_str()) {
        (_, "SignatureVersion2") => "Version 2".into(),
        (_, "Anonymous") => "not signed".into(),
        ("presigned" | "form", _) => placement.into(),
        ("sigv4a", _) => format!("SigV4a: {payload}"),
        _ => payload.into(),
    }
}
