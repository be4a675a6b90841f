//! The options of a caller.

use std::time::Duration;

/// S3 takes no smaller parts, except for the last.
pub const SMALLEST_PART: u64 = 5 << 20;

/// The options of a [`Transfer`](crate::Transfer).
#[derive(Debug, Clone)]
pub struct Options {
    /// In bytes. `None` lets the size of the object decide; see [`Plan`](crate::Plan).
    pub part_size: Option<u64>,
    /// On a network that keeps losing parts, the parts of a file shrink to as few bytes as this. `None` keeps
    /// them equal, for servers that take no others, such as Cloudflare R2.
    pub smallest_part: Option<u64>,
    pub concurrency: Concurrency,
    /// An attempt that moves no byte for this long has failed.
    pub stall: Duration,
    /// The number of times that one request is tried.
    pub attempts: u32,
    /// The number of retries of all requests together. Each success gives a part of one back.
    pub retries: u32,
    /// Sends a part a second time at the same time, if it takes much longer than the others and no other part
    /// is left to send.
    pub hedge: bool,
    /// Sends even if the object has the same bytes already.
    pub again: bool,
    /// Accepts a download whose length is all that the server lets us check.
    pub unproven: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            part_size: None,
            smallest_part: Some(SMALLEST_PART),
            concurrency: Concurrency::Adaptive,
            stall: Duration::from_secs(30),
            attempts: 10,
            retries: 200,
            hedge: true,
            again: false,
            unproven: false,
        }
    }
}

/// The number of requests that are sent at the same time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concurrency {
    /// Begins with 8, rises while that makes the transfer faster, and halves when the server asks to
    /// slow down or does not answer.
    Adaptive,
    Fixed(usize),
}

/// The object that an upload makes.
#[derive(Debug, Clone)]
pub struct Target {
    pub key: String,
    /// Headers that describe the object, such as `content-type`.
    pub headers: Vec<(String, String)>,
    /// Fails if there is such an object already (`if-none-match: *`).
    pub only_new: bool,
}

impl Target {
    pub fn new(key: &str) -> Self {
        Self { key: key.to_owned(), headers: Vec::new(), only_new: false }
    }
}
