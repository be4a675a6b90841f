//! Browser forms and their policies.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::post_policy::{
    FormError, FormKey, FormLimit, InvalidPolicy, PolicyError, PostPolicy, ReceivedForm, RejectedForm,
    VerifiedForm,
};
use countersign::steps::CredentialScope;
use countersign::{
    Expires, Limits, MalformedAuthorization, Mechanism, Region, Request, Service, SignError, Signer,
    Timestamp, Verifier, VerifyError, VerifyingKey,
};

use testkit::*;

const BUCKET: &str = "examplebucket";
const EXPIRATION: &str = "2013-05-24T13:00:00.000Z";
const ALGORITHM: &str = "AWS4-HMAC-SHA256";

/// The conditions of a good form, as JSON.
const CONDITIONS: [&str; 8] = [
    r#"{"bucket": "examplebucket"}"#,
    r#"["starts-with", "$key", "user/"]"#,
    r#"{"acl": "public-read"}"#,
    r#"["starts-with", "$Content-Type", "image/"]"#,
    r#"["content-length-range", 2, 5]"#,
    r#"{"x-amz-algorithm": "AWS4-HMAC-SHA256"}"#,
    r#"["eq", "$x-amz-credential", "AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"]"#,
    r#"{"X-Amz-Date": "20130524T120000Z"}"#,
];

fn document(conditions: &[&str]) -> String {
    format!(r#"{{"expiration": "{EXPIRATION}", "conditions": [{}]}}"#, conditions.join(", "))
}

/// Returns the document of the good conditions and others.
fn and(more: &[&str]) -> String {
    document(&[&CONDITIONS[..], more].concat())
}

/// Returns the good conditions except those that contain this string.
fn but(text: &str) -> Vec<&'static str> {
    assert!(CONDITIONS.iter().any(|condition| condition.contains(text)), "{text}");
    CONDITIONS.into_iter().filter(|condition| !condition.contains(text)).collect()
}

/// A form as it is received. Every part can be changed.
#[derive(Clone, Debug)]
struct Form {
    bucket: String,
    fields: Vec<(String, String)>,
    file_name: String,
}

impl Form {
    fn unsigned() -> Self {
        Self { bucket: BUCKET.into(), fields: Vec::new(), file_name: "C:\\photos/cat.jpg".into() }
            .with("key", "user/${filename}")
            .with("acl", "public-read")
            .with("Content-Type", "image/jpeg")
            .with("X-Amz-Algorithm", ALGORITHM)
            .with("X-Amz-Credential", &format!("{ID}/{SCOPE}"))
            .with("X-Amz-Date", NOW)
    }

    fn good() -> Self {
        Self::unsigned().sign(&document(&CONDITIONS))
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    fn without(mut self, name: &str) -> Self {
        let before = self.fields.len();
        self.fields.retain(|(found, _)| !found.eq_ignore_ascii_case(name));
        assert!(self.fields.len() < before, "{name} is there");
        self
    }

    fn set(self, name: &str, value: &str) -> Self {
        self.without(name).with(name, value)
    }

    fn file_name(mut self, file_name: &str) -> Self {
        self.file_name = file_name.into();
        self
    }

    /// Sends the form to another bucket.
    fn to(mut self, bucket: &str) -> Self {
        self.bucket = bucket.into();
        self
    }

    fn get(&self, name: &str) -> &str {
        &self.fields.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).unwrap().1
    }

    /// Adds a policy and its correct signature, for the scope that the form names.
    fn sign(self, document: &str) -> Self {
        self.sign_text(&STANDARD.encode(document))
    }

    /// Adds a policy that is not encoded, and its correct signature.
    fn sign_text(self, policy: &str) -> Self {
        let scope = self.get("x-amz-credential").split_once('/').unwrap().1.to_owned();
        let first = format!("AWS4{SECRET}").into_bytes();
        let key = scope.split('/').fold(first, |key, part| hmac(&key, part).to_vec());
        let signature = hex::encode(hmac(&key, policy.as_bytes()));
        self.with("Policy", policy).with("X-Amz-Signature", &signature)
    }

    fn verify_at<T>(
        &self,
        verifier: &Verifier,
        request: &Request<'_>,
        now: Timestamp,
        read: impl FnOnce(VerifiedForm) -> T,
    ) -> Result<T, VerifyError> {
        let fields: Vec<(&str, &str)> =
            self.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let form = ReceivedForm::new(&self.bucket, &fields).with_file_name(&self.file_name);
        let claim = verifier.claim_form(request, &form, now)?;
        let key = look_up(claim.claimed_access_key_id()).map(|credentials| claim.derive_key(&credentials));
        claim.verify(key.as_ref()).map(read).map_err(RejectedForm::into_error)
    }

    fn verify_by(&self, verifier: &Verifier) -> Result<String, VerifyError> {
        self.verify_at(verifier, &post(), now(), |form| form.key().to_owned())
    }

    fn verified<T>(&self, read: impl FnOnce(VerifiedForm) -> T) -> T {
        self.verify_at(&verifier(), &post(), now(), read).unwrap()
    }
}

fn post() -> Request<'static> {
    Request::new("POST", "/examplebucket", &[("Host", "s3.example.com")])
}

#[track_caller]
fn accepted(form: &Form) {
    assert_eq!(form.verify_by(&verifier()).map(|_| ()), Ok(()), "{form:?}");
}

#[track_caller]
fn failed(form: &Form, operator: &'static str, name: &str, expected: &str) {
    refused!(
        form,
        VerifyError::Form(FormError::ConditionFailed { operator, name, expected }),
        "AccessDenied",
        403
    );
}

#[track_caller]
fn invalid(document: &str, error: InvalidPolicy) {
    let form = Form::unsigned().sign(document);
    refused!(&form, VerifyError::Form(FormError::InvalidPolicyDocument(error)), "InvalidPolicyDocument", 400);
}

// ---- The policy and its form

#[test]
fn pol_01_a_field_that_no_condition_names_is_refused() {
    accepted(&Form::good());
    for name in ["x-amz-meta-a", "X-AMZ-ACL", "tagging", "success_action_redirect", "submit", "x-ignore", ""]
    {
        refused!(
            &Form::good().with(name, "a"),
            VerifyError::Form(FormError::ExtraField { name: name.to_ascii_lowercase() }),
            "AccessDenied",
            403
        );
    }
    // Fields for encryption are not an exception, as in some servers.
    refused!(
        &Form::good().with("x-amz-server-side-encryption", "AES256"),
        VerifyError::Form(FormError::ExtraField { name: "x-amz-server-side-encryption" }),
        "AccessDenied",
        403
    );
    let named = Form::unsigned().with("x-amz-meta-a", "b").sign(&and(&[r#"{"x-amz-meta-a": "b"}"#]));
    accepted(&named);
}

#[test]
fn pol_01_ignored_fields_are_not_returned() {
    let form = Form::good().with("x-ignore-a", "any\nthing").with("X-Ignore-", "b");
    accepted(&form);
    form.verified(|form| {
        let names: Vec<&str> = form.fields().map(|(name, _)| name).collect();
        let own = ["x-amz-algorithm", "x-amz-credential", "x-amz-date"];
        assert_eq!(names, [&["acl", "content-type", "key"], &own[..]].concat());
        for name in ["x-ignore-a", "x-ignore-", "policy", "x-amz-signature", "bucket"] {
            assert_eq!(form.field(name), None, "{name}");
        }
    });
    // Not even if the policy names the field.
    let named = Form::unsigned().with("x-ignore-a", "b").sign(&and(&[r#"{"x-ignore-a": "b"}"#]));
    named.verified(|form| assert_eq!(form.field("x-ignore-a"), None));
    refused!(
        &Form::good().with("file", "x"),
        VerifyError::Form(FormError::NotOneFile),
        "InvalidArgument",
        400
    );
}

#[test]
fn pol_02_a_condition_that_fails_is_refused() {
    accepted(&Form::good());
    failed(&Form::good().set("acl", "private"), "eq", "acl", "public-read");
    failed(&Form::good().set("acl", "Public-Read"), "eq", "acl", "public-read");
    failed(&Form::good().set("acl", "public-read "), "eq", "acl", "public-read");
    failed(&Form::good().set("key", "User/cat.jpg"), "starts-with", "key", "user/");
    failed(&Form::good().set("key", "/user/cat.jpg"), "starts-with", "key", "user/");
    failed(&Form::good().without("acl"), "eq", "acl", "public-read");
    failed(&Form::good().without("Content-Type"), "starts-with", "content-type", "image/");
    // Names are compared without case.
    accepted(&Form::good().without("acl").with("ACL", "public-read"));
    accepted(&Form::good().without("key").with("KEY", "user/a"));
}

#[test]
fn pol_02_every_condition_of_a_field_must_hold() {
    let first = r#"["starts-with", "$key", "user/c"]"#;
    let form = |key: &str, condition: &str| Form::unsigned().set("key", key).sign(&and(&[condition]));
    accepted(&form("user/cat", first));
    failed(&form("user/dog", first), "starts-with", "key", "user/c");
    let exact = r#"["eq", "$KEY", "user/cat"]"#;
    accepted(&form("user/cat", exact));
    failed(&form("user/cats", exact), "eq", "key", "user/cat");
}

#[test]
fn pol_02_only_an_empty_prefix_accepts_a_missing_field() {
    let empty = r#"["starts-with", "$x-amz-meta-tag", ""]"#;
    accepted(&Form::unsigned().sign(&and(&[empty])));
    accepted(&Form::unsigned().with("x-amz-meta-tag", "any").sign(&and(&[empty])));
    let exact = r#"{"x-amz-meta-tag": ""}"#;
    failed(&Form::unsigned().sign(&and(&[exact])), "eq", "x-amz-meta-tag", "");
    accepted(&Form::unsigned().with("x-amz-meta-tag", "").sign(&and(&[exact])));
    // A field that every form requires must not be missing.
    let conditions = [&but("$key")[..], &[r#"["starts-with", "$key", ""]"#]].concat();
    let form = Form::unsigned().sign(&document(&conditions));
    accepted(&form);
    refused!(
        &form.without("key"),
        VerifyError::Form(FormError::MissingField { name: "key" }),
        "InvalidArgument",
        400
    );
}

#[test]
fn pol_02_filename_is_replaced_before_the_conditions_are_checked() {
    assert_eq!(Form::good().verify_by(&verifier()), Ok("user/cat.jpg".into()));
    for (file_name, key) in [
        ("cat.jpg", "user/cat.jpg"),
        ("/etc/../cat.jpg", "user/cat.jpg"),
        ("a\\b\\", "user/"),
        ("..", "user/.."),
        ("", "user/"),
        ("${filename}", "user/${filename}"),
        ("c${filename}t", "user/c${filename}t"),
        ("Ä €.jpg", "user/Ä €.jpg"),
    ] {
        assert_eq!(Form::good().file_name(file_name).verify_by(&verifier()), Ok(key.into()), "{file_name}");
    }
    let twice = Form::good().set("key", "user/${filename}/${filename}");
    assert_eq!(twice.verify_by(&verifier()), Ok("user/cat.jpg/cat.jpg".into()));
    // Dot segments of a key are not resolved.
    let dots = Form::good().set("key", "user/../${filename}");
    assert_eq!(dots.verify_by(&verifier()), Ok("user/../cat.jpg".into()));
    // The name of the file cannot make up for a prefix that the key does not have.
    let form = Form::good().set("key", "${filename}");
    failed(&form, "starts-with", "key", "user/");
    failed(&form.file_name("user/cat.jpg"), "starts-with", "key", "user/");
    // A placeholder in a policy is not replaced.
    let conditions = [&but("$key")[..], &[r#"{"key": "user/${filename}"}"#]].concat();
    failed(&Form::unsigned().sign(&document(&conditions)), "eq", "key", "user/${filename}");
    // The placeholder is replaced in every field except those of the signature.
    let any = r#"["starts-with", "$x-amz-meta-name", "n "]"#;
    let form = Form::unsigned().with("x-amz-meta-name", "n ${filename}").sign(&and(&[any]));
    form.verified(|form| assert_eq!(form.field("X-Amz-Meta-Name"), Some("n cat.jpg")));
}

#[test]
fn pol_02_each_part_of_a_content_type_must_begin_with_the_prefix() {
    let form = |value: &str| Form::good().set("Content-Type", value);
    accepted(&form("image/png,image/jpeg"));
    for value in
        ["image/png,text/html", "text/html,image/png", "image/png,", ",image/png", "image/png, image/jpeg"]
    {
        failed(&form(value), "starts-with", "content-type", "image/");
    }
    // Other fields are not lists.
    let tag = r#"["starts-with", "$x-amz-meta-tag", "a"]"#;
    accepted(&Form::unsigned().with("x-amz-meta-tag", "a,b").sign(&and(&[tag])));
}

#[test]
fn pol_03_a_form_that_is_sent_to_another_bucket_is_refused() {
    accepted(&Form::good());
    failed(&Form::good().to("otherbucket"), "eq", "bucket", "examplebucket");
    failed(&Form::good().to("Examplebucket"), "eq", "bucket", "examplebucket");
    // A field does not replace the bucket.
    accepted(&Form::good().with("Bucket", BUCKET));
    refused!(
        &Form::good().to("otherbucket").with("bucket", BUCKET),
        VerifyError::Form(FormError::WrongBucket),
        "AccessDenied",
        403
    );
    refused!(
        &Form::good().with("bucket", "otherbucket"),
        VerifyError::Form(FormError::WrongBucket),
        "AccessDenied",
        403
    );
    // There is no condition for the bucket.
    refused!(
        &Form::unsigned().sign(&document(&but("bucket"))),
        VerifyError::Form(FormError::MissingCondition { name: "bucket" }),
        "AccessDenied",
        403
    );
    refused!(
        &Form::unsigned().with("bucket", BUCKET).sign(&document(&but("bucket"))),
        VerifyError::Form(FormError::MissingCondition { name: "bucket" }),
        "AccessDenied",
        403
    );
    // A prefix of the bucket's name, which S3's manual allows.
    let conditions = [&but("bucket")[..], &[r#"["starts-with", "$bucket", "example"]"#]].concat();
    accepted(&Form::unsigned().sign(&document(&conditions)));
    failed(&Form::unsigned().to("b").sign(&document(&conditions)), "starts-with", "bucket", "example");
}

#[test]
fn pol_04_an_expired_policy_is_refused() {
    let verify = |form: &Form, now: &str| form.verify_at(&verifier(), &post(), at(now), |_| ());
    let form = Form::good();
    assert_eq!(verify(&form, "20130524T125959Z"), Ok(()));
    for now in ["20130524T130000Z", "20130524T130001Z", "20130525T000000Z", "20991231T235959Z"] {
        let error = verify(&form, now).unwrap_err();
        assert_error!(
            &error,
            VerifyError::Form(FormError::PolicyExpired { at: at("20130524T130000Z"), now: at(now) })
        );
        assert_eq!((error.code(), error.status()), ("AccessDenied", 403));
        assert_eq!(error.to_string(), "Invalid according to Policy: Policy expired.");
    }
    // A fraction of a second is dropped, and a policy is valid for a week at most.
    let conditions = CONDITIONS.join(",");
    let until = |text: &str| {
        Form::unsigned().sign(&format!(r#"{{"expiration":"{text}","conditions":[{conditions}]}}"#))
    };
    let expires_at = |form: &Form, expiration: &str, now: &str| {
        assert_err!(
            verify(form, now),
            VerifyError::Form(FormError::PolicyExpired { at: at(expiration), now: at(now) })
        );
    };
    let fraction = until("2013-05-24T13:00:00.999999999Z");
    expires_at(&fraction, "20130524T130000Z", "20130524T130000Z");
    let long = until("9999-12-31T23:59:59Z");
    assert_eq!(verify(&long, "20130531T115959Z"), Ok(()));
    expires_at(&long, "20130531T120000Z", "20130531T120000Z");
    expires_at(&until("2013-05-24T11:59:59Z"), "20130524T115959Z", NOW);
}

#[test]
fn pol_04_a_form_from_the_future_is_refused() {
    let verify = |now: &str| Form::good().verify_at(&verifier(), &post(), at(now), |_| ());
    assert_eq!(verify("20130524T114500Z"), Ok(()));
    let error = verify("20130524T114459Z").unwrap_err();
    assert_error!(&error, VerifyError::NotYetValid { time: now(), now: at("20130524T114459Z") });
    assert_eq!((error.code(), error.status()), ("AccessDenied", 403));
}

#[test]
fn pol_05_a_document_has_exactly_two_members() {
    let conditions = CONDITIONS.join(",");
    let whole = format!(r#"{{"expiration":"{EXPIRATION}","conditions":[{conditions}]}}"#);
    accepted(&Form::unsigned().sign(&whole));
    accepted(&Form::unsigned().sign(&format!(" \r\n\t{whole}\n")));
    accepted(&Form::unsigned().sign(&whole.replace("conditions", "\\u0063onditions")));
    let (e, c) = (format!(r#""expiration":"{EXPIRATION}""#), format!(r#""conditions":[{conditions}]"#));
    invalid(&format!("{{{e},{c},{e}}}"), InvalidPolicy::RepeatedMember);
    invalid(&format!("{{{c},{e},{c}}}"), InvalidPolicy::RepeatedMember);
    invalid(&format!(r#"{{{e},{c},"conditions":[]}}"#), InvalidPolicy::RepeatedMember);
    invalid(&format!(r#"{{{e},"\u0063onditions":[],{c}}}"#), InvalidPolicy::RepeatedMember);
    invalid(&format!(r#"{{{e},{c},"version":1}}"#), InvalidPolicy::UnknownMember);
    invalid(&format!(r#"{{{e},{c},"":null}}"#), InvalidPolicy::UnknownMember);
    invalid(&whole.replace("expiration", "Expiration"), InvalidPolicy::UnknownMember);
    invalid(&whole.replace("conditions", "CONDITIONS"), InvalidPolicy::UnknownMember);
    invalid(&format!("{{{c}}}"), InvalidPolicy::NoExpiration);
    invalid(&format!("{{{e}}}"), InvalidPolicy::NoConditions);
    for other in ["[]", "\"a\"", "null", "1", "true"] {
        invalid(other, InvalidPolicy::NotAnObject);
        invalid(&format!(r#"{{"expiration":{other},{c}}}"#), InvalidPolicy::Expiration);
    }
    for other in ["{}", "\"a\"", "null", "1", "true"] {
        invalid(&format!(r#"{{{e},"conditions":{other}}}"#), InvalidPolicy::ConditionsNotAList);
    }
}

#[test]
fn pol_05_an_expiration_that_is_not_a_time_is_refused() {
    let conditions = CONDITIONS.join(",");
    let with = |text: &str| format!(r#"{{"expiration":"{text}","conditions":[{conditions}]}}"#);
    for text in
        ["2013-05-24T13:00:00Z", EXPIRATION, "2013-05-24T13:00:00.1Z", "2013-05-24T13:00:00.123456789Z"]
    {
        accepted(&Form::unsigned().sign(&with(text)));
    }
    for text in [
        "",
        "20130524T130000Z",
        "2013-05-24",
        "2013-05-24T13:00Z",
        "2013-05-24T13:00:00",
        "2013-05-24 13:00:00Z",
        "2013-05-24t13:00:00z",
        "2013-05-24T13:00:00+00:00",
        "2013-05-24T13:00:00.Z",
        "2013-05-24T13:00:00,5Z",
        "2013-05-24T13:00:00.1234567890Z",
        "2013-05-24T13:00:00.+1Z",
        "2013-13-24T13:00:00Z",
        "2013-02-30T13:00:00Z",
        "2013-05-24T24:00:00Z",
        "2013-05-24T13:60:00Z",
        "2013-05-24T13:00:60Z",
        " 2013-05-24T13:00:00Z",
        "2013-05-24T13:00:00Z ",
        "+013-05-24T13:00:00Z",
        "99999-05-24T13:00:00Z",
        "1369400400",
    ] {
        invalid(&with(text), InvalidPolicy::Expiration);
    }
}

/// ceph/s3-tests, `test_post_object_case_insensitive_condition_fields`: 204.
#[test]
fn pol_05_an_operator_is_accepted_in_any_case() {
    accepted(&Form::unsigned().sign(&and(&[r#"["EQ", "$acl", "public-read"]"#])));
    accepted(&Form::unsigned().sign(&and(&[r#"["StArTs-WiTh", "$AcL", "public"]"#])));
    accepted(
        &Form::unsigned()
            .sign(&and(&[r#"["Content-Length-Range", 0, 9]"#, r#"["Starts-With", "$acl", ""]"#])),
    );
    failed(&Form::unsigned().sign(&and(&[r#"["Eq", "$acl", "private"]"#])), "eq", "acl", "private");
    failed(&Form::unsigned().sign(&and(&[r#"["STARTS-WITH", "$acl", "x"]"#])), "starts-with", "acl", "x");
}

#[test]
fn dos_01_the_values_of_a_policy_are_counted_before_memory_is_allocated_for_them() {
    accepted(&Form::good());
    let too_large = |conditions: &str| {
        let document = format!(r#"{{"expiration":"2013-05-24T13:00:00Z","conditions":{conditions}}}"#);
        let form = Form::unsigned().sign(&document);
        let error = form.verify_at(&verifier(), &post(), now(), |_| ()).unwrap_err();
        assert_error!(
            &error,
            VerifyError::Form(FormError::TooLarge { limit: FormLimit::Conditions, max: 256 })
        );
    };
    too_large(&format!("[{}0]", "0,".repeat(10_000)));
    too_large(&format!("[[{}[]]]", "[],".repeat(10_000)));
    too_large(&format!("[{{{}\"a\":1}}]", "\"a\":1,".repeat(5_000)));
    // 256 conditions are within the limit, and 257 are not.
    let range = r#"["content-length-range", 0, 9]"#;
    let ranges = |count: usize| vec![range; count].join(",");
    let own = CONDITIONS.len();
    let conditions = |count: usize| format!("[{},{}]", CONDITIONS.join(","), ranges(count - own));
    let document = format!(r#"{{"expiration":"2013-05-24T13:00:00Z","conditions":{}}}"#, conditions(256));
    accepted(&Form::unsigned().sign(&document));
    too_large(&conditions(257));
}

/// `serde_json` can represent a number as an object with this member. A document that has such an object has none of
/// the numbers that a policy allows, and other servers refuse it.
#[test]
fn pol_05_an_object_is_not_a_number() {
    accepted(&Form::unsigned().sign(&and(&[r#"["content-length-range", 0, 9]"#])));
    for object in [
        r#"{"$serde_json::private::Number":"9"}"#,
        r#"{"$serde_json::private::Number":"\u0039"}"#,
        r#"{"\u0024serde_json::private::Number":"9"}"#,
    ] {
        let document = and(&[&format!(r#"["content-length-range", 0, {object}]"#)]);
        let error =
            Form::unsigned().sign(&document).verify_at(&verifier(), &post(), now(), |_| ()).unwrap_err();
        assert_eq!(error.code(), "InvalidPolicyDocument", "{object}");
    }
}

#[test]
fn pol_05_malformed_conditions_are_refused() {
    accepted(&Form::unsigned().sign(&and(&[r#"["eq", "$acl", "public-read"]"#])));
    for (condition, error) in [
        ("null", InvalidPolicy::NotACondition),
        ("\"eq\"", InvalidPolicy::NotACondition),
        ("7", InvalidPolicy::NotACondition),
        ("[]", InvalidPolicy::NoOperator),
        ("[7, \"$acl\", \"a\"]", InvalidPolicy::NoOperator),
        ("[[\"eq\"], \"$acl\", \"a\"]", InvalidPolicy::NoOperator),
        (r#"["ne", "$acl", "x"]"#, InvalidPolicy::UnknownOperator),
        (r#"["", "$acl", "x"]"#, InvalidPolicy::UnknownOperator),
        (r#"["eq "]"#, InvalidPolicy::UnknownOperator),
        (r#"["eq"]"#, InvalidPolicy::NotTwoArguments),
        (r#"["eq", "$acl"]"#, InvalidPolicy::NotTwoArguments),
        (r#"["eq", "$acl", "public-read", "private"]"#, InvalidPolicy::NotTwoArguments),
        (r#"["content-length-range", 1]"#, InvalidPolicy::NotTwoArguments),
        (r#"["eq", "acl", "public-read"]"#, InvalidPolicy::NoDollar),
        (r#"["starts-with", "", ""]"#, InvalidPolicy::NoDollar),
        (r#"["eq", "$acl", 7]"#, InvalidPolicy::NotAString),
        (r#"["eq", "$acl", null]"#, InvalidPolicy::NotAString),
        (r#"["starts-with", "$acl", ["public"]]"#, InvalidPolicy::NotAString),
        (r#"["eq", 7, "a"]"#, InvalidPolicy::NotAString),
        ("{}", InvalidPolicy::NotOneProperty),
        (r#"{"acl": "public-read", "x-amz-meta-a": "b"}"#, InvalidPolicy::NotOneProperty),
        (r#"{"acl": "public-read", "acl": "public-read"}"#, InvalidPolicy::NotOneProperty),
        (r#"{"acl": 7}"#, InvalidPolicy::NotAString),
        (r#"{"acl": ["public-read"]}"#, InvalidPolicy::NotAString),
        (r#"{"acl": {"eq": "public-read"}}"#, InvalidPolicy::NotAString),
        (r#"["content-length-range", 5, 2]"#, InvalidPolicy::Range),
        (r#"["content-length-range", -1, 2]"#, InvalidPolicy::Range),
        (r#"["content-length-range", 1.0, 2]"#, InvalidPolicy::Range),
        (r#"["content-length-range", 0, 1e3]"#, InvalidPolicy::Range),
        (r#"["content-length-range", 0, 18446744073709551616]"#, InvalidPolicy::Range),
        (r#"["content-length-range", "0", "18446744073709551616"]"#, InvalidPolicy::Range),
        (r#"["content-length-range", "+1", "2"]"#, InvalidPolicy::Range),
        (r#"["content-length-range", "", "2"]"#, InvalidPolicy::Range),
        (r#"["content-length-range", " 1", "2"]"#, InvalidPolicy::Range),
        (r#"["content-length-range", null, 2]"#, InvalidPolicy::Range),
        (r#"["content-length-range", 0, [2]]"#, InvalidPolicy::Range),
    ] {
        invalid(&and(&[condition]), error);
    }
}

#[test]
fn pol_05_a_document_that_is_not_json_or_too_deep_is_refused() {
    let good = document(&CONDITIONS);
    accepted(&Form::unsigned().sign(&good));
    let is_json = |document: &str| {
        let error = Form::unsigned().sign(document).verify_by(&verifier()).unwrap_err();
        let json =
            matches!(&error, VerifyError::Form(FormError::InvalidPolicyDocument(InvalidPolicy::Json { .. })));
        assert!(json, "{document}: {error:?}");
        assert_eq!((error.code(), error.status()), ("InvalidPolicyDocument", 400));
    };
    for document in
        ["", "{", "not json", "\u{feff}{}", "{}{}", "{'a': 1}", "{\"a\": \"\\ud800\"}", "{\"a\": \"\u{1}\"}"]
    {
        is_json(document);
    }
    is_json(&format!("{good} x"));
    is_json(&format!("{good}{good}"));
    is_json(&good.replace("]}", ",]}"));
    is_json(&good.replace("public-read", "public\\$read"));
    is_json(&and(&[&("[".repeat(200) + &"]".repeat(200))]));
    is_json(&("[".repeat(40_000)));
    is_json(&("{\"a\":".repeat(8_000)));
    invalid(&and(&[&("[".repeat(100) + &"]".repeat(100))]), InvalidPolicy::NoOperator);
    // The document is not UTF-8.
    let bytes = [&good.as_bytes()[..10], b"\xff", &good.as_bytes()[10..]].concat();
    let error = Form::unsigned().sign_text(&STANDARD.encode(bytes)).verify_by(&verifier()).unwrap_err();
    assert_eq!(error.code(), "InvalidPolicyDocument");
}

#[test]
fn pol_06_base64_that_is_not_strict_is_refused() {
    // A policy whose encoding has padding and a character that is not in other alphabets.
    let mut good = String::new();
    for blanks in 0..3 {
        let document = and(&[r#"["starts-with", "$x-amz-meta-a", "~~~???>>>ÿÿÿ"]"#]) + &" ".repeat(blanks);
        good = STANDARD.encode(document);
        if good.ends_with("==") {
            break;
        }
    }
    assert!(good.contains('/') && good.ends_with("=="), "{good}");
    let form = || Form::unsigned().with("x-amz-meta-a", "~~~???>>>ÿÿÿ");
    accepted(&form().sign_text(&good));
    let unpadded = good.trim_end_matches('=');
    let mut last = unpadded.to_owned();
    let end = last.pop().unwrap();
    // The same bytes for a decoder that ignores the unused bits at the end.
    let lax = format!("{last}{}==", char::from_u32(u32::from(end) + 1).unwrap());
    for text in [
        unpadded.to_owned(),
        format!("{unpadded}="),
        format!("{good}="),
        format!("{good}{good}"),
        good.replace('/', "_"),
        format!("{}\n{}", &good[..76], &good[76..]),
        format!("{}\r\n{}", &good[..76], &good[76..]),
        format!(" {good}"),
        format!("{good}\n"),
        format!("{}={}", &good[..4], &good[4..]),
        format!("{}\u{e9}{}", &good[..4], &good[4..]),
        lax,
    ] {
        let error = VerifyError::Form(FormError::InvalidPolicyDocument(InvalidPolicy::Base64));
        refused!(&form().sign_text(&text), error, "InvalidPolicyDocument", 400);
    }
}

#[test]
fn pol_06_the_signature_covers_the_encoded_string_as_sent() {
    let good = Form::good();
    accepted(&good);
    // An equal document in another form: the conditions hold, but the signature does not match.
    let other = STANDARD.encode(document(&CONDITIONS).replace(": ", ":"));
    let error = VerifyError::SignatureDoesNotMatch;
    refused!(&good.set("policy", &other), error, "SignatureDoesNotMatch", 403);
}

#[test]
fn pol_07_a_file_that_is_too_long_or_too_short_is_refused() {
    let outcome = |pieces: &[&[u8]]| {
        Form::good().verified(|form| {
            assert_eq!(form.content_length_range(), Some(2..=5));
            let mut length = form.file_length();
            pieces.iter().try_for_each(|piece| length.update(piece))?;
            length.finish()
        })
    };
    assert_eq!(outcome(&[b"ab"]), Ok(2));
    assert_eq!(outcome(&[b"abcde"]), Ok(5));
    assert_eq!(outcome(&[b"a", b"", b"b", b"c", b"d", b"e"]), Ok(5));
    assert_err!(outcome(&[]), FormError::EntityTooSmall { received: 0, min: 2 });
    assert_err!(outcome(&[b"a"]), FormError::EntityTooSmall { received: 1, min: 2 });
    assert_err!(outcome(&[b"abcdef"]), FormError::EntityTooLarge { received: 6, max: 5 });
    assert_err!(outcome(&[b"abcde", b"f"]), FormError::EntityTooLarge { received: 6, max: 5 });
    // The error is returned as soon as the file is too long, and is permanent.
    let mut length = Form::good().verified(|form| form.file_length());
    assert_eq!(length.update(b"abcde"), Ok(()));
    assert_err!(length.update(b"f"), FormError::EntityTooLarge { received: 6, max: 5 });
    assert_err!(length.update(b""), FormError::EntityTooLarge { received: 6, max: 5 });
    assert_err!(length.finish(), FormError::EntityTooLarge { received: 6, max: 5 });

    let (large, small) = (outcome(&[b"abcdef"]).unwrap_err(), outcome(&[]).unwrap_err());
    assert_eq!((large.code(), large.status()), ("EntityTooLarge", 400));
    assert_eq!((small.code(), small.status()), ("EntityTooSmall", 400));
    let xml = VerifyError::from(large).to_xml("/", "1");
    assert!(xml.contains("<ProposedSize>6</ProposedSize><MaxSizeAllowed>5</MaxSizeAllowed>"), "{xml}");
    assert!(VerifyError::from(small).to_xml("/", "1").contains("<MinSizeAllowed>2</MinSizeAllowed>"));
}

#[test]
fn pol_07_every_range_of_a_policy_must_hold() {
    let range =
        |more: &[&str]| Form::unsigned().sign(&and(more)).verified(|form| form.content_length_range());
    assert_eq!(range(&[r#"["content-length-range", "3", "010"]"#]), Some(3..=5));
    assert_eq!(range(&[r#"["content-length-range", 0, 4]"#]), Some(2..=4));
    // No length is in both ranges: every file is refused.
    let mut length = Form::unsigned()
        .sign(&and(&[r#"["content-length-range", 7, 9]"#]))
        .verified(|form| form.file_length());
    assert_err!(length.clone().finish(), FormError::EntityTooSmall { received: 0, min: 7 });
    assert_eq!(length.update(b"abcde"), Ok(()));
    assert_err!(length.clone().finish(), FormError::EntityTooSmall { received: 5, min: 7 });
    assert_err!(length.update(b"fg"), FormError::EntityTooLarge { received: 7, max: 5 });
    let open = Form::unsigned().sign(&document(&but("content-length-range")));
    assert_eq!(open.verified(|form| form.content_length_range()), None);
    assert_eq!(open.verified(|form| form.file_length().finish()), Ok(0));
}

#[test]
fn pol_08_a_repeated_field_is_refused_in_any_case() {
    accepted(&Form::good());
    for (name, other) in [
        ("key", "KEY"),
        ("acl", "acl"),
        ("Content-Type", "content-type"),
        ("X-Amz-Date", "x-amz-date"),
        ("X-Amz-Credential", "X-Amz-Credential"),
        ("Policy", "policy"),
        ("X-Amz-Signature", "x-amz-signature"),
    ] {
        let form = Form::good();
        let value = form.get(name).to_owned();
        refused!(
            &form.clone().with(other, &value),
            VerifyError::Form(FormError::RepeatedField { name: name.to_ascii_lowercase() }),
            "InvalidArgument",
            400
        );
        refused!(
            &form.with(other, "another"),
            VerifyError::Form(FormError::RepeatedField { name: name.to_ascii_lowercase() }),
            "InvalidArgument",
            400
        );
    }
    let ignored = Form::good().with("x-ignore-a", "").with("X-Ignore-A", "");
    refused!(
        &ignored,
        VerifyError::Form(FormError::RepeatedField { name: "x-ignore-a" }),
        "InvalidArgument",
        400
    );
}

/// Fields after the file are not given to the verifier.
#[test]
fn pol_09_a_field_after_the_file_is_missing() {
    let form = Form::good();
    accepted(&form);
    for name in ["key", "policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"] {
        let before_the_file = form.clone().without(name);
        let text = format!(
            "Bucket POST must contain a field named '{name}'.  If it is specified, please check the order of the fields."
        );
        assert_eq!(before_the_file.verify_by(&verifier()).unwrap_err().to_string(), text);
        refused!(
            &before_the_file,
            VerifyError::Form(FormError::MissingField { name }),
            "InvalidArgument",
            400
        );
    }
    failed(&form.without("acl"), "eq", "acl", "public-read");
}

#[test]
fn pol_10_a_part_of_a_signature_is_not_anonymous() {
    let form = Form::good();
    accepted(&form);
    let names = ["policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"];
    for kept in names {
        let alone =
            names.iter().filter(|name| **name != kept).fold(form.clone(), |form, name| form.without(name));
        let missing = *names.iter().find(|name| **name != kept).unwrap();
        refused!(
            &alone,
            VerifyError::Form(FormError::MissingField { name: missing }),
            "InvalidArgument",
            400
        );
    }
    refused!(
        &form.clone().set("policy", ""),
        VerifyError::Form(FormError::InvalidPolicyDocument(InvalidPolicy::Json { line: 1, column: 0 })),
        "InvalidPolicyDocument",
        400
    );
    for (name, error, code, status) in [
        (
            "x-amz-credential",
            FormError::InvalidCredential(MalformedAuthorization::Credential),
            "AuthorizationQueryParametersError",
            400,
        ),
        ("x-amz-date", FormError::InvalidDate, "InvalidArgument", 400),
        ("x-amz-signature", FormError::InvalidSignature, "SignatureDoesNotMatch", 403),
    ] {
        refused!(&form.clone().set(name, ""), VerifyError::Form(error), code, status);
    }
    let token =
        names.iter().fold(form.clone(), |form, name| form.without(name)).with("x-amz-security-token", TOKEN);
    refused!(&token, VerifyError::Form(FormError::MissingField { name: "policy" }), "InvalidArgument", 400);
    // Without any part of a signature, the form is anonymous.
    let none = names.iter().fold(form, |form, name| form.without(name));
    refused!(&none, VerifyError::Anonymous, "AccessDenied", 403);
}

#[test]
fn pol_11_the_policy_must_fix_the_fields_of_the_signature() {
    accepted(&Form::good());
    for (name, condition) in [
        ("x-amz-algorithm", "x-amz-algorithm"),
        ("x-amz-credential", "x-amz-credential"),
        ("x-amz-date", "X-Amz-Date"),
    ] {
        // There is no condition; one that allows other values; one with another value.
        refused!(
            &Form::unsigned().sign(&document(&but(condition))),
            VerifyError::Form(FormError::MissingCondition { name }),
            "AccessDenied",
            403
        );
        let prefix = format!(r#"["starts-with", "${name}", ""]"#);
        let loose = [&but(condition)[..], &[&prefix]].concat();
        refused!(
            &Form::unsigned().sign(&document(&loose)),
            VerifyError::Form(FormError::MissingCondition { name }),
            "AccessDenied",
            403
        );
        let exact = format!(r#"["eq", "${name}", "other"]"#);
        let other = [&but(condition)[..], &[&exact]].concat();
        failed(&Form::unsigned().sign(&document(&other)), "eq", name, "other");
        // With both conditions, the exact one fixes the value.
        accepted(&Form::unsigned().sign(&and(&[&prefix])));
    }
    // The policy of one time in a form of another.
    let other = Form::unsigned().set("x-amz-date", "20130524T120001Z").sign(&document(&CONDITIONS));
    failed(&other, "eq", "x-amz-date", NOW);
}

#[test]
fn pol_11_the_policy_must_fix_the_token() {
    let form = |conditions: &[&str]| {
        let own = format!(r#"{{"x-amz-credential": "{TEMPORARY_ID}/{SCOPE}"}}"#);
        let conditions = [&but("x-amz-credential")[..], &[&own], conditions].concat();
        Form::unsigned()
            .set("x-amz-credential", &format!("{TEMPORARY_ID}/{SCOPE}"))
            .with("x-amz-security-token", TOKEN)
            .sign(&document(&conditions))
    };
    let exact = format!(r#"{{"x-amz-security-token": "{TOKEN}"}}"#);
    accepted(&form(&[&exact]));
    refused!(
        &form(&[]),
        VerifyError::Form(FormError::MissingCondition { name: "x-amz-security-token" }),
        "AccessDenied",
        403
    );
    refused!(
        &form(&[r#"["starts-with", "$x-amz-security-token", ""]"#]),
        VerifyError::Form(FormError::MissingCondition { name: "x-amz-security-token" }),
        "AccessDenied",
        403
    );
    // The token of the policy is not in the error.
    failed(&form(&[r#"{"x-amz-security-token": "somebody's"}"#]), "eq", "x-amz-security-token", "");
}

// ---- Promises for every kind of request

#[test]
fn pay_08_a_verifier_that_requires_a_signed_body_refuses_forms() {
    let form = Form::good();
    accepted(&form);
    let strict = verifier().require_signed_body();
    refused_by!(&strict, &form, VerifyError::UnsignedBody, "AccessDenied", 403);
}

#[test]
fn sig_01_a_forged_signature_is_refused() {
    let form = Form::good();
    accepted(&form);
    let right = form.get("x-amz-signature").to_owned();
    let error = VerifyError::SignatureDoesNotMatch;
    for (index, digit) in right.char_indices() {
        let other = if digit == '0' { '1' } else { '0' };
        let mut forged = right.clone();
        forged.replace_range(index..=index, &other.to_string());
        refused!(&form.clone().set("x-amz-signature", &forged), error.clone(), "SignatureDoesNotMatch", 403);
    }
}

#[test]
fn sig_02_a_signature_of_a_form_is_64_lower_case_digits() {
    let form = Form::good();
    accepted(&form);
    let right = form.get("x-amz-signature").to_owned();
    let upper = right.to_uppercase();
    for signature in
        ["", &right[..63], &right[..8], &upper, &format!("{right}0"), &format!(" {right}"), &"g".repeat(64)]
    {
        let form = form.clone().set("x-amz-signature", signature);
        refused!(&form, VerifyError::Form(FormError::InvalidSignature), "SignatureDoesNotMatch", 403);
    }
}

#[test]
fn alg_01_the_algorithm_of_a_form_is_exact() {
    accepted(&Form::good());
    for algorithm in
        ["", "AWS4-HMAC-SHA256 ", "aws4-hmac-sha256", "AWS4-HMAC-SHA1", "AWS4-HMAC", "AWS4-ECDSA-P256-SHA256"]
    {
        let condition = format!(r#"{{"x-amz-algorithm": "{algorithm}"}}"#);
        let conditions = [&but("x-amz-algorithm")[..], &[&condition]].concat();
        let form = Form::unsigned().set("x-amz-algorithm", algorithm).sign(&document(&conditions));
        let error = form.verify_by(&verifier()).unwrap_err();
        assert_eq!(error.to_string(), "Only AWS4-HMAC-SHA256 is supported");
        assert_refusal!(
            error,
            form,
            VerifyError::UnsupportedAlgorithm { mechanism: Mechanism::Form, algorithm },
            "InvalidArgument",
            400
        );
    }
}

#[test]
fn alg_03_a_form_with_signature_version_2_is_refused_by_name() {
    let form = Form { bucket: BUCKET.into(), fields: Vec::new(), file_name: "a".into() }
        .with("key", "user/a")
        .with("AWSAccessKeyId", ID)
        .with("policy", &STANDARD.encode(document(&but("x-amz-"))))
        .with("signature", "0RavWzkygo6QX9caELEqKi9kDbU=");
    refused!(&form, VerifyError::SignatureVersion2, "InvalidRequest", 400);
    for (name, value) in [("awsaccesskeyid", ID), ("AWSAccessKeyId", ID), ("Signature", "x")] {
        refused!(&Form::good().with(name, value), VerifyError::SignatureVersion2, "InvalidRequest", 400);
    }
    // Also with another bucket, as ceph/s3-tests sends it (`test_post_object_wrong_bucket`).
    refused!(&form.to("other"), VerifyError::SignatureVersion2, "InvalidRequest", 400);
    accepted(&Form::good());
}

#[test]
fn aut_03_a_signed_form_in_a_signed_request_is_refused() {
    let verify = |request: &Request<'_>| Form::good().verify_at(&verifier(), request, now(), |_| ());
    let signer = signer();
    let url = "https://s3.example.com/examplebucket";
    let bare = Request::new("POST", url, &[]);
    assert_eq!(verify(&bare), Ok(()));
    assert_eq!(verify(&Request::new("POST", url, &[("authorization", "Bearer x")])), Ok(()));

    let signed = signer.sign(&bare, countersign::Payload::Unsigned, now()).unwrap();
    let headers: Vec<(&str, &str)> = signed.iter().collect();
    let error = verify(&Request::new("POST", url, &headers)).unwrap_err();
    assert_eq!((&error, error.code(), error.status()), (&VerifyError::TwoMechanisms, "InvalidArgument", 400));
    let presigned = signer.presign(&bare, Expires::HOUR, now()).unwrap();
    assert_eq!(verify(&Request::new("POST", presigned.as_str(), &[])), Err(VerifyError::TwoMechanisms));
    // Parts of another signature are refused, too.
    let incomplete_url = verify(&Request::new("POST", "https://s3.example.com/b?X-Amz-Signature=x", &[]));
    assert_err!(
        incomplete_url,
        VerifyError::AuthorizationQueryParametersError(MalformedAuthorization::MissingParameters {
            names: [
                "X-Amz-Algorithm",
                "X-Amz-Credential",
                "X-Amz-Date",
                "X-Amz-SignedHeaders",
                "X-Amz-Expires"
            ]
        })
    );
    let incomplete_header = VerifyError::AuthorizationHeaderMalformed(MalformedAuthorization::Components);
    let version_2 = "https://s3.example.com/b?AWSAccessKeyId=x&Signature=y&Expires=1";
    for (url, headers, error) in [
        (version_2, &[][..], VerifyError::SignatureVersion2),
        (url, &[("Authorization", "AWS4-HMAC-SHA256 x")], incomplete_header),
        (url, &[("Authorization", "AWS a:b")], VerifyError::SignatureVersion2),
    ] {
        assert_eq!(verify(&Request::new("POST", url, headers)), Err(error));
    }
    for method in ["PUT", "GET", "post", "OPTIONS"] {
        let error = verify(&Request::new(method, url, &[])).unwrap_err();
        assert_eq!((&error, error.status()), (&FormError::NotPost.into(), 405));
    }
}

#[test]
fn scp_01_the_date_of_the_scope_is_the_day_of_the_form() {
    let form = |scope: &str, date: &str| {
        let condition = format!(r#"{{"x-amz-credential": "{ID}/{scope}"}}"#);
        let day = format!(r#"{{"x-amz-date": "{date}"}}"#);
        let rest: Vec<&str> =
            but("x-amz-credential").into_iter().filter(|text| !text.contains("Date")).collect();
        Form::unsigned()
            .set("x-amz-credential", &format!("{ID}/{scope}"))
            .set("x-amz-date", date)
            .sign(&document(&[&rest[..], &[&condition, &day]].concat()))
    };
    accepted(&form(SCOPE, NOW));
    let code = "AuthorizationQueryParametersError";
    let mechanism = Mechanism::Form;
    refused!(
        &form("20130523/us-east-1/s3/aws4_request", NOW),
        VerifyError::DateMismatch { mechanism, scope_date: "20130523", time: now() },
        code,
        400
    );
    refused!(
        &form(SCOPE, "20130523T235959Z"),
        VerifyError::DateMismatch { mechanism, scope_date: "20130524", time: at("20130523T235959Z") },
        code,
        400
    );

    // SCP-02 to SCP-04, with a correct signature for each scope.
    for region in ["us-west-2", ""] {
        refused!(
            &form(&format!("20130524/{region}/s3/aws4_request"), NOW),
            VerifyError::WrongRegion { mechanism, region, expected: "us-east-1" },
            code,
            400
        );
    }
    refused!(
        &form("20130524/us-east-1/execute-api/aws4_request", NOW),
        VerifyError::WrongService { mechanism, service: "execute-api", expected: "s3" },
        code,
        400
    );
    for (scope, malformed) in [
        ("20130524/us-east-1/s3/aws4", MalformedAuthorization::Terminator),
        ("20130524/us-east-1/s3", MalformedAuthorization::Credential),
        ("2013052/us-east-1/s3/aws4_request", MalformedAuthorization::CredentialDate),
        ("20130524/us-east-1/s3/aws4_request/", MalformedAuthorization::Terminator),
    ] {
        refused!(&form(scope, NOW), VerifyError::Form(FormError::InvalidCredential(malformed)), code, 400);
    }
}

#[test]
fn tim_02_the_date_of_a_form_is_a_time() {
    accepted(&Form::good());
    for date in [
        "",
        "20130524",
        "20130524T120000",
        "2013-05-24T12:00:00Z",
        "20130230T120000Z",
        "20130524T120000z",
        "now",
    ] {
        let condition = format!(r#"{{"x-amz-date": "{date}"}}"#);
        let conditions = [&but("X-Amz-Date")[..], &[&condition]].concat();
        let form = Form::unsigned().set("x-amz-date", date).sign(&document(&conditions));
        refused!(&form, VerifyError::Form(FormError::InvalidDate), "InvalidArgument", 400);
    }
}

#[test]
fn tim_03_forms_at_the_ends_of_the_calendar_are_refused() {
    let form = |date: &str| {
        let credential = format!("{ID}/{}/us-east-1/s3/aws4_request", &date[..8]);
        let conditions = format!(r#"{{"x-amz-credential":"{credential}"}},{{"x-amz-date":"{date}"}}"#);
        let rest: Vec<&str> =
            but("x-amz-credential").into_iter().filter(|text| !text.contains("Date")).collect();
        let document = format!(
            r#"{{"expiration":"9999-12-31T23:59:59Z","conditions":[{},{conditions}]}}"#,
            rest.join(",")
        );
        Form::unsigned().set("x-amz-credential", &credential).set("x-amz-date", date).sign(&document)
    };
    accepted(&form(NOW));
    for (date, clock, accepted) in [
        ("99991231T235959Z", NOW, false),
        ("00000101T000000Z", NOW, false),
        ("99991231T235958Z", "99991231T235958Z", true),
        // No later expiration can be written, so that the form has expired.
        ("99991231T235959Z", "99991231T235959Z", false),
        ("00000101T000000Z", "99991231T235959Z", false),
        ("00000101T000000Z", "00000101T000000Z", true),
    ] {
        let outcome = form(date).verify_at(&verifier(), &post(), at(clock), |_| ());
        assert_eq!(outcome.is_ok(), accepted, "{date} at {clock}: {outcome:?}");
    }
}

#[test]
fn idn_01_a_form_with_an_unknown_access_key_id_is_refused() {
    let form = |id: &str| {
        let condition = format!(r#"{{"x-amz-credential": "{id}/{SCOPE}"}}"#);
        let conditions = [&but("x-amz-credential")[..], &[&condition]].concat();
        Form::unsigned().set("x-amz-credential", &format!("{id}/{SCOPE}")).sign(&document(&conditions))
    };
    accepted(&form(ID));
    refused!(
        &form("AKIDUNKNOWN"),
        VerifyError::InvalidAccessKeyId { access_key_id: "AKIDUNKNOWN" },
        "InvalidAccessKeyId",
        403
    );
    // An id may contain slashes: the scope is at the end.
    refused!(
        &form("a/b/c"),
        VerifyError::InvalidAccessKeyId { access_key_id: "a/b/c" },
        "InvalidAccessKeyId",
        403
    );
}

#[cfg(feature = "std")]
#[test]
fn idn_03_a_key_of_another_id_or_scope_refuses_a_form() {
    let form = Form::good();
    accepted(&form);
    let fields: Vec<(&str, &str)> = form.fields.iter().map(|(name, value)| (&name[..], &value[..])).collect();
    let claim = || verifier().claim_form(&post(), &ReceivedForm::new(BUCKET, &fields), now()).unwrap();
    let verify = |key: &VerifyingKey| claim().verify(key).map(|_| ()).map_err(RejectedForm::into_error);
    assert_eq!(verify(&claim().derive_key(&credentials())), Ok(()));
    let region = Region::new("us-east-1").unwrap();
    let yesterday = CredentialScope::new(at("20130523T120000Z"), &region, &Service::S3);
    for key in [
        claim().derive_key(&long_term("AKIDOTHER", SECRET)),
        VerifyingKey::derive(&credentials(), &yesterday.into()),
    ] {
        let error = verify(&key).unwrap_err();
        assert_eq!((&error, error.status()), (&VerifyError::KeyMismatch, 500));
    }
    let expired = credentials().with_expiration(now());
    assert_err!(verify(&claim().derive_key(&expired)), VerifyError::CredentialsExpired { at: now() });
    // A cache keeps the keys of forms, too.
    let cache = countersign::KeyCache::new(2);
    for _ in 0..2 {
        assert!(claim().verify_cached(&cache, &credentials()).is_ok());
        assert_eq!(cache.len(), 1);
    }
    // The error returns the claim, which the right key verifies. The cache is unchanged.
    let (error, rejected) = claim().verify_cached(&cache, &expired).unwrap_err().into_parts();
    assert_eq!(cache.len(), 1);
    assert_error!(&error, VerifyError::CredentialsExpired { at: now() });
    let key = rejected.derive_key(&credentials());
    assert!(rejected.verify(&key).is_ok());
}

#[test]
fn tok_01_a_form_of_a_temporary_key_needs_its_own_token() {
    let form = |field: Option<(&str, &str)>| {
        let id = format!(r#"{{"x-amz-credential": "{TEMPORARY_ID}/{SCOPE}"}}"#);
        let form = Form::unsigned().set("x-amz-credential", &format!("{TEMPORARY_ID}/{SCOPE}"));
        let token = field.map(|(name, token)| format!(r#"{{"{name}": "{token}"}}"#));
        let conditions = [&but("x-amz-credential")[..], &[&id], &Vec::from_iter(token.as_deref())].concat();
        let form = match field {
            Some((name, token)) => form.with(name, token),
            None => form,
        };
        form.sign(&document(&conditions))
    };
    accepted(&form(Some(("x-amz-security-token", TOKEN))));
    let refused = |field| refused!(&form(field), VerifyError::InvalidToken, "InvalidToken", 400);
    refused(None);
    let longer = format!("{TOKEN}x");
    for token in ["", "another", &longer, &TOKEN[1..]] {
        refused(Some(("x-amz-security-token", token)));
    }
    refused(Some(("X-Amz-S3session-Token", TOKEN)));
    // The form has both names, and the policy fixes both.
    let own = |name: &str, value: &str| format!(r#"{{"{name}": "{value}"}}"#);
    let names = ["x-amz-security-token", "x-amz-s3session-token"];
    let [security, s3_session] = names.map(|name| own(name, TOKEN));
    let id = own("x-amz-credential", &format!("{TEMPORARY_ID}/{SCOPE}"));
    let conditions = [&but("x-amz-credential")[..], &[&id, &security, &s3_session]].concat();
    let both = Form::unsigned()
        .set("x-amz-credential", &format!("{TEMPORARY_ID}/{SCOPE}"))
        .with(names[0], TOKEN)
        .with(names[1], TOKEN)
        .sign(&document(&conditions));
    refused!(&both, VerifyError::InvalidToken, "InvalidToken", 400);
}

#[test]
fn tok_03_a_token_in_a_form_of_a_long_term_key_is_refused() {
    let form = Form::unsigned()
        .with("x-amz-security-token", TOKEN)
        .sign(&and(&[&format!(r#"{{"x-amz-security-token": "{TOKEN}"}}"#)]));
    refused!(&form, VerifyError::InvalidToken, "InvalidToken", 400);
    accepted(&Form::good());
}

#[test]
fn can_08_control_characters_in_a_form_are_refused() {
    let any = r#"["starts-with", "$x-amz-meta-a", ""]"#;
    let form = |value: &str| Form::unsigned().with("x-amz-meta-a", value).sign(&and(&[any]));
    for value in ["", "a\tb", "ä €", "\u{a0}"] {
        accepted(&form(value));
    }
    for value in ["a\r\nSet-Cookie: b", "a\nb", "\0", "\r", "\u{7f}", "\u{85}"] {
        refused!(
            &form(value),
            VerifyError::Form(FormError::InvalidField { name: "x-amz-meta-a" }),
            "InvalidRequest",
            400
        );
    }
    refused!(
        &Form::good().file_name("a\nb"),
        VerifyError::Form(FormError::InvalidField { name: "key" }),
        "InvalidRequest",
        400
    );
    refused!(
        &Form::good().with("X-\nb", ""),
        VerifyError::Form(FormError::InvalidField { name: "x-\nb" }),
        "InvalidRequest",
        400
    );
    // Values may have line endings where a document is expected.
    let tagging = Form::unsigned()
        .with("Tagging", "<Tagging>\r\n</Tagging>")
        .sign(&and(&[r#"["starts-with", "$tagging", "<Tagging>"]"#]));
    accepted(&tagging);
}

#[test]
fn can_08_a_key_that_an_object_cannot_have_is_refused() {
    let conditions = [&but("$key")[..], &[r#"["starts-with", "$key", ""]"#]].concat();
    let form = |key: &str| Form::unsigned().set("key", key).sign(&document(&conditions));
    accepted(&form(&"k".repeat(1024)));
    refused!(&form(&"k".repeat(1025)), VerifyError::Form(FormError::KeyTooLong), "KeyTooLongError", 400);
    refused!(&form(""), VerifyError::Form(FormError::EmptyKey), "InvalidArgument", 400);
    refused!(
        &form("${filename}").file_name("a/"),
        VerifyError::Form(FormError::EmptyKey),
        "InvalidArgument",
        400
    );
    refused!(
        &form("${filename}").file_name(&"k".repeat(1025)),
        VerifyError::Form(FormError::KeyTooLong),
        "KeyTooLongError",
        400
    );
}

/// The fields that every signed form must have.
const SIGNED_FIELDS: [&str; 6] =
    ["key", "policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature"];

/// Changes every byte of every field.
#[test]
fn pol_02_any_single_change_is_refused() {
    let good = Form::good();
    accepted(&good);
    for (index, (name, value)) in good.fields.iter().enumerate() {
        for at in 0..value.len() {
            let mut bytes = value.clone().into_bytes();
            bytes[at] ^= 1;
            let mut form = good.clone();
            form.fields[index].1 = String::from_utf8(bytes).unwrap();
            // The part after a prefix may have any value.
            let open = match name.as_str() {
                "key" => at >= "user/".len(),
                "Content-Type" => at >= "image/".len(),
                _ => false,
            };
            assert_eq!(form.verify_by(&verifier()).is_ok(), open, "{name} at {at}");
        }
        for renamed in [format!("{name}x"), format!("x{name}"), name[1..].into()] {
            let mut form = good.clone();
            form.fields[index].0 = renamed;
            match name.as_str() {
                "acl" => failed(&form, "eq", "acl", "public-read"),
                "Content-Type" => failed(&form, "starts-with", "content-type", "image/"),
                _ => {
                    let lower = name.to_ascii_lowercase();
                    let name = SIGNED_FIELDS.into_iter().find(|field| *field == lower).unwrap();
                    let error = form.verify_by(&verifier()).unwrap_err();
                    assert_error!(&error, VerifyError::Form(FormError::MissingField { name }), "{form:?}");
                }
            }
        }
    }
}

#[test]
fn dos_01_limits_of_a_form_are_checked_first() {
    let by = |limits: Limits, form: &Form| form.verify_by(&verifier().with_limits(limits));
    let default = Limits::default();
    let form = Form::good();
    let count = form.fields.len();
    let bytes = form.fields.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>()
        + form.file_name.len();
    // `${filename}` is replaced by the name of the file.
    let filled = bytes + "cat.jpg".len();
    let exact = default.with_form_fields(count).with_form_bytes(filled).with_conditions(CONDITIONS.len());
    assert!(by(exact, &form).is_ok());
    for (limits, limit, max) in [
        (exact.with_form_fields(count - 1), FormLimit::Fields, count - 1),
        (exact.with_form_bytes(bytes - 1), FormLimit::Bytes, bytes - 1),
        (exact.with_form_bytes(filled - 1), FormLimit::Bytes, filled - 1),
        (exact.with_conditions(CONDITIONS.len() - 1), FormLimit::Conditions, CONDITIONS.len() - 1),
    ] {
        let error = by(limits, &form).unwrap_err();
        assert_refusal!(
            error,
            limits,
            VerifyError::Form(FormError::TooLarge { limit, max }),
            "MaxMessageLengthExceeded",
            400
        );
    }
    // The limit includes the replaced placeholders.
    let bomb = form.set("key", &"${filename}".repeat(1_000)).file_name(&"f".repeat(40_000));
    assert!(matches!(by(default, &bomb), Err(VerifyError::Form(FormError::TooLarge { .. }))));
}

#[test]
fn dos_02_a_hundred_thousand_conditions_are_checked() {
    const MANY: usize = 100_000;
    let more: Vec<String> = (0..MANY).map(|n| format!(r#"{{"x-amz-meta-{n}": "{n}"}}"#)).collect();
    let more: Vec<&str> = more.iter().map(String::as_str).collect();
    let form = (0..MANY)
        .rev()
        .fold(Form::unsigned(), |form, n| form.with(&format!("X-Amz-Meta-{n}"), &n.to_string()));
    let limits = Limits::default()
        .with_form_fields(usize::MAX)
        .with_form_bytes(usize::MAX)
        .with_conditions(usize::MAX);
    let verifier = verifier().with_limits(limits);
    // Quadratic work would take too long.
    assert!(form.clone().sign(&and(&more)).verify_by(&verifier).is_ok());
    assert_err!(
        form.sign(&and(&[])).verify_by(&verifier),
        VerifyError::Form(FormError::ExtraField { name: "x-amz-meta-0" })
    );
    // All conditions are for one field, whose value is a list.
    let same = vec![r#"["starts-with", "$Content-Type", "i"]"#; MANY];
    let list = vec!["image/png"; MANY].join(",");
    assert!(Form::unsigned().set("Content-Type", &list).sign(&and(&same)).verify_by(&verifier).is_ok());
}

#[test]
fn dos_03_no_form_makes_the_verifier_panic() {
    let texts =
        ["", "\0", "é", "/", "////", "${filename}", "$", "{", "\u{10ffff}", "=", "====", "AAA=", "e30="];
    let good = Form::good();
    for index in 0..good.fields.len() {
        for text in texts {
            let mut form = good.clone();
            form.fields[index].1 = text.into();
            let _ = form.verify_by(&verifier());
            form.fields[index].0 = text.into();
            let _ = form.file_name(text).verify_by(&verifier());
        }
    }
    for document in
        ["{\"expiration\"", "{\"expiration\":\"é-01-01T00:00:00Z\",\"conditions\":[[\"eq\",\"é\",\"\"]]}"]
    {
        let _ = Form::unsigned().sign(document).verify_by(&verifier());
    }
}

#[test]
fn sec_01_forms_print_no_secret() {
    let signer = temporary_signer();
    let policy = PostPolicy::new(BUCKET, FormKey::exact("k"), Expires::HOUR)
        .exact("x-amz-server-side-encryption-customer-key", "customer's");
    let form = signer.sign_post_policy(&policy, now()).unwrap();
    let fields: Vec<(&str, &str)> = form.fields().collect();
    let received = ReceivedForm::new(BUCKET, &fields);
    let claim = verifier().claim_form(&post(), &received, now()).unwrap();
    let claim_text = format!("{claim:?}");
    let key = claim.derive_key(&temporary());
    let verified = claim.verify(&key).unwrap();
    let (signature, base64) = (form.policy().signature().to_string(), form.policy().base64());
    for text in [
        format!("{policy:?}"),
        format!("{form:?}{:?}", form.policy()),
        format!("{received:?}"),
        format!("{claim_text}{verified:?}"),
    ] {
        for secret in [TOKEN, SECRET, "customer's", &signature, base64] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    assert!(format!("{received:?}").contains("x-amz-security-token"), "names are printed");
}

#[test]
fn sec_02_no_error_of_a_form_contains_the_token_or_the_correct_signature() {
    let form = temporary_signer()
        .sign_post_policy(&PostPolicy::new(BUCKET, FormKey::exact("k"), Expires::HOUR), now())
        .unwrap();
    let signature = form.policy().signature().to_string();
    let good: Vec<(String, String)> =
        form.fields().map(|(name, value)| (name.into(), value.into())).collect();
    let good = Form { bucket: BUCKET.into(), fields: good, file_name: String::new() };
    accepted(&good);
    let mut seen = 0;
    for index in 0..good.fields.len() {
        for change in ["", "x", &"0".repeat(64), "e30="] {
            let mut form = good.clone();
            form.fields[index].1 = change.into();
            let error = form.verify_by(&verifier()).unwrap_err();
            let text = format!("{error:?}{error}{}", error.to_xml("/", "1"));
            assert!(!text.contains(TOKEN) && !text.contains(&signature), "{text}");
            seen += 1;
        }
    }
    assert_eq!(seen, 4 * good.fields.len());
}

#[test]
fn sec_02_an_explanation_of_a_form_does_not_contain_the_policy() {
    // The policy states the session token, in base64.
    let policy = PostPolicy::new(BUCKET, FormKey::exact("k"), Expires::HOUR);
    let form = temporary_signer().sign_post_policy(&policy, now()).unwrap();
    let fields: Vec<(&str, &str)> = form.fields().collect();
    let claim = verifier().claim_form(&post(), &ReceivedForm::new(BUCKET, &fields), now()).unwrap();
    assert_eq!(
        claim.claim().explain().to_string(),
        "1. canonical request\n   a form has none\n2. string to sign\n   policy          (not shown)\n\
         3. signing key\n   k_signing       of the scope in x-amz-credential\n\
         4. signature\n   HMAC(k_signing, policy), compared in constant time"
    );
    assert!(claim.claim().explain().canonical_request().as_bytes().is_empty());
    assert_eq!(claim.claim().explain().string_to_sign().as_str(), form.policy().base64());
}

// ---- The signer

#[test]
fn sgn_05_an_empty_prefix_must_be_requested_by_name() {
    let sign = |key| signer().sign_post_policy(&PostPolicy::new(BUCKET, key, Expires::HOUR), now());
    let error = |key| sign(key).unwrap_err();
    assert!(sign(FormKey::exact("k")).is_ok());
    assert!(sign(FormKey::prefix_and_filename("user/")).is_ok());
    assert!(sign(FormKey::starts_with("user/")).is_ok());
    assert!(sign(FormKey::any()).is_ok());
    assert_eq!(error(FormKey::prefix_and_filename("")), SignError::Policy(PolicyError::EmptyPrefix));
    assert_eq!(error(FormKey::starts_with("")), SignError::Policy(PolicyError::EmptyPrefix));
    for key in ["", "a\nb", "user/${filename}", &"k".repeat(1025)] {
        assert_eq!(error(FormKey::exact(key)), SignError::Policy(PolicyError::InvalidKey), "{key}");
    }
}

#[test]
fn sgn_05_a_policy_names_bucket_key_and_fields_of_the_signature() {
    let policy = PostPolicy::new(BUCKET, FormKey::exact("k"), Expires::HOUR);
    let form = temporary_signer().sign_post_policy(&policy, now()).unwrap();
    let text = form.policy_document();
    for part in [
        r#""expiration":"2013-05-24T13:00:00Z""#,
        r#"{"bucket":"examplebucket"}"#,
        r#"{"key":"k"}"#,
        r#"{"x-amz-algorithm":"AWS4-HMAC-SHA256"}"#,
        r#"{"x-amz-credential":"ASIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request"}"#,
        r#"{"x-amz-date":"20130524T120000Z"}"#,
        r#"{"x-amz-security-token":"IQoJb3JpZ2luX2VjEXAMPLE/+token=="}"#,
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    // S3 Express has another name for the token.
    let express = Signer::new(temporary(), "us-east-1", Service::new("s3express").unwrap()).unwrap();
    let form = express.sign_post_policy(&policy, now()).unwrap();
    assert!(form.policy_document().contains(r#"{"x-amz-s3session-token":"#));
    assert!(form.fields().any(|(name, value)| name == "x-amz-s3session-token" && value == TOKEN));
}

#[test]
fn sgn_05_an_invalid_policy_is_an_error() {
    let base = || PostPolicy::new(BUCKET, FormKey::exact("k"), Expires::HOUR);
    let error = |policy: PostPolicy| match signer().sign_post_policy(&policy, now()).unwrap_err() {
        SignError::Policy(error) => error,
        other => panic!("{other:?}"),
    };
    assert!(signer().sign_post_policy(&base().exact("acl", "private").any("x-amz-meta-a"), now()).is_ok());
    for name in [
        "bucket",
        "Key",
        "policy",
        "x-amz-date",
        "X-Amz-Credential",
        "x-amz-algorithm",
        "x-amz-signature",
        "x-amz-security-token",
        "x-amz-s3session-token",
        "file",
        "content-length-range",
        "x-ignore-a",
        "AWSAccessKeyId",
        "signature",
    ] {
        for policy in [base().exact(name, "a"), base().any(name), base().starts_with(name, "a")] {
            assert_error!(&error(policy), PolicyError::ReservedField { name });
        }
    }
    for name in ["", "a b", "a\"b", "a\r\nb", "ä", "$acl", "a:b"] {
        assert_error!(&error(base().any(name)), PolicyError::InvalidFieldName { name });
    }
    assert_error!(&error(base().exact("acl", "a").any("ACL")), PolicyError::RepeatedField { name: "acl" });
    for value in ["a\nb", "\0", "${filename}"] {
        assert_error!(&error(base().exact("a", value)), PolicyError::InvalidFieldValue { name: "a" });
    }
    #[expect(clippy::reversed_empty_ranges, reason = "this is the mistake")]
    let empty = 2..=1;
    assert_eq!(error(base().with_content_length_range(empty)), PolicyError::EmptyRange);
    for bucket in ["", "a/b", "a b", "a\n", "ä"] {
        assert_eq!(
            error(PostPolicy::new(bucket, FormKey::exact("k"), Expires::HOUR)),
            PolicyError::InvalidBucket
        );
    }
}

#[test]
fn sgn_05_a_form_does_not_outlive_its_credentials() {
    let signer =
        |end: &str| Signer::new(credentials().with_expiration(at(end)), "us-east-1", Service::S3).unwrap();
    let policy = |expires| PostPolicy::new(BUCKET, FormKey::exact("k"), expires);
    let end = "20130524T123000Z";
    let error = signer(end).sign_post_policy(&policy(Expires::HOUR), now()).unwrap_err();
    assert_error!(&error, SignError::OutlivesCredentials { expiration: at(end) });
    let shortened =
        |end| signer(end).shorten_to_credentials().sign_post_policy(&policy(Expires::HOUR), now());
    let form = shortened(end).unwrap();
    assert_eq!(form.expiration(), at(end));
    assert!(form.policy_document().contains("2013-05-24T12:30:00Z"));
    assert_err!(shortened(NOW), SignError::CredentialsExpired { at: now() });
    assert_err!(signer(NOW).sign_policy_document("{}", now()), SignError::CredentialsExpired { at: now() });
    assert!(signer(end).sign_policy_document("{}", now()).is_ok());
    let last = at("99991231T235959Z");
    let error = testkit::signer().sign_post_policy(&policy(Expires::HOUR), last).unwrap_err();
    assert_eq!(error, SignError::Policy(PolicyError::ExpirationOutOfRange));
}
