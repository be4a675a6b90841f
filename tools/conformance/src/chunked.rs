//! Chunked bodies, sent and received.

use std::borrow::Cow;
use std::slice::Chunks;

use countersign::chunked::{ChunkedBody, Decoder, MIN_CHUNK_SIZE};
use countersign::{Payload, Request, StreamingMode, Verified, VerifyError};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{Case, Content, Failure, headers_to_complete, in_header};

/// What follows the request.
#[derive(Deserialize)]
struct Stream {
    /// The last chunk is empty.
    chunks: Vec<Content>,
    #[serde(default)]
    trailers: Vec<(String, String)>,
    /// Whether the answer has the encoded body.
    #[serde(default)]
    encode: bool,
}

pub(crate) fn sign(input: Value) -> Result<Value, Failure> {
    let Stream { chunks, trailers, encode } = serde_json::from_value(input.clone()).map_err(Failure::bad)?;
    let case = Case::read(input)?;
    let mode =
        case.option(|options| options.payload.as_deref()).and_then(|name| StreamingMode::parse(name).ok());
    let mode = mode.ok_or_else(|| Failure::Unsupported("no such mode of chunks".into()))?;
    let chunks = chunks.iter().map(Content::bytes).collect::<Result<Vec<_>, _>>()?;
    let trailers: Vec<(&str, &str)> = trailers.iter().map(|(name, value)| (&name[..], &value[..])).collect();

    let (signer, sent, time) = (case.signer(true)?, case.request()?, case.time()?);
    let payload = Payload::Streaming(mode);
    let headers = headers_to_complete(&case, &payload, time)?;
    let request = Request::new(&sent.method, &sent.target, &headers);
    let (signed, mut chain) = if mode == StreamingMode::UnsignedTrailer {
        (signer.sign(&request, payload, time).map_err(Failure::refused)?, None)
    } else {
        let (signed, chain) = signer.sign_chunks(&request, mode, time).map_err(Failure::refused)?;
        (signed, Some(chain))
    };
    let mut out = in_header(&signed);
    let mut by_hand = Vec::new();
    let mut links = Vec::new();
    for chunk in &chunks {
        let mut extension = String::new();
        if let Some(chain) = &mut chain {
            let signature = chain.sign(chunk).to_string();
            extension = format!(";chunk-signature={signature}");
            links.push(json!({"string_to_sign": chain.string_to_sign(), "signature": signature}));
        }
        let end = if chunk.is_empty() { "" } else { "\r\n" };
        let head = format!("{:x}{extension}\r\n", chunk.len());
        by_hand.extend([head.as_bytes(), chunk, end.as_bytes()].concat());
    }
    for (name, value) in &trailers {
        by_hand.extend(format!("{name}:{value}\r\n").bytes());
    }
    if let Some(chain) = &mut chain {
        out.insert("chunks".into(), links.into());
        if !trailers.is_empty() {
            let signature = chain.sign_trailers(&trailers).map_err(Failure::refused)?.to_string();
            by_hand.extend(format!("x-amz-trailer-signature:{signature}\r\n").bytes());
            let link = json!({"string_to_sign": chain.string_to_sign(), "signature": signature});
            out.insert("trailer".into(), link);
        }
    }
    by_hand.extend(b"\r\n");

    if mode.has_trailers() == trailers.is_empty() {
        // There is a chain of signatures, but no body with this mode and these trailers.
        return Ok(out.into());
    }
    let Some(body) = body(mode, &chunks, &trailers)? else {
        // The crate does not encode chunks of these sizes.
        return Ok(with_body(out, by_hand.len(), encode.then_some(&by_hand)));
    };
    let length = usize::try_from(body.encoded_length(&signer)).map_err(Failure::bad)?;
    if !encode {
        return Ok(with_body(out, length, None));
    }
    let (again, mut encoder) = signer.sign_chunked(&request, &body, time).map_err(Failure::refused)?;
    if !again.signature().matches(signed.signature()) {
        // `sign_chunked` added a header that the request of the case does not have.
        return Err(Failure::Refused {
            code: "NotAnnounced".into(),
            message: "the request lacks a header that announces the chunked body".into(),
        });
    }
    let mut encoded = Vec::new();
    for chunk in &chunks {
        encoder.encode_to(chunk, &mut encoded).map_err(Failure::refused)?;
    }
    encoded.extend(encoder.finish(&trailers).map_err(Failure::refused)?);
    Ok(with_body(out, length, Some(&encoded)))
}

fn with_body(mut out: Map<String, Value>, length: usize, body: Option<&Vec<u8>>) -> Value {
    out.insert("encoded_length".into(), length.into());
    if let Some(body) = body {
        out.insert("body_hex".into(), hex::encode(body).into());
    }
    out.into()
}

/// Returns the body that consists of these chunks, if all of them except the last have the same size.
fn body(
    mode: StreamingMode,
    chunks: &[Cow<'_, [u8]>],
    trailers: &[(&str, &str)],
) -> Result<Option<ChunkedBody>, Failure> {
    let Some((zero, data)) = chunks.split_last() else { return Ok(None) };
    let first = data.first().map_or(1, |chunk| chunk.len());
    let (last, full) = data.split_last().map_or((first, &[][..]), |(last, full)| (last.len(), full));
    let alike =
        zero.is_empty() && full.iter().all(|chunk| chunk.len() == first) && (1..=first).contains(&last);
    let size = u64::try_from(first).map_err(Failure::bad)?;
    let size = if full.is_empty() { size.max(MIN_CHUNK_SIZE) } else { size };
    if !alike || size < MIN_CHUNK_SIZE {
        return Ok(None);
    }
    let length =
        u64::try_from(chunks.iter().map(|chunk| chunk.len()).sum::<usize>()).map_err(Failure::bad)?;
    let body = match mode {
        StreamingMode::UnsignedTrailer => ChunkedBody::unsigned(length),
        _ => ChunkedBody::signed(length),
    };
    let mut body = body.with_chunk_size(size).map_err(Failure::refused)?;
    for (name, value) in trailers {
        body = body.with_trailer(name, value.len()).map_err(Failure::refused)?;
    }
    Ok(Some(body))
}

/// Returns the data of a chunked body after all of it has been proven.
pub(crate) fn decode(verified: &Verified, pieces: Chunks<'_, u8>) -> Result<Vec<u8>, VerifyError> {
    let mut decoder = Decoder::new(verified)?;
    let mut data = Vec::new();
    for mut piece in pieces {
        while let Some(proven) = decoder.decode(&mut piece)? {
            data.extend_from_slice(proven);
        }
    }
    decoder.finish()?;
    Ok(data)
}
