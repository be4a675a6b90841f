//! The gateway in front of a server of others. `.ci/servers` runs it.

use bucket::{Client, Keys, Storage};
use countersign::s3::Endpoint;
use countersign::{Expires, Timestamp};
use http::Request;

use crate::form::{form, policy_in, post_to};
use crate::modes::{MODES, Mode, data, put_with};
use crate::running::{Gateway, REGION, Real, body, credentials, send};
use crate::spoiled::{regions, spoil};

const KEY: (&str, &str) = ("LIVE", "live-secret-live-secret-live-secret");
/// Three chunks of 64 KiB, the last one short.
const LENGTH: usize = 150_001;

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set: run .ci/servers"))
}

#[tokio::test]
#[ignore = "needs a server: .ci/servers"]
async fn a_server_of_others_is_used_through_the_gateway() {
    let [endpoint, key, secret] = ["S3_ENDPOINT", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"].map(variable);
    let bucket = format!("gateway-{}", std::process::id());
    let keys = format!(
        "[[key]]\nid = \"{}\"\nsecret = \"{}\"\n\
         allow = [{{ bucket = \"{bucket}\", rights = [\"read\", \"write\", \"delete\", \"list\"] }}]",
        KEY.0, KEY.1
    );
    let real = Real { endpoint: &endpoint, key: &key, secret: &secret };
    let gateway = Gateway::start_with(&real, &keys, &[]);
    let client = |url: &str, key: (&str, &str)| {
        let keys = Keys::fixed(credentials(key));
        Storage::new(Endpoint::parse(url).unwrap(), REGION, "live", keys).unwrap().bucket(&bucket)
    };
    let (direct, through) = (client(&endpoint, (&key, &secret)), client(&gateway.url, KEY));
    let create = direct.call("PUT", "", &[]).unwrap();
    direct.storage().send(create).await.unwrap();
    objects(&through).await;
    parts(&through).await;
    uploads(&gateway, &direct, false).await;
    uploads(&Gateway::start_with(&real, &keys, &["--send-chunks"]), &direct, true).await;
    let file = form(KEY, &policy_in(&bucket, "form/"), &[], b"meow");
    let (status, answer) = post_to(&format!("{}/{bucket}", gateway.url), file).await;
    assert_eq!(status, 204, "{answer}");
    assert_eq!(direct.get("form/cat.jpg").await.unwrap(), "meow");
    direct.delete("form/cat.jpg").await.unwrap();
    assert!(through.list("").await.unwrap().is_empty());
    let delete = direct.call("DELETE", "", &[]).unwrap();
    direct.storage().send(delete).await.unwrap();
}

async fn objects(client: &Client) {
    for key in ["plain", "a b+c%25é"] {
        client.put(key, b"hello", &[("x-amz-meta-a", "b")]).await.unwrap();
        assert_eq!(client.get(key).await.unwrap(), "hello", "{key}");
        let url = client.presign("GET", key, &[], Expires::HOUR, Timestamp::now()).await.unwrap();
        let get = Request::get(url.as_str()).body(body("")).unwrap();
        assert_eq!(send(get).await.unwrap().1, "hello", "{key}");
    }
    let range = client.call("GET", "plain", &[]).unwrap().header("range", "bytes=1-3");
    assert_eq!(&client.storage().send(range).await.unwrap().body()[..], b"ell");
    let source = format!("/{}/plain", client.name());
    let copy = client.call("PUT", "copy", &[]).unwrap().header("x-amz-copy-source", source);
    client.storage().send(copy).await.unwrap();
    assert_eq!(client.list("").await.unwrap().len(), 3);
    let keys = ["plain", "copy", "a b+c%25é"];
    let call = crate::rights::batch(client, &keys);
    client.storage().send(call).await.unwrap();
    assert!(client.list("").await.unwrap().is_empty());
}

async fn parts(client: &Client) {
    let id = client.create_upload("parts", &[]).await.unwrap();
    let part = bucket::Body::bytes(vec![b'x'; 5 << 20]);
    let etag = client.upload_part("parts", &id, 1, part, &[]).await.unwrap().etag;
    assert_eq!(client.list_parts("parts", &id).await.unwrap().len(), 1);
    let parts = [bucket::client::CompletedPart { number: 1, etag, checksum: None }];
    client.complete_upload("parts", &id, &parts, &[]).await.unwrap();
    assert_eq!(client.head("parts").await.unwrap().size, 5 << 20);
    client.delete("parts").await.unwrap();
}

/// Each mode of a body is stored if it is right, and not stored if one byte of it is spoiled. In chunks, this is
/// so on each server. Otherwise, a mode that the server does not know is reported.
async fn uploads(gateway: &Gateway, direct: &Client, is_chunked: bool) {
    let data = data(LENGTH);
    let key = "upload";
    let url = format!("{}/{}/{key}", gateway.url, direct.name());
    for mode in MODES {
        let request = put_with(KEY, mode, &url, &data).await;
        for position in regions(request.body()) {
            let answer = send(spoil(&request, position)).await;
            assert!(answer.is_err() || answer.is_ok_and(|(status, _)| !status.is_success()), "{mode:?}");
            let is_stored = direct.head(key).await.is_ok();
            if is_stored && !is_chunked && variable("LIVE_SERVER") == "seaweedfs" {
                println!("{mode:?}: the server keeps the beginning of an upload that broke off");
                direct.delete(key).await.unwrap();
                break;
            }
            assert!(!is_stored, "{mode:?}: stored although byte {position} was spoiled");
        }
        let (status, answer) = send(request.map(body)).await.unwrap();
        if status == 200 {
            assert!(direct.get(key).await.unwrap() == data, "{mode:?}");
            direct.delete(key).await.unwrap();
        } else {
            assert!(!is_chunked && has_trailer(mode), "{mode:?}: {status} {answer}");
            println!("{mode:?}: the server answers {status} {answer}");
        }
    }
}

fn has_trailer(mode: Mode) -> bool {
    matches!(mode, Mode::SignedChunksTrailer(_) | Mode::Sigv4aChunksTrailer(_) | Mode::UnsignedTrailer(_))
}
