//! Browser forms, compared with the example of the S3 API Reference, with botocore and with `s3s`.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::post_policy::{FormError, FormKey, PostForm, PostPolicy, ReceivedForm, RejectedForm};
use countersign::{Credentials, Expires, Limits, Request, Service, Signer, Timestamp, Verifier, VerifyError};
use proptest::prelude::*;
use testkit::{assert_err, at, credentials, signer};

const BUCKET: &str = "sigv4examplebucket";

/// Verifies a form, and returns its key.
fn verify(fields: &[(&str, &str)], file_name: &str, now: Timestamp) -> Result<String, VerifyError> {
    verify_with(&credentials(), fields, file_name, now)
}

fn verify_with(
    known: &Credentials,
    fields: &[(&str, &str)],
    file_name: &str,
    now: Timestamp,
) -> Result<String, VerifyError> {
    let verifier = Verifier::new("us-east-1", Service::S3).unwrap().with_limits(Limits::default());
    let request = Request::new("POST", "/sigv4examplebucket", &[("host", "s3.amazonaws.com")]);
    let form = ReceivedForm::new(BUCKET, fields).with_file_name(file_name);
    let claim = verifier.claim_form(&request, &form, now)?;
    let key = (claim.claimed_access_key_id() == known.access_key_id()).then(|| claim.derive_key(known));
    claim.verify(key.as_ref()).map(|form| form.key().to_owned()).map_err(RejectedForm::into_error)
}

/// Returns what is wrong with a form.
fn form_error<T>(verified: Result<T, VerifyError>) -> Result<T, FormError> {
    verified.map_err(|error| match error {
        VerifyError::Form(error) => error,
        other => panic!("another error: {other}"),
    })
}

// ---- "Example: Browser-Based Upload using HTTP POST (Using AWS Signature Version 4)" of the S3 API Reference,
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html. The policy has CRLF line endings and an
// empty line, as the Base64 of the page shows.

const MANUAL_POLICY: &str = "{ \"expiration\": \"2015-12-30T12:00:00.000Z\",\r
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

const MANUAL_BASE64: &str = "\
eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4\
YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9\
LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3Nm\
dWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1\
aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMt\
d2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEy\
MjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7Ingt\
YW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9";

const MANUAL_SIGNATURE: &str = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e";

/// The fields of the page, in its order.
const MANUAL_FORM: [(&str, &str); 12] = [
    ("key", "user/user1/${filename}"),
    ("acl", "public-read"),
    ("success_action_redirect", "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"),
    ("Content-Type", "image/jpeg"),
    ("x-amz-meta-uuid", "14365123651274"),
    ("x-amz-server-side-encryption", "AES256"),
    ("X-Amz-Credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
    ("X-Amz-Algorithm", "AWS4-HMAC-SHA256"),
    ("X-Amz-Date", "20151229T000000Z"),
    ("x-amz-meta-tag", ""),
    ("Policy", MANUAL_BASE64),
    ("X-Amz-Signature", MANUAL_SIGNATURE),
];

#[test]
fn signs_the_policy_of_the_s3_reference() {
    let signed = signer().sign_policy_document(MANUAL_POLICY, at("20151229T000000Z")).unwrap();
    assert_eq!(signed.base64(), MANUAL_BASE64);
    assert_eq!(signed.signature().to_string(), MANUAL_SIGNATURE);
}

#[test]
fn verifies_the_form_of_the_s3_reference_until_it_expires() {
    let verify = |now| verify(&MANUAL_FORM, "MyFile.jpg", at(now));
    for now in ["20151229T000000Z", "20151230T115959Z"] {
        assert_eq!(verify(now), Ok("user/user1/MyFile.jpg".into()));
    }
    let (expired, now) = ("20151230T120000Z", "20151230T120000Z");
    assert_err!(form_error(verify(now)), FormError::PolicyExpired { at: at(expired), now: at(now) });
}

// ---- botocore 1.44.8, `client.generate_presigned_post("sigv4examplebucket", …)`, at 2015-12-29T00:00:00Z

/// `Key="user/user1/${filename}"`, `ExpiresIn=3600`.
const BOTOCORE: [(&str, &str); 8] = [
    ("acl", "public-read"),
    ("success_action_status", "201"),
    ("key", "user/user1/${filename}"),
    ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
    ("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
    ("x-amz-date", "20151229T000000Z"),
    (
        "policy",
        "eyJleHBpcmF0aW9uIjogIjIwMTUtMTItMjlUMDE6MDA6MDBaIiwgImNvbmRpdGlvbnMiOiBbeyJhY2wiOiAicHVibGljLXJlYWQifSwgeyJz\
         dWNjZXNzX2FjdGlvbl9zdGF0dXMiOiAiMjAxIn0sIFsic3RhcnRzLXdpdGgiLCAiJENvbnRlbnQtVHlwZSIsICJpbWFnZS8iXSwgWyJjb250\
         ZW50LWxlbmd0aC1yYW5nZSIsIDEsIDEwNDg1NzZdLCB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwgWyJzdGFydHMtd2l0aCIs\
         ICIka2V5IiwgInVzZXIvdXNlcjEvIl0sIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwgeyJ4LWFtei1jcmVkZW50\
         aWFsIjogIkFLSUFJT1NGT0ROTjdFWEFNUExFLzIwMTUxMjI5L3VzLWVhc3QtMS9zMy9hd3M0X3JlcXVlc3QifSwgeyJ4LWFtei1kYXRlIjog\
         IjIwMTUxMjI5VDAwMDAwMFoifV19",
    ),
    ("x-amz-signature", "4088a384f6384cdc06e1156fa9b8a24208c7f2eae452e75e735fbf2a1bb90bb2"),
];

/// `Key="reports/2015 é.pdf"`, `ExpiresIn=900`, temporary credentials.
const BOTOCORE_TOKEN: [(&str, &str); 8] = [
    ("x-amz-meta-note", "a \"quoted\" é value"),
    ("key", "reports/2015 é.pdf"),
    ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
    ("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
    ("x-amz-date", "20151229T000000Z"),
    ("x-amz-security-token", "IQoJb3JpZ2luX2VjEXAMPLE/+token=="),
    (
        "policy",
        "eyJleHBpcmF0aW9uIjogIjIwMTUtMTItMjlUMDA6MTU6MDBaIiwgImNvbmRpdGlvbnMiOiBbeyJ4LWFtei1tZXRhLW5vdGUiOiAiYSBcInF1\
         b3RlZFwiIFx1MDBlOSB2YWx1ZSJ9LCB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1wbGVidWNrZXQifSwgeyJrZXkiOiAicmVwb3J0cy8yMDE1IFx1\
         MDBlOS5wZGYifSwgeyJ4LWFtei1hbGdvcml0aG0iOiAiQVdTNC1ITUFDLVNIQTI1NiJ9LCB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlP\
         U0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LCB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAw\
         MDAwWiJ9LCB7IngtYW16LXNlY3VyaXR5LXRva2VuIjogIklRb0piM0pwWjJsdVgyVmpFWEFNUExFLyt0b2tlbj09In1dfQ==",
    ),
    ("x-amz-signature", "e06d2cd918cda5f0fe3e87ff3e91504861e083bba83ac6e499005a1cd46c73fe"),
];

#[test]
fn signs_and_verifies_the_forms_of_botocore() {
    let now = at("20151229T000000Z");
    let sent = [&[("Content-Type", "image/png")], &BOTOCORE[..]].concat();
    assert_eq!(verify(&sent, "a.png", now), Ok("user/user1/a.png".into()));
    let temporary = credentials().with_session_token("IQoJb3JpZ2luX2VjEXAMPLE/+token==").unwrap();
    let key = verify_with(&temporary, &BOTOCORE_TOKEN, "any", now);
    assert_eq!(key, Ok("reports/2015 é.pdf".into()));

    for (form, signer) in
        [(BOTOCORE, signer()), (BOTOCORE_TOKEN, Signer::new(temporary, "us-east-1", Service::S3).unwrap())]
    {
        let text = String::from_utf8(STANDARD.decode(form[6].1).unwrap()).unwrap();
        let signed = signer.sign_policy_document(&text, now).unwrap();
        assert_eq!((signed.base64(), signed.signature().to_string().as_str()), (form[6].1, form[7].1));
    }
}

/// Both policies of the same upload have the same conditions.
#[test]
fn builds_the_conditions_of_botocore() {
    let policy = PostPolicy::new(BUCKET, FormKey::prefix_and_filename("user/user1/"), Expires::HOUR)
        .exact("acl", "public-read")
        .exact("success_action_status", "201")
        .starts_with("Content-Type", "image/")
        .with_content_length_range(1..=1_048_576);
    let form = signer().sign_post_policy(&policy, at("20151229T000000Z")).unwrap();
    let sorted = |text: &[u8]| {
        let mut json: serde_json::Value = serde_json::from_slice(text).unwrap();
        json["conditions"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
        json
    };
    let theirs = STANDARD.decode(BOTOCORE[6].1).unwrap();
    assert_eq!(sorted(form.policy_document().as_bytes()), sorted(&theirs));
    let fields = |fields: &mut dyn Iterator<Item = (&str, &str)>| {
        let own = |name: &str| name != "policy" && name != "x-amz-signature";
        let fields = fields.filter(|(name, _)| own(name));
        let mut fields: Vec<(String, String)> =
            fields.map(|(name, value)| (name.into(), value.into())).collect();
        fields.sort();
        fields
    };
    assert_eq!(fields(&mut form.fields()), fields(&mut BOTOCORE.into_iter()));
}

#[test]
fn builds_the_document_and_the_fields_in_order() {
    let policy =
        PostPolicy::new(BUCKET, FormKey::exact("a \"b\" \u{e9}.txt"), Expires::from_secs(90).unwrap())
            .any("x-amz-meta-tag")
            .exact("Content-Type", "text/plain")
            .with_content_length_range(0..=u64::MAX);
    let form = signer().sign_post_policy(&policy, at("20151229T235930Z")).unwrap();
    assert_eq!(
        form.policy_document(),
        "{\"expiration\":\"2015-12-30T00:01:00Z\",\"conditions\":[{\"bucket\":\"sigv4examplebucket\"},\
         {\"key\":\"a \\\"b\\\" \u{e9}.txt\"},[\"starts-with\",\"$x-amz-meta-tag\",\"\"],{\"Content-Type\":\"text/plain\"},\
         [\"content-length-range\",0,18446744073709551615],{\"x-amz-algorithm\":\"AWS4-HMAC-SHA256\"},\
         {\"x-amz-credential\":\"AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request\"},\
         {\"x-amz-date\":\"20151229T235930Z\"}]}"
    );
    let names: Vec<&str> = form.fields().map(|(name, _)| name).collect();
    let own = ["x-amz-algorithm", "x-amz-credential", "x-amz-date", "policy", "x-amz-signature"];
    assert_eq!(names, [&["key", "Content-Type"], &own[..]].concat());
    assert_eq!(form.user_fields().collect::<Vec<_>>(), [("x-amz-meta-tag", "")]);
    assert_eq!(form.expiration(), at("20151230T000100Z"));
    assert_eq!(STANDARD.decode(form.policy().base64()).unwrap(), form.policy_document().as_bytes());
}

// ---- s3s, which shares no code with countersign

/// Returns the body that a browser sends.
fn multipart(fields: &[(&str, &str)], file_name: &str, file: &str) -> Vec<u8> {
    let mut body = String::new();
    for (name, value) in fields {
        body += &format!("--boundary\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
    }
    body += &format!(
        "--boundary\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{file_name}\"\r\n\
         Content-Type: text/plain\r\n\r\n{file}\r\n--boundary--\r\n"
    );
    body.into_bytes()
}

/// Returns the status of a server's response to a form.
async fn post(server: &bucket::server::Server, body: Vec<u8>) -> u16 {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let authority = server.endpoint().strip_prefix("http://").unwrap().to_owned();
    let mut stream = tokio::net::TcpStream::connect(&authority).await.unwrap();
    let head = format!(
        "POST /{} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\nContent-Length: {}\r\n\
         Content-Type: multipart/form-data; boundary=boundary\r\n\r\n",
        server.bucket,
        body.len()
    );
    stream.write_all(&[head.as_bytes(), &body].concat()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap().parse().unwrap()
}

#[tokio::test]
async fn s3s_accepts_the_forms() {
    let server = bucket::server::Server::start().await.unwrap();
    let policy = |key| {
        PostPolicy::new(server.bucket.clone(), key, Expires::HOUR)
            .exact("success_action_status", "201")
            .starts_with("Content-Type", "text/")
            .with_content_length_range(1..=5)
    };
    let now = Timestamp::now();
    let sign = |key| signer().sign_post_policy(&policy(key), now).unwrap();
    let with = |form: &PostForm, more: &[(&str, &str)]| {
        let more = more.iter().copied().map(|(name, value)| (name.to_owned(), value.to_owned()));
        form.fields().map(|(name, value)| (name.to_owned(), value.to_owned())).chain(more).collect::<Vec<_>>()
    };
    let body = |fields: &[(String, String)], file: &str| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&name[..], &value[..])).collect();
        multipart(&fields, "a.txt", file)
    };
    let text = ("Content-Type", "text/plain");

    for (form, more) in [
        (sign(FormKey::exact("exact.txt")), &[text][..]),
        (sign(FormKey::starts_with("some/")), &[text, ("key", "some/key")]),
        (sign(FormKey::any()), &[text, ("key", "any")]),
    ] {
        assert_eq!(post(&server, body(&with(&form, more), "hello")).await, 201, "{more:?}");
        for (wrong, file) in [
            (&[("Content-Type", "image/png")][..], "hello"),
            (&[text, ("x-amz-meta-a", "b")], "hello"),
            (more, "hello!"),
            (more, ""),
        ] {
            let status = post(&server, body(&with(&form, wrong), file)).await;
            assert!((400..500).contains(&status), "{status} for {wrong:?} and {file:?}");
        }
    }
}

/// `s3s` has its own parser for policies.
#[test]
fn s3s_parses_the_policies() {
    use s3s::post_policy::{PostPolicy as Theirs, PostPolicyCondition as Condition};
    let policy = PostPolicy::new(BUCKET, FormKey::starts_with("käse/\\\"/"), Expires::HOUR)
        .exact("x-amz-meta-a", "tab\tand \u{1f9c0}")
        .any("x-amz-meta-b")
        .with_content_length_range(3..=4);
    let form = signer().sign_post_policy(&policy, at("20151229T000000Z")).unwrap();
    let read = Theirs::from_base64(form.policy().base64()).unwrap();
    let eq = |field: &str, value: &str| Condition::Eq { field: field.into(), value: value.into() };
    let starts =
        |field: &str, prefix: &str| Condition::StartsWith { field: field.into(), prefix: prefix.into() };
    assert_eq!(
        read.conditions,
        [
            eq("bucket", BUCKET),
            starts("key", "käse/\\\"/"),
            eq("x-amz-meta-a", "tab\tand \u{1f9c0}"),
            starts("x-amz-meta-b", ""),
            Condition::ContentLengthRange { min: 3, max: 4 },
            eq("x-amz-algorithm", "AWS4-HMAC-SHA256"),
            eq("x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"),
            eq("x-amz-date", "20151229T000000Z"),
        ]
    );
}

// ---- Random policies and forms

fn text() -> impl Strategy<Value = String> {
    "[ -~äé€\u{1f9c0}\t]{0,12}".prop_filter("no placeholder", |text| !text.contains("${filename}"))
}

/// Generates conditions with different field names.
fn rules() -> impl Strategy<Value = Vec<(String, String, bool)>> {
    proptest::collection::btree_map("x-amz-meta-[a-z0-9]{1,4}", (text(), any::<bool>()), 0..5)
        .prop_map(|rules| rules.into_iter().map(|(name, (value, exact))| (name, value, exact)).collect())
}

/// The fields of every signed form, in addition to those of its conditions.
const SIGNED_FIELDS: [&str; 6] =
    ["key", "policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"];

proptest! {
    #[test]
    fn a_signed_form_verifies_and_a_changed_one_does_not(
        rules in rules(),
        prefix in "[a-zé/ ]{1,8}",
        file_name in "[a-z. ]{1,8}",
        change in any::<prop::sample::Index>(),
        upper in any::<bool>(),
    ) {
        let now = at("20151229T000000Z");
        let mut policy = PostPolicy::new(BUCKET, FormKey::prefix_and_filename(prefix.clone()), Expires::HOUR);
        for (name, value, exact) in &rules {
            policy = match exact {
                true => policy.exact(name.clone(), value.clone()),
                false => policy.starts_with(name.clone(), value.clone()),
            };
        }
        let form = signer().sign_post_policy(&policy, now).unwrap();
        let case = |name: &str| if upper { name.to_ascii_uppercase() } else { name.to_owned() };
        let mut fields: Vec<(String, String)> =
            form.fields().map(|(name, value)| (case(name), value.to_owned())).collect();
        fields.extend(form.user_fields().map(|(name, prefix)| (case(name), format!("{prefix}more"))));
        let check = |fields: &[(String, String)]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (&name[..], &value[..])).collect();
            verify(&fields, &file_name, now)
        };
        prop_assert_eq!(check(&fields), Ok(format!("{prefix}{file_name}")));
        let mut reversed = fields.clone();
        reversed.reverse();
        prop_assert!(check(&reversed).is_ok());

        let index = change.index(fields.len());
        let mut changed = fields.clone();
        changed[index].1.insert(0, '!');
        let name = fields[index].0.to_ascii_lowercase();
        let prefix = rules.iter().find(|(found, _, exact)| *found == name && !exact).map(|(_, prefix, _)| prefix);
        let open = prefix.is_some_and(|prefix| changed[index].1.starts_with(prefix));
        prop_assert_eq!(check(&changed).is_ok(), open);
        let mut renamed = fields.clone();
        renamed[index].0.push('x');
        let other = renamed[index].0.to_ascii_lowercase();
        if !rules.iter().any(|(found, ..)| *found == other) {
            let renamed = form_error(check(&renamed));
            match rules.iter().find(|(found, ..)| *found == name) {
                Some((_, value, false)) if value.is_empty() => {
                    assert_err!(renamed, FormError::ExtraField { name: other });
                }
                Some((name, value, exact)) => {
                    let operator = if *exact { "eq" } else { "starts-with" };
                    let expected = value.as_str();
                    assert_err!(
                        renamed,
                        FormError::ConditionFailed { operator: operator, name: name.as_str(), expected: expected }
                    );
                }
                None => {
                    let name = SIGNED_FIELDS.into_iter().find(|field| *field == name).unwrap();
                    assert_err!(renamed, FormError::MissingField { name: name });
                }
            }
        }
        let mut more = fields.clone();
        more.insert(index, ("x-amz-meta-other".into(), String::new()));
        assert_err!(form_error(check(&more)), FormError::ExtraField { name: "x-amz-meta-other" });
        let mut twice = fields.clone();
        twice.push(fields[index].clone());
        assert_err!(form_error(check(&twice)), FormError::RepeatedField { name: name });
    }

    /// A policy must have the same meaning for all parsers. A document that countersign accepts is also accepted by
    /// `s3s`.
    #[test]
    fn accepts_only_policies_that_s3s_accepts(document in documents()) {
        let base64 = STANDARD.encode(&document);
        let signature = signer().sign_policy_document(&document, at("20151229T000000Z")).unwrap();
        prop_assert_eq!(signature.base64(), &base64);
        let mut fields = MANUAL_FORM;
        fields[10].1 = &base64;
        let invalid = match verify(&fields, "a", at("20151229T000000Z")) {
            Err(error) => error.code() == "InvalidPolicyDocument",
            Ok(_) => false,
        };
        let theirs = s3s::post_policy::PostPolicy::from_base64(&base64);
        if theirs.is_err() {
            prop_assert!(invalid, "{}", document);
        }
    }
}

/// Generates documents that are almost valid.
fn documents() -> impl Strategy<Value = String> {
    let condition = prop_oneof![
        Just(r#"{"acl":"a"}"#),
        Just(r#"["eq","$acl","a"]"#),
        Just(r#"["starts-with","$key",""]"#),
        Just(r#"["content-length-range",1,2]"#),
        Just(r#"["content-length-range",2,1]"#),
        Just(r#"["content-length-range",-1,2.0]"#),
        Just(r#"{"a":"b","c":"d"}"#),
        Just(r#"{}"#),
        Just(r#"[]"#),
        Just(r#"["eq","$a"]"#),
        Just(r#"["ne","$a","b"]"#),
        Just(r#"["eq","$a",1]"#),
        Just("null"),
        Just("\"a\""),
        Just("[[]]"),
    ];
    let expiration = prop_oneof![
        8 => Just("2015-12-30T12:00:00.000Z"),
        1 => Just("2015-12-30T12:00:00Z"),
        1 => Just("2015-12-30"),
        1 => Just("2015-02-30T12:00:00Z"),
        1 => Just(""),
    ];
    let member =
        prop_oneof![9 => Just(""), 1 => Just(",\"a\":1"), 1 => Just(",\"conditions\":[]"), 1 => Just(",")];
    (expiration, proptest::collection::vec(condition, 0..4), member).prop_map(
        |(expiration, conditions, member)| {
            format!(r#"{{"expiration":"{expiration}","conditions":[{}]{member}}}"#, conditions.join(","))
        },
    )
}
