//! Bodies in chunks with SigV4a. `ring` signs the chunks, with a key that AWS published. Each body is decoded at once
//! and in pieces of 1, 2 and 7 bytes, with the same result.

use countersign::chunked::{DecodeError, Decoder, MIN_CHUNK_SIZE};
use countersign::{Verified, VerifyError};

use super::asymmetric::{der, hand, integers, is_der, negated, signer_v4a, verifier_v4a};
use super::chunked::{CRC32, DIGITS, DIGITS_CRC32, Stream, refuses};
use testkit::*;

const SIGNED: &str = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD";
const SIGNED_TRAILER: &str = "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER";

fn request(length: usize) -> Wire {
    let wire = Wire::new("PUT", "/folder/test.txt").with("content-encoding", "aws-chunked");
    wire.with("x-amz-decoded-content-length", length.to_string()).with("x-amz-region-set", "us-east-1")
}

fn stream_of(hand: &Hand, wire: Wire) -> Stream {
    Stream { verifier: verifier_v4a, width: 144, ..Stream::of(hand, wire) }
}

fn signed(data: &str) -> Stream {
    stream_of(&hand().payload(SIGNED), request(data.len()))
}

fn signed_trailer(data: &str) -> Stream {
    stream_of(&hand().payload(SIGNED_TRAILER), request(data.len()).with("x-amz-trailer", CRC32))
}

/// Returns a stream and its first chunk, whose signature has a length that `right` accepts. The length depends on the
/// random nonce.
fn with_digits(data: &str, right: fn(usize) -> bool) -> (Stream, String) {
    loop {
        let mut stream = signed(data);
        let chunk = stream.chunk(data);
        if right(stream.previous.len()) {
            return (stream, chunk);
        }
    }
}

#[test]
fn str_01_a_chunk_of_ecdsa_is_released_only_with_a_correct_signature() {
    let mut stream = signed("one, two");
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
    // The same data in other chunks is refused.
    let moved = body.replacen("5;", "4;", 1).replacen("one, ", "one,", 1);
    refuses!(stream, moved, "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, code);
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
    // Every digit of the signature counts.
    let at = body.find(";chunk-signature=").unwrap() + 17;
    let signature_digits = body[at..].find("\r\n").unwrap();
    for place in (at..at + 136).step_by(5) {
        let mut changed = body.clone();
        changed.replace_range(place..=place, if body[place..].starts_with('0') { "1" } else { "0" });
        let (data, end) = stream.decode(&changed);
        let signature = changed[at..at + signature_digits].trim_end_matches('*');
        assert_eq!(data, b"", "{place}");
        if is_der(signature) {
            assert_err!(end, DecodeError::SignatureDoesNotMatch { chunk: 1 }, "{place}");
        } else {
            assert_err!(end, DecodeError::MalformedChunk { chunk: 1 }, "{place}");
        }
    }
}

#[test]
fn str_01_numbers_out_of_range_are_refused() {
    const ORDER: &str = "00ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551";
    let mut stream = signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    for signature in [der("00", "00"), der("00", "01"), der("01", "00"), der(ORDER, "01"), der("01", ORDER)] {
        let body = format!("4;chunk-signature={signature:*<144}\r\ndata\r\n");
        refuses!(stream, body, "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, "SignatureDoesNotMatch");
    }
}

#[test]
fn str_02_chunks_of_ecdsa_are_chained() {
    let data = "aaaabbbbaaaa";
    let mut stream = signed(data);
    let [a, b, c] = ["aaaa", "bbbb", "aaaa"].map(|data| stream.chunk(data));
    let end = stream.zero() + "\r\n";
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
    refuses!(
        stream,
        [&*a, &b, &end].concat(),
        "aaaabbbb",
        DecodeError::Incomplete { declared: 12, received: 8 },
        "IncompleteBody"
    );
    // Another signature of the same request begins another stream.
    let other = signed(data);
    refuses!(other, [&*a, &b, &c, &end].concat(), "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, code);
    // The signature of the request is not the signature of a chunk.
    let replayed = format!("{:x};chunk-signature={:*<144}\r\n{data}\r\n", data.len(), other.previous);
    refuses!(other, replayed, "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, code);
}

/// Anyone can compute the other form of a signature. It is valid, but the next signature does not cover it.
#[test]
fn str_02_the_other_form_of_a_signature_breaks_the_chain() {
    let mut stream = signed("one, two");
    let first = stream.chunk("one, ");
    let signature = stream.previous.clone();
    let rest = stream.chunk("two") + &stream.zero() + "\r\n";
    stream.accepts(format!("{first}{rest}"), "one, two");
    let (r, s) = integers(&signature);
    let other = der(&r, &negated(&s));
    let first = format!("5;chunk-signature={other:*<144}\r\none, \r\n");
    refuses!(
        stream,
        format!("{first}{rest}"),
        "one, ",
        DecodeError::SignatureDoesNotMatch { chunk: 2 },
        "SignatureDoesNotMatch"
    );
    // The other form of the request's signature breaks the chain, too.
    let mut stream = signed("data");
    let seed = stream.previous.clone();
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    let (r, s) = integers(&seed);
    stream.wire = stream.wire.reauthorize(&seed, &der(&r, &negated(&s)));
    refuses!(stream, &body, "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, "SignatureDoesNotMatch");
}

/// The string to sign contains the digits only.
#[test]
fn str_02_the_next_signature_does_not_cover_the_padding() {
    let (mut stream, first) = with_digits("data", |digits| digits < 144);
    let right = stream.clone().zero() + "\r\n";
    stream.accepts(format!("{first}{right}"), "data");
    stream.previous = format!("{:*<144}", stream.previous);
    let wrong = stream.zero() + "\r\n";
    refuses!(
        stream,
        format!("{first}{wrong}"),
        "data",
        DecodeError::SignatureDoesNotMatch { chunk: 2 },
        "SignatureDoesNotMatch"
    );
}

#[test]
fn str_03_a_stream_of_ecdsa_ends_with_its_signed_zero_chunk() {
    let mut stream = signed("data");
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
    let forged = format!("{chunk}0;chunk-signature={:*<144}\r\n\r\n", der("01", "01"));
    refuses!(
        stream,
        forged,
        "data",
        DecodeError::SignatureDoesNotMatch { chunk: 2 },
        "SignatureDoesNotMatch"
    );
    refuses!(
        stream,
        format!("{chunk}0\r\n\r\n"),
        "data",
        DecodeError::MalformedChunk { chunk: 2 },
        "IncompleteBody"
    );
    let more = format!("{chunk}{zero}\r\n0\r\n\r\n");
    refuses!(stream, more, "data", DecodeError::DataAfterEnd, "IncompleteBody");
    let mut empty = signed("");
    let body = empty.body(&[]);
    empty.accepts(&body, "");
}

#[test]
fn str_04_a_mode_of_ecdsa_has_signatures_of_ecdsa() {
    let mut stream = signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    refuses!(
        stream,
        "4\r\ndata\r\n0\r\n\r\n",
        "",
        DecodeError::MalformedChunk { chunk: 1 },
        "IncompleteBody"
    );
    let hmac = "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648";
    for signature in [String::new(), "*".repeat(144), hmac.into(), format!("{hmac:*<144}"), "0".repeat(144)] {
        let body = format!("4;chunk-signature={signature}\r\ndata\r\n");
        refuses!(stream, body, "", DecodeError::MalformedChunk { chunk: 1 }, "IncompleteBody");
    }
    // A mode of HMAC refuses signatures of ECDSA.
    let wire = Wire::new("PUT", "/folder/test.txt").with("x-amz-decoded-content-length", "4");
    let hmac = Stream::of(&Hand::new().payload("STREAMING-AWS4-HMAC-SHA256-PAYLOAD"), wire);
    refuses!(hmac, body, "", DecodeError::MalformedChunk { chunk: 1 }, "IncompleteBody");
}

#[test]
fn str_05_a_chunk_of_ecdsa_has_no_extension_except_its_signature() {
    let mut stream = signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    let (head, rest) = body.split_once("\r\n").unwrap();
    let signature = &head[18..];
    for head in [
        format!("{head};"),
        format!("{head};x=y"),
        format!("{head} "),
        format!("{head}{}", &head[1..]),
        format!("4;x=y{}", &head[1..]),
        format!("4;chunk-signature= {signature}"),
        format!("4;chunk-signature=\"{signature}\""),
        format!("4;Chunk-Signature={signature}"),
        format!("4,chunk-signature={signature}"),
        format!("4*{}", &head[1..]),
    ] {
        refuses!(
            stream,
            format!("{head}\r\n{rest}"),
            "",
            DecodeError::MalformedChunk { chunk: 1 },
            "IncompleteBody"
        );
    }
}

#[test]
fn str_09_a_signature_is_padded_to_144_characters_in_exactly_one_way() {
    let (mut stream, chunk) = with_digits("data", |digits| digits < 144);
    let digits = stream.previous.clone();
    let end = stream.zero() + "\r\n";
    stream.accepts(format!("{chunk}{end}"), "data");
    let stars = "*".repeat(144 - digits.len());
    let (front, back) = digits.split_at(70);
    for signature in [
        // Without padding; one character too few or too many; padding before, inside or around the digits.
        digits.clone(),
        format!("{digits:*<143}"),
        format!("{digits:*<145}"),
        format!("{digits:*<160}"),
        format!("{stars}{digits}"),
        format!("{front}{stars}{back}"),
        format!("{}*{}", &digits[..digits.len() - 1], &format!("{digits:*<144}")[digits.len()..]),
        format!("*{:*<143}", &digits[..digits.len() - 1]),
        format!("{:*<144}", &digits[..digits.len() - 1]),
        format!("{:*<144}", &digits[..digits.len() - 2]),
        // Padded with other characters.
        format!("{digits: <144}"),
        format!("{digits:0<144}"),
        format!("{digits:=<144}"),
        format!("{digits:a<144}"),
        format!("{:\0<144}", digits),
        format!("{digits}{}", stars.replacen('*', "0", 1)),
        format!("{digits}{}0", &stars[1..]),
        // In upper case.
        format!("{:*<144}", digits.to_ascii_uppercase()),
        // The same numbers in DER that is not strict.
        format!("{:*<144}", digits.replacen("30", "3081", 1)),
    ] {
        let body = format!("4;chunk-signature={signature}\r\ndata\r\n{end}");
        refuses!(stream, body, "", DecodeError::MalformedChunk { chunk: 1 }, "IncompleteBody");
    }
    // The longest signature has no padding.
    let (mut stream, chunk) = with_digits("data", |digits| digits == 144);
    let digits = stream.previous.clone();
    let end = stream.zero() + "\r\n";
    assert!(chunk.contains(&format!("={digits}\r\n")));
    stream.accepts(format!("{chunk}{end}"), "data");
    for signature in [format!("{digits}*"), format!("{}*", &digits[..143]), format!("{}**", &digits[..142])] {
        let body = format!("4;chunk-signature={signature}\r\ndata\r\n{end}");
        refuses!(stream, body, "", DecodeError::MalformedChunk { chunk: 1 }, "IncompleteBody");
    }
}

#[test]
fn trl_03_trailers_of_ecdsa_are_returned_only_with_a_correct_signature() {
    let mut stream = signed_trailer(DIGITS);
    let chunks = stream.chunk(DIGITS) + &stream.zero();
    let open = stream.clone();
    let (seal, digits) = loop {
        let mut stream = open.clone();
        let seal = stream.seal(&format!("{DIGITS_CRC32}\n"));
        if stream.previous.len() < 144 {
            break (seal, stream.previous);
        }
    };
    let body = |seal: &str| format!("{chunks}{DIGITS_CRC32}\r\n{seal}\r\n");
    stream.accepts(body(&seal), DIGITS);
    let (_, end) = stream.decode(body(&seal));
    assert_eq!(end.as_deref(), Ok("x-amz-checksum-crc32=y/Q5Jg==;"));
    for value in [
        String::new(),
        digits.clone(),
        format!("{digits:*<143}"),
        format!("{digits:*<145}"),
        format!("{digits:*>144}"),
        format!("{:*<144}", digits.to_ascii_uppercase()),
        "*".repeat(144),
    ] {
        let seal = format!("x-amz-trailer-signature:{value}\r\n");
        refuses!(stream, body(&seal), DIGITS, DecodeError::MalformedTrailer, "MalformedTrailerError");
    }
    let unsigned = format!("{chunks}{DIGITS_CRC32}\r\n\r\n");
    refuses!(stream, unsigned, DIGITS, DecodeError::MalformedTrailer, "MalformedTrailerError");
    // A signature of other trailers, at another position in the chain, or of a chunk.
    for seal in [
        open.clone().seal("x-amz-checksum-crc32:AAAAAA==\n"),
        signed_trailer(DIGITS).seal(&format!("{DIGITS_CRC32}\n")),
        format!("x-amz-trailer-signature:{:*<144}\r\n", open.previous),
    ] {
        refuses!(
            stream,
            body(&seal),
            DIGITS,
            DecodeError::SignatureDoesNotMatch { chunk: 3 },
            "SignatureDoesNotMatch"
        );
    }
}

#[test]
fn alg_02_a_mode_of_the_other_algorithm_is_refused() {
    let mut stream = signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    // A verifier that does not allow SigV4a.
    assert!(matches!(
        stream.wire.claim_unread(&verifier()).unwrap_err(),
        VerifyError::UnsupportedAlgorithm { algorithm, .. } if algorithm == "AWS4-ECDSA-P256-SHA256"
    ));
    let hmac = ["STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"];
    for (hand, modes, others) in
        [(hand(), [SIGNED, SIGNED_TRAILER], hmac), (Hand::new(), hmac, [SIGNED, SIGNED_TRAILER])]
    {
        let wire = |mode: &str| {
            let wire = request(4);
            let trailer = mode.ends_with("-TRAILER");
            hand.clone().payload(mode).sign(if trailer { wire.with("x-amz-trailer", CRC32) } else { wire })
        };
        for mode in modes {
            assert!(wire(mode).claim_unread(&verifier_v4a()).is_ok(), "{mode}");
        }
        for mode in others {
            let error = wire(mode).claim_unread(&verifier_v4a()).unwrap_err();
            assert_error!(&error, VerifyError::UnsupportedPayload { mode: mode });
            assert_eq!((error.code(), error.status()), ("NotImplemented", 501));
        }
    }
}

/// The string to sign begins with the algorithm and the part that is signed.
#[test]
fn alg_02_the_first_line_of_a_string_to_sign_is_exact() {
    let mut stream = signed("data");
    let body = stream.body(&["data"]);
    stream.accepts(&body, "data");
    for algorithm in
        ["AWS4-HMAC-SHA256", "AWS4-ECDSA-P256-SHA256-TRAILER", "STREAMING-AWS4-ECDSA-P256-SHA256"]
    {
        let mut stream = signed("data");
        stream.hand.algorithm = algorithm.into();
        let body = stream.body(&["data"]);
        refuses!(stream, body, "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, "SignatureDoesNotMatch");
    }
    // The scope has no region.
    let mut stream = signed("data");
    stream.hand.scope = SCOPE.into();
    let body = stream.body(&["data"]);
    refuses!(stream, body, "", DecodeError::SignatureDoesNotMatch { chunk: 1 }, "SignatureDoesNotMatch");
}

#[test]
fn pay_06_a_url_of_sigv4a_has_no_chunks() {
    let good = signed("data");
    assert!(good.wire.claim_unread(&verifier_v4a()).is_ok());
    for mode in [SIGNED, SIGNED_TRAILER] {
        let wire = Wire::put().with("x-amz-content-sha256", mode).with("x-amz-decoded-content-length", "4");
        let wire = wire.target("/folder/test.txt?X-Amz-Region-Set=us-east-1");
        let error = hand().presign(wire).claim_unread(&verifier_v4a()).unwrap_err();
        assert_error!(&error, VerifyError::UnsupportedPayload { mode: mode });
    }
}

/// The encoder follows the same rules.
#[test]
fn str_09_the_encoder_pads_every_signature() {
    let signer = signer_v4a("us-east-1");
    let body = countersign::chunked::ChunkedBody::signed(20_000).with_chunk_size(8192).unwrap();
    let request = countersign::Request::new("PUT", "/folder/test.txt", &[("host", HOST)]);
    let (_, mut encoder) = signer.sign_chunked(&request, &body, now()).unwrap();
    let mut out = Vec::new();
    let data = "a".repeat(20_000);
    encoder.encode_to(data.as_bytes(), &mut out).unwrap();
    out.extend(encoder.finish(&[]).unwrap());
    let text = String::from_utf8(out).unwrap();
    let heads: Vec<&str> = text.split(";chunk-signature=").skip(1).map(|rest| &rest[..146]).collect();
    assert_eq!(heads.len(), 4);
    assert!(heads.iter().all(|head| head.ends_with("\r\n") && head.starts_with("30")));
    assert!(heads.iter().any(|head| head.contains('*')), "one that is shorter");
}

/// An ECDSA signature costs far more to verify than a small chunk costs to send.
#[test]
fn str_09_small_chunks_of_ecdsa_are_refused_by_default() {
    let data = "x".repeat(8192);
    let mut stream = signed(&format!("{data}tail"));
    let body = stream.body(&[&data, "tail"]);
    let read = |verified: &Verified, body: &str| {
        let mut decoder = Decoder::new(verified).unwrap();
        let mut piece = body.as_bytes();
        while decoder.decode(&mut piece)?.is_some() {}
        decoder.finish().map(|_| ())
    };
    assert_eq!(read(&stream.verified(), &body), Ok(()));
    let mut stream = signed(&format!("{data}tail"));
    let body = stream.body(&[&data[1..], "xtail"]);
    stream.accepts(&body, &format!("{data}tail"));
    let error = read(&stream.verified(), &body);
    assert_err!(error, DecodeError::ChunkTooSmall { chunk: 1, size: 8191, min: MIN_CHUNK_SIZE });
}
