//! Chunked bodies, sent and received.

use std::borrow::Cow;
use std::slice::Chunks;

use countersign::chunked::{Body, ChunkSigner, Decoder, MIN_CHUNK_SIZE, Mode};
use countersign::{Signer, Verified, VerifyError, VerifyingKey};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::{Case, Content, Failure, in_header, sign_with};

/// What follows the request.
#[derive(Deserialize)]
struct Stream {
    /// The last one is empty.
    chunks: Vec<Content>,
    #[serde(default)]
    trailers: Vec<(String, String)>,
    /// Whether the whole body is to be made.
    #[serde(default)]
    encode: bool,
}

pub(crate) fn sign(input: Value) -> Result<Value, Failure> {
    let Stream { chunks, trailers, encode } = serde_json::from_value(input.clone()).map_err(Failure::bad)?;
    let case = Case::read(input)?;
    let mode = case.option(|options| options.payload.as_deref()).and_then(Mode::parse);
    let mode = mode.ok_or_else(|| Failure::Unsupported("no such mode of chunks".into()))?;
    let chunks = chunks.iter().map(Content::bytes).collect::<Result<Vec<_>, _>>()?;
    let trailers: Vec<(&str, &str)> = trailers.iter().map(|(name, value)| (&name[..], &value[..])).collect();

    let signer = case.signer(true)?;
    let signed = sign_with(&signer, &case)?;
    let mut out = in_header(&signed);
    let mut chain = ChunkSigner::new(&signer, &signed).map_err(Failure::refused)?;
    let is_signed = mode != Mode::UnsignedTrailer;
    let mut by_hand = Vec::new();
    let mut links = Vec::new();
    for chunk in &chunks {
        let mut extension = String::new();
        if is_signed {
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
    if is_signed {
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
        // Only the chain goes on; there is no such body.
        return Ok(out.into());
    }
    let Some(body) = body(&signer, mode, &chunks, &trailers)? else {
        // Chunks of sizes that the crate does not make by itself.
        return Ok(with_body(out, by_hand.len(), encode.then_some(&by_hand)));
    };
    let length = usize::try_from(body.encoded_length()).map_err(Failure::bad)?;
    if !encode {
        return Ok(with_body(out, length, None));
    }
    let mut encoder = body.encoder(&signer, &signed).map_err(Failure::refused)?;
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

/// The body that has these chunks, if all but the last are alike.
fn body(
    signer: &Signer,
    mode: Mode,
    chunks: &[Cow<'_, [u8]>],
    trailers: &[(&str, &str)],
) -> Result<Option<Body>, Failure> {
    let Some((zero, data)) = chunks.split_last() else { return Ok(None) };
    let first = data.first().map_or(MIN_CHUNK_SIZE, |chunk| chunk.len());
    let (last, full) = data.split_last().map_or((first, &[][..]), |(last, full)| (last.len(), full));
    let alike =
        zero.is_empty() && full.iter().all(|chunk| chunk.len() == first) && (1..=first).contains(&last);
    let size = if full.is_empty() { first.max(MIN_CHUNK_SIZE) } else { first };
    if !alike || size < MIN_CHUNK_SIZE {
        return Ok(None);
    }
    let length =
        u64::try_from(chunks.iter().map(|chunk| chunk.len()).sum::<usize>()).map_err(Failure::bad)?;
    let body =
        if mode == Mode::UnsignedTrailer { Body::unsigned(length) } else { Body::signed_by(signer, length) };
    let mut body = body.chunk_size(size).map_err(Failure::refused)?;
    for (name, value) in trailers {
        body = body.trailer(name, value.len()).map_err(Failure::refused)?;
    }
    Ok(Some(body))
}

/// The data of a chunked body, once all of it is proven.
pub(crate) fn decode(
    verified: &Verified<'_>,
    key: &VerifyingKey,
    pieces: Chunks<'_, u8>,
) -> Result<Vec<u8>, VerifyError> {
    let mut decoder = Decoder::new(verified, key)?;
    let mut data = Vec::new();
    for mut piece in pieces {
        while let Some(proven) = decoder.decode(&mut piece)? {
            data.extend_from_slice(proven);
        }
    }
    decoder.finish()?;
    Ok(data)
}
