//! What a server builds upon: values that cross threads and awaits, and views
//! that are copied. Checked by the compiler; a test only gives it a place.

use countersign::steps::{CredentialScope, Explain};
use countersign::{
    AuthHeaders, BodyCheck, BodyChecker, BodyStatus, Claim, ConfigError, Credentials, CredentialsError,
    Expires, InvalidExpires, InvalidPayloadMode, InvalidSignedHeaders, InvalidTimestamp, InvalidUri, Limit,
    Limits, MalformedAuthorization, Mechanism, PathRule, Payload, PayloadHash, PayloadMode, PayloadRule,
    PresignedUrl, ReceivedBody, Region, Rejected, RepeatedParameters, Request, RequestError, Rules,
    SecretAccessKey, Service, SessionTokenRule, SignError, SignedHeaders, Signer, StreamingMode,
    StrippedRequest, Timestamp, TokenHeader, Verified, Verifier, VerifyError, VerifyingKey, steps,
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
    kept::<Region>();
    kept::<Rules>();
    kept::<Limits>();
    kept::<steps::SigningKey>();
}

#[test]
fn what_comes_out_can_be_held_across_an_await() {
    kept::<Claim>();
    kept::<Verified>();
    kept::<Rejected>();
    kept::<AuthHeaders>();
    kept::<PresignedUrl>();
    kept::<BodyChecker>();
    kept::<BodyCheck>();
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
    borrowed::<StrippedRequest<'_>>();
    borrowed::<Explain<'_>>();
    borrowed::<CredentialScope<'_>>();
}

#[test]
fn views_and_small_values_are_copied() {
    copied::<Request<'_>>();
    copied::<Payload<'_>>();
    copied::<PayloadHash<'_>>();
    copied::<ReceivedBody<'_>>();
    copied::<Explain<'_>>();
    copied::<CredentialScope<'_>>();
    copied::<Timestamp>();
    copied::<Expires>();
    copied::<Rules>();
    copied::<Limits>();
    copied::<BodyCheck>();
    copied::<Mechanism>();
    copied::<TokenHeader>();
    copied::<SessionTokenRule>();
    copied::<PathRule>();
    copied::<PayloadRule>();
    copied::<RepeatedParameters>();
    copied::<StreamingMode>();
    copied::<PayloadMode<'_>>();
    copied::<BodyStatus>();
    copied::<Limit>();
}

#[test]
fn what_is_built_once_can_be_cloned() {
    cloned::<Credentials>();
    cloned::<SecretAccessKey>();
    cloned::<Service>();
    cloned::<Verifier>();
    cloned::<Verified>();
    cloned::<VerifyingKey>();
    cloned::<BodyChecker>();
    cloned::<SignedHeaders<'_>>();
    cloned::<MalformedAuthorization>();
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
    an_error::<InvalidExpires>();
    an_error::<InvalidPayloadMode>();
    an_error::<InvalidSignedHeaders>();
    an_error::<InvalidUri>();
    an_error::<ConfigError>();
    an_error::<MalformedAuthorization>();
    an_error::<steps::InvalidSignature>();
}

#[cfg(feature = "tokens")]
#[test]
fn so_it_is_with_tokens() {
    use countersign::tokens::{
        AuthToken, CallerIdentityVerifier, IdentityClaim, IdentityError, Partition, TokenError, TokenSigner,
    };
    kept::<TokenSigner>();
    kept::<AuthToken>();
    kept::<CallerIdentityVerifier>();
    kept::<IdentityClaim>();
    cloned::<CallerIdentityVerifier>();
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
    kept::<VerifiedForm>();
    kept::<PostForm>();
    kept::<SignedPolicy>();
    kept::<PostPolicy>();
    kept::<FormKey>();
    kept::<FileLength>();
    borrowed::<ReceivedForm<'_>>();
    copied::<ReceivedForm<'_>>();
    cloned::<PostPolicy>();
    cloned::<VerifiedForm>();
    cloned::<FormKey>();
    cloned::<FileLength>();
    an_error::<FormError>();
    an_error::<InvalidPolicy>();
    an_error::<PolicyError>();
}
