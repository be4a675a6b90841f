//! Bodies in chunks that were changed on the way, or that are not what their headers say.

use countersign::chunked::ChunkedBody;
use countersign::{Checksum, StreamingMode};

use crate::cases::Cases;
use crate::chunked::{Upload, content, long};
use crate::server::{Draft, Live, Outcome};

/// Two chunks and a piece.
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

/// The checksum of the data as the crate's encoder has it.
fn crc32(data: &[u8], live: &Live) -> String {
    let upload =
        Upload::new(&live.signer, &live.url("chunks/none"), &body(StreamingMode::UnsignedTrailer), data);
    let end = String::from_utf8(upload.end).expect("text");
    let (_, value) = end.split_once(':').expect("a trailer");
    value.trim().to_owned()
}

/// One digit of the last signature behind this text becomes another.
fn forge(bytes: &mut [u8], behind: &str) {
    let place = bytes.windows(behind.len()).rposition(|part| part == behind.as_bytes());
    let digit = &mut bytes[place.expect("a signature") + behind.len()];
    *digit = if *digit == b'0' { b'1' } else { b'0' };
}

/// Takes away what stands from this text to the end of its line.
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

/// A good upload, then one of other data that went through `change`.
fn refused(live: &Live, mode: StreamingMode, change: impl Fn(&mut Upload), codes: &[&str]) -> Outcome {
    let url = live.url("chunks/guarded");
    let genuine = Upload::new(&live.signer, &url, &body(mode), &content(LENGTH, 0));
    let mut changed = Upload::new(&live.signer, &url, &body(mode), &content(LENGTH, 1));
    change(&mut changed);
    live.not_stored(&url, &genuine.wire(), &changed.wire(), codes)
}

/// What somebody does to a body on its way.
fn changed(cases: &mut Cases, word: &str, mode: StreamingMode) {
    let mut add = |name: &str, codes: &'static [&'static str], change: fn(&mut Upload)| {
        let name = format!("refused, chunks, {word}: {name}");
        cases.add(name, move |live| refused(live, mode, change, codes));
    };
    // Without signatures it is the checksum that tells.
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

/// What is signed, and wrong all the same: a body against its own headers.
fn announced(cases: &mut Cases, word: &str, mode: StreamingMode) {
    struct Said {
        length: Option<usize>,
        trailer: Option<&'static str>,
        more: Option<(&'static str, &'static str)>,
        wrong_checksum: bool,
    }
    let trailer = (mode != StreamingMode::Signed).then_some(CHECKSUM);
    let said = move || Said { length: Some(LENGTH), trailer, more: None, wrong_checksum: false };
    let upload = move |live: &Live, url: &str, said: &Said, data: &[u8]| {
        let length = said.length.map(|length| length.to_string());
        let mut draft = Draft::new("PUT", url.to_owned()).header("content-encoding", "aws-chunked");
        if let Some(length) = &length {
            draft = draft.header("x-amz-decoded-content-length", length);
        }
        if let Some(names) = said.trailer {
            draft = draft.header("x-amz-trailer", names);
        }
        let value = if said.wrong_checksum { crc32(&content(LENGTH, 9), live) } else { crc32(data, live) };
        let own = (mode != StreamingMode::Signed).then_some((CHECKSUM, value.as_str()));
        let trailers: Vec<_> = own.into_iter().chain(said.more).collect();
        Upload::by_hand(&live.signer, &draft, mode, data, &trailers)
    };
    cases.add(format!("chunks, {word}: by hand as by the encoder"), move |live| {
        let url = live.url("chunks/by-hand");
        let data = content(LENGTH, 2);
        live.accepted(&upload(live, &url, &said(), &data).wire())?;
        let reply = live.accepted(&Draft::new("GET", url).sign(&live.signer))?;
        assert!(reply.body == data, "other bytes came back");
        Ok(())
    });
    let mut add = |name: &str, codes: &'static [&'static str], wrong: Said| {
        cases.add(format!("refused, chunks, {word}: {name}"), move |live| {
            let url = live.url("chunks/announced");
            let genuine = upload(live, &url, &said(), &content(LENGTH, 0));
            let wrong = upload(live, &url, &wrong, &content(LENGTH, 1));
            live.not_stored(&url, &genuine.wire(), &wrong.wire(), codes)
        });
    };
    add("decoded length too great by one", CUT, Said { length: Some(LENGTH + 1), ..said() });
    add("decoded length too small by one", CUT, Said { length: Some(LENGTH - 1), ..said() });
    add("decoded length not said", &["MissingContentLength"], Said { length: None, ..said() });
    let more = Some(("x-amz-meta-planted", "1"));
    add("a trailer that was not announced", TRAILER, Said { more, ..said() });
    if mode != StreamingMode::Signed {
        add("checksum of other data", BROKEN, Said { wrong_checksum: true, ..said() });
        add("no trailer was announced", TRAILER, Said { trailer: None, ..said() });
        add(
            "another trailer was announced",
            TRAILER,
            Said { trailer: Some("x-amz-checksum-sha256"), ..said() },
        );
    }
}
