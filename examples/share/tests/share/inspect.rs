//! `inspect`: what a URL says of itself, and whether a secret signed it.

use crate::shell::{Shell, text};

#[test]
fn a_url_is_described_without_being_sent() {
    let shell = Shell::new();
    // S3 API Reference, "Authenticating Requests: Using Query Parameters", the example.
    let url = "https://examplebucket.s3.amazonaws.com/test.txt?X-Amz-Algorithm=AWS4-HMAC-SHA256\
               &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20130524T000000Z\
               &X-Amz-Expires=86400&X-Amz-SignedHeaders=host\
               &X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    let said = text(&shell.share(&["inspect", url]).stdout);
    for part in [
        "address      https://examplebucket.s3.amazonaws.com/test.txt",
        "signed by    AKIAIOSFODNN7EXAMPLE for s3 in us-east-1",
        "expired      Sat 2013-05-25 02:00:00 CEST (2013-05-25T00:00:00Z)",
    ] {
        assert!(said.contains(part), "{part} in {said}");
    }
    assert!(!said.contains("damaged"), "{said}");
    let cut = text(&shell.share(&["inspect", &url[..url.len() - 8]]).stdout);
    assert!(cut.contains("damaged      The signature is not 64 digits"), "{cut}");
    let verified = shell.share(&["inspect", "--verify", "--json", url]);
    let json: serde_json::Value = serde_json::from_slice(&verified.stdout).unwrap();
    assert_eq!(
        (&json["verified"], &json["method"], &json["expired"]),
        (&true.into(), &"GET".into(), &true.into())
    );
}

#[test]
fn a_wrong_secret_key_or_header_is_5() {
    let shell = Shell::new();
    let made = shell.json(&["put", &shell.object("k"), "--content-type", "image/png"]);
    let url = made["url"].as_str().unwrap();
    let header = ["--header", "content-type: image/png"];
    let verify = |change: &[&str]| shell.share(&[&["inspect", "--verify", url], change].concat());
    assert!(text(&verify(&header).stdout).contains("method       PUT"));
    assert_eq!(verify(&["--header", "content-type: text/html"]).status.code(), Some(5));
    let missing = verify(&[]);
    assert_eq!(missing.status.code(), Some(2));
    assert!(text(&missing.stderr).contains("needs the values of the signed headers: content-type"));

    for (variable, says) in
        [("AWS_SECRET_ACCESS_KEY", "no method fits"), ("AWS_ACCESS_KEY_ID", "the configured one is OTHER")]
    {
        let mut other = shell.command(env!("CARGO_BIN_EXE_share"));
        other.env(variable, "OTHER").args(["inspect", "--verify", url]).args(header);
        let output = other.output().unwrap();
        assert_eq!(output.status.code(), Some(5));
        assert!(text(&output.stdout).contains(says), "{}", text(&output.stdout));
    }
}

#[test]
fn a_url_can_come_from_standard_input() {
    let shell = Shell::new();
    let output = shell.run("share get -q s3://examplebucket/hello.txt | share check -");
    assert!(text(&output.stdout).contains("accepted"), "{}", text(&output.stderr));
}

#[test]
fn a_hostile_url_changes_no_terminal() {
    let shell = Shell::new();
    let url = "http://h/%1b[31m?X-Amz-Algorithm=x&X-Amz-Credential=%1b%07/2/r/s/aws4_request&X-Amz-Date=20130524T000000Z\
               &X-Amz-Expires=18446744073709551615&X-Amz-SignedHeaders=host;%1b&X-Amz-Signature=0&%1b=%1b";
    let output = shell.share(&["inspect", url]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    assert!(!text(&output.stdout).contains('\u{1b}'));
}
