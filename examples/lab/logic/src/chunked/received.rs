//! Chunks as the verifier receives them.

use std::ops::Range;

use super::{Chunks, NOTE, TITLE, begin};
use crate::answer::Pane;
use crate::input::Input;
use crate::{lines, sent};

/// Returns the pane of the chunks in a body that was received, up to the first one whose signature does not match: the
/// verifier reads no further. The headers are those that were signed, so that the signer's chain of signatures is the
/// verifier's.
pub fn pane(input: &Input<'_>, body: &[u8]) -> Option<Pane> {
    let signer = sent::signer(input, false).ok()?;
    let (_, mut signatures, _) = begin(input, &signer).ok()?;
    let mut pane = Chunks { input, lines: Vec::new() };
    let mut end = 0;
    let mut is_valid = true;
    for (index, chunk) in chunks(body).into_iter().enumerate() {
        let data = body.get(chunk.data.clone())?;
        let frame = String::from_utf8_lossy(body.get(chunk.all.start..chunk.data.start)?);
        let signature = signatures.sign(data).to_string();
        pane.chunk(index, data.len(), signatures.string_to_sign(), &frame, &signature);
        is_valid = frame.contains(&signature);
        end = chunk.all.end;
        if !is_valid {
            break;
        }
    }
    let rest = String::from_utf8_lossy(body.get(end..)?);
    if is_valid
        && let Some((trailer, signed)) = rest.split_once("\r\n")
        && let Some((name, value)) = trailer.split_once(':')
    {
        let signature = signatures.sign_trailers(&[(name, value)]).ok()?.to_string();
        let frame = format!("{trailer}\r\n{}", signed.trim_end());
        pane.trailer(trailer, signatures.string_to_sign(), &frame, &signature);
    }
    Some(lines::pane("verifier_chunks", TITLE, NOTE, pane.lines))
}

/// The indices of a chunk, and of its data, in a body.
pub struct Chunk {
    pub all: Range<usize>,
    pub data: Range<usize>,
}

/// Returns the chunks of a body that the signer wrote, up to the one of zero bytes.
pub fn chunks(body: &[u8]) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    let mut start = 0;
    while let Some(chunk) = chunk_at(body, start) {
        start = chunk.all.end;
        let is_last = chunk.data.is_empty();
        chunks.push(chunk);
        if is_last {
            break;
        }
    }
    chunks
}

fn chunk_at(body: &[u8], start: usize) -> Option<Chunk> {
    let rest = body.get(start..)?;
    let line = rest.get(..rest.windows(2).position(|two| two == b"\r\n")?)?;
    let size = std::str::from_utf8(line).ok()?.split(';').next()?;
    let size = usize::from_str_radix(size, 16).ok()?;
    let data = start + line.len() + 2..start + line.len() + 2 + size;
    let end = if size == 0 { data.end } else { data.end + 2 };
    Some(Chunk { all: start..end, data })
}
