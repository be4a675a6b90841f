//! The limit below which no uploader can go: the bytes are read, checksummed and sent, and nothing else
//! is done. `benches/transfers/run` compares the programs with it.
//!
//! ```sh
//! cargo run --release -p multipart --example floor -- sink 9999 &
//! cargo run --release -p multipart --example floor -- send 9999 FILE-OR-FOLDER
//! ```

use std::fs::File;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;
use std::sync::Mutex;
use std::thread;

use countersign::{Checksum, ChecksumHasher};

const CONNECTIONS: usize = 8;
const PART: u64 = 8 << 20;
const PIECE: usize = 256 * 1024;

fn main() -> io::Result<()> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["sink", port] => sink(port),
        ["send", port, path] => send(port, path.into()),
        _ => Err(io::Error::other("use: floor sink PORT, or floor send PORT FILE-OR-FOLDER")),
    }
}

/// Reads parts and answers each with a byte.
fn sink(port: &str) -> io::Result<()> {
    let listener = TcpListener::bind(format!("127.0.0.1:{port}"))?;
    for stream in listener.incoming() {
        let mut stream = stream?;
        thread::spawn(move || -> io::Result<()> {
            let (mut length, mut buffer) = ([0; 8], vec![0; PIECE]);
            loop {
                stream.read_exact(&mut length)?;
                let mut left = u64::from_le_bytes(length);
                while left > 0 {
                    let read = stream.read(&mut buffer[..PIECE.min(left as usize)])?;
                    left -= read as u64;
                }
                stream.write_all(b".")?;
            }
        });
    }
    Ok(())
}

fn send(port: &str, path: PathBuf) -> io::Result<()> {
    let mut parts = Vec::new();
    let files = if path.is_dir() {
        std::fs::read_dir(path)?.map(|entry| Ok(entry?.path())).collect::<io::Result<Vec<_>>>()?
    } else {
        vec![path]
    };
    for file in files {
        let size = file.metadata()?.len();
        let offsets = (0..size).step_by(PART as usize);
        parts.extend(offsets.map(|offset| (file.clone(), offset, PART.min(size - offset))));
    }
    let parts = Mutex::new(parts);
    let next = || parts.lock().ok()?.pop();
    thread::scope(|scope| {
        let threads: Vec<_> = (0..CONNECTIONS)
            .map(|_| {
                scope.spawn(|| -> io::Result<()> {
                    let mut stream = TcpStream::connect(format!("127.0.0.1:{port}"))?;
                    let mut buffer = vec![0; PIECE];
                    while let Some((path, offset, length)) = next() {
                        send_part(&mut stream, &File::open(path)?, offset, length, &mut buffer)?;
                    }
                    Ok(())
                })
            })
            .collect();
        threads
            .into_iter()
            .try_for_each(|thread| thread.join().map_err(|_| io::Error::other("a thread ended"))?)
    })
}

fn send_part(
    stream: &mut TcpStream,
    file: &File,
    offset: u64,
    length: u64,
    buffer: &mut [u8],
) -> io::Result<()> {
    let (mut hasher, end, mut offset) = (ChecksumHasher::new(Checksum::Crc64Nvme), offset + length, offset);
    stream.write_all(&length.to_le_bytes())?;
    while offset < end {
        let piece = &mut buffer[..PIECE.min((end - offset) as usize)];
        file.read_exact_at(piece, offset)?;
        hasher.update(piece);
        stream.write_all(piece)?;
        offset += piece.len() as u64;
    }
    std::hint::black_box(hasher.finish());
    stream.read_exact(&mut [0])
}
