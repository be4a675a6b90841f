//! Chunked bodies that are changed on their way, or that contradict their headers.

use countersign::chunked::ChunkedBody;
use countersign::{Checksum, StreamingMode};

use crate::cases::Cases;
use crate::chunked::{Upload, content, long};
use crate::server::{Draft, Live, Outcome};

/// Three chunks, the last of them smaller.
const LENGTH: usize = 20_000;
const CHECKSUM: &str = "x-amz-checksum-crc32";
const MODES: [(&str, StreamingMode); 3] = [
    ("signed", StreamingMode::Signed),
    ("signed, crc32", StreamingMode::SignedTrailer),
    ("unsigned, crc32", StreamingMode::UnsignedTrailer),
];

fn body(mode: StreamingMode) -> ChunkedBody {
    let body = match mode {
        StreamingMode::UnsignedTrailer => ChunkedBody::unsigned(long(LENGTH)),
        _ => ChunkedBody::signed(long(LENGTH)),
    };
    let body = body.with_chunk_size(8192).expect("the least size");
    if mode == StreamingMode::Signed {
        body
    } else {
        body.with_checksum(Checksum::Crc32).expect("a checksum")
    }
}

/// Returns the checksum of the data, which the encoder computes.
fn crc32(data: &[u8], live: &Live) -> String {
    let upload =
        Upload::new(&live.signer, &live.url("chunks/none"), &body(StreamingMode::UnsignedTrailer), data);
    let end = String::from_utf8(upload.end).expect("text");
    let (_, value) = end.split_once(':').expect("a trailer");
    value.trim().to_owned()
}

/// Changes a digit of the signature after the last occurrence of `after`.
fn forge(bytes: &mut [u8], after: &str) {
    let index = bytes.windows(after.len()).rposition(|part| part == after.as_bytes());
    let digit = &mut bytes[index.expect("a signature") + after.len()];
    *digit = if *digit == b'0' { b'1' } else { b'0' };
}

/// Removes everything from `from` to the end of its line.
fn cut(bytes: &mut Vec<u8>, from: &str, keep_line_end: bool) {
    let start = bytes.windows(from.len()).position(|part| part == from.as_bytes()).expect("such a line");
    let end = start + bytes[start..].windows(2).position(|part| part == b"\r\n").expect("a line end");
    bytes.drain(start..if keep_line_end { end } else { end + 2 });
}

const FORGED: &[&str] = &["SignatureDoesNotMatch"];
const BROKEN: &[&str] = &["BadDigest"];
const CUT: &[&str] = &["IncompleteBody"];
const FORGED_OR_CUT: &[&str] = &["SignatureDoesNotMatch", "IncompleteBody"];
const BROKEN_OR_CUT: &[&str] = &["BadDigest", "IncompleteBody"];
const FORGED_OR_BROKEN: &[&str] = &["SignatureDoesNotMatch", "BadDigest"];
const TRAILER: &[&str] = &["MalformedTrailerError", "IncompleteBody"];

pub(crate) fn refusals(cases: &mut Cases) {
    for (word, mode) in MODES {
        changed(cases, word, mode);
        announced(cases, word, mode);
    }
}

/// Uploads genuine data, then other data with a change, which must be rejected.
fn refused(live: &Live, mode: StreamingMode, change: impl Fn(&mut Upload), codes: &[&str]) -> Outcome {
    let url = live.url("chunks/guarded");
    let genuine = Upload::new(&live.signer, &url, &body(mode), &content(LENGTH, 0));
    let mut changed = Upload::new(&live.signer, &url, &body(mode), &content(LENGTH, 1));
    change(&mut changed);
    live.not_stored(&url, &genuine.wire(), &changed.wire(), codes)
}

/// Bodies that an attacker changes.
fn changed(cases: &mut Cases, word: &str, mode: StreamingMode) {
    let mut add = |name: &str, codes: &'static [&'static str], change: fn(&mut Upload)| {
        let name = format!("refused, chunks, {word}: {name}");
        cases.add(name, move |live| refused(live, mode, change, codes));
    };
    // Without chunk signatures, the checksum shows the change.
    let (other, length) = match mode {
        StreamingMode::UnsignedTrailer => (BROKEN, BROKEN_OR_CUT),
        _ => (FORGED, FORGED_OR_CUT),
    };
    add("a byte of a chunk changed", other, |upload| upload.chunks[1][5000] ^= 1);
    add("a chunk left out", length, |upload| drop(upload.chunks.remove(1)));
    add("two chunks swapped", other, |upload| upload.chunks.swap(0, 1));
    add("a chunk sent twice", length, |upload| upload.chunks.insert(1, upload.chunks[0].clone()));
    add("a chunk in the place of another", other, |upload| upload.chunks[1] = upload.chunks[0].clone());
    add("the last chunk left out", length, |upload| drop(upload.chunks.pop()));
    add("no zero chunk, nor what follows it", CUT, |upload| upload.end.clear());
    if mode != StreamingMode::UnsignedTrailer {
        add("a chunk's signature forged", FORGED, |upload| forge(&mut upload.chunks[1], "signature="));
        add("the zero chunk's signature forged", FORGED, |upload| forge(&mut upload.end, "chunk-signature="));
        add("a chunk without its signature", FORGED_OR_CUT, |upload| {
            cut(&mut upload.chunks[1], ";chunk-signature=", true);
        });
        add("the zero chunk without its signature", FORGED_OR_CUT, |upload| {
            cut(&mut upload.end, ";chunk-signature=", true);
        });
    }
    if mode == StreamingMode::SignedTrailer {
        add("the trailers' signature forged", FORGED, |upload| {
            forge(&mut upload.end, "x-amz-trailer-signature:");
        });
        add("the trailers' signature left out", TRAILER, |upload| {
            cut(&mut upload.end, "x-amz-trailer-signature:", false);
        });
    }
    if mode != StreamingMode::Signed {
        add("the trailer left out", TRAILER, |upload| {
            let end = upload.end.windows(2).position(|part| part == b"\r\n").expect("a line end");
            upload.end.truncate(end + 2);
            upload.end.extend_from_slice(b"\r\n");
        });
        let codes = if mode == StreamingMode::SignedTrailer { FORGED_OR_BROKEN } else { BROKEN };
        add("the checksum's first digit changed", codes, |upload| {
            forge(&mut upload.end, "x-amz-checksum-crc32:")
        });
    }
}

/// Signed bodies that contradict their headers.
fn announced(cases: &mut Cases, word: &str, mode: StreamingMode) {
    struct Announced {
        length: Option<usize>,
        trailer: Option<&'static str>,
        more: Option<(&'static str, &'static str)>,
        wrong_checksum: bool,
    }
    let trailer = (mode != StreamingMode::Signed).then_some(CHECKSUM);
    let announced = move || Announced { length: Some(LENGTH), trailer, more: None, wrong_checksum: false };
    let upload = move |live: &Live, url: &str, announced: &Announced, data: &[u8]| {
        let length = announced.length.map(|length| length.to_string());
        let mut draft = Draft::new("PUT", url.to_owned()).header("content-encoding", "aws-chunked");
        if let Some(length) = &length {
            draft = draft.header("x-amz-decoded-content-length", length);
        }
        if let Some(names) = announced.trailer {
            draft = draft.header("x-amz-trailer", names);
        }
        let value =
            if announced.wrong_checksum { crc32(&content(LENGTH, 9), live) } else { crc32(data, live) };
        let own = (mode != StreamingMode::Signed).then_some((CHECKSUM, value.as_str()));
        let trailers: Vec<_> = own.into_iter().chain(announced.more).collect();
        Upload::by_hand(&live.signer, &draft, mode, data, &trailers)
    };
    cases.add(format!("chunks, {word}: by hand as by the encoder"), move |live| {
        let url = live.url("chunks/by-hand");
        let data = content(LENGTH, 2);
        live.accepted(&upload(live, &url, &announced(), &data).wire())?;
        let reply = live.accepted(&Draft::new("GET", url).sign(&live.signer))?;
        assert!(reply.body == data, "other bytes came back");
        Ok(())
    });
    let mut add = |name: &str, codes: &'static [&'static str], wrong: Announced| {
        cases.add(format!("refused, chunks, {word}: {name}"), move |live| {
            let url = live.url("chunks/announced");
            let genuine = upload(live, &url, &announced(), &content(LENGTH, 0));
            let wrong = upload(live, &url, &wrong, &content(LENGTH, 1));
            live.not_stored(&url, &genuine.wire(), &wrong.wire(), codes)
        });
    };
    add("decoded length too great by one", CUT, Announced { length: Some(LENGTH + 1), ..announced() });
    add("decoded length too small by one", CUT, Announced { length: Some(LENGTH - 1), ..announced() });
    add("decoded length not announced", &["MissingContentLength"], Announced { length: None, ..announced() });
    let more = Some(("x-amz-meta-planted", "1"));
    add("a trailer that was not announced", TRAILER, Announced { more, ..announced() });
    if mode != StreamingMode::Signed {
        add("checksum of other data", BROKEN, Announced { wrong_checksum: true, ..announced() });
        add("no trailer was announced", TRAILER, Announced { trailer: None, ..announced() });
        add(
            "another trailer was announced",
            TRAILER,
            Announced { trailer: Some("x-amz-checksum-sha256"), ..announced() },
        );
    }
}
