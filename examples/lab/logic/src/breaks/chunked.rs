//! Breaks of a body in chunks.

use super::{Break, Change};
use crate::chunked::received::chunks;
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
