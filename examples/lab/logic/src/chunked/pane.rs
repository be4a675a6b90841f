//! The lines of chunks and of a trailer: the string to sign and the signature of each.

use explain::words::Part;

use crate::answer::{From, Kind, Line, Piece};
use crate::input::Input;
use crate::lines::{line, plain};
use crate::to_sign::{scope_pieces, time};

/// The maximum number of chunks that are shown, except for the last one.
const SHOWN: usize = 8;

/// The lines of the chunks that are written.
pub struct Chunks<'i> {
    pub input: &'i Input<'i>,
    pub lines: Vec<Line>,
}

impl Chunks<'_> {
    /// Adds the lines of a chunk with `length` bytes of data.
    pub fn chunk(&mut self, index: usize, length: usize, to_sign: &str, frame: &str, signature: &str) {
        let parts = [
            Part::ChunkAlgorithm,
            Part::ChunkDateTime,
            Part::ChunkScope,
            Part::PreviousSignature,
            Part::EmptyHash,
            Part::ChunkHash,
        ];
        if index < SHOWN || length == 0 {
            let title = format!("Chunk {}: {length} bytes", index + 1);
            self.show(&format!("chunk.{index}"), title, &parts, to_sign, frame, signature);
        }
    }

    /// Adds the lines of a trailer.
    pub fn trailer(&mut self, trailer: &str, to_sign: &str, frame: &str, signature: &str) {
        let parts = [
            Part::ChunkAlgorithm,
            Part::ChunkDateTime,
            Part::ChunkScope,
            Part::PreviousSignature,
            Part::TrailerHash,
        ];
        self.show("chunk.trailer", format!("Trailer: {trailer}"), &parts, to_sign, frame, signature);
    }

    /// Adds the lines of a string to sign, and the signature.
    fn show(&mut self, id: &str, title: String, parts: &[Part], text: &str, frame: &str, signature: &str) {
        let question = self.input.question;
        let title_piece = vec![Piece::new(
            frame.trim_end(),
            format!("{id}.frame"),
            Kind::Computed,
            vec![From::part(format!("{id}.signature"))],
        )];
        self.lines.push(plain(
            format!("{id}.frame"),
            title,
            "The line before the data of the chunk, as it is sent.",
            title_piece,
        ));
        for (part, text) in parts.iter().zip(text.lines()) {
            let pieces = match part {
                Part::ChunkDateTime => vec![time(question, text)],
                Part::ChunkScope => scope_pieces(question, text, "/"),
                Part::PreviousSignature => vec![Piece::new(
                    text,
                    self.previous_part(id),
                    Kind::Copied,
                    vec![From::part(self.previous_part(id))],
                )],
                Part::ChunkHash | Part::TrailerHash => {
                    vec![Piece::new(text, format!("{id}.hash"), Kind::Computed, vec![From::part("payload")])]
                }
                _ => vec![Piece::constant(text, "algorithm")],
            };
            self.lines.push(line(format!("{id}.{}", part.id()), *part, pieces));
        }
        let from = vec![From::part("key.signing"), From::part(format!("{id}.hash"))];
        let piece = Piece::new(signature, format!("{id}.signature"), Kind::Computed, from);
        self.lines.push(line(format!("{id}.signature"), Part::Signature, vec![piece]));
    }

    /// Returns the part of the signature before this one.
    fn previous_part(&self, id: &str) -> String {
        let number = id.trim_start_matches("chunk.").parse::<usize>();
        match number {
            Ok(0) => "signature".into(),
            Ok(number) => format!("chunk.{}.signature", number - 1),
            Err(_) => "chunk.signature".into(),
        }
    }
}
