//! A body in chunks: the string to sign and the signature of each chunk.

mod pane;
pub mod received;

use countersign::chunked::ChunkSigner;
use countersign::{AuthHeaders, Checksum, ChecksumHasher, Request, Signer, StreamingMode};

use crate::answer::{Pane, Problem};
use crate::input::Input;
use crate::lines;
use crate::sent::{Sent, problem, sent_with_headers};
use pane::Chunks;

/// Signs the request and its chunks. Returns the pane of the chunks.
pub fn sign(input: &Input<'_>, signer: &Signer) -> Result<(Sent, Pane), Vec<Problem>> {
    sign_with_checksum(input, signer, input.question.body.as_bytes())
}

/// Signs the request and its chunks. The checksum in the trailer is that of `checked`.
pub fn sign_with_checksum(
    input: &Input<'_>,
    signer: &Signer,
    checked: &[u8],
) -> Result<(Sent, Pane), Vec<Problem>> {
    let question = input.question;
    let data = question.body.as_bytes();
    let size = usize::try_from(question.chunk_size).unwrap_or(usize::MAX);
    if size < MIN_CHUNK_SIZE {
        let message = format!("a chunk has {size} bytes; S3 allows at least {MIN_CHUNK_SIZE}");
        return Err(vec![Problem::new("chunk_size", message)]);
    }
    let trailer = checksum(input)?.map(|checksum| (checksum.name(), checksum_of(checksum, checked)));
    let (auth, mut chunks, announced) = begin(input, signer)?;
    let mut pane = Chunks { input, lines: Vec::new() };
    let mut body = Vec::new();
    for (index, data) in data.chunks(size).chain([&b""[..]]).enumerate() {
        let signature = chunks.sign(data).to_string();
        let frame = format!("{:x};chunk-signature={signature}\r\n", data.len());
        pane.chunk(index, data.len(), chunks.string_to_sign(), &frame, &signature);
        body.extend_from_slice(frame.as_bytes());
        body.extend_from_slice(data);
        if !data.is_empty() {
            body.extend_from_slice(b"\r\n");
        }
    }
    if let Some((name, value)) = &trailer {
        let signature = chunks.sign_trailers(&[(name, value)]);
        let signature = signature.map_err(|error| vec![Problem::new("trailer", error)])?.to_string();
        let frame = format!("{name}:{value}\r\nx-amz-trailer-signature:{signature}\r\n");
        pane.trailer(&format!("{name}:{value}"), chunks.string_to_sign(), &frame, &signature);
        body.extend_from_slice(frame.as_bytes());
    }
    body.extend_from_slice(b"\r\n");
    let announced: Vec<_> = announced.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let sent = sent_with_headers(input, &auth, body, &announced)?;
    Ok((sent, lines::pane("chunks", TITLE, NOTE, pane.lines)))
}

const TITLE: &str = "5. Chunks";
const NOTE: &str =
    "Each chunk is signed with the signature before it: no chunk can be changed, moved or removed.";

/// The headers that announce a body in chunks.
type Announced = Vec<(&'static str, String)>;

/// Signs the request. Returns the signer of its chunks, and the headers that announce them.
fn begin(input: &Input<'_>, signer: &Signer) -> Result<(AuthHeaders, ChunkSigner, Announced), Vec<Problem>> {
    let question = input.question;
    let trailer = checksum(input)?.map(Checksum::name);
    let mut announced = vec![
        ("content-encoding", "aws-chunked".to_owned()),
        ("x-amz-decoded-content-length", question.body.len().to_string()),
    ];
    announced.extend(trailer.map(|name| ("x-amz-trailer", name.to_owned())));
    let is_typed = |name: &str| input.headers.iter().any(|typed| typed.name.eq_ignore_ascii_case(name));
    announced.retain(|(name, _)| !is_typed(name));
    let mut headers: Vec<(&str, &str)> =
        input.headers.iter().map(|typed| (typed.name, typed.value)).collect();
    headers.extend(announced.iter().map(|(name, value)| (*name, value.as_str())));
    let mode = if trailer.is_some() { StreamingMode::SignedTrailer } else { StreamingMode::Signed };
    let request = Request::new(&question.method, &question.url, &headers);
    let (auth, chunks) = signer.sign_chunks(&request, mode, input.time).map_err(problem)?;
    Ok((auth, chunks, announced))
}

/// The minimum length of a chunk, except for the last one. S3 refuses smaller chunks.
const MIN_CHUNK_SIZE: usize = 8192;

/// Returns the checksum whose algorithm the question names.
fn checksum(input: &Input<'_>) -> Result<Option<Checksum>, Vec<Problem>> {
    let name = input.question.trailer.as_str();
    if name.is_empty() {
        return Ok(None);
    }
    match Checksum::from_algorithm(&name.to_ascii_uppercase()) {
        Some(checksum) => Ok(Some(checksum)),
        None => {
            let names = Checksum::ALL.map(|checksum| checksum.algorithm().to_ascii_lowercase()).join(", ");
            Err(vec![Problem::new("trailer", format!("{name:?} is no checksum; use one of {names}"))])
        }
    }
}

fn checksum_of(checksum: Checksum, data: &[u8]) -> String {
    let mut hasher = ChecksumHasher::new(checksum);
    hasher.update(data);
    hasher.finish().to_string()
}
