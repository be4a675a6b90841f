//! A body that is checked as it streams past: does the time for a byte stay what
//! it is, and the memory what it was?

use std::fs;
use std::hint::black_box;

use countersign::{BodyStatus, Payload, ReceivedBody, Request, Service, Signer, Verifier};
use sha2::block_api::compress256;
use sha2::{Digest, Sha256};

use crate::measure::cpu_time;
use crate::peers::countersign::{credentials, time};
use crate::plot::{self, Axis, Series};
use crate::report::Report;
use crate::work::{HOST, REGION};

const KIB: usize = 1024;
const SIZES: [usize; 6] = [KIB, 64 * KIB, KIB * KIB, 16 * KIB * KIB, 128 * KIB * KIB, KIB * KIB * KIB];
/// The number of bytes that a server reads at a time.
const PIECE: usize = 64 * KIB;

/// Of one size; the best of a few.
struct Point {
    size: usize,
    /// Nanoseconds: the blocks of the body, and nothing else.
    floor: f64,
    /// Nanoseconds: claim, verify, all pieces through the checker, `finish`.
    check: f64,
    /// The most memory that the process has had until then, in KiB.
    peak: Option<usize>,
}

pub fn report(report: &Report) -> Result<(), String> {
    let points = SIZES.map(point);
    if report.writes() {
        draw(&points)?;
    }
    report.section("bodies", &table(&points))
}

fn table(points: &[Point]) -> String {
    let mut text = String::from(
        "### bodies. Claim, verify, and check the body in pieces of 64 KiB\n\n\
         | body | floor, µs | all, µs | × floor | GB/s | peak memory of the process, KiB |\n\
         |--:|--:|--:|--:|--:|--:|\n",
    );
    for Point { size, floor, check, peak } in points {
        let peak = peak.map_or("?".into(), |peak| peak.to_string());
        text += &format!(
            "| {} KiB | {:.1} | {:.1} | {:.2} | {:.3} | {peak} |\n",
            size / KIB,
            floor / 1e3,
            check / 1e3,
            check / floor,
            *size as f64 / check
        );
    }
    text
}

fn draw(points: &[Point]) -> Result<(), String> {
    let series = |name, value: fn(&Point) -> f64| {
        let points = points.iter().map(|point| (point.size as f64 / KIB as f64, value(point) / 1e3));
        Series { name, points: points.collect() }
    };
    let lines = [
        series("claim, verify, check the body", |point| point.check),
        series("floor: SHA-256 of the body", |point| point.floor),
    ];
    let x = Axis { title: "KiB of body", range: 0.7..1.6e6 };
    let y = Axis { title: "µs", range: 0.3..3e6 };
    plot::write("bodies.svg", "Time for one body, streamed", &x, &y, &lines)
}

fn point(size: usize) -> Point {
    let piece: Vec<u8> = (0..PIECE).map(|index| (index * 7 + 3) as u8).collect();
    let pieces = || (0..size).step_by(PIECE).map(|start| black_box(&piece[..PIECE.min(size - start)]));
    let mut hash = Sha256::new();
    pieces().for_each(|piece| hash.update(piece));
    let digest = hash.finalize().into();

    let (target, host) = ("/photos/2025/0001.jpg", [("Host", HOST)]);
    let signer = Signer::new(credentials(None), REGION, Service::S3).expect("a signer");
    let signed = signer.sign(&Request::new("PUT", target, &host), Payload::Sha256(digest), time());
    let signed = signed.expect("signed");
    let headers: Vec<_> = host.into_iter().chain(&signed).collect();
    let arrived = Request::new("PUT", target, &headers);
    let verifier = Verifier::new(REGION, Service::S3).expect("a verifier");
    let key = verifier.claim(&arrived, ReceivedBody::Unread, time()).expect("a claim");
    let key = key.derive_key(&credentials(None));
    // The right body is accepted, and a longer one is not.
    let check = |longer: bool| {
        let claim = verifier.claim(&arrived, ReceivedBody::Unread, time()).expect("a claim");
        let verified = claim.verify(&key).expect("verified");
        let mut checker = verified.body().checker();
        pieces().for_each(|piece| checker.update(piece));
        if longer {
            checker.update(b"!");
        }
        checker.finish() == Ok(BodyStatus::Proven)
    };
    assert!(check(false) && !check(true), "the checker does not check");

    let rounds = (256 * KIB * KIB / size).clamp(3, 2_000);
    let best = |action: &mut dyn FnMut()| {
        let times = (0..rounds).map(|_| cpu_time(&mut *action).as_nanos() as f64);
        times.fold(f64::MAX, f64::min)
    };
    let mut state = [0x6a09_e667; 8];
    // The bytes after the last whole block, and the padding.
    let last = vec![[0; 64]; crate::work::blocks(size) - size / 64];
    let floor = best(&mut || {
        pieces().for_each(|piece| compress256(&mut state, piece.as_chunks().0));
        compress256(&mut state, black_box(&last));
    });
    let check = best(&mut || {
        black_box(check(false));
    });
    Point { size, floor, check, peak: peak() }
}

/// Linux tells.
fn peak() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
