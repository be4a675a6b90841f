//! A body in chunks: the string to sign and the signature of each chunk.

use countersign::chunked::ChunkSigner;
use countersign::{Checksum, ChecksumHasher, Request, Signer, StreamingMode};
use explain::words::Part;

use crate::answer::{From, Kind, Line, Pane, Piece, Problem};
use crate::input::Input;
use crate::lines::{self, line, plain};
use crate::sent::{Sent, problem, sent_with_headers};
use crate::to_sign::{scope_pieces, time};

/// The maximum number of chunks that are shown.
const SHOWN: usize = 8;

/// Signs the request and its chunks. Returns the pane of the chunks.
pub fn sign(input: &Input<'_>, signer: &Signer) -> Result<(Sent, Pane), Vec<Problem>> {
    sign_with_checksum(input, signer, input.question.body.as_bytes())
}

/// Signs the request and its chunks. The checksum in the trailer is that of `checked`.
pub fn sign_with_checksum(
    input: &Input<'_>,
    signer: &Signer,
    checked: &[u8],
) -> Result<(Sent, Pane), Vec<Problem>> {
    let question = input.question;
    let data = question.body.as_bytes();
    let size = usize::try_from(question.chunk_size).unwrap_or(usize::MAX);
    if size < MIN_CHUNK_SIZE {
        let message = format!("a chunk has {size} bytes; S3 allows at least {MIN_CHUNK_SIZE}");
        return Err(vec![Problem::new("chunk_size", message)]);
    }
    let trailer = checksum(input)?.map(|checksum| (checksum.name(), checksum_of(checksum, checked)));
    let length = data.len().to_string();
    let mut announced = vec![("content-encoding", "aws-chunked"), ("x-amz-decoded-content-length", &*length)];
    announced.extend(trailer.as_ref().map(|(name, _)| ("x-amz-trailer", *name)));
    let is_typed = |name: &str| input.headers.iter().any(|typed| typed.name.eq_ignore_ascii_case(name));
    announced.retain(|(name, _)| !is_typed(name));
    let mut headers: Vec<(&str, &str)> =
        input.headers.iter().map(|typed| (typed.name, typed.value)).collect();
    headers.extend(&announced);
    let mode = if trailer.is_some() { StreamingMode::SignedTrailer } else { StreamingMode::Signed };
    let request = Request::new(&question.method, &question.url, &headers);
    let (auth, mut chunks) = signer.sign_chunks(&request, mode, input.time).map_err(problem)?;
    let mut pane =
        Chunks { input, body: Vec::new(), lines: Vec::new(), previous: auth.signature().to_string() };
    let full: Vec<&[u8]> = data.chunks(size).collect();
    for (index, data) in full.iter().enumerate() {
        pane.chunk(&mut chunks, index, data, full.len());
    }
    pane.chunk(&mut chunks, full.len(), b"", full.len());
    if let Some((name, value)) = &trailer {
        pane.trailer(&mut chunks, name, value).map_err(|error| vec![Problem::new("trailer", error)])?;
    }
    pane.body.extend_from_slice(b"\r\n");
    let note =
        "Each chunk is signed with the signature before it: no chunk can be changed, moved or removed.";
    let shown = lines::pane("chunks", "5. Chunks", note, pane.lines);
    let sent = sent_with_headers(input, &auth, pane.body, &announced)?;
    Ok((sent, shown))
}

/// The minimum length of a chunk, except for the last one. S3 refuses smaller chunks.
const MIN_CHUNK_SIZE: usize = 8192;

/// Returns the checksum whose algorithm the question names.
fn checksum(input: &Input<'_>) -> Result<Option<Checksum>, Vec<Problem>> {
    let name = input.question.trailer.as_str();
    if name.is_empty() {
        return Ok(None);
    }
    match Checksum::from_algorithm(&name.to_ascii_uppercase()) {
        Some(checksum) => Ok(Some(checksum)),
        None => {
            let names = Checksum::ALL.map(|checksum| checksum.algorithm().to_ascii_lowercase()).join(", ");
            Err(vec![Problem::new("trailer", format!("{name:?} is no checksum; use one of {names}"))])
        }
    }
}

fn checksum_of(checksum: Checksum, data: &[u8]) -> String {
    let mut hasher = ChecksumHasher::new(checksum);
    hasher.update(data);
    hasher.finish().to_string()
}

/// The chunks that are written, and the state of the writer.
struct Chunks<'i> {
    input: &'i Input<'i>,
    body: Vec<u8>,
    lines: Vec<Line>,
    previous: String,
}

impl Chunks<'_> {
    fn chunk(&mut self, chunks: &mut ChunkSigner, index: usize, data: &[u8], count: usize) {
        let signature = chunks.sign(data).to_string();
        let frame = format!("{:x};chunk-signature={signature}\r\n", data.len());
        self.body.extend_from_slice(frame.as_bytes());
        self.body.extend_from_slice(data);
        if !data.is_empty() {
            self.body.extend_from_slice(b"\r\n");
        }
        if index < SHOWN || index >= count {
            let title = format!("Chunk {}: {} bytes", index + 1, data.len());
            let parts = [
                Part::ChunkAlgorithm,
                Part::ChunkDateTime,
                Part::ChunkScope,
                Part::PreviousSignature,
                Part::EmptyHash,
                Part::ChunkHash,
            ];
            self.show(&format!("chunk.{index}"), title, &parts, chunks.string_to_sign(), &frame, &signature);
        }
        self.previous = signature;
    }

    fn trailer(
        &mut self,
        chunks: &mut ChunkSigner,
        name: &str,
        value: &str,
    ) -> Result<(), countersign::chunked::EncodeError> {
        let signature = chunks.sign_trailers(&[(name, value)])?.to_string();
        let text = format!("{name}:{value}\r\nx-amz-trailer-signature:{signature}\r\n");
        self.body.extend_from_slice(text.as_bytes());
        let parts = [
            Part::ChunkAlgorithm,
            Part::ChunkDateTime,
            Part::ChunkScope,
            Part::PreviousSignature,
            Part::TrailerHash,
        ];
        self.show(
            "chunk.trailer",
            format!("Trailer: {name}:{value}"),
            &parts,
            chunks.string_to_sign(),
            &text,
            &signature,
        );
        Ok(())
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
