//! The program over https, with a certificate of a private authority.

use std::process::Output;

use countersign::Checksum;
use testkit_tls::{Authority, Terminator};

use crate::bench::Bench;
use crate::program::{program, text};
use crate::resumed::{CRC64, put_part};

const SIZE: usize = 20 << 20;
const FIRST: usize = 8 << 20;

async fn run(
    bench: &Bench,
    server: &Terminator,
    authority: Option<&Authority>,
    arguments: &[&str],
) -> Output {
    let mut program = program(bench);
    program.args(arguments).env("S3_ENDPOINT", server.url()).env_remove("AWS_CA_BUNDLE");
    program.envs(authority.map(|authority| ("AWS_CA_BUNDLE", authority.bundle())));
    tokio::task::spawn_blocking(move || program.output().unwrap()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_uploaded_resumed_and_downloaded() {
    let (bench, authority) = (Bench::new().await, Authority::new());
    let server = Terminator::bytes(authority.localhost(), &bench.server.endpoint());
    let (_, bytes) = bench.file("file", SIZE, 1);
    let object = format!("s3://{}/object", bench.server.bucket);

    // An upload that was interrupted after its first part of three.
    let id = bench.direct.create_upload("object", &CRC64).await.unwrap();
    put_part(&bench.direct, &id, 1, Checksum::Crc64Nvme, &bytes[..FIRST]).await;

    let output = run(&bench, &server, Some(&authority), &["upload", "--json", "file", &object]).await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let line: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&line["size"], &line["sent"]), (&SIZE.into(), &(SIZE - FIRST).into()));
    bench.check("object", &bytes).await;

    let output = run(&bench, &server, Some(&authority), &["download", &object, "copy"]).await;
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(std::fs::read(bench.path("copy")).unwrap() == bytes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_that_is_not_trusted_is_4_and_not_tried_again() {
    let (bench, authority) = (Bench::new().await, Authority::new());
    let server = Terminator::bytes(authority.localhost(), &bench.server.endpoint());
    bench.file("file", SIZE, 1);
    let object = format!("s3://{}/object", bench.server.bucket);
    for arguments in [["upload", "file", &*object], ["download", &*object, "copy"]] {
        let before = server.connections();
        let output = run(&bench, &server, None, &arguments).await;
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{said}");
        assert!(
            said.contains("its certificate is not signed by an authority that is trusted here"),
            "{said}"
        );
        assert!(said.contains("to do: set AWS_CA_BUNDLE"), "{said}");
        assert_eq!(server.connections() - before, 1);
    }
}
