//! Macros that compare errors by the fields that a test names.
//!
//! The struct variants of countersign's errors are `#[non_exhaustive]`: a test cannot construct them, so it cannot
//! compare them with `assert_eq!`. The macros take what looks like a construction and compare each named field.

/// Asserts that a reference to an error is of a variant, and that each field that is named has a value.
///
/// Fields that are not named are not compared, so that a `#[non_exhaustive]` variant can grow. A variant may contain
/// another error. Every other expression is compared as a whole.
///
/// ```ignore
/// assert_error!(&error, VerifyError::Anonymous);
/// assert_error!(&error, VerifyError::WrongRegion { mechanism, region: "eu-west-1", expected: "us-east-1" });
/// assert_error!(&error, VerifyError::Request(RequestError::RepeatedHeader { name: "host" }));
/// ```
#[macro_export]
macro_rules! assert_error {
    ($error:expr, $($variant:ident)::+ { $($field:ident $(: $value:expr)?),* $(,)? } $(, $($text:tt)+)?) => {
        // `match` keeps temporary values of the expression alive.
        match $error {
            error => {
                $crate::__assert_fields!(error, [$($variant)::+], [$($($text)+)?], $($field $(: $value)?),*);
            }
        }
    };
    ($error:expr, $($variant:ident)::+ ( $($inner:tt)+ ) $(, $($text:tt)+)?) => {
        match $error {
            $($variant)::+(inner) => $crate::assert_error!(inner, $($inner)+ $(, $($text)+)?),
            other => panic!(
                "expected {}, found {other:?}{}",
                stringify!($($variant)::+),
                $crate::__describe!([$($($text)+)?])
            ),
        }
    };
    ($error:expr, $expected:expr $(,)?) => {
        assert_eq!(*$error, $expected)
    };
    ($error:expr, $expected:expr, $($text:tt)+) => {
        assert_eq!(*$error, $expected, $($text)+)
    };
}

/// Asserts that a result is `Err` of an error that [`assert_error!`] describes.
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
    ($result:expr, $($expected:tt)+) => {
        match &$result {
            Err(error) => $crate::assert_error!(error, $($expected)+),
            Ok(_) => panic!("expected Err({}), found Ok", stringify!($($expected)+)),
        }
    };
}

/// Asserts that [`verifier`](crate::verifier) rejects a request with the error that [`assert_error!`] describes, with
/// S3's code for the error, and with the code's status.
///
/// ```ignore
/// refused!(&wire, VerifyError::UnsignedHeaders { names: ["x-amz-acl"] }, "AccessDenied", 403);
/// ```
#[macro_export]
macro_rules! refused {
    ($wire:expr, $($rest:tt)+) => {
        $crate::refused_by!(&$crate::verifier(), $wire, $($rest)+)
    };
}

/// Asserts that a verifier rejects a request with the error that [`assert_error!`] describes, with the error's code, and
/// with the code's status.
#[macro_export]
macro_rules! refused_by {
    ($verifier:expr, $wire:expr, $($rest:tt)+) => {{
        let wire = $wire;
        let error = wire.verify_by($verifier).expect_err("the request must be rejected");
        $crate::assert_refusal!(error, wire, $($rest)+);
    }};
}

/// Asserts that an error is the one that [`assert_error!`] describes, and that it has this code and this status.
/// `context` is printed if it is not.
#[macro_export]
macro_rules! assert_refusal {
    ($error:expr, $context:expr, $($variant:ident)::+ { $($fields:tt)* }, $code:expr, $status:expr $(,)?) => {{
        let error = $error;
        $crate::assert_error!(&error, $($variant)::+ { $($fields)* }, "{:?}", $context);
        assert_eq!((error.code(), error.status()), ($code, $status), "{:?}", $context);
    }};
    ($error:expr, $context:expr, $($variant:ident)::+ ( $($inner:tt)+ ), $code:expr, $status:expr $(,)?) => {{
        let error = $error;
        $crate::assert_error!(&error, $($variant)::+ ( $($inner)+ ), "{:?}", $context);
        assert_eq!((error.code(), error.status()), ($code, $status), "{:?}", $context);
    }};
    ($error:expr, $context:expr, $expected:expr, $code:expr, $status:expr $(,)?) => {{
        let error = $error;
        assert_eq!(error, $expected, "{:?}", $context);
        assert_eq!((error.code(), error.status()), ($code, $status), "{:?}", $context);
    }};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __assert_fields {
    ($error:ident, $variant:tt, $text:tt, $($field:ident $(: $value:expr)?),*) => {
        $crate::__assert_variant!($error, $variant, $text);
        // A match for each field: a value may be a variable of the field's name.
        $($crate::__assert_field!($error, $variant, $text, $field, $crate::__value!($field $(: $value)?));)*
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __assert_variant {
    ($error:ident, [$($variant:ident)::+], $text:tt) => {
        match $error {
            $($variant)::+ { .. } => {}
            other => panic!(
                "expected {}, found {other:?}{}",
                stringify!($($variant)::+),
                $crate::__describe!($text)
            ),
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __assert_field {
    ($error:ident, [$($variant:ident)::+], $text:tt, $field:ident, $value:expr) => {
        match $error {
            $($variant)::+ { $field: found, .. } => assert_eq!(
                *found,
                $value,
                "field `{}` of {}{}",
                stringify!($field),
                stringify!($($variant)::+),
                $crate::__describe!($text)
            ),
            _ => unreachable!("the variant was checked above"),
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __value {
    ($field:ident) => {
        $field
    };
    ($field:ident : $value:expr) => {
        $value
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __describe {
    ([]) => {
        ""
    };
    ([$($text:tt)+]) => {
        format_args!(": {}", format_args!($($text)+))
    };
}

#[cfg(test)]
mod tests {
    use countersign::{Mechanism, RequestError, VerifyError};

    use crate::{Hand, Wire, now, verifier};

    fn wrong_region() -> VerifyError {
        Hand::new().scope("20130524/eu-west-1/s3/aws4_request").sign(Wire::get()).verify().unwrap_err()
    }

    fn repeated_host() -> VerifyError {
        Wire::get().signed().with("host", "a").verify().unwrap_err()
    }

    #[test]
    fn compares_the_named_fields() {
        let mechanism = Mechanism::Header;
        assert_error!(&wrong_region(), VerifyError::WrongRegion { mechanism, region: "eu-west-1" });
        assert_error!(&wrong_region(), VerifyError::WrongRegion { expected: "us-east-1" }, "{mechanism:?}");
        assert_error!(&repeated_host(), VerifyError::Request(RequestError::RepeatedHeader { name: "host" }));
        let anonymous = VerifyError::Anonymous;
        refused!(&Wire::get(), anonymous, "AccessDenied", 403);
        assert_err!(Wire::get().claim(&verifier(), now()), VerifyError::Anonymous);
    }

    #[test]
    #[should_panic(expected = "WrongRegion: in Header")]
    fn rejects_another_value_of_a_field() {
        let mechanism = Mechanism::Header;
        assert_error!(&wrong_region(), VerifyError::WrongRegion { region: "us-east-1" }, "in {mechanism:?}");
    }

    #[test]
    #[should_panic(expected = "WrongService, found WrongRegion")]
    fn rejects_another_variant() {
        assert_error!(&wrong_region(), VerifyError::WrongService { expected: "s3" });
    }

    #[test]
    #[should_panic(expected = "RepeatedHeader\n  left: \"host\"")]
    fn rejects_another_value_in_an_inner_error() {
        assert_error!(&repeated_host(), VerifyError::Request(RequestError::RepeatedHeader { name: "date" }));
    }

    #[test]
    #[should_panic(expected = "left: WrongRegion")]
    fn does_not_take_a_variable_for_a_pattern() {
        let error = VerifyError::Anonymous;
        assert_error!(&wrong_region(), error);
    }

    #[test]
    #[should_panic(expected = "expected Err(VerifyError::Anonymous), found Ok")]
    fn rejects_ok() {
        assert_err!(Wire::get().signed().claim(&verifier(), now()), VerifyError::Anonymous);
    }

    #[test]
    #[should_panic(expected = "left: (\"AccessDenied\", 403)")]
    fn compares_code_and_status() {
        refused!(&Wire::get(), VerifyError::Anonymous, "InvalidRequest", 400);
    }
}
