//! Forms of browsers.

use bucket::{Client, Server};
use countersign::post_policy::{FormKey, PostPolicy};
use countersign::{Checksum, ChecksumValue, Expires, Timestamp};
use http::{Request, StatusCode};

use crate::running::{BUCKET, FULL, Gateway, YEAR, body, send, signer};

pub const TYPE: &str = "multipart/form-data; boundary=BOUNDARY";

fn policy(key: &str) -> PostPolicy {
    policy_in(BUCKET, key)
}

pub fn policy_in(bucket: &str, key: &str) -> PostPolicy {
    PostPolicy::new(bucket, FormKey::prefix_and_filename(key), Expires::HOUR)
}

/// Writes a form as browsers do.
pub fn form(key: (&str, &str), policy: &PostPolicy, extra: &[(&str, &str)], file: &[u8]) -> Vec<u8> {
    let signed = signer(key).sign_post_policy(policy, Timestamp::now()).unwrap();
    let mut form = Vec::new();
    for (name, value) in signed.fields().chain(extra.iter().copied()) {
        form.extend(
            format!("--BOUNDARY\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    let head = "--BOUNDARY\r\nContent-Disposition: form-data; name=\"file\"; filename=\"cat.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n";
    form.extend(head.bytes());
    form.extend(file);
    form.extend(b"\r\n--BOUNDARY--\r\n");
    form
}

async fn post(gateway: &Gateway, form: Vec<u8>) -> (StatusCode, String) {
    post_to(&format!("{}/{BUCKET}", gateway.url), form).await
}

pub async fn post_to(url: &str, form: Vec<u8>) -> (StatusCode, String) {
    let request = Request::post(url).header("content-type", TYPE);
    send(request.header("content-length", form.len()).body(body(form)).unwrap()).await.unwrap()
}

async fn nothing_is_stored(client: &Client) {
    assert!(client.list("").await.unwrap().is_empty());
    for _ in 0..20 {
        if client.list_uploads("").await.unwrap().is_empty() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("an upload was left open");
}

#[tokio::test]
async fn a_form_is_stored_small_and_large() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let direct = bucket::Storage::of(&server).unwrap().bucket(BUCKET);
    for length in [0, 5, (8 << 20) - 1, 8 << 20, (8 << 20) + 1, 20 << 20] {
        let file = vec![b'x'; length];
        let policy = policy("user/").any("content-type").exact("success_action_status", "201");
        let (status, answer) =
            post(&gateway, form(FULL, &policy, &[("content-type", "image/jpeg")], &file)).await;
        assert_eq!(status, 201, "{length}: {answer}");
        assert!(answer.contains("<Key>user/cat.jpg</Key>"), "{answer}");
        let head = direct.head("user/cat.jpg").await.unwrap();
        assert_eq!((head.size, &*head.content_type), (length as u64, "image/jpeg"));
        assert!(direct.get("user/cat.jpg").await.unwrap() == file);
    }
    assert!(direct.list_uploads("").await.unwrap().is_empty());
}

#[tokio::test]
async fn pol_07_a_file_that_the_policy_does_not_allow_is_not_stored() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let direct = bucket::Storage::of(&server).unwrap().bucket(BUCKET);
    // One byte too many: at once, and after the first part was sent.
    for max in [4_u64, 9 << 20] {
        let file = vec![b'x'; usize::try_from(max).unwrap() + 1];
        let policy = policy("user/").with_content_length_range(1..=max);
        let (status, answer) = post(&gateway, form(FULL, &policy, &[], &file)).await;
        assert_eq!(status, 400, "{answer}");
        assert!(answer.contains("<Code>EntityTooLarge</Code>"), "{answer}");
        nothing_is_stored(&direct).await;
    }
    let policy = policy("user/").with_content_length_range(2..=9);
    let (_, answer) = post(&gateway, form(FULL, &policy, &[], b"x")).await;
    assert!(answer.contains("<Code>EntityTooSmall</Code>"), "{answer}");
    nothing_is_stored(&direct).await;
}

#[tokio::test]
async fn pay_08_a_spoiled_file_of_a_form_is_not_stored() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let direct = bucket::Storage::of(&server).unwrap().bucket(BUCKET);
    for length in [100_000, (8 << 20) + 5] {
        let file = vec![b'x'; length];
        let sum = ChecksumValue::of(Checksum::Crc32c, &file).to_string();
        let policy = policy("user/").any("x-amz-checksum-crc32c");
        for position in [0, length / 2, length - 1] {
            let mut spoiled = file.clone();
            spoiled[position] ^= 1;
            let form = form(FULL, &policy, &[("x-amz-checksum-crc32c", &sum)], &spoiled);
            let (status, answer) = post(&gateway, form).await;
            assert_eq!(status, 400, "{answer}");
            assert!(answer.contains("<Code>BadDigest</Code>"), "{answer}");
            nothing_is_stored(&direct).await;
        }
        let (status, answer) =
            post(&gateway, form(FULL, &policy, &[("x-amz-checksum-crc32c", &sum)], &file)).await;
        assert_eq!(status, 204, "{answer}");
        direct.delete("user/cat.jpg").await.unwrap();
    }
}

#[tokio::test]
async fn pol_01_the_key_of_a_form_is_checked_as_a_path_is() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let direct = bucket::Storage::of(&server).unwrap().bucket(BUCKET);
    for (key, extra, status) in [
        ("2023/", &[][..], 403),
        ("2024/../2023/", &[], 400),
        ("2024/", &[("x-amz-meta-other", "not in the policy")], 403),
    ] {
        let (found, answer) = post(&gateway, form(YEAR, &policy(key), extra, b"x")).await;
        assert_eq!(found, status, "{key}: {answer}");
    }
    // A second field of the same name, and a file name with a path.
    let (status, answer) = post(&gateway, form(YEAR, &policy("2024/"), &[("key", "2023/x")], b"x")).await;
    assert_eq!(status, 400, "{answer}");
    let name = form(YEAR, &policy("2024/"), &[], b"x");
    let name = String::from_utf8(name).unwrap().replace("\"cat.jpg\"", "\"../2023/cat.jpg\"");
    let (status, answer) = post(&gateway, name.into_bytes()).await;
    assert_eq!(status, 204, "{answer}");
    // Only the last segment of a file name counts, as on S3.
    assert_eq!(direct.list("").await.unwrap().len(), 1);
    direct.delete("2024/cat.jpg").await.unwrap();
    let public = policy("2024/").any("acl");
    let (status, answer) = post(&gateway, form(YEAR, &public, &[("acl", "public-read")], b"x")).await;
    assert_eq!(status, 501, "{answer}");
    let mut wrong = form(YEAR, &policy("2024/"), &[], b"x");
    let at = wrong.windows(15).position(|window| window == b"x-amz-signature").unwrap();
    let digit = wrong[at + 20];
    wrong[at + 20] = if digit == b'0' { b'1' } else { b'0' };
    assert_eq!(post(&gateway, wrong).await.0, 403);
    nothing_is_stored(&direct).await;

    let redirect = policy("2024/").exact("success_action_redirect", "https://example.com/done?a=b");
    let request = Request::post(format!("{}/{BUCKET}", gateway.url)).header("content-type", TYPE);
    let form = form(YEAR, &redirect, &[], b"x");
    let request = request.header("content-length", form.len()).body(body(form)).unwrap();
    let answer = bucket::Transport::new().unwrap().open(request).await.unwrap();
    assert_eq!(answer.status(), 303);
    let location = answer.headers()["location"].to_str().unwrap();
    assert!(
        location.starts_with("https://example.com/done?a=b&bucket=examplebucket&key=2024%2Fcat.jpg&etag="),
        "{location}"
    );
}

/// The fields before the file are not signed until the policy is read, so anyone can send them.
#[tokio::test]
async fn dos_01_what_precedes_the_file_of_a_form_is_not_collected() {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let address = gateway.url.strip_prefix("http://").unwrap();
    let field = |name: &str| format!("--BOUNDARY\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n");
    let fields: String =
        (0..90).map(|number| field(&format!("f{number}")) + &"x".repeat(1000) + "\r\n").collect();
    for begin in [String::new(), field("policy"), "--BOUNDARY\r\nContent-Disposition: ".to_owned(), fields] {
        let head = format!(
            "POST /{BUCKET} HTTP/1.1\r\nhost: {address}\r\ncontent-type: {TYPE}\r\ncontent-length: {}\r\n\r\n{begin}",
            256 << 20
        );
        let (mut reader, mut writer) = tokio::net::TcpStream::connect(address).await.unwrap().into_split();
        let sent = tokio::spawn(async move {
            let _ = writer.write_all(head.as_bytes()).await;
            for sent in 0..256 {
                if writer.write_all(&vec![b'x'; 1 << 20]).await.is_err() {
                    return sent;
                }
            }
            256
        });
        let mut answer = vec![0; 4096];
        let length = reader.read(&mut answer).await.unwrap_or(0);
        let answer = String::from_utf8_lossy(&answer[..length]).into_owned();
        assert!(answer.contains("<Code>MaxPostPreDataLengthExceeded</Code>"), "{answer}");
        drop(reader);
        // The buffers of the two sockets take some megabytes.
        let sent = sent.await.unwrap();
        assert!(sent < 32, "{sent} MiB were taken");
    }
}

/// A header that cannot be sent is not left out of what is stored.
#[tokio::test]
async fn a_field_of_a_form_that_is_no_header_is_refused_by_name() {
    let server = Server::start().await.unwrap();
    let gateway = Gateway::before(&server);
    let direct = bucket::Storage::of(&server).unwrap().bucket(BUCKET);
    let disposition = "attachment; filename=\"\u{e9}.html\"";
    let policy = policy("user/").exact("content-disposition", disposition);
    let (status, answer) = post(&gateway, form(FULL, &policy, &[], b"x")).await;
    assert_eq!(status, 400, "{answer}");
    assert!(answer.contains("content-disposition"), "{answer}");
    nothing_is_stored(&direct).await;
}
