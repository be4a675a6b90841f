//! What a server builds upon: values that cross threads and awaits, and views
//! that are copied. Checked by the compiler; a test only gives it a place.

use countersign::{
    AuthHeaders, BodyChecker, BodyRule, Claim, CredentialScope, Credentials, CredentialsError, Expires,
    Explain, InvalidTimestamp, Limits, Malformed, Mechanism, Payload, PayloadHash, PresignedUrl,
    ReceivedBody, Request, RequestError, Rules, SecretAccessKey, Service, SignError, SignedHeaders, Signer,
    Timestamp, TokenName, TokenRule, Unauthenticated, Verified, Verifier, VerifyError, VerifyingKey, steps,
};

/// Can be kept in a server's state, and held across an await on any executor.
const fn kept<T: Send + Sync + Unpin + 'static>() {}
/// Can be held across an await for as long as what it borrows lives.
const fn borrowed<T: Send + Sync + Unpin>() {}
const fn copied<T: Copy>() {}
const fn cloned<T: Clone>() {}
/// Can be returned by `?` into a boxed error, and compared in a test.
const fn an_error<T: core::error::Error + Clone + Eq + Send + Sync + Unpin + 'static>() {}

#[test]
fn what_a_server_keeps_crosses_threads() {
    kept::<Signer>();
    kept::<Verifier>();
    kept::<VerifyingKey>();
    #[cfg(feature = "std")]
    kept::<countersign::KeyCache>();
    kept::<Credentials>();
    kept::<SecretAccessKey>();
    kept::<Service>();
    kept::<Rules>();
    kept::<Limits>();
    kept::<steps::SigningKey>();
}

#[test]
fn what_comes_out_can_be_held_across_an_await() {
    kept::<Claim>();
    kept::<AuthHeaders>();
    kept::<PresignedUrl>();
    kept::<BodyChecker>();
    kept::<BodyRule>();
    kept::<Timestamp>();
    kept::<Expires>();
    kept::<SignedHeaders<'static>>();
    kept::<steps::Signature>();
    kept::<steps::CanonicalRequest>();
    kept::<steps::StringToSign>();
}

#[test]
fn views_can_be_held_too() {
    borrowed::<Request<'_>>();
    borrowed::<Payload<'_>>();
    borrowed::<PayloadHash<'_>>();
    borrowed::<ReceivedBody<'_>>();
    borrowed::<Unauthenticated<'_>>();
    borrowed::<Verified<'_>>();
    borrowed::<Explain<'_>>();
    borrowed::<CredentialScope<'_>>();
}

#[test]
fn views_and_small_values_are_copied() {
    copied::<Request<'_>>();
    copied::<Payload<'_>>();
    copied::<PayloadHash<'_>>();
    copied::<ReceivedBody<'_>>();
    copied::<Verified<'_>>();
    copied::<Explain<'_>>();
    copied::<CredentialScope<'_>>();
    copied::<Timestamp>();
    copied::<Expires>();
    copied::<Rules>();
    copied::<Limits>();
    copied::<BodyRule>();
    copied::<Mechanism>();
    copied::<TokenName>();
    copied::<TokenRule>();
}

#[test]
fn what_is_built_once_can_be_cloned() {
    cloned::<Credentials>();
    cloned::<SecretAccessKey>();
    cloned::<Service>();
    cloned::<Verifier>();
    cloned::<VerifyingKey>();
    cloned::<BodyChecker>();
    cloned::<SignedHeaders<'_>>();
    cloned::<Malformed>();
    cloned::<steps::SigningKey>();
    cloned::<steps::Signature>();
    cloned::<steps::CanonicalRequest>();
    cloned::<steps::StringToSign>();
}

#[test]
fn errors_are_errors() {
    an_error::<SignError>();
    an_error::<VerifyError>();
    an_error::<RequestError>();
    an_error::<CredentialsError>();
    an_error::<InvalidTimestamp>();
}

#[cfg(feature = "tokens")]
#[test]
fn so_it_is_with_tokens() {
    use countersign::tokens::{
        IdentityClaim, IdentityError, IdentityVerifier, Partition, Token, TokenError, TokenSigner,
    };
    kept::<TokenSigner>();
    kept::<Token>();
    kept::<IdentityVerifier>();
    kept::<IdentityClaim>();
    cloned::<IdentityVerifier>();
    copied::<Partition>();
    an_error::<TokenError>();
    an_error::<IdentityError>();
}

#[cfg(feature = "post-policy")]
#[test]
fn forms_are_as_other_requests() {
    use countersign::post_policy::{
        FileLength, FormClaim, FormError, FormKey, InvalidPolicy, PolicyError, PostForm, PostPolicy,
        ReceivedForm, SignedPolicy, VerifiedForm,
    };
    kept::<FormClaim>();
    kept::<PostForm>();
    kept::<SignedPolicy>();
    kept::<PostPolicy>();
    kept::<FormKey>();
    kept::<FileLength>();
    borrowed::<ReceivedForm<'_>>();
    borrowed::<VerifiedForm<'_>>();
    copied::<ReceivedForm<'_>>();
    copied::<VerifiedForm<'_>>();
    cloned::<PostPolicy>();
    cloned::<FormKey>();
    cloned::<FileLength>();
    an_error::<FormError>();
    an_error::<InvalidPolicy>();
    an_error::<PolicyError>();
}
