//! One file for each peer. A new one needs a `rows` and a line in [`rows`].

mod aws_sigv4;
pub mod countersign;
pub mod floor;
mod http;
mod reqsign;
mod rusty_s3;
#[cfg(feature = "s3s-sigv4")]
mod s3s_sigv4;

use crate::check::Answer;
use crate::measure::Row;
use crate::work::Work;

/// All rows of a work. The floor is the first.
pub fn rows(work: &'static Work) -> Vec<Row> {
    let peers: &[fn(&'static Work) -> Vec<Row>] = &[
        floor::rows,
        countersign::rows,
        aws_sigv4::rows,
        reqsign::rows,
        rusty_s3::rows,
        #[cfg(feature = "s3s-sigv4")]
        s3s_sigv4::rows,
        http::rows,
    ];
    peers.iter().flat_map(|rows| rows(work)).collect()
}

/// All that a request has in its headers.
fn headers(map: &::http::HeaderMap) -> Answer {
    let owned = |name: &::http::HeaderName, value: &::http::HeaderValue| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Answer::Headers(map.iter().map(|(name, value)| owned(name, value)).collect())
}

/// A caller's way to write a hash: cheap, so that it does not count against
/// a peer that leaves it to the caller.
fn hex(bytes: &[u8; 32]) -> [u8; 64] {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut hex = [0; 64];
    for (pair, byte) in hex.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
    }
    hex
}
