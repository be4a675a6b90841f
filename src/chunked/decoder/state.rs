//! [`State`], which defines the order of a body's parts.

use super::{Decoder, Released};
use crate::error::DecodeError;
use crate::steps::Signature;

/// The part of the body that the decoder expects next.
pub(super) enum State {
    /// The line before a chunk's data.
    ChunkHeader,
    /// The data of a chunk with this signature.
    SignedData { size: usize, signature: Signature },
    /// The rest of the data of a chunk without a signature.
    UnsignedData { left: u64 },
    /// The line ending after a chunk's data.
    DataEnd,
    /// A line among the trailers. `after_lf` is true if the previous trailer
    /// ended with a line feed without a carriage return.
    Trailer { after_lf: bool },
    /// The empty line that ends the body.
    FinalLine,
    /// Nothing: the body is complete.
    Done,
    /// Nothing: the body was refused.
    Failed(DecodeError),
}

/// The result of one step of the decoder.
pub(super) enum Progress<'i> {
    /// The expected part is incomplete, and the input is empty.
    NeedsInput,
    /// The expected part was read. The state names the next one.
    Advanced,
    /// Data can be returned to the caller.
    Released(Released<'i>),
}

impl Decoder {
    /// Reads parts of the body until it can release data, or until the input is
    /// empty.
    pub(super) fn advance<'i>(&mut self, input: &mut &'i [u8]) -> Result<Option<Released<'i>>, DecodeError> {
        loop {
            let progress = match self.state {
                State::ChunkHeader => self.read_chunk_header(input)?,
                State::SignedData { size, .. } => self.read_signed_data(input, size)?,
                State::UnsignedData { left } => self.read_unsigned_data(input, left),
                State::DataEnd => self.read_data_end(input)?,
                State::Trailer { after_lf } => self.read_trailer_line(input, after_lf)?,
                State::FinalLine => self.read_final_line(input)?,
                State::Done if input.is_empty() => Progress::NeedsInput,
                State::Done => return Err(DecodeError::DataAfterEnd),
                State::Failed(ref error) => return Err(error.clone()),
            };
            match progress {
                Progress::NeedsInput => return Ok(None),
                Progress::Advanced => {}
                Progress::Released(released) => return Ok(Some(released)),
            }
        }
    }
}
