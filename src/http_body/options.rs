//! [`BodyOptions`], the choices of whoever receives bodies.

use crate::checksum::UnknownChecksums;
use crate::chunked::{Decoder, LineEndings};

/// The choices for received bodies: the limits of chunks, and what is accepted.
///
/// ```
/// use countersign::chunked::LineEndings;
/// use countersign::http_body::BodyOptions;
///
/// let options = BodyOptions::default()
///     .with_max_chunk_size(1 << 20) // bounds the memory for each request
///     .with_line_endings(LineEndings::MinioGo);
/// # let _ = options;
/// ```
#[derive(Debug, Clone, Default)]
pub struct BodyOptions {
    min_chunk_size: Option<u64>,
    max_chunk_size: Option<u64>,
    line_endings: Option<LineEndings>,
    pub(super) unknown_checksums: UnknownChecksums,
    #[cfg(feature = "event-stream")]
    pub(super) events: EventBodies,
}

/// The treatment of a body that is a stream of signed events.
#[cfg(feature = "event-stream")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum EventBodies {
    /// The body is refused.
    #[default]
    Refuse,
    /// The body is passed on as it was received. The consumer must verify each event, with an
    /// [`EventVerifier`](crate::event_stream::EventVerifier).
    PassUnverified,
}

impl BodyOptions {
    /// Sets the minimum size of chunks, as [`Decoder::with_min_chunk_size`] does.
    #[must_use]
    pub fn with_min_chunk_size(self, size: u64) -> Self {
        Self { min_chunk_size: Some(size), ..self }
    }

    /// Sets the maximum size of signed chunks, as [`Decoder::with_max_chunk_size`] does. A body buffers up
    /// to one signed chunk.
    #[must_use]
    pub fn with_max_chunk_size(self, size: u64) -> Self {
        Self { max_chunk_size: Some(size), ..self }
    }

    /// Sets which line endings are allowed among the trailers, as [`Decoder::with_line_endings`] does.
    #[must_use]
    pub fn with_line_endings(self, line_endings: LineEndings) -> Self {
        Self { line_endings: Some(line_endings), ..self }
    }

    /// Sets what is done with a declared checksum that this build cannot compute (default: refused).
    ///
    /// Without the feature `checksums` this applies only to checksums in trailers: those in headers are
    /// not read.
    #[must_use]
    pub fn with_unknown_checksums(self, unknown_checksums: UnknownChecksums) -> Self {
        Self { unknown_checksums, ..self }
    }

    /// Sets what is done with a stream of signed events (default: refused).
    #[cfg(feature = "event-stream")]
    #[must_use]
    pub fn with_events(self, events: EventBodies) -> Self {
        Self { events, ..self }
    }

    /// Applies the limits to a decoder.
    pub(super) fn configure(&self, mut decoder: Decoder) -> Decoder {
        if let Some(size) = self.min_chunk_size {
            decoder = decoder.with_min_chunk_size(size);
        }
        if let Some(size) = self.max_chunk_size {
            decoder = decoder.with_max_chunk_size(size);
        }
        match self.line_endings {
            Some(line_endings) => decoder.with_line_endings(line_endings),
            None => decoder,
        }
    }
}
