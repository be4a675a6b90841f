//! A server that records what arrives, also of an upload that breaks off, and accepts everything.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// One request, as far as it arrived.
#[derive(Debug, Clone)]
pub struct Recorded {
    pub head: String,
    pub body: Vec<u8>,
}

impl Recorded {
    /// Returns a header of the request.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (found, value) = line.split_once(": ")?;
            found.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// Returns true if the body is as long as announced.
    pub fn is_whole(&self) -> bool {
        self.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0) <= self.body.len()
    }
}

pub struct Recorder {
    pub url: String,
    recorded: Arc<Mutex<Vec<Recorded>>>,
}

impl Recorder {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let recorded = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&recorded);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(record(stream, Arc::clone(&shared)));
            }
        });
        Self { url, recorded }
    }

    /// Returns what was recorded, and forgets it. Waits until the server has seen a request end.
    pub async fn take(&self) -> Vec<Recorded> {
        for _ in 0..20 {
            if !self.recorded.lock().unwrap().is_empty() {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
        std::mem::take(&mut *self.recorded.lock().unwrap())
    }
}

async fn record(mut stream: TcpStream, recorded: Arc<Mutex<Vec<Recorded>>>) {
    let mut buffer = Vec::new();
    loop {
        let Some(end) = read_until_head(&mut stream, &mut buffer).await else { return };
        let head = String::from_utf8_lossy(&buffer[..end]).into_owned();
        let mut request = Recorded { head, body: buffer.split_off(end) };
        let mut piece = vec![0; 64 << 10];
        while !request.is_whole() {
            match stream.read(&mut piece).await {
                Ok(0) | Err(_) => break,
                Ok(length) => request.body.extend_from_slice(&piece[..length]),
            }
        }
        let is_whole = request.is_whole();
        recorded.lock().unwrap().push(request);
        buffer = Vec::new();
        if !is_whole {
            return;
        }
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\netag: \"recorded\"\r\n\r\n";
        if stream.write_all(answer).await.is_err() {
            return;
        }
    }
}

async fn read_until_head(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<usize> {
    loop {
        if let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            return Some(end + 4);
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
}
