//! The bucket's CORS rule: written by a signed request, other rules kept, applied by the storage.

use bucket::{Body, xml};

use crate::harness::{Gallery, live, png};
use crate::small::asked;

#[tokio::test]
async fn the_storage_lets_the_page_send_and_read() {
    let gallery = Gallery::start(&[]).await;
    let png = png();
    let ticket = gallery.post("/api/generate-upload-url", &asked(&png)).await.ok();
    let url = ticket["url"].as_str().unwrap();
    let preflight = |origin: &'static str| {
        [
            ("origin", origin),
            ("access-control-request-method", "PUT"),
            (
                "access-control-request-headers",
                "content-disposition,content-type,if-none-match,x-amz-checksum-sha256",
            ),
        ]
    };
    let own: &'static str = gallery.url.clone().leak();
    let answer = gallery.send("OPTIONS", url, &preflight(own), b"").await;
    assert_eq!((answer.status, &answer.headers["access-control-allow-origin"]), (200, &own.parse().unwrap()));
    let answer = gallery.send("OPTIONS", url, &preflight("https://evil.example"), b"").await;
    assert!(answer.headers.get("access-control-allow-origin").is_none(), "{answer:?}");

    let mut headers: Vec<_> = vec![("origin", own)];
    headers.extend(
        ticket["headers"].as_object().unwrap().iter().map(|(name, value)| (&**name, value.as_str().unwrap())),
    );
    let answer = gallery.send("PUT", url, &headers, &png).await;
    let exposed = answer.headers["access-control-expose-headers"].to_str().unwrap().to_lowercase();
    assert!(exposed.contains("etag") && exposed.contains("x-amz-checksum-sha256"), "{exposed}");
}

#[tokio::test]
async fn rules_of_other_programs_are_kept() {
    if live().is_some() {
        return; // The tests share the bucket, and thereby its rules.
    }
    let first = Gallery::start(&[]).await;
    let other = "<CORSConfiguration><CORSRule><ID>other</ID><AllowedOrigin>https://other.example</AllowedOrigin>\
                 <AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>";
    let call = first.bucket.call("PUT", "", &[("cors", "")]).unwrap().body(Body::bytes(other));
    first.bucket.storage().send(call).await.unwrap();
    let _second = first.another().await;
    let rules = first.bucket.call("GET", "", &[("cors", "")]).unwrap();
    let rules = first.bucket.storage().send(rules).await.unwrap();
    let rules = xml::parse(rules.body()).unwrap();
    let ids: Vec<_> = rules.all("CORSRule").filter_map(|rule| rule.text_of("ID")).collect();
    assert_eq!(ids, ["other", "countersign-gallery"]);
}
