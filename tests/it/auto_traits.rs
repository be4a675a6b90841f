//! The auto traits, `Copy`, `Clone` and `Error` of the public types. The compiler
//! checks them when it compiles the tests.

use countersign::steps::{CredentialScope, Explain};
use countersign::{
    AuthHeaders, BodyCheck, BodyChecker, BodyStatus, Claim, ConfigError, Credentials, CredentialsError,
    EditedRequest, Expires, InvalidExpires, InvalidPayloadMode, InvalidSignedHeaders, InvalidTimestamp,
    InvalidUri, Limit, Limits, MalformedAuthorization, Mechanism, PathRule, Payload, PayloadHash,
    PayloadMode, PayloadRule, PresignedUrl, ReceivedBody, Region, Rejected, RepeatedParameters, Request,
    RequestError, Rules, SecretAccessKey, Service, SessionTokenRule, SignError, SignedHeaders, Signer,
    StreamingMode, Timestamp, TokenHeader, Unsigned, Verified, Verifier, VerifyError, VerifyingKey, steps,
};

/// Asserts that a server can store the type in its state, and hold it across an await.
const fn assert_owned<T: Send + Sync + Unpin + 'static>() {}
/// Asserts that the type can be held across an await while its borrows live.
const fn assert_send_sync<T: Send + Sync + Unpin>() {}
const fn assert_copy<T: Copy>() {}
const fn assert_clone<T: Clone>() {}
/// Asserts that `?` can convert the type into a boxed error, and that tests can compare it.
const fn assert_error<T: core::error::Error + Clone + Eq + Send + Sync + Unpin + 'static>() {}

#[test]
fn configuration_crosses_threads() {
    assert_owned::<Signer>();
    assert_owned::<Verifier>();
    #[cfg(feature = "std")]
    assert_owned::<countersign::RotatingSigner>();
    assert_owned::<VerifyingKey>();
    #[cfg(feature = "std")]
    assert_owned::<countersign::KeyCache>();
    assert_owned::<Credentials>();
    assert_owned::<SecretAccessKey>();
    assert_owned::<Service>();
    assert_owned::<Region>();
    assert_owned::<Rules>();
    assert_owned::<Limits>();
    assert_owned::<steps::SigningKey>();
}

#[test]
fn results_cross_awaits() {
    assert_owned::<Claim>();
    assert_owned::<Verified>();
    assert_owned::<Rejected>();
    assert_owned::<AuthHeaders>();
    assert_owned::<PresignedUrl>();
    assert_owned::<BodyChecker>();
    assert_owned::<BodyCheck>();
    assert_owned::<Timestamp>();
    assert_owned::<Expires>();
    assert_owned::<SignedHeaders<'static>>();
    assert_owned::<steps::Signature>();
    assert_owned::<steps::CanonicalRequest>();
    assert_owned::<steps::StringToSign>();
}

#[test]
fn borrowing_types_cross_awaits() {
    assert_send_sync::<Request<'_>>();
    #[cfg(feature = "std")]
    assert_send_sync::<countersign::Refresh<'_>>();
    assert_send_sync::<Payload<'_>>();
    assert_send_sync::<PayloadHash<'_>>();
    assert_send_sync::<ReceivedBody<'_>>();
    assert_send_sync::<EditedRequest<'_>>();
    assert_send_sync::<Unsigned<AuthHeaders>>();
    assert_send_sync::<Unsigned<PresignedUrl>>();
    assert_send_sync::<Explain<'_>>();
    assert_send_sync::<CredentialScope<'_>>();
}

#[test]
fn borrowing_types_and_small_values_are_copy() {
    assert_copy::<Request<'_>>();
    assert_copy::<Payload<'_>>();
    assert_copy::<PayloadHash<'_>>();
    assert_copy::<ReceivedBody<'_>>();
    assert_copy::<Explain<'_>>();
    assert_copy::<CredentialScope<'_>>();
    assert_copy::<Timestamp>();
    assert_copy::<Expires>();
    assert_copy::<Rules>();
    assert_copy::<Limits>();
    assert_copy::<BodyCheck>();
    assert_copy::<Mechanism>();
    assert_copy::<TokenHeader>();
    assert_copy::<SessionTokenRule>();
    assert_copy::<PathRule>();
    assert_copy::<PayloadRule>();
    assert_copy::<RepeatedParameters>();
    assert_copy::<StreamingMode>();
    assert_copy::<PayloadMode<'_>>();
    assert_copy::<BodyStatus>();
    assert_copy::<Limit>();
}

#[test]
fn configuration_and_results_are_clone() {
    assert_clone::<Credentials>();
    assert_clone::<SecretAccessKey>();
    assert_clone::<Service>();
    assert_clone::<Verifier>();
    assert_clone::<Verified>();
    assert_clone::<VerifyingKey>();
    assert_clone::<BodyChecker>();
    assert_clone::<SignedHeaders<'_>>();
    assert_clone::<MalformedAuthorization>();
    assert_clone::<steps::SigningKey>();
    assert_clone::<steps::Signature>();
    assert_clone::<steps::CanonicalRequest>();
    assert_clone::<steps::StringToSign>();
}

#[test]
fn errors_implement_error() {
    assert_error::<SignError>();
    assert_error::<VerifyError>();
    assert_error::<RequestError>();
    assert_error::<CredentialsError>();
    assert_error::<InvalidTimestamp>();
    assert_error::<InvalidExpires>();
    assert_error::<InvalidPayloadMode>();
    assert_error::<InvalidSignedHeaders>();
    assert_error::<InvalidUri>();
    assert_error::<ConfigError>();
    assert_error::<MalformedAuthorization>();
    assert_error::<steps::InvalidSignature>();
}

#[cfg(feature = "tokens")]
#[test]
fn tokens_have_the_same_traits() {
    use countersign::tokens::{
        AuthToken, CallerIdentityVerifier, IdentityClaim, IdentityError, Partition, TokenError, TokenSigner,
    };
    assert_owned::<TokenSigner>();
    assert_owned::<AuthToken>();
    assert_owned::<CallerIdentityVerifier>();
    assert_owned::<IdentityClaim>();
    assert_clone::<CallerIdentityVerifier>();
    assert_copy::<Partition>();
    assert_error::<TokenError>();
    assert_error::<IdentityError>();
}

#[cfg(feature = "post-policy")]
#[test]
fn forms_have_the_same_traits() {
    use countersign::post_policy::{
        FileLength, FormClaim, FormError, FormKey, InvalidPolicy, PolicyError, PostForm, PostPolicy,
        ReceivedForm, SignedPolicy, VerifiedForm,
    };
    assert_owned::<FormClaim>();
    assert_owned::<VerifiedForm>();
    assert_owned::<PostForm>();
    assert_owned::<SignedPolicy>();
    assert_owned::<PostPolicy>();
    assert_owned::<FormKey>();
    assert_owned::<FileLength>();
    assert_send_sync::<ReceivedForm<'_>>();
    assert_copy::<ReceivedForm<'_>>();
    assert_clone::<PostPolicy>();
    assert_clone::<VerifiedForm>();
    assert_clone::<FormKey>();
    assert_clone::<FileLength>();
    assert_error::<FormError>();
    assert_error::<InvalidPolicy>();
    assert_error::<PolicyError>();
}

#[cfg(feature = "http-body")]
#[test]
fn bodies_have_the_traits_of_their_parts() {
    use countersign::http_body::{
        BodyError, BodyOptions, EncodeBodyError, EncodedBody, ProvenBody, ProvenBytes,
    };

    assert_owned::<ProvenBody<String>>();
    assert_owned::<EncodedBody<String>>();
    assert_owned::<ProvenBytes>();
    assert_owned::<BodyOptions>();
    assert_owned::<BodyError<std::io::Error>>();
    assert_owned::<EncodeBodyError<std::io::Error>>();
    assert_clone::<ProvenBytes>();
    assert_clone::<BodyOptions>();
}

#[cfg(feature = "tower")]
#[test]
fn layers_and_services_are_clone_and_cross_threads() {
    use countersign::tower::{
        Anonymous, Preflights, RejectedRequest, Rejection, RequestId, ResponseBody, SignLayer, SignService,
        SignServiceError, SignedBody, Streams, VerifyLayer, VerifyService,
    };

    assert_owned::<VerifyLayer<String>>();
    assert_owned::<VerifyService<String, String>>();
    assert_owned::<SignLayer<String>>();
    assert_owned::<SignService<String, String>>();
    assert_owned::<SignedBody<String>>();
    assert_owned::<ResponseBody<String>>();
    assert_owned::<RejectedRequest>();
    assert_owned::<Rejection>();
    assert_owned::<SignServiceError<String>>();
    assert_clone::<VerifyLayer<&mut ()>>();
    assert_clone::<SignLayer<&mut ()>>();
    assert_clone::<VerifyService<String, &mut ()>>();
    assert_clone::<SignService<String, &mut ()>>();
    assert_clone::<RequestId>();
    assert_copy::<Anonymous>();
    assert_copy::<Preflights>();
    assert_copy::<Streams>();
}
