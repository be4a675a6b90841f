//! Reads chunk headers, data, and the line endings between them.

use super::super::line::{ChunkHeader, EMPTY_LINE, LineEnd, MAX_CHUNK_HEADER};
use super::super::to_u64;
use super::state::{Progress, State};
use super::{Decoder, Released};
use crate::error::DecodeError;
use crate::steps::Algorithm;
use crate::steps::Signature;

impl Decoder {
    /// Reads the first line of a chunk.
    pub(super) fn read_chunk_header<'i>(
        &mut self,
        input: &mut &'i [u8],
    ) -> Result<Progress<'i>, DecodeError> {
        if !self.read_line(input, MAX_CHUNK_HEADER)? {
            return Ok(Progress::NeedsInput);
        }
        let header = ChunkHeader::parse(self.line.bytes(), Algorithm::of_streaming_mode(self.mode));
        let header = header.ok_or(DecodeError::MalformedChunk { chunk: self.chunk })?;
        self.line.clear();
        self.partial.clear();
        self.state =
            if header.size == 0 { self.end_data(header.signature)? } else { self.start_chunk(header)? };
        Ok(Progress::Advanced)
    }

    /// Checks the zero chunk. Returns the state after it.
    fn end_data(&mut self, signature: Option<Signature>) -> Result<State, DecodeError> {
        if self.left > 0 {
            return Err(self.incomplete());
        }
        if let Some(signature) = signature {
            self.verify_chunk(signature)?;
        }
        Ok(if self.mode.has_trailers() { State::Trailer { after_lf: false } } else { State::FinalLine })
    }

    /// Checks the size of a chunk with data. Returns the state that reads the data.
    fn start_chunk(&self, header: ChunkHeader) -> Result<State, DecodeError> {
        let ChunkHeader { size, signature } = header;
        let (chunk, min, max) = (self.chunk, self.min_chunk_size, self.max_chunk_size);
        if size > self.left {
            return Err(DecodeError::TooMuchData { declared: self.declared });
        }
        let is_last = size == self.left;
        if size < min && !is_last {
            return Err(DecodeError::ChunkTooSmall { chunk, size, min });
        }
        let Some(signature) = signature else { return Ok(State::UnsignedData { left: size }) };
        match usize::try_from(size).ok().filter(|_| size <= max) {
            Some(size) => Ok(State::SignedData { size, signature }),
            None => Err(DecodeError::ChunkTooLarge { chunk, size, max }),
        }
    }

    /// Reads the data of a signed chunk, and releases it once it is complete and
    /// its signature matches.
    pub(super) fn read_signed_data<'i>(
        &mut self,
        input: &mut &'i [u8],
        size: usize,
    ) -> Result<Progress<'i>, DecodeError> {
        let missing = size - self.partial.len().min(size);
        let (piece, rest) = input.split_at_checked(missing.min(input.len())).unwrap_or_default();
        *input = rest;
        let released = if piece.len() == size {
            if let Some(chain) = &mut self.chain {
                chain.update(piece);
            }
            Released::Input(piece)
        } else {
            self.partial.add(piece, self.chain.as_mut());
            if self.partial.len() < size {
                return Ok(Progress::NeedsInput);
            }
            Released::Buffered
        };
        if let State::SignedData { signature, .. } = core::mem::replace(&mut self.state, State::DataEnd) {
            self.verify_chunk(signature)?;
        }
        self.left -= to_u64(size);
        Ok(Progress::Released(released))
    }

    /// Releases data of an unsigned chunk, of which `left` bytes are missing.
    pub(super) fn read_unsigned_data<'i>(&mut self, input: &mut &'i [u8], left: u64) -> Progress<'i> {
        let length = usize::try_from(left).map_or(input.len(), |left| left.min(input.len()));
        let (piece, rest) = input.split_at_checked(length).unwrap_or_default();
        if piece.is_empty() {
            return Progress::NeedsInput;
        }
        *input = rest;
        let length = to_u64(length);
        self.left -= length;
        self.state = if length < left { State::UnsignedData { left: left - length } } else { State::DataEnd };
        Progress::Released(Released::Input(piece))
    }

    /// Reads the line ending after a chunk's data.
    pub(super) fn read_data_end<'i>(&mut self, input: &mut &'i [u8]) -> Result<Progress<'i>, DecodeError> {
        if !self.read_line(input, EMPTY_LINE)? {
            return Ok(Progress::NeedsInput);
        }
        self.chunk += 1;
        self.state = State::ChunkHeader;
        Ok(Progress::Advanced)
    }

    /// Reads the empty line that ends the body.
    pub(super) fn read_final_line<'i>(&mut self, input: &mut &'i [u8]) -> Result<Progress<'i>, DecodeError> {
        if !self.read_line(input, EMPTY_LINE)? {
            return Ok(Progress::NeedsInput);
        }
        self.state = State::Done;
        Ok(Progress::Advanced)
    }

    /// Returns an error unless `signature` signs the current chunk.
    fn verify_chunk(&mut self, signature: Signature) -> Result<(), DecodeError> {
        let matches = self.chain.as_mut().is_some_and(|chain| chain.verify_chunk(signature));
        if matches { Ok(()) } else { Err(DecodeError::SignatureDoesNotMatch { chunk: self.chunk }) }
    }

    /// Reads a line that must end with CRLF. Returns false if the input ended
    /// before the line.
    fn read_line(&mut self, input: &mut &[u8], max: usize) -> Result<bool, DecodeError> {
        match self.line.read(input, max) {
            Ok(LineEnd::CrLf) => Ok(true),
            Ok(LineEnd::Missing) => Ok(false),
            Ok(LineEnd::Lf) | Err(_) => Err(DecodeError::MalformedChunk { chunk: self.chunk }),
        }
    }
}
