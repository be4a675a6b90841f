//! A token of any bytes is refused, or what would be sent for it is to STS, reads
//! the same again, and asks nothing but who signed.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::tokens::IdentityVerifier;
use countersign_fuzz::now;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let verifier = IdentityVerifier::eks("my-cluster").unwrap();
    if let Ok(text) = core::str::from_utf8(data) {
        let _ = verifier.claim_eks(text, now());
        let _ = verifier.claim_url(text, now());
    }
    let token = format!("k8s-aws-v1.{}", URL_SAFE_NO_PAD.encode(data));
    if let Ok(claim) = verifier.claim_eks(&token, now()) {
        assert!(claim.url().starts_with("https://sts"));
        assert!(claim.url().contains("/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-"));
        assert!(claim.claim().verify(None).is_err());
        let again = verifier.claim_url(claim.url(), now()).unwrap();
        assert_eq!(again.url(), claim.url());
    }
});
