//! Temporary credentials: no URL outlives them, and the service renews them while it runs.

use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use countersign::Timestamp;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Gallery, live, png, sha256};
use crate::small::{asked, uploaded};

/// Writes a profile whose `credential_process` returns the session token `token-N` on its Nth call.
fn profile(expiration: Timestamp, calls: u32) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().display();
    let [date, time] = expiration.as_str().split('T').collect::<Vec<_>>().try_into().unwrap();
    let expiration = format!(
        "{}-{}-{}T{}:{}:{}Z",
        &date[..4],
        &date[4..6],
        &date[6..],
        &time[..2],
        &time[2..4],
        &time[4..6]
    );
    let script = format!(
        "n=$(cat {path}/calls); n=$((n + 1)); echo $n >{path}/calls; [ $n -le {calls} ] || exit 1\n\
         printf '{{\"Version\": 1, \"AccessKeyId\": \"%s\", \"SecretAccessKey\": \"%s\", \"SessionToken\": \"token-%s\", \
         \"Expiration\": \"{expiration}\"}}' \"$TEST_KEY\" \"$TEST_SECRET\" $n\n"
    );
    std::fs::write(folder.path().join("calls"), "0").unwrap();
    std::fs::write(folder.path().join("keys"), script).unwrap();
    let config = format!("[default]\nregion = us-east-1\ncredential_process = /bin/sh {path}/keys\n");
    std::fs::write(folder.path().join("config"), config).unwrap();
    folder
}

fn config(folder: &TempDir) -> std::path::PathBuf {
    folder.path().join("config")
}

fn query(url: &Value, name: &str) -> String {
    let url = url::Url::parse(url.as_str().unwrap()).unwrap();
    url.query_pairs().find(|(found, _)| found == name).expect(name).1.into_owned()
}

/// Returns the last second at which a URL is valid.
fn end(url: &Value) -> Timestamp {
    let signed = Timestamp::parse(&query(url, "X-Amz-Date")).unwrap();
    signed.checked_add(Duration::from_secs(query(url, "X-Amz-Expires").parse().unwrap())).unwrap()
}

async fn start(config: &Path) -> Gallery {
    Gallery::start_with(&[], Some(config)).await
}

#[tokio::test]
async fn no_url_outlives_the_credentials_that_sign_it() {
    if live().is_some() {
        return;
    }
    let expiration = Timestamp::now().checked_add(Duration::from_secs(200)).unwrap();
    let folder = profile(expiration, u32::MAX);
    let gallery = start(&config(&folder)).await;
    let png = png();

    let mut wanted = asked(&png);
    wanted["thumbnail"] = json!({ "size": 10, "sha256": sha256(b"x") });
    let ticket = gallery.post("/api/generate-upload-url", &wanted).await.ok();
    let another = gallery.post("/api/generate-upload-url", &wanted).await.ok();
    let token = |ticket: &Value| query(&ticket["url"], "X-Amz-Security-Token");
    assert!(token(&ticket).starts_with("token-"), "{}", token(&ticket));
    assert_ne!(token(&another), "token-1", "credentials that end soon are renewed");

    let form = gallery.post("/api/upload-form", &wanted).await.ok();
    let policy = form["fields"].as_array().unwrap().iter().find(|field| field[0] == "policy").unwrap();
    let policy = BASE64_STANDARD.decode(policy[1].as_str().unwrap()).unwrap();
    let policy: Value = serde_json::from_slice(&policy).unwrap();
    assert_eq!(policy["expiration"].as_str().unwrap().replace(['-', ':'], ""), expiration.as_str());
    assert!(form["expires_in"].as_u64().unwrap() <= 200, "{form}");

    let file = json!({ "filename": "l.png", "content_type": "image/png", "size": 17 << 20, "first_sha256": sha256(b"") });
    let upload = gallery.post("/api/multipart/start", &file).await.ok();
    let part = json!({ "number": 3, "size": 1 << 20, "sha256": sha256(b"") });
    let part = json!({ "key": upload["key"], "upload_id": upload["upload_id"], "parts": [part] });
    let parts = gallery.post("/api/multipart/urls", &part).await.ok();

    assert_eq!(gallery.put(&ticket, &png).await.status, 200, "the storage accepts the renewed credentials");
    let image = gallery.post("/api/confirm", &uploaded(&ticket, &png)).await.ok();
    let path = format!("/presigned-url?file_name={}", image["file_name"].as_str().unwrap());
    let view = gallery.get(&path).await.ok();

    let urls = [&ticket["url"], &ticket["thumbnail"]["url"], &parts["parts"][0]["url"], &image["url"]];
    for url in urls.into_iter().chain([&view["presigned_url"]]) {
        assert_eq!(end(url), expiration, "{url}");
    }
    for (answer, url) in [(&ticket, "url"), (&view, "presigned_url")] {
        assert_eq!(answer["expires_in"].to_string(), query(&answer[url], "X-Amz-Expires"));
    }
    assert_eq!(parts["expires_in"].to_string(), query(&parts["parts"][0]["url"], "X-Amz-Expires"));
}

#[tokio::test]
async fn credentials_that_stay_valid_are_not_fetched_again() {
    if live().is_some() {
        return;
    }
    let folder = profile(Timestamp::now().checked_add(Duration::from_secs(7200)).unwrap(), 1);
    let gallery = start(&config(&folder)).await;
    for _ in 0..2 {
        let ticket = gallery.post("/api/generate-upload-url", &asked(b"x")).await.ok();
        assert_eq!(query(&ticket["url"], "X-Amz-Security-Token"), "token-1");
        assert_eq!(query(&ticket["url"], "X-Amz-Expires"), "600");
    }
}

#[tokio::test]
async fn credentials_that_are_not_renewed_are_named_as_the_cause() {
    if live().is_some() {
        return;
    }
    // The service starts with the first credentials, and there are no second ones.
    let folder = profile(Timestamp::now().checked_add(Duration::from_secs(10)).unwrap(), 1);
    let gallery = start(&config(&folder)).await;
    let refused = loop {
        let answer = gallery.post("/api/generate-upload-url", &asked(b"x")).await;
        if answer.status != 200 {
            break answer;
        }
        let left = answer.json()["expires_in"].as_u64().unwrap();
        assert!((1..=10).contains(&left), "{left}");
        tokio::time::sleep(Duration::from_millis(500)).await;
    };
    assert!(refused.json()["message"].as_str().unwrap().contains("credentials"), "{refused:?}");
    refused.refused(502, "credentials");
}
