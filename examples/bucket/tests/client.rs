//! The client against the server, and what the environment may say.

use bucket::{Bucket, Error, Exit, Keys, Server, Settings, SettingsError, Storage, Transport};
use countersign::{Credentials, Expires, SecretAccessKey, Timestamp};

/// Among them those that a URL library rewrites, which have to take another way.
const KEYS: [&str; 12] = [
    "plain.txt",
    "a b+c",
    "100%25",
    "double//slash",
    "/leading",
    "trailing/",
    "i/./dot",
    "i/x/../dotdot",
    "..",
    "日本語 é",
    "q?a=1&b=2#f",
    "!*'()[]{}|\\^`",
];

#[tokio::test]
async fn any_key_can_be_used() {
    let bucket = Bucket::local().await.unwrap();
    for key in KEYS {
        bucket.client.put(key, key.as_bytes(), &[("content-type", "text/x-key")]).await.unwrap();
        assert_eq!(bucket.client.get(key).await.unwrap(), key);
        let head = bucket.client.head(key).await.unwrap();
        assert_eq!((head.size, head.content_type.as_str()), (key.len() as u64, "text/x-key"));
    }
    let mut expected = KEYS.map(|key| (key.to_owned(), key.len() as u64));
    expected.sort();
    let listed = bucket.client.list("").await.unwrap();
    assert_eq!(listed.into_iter().map(|listed| (listed.key, listed.size)).collect::<Vec<_>>(), expected);

    for key in KEYS {
        bucket.client.delete(key).await.unwrap();
    }
    assert!(bucket.client.list("").await.unwrap().is_empty());
}

/// The client omits the default port in `Host`, so the signature must omit it too.
#[tokio::test]
async fn the_endpoint_may_have_the_default_port() {
    let Ok(server) = Server::start_on("127.0.0.1:80".parse().unwrap()).await else {
        return eprintln!("not run: port 80 is in use, or not allowed");
    };
    assert_eq!(server.endpoint(), "http://127.0.0.1:80");
    let client = Storage::of(&server).unwrap().bucket(&server.bucket);
    client.put("a b", b"bytes", &[]).await.unwrap();
    assert_eq!(client.get("a b").await.unwrap(), "bytes");
    let url = client.presign("GET", "a b", &[], Expires::HOUR, Timestamp::now()).await.unwrap();
    assert_eq!(Transport::new().unwrap().send("GET", url.as_str(), &[], b"").await.unwrap().body(), "bytes");
}

#[tokio::test]
async fn presigned_urls_need_no_credentials() {
    let bucket = Bucket::local().await.unwrap();
    let anyone = Transport::new().unwrap();
    for key in KEYS {
        let headers = [("content-type", "text/x-key"), ("x-amz-meta-a", "b")];
        let put = bucket.client.presign("PUT", key, &headers, Expires::HOUR, Timestamp::now()).await.unwrap();
        let required: Vec<_> = put.required_headers().collect();
        anyone.send("PUT", put.as_str(), &required, key.as_bytes()).await.unwrap();

        let get = bucket.client.presign("GET", key, &[], Expires::HOUR, Timestamp::now()).await.unwrap();
        let got = anyone.send("GET", get.as_str(), &[], b"").await.unwrap();
        assert_eq!(
            (got.body().as_ref(), &got.headers()["x-amz-meta-a"]),
            (key.as_bytes(), &"b".parse().unwrap())
        );

        let error = anyone.send("DELETE", get.as_str(), &[], b"").await.unwrap_err();
        assert_eq!(error.code(), Some("SignatureDoesNotMatch"));
    }
}

#[tokio::test]
async fn errors_carry_what_s3_says() {
    let bucket = Bucket::local().await.unwrap();
    let Err(Error::Refused(refusal)) = bucket.client.get("missing").await else {
        panic!("there is no such object");
    };
    assert_eq!((refusal.status, refusal.code.as_str()), (404, "NoSuchKey"));
    assert_eq!(refusal.message, "The specified key does not exist.");

    // The answer to a HEAD has no body.
    assert_eq!(bucket.client.head("missing").await.unwrap_err().code(), Some("NotFound"));

    // No server listens at this port.
    let transport = Transport::new().unwrap();
    for url in ["http://127.0.0.1:1/", "http://127.0.0.1:1/.."] {
        let error = transport.send("GET", url, &[], b"").await.unwrap_err().to_string();
        assert!(error.starts_with("no answer from 127.0.0.1:") && !error.contains(url), "{error}");
    }
}

#[tokio::test]
async fn a_wrong_signer_is_refused() {
    let server = bucket::Server::start().await.unwrap();
    for (secret, region, code) in [
        ("wrong", "us-east-1", "SignatureDoesNotMatch"),
        (server.secret_key.as_str(), "eu-west-1", "AuthorizationHeaderMalformed"),
    ] {
        let credentials = Credentials::new(&server.access_key, SecretAccessKey::new(secret)).unwrap();
        let endpoint = Settings::of(&server).unwrap().endpoint;
        let storage = Storage::new(endpoint, region, "test", Keys::fixed(credentials)).unwrap();
        let client = storage.bucket(&server.bucket);
        assert_eq!(client.put("key", b"body", &[]).await.unwrap_err().code(), Some(code));
    }
}

fn read(variables: &[(&str, &str)]) -> Result<Option<Settings>, SettingsError> {
    Settings::read(|name| {
        variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
    })
}

const COMPLETE: [(&str, &str); 4] = [
    ("S3_BUCKET", "reports"),
    ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
    ("AWS_REGION", "eu-west-1"),
];

#[test]
fn the_environment_names_a_bucket_at_aws() {
    let settings = read(&COMPLETE).unwrap().unwrap();
    assert_eq!(
        settings.endpoint.object_url("reports", "a b").unwrap(),
        "https://reports.s3.eu-west-1.amazonaws.com/a%20b"
    );
    assert_eq!(settings.region, "eu-west-1");
}

#[test]
fn a_refusal_says_what_to_do_next() {
    let malformed = "<Error><Code>AuthorizationHeaderMalformed</Code><Message>the region 'a' is wrong; expecting 'b'</Message>";
    for (status, answer, advice) in [
        (400, format!("{malformed}</Error>"), "use --region with the region that the service expects"),
        (400, format!("{malformed}<Region>b</Region></Error>"), "use --region b, or set AWS_REGION"),
        (403, "<Error><Code>AccessDenied</Code></Error>".to_owned(), "may not do this: check their rights"),
        // The answer to HEAD.
        (403, String::new(), "may not do this: check their rights"),
    ] {
        let answer = http::Response::builder().status(status).body(bytes::Bytes::from(answer)).unwrap();
        let found = Error::Refused(Box::new(bucket::Refusal::of(answer))).advice().unwrap_or_default();
        assert!(found.contains(advice), "{advice}: {found}");
    }
}

#[test]
fn a_wrong_address_is_wrong_usage_and_missing_keys_are_configuration() {
    for (variable, value, exit) in [
        ("S3_ENDPOINT", "127.0.0.1:9000", Exit::Usage),
        ("S3_STYLE", "other", Exit::Usage),
        ("S3_BUCKET", "a b", Exit::Usage),
        ("AWS_SECRET_ACCESS_KEY", "", Exit::Configuration),
        ("AWS_REGION", "", Exit::Configuration),
    ] {
        let other = |(name, _): &(&str, &str)| *name != variable;
        let variables: Vec<_> = COMPLETE.into_iter().filter(other).chain([(variable, value)]).collect();
        let error = Error::from(read(&variables).err().unwrap());
        assert_eq!(error.exit(), exit, "{error}");
    }
}

#[test]
fn the_environment_names_a_bucket_elsewhere() {
    let elsewhere = [&COMPLETE[..], &[("S3_ENDPOINT", "http://127.0.0.1:9000")]].concat();
    let url =
        |variables: &[_]| read(variables).unwrap().unwrap().endpoint.object_url("reports", "k").unwrap();
    assert_eq!(url(&elsewhere), "http://127.0.0.1:9000/reports/k");

    let aws = [&COMPLETE[..], &[("S3_ENDPOINT", "https://s3.us-west-2.amazonaws.com")]].concat();
    assert_eq!(url(&aws), "https://reports.s3.us-west-2.amazonaws.com/k");

    let at_localhost =
        [&COMPLETE[..], &[("AWS_ENDPOINT_URL", "http://localhost:9000"), ("S3_STYLE", "virtual")]];
    assert_eq!(url(&at_localhost.concat()), "http://reports.localhost:9000/k");
}

#[test]
fn a_missing_variable_is_named() {
    assert!(read(&[]).unwrap().is_none());
    // Keys for something else do not make a bucket.
    assert!(read(&COMPLETE[1..]).unwrap().is_none());

    for missing in 1..COMPLETE.len() {
        let mut variables = COMPLETE.to_vec();
        let (name, _) = variables.remove(missing);
        let error = read(&variables).err().unwrap().to_string();
        assert!(error.starts_with(&format!("{name} is not set")), "{error}");
    }
    let error = read(&[("S3_ENDPOINT", "http://127.0.0.1:9000")]).err().unwrap().to_string();
    assert!(error.starts_with("S3_BUCKET is not set"), "{error}");

    let error = read(&[&COMPLETE[..], &[("S3_STYLE", "wrong")]].concat()).err().unwrap().to_string();
    assert_eq!(error, "S3_STYLE is not usable: it must be path or virtual");
}
