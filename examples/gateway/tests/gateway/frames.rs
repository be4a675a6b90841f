//! HTTP/2, frame by frame, as an attacker sends it. The limits are those of the crate `h2`.

use std::time::Duration;

use bucket::Server;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::flow::metric;
use crate::running::{FULL, Gateway};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const ENHANCE_YOUR_CALM: u32 = 0xb;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// GET, http, `/`, and `:authority: a`, by the static table of HPACK.
const GET: &[u8] = &[0x82, 0x86, 0x84, 0x41, 0x01, b'a'];

/// Sends frames on a new connection. Returns the code of the GOAWAY frame that ends it.
async fn code(gateway: &Gateway, frames: Vec<u8>) -> Option<u32> {
    let mut stream = TcpStream::connect(gateway.url.strip_prefix("http://").unwrap()).await.unwrap();
    let (mut reader, mut writer) = stream.split();
    let sent = [PREFACE, &frame(SETTINGS, 0, 0, &[]), &frames].concat();
    let write = async {
        let _ = writer.write_all(&sent).await;
    };
    let read = async {
        let mut head = [0; 9];
        while reader.read_exact(&mut head).await.is_ok() {
            let mut payload = vec![0; u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize];
            reader.read_exact(&mut payload).await.ok()?;
            if head[3] == GOAWAY {
                return Some(u32::from_be_bytes(payload[4..8].try_into().unwrap()));
            }
        }
        None
    };
    let both = async { tokio::join!(write, read).1 };
    tokio::time::timeout(Duration::from_secs(10), both).await.expect("the connection was not ended")
}

#[tokio::test]
async fn dos_01_streams_and_heads_have_a_limit() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let mut stream = TcpStream::connect(gateway.url.strip_prefix("http://").unwrap()).await.unwrap();
    stream.write_all(&[PREFACE, &frame(SETTINGS, 0, 0, &[])].concat()).await.unwrap();
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.unwrap();
    let mut payload = vec![0; usize::from(head[2])];
    stream.read_exact(&mut payload).await.unwrap();
    let (settings, _) = payload.as_chunks::<6>();
    // SETTINGS_MAX_CONCURRENT_STREAMS and SETTINGS_MAX_HEADER_LIST_SIZE.
    for expected in [[0, 3, 0, 0, 0, 200], [0, 6, 0, 0, 0x40, 0]] {
        assert!(settings.contains(&expected), "{settings:?}");
    }
}

/// CVE-2023-44487: streams that are opened and reset at once.
#[tokio::test]
async fn dos_01_streams_that_are_reset_at_once_end_the_connection() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let stream = |number: u32| {
        let reset = frame(RST_STREAM, 0, number, &8_u32.to_be_bytes());
        [frame(HEADERS, END_STREAM | END_HEADERS, number, GET), reset].concat()
    };
    let frames = (0..1000).flat_map(|number| stream(2 * number + 1)).collect();
    assert_eq!(code(&gateway, frames).await, Some(ENHANCE_YOUR_CALM));
    metric(&gateway, "gateway_requests_running 0").await;
    metric(&gateway, "gateway_connections 0").await;
    assert!(gateway.client(FULL).list("").await.is_ok());
}

/// A head without an end (VU#421644), and a head that is too long.
#[tokio::test]
async fn dos_01_a_head_without_an_end_ends_the_connection() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    // A header with the name `a` and 100 bytes, which the table of HPACK does not keep.
    let header = [&[0x00, 1, b'a', 100][..], &[b'x'; 100]].concat();
    for piece in [&[][..], &header, &header.repeat(150)] {
        let mut frames = frame(HEADERS, END_STREAM, 1, GET);
        frames.extend((0..1000).flat_map(|_| frame(CONTINUATION, 0, 1, piece)));
        let code = code(&gateway, frames).await;
        assert_eq!(code, Some(ENHANCE_YOUR_CALM), "{} bytes", piece.len());
    }
    metric(&gateway, "gateway_connections 0").await;
    assert!(gateway.client(FULL).list("").await.is_ok());
}

/// Empty frames of data, which no flow control limits.
#[tokio::test]
async fn dos_01_frames_that_carry_nothing_end_the_connection() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let mut frames = frame(HEADERS, END_HEADERS, 1, GET);
    frames.extend((0..100_000).flat_map(|_| frame(DATA, 0, 1, &[])));
    assert_eq!(code(&gateway, frames).await, Some(ENHANCE_YOUR_CALM));
    metric(&gateway, "gateway_connections 0").await;
    assert!(gateway.client(FULL).list("").await.is_ok());
}
