//! The forms of output: JSON by exact values, the page, the text.

use serde_json::json;

use crate::program::{EMPTY, message, out, run};

#[test]
fn the_json_has_documented_names() {
    let output = run(&["--json"], message().as_bytes());
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let names: Vec<_> = report.as_object().unwrap().keys().cloned().collect();
    let documented =
        ["difference", "findings", "input", "notes", "request", "signature", "steps", "verdict", "version"];
    assert_eq!(names, documented);
    assert_eq!(
        report["signature"],
        json!({"place": "header", "algorithm": "AWS4-HMAC-SHA256", "access_key_id": "AKIAIOSFODNN7EXAMPLE",
            "region": "us-east-1", "service": "s3", "time": "20130524T000000Z", "expires": null})
    );
    assert_eq!(
        report["request"],
        json!({"method": "GET", "url": "https://examplebucket.s3.amazonaws.com/test.txt", "body_bytes": 0})
    );
    let lines = report["steps"][0]["lines"].as_array().unwrap();
    let lines: Vec<_> =
        lines.iter().map(|line| (line["part"].as_str().unwrap(), line["text"].as_str().unwrap())).collect();
    assert_eq!(
        lines,
        [
            ("method", "GET"),
            ("canonical-uri", "/test.txt"),
            ("canonical-query", ""),
            ("host-header", "host:examplebucket.s3.amazonaws.com"),
            ("other-header", "range:bytes=0-9"),
            ("content-sha256-header", &format!("x-amz-content-sha256:{EMPTY}")),
            ("date-header", "x-amz-date:20130524T000000Z"),
            ("empty-line", ""),
            ("signed-headers", "host;range;x-amz-content-sha256;x-amz-date"),
            ("payload-hash", EMPTY),
        ]
    );
    assert_eq!(report["steps"][0]["bytes"], 289);
    assert_eq!(report["steps"][1]["bytes"], 133);
    assert_eq!(
        report["steps"][1]["lines"][2]["spans"],
        json!([{"part": "k-date", "text": "20130524"}, {"part": "credential-scope", "text": "/"},
            {"part": "k-region", "text": "us-east-1"}, {"part": "credential-scope", "text": "/"},
            {"part": "k-service", "text": "s3"}, {"part": "credential-scope", "text": "/"},
            {"part": "k-signing", "text": "aws4_request"}])
    );
    assert_eq!(
        report["verdict"],
        json!({"name": "matches", "text": "The signature matches: this secret signed this request."})
    );
    assert_eq!((&report["findings"], &report["notes"]), (&json!([]), &json!([])));
}

#[test]
fn the_page_loads_nothing() {
    let changed = message().replace("bytes=0-9", "bytes=0-8<script>");
    let output = run(&["--html"], changed.as_bytes());
    let page = out(&output);
    for loaded in ["<script", "<link", "<img", "src=", "url(", "@import", "http-equiv=\"refresh\""] {
        assert!(!page.contains(loaded), "{loaded}");
    }
    assert!(page.contains("range:bytes=0-8&lt;script&gt;"));
    let links: Vec<_> = page.split("href=\"").skip(1).collect();
    assert!(links.len() >= 10 && links.iter().all(|link| link.starts_with("https://docs.aws.amazon.com/")));
    assert!(page.contains("prefers-color-scheme:dark") && page.contains("width=device-width"));
    assert!(page.contains("does-not-match"));
}

#[test]
fn the_text_is_plain_outside_of_a_terminal() {
    let text = out(&run(&[], message().as_bytes()));
    assert!(!text.contains('\x1b'));
    assert!(text.contains("   RequestDateTime        20130524T000000Z\n"), "{text}");
    assert!(text.contains("   kRegion                HMAC(kDate, \"us-east-1\")\n"), "{text}");
    let verbose = out(&run(&["-v"], message().as_bytes()));
    assert!(verbose.contains("The credential") || verbose.contains("It names the signing key"), "{verbose}");
    assert!(verbose.contains(
        "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html"
    ));
}

#[test]
fn a_part_has_the_same_colour_in_each_step() {
    use explain::render::{Style, text};
    let asked = explain::read::request(message().as_bytes(), 0).unwrap();
    let options = explain::Options::new("20130524T000000Z".parse().unwrap());
    let explained = explain::explain(&asked, &options).unwrap();
    let coloured = text(&explained.report, Style { colours: true, verbose: false });
    // The region in the scope, and in the derivation of the key.
    assert_eq!(coloured.matches("\x1b[33mus-east-1\x1b[0m").count(), 1);
    assert_eq!(coloured.matches("\x1b[33m\"us-east-1\"\x1b[0m").count(), 1);
    // The hash below step 1, and in step 2.
    let hash = "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972";
    assert_eq!(coloured.matches(&format!("\x1b[34m{hash}\x1b[0m")).count(), 2);
}
