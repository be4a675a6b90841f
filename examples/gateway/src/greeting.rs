//! The first bytes of a connection. They distinguish HTTP/2 from HTTP/1, and hyper waits for them without a limit.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

use crate::gateway::Gateway;

/// The first bytes of every HTTP/2 connection (RFC 9113, section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A connection whose first bytes have arrived.
pub struct Greeted {
    pub stream: TcpStream,
    pub is_http2: bool,
    pub open: Open,
}

/// Counts a connection as open until it is dropped.
pub struct Open {
    pub gateway: Arc<Gateway>,
    _place: OwnedSemaphorePermit,
}

impl Open {
    pub fn new(gateway: Arc<Gateway>, place: OwnedSemaphorePermit) -> Self {
        gateway.metrics.connections.inc();
        Self { gateway, _place: place }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.gateway.metrics.connections.dec();
    }
}

/// Waits for the first bytes, at most as long as for a head.
pub async fn greet(stream: TcpStream, open: Open) -> Option<Greeted> {
    let limit = Duration::from_secs(open.gateway.limits.header_timeout);
    let is_http2 = tokio::time::timeout(limit, is_http2(&stream)).await.ok()??;
    Some(Greeted { stream, is_http2, open })
}

/// Returns true if the connection is HTTP/2. Returns `None` if the client closes the connection.
async fn is_http2(stream: &TcpStream) -> Option<bool> {
    let mut first = [0; PREFACE.len()];
    loop {
        let length = stream.peek(&mut first).await.ok().filter(|length| *length > 0)?;
        let first = first.get(..length)?;
        if first == PREFACE || !PREFACE.starts_with(first) {
            return Some(first == PREFACE);
        }
        // The bytes stay in the socket, so it is ready again at once.
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
