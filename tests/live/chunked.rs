//! Chunked bodies in each mode, with each checksum, of lengths around the chunk size.

use countersign::chunked::{ChunkedBody, Encoder};
use countersign::{AuthHeaders, Checksum, Payload, Signer, StreamingMode};

use crate::cases::{Cases, same};
use crate::server::{Draft, Failure, Live, differs};
use crate::wire::{Reply, Wire};

const LENGTHS: [usize; 6] = [0, 1, 8191, 8192, 65_536, 200 << 10];
const CHECKSUMS: [Checksum; 5] =
    [Checksum::Crc32, Checksum::Crc32c, Checksum::Crc64Nvme, Checksum::Sha1, Checksum::Sha256];

/// Returns bytes that differ from the adjacent bytes, and from the bytes of another seed.
pub(crate) fn content(length: usize, seed: u8) -> Vec<u8> {
    (0..=250).cycle().map(|byte: u8| byte ^ seed).take(length).collect()
}

pub(crate) fn long(length: usize) -> u64 {
    length.try_into().expect("64 bits")
}

/// An upload in parts, which a case can change or remove.
pub(crate) struct Upload {
    pub(crate) head: Wire,
    pub(crate) chunks: Vec<Vec<u8>>,
    pub(crate) end: Vec<u8>,
}

impl Upload {
    pub(crate) fn new(signer: &Signer, url: &str, body: &ChunkedBody, data: &[u8]) -> Self {
        let (head, mut encoder) = begin(signer, url, body);
        let (mut chunks, mut rest) = (Vec::new(), data);
        while let Some(frame) = encoder.encode(&mut rest).expect("a frame") {
            chunks.push(frame.parts().concat());
        }
        Self { head, chunks, end: encoder.finish(&[]).expect("the end") }
    }

    /// Frames the chunks without a [`ChunkedBody`], which would reject what some cases need: `draft` has
    /// the announcing headers, and `trailers` are sent whether they are announced or not.
    pub(crate) fn by_hand(
        signer: &Signer,
        draft: &Draft<'_>,
        mode: StreamingMode,
        data: &[u8],
        trailers: &[(&str, &str)],
    ) -> Self {
        let (added, mut chain): (AuthHeaders, Option<_>) = match mode {
            StreamingMode::UnsignedTrailer => (draft.signed(signer, Payload::Streaming(mode)).0, None),
            _ => {
                let signed = signer.sign_chunks(&draft.request(), mode, draft.time);
                let (added, chain) = signed.expect("a chain");
                (added, Some(chain))
            }
        };
        let head = draft.with_added(&added);
        let mut line = |data: &[u8]| match &mut chain {
            None => format!("{:x}\r\n", data.len()).into_bytes(),
            Some(chain) => format!("{:x};chunk-signature={}\r\n", data.len(), chain.sign(data)).into_bytes(),
        };
        let chunks = data.chunks(8192).map(|part| [&line(part), part, b"\r\n"].concat()).collect();
        let mut end = line(b"");
        for (name, value) in trailers {
            end.extend_from_slice(format!("{name}:{value}\r\n").as_bytes());
        }
        if let Some(chain) = chain.as_mut().filter(|_| mode == StreamingMode::SignedTrailer) {
            let signature = chain.sign_trailers(trailers).expect("trailers");
            end.extend_from_slice(format!("x-amz-trailer-signature:{signature}\r\n").as_bytes());
        }
        end.extend_from_slice(b"\r\n");
        Self { head, chunks, end }
    }

    pub(crate) fn wire(&self) -> Wire {
        Wire { body: [self.chunks.concat(), self.end.clone()].concat(), ..self.head.clone() }
    }
}

/// Signs an upload, and returns the request without its body.
fn begin(signer: &Signer, url: &str, body: &ChunkedBody) -> (Wire, Encoder) {
    let draft = Draft::new("PUT", url.to_owned());
    let (added, encoder) = signer.sign_chunked(&draft.request(), body, draft.time).expect("a signature");
    (draft.with_added(&added), encoder)
}

/// Uploads the data in small pieces, as a client does that reads from a socket, and compares the stored object.
pub(crate) fn put_and_get(
    live: &Live,
    signer: &Signer,
    url: &str,
    body: &ChunkedBody,
    data: &[u8],
) -> Result<Reply, Failure> {
    let (mut wire, mut encoder) = begin(signer, url, body);
    for piece in data.chunks(1000) {
        encoder.encode_to(piece, &mut wire.body).expect("frames");
    }
    wire.body.extend(encoder.finish(&[]).expect("the end"));
    assert_eq!(long(wire.body.len()), body.encoded_length(signer), "the length that was announced");
    live.accepted(&wire)?;

    let reply = live.accepted(&Draft::new("GET", url.to_owned()).sign(signer))?;
    if reply.body != data {
        return Err(differs(format!("{} bytes came back, others than were sent", reply.body.len())));
    }
    Ok(reply)
}

pub(crate) fn uploads(cases: &mut Cases) {
    let bodies = |length| {
        let with = move |checksum: Checksum| {
            [("signed", ChunkedBody::signed(length)), ("unsigned", ChunkedBody::unsigned(length))].map(
                |(word, body)| {
                    let name = checksum.algorithm().to_lowercase();
                    (format!("{word}, {name}"), body.with_checksum(checksum).expect("a checksum"))
                },
            )
        };
        let plain = ("signed".to_owned(), ChunkedBody::signed(length));
        [plain].into_iter().chain(CHECKSUMS.into_iter().flat_map(with))
    };
    for length in LENGTHS {
        for (name, body) in bodies(long(length)) {
            cases.add(format!("chunks, {name}: {length} bytes"), move |live| {
                let url = live.url("chunks/whole");
                put_and_get(live, &live.signer, &url, &body, &content(length, 0)).map(drop)
            });
        }
    }
    for (name, body) in bodies(40_961) {
        let body = body.with_chunk_size(8192).expect("the least size");
        cases.add(format!("chunks, {name}: five of 8192 bytes and one of 1"), move |live| {
            put_and_get(live, &live.signer, &live.url("chunks/five"), &body, &content(40_961, 0)).map(drop)
        });
    }
    for (name, body) in [
        ("signed", ChunkedBody::signed(9000)),
        ("signed, crc32", ChunkedBody::signed(9000).with_checksum(Checksum::Crc32).expect("a checksum")),
        ("unsigned, crc32", ChunkedBody::unsigned(9000).with_checksum(Checksum::Crc32).expect("a checksum")),
    ] {
        let stored = move |live: &Live, body: &ChunkedBody, encoding: &str| {
            let reply =
                put_and_get(live, &live.signer, &live.url("chunks/encoded"), body, &content(9000, 0))?;
            let stored = reply.header("content-encoding").unwrap_or_default();
            same("the object's content-encoding", stored.as_bytes(), encoding.as_bytes())
        };
        let encoded = body.clone().with_content_encoding("x-own");
        cases.add(format!("chunks, {name}: aws-chunked is not stored"), move |live| stored(live, &body, ""));
        cases.add(format!("chunks, {name}: data with a content-encoding of its own"), move |live| {
            stored(live, &encoded, "x-own")
        });
    }
}
