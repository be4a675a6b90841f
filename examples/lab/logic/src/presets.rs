//! Requests that AWS publishes with their signatures.

use crate::answer::{Expected, Preset, Source};
use crate::question::{Mode, Question};

/// A published request.
struct Published {
    name: &'static str,
    title: &'static str,
    signature: &'static str,
    source: (&'static str, &'static str),
    question: fn() -> Question,
}

const HEADER: (&str, &str) = (
    "S3 API Reference, Signature Calculations for the Authorization Header",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html",
);
const QUERY: (&str, &str) = (
    "S3 API Reference, Authenticating Requests: Using Query Parameters",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html",
);
const CHUNKS: (&str, &str) = (
    "S3 API Reference, Transferring Payload in Multiple Chunks",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html",
);
const TRAILER: (&str, &str) = (
    "S3 API Reference, Signature calculations for trailing headers",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html",
);
const FORM: (&str, &str) = (
    "S3 API Reference, Browser-Based Upload using HTTP POST",
    "https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html",
);
const IAM: (&str, &str) = (
    "IAM User Guide, Create a signed AWS API request",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html",
);

const PUBLISHED: [Published; 9] = [
    Published {
        name: "get-object",
        title: "S3: GET Object",
        signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
        source: HEADER,
        question: get_object,
    },
    Published {
        name: "put-object",
        title: "S3: PUT Object",
        signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
        source: HEADER,
        question: || Question {
            method: "PUT".into(),
            url: "https://examplebucket.s3.amazonaws.com/test$file.text".into(),
            headers: "Date: Fri, 24 May 2013 00:00:00 GMT\nx-amz-storage-class: REDUCED_REDUNDANCY".into(),
            body: "Welcome to Amazon S3.".into(),
            ..get_object()
        },
    },
    Published {
        name: "get-lifecycle",
        title: "S3: GET Bucket Lifecycle",
        signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
        source: HEADER,
        question: || Question {
            url: "https://examplebucket.s3.amazonaws.com/?lifecycle".into(),
            headers: String::new(),
            ..get_object()
        },
    },
    Published {
        name: "list-objects",
        title: "S3: List Objects",
        signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
        source: HEADER,
        question: || Question {
            url: "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J".into(),
            headers: String::new(),
            ..get_object()
        },
    },
    Published {
        name: "presigned-get",
        title: "S3: presigned GET",
        signature: "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
        source: QUERY,
        question: || Question { mode: Mode::Presigned, headers: String::new(), ..get_object() },
    },
    Published {
        name: "chunked-upload",
        title: "S3: upload in chunks",
        signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
        source: CHUNKS,
        question: || Question {
            headers: "x-amz-storage-class: REDUCED_REDUNDANCY\nContent-Length: 66824".into(),
            ..chunked()
        },
    },
    Published {
        name: "chunked-trailer",
        title: "S3: upload in chunks with a trailer",
        signature: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
        source: TRAILER,
        question: || Question { trailer: "crc32c".into(), ..chunked() },
    },
    Published {
        name: "post-policy",
        title: "S3: POST form",
        signature: "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e",
        source: FORM,
        question: || Question {
            mode: Mode::Form,
            method: "POST".into(),
            url: "https://sigv4examplebucket.s3.amazonaws.com/".into(),
            headers: String::new(),
            time: "20151229T000000Z".into(),
            ..get_object()
        },
    },
    Published {
        name: "list-users",
        title: "IAM: ListUsers",
        signature: "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
        source: IAM,
        question: || Question {
            url: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08".into(),
            headers: "Content-Type: application/x-www-form-urlencoded; charset=utf-8".into(),
            access_key_id: "AKIDEXAMPLE".into(),
            secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into(),
            time: "20150830T123600Z".into(),
            service: "iam".into(),
            ..get_object()
        },
    },
];

/// Returns "Example: GET Object" of the S3 API Reference.
pub fn get_object() -> Question {
    Question {
        mode: Mode::Header,
        method: "GET".into(),
        url: "https://examplebucket.s3.amazonaws.com/test.txt".into(),
        headers: "Range: bytes=0-9".into(),
        body: String::new(),
        payload: "signed".into(),
        access_key_id: "AKIAIOSFODNN7EXAMPLE".into(),
        secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY".into(),
        session_token: String::new(),
        region: "us-east-1".into(),
        service: "s3".into(),
        time: "20130524T000000Z".into(),
        expires: 86_400,
        chunk_size: 65_536,
        trailer: String::new(),
        policy: POLICY.into(),
        broken_by: String::new(),
        service_answer: String::new(),
        lists: true,
    }
}

/// Returns the upload of 65 KiB that both pages about chunks describe.
fn chunked() -> Question {
    Question {
        mode: Mode::Chunked,
        method: "PUT".into(),
        url: "https://s3.amazonaws.com/examplebucket/chunkObject.txt".into(),
        headers: "x-amz-storage-class: REDUCED_REDUNDANCY".into(),
        body: "a".repeat(66_560),
        ..get_object()
    }
}

/// The policy of the page about forms. Its lines end with CR LF, as the Base64 of the page shows.
const POLICY: &str = "{ \"expiration\": \"2015-12-30T12:00:00.000Z\",\r
  \"conditions\": [\r
    {\"bucket\": \"sigv4examplebucket\"},\r
    [\"starts-with\", \"$key\", \"user/user1/\"],\r
    {\"acl\": \"public-read\"},\r
    {\"success_action_redirect\": \"http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html\"},\r
    [\"starts-with\", \"$Content-Type\", \"image/\"],\r
    {\"x-amz-meta-uuid\": \"14365123651274\"},\r
    {\"x-amz-server-side-encryption\": \"AES256\"},\r
    [\"starts-with\", \"$x-amz-meta-tag\", \"\"],\r
\r
    {\"x-amz-credential\": \"AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request\"},\r
    {\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"},\r
    {\"x-amz-date\": \"20151229T000000Z\" }\r
  ]\r
}";

/// Returns every preset.
pub fn all() -> Vec<Preset> {
    let preset = |of: &Published| Preset { name: of.name, title: of.title, question: (of.question)() };
    PUBLISHED.iter().map(preset).collect()
}

/// Returns the value that AWS publishes for this question, if it is a preset.
pub fn expected(question: &Question, signature: &str) -> Option<Expected> {
    let asked =
        Question { broken_by: String::new(), service_answer: String::new(), lists: true, ..question.clone() };
    let published = PUBLISHED.iter().find(|published| (published.question)() == asked)?;
    let (title, url) = published.source;
    Some(Expected {
        preset: published.name.into(),
        signature: published.signature.into(),
        source: Source { title: title.into(), url: url.into() },
        reached: published.signature == signature,
    })
}
