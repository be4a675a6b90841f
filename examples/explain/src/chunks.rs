//! Explains a body in signed chunks: the string to sign and the signature of each chunk and of the trailer.

mod cause;
mod split;

pub(crate) use cause::cause;

use countersign::chunked::{DecodeError, Decoder};
use countersign::{StreamingMode, UnknownChecksums, Verified};
use sha2::{Digest, Sha256};

use crate::facts::Facts;
use crate::lines::{line, signatures};
use crate::report::{Line, Step};
use crate::request::Body;
use crate::words::Part;
use crate::{Asked, Options, commands, mask, strings};
use split::Piece;

/// The most chunks that are shown.
const MAX_SHOWN: usize = 16;

/// Decodes the body with the library, and returns the first error. Returns `None` if the body is right or not known.
pub(crate) fn error(asked: &Asked, verified: &Verified) -> Option<DecodeError> {
    let mut input = encoded(asked)?;
    let mut decode = || -> Result<(), DecodeError> {
        let mut decoder = Decoder::new_with(verified, UnknownChecksums::HandOver)?;
        while decoder.decode(&mut input)?.is_some() {}
        decoder.finish().map(drop)
    };
    decode().err()
}

/// Returns the body if its chunks are signed with HMAC.
fn encoded(asked: &Asked) -> Option<&[u8]> {
    let mode = StreamingMode::parse(&asked.text("x-amz-content-sha256")?).ok()?;
    let Body::Bytes(body) = &asked.body else { return None };
    matches!(mode, StreamingMode::Signed | StreamingMode::SignedTrailer).then_some(body.as_slice())
}

/// A chunk or the trailer, with its steps.
pub(crate) struct Signed<'a> {
    piece: Piece<'a>,
    previous: String,
    to_sign: String,
    /// The signature that the secret gives.
    computed: Option<String>,
}

impl Signed<'_> {
    fn differs(&self) -> bool {
        self.computed.is_some() && self.computed.as_deref() != self.piece.signature()
    }
}

/// Computes the chain of signatures, up to the first one that differs: a server reads no further.
pub(crate) fn chain<'a>(asked: &'a Asked, facts: &Facts, options: &Options) -> Vec<Signed<'a>> {
    let (Some(body), Some(time)) = (encoded(asked), facts.time) else { return Vec::new() };
    let mut previous = facts.signature.clone().unwrap_or_default();
    let mut chain: Vec<Signed<'_>> = Vec::new();
    for piece in split::pieces(body) {
        let to_sign = string_to_sign(&piece, time.as_str(), &facts.scope, &previous, &piece.signed_bytes());
        let secret = options.secret.as_ref();
        let computed = secret.and_then(|secret| strings::hmac(secret, &facts.scope, &to_sign));
        let next = computed.clone().or_else(|| piece.signature().map(str::to_owned)).unwrap_or_default();
        let signed = Signed { piece, previous: std::mem::replace(&mut previous, next), to_sign, computed };
        let differs = signed.differs();
        chain.push(signed);
        if differs {
            break;
        }
    }
    chain
}

/// Returns the string to sign of a chunk or of the trailer.
fn string_to_sign(piece: &Piece<'_>, time: &str, scope: &str, previous: &str, bytes: &[u8]) -> String {
    let hash = hex::encode(Sha256::digest(bytes));
    match piece {
        Piece::Chunk { .. } => {
            let empty = hex::encode(Sha256::digest(b""));
            format!("AWS4-HMAC-SHA256-PAYLOAD\n{time}\n{scope}\n{previous}\n{empty}\n{hash}")
        }
        Piece::Trailer { .. } => format!("AWS4-HMAC-SHA256-TRAILER\n{time}\n{scope}\n{previous}\n{hash}"),
    }
}

/// Returns the name of a chunk or of the trailer in a sentence.
pub(crate) fn name(chain: &[Signed<'_>], number: u64) -> String {
    let index = usize::try_from(number).unwrap_or(usize::MAX).saturating_sub(1);
    match chain.get(index).map(|signed| &signed.piece) {
        Some(Piece::Trailer { .. }) => "the trailer".to_owned(),
        _ => format!("chunk {number}"),
    }
}

/// Returns a step for each chunk, and for the trailer.
pub(crate) fn steps(chain: &[Signed<'_>], options: &Options, notes: &mut Vec<String>) -> Vec<Step> {
    let hidden = chain.len().saturating_sub(MAX_SHOWN);
    if hidden > 0 {
        notes.push(format!(
            "The first {hidden} chunks are not shown; the last {MAX_SHOWN} of {} are.",
            chain.len()
        ));
    }
    let mut steps = Vec::new();
    for (number, signed) in (5..).zip(chain.iter().skip(hidden)) {
        // Each command reads the signature that the command before it computed.
        let command = (hidden == 0).then(|| commands::chunk(&signed.to_sign, number == 5)).flatten();
        steps.push(Step {
            number,
            name: match &signed.piece {
                Piece::Chunk { .. } => "chunk",
                Piece::Trailer { .. } => "trailer",
            },
            bytes: Some(signed.piece.data().len()),
            sha256: None,
            lines: lines(signed, options),
            command,
        });
    }
    steps
}

fn lines(signed: &Signed<'_>, options: &Options) -> Vec<Line> {
    let parts: &[Part] = match &signed.piece {
        Piece::Chunk { .. } => &[
            Part::ChunkAlgorithm,
            Part::ChunkDateTime,
            Part::ChunkScope,
            Part::PreviousSignature,
            Part::EmptyHash,
            Part::ChunkHash,
        ],
        Piece::Trailer { .. } => &[
            Part::ChunkAlgorithm,
            Part::ChunkDateTime,
            Part::ChunkScope,
            Part::PreviousSignature,
            Part::TrailerHash,
        ],
    };
    let digits = |text: &str| mask::signature(text, options.show_signature);
    let to_line = |(part, text): (&Part, &str)| match part {
        Part::PreviousSignature => line(*part, &digits(text)),
        part => line(*part, &mask::printable(text.as_bytes())),
    };
    let mut lines: Vec<Line> = parts.iter().zip(signed.to_sign.split('\n')).map(to_line).collect();
    let (computed, received) = (signed.computed.as_deref(), signed.piece.signature());
    lines.extend(signatures(computed, received, options.show_signature));
    lines
}
