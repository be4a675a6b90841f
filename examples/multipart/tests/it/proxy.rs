//! A proxy that breaks requests and answers as a bad network or a busy server does.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::sleep;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    None,
    /// The connection is closed before the server sees anything.
    Drop,
    /// The server gets half of the body, and then nothing more.
    Truncate,
    /// The connection ends when the server has received this many bytes of the body.
    CutAt(usize),
    /// The request arrives whole, and its answer is lost.
    LoseAnswer,
    /// Half of the answer arrives.
    CutAnswer,
    /// One bit of the body changes on the way.
    Spoil,
    /// The request arrives later.
    Delay,
    /// The proxy answers as if the server had stored the part, and the server sees nothing.
    Swallow,
    /// Nothing happens for longer than a client should wait.
    Stall,
    /// Nothing happens any more.
    Hang,
    Status(u16),
}

/// A request as the proxy has seen it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// The method and the path with its query.
    pub line: String,
    /// The access key that has signed the request.
    pub access_key: String,
    pub fault: Fault,
    /// The server's status, if the request reached it whole.
    pub status: Option<u16>,
}

impl Seen {
    pub fn part(&self) -> Option<&str> {
        self.line.strip_prefix("PUT ").filter(|line| line.contains("partNumber="))
    }
}

#[derive(Clone)]
pub struct Proxy {
    pub url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
    /// The number of connections that were accepted and have not ended.
    running: watch::Sender<usize>,
}

type Schedule = Arc<dyn Fn(usize, &str) -> Fault + Send + Sync>;

impl Proxy {
    /// `schedule` decides what happens to each request, by its number and its first line.
    pub async fn start(
        server: &str,
        schedule: impl Fn(usize, &str) -> Fault + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (server, schedule) =
            (server.trim_start_matches("http://").to_owned(), Arc::new(schedule) as Schedule);
        let proxy = Self { url, seen: Arc::default(), running: watch::Sender::new(0) };
        let running = proxy.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (running, server, schedule) = (running.clone(), server.clone(), schedule.clone());
                running.running.send_modify(|count| *count += 1);
                tokio::spawn(async move {
                    let _ = running.serve(client, &server, &schedule).await;
                    running.running.send_modify(|count| *count -= 1);
                });
            }
        });
        proxy
    }

    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until the server has answered all requests of a client that has ended.
    pub async fn idle(&self) {
        // The system hands connections over in their order, so the client's are accepted before this one, which
        // sends nothing, and is closed for that.
        let mut last = TcpStream::connect(self.url.trim_start_matches("http://")).await.unwrap();
        last.shutdown().await.unwrap();
        assert_eq!(last.read(&mut [0]).await.unwrap(), 0);
        self.running.subscribe().wait_for(|count| *count == 0).await.unwrap();
    }

    /// Handles one request, and closes the connection.
    async fn serve(&self, mut client: TcpStream, server: &str, schedule: &Schedule) -> std::io::Result<()> {
        let (head, mut body) = read_head(&mut client).await?;
        let line = head.lines().next().unwrap_or_default().trim_end_matches(" HTTP/1.1").to_owned();
        let access_key = head.split_once("Credential=").and_then(|(_, rest)| rest.split('/').next());
        let access_key = access_key.unwrap_or_default().to_owned();
        let (number, fault) = {
            let mut seen = self.seen.lock().unwrap();
            let fault = schedule(seen.len(), &line);
            seen.push(Seen { line, access_key, fault, status: None });
            (seen.len() - 1, fault)
        };
        match fault {
            Fault::Drop => return Ok(()),
            Fault::Delay => sleep(Duration::from_millis(200)).await,
            Fault::Stall => sleep(Duration::from_secs(4)).await,
            Fault::Hang => std::future::pending().await,
            _ => {}
        }
        let length = content_length(&head);
        let wanted = match fault {
            Fault::Truncate => length / 2,
            Fault::CutAt(most) => length.min(most),
            _ => length,
        };
        if fault == Fault::Swallow {
            read_body(&mut client, &mut body, length).await?;
            return client.write_all(STORED.as_bytes()).await;
        }
        if let Fault::Status(status) = fault {
            read_body(&mut client, &mut body, length).await?;
            return client.write_all(answer(status).as_bytes()).await;
        }

        let mut upstream = TcpStream::connect(server).await?;
        let head = head.replacen("\r\n", "\r\nconnection: close\r\n", 1);
        upstream.write_all(head.as_bytes()).await?;
        if fault == Fault::Spoil && !body.is_empty() {
            body[0] ^= 1;
        }
        let (mut left, mut refused) = (wanted, false);
        loop {
            let now = body.len().min(left);
            // A server that refuses a request early closes the connection. Its answer arrives only if the rest of the
            // body is read: a connection that is closed before is reset.
            refused = refused || upstream.write_all(&body[..now]).await.is_err();
            left -= now;
            if left == 0 {
                break;
            }
            body = vec![0; 64 * 1024];
            let read = client.read(&mut body).await?;
            if read == 0 {
                return Ok(());
            }
            body.truncate(read);
            if fault == Fault::Spoil && left == wanted {
                body[0] ^= 1;
            }
        }
        if wanted < length {
            return Ok(());
        }
        let mut answer = Vec::new();
        upstream.read_to_end(&mut answer).await?;
        let status = std::str::from_utf8(answer.get(9..12).unwrap_or_default()).ok();
        self.seen.lock().unwrap()[number].status = status.and_then(|status| status.parse().ok());
        match fault {
            Fault::LoseAnswer => Ok(()),
            Fault::CutAnswer => client.write_all(&answer[..answer.len() / 2]).await,
            _ => client.write_all(&answer).await,
        }
    }
}

async fn read_head(client: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            let body = bytes.split_off(end + 4);
            return Ok((String::from_utf8_lossy(&bytes).into_owned(), body));
        }
        if client.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
}

async fn read_body(client: &mut TcpStream, body: &mut Vec<u8>, length: usize) -> std::io::Result<()> {
    while body.len() < length {
        if client.read_buf(body).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(())
}

fn content_length(head: &str) -> usize {
    let mut headers = head.lines().filter_map(|line| line.split_once(": "));
    let length = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    length.map_or(0, |(_, length)| length.trim().parse().unwrap())
}

const STORED: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\
    etag: \"d41d8cd98f00b204e9800998ecf8427e\"\r\n\r\n";

fn answer(status: u16) -> String {
    let code = match status {
        403 => "AccessDenied",
        503 => "SlowDown",
        _ => "InternalError",
    };
    let body = format!("<Error><Code>{code}</Code><Message>from the proxy</Message></Error>");
    format!("HTTP/1.1 {status} Fault\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}
