//! The parts of an upload that is continued, for lists of parts that a server could have.

use bucket::client::Part as Known;
use countersign::Checksum;

use super::parts::Parts;
use super::session::{Session, by_number};
use crate::Options;
use crate::pool::Pool;
use crate::source::LocalFile;

const MIB: u64 = 1 << 20;

pub fn session(there: impl IntoIterator<Item = (u32, u64)>) -> Session {
    let known = there.into_iter().map(|(number, size)| {
        let (etag, checksums) = (String::new(), Vec::new());
        Known { number, size, etag, checksums }
    });
    let (key, id, algorithm) = (String::new(), String::new(), Checksum::Crc64Nvme);
    Session { key, id, algorithm, known: by_number(known.collect()) }
}

pub fn file(size: u64) -> LocalFile {
    let file = tempfile::tempfile().unwrap();
    file.set_len(size).unwrap();
    LocalFile::of(file, "a test".as_ref()).unwrap()
}

/// Returns the lengths of a file's parts. All lengths are in MiB.
async fn lengths(size: u64, there: &[(u32, u64)], part_size: Option<u64>) -> Vec<u64> {
    let session = session(there.iter().map(|(number, size)| (*number, size * MIB)));
    let options = Options { part_size: part_size.map(|size| size * MIB), ..Options::default() };
    all(Parts::file(file(size * MIB), &session, &options).unwrap()).await
}

async fn all(mut parts: Parts) -> Vec<u64> {
    let (mut lengths, pool) = (Vec::new(), Pool::default());
    while let Some(part) = parts.next(&pool).await.unwrap() {
        lengths.push(part.data.length / MIB);
    }
    lengths
}

#[tokio::test]
async fn the_end_of_a_file_that_has_grown_does_not_make_short_parts() {
    // Only the last part of 17 MiB had arrived.
    assert_eq!(lengths(30, &[(3, 1)], None).await, [8, 8, 8, 6]);
    // Parts had shrunk from number 3 on, and number 5 was the end.
    let there = [(1, 8), (2, 8), (3, 5), (4, 5), (5, 2)];
    assert_eq!(lengths(40, &there, None).await, [8, 8, 5, 5, 5, 5, 4]);
}

#[tokio::test]
async fn a_smaller_part_size_is_used_after_the_last_part() {
    assert_eq!(lengths(32, &[(2, 8)], Some(7)).await, [8, 8, 7, 7, 2]);
    assert_eq!(lengths(32, &[(2, 8)], Some(9)).await, [8, 8, 8, 8]);
    // The server has a part of a longer file.
    assert_eq!(lengths(32, &[(2, 8), (50, 8)], Some(5)).await, [8, 8, 5, 5, 5, 1]);
}

#[tokio::test]
async fn a_stream_is_continued_however_much_of_it_is_there() {
    let lengths = async |there: &[(u32, u64)], part_size: Option<u64>| {
        let session = session(there.iter().map(|(number, size)| (*number, size * MIB)));
        let options = Options { part_size: part_size.map(|size| size * MIB), ..Options::default() };
        let stream = tokio::io::AsyncReadExt::take(tokio::io::repeat(0), 50 * MIB);
        all(Parts::stream(Box::new(stream), &session, &options).unwrap()).await
    };
    assert_eq!(lengths(&[(1, 20), (2, 20)], None).await, [20, 20, 10]);
    assert_eq!(lengths(&[(3, 10), (4, 10)], Some(6)).await, [10, 10, 10, 10, 6, 4]);
    // Parts of 11 MiB and 5 MiB end where a stream could be a small object.
    assert_eq!(lengths(&[(1, 11), (2, 5), (3, 5)], None).await, [11, 5, 5, 5, 5, 5, 5, 5, 4]);
}
