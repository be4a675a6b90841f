/// Asserts that a result is `Err` of a variant, and that each field that is named has a value.
///
/// Fields that are not named are not compared, so that a `#[non_exhaustive]` variant can grow.
///
/// ```ignore
/// assert_err!(verifier.claim(&request, body, now), VerifyError::Anonymous);
/// assert_err!(
///     verifier.claim(&request, body, now),
///     VerifyError::WrongRegion { region: "eu-west-1", expected: "us-east-1" },
/// );
/// assert_err!(claim.verify(&key).map_err(Rejected::into_error), VerifyError::CredentialsExpired { at: now });
/// ```
#[macro_export]
macro_rules! assert_err {
    ($result:expr, $variant:path { $($field:ident : $value:expr),* $(,)? } $(,)?) => {{
        let result = $result;
        match &result {
            Err($variant { .. }) => {}
            other => panic!("expected Err({}), found {other:?}", stringify!($variant)),
        }
        // A match for each field: a value may be a variable of the field's name.
        $(match &result {
            Err($variant { $field: found, .. }) => {
                assert_eq!(*found, $value, "field `{}` of {}", stringify!($field), stringify!($variant));
            }
            _ => unreachable!("the variant was checked above"),
        })*
    }};
    ($result:expr, $variant:path $(,)?) => {
        match &$result {
            Err($variant) => {}
            other => panic!("expected Err({}), found {other:?}", stringify!($variant)),
        }
    };
}
