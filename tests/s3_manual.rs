//! The worked examples of the manuals: the Amazon S3 API Reference and the AWS General Reference.
//!
//! Each example has a request and the results of the steps as its page shows them. The pages write
//! `Authorization` without spaces after the commas. AWS's SDKs and countersign write the spaces.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "a panic fails the test")]

use countersign::steps::{CredentialScope, Explain, SigningKey, StringToSign};
use countersign::{Expires, Payload, Region, Request, SecretAccessKey, Service, Signer, StreamingMode};
use testkit::{at, long_term};

/// A request that is signed in its headers.
struct Example {
    /// The document, the section and the example.
    source: &'static str,
    account: Account,
    time: &'static str,
    method: &'static str,
    url: &'static str,
    headers: &'static [(&'static str, &'static str)],
    payload: Payload<'static>,
    canonical_request: &'static [&'static str],
    /// The last line of the string to sign.
    canonical_request_sha256: &'static str,
    signed_headers: &'static str,
    signature: &'static str,
}

/// The credentials and the service of an example. The region is always us-east-1.
#[derive(Clone, Copy)]
struct Account {
    access_key_id: &'static str,
    secret: &'static str,
    service: &'static str,
}

fn region() -> Region {
    Region::new("us-east-1").unwrap()
}

/// The account of the S3 API Reference.
const S3: Account = Account {
    access_key_id: "AKIAIOSFODNN7EXAMPLE",
    secret: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
    service: "s3",
};

/// The account of the General Reference. Its secret has a plus sign where that of [`S3`] has a slash.
const IAM: Account = Account {
    access_key_id: "AKIDEXAMPLE",
    secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    service: "iam",
};

const EMPTY: Payload<'_> = Payload::Bytes(b"");

const IN_HEADERS: [Example; 8] = [
    Example {
        source: "S3 API Reference, \"Signature Calculations for the Authorization Header: Transferring \
                 Payload in a Single Chunk\", \"Example: GET Object\"",
        account: S3,
        time: "20130524T000000Z",
        method: "GET",
        url: "https://examplebucket.s3.amazonaws.com/test.txt",
        headers: &[("Range", "bytes=0-9")],
        payload: EMPTY,
        canonical_request: &[
            "GET",
            "/test.txt",
            "",
            "host:examplebucket.s3.amazonaws.com",
            "range:bytes=0-9",
            "x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "x-amz-date:20130524T000000Z",
            "",
            "host;range;x-amz-content-sha256;x-amz-date",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ],
        canonical_request_sha256: "7344ae5b7ee6c3e7e6b0fe0640412a37625d1fbfff95c48bbb2dc43964946972",
        signed_headers: "host;range;x-amz-content-sha256;x-amz-date",
        signature: "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41",
    },
    Example {
        // The page's request line lacks the slash before the key.
        source: "the same section, \"Example: PUT Object\"",
        account: S3,
        time: "20130524T000000Z",
        method: "PUT",
        url: "https://examplebucket.s3.amazonaws.com/test$file.text",
        headers: &[("Date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY")],
        payload: Payload::Bytes(b"Welcome to Amazon S3."),
        canonical_request: &[
            "PUT",
            "/test%24file.text",
            "",
            "date:Fri, 24 May 2013 00:00:00 GMT",
            "host:examplebucket.s3.amazonaws.com",
            "x-amz-content-sha256:44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
            "x-amz-date:20130524T000000Z",
            "x-amz-storage-class:REDUCED_REDUNDANCY",
            "",
            "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
            "44ce7dd67c959e0d3524ffac1771dfbba87d2b6b4b4e99e42034a8b803f8b072",
        ],
        canonical_request_sha256: "9e0e90d9c76de8fa5b200d8c849cd5b8dc7a3be3951ddb7f6a76b4158342019d",
        signed_headers: "date;host;x-amz-content-sha256;x-amz-date;x-amz-storage-class",
        signature: "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd",
    },
    Example {
        source: "the same section, \"Example: GET Bucket Lifecycle\"",
        account: S3,
        time: "20130524T000000Z",
        method: "GET",
        url: "https://examplebucket.s3.amazonaws.com/?lifecycle",
        headers: &[],
        payload: EMPTY,
        canonical_request: &[
            "GET",
            "/",
            "lifecycle=",
            "host:examplebucket.s3.amazonaws.com",
            "x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "x-amz-date:20130524T000000Z",
            "",
            "host;x-amz-content-sha256;x-amz-date",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ],
        canonical_request_sha256: "9766c798316ff2757b517bc739a67f6213b4ab36dd5da2f94eaebf79c77395ca",
        signed_headers: "host;x-amz-content-sha256;x-amz-date",
        signature: "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543",
    },
    Example {
        source: "the same section, \"Example: Get Bucket (List Objects)\"",
        account: S3,
        time: "20130524T000000Z",
        method: "GET",
        url: "https://examplebucket.s3.amazonaws.com/?max-keys=2&prefix=J",
        headers: &[],
        payload: EMPTY,
        canonical_request: &[
            "GET",
            "/",
            "max-keys=2&prefix=J",
            "host:examplebucket.s3.amazonaws.com",
            "x-amz-content-sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "x-amz-date:20130524T000000Z",
            "",
            "host;x-amz-content-sha256;x-amz-date",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ],
        canonical_request_sha256: "df57d21db20da04d7fa30298dd4488ba3a2b47ca3a489c74750e0f1e7df1b9b7",
        signed_headers: "host;x-amz-content-sha256;x-amz-date",
        signature: "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7",
    },
    Example {
        source: "S3 API Reference, \"Signature Calculations for the Authorization Header: Transferring \
                 Payload in Multiple Chunks\", \"Example: PUT Object\", the seed signature",
        account: S3,
        time: "20130524T000000Z",
        method: "PUT",
        url: "https://s3.amazonaws.com/examplebucket/chunkObject.txt",
        headers: &[
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("Content-Encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"),
            ("Content-Length", "66824"),
        ],
        payload: Payload::Streaming(StreamingMode::Signed),
        canonical_request: &[
            "PUT",
            "/examplebucket/chunkObject.txt",
            "",
            "content-encoding:aws-chunked",
            "content-length:66824",
            "host:s3.amazonaws.com",
            "x-amz-content-sha256:STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
            "x-amz-date:20130524T000000Z",
            "x-amz-decoded-content-length:66560",
            "x-amz-storage-class:REDUCED_REDUNDANCY",
            "",
            "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;\
             x-amz-decoded-content-length;x-amz-storage-class",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
        ],
        canonical_request_sha256: "cee3fed04b70f867d036f722359b0b1f2f0e5dc0efadbc082b76c4c60e316455",
        signed_headers: "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;\
                         x-amz-decoded-content-length;x-amz-storage-class",
        signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
    },
    Example {
        source: "S3 API Reference, \"Signature calculations for trailing headers\", \"Example: PUT Object\", \
                 the seed signature",
        account: S3,
        time: "20130524T000000Z",
        method: "PUT",
        url: "https://s3.amazonaws.com/examplebucket/chunkObject.txt",
        headers: &[
            ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
            ("Content-Encoding", "aws-chunked"),
            ("x-amz-decoded-content-length", "66560"),
            ("x-amz-trailer", "x-amz-checksum-crc32c"),
        ],
        payload: Payload::Streaming(StreamingMode::SignedTrailer),
        canonical_request: &[
            "PUT",
            "/examplebucket/chunkObject.txt",
            "",
            "content-encoding:aws-chunked",
            "host:s3.amazonaws.com",
            "x-amz-content-sha256:STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "x-amz-date:20130524T000000Z",
            "x-amz-decoded-content-length:66560",
            "x-amz-storage-class:REDUCED_REDUNDANCY",
            "x-amz-trailer:x-amz-checksum-crc32c",
            "",
            "content-encoding;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length;\
             x-amz-storage-class;x-amz-trailer",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
        ],
        canonical_request_sha256: "44d48b8c2f70eae815a0198cc73d7a546a73a93359c070abbaa5e6c7de112559",
        signed_headers: "content-encoding;host;x-amz-content-sha256;x-amz-date;\
                         x-amz-decoded-content-length;x-amz-storage-class;x-amz-trailer",
        signature: "106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e",
    },
    Example {
        source: "General Reference, \"Signing AWS requests with Signature Version 4\", tasks 1 to 4 \
                 (GET ListUsers)",
        account: IAM,
        time: "20150830T123600Z",
        method: "GET",
        url: "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
        headers: &[("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
        payload: EMPTY,
        canonical_request: &[
            "GET",
            "/",
            "Action=ListUsers&Version=2010-05-08",
            "content-type:application/x-www-form-urlencoded; charset=utf-8",
            "host:iam.amazonaws.com",
            "x-amz-date:20150830T123600Z",
            "",
            "content-type;host;x-amz-date",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        ],
        canonical_request_sha256: "f536975d06c0309214f805bb90ccff089219ecd68b2577efef23edd43b7e1a59",
        signed_headers: "content-type;host;x-amz-date",
        signature: "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7",
    },
    Example {
        source: "the same tasks, in the edition of 2011 (POST ListUsers)",
        account: IAM,
        time: "20110909T233600Z",
        method: "POST",
        url: "https://iam.amazonaws.com/",
        headers: &[("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
        payload: Payload::Bytes(b"Action=ListUsers&Version=2010-05-08"),
        canonical_request: &[
            "POST",
            "/",
            "",
            "content-type:application/x-www-form-urlencoded; charset=utf-8",
            "host:iam.amazonaws.com",
            "x-amz-date:20110909T233600Z",
            "",
            "content-type;host;x-amz-date",
            "b6359072c78d70ebee1e81adcbab4f01bf2c23245fa365ef83fe8f1f955085e2",
        ],
        canonical_request_sha256: "3511de7e95d28ecd39e9513b642aee07e54f4941150d8df8bf94b328ef7e55e2",
        signed_headers: "content-type;host;x-amz-date",
        signature: "ced6826de92d2bdeed8f846f0bf508e8559e98e4b0199114b84c54174deb456c",
    },
];

impl Account {
    fn signer(&self) -> Signer {
        let credentials = long_term(self.access_key_id, self.secret);
        Signer::new(credentials, region().as_str(), self.service()).unwrap()
    }

    fn service(self) -> Service {
        Service::new(self.service).unwrap()
    }

    fn scope(self, time: &str) -> String {
        CredentialScope::new(at(time), &region(), &self.service()).to_string()
    }
}

#[test]
fn signs_the_examples_in_headers() {
    for example in &IN_HEADERS {
        let Example { source, account, time, method, url, headers, payload, .. } = example;
        let request = Request::new(method, url, headers);
        let signed = account.signer().sign(&request, *payload, at(time)).unwrap();
        assert_steps(
            source,
            &signed.explain(),
            &example.canonical_request.join("\n"),
            &string_to_sign(time, *account, example.canonical_request_sha256),
        );
        assert_eq!(signed.signed_headers(), example.signed_headers, "{source}");
        assert_eq!(signed.signature().to_string(), example.signature, "{source}");
        let authorization = format!(
            "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
            account.access_key_id,
            account.scope(time),
            example.signed_headers,
            example.signature
        );
        assert_eq!(signed.authorization(), authorization, "{source}");
    }
}

/// S3 API Reference, "Authenticating Requests: Using Query Parameters", "An Example".
#[test]
fn presigns_the_example_of_s3() {
    const PARAMETERS: &str = "X-Amz-Algorithm=AWS4-HMAC-SHA256\
        &X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request\
        &X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host";
    const SIGNATURE: &str = "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404";
    let (url, time) = ("https://examplebucket.s3.amazonaws.com/test.txt", "20130524T000000Z");

    let a_day = Expires::DAY;
    // The host is in the URL, in a header, and next to a header that is never signed.
    let host = ("Host", "examplebucket.s3.amazonaws.com");
    for headers in [&[][..], &[host], &[host, ("User-Agent", "a browser")]] {
        let signed = S3.signer().presign(&Request::new("GET", url, headers), a_day, at(time)).unwrap();

        let host = "host:examplebucket.s3.amazonaws.com";
        let canonical = format!("GET\n/test.txt\n{PARAMETERS}\n{host}\n\nhost\nUNSIGNED-PAYLOAD");
        let digest = "3bfa292879f6447bbcda7001decf97f4a54dc650c8942174ae0a9121cf58ad04";
        assert_steps("presigned GET", &signed.explain(), &canonical, &string_to_sign(time, S3, digest));
        assert_eq!(signed.signature().to_string(), SIGNATURE);
        assert_eq!(signed.as_str(), format!("{url}?{PARAMETERS}&X-Amz-Signature={SIGNATURE}"));
    }
}

/// General Reference, "Add the signature to the HTTP request", "Adding signing information to the
/// query string". The page shows only the URL.
#[test]
fn presigns_the_example_of_iam() {
    let request = Request::new(
        "GET",
        "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08",
        &[("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
    );
    let a_minute = Expires::from_secs(60).unwrap();
    let signed = IAM.signer().presign(&request, a_minute, at("20150830T123600Z")).unwrap();
    assert_eq!(
        signed.as_str(),
        "https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08&X-Amz-Algorithm=AWS4-HMAC-SHA256\
         &X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fiam%2Faws4_request\
         &X-Amz-Date=20150830T123600Z&X-Amz-Expires=60&X-Amz-SignedHeaders=content-type%3Bhost\
         &X-Amz-Signature=37ac2f4fde00b0ac9bd9eadeb459b1bbee224158d66e7ae5fcadb70b2d181d02"
    );
}

/// General Reference, "Examples of how to derive a signing key for Signature Version 4", with every
/// key of the derivation.
#[test]
fn derives_the_keys_of_2012() {
    assert_eq!(
        keys("20120215"),
        [
            "969fbb94feb542b71ede6f87fe4d5fa29c789342b0f407474670f0c2489e0a0d",
            "69daa0209cd9c5ff5c8ced464a696fd4252e981430b10e3d3fd8e2f197d7a70c",
            "f72cfd46f26bc4643f06a11eabb6c0ba18780c19a8da0c31ace671265e3c87fa",
            "f4780e2d9f65fa895f9c67b32ce1baf0b0d8a43505a000a1a9e090d414db404d",
        ]
    );
}

/// General Reference, "Calculate the signature for AWS Signature Version 4".
#[test]
fn derives_the_keys_of_2015() {
    assert_eq!(
        keys("20150830"),
        [
            "0138c7a6cbd60aa727b2f653a522567439dfb9f3e72b21f9b25941a42f04a7cd",
            "f33d5808504bf34812e5fade63308b424b244c59189be2a591dd2282c7cb563f",
            "199e1f48c602a5ae77ce26a46906920e76fc8427aeaa53da643646fcda1ccfb0",
            "c4afb1cc5771d871763a393e44b703571b55cc28424d1a5e86da6ed3c154a4b9",
        ]
    );
}

/// General Reference, "Calculate the signature for AWS Signature Version 4", edition of 2011: the
/// signing key, which the page prints as a list of bytes, and a signature.
#[test]
fn derives_the_key_of_2011() {
    let [.., k_signing] = keys("20110909");
    assert_eq!(k_signing, "98f1d889fec4f4421adc522bab0ce1f82e6929c262ed15e5a94c90efd1e3b0e7");

    let digest = "3511de7e95d28ecd39e9513b642aee07e54f4941150d8df8bf94b328ef7e55e2";
    let text = StringToSign::from_text(string_to_sign("20110909T233600Z", IAM, digest));
    let (region, service) = (region(), IAM.service());
    let scope = CredentialScope::new(at("20110909T233600Z"), &region, &service);
    let signature = SigningKey::derive(&SecretAccessKey::new(IAM.secret), &scope).sign(&text);
    assert_eq!(signature.to_string(), "ced6826de92d2bdeed8f846f0bf508e8559e98e4b0199114b84c54174deb456c");
}

fn assert_steps(source: &str, steps: &Explain<'_>, canonical_request: &str, string_to_sign: &str) {
    assert_eq!(steps.canonical_request().to_string(), canonical_request, "{source}: canonical request");
    assert_eq!(steps.string_to_sign().to_string(), string_to_sign, "{source}: string to sign");
}

fn string_to_sign(time: &str, account: Account, canonical_request_sha256: &str) -> String {
    format!("AWS4-HMAC-SHA256\n{time}\n{}\n{canonical_request_sha256}", account.scope(time))
}

/// Returns `k_date`, `k_region`, `k_service` and `k_signing` in hex.
fn keys(date: &str) -> [String; 4] {
    let (region, service) = (region(), IAM.service());
    let scope = CredentialScope::new(at(&format!("{date}T000000Z")), &region, &service);
    let hex = |key: &[u8; 32]| key.iter().map(|byte| format!("{byte:02x}")).collect();
    SigningKey::derivation(&SecretAccessKey::new(IAM.secret), &scope).map(|key| hex(&key))
}
