//! Uploads in each mode that a client can choose, as the bytes that are sent.

use bytes::Bytes;
use countersign::chunked::ChunkedBody;
use countersign::http_body::EncodedBody;
use countersign::{Checksum, ChecksumValue, Expires, Payload, RegionSet, Service, Signer, Timestamp};
use http::Request;
use http_body_util::{BodyExt, Full};

use crate::running::{FULL, credentials, signer};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Hash,
    HashSigv4a,
    SignedChunks,
    SignedChunksTrailer(Checksum),
    Sigv4aChunks,
    Sigv4aChunksTrailer(Checksum),
    UnsignedTrailer(Checksum),
    /// `UNSIGNED-PAYLOAD`, with a checksum in a header.
    Unsigned(Checksum),
    ContentMd5,
    Presigned(Checksum),
    PresignedSigv4a(Checksum),
}

/// Every mode with a proof of its body.
pub const MODES: [Mode; 11] = [
    Mode::Hash,
    Mode::HashSigv4a,
    Mode::SignedChunks,
    Mode::SignedChunksTrailer(Checksum::Crc32c),
    Mode::Sigv4aChunks,
    Mode::Sigv4aChunksTrailer(Checksum::Sha256),
    Mode::UnsignedTrailer(Checksum::Crc64Nvme),
    Mode::Unsigned(Checksum::Crc32),
    Mode::ContentMd5,
    Mode::Presigned(Checksum::Sha1),
    Mode::PresignedSigv4a(Checksum::Crc32),
];

/// Bytes that are in no header, chunk header or trailer, so that they are found in what is sent.
pub fn data(length: usize) -> Vec<u8> {
    (0..length).map(|index| 0x80 | u8::try_from(index % 127).unwrap()).collect()
}

/// Returns a signed PUT of `data`, as it is sent.
pub async fn put(mode: Mode, url: &str, data: &[u8]) -> Request<Bytes> {
    put_with(FULL, mode, url, data).await
}

pub async fn put_with(key: (&str, &str), mode: Mode, url: &str, data: &[u8]) -> Request<Bytes> {
    let (now, hmac, length) = (Timestamp::now(), signer(key), data.len() as u64);
    let ecdsa = Signer::sigv4a(credentials(key), RegionSet::parse("*").unwrap(), Service::S3).unwrap();
    let body = Bytes::copy_from_slice(data);
    let mut request = Request::put(url).body(body).unwrap();
    let header = |checksum: Checksum| (checksum.name(), ChecksumValue::of(checksum, data).to_string());
    let chunked = |signer, body: ChunkedBody| encode(signer, url.to_owned(), data.to_vec(), body);
    let with = |body: ChunkedBody, checksum| body.with_checksum(checksum).unwrap();
    let (signer, payload) = match mode {
        Mode::Hash => (&hmac, Payload::Bytes(data)),
        Mode::HashSigv4a => (&ecdsa, Payload::Bytes(data)),
        Mode::SignedChunks => return chunked(hmac, ChunkedBody::signed(length)).await,
        Mode::Sigv4aChunks => return chunked(ecdsa, ChunkedBody::signed(length)).await,
        Mode::SignedChunksTrailer(sum) => return chunked(hmac, with(ChunkedBody::signed(length), sum)).await,
        Mode::Sigv4aChunksTrailer(sum) => {
            return chunked(ecdsa, with(ChunkedBody::signed(length), sum)).await;
        }
        Mode::UnsignedTrailer(sum) => return chunked(hmac, with(ChunkedBody::unsigned(length), sum)).await,
        Mode::Unsigned(sum) | Mode::Presigned(sum) | Mode::PresignedSigv4a(sum) => {
            let (name, value) = header(sum);
            request.headers_mut().insert(name, value.parse().unwrap());
            if let Mode::Presigned(_) | Mode::PresignedSigv4a(_) = mode {
                let signer = if let Mode::Presigned(_) = mode { &hmac } else { &ecdsa };
                countersign::http::presign(signer, &mut request, Expires::HOUR, now).unwrap();
                return request;
            }
            (&hmac, Payload::Unsigned)
        }
        Mode::ContentMd5 => {
            let value = ChecksumValue::of(Checksum::Md5, data).to_string();
            request.headers_mut().insert("content-md5", value.parse().unwrap());
            (&hmac, Payload::Unsigned)
        }
    };
    countersign::http::sign(signer, &mut request, payload, now).unwrap();
    request
}

async fn encode(signer: Signer, url: String, data: Vec<u8>, body: ChunkedBody) -> Request<Bytes> {
    let mut request = Request::put(url).body(Full::new(Bytes::from(data))).unwrap();
    let encoder = countersign::http::sign_chunked(&signer, &mut request, &body, Timestamp::now()).unwrap();
    let (head, data) = request.into_parts();
    let sent = EncodedBody::new(encoder, data).collect().await.unwrap().to_bytes();
    Request::from_parts(head, sent)
}
