//! SIGKILL at random moments. `MULTIPART_KILLS` says how often; `.ci/long` asks for 100.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::bench::Bench;
use crate::proxy::{Fault, Proxy};

fn kills() -> usize {
    std::env::var("MULTIPART_KILLS").ok().map_or(24, |kills| kills.parse().unwrap())
}

/// Runs the program, and kills it at the moment, unless it has ended. Returns true if it has ended well.
async fn run(bench: &Bench, endpoint: &str, arguments: &[&str], moment: Option<Duration>) -> bool {
    let mut program = Command::new(env!("CARGO_BIN_EXE_multipart"));
    program.args(["--quiet", "--part-size", "5MiB", "--concurrency", "3"]).args(arguments);
    program.env("S3_ENDPOINT", endpoint).env("AWS_REGION", &bench.server.region);
    program.env("AWS_ACCESS_KEY_ID", &bench.server.access_key);
    program.env("AWS_SECRET_ACCESS_KEY", &bench.server.secret_key);
    let mut child = program.stdout(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return true;
        }
        if moment.is_some_and(|moment| began.elapsed() >= moment) {
            child.kill().unwrap();
            child.wait().unwrap();
            return false;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

fn check_no_part_twice(proxy: &Proxy) {
    // A part that was there when a run asked for the list is not sent by that run.
    let mut there = Vec::new();
    let mut listed = Vec::new();
    for seen in proxy.seen() {
        let is_list = seen.line.starts_with("GET") && seen.line.contains("uploadId=");
        if is_list {
            listed.clone_from(&there);
        }
        let Some(part) = seen.part() else { continue };
        assert!(!listed.contains(&part.to_owned()), "{part} is sent twice");
        if seen.status == Some(200) {
            there.push(part.to_owned());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_that_is_killed_is_continued() {
    let bench = Bench::new().await;
    let proxy = Proxy::start(&bench.server.endpoint(), |_, _| Fault::None).await;
    let mut random = fastrand::Rng::with_seed(1);
    let began = Instant::now();
    let (path, bytes) = bench.file("file", (26 << 20) + 7, 1);
    let upload = async |path: &Path, moment| {
        let object = format!("s3://{}/object", bench.server.bucket);
        let ended = run(&bench, &proxy.url, &["upload", path.to_str().unwrap(), &object], moment).await;
        // Requests of a killed run can still be on their way to the server. The next run begins after they have arrived.
        proxy.idle().await;
        ended
    };
    assert!(upload(&path, None).await);
    let longest = began.elapsed();
    bench.check("object", &bytes).await;

    let (mut killed, mut seed) = (0, 2);
    while killed < kills() {
        let (path, bytes) = bench.file("file", (26 << 20) + 7, seed);
        seed += 1;
        // The file is uploaded with as many runs as it takes.
        while !upload(&path, Some(longest.mul_f64(random.f64()))).await {
            killed += 1;
        }
        bench.check("object", &bytes).await;
    }
    check_no_part_twice(&proxy);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_that_is_killed_is_continued() {
    let bench = Bench::new().await;
    let (_, bytes) = bench.file("file", (26 << 20) + 7, 1);
    bench.direct.put("object", &bytes, &[]).await.unwrap();
    let (copy, mut random) = (bench.path("copy"), fastrand::Rng::with_seed(2));
    let download = async |moment| {
        let object = format!("s3://{}/object", bench.server.bucket);
        let arguments = ["download", &*object, copy.to_str().unwrap()];
        run(&bench, &bench.server.endpoint(), &arguments, moment).await
    };
    let began = Instant::now();
    assert!(download(None).await);
    let longest = began.elapsed();
    let mut killed = 0;
    while killed < kills() / 2 {
        let _ = std::fs::remove_file(&copy);
        while !download(Some(longest.mul_f64(random.f64()))).await {
            // It may have been killed after its last step.
            let found = std::fs::read(&copy).unwrap_or_else(|_| bytes.clone());
            assert!(found == bytes, "the file has its name before it is complete");
            killed += 1;
        }
        assert!(std::fs::read(&copy).unwrap() == bytes);
    }
}
