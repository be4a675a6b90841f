//! Breaks of a body in chunks.

use std::ops::Range;

use super::{Break, Change};
use crate::question::Mode;

const CHUNKED: &[Mode] = &[Mode::Chunked];

pub static BREAKS: [Break; 4] = [
    Break {
        name: "chunk-changed",
        title: "A changed chunk",
        sentence: "A proxy changed the first byte of the data.",
        modes: CHUNKED,
        change: Change::Request(|request| {
            let first = chunks(&request.body).into_iter().next();
            let byte = first.filter(|chunk| !chunk.data.is_empty()).map(|chunk| chunk.data.start);
            match byte.and_then(|index| request.body.get_mut(index)) {
                Some(byte) => {
                    *byte ^= 1;
                    true
                }
                None => false,
            }
        }),
    },
    Break {
        name: "chunks-swapped",
        title: "Two chunks in another order",
        sentence: "A program that sends the chunks from several threads sent the second chunk first.",
        modes: CHUNKED,
        change: Change::Request(|request| {
            let chunks = chunks(&request.body);
            let [first, second, _, ..] = chunks.as_slice() else { return false };
            let length = first.all.len();
            match request.body.get_mut(first.all.start..second.all.end) {
                Some(both) => {
                    both.rotate_left(length);
                    true
                }
                None => false,
            }
        }),
    },
    Break {
        name: "chunk-missing",
        title: "No final chunk",
        sentence: "The client closed the body without the chunk of zero bytes.",
        modes: CHUNKED,
        change: Change::Request(|request| match chunks(&request.body).last() {
            Some(last) => {
                request.body.truncate(last.all.start);
                true
            }
            None => false,
        }),
    },
    Break {
        name: "trailer-checksum",
        title: "A wrong checksum in the trailer",
        sentence: "The client signed a trailer with the checksum of other data.",
        modes: CHUNKED,
        change: Change::Checksum,
    },
];

/// The indices of a chunk, and of its data, in a body.
struct Chunk {
    all: Range<usize>,
    data: Range<usize>,
}

/// Returns the chunks of a body that the signer wrote, up to the one of zero bytes.
fn chunks(body: &[u8]) -> Vec<Chunk> {
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
