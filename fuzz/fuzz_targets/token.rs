//! Claims a token of any bytes: the request of an accepted token is GetCallerIdentity to STS, and its
//! URL is accepted again.
#![no_main]

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use countersign::tokens::CallerIdentityVerifier;
use countersign_fuzz::now;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let verifier = CallerIdentityVerifier::eks("my-cluster").unwrap();
    if let Ok(text) = core::str::from_utf8(data) {
        let _ = verifier.claim_eks(text, now());
        let _ = verifier.claim_url(text, now());
    }
    let token = format!("k8s-aws-v1.{}", URL_SAFE_NO_PAD.encode(data));
    if let Ok(claim) = verifier.claim_eks(&token, now()) {
        assert!(claim.url().starts_with("https://sts"));
        assert!(claim.url().contains("/?Action=GetCallerIdentity&Version=2011-06-15&X-Amz-"));
        let again = verifier.claim_url(claim.url(), now()).unwrap();
        assert_eq!(again.url(), claim.url());
        assert!(claim.into_claim().verify(None).is_err());
    }
});
