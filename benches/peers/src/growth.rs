//! Does the cost of an item stay what it is when there are many?

use std::hint::black_box;
use std::time::Duration;

use countersign::{
    Expires, Limits, Payload, ReceivedBody, RepeatedParameters, Request, Rules, Service, Signer, Verifier,
};
use sha2::block_api::compress256;

use crate::measure::{cpu_time, quantile};
use crate::peers::countersign::{credentials, time};
use crate::plot::{self, Axis, Series};
use crate::report::Report;
use crate::work::{EXPIRES, HOST, REGION};

const COUNTS: [usize; 4] = [10, 100, 1000, 10_000];

/// Requests that a hostile or an unusual client may send. The plot shows the first.
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

/// Nanoseconds, with `count` headers and as many parameters.
struct Point {
    shape: &'static str,
    count: usize,
    /// The blocks of SHA-256 that signing in headers takes, and nothing else.
    floor: f64,
    sign: f64,
    presign: f64,
    verify: f64,
}

pub fn report(rounds: usize, turn: Duration, report: &Report) -> Result<(), String> {
    let points: Vec<Point> = SHAPES
        .iter()
        .flat_map(|(name, shape)| COUNTS.iter().map(move |count| point(name, *shape, *count, rounds, turn)))
        .collect();
    if report.writes() {
        draw(&points)?;
    }
    report.section("growth", &table(&points))
}

fn table(points: &[Point]) -> String {
    let mut text = String::from(
        "### growth. N headers and N query parameters (p10; an item is one of either)\n\n\
         | shape | N | floor, µs | sign, µs | presign, µs | verify, µs | sign, ns per item | presign | verify |\n\
         |---|--:|--:|--:|--:|--:|--:|--:|--:|\n",
    );
    for Point { shape, count, floor, sign, presign, verify } in points {
        let item = |total: &f64| total / (2 * count) as f64;
        text += &format!(
            "| {shape} | {count} | {:.1} | {:.1} | {:.1} | {:.1} | {:.0} | {:.0} | {:.0} |\n",
            floor / 1e3,
            sign / 1e3,
            presign / 1e3,
            verify / 1e3,
            item(sign),
            item(presign),
            item(verify)
        );
    }
    text
}

fn draw(points: &[Point]) -> Result<(), String> {
    let drawn: Vec<&Point> = points.iter().filter(|point| point.shape == SHAPES[0].0).collect();
    let series = |name, value: fn(&Point) -> f64| {
        let points = drawn.iter().map(|point| (point.count as f64, value(point) / 1e3)).collect();
        Series { name, points }
    };
    let lines = [
        series("presign", |point| point.presign),
        series("sign", |point| point.sign),
        series("verify", |point| point.verify),
        series("floor: SHA-256 of the canonical request", |point| point.floor),
    ];
    let x = Axis { title: "headers, and as many query parameters", range: 8.0..13_000.0 };
    let y = Axis { title: "µs", range: 0.3..20_000.0 };
    plot::write("growth.svg", "Time for one request", &x, &y, &lines)
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
    let expires = Expires::from_secs(EXPIRES.into()).expect("a lifetime");
    let service = Service::S3.with_rules(Rules::S3.with_repeated_parameters(RepeatedParameters::Allowed));
    let signer = Signer::new(credentials(None), REGION, service.clone()).expect("a signer");
    let signed = signer.sign(&request, Payload::Unsigned, time).expect("signed");
    let added: Vec<(String, String)> =
        signed.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let arrived: Vec<(&str, &str)> = given
        .iter()
        .copied()
        .chain(added.iter().map(|(name, value)| (name.as_str(), value.as_str())))
        .collect();
    let arrived = Request::new("GET", &target, &arrived);
    let limits = Limits::default()
        .with_headers(usize::MAX)
        .with_header_bytes(usize::MAX)
        .with_uri_bytes(usize::MAX)
        .with_parameters(usize::MAX);
    let verifier = Verifier::new(REGION, service).expect("a verifier").with_limits(limits);
    let claim = verifier.claim(&arrived, ReceivedBody::Unread, time).expect("a claim");
    let key = claim.derive_key(&credentials(None));
    // The string to sign and the outer hash take four.
    let blocks = crate::work::blocks(claim.explain().canonical_request().as_bytes().len()) + 4;
    claim.verify(&key).expect("verified");

    let (text, mut state) = (vec![[0x5a; 64]; blocks], [0x6a09_e667; 8]);
    let mut floor = || compress256(&mut state, black_box(&text));
    let mut buffer = Vec::new();
    let mut sign = || {
        let signed = signer.sign_in(&mut buffer, &request, Payload::Unsigned, time).expect("signed");
        buffer = black_box(signed).into_buffer();
    };
    let mut url_buffer = Vec::new();
    let mut presign = || {
        let url = signer.presign_in(&mut url_buffer, &request, expires, time).expect("presigned");
        url_buffer = black_box(url).into_buffer();
    };
    let mut verify = || {
        let claim = verifier.claim(&arrived, ReceivedBody::Unread, time).expect("a claim");
        black_box(claim.verify(&key).expect("verified"));
    };
    let mut actions: [&mut dyn FnMut(); 4] = [&mut floor, &mut sign, &mut presign, &mut verify];
    let times = actions.each_mut().map(|action| times(action, turn));
    let mut samples = [const { Vec::new() }; 4];
    for _ in 0..rounds {
        for ((action, times), samples) in actions.iter_mut().zip(times).zip(&mut samples) {
            samples.push(sample(action, times));
        }
    }
    let [floor, sign, presign, verify] = samples.map(|mut samples| {
        samples.sort_by(f64::total_cmp);
        quantile(&samples, 0.1)
    });
    Point { shape: name, count, floor, sign, presign, verify }
}

fn times(action: &mut dyn FnMut(), turn: Duration) -> usize {
    sample(action, 1);
    (turn.as_nanos() as f64 / sample(action, 3)).max(1.0) as usize
}

fn sample(action: &mut dyn FnMut(), times: usize) -> f64 {
    let taken = cpu_time(|| (0..times).for_each(|_| action()));
    taken.as_nanos() as f64 / times as f64
}
