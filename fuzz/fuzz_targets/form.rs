//! Claims a form of any fields and any policy: nothing panics, and no claim verifies without a key.
//!
//! The input is the policy, a NUL, the name of the file, and then lines `name:value`. Fields of the
//! signature that the lines do not have are added.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use countersign::post_policy::ReceivedForm;
use countersign::{Request, Service, Verifier};
use countersign_fuzz::now;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (policy, rest) = text.split_once('\0').unwrap_or((text, "a"));
    let mut lines = rest.split('\n');
    let file_name = lines.next().unwrap_or_default();
    let base64 = STANDARD.encode(policy);
    let mut fields: Vec<(&str, &str)> = lines.filter_map(|line| line.split_once(':')).collect();
    let signature = "0".repeat(64);
    for (name, value) in [
        ("key", "user/${filename}"),
        ("policy", base64.as_str()),
        ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
        ("x-amz-credential", "AKIDEXAMPLE/20240501/us-east-1/s3/aws4_request"),
        ("x-amz-date", "20240501T120000Z"),
        ("x-amz-signature", signature.as_str()),
    ] {
        if !fields.iter().any(|(found, _)| *found == name) {
            fields.push((name, value));
        }
    }
    let request = Request::new("POST", "/bucket", &[("host", "h.example")]);
    let form = ReceivedForm::new("bucket", &fields).with_file_name(file_name);
    let verifier = Verifier::any_region(Service::S3);
    match verifier.claim_form(&request, &form, now()) {
        Ok(claim) => assert!(claim.verify(None).is_err()),
        Err(error) => {
            let _ = error.to_xml("/", "1");
        }
    }
});
