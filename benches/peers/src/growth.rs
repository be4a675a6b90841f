//! Does the cost of an item stay what it is when there are many? A table, then
//! the same as CSV.

use std::time::Duration;

use countersign::{Limits, Payload, ReceivedBody, Request, Rules, Service, Signer, Verifier, VerifyingKey};

use crate::measure::{cpu_time, quantile};
use crate::peers::countersign::{credentials, time};
use crate::reference;
use crate::work::{HOST, REGION};

const COUNTS: [usize; 4] = [10, 100, 1000, 10_000];

/// What a hostile or an odd client may send.
const SHAPES: [(&str, Shape); 4] = [
    ("distinct, scrambled", |count, index| (scrambled(count, index), 0)),
    ("distinct, descending", |count, index| (count - index, 0)),
    ("one name, many values", |count, index| (0, scrambled(count, index))),
    ("one name, one value", |_, _| (0, 0)),
];

/// The numbers in the name and in the value of the item at an index.
type Shape = fn(usize, usize) -> (usize, usize);

fn scrambled(count: usize, index: usize) -> usize {
    (index * 7919 + 11) % count
}

struct Point {
    shape: &'static str,
    count: usize,
    sign: f64,
    verify: f64,
    /// Blocks of SHA-256 that the canonical request takes.
    blocks: usize,
}

pub fn print(rounds: usize, turn: Duration) {
    let points: Vec<Point> = SHAPES
        .iter()
        .flat_map(|(name, shape)| COUNTS.iter().map(move |count| point(name, *shape, *count, rounds, turn)))
        .collect();
    println!("\n### growth. N headers and N query parameters (p10; an item is one of either)\n");
    println!("| shape | N | blocks | sign, us | sign, ns per item | verify, us | verify, ns per item |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    let item = |total: f64, count: usize| total / (2 * count) as f64;
    for Point { shape, count, sign, verify, blocks } in &points {
        println!(
            "| {shape} | {count} | {blocks} | {:.1} | {:.0} | {:.1} | {:.0} |",
            sign / 1e3,
            item(*sign, *count),
            verify / 1e3,
            item(*verify, *count)
        );
    }
    println!("\n```csv\nshape,n,blocks,sign_ns,sign_ns_per_item,verify_ns,verify_ns_per_item");
    for Point { shape, count, sign, verify, blocks } in &points {
        println!(
            "{},{count},{blocks},{sign:.0},{:.1},{verify:.0},{:.1}",
            shape.replace(", ", "/"),
            item(*sign, *count),
            item(*verify, *count)
        );
    }
    println!("```");
}

fn point(name: &'static str, shape: Shape, count: usize, rounds: usize, turn: Duration) -> Point {
    let numbers = |index| shape(count, index);
    let headers: Vec<(String, String)> = (0..count)
        .map(numbers)
        .map(|(name, value)| (format!("X-Amz-Meta-Field-{name:05}"), format!("value of field {value:05}")))
        .collect();
    let parameters: Vec<String> = (0..count)
        .map(numbers)
        .map(|(name, value)| format!("parameter-{name:05}=value%20{value:05}"))
        .collect();
    let target = format!("/photos/2025/0001.jpg?{}", parameters.join("&"));
    let given: Vec<(&str, &str)> = std::iter::once(("Host", HOST))
        .chain(headers.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        .collect();
    let request = Request::new("GET", &target, &given);
    let time = time();
    let service = Service::S3.with_rules(Rules::S3.repeat_parameters(true));
    let signer = Signer::new(credentials(None), REGION, service.clone()).expect("a signer");
    let mut signed = signer.sign(&request, Payload::Unsigned, time).expect("signed");
    let added: Vec<(String, String)> =
        signed.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let arrived: Vec<(&str, &str)> = given
        .iter()
        .copied()
        .chain(added.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        .collect();
    let arrived = Request::new("GET", &target, &arrived);
    let limits = Limits {
        headers: usize::MAX,
        header_bytes: usize::MAX,
        uri_bytes: usize::MAX,
        parameters: usize::MAX,
        ..Limits::default()
    };
    let verifier = Verifier::new(REGION, service).expect("a verifier").limits(limits);
    let claim = verifier.claim(&arrived, ReceivedBody::Unread, time).expect("a claim");
    let key: VerifyingKey = claim.key(&credentials(None));
    claim.verify(Some(&key)).expect("verified");
    let blocks = reference::blocks(claim.explain().canonical_request().as_bytes().len());

    let mut sign = || {
        let used = std::mem::take(&mut signed);
        signed = signer.sign_again(used, &request, Payload::Unsigned, time).expect("signed");
        std::hint::black_box(&signed);
    };
    let mut verify = || {
        let claim = verifier.claim(&arrived, ReceivedBody::Unread, time).expect("a claim");
        std::hint::black_box(claim.verify(Some(&key)).expect("verified"));
    };
    let (mut sign_samples, mut verify_samples) = (Vec::new(), Vec::new());
    let sign_times = times(&mut sign, turn);
    let verify_times = times(&mut verify, turn);
    for _ in 0..rounds {
        sign_samples.push(sample(&mut sign, sign_times));
        verify_samples.push(sample(&mut verify, verify_times));
    }
    sign_samples.sort_by(f64::total_cmp);
    verify_samples.sort_by(f64::total_cmp);
    Point {
        shape: name,
        count,
        sign: quantile(&sign_samples, 0.1),
        verify: quantile(&verify_samples, 0.1),
        blocks,
    }
}

fn times(action: &mut impl FnMut(), turn: Duration) -> usize {
    sample(action, 1);
    (turn.as_nanos() as f64 / sample(action, 3)).max(1.0) as usize
}

fn sample(action: &mut impl FnMut(), times: usize) -> f64 {
    let taken = cpu_time(|| (0..times).for_each(|_| action()));
    taken.as_nanos() as f64 / times as f64
}
