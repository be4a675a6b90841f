//! Bodies in chunks. The tests write the frames themselves, so that every part can be changed. Each body is decoded at
//! once and in pieces of 1, 2 and 7 bytes, with the same result.

use countersign::chunked::{DecodeError, Decoder, LineEndings};
use countersign::{
    BodyCheck, Checksum, ChecksumError, RequestError, StreamingMode, UnknownChecksums, Verified,
};
use countersign::{Verifier, VerifyError};

use testkit::*;

const SIGNED: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD";
const SIGNED_TRAILER: &str = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER";
const UNSIGNED_TRAILER: &str = "STREAMING-UNSIGNED-PAYLOAD-TRAILER";
pub(super) const CRC32: &str = "x-amz-checksum-crc32";
/// The input of the check values of the CRC catalogue.
pub(super) const DIGITS: &str = "123456789";
pub(super) const DIGITS_CRC32: &str = "x-amz-checksum-crc32:y/Q5Jg==";

/// A signed request, and the last signature in the chain of its body.
#[derive(Clone)]
pub(super) struct Stream {
    pub(super) wire: Wire,
    pub(super) hand: Hand,
    pub(super) verifier: fn() -> Verifier,
    /// The width to which signatures are padded.
    pub(super) width: usize,
    pub(super) previous: String,
}

impl Stream {
    fn new(mode: &str, length: &str, trailers: Option<&str>) -> Self {
        let mut wire = Wire::new("PUT", "/folder/test.txt").with("content-encoding", "aws-chunked");
        wire = wire.with("x-amz-decoded-content-length", length);
        if let Some(trailers) = trailers {
            wire = wire.with("x-amz-trailer", trailers);
        }
        Self::of(&Hand::new().payload(mode), wire)
    }

    fn signed(data: &str) -> Self {
        Self::new(SIGNED, &data.len().to_string(), None)
    }

    fn signed_trailer(data: &str) -> Self {
        Self::new(SIGNED_TRAILER, &data.len().to_string(), Some(CRC32))
    }

    fn unsigned(data: &str) -> Self {
        Self::new(UNSIGNED_TRAILER, &data.len().to_string(), Some(CRC32))
    }

    pub(super) fn of(hand: &Hand, wire: Wire) -> Self {
        let wire = hand.sign(wire);
        let previous = wire.text("authorization").rsplit_once("Signature=").unwrap().1.to_owned();
        Self { wire, hand: hand.clone(), verifier, width: 64, previous }
    }

    /// Returns the signature of a part as the body has it, and continues the chain.
    fn sign(&mut self, part: &str, hashes: &str) -> String {
        let Hand { algorithm, scope, signs, .. } = &self.hand;
        let text = format!("{algorithm}-{part}\n{NOW}\n{scope}\n{}\n{hashes}", self.previous);
        self.previous = signs(&self.hand, &text);
        format!("{:*<1$}", self.previous, self.width)
    }

    fn signature(&mut self, data: &str) -> String {
        self.sign("PAYLOAD", &format!("{EMPTY}\n{}", sha256(data.as_bytes())))
    }

    pub(super) fn chunk(&mut self, data: &str) -> String {
        format!("{:x};chunk-signature={}\r\n{data}\r\n", data.len(), self.signature(data))
    }

    /// Returns the line of the last chunk.
    pub(super) fn zero(&mut self) -> String {
        format!("0;chunk-signature={}\r\n", self.signature(""))
    }

    /// Returns the line that signs the trailers.
    pub(super) fn seal(&mut self, block: &str) -> String {
        let signature = self.sign("TRAILER", &sha256(block.as_bytes()));
        format!("x-amz-trailer-signature:{signature}\r\n")
    }

    /// Returns a whole body of these chunks.
    pub(super) fn body(&mut self, chunks: &[&str]) -> String {
        let frames: String = chunks.iter().map(|data| self.chunk(data)).collect();
        frames + &self.zero() + "\r\n"
    }

    pub(super) fn verified(&self) -> Verified {
        let claim = self.wire.claim_unread(&(self.verifier)()).unwrap();
        let key = claim.derive_key(&credentials());
        claim.verify(&key).unwrap()
    }

    /// Returns the data that is released, and the result at the end of the body.
    fn decode_by(
        &self,
        body: &[u8],
        configure: impl Fn(Decoder) -> Decoder,
    ) -> (Vec<u8>, Result<String, DecodeError>) {
        let verified = self.verified();
        let run = |feed: usize| {
            let mut decoder = configure(Decoder::new(&verified).unwrap());
            let mut data = Vec::new();
            for mut piece in body.chunks(feed) {
                loop {
                    match decoder.decode(&mut piece) {
                        Ok(Some(released)) => data.extend_from_slice(released),
                        Ok(None) => break,
                        Err(error) => {
                            // The error is permanent.
                            assert_eq!(decoder.decode(&mut &b"0\r\n\r\n"[..]), Err(error.clone()));
                            assert_eq!(decoder.finish().unwrap_err(), error);
                            return (data, Err(error));
                        }
                    }
                }
                assert!(piece.is_empty());
            }
            let trailers = |verified: countersign::chunked::VerifiedBody| {
                verified.trailers().map(|(name, value)| format!("{name}={value};")).collect()
            };
            (data, decoder.finish().map(trailers))
        };
        let whole = run(usize::MAX);
        for feed in [1, 2, 7] {
            assert_eq!(run(feed), whole, "in pieces of {feed}");
        }
        whole
    }

    pub(super) fn decode(&self, body: impl AsRef<[u8]>) -> (Vec<u8>, Result<String, DecodeError>) {
        // Chunks of ECDSA have a minimum size by default.
        self.decode_by(body.as_ref(), |decoder| decoder.with_min_chunk_size(1))
    }

    #[track_caller]
    pub(super) fn accepts(&self, body: impl AsRef<[u8]>, data: &str) {
        let (released, end) = self.decode(body);
        assert!(end.is_ok(), "{end:?}");
        assert_eq!(released, data.as_bytes());
    }

    /// Returns the error of a body of which only `released` is released, and checks S3's code for it and its status.
    #[track_caller]
    pub(super) fn refusal(&self, body: impl AsRef<[u8]>, released: &str, code: &str) -> DecodeError {
        let (data, end) = self.decode(body);
        let error = end.unwrap_err();
        assert_eq!(String::from_utf8(data).unwrap(), released, "{error:?}");
        let status = match code {
            "SignatureDoesNotMatch" => 403,
            "MissingContentLength" => 411,
            _ => 400,
        };
        assert_eq!((error.code(), error.status()), (code, status));
        let whole = VerifyError::from(error.clone());
        assert_eq!((whole.code(), whole.status()), (code, status));
        assert!(whole.to_xml("/", "1").contains(&format!("<Code>{code}</Code>")));
        error
    }
}

/// Asserts that a body is rejected with this error and S3's code for it, after `$released` was released.
macro_rules! refuses {
    ($stream:expr, $body:expr, $released:expr, DecodeError::$variant:ident $({ $($fields:tt)* })?, $code:expr $(,)?) => {
        assert_error!(&$stream.refusal($body, $released, $code), DecodeError::$variant $({ $($fields)* })?)
    };
}
pub(super) use refuses;

/// Asserts that a request is rejected with this error, S3's code for it, and its status, before its body is read.
macro_rules! claim_refuses {
    ($wire:expr, DecodeError::$variant:ident $({ $($fields:tt)* })?, $code:expr, $status:expr $(,)?) => {{
        let wire = $wire;
        let error = wire.claim_unread(&verifier()).unwrap_err();
        assert_refusal!(error, wire, VerifyError::Chunked(DecodeError::$variant $({ $($fields)* })?), $code, $status);
    }};
}

#[test]
fn str_01_a_chunk_is_released_only_with_a_correct_signature() {
    let mut stream = Stream::signed("one, two");
    let body = stream.body(&["one, ", "two"]);
    stream.accepts(&body, "one, two");
    let code = "SignatureDoesNotMatch";
    refuses!(
        stream,
        body.replacen("one, ", "One, ", 1),
        "",
        DecodeError::SignatureDoesNotMatch { chunk: 1 },
        code
    );
    refuses!(
        stream,
        body.replacen("two", "Two", 1),
        "one, ",
        DecodeError::SignatureDoesNotMatch { chunk: 2 },
        code
    );
    let second = body.find("3;chunk-signature=").unwrap() + 18;
    let (before, from) = body.split_at(second);
    refuses!(
        stream,
        format!("{before}{}{}", "0".repeat(64), &from[64..]),
        "one, ",
        DecodeError::SignatureDoesNotMatch { chunk: 2 },
        code
    );
    // The same data in other chunks is refused.
    let moved = body.replacen("5;", "4;", 1).replacen("one, ", "one,", 1);
    refuses!(stream, moved, "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, code);
}

#[test]
fn str_01_nothing_of_a_chunk_is_released_before_it_is_whole() {
    let mut stream = Stream::signed("one, two");
    let body = stream.body(&["one, ", "two"]);
    let first = body.find("one, ").unwrap() + 5;
    for (cut, released) in [(first - 1, ""), (first, "one, "), (body.len() - 1, "one, two")] {
        refuses!(
            stream,
            &body[..cut],
            released,
            DecodeError::Incomplete { declared: 8, received: u64::try_from(released.len()).unwrap() },
            "IncompleteBody"
        );
    }
    stream.accepts(&body, "one, two");
}

#[test]
fn str_02_chunks_are_chained() {
    let data = "aaaabbbbaaaa";
    let mut stream = Stream::signed(data);
    let chunks = ["aaaa", "bbbb", "aaaa"].map(|data| stream.chunk(data));
    let end = stream.zero() + "\r\n";
    let [a, b, c] = chunks;
    let code = "SignatureDoesNotMatch";
    stream.accepts([&*a, &b, &c, &end].concat(), data);
    refuses!(stream, [&*b, &a, &c, &end].concat(), "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, code);
    refuses!(
        stream,
        [&*a, &c, &b, &end].concat(),
        "aaaa",
        DecodeError::SignatureDoesNotMatch { chunk: 2 },
        code
    );
    refuses!(
        stream,
        [&*a, &a, &b, &end].concat(),
        "aaaa",
        DecodeError::SignatureDoesNotMatch { chunk: 2 },
        code
    );
    refuses!(stream, [&*c, &b, &a, &end].concat(), "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, code);
    refuses!(
        stream,
        [&*a, &b, &end].concat(),
        "aaaabbbb",
        DecodeError::Incomplete { declared: 12, received: 8 },
        "IncompleteBody"
    );
}

#[test]
fn str_02_the_first_chunk_continues_its_request_and_no_other() {
    let mut one = Stream::signed("same data");
    let wire = Wire::new("PUT", "/folder/other.txt").with("content-encoding", "aws-chunked");
    let wire = wire.with("x-amz-decoded-content-length", "9");
    let mut other = Stream::of(&Hand::new().payload(SIGNED), wire);
    let (body, others) = (one.body(&["same data"]), other.body(&["same data"]));
    one.accepts(&body, "same data");
    other.accepts(&others, "same data");
    refuses!(one, &others, "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, "SignatureDoesNotMatch");
    refuses!(other, &body, "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, "SignatureDoesNotMatch");
    // The signature of the request is not the signature of a chunk.
    let seed = Stream::signed("same data").previous;
    let replayed = format!("9;chunk-signature={seed}\r\nsame data\r\n");
    refuses!(one, replayed, "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, "SignatureDoesNotMatch");
}

#[test]
fn str_02_another_key_cannot_continue_the_request() {
    let mut stream = Stream::signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    // The decoder has the key that verified the request, and no other key verifies it.
    let claim = stream.wire.claim_unread(&verifier()).unwrap();
    let error = verify_claim(claim, &long_term(ID, "another")).unwrap_err();
    assert_eq!(error, VerifyError::SignatureDoesNotMatch);
    // Chunks that another key signed do not continue the request.
    let mut forger = Stream::signed("data");
    forger.hand.secret = "another".into();
    let forged = forger.body(&["data"]);
    assert_ne!(forged, body);
    refuses!(stream, forged, "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, "SignatureDoesNotMatch");
}

#[test]
fn str_03_a_stream_ends_with_its_signed_zero_chunk() {
    let mut stream = Stream::signed("data");
    let (chunk, zero) = (stream.chunk("data"), stream.zero());
    stream.accepts(format!("{chunk}{zero}\r\n"), "data");
    for short in [chunk.clone(), format!("{chunk}{zero}"), format!("{chunk}{zero}\r")] {
        refuses!(
            stream,
            short,
            "data",
            DecodeError::Incomplete { declared: 4, received: 4 },
            "IncompleteBody"
        );
    }
    let forged = format!("{chunk}0;chunk-signature={}\r\n\r\n", "0".repeat(64));
    refuses!(
        stream,
        forged,
        "data",
        DecodeError::SignatureDoesNotMatch { chunk: 2 },
        "SignatureDoesNotMatch"
    );
    // Without data, it is the only chunk, and is signed as well.
    let mut empty = Stream::signed("");
    let body = empty.body(&[]);
    empty.accepts(&body, "");
    refuses!(empty, "", "", DecodeError::Incomplete { declared: 0, received: 0 }, "IncompleteBody");
    let unsigned = Stream::unsigned("data");
    refuses!(
        unsigned,
        "4\r\ndata\r\n",
        "data",
        DecodeError::Incomplete { declared: 4, received: 4 },
        "IncompleteBody"
    );
}

#[test]
fn str_04_a_signed_mode_has_signatures() {
    let mut stream = Stream::signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    refuses!(
        stream,
        "4\r\ndata\r\n0\r\n\r\n",
        "",
        DecodeError::MalformedChunk { chunk: 1 },
        "IncompleteBody"
    );
    let (chunk, _) = body.split_once("0;chunk").unwrap();
    refuses!(
        stream,
        format!("{chunk}0\r\n\r\n"),
        "data",
        DecodeError::MalformedChunk { chunk: 2 },
        "IncompleteBody"
    );
    for head in ["4;", "4;chunk-signature", "4;chunk-signature=", "4;chunk-signature=00"] {
        refuses!(
            stream,
            format!("{head}\r\ndata\r\n"),
            "",
            DecodeError::MalformedChunk { chunk: 1 },
            "IncompleteBody"
        );
    }
}

#[test]
fn str_05_a_chunk_has_no_extension_except_its_signature() {
    let mut stream = Stream::signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    let (head, rest) = body.split_once("\r\n").unwrap();
    let signature = &head[18..];
    let upper = signature.to_ascii_uppercase();
    for head in [
        format!("{head};"),
        format!("{head};x=y"),
        format!("{head} "),
        format!("{head}0"),
        format!("4;x=y{}", &head[1..]),
        format!("{head}{}", &head[1..]),
        format!("4 {}", &head[1..]),
        format!("4; chunk-signature={signature}"),
        format!("4;chunk-signature= {signature}"),
        format!("4;chunk-signature=\"{signature}\""),
        format!("4;Chunk-Signature={signature}"),
        format!("4;chunk-signature={upper}"),
        format!("4;chunk-signature={}", &signature[1..]),
        format!("4,chunk-signature={signature}"),
    ] {
        assert_ne!(head, body);
        refuses!(
            stream,
            format!("{head}\r\n{rest}"),
            "",
            DecodeError::MalformedChunk { chunk: 1 },
            "IncompleteBody"
        );
    }
    let unsigned = Stream::unsigned(DIGITS);
    let good = format!("9\r\n{DIGITS}\r\n0\r\n{DIGITS_CRC32}\r\n\r\n");
    unsigned.accepts(&good, DIGITS);
    for extension in [";", ";x=y", &format!(";chunk-signature={signature}")] {
        let body = good.replacen("9\r\n", &format!("9{extension}\r\n"), 1);
        refuses!(unsigned, body, "", DecodeError::MalformedChunk { chunk: 1 }, "IncompleteBody");
    }
}

#[test]
fn str_06_data_after_the_end_is_refused() {
    let mut stream = Stream::signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    for more in ["x", "\r\n", "0\r\n\r\n", &body.clone()] {
        refuses!(stream, format!("{body}{more}"), "data", DecodeError::DataAfterEnd, "IncompleteBody");
    }
    // A trailer in a mode without trailers.
    let trailer = body.strip_suffix("\r\n").unwrap().to_owned() + DIGITS_CRC32 + "\r\n\r\n";
    refuses!(stream, trailer, "data", DecodeError::MalformedChunk { chunk: 2 }, "IncompleteBody");
    let unsigned = Stream::unsigned(DIGITS);
    let good = format!("9\r\n{DIGITS}\r\n0\r\n{DIGITS_CRC32}\r\n\r\n");
    unsigned.accepts(&good, DIGITS);
    refuses!(unsigned, format!("{good}\r\n"), DIGITS, DecodeError::DataAfterEnd, "IncompleteBody");
}

#[test]
fn str_07_the_decoded_length_is_required_signed_and_exact() {
    let mut stream = Stream::signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    let request = |length: Option<&str>| {
        let wire = Wire::new("PUT", "/folder/test.txt");
        let wire = length.map_or(wire.clone(), |length| wire.with("x-amz-decoded-content-length", length));
        Hand::new().payload(SIGNED).sign(wire)
    };
    for length in [
        None,
        Some(""),
        Some("-4"),
        Some("+4"),
        Some("4.0"),
        Some("0x4"),
        Some("4 4"),
        Some("4,4"),
        Some("٤"),
    ] {
        claim_refuses!(&request(length), DecodeError::InvalidDecodedLength, "MissingContentLength", 411);
    }
    let absurd = request(Some("18446744073709551616"));
    claim_refuses!(&absurd, DecodeError::InvalidDecodedLength, "MissingContentLength", 411);
    // An unsigned length is refused like every unsigned `x-amz-` header.
    let added = request(None).with("x-amz-decoded-content-length", "4");
    assert_err!(
        added.claim_unread(&verifier()),
        VerifyError::UnsignedHeaders { names: ["x-amz-decoded-content-length"] }
    );
    let twice = request(Some("4")).with("x-amz-decoded-content-length", "5");
    let name = "x-amz-decoded-content-length";
    assert_err!(twice.claim_unread(&verifier()), VerifyError::Request(RequestError::RepeatedHeader { name }));
    // More data is not released, less is refused.
    let mut small = Stream::new(SIGNED, "7", None);
    let body = small.body(&["four", "four"]);
    refuses!(small, body, "four", DecodeError::TooMuchData { declared: 7 }, "IncompleteBody");
    let mut large = Stream::new(SIGNED, "9", None);
    let body = large.body(&["four", "four"]);
    refuses!(large, body, "fourfour", DecodeError::Incomplete { declared: 9, received: 8 }, "IncompleteBody");
    let unsigned = Stream::unsigned("four");
    refuses!(
        unsigned,
        format!("9\r\n{DIGITS}\r\n"),
        "",
        DecodeError::TooMuchData { declared: 4 },
        "IncompleteBody"
    );
}

#[test]
fn str_07_a_header_that_may_be_unsigned_does_not_state_the_length() {
    // Even where the header may be unsigned, it does not state the length of the body.
    let lax = verifier().allow_unsigned_header("x-amz-decoded-content-length");
    let wire = Hand::new().payload(SIGNED).sign(Wire::new("PUT", "/k"));
    let added = wire.with("x-amz-decoded-content-length", "4");
    let error = VerifyError::Chunked(DecodeError::InvalidDecodedLength);
    assert_eq!(added.claim_unread(&lax).unwrap_err(), error);
    assert!(Stream::signed("data").wire.claim_unread(&lax).is_ok());
}

#[test]
fn str_08_a_size_is_hex_digits_without_overflow() {
    let unsigned = Stream::unsigned(DIGITS);
    let end = format!("\r\n{DIGITS}\r\n0\r\n{DIGITS_CRC32}\r\n\r\n");
    for size in ["9", "09", "0000000000000009"] {
        unsigned.accepts(format!("{size}{end}"), DIGITS);
    }
    for size in ["", " 9", "9 ", "+9", "-9", "0x9", "9h", "9.0", "00000000000000009", "\t9", "9\t", "九"] {
        refuses!(
            unsigned,
            format!("{size}{end}"),
            "",
            DecodeError::MalformedChunk { chunk: 1 },
            "IncompleteBody"
        );
    }
    for size in ["a", "A", "ffffffffffffffff", "8000000000000000"] {
        refuses!(
            unsigned,
            format!("{size}{end}"),
            "",
            DecodeError::TooMuchData { declared: 9 },
            "IncompleteBody"
        );
    }
    refuses!(
        unsigned,
        format!("10000000000000000{end}"),
        "",
        DecodeError::MalformedChunk { chunk: 1 },
        "IncompleteBody"
    );
}

#[test]
fn str_08_a_signed_chunk_has_a_maximum_size() {
    let length = u64::MAX.to_string();
    let mut stream = Stream::new(SIGNED, &length, None);
    let head = |size: &str, signature: &str| format!("{size};chunk-signature={signature}\r\n");
    let signature = stream.signature("data");
    let cap = 16 << 20;
    refuses!(
        stream,
        head("1000001", &signature),
        "",
        DecodeError::ChunkTooLarge { chunk: 1, size: cap + 1, max: cap },
        "InvalidChunkSizeError"
    );
    refuses!(
        stream,
        head("ffffffffffffffff", &signature),
        "",
        DecodeError::ChunkTooLarge { chunk: 1, size: u64::MAX, max: cap },
        "InvalidChunkSizeError"
    );
    refuses!(
        stream,
        head("1000000", &signature) + "data",
        "",
        DecodeError::Incomplete { declared: u64::MAX, received: 0 },
        "IncompleteBody"
    );

    // With another maximum, memory depends on the data that is received.
    let mut stream = Stream::signed("data");
    let body = stream.body(&["data"]);
    let (data, end) = stream.decode_by(body.as_bytes(), |decoder| decoder.with_max_chunk_size(4));
    assert_eq!((&data[..], end.is_ok()), (&b"data"[..], true));
    let (_, end) = stream.decode_by(body.as_bytes(), |decoder| decoder.with_max_chunk_size(3));
    assert_err!(end, DecodeError::ChunkTooLarge { chunk: 1, size: 4, max: 3 });
    let stream = Stream::new(SIGNED, &length, None);
    let body = head("ffffffffffffffff", &signature) + "data";
    let (_, end) = stream.decode_by(body.as_bytes(), |decoder| decoder.with_max_chunk_size(u64::MAX));
    assert_err!(end, DecodeError::Incomplete { declared: u64::MAX, received: 0 });
}

#[test]
fn str_09_lines_end_in_crlf_and_are_bounded() {
    let mut stream = Stream::signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    let lines: Vec<usize> = body.match_indices("\r\n").map(|(at, _)| at).collect();
    for (number, at) in lines.into_iter().enumerate() {
        let (before, after) = body.split_at(at);
        for end in ["\n", "\r", "", "\n\r", "\r\r\n", "\r\n\r\n", " \r\n"] {
            let (data, outcome) = stream.decode(format!("{before}{end}{}", &after[2..]));
            let error = outcome.unwrap_err();
            // One more CRLF after the first line is data that was not signed.
            let is_data = number == 0 && end == "\r\n\r\n";
            let code = if is_data { "SignatureDoesNotMatch" } else { "IncompleteBody" };
            assert_eq!(error.code(), code, "line {number} ended by {end:?}");
            // An invalid line after the data does not revoke data whose signature was correct.
            assert_eq!(data, if number == 0 { &b""[..] } else { b"data" });
        }
    }
    // An endless line is refused before it ends.
    for endless in ["0".repeat(400), format!("4;chunk-signature={}", "0".repeat(400)), "\r".repeat(400)] {
        let (_, end) = stream.decode(&endless);
        assert_err!(end, DecodeError::MalformedChunk { chunk: 1 });
    }
    let unsigned = Stream::unsigned(DIGITS);
    let endless = format!("9\r\n{DIGITS}\r\n0\r\n{CRC32}:{}", "A".repeat(2000));
    refuses!(unsigned, endless, DIGITS, DecodeError::MalformedTrailer, "MalformedTrailerError");
}

#[test]
fn str_09_small_chunks_can_be_refused() {
    let big = "x".repeat(8192);
    let data = format!("{big}tail");
    let mut stream = Stream::signed(&data);
    let body = stream.body(&[&big, "tail"]);
    let minimum = |decoder: Decoder| decoder.with_min_chunk_size(8192);
    let (released, end) = stream.decode_by(body.as_bytes(), minimum);
    assert_eq!((released.len(), end.is_ok()), (8196, true));
    let mut stream = Stream::signed(&data);
    let body = stream.body(&[&big[..8191], "x", "tail"]);
    let (released, end) = stream.decode_by(body.as_bytes(), minimum);
    assert_eq!(released.len(), 0);
    assert_refusal!(
        end.unwrap_err(),
        "chunks of 8191, 1 and 4 bytes",
        DecodeError::ChunkTooSmall { chunk: 1, size: 8191, min: 8192 },
        "InvalidChunkSizeError",
        400
    );
    stream.accepts(body, &data);
}

#[test]
fn trl_01_a_checksum_of_other_data_is_refused() {
    // Check values of the CRC catalogue (CRC-32/ISO-HDLC, CRC-32/ISCSI, CRC-64/NVME); Python's hashlib; awscrt 0.38.
    let known = [
        (Checksum::Crc32, "y/Q5Jg=="),
        (Checksum::Crc32c, "4waSgw=="),
        (Checksum::Crc64Nvme, "rosUhgp5mIg="),
        (Checksum::Sha1, "98O8HYCOBHMq32eZZczDTKeuNEE="),
        (Checksum::Md5, "JfnnlDI7RTiF9RgfG2JNCw=="),
        (Checksum::Sha256, "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="),
        (
            Checksum::Sha512,
            "2eZ2LdHI6vbWGzxhkvxAjU1tXxF20MKRabwk5xw/J0rSf81YEbMT1oH35V7ALXPUmclUVba1u1A6z1dPuo/+hQ==",
        ),
        (Checksum::XxHash64, "jLhB20DmroM="),
        (Checksum::XxHash3, "ctyxi2ehff8="),
        (Checksum::XxHash128, "MxGUd+3l3NXpcWQnaB1YYA=="),
    ];
    assert_eq!(known.len(), Checksum::ALL.len());
    for (checksum, value) in known {
        let name = checksum.name();
        let stream = Stream::new(UNSIGNED_TRAILER, "9", Some(name));
        let body = |data: &str, value: &str| {
            format!("4\r\n{}\r\n5\r\n{}\r\n0\r\n{name}:{value}\r\n\r\n", &data[..4], &data[4..])
        };
        stream.accepts(body(DIGITS, value), DIGITS);
        let (data, end) = stream.decode(body("123456780", value));
        assert_eq!(data, b"123456780");
        let Err(error @ DecodeError::BadDigest { .. }) = end else { panic!("{end:?}") };
        assert_eq!((error.code(), error.status()), ("BadDigest", 400));
        for bad in ["", "AAAA", &value[1..], &format!("{value}="), &value.replace('=', "!"), "********"] {
            refuses!(
                stream,
                body(DIGITS, bad),
                DIGITS,
                DecodeError::InvalidChecksum { checksum },
                "InvalidRequest"
            );
        }
    }
}

#[test]
fn trl_01_an_unknown_checksum_is_refused_by_its_name() {
    assert!(Stream::unsigned(DIGITS).wire.claim_unread(&verifier()).is_ok());
    for mode in [UNSIGNED_TRAILER, SIGNED_TRAILER] {
        for name in ["x-amz-checksum-crc16", "x-amz-checksum-", "X-Amz-Checksum-Crc32x"] {
            let verified = Stream::new(mode, "9", Some(name)).verified();
            let error = Decoder::new(&verified).unwrap_err();
            assert_refusal!(
                error,
                name,
                DecodeError::UnsupportedChecksum { name: name.to_ascii_lowercase() },
                "InvalidRequest",
                400
            );
        }
        // A setting with the prefix of a checksum is not a trailer.
        claim_refuses!(
            &Stream::new(mode, "9", Some("X-Amz-Checksum-Type")).wire,
            DecodeError::UnsupportedChecksum { name: "x-amz-checksum-type" },
            "InvalidRequest",
            400
        );
        // A value of the request is truncated in the error.
        let long = format!("x-amz-checksum-{}", "a".repeat(1000));
        let error = Decoder::new(&Stream::new(mode, "9", Some(&long)).verified()).unwrap_err();
        assert_err!(Err::<(), _>(error), DecodeError::UnsupportedChecksum { name: &long[..128] });
        let two = Stream::new(mode, "9", Some("x-amz-checksum-crc32,x-amz-checksum-sha1")).wire;
        claim_refuses!(
            &two,
            DecodeError::UnsupportedChecksum { name: "x-amz-checksum-sha1" },
            "InvalidRequest",
            400
        );
    }
    // Where chunks are not signed, only a checksum may be a trailer.
    let other = Stream::new(UNSIGNED_TRAILER, "9", Some("x-amz-checksum-crc32,x-amz-meta-a")).wire;
    claim_refuses!(&other, DecodeError::InvalidTrailerNames, "InvalidRequest", 400);
}

#[test]
fn trl_01_an_unknown_checksum_is_handed_over_only_by_choice() {
    let stream = Stream::new(UNSIGNED_TRAILER, "9", Some("x-amz-checksum-crc16"));
    let verified = stream.verified();
    assert!(Decoder::new_with(&verified, UnknownChecksums::Refuse).is_err());
    let body = format!("9\r\n{DIGITS}\r\n0\r\nx-amz-checksum-crc16:AAA=\r\n\r\n");
    let mut decoder = Decoder::new_with(&verified, UnknownChecksums::HandOver).unwrap();
    let mut piece = body.as_bytes();
    while decoder.decode(&mut piece).unwrap().is_some() {}
    let end = decoder.finish().unwrap();
    assert_eq!(end.unchecked_checksum(), Some(("x-amz-checksum-crc16", "AAA=")));
    // The announced trailer must still arrive.
    let mut decoder = Decoder::new_with(&verified, UnknownChecksums::HandOver).unwrap();
    let mut piece = &b"9\r\n123456789\r\n0\r\n\r\n"[..];
    assert!(decoder.decode(&mut piece).unwrap().is_some());
    assert_eq!(decoder.decode(&mut piece), Err(DecodeError::MalformedTrailer));
    // A known checksum is compared with either choice.
    let known = Stream::unsigned(DIGITS).verified();
    let mut decoder = Decoder::new_with(&known, UnknownChecksums::HandOver).unwrap();
    let body = format!("9\r\n{DIGITS}\r\n0\r\n{CRC32}:AAAAAA==\r\n\r\n");
    let mut piece = body.as_bytes();
    assert!(decoder.decode(&mut piece).unwrap().is_some());
    assert_eq!(decoder.decode(&mut piece).unwrap_err().code(), "BadDigest");
}

/// S3's answers, as the tests of OpenStack Swift record them from AWS.
#[test]
fn trl_01_the_headers_declare_one_checksum() {
    let announced = |headers: &[(&str, &str)]| {
        let mut wire = Wire::new("PUT", "/folder/test.txt").with("content-encoding", "aws-chunked");
        wire = wire.with("x-amz-decoded-content-length", "9");
        for (name, value) in headers {
            wire = wire.with(name, value);
        }
        Stream::of(&Hand::new().payload(UNSIGNED_TRAILER), wire).wire
    };
    let (trailer, crc) = (("x-amz-trailer", CRC32), (CRC32, "y/Q5Jg=="));
    let sdk = "x-amz-sdk-checksum-algorithm";
    for good in [
        vec![trailer],
        vec![trailer, (sdk, "CRC32")],
        // The AWS SDK for Rust 1.157 sends this when it is asked for MD5.
        vec![trailer, (sdk, "MD5")],
        vec![trailer, ("x-amz-checksum-mode", "ENABLED")],
    ] {
        assert!(announced(&good).claim_unread(&verifier()).is_ok(), "{good:?}");
    }
    for (bad, error, message) in [
        (vec![trailer, crc], ChecksumError::HeaderAndTrailer, "Expecting a single x-amz-checksum- header"),
        (
            vec![crc, ("x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE=")],
            ChecksumError::Several,
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        ),
        (
            vec![(sdk, "CRC32")],
            ChecksumError::SdkAlgorithmAlone,
            "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or x-amz-trailer headers \
             were found.",
        ),
    ] {
        let found = announced(&bad).claim_unread(&verifier()).unwrap_err();
        assert_eq!(found, VerifyError::Chunked(DecodeError::Checksum(error)), "{bad:?}");
        assert_eq!(
            (found.code(), found.status(), found.to_string().as_str()),
            ("InvalidRequest", 400, message)
        );
    }
    let found = announced(&[trailer, (sdk, "SHA1")]).claim_unread(&verifier()).unwrap_err();
    assert_eq!(found.to_string(), "Value for x-amz-sdk-checksum-algorithm header is invalid.");
}

/// S3 stores a body without trailers in a mode with trailers, and refuses a trailer that was not announced.
#[test]
fn trl_02_trailers_are_optional_and_announced() {
    let stream = Stream::new(UNSIGNED_TRAILER, "5", None);
    stream.accepts("5\r\nhello\r\n0\r\n\r\n", "hello");
    let unannounced = "5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n";
    refuses!(stream, unannounced, "hello", DecodeError::MalformedTrailer, "MalformedTrailerError");
    let mut stream = Stream::new(SIGNED_TRAILER, "9", None);
    let chunks = stream.chunk(DIGITS) + &stream.zero();
    let open = stream.clone();
    stream.accepts(format!("{chunks}{}\r\n", stream.clone().seal("")), DIGITS);
    let seal = open.clone().seal(&format!("{DIGITS_CRC32}\n"));
    for trailers in [String::new(), format!("{DIGITS_CRC32}\r\n{seal}")] {
        let body = format!("{chunks}{trailers}\r\n");
        refuses!(open, body, DIGITS, DecodeError::MalformedTrailer, "MalformedTrailerError");
    }
    // In a mode without trailers the line after the zero chunk is empty.
    let mut stream = Stream::signed(DIGITS);
    let chunks = stream.chunk(DIGITS) + &stream.zero();
    let body = format!("{chunks}{DIGITS_CRC32}\r\n\r\n");
    refuses!(stream, body, DIGITS, DecodeError::MalformedChunk { chunk: 2 }, "IncompleteBody");
}

#[test]
fn trl_02_trailers_that_were_not_announced_are_refused() {
    let stream = Stream::unsigned(DIGITS);
    let body = |trailers: &str| format!("9\r\n{DIGITS}\r\n0\r\n{trailers}\r\n");
    stream.accepts(body("x-amz-checksum-crc32:y/Q5Jg==\r\n"), DIGITS);
    stream.accepts(body("X-Amz-Checksum-CRC32: \t y/Q5Jg== \r\n"), DIGITS);
    let line = format!("{DIGITS_CRC32}\r\n");
    for trailers in [
        String::new(),
        format!("{line}{line}"),
        format!("{line}X-AMZ-CHECKSUM-CRC32:y/Q5Jg==\r\n"),
        format!("{line}x-amz-meta-a:b\r\n"),
        "x-amz-checksum-crc32c:4waSgw==\r\n".into(),
        format!("x-amz-meta-a:b\r\n{line}"),
        "x-amz-checksum-crc32\r\n".into(),
        "x-amz-checksum-crc32 :y/Q5Jg==\r\n".into(),
        " x-amz-checksum-crc32:y/Q5Jg==\r\n".into(),
        ":y/Q5Jg==\r\n".into(),
        "x-amz-checksum-crc32:y/Q5J\0==\r\n".into(),
        "x-amz-checksum-crc32:y/Q5J\rg=\r\n".into(),
        "x-amz-checksum-crc32:y/Q5Jgé\r\n".into(),
        format!("{line}x-amz-trailer-signature:{}\r\n", "0".repeat(64)),
        format!("{line} folded\r\n"),
    ] {
        refuses!(stream, body(&trailers), DIGITS, DecodeError::MalformedTrailer, "MalformedTrailerError");
    }
}

#[test]
fn trl_02_the_announcement_is_a_list_of_names() {
    for names in [CRC32, "X-Amz-Checksum-Crc32", "x-amz-meta-b, x-amz-checksum-crc32\t,x-amz-meta-a"] {
        assert!(
            Stream::new(SIGNED_TRAILER, "9", Some(names)).wire.claim_unread(&verifier()).is_ok(),
            "{names}"
        );
    }
    let many: Vec<String> = (0..17).map(|number| format!("x-{number}")).collect();
    for names in [
        "",
        ",",
        "a,",
        ",a",
        "a,,b",
        "a,a",
        "a,A",
        "a b",
        "a:b",
        "é",
        "x-amz-trailer-signature",
        &many.join(","),
    ] {
        let wire = Stream::new(SIGNED_TRAILER, "9", Some(names)).wire;
        claim_refuses!(&wire, DecodeError::InvalidTrailerNames, "InvalidRequest", 400);
    }
    // A mode without trailers refuses the header.
    let contradiction = Stream::new(SIGNED, "9", Some(CRC32)).wire;
    claim_refuses!(&contradiction, DecodeError::InvalidTrailerNames, "InvalidRequest", 400);
}

#[test]
fn trl_03_trailers_are_returned_only_with_a_correct_signature() {
    let mut stream = Stream::signed_trailer(DIGITS);
    let chunks = stream.chunk(DIGITS) + &stream.zero();
    let open = stream.clone();
    let seal = stream.seal(&format!("{DIGITS_CRC32}\n"));
    stream.accepts(format!("{chunks}{DIGITS_CRC32}\r\n{seal}\r\n"), DIGITS);
    let (_, end) = stream.decode(format!("{chunks}{DIGITS_CRC32}\r\n{seal}\r\n"));
    assert_eq!(end.as_deref(), Ok("x-amz-checksum-crc32=y/Q5Jg==;"));

    for trailers in [
        format!("{DIGITS_CRC32}\r\n"),
        format!("{seal}{DIGITS_CRC32}\r\n"),
        seal.clone(),
        format!("{DIGITS_CRC32}\r\nx-amz-trailer-signature:\r\n"),
        format!("{DIGITS_CRC32}\r\nx-amz-trailer-signature:{}\r\n", "A".repeat(64)),
        format!("{DIGITS_CRC32}\r\nx-amz-trailer-signature:{}\r\n", "0".repeat(63)),
    ] {
        let body = format!("{chunks}{trailers}\r\n");
        refuses!(stream, body, DIGITS, DecodeError::MalformedTrailer, "MalformedTrailerError");
    }
    // A signature of other trailers, or at another position in the chain.
    let wrong = [
        open.clone().seal("x-amz-checksum-crc32:AAAAAA==\n"),
        open.clone().seal(&format!("{DIGITS_CRC32}\r\n")),
        open.clone().seal(DIGITS_CRC32),
        Stream::signed_trailer(DIGITS).seal(&format!("{DIGITS_CRC32}\n")),
        format!("x-amz-trailer-signature:{}\r\n", open.previous),
    ];
    for seal in wrong {
        let body = format!("{chunks}{DIGITS_CRC32}\r\n{seal}\r\n");
        refuses!(
            stream,
            body,
            DIGITS,
            DecodeError::SignatureDoesNotMatch { chunk: 3 },
            "SignatureDoesNotMatch"
        );
    }
    // A wrong checksum is reported only if it is signed; otherwise the signature is wrong.
    let other = "x-amz-checksum-crc32:AAAAAA==";
    refuses!(
        stream,
        format!("{chunks}{other}\r\n{seal}\r\n"),
        DIGITS,
        DecodeError::SignatureDoesNotMatch { chunk: 3 },
        "SignatureDoesNotMatch"
    );
    let signed = open.clone().seal(&format!("{other}\n"));
    let (_, end) = stream.decode(format!("{chunks}{other}\r\n{signed}\r\n"));
    assert_eq!(end.unwrap_err().code(), "BadDigest");
    // Nothing follows the signature except the end.
    let end_with = |more: &str| stream.decode(format!("{chunks}{DIGITS_CRC32}\r\n{seal}{more}")).1;
    for more in ["x-amz-meta-a:b\r\n\r\n", &format!("{seal}\r\n")] {
        assert_err!(end_with(more), DecodeError::MalformedChunk { chunk: 2 }, "{more:?}");
    }
    assert_err!(end_with("x"), DecodeError::Incomplete { declared: 9, received: 9 });
}

#[test]
fn trl_03_several_trailers_are_signed_in_order_of_their_names() {
    let names = "x-amz-meta-b,x-amz-checksum-crc32,x-amz-meta-a";
    let mut stream = Stream::new(SIGNED_TRAILER, "9", Some(names));
    let chunks = stream.chunk(DIGITS) + &stream.zero();
    let seal = stream.seal(&format!("{DIGITS_CRC32}\nx-amz-meta-a:1 2\nx-amz-meta-b:\n"));
    let body = format!("{chunks}x-amz-meta-b:\r\nX-Amz-Meta-A: 1 2\r\n{DIGITS_CRC32}\r\n{seal}\r\n");
    let (_, end) = stream.decode(body);
    assert_eq!(end.as_deref(), Ok("x-amz-checksum-crc32=y/Q5Jg==;x-amz-meta-a=1 2;x-amz-meta-b=;"));
}

/// MinIO's client for Go ends each trailer with a line feed, and all trailers with a CRLF.
#[test]
fn str_09_the_line_endings_of_one_client_are_an_option() {
    let lax = |decoder: Decoder| decoder.with_line_endings(LineEndings::MinioGo);
    let unsigned = Stream::unsigned(DIGITS);
    let body = format!("9\r\n{DIGITS}\r\n0\r\n{DIGITS_CRC32}\n\r\n\r\n");
    refuses!(unsigned, &body, DIGITS, DecodeError::TrailerLineFeed, "MalformedTrailerError");
    assert!(DecodeError::TrailerLineFeed.to_string().contains("LineEndings::MinioGo"));
    assert!(unsigned.decode_by(body.as_bytes(), lax).1.is_ok());

    let mut signed = Stream::signed_trailer(DIGITS);
    let chunks = signed.chunk(DIGITS) + &signed.zero();
    let seal = signed.seal(&format!("{DIGITS_CRC32}\n"));
    let body = format!("{chunks}{DIGITS_CRC32}\n\r\n{seal}\r\n");
    refuses!(signed, &body, DIGITS, DecodeError::TrailerLineFeed, "MalformedTrailerError");
    assert!(signed.decode_by(body.as_bytes(), lax).1.is_ok());
    // The form of S3's manual is still accepted, and mixtures are refused.
    let good = format!("{chunks}{DIGITS_CRC32}\r\n{seal}\r\n");
    assert!(signed.decode_by(good.as_bytes(), lax).1.is_ok());
    for mixed in [
        format!("{chunks}{DIGITS_CRC32}\n{seal}\r\n"),
        format!("{chunks}{DIGITS_CRC32}\r\n\r\n{seal}\r\n"),
        format!("{chunks}{DIGITS_CRC32}\n\r\n\r\n{seal}\r\n"),
        format!("{chunks}{DIGITS_CRC32}\n\r\n{}\n\r\n", seal.trim_end()),
        format!("{chunks}{DIGITS_CRC32}\n\n{seal}\r\n"),
        format!("{chunks}\r\n{DIGITS_CRC32}\n{seal}\r\n"),
    ] {
        let (_, end) = signed.decode_by(mixed.as_bytes(), lax);
        assert_eq!(end, Err(DecodeError::MalformedTrailer), "{mixed:?}");
    }
    // Chunk lines end in CRLF, whatever the trailer's lines end in.
    let (_, end) = signed.decode_by(good.replacen("\r\n", "\n", 1).as_bytes(), lax);
    assert_err!(end, DecodeError::MalformedChunk { chunk: 1 });
    // Two lines have the same ending.
    let mut two = Stream::new(SIGNED_TRAILER, "9", Some("x-amz-meta-a,x-amz-checksum-crc32"));
    let chunks = two.chunk(DIGITS) + &two.zero();
    let seal = two.seal(&format!("{DIGITS_CRC32}\nx-amz-meta-a:b\n"));
    for (first, second, taken) in [
        ("\r\n", "\r\n", true),
        ("\n", "\n\r\n", true),
        ("\n", "\r\n\r\n", false),
        ("\n", "\r\n", false),
        // An empty line ends the trailers; no trailer follows it.
        ("\n\r\n", "\r\n", false),
        ("\n\r\n", "\n\r\n", false),
    ] {
        let body = format!("{chunks}{DIGITS_CRC32}{first}x-amz-meta-a:b{second}{seal}\r\n");
        assert_eq!(two.decode_by(body.as_bytes(), lax).1.is_ok(), taken, "{first:?} {second:?}");
    }
}

#[test]
fn sig_04_a_chunked_body_is_refused_where_it_is_not_decoded() {
    let mut stream = Stream::signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    // A body that is given whole is refused; it is not treated as checked.
    assert_err!(
        stream.wire.clone().body(body.as_bytes()).verify(),
        VerifyError::UnsupportedPayload { mode: SIGNED }
    );
    // A body checker refuses it, too.
    let claim = stream.wire.claim_unread(&verifier()).unwrap();
    let key = claim.derive_key(&credentials());
    let verified = claim.verify(&key).unwrap();
    assert_eq!(verified.body(), BodyCheck::Chunked(StreamingMode::Signed));
    let mut checker = verified.body().checker();
    checker.update(body.as_bytes());
    assert_err!(checker.finish(), VerifyError::UnsupportedPayload { mode: SIGNED });
    // A decoder refuses a body that is not in chunks.
    let plain = Wire::put().signed();
    let claim = plain.claim_unread(&verifier()).unwrap();
    let key = claim.derive_key(&credentials());
    let verified = claim.verify(&key).unwrap();
    assert_eq!(Decoder::new(&verified).unwrap_err(), DecodeError::NotChunked);
}

#[test]
fn sig_04_a_mode_of_another_algorithm_or_service_is_refused_unread() {
    assert!(Stream::signed("data").wire.claim_unread(&verifier()).is_ok());
    for mode in [
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD",
        "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER",
        "STREAMING-AWS4-HMAC-SHA256-EVENTS",
    ] {
        let error = Stream::new(mode, "4", None).wire.claim_unread(&verifier()).unwrap_err();
        assert_error!(&error, VerifyError::UnsupportedPayload { mode: mode });
        assert_eq!((error.code(), error.status()), ("NotImplemented", 501));
    }
    // 501 is right only for a mode that exists.
    for mode in [
        "STREAMING-HMAC-SHA256-PAYLOAD",
        "STREAMING-UNSIGNED-PAYLOAD",
        "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-",
        "STREAMING-aws4-hmac-sha256-payload",
    ] {
        let error = Stream::new(mode, "4", None).wire.claim_unread(&verifier()).unwrap_err();
        // S3: "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-…, or a valid sha256 value".
        assert_error!(&error, VerifyError::InvalidPayloadHash);
        assert_eq!((error.code(), error.status()), ("InvalidArgument", 400));
    }
    let hand = Hand::new().scope("20130524/us-east-1/execute-api/aws4_request").payload(SIGNED);
    let wire = hand.sign(Wire::new("PUT", "/k").with("x-amz-decoded-content-length", "4"));
    let error = wire.claim_unread(&standard_verifier()).unwrap_err();
    assert_error!(&error, VerifyError::PayloadModeNotAccepted { mode: SIGNED });
    // botocore's own request for `lambda`: the text must not ask for what was sent.
    let unsigned =
        Hand::new().scope("20130524/us-east-1/execute-api/aws4_request").payload("UNSIGNED-PAYLOAD");
    let error = unsigned.sign(Wire::new("PUT", "/k")).claim_unread(&standard_verifier()).unwrap_err();
    assert_error!(&error, VerifyError::PayloadModeNotAccepted { mode: "UNSIGNED-PAYLOAD" });
    assert_eq!((error.code(), error.status()), ("InvalidArgument", 400));
    let text = error.to_string();
    assert!(text.starts_with("This service does not accept UNSIGNED-PAYLOAD"), "{text}");
    assert!(text.contains("PayloadRule::HashHeader"), "{text}");
}

/// An unsigned body does not make an unsigned request (CVE-2025-31489).
#[test]
fn aut_04_an_unsigned_body_needs_a_signed_request() {
    let good = Stream::unsigned(DIGITS);
    good.accepts(format!("9\r\n{DIGITS}\r\n0\r\n{DIGITS_CRC32}\r\n\r\n"), DIGITS);
    let signature = good.previous.clone();
    let forged = good.wire.clone().reauthorize(&signature, &"0".repeat(64));
    let claim = forged.claim_unread(&verifier()).unwrap();
    assert_eq!(verify_claim(claim, &credentials()).unwrap_err(), VerifyError::SignatureDoesNotMatch);
}

#[test]
fn pay_06_a_url_has_no_chunks() {
    assert!(Stream::signed("data").wire.claim_unread(&verifier()).is_ok());
    for mode in [SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER] {
        let listed = Wire::put().with("x-amz-content-sha256", mode).with("x-amz-decoded-content-length", "4");
        let error = Hand::new().presign(listed).claim_unread(&verifier()).unwrap_err();
        assert_error!(&error, VerifyError::UnsupportedPayload { mode: mode });
        let unlisted = Wire::put().presigned().with("x-amz-content-sha256", mode);
        let error = unlisted.claim_unread(&verifier()).unwrap_err();
        assert_eq!((error.code(), error.status()), ("AccessDenied", 403));
    }
}

#[test]
fn pay_08_a_verifier_that_requires_a_signed_body_refuses_unsigned_chunks() {
    let strict = verifier().require_signed_body();
    let unsigned = Stream::unsigned(DIGITS).wire;
    assert!(unsigned.claim_unread(&verifier()).is_ok());
    assert_refusal!(
        unsigned.claim_unread(&strict).unwrap_err(),
        unsigned,
        VerifyError::UnsignedBody,
        "AccessDenied",
        403
    );
    for signed in [Stream::signed(DIGITS), Stream::signed_trailer(DIGITS)] {
        assert!(signed.wire.claim_unread(&strict).is_ok());
    }
}

/// Every byte of a body is changed, removed and repeated: the body is refused, or has the same data.
#[test]
fn str_01_every_change_of_a_single_byte_is_refused() {
    let mut stream = Stream::signed_trailer(DIGITS);
    let chunks = stream.chunk("1234") + &stream.chunk("56789") + &stream.zero();
    let body = format!("{chunks}{DIGITS_CRC32}\r\n{}\r\n", stream.seal(&format!("{DIGITS_CRC32}\n")));
    stream.accepts(&body, DIGITS);
    let name = body.find(DIGITS_CRC32).unwrap();
    let case = name..name + CRC32.len();
    let seal = body.find("x-amz-trailer-signature").unwrap();
    let seal_case = seal..seal + "x-amz-trailer-signature".len();
    for at in 0..body.len() {
        let byte = body.as_bytes()[at];
        let changed = [byte ^ 0x20, byte ^ 1, 0, b'\n', b'\r', b' ', b'0'].map(|new| vec![new]);
        for new in changed.into_iter().chain([vec![], vec![byte, byte]]) {
            let mut bytes = body.clone().into_bytes();
            bytes.splice(at..=at, new);
            if bytes == body.as_bytes() {
                continue;
            }
            let (data, end) = stream.decode(&bytes);
            assert!(DIGITS.as_bytes().starts_with(&data), "byte {at} released {data:?}");
            // Equal spellings: names in another case, zeros before a size.
            let same_name = (case.contains(&at) || seal_case.contains(&at))
                && bytes.eq_ignore_ascii_case(body.as_bytes());
            let zero = String::from_utf8_lossy(&bytes).replacen("00;", "0;", 1) == body;
            assert_eq!(
                end.is_ok(),
                same_name || zero,
                "byte {at}: {end:?} in {:?}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }
}
